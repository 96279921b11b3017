"""Earlier versions of a workbook, how their inputs differ from the present one, and back again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mcda.problems import CaseProblem
from mcda.workbook.changes.input_changes import InputChange, input_changes
from mcda.workbook.disk.backups import Backup, backups_of
from mcda.workbook.disk.snapshots import Trouble, trouble
from mcda.workbook.disk.store import Saved, StoreProblem, put_back, snapshot
from mcda.workbook.read import Reading, read_data


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier version of a workbook; number 1 is the newest."""

    number: int
    backup: Backup
    data: bytes
    changes: tuple[InputChange, ...] | None
    """How the inputs changed from then to now; None where the two cannot be compared."""
    not_compared: str = ""
    """Why they cannot be compared."""

    @property
    def is_altered(self) -> bool:
        """Whether the backup is not, byte for byte, what was kept."""
        return not self.backup.holds(self.data)

    def to_dict(self) -> dict[str, object]:
        """Return it as plain data, for ``--json``."""
        return {
            "number": self.number,
            "saved": self.backup.saved.isoformat(),
            "replaced": self.backup.replaced.isoformat(),
            "path": str(self.backup.path),
            "altered": self.is_altered,
            "differences": None if self.changes is None else [_told(each) for each in self.changes],
            "not_compared": self.not_compared,
        }


def versions_of(path: Path) -> list[Version]:
    """Return the earlier versions of a workbook, the newest first, each compared with the file.

    The file itself may be gone or damaged. Cost: one reading of each version.

    Raises:
        StoreProblem: the backups cannot be read.
    """
    now = _Present(path)
    return [_version(now, number, each) for number, each in enumerate(_backups(path), start=1)]


def version_of(path: Path, number: int) -> Version | None:
    """Return one earlier version, compared with the file; None where there is no such number.

    Raises:
        StoreProblem: the backups cannot be read.
    """
    found = _backups(path)
    if not 1 <= number <= len(found):
        return None
    return _version(_Present(path), number, found[number - 1])


def restore(path: Path, version: Version) -> Saved:
    """Put an earlier version back in place; what stands there is kept as a backup first.

    Raises:
        StoreProblem: why nothing was written, in words.
    """
    return put_back(path, version.data, version.backup.path)


class _Present:
    """What stands in the file now, read once; a reason where it cannot be compared with."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.data: bytes | None = None
        self.reading: Reading | None = None
        self.reason = ""
        try:
            self.data = snapshot(path, patience=0.2, whole=False).data
            self.reading = read_data(self.data, path.name)
        except StoreProblem as problem:
            self.reason = f"The present file cannot be read: {problem.problem.what}"
            if problem.kind is Trouble.VANISHED:
                self.reason = "The file itself is gone."
        except CaseProblem as problem:
            self.reason = f"The present file cannot be read: {problem.problems[0].what}"

    def changes_from(self, data: bytes) -> tuple[InputChange, ...]:
        """Return what changed since that version; CaseProblem where it cannot be read."""
        if data == self.data:
            return ()
        then = read_data(data, self.name)
        return () if self.reading is None else input_changes(then, self.reading)


def _backups(path: Path) -> list[Backup]:
    try:
        return backups_of(path)
    except OSError as error:
        what = f"The earlier versions cannot be read: {error.strerror or error}."
        raise trouble(Trouble.UNREADABLE, path, what, "Ask for access to the folder.") from None


def _version(now: _Present, number: int, backup: Backup) -> Version:
    try:
        data = backup.read()
    except OSError as error:
        what = f"This version cannot be read: {error.strerror or error}."
        raise trouble(Trouble.UNREADABLE, backup.path, what, "Ask for access to it.") from None
    if now.reading is None and data != now.data:
        return Version(number, backup, data, None, now.reason)
    try:
        return Version(number, backup, data, now.changes_from(data))
    except CaseProblem as problem:
        reason = f"That version cannot be read: {problem.problems[0].what}"
        return Version(number, backup, data, None, reason)


def _told(change: InputChange) -> dict[str, str]:
    return {"where": change.where, "what": change.what, "then": change.old, "now": change.new}
