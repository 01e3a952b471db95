"""What can go wrong with what is remembered, said in plain words: the fact, then the next step."""

from __future__ import annotations


class WarehouseError(Exception):
    """Something is wrong with archive, journal or database. `why` is the fact, `what_to_do` the next step."""

    def __init__(self, why: str, what_to_do: str) -> None:
        super().__init__(why, what_to_do)
        self.why = why
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        return f"{self.why}. {self.what_to_do}"


class Damaged(WarehouseError):
    """Bytes on the disk are not what was written there."""


class Broken(WarehouseError):
    """A database file that cannot be opened."""


class Busy(WarehouseError):
    """Another process holds what we need."""
