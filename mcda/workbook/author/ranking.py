"""The Ranking sheet: the list for a chosen party, two charts, and a table of all parties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from mcda.values import Evaluation
from mcda.workbook import layout
from mcda.workbook.author import charts
from mcda.workbook.author.live import Cached, LiveSheet, Run, no_triangles
from mcda.workbook.author.lookup import Lookup
from mcda.workbook.author.numbers import fixed, one_decimal
from mcda.workbook.author.order import Order, shown
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.style import NAVY
from mcda.workbook.author.text import write_text
from mcda.workbook.author.values import Block, Values

SELECTOR_ROW, ACROSS_ROW, UP_ROW = 2, 3, 4
HEADER_ROW = 6
_SHARED_HEADERS = [
    ("No.", "header_centre"),
    ("Allowed", "header_centre"),
    ("Package", "header_text"),
]
NUMBER, RANK, PACKAGE, FIRST = 0, 1, 2, 3
"""Columns that every table on the sheet shares; figures begin at ``FIRST``."""
_JUST_SHORT = "no: just short"
_CHART_ROWS = charts.HEIGHT // 20
"""Rows of the usual height that a chart covers."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where the tables on the sheet stand."""

    live: LiveSheet
    name: Run
    number: Run


def write(sheets: Sheets, lookup: Lookup, values: Values, order: Order) -> Ranking:
    """Write the Ranking sheet."""
    return _Writer(sheets, lookup, values, order).all()


class _Writer:
    def __init__(self, sheets: Sheets, lookup: Lookup, values: Values, order: Order) -> None:
        self.sheets, self.lookup, self.values, self.order = sheets, lookup, values, order
        self.live = LiveSheet(sheets, layout.RANKING)
        self.sheet: Worksheet = sheets[layout.RANKING]
        self.formats = sheets.formats
        self.rows = sheets.plan.room.packages
        self.parties = sheets.plan.room.parties
        self.evaluation = sheets.evaluation
        self.sorted = list(order.sorted_rows)
        # The table of all parties stands below the list and below both charts beside it.
        self.below = HEADER_ROW + max(self.rows + 3, 2 * _CHART_ROWS + 4)
        self.further_below = self.below + 3 + self.rows + 2
        self.chart_column = FIRST + 3 + max(len(sheets.case.parties), 2)

    def all(self) -> Ranking:
        self.top()
        name, number = self.list()
        self.charts()
        self.all_parties(self.below)
        self.by_name(self.further_below)
        self.page()
        return Ranking(self.live, name, number)

    # -- the top

    def top(self) -> None:
        sheet, case = self.sheet, self.sheets.case
        self.live.write(0, 0, f'"Ranking: "&{layout.CASE_NAME}', "title", f"Ranking: {case.name}")
        sheet.set_row(0, 24)
        self.live.write(
            1, 0, f'IF({layout.CASE_MARKING}="","",{layout.CASE_MARKING})', "guidance",
            case.marking,
        )  # fmt: skip
        second = case.party_names[min(1, len(case.parties) - 1)]
        selectors = (
            (SELECTOR_ROW, "Ranked for", layout.RANKED_FOR, case.party_names[0]),
            (ACROSS_ROW, "Chart: across", layout.CHART_ACROSS, case.party_names[0]),
            (UP_ROW, "Chart: up", layout.CHART_UP, second),
        )
        names = self.sheets.plan[layout.PARTIES_TABLE.name("Party")]
        listed = layout.Block(
            names.sheet, names.top + 1, names.left, names.bottom - 1, names.right
        ).reference
        for row, label, name, party in selectors:
            sheet.write_string(row, 0, label, self.formats["label"])
            write_text(
                sheet, row, PACKAGE, party, self.formats["input_choice"], self.formats["plain"]
            )
            self.sheets.define(name, layout.Block(layout.RANKING, row, PACKAGE, row, PACKAGE))
            sheet.data_validation(
                row, PACKAGE, row, PACKAGE,
                {
                    "validate": "list", "source": listed, "error_title": label,
                    "error_message": "Choose one of the parties on the sheet Parties.",
                    "input_title": label,
                    "input_message": "Choose a party; the list and the charts follow.",
                },
            )  # fmt: skip
        self.live.write(SELECTOR_ROW, FIRST, self.summary(), "strong", self.summary_value())
        sheet.write_string(
            ACROSS_ROW, FIRST, "Surplus is value minus no-deal value. Acceptable: no red line of "
            "that party is crossed and its surplus is 0 or more.", self.formats["guidance"],
        )  # fmt: skip
        self.links(UP_ROW)

    def summary(self) -> str:
        reservation = self.r_of_chosen()
        acceptable = shown(self.values.acceptable)
        own = f"INDEX({acceptable},0,MAX(1,{self.order.party}))"
        zone = shown(self.values.in_zone)
        names = shown(self.values.name)
        count = f'SUMPRODUCT(--({names}<>""))'
        return (
            f'IF({self.order.party}=0,"Choose a party on the left.","Value of no deal: "'
            f'&{fixed(reservation)}&".  Acceptable to it: "&SUM({own})&" of "'
            f'&{count}&" packages; to every signer, and allowed: "&SUM({zone})&".")'
        )

    def r_of_chosen(self) -> str:
        first = self.values.reservation(1)
        last = self.values.reservation(self.parties).split("!")[1]
        return f"N(INDEX({first}:{last},1,MAX(1,{self.order.party})))"

    def summary_value(self) -> str:
        evaluation = self.evaluation
        reservation = one_decimal(float(evaluation.reservation[0]))
        return (
            f"Value of no deal: {reservation}.  Acceptable to it: "
            f"{int(evaluation.acceptable[:, 0].sum())} of {len(evaluation.packages)} packages; "
            f"to every signer, and allowed: {int(evaluation.in_zone.sum())}."
        )

    def links(self, row: int) -> None:
        below, names = self.below, self.further_below
        targets = (
            (f"internal:'{layout.RANKING}'!A{below + 1}", "All parties, below ↓", FIRST),
            (f"internal:'{layout.RANKING}'!A{names + 1}", "Rules and red lines by name ↓", 5),
            (f"internal:'{layout.CHECKS}'!A1", "Checks →", 8),
        )
        for target, text, column in targets:
            self.sheet.write_url(row, column, target, self.formats["link"], text)

    # -- the list for the chosen party

    def head(self, row: int, headers: list[tuple[str, str]]) -> None:
        for column, (header, style) in enumerate(headers):
            self.sheet.write_string(row, column, header, self.formats[style])

    def column(
        self,
        column: int,
        top: int,
        formula: Callable[[int], str],
        style: str,
        values: list[Cached] | None = None,
    ) -> Run:
        run = Run(layout.RANKING, top, column, self.rows)
        return self.live.run(run, formula, style, values or [])

    def at(self, i: int) -> str:
        return self.order.at.on(i)

    def pick(self, block: Block, i: int, column: str | int) -> str:
        return f"INDEX({shown(block)},{self.at(i)},{column})"

    def list(self) -> tuple[Run, Run]:
        top, order, values = HEADER_ROW + 1, self.order, self.values
        self.head(
            HEADER_ROW,
            [
                ("No.", "header_centre"),
                ("Rank", "header_centre"),
                ("Package", "header_text"),
                ("Value", "header_right"),
                ("Surplus", "header_right"),
                ("Allowed", "header_text"),
            ],
        )
        self.sheet.set_row(HEADER_ROW, 44)
        evaluation, rows = self.evaluation, self.sorted

        def unless_blank(inner: Callable[[int], str]) -> Callable[[int], str]:
            return lambda i: f'IF({self.at(i)}=0,"",{inner(i)})'

        count = len(rows)
        number = self.column(
            NUMBER, top, unless_blank(str), "output_integer",
            [float(i) for i in range(1, count + 1)],
        )  # fmt: skip
        ranks = [
            1.0 + float((evaluation.party_values[evaluation.ranked[:, 0], 0]
                         > evaluation.party_values[row, 0]).sum())
            if evaluation.ranked[row, 0] else "–"
            for row in rows
        ]  # fmt: skip
        rank = self.pick
        self.column(
            RANK, top,
            unless_blank(
                lambda i: (
                    f"IF(ISNUMBER({rank(values.rank, i, order.party)}),"
                    f'{rank(values.rank, i, order.party)},"–")'
                )
            ),
            "output_integer", list(ranks),
        )  # fmt: skip
        name = self.column(
            PACKAGE, top, unless_blank(lambda i: self.pick(values.name, i, 1)), "output_line",
            [evaluation.packages[row] for row in rows],
        )  # fmt: skip
        for column, block, array in (
            (FIRST, values.party_value, evaluation.party_values),
            (FIRST + 1, values.surplus, evaluation.surplus),
        ):
            self.column(
                column, top,
                unless_blank(lambda i, block=block: self.pick(block, i, order.party)),  # type: ignore[misc]
                "output_number" if column == FIRST else "output_signed",
                [float(array[row, 0]) for row in rows],
            )  # fmt: skip
        self.column(
            FIRST + 2, top, unless_blank(self.allowed), "output_line",
            [self.allowed_value(row) for row in rows],
        )  # fmt: skip
        for q in range(1, self.parties + 1):
            column = FIRST + 2 + q
            self.party_header(HEADER_ROW, column, q, '"Acceptable to "&')
            known = q <= len(evaluation.parties)
            self.column(
                column, top,
                lambda i, q=q: f'IF(OR({self.at(i)}=0,{self.number(q)}=0),"",{self.verdict(i, q)})',  # type: ignore[misc]
                "output_line", [self.verdict_value(row, q) for row in rows] if known else [],
            )  # fmt: skip
        self.look(layout.RANKING_LIST, top, FIRST + 2 + self.parties)
        return name, number

    def number(self, q: int) -> str:
        return self.lookup.parties.number.on(q)

    def party_header(self, row: int, column: int, q: int, before: str = "") -> None:
        name = self.lookup.parties.name.on(q)
        names = self.evaluation.parties
        known = f"{before.strip('&').strip(chr(34))}{names[q - 1]}" if q <= len(names) else None
        # A spare party has no header, and looks like empty paper.
        style = "header_text" if q <= len(names) else "spare_header"
        self.live.write(row, column, f'IF({name}="","",{before}{name})', style, known)

    def allowed(self, i: int) -> str:
        values = self.values
        lines = f"INDEX({shown(values.refused)},{self.at(i)},0)"
        return (
            f'IF({self.pick(values.missing, i, 1)}>0,"incomplete",'
            f'IF({self.pick(values.broken, i, 1)}>0,IF(SUM({lines})>0,"no: rule, red line",'
            f'"no: rule"),IF(SUM({lines})>0,"no: red line","yes")))'
        )

    def allowed_value(self, row: int) -> str:
        breaks, lines = self.evaluation.breaks[row].any(), self.evaluation.refused[row].any()
        if breaks:
            return "no: rule, red line" if lines else "no: rule"
        return "no: red line" if lines else "yes"

    def verdict(self, i: int, q: int) -> str:
        values = self.values
        gain = self.pick(values.surplus, i, q)
        shown = fixed(gain)
        return (
            f'IF(NOT(ISNUMBER({gain})),"–",IF({self.pick(values.refused, i, q)}>0,"no: red line",'
            f'IF({gain}>=0,"yes +"&{shown},IF(ROUND({gain},1)=0,"{_JUST_SHORT}","no "&{shown}))))'
        )

    def verdict_value(self, row: int, q: int) -> str:
        gain = float(self.evaluation.surplus[row, q - 1])
        if self.evaluation.refused[row, q - 1]:
            return "no: red line"
        shown = one_decimal(gain)
        if gain < 0:
            return _JUST_SHORT if shown == "0.0" else f"no {shown}"
        return f"yes +{shown}"

    # -- all parties

    def all_parties(self, top: int) -> None:
        """Write rank, surplus and red line of every package for every party."""
        sheet, values, evaluation = self.sheet, self.values, self.evaluation
        sheet.write_string(top, 0, "All parties", self.formats["subtitle"])
        header = top + 2
        self.head(header, _SHARED_HEADERS)
        sheet.set_row(header, 18)
        first = header + 1
        self.numbers_and_names(first)
        for q in range(1, self.parties + 1):
            left = FIRST + 3 * (q - 1)
            names = evaluation.parties
            known = q <= len(names)
            own = self.lookup.parties.name.on(q)
            styles = ("header_centre", "header_right", "header_centre")
            for offset, word in enumerate(("Rank", "Surplus", "Red line")):
                if offset == 0 and known:
                    self.live.write(
                        top + 1, left, f'IF({own}="","",{own})', "", names[q - 1],
                        format_=self.formats.party_band(q - 1),
                    )  # fmt: skip
                elif offset == 0:
                    self.live.write(top + 1, left, f'IF({own}="","",{own})', "spare_header")
                elif known:
                    sheet.write_blank(top + 1, left + offset, None,
                                      self.formats.party_band(q - 1))  # fmt: skip
                self.live.write(
                    header, left + offset, f'IF({own}="","","{word}")',
                    styles[offset] if known else "spare_header", word if known else None,
                )  # fmt: skip
            ranks = _rank_column(evaluation, q) if known else {}

            def cell(inner: Callable[[int], str], q: int = q) -> Callable[[int], str]:
                return lambda i: f'IF(OR({self.at(i)}=0,{self.number(q)}=0),"",{inner(i)})'

            self.column(
                left, first,
                cell(lambda i, q=q: self.or_dash(self.pick(values.rank, i, q))),  # type: ignore[misc]
                "output_integer", [ranks.get(row, "–") for row in self.sorted] if known else [],
            )  # fmt: skip
            self.column(
                left + 1, first,
                cell(lambda i, q=q: self.or_dash(self.pick(values.surplus, i, q))),  # type: ignore[misc]
                "output_signed",
                [float(evaluation.surplus[row, q - 1]) for row in self.sorted] if known else [],
            )  # fmt: skip
            self.column(
                left + 2, first,
                cell(lambda i, q=q: f'IF({self.pick(values.refused, i, q)}>0,"crossed","–")'),  # type: ignore[misc]
                "output_centre",
                ["crossed" if evaluation.refused[row, q - 1] else "–" for row in self.sorted]
                if known else [],
            )  # fmt: skip
        self.look(layout.RANKING_ALL, first, FIRST + 3 * self.parties - 1)

    def or_dash(self, value: str) -> str:
        return f'IF(ISNUMBER({value}),{value},"–")'

    def numbers_and_names(self, top: int) -> None:
        rows = self.sorted
        self.column(
            NUMBER, top, lambda i: f'IF({self.at(i)}=0,"",{i})', "output_integer",
            [float(i) for i in range(1, len(rows) + 1)],
        )  # fmt: skip
        allowed = self.evaluation.allowed
        self.column(
            RANK,
            top,
            lambda i: (
                f'IF({self.at(i)}=0,"",IF(N({self.pick(self.values.allowed, i, 1)})=1,"yes","no"))'
            ),
            "output_centre",
            ["yes" if allowed[row] else "no" for row in rows],
        )
        self.column(
            PACKAGE, top,
            lambda i: f'IF({self.at(i)}=0,"",{self.pick(self.values.name, i, 1)})', "output_line",
            [self.evaluation.packages[row] for row in rows],
        )  # fmt: skip

    # -- by name

    def by_name(self, top: int) -> None:
        """Write which rules each package breaks and which red lines it crosses."""
        sheet = self.sheet
        sheet.write_string(top, 0, "Rules and red lines, by name", self.formats["subtitle"])
        self.head(top + 2, [*_SHARED_HEADERS, ("What stands in the way", "header_line")])
        for column in range(FIRST + 1, self.chart_column):
            sheet.write_blank(top + 2, column, None, self.formats["header_line"])
        first = top + 3
        self.numbers_and_names(first)

        def words(i: int) -> str:
            rules = self.pick(self.values.rules_by_name, i, 1)
            lines = self.pick(self.values.lines_by_name, i, 1)
            return (
                f'IF({self.at(i)}=0,"",IF({rules}&{lines}="","–",'
                f'IF({rules}="","","Breaks: "&{rules}&".  ")'
                f'&IF({lines}="","","Crosses: "&{lines}&".")))'
            )

        self.column(FIRST, first, words, "plain", [self.words_value(row) for row in self.sorted])
        self.look(layout.RANKING_BY_NAME, first, FIRST)

    def words_value(self, row: int) -> str:
        case, evaluation = self.sheets.case, self.evaluation
        rules = "; ".join(evaluation.rules_broken(row))
        if case.packages[row].is_direct:
            lines = "; ".join(f"{party} (as entered)" for party in evaluation.crossed_by(row))
        else:
            lines = "; ".join(evaluation.red_lines_crossed(row))
        if not rules and not lines:
            return "–"
        return (f"Breaks: {rules}.  " if rules else "") + (f"Crosses: {lines}." if lines else "")

    # -- looks

    def look(self, name: str, top: int, right: int) -> None:
        """Name a table; lines around rows in use only; refusals coloured, besides the words."""
        bottom = top + self.rows - 1
        self.sheets.define(name, layout.Block(layout.RANKING, top, 0, bottom, right))
        for word in ("no", "crossed"):
            self.sheet.conditional_format(
                top, FIRST, bottom, right,
                {"type": "text", "criteria": "begins with", "value": word,
                 "format": self.formats["refusal"]},
            )  # fmt: skip
        used = f'=AND($A{top + 1}<>"",A{top + 1}<>"")'
        self.sheet.conditional_format(
            top, 0, bottom, right,
            {"type": "formula", "criteria": used, "format": self.formats["ruled"]},
        )  # fmt: skip

    def page(self) -> None:
        sheet = self.sheet
        parties = len(self.sheets.case.parties)
        sheet.set_column(NUMBER, NUMBER, 5)
        sheet.set_column(RANK, RANK, 8)
        sheet.set_column(PACKAGE, PACKAGE, 42)
        sheet.set_column(FIRST, FIRST + 3 * self.parties, 11.5)
        sheet.set_column(FIRST + 2, FIRST + 2, 16)
        sheet.freeze_panes(HEADER_ROW - 1, FIRST)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        right = max(self.chart_column + charts.WIDTH // 80, FIRST + 3 * parties - 1)
        sheet.print_area(0, 0, self.further_below + 2 + self.rows, right)
        sheet.set_h_pagebreaks([self.below, self.further_below])
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_tab_color(NAVY)
        sheet.set_zoom(90)
        no_triangles(sheet)
        sheet.protect(
            "", {"select_locked_cells": True, "format_columns": True, "format_rows": True}
        )

    def charts(self) -> None:
        beside = {"x_offset": 18, "object_position": 3}
        self.sheet.insert_chart(
            HEADER_ROW,
            self.chart_column,
            charts.contributions(self.sheets.workbook, self.order),
            beside
            | {
                "description": "Stacked contributions of the criteria to the value of each "
                "package, in the order of the list."
            },
        )
        self.sheet.insert_chart(
            HEADER_ROW + 1 + _CHART_ROWS,
            self.chart_column,
            charts.two_parties(self.sheets.workbook, self.order),
            beside
            | {
                "description": "Values of each package to two parties, with the no-deal value of "
                "both; numbers are those of the list."
            },
        )


def _rank_column(evaluation: Evaluation, q: int) -> dict[int, Cached]:
    values, ranked = evaluation.party_values[:, q - 1], evaluation.ranked[:, q - 1]
    return {
        row: 1.0 + float((values[ranked] > values[row]).sum())
        for row in range(len(values))
        if ranked[row]
    }
