"""What stands in the cells of a workbook: its parts turned into values, and nothing else touched.

The XML of the needed sheets is parsed directly. That keeps what a table library would blur (a
formula from its cached result, the text ``30`` from the number, Excel's ``_xHHHH_`` escapes,
ECMA-376 part 1 §22.9.2.19), reads only the sheets that are asked for, and never walks over the
rows that a sheet merely declares. Rows and columns are zero-based, as in
:mod:`mcda.workbook.layout`.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from mcda.workbook.guard import (
    MAX_COLUMN,
    MAX_READ_BYTES,
    MAX_ROW,
    UnreadablePart,
    part_key,
    read_part,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class Fault:
    """An error value, such as ``#N/A``."""

    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that computes; its cached result is not looked at."""


FORMULA = Formula()
Value = str | float | bool | Fault | Formula
"""What a cell holds. A blank cell is no entry at all."""

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_WORKBOOK_NAMESPACES = (
    "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "{http://purl.oclc.org/ooxml/spreadsheetml/main}",
)
_ID_NAMESPACES = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_MOST_COMPUTED = 5_000_000
"""Cells looked at for array formulas; beyond that a sheet is made to waste time."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile('"[^"]*"|\\\\.|\\[[^\\]]*\\]|_.|\\*.')
_REFERENCE = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!\[\]]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})"
    r"(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)


@dataclass(frozen=True, slots=True)
class Area:
    """What a defined name refers to: a rectangle on a sheet, ends included, zero-based."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Cells:
    """The cells of one sheet that hold something."""

    sheet: str
    rows: dict[int, dict[int, Value]] = field(default_factory=dict)
    styles: dict[tuple[int, int], int] = field(default_factory=dict)
    """Style numbers of the cells that hold a number: a date differs from it by its style only."""

    def get(self, row: int, column: int) -> Value | None:
        """Return what a cell holds, None if it is blank."""
        cells = self.rows.get(row)
        return None if cells is None else cells.get(column)


def unescape(text: str) -> str:
    """Undo Excel's escapes for what XML cannot carry.

    >>> unescape("_x005F_x0041_ and _x0041_")
    '_x0041_ and A'
    """
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


@lru_cache(maxsize=20_000)
def column_index(letters: str) -> int:
    """Return the zero-based index of a column.

    >>> column_index("A"), column_index("AA")
    (0, 26)

    Raises:
        UnreadablePart: these are no letters of a column that Excel has.
    """
    index = 0
    for letter in letters:
        if not "A" <= letter <= "Z" or index > MAX_COLUMN:
            index = 0
            break
        index = index * 26 + ord(letter) - 64
    if not 1 <= index <= MAX_COLUMN:
        raise UnreadablePart(f"A cell stands in a column that no sheet has ({letters[:12]!r}).")
    return index - 1


def parse_area(reference: str) -> Area | None:
    """Return the rectangle that a defined name refers to; None if it is anything else.

    >>> parse_area("'No deal'!$A$5:$A$9")
    Area(sheet='No deal', top=4, left=0, bottom=8, right=0)
    >>> parse_area("#REF!") is None
    True
    """
    match = _REFERENCE.fullmatch(reference.strip().removeprefix("="))
    if match is None:
        return None
    quoted, plain, left, top, right, bottom = match.groups()
    columns = sorted((column_index(left), column_index(right or left)))
    rows = sorted((int(top) - 1, int(bottom or top) - 1))
    if not 0 <= rows[0] <= rows[1] < MAX_ROW:
        return None
    sheet = quoted.replace("''", "'") if quoted else plain.lstrip("$")
    return Area(sheet, rows[0], columns[0], rows[1], columns[1])


class Book:
    """A workbook opened by :func:`mcda.workbook.guard.open_guarded`, read part by part.

    Every method may raise :class:`~mcda.workbook.guard.UnreadablePart` with a reason in words, or
    one of :data:`~mcda.workbook.guard.NOT_READABLE` where the file is damaged.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._parts = {part_key(name): name for name in archive.namelist()}
        self._path = self._main_part()
        root = self._xml(self._path)
        self._space = root.tag.removesuffix("workbook")
        if self._space not in _WORKBOOK_NAMESPACES:
            raise UnreadablePart("This is an Office file, but not an Excel workbook.")
        targets = self._relations(self._path)
        self._shared_path = next(
            (path for kind, path in targets.values() if kind == "sharedStrings"), None
        )
        self._styles_path = next(
            (path for kind, path in targets.values() if kind == "styles"), None
        )
        self._sheet_paths = {
            sheet.get("name", ""): targets[relation][1]
            for sheet in root.iterfind(f"{self._space}sheets/{self._space}sheet")
            if (relation := _relation_id(sheet)) in targets and targets[relation][0] == "worksheet"
        }
        properties = root.find(f"{self._space}workbookPr")
        self.epoch_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.names = self._defined_names(root)
        self._shared: list[str] | None = None
        self._date_styles: frozenset[int] | None = None
        self._cells: dict[str, Cells] = {}

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The worksheets, in the order of the tabs."""
        return tuple(self._sheet_paths)

    def find_sheet(self, name: str) -> str | None:
        """Return the sheet of that name, whatever its case, as the workbook writes it."""
        if name in self._sheet_paths:
            return name
        wanted = name.strip().casefold()
        return next((s for s in self._sheet_paths if s.strip().casefold() == wanted), None)

    def cells(self, sheet: str) -> Cells:
        """Return the cells of a sheet; KeyError if there is none of that name."""
        if sheet not in self._cells:
            self._cells[sheet] = self._read_cells(sheet)
        return self._cells[sheet]

    def is_date(self, cells: Cells, row: int, column: int) -> bool:
        """Say whether the number in a cell is shown as a date or a time."""
        if self._date_styles is None:
            self._date_styles = frozenset(self._read_date_styles())
        return cells.styles.get((row, column), -1) in self._date_styles

    def _xml(self, path: str) -> Element:
        return ElementTree.fromstring(read_part(self._archive, self._parts[path.casefold()]))

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Return the last word of the kind, and the target's path, by relation."""
        folder, name = posixpath.split(path)
        part = posixpath.join(folder, "_rels", name + ".rels")
        if part.casefold() not in self._parts:
            return {}
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:],
            )
            for relation in self._xml(part).iter(_RELATIONS)
            if relation.get("TargetMode") != "External"
        }

    def _main_part(self) -> str:
        if "content.xml" in self._parts and "mimetype" in self._parts:
            raise UnreadablePart("This is an OpenDocument file, not an Excel workbook (.xlsx).")
        for kind, path in self._relations("").values():
            if kind == "officeDocument":
                if path.endswith(".bin"):
                    raise UnreadablePart("This is a binary workbook (.xlsb), not an .xlsx.")
                if path.casefold() in self._parts:
                    return path
        raise UnreadablePart("This is a zip file, but not an Excel workbook (.xlsx).")

    def _defined_names(self, root: Element) -> dict[str, Area | None]:
        """Return what each name refers to; None for a formula, ``#REF!`` and the like."""
        whole: dict[str, Area | None] = {}
        local: dict[str, Area | None] = {}
        space = self._space
        for name in root.iterfind(f"{space}definedNames/{space}definedName"):
            # A copied sheet brings a second set of names that hold on that sheet only.
            found = whole if name.get("localSheetId") is None else local
            found.setdefault(name.get("name", "").casefold(), parse_area(name.text or ""))
        return {**local, **whole}

    def _shared_strings(self) -> list[str]:
        if self._shared is None:
            self._shared = []
            if self._shared_path is not None:
                items = self._xml(self._shared_path).iterfind(f"{self._space}si")
                self._shared = [self._text(item) for item in items]
        return self._shared

    def _text(self, item: Element) -> str:
        """Return the text of a string item: its one text, or its runs without phonetic hints."""
        space = self._space
        return "".join(
            unescape(text.text or "")
            for part in item
            for text in (
                (part,)
                if part.tag == f"{space}t"
                else part.iterfind(f"{space}t")
                if part.tag == f"{space}r"
                else ()
            )
        )

    def elements(self, sheet: str, *, streamed: bool = False) -> Iterator[tuple[int, int, Element]]:
        """Walk over the cells of a sheet that have content: row, column, element.

        Streamed, a sheet may be larger than an input sheet, and an element is gone after its row.
        """
        number = -1
        for row in self._streamed_rows(sheet) if streamed else self._rows(sheet):
            number = _row_number(row, number)
            for column, cell in _filled(row):
                yield number, column, cell

    def _rows(self, sheet: str) -> Iterator[Element]:
        space = self._space
        root = self._xml(self._sheet_paths[sheet])
        if root.tag != f"{space}worksheet":
            raise UnreadablePart(f"The sheet {sheet} is not a worksheet.")
        data = root.find(f"{space}sheetData")
        yield from () if data is None else data

    def _streamed_rows(self, sheet: str) -> Iterator[Element]:
        name = self._parts[self._sheet_paths[sheet].casefold()]
        if self._archive.getinfo(name).file_size <= MAX_READ_BYTES:
            yield from self._rows(sheet)
            return
        data_tag, row_tag = f"{self._space}sheetData", f"{self._space}row"
        data: Element | None = None
        with self._archive.open(name) as part:
            for event, element in ElementTree.iterparse(part, ("start", "end")):
                if event == "start" and element.tag == data_tag and data is None:
                    data = element
                elif event == "end" and element.tag == row_tag and data is not None:
                    yield element
                    data.clear()
                elif event == "end" and element is data:
                    return

    def _read_cells(self, sheet: str) -> Cells:
        cells = Cells(sheet)
        computed: list[Area] = []
        for row, column, cell in self.elements(sheet):
            value = self._value(cell, cells, row, column, computed)
            if value is not None:
                cells.rows.setdefault(row, {})[column] = value
        _mark_computed(cells, computed)
        return cells

    def _value(
        self, cell: Element, cells: Cells, row: int, column: int, computed: list[Area]
    ) -> Value | None:
        space = self._space
        formula = cell.find(f"{space}f")
        if formula is not None:
            if formula.get("t") in ("array", "dataTable"):
                area = parse_area("x!" + formula.get("ref", ""))
                computed.extend(() if area is None else (area,))
            return FORMULA
        value = self.stored(cell)
        if isinstance(value, float):
            cells.styles[row, column] = _index(cell.get("s", "0"))
        return value

    def stored(self, cell: Element) -> str | float | bool | Fault | None:
        """Return the value that stands in a cell, of a formula its cached result; None if none."""
        space = self._space
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            item = cell.find(f"{space}is")
            return None if item is None else self._text(item) or None
        raw = cell.findtext(f"{space}v")
        if raw is None:
            return None
        if kind == "s":
            return self._shared_strings()[_index(raw)] or None
        if kind in ("str", "d"):
            return unescape(raw) or None
        if kind == "b":
            return raw.strip() in ("1", "true")
        if kind == "e":
            return Fault(raw)
        try:
            return float(raw)
        except ValueError:
            return Fault(raw)

    def _read_date_styles(self) -> Iterator[int]:
        if self._styles_path is None:
            return
        space = self._space
        root = self._xml(self._styles_path)
        codes = {
            code.get("numFmtId"): code.get("formatCode", "") for code in root.iter(f"{space}numFmt")
        }
        for index, style in enumerate(root.iterfind(f"{space}cellXfs/{space}xf")):
            number = style.get("numFmtId", "0")
            if number in codes:
                if re.search("[ymdhs]", _LITERAL.sub("", codes[number]).lower()):
                    yield index
            elif number.isdecimal() and (14 <= int(number) <= 22 or 45 <= int(number) <= 47):
                yield index


def _relation_id(sheet: Element) -> str:
    return next((sheet.attrib[key] for key in _ID_NAMESPACES if key in sheet.attrib), "")


def _index(raw: str) -> int:
    index = int(raw)
    if index < 0:
        raise ValueError(raw)
    return index


def _row_number(row: Element, previous: int) -> int:
    given = row.get("r")
    number = previous + 1 if given is None else int(given) - 1
    if not 0 <= number < MAX_ROW:
        raise UnreadablePart(f"A row has a number that no sheet has ({number + 1}).")
    return number


def _filled(row: Element) -> Iterator[tuple[int, Element]]:
    """Walk over a row's cells that have content, with their columns."""
    cells = list(row)
    if all("r" in cell.attrib for cell in cells if len(cell)):
        for cell in cells:
            if len(cell):
                yield column_index(cell.attrib["r"].rstrip("0123456789")), cell
        return
    column = -1
    for cell in cells:
        given = cell.get("r")
        column = column + 1 if given is None else column_index(given.rstrip("0123456789"))
        if column >= MAX_COLUMN:
            raise UnreadablePart("A row has more cells than a sheet has columns.")
        if len(cell):
            yield column, cell


def _mark_computed(cells: Cells, computed: list[Area]) -> None:
    """Mark what the formulas of a whole block fill: its cells carry results, not inputs."""
    work = 0
    for area in computed:
        if area.top == area.bottom and area.left == area.right:
            continue  # the cell with the formula itself, which is marked already
        for row in range(area.top, area.bottom + 1) if _few(area, cells) else list(cells.rows):
            found = cells.rows.get(row, {}) if area.top <= row <= area.bottom else {}
            work += 1 + len(found)
            if work > _MOST_COMPUTED:
                raise UnreadablePart(f"The sheet {cells.sheet} has too many array formulas.")
            for column in found:
                if area.left <= column <= area.right:
                    found[column] = FORMULA


def _few(area: Area, cells: Cells) -> bool:
    return area.bottom - area.top < len(cells.rows)
