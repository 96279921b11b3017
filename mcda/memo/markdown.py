"""The memo as Markdown: tables aligned and lines wrapped, so that it reads well as plain text."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator

from mcda.memo.content import Block, Bullets, Content, Paragraph, Section, Table

WIDTH = 88
SPECIAL = re.compile(r"([\\`*|]|<(?=[A-Za-z/!?])|(?<!\w)_|_(?!\w)|~~|\[(?=[^\]]*\]\())")
LINE_START = re.compile(r"^(\s*)([-+#>=]|\d+[.)](?=\s))")


def write_markdown(memo: Content) -> str:
    """Return the memo as Markdown, with a line feed at its end."""
    return "\n".join(_lines(memo)).rstrip() + "\n"


def _lines(memo: Content) -> Iterator[str]:
    if memo.marking:
        yield from (f"**{_escaped(memo.marking)}**", "")
    yield from (f"# {_escaped(memo.title)}", "")
    for label, text in memo.facts:
        # Two spaces end a line in Markdown and are invisible in plain text.
        yield f"{label}: {_escaped(text)}  "
    yield ""
    for section in memo.sections:
        yield from _section(section)
    if memo.marking:
        yield f"**{_escaped(memo.marking)}**"


def _section(section: Section) -> Iterator[str]:
    prefix = "Annex: " if section.annex else ""
    yield from (f"## {prefix}{_escaped(section.heading)}", "")
    for block in section.blocks:
        yield from _block(block)
        yield ""


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _wrapped(block.text)
    elif isinstance(block, Bullets):
        for item in block.items:
            yield from _wrapped(item, "- ", "  ")
    else:
        yield from _table(block)


def _wrapped(text: str, first: str = "", then: str = "") -> Iterator[str]:
    lines = textwrap.wrap(
        _escaped(text), WIDTH - len(first), break_long_words=False, break_on_hyphens=False
    )
    for index, line in enumerate(lines):
        # A wrapped line that begins like a list or a heading would become one.
        yield (then if index else first) + LINE_START.sub(r"\1\\\2", line)


def _table(table: Table) -> Iterator[str]:
    yield from _wrapped(f"{table.caption}:")
    yield ""
    titles = [_escaped(column.title) for column in table.columns]
    rows = [
        [f"**{_escaped(cell)}**" if index in table.strong and cell else _escaped(cell)
         for cell in row]
        for index, row in enumerate(table.rows)
    ]  # fmt: skip
    widths = [
        max(3, *(_width(row[at]) for row in [titles, *rows])) for at in range(len(table.columns))
    ]
    right = [column.align == "right" for column in table.columns]
    rule = ["-" * (width - 1) + (":" if to_right else "-") for width, to_right in zip(
        widths, right, strict=True
    )]  # fmt: skip
    for row in (titles, rule, *rows):
        cells = [
            " " * (width - _width(cell)) + cell if to_right else cell + " " * (width - _width(cell))
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        yield f"| {' | '.join(cells)} |"
    for note in table.notes:
        yield ""
        yield from _wrapped(note)


def _width(text: str) -> int:
    """Columns that a text takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    none = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - none


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
