"""Edits that a user makes in an open workbook, and the same edits in the JSON form of its case.

Each function changes both, so that the sheet's formulas and Python can be compared afterwards.
Workbooks are as `create` makes them: rows stand in the order of the case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from mcda.json_form import case_from_data
from mcda.workbook import layout
from mcda.workbook.layout import Block
from tests.office import Book, Cell


@dataclass(frozen=True)
class Undoing(Book):
    """An open workbook that can take back what was written into it."""

    before: list[Callable[[], None]] = field(default_factory=list)

    def write(self, sheet: str, row: int, column: int, content: Cell | None) -> None:
        self._remember(sheet, row, column)
        super().write(sheet, row, column, content)

    def write_formula(self, sheet: str, row: int, column: int, formula: str) -> None:
        self._remember(sheet, row, column)
        super().write_formula(sheet, row, column, formula)

    def insert_rows(self, sheet: str, at: int, count: int = 1) -> None:
        self.before.append(lambda: self.delete_rows(sheet, at, count))
        super().insert_rows(sheet, at, count)

    def _remember(self, sheet: str, row: int, column: int) -> None:
        cell = Block(sheet, row, column, row, column)
        value, formula = self.read(cell)[0][0], self.formulas(cell)[0][0]
        if formula.startswith("=") and formula != value:
            undo = partial(super().write_formula, sheet, row, column, formula)
        else:
            undo = partial(super().write, sheet, row, column, None if value == "" else value)
        self.before.append(undo)

    def undo(self) -> None:
        """Take everything back, the last thing first."""
        while self.before:
            self.before.pop()()


class Edited:
    """An open workbook and the JSON data that says what it should hold."""

    def __init__(self, book: Book, data: dict[str, Any]) -> None:
        self.book = book
        self.data = data
        self._blocks: dict[str, Block] = {}

    def block(self, name: str) -> Block:
        """Where a defined name stands; ask anew with a new `Edited` after inserting anything."""
        if name not in self._blocks:
            self._blocks[name] = self.book.block(name)
        return self._blocks[name]

    @property
    def case(self) -> Any:
        return case_from_data(self.data)

    def place(self, name: str, row: int = 0, column: int = 0) -> tuple[str, int, int]:
        """The cell ``row`` rows below a block's header and ``column`` columns into it."""
        block = self.block(name)
        return block.sheet, block.top + 1 + row, block.left + column

    def party(self, name: str) -> dict[str, Any]:
        return next(party for party in self.data["parties"] if party["name"] == name)

    def weight(self, party: str, criterion: str, weight: float) -> None:
        row = 0
        for candidate in self.data["parties"]:
            for item in candidate["criteria"]:
                if (candidate["name"], item["name"]) == (party, criterion):
                    item["weight"] = weight
                    item.pop("weight_range", None)
                    self.book.write(*self.place("Weights_Weight", row), weight)
                    self.book.write(*self.place("Weights_Low", row), None)
                    self.book.write(*self.place("Weights_High", row), None)
                    return
                row += 1

    def column(self, party: str, criterion: str) -> int:
        """The place of a criterion among all, from 1: its column in Scores_Block."""
        pairs = [(p["name"], c["name"]) for p in self.data["parties"] for c in p["criteria"]]
        return pairs.index((party, criterion)) + 1

    def level_row(self, issue: str, level: str) -> int:
        rows = [
            (item["name"], name)
            for item in self.data["issues"]
            for name in [*item["levels"], *item.get("no_deal_only", [])]
        ]
        return rows.index((issue, level))

    def score(self, party: str, criterion: str, issue: str, level: str, score: float) -> None:
        self.party(party)["scores"][criterion][issue][level] = score
        row = self.level_row(issue, level) + 1  # the block begins at the first of two headers
        column = self.column(party, criterion)
        self.book.write(*self.place(layout.SCORES_BLOCK, row, column), score)

    def setting(self, package: str, issue: str, level: str) -> None:
        packages = [item["name"] for item in self.data["packages"]]
        issues = [item["name"] for item in self.data["issues"]]
        row = packages.index(package)
        self.data["packages"][row]["settings"][issue] = level
        column = issues.index(issue) + 1
        self.book.write(*self.place(layout.PACKAGES_SETTINGS, row, column), level)

    def reservation(self, party: str, value: float | None) -> None:
        names = [item["name"] for item in self.data["parties"]]
        found = self.party(party)
        found.pop("reservation", None)
        if value is not None:
            found["reservation"] = value
        row = names.index(party)
        self.book.write(*self.place("Parties_ReservationLow", row), None)
        self.book.write(*self.place("Parties_ReservationHigh", row), None)
        self.book.write(*self.place("Parties_Reservation", row), value)

    def show_for(self, party: str) -> None:
        """Choose the party that Ranking shows."""
        block = self.block(layout.RANKED_FOR)
        self.book.write(block.sheet, block.top, block.left, party)
