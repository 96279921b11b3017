"""Whether the live formulas of a workbook still give what Python computes for its inputs.

Results of damaged formulas must not be written into a file as if they were true. What the damage
is, cell by cell, is told by `mcda.workbook.health`, which takes longer.
"""

from __future__ import annotations

from collections.abc import Mapping

from mcda.values import Evaluation
from mcda.workbook import layout
from mcda.workbook.cells import Book, Fault
from mcda.workbook.formulas.live_cells import LiveCells, Result, our_sheets
from mcda.workbook.formulas.python_values import python_values, same_result
from mcda.workbook.tables import Place


def damage(
    book: Book, live: LiveCells, results: Mapping[Place, Result], evaluation: Evaluation
) -> str:
    """Say what of ours is lost or damaged; empty where the formulas give what Python computes.

    Args:
        book: the workbook.
        live: its formulas.
        results: what they give; None where that is not known.
        evaluation: of the case in the workbook.
    """
    found = [f"The sheet {name} is missing." for name in _missing(book)]
    known = [result for result in results.values() if result is not None]
    if not known:
        return " ".join(found)
    python = dict(python_values(live, results, evaluation))
    if not python and evaluation.packages and not found:
        found.append("The live results cannot be found: defined names are gone.")
    wrong = [
        place
        for place, number in python.items()
        if results[place] is not None and not same_result(results[place], number)
    ]
    if wrong:
        first = wrong[0]
        more = f", and {len(wrong) - 1} more like it" if len(wrong) > 1 else ""
        found.append(
            f"{layout.cell_name(*first)}: the formula gives {_shown(results[first])}, Python "
            f"computes {python[first]:.12g}{more}."
        )
    return " ".join(found)


def _missing(book: Book) -> list[str]:
    """The sheets that are gone; the Stamp is told of elsewhere, as old workbooks never had it."""
    there = our_sheets(book)
    return [name for name in layout.SHEETS if name not in there and name != layout.STAMP]


def _shown(result: Result) -> str:
    if isinstance(result, Fault):
        return result.text
    return f"{result:.12g}" if isinstance(result, float) else f"“{result}”"
