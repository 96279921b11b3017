"""Keeping one workbook's results in step: what happens once a save of it is there to be taken up.

`Upkeep` knows what it wrote and what waits; when to look is the business of
`mcda.workbook.watching.watch`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcda.findings import counted
from mcda.problems import CaseProblem
from mcda.workbook.changes.edits import Conflict, InputEdit
from mcda.workbook.changes.journal import Journal
from mcda.workbook.disk.backups import Backup, backups_of
from mcda.workbook.disk.store import Snapshot, StoreProblem, Trouble, save, snapshot
from mcda.workbook.excel.live_book import LiveBookProblem, write_blocks
from mcda.workbook.formulas.recalculate import Recalculator
from mcda.workbook.sync import warning_of
from mcda.workbook.watching.merge import Merged, merged
from mcda.workbook.watching.settle import is_whole
from mcda.workbook.watching.watch_report import Kind, Patience, Report

if TYPE_CHECKING:
    from mcda.values import Evaluation
    from mcda.workbook.excel.live_book import LiveBook


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of edits that were given to a watcher."""

    applied: tuple[InputEdit, ...] = ()
    """What was written: from the file's value to the new one."""
    conflicts: tuple[Conflict, ...] = ()
    """What the file disagrees with; the file's value stands until the user chooses."""
    waits: str = ""
    """Why the edits are not written yet; empty where they are."""


@dataclass(slots=True)
class Held:
    """Something waits: why, and when to try again (None: when no lock is there any more)."""

    words: str
    again: float | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """What was read, and what it becomes."""

    found: Snapshot
    merged: Merged

    @property
    def data(self) -> bytes:
        return self.merged.synced.data


class _HalfWritten(Exception):
    """The bytes that were read are not a whole file."""


class Upkeep:
    """One workbook: what is known of it, what waits to be written, and what was told.

    Not to be used by two threads at a time. ``held`` says whether something waits.
    """

    def __init__(
        self,
        path: Path,
        tell: Callable[[Report], object],
        patience: Patience,
        attach: Callable[[Path], LiveBook | None],
    ) -> None:
        self.path = path
        self.patience = patience
        self.held: Held | None = None
        self._report = tell
        self._attach = attach
        self._content = ""
        """The fingerprint of what was taken up, or written, last."""
        self._journal = Journal()
        self._earlier = _backups(path)
        """The versions that had been replaced when we last wrote."""
        self._edits: list[InputEdit] = []
        """New edits that are not written yet."""
        self._recalculator = Recalculator()
        self._evaluation: Evaluation | None = None
        """The case as it was last told."""
        self._broken_since: float | None = None
        self._told: set[Kind] = set()
        """Troubles that were told and have not ended."""

    # -- what is asked of it

    def take_up(self) -> None:
        """Read the file, compute, and write back what is not in step; tell what came of it.

        Trouble with the file is told, not raised.
        """
        found: Snapshot | None = None
        try:
            found = snapshot(self.path, patience=0)
            if found.sha256 != self._content or self.held is not None or self._edits:
                self._write()
            else:
                self._back_again()
        except CaseProblem as problem:
            self._has_problems(found, problem)
        except StoreProblem as problem:
            self._not_written(problem, None)

    def edit(self, edits: Sequence[InputEdit]) -> Edited:
        """Write edits into their input cells, and the results with them; or let them wait.

        Raises:
            CaseProblem: with these edits the case has problems; they are left out.
            ValueError: an edit gives a text for a number; they are left out.
        """
        waiting = self._edits
        self._edits = [*waiting, *edits]
        made: _Made | None = None
        try:
            made = self._write()
        except StoreProblem as problem:
            self._not_written(problem, None)
        except BaseException:
            self._edits = waiting
            raise
        if made is None:
            return Edited(waits=self.held.words if self.held is not None else "")
        return Edited(made.merged.applied, made.merged.conflicts)

    def gone(self) -> None:
        """Tell that the file has been missing for a while."""
        if self.path.parent.is_dir():
            what = f"{self.path.name} is not in its folder any more: moved, renamed or deleted."
        else:
            what = f"{self.path.name} cannot be reached: the folder {self.path.parent} is gone."
        self._tell_once(Kind.GONE, f"{what} Waiting for it to come back.")

    def failed(self, error: Exception) -> None:
        """Tell that something went wrong that nobody thought of."""
        self._tell(
            Kind.FAILED,
            f"{self.path.name} could not be taken up ({type(error).__name__}: {error}). It is as "
            "it was saved; the next save is tried again.",
        )

    # -- writing

    def _write(self) -> _Made | None:
        """Bring the file in step; None where that has to wait.

        Raises:
            CaseProblem: the case has problems.
            StoreProblem: the file cannot be read.
        """
        made: list[_Made] = []

        def make(current: Snapshot) -> bytes:
            if not is_whole(current.data):
                raise _HalfWritten
            if self._was_put_back(current):
                self._journal = Journal()
            made.append(_Made(current, self._merged(current.data, self._edits)))
            return made[-1].data

        try:
            saved = save(self.path, make, patience=0)
        except _HalfWritten:
            self._half_written()
            return None
        except StoreProblem as problem:
            if not made:
                raise
            self._not_written(problem, made[-1])
            return None
        self._written(made[-1], saved.rescued)
        return made[-1]

    def _was_put_back(self, found: Snapshot) -> bool:
        """Say whether this is an earlier version to the byte, which no program's own save is.

        Somebody wants what it says: edits that came after it are not made again. A version that
        was kept for a write that then came to nothing still stands; it is not an earlier one.
        """
        if found.sha256 == self._content or not self._journal.entries:
            return False
        return any(backup.holds(found.data) for backup in self._earlier)

    def _merged(self, data: bytes, edits: Sequence[InputEdit]) -> Merged:
        return merged(
            data,
            self.path.name,
            when=_now(),
            journal=self._journal,
            edits=edits,
            recalculator=self._recalculator,
        )

    def _written(self, made: _Made, rescued: Sequence[Path]) -> None:
        self.held = self._broken_since = None
        self._told.clear()
        self._edits = []
        self._journal = made.merged.journal
        self._content = hashlib.sha256(made.data).hexdigest()
        self._earlier = _backups(self.path)
        cells = len(made.merged.synced.changes)
        words = f"{counted(cells, 'cell')} written." if cells else ""
        if rescued:
            where = ", ".join(str(path) for path in rescued)
            words += f" What somebody else saved in the same moment was kept: {where}"
        words += f" {warning_of(made.merged.synced.damage)}"
        self._tell_case(Kind.WRITTEN if cells else Kind.READ, made, words.strip(), cells)
        for conflict in made.merged.conflicts:
            self._tell(Kind.CONFLICT, str(conflict), conflict=conflict)

    # -- what keeps it from being written

    def _half_written(self) -> None:
        """Try again soon, then ever more seldom: it may stay as it is for ever."""
        now = time.monotonic()
        if self._broken_since is None:
            self._broken_since = now
        age = now - self._broken_since
        words = (
            f"{self.path.name} is not whole: it is still being written, or writing it was cut off. "
            "Waiting until it is whole. If nobody is saving it, save it again where it is open, "
            "or take an earlier version: mcda restore."
        )
        if age >= self.patience.half_written:
            self._tell_once(Kind.HALF_WRITTEN, words)
        pause = min(max(self.patience.quiet, age), self.patience.retry)
        self.held = Held(words, now + pause)

    def _has_problems(self, found: Snapshot | None, problem: CaseProblem) -> None:
        """The case has problems: by itself, or with edits that waited and are now left out."""
        self.held = None
        if found is not None:
            self._content = found.sha256
            if self._edits and self._is_sound(found.data):
                left_out, self._edits = self._edits, []
                listed = "; ".join(str(edit) for edit in left_out)
                words = f"Left out, as the case has problems with it: {listed}.\n{problem}"
                self._tell(Kind.PROBLEMS, words, problems=problem.problems)
                self._content = ""
                self.take_up()
                return
        words = f"{self.path.name} has {counted(len(problem.problems), 'problem')}."
        if self._edits:
            self.held = Held(f"{words} The edits wait for the next save.", float("inf"))
        self._broken_since = None
        self._tell(
            Kind.PROBLEMS,
            f"{words} It is as you saved it; the next save is tried again.\n{problem}",
            problems=problem.problems,
            sha256=self._content,
        )

    def _is_sound(self, data: bytes) -> bool:
        try:
            self._merged(data, ())
        except CaseProblem:
            return False
        return True

    def _not_written(self, problem: StoreProblem, made: _Made | None) -> None:
        """Tell why the results are not in the file, once for each reason, and let them wait."""
        if problem.kind is Trouble.HALF_WRITTEN:
            self._half_written()
            return
        now = time.monotonic()
        if problem.kind is Trouble.VANISHED:
            if self._edits:
                self.held = Held(str(problem), now)
            return
        if problem.kind is Trouble.LOCKED and made is not None:
            self._locked(problem, made, now)
            return
        words = f"{problem} The results wait, and it is tried again."
        is_news = self.held is None or self.held.words != words
        self.held = Held(words, now + self.patience.retry)
        if made is None:
            if is_news:
                self._tell(Kind.NOT_WRITTEN, words)
        elif is_news or made.found.sha256 != self._content:
            self._content = made.found.sha256
            self._tell_case(Kind.NOT_WRITTEN, made, words)

    def _locked(self, problem: StoreProblem, made: _Made, now: float) -> None:
        """It is open elsewhere: write into the open book of Excel, or wait until it is closed."""
        is_news = self.held is None or made.found.sha256 != self._content
        self._content = made.found.sha256
        self.held = Held(f"{problem} The results wait and are written when it is free.")
        try:
            written = self._write_into_open_book(made)
        except LiveBookProblem as trouble:
            self.held.again = now + self.patience.retry
            if is_news:
                self._tell_case(Kind.WAITS, made, f"{trouble} The results wait.")
            return
        if written:
            words = f"Written into the open workbook ({counted(written, 'block')}); save it there."
            self._tell_case(Kind.LIVE, made, words, written)
        elif is_news:
            self._tell_case(Kind.WAITS, made, self.held.words)

    def _write_into_open_book(self, made: _Made) -> int:
        """Write the blocks into the open book, edits of inputs never; 0 where there is none."""
        book = self._attach(self.path)
        if book is None:
            return 0
        plain = made.merged
        if plain.applied:
            plain = merged(made.found.data, self.path.name, when=_now(), journal=Journal())
        return write_blocks(book, plain.synced.blocks)

    def _back_again(self) -> None:
        """What is there is what was there before: our own write, or the file has come back."""
        self._broken_since = None
        if Kind.GONE in self._told:
            self._tell(Kind.BACK, f"{self.path.name} is back, as it was.")
        self._told.clear()

    # -- telling

    def _tell_case(self, kind: Kind, made: _Made, words: str, cells: int = 0) -> None:
        """Tell what happened with what it changed in the ranking; at first, how that stands."""
        from mcda.ranking.change import RankingChange, standing
        from mcda.values import evaluate

        after = evaluate(made.merged.synced.case)
        before, self._evaluation = self._evaluation, after
        more: dict[str, Any] = {"case": after.case, "sha256": made.found.sha256}
        if kind is Kind.WRITTEN:
            more["edits"] = made.merged.applied
        if before is None:
            advice = made.merged.synced.advice
            self._tell(Kind.STANDS, f"{standing(after)} {advice}".strip(), **more)
            if words:
                self._tell(kind, words, cells=cells, **more)
            return
        change = RankingChange(before, after)
        self._tell(kind, f"{change} {words}".strip(), change=change, cells=cells, **more)

    def _tell_once(self, kind: Kind, words: str) -> None:
        if kind not in self._told:
            self._told.add(kind)
            self._tell(kind, words)

    def _tell(self, kind: Kind, words: str, **more: Any) -> None:
        self._report(Report(kind, words, datetime.now(), **more))


def _now() -> str:
    return datetime.now().isoformat(" ", "minutes")


def _backups(path: Path) -> list[Backup]:
    with suppress(OSError):
        return backups_of(path)
    return []
