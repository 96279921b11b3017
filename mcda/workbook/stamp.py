"""What the Stamp sheet says, what it should say, and which inputs have changed since.

The Stamp keeps a copy of every input column and block that some number depends on: the k-th row of
the copy is the k-th row of the input, as it was when Python last computed. Its live formulas count
the differences row by row; `mcda.workbook.stamp_changes` tells them apart by names.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from mcda.values import Evaluation
from mcda.workbook import layout
from mcda.workbook.cells import Area, Book, Fault, Formula
from mcda.workbook.read import Reading
from mcda.workbook.tables import Finder, Found, Notes, Place, Plain, number_text

Value = Plain | None
Rows = list[list[Value]]


def storable(value: float) -> float | None:
    """Return a number as every program keeps it, with 15 digits; None if it is no number.

    >>> storable(0.1 + 0.2), storable(float("nan"))
    (0.3, None)
    """
    return float(f"{value:.15g}") + 0.0 if math.isfinite(value) else None


@dataclass(frozen=True, slots=True)
class Copied:
    """A rectangle that only Python writes: what stands there, and what should."""

    name: str
    """Its defined name."""
    area: Area
    then: Rows
    now: Rows

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be written."""
        return any(True for _ in self.new())

    def new(self) -> Iterator[tuple[Place, Value]]:
        """Yield the cells that are not what they should be, with what they should hold."""
        for row, (before, after) in enumerate(zip(self.then, self.now, strict=True)):
            for column, (old, new) in enumerate(zip(before, after, strict=True)):
                if not _same(old, new):
                    yield (self.area.sheet, self.area.top + row, self.area.left + column), new


@dataclass(frozen=True, slots=True)
class InputCopy:
    """A copied input column or block, with the cells that it is copied from."""

    source: str
    """Defined name of the column or block."""
    headers: int
    """Rows at the top of it that are headers."""
    copied: Copied
    places: tuple[tuple[Place | None, ...], ...]
    """Where each cell is copied from; None for what is there no more."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The Stamp sheet of a workbook against its inputs now."""

    copies: dict[str, InputCopy]
    """By the name of the input column or block."""
    headers: dict[str, int]
    """Header row of each input table, by its key."""
    fingerprint: Copied
    when: Copied
    program: Copied

    def numbers(self, book: Book, reading: Reading, evaluation: Evaluation) -> Iterator[Copied]:
        """Yield Python's party values and reservation values, where the sheet has them."""
        packages = self._rows_of(reading, "packages", "Packages", len(evaluation.packages))
        parties = self._rows_of(reading, "parties", "Parties", len(evaluation.parties))
        values = {
            (row, column): storable(float(evaluation.party_values[at, q]))
            for at, row in enumerate(packages)
            for q, column in enumerate(parties)
        }
        reservation = {
            (0, column): storable(float(evaluation.reservation[q]))
            for q, column in enumerate(parties)
        }
        for name, cells in (
            (layout.STAMP_PARTY, values),
            (layout.STAMP_RESERVATION, reservation),
        ):
            area = _area(book, name)
            if area is not None:
                yield Copied(name, area, _standing(book, area), _filled(area, cells))

    def _rows_of(self, reading: Reading, section: str, table: str, count: int) -> list[int]:
        """The rows of things in their input table, from 0: blank rows are counted, too."""
        top = self.headers[table] + 1
        return [reading.places[(section, index)][1] - top for index in range(count)]


# -- reading the sheet


def read_stamp(book: Book) -> Stamp | None:
    """Read the Stamp of a workbook, with its inputs beside it; None where it has none.

    The workbook must be one whose case was read without problems.
    """
    single = [_area(book, name) for name in (layout.STAMP_INPUTS, layout.STAMP_WHEN,
                                             layout.STAMP_BY)]  # fmt: skip
    if None in single:
        return None
    finder = Finder(book, Notes())
    found = {key: finder.table(layout.table_of(key)) for key in layout.NUMBERS_DEPEND_ON}
    copies: dict[str, InputCopy] = {}
    for key, columns in layout.NUMBERS_DEPEND_ON.items():
        table = found[key]
        if table is None:
            continue
        for column in columns:
            copy = _copied_column(book, table, column)
            if copy is not None:
                copies[copy.source] = copy
        for block in layout.BLOCKS_OF.get(key, ()):
            copy = _copied_block(book, finder, table, block)
            if copy is not None:
                copies[copy.source] = copy
    headers = {key: table.header for key, table in found.items() if table is not None}
    cells = [Copied("", area, _standing(book, area), []) for area in single if area is not None]
    return Stamp(copies, headers, *cells)


def one(cell: Copied, value: Value) -> Copied:
    """Return a single cell with what it should hold."""
    return Copied(cell.name, cell.area, cell.then, [[value]])


def _area(book: Book, name: str) -> Area | None:
    area = book.names.get(name.casefold())
    sheet = None if area is None else book.find_sheet(area.sheet)
    if area is None or sheet is None:
        return None
    return Area(sheet, area.top, area.left, area.bottom, area.right)


def _standing(book: Book, area: Area) -> Rows:
    cells = book.cells(area.sheet)
    return [
        [_plain(cells.get(row, column)) for column in range(area.left, area.right + 1)]
        for row in range(area.top, area.bottom + 1)
    ]


def _filled(area: Area, cells: dict[tuple[int, int], float | None]) -> Rows:
    return [
        [cells.get((row, column)) for column in range(area.right - area.left + 1)]
        for row in range(area.bottom - area.top + 1)
    ]


def _copied_column(book: Book, table: Found, key: str) -> InputCopy | None:
    name = table.table.name(key)
    area = _area(book, layout.stamp_of(name))
    if area is None:
        return None
    rows = table.end - table.header - 1
    places = tuple(
        ((table.sheet, table.header + k, table.columns[key]) if k <= rows else None,)
        for k in range(1, area.bottom - area.top + 2)
    )
    return _input_copy(book, name, 0, area, places)


def _copied_block(book: Book, finder: Finder, table: Found, name: str) -> InputCopy | None:
    """The k-th column and row of a block, as the live formulas on the Stamp count them."""
    area, block = _area(book, layout.stamp_of(name)), finder.area(name)
    if area is None or block is None:
        return None
    headers = layout.HEADER_ROWS.get(name, 1)
    tops = [block.top, table.header][:headers]
    first = (table.header if headers else block.top) + 1
    rows = [*tops, *range(first, block.bottom)]
    columns = range(block.left + 1, block.right)
    places = tuple(
        tuple(
            (block.sheet, rows[row], columns[column])
            if row < len(rows) and column < len(columns)
            else None
            for column in range(area.right - area.left + 1)
        )
        for row in range(area.bottom - area.top + 1)
    )
    return _input_copy(book, name, headers, area, places)


def _input_copy(
    book: Book, name: str, headers: int, area: Area, places: tuple[tuple[Place | None, ...], ...]
) -> InputCopy:
    now: Rows = [
        [
            None if place is None else _plain(book.cells(place[0]).get(place[1], place[2]))
            for place in row
        ]
        for row in places
    ]
    copied = Copied(layout.stamp_of(name), area, _standing(book, area), now)
    return InputCopy(name, headers, copied, places)


def _plain(value: object) -> Value:
    if value is None or value == "" or isinstance(value, (Fault, Formula)):
        return None
    return value if isinstance(value, (str, bool)) else float(value)  # type: ignore[arg-type]


def _same(old: Value, new: Value) -> bool:
    return type(old) is type(new) and old == new


def text_of(value: object) -> str:
    """Return what a cell holds as text; empty for a blank one.

    >>> text_of(30.0), text_of(True), text_of(None), text_of(Fault("#N/A"))
    ('30', 'TRUE', '', '#N/A')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Fault):
        return value.text
    if isinstance(value, (int, float)):
        return number_text(float(value))
    return "" if value is None else str(value)
