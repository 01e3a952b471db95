"""The command line: `steadymile`. A night with nothing to do ends here; all else is called through the table."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import threading
from contextlib import suppress
from importlib import import_module

from steadymile.pipelines.outcome.unchanged import repeated
from steadymile.pipelines.outcome.writing import keep_private


def main() -> None:
    """Entry point of the console script."""
    keep_private()
    gc.set_threshold(500_000, 20, 20)  # a short process makes few cycles: looking for them costs a tenth of its time
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


def program() -> None:
    """The same, as the program that people start: its process ends without being taken apart piece by piece, which the
    system does in no time. With another thread at work it ends as any Python program."""
    try:
        main()
    except SystemExit as ended:
        if isinstance(ended.code, str) or threading.active_count() > 1:
            raise
        code = ended.code or 0
    else:
        code = 0
    with suppress(OSError, ValueError):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # closed before we began
                stream.flush()
        atexit._run_exitfuncs()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    program()
