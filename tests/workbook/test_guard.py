"""The guard: what is not a safe workbook is refused in words, quickly, with the file's name."""

from __future__ import annotations

import io
import struct
import time
import warnings
import zipfile

import pytest

from mcda.json_form import case_from_data
from mcda.problems import CaseProblem
from mcda.workbook import guard
from mcda.workbook.read import case_from_workbook
from tests.case_strategy import random_case
from tests.workbook.books import bare, part, rezipped, sheet_part

SHEET = sheet_part("Weights")
XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@pytest.fixture(scope="module")
def book() -> bytes:
    return bare(case_from_data(random_case(1)))


def refusal(data: bytes) -> str:
    """What is said about a file that must be refused."""
    with pytest.raises(CaseProblem) as caught:
        case_from_workbook(data, "talks.xlsx")
    assert [problem.where for problem in caught.value.problems] == ["talks.xlsx"]
    problem = caught.value.problems[0]
    assert problem.what
    assert problem.fix
    return str(problem)


def zipped(parts: dict[str, bytes]) -> bytes:
    return rezipped(rezipped(EMPTY_ZIP, {}), dict(parts))


EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


def test_a_good_workbook_passes(book: bytes) -> None:
    assert guard.open_guarded(book, "talks.xlsx").testzip() is None


def test_it_costs_little(book: bytes) -> None:
    """Under 30 ms on a workbook of the size that a case has (measured: 1–2 ms)."""
    padded = rezipped(book, {"xl/media/image1.png": bytes(range(256)) * 1200})
    best = min(_seconds(padded) for _ in range(5))
    assert best < 0.03


def _seconds(data: bytes) -> float:
    start = time.perf_counter()
    guard.open_guarded(data, "talks.xlsx")
    return time.perf_counter() - start


def test_a_bomb_is_refused_at_once() -> None:
    """600 MB in a part of a 0.6 MB zip."""
    stream = io.BytesIO()
    block = b"<c/>" * 250_000
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as target,
    ):
        for _ in range(600):
            target.write(block)
    data = stream.getvalue()
    assert len(data) < 2_000_000
    start = time.perf_counter()
    assert "sheet1.xml" in refusal(data)
    assert time.perf_counter() - start < 0.3


def test_a_bomb_within_the_size_is_refused_by_its_ratio() -> None:
    assert "zip bomb" in refusal(zipped({"xl/workbook.xml": bytes(40_000_000)}))


def test_many_large_parts_are_refused_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_TOTAL_BYTES", 30_000)
    parts = {f"xl/{n}.bin": bytes(10_000) for n in range(4)}
    assert "unpacks to more than" in refusal(zipped(parts))


def test_a_part_that_is_larger_than_the_directory_says_is_damaged(book: bytes) -> None:
    """The directory is not trusted: reading stops at the size it declares."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "_rels/.rels"):
            archive.writestr(name, part(book, name))
        archive.writestr("xl/workbook.xml", b"<workbook>" + b" " * 5_000_000 + b"</workbook>")
    data = bytearray(stream.getvalue())
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = data.rfind(signature)
        struct.pack_into("<I", data, at + offset, 100)
    assert "damaged" in refusal(bytes(data))


def test_too_many_parts() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for n in range(guard.MAX_ENTRIES + 1):
            archive.writestr(str(n), b"")
    assert "parts" in refusal(stream.getvalue())


def test_a_huge_directory_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_ENTRIES", 100)
    start = time.perf_counter()
    assert "parts" in refusal(b"PK\x03\x04" + b"PK\x01\x02" * 1_000_000)
    assert time.perf_counter() - start < 0.3


def test_a_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch, book: bytes) -> None:
    monkeypatch.setattr(guard, "MAX_FILE_BYTES", 1000)
    assert "MB" in refusal(book)


def test_a_part_that_is_too_large_to_read(monkeypatch: pytest.MonkeyPatch, book: bytes) -> None:
    monkeypatch.setattr(guard, "MAX_READ_BYTES", 500)
    assert "may have" in refusal(book)


def test_a_part_twice(book: bytes) -> None:
    stream = io.BytesIO(book)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("xl/workbook.xml", part(book, "xl/workbook.xml"))
    assert "twice" in refusal(stream.getvalue())


@pytest.mark.parametrize("name", ["../x.xml", "xl/../../x.xml", "xl\\..\\..\\x.xml"])
def test_paths_that_lead_out(book: bytes, name: str) -> None:
    stream = io.BytesIO(book)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name.replace("\\", "|"), b"<x/>")
    data = stream.getvalue().replace(b"xl|..|..|x.xml", b"xl\\..\\..\\x.xml")
    assert "path" in refusal(data)


@pytest.mark.parametrize("name", ["/xl/more.xml", "xl\\more.xml"])
def test_odd_ways_to_write_a_part_s_name_are_let_pass(book: bytes, name: str) -> None:
    stream = io.BytesIO(book)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name.replace("\\", "|"), b"<x/>")
    data = stream.getvalue().replace(b"xl|more.xml", b"xl\\more.xml")
    assert guard.open_guarded(data, "book.xlsx").namelist()


def test_encrypted_entries(book: bytes) -> None:
    data = bytearray(book)
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    assert "encrypted" in refusal(bytes(data))


def test_a_packing_that_workbooks_do_not_use(book: bytes) -> None:
    stream = io.BytesIO(book)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/more.xml", b"<x/>")
    assert "packed" in refusal(stream.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", ["xl/workbook.xml", SHEET, "docProps/app.xml", "xl/new.xml"])
def test_a_document_type_in_any_part(book: bytes, name: str, encoding: str) -> None:
    text = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    assert "DTD" in refusal(rezipped(book, {name: mark + text.encode(encoding)}))


def test_a_document_type_behind_comments(book: bytes) -> None:
    text = XML + b"<!-- long -->" * 1000 + b"<!DOCTYPE x><x/>"
    assert "DTD" in refusal(rezipped(book, {SHEET: text}))


def test_an_endless_prolog(book: bytes) -> None:
    assert "before its content" in refusal(rezipped(book, {SHEET: XML + b" " * 100_000 + b"<x/>"}))


def test_old_and_encrypted_office_files() -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert ".xls" in refusal(head + bytes(2000))
    assert "password" in refusal(head + bytes(600) + "EncryptedPackage".encode("utf-16-le"))


def test_other_kinds_of_file(book: bytes) -> None:
    assert "empty" in refusal(b"")
    assert "not an Excel workbook" in refusal(b"name,weight\nRelief,60\n")
    assert "not an Excel workbook" in refusal(EMPTY_ZIP)
    assert "damaged" in refusal(book[: len(book) // 2])
    main = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="' + main + b'" Target="%s"/></Relationships>'
    )
    word = b'<d:document xmlns:d="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    docx = {"_rels/.rels": rels % b"word/document.xml", "word/document.xml": word}
    assert "not an Excel workbook" in refusal(zipped(docx))
    binary = {"_rels/.rels": rels % b"xl/workbook.bin", "xl/workbook.bin": b"\x83\x01\x00"}
    assert ".xlsb" in refusal(zipped(binary))
    assert "OpenDocument" in refusal(zipped({"mimetype": b"x", "content.xml": b"<x/>"}))


def rows(xml: bytes) -> bytes:
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return XML + start + b"<sheetData>" + xml + b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    "xml",
    [
        b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        b'<row r="99999999999"/>',
        b'<row r="-5"><c><v>1</v></c></row>',
        b'<row r="1"><c r="XFE1"><v>1</v></c></row>',
        b'<row r="1"><c r="AAAAAAAAAAAAA1"><v>1</v></c></row>',
        b'<row r="1"><c r="\xc3\xa91"><v>1</v></c></row>',
        b'<row r="1">' + b"<c><v>1</v></c>" * 16_385 + b"</row>",
    ],
)
def test_rows_and_columns_that_no_sheet_has(book: bytes, xml: bytes) -> None:
    said = refusal(rezipped(book, {SHEET: rows(xml)}))
    assert "row" in said or "column" in said


def test_what_a_sheet_merely_declares_costs_nothing(book: bytes) -> None:
    """A dimension of 1 048 576 × 16 384 over a few cells is read as the few cells."""
    old = part(book, SHEET)
    start, end = old.index(b"<dimension"), old.index(b"<sheetViews")
    new = old[:start] + b'<dimension ref="A1:XFD1048576"/>' + old[end:]
    start_time = time.perf_counter()
    same = case_from_workbook(rezipped(book, {SHEET: new}), "talks.xlsx")
    assert time.perf_counter() - start_time < 1
    assert same == case_from_workbook(book, "talks.xlsx")


def test_array_formulas_over_everything_cost_little(book: bytes) -> None:
    cell = b'<c r="A%d"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c>'
    xml = b"".join(b'<row r="%d">' % n + cell % n + b"</row>" for n in range(1, 20_001))
    start = time.perf_counter()
    assert "array formulas" in refusal(rezipped(book, {SHEET: rows(xml)}))
    assert time.perf_counter() - start < 10


@pytest.mark.long
def test_whatever_bytes_are_damaged() -> None:
    """A case or a problem in words, never a traceback."""
    import random

    rng = random.Random(7)
    book = bare(case_from_data(random_case(3)))
    for _ in range(3000):
        data = bytearray(book)
        for _ in range(rng.choice([1, 1, 3, 30])):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.2:
            data = data[: rng.randrange(len(data))]
        try:
            case_from_workbook(bytes(data), "talks.xlsx")
        except CaseProblem as problem:
            str(problem).encode()
