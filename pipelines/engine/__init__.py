"""Prefect flows, the local server, shards on many machines."""
