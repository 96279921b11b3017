"""Which inputs changed since they were stamped, by the names of rows and columns.

The Stamp's own count goes row by row; here an inserted row is one row, and a renamed thing is one
cell in each row that names it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mcda.workbook import layout
from mcda.workbook.stamp import Stamp, Value, text_of
from mcda.workbook.tables import Place

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


def changes(stamp: Stamp) -> list[CellChanged]:
    """Return the inputs that changed since they were stamped, in the order of the sheets."""
    return [change for table in layout.NUMBERS_DEPEND_ON for change in _changed(stamp, table)]


def _changed(stamp: Stamp, key: str) -> Iterator[CellChanged]:
    then, now = _Table(stamp, key, stamped=True), _Table(stamp, key, stamped=False)
    if then.cells == now.cells and then.columns == now.columns:
        return
    removed: list[CellChanged] = []
    columns = [
        pair for name in now.cells for pair in _aligned(then.columns_of(name), now.columns_of(name))
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
