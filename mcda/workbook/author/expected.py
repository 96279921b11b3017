"""Which formulas a new workbook of given room has, and where: what every older one is held to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xlsxwriter.workbook import Workbook

from mcda.case import Case
from mcda.json_form import case_from_data
from mcda.workbook import layout
from mcda.workbook.author import OPTIONS, write_sheets
from mcda.workbook.author.sheets import PlainFormulas
from mcda.workbook.cells import Area, parse_area
from mcda.workbook.tables import Place


@dataclass(frozen=True, slots=True)
class Expected:
    """The formulas and defined names of a new workbook."""

    formulas: dict[Place, str]
    """Without the equals sign."""
    names: dict[str, Area]
    """By the name as it is written."""


@lru_cache(maxsize=4)
def expected(room: layout.Room, series: int) -> Expected:
    """Return what a new workbook has; its formulas depend on nothing but these two numbers.

    Args:
        room: how many rows of each kind.
        series: the most criteria that a party had: so many the chart shows apart.
    """
    formulas: dict[Place, str] = {}

    class Recording(PlainFormulas):
        """A worksheet that notes where formulas are written."""

        def write_formula(self, row: int, column: int, formula: str, *more: Any) -> Any:
            formulas[self.get_name(), row, column] = formula.removeprefix("=")
            return super().write_formula(row, column, formula, *more)

    workbook = Workbook(None, {**OPTIONS, "in_memory": True})  # never closed, so never written
    write_sheets(workbook, _smallest(series), room, None, Recording)
    names = {
        name: area
        for name, _, reference, *_ in workbook.defined_names
        if (area := parse_area(reference)) is not None
    }
    return Expected(formulas, names)


def _smallest(criteria: int) -> Case:
    """Return a case with so many criteria that fits into any room."""
    names = [str(number) for number in range(1, criteria + 1)]
    party = {
        "name": "–",
        "criteria": [{"name": name, "weight": 1} for name in names],
        "scores": {name: {"–": {"–": 0}} for name in names},
    }
    return case_from_data(
        {
            "name": "–",
            "issues": [{"name": "–", "levels": ["–"]}],
            "packages": [{"name": "–", "settings": {"–": "–"}}],
            "parties": [party],
        }
    )
