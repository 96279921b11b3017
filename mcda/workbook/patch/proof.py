"""Whether a written workbook is what was asked for, told by other means than those that wrote it.

The zip is read by the standard library, the XML by expat, the values by
:class:`~mcda.workbook.cells.Book`. A whole sheet is parsed, so that it is known to be well formed;
only the rows that were written to are looked at, before and after.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
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

    ``old`` and ``new`` are the sheet in stretches; ``edits`` come with the style that the cell has
    afterwards; ``freed`` are cells that got a formula of their own for one that they shared.
    """

    sheet: str
    path: str
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
        _prove_parts(old, new, before, after, parts, name)
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
    name: str,
) -> None:
    kept = [info for info in before.infolist() if parts.get(info.filename, ()) is not None]
    if [info.filename for info in kept] != after.namelist() or before.comment != after.comment:
        raise _fail(name, "The list of parts would not be the same.")
    for was, now in zip(kept, after.infolist(), strict=True):
        content = parts.get(was.filename)
        if content is None:
            same = _raw(old, was) == _raw(new, now) and _facts(was, True) == _facts(now, True)
        else:
            same = _holds(after, now, content) and _facts(was, False) == _facts(now, False)
        if not same:
            raise _fail(name, f"The part {was.filename} would not be what it should be.")


def _facts(info: zipfile.ZipInfo, untouched: bool) -> tuple[object, ...]:
    always = (
        info.date_time, info.compress_type, info.external_attr, info.internal_attr, info.comment,
        info.create_system, info.create_version, info.extract_version,
    )  # fmt: skip
    return (*always, info.CRC, info.file_size, info.flag_bits) if untouched else always


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
    before = _read(claim.old, claim.sheet)
    after = _read(claim.new, claim.sheet)
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
    stated = {"t", "s", "r"}
    if was is not None and {k: v for k, v in was.attrib.items() if k not in stated} != {
        k: v for k, v in cell.attrib.items() if k not in stated
    }:
        return False
    return _reads(edit.value, book.stored(cell), cell.get("t"), book.epoch_1904)


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


def _read(stretches: Sequence[Stretch], sheet: str) -> Rows:
    """Parse a whole part and return the cells of the rows that are marked.

    The handlers are set for the marked stretches only: without any, expat takes a part in a
    fiftieth of the time.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    defer: Callable[[bool], None] | None = getattr(parser, "SetReparseDeferralEnabled", None)
    if defer is not None:
        defer(False)  # each stretch must be told before the next
    parser.buffer_text = True
    found: Rows = {}
    for data, row in stretches:
        if row is None:
            parser.Parse(bytes(data) if len(data) < _CHUNK else data, False)
            continue
        builder = ElementTree.TreeBuilder()
        _listen(parser, builder)
        parser.Parse(data, False)
        _listen(parser, None)
        found[row] = _cells(builder, sheet, row)
    parser.Parse(b"", True)
    return found


def _listen(parser: expat.XMLParserType, builder: ElementTree.TreeBuilder | None) -> None:
    if builder is None:
        parser.StartElementHandler = parser.EndElementHandler = None
        parser.CharacterDataHandler = None
        return
    start, end, depth = builder.start, builder.end, [0]

    def started(tag: str, attributes: dict[str, str]) -> None:
        depth[0] += 1
        start("{" + tag if "}" in tag else tag, attributes)

    def ended(tag: str) -> None:
        depth[0] -= 1
        end("{" + tag if "}" in tag else tag)

    def text(data: str) -> None:
        if depth[0]:
            builder.data(data)

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler = text


def _cells(builder: ElementTree.TreeBuilder, sheet: str, number: int) -> dict[int, Element]:
    """Return the cells of a row that was built, by column."""
    wrong = _fail(f"{sheet}, row {number + 1}", "The row would not be where it should be.")
    try:
        row = builder.close()
    except AssertionError:
        raise wrong from None
    if not row.tag.endswith("}row") or row.get("r", str(number + 1)) != str(number + 1):
        raise wrong
    cells: dict[int, Element] = {}
    column = -1
    for cell in row:
        if not cell.tag.endswith("}c"):
            continue
        place = cell.get("r")
        column = column + 1 if place is None else column_index(place.rstrip("0123456789"))
        if column in cells:
            raise wrong
        cells[column] = cell
    return cells
