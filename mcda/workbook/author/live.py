"""Runs of live formulas: writing them, counting them, and referring to them by cell or by name."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mcda.workbook import layout
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.style import GREY

Cached = str | float | bool | None
"""The true result of a formula, for programs that show results without computing; None: unknown."""

_UNSAFE = re.compile(r"_x[0-9A-Fa-f]{4}_|^#|^\s|\s$|[\x00-\x08\x0b-\x1f]|^$")
"""Texts that a cached result cannot carry faithfully; the office program computes them instead."""


@dataclass(frozen=True, slots=True)
class Run:
    """Cells in one column, one for each k = 1, 2, …; rows and columns zero-based."""

    sheet: str
    top: int
    column: int
    rows: int
    name: str = ""
    """Its defined name, if it has one."""

    def cell(self, k: int) -> str:
        """The k-th cell, as formulas on the same sheet refer to it: ``$C7``."""
        return f"${layout.column_letters(self.column)}{self.top + k}"

    def on(self, k: int) -> str:
        """The k-th cell, as formulas on any sheet refer to it: ``Lookup!$C$7``."""
        return absolute(self.sheet, self.top + k - 1, self.column)

    @property
    def range(self) -> str:
        """All cells, as formulas on any sheet refer to them."""
        return self.block.reference[1:]

    @property
    def above(self) -> Callable[[int], str]:
        """The cells from the header to the one before the k-th, for formulas on the same sheet."""
        letters = layout.column_letters(self.column)
        return lambda k: f"${letters}${self.top}:${letters}{self.top + k - 1}"

    @property
    def block(self) -> layout.Block:
        """Where the run stands."""
        return layout.Block(
            self.sheet, self.top, self.column, self.top + self.rows - 1, self.column
        )


def absolute(sheet: str, row: int, column: int) -> str:
    """Return the absolute reference to a cell: ``Lookup!$C$7``, ``'No deal'!$A$1``."""
    return layout.Block(sheet, row, column, row, column).reference[1:]


@dataclass(slots=True)
class LiveSheet:
    """Writes the formulas of one sheet; knows how many there are and the rectangle around them."""

    sheets: Sheets
    name: str
    count: int = 0
    _rows: list[int] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)

    def write(
        self,
        row: int,
        column: int,
        formula: str,
        style: str = "workings",
        value: Cached = None,
        format_: Format | None = None,
    ) -> None:
        """Write one formula, without its equals sign, with its true result where that is known."""
        look = self.sheets.formats[style] if format_ is None else format_
        self.sheets[self.name].write_formula(row, column, "=" + formula, look, _storable(value))
        self.count += 1
        self._rows.append(row)
        self._columns.append(column)

    def run(
        self,
        run: Run,
        formula: Callable[[int], str],
        style: str = "workings",
        values: Iterable[Cached] = (),
    ) -> Run:
        """Write the formula of every k; ``values`` are the results of the first ones."""
        known = list(values)
        for k in range(1, run.rows + 1):
            value = known[k - 1] if k <= len(known) else None
            self.write(run.top + k - 1, run.column, formula(k), style, value)
        if run.name:
            self.sheets.define(run.name, run.block)
        return run

    @property
    def block(self) -> layout.Block:
        """The rectangle around all formulas written."""
        return layout.Block(
            self.name, min(self._rows), min(self._columns), max(self._rows), max(self._columns)
        )


def _storable(value: Cached) -> str | float:
    """XlsxWriter's form of a result; "" makes every program compute the cell when it loads."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if _UNSAFE.search(value) else value
    number = float(value)
    return number if math.isfinite(number) else ""


def finish_workings(sheet: Worksheet, freeze: tuple[int, int]) -> None:
    """Set up a workings sheet: grey tab, protected, panes frozen, several pages wide on paper."""
    sheet.set_column(0, 400, 9)
    sheet.freeze_panes(*freeze)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(6, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_tab_color(GREY)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    no_triangles(sheet)


def no_triangles(sheet: Worksheet) -> None:
    """Keep Excel from marking formulas that differ from their neighbours on purpose."""
    everywhere = "A1:ZZ2000"
    sheet.ignore_errors({"formula_differs": everywhere, "formula_range": everywhere})


@dataclass(slots=True)
class Section:
    """A table of runs on a workings sheet: header row, then one row for each k.

    Columns are added from left to right; the first row of cells is ``top``.
    """

    live: LiveSheet
    title: str
    top: int
    left: int
    rows: int
    prefix: str
    """First part of the defined names of its runs."""
    width: int = 0

    def __post_init__(self) -> None:
        self.live.sheets[self.live.name].write_string(
            self.top - 2, self.left, self.title, self.live.sheets.formats["subtitle"]
        )

    @property
    def right(self) -> int:
        """The first free column right of the section."""
        return self.left + self.width

    def next(self, name: str = "") -> Run:
        """Return the run that the next column will be, so that formulas can refer to it."""
        defined = f"{self.prefix}_{name}" if name else ""
        return Run(self.live.name, self.top, self.right, self.rows, defined)

    def add(
        self,
        header: str,
        formula: Callable[[int], str],
        name: str = "",
        *,
        values: Iterable[Cached] = (),
        style: str = "workings",
    ) -> Run:
        """Add a column of formulas under a header; ``name`` is the end of its defined name."""
        run = self.next(name)
        formats = self.live.sheets.formats
        self.live.sheets[self.live.name].write_string(
            self.top - 1, run.column, header, formats["workings_header"]
        )
        self.width += 1
        return self.live.run(run, formula, style, values)

    def add_under(
        self,
        header_formula: str,
        formula: Callable[[int], str],
        name: str = "",
        *,
        values: Iterable[Cached] = (),
        style: str = "workings",
        header_value: Cached = None,
    ) -> Run:
        """Add a column whose header is itself live."""
        run = self.next(name)
        self.live.write(self.top - 1, run.column, header_formula, "workings_header", header_value)
        self.width += 1
        return self.live.run(run, formula, style, values)


def text_at(name: str, k: str) -> str:
    """Formula part: the text in the k-th row of an input column, "" beyond its end."""
    return f'IF({k}<ROWS({name})-1,INDEX({name},{k}+1)&"","")'


def number_at(name: str, k: str) -> str:
    """Formula part: the number in the k-th row of an input column, "" where there is none."""
    inside = f"INDEX({name},{k}+1)"
    return f'IF({k}<ROWS({name})-1,IF(ISNUMBER({inside}),{inside},""),"")'


def first_place(condition: str) -> str:
    """Formula part: the place of the first 1 in an array of 0 and 1; 0 if there is none."""
    return f"IFERROR(SUMPRODUCT(MATCH(1,{condition},0)),0)"


def row_of(runs: Sequence[Run], k: int) -> str:
    """Formula part: the k-th cells of adjoining runs, as one range on the same sheet."""
    return f"{runs[0].cell(k)}:{runs[-1].cell(k)}"


def twice(section: Section, name: Run, group: Run | None = None) -> Run:
    """Whether a name stands twice, without regard to case (within its group, by number)."""

    def formula(k: int) -> str:
        same = f"EXACT(LOWER({name.name}),LOWER({name.cell(k)}))"
        if group is not None:
            same += f"*({group.name}={group.cell(k)})"
        return f'IF({name.cell(k)}="",0,IF(SUMPRODUCT(--({same}))>1,1,0))'

    return section.add("Twice", formula, "Twice")


def counting(things: Sequence[object]) -> list[Cached]:
    """Return 1, 2, 3, … for the things in a list: their numbers on Lookup."""
    return [float(k) for k in range(1, len(things) + 1)]
