"""Settings: the only reader of the environment. Everything has a default that suits one runner on a laptop."""

from __future__ import annotations

import math
import os
import shlex
from dataclasses import dataclass
from pathlib import Path

from steadymile.ingest.archives.containers import MIB, Limits
from steadymile.pipelines.errors import Trouble


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the home is and how hard to work. `workers` processes read files when there are many; `on_failure` and
    `on_success` are commands that are run when a night failed or ended well."""

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
    reader_mb: int = 2048
    on_failure: str = ""
    on_success: str = ""

    def limits(self) -> Limits:
        """The bounds against absurd input, with the two that a person may want to raise."""

        return Limits(max_file_bytes=self.max_file_mb * MIB, max_points=self.max_points)


def settings(home: Path | None = None) -> Settings:
    """Settings from `--home`, else STEADYMILE_HOME, else ~/steadymile, with STEADYMILE_WORKERS and the like."""
    environment = os.environ
    place = home or Path(environment.get("STEADYMILE_HOME") or Path.home() / "steadymile")
    return Settings(
        home=place.expanduser().resolve(),
        workers=int(number("STEADYMILE_WORKERS", min(8, os.cpu_count() or 1), least=1)),
        settle_s=number("STEADYMILE_SETTLE_S", 2.0, least=0, most=600),
        runner=one_of("STEADYMILE_RUNNER", ("local", "dask")),
        scheduler=environment.get("STEADYMILE_SCHEDULER"),
        prefect_api_url=environment.get("PREFECT_API_URL"),
        max_file_mb=int(number("STEADYMILE_MAX_FILE_MB", 512, least=1)),
        max_points=int(number("STEADYMILE_MAX_POINTS", 2_000_000, least=1)),
        reader_mb=int(number("STEADYMILE_READER_MB", 2048, least=256)),
        on_failure=environment.get("STEADYMILE_ON_FAILURE", ""),
        on_success=environment.get("STEADYMILE_ON_SUCCESS", ""),
    )


def machine_zones() -> tuple[str, str]:
    """Where this machine's time zone may be named: in TZ, as in a container, and by the system's own file."""
    return os.environ.get("TZ", "").removeprefix(":"), Path(os.path.realpath("/etc/localtime")).as_posix()


def number(name: str, default: float, *, least: float, most: float = math.inf) -> float:
    """A number of the environment within its bounds; Trouble says what would be right."""
    text = os.environ.get(name) or str(default)
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not least <= found <= most or math.isinf(found):
        bounds = f"from {least:g} to {most:g}" if math.isfinite(most) else f"from {least:g} on"
        raise Trouble(f"{name} is {text!r}.", f"Set it to a number {bounds}, or leave it out.", exit_code=2)
    return found


def one_of(name: str, words: tuple[str, ...]) -> str:
    """A word of the environment, the first of the known ones where there is none; Trouble lists them."""
    found = os.environ.get(name) or words[0]
    if found not in words:
        raise Trouble(f"{name} is {found!r}.", f"Set it to {' or '.join(words)}, or leave it out.", exit_code=2)
    return found


def quiet_prefect() -> None:
    """Health data stays here: Prefect's analytics off, its start-up given time, before it is imported."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")


def at_home(home: Path) -> str:
    """The option that leads another command to this home; empty where it goes there by itself."""

    if home == settings().home:
        return ""
    here = Path.cwd()
    return f" --home {shlex.quote(str(home.relative_to(here) if home.is_relative_to(here) else home))}"
