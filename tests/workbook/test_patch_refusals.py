"""What a patch refuses: in words, naming the cell, all at once, and with nothing written."""

from __future__ import annotations

import io
import math
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from mcda.problems import CaseProblem
from mcda.workbook.patch import Edit, Formula, Result, Unproven, patch, patching
from tests.workbook.books import rezipped
from tests.workbook.small_book import MAIN, PACKAGE, RELATED, SHEET, book, opened, worksheet


def at(reference: str, to: Any = 1) -> Edit:
    return Edit("S", int(reference[1:]) - 1, ord(reference[0]) - 65, to)


def refusal(data: bytes, *edits: Edit, **options: Any) -> str:
    with pytest.raises(CaseProblem) as caught:
        patch(data, edits, "test.xlsx", **options)
    assert not isinstance(caught.value, Unproven)
    assert all(problem.fix for problem in caught.value.problems)
    return str(caught.value)


def allowed(data: bytes, *edits: Edit, **options: Any) -> None:
    done = patch(data, edits, "test.xlsx", **options)
    sheet = opened(done)
    for edit in edits:
        if not isinstance(edit.to, (Formula, Result)):
            assert sheet.cell(edit.row + 1, edit.column + 1).value == edit.to


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (math.nan, "not a number"), (math.inf, "not a number"), (-math.inf, "not a number"),
        (1.7e308, "not a number"), (2**53 + 1, "digits"), (10**400, "digits"),
        ("x" * 32_768, "32767"), ("😀" * 16_384, "32767"), ("\ud800", "half of a character"),
        (date(1899, 12, 31), "before the first"), (datetime(2025, 1, 1, tzinfo=UTC), "time zone"),
        (Formula("=A1"), "begins with two signs"), (Formula(""), "empty"),
        (Formula("1+" * 5_000 + "1"), "8192"), (Formula("\x01"), "character"),
        (Formula("A1", math.nan), "not a number"), (Result("x" * 40_000), "32767"),
    ],
    ids=lambda value: str(value)[:20].encode("ascii", "replace").decode(),
)  # fmt: skip
def test_what_no_cell_can_hold(to: Any, words: str) -> None:
    data = book(worksheet('<row r="2"><c r="B2"><f>1</f></c></row>'))
    message = refusal(data, at("B2", to), at("C3", 5))
    assert message.startswith("S!B2: ")
    assert words in message


@pytest.mark.parametrize("to", [object(), [1], b"x", 1j])
def test_a_value_of_another_type_is_a_mistake_of_the_program(to: Any) -> None:
    with pytest.raises(TypeError, match="S!B2"):
        patch(book(worksheet("")), [at("B2", to)], "x")


def test_cells_outside_a_sheet_and_sheets_that_are_not_there() -> None:
    data = book(worksheet(""))
    message = refusal(
        data, Edit("S", -1, 0, 1), Edit("S", 1_048_576, 0, 1), Edit("S", 0, 16_384, 1),
        Edit("Elsewhere", 0, 0, 1), Edit("Elsewhere", 0, 1, 1),
    )  # fmt: skip
    assert message.count("No sheet has this cell") == 3
    assert message.count("Elsewhere: The workbook has no sheet of this name.") == 1
    allowed(data, Edit("S", 1_048_575, 16_383, 1))


def test_a_chartsheet_has_no_cells() -> None:
    data = book(worksheet(""))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rels = archive.read("xl/_rels/workbook.xml.rels")
    data = rezipped(
        data, {"xl/_rels/workbook.xml.rels": rels.replace(b"/worksheet", b"/chartsheet")}
    )
    assert refusal(data, at("A1")).startswith("S: This is a chartsheet; it has no cells.")


def test_one_cell_set_twice() -> None:
    data = book(worksheet(""))
    assert refusal(data, at("A1", 1), at("A1", 2)).startswith("S!A1: The cell is to be set twice.")
    assert "twice" in refusal(data, at("A1", 1), at("A1", True))
    allowed(data, at("A1", 1), at("A1", 1))


def test_a_result_needs_a_formula() -> None:
    data = book(worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    message = refusal(data, at("A1", Result(2)), at("B1", Result(2)), at("A7", Result(2)))
    assert [line[:5] for line in message.splitlines()] == ["S!A1:", "S!B1:", "S!A7:"]


def test_locked_cells_of_protected_sheets_but_ours() -> None:
    data = book(
        worksheet(
            '<row r="1"><c r="A1" s="4"><v>1</v></c><c r="B1"><v>1</v></c></row>',
            before='<cols><col min="4" max="4" style="4"/></cols>',
            after='<sheetProtection sheet="1" objects="1"/>',
        )
    )
    allowed(data, at("A1", 2), at("D5", 2))
    message = refusal(data, at("A1", 2), at("B1", 2), at("C9", 2), at("D5", 2))
    assert [line[:5] for line in message.splitlines()] == ["S!B1:", "S!C9:"]
    assert "protected" in message
    allowed(data, at("B1", 2), at("C9", 2), ours=("S",))
    allowed(data, at("B1", 1))
    unprotected = book(worksheet("", after='<sheetProtection sheet="0" objects="1"/>'))
    allowed(unprotected, at("B1", 1))


def test_cells_with_rich_values() -> None:
    rows = '<row r="1"><c r="A1" vm="1" t="e"><v>#VALUE!</v></c><c r="B1" cm="1"><f>1</f></c></row>'
    message = refusal(book(worksheet(rows)), at("A1"), at("B1", Result(3)), at("C1"))
    assert [line[:5] for line in message.splitlines()] == ["S!A1:", "S!B1:"]
    allowed(book(worksheet(rows.replace('vm="1"', 'vm="0"'))), at("A1"))


def test_merged_cells_but_the_first() -> None:
    data = book(
        worksheet('<row r="2"><c r="B2"/><c r="C2"/></row>',
                  after='<mergeCells count="1"><mergeCell ref="B2:C4"/></mergeCells>')
    )  # fmt: skip
    assert refusal(data, at("C2"), at("B2"), at("C4"), at("D4")).count("merged") == 2
    done = opened(patch(data, [at("B2", 5), at("C2", None)], "x"))
    assert done["B2"].value == 5


def test_arrays_and_data_tables() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B2">X</f><v>1</v></c><c r="B1"><v>1</v></c>'
        '<c r="C1"><f t="array" ref="C1">Y</f><v>1</v></c>'
        '<c r="D1"><f t="dataTable" ref="D1:D2" dt2D="0" dtr="0" r1="A9"/><v>1</v></c></row>'
    )
    data = book(worksheet(rows))
    message = refusal(data, *(at(c, 7) for c in ("A1", "B1", "A2", "C1", "C2", "D1", "D2", "E1")))
    assert [line[:5] for line in message.splitlines()] == [
        "S!A1:", "S!B1:", "S!A2:", "S!D1:", "S!D2:",
    ]  # fmt: skip
    patch(data, [at("A1", Result(7)), at("C1", 7)], "x")


def test_headers_and_totals_of_tables_and_pivots() -> None:
    data = book(
        worksheet("", after='<tableParts count="1"><tablePart r:id="t"/></tableParts>'),
        sheet_relations=(
            f'<Relationship Id="t" Type="{RELATED}/table" Target="../tables/table1.xml"/>'
            f'<Relationship Id="p" Type="{RELATED}/pivotTable" Target="/xl/pivot.xml"/>'
        ),
        parts={
            "xl/tables/table1.xml": f'<table xmlns="{MAIN}" id="1" name="Q" displayName="Quotes"'
            ' ref="B2:C6" totalsRowCount="1"/>',
            "xl/pivot.xml": f'<pivotTableDefinition xmlns="{MAIN}" name="Sums">'
            '<location ref="F8:G12" rowPageCount="2" colPageCount="1"/></pivotTableDefinition>',
        },
    )
    message = refusal(
        data, *(at(c, "x") for c in ("B2", "C6", "B3", "C5", "D2", "F8", "G12", "G6", "F7", "F4"))
    )
    assert [line.split(":")[0] for line in message.splitlines()] == [
        "S!B2", "S!C6", "S!F8", "S!G12", "S!G6",
    ]  # fmt: skip
    assert "Quotes" in message
    assert "Sums" in message


@pytest.mark.parametrize("formula", ["SUM(A:A)", "SUM(1:1)", "Table1[[#This Row],[a]]", "A1048570"])
def test_a_shared_formula_that_cannot_be_copied_safely_stays(formula: str) -> None:
    rows = (
        f'<row r="1"><c r="B1"><f t="shared" ref="B1:B9" si="0">{formula}</f></c></row>'
        '<row r="9"><c r="B9"><f t="shared" si="0"/></c></row>'
    )
    data = book(worksheet(rows))
    assert refusal(data, at("B1", 9)).startswith("S!B1: The formula in this cell also serves")
    patch(data, [at("B1", 9), at("B9", 9)], "x")
    patch(data, [at("B1", Result(9)), at("B9", Result(9))], "x")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"/><row r="1"/>', '<row r="2"/><row r="1"/><row/>',
        '<row r="1"><c r="A1"/><c r="A1"/></row>', '<row r="1"><c r="B1"/><c r="A1"/><c/></row>',
        '<row r="1"><c r="A2"/></row>', '<row r="0"/>', '<row r="1048577"/>', '<row r="x"/>',
        '<row r="1"><c r="XFE1"/></row>', '<row r="1"><c r="a1"/></row>',
        '<row r="1"><c r="A"/></row>',
        '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>',
        '<row r="1" xmlns="urn:other"><c r="A1"/></row>',
        f'<y:row r="1" xmlns:y="{MAIN}"><y:c r="A1"/></y:row>',
        '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><row r="1"/></mc:Choice>'
        "</mc:AlternateContent>",
    ],
)  # fmt: skip
def test_sheets_that_contradict_themselves_or_cannot_be_followed(rows: str) -> None:
    assert refusal(book(worksheet(rows)), at("A1")).startswith("test.xlsx: ")


@pytest.mark.parametrize(
    "sheet",
    [
        "", "no xml", worksheet("<row>"), f'<worksheet xmlns="{MAIN}"/>', "<worksheet/>",
        '<worksheet xmlns="urn:other"><sheetData/></worksheet>',
        '<?xml version="1.0" encoding="shift_jis"?>' + worksheet(""),
        b"\xff\xfe<\0" + b"\xd8", worksheet("").encode("utf-16-le"),
        worksheet('<row r="1"><c r="A1"><v>\x01</v></c></row>'),
        worksheet('<row r="1"><x:c r="A1"/></row>'), "<!DOCTYPE worksheet>" + worksheet(""),
    ],
)  # fmt: skip
def test_parts_that_are_no_sheets(sheet: str | bytes) -> None:
    assert refusal(book(sheet), at("A1")).startswith("test.xlsx: ")


def test_signed_encrypted_and_doubled() -> None:
    signed = book(worksheet(""), parts={"_xmlsignatures/origin.sigs": b""})
    assert "signed" in refusal(signed, at("A1"))
    with zipfile.ZipFile(io.BytesIO(book(worksheet("")))) as archive:
        rels = archive.read("_rels/.rels")
    origin = (
        b'<Relationship Id="o" Type="' + PACKAGE.encode()
        + b'/relationships/digital-signature/origin" Target="sig/origin.sigs"/></Relationships>'
    )  # fmt: skip
    signed = rezipped(
        book(worksheet("")), {"_rels/.rels": rels.replace(b"</Relationships>", origin)}
    )
    assert "signed" in refusal(signed, at("A1"))
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert "encrypted" in refusal(encrypted, at("A1"))
    doubled = io.BytesIO(book(worksheet("")))
    with (
        zipfile.ZipFile(doubled, "a") as archive,
        pytest.warns(UserWarning, match="Duplicate name"),
    ):
        archive.writestr(SHEET, worksheet(""))
    assert "twice" in refusal(doubled.getvalue(), at("A1"))


def test_all_problems_come_at_once_and_none_of_the_edits_is_done() -> None:
    data = book(worksheet("", after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'))
    message = refusal(data, at("B1"), at("C1", 5), at("A2", Result(1)))
    assert len(message.splitlines()) == 2


def test_a_write_that_does_not_prove_itself_is_never_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each way of writing something else than was asked for is caught by the proof."""
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="3"/>'
    data = book(worksheet(rows))
    whole = patching.rewritten

    def spoiled(change: Any) -> None:
        monkeypatch.setattr(patching, "rewritten", change)
        with pytest.raises(Unproven):
            patch(data, [at("A1", 5)], "x")

    def with_part(name: str, content: bytes) -> Any:
        return lambda data, archive, parts: whole(data, archive, {**parts, name: [content]})

    spoiled(lambda *given: whole(*given)[:-1] + b"\1")
    spoiled(lambda *given: whole(*given) + b"rest")
    spoiled(with_part("xl/styles.xml", b"<other/>"))
    spoiled(lambda *given: rezipped(whole(*given), {"new.xml": b""}))
    spoiled(lambda *given: rezipped(whole(*given), {"xl/styles.xml": None}))
    spoiled(with_part(SHEET, worksheet(rows).encode()))
    calculation = patching.calculation.with_full_calculation
    for old, new in ((b"sheetId", b"sheet_id"), (b"<sheets>", b"<a/><sheets>")):
        monkeypatch.setattr(
            patching.calculation,
            "with_full_calculation",
            lambda part, old=old, new=new: calculation(part).replace(old, new),
        )
        spoiled(whole)
    monkeypatch.setattr(patching.calculation, "with_full_calculation", calculation)
    monkeypatch.setattr(patching, "rewritten", whole)
    assert patch(data, [at("A1", 5)], "x") != data

    pieces = patching.splices

    def misled(change: Any) -> None:
        monkeypatch.setattr(patching, "splices", change)
        with pytest.raises(CaseProblem):
            patch(data, [at("A1", 5)], "x")

    def exchanged(old: bytes, new: bytes) -> Any:
        def change(*given: Any) -> Any:
            return [type(s)(s.start, s.end, s.new.replace(old, new), s.row) for s in pieces(*given)]

        return change

    for old, new in (
        (b"<v>5</v>", b"<v>6</v>"), (b"<v>5</v>", b"<v>5"), (b"<v>2</v>", b"<v>3</v>"),
        (b'<c r="B1"><v>2</v></c>', b""), (b"<v>5</v>", b"<f>5</f><v>5</v>"),
        (b'r="A1"', b'r="A1" s="3"'), (b'<row r="1">', b'<row r="2">'), (b"<row", b"<!-- <row"),
        (b'<c r="A1">', b'<c r="A1" t="str">'), (b"</row>", b'</row><row r="9"/>'),
    ):  # fmt: skip
        misled(exchanged(old, new))


def test_nothing_of_the_program_saves_with_openpyxl() -> None:
    folder = Path(patching.__file__).parents[2]
    assert not [
        path
        for path in folder.rglob("*.py")
        if "openpyxl" in path.read_text() and ".save(" in path.read_text()
    ]
