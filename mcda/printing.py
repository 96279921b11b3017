"""Plain tables for terminals and for `print`: 80 columns, right-aligned numbers, wrapped words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 80
"""Columns that a table may fill."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of a plain table; ``number`` columns are right-aligned and never wrapped."""

    header: str
    number: bool = False
    width: int | None = None
    """Characters, where the column is not to follow its content."""


def text_table(columns: Sequence[TextColumn], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as text of at most 80 columns, with no trailing blanks.

    >>> print(text_table([TextColumn("package"), TextColumn("value", True)], [["A", "71.3"]]))
     package   value
    ─────────────────
     A          71.3
    """
    from io import StringIO

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=True, header_style="")
    for column in columns:
        table.add_column(
            Text(column.header),
            justify="right" if column.number else "left",
            no_wrap=column.number,
            width=column.width,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    page = StringIO()
    Console(file=page, width=WIDTH, color_system=None, force_terminal=False).print(table)
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip("\n").split("\n"))


def wrapped(text: str, indent: int = 0) -> str:
    """Return a paragraph wrapped to 80 columns; later lines are indented."""
    from textwrap import fill

    return fill(text, WIDTH, subsequent_indent=" " * indent, break_long_words=False)


def listed(names: Sequence[str], everyone: Sequence[str]) -> str:
    """Say who of ``everyone`` is meant, briefly.

    >>> listed(["A", "B"], ["A", "B", "C"]), listed([], ["A"]), listed(["A"], ["A"])
    ('all but C', 'no one', 'all')
    """
    missing = [name for name in everyone if name not in names]
    if not missing:
        return "all"
    if not names:
        return "no one"
    if len(missing) < len(names):
        return "all but " + ", ".join(missing)
    return ", ".join(names)


def joined(words: Iterable[str]) -> str:
    """Join words as in a sentence.

    >>> joined([]), joined(["a"]), joined(["a", "b", "c"])
    ('', 'a', 'a, b and c')
    """
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def signed(number: float, decimals: int = 1) -> str:
    """Write a number with its sign, and a true minus; what rounds to zero has none.

    >>> signed(3.14), signed(-0.04), signed(-2)
    ('+3.1', '0.0', '−2.0')
    """
    text = f"{number:+.{decimals}f}"
    if float(text) == 0:
        return text.lstrip("+-")
    return text.replace("-", "−")
