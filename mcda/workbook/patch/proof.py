"""Whether a written workbook is what was asked for, told by other means than those that wrote it.

The zip is read by the standard library, the XML by expat, the values by
:class:`~mcda.workbook.cells.Book`. A whole sheet is parsed, so that it is known to be well formed;
only the rows that were written to are looked at, before and after.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.parsers import expat

from mcda.problems import CaseProblem, Problem
from mcda.workbook.cells import Book, Fault, column_index
from mcda.workbook.patch.archive import Pieces
from mcda.workbook.patch.cell import iso
from mcda.workbook.patch.edits import Edit, Formula, Result, Scalar, serial
from mcda.workbook.patch.shared_formulas import Spot

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Rows = dict[int, dict[int, "Element"]]
"""The cells of some rows, by row and column."""
Stretch = tuple[bytes | memoryview, int | None]
"""Bytes of a part, and the row that they are; None for what is not looked at."""


class Unproven(CaseProblem):
    """What was written is not what was asked for; it goes no further."""


@dataclass(frozen=True, slots=True)
class SheetClaim:
    """What a sheet was and is said to be now.

    ``new`` is the whole sheet in stretches; ``old`` the rows that were written to, as they were
    (all bytes between them are the same, so that they stood where the new ones stand); ``frame``
    what opens and closes the sheet and its rows, with all prefixes; ``edits`` come with the style
    that the cell has afterwards; ``freed`` are cells that got a formula of their own for one that
    they shared.
    """

    sheet: str
    path: str
    frame: tuple[bytes, bytes]
    old: Sequence[Stretch]
    new: Sequence[Stretch]
    edits: Sequence[tuple[Edit, int]]
    freed: Mapping[Spot, str]


def prove(
    old: bytes,
    new: bytes,
    name: str,
    parts: Mapping[str, Pieces | None],
    claims: Sequence[SheetClaim],
) -> None:
    """Check a written workbook against the one it was made from.

    Args:
        old: the file before.
        new: the file after.
        name: its name, for messages.
        parts: the parts that may differ, with what they hold now (None: they are gone).
        claims: what was done to each sheet.

    Raises:
        Unproven: something else changed, or a cell does not hold what it was given.
    """
    with zipfile.ZipFile(BytesIO(old)) as before, zipfile.ZipFile(BytesIO(new)) as after:
        sheets = {claim.path for claim in claims}
        _prove_parts(old, new, before, after, parts, sheets, name)
        book = Book(after)
        for claim in claims:
            _prove_sheet(claim, book, name)


def _fail(where: str, what: str) -> Unproven:
    return Unproven(
        [
            Problem(
                where, f"{what} Nothing was written.", "This is a fault of the program: report it."
            )
        ]
    )


def _prove_parts(
    old: bytes,
    new: bytes,
    before: zipfile.ZipFile,
    after: zipfile.ZipFile,
    parts: Mapping[str, Pieces | None],
    sheets: Container[str],
    name: str,
) -> None:
    kept = [info for info in before.infolist() if parts.get(info.filename, ()) is not None]
    if [info.filename for info in kept] != after.namelist() or _ending(old) != _ending(new):
        raise _fail(name, "The list of parts would not be the same.")
    for was, now in zip(kept, after.infolist(), strict=True):
        content = parts.get(was.filename)
        if content is None:
            same = _raw(old, was) == _raw(new, now) and _facts(was, True) == _facts(now, True)
        else:
            same = _holds(after, now, content) and _facts(was, False) == _facts(now, False)
        if same and content is not None and was.filename not in sheets:
            same = _only_less(before.read(was), after.read(now))
        if not same:
            raise _fail(name, f"The part {was.filename} would not be what it should be.")


def _only_less(old: bytes, new: bytes) -> bool:
    """Say whether a part of the workbook itself lost nothing but what may go or change in it.

    That is how it is calculated, entries of the calculation chain, and who names that chain.
    """
    was, now = (list(ElementTree.fromstring(xml).iter()) for xml in (old, new))
    stays = [[_told(e) for e in part if _local(e) not in _MAY_GO] for part in (was, now)]
    entries = [[_told(e) for e in part if _local(e) in _MAY_GO[1:]] for part in (was, now)]
    known = set(entries[0])
    return stays[0] == stays[1] and all(entry in known for entry in entries[1])


_MAY_GO = ("calcPr", "c", "Relationship", "Override")


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _told(element: Element) -> tuple[object, ...]:
    """Return what an element says; a chain's entry may come to state its sheet."""
    attributes = {k: v for k, v in element.attrib.items() if k != "i" or _local(element) != "c"}
    return element.tag, frozenset(attributes.items()), (element.text or "").strip()


def _facts(info: zipfile.ZipInfo, untouched: bool) -> tuple[object, ...]:
    always = (
        info.date_time, info.compress_type, info.external_attr, info.internal_attr, info.comment,
        info.create_system, info.create_version, info.extract_version,
    )  # fmt: skip
    return (*always, info.CRC, info.file_size, info.flag_bits) if untouched else always


def _ending(data: bytes) -> bytes:
    """Return what follows the figures of the zip's last record: its comment and any rest."""
    return data[data.rfind(b"PK\x05\x06") + 20 :]


def _raw(data: bytes, info: zipfile.ZipInfo) -> memoryview:
    """Return the packed bytes of a part; equal ones of one method inflate equally."""
    name, extra = struct.unpack_from("<2H", data, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    return memoryview(data)[start : start + info.compress_size]


def _holds(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: Pieces) -> bool:
    """Say whether a part inflates to some bytes; the library checks its checksum on the way."""
    with archive.open(info) as part:
        for piece in content:
            view = memoryview(piece)
            for at in range(0, len(view), _CHUNK):
                if part.read(min(_CHUNK, len(view) - at)) != view[at : at + _CHUNK]:
                    return False
        return not part.read(1)


_CHUNK = 1 << 20


def _prove_sheet(claim: SheetClaim, book: Book, name: str) -> None:
    _check_places(claim)
    before, after = _read(claim.old, claim), _read(claim.new, claim)
    edits = {(edit.row, edit.column): (edit, style) for edit, style in claim.edits}
    for row in before.keys() | after.keys():
        was, now = before.get(row, {}), after.get(row, {})
        for column in was.keys() | now.keys():
            spot = row, column
            if spot in edits or spot in claim.freed:
                continue
            if column not in was or column not in now or not _equal(was[column], now[column]):
                raise _fail(
                    f"{claim.sheet}, row {row + 1}", "A cell that was not asked for changed."
                )
    for (row, column), formula in claim.freed.items():
        if (row, column) not in edits:
            cell = after.get(row, {}).get(column)
            if cell is None or _child(cell, "f") != formula:
                raise _fail(f"{claim.sheet}, row {row + 1}", "A shared formula was not copied.")
    for (row, column), (edit, style) in edits.items():
        was_cell, cell = before.get(row, {}).get(column), after.get(row, {}).get(column)
        if cell is None or not _as_asked(edit, style, was_cell, cell, book):
            raise _fail(edit.place, "The cell would not read back as it was given.")


def _as_asked(edit: Edit, style: int, was: Element | None, cell: Element, book: Book) -> bool:
    formula = _child(cell, "f")
    if isinstance(edit.to, Formula):
        if formula != edit.to.text:
            return False
    elif isinstance(edit.to, Result):
        if formula is None or was is None:
            return False
    elif formula is not None:
        return False
    if cell.get("s", "0") != str(style) and not (style == 0 and "s" not in cell.attrib):
        return False
    if was is not None and _kept(was) != _kept(cell):
        return False
    return _reads(edit.value, book.stored(cell), cell.get("t"), book.epoch_1904)


def _kept(cell: Element) -> dict[str, str]:
    return {key: value for key, value in cell.attrib.items() if key not in ("t", "s")}


def _reads(given: Scalar | Fault, found: object, kind: str | None, epoch_1904: bool) -> bool:
    if given is None or given == "":
        return found is None
    if isinstance(given, date):
        return found == (iso(given) if kind == "d" else serial(given, epoch_1904))
    if isinstance(given, bool) or isinstance(found, bool):
        return given is found
    return type(found) in (str, float, Fault) and found == given


def _child(cell: Element, name: str) -> str | None:
    child = next((part for part in cell if part.tag.endswith("}" + name)), None)
    return None if child is None else child.text or ""


def _equal(one: Element, other: Element) -> bool:
    return (
        (one.tag, one.attrib, one.text or "") == (other.tag, other.attrib, other.text or "")
        and len(one) == len(other)
        and all(map(_equal, one, other))
    )


def _check_places(claim: SheetClaim) -> None:
    """Parse the whole sheet, and see that a row starts where each written row is said to stand.

    A handler is set at those places only: without any, expat takes a part in a fiftieth of the
    time. Bytes that are a row by themselves, and start one there, are that row.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    defer: Callable[[bool], None] | None = getattr(parser, "SetReparseDeferralEnabled", None)
    if defer is not None:
        defer(False)  # each stretch must be told before the next
    seen: list[tuple[str, int]] = []

    def started(tag: str, _: dict[str, str]) -> None:
        parser.StartElementHandler = None
        seen.append((tag, parser.CurrentByteIndex))

    at = 0
    for data, row in claim.new:
        expected = len(seen) + (row is not None)
        if row is not None:
            parser.StartElementHandler = started
        for start in range(0, len(data), _CHUNK):
            parser.Parse(bytes(data[start : start + _CHUNK]), False)
        if len(seen) != expected or (
            row is not None and (not seen[-1][0].endswith("}row") or seen[-1][1] != at)
        ):
            raise _misplaced(claim.sheet, row or 0)
        at += len(data)
    parser.Parse(b"", True)


def _misplaced(sheet: str, row: int) -> Unproven:
    return _fail(f"{sheet}, row {row + 1}", "The row would not be where it should be.")


def _read(stretches: Iterable[Stretch], claim: SheetClaim) -> Rows:
    """Parse rows in the sheet's own frame and return their cells."""
    parser = ElementTree.XMLParser()
    parser.feed(claim.frame[0])
    numbers = []
    for data, row in stretches:
        if row is not None:
            parser.feed(bytes(data))
            numbers.append(row)
    parser.feed(claim.frame[1])
    rows = list(next(iter(parser.close())))
    if len(rows) != len(numbers):
        raise _misplaced(claim.sheet, 0)
    return {
        number: _cells(row, claim.sheet, number) for number, row in zip(numbers, rows, strict=True)
    }


def _cells(row: Element, sheet: str, number: int) -> dict[int, Element]:
    """Return the cells of a row, by column."""
    if not row.tag.endswith("}row") or row.get("r", str(number + 1)) != str(number + 1):
        raise _misplaced(sheet, number)
    cells: dict[int, Element] = {}
    column = -1
    for cell in row:
        if not cell.tag.endswith("}c"):
            continue
        place = cell.get("r")
        column = column + 1 if place is None else column_index(place.rstrip("0123456789"))
        if column in cells:
            raise _misplaced(sheet, number)
        cells[column] = cell
    return cells
