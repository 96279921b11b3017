"""Reading a workbook that others may be saving this very moment: whole, or not at all.

Excel saves by deleting the file and renaming a new one to its name; LibreOffice and many a
library write into the file itself. A reader in between sees no file, or a part of one. So a
snapshot waits until the file is there, stands still and is whole, and says in words why it cannot.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from io import BytesIO
from pathlib import Path

from mcda.problems import Problem
from mcda.workbook.disk.backups import folder_of
from mcda.workbook.disk.locks import Lock
from mcda.workbook.guard import MAX_FILE_BYTES

PATIENCE = 3.0
"""Seconds to wait for a file that is gone or half-written."""
_RECENT = 30.0
"""A half-written file that nobody has touched for so many seconds is not being written."""
_LOCAL_HEADER = b"PK\x03\x04"
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_HELD_ON_WINDOWS = (32, 33)
"""Sharing and lock violation."""
_UNCHANGED = "The workbook was not changed."


class Trouble(Enum):
    """Why a workbook could not be read or written."""

    VANISHED = "vanished"
    HALF_WRITTEN = "half-written"
    NOT_A_FILE = "not a file"
    UNREADABLE = "unreadable"
    LINK = "link"
    LOCKED = "locked"
    BUSY = "busy"
    READ_ONLY = "read-only"
    DISK_FULL = "disk full"
    TOO_LARGE = "too large"
    NAME_TOO_LONG = "name too long"
    KEEPS_CHANGING = "keeps changing"
    FAILED = "failed"


class StoreProblem(Exception):
    """A workbook that could not be read or written; says why, and what to do, in words.

    ``kind`` is for programs, ``problem`` for people; ``lock`` says who holds the file, where
    ``kind`` is ``LOCKED``.
    """

    def __init__(self, kind: Trouble, problem: Problem, lock: Lock | None = None) -> None:
        self.kind = kind
        self.problem = problem
        self.lock = lock
        super().__init__(kind, problem, lock)

    def __str__(self) -> str:
        return str(self.problem)

    def to_dict(self) -> dict[str, object]:
        """Return it as plain data, for ``--json``."""
        told = {"where": self.problem.where, "what": self.problem.what}
        return {"kind": self.kind.value, **told, "what_to_do": self.problem.fix}


def trouble(
    kind: Trouble, path: Path, what: str, fix: str, lock: Lock | None = None
) -> StoreProblem:
    """Return the problem of a file."""
    return StoreProblem(kind, Problem(str(path), what, fix), lock)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All bytes of a workbook as they stood at one moment, with their SHA-256."""

    path: Path
    data: bytes = field(repr=False)
    sha256: str
    saved: float
    """When the file was last written, in seconds of the epoch."""

    @property
    def short(self) -> str:
        """The beginning of the hash, as backups are named by it."""
        return self.sha256[:12]


def snapshot(path: str | Path, *, patience: float = PATIENCE, whole: bool = True) -> Snapshot:
    """Read a workbook's bytes once, when it stands still.

    A link is read through. A file that has vanished or is half-written is waited for.

    Args:
        path: the workbook.
        patience: seconds to wait at most.
        whole: whether a half-written zip is refused; else any bytes will do.

    Raises:
        StoreProblem: VANISHED, HALF_WRITTEN, NOT_A_FILE, UNREADABLE, TOO_LARGE, NAME_TOO_LONG or
            FAILED.
    """
    file = Path(path)
    until = time.monotonic() + patience
    pause = 0.01
    while True:
        with reading(file):
            try:
                status, data = _read(file)
                if data is not None and not (whole and half_written(data)):
                    return Snapshot(file, data, sha256(data), status.st_mtime)
                waiting = data is None or abs(time.time() - status.st_mtime) < _RECENT
                problem = _half_written(file)
            except FileNotFoundError:
                waiting = file.parent.is_dir()
                problem = _vanished(file)
        if not waiting or time.monotonic() + pause > until:
            raise problem
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes as text."""
    return hashlib.sha256(data).hexdigest()


def half_written(data: bytes) -> bool:
    """Say whether bytes are the beginning or the ruin of a zip rather than a whole one.

    The directory stands at the end of a zip and is written last; each part must stand where the
    directory says. What is no zip at all is not half of one: the guard says what it is.
    """
    if not data or data.startswith(b"\0"):
        # Room was made for it on the disk, and nothing is written yet.
        return True
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return True
    return not entries or any(
        data[entry.header_offset : entry.header_offset + 4] != _LOCAL_HEADER for entry in entries
    )


@contextmanager
def reading(file: Path) -> Iterator[None]:
    """Turn what the system says when a file cannot be read into words."""
    try:
        yield
    except IsADirectoryError:
        raise _not_a_file(file, "This is a folder.") from None
    except NotADirectoryError:
        raise _vanished(file) from None
    except PermissionError:
        raise trouble(
            Trouble.UNREADABLE,
            file,
            "The file may not be read.",
            "Ask for access, or close the program holding it.",
        ) from None
    except ValueError:
        raise _not_a_file(file, "This is not a file name.") from None
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        if error.errno == errno.ENAMETOOLONG:
            raise _long_name(file) from None
        if error.errno == errno.ELOOP:
            raise _not_a_file(file, "This is a link that leads to itself.") from None
        raise trouble(
            Trouble.FAILED,
            file,
            f"The file cannot be read: {error.strerror or error}.",
            "If it is on a network drive, look whether that is connected; then try again.",
        ) from None


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """Turn what the system says when nothing could be written into words.

    To be put only around steps that leave the workbook as it was. What is not there is the
    caller's to judge.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _not_written(file, error) from None


def _not_written(file: Path, error: OSError) -> StoreProblem:
    if error.errno in _FULL:
        what, fix = f"The disk is full. {_UNCHANGED}", "Free some space, then do it again."
        return trouble(Trouble.DISK_FULL, file, what, fix)
    if error.errno == errno.EFBIG:
        what = f"The file would be larger than the disk or the system allows. {_UNCHANGED}"
        return trouble(
            Trouble.TOO_LARGE, file, what, "Take what is not needed out of the workbook."
        )
    if error.errno == errno.ENAMETOOLONG:
        return _long_name(file)
    if error.errno == errno.EROFS:
        what = f"The disk is read-only. {_UNCHANGED}"
        return trouble(Trouble.READ_ONLY, file, what, "Copy the workbook to where you may write.")
    if getattr(error, "winerror", None) in _HELD_ON_WINDOWS:
        lock = Lock("another program")
        return trouble(Trouble.LOCKED, file, f"The file is {lock}. {_UNCHANGED}", lock.remedy, lock)
    if isinstance(error, PermissionError):
        folder = Path(os.fsdecode(error.filename)).parent if error.filename else file.parent
        what = f"Files in the folder {folder} may not be made or replaced. {_UNCHANGED}"
        fix = "Ask for access, or copy the workbook to a folder of your own."
        return trouble(Trouble.READ_ONLY, file, what, fix)
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        what = f"{error.filename} is in the way: a folder is needed there. {_UNCHANGED}"
        return trouble(Trouble.FAILED, file, what, "Rename it, then do it again.")
    what = f"The disk refused: {error.strerror or error}. {_UNCHANGED}"
    fix = "If it is a network drive, look whether that is connected; then do it again."
    return trouble(Trouble.FAILED, file, what, fix)


def _read(file: Path) -> tuple[os.stat_result, bytes | None]:
    """Return all bytes with the file's status; None for bytes of a file that moved meanwhile."""
    before = file.stat()
    if stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError
    if not stat.S_ISREG(before.st_mode):
        raise _not_a_file(file, "This is not a file but a device or a channel.")
    if before.st_size > MAX_FILE_BYTES:
        raise trouble(
            Trouble.TOO_LARGE,
            file,
            f"The file has {before.st_size / 1e6:.0f} MB; a case may have "
            f"{MAX_FILE_BYTES / 1e6:.0f} MB.",
            "Take pictures and sheets that the case does not need out of it.",
        )
    with file.open("rb") as handle:
        opened = os.fstat(handle.fileno())
        data = handle.read(MAX_FILE_BYTES + 1)
        after = os.fstat(handle.fileno())
    still = (opened.st_size, opened.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return after, data if still and len(data) == after.st_size else None


def _vanished(file: Path) -> StoreProblem:
    if file.is_symlink():
        what = f"This is a link to {os.readlink(file)}, which is not there."
        return trouble(Trouble.VANISHED, file, what, "Look where it went, or name the file itself.")
    what, fix = "There is no such file.", f"Check the name and the folder.{_earlier(file)}"
    return trouble(Trouble.VANISHED, file, what, fix)


def _half_written(file: Path) -> StoreProblem:
    return trouble(
        Trouble.HALF_WRITTEN,
        file,
        "Only a part of the workbook is there: a program is still saving it, or was broken off.",
        f"Wait until it is saved.{_earlier(file)}",
    )


def _earlier(file: Path) -> str:
    kept = folder_of(file).is_dir()
    return f" Earlier versions of it were kept: mcda restore {file}" if kept else ""


def _not_a_file(file: Path, what: str) -> StoreProblem:
    return trouble(Trouble.NOT_A_FILE, file, what, "Name the workbook itself.")


def _long_name(file: Path) -> StoreProblem:
    what = f"The name is longer than the disk allows ({len(os.fsencode(file.name))} bytes)."
    return trouble(Trouble.NAME_TOO_LONG, file, what, "Give the file a shorter name.")
