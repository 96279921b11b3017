"""The Log of a workbook: reading its lines, and adding lines below them.

Lines are only ever added, never changed, so a line tells that whoever saved the workbook knew of
what the line says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, field

import mcda
from mcda.workbook import layout
from mcda.workbook.cells import Area, Book, Fault, Formula
from mcda.workbook.patch.edits import Edit
from mcda.workbook.tables import number_text

COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the Log: when, which cell, what it held, what it holds, and by which program.

    >>> print(Line("2025-06-02 12:00", "Weights!C7", "30", "40", "mcda 0.1.0"))
    2025-06-02 12:00  Weights!C7: 30 → 40  (mcda 0.1.0)
    """

    when: str
    cell: str
    old: str
    new: str
    by: str = field(default_factory=lambda: program())

    def __str__(self) -> str:
        change = f"{self.old} → {self.new}" if self.old else self.new
        return f"{self.when}  {self.cell}: {change}  ({self.by})"


def program() -> str:
    """Return the program and its version, as the Log and the Stamp name it."""
    return f"mcda {mcda.__version__}"


def lines(book: Book) -> list[Line]:
    """Return the lines of a workbook's Log, the oldest first; none where it has no Log."""
    area = _area(book)
    if area is None:
        return []
    cells = book.cells(area.sheet)
    columns = range(area.left, area.left + COLUMNS)
    found = (
        [_text(cells.get(row, column)) for column in columns]
        for row in sorted(cells.rows)
        if row > area.top
    )
    return [Line(*texts) for texts in found if any(texts)]


def adding(book: Book, new: Iterable[Line]) -> list[Edit]:
    """Return the edits that add lines below the last one; none where there is no Log."""
    area = _area(book)
    if area is None:
        return []
    cells = book.cells(area.sheet)
    columns = range(area.left, area.left + COLUMNS)
    used = [row for row, held in cells.rows.items() if any(column in held for column in columns)]
    first = max([area.bottom, *used]) + 1
    return [
        Edit(area.sheet, first + number, area.left + column, text)
        for number, line in enumerate(new)
        for column, text in enumerate(astuple(line))
        if text
    ]


def _area(book: Book) -> Area | None:
    """The header row and the first lines, wherever the sheet and its columns now are."""
    area = book.names.get(layout.LOG_ENTRIES.casefold())
    if area is not None and (sheet := book.find_sheet(area.sheet)) is not None:
        return Area(sheet, area.top, area.left, area.bottom, area.right)
    found = book.find_sheet(layout.LOG)
    if found is None:
        return None
    return Area(found, layout.HEADER_ROW, 0, layout.HEADER_ROW, COLUMNS - 1)


def _text(value: object) -> str:
    if value is None or isinstance(value, (Fault, Formula)):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return number_text(value) if isinstance(value, float) else str(value)
