"""Writing the input sheets: title, guidance, headers, the case's rows, room for more, markers.

No input table holds a formula: a row that a user inserts would lack it. Text is written as text
and numbers as numbers, whatever they look like.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from xlsxwriter.worksheet import Worksheet

from mcda.parts import Frozen, NoDeal, Package, Score
from mcda.workbook import layout
from mcda.workbook.author import choices
from mcda.workbook.author.rows import Cell, rows_of
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.text import write_text

_TITLES = {
    layout.PACKAGES: "Packages: what could be agreed",
    layout.NO_DEAL: "No deal: what happens without agreement",
    layout.ISSUES: "Issues: what is negotiated, and its levels",
    layout.PARTIES: "Parties: who negotiates, and who must sign",
    layout.CRITERIA: "Criteria: what each party cares about",
    layout.WEIGHTS: "Weights: what each swing is worth to a party",
    layout.SCORES: "Scores: how each level performs on each criterion",
    layout.EVIDENCE: "Evidence: where a score comes from, and how sure it is",
    layout.RULES: "Rules, red lines and interactions",
    layout.CONDITIONS: "Conditions: what the rules, red lines and interactions are about",
    layout.SCENARIOS: "Scenarios: what might be otherwise",
    layout.RECOMMENDATIONS: "Recommendations: the analyst’s own",
    layout.SOURCES: "Sources: what was said or decided, and where it can be checked",
}
_FROZEN = {
    layout.PACKAGES: 1, layout.NO_DEAL: 1, layout.ISSUES: 2, layout.PARTIES: 1,
    layout.CRITERIA: 2, layout.WEIGHTS: 2, layout.SCORES: 2, layout.EVIDENCE: 2,
    layout.RULES: 1, layout.CONDITIONS: 1, layout.SCENARIOS: 1, layout.RECOMMENDATIONS: 1,
    layout.SOURCES: 1,
}  # fmt: skip
"""Columns that stay in view, by sheet."""
_TAB = "#E9C46A"
_MARKER_WIDTH = 2.4
_SETTING_WIDTH = 19
_VALUE_WIDTH = 12
_SCORE_WIDTH = 7
_PARTY_HEIGHT, _CRITERION_HEIGHT = 76, 172
"""Heights of the two header rows on Scores, in points: their text is turned."""
_LINE_HEIGHT, _HIGHEST_ROW = 13.2, 400
"""Points; Excel's rows end at 409."""
_TWO_PAGES_WIDE = {
    layout.PACKAGES, layout.NO_DEAL, layout.CRITERIA, layout.WEIGHTS, layout.SCENARIOS,
}  # fmt: skip
"""Sheets that would be too small to read on the width of one page."""

_HINTS = {
    "Parties_Reservation": "Value of no deal to this party, 0–100 on its own scale. Blank: it is "
    "computed from the first no-deal alternative.",
    "Parties_Aspiration": "A target, 0–100; it never constrains.",
    "Parties_Power": "Weight in the Nash solution; 1 is usual.",
    "Parties_Concentration": "Only for dirichlet: larger numbers keep draws nearer to the weights.",
    "Criteria_Low": "The lower end of the range, in the criterion’s unit. Blank: the span of the "
    "scores.",
    "Criteria_High": "The upper end of the range, always more than Low; the direction says which "
    "end is worst.",
    "Weights_Weight": "What the move from the worst to the best end is worth, next to the party’s "
    "other criteria. Any points of 0 or more.",
    "Weights_Low": "The lowest weight that can be defended, in the same points.",
    "Weights_High": "The highest weight that can be defended, in the same points.",
    "Weights_JudgedFrom": "The range that the judge had in mind.",
    "Evidence_Low": "In the criterion’s unit; not more than the base score.",
    "Evidence_High": "In the criterion’s unit; not less than the base score.",
    "Rules_Score": "For an interaction: what is added when all its conditions are met.",
}
_AT_LEAST_0 = {"Weights_Weight", "Weights_Low", "Weights_High"}

_KNOWN_PARTY = "Parties are listed on the sheet Parties."
_KNOWN_ISSUE = "Issues are listed on the sheet Issues."
_KNOWN_LEVEL = "Levels are listed on the sheet Issues, under their issue."
_KNOWN_CRITERION = "Criteria are listed on the sheet Criteria, under their party."
_KNOWN_PACKAGE = "Packages are listed on the sheet Packages."
_KNOWN_RULE = "Rules and red lines are listed on the sheet Rules."


def write(sheets: Sheets) -> None:
    """Write every input sheet of the layout.

    Raises:
        CaseProblem: a list of terms is longer than a cell holds.
    """
    for name in layout.INPUT_SHEETS:
        tables = [_Table(sheets, table) for table in layout.TABLES if table.sheet == name]
        for table in tables:
            table.write()
        _set_up(sheets, name, tables)


class _Table:
    """Writes one input table."""

    def __init__(self, sheets: Sheets, table: layout.Table) -> None:
        self.case = sheets.case
        self.plan = sheets.plan
        self.table = table
        self.sheet: Worksheet = sheets[table.sheet]
        self.formats = sheets.formats
        self.typed = sheets.typed
        first = sheets.plan[table.name(table.columns[0].key)]
        self.header, self.end = first.top, first.bottom
        self.text_columns: list[int] = []
        self.lines: dict[int, int] = {}
        """Lines that the text of a row needs, where it is more than one."""

    def write(self) -> None:
        rows = rows_of(self.table, self.case)
        for column in self.table.columns:
            self.column(column, [row.get(column.key) for row in rows])
        write_block = _BLOCKS.get(self.table.key)
        if write_block is not None:
            write_block(self)
        # The words over the end stand in its first column; the others only carry its look.
        first = self.place(self.table.columns[0].key)
        self.sheet.write_string(self.end, first, layout.ROW_MARKER, self.formats["marker"])
        for row, lines in self.lines.items():
            self.sheet.set_row(row, min(lines * _LINE_HEIGHT + 3, _HIGHEST_ROW))

    def place(self, key: str) -> int:
        """Return the column of that key."""
        return self.plan[self.table.name(key)].left

    def column(self, column: layout.Column, cells: Sequence[Cell]) -> None:
        """Write a column with a fixed header."""
        at = self.place(column.key)
        self.sheet.set_column(at, at, column.width)
        self.sheet.write_string(self.header, at, column.header, self.formats["header"])
        self.fit(self.header, column.header, column.width - 2)
        style = "input_number" if column.kind == "number" else "input_text"
        self.cells(at, cells, "input_choice" if column.choices else style, column.width)
        rule = self.rule(column)
        if rule:
            self.validate(at, at, rule)

    def rule(self, column: layout.Column) -> dict[str, Any]:
        """Return what may be entered in a column with a fixed header."""
        name = self.table.name(column.key)
        if column.choices:
            return choices.words(column)
        if column.kind == "number":
            least = 0 if name in _AT_LEAST_0 else -choices.LARGEST
            return choices.number(column, column.hint or _HINTS.get(name, ""), least=least)
        listed = _LISTS.get(name)
        return {} if listed is None else listed(self)

    def fit(self, row: int, text: str, width: float) -> None:
        """Make room for a text that needs several lines: not every program does so by itself."""
        lines = sum(max(1, math.ceil(len(line) / (1.15 * width))) for line in text.split("\n"))
        if lines > self.lines.get(row, 1):
            self.lines[row] = lines

    def cells(self, column: int, cells: Sequence[Cell], style: str, width: float) -> None:
        """Write what stands in a column, blank input cells below it, and its marker."""
        for index, row in enumerate(range(self.header + 1, self.end)):
            value = cells[index] if index < len(cells) else None
            self.cell(row, column, value, style)
            if isinstance(value, str) and style == "input_text":
                self.fit(row, value, width)
        self.sheet.write_blank(self.end, column, None, self.formats["marker"])
        if style != "input_number":
            self.text_columns.append(column)

    def cell(self, row: int, column: int, value: Cell, style: str) -> None:
        """Write one input cell: a number, a text, or nothing."""
        if value is not None and value != "":
            self.typed[self.table.sheet, row, column] = value
        if isinstance(value, float):
            self.sheet.write_number(row, column, value, self.formats[style])
            return
        plain = self.formats["plain"]
        write_text(self.sheet, row, column, value, self.formats[style], plain)

    def validate(self, left: int, right: int, rule: Mapping[str, Any]) -> None:
        """Put a rule on the table's cells, the marker row included: inserted rows inherit it."""
        self.sheet.data_validation(self.header + 1, left, self.end, right, dict(rule))

    def at(self, key: str) -> str:
        """Return the table's first cell in a column, for the formula of a rule: ``$A6``."""
        return f"${layout.column_letters(self.place(key))}{self.header + 2}"

    def band(self, left: int, right: int, words: str) -> None:
        """Name a group of columns in the row over the header."""
        style = self.formats["band"]
        self.sheet.write_string(self.header - 1, left, words, style)
        for column in range(left + 1, right + 1):
            self.sheet.write_blank(self.header - 1, column, None, style)

    def column_marker(self, column: int, top: int) -> None:
        """Write the narrow column before which new columns go."""
        style = self.formats["column_marker"]
        self.sheet.set_column(column, column, _MARKER_WIDTH)
        self.sheet.write_string(top, column, layout.COLUMN_MARKER, style)
        for row in range(top + 1, self.end):
            self.sheet.write_blank(row, column, None, style)
        self.sheet.write_blank(self.end, column, None, self.formats["marker"])

    def headed(
        self, column: int, header: str, cells: Sequence[Cell], style: str, width: float
    ) -> None:
        """Write a column whose header is an input, too."""
        self.sheet.set_column(column, column, width)
        self.fit(self.header, header, width - 2)
        self.cell(self.header, column, header, "input_header")
        self.cells(column, cells, style, width)


# -- the columns that depend on the case


def _settings(
    table: _Table, block: layout.Block, items: Sequence[Package | NoDeal], *, deal: bool
) -> None:
    """Write one column of levels for each issue."""
    issues = table.case.issues
    for column, issue in enumerate(issues, block.left + 1):
        settings = [item.settings.get(issue.name) for item in items]
        table.headed(column, issue.name, settings, "input_text", _SETTING_WIDTH)
    table.column_marker(block.right, block.top)
    if issues:
        table.band(block.left + 1, block.right - 1, "Level of each issue")
    # The marker column included: a column that is inserted before it inherits the list.
    header = f"{layout.column_letters(block.left + 1)}${table.header + 1}"
    listed = choices.one_of(choices.levels(header, deal_only=deal), _KNOWN_LEVEL)
    table.validate(block.left + 1, block.right, listed)


def _packages(table: _Table) -> None:
    block = table.plan[layout.PACKAGES_SETTINGS]
    _settings(table, block, table.case.packages, deal=True)
    left, right = table.place("Crosses"), table.place("Source")
    table.band(left, right, "Beyond the model, and notes")


def _no_deal(table: _Table) -> None:
    _settings(table, table.plan[layout.NO_DEAL_SETTINGS], table.case.no_deal, deal=False)
    block = table.plan[layout.NO_DEAL_VALUES]
    for column, party in enumerate(table.case.party_names, block.left + 1):
        values = [item.values.get(party) for item in table.case.no_deal]
        table.headed(column, party, values, "input_number", _VALUE_WIDTH)
    table.column_marker(block.right, block.top)
    table.band(block.left + 1, block.right - 1, "Stated value to each party (else computed)")
    rule = choices.number(layout.Column("", "Stated value", "number"), "")
    table.validate(block.left + 1, block.right, rule)


def _scores(table: _Table) -> None:
    """Write one column for each party and criterion, under two header rows."""
    block = table.plan[layout.SCORES_BLOCK]
    levels = [(issue.name, level) for issue in table.case.issues for level in issue.level_names]
    turned, plain = "input_header_vertical", table.formats["plain"]
    column = block.left
    for index, party in enumerate(table.case.parties):
        band = table.formats.party_band(index)
        for place, criterion in enumerate(party.criteria):
            column += 1
            table.sheet.set_column(column, column, _SCORE_WIDTH)
            if place == 0:
                write_text(table.sheet, block.top - 1, column, party.name, band, plain)
            else:
                table.sheet.write_blank(block.top - 1, column, None, band)
            table.cell(block.top, column, party.name, turned)
            table.cell(table.header, column, criterion.name, turned)
            scores: Mapping[str, Mapping[str, Score]] = party.scores.get(criterion.name, Frozen())
            found = [scores.get(issue, {}).get(level) for issue, level in levels]
            table.cells(column, _bases(found), "input_number", _SCORE_WIDTH)
    table.column_marker(block.right, block.top)
    table.sheet.set_row(block.top, _PARTY_HEIGHT)
    table.sheet.set_row(table.header, _CRITERION_HEIGHT)
    for key in ("Issue", "Level"):
        table.sheet.write_blank(block.top, table.place(key), None, table.formats["header"])
    _score_rule(table, block)


def _direct(table: _Table) -> None:
    block = table.plan[layout.DIRECT_BLOCK]
    things: list[Package | NoDeal] = [*table.case.packages, *table.case.no_deal]
    scored = [thing.scores for thing in things if thing.scores]
    for column, (party, criterion) in enumerate(table.case.criteria(), block.left + 1):
        found = [
            scores.get(party.name, Frozen[str, Score]()).get(criterion.name) for scores in scored
        ]
        table.sheet.write_blank(table.header, column, None, table.formats["header"])
        table.cells(column, _bases(found), "input_number", _SCORE_WIDTH)
    table.column_marker(block.right, table.header)
    title = "Scored directly: packages and alternatives with no issues behind them (same columns)"
    table.sheet.write_string(table.header - 1, 0, title, table.formats["subtitle"])
    _score_rule(table, block)


def _bases(scores: Iterable[Score | None]) -> list[Cell]:
    return [None if score is None else score.base for score in scores]


def _score_rule(table: _Table, block: layout.Block) -> None:
    rule = choices.number(layout.Column("", "Score", "number"), "")
    table.validate(block.left + 1, block.right, rule)


def _criteria(table: _Table) -> None:
    table.band(table.place("Direction"), table.place("Unit"), "Range")
    table.band(table.place("Worst"), table.place("Best"), "In words")
    left, right = table.place("X1"), table.place(f"V{layout.MAX_POINTS}")
    table.band(left, right, "Value function, if it is not a straight line (up to six points)")


def _weights(table: _Table) -> None:
    table.band(table.place("Weight"), table.place("High"), "Swing weight, and its range")
    table.band(table.place("JudgedFrom"), table.place("On"), "How it was judged")


def _parties(table: _Table) -> None:
    left, right = table.place("ReservationLow"), table.place("ReservationHigh")
    table.band(left, right, "Value of no deal")


def _scenarios(table: _Table) -> None:
    table.band(table.place("Change"), table.place("Level"), "What changes")
    table.band(table.place("Low"), table.place("High"), "To what")


_BLOCKS: dict[str, Callable[[_Table], None]] = {
    "Packages": _packages, "NoDeal": _no_deal, "Scores": _scores, "Direct": _direct,
    "Criteria": _criteria, "Weights": _weights, "Parties": _parties, "Scenarios": _scenarios,
}  # fmt: skip


# -- drop-downs


def _of(name: str, what: str) -> Callable[[_Table], dict[str, Any]]:
    return lambda table: choices.one_of(choices.names(name), what)


def _level_beside(table: _Table) -> dict[str, Any]:
    listed = choices.levels(table.at("Issue"), deal_only=False)
    return choices.one_of(listed, _KNOWN_LEVEL)


def _criterion_beside(table: _Table) -> dict[str, Any]:
    return choices.one_of(choices.criteria(table.at("Party")), _KNOWN_CRITERION)


def _evidence_name(table: _Table) -> dict[str, Any]:
    packages, no_deal = choices.names("Packages_Package"), choices.names("NoDeal_NoDeal")
    levels = choices.levels(table.at("Issue"), deal_only=False)
    of = table.at("Of")
    source = (
        f'=IF({of}="{layout.PACKAGE_KIND}",{packages[1:]},'
        f'IF({of}="{layout.NO_DEAL_KIND}",{no_deal[1:]},{levels[1:]}))'
    )
    # Excel takes formulas of up to 255 characters here.
    return choices.one_of(source if len(source) <= 255 else levels, _KNOWN_LEVEL)


def _direct_name(table: _Table) -> dict[str, Any]:
    packages, no_deal = choices.names("Packages_Package"), choices.names("NoDeal_NoDeal")
    kind = table.at("Kind")
    source = f'=IF({kind}="{layout.NO_DEAL_KIND}",{no_deal[1:]},{packages[1:]})'
    return choices.one_of(source, _KNOWN_PACKAGE)


_party = _of("Parties_Party", _KNOWN_PARTY)
_issue = _of("Issues_Issue", _KNOWN_ISSUE)
_rule = _of("Rules_Name", _KNOWN_RULE)
_LISTS: dict[str, Callable[[_Table], dict[str, Any]]] = {
    "Criteria_Party": _party, "Weights_Party": _party, "Evidence_Party": _party,
    "Rules_Party": _party, "Scenarios_Party": _party, "Recommendations_For": _party,
    "Packages_Crosses": _party,
    "Weights_Criterion": _criterion_beside, "Evidence_Criterion": _criterion_beside,
    "Rules_Criterion": _criterion_beside, "Scenarios_Criterion": _criterion_beside,
    "Scores_Level": _level_beside, "Conditions_Level": _level_beside,
    "Scenarios_Level": _level_beside, "Evidence_Level": _evidence_name,
    "Direct_Name": _direct_name, "Conditions_Name": _rule, "Scenarios_Lifted": _rule,
    "Recommendations_Package": _of("Packages_Package", _KNOWN_PACKAGE),
}  # fmt: skip


# -- the sheet around its tables


def _set_up(sheets: Sheets, name: str, tables: Sequence[_Table]) -> None:
    sheet, formats = sheets[name], sheets.formats
    sheet.write_string(0, 0, _TITLES[name], formats["title"])
    sheet.set_row(0, 24)
    sheet.write_string(1, 0, tables[0].table.guidance, formats["guidance"])
    marking = sheets.case.marking or ""
    sheet.write_formula(
        2,
        0,
        f'=IF({layout.CASE_MARKING}="","",{layout.CASE_MARKING})',
        formats["guidance"],
        marking,
    )
    sheet.set_tab_color(_TAB)
    sheet.freeze_panes(tables[0].header + 1, _FROZEN[name])
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(2 if name in _TWO_PAGES_WIDE else 1, 0)
    sheet.repeat_rows(0, tables[0].header)
    sheet.repeat_columns(0, _FROZEN[name] - 1)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L{_footer(marking)}&R&A · page &P of &N")
    areas = [
        f"{letters}{table.header + 1}:{letters}{table.end + 1}"
        for table in tables
        for letters in map(layout.column_letters, table.text_columns)
    ]
    sheet.ignore_errors({"number_stored_as_text": " ".join(areas)})


def _footer(marking: str) -> str:
    """Return the marking as a footer can carry it: one line, short, its ampersands doubled."""
    line = " ".join(marking.split())
    return (line if len(line) <= 90 else line[:89] + "…").replace("&", "&&")
