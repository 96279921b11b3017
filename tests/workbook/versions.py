"""Versions of a workbook for tests of the store, other people's ways of saving, and the accounts.

A version is a small whole zip with a mark of its own. Whatever happens on the disk, every version
must be accounted for: in place, in the backups, or the one that a later version was made from.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import mcda.workbook.disk.store as store
from mcda.atomic import is_temporary
from mcda.workbook.disk.backups import FOLDER, backups_of

STEPS = ("open", "fsync", "replace", "rename", "link", "unlink", "mkdir", "chmod", "utime", "chown")
"""What of `os` the store calls that may fail on a disk, or be the last thing that a run does."""


def version(mark: object, size: int = 100) -> bytes:
    """Return a whole zip that says ``mark``, with some bytes that do not pack."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mark.txt", str(mark))
        archive.writestr("rest.bin", os.urandom(size))
    return stream.getvalue()


def mark_of(data: bytes) -> str:
    """Return what a version says; any part that cannot be read fails the test."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return archive.read("mark.txt").decode()


def save_by_rename(file: Path, data: bytes) -> None:
    """Save as Excel does: a temporary file, then its name."""
    temporary = file.with_name(f"~{os.getpid()}-{id(data)}.other")
    temporary.write_bytes(data)
    os.replace(temporary, file)


def save_in_place(file: Path, data: bytes) -> None:
    """Save as LibreOffice and openpyxl do: into the file itself."""
    file.write_bytes(data)


def kept(file: Path) -> list[bytes]:
    """Return the backups, the newest first; each is what its name says."""
    found = []
    for backup in backups_of(file):
        data = backup.read()
        assert backup.holds(data)
        found.append(data)
    return found


def accounted(file: Path, versions: Iterable[bytes], bases: Iterable[bytes] = ()) -> None:
    """Fail if a version is neither in place, nor in the backups, nor the base of a later one."""
    there = {*kept(file), *bases}
    if file.exists():
        there.add(file.read_bytes())
    lost = [mark_of(data) for data in versions if data not in there]
    assert not lost, f"lost: {lost}"


def left_behind(folder: Path) -> list[str]:
    """Return the temporary files of ours in a folder and in its backups."""
    inside = [path.name for path in folder.rglob("*") if is_temporary(path.name)]
    return sorted(inside)


def others(folder: Path, *names: str) -> list[str]:
    """Return what lies in a folder besides these names and the backups."""
    return sorted({path.name for path in folder.iterdir()} - {FOLDER, *names})


def at_step(
    number: int, act: Callable[[], object], put: Callable[[Any, str, Any], object] = setattr
) -> Callable[[], int]:
    """Let something happen right before the nth step on the disk; return a count of the steps.

    The steps are the calls of `os` in :data:`STEPS` and the exchange of the store. ``put`` sets an
    attribute: pytest's, which undoes it, or the plain one in a process of its own.
    """
    seen = 0
    busy = False

    def stepping(call: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            nonlocal seen, busy
            if not busy:
                seen += 1
                if seen == number:
                    busy = True
                    try:
                        act()
                    finally:
                        busy = False
            return call(*arguments, **named)

        return step

    for name in STEPS:
        put(os, name, stepping(getattr(os, name)))
    put(store, "exchange", stepping(store.exchange))
    return lambda: seen
