"""Events of a file's folder, as a hint to look at the file again.

The folder is watched and not the file: Excel saves into a temporary file and renames it, so that
no event comes for the file itself. What an event says is not trusted, only that there was one;
and where none comes (a network drive, no more watches to be had from the system), whoever
looks from time to time misses nothing.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

LOCK_PREFIXES = ("~$", ".~lock.")
"""How the lock files of Excel and LibreOffice begin."""

Identity = tuple[int, int]


class FolderEvents:
    """Calls ``wake``, from a thread of its own, when something happens to a file or to its locks.

    Events of other files in the folder, such as our own temporary files and backups, wake nobody.
    """

    def __init__(self, file: Path, wake: Callable[[], None]) -> None:
        # A folder behind a link is watched where it is; the link itself tells nothing.
        self._folder = Path(os.path.realpath(file.parent))
        self._name = _folded(file.name)
        self._wake = wake
        self._observer: BaseObserver | None = None
        self._watch: ObservedWatch | None = None
        self._watched: Identity | None = None

    def ensure(self) -> bool:
        """Watch the folder, again where it was removed and made anew; whether events will come."""
        now = _identity(self._folder)
        if now is not None and now == self._watched and self._is_alive():
            return True
        self._drop()
        if now is None:
            return False
        try:
            self._schedule()
        except OSError:  # no more watches to be had, or the folder has just gone
            self._drop()
            return False
        self._watched = now
        return True

    def close(self) -> None:
        """Stop watching; nothing is called after this returns."""
        observer, self._observer = self._observer, None
        self._watch = self._watched = None
        if observer is not None and observer.is_alive():
            observer.stop()
            observer.join()

    def is_of_interest(self, path: str | bytes) -> bool:
        """Whether an event of this path is one of the file, of a lock, or of the folder itself."""
        name = _folded(os.path.basename(os.fsdecode(path)))
        return name == self._name or name.startswith(LOCK_PREFIXES)

    def _is_alive(self) -> bool:
        observer = self._observer
        return (
            observer is not None
            and observer.is_alive()
            and all(emitter.is_alive() for emitter in observer.emitters)
        )

    def _drop(self) -> None:
        self._watched = None
        watch, self._watch = self._watch, None
        if self._observer is not None and watch is not None:
            self._observer.unschedule(watch)

    def _schedule(self) -> None:
        from watchdog import events
        from watchdog.observers import Observer

        wanted: list[type[FileSystemEvent]] = [
            events.FileCreatedEvent, events.FileModifiedEvent, events.FileMovedEvent,
            events.FileDeletedEvent, events.FileClosedEvent, events.DirDeletedEvent,
        ]  # fmt: skip
        tells = self._tells

        class Hint(events.FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                tells(event)

        if self._observer is None:
            self._observer = Observer()
            self._observer.daemon = True
            self._observer.start()
        self._watch = self._observer.schedule(Hint(), str(self._folder), event_filter=wanted)

    def _tells(self, event: FileSystemEvent) -> None:
        if event.is_directory or any(
            self.is_of_interest(path) for path in (event.src_path, event.dest_path) if path
        ):
            self._wake()


def _identity(folder: Path) -> Identity | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _folded(name: str) -> str:
    """A name as file systems that compare loosely take it."""
    return unicodedata.normalize("NFC", name).casefold()
