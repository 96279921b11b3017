"""Making a new workbook: input sheets filled from a case, and live formulas on top of them."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from mcda.case import Case
from mcda.workbook import layout

CREATED = datetime(2025, 1, 1)
"""The date of making that every new workbook carries: the same case gives the same bytes."""


def create(
    case: Case, path: Path, *, room: int = layout.DEFAULT_ROOM, when: str | None = None
) -> None:
    """Write a new workbook for ``case`` at ``path``; ``room`` is the least number of package rows.

    The file appears at once and whole, or not at all; one that stands there is replaced. ``when``
    is what the Log says about the time; without it the same case gives the same bytes.

    Raises:
        OSError: the folder cannot be written to.
    """
    path = Path(path)
    handle, temporary = tempfile.mkstemp(suffix=".xlsx", prefix=".mcda-", dir=path.parent)
    os.close(handle)
    try:
        _write(case, Path(temporary), room, when)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _write(case: Case, path: Path, room: int, when: str | None) -> None:
    from xlsxwriter.workbook import Workbook

    from mcda.values import evaluate
    from mcda.workbook.author import (
        checks,
        cover,
        glance,
        inputs,
        lookup,
        order,
        ranking,
        values,
        weights,
    )
    from mcda.workbook.author.sheets import PlainFormulas, Sheets
    from mcda.workbook.author.style import Formats

    plan = layout.plan(case, layout.room_for(case, room))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": case.name, "created": CREATED})
        for name in layout.SHEETS:
            workbook.add_worksheet(name, worksheet_class=PlainFormulas)
        sheets = Sheets(workbook, Formats(workbook), plan, case, evaluate(case))
        sheets.define_plan()
        inputs.write(sheets)
        found = lookup.write(sheets)
        computed = values.write(sheets, found)
        beside = weights.write(sheets, found)
        ordered = order.write(sheets, found, computed)
        listed = ranking.write(sheets, found, computed, ordered)
        summary = glance.write(sheets, found, computed)
        tested = checks.write(sheets, found, computed, beside, ordered, listed, summary)
        cover.write(sheets, tested, summary)
        cover.write_log(sheets, when)
