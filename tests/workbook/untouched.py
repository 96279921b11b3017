"""What differs between two workbooks, found without the program's own reader or writer.

A sheet is taken apart at the byte positions that expat tells: what stands before and after its
rows, the tags of its rows, and each cell as bytes. Rows and columns are zero-based.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

At = tuple[int, int]

_WHOLE_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")


@dataclass(slots=True)
class Taken:
    """A sheet's part, taken apart."""

    head: bytes = b""
    tail: bytes = b""
    rows: dict[int, bytes] = field(default_factory=dict)
    """Row number → its attributes but number and spans, which follow from its cells."""
    numbered: bool = True
    cells: dict[At, list[bytes]] = field(default_factory=dict)
    order: list[At] = field(default_factory=list)
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)
    dimension: tuple[At, At] | None = None
    between: list[bytes] = field(default_factory=list)
    """What stands in the rows and is no cell and no space."""


def contents(data: bytes) -> dict[str, bytes]:
    """Return every part of a zip, in the order of the zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def local(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]


def relations(data: dict[str, bytes], of: str) -> dict[str, tuple[str, str]]:
    """Return kind and target path by relation, of a part ("" for the package)."""
    folder, name = posixpath.split(of)
    known = {part.casefold(): part for part in data}
    part = known.get(posixpath.join(folder, "_rels", name + ".rels").casefold())
    if part is None:
        return {}
    return {
        relation.get("Id", ""): (
            relation.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:],
        )
        for relation in ElementTree.fromstring(data[part])
        if relation.get("TargetMode") != "External"
    }


def workbook_part(data: dict[str, bytes]) -> str:
    """Return the path of the main part."""
    return next(path for kind, path in relations(data, "").values() if kind == "officeDocument")


def sheet_parts(data: dict[str, bytes]) -> dict[str, str]:
    """Return the part of every worksheet, by the sheet's name."""
    known = {part.casefold(): part for part in data}
    main = known[workbook_part(data).casefold()]
    targets = relations(data, main)
    found: dict[str, str] = {}
    for element in ElementTree.fromstring(data[main]).iter():
        if local(element.tag) != "sheet":
            continue
        for key, value in element.attrib.items():
            if local(key) == "id" and targets.get(value, ("", ""))[0] == "worksheet":
                found[element.get("name", "")] = known[targets[value][1].casefold()]
    return found


def column_number(letters: str) -> int:
    """Return the zero-based number of a column."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(column: int) -> str:
    """Return the letters of a zero-based column."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def reference(at: At) -> str:
    """Return a place as it is written in a cell's ``r``."""
    return f"{column_letters(at[1])}{at[0] + 1}"


@lru_cache(maxsize=100)
def take_apart(xml: bytes) -> Taken:
    """Take a sheet's part apart; what is returned is not to be changed."""
    return _Taking(_plain(xml)).taken


class _Taking:
    def __init__(self, xml: bytes) -> None:
        self.xml, self.taken = xml, Taken()
        self.stack: list[tuple[str, int]] = []
        self.row = self.column = -1
        self.written = 0
        self.skipped: list[tuple[int, int]] = []
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.Parse(xml, True)
        if self.taken.head == b"":
            self.taken.head = self.without_skipped(0, len(xml))

    def tag_end(self, at: int) -> int:
        tag = _WHOLE_TAG.match(self.xml, at)
        assert tag is not None
        return tag.end()

    def without_skipped(self, start: int, end: int) -> bytes:
        text = b""
        for left, right in self.skipped:
            if start <= left < end:
                text += self.xml[start:left]
                start = right
        return text + self.xml[start:end]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        at, depth, tag = self.parser.CurrentByteIndex, len(self.stack), local(name)
        self.stack.append((tag, at))
        path = tuple(tag for tag, _ in self.stack)
        corners = re.fullmatch(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?", attributes.get("ref", ""))
        if path[1:] == ("dimension",) and corners is not None:
            left, top, right, bottom = corners.groups()
            self.taken.dimension = (
                (int(top) - 1, column_number(left)),
                (int(bottom or top) - 1, column_number(right or left)),
            )
        if path[1:] == ("sheetData",) and path[0] == "worksheet":
            self.taken.head = self.without_skipped(0, at) + self.attributes(at, ())
            self.written = self.tag_end(at)
        elif path[1:] == ("sheetData", "row"):
            self.between(at)
            given = attributes.get("r")
            self.row = self.row + 1 if given is None else int(given) - 1
            self.taken.numbered &= given is not None
            self.column = -1
            assert self.row not in self.taken.rows or self.taken.rows[self.row] == b""
            if re.fullmatch(r"\d+:\d+", attributes.get("spans", "")):
                first, last = attributes["spans"].split(":")
                self.taken.spans[self.row] = (int(first) - 1, int(last) - 1)
            self.taken.rows[self.row] = self.attributes(at, (b"r", b"spans"))
            self.written = self.tag_end(at)
        elif path[1:] == ("sheetData", "row", "c"):
            self.between(at)
            given = attributes.get("r")
            self.column = (
                self.column + 1
                if given is None
                else column_number(given.replace("$", "").rstrip("0123456789"))
            )
        assert depth < 200

    def attributes(self, at: int, but: tuple[bytes, ...]) -> bytes:
        found = _ATTRIBUTE.findall(self.xml[at : self.tag_end(at)])
        return b" ".join(name + b"=" + value for name, value in found if name not in but)

    def between(self, at: int) -> None:
        text = self.xml[self.written : at].strip()
        if text:
            self.taken.between.append(text)

    def end(self, name: str) -> None:
        path = tuple(tag for tag, _ in self.stack)
        _, began = self.stack.pop()
        at, end = self.parser.CurrentByteIndex, self.tag_end(began)
        if self.xml[end - 2 : end] == b"/>":
            at = began  # an element without content has one tag
        else:
            end = self.tag_end(at)
        if path[1:] == ("dimension",):
            self.skipped.append((began, end))
        if path[1:2] != ("sheetData",) or len(path) > 4:
            return
        if path[1:] == ("sheetData", "row", "c"):
            place = (self.row, self.column)
            self.taken.cells.setdefault(place, []).append(self.xml[began:end])
            self.taken.order.append(place)
        elif len(path) == 4:
            return  # no cell: told by what is between
        elif at > began:
            self.between(at)
        self.written = end
        if len(path) == 2:
            self.taken.tail = self.without_skipped(end, len(self.xml))


def _same_cell(old: list[bytes], new: list[bytes], at: At) -> bool:
    if old == new:
        return True
    # A cell without a reference of its own must get one when a cell is put before it.
    given = f' r="{reference(at)}"'.encode()
    return [_unreferenced(o) for o in old] == [_unreferenced(n) for n in new] and all(
        b" r=" not in _tag(o) and given in _tag(n).replace(b"'", b'"')
        for o, n in zip(old, new, strict=True)
    )


def _tag(cell: bytes) -> bytes:
    return cell[: cell.index(b">") + 1]


def _unreferenced(cell: bytes) -> bytes:
    tag = _tag(cell)
    return re.sub(rb"""\s+r\s*=\s*("[^"]*"|'[^']*')""", b"", tag, count=1) + cell[len(tag) :]


def sheet_differences(old: bytes, new: bytes, but: set[At]) -> list[str]:
    """Say what differs between a sheet's part before and after, the cells of ``but`` apart."""
    before, after = take_apart(old), take_apart(new)
    found = []
    if before.head != after.head:
        found.append(f"before the rows: {_first(before.head, after.head)}")
    if before.tail != after.tail:
        found.append(f"after the rows: {_first(before.tail, after.tail)}")
    if before.between != after.between:
        found.append(f"between cells: {before.between} became {after.between}")
    rows_with_edits = {row for row, _ in but}
    for row in sorted(before.rows.keys() | after.rows.keys()):
        was, now = before.rows.get(row, b""), after.rows.get(row, b"")
        if was != now:
            found.append(f"row {row + 1}: {was!r} became {now!r}")
        if (row in before.rows) != (row in after.rows) and row not in rows_with_edits:
            found.append(f"row {row + 1} came or went")
    for at in sorted((before.cells.keys() | after.cells.keys()) - but):
        was_cell, now_cell = before.cells.get(at, []), after.cells.get(at, [])
        if not _same_cell(was_cell, now_cell, at):
            found.append(f"{reference(at)}: {was_cell} became {now_cell}")
    if _within(before) and not _within(after):
        found.append(f"the dimension or a row's spans no longer hold all cells: {after.dimension}")
    if before.order == sorted(before.order) and after.order != sorted(after.order):
        found.append("the cells are out of order")
    if list(before.rows) == sorted(before.rows) and list(after.rows) != sorted(after.rows):
        found.append("the rows are out of order")
    return found


def _within(sheet: Taken) -> bool:
    """Say whether the dimension holds all cells, and each row's spans the row's."""
    if sheet.dimension is not None and sheet.cells:
        (top, left), (bottom, right) = sheet.dimension
        rows, columns = {row for row, _ in sheet.cells}, {column for _, column in sheet.cells}
        if not (top <= min(rows) <= max(rows) <= bottom):
            return False
        if not (left <= min(columns) <= max(columns) <= right):
            return False
    spans = sheet.spans
    return all(
        row not in spans or spans[row][0] <= column <= spans[row][1] for row, column in sheet.cells
    )


def _first(old: bytes, new: bytes) -> str:
    at = next((i for i, (o, n) in enumerate(zip(old, new, strict=False)) if o != n), None)
    at = min(len(old), len(new)) if at is None else at
    start = max(at - 40, 0)
    return f"…{old[start : at + 60]!r} became …{new[start : at + 60]!r}"


def changed_parts(old: bytes, new: bytes) -> set[str]:
    """Return the parts that were changed, added or taken away."""
    before, after = contents(old), contents(new)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def zip_differences(old: bytes, new: bytes) -> list[str]:
    """Say what differs in the zip's list of parts: its order, its comment, the parts' dates."""
    with (
        zipfile.ZipFile(io.BytesIO(old)) as was,
        zipfile.ZipFile(io.BytesIO(new)) as now,
    ):
        found = [] if was.comment == now.comment else ["the comment of the zip"]
        both = set(was.namelist()) & set(now.namelist())
        orders = [[name for name in z.namelist() if name in both] for z in (was, now)]
        found += [] if orders[0] == orders[1] else ["the order of the parts"]
        for name in sorted(both - changed_parts(old, new)):
            first, second = was.getinfo(name), now.getinfo(name)
            if (first.date_time, first.compress_type, first.external_attr) != (
                second.date_time,
                second.compress_type,
                second.external_attr,
            ):
                found.append(f"the entry of {name}")
        return found


_CALC = re.compile(rb"<(?:\w+:)?calcPr\b[^>]*?(/>|>\s*</(?:\w+:)?calcPr>)")


def workbook_differences(old: bytes, new: bytes) -> list[str]:
    """Say what differs in the main part but the order to calculate on opening."""
    was, now = (_CALC.sub(b"", _plain(xml)) for xml in (old, new))
    if was != now:
        return [f"the workbook part: {_first(was, now)}"]
    first, second = (
        _attributes_of(match.group()) if (match := _CALC.search(_plain(xml))) else {}
        for xml in (old, new)
    )
    orders = [[local(child.tag) for child in ElementTree.fromstring(xml)] for xml in (old, new)]
    if _in_order(orders[0]) and not _in_order(orders[1]):
        return [f"the order of the workbook part: {orders[1]}"]
    second.pop("fullCalcOnLoad", None)
    first.pop("fullCalcOnLoad", None)
    return [] if first == second else [f"calcPr: {first} became {second}"]


_WORKBOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize",
    "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
"""ECMA-376 part 1 §18.2.27, CT_Workbook."""


def _in_order(tags: list[str]) -> bool:
    known = [_WORKBOOK_ORDER.index(tag) for tag in tags if tag in _WORKBOOK_ORDER]
    return known == sorted(known)


def _plain(xml: bytes) -> bytes:
    """Return a part in UTF-8, whatever its encoding was, and its declaration without that."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        xml = xml.decode("utf-16").encode()
    return re.sub(rb'^(<\?xml[^>]*?) encoding="UTF-(8|16)"', rb"\1", xml, count=1)


def _attributes_of(tag: bytes) -> dict[str, Any]:
    return {name.decode(): value[1:-1] for name, value in _ATTRIBUTE.findall(tag)}


def differences(
    old: bytes, new: bytes, edited: dict[str, set[At]], *, formulas_go: bool = False
) -> list[str]:
    """Say everything that differs between two zips but the cells that were edited."""
    return zip_differences(old, new) + content_differences(
        old, new, edited, formulas_go=formulas_go
    )


def content_differences(
    old: bytes, new: bytes, edited: dict[str, set[At]], *, formulas_go: bool = False
) -> list[str]:
    """Say everything that differs between two workbooks but the cells that were edited.

    The order to calculate on opening may be set; the chain of calculation may change only where
    ``formulas_go``.
    """
    before, after = contents(old), contents(new)
    parts = sheet_parts(before)
    main = next(p for p in before if p.casefold() == workbook_part(before).casefold())
    found = []
    cells_of: dict[str, set[At]] = {}
    for sheet, places in edited.items():
        cells_of.setdefault(parts[sheet], set()).update(places)
    for part in sorted(changed_parts(old, new)):
        if part not in before or part not in after:
            if not (formulas_go and "calcchain" in part.casefold()):
                found.append(f"{part} {'was added' if part in after else 'was taken away'}")
        elif part in cells_of:
            told = sheet_differences(before[part], after[part], cells_of[part])
            found.extend(f"{part}: {line}" for line in told)
        elif part == main:
            found.extend(workbook_differences(before[part], after[part]))
        elif formulas_go and _chain_only(part, before[part], after[part]):
            continue
        else:
            found.append(f"{part}: {_first(before[part], after[part])}")
    if formulas_go:
        for number, cell in sorted(chain_faults(new) - chain_faults(old)):
            found.append(f"the chain of calculation names {cell} of sheet {number}")
    return found


def chain_faults(data: bytes) -> set[tuple[int, str]]:
    """Return the entries of the chain of calculation that name a cell without a formula.

    Excel calls a workbook with such an entry damaged.
    """
    parts = contents(data)
    chain = next((p for p in parts if p.casefold().endswith("calcchain.xml")), None)
    if chain is None:
        return set()
    sheets = _parts_by_number(parts)
    faults, number = set(), 0
    for entry in ElementTree.fromstring(parts[chain]):
        number = int(entry.get("i", number))
        cells = take_apart(parts[sheets[number]]).cells if number in sheets else {}
        cell = entry.get("r", "")
        match = re.fullmatch(r"([A-Z]+)(\d+)", cell)
        at = (int(match[2]) - 1, column_number(match[1])) if match else (-1, -1)
        if not re.search(rb"<(\w+:)?f[\s/>]", b"".join(cells.get(at, []))):
            faults.add((number, cell))
    return faults


def _parts_by_number(parts: dict[str, bytes]) -> dict[int, str]:
    main = next(p for p in parts if p.casefold() == workbook_part(parts).casefold())
    paths = sheet_parts(parts)
    return {
        int(element.get("sheetId", "0")): paths[element.get("name", "")]
        for element in ElementTree.fromstring(parts[main]).iter()
        if local(element.tag) == "sheet" and element.get("name", "") in paths
    }


def _chain_only(part: str, old: bytes, new: bytes) -> bool:
    """Say whether a part differs only by what the chain of calculation needs to go."""
    if "calcchain" in part.casefold():
        return True
    if part.casefold().endswith(("workbook.xml.rels", "[content_types].xml")):
        mention = re.compile(rb"<(?:\w+:)?(?:Relationship|Override)\b[^>]*calcChain[^>]*/>")
        return mention.sub(b"", old) == mention.sub(b"", new)
    return False
