"""Changes from the page on their way into the workbook: one link for each file, shared by sessions.

A file is read, and nothing is written to it, until somebody asks for it here. From then on its
watcher (`mcda.workbook.watching.watch`) writes: what is asked for, what waited while the workbook
was open elsewhere, and, so that nobody's save undoes it, what a save that did not know of it put
back.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from mcda.workbook.changes.edits import Conflict, InputEdit
from mcda.workbook.watching.watch_report import Kind, Report

if TYPE_CHECKING:
    from mcda.workbook.changes.named_inputs import NamedInputs, NamedPath
    from mcda.workbook.watching.watch import Edited, Watcher

TROUBLE = frozenset({Kind.PROBLEMS, Kind.HALF_WRITTEN, Kind.GONE, Kind.NOT_WRITTEN, Kind.FAILED})
"""What a person has to do something about."""


class Link:
    """The way into one workbook, for every session that has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._watcher: Watcher | None = None
        self._listening = ExitStack()
        self._opening = threading.Lock()
        self._telling = threading.Lock()
        """Held for moments only: the watcher waits for it with locks of its own."""
        self._conflicts: dict[NamedPath, Conflict] = {}
        self._latest: Report | None = None

    @property
    def is_open(self) -> bool:
        """Whether the workbook is written to."""
        return self._watcher is not None and self._watcher.is_running

    @property
    def is_waiting(self) -> bool:
        """Whether something waits to be written."""
        return self._watcher is not None and self._watcher.is_waiting

    @property
    def latest(self) -> Report | None:
        """What was told last; None before anything was."""
        return self._latest

    def open(self) -> Watcher:
        """Begin to keep the workbook in step: its results are written now and after each save."""
        from mcda.workbook.watching.watch import watching

        with self._opening:
            if self._watcher is None:
                watcher = watching(self.path)
                self._listening.enter_context(watcher.subscribed(self._hear))
                self._watcher = watcher
            return self._watcher.start()

    def close(self) -> None:
        """Write nothing any more; what waits is given up."""
        with self._opening:
            watcher, self._watcher = self._watcher, None
            self._listening.close()
        if watcher is not None:
            watcher.stop()

    def write(self, edits: list[InputEdit]) -> Edited:
        """Write edits into their input cells, or let them wait until that can be.

        Raises:
            CaseProblem: with these edits, or without, the case has problems; nothing is written.
        """
        return self.open().edit(edits)

    # -- conflicts that saves of others brought up

    @property
    def has_conflicts(self) -> bool:
        """Whether anything may be undecided."""
        return bool(self._conflicts)

    def conflicts(self, inputs: NamedInputs) -> list[Conflict]:
        """Return what is still undecided: the file says what it said then."""
        with self._telling:
            for path, conflict in list(self._conflicts.items()):
                if inputs.value(path) != conflict.theirs:
                    del self._conflicts[path]
            return list(self._conflicts.values())

    def settle(self, path: NamedPath) -> None:
        """Forget a conflict: the user has chosen."""
        with self._telling:
            self._conflicts.pop(path, None)

    def _hear(self, report: Report) -> None:
        with self._telling:
            if report.conflict is not None:
                self._conflicts[report.conflict.edit.path] = report.conflict
            else:
                self._latest = report


_links: dict[Path, Link] = {}
_linking = threading.Lock()


def link(path: Path) -> Link:
    """Return the one link to a file."""
    file = path.resolve()
    with _linking:
        return _links.setdefault(file, Link(file))
