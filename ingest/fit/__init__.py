"""FIT files: activities, wellness readings, devices."""
