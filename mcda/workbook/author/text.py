"""Writing a user's text into a cell, so that it is text and comes back the same.

XlsxWriter escapes what XML cannot carry the way Excel does, but two kinds of text slip past it:
one that looks like its own mark-up for rich text, and one in which two ``_xHHHH_`` patterns share
an underscore. Such a text is written in runs, none of which needs an escape.
"""

from __future__ import annotations

import re

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mcda.problems import CaseProblem, Problem
from mcda.validation import LONGEST_TEXT
from mcda.workbook.layout import cell_name

_PATTERN = re.compile("_x(?=[0-9A-Fa-f]{4}_)")
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
    is_markup = text.startswith("<r>") and text.endswith("</r>")
    if not is_markup and not _SHARED_UNDERSCORE.search(text):
        return [text]
    # XlsxWriter would escape a pattern in a run twice, so each one is cut in the middle.
    cuts = [1] * is_markup + [match.end() for match in _PATTERN.finditer(text)]
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
