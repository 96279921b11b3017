"""Reading a case from a workbook: its input sheets as the JSON form, each value with its cell.

Only the input sheets are read, and of them only what was typed: results that the file carries are
never an input. What the JSON form can say wrongly is judged by its door
(:func:`mcda.json_form.case_from_data`), which is given the cells; what only sheets can say wrongly
(a weight for a criterion that is not listed, a score without a column) is told here. All of it is
raised together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from mcda.case import Case
from mcda.problems import CaseProblem, Path, Problem
from mcda.workbook import layout
from mcda.workbook.cells import Book
from mcda.workbook.guard import (
    NOT_READABLE,
    UnreadablePart,
    damaged,
    open_guarded,
    refuse,
)
from mcda.workbook.reading import parties, rules, scenarios, scores, terms
from mcda.workbook.reading.form import Form, Item
from mcda.workbook.tables import Finder, Found, Notes, Place


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook says: a case in the JSON form, with the cell of each value."""

    data: Item
    places: dict[Path, Place]
    """Where each value stands (sheet, row, column, zero-based), blank cells included."""
    notes: Notes
    """What is wrong with the sheets beyond what the JSON form can show."""

    def place(self, path: Path) -> Place:
        """Return the cell of a value in the JSON form, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return (layout.COVER, 0, 0)

    def locate(self, path: Path) -> str:
        """Return the cell of a value as people write it, such as ``Weights!D7``."""
        return layout.cell_name(*self.place(path))


def case_from_workbook(data: bytes, name: str) -> Case:
    """Read the case in a workbook that is given as bytes; ``name`` stands in the messages.

    Raises:
        CaseProblem: with every problem, each with its sheet and cell.
    """
    return case_of(read_data(data, name))


def case_of(reading: Reading) -> Case:
    """Return the case that a workbook says.

    Raises:
        CaseProblem: with every problem, each with its sheet and cell.
    """
    from mcda.json_form import case_from_data

    shown: dict[str, Place] = {}

    def locate(path: Path) -> str:
        where = reading.locate(path)
        shown[where] = reading.place(path)
        return where

    try:
        case = case_from_data(reading.data, locate)
    except CaseProblem as refused:
        problems = _merged(reading.notes, refused.problems, shown)
        raise CaseProblem(problems) from None
    if reading.notes.found:
        raise CaseProblem(_merged(reading.notes))
    return case


def _merged(
    notes: Notes, refused: Iterable[Problem] = (), shown: Mapping[str, Place] | None = None
) -> list[Problem]:
    """Put the problems of both kinds in the order of the sheets; notes go first at a cell."""
    placed = [(place, problem) for place, problem in notes.found.items()]
    noted = {problem.where for problem in notes.found.values()}
    placed += [
        ((shown or {})[problem.where], problem) for problem in refused if problem.where not in noted
    ]
    order = {sheet: index for index, sheet in enumerate(layout.SHEETS)}

    def key(item: tuple[Place, Problem]) -> tuple[int, str, int, int]:
        sheet, row, column = item[0]
        return (order.get(sheet, len(order)), sheet, row, column)

    return [problem for _, problem in sorted(placed, key=key)]


def read_data(data: bytes, name: str) -> Reading:
    """Turn the bytes of a workbook into the JSON form of its case, not judged yet.

    Raises:
        CaseProblem: this is no workbook of ours, or it lost a sheet, a header or a table's end.
    """
    return read_book(open_book(data, name), name)


def open_book(data: bytes, name: str) -> Book:
    """Open a workbook that is given as bytes.

    Raises:
        CaseProblem: this is no workbook, or it is damaged, or not safe to open.
    """
    with _in_words(name):
        return Book(open_guarded(data, name))


def read_book(book: Book, name: str) -> Reading:
    """Turn a workbook that is open into the JSON form of its case, not judged yet.

    Raises:
        CaseProblem: this is no workbook of ours, or it lost a sheet, a header or a table's end.
    """
    with _in_words(name):
        check_ours(book, name)
        return _read(book)


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    try:
        yield
    except CaseProblem:
        raise
    except UnreadablePart as problem:
        fix = 'Use a workbook made by "mcda new", saved as .xlsx.'
        raise refuse(name, str(problem), fix) from None
    except NOT_READABLE:
        raise damaged(name) from None


def check_ours(book: Book, name: str) -> None:
    """Refuse a workbook that holds no case.

    Raises:
        CaseProblem: it was not made by this program.
    """
    ours = {layout.LAYOUT_VERSION.casefold()}
    ours |= {table.name(c.key).casefold() for table in layout.TABLES for c in table.columns}
    if book.names.keys().isdisjoint(ours):
        raise refuse(
            name,
            "This workbook holds no case: it was not made by mcda.",
            'Make one with "mcda new case.xlsx" and enter the case there.',
        )


def _read(book: Book) -> Reading:
    notes = Notes()
    finder = Finder(book, notes)
    tables = {table.key: finder.table(table) for table in layout.TABLES}
    found = {key: table for key, table in tables.items() if table is not None}
    form = Form(finder, found)
    if len(found) == len(tables):
        _find_blocks(form)
    if notes.found:  # without its tables nothing on the sheets can be judged
        raise CaseProblem(_merged(notes))
    for table in found.values():
        finder.below_the_end(table)
    for read in _STEPS:
        read(form)
    return Reading(form.data, form.places, notes)


_STEPS = (
    terms.cover, terms.issues, parties.parties, parties.criteria, parties.weights, scores.scores,
    terms.packages, terms.no_deal, scores.direct, scores.evidence, rules.rules, rules.conditions,
    scenarios.scenarios, scenarios.recommendations, scenarios.sources,
)  # fmt: skip
"""In this order: what a sheet names must have been read before."""


def _find_blocks(form: Form) -> None:
    """Find the columns for each issue, each party, and each party and criterion."""
    block = form.finder.block
    settings = (
        ("Packages", layout.PACKAGES_SETTINGS, "Package"),
        ("NoDeal", layout.NO_DEAL_SETTINGS, "NoDeal"),
    )
    for key, name, start in settings:
        headers = block(form.tables[key], name, start, "issue")
        form.setting_columns[key] = {column: texts[0] for column, texts in headers.items()}
    values = block(form.tables["NoDeal"], layout.NO_DEAL_VALUES, "By", "party")
    form.value_columns = {column: texts[0] for column, texts in values.items()}
    scored: Found = form.tables["Scores"]
    area = form.finder.area(layout.SCORES_BLOCK)
    above = scored.header - 1
    form.party_header = above if area is None else min(area.top, above)
    rows = (form.party_header, scored.header)
    form.score_headers = block(scored, layout.SCORES_BLOCK, "Level", "party or criterion", rows)
    form.tables["Direct"].more.update(form.score_headers)
