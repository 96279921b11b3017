"""What a version of a workbook becomes: our edits merged into it, its results in step.

Pure: bytes in, bytes out. Edits that were written before, and that a program overwrote without
knowing of them, are applied again; new ones follow; where the file says a third value, that is a
conflict for the user to decide, and the file's value stands meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from mcda.problems import CaseProblem
from mcda.workbook import layout
from mcda.workbook.cells import Book
from mcda.workbook.changes.edits import Conflict, InputEdit, Resolved, resolve
from mcda.workbook.changes.journal import Journal, Review
from mcda.workbook.changes.named_inputs import NamedInputs
from mcda.workbook.formulas.recalculate import Recalculator
from mcda.workbook.guard import open_guarded
from mcda.workbook.read import Reading, read_data
from mcda.workbook.sync import Synced, synced


@dataclass(frozen=True, slots=True)
class Merged:
    """A version with our edits in it, and what came of them."""

    synced: Synced
    journal: Journal
    """What is to be remembered once this is written."""
    applied: tuple[InputEdit, ...] = ()
    """Each input that changes: from the file's value to ours."""
    conflicts: tuple[Conflict, ...] = ()
    """Inputs of which the file says something that neither we nor the edit knew."""


def merged(
    data: bytes,
    name: str,
    *,
    when: str,
    journal: Journal,
    edits: Sequence[InputEdit] = (),
    recalculator: Recalculator | None = None,
) -> Merged:
    """Bring a version of a workbook in step, with the edits that it lacks.

    Args:
        data: the version, whoever wrote it.
        name: how messages call it.
        when: the time that the Log tells.
        journal: the edits that were written before.
        edits: new ones.
        recalculator: kept between calls, it computes only what changed.

    Raises:
        CaseProblem: the case has problems, the new edits included.
        ValueError: an edit gives a text for a number.
    """
    compute = partial(synced, name=name, when=when, recalculator=recalculator)
    if not journal.entries and not edits:
        return Merged(compute(data), journal)
    reading = read_data(data, name)
    review = journal.review(reading, log_lines(data, name))
    if not review.again:
        return _applied(compute, data, name, reading, review, edits)
    try:
        return _applied(compute, data, name, reading, review, [*review.again, *edits])
    except CaseProblem:
        # What fitted the version that it was made for may not fit this one: the user decides.
        return _applied(compute, data, name, reading, _doubted(review, reading), edits)


def _applied(
    compute: Callable[..., Synced],
    data: bytes,
    name: str,
    reading: Reading,
    review: Review,
    edits: Sequence[InputEdit],
) -> Merged:
    resolved = resolve(edits, reading)
    result = compute(data, edits=resolved.applied)
    journal = review.journal
    if resolved.applied:
        lines = log_lines(result.data, name)
        journal = journal.wrote(_with_lines(resolved, lines), lines)
    conflicts = (*review.conflicts, *resolved.conflicts)
    return Merged(result, journal, resolved.applied, conflicts)


def _doubted(review: Review, reading: Reading) -> Review:
    """Make conflicts of the edits that would be written again."""
    inputs = NamedInputs(reading)
    paths = {edit.path for edit in review.again}
    kept = tuple(entry for entry in review.journal.entries if entry.edit.path not in paths)
    doubts = tuple(
        Conflict(edit, inputs.cell(edit.path), inputs.value(edit.path)) for edit in review.again
    )
    return Review(Journal(kept), conflicts=(*review.conflicts, *doubts))


def log_lines(data: bytes, name: str) -> list[Hashable]:
    """Return the lines of a workbook's Log, each as the texts in its cells."""
    with open_guarded(data, name) as archive:
        rows = Book(archive).cells(layout.LOG).rows
        return [tuple(str(text) for text in rows[row].values()) for row in sorted(rows)]


def _with_lines(
    resolved: Resolved, lines: Sequence[Hashable]
) -> Iterator[tuple[InputEdit, Hashable]]:
    """Pair each edit with the last line of the Log that names its cell."""
    for edit, cell in zip(resolved.applied, resolved.edits, strict=True):
        naming = [line for line in lines if isinstance(line, tuple) and cell.place in line]
        if naming:
            yield edit, naming[-1]
