"""GPX and TCX files, and the fast reading of track points that both share."""
