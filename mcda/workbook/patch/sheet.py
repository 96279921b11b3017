"""A sheet's bytes: where its rows and cells stand, found in one pass over the rows' tags.

Only the rows that are written to are looked at cell by cell.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from mcda.workbook.cells import column_index, parse_area
from mcda.workbook.guard import MAX_COLUMN, MAX_ROW, UnreadablePart
from mcda.workbook.patch.cell import Cell, read_cell, style_number
from mcda.workbook.patch.markup import ATTRIBUTES, Part, attribute

Rectangle = tuple[int, int, int, int]
"""Top, left, bottom, right; zero-based, ends included."""

_REFERENCE = re.compile(rb"\s+r=\"([A-Z]{1,3})([0-9]{1,7})\"")


class Sheet:
    """The rows of a worksheet and what stands around them.

    Raises:
        UnreadablePart: it is no worksheet, or rows or cells stand in it twice.
    """

    def __init__(self, name: str, part: Part) -> None:
        self.name, self.part = name, part
        data = part.tag(b"sheetData").search(part.plain, part.root_end)
        if data is None:
            raise UnreadablePart(f"The sheet {name} has no place for cells.")
        self.data_tag = data.span()
        self.data_empty = data[1].endswith(b"/")
        self.prefix = _prefix(data[0])
        self.rows_start = data.end()
        self.rows_end = self.after = data.end()
        if not self.data_empty:
            last = part.plain.rfind(b"</" + self.prefix + b"sheetData", data.end())
            end = part.end_tag(b"sheetData").match(part.plain, last) if last >= 0 else None
            if end is None:
                raise UnreadablePart(f"The rows of the sheet {name} do not end.")
            self.rows_end, self.after = end.span()
        part.check_prefixes(self.rows_end)
        if re.compile(rb"<[\w.-]+:AlternateContent").search(
            part.plain, self.rows_start, self.rows_end
        ):
            raise UnreadablePart(f"The sheet {name} holds rows in several versions.")
        self.numbers: list[int] = []
        self._starts: list[int] = []
        self._tag_ends: list[int] = []
        self._find_rows()
        self._by_number = self._order()

    def _find_rows(self) -> None:
        part = self.part
        pattern = _row_pattern(part)
        number = -1
        for match in pattern.finditer(part.plain, self.rows_start, self.rows_end):
            given = match[1]
            if given is None:
                stated = attribute(match[2], b"r")
                number = number + 1 if stated is None else _whole(stated, self.name) - 1
            else:
                number = int(given) - 1
            if not 0 <= number < MAX_ROW:
                raise UnreadablePart(
                    f"The sheet {self.name} has a row with a number that no sheet has."
                )
            self.numbers.append(number)
            self._starts.append(match.start())
            self._tag_ends.append(match.end())

    def _order(self) -> dict[int, int] | None:
        """Return the rows by number where they are out of order; None lets us search by halves."""
        numbers = self.numbers
        if all(map(int.__lt__, numbers, numbers[1:])):
            return None
        by_number = {number: index for index, number in enumerate(numbers)}
        if len(by_number) < len(numbers):
            twice = next(n for i, n in enumerate(numbers) if by_number[n] != i)
            raise UnreadablePart(f"Row {twice + 1} stands twice in the sheet {self.name}.")
        return by_number

    @property
    def frame(self) -> tuple[bytes, bytes]:
        """What opens the sheet and its rows, and what closes them."""
        xml, (start, end) = self.part.xml, self.data_tag
        opening = xml[start : end - 1].removesuffix(b"/")
        closing = b"</%ssheetData></%s>" % (self.prefix, self.part.root_name)
        return xml[: self.part.root_end] + opening + b">", closing

    def row_index(self, number: int) -> int | None:
        """Return which of the rows has this number, None if none has."""
        if self._by_number is not None:
            return self._by_number.get(number)
        index = bisect_left(self.numbers, number)
        return index if index < len(self.numbers) and self.numbers[index] == number else None

    def place_of_new_row(self, number: int) -> int:
        """Return the offset at which a row that is not here yet belongs."""
        if self._by_number is None:
            index = bisect_left(self.numbers, number)
        else:
            index = next((i for i, n in enumerate(self.numbers) if n > number), len(self.numbers))
        if index < len(self._starts):
            return self._starts[index]
        return self.row_span(len(self._starts) - 1)[1] if self._starts else self.rows_start

    def row_tag(self, index: int) -> tuple[int, int]:
        """Return where the tag of a row stands."""
        return self._starts[index], self._tag_ends[index]

    def row_is_empty(self, index: int) -> bool:
        """Say whether a row is one tag, without a place for cells."""
        return self.part.plain[self._tag_ends[index] - 2] == ord("/")

    def row_span(self, index: int) -> tuple[int, int]:
        """Return where a row starts and ends."""
        return self._starts[index], self._row_end(index)[1]

    def row_inside(self, index: int) -> tuple[int, int]:
        """Return where the content of a row starts and ends."""
        return self._tag_ends[index], self._row_end(index)[0]

    def _row_end(self, index: int) -> tuple[int, int]:
        start = self._tag_ends[index]
        if self.row_is_empty(index):
            return start, start
        following = index + 1
        until = self._starts[following] if following < len(self._starts) else self.rows_end
        end = self.part.end_tag(b"row").search(self.part.plain, start, until)
        if end is None:
            raise UnreadablePart(f"Row {self.numbers[index] + 1} of {self.name} does not end.")
        return end.span()

    def cells(self, index: int) -> Iterator[tuple[int, re.Match[bytes]]]:
        """Walk over a row's cells: column and match, to be read by :meth:`cell` if it matters.

        Raises:
            UnreadablePart: a cell stands twice, or says it is in another row.
        """
        inside = self.row_inside(index)
        row, column = self.numbers[index], -1
        seen: set[int] = set()
        for match in self.part.element(b"c").finditer(self.part.plain, *inside):
            column = self._column(match, row, column)
            if column in seen or column >= MAX_COLUMN:
                raise UnreadablePart(f"Row {row + 1} of {self.name} holds a cell twice.")
            seen.add(column)
            yield column, match

    def cell(self, index: int, column: int, match: re.Match[bytes]) -> Cell:
        """Return a cell that :meth:`cells` found."""
        return read_cell(self.part, match, self.numbers[index], column)

    def _column(self, match: re.Match[bytes], row: int, previous: int) -> int:
        plain = _REFERENCE.match(match[2])
        if plain is not None:
            letters, number = plain[1].decode(), int(plain[2])
        else:
            stated = attribute(match[2], b"r")
            if stated is None:
                return previous + 1
            letters = stated.rstrip("0123456789")
            number = _whole(stated[len(letters) :], self.name)
        if number != row + 1:
            raise UnreadablePart(f"Row {row + 1} of {self.name} holds a cell of row {number}.")
        return column_index(letters)

    def row_of_offset(self, offset: int) -> int:
        """Return which of the rows holds this offset."""
        return bisect_left(self._starts, offset + 1) - 1

    def row_style(self, index: int) -> int | None:
        """Return the style of a row for cells that are not there yet, None if it has none."""
        start, end = self.row_tag(index)
        tag = self.part.plain[start:end]
        if attribute(tag, b"customFormat") in ("1", "true"):
            return style_number(tag)
        return None

    def column_styles(self) -> list[tuple[int, int, int]]:
        """Return first column, last column and style of the columns that have one."""
        found = []
        for match in self.part.tag(b"col").finditer(
            self.part.plain, self.part.root_end, self.data_tag[0]
        ):
            style = style_number(match[1], b"style")
            if style:
                first, last = (
                    _whole(attribute(match[1], name) or "0", self.name) for name in (b"min", b"max")
                )
                found.append((first - 1, last - 1, style))
        return found

    def dimension(self) -> tuple[int, int, bytes] | None:
        """Return where the tag that states the used range stands, and its attributes."""
        match = self.part.tag(b"dimension").search(
            self.part.plain, self.part.root_end, self.data_tag[0]
        )
        return None if match is None else (match.start(), match.end(), match[1])

    @property
    def protected(self) -> bool:
        """Whether locked cells of this sheet are closed."""
        tag = self.part.tag(b"sheetProtection").search(self.part.plain, self.after)
        return tag is not None and attribute(tag[1], b"sheet") in ("1", "true")

    def merged(self) -> Iterator[Rectangle]:
        """Walk over the merged ranges."""
        for match in self.part.tag(b"mergeCell").finditer(self.part.plain, self.after):
            area = rectangle(attribute(match[1], b"ref"))
            if area is not None:
                yield area

    def arrays(self) -> Iterator[tuple[str, Rectangle]]:
        """Walk over the formulas that fill a whole range: their kind and the range."""
        plain = self.part.plain
        if all(plain.find(kind, self.rows_start, self.rows_end) < 0 for kind in _WHOLE_RANGE):
            return
        for match in self.part.tag(b"f").finditer(plain, self.rows_start, self.rows_end):
            kind = attribute(match[1], b"t")
            area = rectangle(attribute(match[1], b"ref"))
            if kind in ("array", "dataTable") and area is not None:
                yield kind, area


_WHOLE_RANGE = (b"array", b"dataTable")


def rectangle(reference: str | None) -> Rectangle | None:
    """Return the range of a reference without a sheet, None if it is none.

    >>> rectangle("B2:C5")
    (1, 1, 4, 2)
    """
    area = parse_area(f"x!{reference}") if reference else None
    return None if area is None else (area.top, area.left, area.bottom, area.right)


def _row_pattern(part: Part) -> re.Pattern[bytes]:
    plain = part.tag(b"row").pattern
    return re.compile(plain.replace(ATTRIBUTES, rb"(?:\s+r=\"([0-9]{1,7})\")?" + ATTRIBUTES))


def _prefix(tag: bytes) -> bytes:
    return tag[1 : tag.index(b"sheetData")]


def _whole(text: str, sheet: str) -> int:
    if not text.isdecimal():
        raise UnreadablePart(f"The sheet {sheet} states a place that is no number ({text[:20]!r}).")
    return int(text)
