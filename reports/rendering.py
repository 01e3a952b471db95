"""The templates of `templates/`, filled: every value is escaped, an unknown name is an error.

One set for everything that a browser shows: `parts.html` holds the small pieces, `sections/` what several pages share,
`charts/` the pictures, `pages/` what the nightly run writes, `app/` the pages of the app.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup
from steadymile.reports import formats
from steadymile.reports.devices import device_name

REPORTS = Path(str(files("steadymile.reports")))
CSS = REPORTS / "page.css"


@cache
def environment() -> Any:
    """The one environment of Jinja2 in which every template is filled."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(REPORTS / "templates"),
        bytecode_cache=compiled(REPORTS / "__pycache__"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"f": formats, "page_css": page_css}
    made.filters |= {"prose": prose, "device": device_name}
    return made


def compiled(folder: Path) -> Any:
    """Compiled templates, kept beside Python's own compiled files and under the same conditions: to compile those of a
    page takes longer than to fill them. The folder may be read-only, full or damaged: then they are compiled anew."""
    from jinja2 import FileSystemBytecodeCache, __version__

    class Kept(FileSystemBytecodeCache):
        def load_bytecode(self, bucket: Any) -> None:
            try:
                super().load_bytecode(bucket)
            except Exception:  # whatever damaged bytes make of what reads compiled code
                bucket.reset()

        def dump_bytecode(self, bucket: Any) -> None:
            if not sys.dont_write_bytecode:
                with suppress(OSError):
                    super().dump_bytecode(bucket)

    made_with = hashlib.sha256(__version__.encode() + Path(__file__).read_bytes())  # its options too
    return Kept(str(folder), f"template-{made_with.hexdigest()[:12]}-%s.cache")


def fill(template: str, **values: Any) -> Markup:
    """A template with its values, without blanks around it."""
    return Markup(environment().get_template(template).render(**values).strip())


@cache
def macro(template: str, name: str) -> Callable[..., Markup]:
    """One macro of a template, to be called with its values."""
    found: Callable[..., Markup] = getattr(environment().get_template(template).module, name)
    return found


def warm() -> None:
    """Compile every template, so that the first page that is asked for need not wait for it."""
    for name in environment().list_templates():
        environment().get_template(name)


def prose(text: str) -> Markup:
    """Plain text made safe for a page; what stands in `backticks` becomes a command to type, but for a person's own
    words, which are shown as written."""
    start, end = formats.quoted_part(text)
    before, after = (re.split("`([^`]+)`", part) for part in (text[:start], text[end:]))
    pieces = [*before[:-1], before[-1] + text[start:end] + after[0], *after[1:]]
    return macro("prose.html", "prose")([Markup(escape(piece, quote=False)) for piece in pieces])


@cache
def page_css() -> Markup:
    """The style of every page without its comments."""
    text = CSS.read_text(encoding="utf-8")
    return Markup("".join(line.strip() for line in text.splitlines() if not line.startswith("/*")))
