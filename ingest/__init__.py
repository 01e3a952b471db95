"""What a file says. fitparse, gpxpy and the XML parsers live here and nowhere else. Imports models only."""
