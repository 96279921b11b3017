"""Putting a new version of a workbook on the disk without losing anybody's.

Read all bytes and hash them; make the new version; keep the old one as a backup; write a temporary
file beside it and flush it; look once more whether the workbook still is what was read; exchange
the two names in one step; look at what came out. If that is not what was read, somebody saved in
the last microsecond: their file goes back in its place, and all starts over. Three times, and it
is given up in words with nothing written. A run killed at any moment leaves the old version or the
new one under the workbook's name, whole, and never takes the only copy of anything with it.

Where a disk cannot exchange two files (some network drives), a plain replace follows the last look
at once; what somebody saves between the two, some microseconds apart, would be overwritten. Where
it cannot tell who has a file open for writing (all but local disks of Linux), somebody who opened
it before the exchange and writes into it after loses what they write.
A file with several names (hard links) loses the tie to the others, as it does when Excel saves.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mcda.atomic import (
    LEFT_BEHIND_AFTER,
    clear_unfinished,
    flush_folder,
    temporaries,
    temporary_name,
    write_beside,
)
from mcda.workbook.disk.backups import backups_of, folder_of, keep, make_folder
from mcda.workbook.disk.exchange import NoExchange, being_written, exchange
from mcda.workbook.disk.locks import Lock, NotOurTurn, lock_of, turn
from mcda.workbook.disk.snapshots import (
    PATIENCE,
    Snapshot,
    StoreProblem,
    Trouble,
    reading,
    sha256,
    snapshot,
    trouble,
    writing,
)

__all__ = [
    "Lock",
    "Saved",
    "Snapshot",
    "StoreProblem",
    "Trouble",
    "lock_of",
    "put_back",
    "save",
    "snapshot",
]

Make = Callable[[Snapshot], bytes]
_TURN = 20.0
"""Seconds to wait for another run of ours that writes the same workbook."""
_PAUSE = 0.05
"""Seconds before starting over, more each time."""
_ROUNDS = 20
"""Times in a row that somebody saves within microseconds; more has never been seen."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a save.

    ``sha256`` is the hash of what stands in the file; ``backup`` is where the version before it
    was kept, None where nothing was written; ``rescued`` are versions of somebody else, or of a
    run that was killed, that had no other place left than the backups: the user is to be told.
    """

    path: Path
    before: Snapshot | None
    data: bytes
    sha256: str
    backup: Path | None
    rescued: tuple[Path, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the file was written."""
        return self.before is None or self.sha256 != self.before.sha256


def save(
    path: str | Path,
    make: Make,
    *,
    attempts: int = 3,
    patience: float = PATIENCE,
    follow_link: bool = False,
) -> Saved:
    """Put a new version of a workbook in place of the one it was made from.

    Args:
        path: the workbook.
        make: makes the new bytes from what stands in the file; called again when that changed.
            Where it returns the same bytes, nothing is written and no backup made.
        attempts: how often to start over when others save meanwhile.
        patience: seconds to wait for a file that is gone or half-written.
        follow_link: replace the file that a link leads to; else a link is refused.

    Raises:
        StoreProblem: why nothing was written, in words; LOCKED only when there was something to
            write.
        Exception: whatever ``make`` raises; nothing was written.
    """
    return _save(_file(path, follow_link), make, attempts, patience, whole=True)


def put_back(path: str | Path, data: bytes, like: Path, *, follow_link: bool = False) -> Saved:
    """Put an earlier version in place, whatever stands there now: damaged, or nothing at all.

    What stands there is kept as a backup first.

    Args:
        path: the workbook.
        data: the version's bytes.
        like: the file that it was kept in, whose mode it takes where the workbook is gone.
        follow_link: as for :func:`save`.

    Raises:
        StoreProblem: why nothing was written, in words.
    """
    file = _file(path, follow_link)
    if not os.path.lexists(file):
        _refuse_if_held(file, 0)
        try:
            return _put_new(file, data, like)
        except FileNotFoundError:
            what = f"There is no folder {file.parent}. Nothing was written."
            raise trouble(Trouble.VANISHED, file, what, "Make it, or write elsewhere.") from None
        except FileExistsError:
            pass
    return _save(file, lambda _: data, 3, 0.5, whole=False)


def _put_new(file: Path, data: bytes, like: Path) -> Saved:
    """Put a version where no file is; FileExistsError where one came meanwhile."""
    came = False
    with writing(file), _alone(file):
        temporary = write_beside(file, data, like=like)
        try:
            _put_where_none_is(temporary, file)
        except FileExistsError:
            came = True
        finally:
            temporary.unlink(missing_ok=True)
    if came:
        raise FileExistsError(str(file))
    flush_folder(file.parent)
    return Saved(file, None, data, sha256(data), None)


def _file(path: str | Path, follow_link: bool) -> Path:
    file = Path(path)
    with reading(file):
        if not file.is_symlink():
            return file
        try:
            target = file.resolve()
        except RuntimeError:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from None
    if follow_link:
        return target
    raise _link(file, target)


def _link(file: Path, target: Path) -> StoreProblem:
    return trouble(
        Trouble.LINK,
        file,
        f"This is a link to {target}. The workbook was not changed.",
        f"Name the file itself: {target}",
    )


def _save(file: Path, make: Make, attempts: int, patience: float, *, whole: bool) -> Saved:
    rescued: list[Path] = []
    for attempt in range(attempts):
        if attempt:
            time.sleep(_PAUSE * attempt)
            if file.is_symlink():
                raise _link(file, Path(os.readlink(file)))
        before = snapshot(file, patience=patience, whole=whole)
        data = make(before)
        if data == before.data:
            return Saved(file, before, data, before.sha256, None, tuple(rescued))
        _refuse_if_held(file, patience)
        _refuse_read_only(file)
        try:
            with writing(file):
                backup = _replaced(file, before, data, rescued)
        except FileNotFoundError:
            # Taken away meanwhile, perhaps for a moment: reading it again waits and tells.
            continue
        if backup is not None:
            return Saved(file, before, data, sha256(data), backup, tuple(rescued))
    raise trouble(
        Trouble.KEEPS_CHANGING,
        file,
        f"The file was changed by another program each of the {attempts} times that a new version "
        f"was ready. Nothing was written.{_told(rescued)}",
        "Wait until the other program is done, then do it again.",
    )


def _replaced(file: Path, before: Snapshot, data: bytes, rescued: list[Path]) -> Path | None:
    """Replace the workbook and return the backup; None where it is not what was read any more."""
    with _alone(file) as alone:
        rescued += _clear_up(file, alone=alone)
        if not _stands(file, before.data):
            return None
        backup = keep(file, before.data, file, before.saved)
        unfinished = write_beside(file, data, like=file)
        temporary = file.with_name(temporary_name(file, "swap", sha256(data)[:16]))
        try:
            unfinished.replace(temporary)
            if lock_of(file) is not None or not _stands(file, before.data):
                return None
            ours = _swapped_in(file, temporary, before, data, rescued)
        finally:
            # What cannot be put away now is found and put away by the next save.
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
                rescued += _put_away(file, temporary, before.data, data)
    flush_folder(file.parent)
    return backup if ours else None


def _swapped_in(
    file: Path, temporary: Path, before: Snapshot, data: bytes, rescued: list[Path]
) -> bool:
    """Exchange the names and look at what came out; give it back if it is not what was read."""
    try:
        exchange(temporary, file)
    except NoExchange:
        temporary.replace(file)
        return True
    except FileNotFoundError:
        return False
    try:
        # Whoever has the old file open for writing would go on in a file that nobody sees any
        # more; once nobody has, its bytes are final.
        if not being_written(temporary) and _content(temporary) == before.data:
            return True
        _give_back(file, temporary, data, rescued)
    except OSError as error:
        raise trouble(
            Trouble.FAILED,
            file,
            f"The disk failed ({error.strerror or error}) just when the new version was put in "
            f"place; the one before it stands in {folder_of(file)} or in {temporary.name}.",
            "Look at the workbook before you go on.",
        ) from None
    return False


def _give_back(file: Path, temporary: Path, placed: bytes | None, rescued: list[Path]) -> None:
    """Put what somebody else saved back in place, and look again at what comes out.

    If that is not what we had put there, somebody saved over it: that is newer, and goes back in
    its turn, while what it was saved over is kept in the backups.
    """
    for _ in range(_ROUNDS):
        theirs = _content(temporary)
        try:
            exchange(temporary, file)
        except FileNotFoundError:
            # Somebody took ours away, to put theirs there or for good. Theirs was there before us.
            rescued += _rescued(file, temporary)
            with contextlib.suppress(FileExistsError):
                _put_where_none_is(temporary, file)
                return
            continue
        if _content(temporary) == placed:
            return
        rescued += _rescued(file, file)
        placed = theirs
    rescued += _rescued(file, temporary)


def _clear_up(file: Path, *, alone: bool) -> list[Path]:
    """Clear what killed runs left beside the workbook; return what had to be kept of it."""
    age = 0.0 if alone else LEFT_BEHIND_AFTER
    clear_unfinished(file, older_than=age)
    clear_unfinished(folder_of(file) / file.name, older_than=age)
    rescued = []
    for temporary in temporaries(file, "swap", older_than=age):
        with contextlib.suppress(OSError):
            content = _content(temporary)
            ours = content is not None and f"-swap-{sha256(content)[:16]}-" in temporary.name
            rescued += _put_away(file, temporary, content if ours else None)
    return rescued


def _put_away(file: Path, temporary: Path, *known: bytes | None) -> list[Path]:
    """Remove a temporary file whose content is known to stand elsewhere; keep it otherwise.

    After an exchange it holds what stood in the workbook. A run that was killed between the
    exchange and the look at it leaves there what may be the only copy of somebody's save.
    """
    if not os.path.lexists(temporary):
        return []
    content = _content(temporary)
    kept: list[Path] = []
    if content is not None and content not in known and not _stands(file, content):
        kept = _rescued(file, temporary)
    if content is not None or temporary.is_symlink():
        temporary.unlink(missing_ok=True)
    return kept


def _rescued(file: Path, source: Path) -> list[Path]:
    """Keep a version in the backups that has no other place; nothing if it is there already."""
    content = _content(source)
    if content is None or any(backup.holds(content) for backup in backups_of(file)):
        return []
    return [keep(file, content, source, source.stat().st_mtime)]


def _content(file: Path) -> bytes | None:
    """Return the bytes of a file of its own; None for a link, or where there is none."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return None
        return file.read_bytes()
    except FileNotFoundError:
        return None


def _stands(file: Path, data: bytes) -> bool:
    return _content(file) == data


def _put_where_none_is(temporary: Path, file: Path) -> None:
    """Give a file a name that must be free; FileExistsError where it is not."""
    try:
        os.link(temporary, file)
    except FileExistsError:
        raise
    except OSError:
        # A disk without hard links.
        if os.path.lexists(file):
            raise FileExistsError(str(file)) from None
        temporary.replace(file)


def _refuse_if_held(file: Path, patience: float) -> None:
    until = time.monotonic() + patience
    lock = lock_of(file)
    while lock is not None and lock.file is None and time.monotonic() < until:
        # No office program: somebody writes it this moment, and is done in the next.
        time.sleep(0.02)
        lock = lock_of(file)
    if lock is None:
        return
    what = f"The workbook is {lock}. Nothing was written."
    raise trouble(Trouble.LOCKED, file, what, lock.remedy, lock)


def _refuse_read_only(file: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if not file.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            what = "The file is marked as read-only. Nothing was written."
            raise trouble(Trouble.READ_ONLY, file, what, "Take the mark off if it may be changed.")


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[bool]:
    try:
        with turn(make_folder(file) / ".lock", _TURN) as alone:
            yield alone
    except NotOurTurn:
        raise trouble(
            Trouble.BUSY,
            file,
            "Another run of mcda is writing this workbook. Nothing was written.",
            "Wait until it is done, then do it again.",
        ) from None


def _told(rescued: list[Path]) -> str:
    if not rescued:
        return ""
    return " What others saved meanwhile was kept: " + ", ".join(str(path) for path in rescued)
