"""The Cover (what this is, how to read it, whether all is well) and the Log."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

import mcda
from mcda.canonical import inputs_sha256
from mcda.workbook import layout
from mcda.workbook.author.checks import Master
from mcda.workbook.author.counting import FAIL, NOTE, PASS
from mcda.workbook.author.glance import Glance
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.style import NAVY
from mcda.workbook.author.text import write_text

LABEL, BODY, KIND = 0, 1, 2

CONTROL, INPUT, OUTPUT, WORKINGS = "control", "input", "output, live", "workings, live"
CONTENTS = (
    (layout.RANKING, OUTPUT, "Who would accept which package and why: choose a party at the top."),
    (layout.PACKAGES, INPUT, "What could be agreed: one row per package, a level for each issue."),
    (layout.NO_DEAL, INPUT, "What happens without agreement: the base first, then the sticks."),
    (layout.ISSUES, INPUT, "What is negotiated: the levels of each issue, in order."),
    (layout.PARTIES, INPUT, "Who negotiates, who must sign, and stated reservation values."),
    (layout.CRITERIA, INPUT, "What each party cares about, on which range."),
    (layout.WEIGHTS, INPUT, "What each swing is worth to its party. Change one and look at "
     "Ranking."),
    (layout.SCORES, INPUT, "How each level performs on each criterion."),
    (layout.EVIDENCE, INPUT, "Where a score comes from, its low and high, and how sure it is."),
    (layout.RULES, INPUT, "What cannot happen, what a party refuses, what counts extra together."),
    (layout.CONDITIONS, INPUT, "What each rule, red line and interaction is about."),
    (layout.SCENARIOS, INPUT, "What might be otherwise."),
    (layout.RECOMMENDATIONS, INPUT, "What the analyst recommends to whom."),
    (layout.SOURCES, INPUT, "What was said or decided, when, and where it can be checked."),
    (layout.LOOKUP, WORKINGS, "Names turned into numbers, once."),
    (layout.VALUES, WORKINGS, "One row per alternative: performance, value, party value, surplus, "
     "rank."),
    (layout.STAMP, WORKINGS, "The inputs as they were when Python last computed, and its own "
     "numbers."),
    (layout.CHECKS, OUTPUT, "What must hold, told as PASS, NOTE or FAIL."),
    (layout.LOG, CONTROL, "What was changed, when, and by which program."),
)  # fmt: skip
HOW = (
    "Pale yellow cells with blue text are for you; everything else is computed as you type.",
    f"New rows go above the line “{layout.ROW_MARKER}”, new columns before the mark "
    f"“{layout.COLUMN_MARKER}”; insert whole rows and columns anywhere in between.",
    "Names are matched letter by letter, upper and lower case too: choose them from the lists.",
    "Computed sheets are protected, without a password, so that nothing is overwritten by "
    "accident.",
)  # fmt: skip


def write(sheets: Sheets, master: Master, glance: Glance) -> None:
    """Write the Cover, with the master check in words, around the summary that stands on it."""
    sheet, formats, case = sheets[layout.COVER], sheets.formats, sheets.case
    plain = formats["plain"]
    sheet.write_string(0, LABEL, "Negotiation workbook", formats["title"])
    sheet.set_row(0, 26)
    cells = (
        ("Case", layout.CASE_NAME, case.name, "input_title"),
        ("Purpose", layout.CASE_PURPOSE, case.purpose, "input_text"),
        ("Marking", layout.CASE_MARKING, case.marking, "input_text"),
        ("As at", layout.CASE_AS_AT, case.as_at, "input_text"),
    )
    row = 2
    for label, name, text, style in cells:
        sheet.write_string(row, LABEL, label, formats["label"])
        write_text(sheet, row, BODY, text, formats[style], plain)
        sheets.define(name, layout.Block(layout.COVER, row, BODY, row, BODY))
        per_line = 66 if style == "input_title" else 96
        lines = sum(1 + len(line) // per_line for line in (text or "").split("\n"))
        sheet.set_row(row, (20 if style == "input_title" else 14) * max(1, lines) + 3)
        row += 1
    row += 1
    sheet.write_string(row, LABEL, "Is all well?", formats["label"])
    sheet.write_formula(row, BODY, "=" + master.formula, formats["verdict"], master.words)
    sheets.define(layout.MASTER_CHECK, layout.Block(layout.COVER, row, BODY, row, BODY))
    sheet.write_url(row, KIND, f"internal:'{layout.CHECKS}'!A1", formats["link"], layout.CHECKS)
    sheet.set_row(row, 20)
    for word, style in ((PASS, "pass"), (FAIL, "fail")):
        sheet.conditional_format(
            row, BODY, row, BODY,
            {"type": "text", "criteria": "begins with", "value": word, "format": formats[style]},
        )  # fmt: skip
    row = _how(sheets, glance.below)
    row = _colours(sheets, row + 1)
    row = _contents(sheets, row + 1)
    _about(sheets, row + 1)
    _page(sheet)


def _how(sheets: Sheets, row: int) -> int:
    sheet, formats = sheets[layout.COVER], sheets.formats
    sheet.write_string(row, LABEL, "How to use it", formats["subtitle"])
    for line in HOW:
        row += 1
        sheet.write_string(row, BODY, line, formats["wrapped"])
        sheet.set_row(row, 15 * (1 + len(line) // 100))
    return row + 1


def _colours(sheets: Sheets, row: int) -> int:
    sheet, formats = sheets[layout.COVER], sheets.formats
    sheet.write_string(row, LABEL, "Colours", formats["subtitle"])
    keys = (
        ("input", "input_text", "You enter this: pale yellow, blue text."),
        ("header", "header", "The header of a table."),
        ("computed", "live_text", "Computed beside an input table, or on a workings sheet."),
        (PASS, "pass_cell", "A check holds."),
        (NOTE, "note_cell", "A check found something worth knowing."),
        (FAIL, "fail_cell", "A check fails: mend it before you rely on the results."),
    )
    for sample, style, meaning in keys:
        row += 1
        sheet.write_string(row, LABEL, sample, formats[style])
        sheet.write_string(row, BODY, meaning, formats["plain"])
    return row + 1


def _contents(sheets: Sheets, row: int) -> int:
    sheet, formats = sheets[layout.COVER], sheets.formats
    sheet.write_string(row, LABEL, "Sheets", formats["subtitle"])
    for name, kind, what in CONTENTS:
        row += 1
        sheet.write_url(row, LABEL, f"internal:'{name}'!A1", formats["link"], name)
        sheet.write_string(row, BODY, what, formats["ruled_text"])
        sheet.write_string(row, KIND, kind, formats["ruled_text"])
    return row + 1


def _about(sheets: Sheets, row: int) -> None:
    sheet, formats = sheets[layout.COVER], sheets.formats
    sheet.write_string(row, LABEL, "About", formats["subtitle"])
    about = (
        ("Layout", layout.LAYOUT_VERSION, layout.VERSION),
        ("Fingerprint", layout.FINGERPRINT, inputs_sha256(sheets.case)),
    )
    for label, name, text in about:
        row += 1
        sheet.write_string(row, LABEL, label, formats["plain"])
        sheet.write_string(row, BODY, text, formats["fixed_text"])
        sheets.define(name, layout.Block(layout.COVER, row, BODY, row, BODY))
    row += 1
    sheet.write_string(
        row, BODY, "The fingerprint is the SHA-256 of the inputs as they were when this workbook "
        f"was made, by mcda {mcda.__version__}; “mcda rank FILE” shows the present one.",
        formats["guidance_wrapped"],
    )  # fmt: skip
    sheet.set_row(row, 28)


def _page(sheet: Worksheet) -> None:
    sheet.set_column(LABEL, LABEL, 18)
    sheet.set_column(BODY, BODY, 96)
    sheet.set_column(KIND, KIND, 16)
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_tab_color(NAVY)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.activate()


MOST_RULED = 10_000
"""Lines of the Log that are ruled once they are in use."""
LOG_HEADERS = (("When", 22), ("Cell", 22), ("Old", 30), ("New", 60), ("By", 26))


def write_log(sheets: Sheets, when: str | None) -> None:
    """Write the Log with its first line, "created"."""
    sheet, formats = sheets[layout.LOG], sheets.formats
    sheet.write_string(0, 0, "Log: what was changed, when, and by which program", formats["title"])
    sheet.set_row(0, 24)
    sheet.write_string(
        1, 0, "“mcda sync” adds a line below the last one for each input that has changed since "
        "the last time, and for each that it writes.", formats["guidance"],
    )  # fmt: skip
    top = layout.HEADER_ROW
    for column, (header, width) in enumerate(LOG_HEADERS):
        sheet.write_string(top, column, header, formats["header"])
        # Lines to come take their look from the column, and their rule from a condition.
        sheet.set_column(column, column, width, formats["wrapped"])
    created = (
        when or "",
        "",
        "",
        f"created, inputs {inputs_sha256(sheets.case)[:12]}",
        f"mcda {mcda.__version__}",
    )
    for column, text in enumerate(created):
        sheet.write_string(top + 1, column, text, formats["wrapped"])
    sheet.conditional_format(
        top + 1, 0, top + MOST_RULED, len(LOG_HEADERS) - 1,
        {"type": "formula", "criteria": f'=$E{top + 2}<>""', "format": formats["ruled"]},
    )  # fmt: skip
    sheets.define(
        layout.LOG_ENTRIES, layout.Block(layout.LOG, top, 0, top + 1, len(LOG_HEADERS) - 1)
    )
    sheet.freeze_panes(top + 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.protect("", {"format_columns": True, "format_rows": True})
