"""From a recording to all that is measured of it."""
