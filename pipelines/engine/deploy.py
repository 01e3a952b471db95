"""Deployments of a home's flows on a Prefect server, from an installed package as well as from a checkout."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.deployments.runner import EntrypointType
from prefect.exceptions import ObjectAlreadyExists
from prefect.schedules import Cron
from steadymile.pipelines.engine.access import check_api_url
from steadymile.pipelines.engine.flows import ingest, measure, nightly, plan, study
from steadymile.pipelines.engine.serve import deployment_name, parse_time
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.facts import zone_of
from steadymile.pipelines.home import Home
from steadymile.pipelines.settings import Settings

POOL = "steadymile"


def deploy_home(settings: Settings, at: str) -> list[str]:
    """Register the home's flows on the server of PREFECT_API_URL; the nightly one with its schedule. Returns what to
    say. Raises Trouble where no server is named."""
    if settings.prefect_api_url is None:
        raise Trouble(
            "No Prefect server is named.",
            "Start one (docs/guides/nightly.md) and set PREFECT_API_URL, or use: steadymile serve",
            exit_code=2,
        )
    check_api_url(settings.prefect_api_url)
    hour, minute = parse_time(at)
    home = Home(settings.home)
    athlete = next(iter(home.athletes().values()))
    schedule = Cron(f"{minute} {hour} * * *", timezone=zone_of(athlete, datetime.now(UTC).date()))
    make_pool()
    suffix = deployment_name(settings.home).removeprefix("nightly")
    flows: tuple[Any, ...] = (nightly, ingest, measure, plan, study)
    lines = []
    for flow in flows:
        deployment = flow.to_deployment(
            name=f"{flow.name}{suffix}",
            schedules=[schedule] if flow is nightly else [],
            work_pool_name=POOL,
            tags=["steadymile"],
            job_variables={"env": {"STEADYMILE_HOME": str(settings.home.resolve())}},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        deployment.apply(work_pool_name=POOL)
        lines.append(f"{flow.name}/{flow.name}{suffix}")
    return [*lines, f"Start a worker: prefect worker start --pool {POOL}"]


def make_pool() -> None:
    """A work pool for processes of this machine, where there is none yet."""
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:
            return
