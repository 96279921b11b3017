"""What every writer of a sheet is given: the open workbook, its formats, its plan and the case."""

from __future__ import annotations

from dataclasses import dataclass, field

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from mcda.case import Case
from mcda.values import Evaluation
from mcda.workbook import layout
from mcda.workbook.author.style import Formats


class PlainFormulas(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet that takes formulas as they are.

    XlsxWriter searches each formula for forty newer functions to mark them; ours use none of them
    (where one is marked, it says so itself), and the search took two thirds of the writing.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


@dataclass(frozen=True, slots=True)
class Sheets:
    """A workbook that is being written; all worksheets of the layout exist already."""

    workbook: Workbook
    formats: Formats
    plan: layout.Plan
    case: Case
    evaluation: Evaluation
    typed: dict[tuple[str, int, int], str | float] = field(default_factory=dict)
    """What stands in the input cells, by sheet, row and column, as it is written."""

    def __getitem__(self, name: str) -> Worksheet:
        """Return the worksheet of that name, one of :data:`mcda.workbook.layout.SHEETS`."""
        sheet = self.workbook.get_worksheet_by_name(name)
        if sheet is None:
            raise KeyError(name)
        return sheet

    def define(self, name: str, block: layout.Block) -> None:
        """Give a block its defined name."""
        self.workbook.define_name(name, block.reference)

    def define_plan(self) -> None:
        """Give every input block of the plan its defined name."""
        for name, block in self.plan.blocks.items():
            self.define(name, block)
