"""Bulk exports of other services: what their lists say beside the recordings."""
