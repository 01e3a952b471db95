"""Many athletes on many machines: a shard is a home of its own, and one writer merges what the shards publish.

Each shard runs the same nightly as a single runner's home, wherever there is a worker; its contract views go to shared
storage as Parquet parts, and the parts become one DuckDB file.
`python -m steadymile.pipelines.engine.shards STORE TARGET HOME...`, with
the runner of the settings: processes of this machine, or Dask. docs/guides/scale.md has the numbers.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from steadymile.pipelines.cli.guard import run_guarded
from steadymile.pipelines.engine.access import home_key
from steadymile.pipelines.engine.pool import spread
from steadymile.pipelines.errors import Trouble
from steadymile.pipelines.home import Home
from steadymile.pipelines.nightly import run
from steadymile.pipelines.settings import Settings, settings
from steadymile.warehouse.parts import collect_parts, export_parts, merge_parts


def night_of(home: Path, store: Path, as_of: date | None) -> dict[str, Any]:
    """One shard's night and its parts. A shard that fails says so and costs the others nothing."""

    try:
        result = run(replace(settings(home), workers=1, runner="local"), datetime.now(UTC), as_of)
        failed = result.failed
        parts = export_parts(Home(home).warehouse, store, home_key(home))
    except Exception as error:  # anything at all may be wrong with one machine or one home
        return {"home": str(home), "parts": None, "failed": {"": f"{type(error).__name__}: {error}"}}
    return {
        "home": str(home),
        "athletes": sorted(result.as_of),
        "parts": parts,
        "failed": failed,
        "files": result.counts,
        "seconds": result.seconds,
    }


def merge(found: Sequence[dict[str, Any]], store: Path, target: Path) -> list[str]:
    """Merge the shards that have parts; the sentences to tell of it. Trouble where an athlete is in two shards."""

    met: dict[str, str] = {}
    for shard in found:
        for athlete_id in shard.get("athletes", ()):
            if met.setdefault(athlete_id, shard["home"]) != shard["home"]:
                raise Trouble(
                    f"{athlete_id} is in {met[athlete_id]} and in {shard['home']}.",
                    "An id stands for one person over all shards: rename one of them.",
                )
    whole = [shard for shard in found if shard["parts"]]
    lines = [f"{shard['home']}: {fault}" for shard in found for fault in shard["failed"].values()]
    if whole:
        merge_parts([shard["parts"] for shard in whole], store, target)
        collect_parts(store, datetime.now(UTC).timestamp())
        lines.append(f"{len(whole)} of {len(found)} shards are in {target}.")
    return lines


def run_shards(
    chosen: Settings, homes: Sequence[Path], store: Path, target: Path, as_of: date | None = None
) -> list[str]:
    """The night of every home, spread as the settings say, then one merged file."""
    calls = [(home, store, as_of) for home in homes]
    found = list(spread(chosen, night_of, calls, lost))
    return merge(found, store, target)


def lost(call: tuple[Any, ...]) -> dict[str, Any]:
    """What is said of a shard whose night killed its process twice."""
    return {"home": str(call[0]), "parts": None, "failed": {"": "its process died, most likely for want of memory"}}


def shards_of(words: Sequence[str]) -> int:
    """The night of the shards named by `STORE TARGET HOME...`; 3 when one failed. Trouble for wrong usage."""
    if len(words) < 3:
        how = "Write: python -m steadymile.pipelines.engine.shards STORE TARGET HOME..."
        raise Trouble("A store, a target and at least one home are needed.", how, exit_code=2)
    store, target, *homes = (Path(word).expanduser().resolve() for word in words)
    for home in homes:
        if not home.is_dir():
            raise Trouble(f"There is no home {home}.", f"Make it: steadymile init --home {home}", exit_code=2)
    lines = run_shards(settings(), homes, store, target)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if len(lines) == 1 else 3


def main(words: Sequence[str]) -> int:
    """The exit code of `python -m steadymile.pipelines.engine.shards`, with trouble told as by the command line."""

    return run_guarded(lambda: shards_of(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
