"""Settings: the only reader of the environment. Everything has a default that suits one runner on a laptop."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.containers import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the home is and how hard to work. `workers` processes read files when there are many."""

    home: Path
    workers: int = 2
    pool_from_files: int = 24
    batch_files: int = 64
    settle_s: float = 2.0
    runner: str = "local"  # local | dask
    scheduler: str | None = None
    prefect_api_url: str | None = None
    max_file_mb: int = 512
    max_points: int = 2_000_000

    def limits(self) -> Limits:
        """The bounds against absurd input, with the two that a person may want to raise."""
        from ingest.containers import MIB, Limits

        return Limits(max_file_bytes=self.max_file_mb * MIB, max_points=self.max_points)


def settings(home: Path | None = None) -> Settings:
    """Settings from `--home`, else STEADYMILE_HOME, else ~/steadymile, with STEADYMILE_WORKERS and the like."""
    environment = os.environ
    place = home or Path(environment.get("STEADYMILE_HOME") or Path.home() / "steadymile")
    return Settings(
        home=place.expanduser().resolve(),
        workers=int(environment.get("STEADYMILE_WORKERS") or min(8, os.cpu_count() or 1)),
        settle_s=float(environment.get("STEADYMILE_SETTLE_S") or 2.0),
        runner=environment.get("STEADYMILE_RUNNER", "local"),
        scheduler=environment.get("STEADYMILE_SCHEDULER"),
        prefect_api_url=environment.get("PREFECT_API_URL"),
        max_file_mb=int(environment.get("STEADYMILE_MAX_FILE_MB") or 512),
        max_points=int(environment.get("STEADYMILE_MAX_POINTS") or 2_000_000),
    )


def quiet_prefect() -> None:
    """Health data stays here: Prefect's analytics off, its start-up given time, before it is imported."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
