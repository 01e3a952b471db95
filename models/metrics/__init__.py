"""Metrics of one recording and of one person. `found.py` imports every module here, which fills the catalogue."""
