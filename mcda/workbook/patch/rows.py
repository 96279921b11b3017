"""The new bytes of the rows that are written to, and where they go in the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from mcda.workbook.layout import column_letters
from mcda.workbook.patch.cell import Cell, Written, rebuilt
from mcda.workbook.patch.edits import Formula
from mcda.workbook.patch.markup import attribute, with_attribute
from mcda.workbook.patch.shared_formulas import Spot
from mcda.workbook.patch.sheet import Rectangle, Sheet, rectangle
from mcda.workbook.patch.target import Target


@dataclass(frozen=True, slots=True)
class Splice:
    """A stretch of a part, and the bytes that take its place; ``row`` is set for a whole row."""

    start: int
    end: int
    new: bytes
    row: int | None = None


def splices(sheet: Sheet, targets: Sequence[Target], freed: Mapping[Spot, str]) -> list[Splice]:
    """Return what changes in a sheet, from its start to its end."""
    by_row = {row: list(group) for row, group in groupby(targets, lambda t: t.edit.row)}
    formulas: dict[int, dict[int, str]] = {}
    for (row, column), formula in freed.items():
        formulas.setdefault(row, {})[column] = formula
    found = [
        _row(sheet, row, by_row.get(row, []), formulas.get(row, {}))
        for row in {**by_row, **formulas}
    ]
    found.sort(key=lambda splice: (splice.start, splice.end, splice.row))
    if sheet.data_empty:
        start, end = sheet.data_tag
        tag = sheet.part.xml[start:end].removesuffix(b">").rstrip().removesuffix(b"/").rstrip()
        closing = b"</" + sheet.prefix + b"sheetData>"
        found = [Splice(start, end, tag + b">"), *found, Splice(end, end, closing)]
    dimension = _dimension(sheet, targets)
    return found if dimension is None else [dimension, *found]


def pieces(xml: bytes, changes: Sequence[Splice]) -> list[tuple[memoryview | bytes, int | None]]:
    """Return the new part in pieces, each with the row that it is, None for what only stays."""
    view, at = memoryview(xml), 0
    found: list[tuple[memoryview | bytes, int | None]] = []
    for splice in changes:
        found += [(view[at : splice.start], None), (splice.new, splice.row)]
        at = splice.end
    return [*found, (view[at:], None)]


def _row(sheet: Sheet, row: int, targets: list[Target], freed: Mapping[int, str]) -> Splice:
    index = sheet.row_index(row)
    if index is None:
        at = sheet.place_of_new_row(row)
        cells = b"".join(_new_cell(sheet, target) for target in targets)
        prefix = sheet.prefix
        new = b"<" + prefix + b'row r="%d">' % (row + 1) + cells + b"</" + prefix + b"row>"
        return Splice(at, at, new, row)
    start, end = sheet.row_span(index)
    inside = _inside(sheet, index, targets, freed)
    tag = _row_tag(sheet, index, targets)
    if sheet.row_is_empty(index):
        name = tag[1:].split(None, 1)[0].split(b"/")[0].split(b">")[0]
        return Splice(start, end, tag + b">" + inside + b"</" + name + b">", row)
    closing = sheet.part.xml[sheet.row_inside(index)[1] : end]
    return Splice(start, end, tag + b">" + inside + closing, row)


def _row_tag(sheet: Sheet, index: int, targets: list[Target]) -> bytes:
    """Return a row's tag without its end, its spans as wide as they must be."""
    start, end = sheet.row_tag(index)
    tag = sheet.part.xml[start : end - 1]
    if sheet.row_is_empty(index):
        tag = tag.removesuffix(b"/").rstrip()
    spans = attribute(tag, b"spans")
    new = [target.edit.column + 1 for target in targets if target.cell is None]
    if not spans or not new:
        return tag
    ends = [int(end) for span in spans.split() for end in span.split(":") if end.isdecimal()]
    first, last = min([*ends, *new]), max([*ends, *new])
    if not ends or (first, last) == (min(ends), max(ends)):
        return tag
    return with_attribute(tag, b"spans", b"%d:%d" % (first, last))


def _inside(sheet: Sheet, index: int, targets: list[Target], freed: Mapping[int, str]) -> bytes:
    """Return the cells of a row with the changed ones exchanged and the new ones in their order."""
    at, until = sheet.row_inside(index)
    xml = sheet.part.xml
    waiting = [target for target in targets if target.cell is None]
    changes = [
        (t.cell.start, t.cell.end, _exchanged(sheet, t.cell, t, freed.get(t.edit.column)))
        for t in targets
        if t.cell is not None
    ]
    if waiting or freed:
        changes += _found_on_the_way(sheet, index, waiting, freed, targets)
    kept: list[bytes] = []
    for start, end, new in sorted(changes, key=lambda change: change[:2]):
        kept += [xml[at:start], new]
        at = end
    return b"".join([*kept, xml[at:until]])


def _found_on_the_way(
    sheet: Sheet,
    index: int,
    waiting: list[Target],
    freed: Mapping[int, str],
    targets: list[Target],
) -> list[tuple[int, int, bytes]]:
    """Return where new cells go, and the cells that only get a formula of their own."""
    edited = {target.edit.column for target in targets}
    left, last = list(waiting), sheet.row_inside(index)[0]
    changes: list[tuple[int, int, bytes]] = []
    for column, match in sheet.cells(index):
        while left and left[0].edit.column < column:
            changes.append((match.start(), match.start(), _new_cell(sheet, left.pop(0))))
        if column in freed and column not in edited:
            cell = sheet.cell(index, column, match)
            nothing: Written = (None, "", "")
            new = rebuilt(sheet.part, cell, None, nothing, cell.style, freed[column])
            changes.append((match.start(), match.end(), new))
        last = match.end()
    return changes + [(last, last, _new_cell(sheet, target)) for target in left]


def _exchanged(sheet: Sheet, cell: Cell, target: Target, freed: str | None) -> bytes:
    formula = target.edit.to.text if isinstance(target.edit.to, Formula) else freed
    return rebuilt(sheet.part, cell, target.edit, target.value, target.new_style, formula)


def _new_cell(sheet: Sheet, target: Target) -> bytes:
    edit, style = target.edit, target.new_style
    tag = f' r="{column_letters(edit.column)}{edit.row + 1}"' + (f' s="{style}"' if style else "")
    opening = b"<" + sheet.prefix + b"c"
    cell = Cell(edit.row, edit.column, opening, tag.encode(), b"", {}, style)
    formula = edit.to.text if isinstance(edit.to, Formula) else None
    return rebuilt(sheet.part, cell, edit, target.value, style, formula)


def _dimension(sheet: Sheet, targets: Sequence[Target]) -> Splice | None:
    """Return the statement of the used range, widened to the new cells; None if it may stay."""
    stated = sheet.dimension()
    new = [(t.edit.row, t.edit.column) for t in targets if t.cell is None]
    old = None if stated is None else rectangle(attribute(stated[2], b"ref"))
    if stated is None or old is None or not new:
        return None
    rows, columns = [row for row, _ in new], [column for _, column in new]
    if sheet.numbers:
        rows += [old[0], old[2]]
        columns += [old[1], old[3]]
    wide = (min(rows), min(columns), max(rows), max(columns))
    if wide == old:
        return None
    start, end, tag = stated
    written = with_attribute(tag, b"ref", _reference(wide))
    head = sheet.part.xml[start : end - 1 - len(tag)]
    return Splice(start, end, head + written + b">")


def _reference(area: Rectangle) -> bytes:
    top, left, bottom, right = area
    first, last = f"{column_letters(left)}{top + 1}", f"{column_letters(right)}{bottom + 1}"
    return (first if first == last else f"{first}:{last}").encode()
