"""Formulas that stand in one cell and serve others (ECMA-376 part 1 §18.3.1.40).

If the cell that holds the text is overwritten, each of the others gets its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from mcda.problems import Problem
from mcda.workbook.formula_text import LOST, moved, tokens
from mcda.workbook.layout import cell_name
from mcda.workbook.patch.cell import Cell
from mcda.workbook.patch.markup import attribute, unescaped
from mcda.workbook.patch.sheet import Sheet

Spot = tuple[int, int]
"""Row and column of a cell, zero-based."""


@dataclass(frozen=True, slots=True)
class Master:
    """The cell in which the text of a shared formula stands."""

    number: str
    row: int
    column: int
    text: str


def master_in(cell: Cell) -> Master | None:
    """Return the shared formula whose text stands in a cell, None if none does."""
    child = cell.formula
    if child is None or attribute(child.tag, b"t") != "shared" or not child.text:
        return None
    number = attribute(child.tag, b"si") or ""
    return Master(number, cell.row, cell.column, "" if child.hidden else unescaped(child.text))


def freed(
    sheet: Sheet, masters: Collection[Master], overwritten: Collection[Spot]
) -> tuple[dict[Spot, str], list[Problem]]:
    """Return the formula of each cell that is left without the text it shares.

    Args:
        sheet: the sheet.
        masters: shared formulas whose cell is about to be overwritten.
        overwritten: the cells whose formula goes, which need none.

    Returns:
        The formulas by place, and the masters that cannot be overwritten.
    """
    if not masters:
        return {}, []
    by_number = {master.number: master for master in masters}
    texts: dict[Spot, str] = {}
    problems: dict[Master, Problem] = {}
    for spot, number, own in _dependants(sheet, by_number):
        master = by_number[number]
        if spot in overwritten:
            continue
        text = _moved(master, spot)
        if own or text is None or len(by_number) < len(masters):
            problems[master] = Problem(
                cell_name(sheet.name, master.row, master.column),
                "The formula in this cell also serves other cells, and cannot be copied to them "
                "safely.",
                "Overwrite it in Excel.",
            )
        else:
            texts[spot] = text
    return texts, list(problems.values())


def _dependants(sheet: Sheet, wanted: Mapping[str, Master]) -> list[tuple[Spot, str, bool]]:
    """Return place, number and "has a text of its own" of all that share these formulas."""
    by_row: dict[int, list[tuple[int, str, bool]]] = {}
    pattern = sheet.part.element(b"f")
    for match in pattern.finditer(sheet.part.plain, sheet.rows_start, sheet.rows_end):
        if b"shared" not in match[2] or attribute(match[2], b"t") != "shared":
            continue
        number = attribute(match[2], b"si") or ""
        if number in wanted:
            row = sheet.row_of_offset(match.start())
            by_row.setdefault(row, []).append((match.start(), number, bool(match[3])))
    found = []
    for index, offsets in by_row.items():
        cells = [(match.start(), column) for column, match in sheet.cells(index)]
        for offset, number, own in offsets:
            column = cells[bisect_left(cells, (offset, 0)) - 1][1]
            found.append(((sheet.numbers[index], column), number, own))
    return found


def _moved(master: Master, spot: Spot) -> str | None:
    """Return a shared formula as it reads in another cell; None if that is not certain."""
    if not master.text or not _plain(master.text):
        return None
    text = moved(master.text, spot[0] - master.row, spot[1] - master.column)
    return None if text.count(LOST) > master.text.count(LOST) else text


def _plain(formula: str) -> bool:
    """Say whether all references of a formula are of single cells and ranges between them."""
    parts = [part for part in tokens(formula) if part[0] != "space"]
    if any(kind == "other" for kind, _ in parts):
        return False
    for before, (_, text), after in zip(parts, parts[1:], parts[2:], strict=False):
        if text == ":" and {before[0], after[0]} & {"name", "number"}:
            return False
    return True
