"""The cells that are to change: each edit with the cell that it meets and its style."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from mcda.problems import Problem
from mcda.workbook.cells import Fault
from mcda.workbook.patch.cell import Cell, Written, same_formula, stands, value_of, written
from mcda.workbook.patch.edits import Edit, Formula, Result, Scalar
from mcda.workbook.patch.markup import Part
from mcda.workbook.patch.sheet import Sheet
from mcda.workbook.patch.styles import Styles


@dataclass(frozen=True, slots=True)
class Target:
    """An edit that changes something.

    ``cell`` is what stands there, None for a cell that is not there yet; ``style`` is the cell's,
    or what its row or column gives to it; ``new_style`` differs from it for a date alone.
    """

    edit: Edit
    cell: Cell | None
    style: int
    new_style: int
    value: Written

    @property
    def has_formula(self) -> bool:
        """Whether a formula stands in the cell afterwards."""
        return isinstance(self.edit.to, (Formula, Result))

    @property
    def frees_formula(self) -> bool:
        """Whether a formula goes, or is replaced by another."""
        return (
            self.cell is not None
            and self.cell.formula is not None
            and not isinstance(self.edit.to, Result)
        )


def targets(
    sheet: Sheet,
    edits: Iterable[Edit],
    styles: Styles,
    shared: Callable[[int], str],
    epoch_1904: bool,
) -> tuple[list[Target], list[Problem]]:
    """Return the edits that change something, by rows and columns, and results without formula."""
    found: list[Target] = []
    problems: list[Problem] = []
    columns = sheet.column_styles()
    for row, group in groupby(
        sorted(edits, key=lambda edit: (edit.row, edit.column)), key=lambda edit: edit.row
    ):
        index = sheet.row_index(row)
        matches = {} if index is None else dict(sheet.cells(index))
        row_style = None if index is None else sheet.row_style(index)
        for edit in group:
            match = matches.get(edit.column)
            if match is not None and index is not None:
                cell = sheet.cell(index, edit.column, match)
                made = _changed(sheet.part, edit, cell, styles, shared, epoch_1904)
            elif edit.to is None or edit.to == "":
                continue
            else:
                cell = None
                style = _column_style(columns, edit.column) if row_style is None else row_style
                made = _made(edit, None, style, styles, epoch_1904)
            if isinstance(edit.to, Result) and (cell is None or cell.formula is None):
                problems.append(
                    Problem(
                        edit.place,
                        "No formula stands in this cell, so that it can have no result.",
                        "Put the formula back.",
                    )
                )
            elif made is not None:
                found.append(made)
    return found, problems


def _changed(
    part: Part,
    edit: Edit,
    cell: Cell,
    styles: Styles,
    shared: Callable[[int], str],
    epoch_1904: bool,
) -> Target | None:
    if isinstance(edit.to, Formula) and same_formula(cell, edit.to.text):
        edit = replace(edit, to=Result(edit.to.result))
    shows_date = styles.is_date(cell.style)
    if stands(cell, edit, _needed_value(part, cell, edit, shared), shows_date, epoch_1904):
        return None
    return _made(edit, cell, cell.style, styles, epoch_1904)


def _needed_value(
    part: Part, cell: Cell, edit: Edit, shared: Callable[[int], str]
) -> Scalar | Fault:
    """Return the cell's value; a shared text is looked up only to be compared with a text."""
    if cell.kind == "s" and edit.value is not None and not isinstance(edit.value, str):
        return Fault("")
    return value_of(part, cell, shared)


def _made(
    edit: Edit, cell: Cell | None, style: int, styles: Styles, epoch_1904: bool
) -> Target | None:
    value, new_style = edit.value, style
    formula = isinstance(edit.to, (Formula, Result))
    if isinstance(value, date) and not styles.is_date(style) and not isinstance(edit.to, Result):
        with_time = isinstance(value, datetime) and value.time().replace(tzinfo=None) != _MIDNIGHT
        other = styles.date_like(style, with_time)
        new_style = style if other is None else other
    form = written(value, formula=formula, shows_date=styles.is_date(new_style), epoch=epoch_1904)
    if cell is not None and not formula and form[0] == "d" and _holds(cell, form):
        return None
    return Target(edit, cell, style, new_style, form)


_MIDNIGHT = datetime.min.time()


def _holds(cell: Cell, form: Written) -> bool:
    child = cell.children.get(b"v")
    return (
        cell.formula is None
        and cell.kind == form[0]
        and child is not None
        and child.text == form[2].encode()
    )


def _column_style(columns: Sequence[tuple[int, int, int]], column: int) -> int:
    return next((style for first, last, style in columns if first <= column <= last), 0)
