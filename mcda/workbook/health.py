"""Whether a workbook can be trusted: its formulas, the results that it shows, and its stamp.

Told besides the findings of the case: formulas of ours that were overwritten or broken, results
stored in the file that are not what its inputs give, and inputs that changed since the sheets that
only Python writes were written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mcda.case import Case
from mcda.findings import Finding, Findings, counted
from mcda.printing import joined
from mcda.problems import CaseProblem
from mcda.values import Evaluation, evaluate
from mcda.workbook import layout
from mcda.workbook.cells import Book, Fault
from mcda.workbook.formulas.live_cells import LiveCells, Result, live_cells, our_sheets
from mcda.workbook.formulas.python_values import python_values, same_result
from mcda.workbook.layout import cell_name
from mcda.workbook.read import Reading, case_of, check_ours, open_book, read_book
from mcda.workbook.tables import Place

if TYPE_CHECKING:
    pass

MOST = 8
"""Findings of one kind that are told one by one; the others are counted."""
_LONGEST = 160
"""Characters of a formula that are shown."""
_SYNC = 'Run "mcda sync", or open the workbook in Excel and save it.'


@dataclass(frozen=True, slots=True)
class Health(Findings):
    """What is worth a look in a workbook beyond its case, warnings first."""

    def to_dict(self) -> dict[str, object]:
        """Return plain data, for ``--json``."""
        return {"health": [item.to_dict() for item in self.items]}

    def __str__(self) -> str:
        if not self.items:
            return "Formulas, stored results and stamp are in order."
        return Findings(self.items).__str__()


def health(data: bytes, name: str) -> Health:
    """Return what is worth a look in a workbook beyond its case.

    Args:
        data: the workbook.
        name: how messages call it.

    Raises:
        CaseProblem: this is no workbook of ours, or it is damaged, or not safe to open.
    """
    book = open_book(data, name)
    check_ours(book, name)
    live = live_cells(book, name)
    reading, case = _case(book, name)
    evaluation = None if case is None else evaluate(case)
    items = [
        *_formulas(book, live),
        *_results(book, live, name, evaluation),
        *_stamp(book, reading, evaluation),
    ]
    return Health(tuple(sorted(items, key=lambda item: item.level != "WARNING")))


def _case(book: Book, name: str) -> tuple[Reading | None, Case | None]:
    """Read the case; its problems are told by reading it, not here."""
    try:
        reading = read_book(book, name)
        return reading, case_of(reading)
    except CaseProblem:
        return None, None


def _finding(level: Literal["WARNING", "NOTE"], where: str, what: str, what_to_do: str) -> Finding:
    return Finding(level, where, what, what_to_do)


# --- formulas


def _formulas(book: Book, live: LiveCells) -> Iterator[Finding]:
    from mcda.workbook.formulas.own_formulas import losses

    version = _version(book)
    if version != layout.VERSION:
        yield _finding(
            "NOTE",
            "Cover",
            f"The workbook has layout {version or 'of an unknown version'}; its formulas are "
            f"compared for layout {layout.VERSION} only.",
            "mcda new NEW.xlsx --from OLD.xlsx makes one of this layout.",
        )
        return
    repair = (
        'Undo it, restore an earlier version ("mcda restore"), or make a new workbook from this '
        "one (mcda new NEW.xlsx --from OLD.xlsx)."
    )
    gone = [name for name in _input_names() if name.casefold() not in book.names]
    yield from _some(
        [
            _finding(
                "WARNING", name, "This name is gone: formulas cannot find the inputs.", repair
            )
            for name in gone
        ],
        "defined name that is gone",
    )  # fmt: skip
    lost = losses(live)
    if lost is None:
        there = our_sheets(book)
        for name in (name for name in layout.SHEETS if name not in there):
            yield _finding("WARNING", name, "The sheet is missing.", repair)
        yield _finding(
            "WARNING",
            "Lookup",
            "The live formulas are gone, or the defined names of their columns.",
            'Restore an earlier version ("mcda restore"), or make a new workbook from this one '
            "(mcda new NEW.xlsx --from OLD.xlsx).",
        )
        return
    for sheet in lost.sheets:
        yield _finding("WARNING", sheet, "The sheet is missing.", repair)
    yield from _some(
        [
            _finding("WARNING", name, "The defined name refers to no cells.", repair)
            for name in lost.names
        ],
        "defined name that refers to no cells",
    )
    yield from _some(
        [
            _finding(
                "WARNING",
                cell_name(*cell.place),
                f"A formula was overwritten: {_short(cell.stands)} stands there; what belongs "
                f"there is {_short(cell.belongs)}",
                repair,
            )
            for cell in lost.cells
        ],
        "overwritten formula",
    )

    yield from _some(
        [
            _finding(
                "NOTE",
                cell_name(*kind.first.place),
                f"{counted(kind.count, 'formula')} from here on differ from what this version of "
                f"mcda writes: {_short(kind.first.stands)} instead of "
                f"{_short(kind.first.belongs)}",
                "Another version made this workbook. mcda new NEW.xlsx --from OLD.xlsx makes one "
                "of this version.",
            )
            for kind in lost.written_otherwise
        ],
        "kind of formula that differs",
    )


def _input_names() -> Iterator[str]:
    """The defined names of the input tables and of their blocks."""
    for table in layout.TABLES:
        for column in table.columns:
            yield table.name(column.key)
    yield from (
        layout.PACKAGES_SETTINGS, layout.NO_DEAL_SETTINGS, layout.NO_DEAL_VALUES,
        layout.SCORES_BLOCK, layout.DIRECT_BLOCK,
    )  # fmt: skip


def _version(book: Book) -> str:
    area = book.names.get(layout.LAYOUT_VERSION.casefold())
    sheet = None if area is None else book.find_sheet(area.sheet)
    if area is None or sheet is None:
        return ""
    value = book.cells(sheet).get(area.top, area.left)
    return f"{value:g}" if isinstance(value, float) else str(value or "").strip()


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _some(found: Sequence[Finding], thing: str) -> Iterator[Finding]:
    """Yield the first findings of a kind; the others are counted."""
    yield from found[:MOST]
    more = len(found) - MOST
    if more > 0:
        last = found[-1]
        yield _finding(
            last.level, last.where, f"And {counted(more, 'more ' + thing)}, up to here.", ""
        )


# --- results


def _results(
    book: Book, live: LiveCells, name: str, evaluation: Evaluation | None
) -> Iterator[Finding]:
    from mcda.workbook.formulas.recalculate import recalculated

    results = recalculated(book, name)
    python = {} if evaluation is None else dict(python_values(live, results, evaluation))
    blank: list[Place] = []
    stale: list[Finding] = []
    wrong: list[Finding] = []
    for place, result in results.items():
        shown = live.cached[place]
        if place in python and not same_result(result, python[place]):
            wrong.append(_wrong(place, result, python[place]))
        if result is None or same_result(shown, result):
            continue
        if shown is None or shown == "":
            blank.append(place)
        else:
            stale.append(_stale(place, shown, result, place in python and not wrong))
    yield from _some(wrong, "wrong result")
    if wrong:
        # Bringing the file in step would only show what the damaged formulas give.
        return
    yield from _some(sorted(stale, key=lambda item: "Python" not in item.what), "stale result")
    if blank:
        some = "no formula" if len(blank) == len(results) else "not every formula"
        yield _finding(
            "NOTE",
            cell_name(*blank[0]),
            f"In the file {some} has a result yet: {counted(len(blank), 'cell')} from here on "
            "shows nothing in a program that does not compute.",
            _SYNC,
        )


def _stale(place: Place, shown: Result, true: Result, is_python: bool) -> Finding:
    whose = "Python computes" if is_python else "its inputs give"
    return _finding(
        "WARNING",
        cell_name(*place),
        f"The file shows {_text(shown)}; {whose} {_text(true)}.",
        _SYNC,
    )


def _wrong(place: Place, result: Result, python: Result) -> Finding:
    return _finding(
        "WARNING",
        cell_name(*place),
        f"The formula gives {_text(result)}; Python computes {_text(python)}.",
        "A formula that it depends on was changed, or a defined name is gone: mend that first.",
    )


def _text(value: Result) -> str:
    if isinstance(value, Fault):
        return f"the error {value.text}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.12g}"
    return "nothing" if value in (None, "") else f"“{_short(str(value))}”"


# --- the stamp


def _stamp(book: Book, reading: Reading | None, evaluation: Evaluation | None) -> Iterator[Finding]:
    if reading is None or evaluation is None:
        return
    from mcda.workbook.stamp import read_stamp
    from mcda.workbook.stamp_changes import changes

    stamp = read_stamp(book)
    if stamp is None:
        if _version(book) == layout.VERSION:
            yield _finding(
                "WARNING",
                layout.STAMP,
                "The sheet, or one of its defined names, is missing: the workbook cannot tell what "
                "is stale.",
                "mcda new NEW.xlsx --from OLD.xlsx makes one that can.",
            )
        return
    changed = changes(stamp)
    if changed:
        shown = [f"{change.cell} ({change.old or 'blank'} → {change.new or 'blank'})"
                 for change in changed[:MOST]]  # fmt: skip
        more = [f"{len(changed) - MOST} more"] if len(changed) > MOST else []
        yield _finding(
            "NOTE",
            layout.STAMP,
            f"STALE: {counted(len(changed), 'input')} changed since Python last computed: "
            f"{joined([*shown, *more])}.",
            'Run "mcda sync": until then the stamped sheets tell of the inputs as they were.',
        )
        return
    if any(copy.copied.is_changed for copy in stamp.copies.values()):
        yield _finding(
            "NOTE",
            layout.STAMP,
            "STALE: rows or columns of the inputs were inserted or moved since Python last "
            "computed.",
            'Run "mcda sync".',
        )
        return
    for copied in stamp.numbers(book, reading, evaluation):
        cells = list(copied.new())
        if cells:
            place, number = cells[0]
            python = _text(number if isinstance(number, float) else None)
            yield _finding(
                "WARNING",
                cell_name(*place),
                f"Python’s numbers on Stamp are not those of today: {counted(len(cells), 'cell')} "
                f"from here on, where Python computes {python} now from the same inputs.",
                'Run "mcda sync".',
            )
