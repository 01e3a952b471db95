"""The catalogue's metrics. Importing this package registers every card (see models/metric.py)."""

from models.metrics import bouts, estimates, extra_load, heart, pace, person, terrain, volume

LOADED = (bouts, estimates, extra_load, heart, pace, person, terrain, volume)
