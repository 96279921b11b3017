"""Making a new workbook: input sheets filled from a case, and live formulas on top of them."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from mcda.case import Case
from mcda.workbook import layout

CREATED = datetime(2025, 1, 1)
"""Stands in every new workbook as its date of making, so that the same case gives the same bytes;
the Log says when it was really made."""


def create(case: Case, path: Path, *, room: int = layout.DEFAULT_ROOM) -> None:
    """Write a new workbook for ``case`` at ``path``; ``room`` is the least number of package rows.

    The file appears at once and whole, or not at all; one that stands there is replaced.

    Raises:
        OSError: the folder cannot be written to.
    """
    path = Path(path)
    handle, temporary = tempfile.mkstemp(suffix=".xlsx", prefix=".mcda-", dir=path.parent)
    os.close(handle)
    try:
        _write(case, Path(temporary), room)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _write(case: Case, path: Path, room: int) -> None:
    from xlsxwriter.workbook import Workbook

    from mcda.values import evaluate
    from mcda.workbook.author import cover, inputs, lookup, order, ranking, values, weights
    from mcda.workbook.author.sheets import Sheets
    from mcda.workbook.author.style import Formats

    plan = layout.plan(case, layout.room_for(case, room))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": case.name, "created": CREATED})
        for name in layout.SHEETS:
            workbook.add_worksheet(name)
        sheets = Sheets(workbook, Formats(workbook), plan, case, evaluate(case))
        sheets.define_plan()
        inputs.write(sheets)
        found = lookup.write(sheets)
        computed = values.write(sheets, found)
        weights.write(sheets, found)
        ordered = order.write(sheets, found, computed)
        ranking.write(sheets, found, computed, ordered)
        cover.write(sheets)
