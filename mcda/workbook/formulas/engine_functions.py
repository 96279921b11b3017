"""Worksheet functions as Excel computes them, where the calculation library differs.

The library gives each argument as a value, or a range or array as a list of rows. An error is a
dictionary with the key ``kind``. Semantics: ECMA-376 part 1 §18.17.7, and what Excel and
LibreOffice do with arrays.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

Value = Any
"""Number, text, bool, None (blank), an error, or a list of rows of these."""

NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*")
VALUE_ERROR = {"type": "Error", "kind": "Value"}
DIVISION_BY_ZERO = {"type": "Error", "kind": "Div"}
NOT_AVAILABLE = {"type": "Error", "kind": "Na"}


def number_text(number: float) -> str:
    """Return a number as Excel shows it in the General format when it joins a text.

    Fifteen significant digits, no exponent while twenty places suffice.

    >>> number_text(0.1 + 0.2), number_text(5.0), number_text(-1234.5), number_text(1e21)
    ('0.3', '5', '-1234.5', '1E+21')
    >>> number_text(0.00001234), number_text(1e-10)
    ('0.00001234', '0.0000000001')
    """
    if number == 0:
        return "0"
    mantissa, _, exponent = f"{number:.14e}".partition("e")
    digits = mantissa.replace(".", "").lstrip("-").rstrip("0")
    power = int(exponent)
    sign = "-" if number < 0 else ""
    if 0 <= power <= 20:
        whole = digits[: power + 1].ljust(power + 1, "0")
        rest = digits[power + 1 :]
    elif power < 0 and len(digits) - power <= 20:
        whole, rest = "0", "0" * (-power - 1) + digits
    else:
        rest = digits[1:]
        return f"{sign}{digits[0]}{'.' if rest else ''}{rest}E{power:+03d}"
    return f"{sign}{whole}{'.' if rest else ''}{rest}"


def is_error(value: Value) -> bool:
    """Say whether a value is an error."""
    return isinstance(value, dict)


def text(value: Value) -> str:
    """Return a value as text, as ``&`` joins it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return number_text(value)


def by_cell(function: Callable[..., Value]) -> Callable[..., Value]:
    """Make a function of single values one that goes cell by cell over ranges and arrays.

    One row or one column is repeated along the other; an error is passed on.
    """

    def one(*values: Value) -> Value:
        for value in values:
            if isinstance(value, dict):
                return value
        return function(*values)

    def call(*arguments: Value) -> Value:
        arrays = [value for value in arguments if isinstance(value, list)]
        if not arrays:
            return one(*arguments)
        rows = max(len(array) for array in arrays)
        columns = max(len(array[0]) for array in arrays)
        return [
            [one(*(_at(value, row, column) for value in arguments)) for column in range(columns)]
            for row in range(rows)
        ]

    return call


def _at(value: Value, row: int, column: int) -> Value:
    if not isinstance(value, list):
        return value
    if len(value) > 1 and row >= len(value):
        return NOT_AVAILABLE
    cells = value[row if len(value) > 1 else 0]
    if len(cells) > 1 and column >= len(cells):
        return NOT_AVAILABLE
    return cells[column if len(cells) > 1 else 0]


def question(function: Callable[[Value], bool]) -> Callable[[Value], Value]:
    """Make a question about one value, an error too, one about each cell of a range."""

    def call(value: Value) -> Value:
        if isinstance(value, list):
            return [[function(cell) for cell in row] for row in value]
        return function(value)

    return call


def exact(first: Value, second: Value) -> Value:
    """EXACT, over ranges too: a range against one text is what most formulas of ours ask."""
    if isinstance(first, list) and not isinstance(second, list):
        return _exact_to(first, second)
    if isinstance(second, list) and not isinstance(first, list):
        return _exact_to(second, first)
    return _exact_by_cell(first, second)


def _exact_to(cells: list[list[Value]], value: Value) -> Value:
    if isinstance(value, dict):
        return value
    wanted = text(value)
    return [
        [cell == wanted if isinstance(cell, str) else _exact_cells(cell, wanted) for cell in row]
        for row in cells
    ]


def _exact_cells(first: Value, second: Value) -> Value:
    return first if isinstance(first, dict) else text(first) == text(second)


_exact_by_cell = by_cell(lambda first, second: text(first) == text(second))


def is_number(value: Value) -> bool:
    """Say whether a value is a number; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def trim(value: Value) -> str:
    """TRIM: no spaces at the ends, one between words. Other blanks stay."""
    return " ".join(part for part in text(value).split(" ") if part)


def left(value: Value, count: Value = 1.0) -> Value:
    """LEFT."""
    length = _number(count)
    return VALUE_ERROR if length is None or length < 0 else text(value)[: int(length)]


def right(value: Value, count: Value = 1.0) -> Value:
    """RIGHT."""
    length = _number(count)
    if length is None or length < 0:
        return VALUE_ERROR
    given = text(value)
    return given[max(0, len(given) - int(length)) :]


def mid(value: Value, start: Value, count: Value) -> Value:
    """MID; places count from 1."""
    first, length = _number(start), _number(count)
    if first is None or length is None or first < 1 or length < 0:
        return VALUE_ERROR
    return text(value)[int(first) - 1 : int(first) - 1 + int(length)]


def substitute(value: Value, old: Value, new: Value) -> Value:
    """SUBSTITUTE of every occurrence; without an old text nothing changes."""
    wanted = text(old)
    return text(value).replace(wanted, text(new)) if wanted else text(value)


def find(wanted: Value, within: Value, start: Value = 1.0) -> Value:
    """FIND, upper and lower case apart; places count from 1."""
    first = _number(start)
    if first is None or first < 1:
        return VALUE_ERROR
    at = text(within).find(text(wanted), int(first) - 1)
    return VALUE_ERROR if at < 0 else float(at + 1)


def absolute(value: Value) -> Value:
    """ABS."""
    number = _number(value)
    return VALUE_ERROR if number is None else abs(number)


def whole(value: Value) -> Value:
    """INT: down to the next whole number."""
    number = _number(value)
    return VALUE_ERROR if number is None else float(math.floor(number))


def modulo(value: Value, divisor: Value) -> Value:
    """MOD, with the sign of the divisor."""
    number, by = _number(value), _number(divisor)
    if number is None or by is None:
        return VALUE_ERROR
    return DIVISION_BY_ZERO if by == 0 else number - by * math.floor(number / by)


def negated(value: Value) -> Value:
    """NOT."""
    if isinstance(value, str):
        return {"TRUE": False, "FALSE": True}.get(value.upper(), VALUE_ERROR)
    return not value


def joined(*values: Value) -> str:
    """What ``&`` does, with numbers at fifteen digits."""
    return "".join(map(text, values))


def fixed(number: Value, decimals: Value = 2.0) -> Value:
    """FIXED with commas between thousands; halves are rounded away from zero."""
    given, places = _number(number), _number(decimals)
    if given is None or places is None or not -127 <= places <= 127:
        return VALUE_ERROR
    rounded = rounded_half_up(given, int(places))
    return f"{rounded:,.{max(0, int(places))}f}"


def rounded(number: Value, decimals: Value) -> Value:
    """ROUND, to the very number that has so many decimals, so that equals are equal."""
    given, places = _number(number), _number(decimals)
    if given is None or places is None or not -300 <= places <= 300:
        return VALUE_ERROR
    return rounded_half_up(given, int(places))


def rounded_half_up(number: float, decimals: int) -> float:
    """Round as ROUND does: halves of the decimal number that is shown go away from zero."""
    from decimal import ROUND_HALF_UP, Decimal

    if number == 0 or not math.isfinite(number):
        return 0.0 if number == 0 else number
    shown = Decimal(f"{number:.15g}")
    return float(shown.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)) or 0.0


def _number(value: Value) -> float | None:
    if value is None:
        return 0.0
    if isinstance(value, str):
        return float(value) if NUMBER.fullmatch(value) else None
    return float(value)


# --- criteria of SUMIF, COUNTIF and COUNTIFS

_OPERATORS = ("<>", "<=", ">=", "<", ">", "=")
Matcher = Callable[[Value], bool]


def matcher(criterion: Value) -> Matcher:
    """Return what says whether a cell meets a criterion, as SUMIF and COUNTIF understand it."""
    if criterion is None:
        criterion = 0.0  # a blank cell as criterion is the number 0
    if isinstance(criterion, dict):
        return lambda cell: isinstance(cell, dict) and cell.get("kind") == criterion["kind"]
    if isinstance(criterion, bool):
        return lambda cell: cell is criterion
    if not isinstance(criterion, str):
        return _number_matcher("=", float(criterion))
    operator = next((each for each in _OPERATORS if criterion.startswith(each)), "")
    operand = criterion[len(operator) :]
    if NUMBER.fullmatch(operand):
        return _number_matcher(operator or "=", float(operand))
    return _text_matcher(operator, operand)


def _number_matcher(operator: str, wanted: float) -> Matcher:
    compare = _COMPARE[operator]

    if operator == "=":
        return lambda cell: (
            cell == wanted
            if is_number(cell)
            else isinstance(cell, str) and bool(NUMBER.fullmatch(cell)) and float(cell) == wanted
        )
    if operator == "<>":
        return lambda cell: not is_number(cell) or cell != wanted
    return lambda cell: is_number(cell) and compare(cell, wanted)


_COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def _text_matcher(operator: str, operand: str) -> Matcher:
    if operand == "":
        if operator == "=":
            return lambda cell: cell is None
        if operator == "<>":
            return lambda cell: cell is not None
        return lambda cell: cell is None or cell == ""
    if operator in ("", "=", "<>"):
        pattern = wildcard(operand)
        wanted = operator != "<>"
        return lambda cell: (
            (isinstance(cell, str) and pattern.fullmatch(cell) is not None) is wanted
        )
    compare, low = _COMPARE[operator], operand.casefold()
    return lambda cell: isinstance(cell, str) and compare(cell.casefold(), low)


@lru_cache(maxsize=1000)
def wildcard(pattern: str) -> re.Pattern[str]:
    """Return a pattern of ``?``, ``*`` and ``~`` as a regular expression, blind to case."""
    parts = re.findall(r"~.|~|\*|\?|[^~*?]+", pattern, re.DOTALL)
    expression = "".join(
        ".*" if part == "*" else "." if part == "?" else re.escape(part.removeprefix("~") or part)
        for part in parts
    )
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


def sumif(cells: Value, criterion: Value, summed: Value = None) -> Value:
    """SUMIF; an array of criteria gives an array of sums."""
    table = _rows(cells)
    amounts = _rows(cells if summed is None else summed)
    sums = _sums_by_number(table, amounts)

    def total(wanted: Value) -> Value:
        if sums is not None and is_number(wanted):
            return sums.get(wanted, 0.0)
        return _sum_where(table, wanted, amounts)

    if isinstance(criterion, list):
        return [
            [each if isinstance(each, dict) else total(each) for each in row] for row in criterion
        ]
    return total(criterion)


def _rows(value: Value) -> list[list[Value]]:
    return value if isinstance(value, list) else [[value]]


def _pairs(table: list[list[Value]], amounts: list[list[Value]]) -> Iterator[tuple[Value, Value]]:
    for row, cells in enumerate(table):
        others = amounts[row] if row < len(amounts) else []
        for column, cell in enumerate(cells):
            yield cell, others[column] if column < len(others) else None


def _sum_where(table: list[list[Value]], criterion: Value, amounts: list[list[Value]]) -> Value:
    meets = matcher(criterion)
    total = 0.0
    for cell, amount in _pairs(table, amounts):
        if isinstance(amount, str | bool) or amount is None or not meets(cell):
            continue
        if isinstance(amount, dict):
            return amount
        total += amount
    return total


def _sums_by_number(
    table: list[list[Value]], amounts: list[list[Value]]
) -> dict[float, float] | None:
    """Return the sum for each number in a range; None where a text or an error needs more care."""
    sums: dict[float, float] = {}
    for cell, amount in _pairs(table, amounts):
        kind, of = type(cell), type(amount)
        if of is dict or (kind is str and NUMBER.fullmatch(cell)):
            return None
        if (of is float or of is int) and (kind is float or kind is int):
            sums[cell] = sums.get(cell, 0.0) + amount
    return sums


def countif(cells: Value, criterion: Value) -> Value:
    """COUNTIF; an array of criteria gives an array of counts."""
    if not isinstance(criterion, list):
        return countifs(cells, criterion)
    numbers: dict[Value, float] = {}
    for row in _rows(cells):
        for cell in row:
            if isinstance(cell, str) and NUMBER.fullmatch(cell):
                # A text that looks like a number counts as that number.
                return countifs(cells, criterion)
            if is_number(cell):
                numbers[cell] = numbers.get(cell, 0.0) + 1.0
    count = numbers.get
    return [
        [count(each, 0.0) if type(each) is float else countifs(cells, each) for each in row]
        for row in criterion
    ]


def countifs(*arguments: Value) -> Value:
    """COUNTIFS; arrays of criteria, of one shape, give an array of counts."""
    tables = [_rows(table) for table in arguments[::2]]
    criteria = arguments[1::2]
    known: dict[Value, float] = {}

    def count(*wanted: Value) -> Value:
        key = tuple((type(each), str(each)) for each in wanted)
        if key not in known:
            known[key] = _count(tables, wanted)
        return known[key]

    arrays = [each for each in criteria if isinstance(each, list)]
    if not arrays:
        return count(*criteria)
    height, width = max(map(len, arrays)), max(len(array[0]) for array in arrays)
    return [
        [count(*(_at(each, row, column) for each in criteria)) for column in range(width)]
        for row in range(height)
    ]


def _count(tables: list[list[list[Value]]], wanted: tuple[Value, ...]) -> float:
    meets = [matcher(each) for each in wanted]
    flat = [[cell for row in table for cell in row] for table in tables]
    if len({len(each) for each in flat}) > 1:
        return math.nan
    return float(
        sum(
            all(meet(cell) for meet, cell in zip(meets, cells, strict=True))
            for cells in zip(*flat, strict=True)
        )
    )


OVERRIDES: dict[str, tuple[Callable[..., Value], int, int]] = {
    "ABS": (by_cell(absolute), 1, 1),
    "COUNTIF": (countif, 2, 2),
    "COUNTIFS": (countifs, 2, 254),
    "EXACT": (exact, 2, 2),
    "FIND": (by_cell(find), 2, 3),
    "FIXED": (by_cell(fixed), 1, 2),
    "INT": (by_cell(whole), 1, 1),
    "ISBLANK": (question(lambda value: value is None), 1, 1),
    "ISERROR": (question(is_error), 1, 1),
    "ISNUMBER": (question(is_number), 1, 1),
    "ISTEXT": (question(lambda value: isinstance(value, str)), 1, 1),
    "LEFT": (by_cell(left), 1, 2),
    "LEN": (by_cell(lambda value: float(len(text(value)))), 1, 1),
    "LOWER": (by_cell(lambda value: text(value).lower()), 1, 1),
    "MID": (by_cell(mid), 3, 3),
    "MOD": (by_cell(modulo), 2, 2),
    "NOT": (by_cell(negated), 1, 1),
    "RIGHT": (by_cell(right), 1, 2),
    "ROUND": (by_cell(rounded), 2, 2),
    "SUBSTITUTE": (by_cell(substitute), 3, 3),
    "SUMIF": (sumif, 2, 3),
    "TRIM": (by_cell(trim), 1, 1),
    "UPPER": (by_cell(lambda value: text(value).upper()), 1, 1),
}
"""What replaces the library's own: function, least and most arguments. The library computes these
for one value each where Excel goes over a whole range, or rounds otherwise."""
