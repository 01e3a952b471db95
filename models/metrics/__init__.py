"""The catalogue's metrics. Importing this package registers every card (see models/metric.py)."""

from models.metrics import bouts, pace, terrain, volume

LOADED = (bouts, pace, terrain, volume)
