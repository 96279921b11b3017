"""Writing results into a workbook that is open in a spreadsheet program, never into its inputs.

A :class:`LiveBook` is the open book as this program sees it: it can be busy because somebody is
typing, be gone, or change between two calls. :func:`write_blocks` copes with all three, whatever
stands behind the book: Excel (:mod:`mcda.workbook.excel.adapter`) or the twin in memory,
:class:`~mcda.workbook.excel.memory_book.MemoryBook`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeVar

from mcda.workbook import layout
from mcda.workbook.cells import FORMULA, Formula

Value = str | float | int | bool | date | datetime | None
"""What is written to a cell; None empties it."""
Seen = str | float | bool | date | datetime | Formula | None
"""What stands in a cell: a value, ``FORMULA`` where it computes, None where it is blank."""

LONGEST_TEXT = 32_767
"""Characters that a cell can hold (Excel's specification)."""
LONGEST_WAIT = 5.0
"""Seconds between two tries, however many there were."""
ROUNDS = 3
"""Times that all blocks are written before giving up on a book that changes meanwhile."""

_SHEETS_OF_OURS = frozenset(layout.SHEETS[layout.SHEETS.index(layout.LOOKUP) :])
_ANCHORS = (layout.STAMP_INPUTS, layout.LOG_ENTRIES)
"""Names that stand on sheets of ours, whatever the user calls those."""
_INPUT_ANCHORS = tuple(table.name(table.columns[0].key) for table in layout.TABLES)
"""A name on every input sheet."""
_LIVE_CELLS = (layout.FINGERPRINT,)
"""Single cells that are ours on a sheet where people type."""

_T = TypeVar("_T")


class LiveBookProblem(Exception):
    """The open book cannot be read or written now; the message says why, and what to do."""


class Busy(LiveBookProblem):
    """Somebody is typing in a cell, or a dialog stands open. It passes."""


class Gone(LiveBookProblem):
    """The book was closed, or saved under another name, or its program ended."""


class Refused(LiveBookProblem):
    """The block may not be written: it is not ours, or the program says no."""


class LiveBlock(NamedTuple):
    """Rows of values and the cell of the first of them, zero-based."""

    sheet: str
    top: int
    left: int
    rows: Sequence[Sequence[Value]]

    @property
    def area(self) -> layout.Block:
        """The rectangle that the rows fill."""
        bottom, right = self.top + len(self.rows) - 1, self.left + len(self.rows[0]) - 1
        return layout.Block(self.sheet, self.top, self.left, bottom, right)

    @property
    def emptied(self) -> LiveBlock:
        """The same rectangle with nothing in it."""
        return self._replace(rows=[[None] * len(row) for row in self.rows])

    @property
    def where(self) -> str:
        """Its first cell, as people write it."""
        return layout.cell_name(self.sheet, self.top, self.left)


class LiveBook(Protocol):
    """A workbook that is open in a spreadsheet program.

    It is never opened, saved or closed from here. Every method may raise :class:`Busy`,
    :class:`Gone` or :class:`Refused`. A book belongs to the thread that attached to it.
    """

    @property
    def path(self) -> str:
        """The file that is open."""

    def is_busy(self) -> bool:
        """Say whether it would turn a call away now."""

    def is_there(self) -> bool:
        """Say whether it is still open under its name."""

    def has_unsaved_changes(self) -> bool:
        """Say whether it differs from its file."""

    def area(self, name: str) -> layout.Block | None:
        """Return where a defined name stands now; None if it names no rectangle."""

    def read(self, area: layout.Block) -> list[list[Seen]]:
        """Return what stands in a rectangle: rows of cells, however few."""

    def write(self, block: LiveBlock) -> None:
        """Write a rectangle in one assignment; text arrives as text, never as a formula."""


def write_blocks(
    book: LiveBook,
    blocks: Iterable[tuple[str, int, int, Sequence[Sequence[Value]]]],
    *,
    tries: int = 8,
    wait: float = 0.25,
    pause: Callable[[float], object] = time.sleep,
) -> int:
    """Write blocks of results into an open book, so that a set half written shows as STALE.

    The block with the fingerprint of the stamped inputs is the *seal*; without one, the last block
    that is not on the Log. It is emptied before anything else changes and written after everything
    else, so that a set which is cut short never looks fresh. What already stands there is not
    written again: that would only mark the book as unsaved. All is read back at the end; where
    somebody changed a block meanwhile, the set is mended, three times at most.

    Args:
        book: The open book.
        blocks: As ``(sheet, top, left, rows)``, zero-based; all rows of a block equally long.
        tries: Attempts at each call while the book is busy.
        wait: Seconds before the second attempt, doubled each time up to five.
        pause: What waits.

    Returns:
        The number of blocks that were written; 0 where all of them stood there already.

    Raises:
        Busy: it stayed busy through all tries.
        Gone: the book is no longer open.
        Refused: a block lies on an input sheet or on a sheet of the user's own, a formula stands
            in its way, it cannot be a block, or the book kept changing. But for the last of
            these, nothing was written.
    """
    asking = _Asking(book, tries, wait, pause)
    plan = [LiveBlock(*block) for block in blocks]
    if not plan:
        return 0
    places = _Places.in_book(asking)
    for block in plan:
        _check_form(block)
        _check_ours(asking, places, block)
    plan = _in_order(plan, places)
    written = 0
    for _ in range(ROUNDS):
        missing = [block for block in plan if not _stands(asking, block)]
        if not missing:
            return written
        seal = plan[-1]
        if missing != [seal]:
            asking.write(seal.emptied)
        for block in (block for block in missing if block is not seal):
            asking.write(block)
            written += 1
        asking.write(seal)
        written += 1
    if all(_stands(asking, block) for block in plan):
        return written
    asking.write(plan[-1].emptied)
    raise Refused(
        f"{plan[-1].where}: what is written here keeps being changed by somebody else, so that "
        "the stamped results now show as STALE. Close other programs that write into this "
        "workbook, then sync again."
    )


def same(wanted: Value, seen: Seen) -> bool:
    """Say whether a value has arrived: Excel keeps numbers as floats and dates as day counts.

    >>> same(3, 3.0), same(True, 1.0), same("", None), same("30", 30.0)
    (True, False, True, False)
    """
    if wanted is None or wanted == "":
        return seen is None or seen == ""
    if isinstance(wanted, date):
        return seen == _moment(wanted) or seen == wanted or seen in _day_counts(wanted)
    if isinstance(wanted, bool) or isinstance(seen, bool):
        return wanted is seen
    if isinstance(wanted, str) and isinstance(seen, str):
        return wanted.replace("\r\n", "\n") == seen.replace("\r\n", "\n")
    return wanted == seen


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def _day_counts(day: date) -> tuple[float, float]:
    """Return a date as a number under both of Excel's epochs, 1900 and 1904."""
    since = _moment(day).replace(tzinfo=None) - datetime(1899, 12, 30)
    days = since.days + since.seconds / 86_400
    return days, days - 1462


@dataclass(frozen=True, slots=True)
class _Asking:
    """A book that is asked again while it is busy."""

    book: LiveBook
    tries: int
    wait: float
    pause: Callable[[float], object]

    def area(self, name: str) -> layout.Block | None:
        return self._patiently(lambda: self.book.area(name))

    def read(self, area: layout.Block) -> list[list[Seen]]:
        return self._patiently(lambda: self.book.read(area))

    def write(self, block: LiveBlock) -> None:
        self._patiently(lambda: self.book.write(block))

    def _patiently(self, call: Callable[[], _T]) -> _T:
        for attempt in range(self.tries - 1):
            try:
                return call()
            except Busy:
                self.pause(min(self.wait * 2**attempt, LONGEST_WAIT))
        return call()


@dataclass(frozen=True, slots=True)
class _Places:
    """What is where in the open book, found by its defined names."""

    ours: frozenset[str]
    """Sheets where only programs write."""
    live_cells: tuple[layout.Block, ...]
    log: str
    fingerprint: layout.Block | None

    @classmethod
    def in_book(cls, asking: _Asking) -> _Places:
        def sheets_of(names: Iterable[str]) -> set[str]:
            return {area.sheet for area in map(asking.area, names) if area is not None}

        typed = sheets_of(_INPUT_ANCHORS).union(layout.INPUT_SHEETS)
        log = asking.area(layout.LOG_ENTRIES)
        live = [asking.area(name) for name in _LIVE_CELLS]
        return cls(
            frozenset((_SHEETS_OF_OURS | sheets_of(_ANCHORS)) - typed),
            tuple(cell for cell in live if cell is not None),
            layout.LOG if log is None else log.sheet,
            asking.area(layout.STAMP_INPUTS),
        )


def _in_order(blocks: list[LiveBlock], places: _Places) -> list[LiveBlock]:
    """Put the Log first, since a change that is stamped is not logged later; the seal last."""

    def order(block: LiveBlock) -> int:
        if block.sheet == places.log:
            return 0
        seal = places.fingerprint
        return 2 if seal is not None and _overlap(block.area, seal) else 1

    return sorted(blocks, key=order)


def _overlap(one: layout.Block, other: layout.Block) -> bool:
    return (
        one.sheet == other.sheet
        and one.top <= other.bottom
        and other.top <= one.bottom
        and one.left <= other.right
        and other.left <= one.right
    )


def _check_form(block: LiveBlock) -> None:
    if not block.rows or not block.rows[0] or len({len(row) for row in block.rows}) != 1:
        raise Refused(f"{block.where}: a block has rows of one length, one cell at least.")
    if block.top < 0 or block.left < 0:
        raise Refused(f"{block.sheet}: a block begins at row 0 and column 0 at the earliest.")
    for row in block.rows:
        for value in row:
            if isinstance(value, str) and len(value) > LONGEST_TEXT:
                raise Refused(f"{block.where}: a text is longer than {LONGEST_TEXT} characters.")
            if isinstance(value, float) and not math.isfinite(value):
                raise Refused(f"{block.where}: {value} is no number that a cell can hold.")


def _check_ours(asking: _Asking, places: _Places, block: LiveBlock) -> None:
    if block.sheet not in places.ours and block.area not in places.live_cells:
        raise Refused(
            f"{block.where}: results are not written here; people type on this sheet, or it is "
            "none of the program's."
        )
    for row, cells in enumerate(asking.read(block.area)):
        if FORMULA in cells:
            place = (block.sheet, block.top + row, block.left + cells.index(FORMULA))
            raise Refused(
                f"{layout.cell_name(*place)}: a formula stands where a result would be written. "
                "Rows or columns were moved since the file was saved; save it in Excel, then "
                "sync again."
            )


def _stands(asking: _Asking, block: LiveBlock) -> bool:
    seen = asking.read(block.area)
    return all(
        same(wanted, there)
        for row, cells in zip(block.rows, seen, strict=True)
        for wanted, there in zip(row, cells, strict=True)
    )
