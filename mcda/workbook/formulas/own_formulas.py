"""Which formulas of ours a workbook has lost: overwritten, removed, or turned into others.

What belongs in each cell is what a new workbook of the same room has there. Rows and columns that
were inserted since, and what office programs do to the text of a formula, are no difference.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mcda.workbook import layout
from mcda.workbook.author.expected import Expected, expected
from mcda.workbook.cells import Fault
from mcda.workbook.formula_text import CELL, cell_of, sheet_of, tokens
from mcda.workbook.formulas.formula_places import Moves, canonical, moves
from mcda.workbook.formulas.live_cells import LiveCells
from mcda.workbook.tables import Place

_SERIES = re.compile(r"\*1000\+(\d+),\s*Criterion_Key", re.IGNORECASE).search
_REFERENCES = re.compile(r"'[^']*'!|\$?[A-Z]{1,3}\$?\d+|\d+")
_ALIKE = 4
"""So many formulas at least, and all of their kind, make a way of writing."""
_ROOMS = {
    "packages": "Value_Name", "no_deal": "NoDealValue_Name", "issues": "Issue_",
    "levels": "Level_", "parties": "Party_", "criteria": "Criterion_", "rules": "Rule_",
    "conditions": "Condition_", "evidence": "EvidenceRow_", "scenarios": "ScenarioRow_",
    "recommendations": "RecommendationRow_", "sources": "SourceRow_", "direct": "DirectRow_",
}  # fmt: skip
"""How the names of the live columns begin that have a row for each thing of a kind."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A cell in which a formula of ours does not stand any more."""

    place: Place
    stands: str
    """What stands there: ``=A1+1``, ``the number 5``, ``nothing``."""
    belongs: str
    """The formula that belongs there, with its equals sign."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Formulas of one kind, all of which differ in the same way from what this version writes."""

    first: Lost
    count: int


@dataclass(frozen=True, slots=True)
class Losses:
    """What a workbook has lost of its formulas."""

    sheets: tuple[str, ...]
    """Sheets of the layout that are not there."""
    names: tuple[str, ...]
    """Defined names of live blocks that refer to no cells any more."""
    cells: tuple[Lost, ...]
    """In the order of the sheets."""
    written_otherwise: tuple[Otherwise, ...] = ()
    """Formulas that differ alike wherever they stand: another version of mcda wrote them so."""


def losses(live: LiveCells) -> Losses | None:
    """Compare the formulas of a workbook with those of a new one.

    Returns:
        None where the size of the live blocks cannot be told: nothing is left to compare with.
    """
    room = room_of(live)
    if room is None:
        return None
    new = expected(room, _series(live))
    order = {sheet: index for index, sheet in enumerate(layout.SHEETS)}
    names = tuple(
        name
        for name, area in new.names.items()
        if live.names.get(name.casefold()) is None and area.sheet not in layout.INPUT_SHEETS
    )
    found = sorted(_lost(new, live), key=lambda lost: (order[lost[0][0]], lost[0][1:]))
    missing = tuple(sheet for sheet in layout.SHEETS if sheet not in live.sheets)
    cells, otherwise = _apart([lost for _, lost in found], new)
    return Losses(missing, names, cells, otherwise)


def _apart(found: list[Lost], new: Expected) -> tuple[tuple[Lost, ...], tuple[Otherwise, ...]]:
    """Set apart what no user does: to write every formula of a kind in another way."""
    if len(found) < _ALIKE:
        return tuple(found), ()
    kinds = Counter(_kind(text) for text in new.formulas.values())
    groups: dict[tuple[str, str], list[Lost]] = {}
    for lost in found:
        groups.setdefault((_kind(lost.belongs[1:]), _kind(lost.stands[1:])), []).append(lost)
    apart = [
        group
        for (belongs, _), group in groups.items()
        if _ALIKE <= len(group) == kinds[belongs] and group[0].stands.startswith("=")
    ]
    places = {lost.place for group in apart for lost in group}
    return (
        tuple(lost for lost in found if lost.place not in places),
        tuple(Otherwise(group[0], len(group)) for group in apart),
    )


def _kind(formula: str) -> str:
    """Return a formula without its references and numbers."""
    return _REFERENCES.sub("", formula)


def room_of(live: LiveCells) -> layout.Room | None:
    """Return how many rows of each kind a workbook has room for, by its live blocks.

    The formulas in a block are counted, not its rows: a row inserted there holds none.
    """
    counts: dict[str, int] = {}
    rows_by_column: dict[tuple[str, int], list[int]] = {}
    for sheet, row, column in live.formulas:
        rows_by_column.setdefault((sheet, column), []).append(row)
    for kind, start in _ROOMS.items():
        counts[kind] = max(
            (
                sum(area.top <= row <= area.bottom for row in rows_by_column.get(key, ()))
                for name, area in live.names.items()
                if area is not None and name.startswith(start.casefold())
                for key in ((area.sheet, area.left),)
            ),
            default=0,
        )
    return layout.Room(**counts) if all(counts.values()) else None


def _series(live: LiveCells) -> int:
    values = live.sheets.get(layout.VALUES)
    numbers = [
        int(match[1])
        for (sheet, _, _), formula in live.formulas.items()
        if sheet == values and "1000" in formula and (match := _SERIES(formula))
    ]
    return max(numbers, default=1)


def _lost(new: Expected, live: LiveCells) -> Iterator[tuple[Place, Lost]]:
    there = moves(new, live)
    back = there.back()
    moved = [sheet for sheet in live.sheets if there.is_moved(sheet)]
    for place, formula in new.formulas.items():
        if place[0] not in live.sheets:
            continue
        at = there.place(place)
        stands = live.formulas.get(at)
        if stands == formula and not any(sheet in formula for sheet in moved):
            continue
        if stands is not None and canonical(stands, at[0], back) == canonical(formula, place[0]):
            continue
        yield place, Lost(at, _standing(at, live), "=" + _as_written(formula, place[0], there))


def _standing(place: Place, live: LiveCells) -> str:
    if place in live.formulas:
        return "=" + live.formulas[place]
    if place in live.computed:
        return "a formula that is not ours"
    value = live.constants.get(place)
    if value is None:
        return "nothing"
    if isinstance(value, Fault):
        return f"the error {value.text}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f"the text “{value}”" if isinstance(value, str) else f"the number {value:.15g}"


def _as_written(formula: str, sheet: str, there: Moves) -> str:
    """Return a formula of a new workbook as it belongs into the one at hand."""
    written: list[str] = []
    on = ""
    for kind, text in tokens(formula):
        if kind == "sheet":
            on = sheet_of(text)
            name = there.sheets.get(on, on).replace("'", "''")
            written.append(f"'{name}'!")
            continue
        cell, match = cell_of(text) if kind == "cell" else None, CELL.fullmatch(text)
        if cell is not None and match is not None:
            _, row, column = there.place((on or sheet, *cell))
            text = f"{match[1]}{layout.column_letters(column)}{match[3]}{row + 1}"
        written.append(text)
        on = on if text == ":" or kind == "cell" else ""
    return "".join(written)
