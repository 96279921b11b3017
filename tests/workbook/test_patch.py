"""Cells set in sheets written by hand, one trap each: the expected XML is written by hand too."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import pytest

from mcda.workbook.cells import Fault
from mcda.workbook.patch import Edit, Formula, Result, patch
from tests.workbook.small_book import (
    MAIN,
    SHEET,
    STRICT,
    book,
    opened,
    part,
    worksheet,
)

FULL = '<calcPr calcId="1" fullCalcOnLoad="1"/>'


def put(data: bytes, *edits: Edit, **options: Any) -> bytes:
    """Patch, and see that asking again changes nothing."""
    done = patch(data, edits, "test.xlsx", **options)
    assert patch(done, edits, "test.xlsx", **options) == done
    return done


def at(reference: str, to: Any) -> Edit:
    """An edit on the sheet S by a short reference, such as B3."""
    return Edit("S", int(reference[1:]) - 1, ord(reference[0]) - 65, to)


def rows_after(rows: str, *edits: Edit, **options: Any) -> str:
    """What stands between the tags of sheetData afterwards."""
    done = part(put(book(worksheet(rows)), *edits, **options))
    return done.partition("<sheetData>")[2].partition("</sheetData>")[0]


@pytest.mark.parametrize(
    ("to", "written"),
    [
        (3, '<c r="A1"><v>3</v></c>'),
        (0.1, '<c r="A1"><v>0.1</v></c>'),
        (-0.0, '<c r="A1"><v>0</v></c>'),
        (1e-7, '<c r="A1"><v>1E-07</v></c>'),
        (0.1 + 0.2, '<c r="A1"><v>0.30000000000000004</v></c>'),
        (True, '<c r="A1" t="b"><v>1</v></c>'),
        (False, '<c r="A1" t="b"><v>0</v></c>'),
        (
            " a<b & c ",
            '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a&lt;b &amp; c </t></is></c>',
        ),
        (
            "_x0041_\r\x01",
            '<c r="A1" t="inlineStr"><is><t xml:space="preserve">'
            "_x005F_x0041__x000D__x0001_</t></is></c>",
        ),
        ("=1+1", '<c r="A1" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>'),
        (date(2025, 3, 18), '<c r="A1" s="1"><v>45734</v></c>'),
        (datetime(2025, 3, 18, 12), '<c r="A1" s="2"><v>45734.5</v></c>'),
        (Formula("1<2", True), '<c r="A1" t="b"><f>1&lt;2</f><v>1</v></c>'),
        (Formula('"_x0041_"', "_x0041_"),
         '<c r="A1" t="str"><f>&quot;_x0041_&quot;</f><v>_x005F_x0041_</v></c>'),
        (Formula("A2"), '<c r="A1"><f>A2</f></c>'),
        (Formula("NA()", Fault("#N/A")), '<c r="A1" t="e"><f>NA()</f><v>#N/A</v></c>'),
    ],
)  # fmt: skip
def test_each_kind_of_value_in_a_new_cell(to: Any, written: str) -> None:
    assert rows_after("", at("A1", to)) == f'<row r="1">{written}</row>'


@pytest.mark.parametrize(
    "to", [3, 1 / 3, "text", True, Formula("1+1", 2.0), date(2025, 3, 18), None, ""]
)
def test_each_kind_of_value_over_each_kind_of_cell(to: Any) -> None:
    olds = [
        '<c r="B2"><v>30</v></c>', '<c r="B2" t="s"><v>0</v></c>', '<c r="B2" t="b"><v>1</v></c>',
        '<c r="B2" t="e"><v>#N/A</v></c>', '<c r="B2" t="str"><f>A1&amp;"x"</f><v>x</v></c>',
        '<c r="B2" t="inlineStr"><is><t>old</t></is></c>', '<c r="B2"><f>A1</f></c>',
        '<c r="B2"/>', '<c r="B2" t="n" />', "<c><v>1</v></c>",
    ]  # fmt: skip
    for old in olds:
        first = "" if 'r="B2"' in old else "<c/>"
        done = put(book(worksheet(f'<row r="2">{first}{old}<c r="C2"><v>9</v></c></row>')),
                   at("B2", to))  # fmt: skip
        cell = opened(done)["B2"]
        wanted = "=" + to.text if isinstance(to, Formula) else to or None
        got = cell.value.date() if isinstance(cell.value, datetime) else cell.value
        assert got == wanted
        assert type(got) is type(wanted)
        assert '<c r="C2"><v>9</v></c>' in part(done)
        if isinstance(to, Formula):
            assert opened(done, values=True)["B2"].value == to.result


def test_an_edit_that_says_what_stands_there_changes_no_byte() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>0.10000000000000001</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1" t="b"><v>true</v></c><c r="D1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r>'
        '<rPh sb="0" eb="1"><t>x</t></rPh></is></c><c r="E1" s="1"><v>45734.0</v></c>'
        '<c r="F1" t="str"><f>A1 &amp; "y"</f><v>0.1y</v></c><c r="G1"><f>1/0</f></c><c r="H1"/>'
        '<c r="I1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    data = book(worksheet(rows))
    edits = [
        at("A1", 0.1), at("B1", "two runs"), at("C1", True), at("D1", "ab"),
        at("E1", date(2025, 3, 18)), at("F1", Formula('A1 & "y"', "0.1y")),
        at("G1", Result(None)), at("H1", None), at("I1", Result(Fault("#DIV/0!"))), at("Z9", None),
        at("Z8", ""),
    ]  # fmt: skip
    assert patch(data, edits, "x") is data
    assert patch(data, [], "x") is data


def test_only_the_cell_and_the_sign_to_compute_change() -> None:
    data = book(
        worksheet('<row r="1"><c r="A1"><v>1</v></c></row>'), workbook='<calcPr calcId="1"/>'
    )
    done = put(data, at("A1", 2))
    assert part(done) == worksheet('<row r="1"><c r="A1"><v>2</v></c></row>')
    assert part(done, "xl/workbook.xml") == part(data, "xl/workbook.xml").replace(
        '<calcPr calcId="1"/>', FULL
    )


@pytest.mark.parametrize(
    ("children", "expected"),
    [
        ("", '<calcPr fullCalcOnLoad="1"/>'),
        ("<definedNames><definedName name='a'>S!$A$1</definedName></definedNames>"
         "<oleSize ref='A1'/>",
         "<definedNames><definedName name='a'>S!$A$1</definedName></definedNames>"
         '<calcPr fullCalcOnLoad="1"/><oleSize ref=\'A1\'/>'),
        ("<externalReferences><externalReference r:id='q'/></externalReferences><pivotCaches/>",
         "<externalReferences><externalReference r:id='q'/></externalReferences>"
         '<calcPr fullCalcOnLoad="1"/><pivotCaches/>'),
        ("<calcPr fullCalcOnLoad='0' iterate='1'/>", "<calcPr fullCalcOnLoad=\"1\" iterate='1'/>"),
        ("<calcPr/>", '<calcPr fullCalcOnLoad="1"/>'),
        ("<calcPr></calcPr>", '<calcPr fullCalcOnLoad="1"></calcPr>'),
        ("<calcPr fullCalcOnLoad='true'/>", "<calcPr fullCalcOnLoad='true'/>"),
        ("<!-- <calcPr/> -->", '<calcPr fullCalcOnLoad="1"/><!-- <calcPr/> -->'),
    ],
)  # fmt: skip
def test_calculation_is_asked_for_in_its_place(children: str, expected: str) -> None:
    data = book(worksheet(""), workbook=children)
    done = part(put(data, at("A1", 1)), "xl/workbook.xml")
    assert done == part(data, "xl/workbook.xml").replace(
        f"</sheets>{children}", f"</sheets>{expected}"
    )
    same = patch(data, [at("A1", 1)], "x", recalculate=False)
    assert part(same, "xl/workbook.xml") == part(data, "xl/workbook.xml")


def test_rows_and_cells_come_in_their_order() -> None:
    rows = '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="5"/>'
    edits = [at("E2", 5), at("A2", 1), at("C2", 3), at("C5", 6), at("A1", 7), at("A9", 8),
             at("A4", 9), at("A3", 10)]  # fmt: skip
    assert rows_after(rows, *edits) == (
        '<row r="1"><c r="A1"><v>7</v></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c><c r="C2"><v>3</v></c>'
        '<c r="D2"><v>2</v></c><c r="E2"><v>5</v></c></row>'
        '<row r="3"><c r="A3"><v>10</v></c></row><row r="4"><c r="A4"><v>9</v></c></row>'
        '<row r="5"><c r="C5"><v>6</v></c></row><row r="9"><c r="A9"><v>8</v></c></row>'
    )


def test_rows_and_cells_without_numbers_are_counted() -> None:
    rows = (
        '<row><c><v>1</v></c><c r="C1"><v>3</v></c><c><v>4</v></c></row><row><c><v>5</v></c></row>'
    )
    done = put(
        book(worksheet(rows)), at("D1", 44), at("B1", 2), at("A2", 55), at("B2", 6), at("A3", 7)
    )
    inside = part(done).partition("<sheetData>")[2].partition("</sheetData>")[0]
    assert inside == (
        '<row><c><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c><c><v>44</v></c></row>'
        '<row><c><v>55</v></c><c r="B2"><v>6</v></c></row><row r="3"><c r="A3"><v>7</v></c></row>'
    )


def test_rows_out_of_order_are_found() -> None:
    rows = '<row r="5"><c r="A5"><v>5</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    assert rows_after(rows, at("A2", 22), at("A5", 55)) == rows.replace(
        "<v>2</v>", "<v>22</v>"
    ).replace("<v>5</v>", "<v>55</v>")


@pytest.mark.parametrize("empty", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>"])
def test_a_sheet_without_rows(empty: str) -> None:
    sheet = f'<worksheet xmlns="{MAIN}"><dimension ref="A1"/>{empty}<pageMargins/></worksheet>'
    assert part(put(book(sheet), at("B3", 1))) == (
        f'<worksheet xmlns="{MAIN}"><dimension ref="B3"/><sheetData><row r="3">'
        '<c r="B3"><v>1</v></c></row></sheetData><pageMargins/></worksheet>'
    )


def test_the_stated_range_and_the_spans_grow_with_new_cells_only() -> None:
    sheet = worksheet(
        '<row r="2" spans="2:3" ht="20"><c r="B2"><v>1</v></c></row>',
        before='<dimension ref="B2:C2"/>',
    )
    kept = part(put(book(sheet), at("B2", 3)))
    assert 'ref="B2:C2"' in kept
    assert 'spans="2:3"' in kept
    grown = part(put(book(sheet), at("E2", 3), at("A7", 1)))
    assert '<dimension ref="A2:E7"/>' in grown
    assert '<row r="2" spans="2:5" ht="20">' in grown


def test_any_prefix_and_the_strict_namespace() -> None:
    sheet = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{STRICT}"><x:sheetData><x:row r="1">'
        '<x:c r="A1"><x:f>B1</x:f><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    data = book(sheet, namespace=STRICT)
    done = part(put(data, at("A1", Result("two")), at("B1", "b"), at("A2", 3)))
    assert done == sheet.replace(
        '<x:c r="A1"><x:f>B1</x:f><x:v>1</x:v></x:c></x:row>',
        '<x:c r="A1" t="str"><x:f>B1</x:f><x:v>two</x:v></x:c><x:c r="B1" t="inlineStr"><x:is>'
        '<x:t xml:space="preserve">b</x:t></x:is></x:c></x:row>'
        '<x:row r="2"><x:c r="A2"><x:v>3</x:v></x:c></x:row>',
    )


def test_what_looks_like_markup_is_not_taken_for_it() -> None:
    rows = (
        '<!-- <row r="1"><c r="A1"/></row> --><row r="1" q="a>b"><?pi <c r="A1"> ?>'
        '<c r="A1" t="str"><v><![CDATA[<c r="A1">]]></v></c><!-- </row> -->'
        '<c r="B1"><!-- <v>7</v> --><v>1</v></c></row><!-- </sheetData> -->'
    )
    expected = rows.replace("--><v>1</v>", "--><v>2</v>").replace(
        '<c r="A1" t="str"><v><![CDATA[<c r="A1">]]></v></c>', '<c r="A1"><v>5</v></c>'
    )
    done = part(put(book(worksheet(rows)), at("B1", 2), at("A1", 5)))
    assert done == worksheet(expected)


def test_new_cells_take_the_style_of_their_row_or_else_of_their_column() -> None:
    sheet = worksheet(
        '<row r="2" s="5" customFormat="1"/><row r="3" s="5"/>',
        before='<cols><col min="2" max="3" style="3"/></cols>',
    )
    done = part(put(book(sheet), *(at(cell, 1) for cell in ("A2", "B2", "A3", "B3", "C9", "D9"))))
    for cell in (
        'r="A2" s="5"',
        'r="B2" s="5"',
        'r="A3"',
        'r="B3" s="3"',
        'r="C9" s="3"',
        'r="D9"',
    ):
        assert f"<c {cell}><v>1</v></c>" in done


def test_a_cell_keeps_its_style_its_marks_and_what_else_is_in_it() -> None:
    rows = (
        '<row r="1"><c r="A1" s="5" ph="1" t="s"><v>0</v><extLst><ext uri="u"/></extLst></c></row>'
    )
    ext = '<extLst><ext uri="u"/></extLst>'
    assert rows_after(rows, at("A1", 2)) == (
        f'<row r="1"><c r="A1" s="5" ph="1"><v>2</v>{ext}</c></row>'
    )
    assert rows_after(rows, at("A1", Formula("B1", "x"))) == (
        f'<row r="1"><c r="A1" s="5" ph="1" t="str"><f>B1</f><v>x</v>{ext}</c></row>'
    )
    assert rows_after(rows, at("A1", None)) == f'<row r="1"><c r="A1" s="5" ph="1">{ext}</c></row>'
    plain = '<row r="1"><c r="A1" s="5"><v>1</v></c></row>'
    assert rows_after(plain, at("A1", None)) == '<row r="1"><c r="A1" s="5"/></row>'


def test_a_result_leaves_every_byte_of_the_formula() -> None:
    f = '<f t="array" ref="A1"  ca="1" >SUM( B1:B2 )</f>'
    rows = f'<row r="1"><c r="A1" s="5" t="e">{f} <v>#N/A</v></c></row>'
    assert rows_after(rows, at("A1", Result(1.5))) == (
        f'<row r="1"><c r="A1" s="5">{f}<v>1.5</v> </c></row>'
    )
    assert rows_after(rows, at("A1", Result(None))) == f'<row r="1"><c r="A1" s="5">{f} </c></row>'
    assert rows_after(rows, at("A1", Result(Fault("#NUM!")))) == rows.replace(
        " <v>#N/A</v>", "<v>#NUM!</v> "
    )


def test_dates_count_from_the_workbooks_own_epoch() -> None:
    sheet = worksheet('<row r="1"><c r="A1" s="1"/><c r="B1" s="5"/><c r="C1" s="3"/></row>')
    for old, base in ((False, datetime(1899, 12, 30)), (True, datetime(1904, 1, 1))):
        done = put(
            book(sheet, date1904=old), at("A1", date(2025, 3, 18)),
            at("B1", datetime(2025, 3, 18, 6)), at("C1", date(2025, 3, 18)),
        )  # fmt: skip
        days = (datetime(2025, 3, 18) - base).days
        text = part(done)
        assert f'<c r="A1" s="1"><v>{days}</v></c>' in text
        # Number formats apart, styles 0, 1, 2 and 5 look the same; no date looks like 3 (bold).
        assert f'<c r="B1" s="2"><v>{days}.25</v></c>' in text
        assert '<c r="C1" s="3" t="d"><v>2025-03-18</v></c>' in text
        found = opened(done)
        assert found["A1"].value == datetime(2025, 3, 18)
        assert found["B1"].value == datetime(2025, 3, 18, 6)
        assert found["C1"].value in (datetime(2025, 3, 18), date(2025, 3, 18))


def test_a_shared_formula_moves_to_its_dependants_when_its_cell_is_overwritten() -> None:
    rows = (
        '<row r="1"><c r="B1"><f t="shared" ref="B1:B4" si="0">A1*$D$1+SUM(A$1:A1)</f>'
        "<v>1</v></c></row>"
        '<row r="2"><c r="B2"><f t="shared" si="0"/><v>2</v></c></row>'
        '<row r="3"><c r="B3"><f ca="1" t="shared" si="0"/><v>3</v></c></row>'
        '<row r="4"><c r="B4"><f t="shared" si="0"></f><v>4</v></c>'
        '<c r="C4"><f t="shared" si="1"/></c></row>'
    )
    assert rows_after(rows, at("B1", 9), at("B2", "gone"), at("B3", Result(33))) == (
        '<row r="1"><c r="B1"><v>9</v></c></row>'
        '<row r="2"><c r="B2" t="inlineStr"><is><t xml:space="preserve">gone</t></is></c></row>'
        '<row r="3"><c r="B3"><f ca="1">A3*$D$1+SUM(A$1:A3)</f><v>33</v></c></row>'
        '<row r="4"><c r="B4"><f>A4*$D$1+SUM(A$1:A4)</f><v>4</v></c>'
        '<c r="C4"><f t="shared" si="1"/></c></row>'
    )
    # A dependant may go, and the master may get a new result: the others stay as they are.
    assert rows_after(rows, at("B2", 5), at("B1", Result(7))) == rows.replace(
        '<f t="shared" si="0"/><v>2</v>', "<v>5</v>"
    ).replace("<v>1</v>", "<v>7</v>")


CHAIN = (
    f'<calcChain xmlns="{MAIN}"><c r="A1" i="7"/><c r="B1" l="1"/><c r="C1"/>'
    '<c r="A1" i="3"/></calcChain>'
)
CHAIN_RELATION = (
    '<Relationship Id="cc" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/calcChain" Target="calcChain.xml"/>'
)


def _with_chain(chain: str) -> bytes:
    rows = '<row r="1"><c r="A1"><f>1</f></c><c r="B1"><f>2</f></c><c r="C1"><f>3</f></c></row>'
    return book(
        worksheet(rows), workbook_relations=CHAIN_RELATION, parts={"xl/calcChain.xml": chain}
    )


def test_the_calculation_chain_loses_the_formulas_that_go_and_no_others() -> None:
    data = _with_chain(CHAIN)
    done = put(data, at("A1", 1), at("B1", Formula("9")), at("C1", Result(3)))
    assert part(done, "xl/calcChain.xml") == (
        f'<calcChain xmlns="{MAIN}"><c r="B1" l="1" i="7"/><c r="C1"/><c r="A1" i="3"/></calcChain>'
    )
    done = put(data, at("A1", 1), at("B1", 1), at("C1", 1))
    assert part(done, "xl/calcChain.xml") == (
        f'<calcChain xmlns="{MAIN}"><c r="A1" i="3"/></calcChain>'
    )


def test_an_empty_calculation_chain_goes_with_all_that_names_it() -> None:
    data = _with_chain(f'<calcChain xmlns="{MAIN}"><c r="A1" i="7"/></calcChain>')
    done = put(data, at("A1", 1))
    with pytest.raises(KeyError):
        part(done, "xl/calcChain.xml")
    assert part(done, "xl/_rels/workbook.xml.rels") == part(
        data, "xl/_rels/workbook.xml.rels"
    ).replace(CHAIN_RELATION, "")
    assert "calcChain" not in part(done, "[Content_Types].xml")
    assert opened(done)["A1"].value == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1", "us-ascii"])
def test_sheets_in_other_encodings(encoding: str) -> None:
    name = encoding.replace("utf-8-sig", "utf-8")
    old = "" if encoding == "us-ascii" else "é"
    text = f'<?xml version="1.0" encoding="{name}"?>' + worksheet(
        f'<row r="1"><c r="A1" t="str"><v>{old}</v></c></row>'
    )
    done = put(book(text.encode(encoding)), at("B1", "ü漢😀"))
    found = opened(done)
    assert (found["A1"].value or "") == old
    assert found["B1"].value == "ü漢😀"


def test_extensions_after_the_rows_may_use_prefixes_as_they_like() -> None:
    inside = '<x:mergeCell/><row xmlns="urn:other"/>'
    after = f'<extLst><ext uri="u" xmlns:x="{MAIN}">{inside}</ext></extLst>'
    data = book(worksheet("", after=after), workbook=after)
    done = put(data, at("A1", 1))
    assert part(done).endswith(f"</sheetData>{after}</worksheet>")
    assert part(done, "xl/workbook.xml").endswith(f'<calcPr fullCalcOnLoad="1"/>{after}</workbook>')


def test_pretty_printed_sheets_keep_their_spaces() -> None:
    rows = '\n  <row r="1">\n    <c r="A1">\n      <v>1</v>\n    </c>\n  </row>\n'
    assert rows_after(rows, at("A1", 2), at("B1", 3)) == (
        '\n  <row r="1">\n    <c r="A1">\n      <v>2</v>\n    </c><c r="B1"><v>3</v></c>'
        "\n  </row>\n"
    )


def test_numbers_read_back_equal_to_the_last_bit() -> None:
    numbers = [1 / 3, 5e-324, 9.99e307, -123456789.123456789, 2**53 + 2, 1e22, math.pi, -1e-300]
    done = put(book(worksheet("")), *(Edit("S", i, 0, n) for i, n in enumerate(numbers)))
    assert [row[0].value for row in opened(done).iter_rows()] == numbers


def test_bytes_do_not_depend_on_the_order_of_the_edits() -> None:
    edits = [Edit("S", row, column, row * column) for row in range(5) for column in range(5)]
    data = book(worksheet('<row r="3"><c r="C3"><v>7</v></c></row>'))
    assert patch(data, edits, "x") == patch(data, edits[::-1], "x")


def test_a_sheet_is_found_whatever_the_case_of_its_name() -> None:
    done = patch(book(worksheet("")), [Edit("s", 0, 0, 1)], "x")
    assert opened(done)["A1"].value == 1
    assert SHEET in done.decode("latin-1")
