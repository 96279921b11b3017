"""Who holds a workbook: Excel, LibreOffice, any program that writes it, or another run of ours."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mcda.problems import shown
from mcda.workbook.disk.exchange import being_written

EXCEL, LIBREOFFICE = "~$", ".~lock."
_MOST_BYTES = 4096
_POLL = 0.02


@dataclass(frozen=True, slots=True)
class Lock:
    """A program that holds a workbook: which, who, and the file that says so, if one does."""

    program: str
    who: str = ""
    file: Path | None = None

    def __str__(self) -> str:
        by = f" by {self.who}" if self.who else ""
        return f"open in {self.program}{by}"

    @property
    def remedy(self) -> str:
        """What the user can do: close it, or clear a lock that was left behind."""
        if self.file is None:
            return "Close it there."
        return (
            f"Close it there. If nobody has it open, a crash left the lock behind: "
            f"delete the file {self.file.name} beside the workbook."
        )


def lock_of(path: str | Path) -> Lock | None:
    """Return who holds a workbook, or None.

    Excel keeps an owner file ``~$name`` beside it, LibreOffice ``.~lock.name#``. Windows refuses
    to open for writing what Excel holds; Linux tells whether anybody has it open for writing.
    Where the path is a link, locks beside the file that it leads to count, too.
    """
    file = Path(path)
    for beside in dict.fromkeys((file, file.resolve())):
        held = beside.with_name(f"{EXCEL}{beside.name}")
        if os.path.lexists(held):
            return _excel(held)
        held = beside.with_name(f"{LIBREOFFICE}{beside.name}#")
        if os.path.lexists(held):
            return _office(held)
    if _refused_by_windows(file) or being_written(file.resolve()):
        return Lock("another program")
    return None


def is_lock(name: str) -> bool:
    """Say whether a file of this name is a lock of an office program.

    >>> is_lock("~$talks.xlsx"), is_lock(".~lock.talks.xlsx#"), is_lock("talks.xlsx")
    (True, True, False)
    """
    return name.startswith(EXCEL) or (name.startswith(LIBREOFFICE) and name.endswith("#"))


def _excel(held: Path) -> Lock:
    return Lock("Excel", shown(_excel_user(_head(held))), held)


def _excel_user(content: bytes) -> str:
    """Return the user in an owner file: one byte of length and 54 of name, then both as UTF-16."""
    if len(content) == 165:
        length = int.from_bytes(content[55:57], "little")
        if 0 < length <= 54:
            return content[57 : 57 + 2 * length].decode("utf-16-le", "replace").strip("\0 ")
    if not content or content[0] > 54:
        return ""
    return content[1 : 1 + content[0]].decode("cp1252", "replace").strip("\0 ")


def _office(held: Path) -> Lock:
    r"""Read ``name,login,host,time,profile;``, where ``\,`` is a comma of a name."""
    text = _head(held).decode("utf-8", "replace")
    fields = [re.sub(r"\\(.)", r"\1", field) for field in re.split(r"(?<!\\),", text)]
    name, login, host, since, *_ = [*(field.strip() for field in fields), "", "", "", ""]
    who = name or login
    where = f"on {host}" if host else ""
    start = f"since {since}" if since else ""
    return Lock("LibreOffice", shown(" ".join(part for part in (who, where, start) if part)), held)


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as handle:
            return handle.read(_MOST_BYTES)
    except OSError:
        # Excel on Windows does not share its owner file.
        return b""


def _refused_by_windows(file: Path) -> bool:
    if sys.platform != "win32" or not os.access(file, os.W_OK):
        return False
    try:
        with file.open("r+b"):
            return False
    except PermissionError:
        return True
    except OSError:
        return False


class NotOurTurn(Exception):
    """Another run of ours is writing the same workbook, and has been for too long."""


@contextmanager
def turn(lock_file: Path, patience: float) -> Iterator[bool]:
    """Wait until no other run of ours writes the workbook, and keep them waiting meanwhile.

    The system lets go of the lock when a run is killed. Yields False where the disk knows no
    locks; then nobody waits, and only the exchange of files guards them against one another.

    Raises:
        NotOurTurn: it took longer than ``patience`` seconds.
        OSError: the lock file cannot be made.
    """
    with _opened(lock_file) as handle:
        until = time.monotonic() + patience
        while True:
            try:
                alone = _take(handle)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise NotOurTurn from None
            time.sleep(_POLL)
        yield alone


def _opened(lock_file: Path) -> BinaryIO:
    try:
        return lock_file.open("ab")
    except PermissionError:
        # Another user made it; reading is enough to wait for it.
        return lock_file.open("rb")


def _take(handle: BinaryIO) -> bool:
    """Take the lock if it is free; BlockingIOError where it is not; False where there are none."""
    if sys.platform == "win32":
        import msvcrt

        try:
            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True
