"""The Cover (what this is, how to read it, whether all is well) and the Log."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from mcda.canonical import inputs_sha256
from mcda.workbook import layout
from mcda.workbook.author.live import absolute
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.text import write_text


def write(sheets: Sheets) -> None:
    """Write the Cover but for its master check, and define the names of its cells."""
    sheet, formats, case = sheets[layout.COVER], sheets.formats, sheets.case
    plain = formats["plain"]
    cells = (
        (layout.CASE_NAME, 1, case.name, "input_title"),
        (layout.CASE_PURPOSE, 3, case.purpose, "input_text"),
        (layout.CASE_MARKING, 4, case.marking, "input_text"),
        (layout.CASE_AS_AT, 5, case.as_at, "input_text"),
    )
    for name, row, text, style in cells:
        write_text(sheet, row, 1, text, formats[style], plain)
        sheets.define(name, layout.Block(layout.COVER, row, 1, row, 1))
