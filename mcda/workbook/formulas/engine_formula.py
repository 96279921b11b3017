"""Our formulas as the calculation library takes them: names resolved, and its gaps written around.

What it does not do as Excel does is said otherwise: ``ROW(range)`` becomes a range of numbers on a
sheet of the engine's own, the number of formulas in a range a number, ``a&b`` a function.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from mcda.workbook import layout
from mcda.workbook.cells import Area
from mcda.workbook.formula_text import LOST, cell_of, joined_by_function, sheet_of, tokens
from mcda.workbook.formulas.live_cells import LiveCells

NUMBERS = "mcda numbers"
"""The engine's own sheet: its first column and its first row count 1, 2, 3, …"""
JOIN = "MCDA_JOIN"
"""The engine's own function that joins texts, instead of ``&``."""
RANGE = "MCDA_RANGE"
"""The engine's own function that gives back its argument."""
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 30_000, 3_000, 1_000_000
"""What a reference may reach; our own stay far below."""

_TRUSTED = """
    ABS AND CHAR CHOOSE COLUMN COLUMNS COUNT COUNTIF COUNTIFS EXACT FALSE FIND FIXED IF IFERROR
    INDEX INT ISBLANK ISERROR ISFORMULA ISNUMBER ISTEXT LEFT LEN LOWER MATCH MAX MID MIN MOD N NOT
    OR RIGHT ROUND ROW ROWS SUBSTITUTE SUM SUMIF SUMPRODUCT TRIM TRUE UPPER
"""
FUNCTIONS = frozenset(_TRUSTED.split())
"""What the engine is trusted with: each was compared with LibreOffice."""

_SPECIAL = re.compile(
    r"""
      & | \bROW\( | \bCOLUMN\( | ISFORMULA | [\[\#@{] | \):
    | _\w+: | :[A-Z]+[a-z_] | :\$?[A-Z]+\b(?![\d$])
    | [A-Z]{3}\$?\d | [A-Z]\$?\d{5}
    """,
    re.VERBOSE,
)
"""A formula without any of these needs its names resolved, and nothing else."""
_NEVER = re.compile(r"(?!)")
_FAR = re.compile(r"[A-Z]{3}|\d{5}")
"""What a reference has that may reach too far."""
_NAME = re.compile(r"\"[^\"]*\"|'[^']*'!|\b[^\W\d_][^\W_]*_\w+\b(?!\()")
_CALLED = re.compile(r"([A-Za-z_][\w.]*)\(").findall


class Unsupported(Exception):
    """The engine cannot compute this formula."""


Part = tuple[str, str]
Count = Callable[[Area], int]
"""Tells how many formulas an area has."""


@dataclass(slots=True)
class EngineFormulas:
    """Translates the formulas of one workbook; raises `Unsupported` for what it cannot."""

    live: LiveCells
    _names: dict[str, Area | None] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _odd_names: re.Pattern[str] | None = None
    _computed: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        own = {sheet.casefold(): sheet for sheet in self.live.sheets.values()}
        for name, area in self.live.names.items():
            if area is None:
                self._names[name] = None
                self._texts[name] = LOST
            elif area.sheet.casefold() in own:
                at = Area(own[area.sheet.casefold()], area.top, area.left, area.bottom, area.right)
                self._names[name] = at
                if _bounded(at):
                    self._texts[name] = _reference(at)

    def translate(self, formula: str, sheet: str) -> str:
        """Return the formula for the engine, with its equals sign.

        Raises:
            Unsupported: the engine cannot compute it.
        """
        if (
            _SPECIAL.search(formula) is None
            and not self._odd(formula)
            and FUNCTIONS.issuperset(_CALLED(formula))
        ):
            return "=" + (_NAME.sub(self._named, formula) if "_" in formula else formula)
        parts = self._resolved(tokens(formula), sheet)
        if _REWRITTEN.keys() & {text for kind, text in parts if kind == "function"}:
            parts = self._calls(parts)
        parts = _ranges_by_function(joined_by_function(parts, JOIN))
        return "=" + "".join([text for _, text in parts])

    def _odd(self, formula: str) -> bool:
        """Say whether a name without an underscore may stand in a formula: a user's own."""
        if self._odd_names is None:
            odd = [re.escape(name) for name in self.live.names if "_" not in name]
            pattern = r"\b(?:" + "|".join(odd) + r")\b"
            self._odd_names = re.compile(pattern, re.IGNORECASE) if odd else _NEVER
        return self._odd_names.search(formula) is not None

    def _named(self, match: re.Match[str]) -> str:
        text = match[0]
        if text[0] in "\"'":
            return text
        return self._by_name(text)

    def _by_name(self, name: str) -> str:
        if name.upper() in ("TRUE", "FALSE"):
            return name
        key = name.casefold()
        if key in self._texts:
            return self._texts[key]
        if key in self._names or key in self.live.names:
            raise Unsupported(name)
        return "#NAME?"

    def _resolved(self, parts: list[Part], sheet: str) -> list[Part]:
        """Turn names and references into ``area`` parts, joining the two ends of a range."""
        found: list[Part] = []
        on = ""
        for kind, text in parts:
            if kind == "space":
                continue
            if kind == "other":
                raise Unsupported(text)
            if kind == "sheet":
                on = text
                continue
            if kind == "cell":
                self._add(found, (on or "") + text, sheet)
            elif kind == "name":
                resolved = self._by_name(text)
                if resolved == "#NAME?" and found and found[-1][1] == ":":
                    raise Unsupported(text)
                is_area = resolved.startswith("'")
                if is_area:
                    self._add(found, resolved, sheet)
                else:
                    found.append((kind, resolved))
            elif kind == "function":
                found.append((kind, _known_function(text)))
            else:
                found.append((kind, text))
            on = ""
        return found

    def _add(self, found: list[Part], text: str, sheet: str) -> None:
        if len(found) > 1 and found[-1] == ("mark", ":") and found[-2][0] == "area":
            found.pop()
            first = found.pop()[1]
            if ":" in first or ":" in text or "!" in text:
                begun = area_of(first, sheet)
                text = _reference(_around(begun, area_of(text, begun.sheet)))
            else:
                text = f"{first}:{text}"
        if _FAR.search(text) and not _bounded(area_of(text, sheet)):
            raise Unsupported(text)
        found.append(("area", text))

    # --- calls that are written around

    def _calls(self, parts: list[Part]) -> list[Part]:
        """Replace calls of ROW, COLUMN and ISFORMULA over ranges."""
        found: list[Part] = []
        index = 0
        while index < len(parts):
            rewrite = _REWRITTEN.get(parts[index][1]) if parts[index][0] == "function" else None
            if rewrite is not None:
                end = _closing(parts, index + 1)
                replaced = rewrite(parts[index + 2 : end], self._formula_count)
                if replaced is not None:
                    found.append(replaced)
                    index = end + 1
                    continue
            found.append(parts[index])
            index += 1
        return found

    def _formula_count(self, area: Area) -> int:
        """Return how many cells of an area hold a formula, a user's too."""
        if not self._computed:
            for sheet, row, column in self.live.computed:
                self._computed.setdefault(sheet, []).append((row, column))
        return sum(
            area.top <= row <= area.bottom and area.left <= column <= area.right
            for row, column in self._computed.get(area.sheet, ())
        )


def _around(first: Area, second: Area) -> Area:
    if second.sheet.casefold() != first.sheet.casefold():
        raise Unsupported("a range over two sheets")
    return Area(
        first.sheet,
        min(first.top, second.top), min(first.left, second.left),
        max(first.bottom, second.bottom), max(first.right, second.right),
    )  # fmt: skip


def _known_function(name: str) -> str:
    plain = name.upper().removeprefix("_XLFN.")
    if plain not in FUNCTIONS:
        raise Unsupported(name)
    return plain


def _reference(area: Area) -> str:
    return layout.Block(area.sheet, area.top, area.left, area.bottom, area.right).reference[1:]


def _bounded(area: Area) -> bool:
    size = (area.bottom - area.top + 1) * (area.right - area.left + 1)
    return area.bottom < MOST_ROWS and area.right < MOST_COLUMNS and size <= MOST_CELLS


def area_of(text: str, sheet: str) -> Area:
    """Return the cells of a reference, with or without a sheet of its own."""
    named, mark, cells = text.rpartition("!")
    first, _, second = cells.partition(":")
    top = cell_of(first)
    bottom = cell_of(second) if second else top
    if top is None or bottom is None:
        raise Unsupported(text)
    rows, columns = sorted((top[0], bottom[0])), sorted((top[1], bottom[1]))
    return Area(sheet_of(named + mark) if mark else sheet, rows[0], columns[0], rows[1], columns[1])


def _ranges_by_function(parts: list[Part]) -> list[Part]:
    """Hand ``INDEX(…):INDEX(…)`` through a function where it is an operand.

    The engine takes a range between cells that are looked up as an argument only.
    """
    colons = [
        at for at in range(1, len(parts) - 1)
        if parts[at] == ("mark", ":") and parts[at - 1] == ("mark", ")")
    ]  # fmt: skip
    if not colons:
        return parts
    starts: list[int] = []
    ends: list[int] = []
    for colon in colons:
        if parts[colon + 1] != ("function", "INDEX"):
            raise Unsupported("a range without a second end")
        start, end = _opening(parts, colon - 1), _closing(parts, colon + 2)
        if not _is_argument(parts, start, end):
            starts.append(start)
            ends.append(end)
    found: list[Part] = []
    for index, part in enumerate(parts):
        if index in starts:
            found += [("function", RANGE), ("mark", "(")]
        found.append(part)
        if index in ends:
            found.append(("mark", ")"))
    return found


def _is_argument(parts: list[Part], start: int, end: int) -> bool:
    before = parts[start - 1] if start else ("", "")
    after = parts[end + 1] if end + 1 < len(parts) else ("", "")
    opened = before == ("mark", "(") and start > 1 and parts[start - 2][0] == "function"
    return (opened or before == ("mark", ",")) and after in (("mark", ","), ("mark", ")"))


def _opening(parts: list[Part], closing: int) -> int:
    """Return where the call that ends at a bracket begins."""
    depth = 0
    for index in range(closing, -1, -1):
        if parts[index] == ("mark", ")"):
            depth += 1
        elif parts[index] == ("mark", "("):
            depth -= 1
            if depth == 0:
                return index - (index > 0 and parts[index - 1][0] == "function")
    raise Unsupported("a bracket is not opened")


def _closing(parts: list[Part], opening: int) -> int:
    depth = 0
    for index in range(opening, len(parts)):
        if parts[index] == ("mark", "("):
            depth += 1
        elif parts[index] == ("mark", ")"):
            depth -= 1
            if depth == 0:
                return index
    raise Unsupported("a bracket is not closed")


def _spanned(inside: list[Part]) -> Area | None:
    """Return the range in brackets: ``Name``, or a whole row of it, ``INDEX(Name,1,0)``."""
    if len(inside) == 1 and inside[0][0] == "area":
        return area_of(inside[0][1], "")
    is_row = (
        len(inside) > 6
        and inside[0] == ("function", "INDEX")
        and inside[2][0] == "area"
        and inside[-3:] == [("mark", ","), ("number", "0"), ("mark", ")")]
        and _closing(inside, 1) == len(inside) - 1
    )
    return area_of(inside[2][1], "") if is_row else None


def _row(inside: list[Part], count: Count) -> Part | None:
    area = _spanned(inside)
    if area is None or len(inside) > 1 or area.top == area.bottom:
        return None
    return "area", _reference(Area(NUMBERS, area.top, 0, area.bottom, 0))


def _column(inside: list[Part], count: Count) -> Part | None:
    area = _spanned(inside)
    if area is None or area.left == area.right:
        return None
    return "area", _reference(Area(NUMBERS, 0, area.left, 0, area.right))


def _is_formula(inside: list[Part], count: Count) -> Part | None:
    raise Unsupported("ISFORMULA")


def _sum_product(inside: list[Part], count: Count) -> Part | None:
    """``SUMPRODUCT(--ISFORMULA(range))`` as the number that it is."""
    start = [("operator", "-"), ("operator", "-"), ("function", "ISFORMULA"), ("mark", "(")]
    if inside[:4] != start or len(inside) != 6 or inside[4][0] != "area":
        return None
    area = area_of(inside[4][1], "")
    if not area.sheet:
        raise Unsupported("ISFORMULA")
    return "number", str(count(area))


_REWRITTEN: dict[str, Callable[[list[Part], Count], Part | None]] = {
    "ROW": _row,
    "COLUMN": _column,
    "ISFORMULA": _is_formula,
    "SUMPRODUCT": _sum_product,
}
