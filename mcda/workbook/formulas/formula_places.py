"""Which cell of a workbook is which of a new one, though rows and columns were inserted since.

Where the defined names of a sheet stand as in a new workbook, so does everything on it. Elsewhere
rows and columns that hold formulas are paired in their order, by the functions that they use.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from mcda.workbook.author.expected import Expected
from mcda.workbook.cells import Area
from mcda.workbook.formula_text import CELL, cell_of, sheet_of, tokens
from mcda.workbook.formulas.live_cells import LiveCells
from mcda.workbook.layout import column_letters
from mcda.workbook.tables import Place

_FUNCTIONS = re.compile(r"[A-Z]{2,}(?=\()").findall
Signature = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Shifts:
    """Pairs of rows (or columns) of a new sheet and of the one at hand; others move with them."""

    pairs: Mapping[int, int]
    _known: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known.extend(sorted(self.pairs))

    def of(self, index: int) -> int:
        """Return the partner of a row or column: its own, or as far off as the next one's."""
        if index in self.pairs or not self._known:
            return self.pairs.get(index, index)
        at = min(bisect_left(self._known, index), len(self._known) - 1)
        return index + self.pairs[self._known[at]] - self._known[at]

    def back(self) -> Shifts:
        """Return the same pairs the other way round."""
        return Shifts({there: here for here, there in self.pairs.items()})


STAYED = Shifts({})


@dataclass(frozen=True, slots=True)
class Moves:
    """Where the cells of a new workbook stand in the one at hand, or the other way round."""

    sheets: Mapping[str, str]
    rows: Mapping[str, Shifts]
    columns: Mapping[str, Shifts]

    def place(self, place: Place) -> Place:
        """Return where a cell of the one stands in the other."""
        sheet, row, column = place
        return (
            self.sheets.get(sheet, sheet),
            self.rows.get(sheet, STAYED).of(row),
            self.columns.get(sheet, STAYED).of(column),
        )

    def is_moved(self, sheet: str) -> bool:
        """Say whether a sheet has another name, or its cells stand elsewhere."""
        return sheet in self.rows or self.sheets.get(sheet, sheet) != sheet

    def back(self) -> Moves:
        """Return the way back."""
        return Moves(
            {there: here for here, there in self.sheets.items()},
            {self.sheets.get(s, s): shifts.back() for s, shifts in self.rows.items()},
            {self.sheets.get(s, s): shifts.back() for s, shifts in self.columns.items()},
        )


def moves(new: Expected, live: LiveCells) -> Moves:
    """Find where the formulas of a new workbook stand in the one at hand."""
    rows: dict[str, Shifts] = {}
    columns: dict[str, Shifts] = {}
    for sheet in {place[0] for place in new.formulas}:
        here = live.sheets.get(sheet)
        if here is None or _stands_as_new(new, live, sheet, here):
            continue
        wanted = {p[1:]: text for p, text in new.formulas.items() if p[0] == sheet}
        found = {p[1:]: text for p, text in live.formulas.items() if p[0] == here}
        rows[sheet] = _paired(_by_line(wanted, 0), _by_line(found, 0))
        columns[sheet] = _paired(_by_line(wanted, 1), _by_line(found, 1))
    return Moves(live.sheets, rows, columns)


def _stands_as_new(new: Expected, live: LiveCells, sheet: str, here: str) -> bool:
    for name, area in new.names.items():
        now = live.names.get(name.casefold())
        if area.sheet != sheet or now is None or now.sheet.casefold() != here.casefold():
            continue
        if (now.top, now.left) != (area.top, area.left) or _size(now) < _size(area):
            return False
        if name not in _GROWING and _size(now) != _size(area):
            return False
    return True


_GROWING = frozenset({"Log_Entries"})


def _size(area: Area) -> tuple[int, int]:
    return area.bottom - area.top, area.right - area.left


def _by_line(formulas: Mapping[tuple[int, int], str], axis: int) -> dict[int, Signature]:
    """Return what each row (axis 0) or column (1) with formulas looks like."""
    lines: dict[int, list[object]] = defaultdict(list)
    for place in sorted(formulas, key=lambda cell: (cell[axis], cell[1 - axis])):
        lines[place[axis]].append(tuple(_FUNCTIONS(formulas[place])))
    return {line: tuple(looks) for line, looks in lines.items()}


def _paired(new: Mapping[int, Signature], here: Mapping[int, Signature]) -> Shifts:
    first, second = sorted(new), sorted(here)
    matcher = SequenceMatcher(
        None, [hash(new[line]) for line in first], [hash(here[line]) for line in second],
        autojunk=False,
    )  # fmt: skip
    pairs: dict[int, int] = {}
    for kind, a, a_end, b, b_end in matcher.get_opcodes():
        if kind == "equal" or (kind == "replace" and a_end - a == b_end - b):
            pairs.update(zip(first[a:a_end], second[b:b_end], strict=True))
    return Shifts(pairs)


def canonical(formula: str, sheet: str, moves_to: Moves | None = None) -> tuple[str, ...]:
    """Return a formula in the one way in which all that mean the same are written.

    Office programs change the spaces, the quotes round sheets' names, the case of functions, the
    mark of newer functions and how numbers and truth values are written.

    Args:
        formula: without its equals sign.
        sheet: where it stands.
        moves_to: where its references stand in the workbook that it is compared with.
    """
    found: list[str] = []
    on = last = ""  # the sheet that is named; that of the cell before
    for kind, text in tokens(formula):
        if kind == "space":
            continue
        if kind == "sheet":
            on = sheet_of(text)
            continue
        if kind == "cell":
            # The second cell of a range stands on the sheet of the first.
            last = on or (last if found and found[-1] == ":" else "") or sheet
            found.append(_cell(text, last, moves_to))
        elif kind == "function":
            found.append(text.upper().removeprefix("_XLFN."))
        elif kind == "name":
            found.append(text.casefold())
        elif kind == "number":
            found.append(repr(float(text)))
        else:
            found.append(text.upper() if kind == "error" else text)
        on = ""
    return tuple(_without_calls_of_truth(found))


def _cell(token: str, sheet: str, moves_to: Moves | None) -> str:
    cell, match = cell_of(token), CELL.fullmatch(token)
    if cell is None or match is None:
        return token
    if moves_to is None:
        return f"{sheet}!{token.upper()}"
    there, row, column = moves_to.place((sheet, *cell))
    return f"{there}!{match[1]}{column_letters(column)}{match[3]}{row + 1}"


def _without_calls_of_truth(found: list[str]) -> list[str]:
    """Write ``TRUE()`` as ``TRUE``."""
    kept: list[str] = []
    index = 0
    while index < len(found):
        text = found[index]
        if text in ("TRUE", "FALSE") and found[index + 1 : index + 3] == ["(", ")"]:
            kept.append(text.casefold())
            index += 3
            continue
        kept.append(text)
        index += 1
    return kept
