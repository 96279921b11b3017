"""The file behind the page: opening it, and noticing that it changed on disk."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mcda.case import Case, CaseProblem
from mcda.examples import read_example
from mcda.files import WORKBOOK_SUFFIXES, case_from_bytes, read_bytes
from mcda.problems import Problem
from mcda.ui.launch import FILE_VARIABLE

SHIPPED = Path(__file__).parents[2] / "workbooks" / "ceasefire_talks.xlsx"
EXAMPLE = "ceasefire"


@dataclass(frozen=True)
class Opened:
    """A file as it was opened: its bytes, and the case in it or what is wrong with it."""

    name: str
    data: bytes
    case: Case | None
    problems: tuple[Problem, ...] = ()
    path: Path | None = None
    """Where it is on this machine; None for an upload or the example."""
    seen: tuple[int, int] | None = None
    """The time of its last change and its size when it was read."""
    stamp: str = field(init=False)
    """The fingerprint of the bytes."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamp", hashlib.sha256(self.data).hexdigest())

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook, and not JSON."""
        return Path(self.name).suffix.lower() in WORKBOOK_SUFFIXES

    @property
    def is_gone(self) -> bool:
        """Whether the file that was read stands there no more."""
        return self.path is not None and self.seen is not None and _seen(self.path) is None

    def again(self) -> Opened:
        """Return the file as it now stands on disk; itself where it has not changed."""
        if self.path is None or self.is_gone or _seen(self.path) == self.seen:
            return self
        return open_file(self.path)


def open_first() -> Opened:
    """Open what the page starts with: the file it was started with, else the shipped case."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return open_file(Path(named))
    return open_file(SHIPPED) if SHIPPED.is_file() else open_example()


def open_file(path: Path) -> Opened:
    """Open a file on this machine, whatever is wrong with it."""
    path = path.expanduser()
    seen = _seen(path)
    try:
        data = read_bytes(path)
    except CaseProblem as problem:
        return Opened(path.name, b"", None, problem.problems, path, seen)
    case, problems = _read(path.name, data)
    return Opened(path.name, data, case, problems, path, seen)


def open_upload(name: str, data: bytes) -> Opened:
    """Open a file that came through the browser; it is nowhere on this machine."""
    case, problems = _read(name, data)
    return Opened(name, data, case, problems)


def open_example() -> Opened:
    """Open the case that comes with the program, as a new workbook."""
    case = read_example(EXAMPLE)
    return Opened("ceasefire_talks.xlsx", new_workbook(case), case)


def new_workbook(case: Case) -> bytes:
    """Return the bytes of a new workbook for a case."""
    from mcda.workbook.author import workbook_bytes

    return workbook_bytes(case, when=datetime.now().isoformat(" ", "minutes"))


def _read(name: str, data: bytes) -> tuple[Case | None, tuple[Problem, ...]]:
    try:
        return case_from_bytes(name, data), ()
    except CaseProblem as problem:
        return None, problem.problems


def _seen(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size
