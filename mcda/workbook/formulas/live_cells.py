"""The live formulas of a workbook: their texts, the results cached beside them, and their inputs.

Formulas of ours are those on the workings and output sheets of the layout, and on the input sheets
those above the tables and in the live blocks beside them. A formula that refers to another sheet
or another workbook is its user's, wherever it stands: it is never touched, and its cached result
is what ours see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mcda.workbook import layout
from mcda.workbook.cells import Area, Book, Fault, parse_area
from mcda.workbook.formula_text import moved, sheet_of, tokens
from mcda.workbook.guard import (
    NOT_READABLE,
    UnreadablePart,
    damaged,
    open_guarded,
    refuse,
)
from mcda.workbook.tables import Place

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Result = str | float | bool | Fault | None
"""What a formula gives; None: nothing is known."""

MOST_CELLS = 2_000_000
"""Cells on all sheets of ours together; beyond that a workbook is made to waste time."""
WEIGHT_LIVE = "WeightLive_"
"""How the names of the live columns beside the weights begin."""
_ANCHORS = {
    layout.COVER: layout.CASE_NAME,
    layout.RANKING: layout.RANKING_LIST,
    layout.LOOKUP: "Party_Name",
    layout.VALUES: layout.VALUE_NAME,
    layout.STAMP: layout.STAMP_INPUTS,
    layout.CHECKS: layout.CHECK_ID,
    layout.LOG: layout.LOG_ENTRIES,
    **{table.sheet: table.name(table.columns[0].key) for table in reversed(layout.TABLES)},
}
"""A name on each sheet, by which it is found when its user renamed it."""
_WORD = re.compile(r"[\w.]+\Z").search
_LONGEST_SHEET = 32
"""A sheet's name has at most 31 characters."""
_IS_BESIDE = re.compile(r"Weights_|Criterion_|Curve_").search
"""What formulas beside the weights refer to."""
_known: WeakKeyDictionary[Book, LiveCells] = WeakKeyDictionary()
"""What was read of a book that is still open: a sync asks twice."""
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}


@dataclass(slots=True)
class LiveCells:
    """What stands on the sheets of the layout, as far as live formulas and their inputs go."""

    sheets: dict[str, str]
    """The sheets of the layout that are there: our name → the name in this workbook."""
    names: dict[str, Area | None]
    """Defined names, case-folded → cells; None for what is no rectangle (any more)."""
    formulas: dict[Place, str] = field(default_factory=dict)
    """Formulas of ours, without the equals sign."""
    cached: dict[Place, Result] = field(default_factory=dict)
    """Their cached results; None where there is none."""
    constants: dict[Place, str | float | bool | Fault] = field(default_factory=dict)
    """Everything else on these sheets: inputs, headers, cached results of a user's formulas."""
    computed: set[Place] = field(default_factory=set)
    """Every cell with a formula, a user's too."""
    unknown: set[Place] = field(default_factory=set)
    """Cells with a user's formula that has no result stored."""


def live_cells(data: bytes | Book, name: str) -> LiveCells:
    """Read the live formulas of a workbook; ``name`` stands in the messages.

    Raises:
        CaseProblem: this is no workbook, or it is damaged, or not safe to open.
    """
    try:
        book = data if isinstance(data, Book) else Book(open_guarded(data, name))
        if book not in _known:
            _known[book] = _read(book)
        return _known[book]
    except UnreadablePart as problem:
        fix = 'Use a workbook made by "mcda new", saved as .xlsx.'
        raise refuse(name, str(problem), fix) from None
    except NOT_READABLE:
        raise damaged(name) from None


def cached(data: bytes | Book, name: str = "the workbook") -> dict[Place, Result]:
    """Return the results that a workbook has cached for the formulas of ours.

    Raises:
        CaseProblem: this is no workbook, or it is damaged, or not safe to open.
    """
    return live_cells(data, name).cached


def our_sheets(book: Book) -> dict[str, str]:
    """Return which sheets of the layout are there: our name → the name in this workbook."""
    found: dict[str, str] = {}
    for name in layout.SHEETS:
        area = book.names.get(_ANCHORS[name].casefold()) if name in _ANCHORS else None
        sheet = book.find_sheet(area.sheet) if area is not None else None
        sheet = sheet or book.find_sheet(name)
        if sheet is not None and sheet not in found.values():
            found[name] = sheet
    return found


def _read(book: Book) -> LiveCells:
    sheets = our_sheets(book)
    live = LiveCells(sheets, dict(book.names))
    own = frozenset(sheets.values())
    for name, sheet in sheets.items():
        is_ours = _on_input_sheet(book, name, sheet) if name in layout.INPUT_SHEETS else _anywhere
        for row, column, text, result in _cells(book, sheet, live):
            place = (sheet, row, column)
            live.computed.add(place)
            if text is not None and is_ours(row, column, text) and not _refers_outside(text, own):
                live.formulas[place] = text
                live.cached[place] = result
            elif result is not None:
                live.constants[place] = result
            else:
                live.unknown.add(place)
    return live


IsOurs = Callable[[int, int, str], bool]


def _anywhere(row: int, column: int, text: str) -> bool:
    return True


def _on_input_sheet(book: Book, name: str, sheet: str) -> IsOurs:
    """Return what says whether a formula on an input sheet is ours, by row, column and text."""
    columns = [
        area
        for table in layout.TABLES
        if table.sheet == name
        for column in table.columns
        if (area := book.names.get(table.name(column.key).casefold())) and area.sheet == sheet
    ]
    above = min((area.top for area in columns), default=layout.HEADER_ROW)
    right = max((area.right for area in columns), default=-1)
    beside = [
        area
        for key, area in book.names.items()
        if key.startswith(WEIGHT_LIVE.casefold()) and area is not None and area.sheet == sheet
    ]

    def is_ours(row: int, column: int, text: str) -> bool:
        if row < above:
            return layout.CASE_MARKING in text
        if not any(area.top <= row <= area.bottom for area in beside):
            return False
        if any(area.left <= column <= area.right for area in beside):
            return True
        # Columns of the block without a name of their own stand between the named ones or left.
        return right < column < max(area.right for area in beside) and _IS_BESIDE(text) is not None

    return is_ours


def _within(row: int, column: int, area: Area) -> bool:
    return area.top <= row <= area.bottom and area.left <= column <= area.right


@lru_cache(maxsize=50_000)
def _refers_outside(formula: str, own: frozenset[str]) -> bool:
    if "!" not in formula and "[" not in formula:
        return False
    # First the quick look, which takes a "!" in a text for a sheet's; then the exact one.
    if "[" not in formula and all(_sheet_at_end(part) in own for part in formula.split("!")[:-1]):
        return False
    sheets = {sheet.casefold() for sheet in own}
    return any(
        (kind == "sheet" and sheet_of(text).casefold() not in sheets) or text == "["
        for kind, text in tokens(formula)
    )


def _sheet_at_end(text: str) -> str | None:
    """Return the name of a sheet at the end of a text; None where that takes a closer look."""
    if text.endswith("'"):
        start = text.rfind("'", 0, -1)
        return text[start + 1 : -1] if start > 0 and text[start - 1] != "'" else None
    match = _WORD(text, max(0, len(text) - _LONGEST_SHEET))
    return match[0] if match else None


def _cells(
    book: Book, sheet: str, live: LiveCells
) -> Iterator[tuple[int, int, str | None, Result]]:
    """Walk over the formulas of a sheet; note its other cells on the way.

    The text is None for a formula that fills more than its own cell.
    """
    space = ""
    masters: dict[str, tuple[int, int, str]] = {}
    filled: list[Area] = []
    for row, column, cell in book.elements(sheet, streamed=True):
        if len(live.constants) + len(live.computed) > MOST_CELLS:
            raise UnreadablePart(f"The sheets up to {sheet} have more than {MOST_CELLS} cells.")
        space = space or cell.tag.removesuffix("c")
        formula = cell.find(f"{space}f")
        if formula is None:
            value = book.stored(cell)
            if value is not None:
                live.constants[sheet, row, column] = value
            continue
        text: str | None = formula.text or ""
        kind = formula.get("t", "normal")
        if kind == "shared":
            text = _shared(formula, masters, row, column)
        elif kind != "normal":
            area = parse_area("x!" + formula.get("ref", ""))
            if kind == "dataTable" or area is None or _size(area) > 1:
                text = None
                filled.extend(() if area is None else (area,))
        yield row, column, text, _cached(book, cell, space)
    for area in filled:
        live.computed |= {
            place
            for place in live.constants
            if place[0] == sheet and _within(place[1], place[2], area)
        }


def _shared(
    formula: Element, masters: dict[str, tuple[int, int, str]], row: int, column: int
) -> str | None:
    """Return the text of a shared formula at its cell: only the first of them has the text."""
    index = formula.get("si", "")
    if formula.text:
        masters.setdefault(index, (row, column, formula.text))
        return formula.text
    if index not in masters:
        return None
    top, left, text = masters[index]
    return moved(text, row - top, column - left)


def _size(area: Area) -> int:
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)


def _cached(book: Book, cell: Element, space: str) -> Result:
    if cell.find(f"{space}v") is None:
        return None
    value = book.stored(cell)
    if isinstance(value, Fault) and value.text not in _ERRORS:
        return None
    return "" if value is None else value
