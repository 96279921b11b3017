"""Case workbooks that are full of a user's own things, for tests of what writing leaves alone.

The program's own author makes the workbook; before it is closed XlsxWriter adds what a user may
have added, on sheets of their own and on ours, and :mod:`tests.workbook.hand_parts` adds what
XlsxWriter cannot make. Every file carries its values' cached results where a user's would.
"""

from __future__ import annotations

import io
import struct
import zlib
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from unittest import mock

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from mcda.case import Case
from mcda.examples import read_example
from mcda.json_form import case_from_data
from mcda.workbook import layout
from mcda.workbook.author import workbook_bytes
from tests.workbook import hand_parts
from tests.workbook.small_case import small

ANALYSIS, FIGURES, HIDDEN, DEEP = "My analysis", "Été & 'own' figures", "Kept back", "Deep"
OWN_SHEETS = (ANALYSIS, FIGURES, HIDDEN, DEEP)
CASES = ("small", "wages", "ceasefire")


@lru_cache
def case_named(name: str) -> Case:
    """Return one of `CASES`."""
    return case_from_data(small()) if name == "small" else read_example(name)


@lru_cache
def full_book(name: str = "small", *, macros: bool = False, room: int = 6) -> bytes:
    """Return a workbook of one of `CASES` with everything in it that a user may have put there."""
    data = furnished(case_named(name), macros=macros, room=room)
    return hand_parts.added(data, ANALYSIS, FIGURES)


def furnished(case: Case, *, macros: bool = False, room: int = 6) -> bytes:
    """Return a workbook of a case to which XlsxWriter alone has added a user's things."""

    class Furnished(Workbook):  # type: ignore[misc]  # XlsxWriter has no types
        def close(self) -> None:
            if not self.fileclosed:
                furnish(self, macros=macros)
            super().close()

    with mock.patch("xlsxwriter.workbook.Workbook", Furnished):
        return workbook_bytes(case, room=room)


def furnish(book: Workbook, *, macros: bool = False) -> None:
    """Add a user's things to a workbook that is not closed yet."""
    ours = list(book.worksheets())
    analysis, figures = book.add_worksheet(ANALYSIS), book.add_worksheet(FIGURES)
    _analysis(book, analysis)
    _figures(book, figures)
    hidden, deep = book.add_worksheet(HIDDEN), book.add_worksheet(DEEP)
    for sheet in (hidden, deep):
        sheet.write_row(0, 0, ["kept", 1, 2, 3])
        sheet.write_formula(1, 0, "=SUM(B1:D1)", None, 6)
    hidden.hide()
    deep.very_hidden()
    deep.protect("secret")
    for sheet in ours:
        _on_ours(book, sheet)
    page = book.add_chartsheet("Chart page")
    page.set_chart(_chart(book, "line"))
    book.define_name("My_rate", "=0.035")
    book.define_name("My_block", f"='{ANALYSIS}'!$A$1:$C$9")
    book.define_name(f"'{ANALYSIS}'!Local", f"='{ANALYSIS}'!$B$2")
    book.set_custom_property("Reviewed by", "A. N. Other")
    book.set_custom_property("Reviewed", datetime(2025, 3, 14))
    book.read_only_recommended()
    if macros:
        book.add_vba_project(io.BytesIO(compound_file()), is_stream=True)
        book.set_vba_name("ThisWorkbook")
        for number, sheet in enumerate(book.worksheets(), 1):
            sheet.set_vba_name(f"Sheet{number}")


def _chart(book: Workbook, kind: str) -> Any:
    chart = book.add_chart({"type": kind})
    chart.add_series(
        {
            "name": "=Ranking!$A$1",
            "categories": [ANALYSIS, 3, 0, 8, 0],
            "values": [ANALYSIS, 3, 1, 8, 1],
            "trendline": {"type": "linear"} if kind == "line" else {},
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": f"A user's own {kind} chart"})
    return chart


def _analysis(book: Workbook, sheet: Worksheet) -> None:
    """Numbers, texts, formulas and every kind of format and object."""
    bold, red = book.add_format({"bold": True}), book.add_format({"font_color": "red"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": '#,##0.00 "€";[Red]-#,##0.00 "€"'})
    sheet.write_rich_string(0, 0, "plain ", bold, "bold ", red, "red", " & <plain>")
    sheet.write_row(2, 0, ["What", "Now", "Then", "When", "Trend"], bold)
    for row in range(3, 9):
        sheet.write_string(row, 0, f"item {row} _x0041_ <&>")
        sheet.write_number(row, 1, row * 1.5, money)
        sheet.write_formula(row, 2, f"=B{row + 1}*(1+My_rate)", money, row * 1.5525)
        sheet.write_datetime(row, 3, date(2025, 3, row), day)
        sheet.add_sparkline(row, 4, {"range": f"'{ANALYSIS}'!B{row + 1}:C{row + 1}"})
    sheet.write_formula(10, 1, "=SUM(Weights!F6:F20)", None, 100)
    sheet.write_formula(11, 1, '=IF(Ranking!A1="","none",Ranking!A1)', None, "Ranking")
    sheet.write_array_formula("D12:E13", "{=TRANSPOSE(B4:C5)}", None, 4.5)
    sheet.write_dynamic_array_formula("G3", "=_xlfn._xlws.SORT(B4:B9)", None, 4.5)
    sheet.write_boolean(13, 0, True)
    sheet.write_formula(13, 1, "=1/0", None, "#DIV/0!")
    sheet.write_url(14, 0, "https://example.org/?a=1&b=2", string="source", tip="a tip")
    sheet.write_url(14, 1, "internal:Weights!A1", string="to the weights")
    sheet.merge_range("A17:C17", "merged over three", bold)
    sheet.insert_checkbox(15, 0, True)
    sheet.embed_image(
        15, 1, "dot.png", {"image_data": io.BytesIO(picture(40)), "url": "mailto:a@b"}
    )
    sheet.data_validation("B4:B9", {"validate": "decimal", "criteria": ">", "value": -5})
    sheet.data_validation("A4:A9", {"validate": "list", "source": "=Weights!$A$6:$A$9"})
    for rule in (
        {"type": "data_bar", "data_bar_2010": True, "bar_negative_color": "#FF0000"},
        {"type": "icon_set", "icon_style": "3_flags"},
        {"type": "3_color_scale"},
        {"type": "formula", "criteria": "=$B4>Weights!$F$6", "format": red},
    ):
        sheet.conditional_format("B4:B9", rule)
    for place in ("A4", "C4"):
        sheet.write_comment(place, f"a note on {place}\nwith <two> lines", {"author": "Me"})
    sheet.write_comment("B4", "[Threaded comment]", {"author": hand_parts.THREAD})
    sheet.add_table(
        "I3:L7",
        {
            "name": "Own_table",
            "total_row": True,
            "data": [["a", 1, 2], ["b", 3, 4], ["c", 5, 6]],
            "columns": [
                {"header": "Key", "total_string": "Sum"},
                {"header": "x", "total_function": "sum", "total_value": 9},
                {"header": "y", "total_function": "max", "total_value": 6},
                {"header": "x·y", "formula": "=[@x]*[@y]"},
            ],
        },
    )
    sheet.insert_chart("N2", _chart(book, "column"))
    sheet.insert_textbox("N20", "A text box of the user's\n& its text", {"textlink": "=$A$4"})
    sheet.insert_image(
        "A25", "dot.png", {"image_data": io.BytesIO(picture(90)), "url": "https://x.org"}
    )
    sheet.insert_button("F20", {"macro": "Run_it", "caption": "Press"})
    sheet.set_header("&L&G&C&F", {"image_left": "h.png", "image_data_left": io.BytesIO(picture(7))})
    sheet.set_background(io.BytesIO(picture(200)))
    sheet.set_row(5, 33, None, {"level": 1, "hidden": True})
    sheet.set_column("M:M", 3, None, {"level": 1})
    sheet.freeze_panes(3, 1)
    sheet.print_area("A1:M40")
    sheet.repeat_rows(0, 2)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.set_h_pagebreaks([20])


def _figures(book: Workbook, sheet: Worksheet) -> None:
    """A sheet for the parts made by hand: a list for the pivot table, a filter, more charts."""
    sheet.write_row(0, 0, ["Party", "Year", "Amount"])
    for row in range(1, 9):
        sheet.write_row(row, 0, [("North", "South")[row % 2], 2020 + row % 3, row * 10.25])
    sheet.autofilter(0, 0, 8, 2)
    for row, kind in enumerate(("pie", "scatter", "radar", "area", "doughnut", "stock")):
        sheet.insert_chart(12 + row * 16, 5, _chart(book, kind))
    sheet.write_string("J2", "東京")
    sheet.write_formula("J4", "=J3+1", None, 1)
    sheet.set_landscape()


def _on_ours(book: Workbook, sheet: Worksheet) -> None:
    """Notes, formulas and objects that a user puts on a sheet of the layout, beside its table."""
    name, right, bottom = sheet.get_name(), (sheet.dim_colmax or 0) + 3, sheet.dim_rowmax or 0
    italic = book.add_format({"italic": True, "bg_color": "#EEEEFF"})
    if name not in layout.INPUT_SHEETS:
        if name in (layout.RANKING, layout.COVER):
            sheet.insert_textbox(1, right, f"A note on {name}")
        if name == layout.LOG:
            sheet.write_string(bottom + 7, 0, "my own line in the Log")
            sheet.write_formula(bottom + 9, 3, "=COUNTA(A1:A5)", italic, 4)
            sheet.write_string(bottom + 2, right, "beside the Log")
        return
    sheet.write_string(0, right, "my <own> note & thoughts", italic)
    sheet.write_number(1, right, 0.1 + 0.2)
    sheet.write_formula(2, right, f'=A1&" {right}"', italic, f"{name} {right}")
    sheet.write_blank(3, right, None, italic)
    sheet.write_comment(layout.HEADER_ROW, 0, f"why {name}?", {"x_scale": 2})
    sheet.write_string(bottom + 4, 0, "below the table", italic)
    sheet.add_sparkline(5, right, {"range": f"'{ANALYSIS}'!B4:C4", "type": "column"})
    sheet.conditional_format(
        layout.HEADER_ROW + 1, 5, bottom, 5, {"type": "data_bar", "data_bar_2010": True}
    )
    if name in (layout.WEIGHTS, layout.SCORES, layout.PACKAGES):
        sheet.insert_chart(8, right, _chart(book, "bar"))
        sheet.insert_textbox(1, right + 4, f"about {name}")
        sheet.insert_image(30, right, "dot.png", {"image_data": io.BytesIO(picture(len(name)))})


def picture(shade: int) -> bytes:
    """Return a PNG of 8 × 8 dots of one shade of grey."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    rows = b"".join(b"\0" + bytes([shade % 256]) * 8 for _ in range(8))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def compound_file() -> bytes:
    """Return a compound file (MS-CFB) with one stream: the shell of a macro project.

    It has what the format asks for (header, allocation table, directory, one stream over the
    4 096 bytes from which streams have sectors of their own), and no macros in it.
    """
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    header += struct.pack("<108I", *([free] * 108))
    sectors = 9
    chain = [table, end, *range(3, 2 + sectors), end]
    allocation = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = name.encode("utf-16-le") + b"\0\0" if name else b""
        links = (free, free, child)
        return struct.pack("<64sHBB", coded, len(coded), kind, 1) + struct.pack(
            "<III16sIQQIQ", *links, b"", 0, 0, 0, start, size
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry("PROJECT", 2, free, 2, sectors * 512)
    directory += entry("", 0, free, 0, 0) * 2
    stream = b'ID="{00000000-0000-0000-0000-000000000000}"\r\n'.ljust(sectors * 512, b"\0")
    return header + allocation + directory + stream
