"""Small pieces of HTML: escaping, sections, tables, the page around them. No page loads anything from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'"
"""What the browser may load: nothing but what stands in the page."""

OPEN_FOR_PRINT = (
    "addEventListener('beforeprint',()=>document.querySelectorAll('details:not(.quiet)').forEach(d=>{d.open=true}));"
)

MARK_TODAY = (
    "(()=>{const p=document.getElementById('today'),h=document.querySelector('h1'),d=new Date(),"
    "n=x=>String(x).padStart(2,'0'),k=d.getFullYear()+'-'+n(d.getMonth()+1)+'-'+n(d.getDate()),"
    "l=document.querySelector(`li[data-day='${k}']`),week=x=>{h.textContent=h.textContent.replace(/^[^:]+/,x)};"
    "if(l){l.classList.add('today');week('This week');if(p)p.textContent='Today: '+l.dataset.what}"
    "else if(p&&k>p.dataset.last){week('Week');p.className='soft';"
    "p.textContent='This week is over; steadymile nightly plans the new one.'}})();"
)
"""Marks the reader's own day: a page that is opened on Thursday tells of Thursday, whenever it was written."""

NIGHTS_STOPPED = (
    "(()=>{const a=document.getElementById('as-of');if(!a)return;"
    "const n=Math.floor((Date.now()-Date.parse(a.dataset.day+'T00:00:00'))/864e5);if(n<3)return;"
    "const p=document.createElement('p');p.setAttribute('role','alert');"
    "p.textContent='No night has renewed this page for '+n+' days. Run: steadymile nightly';a.after(p)})();"
)
"""Says on a page that is older than three days that the nights have stopped."""


@cache
def _css() -> str:
    text = files("steadymile.reports").joinpath("page.css").read_text(encoding="utf-8")
    return "".join(line.strip() for line in text.splitlines() if not line.startswith("/*"))


def document(title: str, header: str, main: Iterable[str], footer: str, script: str = MARK_TODAY) -> str:
    """A whole page that stands alone: style inside, no outside sources, readable without JavaScript."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{_css()}</style></head><body>"
        '<a class="skip" href="#main">To the content</a>'
        f'<header>{header}</header>\n<main id="main">{"".join(main)}</main>\n<footer>{footer}</footer>'
        f"<script>{OPEN_FOR_PRINT}{NIGHTS_STOPPED}{script}</script></body></html>\n"
    )


def section(heading: str, *content: str, name: str, style: str = "") -> str:
    """A titled part of the page; nothing where there is no content."""
    body = "".join(content)
    if not body:
        return ""
    kind = f' class="{style}"' if style else ""
    title = f'<h2 id="{name}-h">{escape(heading)}</h2>'
    return f'\n<section id="{name}"{kind} aria-labelledby="{name}-h">{title}{body}</section>'


def prose(text: str) -> str:
    """Plain text made safe for a page; what stands in `backticks` becomes a command to type."""
    return re.sub(r"`([^`<>]+)`", r"<code>\1</code>", escape(text, quote=False))


def paragraph(text: str, style: str = "") -> str:
    """One paragraph of plain text; nothing for an empty one."""
    if not text:
        return ""
    return f'<p class="{style}">{prose(text)}</p>' if style else f"<p>{prose(text)}</p>"


def bullets(lines: Iterable[str], style: str = "plain") -> str:
    """A list of plain sentences; nothing for an empty one."""
    items = "".join(f"<li>{prose(line)}</li>" for line in lines)
    return f'<ul class="{style}">{items}</ul>' if items else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], style: str = "", text: Sequence[int] = ()) -> str:
    """A table whose first column names the row; columns at the positions `text` hold words, the others numbers.

    It scrolls sideways by itself on a narrow screen.
    """
    kinds = [' class="text"' if n in text else "" for n in range(len(head))]
    top = "".join(f'<th scope="col"{kind}>{escape(name)}</th>' for name, kind in zip(head, kinds))
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        f"{''.join(f'<td{kind}>{escape(cell)}</td>' for cell, kind in zip(row[1:], kinds[1:]))}</tr>"
        for row in rows
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="table">'
        f'<table class="{style}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def fold(summary: str, content: str, style: str = "") -> str:
    """Content behind a line that opens it."""
    kind = f' class="{style}"' if style else ""
    return f"<details{kind}><summary>{summary}</summary>{content}</details>" if content else ""


def terms(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with their values in two columns; pairs without a value are left out."""
    found = "".join(f"<dt>{escape(name)}</dt><dd>{prose(value)}</dd>" for name, value in pairs if value)
    return f"<dl>{found}</dl>" if found else ""


def tiles(pairs: Iterable[tuple[str, str]]) -> str:
    """Names with their values as tiles beside each other; pairs without a value are left out."""
    found = "".join(f"<div><dt>{escape(n)}</dt><dd>{escape(value)}</dd></div>" for n, value in pairs if value)
    return f'<dl class="facts">{found}</dl>' if found else ""
