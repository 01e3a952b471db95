"""Prefect flows, the local server, shards on many machines. Importing this package turns Prefect's analytics off."""

from steadymile.pipelines.settings import quiet_prefect

quiet_prefect()  # before any module of this folder imports Prefect
