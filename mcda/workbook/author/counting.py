"""Formula parts that count cells of the input tables, for the checks.

A name of an input column spans its header and its marker; what is counted lies between them.
"""

from __future__ import annotations

from mcda.workbook import layout
from mcda.workbook.author.live import Run

PASS, NOTE, FAIL = "PASS", "NOTE", "FAIL"
Parts = tuple[str, str, str, str, str] | tuple[str, str, str, str, str, int]
"""A check without its number: test, count, otherwise, advice, sheet, known count."""


def inside(name: str, header_rows: str = "0") -> str:
    """1 for the rows of an input column between its header and its marker."""
    return f"(ROW({name})>MIN(ROW({name}))+{header_rows})*(ROW({name})<MAX(ROW({name})))"


def between(name: str) -> str:
    """1 for the columns of a block between the one before it and its marker column."""
    return f"(COLUMN({name})>MIN(COLUMN({name})))*(COLUMN({name})<MAX(COLUMN({name})))"


def filled(name: str) -> str:
    """Number of cells filled in an input column."""
    return f'SUMPRODUCT({inside(name)}*({name}<>""))'


def filled_block(name: str) -> str:
    """Number of cells filled in a block of input columns."""
    return f'SUMPRODUCT({inside(name)}*{between(name)}*({name}<>""))'


def texts(name: str) -> str:
    """Number of cells in an input column of numbers that hold something else."""
    return f'SUMPRODUCT({inside(name)}*(ISNUMBER({name})=FALSE)*({name}<>""))'


def texts_block(name: str, header_rows: str = "0") -> str:
    """Number of cells in a block of input columns of numbers that hold something else."""
    return (
        f"SUMPRODUCT({inside(name, header_rows)}*{between(name)}*(ISNUMBER({name})=FALSE)"
        f'*({name}<>""))'
    )


def headers(name: str) -> str:
    """Number of headers filled in a block of input columns."""
    row = f"INDEX({name},1,0)"
    return f'SUMPRODUCT({between(row)}*({row}<>""))'


def together(runs: tuple[Run, ...]) -> str:
    """The cells of adjoining runs as one range."""
    first, last = runs[0], runs[-1]
    return layout.Block(
        first.sheet, first.top, first.column, first.top + first.rows - 1, last.column
    ).reference[1:]
