"""What can be set in a cell, and which of it no cell can hold.

The limits are Excel's own: 32 767 UTF-16 units of text, 8 192 characters of formula, numbers that
are binary floating point, dates since the workbook's epoch (ECMA-376 part 1 §18.17.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mcda.problems import Problem
from mcda.workbook.cells import Fault
from mcda.workbook.guard import MAX_COLUMN, MAX_ROW
from mcda.workbook.layout import cell_name

Scalar = str | float | int | bool | date | datetime | None
"""What a cell is set to. None, or a text of no characters, empties it and keeps its style."""

MAX_TEXT = 32_767
MAX_FORMULA = 8_192
MAX_NUMBER = 9.99999999999999e307
"""The greatest number that Excel keeps."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, without the ``=``, and the result to show until it is computed.

    A result of None leaves the cell without one, so that every program computes it.
    """

    text: str
    result: Scalar | Fault = None


@dataclass(frozen=True, slots=True)
class Result:
    """A new cached result for the formula that stands in the cell; None takes it away."""

    value: Scalar | Fault


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell, zero-based, and what it is to hold."""

    sheet: str
    row: int
    column: int
    to: Scalar | Formula | Result

    @property
    def place(self) -> str:
        """The cell as people write it."""
        return cell_name(self.sheet, max(self.row, 0), max(self.column, 0))

    @property
    def value(self) -> Scalar | Fault:
        """The value itself: the result, where a formula stands."""
        if isinstance(self.to, Formula):
            return self.to.result
        return self.to.value if isinstance(self.to, Result) else self.to


def problem_of(edit: Edit, epoch_1904: bool) -> Problem | None:
    """Return why no cell can hold this, None if one can.

    Raises:
        TypeError: the value is of a type that cells do not know.
    """
    if not (0 <= edit.row < MAX_ROW and 0 <= edit.column < MAX_COLUMN):
        return Problem(
            f"{edit.sheet}, row {edit.row + 1}, column {edit.column + 1}",
            "No sheet has this cell.",
            f"A sheet has {MAX_ROW} rows and {MAX_COLUMN} columns.",
        )
    if isinstance(edit.to, Formula) and (found := _formula_problem(edit, edit.to.text)):
        return found
    return _value_problem(edit, edit.value, epoch_1904)


def _formula_problem(edit: Edit, text: str) -> Problem | None:
    if not text or text.startswith("="):
        return Problem(
            edit.place, "The formula is empty or begins with two signs =.", "Write it anew."
        )
    if _units(text) > MAX_FORMULA:
        return Problem(
            edit.place,
            f"The formula has {len(text)} characters; Excel takes {MAX_FORMULA}.",
            "Split it over two cells.",
        )
    if any((c < " " and c not in "\t\n") or c in "\ufffe\uffff" or _half(c) for c in text):
        return Problem(
            edit.place, "The formula holds a character that no file can.", "Take it out."
        )
    return None


def _value_problem(edit: Edit, value: Scalar | Fault, epoch_1904: bool) -> Problem | None:
    if value is None or isinstance(value, (bool, Fault)):
        return None
    if isinstance(value, str):
        return _text_problem(edit, value)
    if isinstance(value, date):
        return _date_problem(edit, value, epoch_1904)
    if not isinstance(value, (int, float)):
        raise TypeError(f"{edit.place}: a cell cannot hold a {type(value).__name__}")
    if isinstance(value, int) and (abs(value) > MAX_NUMBER or float(value) != value):
        return Problem(
            edit.place,
            f"The number {value} has more digits than a cell keeps.",
            "Write it as text.",
        )
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        return Problem(
            edit.place, f"{value} is not a number that a cell can hold.", "Leave it blank."
        )
    return None


def _text_problem(edit: Edit, text: str) -> Problem | None:
    if _units(text) > MAX_TEXT:
        return Problem(
            edit.place,
            f"The text has {_units(text)} characters; a cell takes {MAX_TEXT}.",
            "Shorten it, or split it over two cells.",
        )
    if any(map(_half, text)):
        return Problem(edit.place, "The text holds half of a character.", "Type it again.")
    return None


def _date_problem(edit: Edit, value: date, epoch_1904: bool) -> Problem | None:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return Problem(
            edit.place, f"The time {value} has a time zone; a cell has none.", "Drop it."
        )
    if serial(value, epoch_1904) < (0 if epoch_1904 else 1):
        return Problem(
            edit.place,
            f"The date {value} is before the first one of this workbook.",
            f"Dates begin in {1904 if epoch_1904 else 1900}; write it as text.",
        )
    return None


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def serial(value: date, epoch_1904: bool) -> float:
    """Return the number that stands for a date or a time in a cell.

    The 1900 system counts a 29 February 1900 that never was.

    >>> serial(date(1900, 3, 1), False), serial(date(2025, 3, 18), False)
    (61, 45734)
    >>> serial(datetime(2025, 3, 18, 12), True)
    44272.5
    """
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    since = moment.replace(tzinfo=None) - datetime(1904, 1, 1)
    if not epoch_1904:
        since = moment.replace(tzinfo=None) - datetime(1899, 12, 31)
        since += timedelta(days=since.days >= 60)
    rest = since - timedelta(days=since.days)
    return since.days + rest / timedelta(days=1) if rest else since.days
