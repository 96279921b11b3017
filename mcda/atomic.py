"""Writing a file so that a crash leaves either the old one or the new one, never a half."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import sys
import time
from pathlib import Path

LEFT_BEHIND_AFTER = 600.0
"""Seconds after which a temporary file of ours is no longer one that is being written."""

_TEMPORARY = re.compile(r"\.mcda-[0-9a-f]{8}-[a-z]+-[0-9a-f-]+\.tmp")


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to a temporary file in the same folder, flush it, then put it in place.

    A file that is already there keeps its mode and, where the system lets us, its owner and
    attributes. Where ``path`` is a link, the file that it leads to is written and the link stays.

    Raises:
        OSError: where the folder is missing, read-only or full; nothing is left behind.
    """
    target = path.resolve()
    clear_unfinished(target)
    temporary = write_beside(target, content, like=target if target.exists() else None)
    try:
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(target.parent)


def write_beside(path: Path, content: bytes, *, like: Path | None = None) -> Path:
    """Write a temporary file next to ``path``, flushed to the disk, and return where it is.

    Args:
        path: the file that it is meant for; it is not touched.
        content: all bytes.
        like: the file whose mode, owner and attributes it takes; else those of any new file.

    Raises:
        OSError: nothing is left behind.
    """
    temporary = path.with_name(temporary_name(path, "new"))
    # Closed to others until it has the mode that it shall have: the content may be confidential.
    mode = 0o600 if like is not None else 0o666
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if like is not None:
                _take_after(temporary, like)
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def temporary_name(path: Path, phase: str, mark: str = "") -> str:
    """Return a new name for a temporary file meant for ``path``: short, hidden, and ours."""
    return f".mcda-{_tag(path)}-{phase}-{mark}{'-' if mark else ''}{secrets.token_hex(4)}.tmp"


def is_temporary(name: str) -> bool:
    """Say whether a file of this name is a temporary one of ours, which watchers ignore.

    >>> is_temporary(temporary_name(Path("talks.xlsx"), "new")), is_temporary("talks.tmp")
    (True, False)
    """
    return _TEMPORARY.fullmatch(name) is not None


def temporaries(path: Path, phase: str, *, older_than: float = 0.0) -> list[Path]:
    """Return the temporary files of a phase that were made for ``path``, by age in seconds."""
    start = f".mcda-{_tag(path)}-{phase}-"
    found = []
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            if not (entry.name.startswith(start) and is_temporary(entry.name)):
                continue
            with contextlib.suppress(OSError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime >= older_than:
                    found.append(path.with_name(entry.name))
    return sorted(found)


def clear_unfinished(path: Path, *, older_than: float = LEFT_BEHIND_AFTER) -> None:
    """Remove what a killed run had begun to write for ``path`` and never put in place."""
    for temporary in temporaries(path, "new", older_than=older_than):
        with contextlib.suppress(OSError):
            temporary.unlink()


def flush_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk, where the system can: a rename lives there."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def own_as(path: Path, model: Path) -> None:
    """Give ``path`` the owner and group of ``model``, as far as this user may."""
    if sys.platform == "win32":
        return
    status = model.stat()
    try:
        os.chown(path, status.st_uid, status.st_gid)
    except OSError:
        with contextlib.suppress(OSError):
            os.chown(path, -1, status.st_gid)


def _take_after(path: Path, model: Path) -> None:
    own_as(path, model)
    # The mode and extended attributes (access lists, labels); the times shall be those of now.
    # A disk that knows no modes may refuse; the content matters more.
    with contextlib.suppress(OSError):
        shutil.copystat(model, path)
    with contextlib.suppress(OSError):
        os.utime(path)


def _tag(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]
