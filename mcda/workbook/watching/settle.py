"""Whether a file on disk is at rest and whole, so that reading it gives what somebody saved.

A program that saves may write in pieces, delete before it renames, or be slow over a network. A
file is at rest when its identity, size and times have been the same for a while. It is whole when
each part in the zip agrees with its checksum, which a file written over in place does only at its
end.
"""

from __future__ import annotations

from pathlib import Path

from mcda.problems import CaseProblem
from mcda.workbook.guard import NOT_READABLE, open_guarded

_CHUNK = 1 << 20

Signature = tuple[int, ...]
"""What `os.stat` tells of a file that differs after any save."""


def signature(path: Path) -> Signature | None:
    """Return what changes with each save of a file; None where it is not there.

    The identity and the time of the last change to the entry are in it, so that a replacement that
    keeps size and time is seen, too.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    return (
        status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns,
    )  # fmt: skip


class Settling:
    """Tells when a file has been the same for ``quiet`` seconds; the clock is the caller's.

    >>> settling = Settling(quiet=0.2)
    >>> settling.left((1, 500), now=10.0)
    0.2
    >>> round(settling.left((1, 700), now=10.1), 3), round(settling.left((1, 700), now=10.2), 3)
    (0.2, 0.1)
    >>> settling.left((1, 700), now=10.3)
    0.0
    """

    def __init__(self, quiet: float) -> None:
        self.quiet = quiet
        self._seen: Signature | None = None
        self._since = 0.0

    def left(self, seen: Signature, now: float) -> float:
        """Return for how many seconds more the file must stay as it is; 0 when it is at rest."""
        if seen != self._seen:
            self._seen, self._since = seen, now
        return max(0.0, round(self._since + self.quiet - now, 6))


def is_whole(data: bytes) -> bool:
    """Return whether bytes are a whole file, as far as a zip can tell.

    What is no zip at all, or one that the guard refuses for another reason than damage, counts as
    whole: reading it says in words what it is.

    >>> is_whole(b""), is_whole(bytes(100)), is_whole(b"PK and no more"), is_whole(b"{}")
    (False, False, False, True)
    """
    if not data.strip(b"\0"):
        return False  # room was made for it, and nothing is written yet
    if not data.startswith(b"PK"):
        return not data.startswith(b"\0")
    try:
        with open_guarded(data, "") as archive:
            for entry in archive.infolist():
                with archive.open(entry) as part:
                    while part.read(_CHUNK):
                        pass
    except CaseProblem as refused:
        return not any(problem.what.startswith(_DAMAGED) for problem in refused.problems)
    except NOT_READABLE:
        return False
    return True


_DAMAGED = "The file is damaged"
