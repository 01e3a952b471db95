"""Sand, packs and boots: what a session asked for beyond its pace, from what the runner said of it.

A load from heart rate already contains all of this and is never multiplied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from steadymile.models.metrics.catalogue import Value, metric, missing
from steadymile.models.physiology import energy


@dataclass(frozen=True, slots=True)
class ExtraLoad:
    """What a check-in tells of a session: ground, kilograms carried, extra grams a pair of boots, and its gaits.

    `running_share` is running time over moving time, None where unknown; `body_kg` the athlete's mass that day.
    """

    surface: str | None = None
    pack_kg: float | None = None
    boots_g: float | None = None
    body_kg: float | None = None
    running_share: float | None = None

    @property
    def present(self) -> bool:
        """True where there is sand, a pack or heavy boots: such sessions stay out of efficiency trends."""
        return bool(self.pack_kg or self.boots_g or (self.surface or "").startswith("sand"))


@metric(
    unit="ratio",
    needs=("check-in: surface, pack, boots", "body mass where a pack was carried"),
    source="Lejeune 1998 (sand); Pandolf 1977, Huang and Kuo 2014 (pack); Jones 1984, Knapik 1986 (boots)",
    evidence="weak",
    adds_up="none",
    cannot_tell="how well the pack sat and how deep the sand was",
    stage="person",
)
def extra_load_ratio(extra: ExtraLoad) -> Value:
    """Energy the session cost over that without sand, pack and boots; used only where no heart rate tells."""
    pack = _pack(extra, energy.pack_factor)
    if isinstance(pack, Value):
        return pack
    ground = _ground(extra)
    if ground is None:
        return missing("sand is run and walked at different cost, and nobody can tell how much was run")
    boots = energy.boots_factor(max(extra.boots_g or 0.0, 0.0))
    return Value(ground * pack * boots, source="check-in" if extra.present else "nothing carried")


@metric(
    unit="ratio",
    needs=("check-in: pack", "body mass where a pack was carried"),
    source="weight on the legs, with the pack over without (a design value)",
    evidence="practice",
    adds_up="none",
    cannot_tell="which tissue bears it",
    stage="person",
)
def impact_ratio(extra: ExtraLoad) -> Value:
    """How many minutes a minute with this pack counts as against a limit; what limits grow from are plain minutes."""
    pack = _pack(extra, lambda load, body: 1.0 + load / body)
    return pack if isinstance(pack, Value) else Value(pack, source="check-in" if extra.pack_kg else "nothing carried")


def _pack(extra: ExtraLoad, factor: Callable[[float, float], float]) -> float | Value:
    """The pack's factor, 1 without a pack, or the reason why it is not known."""
    if not extra.pack_kg or extra.pack_kg <= 0:
        return 1.0
    if not extra.body_kg or extra.body_kg <= 0:
        return missing("a pack was carried, but your weight is not known: `steadymile athlete` sets it")
    return factor(extra.pack_kg, extra.body_kg)


def _ground(extra: ExtraLoad) -> float | None:
    """The ground's factor, by the shares run and walked; None where the shares matter and are unknown."""
    run, walk = energy.surface_factor(extra.surface, True), energy.surface_factor(extra.surface, False)
    if run == walk:
        return run
    if extra.running_share is None:
        return None
    return extra.running_share * run + (1.0 - extra.running_share) * walk
