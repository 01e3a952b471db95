"""Trouble that a person can mend: one line what, one line what to do."""

from __future__ import annotations

import errno


class Trouble(Exception):
    """What happened and what to do about it; `exit_code` 2 for wrong usage, 3 for failure."""

    def __init__(self, what: str, what_to_do: str, exit_code: int = 3) -> None:
        super().__init__(what)
        self.what_to_do = what_to_do
        self.exit_code = exit_code


class HomeError(Exception):
    """Something in the home folder needs its owner: what, and what to do. As text, both."""

    def __init__(self, what: str, what_to_do: str) -> None:
        super().__init__(f"{what} {what_to_do}")
        self.what = what
        self.what_to_do = what_to_do


OF_ANOTHER_VERSION = ("BinderException", "CatalogException")
"""What the database says of a view or a column that the published file does not have. What people ask by themselves
(`steadymile sql`) is answered before."""


def plain(error: Exception) -> tuple[str, str]:
    """An unexpected error in plain words."""
    if isinstance(error, Trouble):
        return str(error), error.what_to_do
    if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error):
        return ("The disk is full.", "Make room, then run this again: nothing published was harmed.")
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return (f"Nothing can be written here: {error.filename}.", "Name a --home that can be written to.")
    if isinstance(error, PermissionError):
        return (f"No permission: {error.filename or error}.", "Give yourself access to it, then run this again.")
    if isinstance(error, NotADirectoryError | FileExistsError):
        return (f"A file is where a folder should be: {error.filename}.", "Move it away, or name another --home.")
    if isinstance(error, OSError):
        return (f"The disk said: {error}.", "Check that it is there and has room, then run this again.")
    if isinstance(error, ModuleNotFoundError) and error.name:
        return (f"The package {error.name} is missing.", f"Install it: pip install {error.name.replace('_', '-')}")
    if type(error).__name__ in OF_ANOTHER_VERSION:  # by name: the database is not loaded to tell an error
        return (
            "What the last night published was written by another version of steadymile.",
            "Run steadymile nightly once: it brings the warehouse up to date, and nothing is lost.",
        )
    if "Failed to reach API" in str(error):
        return (f"No Prefect server answers ({error}).", "Start it, or unset PREFECT_API_URL to run without one.")
    why, what_to_do = getattr(error, "why", None), getattr(error, "what_to_do", None)
    if isinstance(why, str) and isinstance(what_to_do, str):
        return f"{why.rstrip('.')}.", f"{what_to_do.rstrip('.')}."
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return (
        f"Something went wrong: {text}.",
        "Nothing published was harmed. STEADYMILE_DEBUG=1 in front of the command shows where it happened.",
    )
