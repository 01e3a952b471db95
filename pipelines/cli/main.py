"""The command line: `steadymile`. A night with nothing to do ends here; all else is called through the table."""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module

from steadymile.pipelines.outcome.unchanged import repeated


def main() -> None:
    """Entry point of the console script."""
    os.umask(0o077)
    gc.set_threshold(100_000, 20, 20)  # a short process makes few cycles: looking for them costs a tenth of its time
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter shows ? for it, and the run goes on
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads would wait for nothing, and forbid forking
    words = sys.argv[1:]
    said = repeated(words)
    if said is None:
        sys.exit(import_module(f"{__package__}.table").called(words))
    try:
        sys.stdout.write(said)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
