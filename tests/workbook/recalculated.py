"""Comparing what the engine computes with what LibreOffice shows, for every formula cell."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from mcda.workbook.cells import Fault
from mcda.workbook.formulas.live_cells import Result, live_cells
from mcda.workbook.formulas.recalculate import Recalculator
from mcda.workbook.layout import Block, cell_name
from mcda.workbook.tables import Place
from tests.office import ERROR, Book, Cell

FAULTS = {
    "503": "#NUM!", "502": "#VALUE!", "504": "#REF!", "519": "#VALUE!", "524": "#REF!",
    "525": "#NAME?", "532": "#DIV/0!", "32767": "#N/A",
}  # fmt: skip
"""LibreOffice's numbers of errors, and what Excel calls them."""


def shown(book: Book, places: Mapping[Place, object]) -> dict[Place, Cell]:
    """Read cells of an open workbook, sheet by sheet."""
    by_sheet: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for sheet, row, column in places:
        by_sheet[sheet].append((row, column))
    found: dict[Place, Cell] = {}
    for sheet, cells in by_sheet.items():
        rows, columns = zip(*cells, strict=True)
        top, left = min(rows), min(columns)
        block = book.read(Block(sheet, top, left, max(rows), max(columns)))
        for row, column in cells:
            found[sheet, row, column] = block[row - top][column - left]
    return found


def same(result: Result, cell: Cell) -> bool:
    if isinstance(cell, str) and cell.startswith(ERROR):
        return isinstance(result, Fault) and FAULTS.get(cell.split()[1]) == result.text
    if isinstance(result, int | float) and isinstance(cell, float):  # a truth value is 0 or 1 there
        return math.isclose(result, cell, rel_tol=1e-9, abs_tol=1e-9)
    return result == cell


def unlike_office(book: Book, path: Path, computes: Recalculator | None = None) -> list[str]:
    """Save an open workbook and return the formula cells that the engine computes differently."""
    book.recalculate()
    book.save(path)
    data = path.read_bytes()
    results = (computes or Recalculator())(data, path.name)
    formulas = live_cells(data, path.name).formulas
    assert results.keys() == formulas.keys()
    assert len(results) > 500
    return [
        f"{cell_name(*place)}: {results[place]!r}, LibreOffice {cell!r}: {formulas[place][:200]}"
        for place, cell in shown(book, results).items()
        if not same(results[place], cell)
    ]
