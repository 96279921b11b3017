"""The earlier versions of a workbook: the last 20, byte for byte, in a hidden folder beside it.

``.mcda-backups/talks.xlsx/2026-11-22T195733.123456Z-0a1b2c3d4e5f.xlsx``: the time (UTC) at which
that version was replaced, so that names sort by time, and the beginning of the SHA-256 of its
bytes, so that a backup that was tampered with is known. A backup keeps the mode and the time of
saving of the file that it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mcda.atomic import flush_folder, own_as, write_beside

FOLDER = ".mcda-backups"
KEPT = 20
"""Versions kept of each workbook."""
_NAME = re.compile(r"(\d{4}-\d\d-\d\dT\d{6}\.\d{6})Z-([0-9a-f]{12})(\.\w+)?")
_TIME = "%Y-%m-%dT%H%M%S.%f"


@dataclass(frozen=True, slots=True)
class Backup:
    """One earlier version: where it is, when it was replaced, when it had been saved."""

    path: Path
    replaced: datetime
    saved: datetime
    digest: str
    """The first 12 characters of the SHA-256 of the bytes that were kept."""

    def read(self) -> bytes:
        """Return its bytes; :class:`OSError` where they cannot be read."""
        return self.path.read_bytes()

    def holds(self, data: bytes) -> bool:
        """Say whether these are the bytes that were kept."""
        return _short(data) == self.digest


def folder_of(path: Path) -> Path:
    """Return the folder of a workbook's backups; it need not exist."""
    return path.parent / FOLDER / path.name


def backups_of(path: Path) -> list[Backup]:
    """Return the backups of a workbook, the newest first; files of other names are not ours.

    Raises:
        OSError: the folder is there and cannot be read.
    """
    found = []
    try:
        with os.scandir(folder_of(path)) as entries:
            for entry in entries:
                named = _NAME.fullmatch(entry.name)
                if named and entry.is_file(follow_symlinks=False):
                    replaced = datetime.strptime(named[1], _TIME).replace(tzinfo=UTC)
                    saved = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                    found.append(Backup(Path(entry.path), replaced, saved, named[2]))
    except FileNotFoundError:
        return []
    return sorted(found, key=lambda backup: backup.path.name, reverse=True)


def make_folder(path: Path) -> Path:
    """Make the folder of a workbook's backups where it is missing.

    Whoever may make files beside the workbook may make backups, too.
    """
    folder = folder_of(path)
    for each in (folder.parent, folder):
        if not each.is_dir():
            each.mkdir(exist_ok=True)
            own_as(each, path.parent)
            with contextlib.suppress(OSError):
                each.chmod(path.parent.stat().st_mode & 0o7777)
            flush_folder(each.parent)
    return folder


def keep(path: Path, data: bytes, like: Path, saved: float) -> Path:
    """Keep a version of a workbook, flushed to the disk, and return where; then forget the oldest.

    The newest backup is not made a second time. Call it when no other run of ours keeps backups
    of the same workbook (:func:`mcda.workbook.disk.locks.turn`).

    Args:
        path: the workbook.
        data: the bytes of the version.
        like: the file whose mode and owner the backup takes.
        saved: when that version was saved, in seconds of the epoch.

    Raises:
        OSError: it could not be kept; the older ones are all still there.
    """
    folder = make_folder(path)
    there = backups_of(path)
    if there and there[0].holds(data) and _same(there[0], data):
        _forget(there[KEPT:])
        return there[0].path
    now = datetime.now(UTC)
    if there and now <= there[0].replaced:
        # The clock was set back: the newest must still sort as the newest.
        now = there[0].replaced + timedelta(microseconds=1)
    target = folder / f"{now.strftime(_TIME)}Z-{_short(data)}{path.suffix}"
    temporary = write_beside(folder / path.name, data, like=like)
    try:
        with contextlib.suppress(OSError):
            os.utime(temporary, (saved, saved))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(folder)
    _forget(there[KEPT - 1 :])
    return target


def _forget(old: list[Backup]) -> None:
    for backup in old:
        # One that cannot be removed now is removed the next time.
        with contextlib.suppress(OSError):
            backup.path.unlink()


def _same(backup: Backup, data: bytes) -> bool:
    try:
        return backup.read() == data
    except OSError:
        return False


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
