"""A workbook brought in step with its inputs: the stamp, the Log and the cached results.

Pure: bytes in, bytes out. Only cells of ours change, and input cells that are to be edited; what
is right already stays as it is, so that a second sync changes nothing.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mcda.canonical import inputs_sha256
from mcda.case import Case
from mcda.problems import CaseProblem
from mcda.values import Evaluation, evaluate
from mcda.workbook import layout, log
from mcda.workbook.cells import Book
from mcda.workbook.changes.edits import InputEdit, resolve
from mcda.workbook.damage import damage
from mcda.workbook.formulas.live_cells import Result as Cached
from mcda.workbook.formulas.live_cells import cached, live_cells, our_sheets
from mcda.workbook.guard import NOT_READABLE, UnreadablePart, damaged, refuse
from mcda.workbook.log import Line
from mcda.workbook.patch import patch
from mcda.workbook.patch.edits import Edit, Result
from mcda.workbook.read import Reading, case_of, open_book, read_book
from mcda.workbook.stamp import Copied, Stamp, Value, one, read_stamp, text_of
from mcda.workbook.stamp_changes import CellChanged, changes
from mcda.workbook.tables import Place

if TYPE_CHECKING:
    from mcda.workbook.formulas.recalculate import Recalculator

Kind = Literal["input", "stamp", "log", "result"]
LiveBlock = tuple[str, int, int, list[list[Value]]]
"""A rectangle for a workbook that is open: sheet, top row, left column, rows of values."""

MOST_LINES = 50
"""Lines of the Log for inputs that changed since the last sync; more are counted in one line."""
CLOSE = 1e-12
"""Numbers this near, relative to their size, are one result: office programs differ so much."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that a sync changes: zero-based, with what it held and what it is to hold."""

    sheet: str
    row: int
    column: int
    old: str
    new: str
    kind: Kind

    @property
    def cell(self) -> str:
        """The cell as people write it."""
        return layout.cell_name(self.sheet, self.row, self.column)

    def __str__(self) -> str:
        nothing = "no result" if self.kind == "result" else "blank"
        return f"{self.cell}: {self.old or nothing} → {self.new or nothing}"


@dataclass(frozen=True, slots=True)
class Synced:
    """What a workbook becomes, and what changes in it."""

    data: bytes
    """The very same bytes where nothing changes."""
    changes: tuple[CellChange, ...]
    case: Case
    """The case, page edits included."""
    blocks: tuple[LiveBlock, ...] = ()
    """The stamp and the lines of the Log, for the workbook when it is open in Excel."""
    since: tuple[CellChanged, ...] = ()
    """Inputs that changed since the last sync, whoever changed them."""
    advice: str = ""
    """What this workbook lacks, and what to do."""
    damage: str = ""
    """What of our sheets and formulas is damaged, so that stored results are not written."""

    def count(self, kind: Kind) -> int:
        """Return how many cells of a kind change."""
        return sum(change.kind == kind for change in self.changes)


def synced(
    data: bytes,
    name: str,
    *,
    when: str,
    edits: Sequence[InputEdit] = (),
    recalculator: Recalculator | None = None,
) -> Synced:
    """Bring a workbook in step with its inputs.

    Args:
        data: the workbook.
        name: how messages call it.
        when: the time that the Log and the Stamp tell.
        edits: input values to write first; each gets a line in the Log.
        recalculator: kept between calls, it computes only what changed.

    Raises:
        CaseProblem: the case has problems (edits included), an edit is in conflict with what the
            workbook says, or a cell cannot be written to. Each with its cell; nothing is written.
    """
    try:
        with _uncollected():
            return _synced(data, name, when, edits, recalculator)
    except CaseProblem:
        raise
    except UnreadablePart as problem:
        raise refuse(name, str(problem), "Take an earlier version: mcda restore.") from None
    except NOT_READABLE:
        # A sheet that no input stands on, which reading the case does not open.
        raise damaged(name) from None


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the garbage collector rest: it would walk over all cells again and again, for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _synced(
    data: bytes,
    name: str,
    when: str,
    edits: Sequence[InputEdit],
    recalculator: Recalculator | None,
) -> Synced:
    found = open_book(data, name)
    reading = read_book(found, name)
    inputs = _input_edits(edits, reading)
    edited = patch(data, inputs, name)
    book = found
    if edited is not data:
        book = open_book(edited, name)
        reading = read_book(book, name)
    case = case_of(reading)
    before = read_stamp(found)
    stamp = before if book is found else read_stamp(book)
    since = () if before is None else tuple(changes(before))
    evaluation = evaluate(case)
    areas = [] if stamp is None else _stamped(book, stamp, reading, evaluation, when)
    stamped = [Edit(*place, value) for area in areas for place, value in area.new()]
    known = cached(book, name)
    computed = _computed(book, name, areas, recalculator)
    harm = damage(book, live_cells(book, name), computed, evaluation)
    results = [] if harm else list(_results(known, computed))
    lines = _lines(when, since)
    if stamp is None and results:
        lines.append(Line(when, "", "", f"results written, inputs {inputs_sha256(case)[:12]}"))
    lines += [_line_of(when, edit, found) for edit in inputs]
    logged = log.adding(book, lines)
    ours = set(our_sheets(book).values())
    return Synced(
        patch(edited, [*stamped, *logged, *results], name, ours=ours),
        (
            *_told(inputs, _typed(inputs, found), "input"),
            *_told(stamped, _typed(stamped, book), "stamp"),
            *_told(logged, {}, "log"),
            *_told(results, known, "result"),
        ),
        case,
        (*_stamp_blocks(areas), *_log_blocks(logged)),
        since,
        "" if stamp is not None else _advice(book),
        harm,
    )


# -- inputs


def _input_edits(edits: Sequence[InputEdit], reading: Reading) -> list[Edit]:
    resolved = resolve(edits, reading)
    if resolved.conflicts:
        raise CaseProblem([conflict.problem for conflict in resolved.conflicts])
    return list(resolved.edits)


# -- the stamp


def _stamped(
    book: Book, stamp: Stamp, reading: Reading, evaluation: Evaluation, when: str
) -> list[Copied]:
    """Return what Python writes on the Stamp; when and by whom only if anything else changes."""
    areas = [copy.copied for copy in stamp.copies.values()]
    areas += stamp.numbers(book, reading, evaluation)
    areas.append(one(stamp.fingerprint, inputs_sha256(evaluation.case)))
    if any(area.is_changed for area in areas):
        areas += [one(stamp.when, when), one(stamp.program, log.program())]
    return areas


def _stamp_blocks(areas: Iterable[Copied]) -> Iterator[LiveBlock]:
    for area in areas:
        if area.is_changed:
            yield area.area.sheet, area.area.top, area.area.left, area.now


# -- the Log


def _lines(when: str, since: Sequence[CellChanged]) -> list[Line]:
    lines = [Line(when, change.cell, change.old, change.new) for change in since[:MOST_LINES]]
    if len(since) > MOST_LINES:
        lines.append(Line(when, "", "", f"and {len(since) - MOST_LINES} more"))
    return lines


def _line_of(when: str, edit: Edit, book: Book) -> Line:
    old = book.cells(edit.sheet).get(edit.row, edit.column)
    return Line(when, edit.place, text_of(old), text_of(edit.to))


def _log_blocks(edits: Sequence[Edit]) -> Iterator[LiveBlock]:
    """The lines as one rectangle: what an edit does not fill is blank."""
    if not edits:
        return
    top, left = min(edit.row for edit in edits), min(edit.column for edit in edits)
    bottom = max(edit.row for edit in edits)
    rows: list[list[Value]] = [[None] * log.COLUMNS for _ in range(top, bottom + 1)]
    for edit in edits:
        rows[edit.row - top][edit.column - left] = str(edit.to)
    yield edits[0].sheet, top, left, rows


# -- results


def warning_of(damage: str) -> str:
    """Say what damage means and what to do; empty where there is none."""
    if not damage:
        return ""
    return (
        f"WARNING: sheets or formulas of this workbook are damaged. {damage} Its stored results "
        "were left as they are. mcda check FILE lists the damage; mcda restore FILE puts an "
        "earlier version back, mcda new NEW.xlsx --from OLD.xlsx makes a sound one of its inputs."
    )


def _computed(
    book: Book, name: str, areas: Iterable[Copied], recalculator: Recalculator | None
) -> dict[Place, Cached]:
    from mcda.workbook.formulas.recalculate import recalculated

    overlay = {place: value for area in areas for place, value in area.new()}
    return (recalculator or recalculated)(book, name, overlay)


def _results(known: Mapping[Place, Cached], computed: Mapping[Place, Cached]) -> Iterator[Edit]:
    """Yield the cached results that are missing or not true (any more)."""
    for place, result in computed.items():
        if not _is_close(known.get(place), result):
            yield Edit(*place, Result(result))


def _is_close(old: Cached, new: Cached) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=CLOSE, abs_tol=CLOSE)
    return type(old) is type(new) and old == new


# -- what is told


def _typed(edits: Iterable[Edit], book: Book) -> dict[Place, object]:
    return {
        (edit.sheet, edit.row, edit.column): book.cells(edit.sheet).get(edit.row, edit.column)
        for edit in edits
    }


def _told(edits: Iterable[Edit], old: Mapping[Place, object], kind: Kind) -> Iterator[CellChange]:
    for edit in edits:
        place = (edit.sheet, edit.row, edit.column)
        before, after = (
            '""' if kind == "result" and value == "" else text_of(value)
            for value in (old.get(place), edit.value)
        )
        yield CellChange(*place, before, after, kind)


def _advice(book: Book) -> str:
    area = book.names.get(layout.LAYOUT_VERSION.casefold())
    sheet = None if area is None else book.find_sheet(area.sheet)
    version = None
    if area is not None and sheet is not None:
        version = book.cells(sheet).get(area.top, area.left)
    if text_of(version) in layout.OLDER_VERSIONS:
        lacks = f"This workbook has layout {version}, which has no Stamp sheet"
    else:
        lacks = "This workbook has lost its Stamp sheet"
    return (
        f"{lacks}: results and Log are kept in step, but it cannot tell by itself what is stale. "
        "mcda new NEW.xlsx --from OLD.xlsx makes one that can."
    )
