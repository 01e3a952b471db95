"""Synthetic runners: their bodies, their watches' files, their lives."""
