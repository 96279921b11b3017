"""Writing a user's text into a cell, so that it is text and comes back the same.

XlsxWriter escapes what XML cannot carry the way Excel does, but two kinds of text slip past it:
one that looks like its own mark-up for rich text, and one in which two ``_xHHHH_`` escapes share an
underscore. Such a text is cut in two runs, each of which is safe.
"""

from __future__ import annotations

import re

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mcda.problems import CaseProblem, Problem
from mcda.validation import LONGEST_TEXT
from mcda.workbook.layout import cell_name

_SHARED_UNDERSCORE = re.compile("_x[0-9A-Fa-f]{4}(?=_x[0-9A-Fa-f]{4}_)")


def write_text(
    sheet: Worksheet, row: int, column: int, text: str | None, style: Format, plain: Format
) -> None:
    """Write a text, or a blank cell, never a formula, a number or a link.

    Args:
        sheet: the sheet to write to.
        row: zero-based.
        column: zero-based.
        text: what to write; None leaves the cell blank.
        style: the look of the cell.
        plain: a font like that of ``style``, for the runs of a text that must be cut.

    Raises:
        CaseProblem: the text is longer than a cell holds.
    """
    if not text:
        sheet.write_blank(row, column, None, style)
        return
    length = len(text) + sum(character > "\uffff" for character in text)
    if length > LONGEST_TEXT:
        what = f"This text has {length} characters; a cell holds {LONGEST_TEXT}."
        where = cell_name(sheet.get_name(), row, column)
        raise CaseProblem([Problem(where, what, "Shorten it, or split the entry.")])
    runs = _runs(text)
    if len(runs) == 1:
        sheet.write_string(row, column, text, style)
        return
    fragments = [part for run in runs for part in (plain, run)]
    sheet.write_rich_string(row, column, *fragments, style)


def _runs(text: str) -> list[str]:
    if text.startswith("<r>") and text.endswith("</r>"):
        return ["<", *_runs(text[1:])]
    cuts = [match.end() for match in _SHARED_UNDERSCORE.finditer(text)]
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
