"""Which cells of a sheet must not be written to, and why, in words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from mcda.problems import Problem
from mcda.workbook.patch.edits import Result
from mcda.workbook.patch.package import Package, SheetPart
from mcda.workbook.patch.sheet import Rectangle, Sheet, rectangle
from mcda.workbook.patch.styles import Styles
from mcda.workbook.patch.target import Target

_RICH = "The cell holds a picture, a data type or a formula that fills other cells by itself."
_LOCKED = "The sheet is protected, and this cell is locked."
_MERGED = "The cell is hidden under a merged one."
_HEADER = "The cell is a column's header in the table {}."
_TOTALS = "The cell is in the totals row of the table {}."
_PIVOT = "The cell belongs to the pivot table {}."
_ARRAY = "The cell is part of an array formula."
_DATA_TABLE = "The cell is part of a what-if data table."
_ELSEWHERE = "Choose another cell, or change it in Excel."


def problems(
    sheet: Sheet,
    part: SheetPart,
    package: Package,
    styles: Styles,
    targets: Sequence[Target],
    ours: bool,
) -> list[Problem]:
    """Return what forbids to write to these cells.

    Args:
        sheet: the sheet's bytes.
        part: the sheet in the workbook.
        package: the workbook.
        styles: its styles.
        targets: the cells that are to change, by rows.
        ours: whether protected cells of this sheet may be written to.
    """
    found = [
        Problem(target.edit.place, _RICH, _ELSEWHERE)
        for target in targets
        if target.cell is not None and target.cell.rich
    ]
    if not ours and sheet.protected:
        found += [
            Problem(target.edit.place, _LOCKED, "Unprotect the sheet (Review > Unprotect Sheet).")
            for target in targets
            if styles.locked(target.style)
        ]
    rows = [target.edit.row for target in targets]
    for what, area, spared in _areas(sheet, part, package):
        for target in targets[bisect_left(rows, area[0]) : bisect_right(rows, area[2])]:
            inside = area[1] <= target.edit.column <= area[3]
            if inside and not _spares(spared, area, target):
                found.append(Problem(target.edit.place, what, _ELSEWHERE))
    return sorted(set(found), key=found.index)


_NOTHING, _TOP_LEFT, _RESULT = "nothing", "top left", "result"
_Area = tuple[str, Rectangle, str]


def _spares(spared: str, area: Rectangle, target: Target) -> bool:
    if spared == _NOTHING or (target.edit.row, target.edit.column) != area[:2]:
        return False
    if spared == _TOP_LEFT:
        return True
    return area[:2] == area[2:] or isinstance(target.edit.to, Result)


def _areas(sheet: Sheet, part: SheetPart, package: Package) -> Iterator[_Area]:
    yield from ((_MERGED, area, _TOP_LEFT) for area in sheet.merged())
    for kind, area in sheet.arrays():
        yield (_ARRAY, area, _RESULT) if kind == "array" else (_DATA_TABLE, area, _NOTHING)
    for relation in package.relations(part.path):
        if relation.kind == "table" and relation.path:
            yield from _table(package, relation.path)
        elif relation.kind == "pivotTable" and relation.path:
            yield from _pivot(package, relation.path)


def _table(package: Package, path: str) -> Iterable[_Area]:
    root = package.xml(path)
    area = rectangle(root.get("ref"))
    if area is None:
        return
    name = root.get("displayName", "") or root.get("name", "")
    top, left, bottom, right = area
    headers = _count(root.get("headerRowCount"), 1)
    totals = _count(root.get("totalsRowCount"), 0)
    if headers:
        yield _HEADER.format(name), (top, left, top + headers - 1, right), _NOTHING
    if totals:
        yield _TOTALS.format(name), (bottom - totals + 1, left, bottom, right), _NOTHING


def _pivot(package: Package, path: str) -> Iterable[_Area]:
    root = package.xml(path)
    what = _PIVOT.format(root.get("name", ""))
    for location in root:
        area = rectangle(location.get("ref")) if location.tag.endswith("}location") else None
        if area is None:
            continue
        yield what, area, _NOTHING
        # The report filters stand above, with an empty row between; each takes two columns.
        rows = _count(location.get("rowPageCount"), 0)
        columns = _count(location.get("colPageCount"), 0)
        if rows and columns:
            top, left = area[0], area[1]
            filters = (max(top - 1 - rows, 0), left, top - 2, left + 3 * columns - 2)
            yield what, filters, _NOTHING


def _count(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isdecimal() else default
