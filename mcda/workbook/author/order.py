"""The right end of Values: the order for the party that Ranking shows, and its charts' data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mcda.workbook import layout
from mcda.workbook.author.live import Cached, Run, absolute, row_of
from mcda.workbook.author.lookup import Lookup
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.values import (
    BAND_ROW,
    BELONGS_ROW,
    EXTRA_ROW,
    HEADER_ROW,
    NUMBER_ROW,
    TOP,
    UNRANKED,
    Block,
    Values,
)

CHARTED = 15
"""Packages that the charts show, from the top of the list."""
_LABEL = 34
"""Characters of a package's name that a chart has room for."""


@dataclass(frozen=True, slots=True)
class Order:
    """Where the order and the charts' data stand; places are counted from 1."""

    party: str
    """Cell with the number of the party that Ranking shows."""
    across: str
    up: str
    at: Run
    """Row of the package in each place, 0 where there is none."""
    charted: int
    labels: Run
    contributions: tuple[Run, ...]
    x: Run
    y: Run
    marks: Run
    no_deal_across: tuple[Run, Run]
    """x and y of the line at the no-deal value of the party across."""
    no_deal_up: tuple[Run, Run]
    line_across: str
    """Cell with the name of the line at the no-deal value of the party across."""
    line_up: str
    sorted_rows: tuple[int, ...]
    """The order as it is when the workbook is made: rows of packages, from 0."""


def shown(block: Block) -> str:
    """The package rows of a block, for formulas on any sheet."""
    first, last = block.packages[0], block.packages[-1]
    return layout.Block(
        first.sheet, first.top, first.column, first.top + first.rows - 1, last.column
    ).reference[1:]


def write(sheets: Sheets, lookup: Lookup, values: Values) -> Order:
    """Write the order for the chosen party and the data of both charts."""
    return _Writer(sheets, lookup, values).all()


class _Writer:
    def __init__(self, sheets: Sheets, lookup: Lookup, values: Values) -> None:
        self.sheets, self.lookup, self.values = sheets, lookup, values
        self.live = values.live
        self.rows = sheets.plan.room.packages
        self.charted = min(CHARTED, self.rows)
        self.column = values.right
        self.order = first_order(sheets)

    def title(self, text: str) -> None:
        sheet = self.sheets[layout.VALUES]
        sheet.write_string(BAND_ROW, self.column, text, self.sheets.formats["subtitle"])

    def parameter(self, row: int, formula: str, value: Cached = None) -> str:
        """Write a parameter above the column that comes next and return its cell."""
        self.live.write(row, self.column, formula, "workings", value)
        return absolute(layout.VALUES, row, self.column)

    def add(
        self, header: str, formula: Callable[[int], str], rows: int, values: Iterable[Cached] = ()
    ) -> Run:
        run = Run(layout.VALUES, TOP, self.column, rows)
        self.sheets[layout.VALUES].write_string(
            HEADER_ROW, self.column, header, self.sheets.formats["workings_header_vertical"]
        )
        self.live.run(run, formula, "workings", values)
        self.column += 1
        return run

    def all(self) -> Order:
        self.title("For the party that Ranking shows")
        party = self.chosen(layout.RANKED_FOR, NUMBER_ROW, 1)
        at = self.place(party)
        self.column += 1
        self.title("Its contributions, from the top of the list")
        labels, contributions = self.contributions(party, at)
        self.column += 1
        self.title("Two-party chart")
        second = 2 if len(self.sheets.case.parties) > 1 else 1
        across = self.chosen(layout.CHART_ACROSS, NUMBER_ROW, 1)
        up = self.chosen(layout.CHART_UP, BELONGS_ROW, second)
        names = self.lookup.parties.name
        x = self.add("Value across", lambda i: self.point(at, across, i), self.charted)
        y = self.add("Value up", lambda i: self.point(at, up, i), self.charted)
        marks = self.add("Mark", lambda i: self.mark(at, i), self.charted)
        self.column += 1
        self.title("No-deal lines")
        lines = []
        for number, other, word in ((across, up, "Across"), (up, across, "Up")):
            name = self.parameter(
                NUMBER_ROW,
                f'"{word}: "&INDEX({names.name},MAX(1,{number}))&", value of no deal"',
            )
            r = self.reservation(number)
            here = self.add("No deal", lambda _, r=r: r, 2)  # type: ignore[misc]
            ends = self.add("Ends", lambda e, n=other: self.end(n, e), 2)  # type: ignore[misc]
            lines.append((name, here, ends))
        (name_across, vx, vy), (name_up, hy, hx) = lines
        return Order(
            party=party, across=across, up=up, at=at, charted=self.charted, labels=labels,
            contributions=contributions, x=x, y=y, marks=marks, no_deal_across=(vx, vy),
            no_deal_up=(hx, hy), line_across=name_across, line_up=name_up, sorted_rows=self.order,
        )  # fmt: skip

    def chosen(self, selector: str, row: int, known: int) -> str:
        names = self.lookup.parties
        return self.parameter(
            row,
            f"SUMPRODUCT(EXACT({names.name.name},{selector})*{names.number.name})",
            float(known),
        )

    def place(self, party: str) -> Run:
        values = self.values
        name, missing = values.name.packages[0], values.missing.packages[0]
        ranked, worth = shown(values.ranked_value), shown(values.party_value)
        group = self.add(
            "1 ranked, 2 not ranked, 3 incomplete",
            lambda k: (
                f'IF(OR({name.cell(k)}="",{party}=0),0,IF({missing.cell(k)}>0,3,'
                f"IF(INDEX({ranked},{k},{party})={UNRANKED},2,1)))"
            ),
            self.rows,
        )
        value = self.add(
            "Value",
            lambda k: f"IF({group.cell(k)}=0,0,N(INDEX({worth},{k},{party})))",
            self.rows,
        )

        def fixed(run: Run) -> str:
            return run.range.split("!")[1]

        place = self.add(
            "Place in the list",
            lambda k: (
                f'IF({group.cell(k)}=0,"",'
                f"1+SUMPRODUCT(({fixed(group)}>0)*({fixed(group)}<{group.cell(k)}))"
                f"+SUMPRODUCT(({fixed(group)}={group.cell(k)})*({fixed(value)}>{value.cell(k)}))"
                f"+SUMPRODUCT(({group.above(k)}={group.cell(k)})"
                f"*({value.above(k)}={value.cell(k)})))"
            ),
            self.rows,
        )
        order: list[Cached] = [float(row + 1) for row in self.order]
        order += [0.0] * (self.rows - len(order))
        return self.add(
            "Package in this place",
            lambda i: f"IFERROR(MATCH({i},{fixed(place)},0),0)",
            self.rows,
            order,
        )

    def contributions(self, party: str, at: Run) -> tuple[Run, tuple[Run, ...]]:
        case, evaluation = self.sheets.case, self.sheets.evaluation
        name = self.values.name.packages[0].range
        label = f"INDEX({name},{{row}})"

        def labelled(i: int) -> str:
            text = label.format(row=at.cell(i))
            return (
                f'IF({at.cell(i)}=0,"",{i}&". "&IF(LEN({text})>{_LABEL},'
                f'LEFT({text},{_LABEL - 1})&"…",{text}))'
            )

        names = [evaluation.packages[row] for row in self.order[: self.charted]]
        texts: list[Cached] = [
            f"{i}. {text if len(text) <= _LABEL else text[: _LABEL - 1] + '…'}"
            for i, text in enumerate(names, 1)
        ]
        labels = self.add("Package", labelled, self.charted, texts)
        most = max(len(party.criteria) for party in case.parties) + 1
        first = case.parties[0]
        known = evaluation.contributions[first.name][list(self.order[: self.charted])]
        block = shown(self.values.contribution)
        criteria = self.lookup.criteria
        runs: list[Run] = []
        for m in range(1, most):
            number = self.parameter(
                NUMBER_ROW, f"IFERROR(MATCH({party}*1000+{m},{criteria.key.name},0),0)"
            )
            here = m <= len(first.criteria)
            run = Run(layout.VALUES, TOP, self.column, self.charted)
            self.live.write(
                HEADER_ROW, self.column,
                f'IF({number}=0," ",INDEX({criteria.name.name},{number}))',
                "workings_header_vertical",
                first.criteria[m - 1].name if here else None,
            )  # fmt: skip
            self.live.run(
                run,
                lambda i, number=number: (  # type: ignore[misc]
                    f"IF(OR({at.cell(i)}=0,{number}=0),0,"
                    f"N(INDEX({block},MAX(1,{at.cell(i)}),MAX(1,{number}))))"
                ),
                "workings_number",
                known[:, m - 1].tolist() if here else [],
            )
            self.column += 1
            runs.append(run)
        return labels, (*runs, self.others(party, at, runs))

    def others(self, party: str, at: Run, runs: Sequence[Run]) -> Run:
        """What the party's further criteria add, if more were entered than have a series."""
        count = self.parameter(
            NUMBER_ROW, f"COUNTIF({self.lookup.criteria.party_number.name},{party})"
        )
        run = Run(layout.VALUES, TOP, self.column, self.charted)
        self.live.write(
            HEADER_ROW, self.column, f'IF({count}>{len(runs)},"further criteria"," ")',
            "workings_header_vertical",
        )  # fmt: skip
        owners = self.values.contribution.parameters(BELONGS_ROW)
        block = shown(self.values.contribution)
        self.live.run(
            run,
            lambda i: (
                f"IF(OR({at.cell(i)}=0,{count}<={len(runs)}),0,"
                f"SUMIF({owners},{party},INDEX({block},MAX(1,{at.cell(i)}),0))"
                f"-SUM({row_of(runs, i)}))"
            ),
            "workings_number",
        )
        self.column += 1
        return run

    def point(self, at: Run, number: str, i: int) -> str:
        """A coordinate of the package in place i; spare points repeat the first package."""
        block = shown(self.values.party_value)
        row = f"IF({at.cell(i)}=0,{at.cell(1)},{at.cell(i)})"
        return f"N(INDEX({block},MAX(1,{row}),MAX(1,{number})))"

    def mark(self, at: Run, i: int) -> str:
        block = shown(self.values.allowed)
        return f'IF({at.cell(i)}=0," ",{i}&IF(N(INDEX({block},MAX(1,{at.cell(i)}),1))=1,""," ✗"))'

    def reservation(self, number: str) -> str:
        surplus = self.values.surplus.packages
        row = layout.Block(
            layout.VALUES, EXTRA_ROW, surplus[0].column, EXTRA_ROW, surplus[-1].column
        ).reference[1:]
        return f"N(INDEX({row},1,MAX(1,{number})))"

    def end(self, number: str, end: int) -> str:
        """The ends of a no-deal line: just beyond all values of the other party."""
        column = f"INDEX({shown(self.values.party_value)},0,MAX(1,{number}))"
        r = self.reservation(number)
        return f"MIN({column},{r})-3" if end == 1 else f"MAX({column},{r})+3"


def first_order(sheets: Sheets) -> tuple[int, ...]:
    """Return the rows of the packages, from 0, in the order for the first party."""
    evaluation = sheets.evaluation
    values, ranked = evaluation.party_values[:, 0], evaluation.ranked[:, 0]
    places = np.lexsort((np.arange(len(values)), -values, ~ranked))
    return tuple(int(row) for row in places)
