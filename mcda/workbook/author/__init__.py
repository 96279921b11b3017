"""Making a new workbook: input sheets filled from a case, and live formulas on top of them."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from mcda.atomic import write_atomically
from mcda.case import Case
from mcda.workbook import layout

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Texts are written as texts, whatever they look like."""
CREATED = datetime(2025, 1, 1)
"""The date of making that every new workbook carries: the same case gives the same bytes."""


def create(
    case: Case, path: Path, *, room: int = layout.DEFAULT_ROOM, when: str | None = None
) -> None:
    """Write a new workbook for ``case`` at ``path``; ``room`` is the least number of package rows.

    The file appears at once and whole, or not at all; one that stands there is replaced. ``when``
    is what the Log and the Stamp say about the time; without it the same case gives the same bytes.

    Raises:
        OSError: the folder cannot be written to.
    """
    write_atomically(Path(path), workbook_bytes(case, room=room, when=when))


def workbook_bytes(
    case: Case, *, room: int = layout.DEFAULT_ROOM, when: str | None = None
) -> bytes:
    """Return a new workbook for ``case`` as bytes; see `create`."""
    file = BytesIO()
    from xlsxwriter.workbook import Workbook

    from mcda.workbook.author.sheets import PlainFormulas

    with Workbook(file, {**OPTIONS, "in_memory": True}) as workbook:
        write_sheets(workbook, case, layout.room_for(case, room), when, PlainFormulas)
    return file.getvalue()


def write_sheets(
    workbook: Workbook,
    case: Case,
    room: layout.Room,
    when: str | None,
    sheet_class: type[Worksheet],
) -> None:
    """Write every sheet, formula and defined name of the workbook for ``case``."""
    from mcda.values import evaluate
    from mcda.workbook.author import (
        checks,
        cover,
        glance,
        inputs,
        lookup,
        order,
        ranking,
        stamp,
        values,
        weights,
    )
    from mcda.workbook.author.sheets import Sheets
    from mcda.workbook.author.style import Formats

    workbook.set_properties({"title": case.name, "created": CREATED})
    for name in layout.SHEETS:
        workbook.add_worksheet(name, worksheet_class=sheet_class)
    sheets = Sheets(workbook, Formats(workbook), layout.plan(case, room), case, evaluate(case))
    sheets.define_plan()
    inputs.write(sheets)
    found = lookup.write(sheets)
    computed = values.write(sheets, found)
    beside = weights.write(sheets, found)
    ordered = order.write(sheets, found, computed)
    listed = ranking.write(sheets, found, computed, ordered)
    summary = glance.write(sheets, found, computed)
    stamped = stamp.write(sheets, found, computed, when)
    tested = checks.write(sheets, found, computed, beside, ordered, listed, summary, stamped)
    cover.write(sheets, tested, summary)
    cover.write_log(sheets, when)
    stamp.write_when(sheets, when)
