"""Which formulas depend on cells whose value nobody knows."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import numpy as np

from mcda.workbook.cells import Area
from mcda.workbook.formula_text import cell_of, sheet_of
from mcda.workbook.tables import Place

_REFERENCE = re.compile(
    r"(?P<text>\"[^\"]*\")|(?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*!)?"
    r"(?P<first>\$?[A-Z]{1,3}\$?[1-9]\d*)(?::(?P<last>\$?[A-Z]{1,3}\$?[1-9]\d*))?(?![\w(])"
)


def dependents(formulas: Mapping[Place, str], unknown: Collection[Place]) -> set[Place]:
    """Return the formulas that refer to unknown cells, and to results of those, and so on.

    Args:
        formulas: without names, by cell.
        unknown: cells with a value that nobody knows; those that hold a formula are returned, too.
    """
    found = {place for place in unknown if place in formulas}
    if not unknown:
        return found
    sheets: dict[str, list[tuple[int, Area]]] = {}
    places = list(formulas)
    for index, place in enumerate(places):
        for area in references(formulas[place], place[0]):
            sheets.setdefault(area.sheet.casefold(), []).append((index, area))
    arrays = {
        sheet: (
            np.array([index for index, _ in refs]),
            np.array([(a.top, a.left, a.bottom, a.right) for _, a in refs]),
        )
        for sheet, refs in sheets.items()
    }
    fresh = set(unknown)
    while fresh:
        reached: set[Place] = set()
        for sheet in {place[0].casefold() for place in fresh}:
            if sheet not in arrays:
                continue
            cells = [place[1:] for place in fresh if place[0].casefold() == sheet]
            numbers, areas = arrays[sheet]
            hit = _any_inside(areas, cells)
            reached |= {places[at] for at in set(numbers[hit].tolist())}
        fresh = reached - found
        found |= fresh
    return found


def references(formula: str, sheet: str) -> list[Area]:
    """Return the ranges that a formula refers to by their cells.

    >>> references("SUM(Lookup!A1:$B$2)+C3", "Values")[1]
    Area(sheet='Values', top=2, left=2, bottom=2, right=2)
    """
    found: list[Area] = []
    for match in _REFERENCE.finditer(formula):
        if match["text"] is not None:
            continue
        first = cell_of(match["first"])
        last = cell_of(match["last"] or match["first"])
        if first is None or last is None:
            continue
        on = sheet_of(match["sheet"]) if match["sheet"] else sheet
        (top, left), (bottom, right) = first, last
        found.append(
            Area(on, min(top, bottom), min(left, right), max(top, bottom), max(left, right))
        )
    return found


def _any_inside(areas: np.ndarray, cells: list[tuple[int, int]]) -> np.ndarray:
    """Say of each area whether any of the cells lies in it, by sums over rectangles."""
    rows, columns = np.array(cells).T
    height, width = int(rows.max()) + 2, int(columns.max()) + 2
    sums = np.zeros((height, width), dtype=np.int64)
    np.add.at(sums, (rows + 1, columns + 1), 1)
    sums = sums.cumsum(axis=0).cumsum(axis=1)
    top, left = np.minimum(areas[:, 0], height - 1), np.minimum(areas[:, 1], width - 1)
    bottom = np.minimum(areas[:, 2] + 1, height - 1)
    right = np.minimum(areas[:, 3] + 1, width - 1)
    counts = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return np.asarray(counts > 0)
