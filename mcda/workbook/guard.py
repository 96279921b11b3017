"""Whether a file is safe to open as a workbook, decided from its bytes before any library reads it.

A workbook is a zip of XML parts. The zip directory tells size, ratio, entries and encryption
without inflating anything; the standard library's zip reader never inflates an entry beyond the
size declared there, so a directory that lies ends in a checksum error, not in memory. A document
type can only stand before a part's first element, so the first bytes of each part are enough to
refuse one, and without it there are no entities to expand.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from mcda.problems import CaseProblem, Problem

MAX_FILE_BYTES = 100_000_000
"""Size of the file itself."""
MAX_ENTRIES = 10_000
"""Parts in the zip; a large workbook has a few hundred."""
MAX_TOTAL_BYTES = 1_000_000_000
"""All parts together once inflated."""
MAX_PART_BYTES = 400_000_000
"""One part once inflated."""
MAX_READ_BYTES = 64_000_000
"""A part that is read whole: an input sheet, the shared strings."""
MAX_RATIO = 250
"""Inflated size to packed size, for parts over ``RATIO_FROM``; sheets of formulas reach 60."""
RATIO_FROM = 10_000_000
PROLOG_BYTES = 65_536
"""Where at the latest a part's first element begins."""
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
"""The last row and column of an Excel sheet."""

NOT_READABLE = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, RuntimeError,
    ValueError, LookupError, OSError, OverflowError, SyntaxError,
)  # fmt: skip
"""What the standard library raises on damaged zips and parts (a ParseError is a SyntaxError)."""

_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_HEAD = 2_048


class UnreadablePart(ValueError):
    """A part that cannot be what it should be; the message says why, in words."""


def refuse(where: str, what: str, fix: str) -> CaseProblem:
    """Return a problem with the whole file."""
    return CaseProblem([Problem(where, what, fix)])


def part_key(name: str) -> str:
    """Return what names a part: some programs write a slash before it, or backslashes in it.

    >>> part_key("/xl/Workbook.xml")
    'xl/workbook.xml'
    """
    return name.replace("\\", "/").lstrip("/").casefold()


def open_guarded(data: bytes, where: str) -> zipfile.ZipFile:
    """Check the bytes of a file and open them as a zip.

    Args:
        data: the whole file.
        where: the file's name, for the message.

    Raises:
        CaseProblem: this is no workbook, or not one that is safe to open.
    """
    _check_kind(data, where)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except NOT_READABLE:
        raise refuse(
            where,
            "The file is damaged: its list of parts cannot be read.",
            "Take an undamaged copy, or open it in Excel, let it repair the file, and save it.",
        ) from None
    _check_directory(archive.infolist(), where)
    try:
        for entry in archive.infolist():
            if entry.filename.endswith((".xml", ".rels")):
                _check_prolog(archive, entry)
    except UnreadablePart as problem:
        raise refuse(
            where, f"{problem} Excel never writes this.", "Do not trust where it came from."
        ) from None
    except NOT_READABLE:
        raise damaged(where) from None
    return archive


def damaged(where: str) -> CaseProblem:
    """Return the problem of a file whose parts cannot be read."""
    return refuse(
        where,
        "The file is damaged: a part of it cannot be read.",
        "Take an undamaged copy, or open it in Excel, let it repair the file, and save it.",
    )


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a whole part, inflated.

    Raises:
        UnreadablePart: it is larger than ``MAX_READ_BYTES``.
        KeyError: there is no such part. What else a damaged zip raises is in ``NOT_READABLE``.
    """
    entry = archive.getinfo(name)
    if entry.file_size > MAX_READ_BYTES:
        raise UnreadablePart(
            f"The part {name} is {entry.file_size / 1e6:.0f} MB; an input sheet may have "
            f"{MAX_READ_BYTES / 1e6:.0f} MB."
        )
    return archive.read(entry)


def _check_kind(data: bytes, where: str) -> None:
    if not data:
        raise refuse(where, "The file is empty.", "Take a copy that is not.")
    if data.startswith(_CFB):
        if _ENCRYPTED_STREAM in data:
            raise refuse(
                where,
                "The workbook is encrypted with a password.",
                "Open it in Excel and remove the password (File > Info > Protect Workbook).",
            )
        raise refuse(
            where,
            "This is an old Excel or Office file (.xls), or an encrypted one.",
            "Open it in Excel and save it as an Excel workbook (.xlsx), without a password.",
        )
    if len(data) > MAX_FILE_BYTES:
        raise refuse(
            where,
            f"The file has {len(data) / 1e6:.0f} MB; a workbook may have "
            f"{MAX_FILE_BYTES / 1e6:.0f} MB.",
            "Take pictures and sheets that the case does not need out of it.",
        )
    if not data.startswith(b"PK"):
        raise refuse(
            where,
            "This is not an Excel workbook (.xlsx).",
            'Name a workbook made by "mcda new", or a case as a .json file.',
        )
    # Counted before the list is built: building it is what a million entries would make slow.
    if data.count(b"PK\x01\x02") > 2 * MAX_ENTRIES:
        raise _too_many(where)


def _too_many(where: str) -> CaseProblem:
    return refuse(
        where,
        f"The file holds more than {MAX_ENTRIES} parts; no workbook needs so many.",
        "Do not trust where it came from.",
    )


def _check_directory(entries: list[zipfile.ZipInfo], where: str) -> None:
    distrust = "Do not trust where it came from."
    if len(entries) > MAX_ENTRIES:
        raise _too_many(where)
    names: set[str] = set()
    total = 0
    for entry in entries:
        name = entry.filename
        total += entry.file_size
        if entry.flag_bits & 0x1:
            raise refuse(
                where,
                f"The part {name} is encrypted.",
                "Remove the password and save it again.",
            )
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refuse(
                where,
                f"The part {name} is packed in a way that workbooks do not use.",
                "Open it in Excel and save it again.",
            )
        key = part_key(name)
        if key in names:
            raise refuse(where, f"The part {name} stands in the file twice.", distrust)
        names.add(key)
        if ".." in posixpath.normpath(key).split("/"):
            raise refuse(where, f"The part {name} has a path that leads out of it.", distrust)
        if entry.file_size > MAX_PART_BYTES:
            raise refuse(
                where,
                f"The part {name} unpacks to {entry.file_size / 1e6:.0f} MB; it may have "
                f"{MAX_PART_BYTES / 1e6:.0f} MB.",
                distrust,
            )
        if total > MAX_TOTAL_BYTES:
            raise refuse(
                where,
                f"The file unpacks to more than {MAX_TOTAL_BYTES / 1e6:.0f} MB.",
                distrust,
            )
        packed = max(entry.compress_size, 1)
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * packed:
            raise refuse(
                where,
                f"The part {name} unpacks to {entry.file_size // packed} times its size; that is "
                "a zip bomb, not a workbook.",
                distrust,
            )


class _Root(Exception):
    """Says that a part's first element was reached; no error."""


def _check_prolog(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Parse a part up to its first element; a document type can only stand before it."""

    def doctype(*_: object) -> None:
        raise UnreadablePart(f"The part {entry.filename} declares a document type (DTD).")

    def element(*_: object) -> None:
        raise _Root

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    seen = 0
    try:
        with archive.open(entry) as part:
            while seen < PROLOG_BYTES:
                head = part.read(_HEAD)
                if not head:
                    return
                parser.Parse(head)
                seen += len(head)
    except _Root:
        return
    except expat.ExpatError:
        # Not XML before its first element, so nothing that reads it can get to an entity.
        return
    raise UnreadablePart(
        f"The part {entry.filename} has more than {PROLOG_BYTES} bytes before its content."
    )
