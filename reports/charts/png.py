"""The charts as PNG, for chat and mail. Needs the optional package resvg-py; the page itself never does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from importlib.resources import files
from typing import Any

import polars as pl
from steadymile.models.athlete import Athlete
from steadymile.reports.pages.progress import comfort_picture, load_picture, mile_picture, share_picture
from steadymile.reports.view_model import story

PIXELS = 1000


class NoPictures(Exception):
    """PNG charts are wanted and the package that draws them is not installed."""

    def __init__(self) -> None:
        super().__init__("Charts as PNG need one more package: pip install resvg-py. The page has the same charts.")


def charts(
    athlete: Athlete, tables: Mapping[str, pl.DataFrame], as_of: date, units: str | None = None
) -> dict[str, bytes]:
    """The charts that there are data for, by name: longest-run, load, share, comfort. NoPictures without resvg-py."""
    _renderer()
    told = story(athlete, tables, as_of, units)
    found = (mile_picture(told), load_picture(told), share_picture(told), comfort_picture(told))
    style = colours()
    return {picture.name: drawn(picture.alone(), style) for picture in found if picture is not None}


def drawn(svg: str, style: str, width: int = PIXELS) -> bytes:
    """An SVG as PNG, `width` pixels wide. NoPictures without resvg-py."""
    return bytes(_renderer()(svg_string=svg, width=width, background="#ffffff", style_sheet=style))


def _renderer() -> Callable[..., Any]:
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise NoPictures from None
    found: Callable[..., Any] = svg_to_bytes
    return found


def colours() -> str:
    """The page's style with the names of its light colours replaced by the colours: the renderer knows no names."""
    css = files("steadymile.reports").joinpath("page.css").read_text(encoding="utf-8")
    root = css[css.index("{") + 1 : css.index("}")]
    named = dict(re.findall(r"--([\w-]+):\s*([^;]+);", root))
    rules = css[css.index("/* charts */") : css.index("/* end of charts */")]
    base = f".chart{{font:11.5px sans-serif}} .name{{font:700 15px sans-serif;fill:{named['ink']}}}"
    return base + re.sub(r"var\(--([\w-]+)\)", lambda match: named[match[1]], rules)
