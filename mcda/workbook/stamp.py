"""What the Stamp sheet says, what it should say, and which inputs have changed since.

The Stamp keeps a copy of every input column and block that some number depends on: the k-th row of
the copy is the k-th row of the input, as it was when Python last computed. Its live formulas count
the differences row by row; here they are told apart by names, so that an inserted row is one row.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

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
class CellChanged:
    """An input that is not what it was when the inputs were stamped."""

    place: Place | None
    """The cell as it stands now; None for what was removed as a whole."""
    sheet: str
    old: str
    new: str

    @property
    def cell(self) -> str:
        """The cell as people write it; of what was removed, the sheet."""
        return self.sheet if self.place is None else layout.cell_name(*self.place)


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

    def changes(self) -> list[CellChanged]:
        """Return the inputs that changed since they were stamped, in the order of the sheets."""
        return [change for table in layout.NUMBERS_DEPEND_ON for change in self._changed(table)]

    def _changed(self, key: str) -> Iterator[CellChanged]:
        then, now = _Table(self, key, stamped=True), _Table(self, key, stamped=False)
        if then.cells == now.cells and then.columns == now.columns:
            return
        removed: list[CellChanged] = []
        columns = [
            pair
            for name in now.cells
            for pair in _aligned(then.columns_of(name), now.columns_of(name))
        ]
        for before, after in columns if key != "Direct" else ():  # Scores has the same headers
            headers = () if before is None else then.columns[before][1:]
            if after is None:
                removed.append(CellChanged(None, now.sheet, _joined(headers), "column removed"))
            else:
                yield from now.header_changes(after, headers)
        rows = _aligned(then.rows, now.rows)
        for old, new in rows:
            if new is None:
                words = _joined(then.rows[old] if old is not None else ())
                removed.append(CellChanged(None, now.sheet, words, "row removed"))
                continue
            for before, after in columns:
                if after is not None:
                    yield from now.cell_changes(new, after, then.text(old, before))
        yield from removed
        kept = [old for old, new in rows if old is not None and new is not None]
        if kept != sorted(kept):
            yield CellChanged(None, now.sheet, "", "rows in another order")


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


# -- what changed, by names


_NAMED_BY = {
    "Packages": ("Package",), "NoDeal": ("NoDeal",), "Issues": ("Issue", "Level"),
    "Parties": ("Party",), "Criteria": ("Party", "Criterion"), "Weights": ("Party", "Criterion"),
    "Scores": ("Issue", "Level"), "Direct": ("Kind", "Name"),
    "Evidence": ("Party", "Criterion", "Of", "Issue", "Level"), "Rules": ("Name", "Kind"),
    "Conditions": ("Name", "Kind", "Part", "Issue", "Level"),
    "Scenarios": ("Scenario", "Change", "Party", "Criterion", "Issue", "Level", "Lifted"),
}  # fmt: skip
"""What a row is called by, in each table."""

Name = tuple[str, ...]
ColumnKey = tuple[str, int]
"""A column of the copies: the name of the input column or block, and the number in it."""


class _Table:
    """One input table as it was stamped, or as it is now."""

    def __init__(self, stamp: Stamp, key: str, *, stamped: bool) -> None:
        self.copies = {
            name: copy for name in _names_of(key) if (copy := stamp.copies.get(name)) is not None
        }
        self.cells = {
            name: copy.copied.then if stamped else copy.copied.now
            for name, copy in self.copies.items()
        }
        self.header_source = stamp.copies.get(layout.SCORES_BLOCK) if key == "Direct" else None
        self.stamped = stamped
        self.table = layout.table_of(key)
        self.sheet = next(
            (
                place[0]
                for copy in self.copies.values()
                for row in copy.places
                for place in row
                if place is not None
            ),
            self.table.sheet,
        )
        self.columns = dict(self._columns())
        """Column → its headers (of a fixed column: its name)."""
        self.rows = dict(self._rows(_NAMED_BY[key]))
        """Row (from 0, headers of blocks not counted) → its name."""

    def _columns(self) -> Iterator[tuple[ColumnKey, Name]]:
        for name, rows in self.cells.items():
            headers = self.copies[name].headers
            if name not in layout.BLOCKS:
                yield (name, 0), (name,)
                continue
            source = rows[:headers]
            if self.header_source is not None:
                copied = self.header_source.copied
                source = (copied.then if self.stamped else copied.now)[:2]
            for number in range(len(rows[0])):
                texts = tuple(text_of(row[number]) if number < len(row) else "" for row in source)
                if any(texts):
                    yield (name, number), (name, *texts)

    def _rows(self, keys: Sequence[str]) -> Iterator[tuple[int, Name]]:
        count = max((len(rows) for rows in self.cells.values()), default=0)
        for row in range(count):
            if any(self.value(row, column) is not None for column in self.columns):
                named = ((self.table.name(key), 0) for key in keys)
                yield row, tuple(self.text(row, column) for column in named)

    def value(self, row: int, column: ColumnKey) -> Value:
        """What stands in a row of a column; None beyond its end."""
        name, number = column
        if name not in self.cells:
            return None
        rows, at = self.cells[name], row + self.copies[name].headers
        return rows[at][number] if at < len(rows) else None

    def text(self, row: int | None, column: ColumnKey | None) -> str:
        """The same as text; empty where there is no such row or column."""
        if row is None or column is None:
            return ""
        return text_of(self.value(row, column))

    def columns_of(self, name: str) -> dict[ColumnKey, Name]:
        """The columns of one input column or block."""
        return {column: texts for column, texts in self.columns.items() if column[0] == name}

    def header_changes(self, column: ColumnKey, before: Name) -> Iterator[CellChanged]:
        """Yield the headers of a column that are not what they were."""
        places = self.copies[column[0]].places
        for row, new in enumerate(self.columns[column][1:]):
            old = before[row] if row < len(before) else ""
            if old != new:
                yield CellChanged(places[row][column[1]], self.sheet, old, new)

    def cell_changes(self, row: int, column: ColumnKey, old: str) -> Iterator[CellChanged]:
        """Yield a cell, if it is not what it was."""
        new = self.text(row, column)
        if old != new:
            copy = self.copies[column[0]]
            place = copy.places[row + copy.headers][column[1]]
            yield CellChanged(place, self.sheet, old, new)


def _names_of(key: str) -> Iterator[str]:
    table = layout.table_of(key)
    yield from (table.name(column) for column in layout.NUMBERS_DEPEND_ON[key])
    yield from layout.BLOCKS_OF.get(key, ())


_Key = TypeVar("_Key")


def _aligned(
    old: Mapping[_Key, Name], new: Mapping[_Key, Name]
) -> list[tuple[_Key | None, _Key | None]]:
    """Pair what has one name on both sides, in the order of the new side; the removed come last.

    Between two that are paired, as many without a partner on either side were renamed. Of several
    of one name, the first is paired with the first, and so on.
    """
    before, after = _by_name(old), _by_name(new)
    gaps = _gaps(before, after.keys()), _gaps(after, before.keys())
    renamed = {
        fresh: gone
        for gap, unpaired in gaps[1].items()
        if len(gaps[0].get(gap, ())) == len(unpaired)
        for gone, fresh in zip(gaps[0][gap], unpaired, strict=True)
    }
    pairs: list[tuple[_Key | None, _Key | None]] = [
        (before.get(name, renamed.get(key)), key) for name, key in after.items()
    ]
    paired = {key for key, _ in pairs}
    return pairs + [(key, None) for key in old if key not in paired]


def _by_name(things: Mapping[_Key, Name]) -> dict[tuple[Name, int], _Key]:
    seen: Counter[Name] = Counter()
    found = {}
    for key, name in things.items():
        seen[name] += 1
        found[name, seen[name]] = key
    return found


def _gaps(
    things: Mapping[tuple[Name, int], _Key], others: Iterable[tuple[Name, int]]
) -> dict[tuple[Name, int] | None, list[_Key]]:
    """What has no partner, by the one with a partner before it."""
    known = set(others)
    last: tuple[Name, int] | None = None
    found: dict[tuple[Name, int] | None, list[_Key]] = defaultdict(list)
    for name, key in things.items():
        if name in known:
            last = name
        else:
            found[last].append(key)
    return found


def _joined(texts: Iterable[str]) -> str:
    return " · ".join(filter(None, texts))
