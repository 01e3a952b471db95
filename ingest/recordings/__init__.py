"""Recordings in the formats of makers and apps that are neither FIT nor XML of tracks."""
