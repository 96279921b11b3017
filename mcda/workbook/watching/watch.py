"""Watching a workbook: after each save its results are computed and written back (DESIGN §7, Sync).

A `Watcher` looks at the file when the folder tells of something, and from time to time besides. A
save is taken up once the file is at rest and whole; what must not be written now waits and is
written when it can be. Everything that happens is told in a `Report`. It asks for no signals and
keeps nobody from ending: its threads are daemons, and what it writes is put in place in one step.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.disk.locks import lock_of
from mcda.workbook.watching.folder_events import FolderEvents
from mcda.workbook.watching.settle import Settling, Signature, signature
from mcda.workbook.watching.upkeep import Edited, Upkeep
from mcda.workbook.watching.watch_report import Kind, Patience, Report

if TYPE_CHECKING:
    from mcda.workbook.excel.live_book import LiveBook

__all__ = ["Edited", "Kind", "Patience", "Report", "Watcher", "stop_watching", "watching"]

KEPT = 30
"""Reports that a watcher remembers."""

_log = logging.getLogger(__name__)


class Watcher:
    """Keeps a workbook's results in step with its inputs while others save it.

    All methods may be called from any thread. ``report`` and the subscribers are called one report
    at a time, from the watcher's own thread or from one that edits; they must not edit themselves.
    What they raise is logged and harms nobody.

    Args:
        path: the workbook; it need not be there yet.
        report: is given each `Report`.
        patience: how long to wait for what.
        attach: finds the workbook open in Excel, or returns None.

    Example::

        with Watcher("talks.xlsx", print):
            input("Watching; Enter ends it.")
    """

    def __init__(
        self,
        path: str | Path,
        report: Callable[[Report], object] | None = None,
        *,
        patience: Patience | None = None,
        attach: Callable[[Path], LiveBook | None] | None = None,
    ) -> None:
        self.path = Path(path).absolute()
        self.patience = patience or Patience()
        self.reports: deque[Report] = deque(maxlen=KEPT)
        """The last reports, the newest last."""
        self._subscribers: list[Callable[[Report], object]] = [report] if report else []
        self._upkeep = Upkeep(self.path, self._tell, self.patience, attach or _open_in_excel)
        self._guard = threading.RLock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._folder = FolderEvents(self.path, self._wake.set)
        self._settling = Settling(self.patience.quiet)
        self._handled: Signature | None = None
        """The state of the file that was taken up last."""
        self._missing_since: float | None = None

    # -- starting and stopping

    def start(self) -> Self:
        """Begin to watch; the file is looked at at once. A second call does nothing."""
        with self._guard:
            if not self.is_running:
                self._stopping.clear()
                self._wake.set()
                name = f"watch {self.path.name}"
                self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._thread.start()
        return self

    def stop(self) -> None:
        """End watching; a write that is under way is finished first. It can be started again."""
        self._stopping.set()
        self._wake.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def wake(self) -> None:
        """Look at the file now, and try at once what waits."""
        held = self._upkeep.held
        if held is not None and held.again is not None:
            held.again = 0.0
        self._wake.set()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether it watches."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_waiting(self) -> bool:
        """Whether something waits to be written, or for the file to be whole."""
        return self._upkeep.held is not None

    @contextmanager
    def subscribed(self, report: Callable[[Report], object]) -> Iterator[None]:
        """Call ``report`` with each report, too, until the end of the block."""
        self._subscribers.append(report)
        try:
            yield
        finally:
            self._subscribers.remove(report)

    # -- edits

    def edit(self, edits: Sequence[InputEdit]) -> Edited:
        """Write edits into their input cells, and the results with them.

        What cannot be written now (the workbook is open elsewhere, say) waits, is written when it
        can be, and is told then; that needs the watcher to be running.

        Returns:
            What was written, what is in conflict with the file and left out, and why the rest
            waits.

        Raises:
            CaseProblem: with these edits the case has problems; they are left out.
            ValueError: an edit gives a text for a number; they are left out.
        """
        with self._guard:
            done = self._upkeep.edit(edits)
        self._wake.set()
        return done

    # -- the thread

    def _run(self) -> None:
        pause = 0.0
        try:
            while not self._stopping.is_set():
                self._wake.wait(pause)
                self._wake.clear()
                if not self._stopping.is_set():
                    pause = self._look_safely()
        finally:
            self._folder.close()

    def _look_safely(self) -> float:
        with self._guard:
            try:
                return self._look()
            except Exception as error:
                _log.exception("%s could not be taken up", self.path)
                self._upkeep.failed(error)
                return self.patience.poll

    def _look(self) -> float:
        """Look at the file once and do what is due; return seconds until the next look."""
        self._folder.ensure()
        now = time.monotonic()
        seen = signature(self.path)
        if seen is None:
            return self._missing(now)
        self._missing_since = None
        if seen != self._handled:
            left = self._settling.left(seen, now)
            if left:
                return left
        elif not self._is_due(now):
            return self._pause(now)
        self._handled = seen
        self._upkeep.take_up()
        return self._pause(time.monotonic())

    def _missing(self, now: float) -> float:
        self._handled = None
        if self._missing_since is None:
            self._missing_since = now
        left = self._missing_since + self.patience.gone - now
        if left > 0:
            return min(left, self.patience.poll)
        self._upkeep.gone()
        return self.patience.poll

    def _is_due(self, now: float) -> bool:
        """Whether what waits can be tried again, the file being as it was."""
        held = self._upkeep.held
        if held is None:
            return False
        return held.again <= now if held.again is not None else lock_of(self.path) is None

    def _pause(self, now: float) -> float:
        held = self._upkeep.held
        if held is None or held.again is None:
            return self.patience.poll
        return min(max(held.again - now, 0.0), self.patience.poll)

    def _tell(self, report: Report) -> None:
        self.reports.append(report)
        for subscriber in list(self._subscribers):
            try:
                subscriber(report)
            except Exception:
                _log.exception("a report about %s could not be given on", self.path)


def _open_in_excel(path: Path) -> LiveBook | None:
    from mcda.workbook.excel.adapter import attach

    return attach(path)


_shared: dict[Path, Watcher] = {}
_sharing = threading.Lock()


def watching(path: str | Path) -> Watcher:
    """Return the one watcher of a file in this process, started; it ends with the process.

    Sessions of the page that have the same file open share it, by way of `Watcher.subscribed`.
    """
    file = Path(path).resolve()
    with _sharing:
        if not _shared:
            atexit.register(stop_watching)
        return _shared.setdefault(file, Watcher(file)).start()


def stop_watching() -> None:
    """Stop all that `watching` started."""
    with _sharing:
        while _shared:
            _shared.popitem()[1].stop()
