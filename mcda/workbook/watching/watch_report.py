"""What a watcher tells of a workbook, in words and as data, and how patient it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from mcda.problems import Problem

if TYPE_CHECKING:
    from mcda.case import Case
    from mcda.ranking.change import RankingChange
    from mcda.workbook.changes.edits import Conflict, InputEdit


class Kind(StrEnum):
    """What happened."""

    STANDS = "stands"
    """The workbook as it was when the watch began."""
    WRITTEN = "written"
    """It was saved by somebody, and the results were written into it."""
    READ = "read"
    """It was saved by somebody, and the results in it are already those of its inputs."""
    LIVE = "live"
    """It is open in Excel, and the results were written into the open book."""
    WAITS = "waits"
    """It is open in another program; the results wait until it is free."""
    PROBLEMS = "problems"
    """The case in it has problems; the file is as it was saved."""
    HALF_WRITTEN = "half written"
    """It has not been whole for a while; somebody is still writing it, or was cut off."""
    GONE = "gone"
    """It has not been there for a while."""
    BACK = "back"
    """It is there again, as it was."""
    NOT_WRITTEN = "not written"
    """The results cannot be written now; they wait, and it is tried again."""
    CONFLICT = "conflict"
    """An edit and the file disagree about the same input; the user chooses."""
    FAILED = "failed"
    """Something that nobody thought of; the file is as it was saved."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a watcher waits for what, in seconds."""

    quiet: float = 0.1
    """The file must have been at rest for so long before it is read."""
    poll: float = 2.0
    """It is looked at so often where no event comes."""
    gone: float = 2.0
    """It may be missing for so long untold: a program that saves deletes and renames."""
    half_written: float = 4.0
    """It may be half-written for so long untold."""
    retry: float = 10.0
    """What could not be written is tried again after so long."""


@dataclass(frozen=True, slots=True)
class Report:
    """One thing that happened to a watched workbook.

    ``words`` are for a person, one line but for a list of problems.
    """

    kind: Kind
    words: str
    when: datetime
    change: RankingChange | None = None
    """What changed in the ranking since the last report that had a case."""
    case: Case | None = None
    """The case as it is in the file."""
    cells: int = 0
    """Cells that were written."""
    problems: tuple[Problem, ...] = ()
    edits: tuple[InputEdit, ...] = ()
    """Edits of inputs that were written: from the file's value to the new one."""
    conflict: Conflict | None = None
    """Of a `Kind.CONFLICT`: the edit, the cell, and both values."""
    sha256: str = field(default="", repr=False)
    """The fingerprint of the file that this is about."""

    def to_dict(self) -> dict[str, object]:
        """Return plain data, for ``--json``."""
        problems = [{"where": p.where, "what": p.what, "what_to_do": p.fix} for p in self.problems]
        return {
            "when": self.when.isoformat(timespec="milliseconds"),
            "kind": str(self.kind),
            "words": self.words,
            "cells": self.cells,
            **({"change": self.change.to_dict()} if self.change else {}),
            **({"problems": problems} if problems else {}),
            **({"edits": [str(edit) for edit in self.edits]} if self.edits else {}),
            **({"sha256": self.sha256} if self.sha256 else {}),
        }

    def __str__(self) -> str:
        return f"{self.when:%H:%M:%S}  {self.words}"
