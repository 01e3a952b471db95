"""The FIT protocol: bytes to tables of columns, nothing yet about running."""
