"""Where the input tables stand in a given workbook, after whatever its user did to it.

A column is found by its defined name; where that is missing or broken, by its header in the
table's header row. A table ends at its marker row. Rows are handed on one by one, with a way to
say what is wrong with a cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mcda.problems import Problem
from mcda.validation import folded
from mcda.workbook.cells import Area, Book, Cells, Fault, Formula
from mcda.workbook.layout import COLUMN_MARKER, ROW_MARKER, Table, cell_name

Place = tuple[str, int, int]
"""Sheet, row and column of a cell, zero-based."""


RESTORE = 'Undo what removed them, or copy the sheet from a workbook made by "mcda new".'
Plain = str | float | bool
"""What an input cell may hold."""


@dataclass(slots=True)
class Notes:
    """Problems that only a sheet can have, by cell: the first that is found at each."""

    found: dict[Place, Problem] = field(default_factory=dict)

    def add(self, place: Place, what: str, fix: str) -> None:
        """Note a problem at a cell, unless one stands there: others often follow from the first."""
        if place not in self.found:
            self.found[place] = Problem(cell_name(*place), what, fix)


@dataclass(slots=True)
class Found:
    """A table as it stands in a workbook: its sheet, its rows and where its columns are."""

    table: Table
    cells: Cells
    header: int
    end: int
    """The marker row; what stands there or below is not read."""
    columns: dict[str, int]
    more: set[int] = field(default_factory=set)
    """The columns that depend on the case."""

    @property
    def sheet(self) -> str:
        """The sheet's name in this workbook."""
        return self.cells.sheet

    def place(self, row: int, key: str) -> Place:
        """Return the cell of a row in the column of that key."""
        return (self.sheet, row, self.columns[key])

    def filled_rows(self) -> list[int]:
        """Return the rows between header and marker in which any of the table's cells is filled."""
        columns = {*self.columns.values(), *self.more}
        return [
            row
            for row in sorted(self.cells.rows)
            if self.header < row < self.end and not columns.isdisjoint(self.cells.rows[row])
        ]


class Finder:
    """Finds tables and reads their cells; notes what is wrong on the way."""

    def __init__(self, book: Book, notes: Notes) -> None:
        self.book = book
        self.notes = notes

    # -- tables

    def table(self, table: Table) -> Found | None:
        """Find a table; None, with a note, where its sheet or its end cannot be found."""
        areas = self._areas(table)
        if areas:
            sheet = Counter(area.sheet for area in areas.values()).most_common(1)[0][0]
            areas = {key: area for key, area in areas.items() if area.sheet == sheet}
            header = Counter(area.top for area in areas.values()).most_common(1)[0][0]
            end = Counter(area.bottom for area in areas.values()).most_common(1)[0][0]
            cells = self.book.cells(sheet)
        else:
            titled = self.book.find_sheet(table.sheet)
            if titled is None:
                self.notes.add(
                    (table.sheet, 0, 0),
                    f"The sheet {table.sheet} is missing.",
                    'Undo what removed it, or copy it in from a workbook made by "mcda new".',
                )
                return None
            cells = self.book.cells(titled)
            header = self._header_row(cells, table)
            end = self._marker_row(cells, header)
            if header < 0 or end < 0:
                self._lost(cells.sheet, table, header)
                return None
        columns = {key: area.left for key, area in areas.items()}
        found = Found(table, cells, header, end, columns)
        self._complete(found)
        return found if len(found.columns) == len(table.columns) else None

    def _areas(self, table: Table) -> dict[str, Area]:
        areas = {}
        for column in table.columns:
            area = self.area(table.name(column.key))
            if area is not None and area.left == area.right:
                areas[column.key] = area
        return areas

    def area(self, name: str) -> Area | None:
        """Return what a defined name refers to, if that is a rectangle on a sheet there is."""
        area = self.book.names.get(name.casefold())
        if area is None:
            return None
        sheet = self.book.find_sheet(area.sheet)
        if sheet is None:
            return None
        return Area(sheet, area.top, area.left, area.bottom, area.right)

    def _header_row(self, cells: Cells, table: Table) -> int:
        headers = {folded(column.header) for column in table.columns}
        best, most = -1, 0
        for row in sorted(cells.rows):
            texts = {folded(v) for v in cells.rows[row].values() if isinstance(v, str)}
            if len(headers & texts) > most:
                best, most = row, len(headers & texts)
        return best if 2 * most > len(headers) else -1

    def _marker_row(self, cells: Cells, header: int) -> int:
        return next(
            (
                row
                for row in sorted(cells.rows)
                if row > header and ROW_MARKER in cells.rows[row].values()
            ),
            -1,
        )

    def _lost(self, sheet: str, table: Table, header: int) -> None:
        first = table.columns[0]
        if header < 0:
            what = f'The headers of the table on {sheet} are missing ("{first.header}" and others).'
        else:
            what = (
                f'The end of the table cannot be found: the line "{ROW_MARKER}" and the defined '
                f"name {table.name(first.key)} are both missing."
            )
        self.notes.add((sheet, max(header, 0), 0), what, RESTORE)

    def _complete(self, found: Found) -> None:
        """Find by header what has no usable name; refuse a name that its header contradicts."""
        texts = sorted(found.cells.rows.get(found.header, {}).items(), reverse=True)
        headers = {folded(text): column for column, text in texts if isinstance(text, str)}
        by_header = {folded(column.header): column for column in found.table.columns}
        for column in found.table.columns:
            if column.key not in found.columns:
                if folded(column.header) not in headers:
                    self.notes.add(
                        (found.sheet, found.header, 0),
                        f'The column "{column.header}" is missing.',
                        f"Write its header into row {found.header + 1}, or undo what removed it.",
                    )
                    continue
                found.columns[column.key] = headers[folded(column.header)]
            place = found.place(found.header, column.key)
            text = found.cells.get(*place[1:])
            other = by_header.get(folded(text)) if isinstance(text, str) else None
            if other is not None and other is not column:
                self.notes.add(
                    place,
                    f'The header says "{other.header}", but this is the column "{column.header}" '
                    f"(defined name {found.table.name(column.key)}).",
                    f'Write "{column.header}" here, or move the columns back by cutting and '
                    "pasting whole columns.",
                )

    def below_the_end(self, found: Found) -> None:
        """Note what stands in the marker row or right below it: it would not be read."""
        columns = sorted({*found.columns.values(), *found.more})
        for row in (found.end, found.end + 1):
            for column in columns:
                value = found.cells.get(row, column)
                if value in (None, ROW_MARKER, COLUMN_MARKER):
                    continue
                self.notes.add(
                    (found.sheet, row, column),
                    "This stands below the table's end and is not read.",
                    f'Insert a row above the line "{ROW_MARKER}" and move it there; keep the row '
                    "under that line empty.",
                )
                break

    # -- blocks of columns that depend on the case

    def block(
        self, found: Found, name: str, start: str, what: str, headers: Sequence[int] = ()
    ) -> dict[int, tuple[str, ...]]:
        """Return the columns from after ``start`` to the marker column, with their header texts.

        ``headers`` are the header rows, if not the table's one; ``what`` says what such a column
        is for ("issue"), for the notes. The columns are added to the table's.
        """
        rows = headers or (found.header,)
        span = self._block_span(found, name, start, rows)
        if span is None:
            self.notes.add(
                (found.sheet, rows[-1], found.columns[start] + 1),
                f'The columns for each {what} cannot be found: the mark "{COLUMN_MARKER}" after '
                f"the last one and the defined name {name} are both missing.",
                RESTORE,
            )
            return {}
        columns: dict[int, tuple[str, ...]] = {}
        for column in span:
            if column in found.columns.values():
                continue
            texts = tuple(self.text((found.sheet, row, column)) or "" for row in rows)
            if all(texts):
                columns[column] = texts
            elif any(texts) or self._has_data(found, column):
                self.notes.add(
                    (found.sheet, rows[texts.index("")], column),
                    f"This column has no {what} in its header.",
                    f'Choose one, or move notes of your own right of the mark "{COLUMN_MARKER}".',
                )
        found.more.update(columns)
        return columns

    def _block_span(
        self, found: Found, name: str, start: str, headers: Sequence[int]
    ) -> range | None:
        area = self.area(name)
        first = found.columns[start] + 1
        if area is not None and area.sheet == found.sheet and area.right >= first:
            # Without its marker column the name ends in the last column of the block itself.
            end = {found.cells.get(row, area.right) for row in headers} - {None}
            return range(first, area.right + (not end <= {COLUMN_MARKER}))
        marks = [
            column
            for row in headers
            for column, text in found.cells.rows.get(row, {}).items()
            if column >= first and text == COLUMN_MARKER
        ]
        return range(first, min(marks)) if marks else None

    def _has_data(self, found: Found, column: int) -> bool:
        return any(
            column in found.cells.rows[row]
            for row in found.cells.rows
            if found.header < row < found.end
        )

    # -- cells

    def value(self, place: Place) -> Plain | None:
        """Return what a cell holds; an error or a formula is noted and read as blank."""
        sheet, row, column = place
        value = self.book.cells(sheet).get(row, column)
        if isinstance(value, Formula):
            self.notes.add(
                place,
                "This is a formula; inputs are typed, so that they stand in the file as they are.",
                "Type its result instead (copy, then paste as values).",
            )
            return None
        if isinstance(value, Fault):
            self.notes.add(
                place, f"This is the error {value.text[:20]}.", "Type what belongs here."
            )
            return None
        return value

    def is_blank(self, place: Place) -> bool:
        """Say whether a cell holds nothing at all, not even something wrong."""
        sheet, row, column = place
        return self.book.cells(sheet).get(row, column) is None

    def text(self, place: Place) -> str | None:
        """Return a cell's text; a number as Excel shows it, a date as 2025-03-01."""
        value = self.value(place)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        sheet, row, column = place
        if self.book.is_date(self.book.cells(sheet), row, column):
            return date_text(value, self.book.epoch_1904)
        return number_text(value)

    def word(self, place: Place, words: Iterable[str]) -> str | None:
        """Return the word of a drop-down that a cell holds, whatever its case and spaces."""
        text = self.text(place)
        if text is None or not text.strip():
            return None
        listed = tuple(words)
        plain = text.strip().casefold()
        if plain in listed:
            return plain
        self.notes.add(place, f'"{text}" is not known here.', f"Choose {_either(listed)}.")
        return closest(text, listed)

    def known(
        self,
        place: Place,
        name: str,
        names: Iterable[str],
        what: str,
        taken: Collection[str] = (),
    ) -> str | None:
        """Return a name that must be known; else note it and return the closest one, if any.

        ``taken`` are names that cannot be meant, because they stand elsewhere already.
        """
        listed = list(names)
        if name in listed:
            return name
        close = closest(name, [other for other in listed if other not in taken])
        fix = f'Did you mean "{close}"?' if close else f"Known: {_some(listed)}."
        self.notes.add(place, f'"{name}" is not {what}.', fix)
        return close


def closest(name: str, names: Sequence[str]) -> str | None:
    """Return the name that is nearest in spelling, None if none is near.

    >>> closest("agricultral bank", ["None", "Agricultural bank"])
    'Agricultural bank'
    """
    import difflib

    by_fold = {folded(other).strip(): other for other in names}
    close = difflib.get_close_matches(folded(name).strip(), list(by_fold), n=1)
    return by_fold[close[0]] if close else None


def number_text(value: float) -> str:
    """Return a number as text, 15 digits at most.

    >>> number_text(30.0), number_text(0.5), number_text(1e20)
    ('30', '0.5', '1e+20')
    """
    return f"{value:.15g}"


def date_text(serial: float, epoch_1904: bool) -> str:
    """Return the date that Excel shows for a number.

    >>> date_text(45717, False), date_text(45717.5, False)
    ('2025-03-01', '2025-03-01 12:00')
    """
    start = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)
    if not epoch_1904 and 1 <= serial < 60:  # Excel's 1900 has a 29 February
        serial += 1
    try:
        moment = start + timedelta(seconds=round(serial * 86_400))
    except (OverflowError, ValueError):
        return number_text(serial)
    if 0 <= serial < 1:
        return moment.strftime("%H:%M")
    midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date().isoformat() if midnight else moment.isoformat(" ", "minutes")


def _either(words: Sequence[str]) -> str:
    quoted = [f'"{word}"' for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


def _some(names: Sequence[str]) -> str:
    if not names:
        return "none yet"
    return ", ".join(f'"{name}"' for name in names[:6]) + (", …" if len(names) > 6 else "")
