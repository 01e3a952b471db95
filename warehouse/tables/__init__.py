"""Rows in and out: one module a subject."""
