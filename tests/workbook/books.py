"""Workbooks for tests: the input sheets alone, made in memory, and ways to change their parts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from openpyxl import Workbook as OpenedBook
from openpyxl import load_workbook
from xlsxwriter.workbook import Workbook

from mcda.case import Case
from mcda.values import evaluate
from mcda.workbook import layout
from mcda.workbook.author import inputs
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.style import Formats
from mcda.workbook.author.text import write_text


def bare(case: Case, room: int = 8) -> bytes:
    """Return a workbook with the input sheets and a plain Cover, without the live sheets."""
    plan = layout.plan(case, layout.room_for(case, room))
    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True}) as workbook:
        for name in layout.SHEETS:
            workbook.add_worksheet(name)
        sheets = Sheets(workbook, Formats(workbook), plan, case, evaluate(case))
        sheets.define_plan()
        inputs.write(sheets)
        _cover(sheets)
    return stream.getvalue()


def _cover(sheets: Sheets) -> None:
    case = sheets.case
    cells = {
        layout.CASE_NAME: case.name,
        layout.CASE_PURPOSE: case.purpose,
        layout.CASE_MARKING: case.marking,
        layout.CASE_AS_AT: case.as_at,
        layout.LAYOUT_VERSION: layout.VERSION,
    }
    style = sheets.formats["input_text"]
    for row, (name, text) in enumerate(cells.items()):
        write_text(sheets[layout.COVER], row, 1, text, style, sheets.formats["plain"])
        sheets.define(name, layout.Block(layout.COVER, row, 1, row, 1))


def edited(data: bytes, edit: Callable[[OpenedBook], None]) -> bytes:
    """Return the workbook after an edit with openpyxl (a test's file may lose what that drops)."""
    book = load_workbook(io.BytesIO(data))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rezipped(data: bytes, change: Mapping[str, bytes | None]) -> bytes:
    """Return the zip with parts replaced, added, or (None) left out."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def part(data: bytes, name: str) -> bytes:
    """Return one part of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def sheet_part(sheet: str) -> str:
    """Return the part that holds a sheet of the layout in a new workbook."""
    return f"xl/worksheets/sheet{layout.SHEETS.index(sheet) + 1}.xml"
