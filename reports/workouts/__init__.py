"""Workouts for the watch, as FIT files."""
