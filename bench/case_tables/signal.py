"""Body and elevation: sleep, heart rate, other makers' tables, height."""

from __future__ import annotations

from bench.case_tables.case import Case

CASES: tuple[Case, ...] = ()
"""Inputs and answers as the README of the cases folder states them."""
