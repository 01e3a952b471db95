"""Files inside files: gzip and zip, opened safely, and what can be saved of a damaged zip."""
