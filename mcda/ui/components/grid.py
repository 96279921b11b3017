"""A table of real rows: long texts wrap, and no cell is ever read as HTML or Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import streamlit as st

Cell = str | int | float | None


def grid(rows: Sequence[Mapping[str, Cell]], /, *, about: str, decimals: int = 1) -> None:
    """Show rows (column → cell) as a table; its first column names the rows.

    A row may lack columns that others have; its cells there stay empty.
    ``about`` says what the table is, for those who cannot see it; numbers stand at the right, with
    that many decimals unless they are whole.
    """
    columns = list(dict.fromkeys(name for row in rows for name in row))
    numeric = {name for name in columns if _all_numbers(row.get(name) for row in rows)}
    head = "".join(
        f'<th scope="col"{_side(name in numeric)}>{escape(name)}</th>' for name in columns
    )
    body = "".join(
        "<tr>"
        + "".join(
            _cell(row.get(name), first=index == 0, number=name in numeric, decimals=decimals)
            for index, name in enumerate(columns)
        )
        + "</tr>"
        for row in rows
    )
    st.html(
        f'<div class="wide" role="region" tabindex="0" aria-label="{escape(about)}">'
        f'<table class="grid"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _all_numbers(cells: Iterable[Cell]) -> bool:
    return all(cell is None or isinstance(cell, int | float) for cell in cells)


def _cell(cell: Cell, *, first: bool, number: bool, decimals: int) -> str:
    text = f"{cell:.{decimals}f}" if isinstance(cell, float) and cell % 1 else _plain(cell)
    start, end = ('th scope="row"', "th") if first else ("td", "td")
    return f"<{start}{_side(number)}>{escape(text)}</{end}>"


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _side(number: bool) -> str:
    return ' class="number"' if number else ""
