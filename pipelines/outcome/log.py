"""The log of a home's runs, and when the last good one was."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from steadymile.pipelines.outcome.writing import write_whole

LOG_BYTES, LOGS_KEPT = 1_000_000, 5
"""A log of that size becomes an older one; so many older ones stay."""


def succeeded(private: Path, now: datetime) -> None:
    """A whole night ended well."""
    write_whole(private / "good.json", json.dumps({"at": now.isoformat()}).encode())


class _Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        facts = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": record.levelname.lower()}
        return json.dumps({**facts, "event": record.getMessage(), **record.__dict__.get("facts", {})}, default=str)


class _Quiet(RotatingFileHandler):
    """A log that cannot be written costs no night anything. Its folder is made in a home, and no home for it."""

    def _open(self) -> Any:
        Path(self.baseFilename).parent.mkdir(exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Log:
    """The log of one run: every line carries its `run`."""

    run: str
    _logger: logging.Logger

    def say(self, event: str, level: int = logging.INFO, **facts: Any) -> None:
        """Write one line; facts that are None are left out."""
        known = {name: value for name, value in facts.items() if value is not None}
        self._logger.log(level, event, extra={"facts": {"run": self.run, **known}})


@contextmanager
def logged(private: Path) -> Iterator[Log]:
    """The log of a run, in `log/` of its home's private folder, one JSON object a line."""
    logger = logging.Logger("steadymile.run", logging.INFO)  # no parent: it is this home's alone
    place = private / "log" / "runs.jsonl"
    handler = _Quiet(place, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(_Lines())
    logger.addHandler(handler)
    try:
        yield Log(uuid.uuid4().hex, logger)
    finally:
        with suppress(OSError):  # a full disk shows here at last, and is no reason for a night to fail
            handler.close()
