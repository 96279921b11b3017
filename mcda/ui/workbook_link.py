"""The file behind the page: opening it, and noticing that it changed on disk."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from mcda.case import Case, CaseProblem
from mcda.examples import read_example
from mcda.files import WORKBOOK_SUFFIXES, case_from_bytes, read_bytes
from mcda.problems import Problem
from mcda.ui.launch import FILE_VARIABLE
from mcda.ui.pending import Pending
from mcda.workbook.changes.named_inputs import NamedInputs
from mcda.workbook.read import read_data
from mcda.workbook.watching.settle import Signature, is_whole, signature

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
    seen: Signature | None = None
    """What the disk said of it when it was read."""
    is_example: bool = False
    """Whether it is the shipped case, which nothing is written to."""
    is_half_written: bool = False
    """Whether what stands there now is not whole, so that this is what was read before."""
    read_at: datetime = field(default_factory=datetime.now, compare=False)
    stamp: str = field(init=False)
    """The fingerprint of the bytes."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamp", hashlib.sha256(self.data).hexdigest())

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook, and not JSON."""
        return Path(self.name).suffix.lower() in WORKBOOK_SUFFIXES

    @property
    def is_linked(self) -> bool:
        """Whether changes can be written to where it came from: a workbook of the user's."""
        return self.path is not None and self.is_workbook and not self.is_example

    @property
    def is_gone(self) -> bool:
        """Whether the file that was read stands there no more."""
        return self.path is not None and self.seen is not None and signature(self.path) is None

    @cached_property
    def inputs(self) -> NamedInputs:
        """The inputs by their names, with their cells where it is a workbook."""
        if self.case is None:
            raise ValueError(f"{self.name} holds no case")
        return NamedInputs(read_data(self.data, self.name) if self.is_workbook else self.case)

    def again(self) -> Opened:
        """Return the file as it now stands on disk; itself where it has not changed.

        A file that is just being written stays as it was read before, until it is whole.
        """
        if self.path is None or self.is_gone:
            return self
        if signature(self.path) == self.seen:
            return replace(self, is_half_written=False) if self.is_half_written else self
        new = open_file(self.path)
        if self.case is not None and new.case is None and not is_whole(new.data):
            return self if self.is_half_written else replace(self, is_half_written=True)
        return replace(new, is_example=self.is_example)


def open_first() -> Opened:
    """Open what the page starts with: the file it was started with, else the shipped case."""
    named = os.environ.get(FILE_VARIABLE)
    if named:
        return open_file(Path(named))
    return replace(open_file(SHIPPED), is_example=True) if SHIPPED.is_file() else open_example()


def open_file(path: Path) -> Opened:
    """Open a file on this machine, whatever is wrong with it."""
    path = path.expanduser()
    seen = signature(path)
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


def with_changes(opened: Opened, pending: Pending) -> bytes:
    """Return the bytes of a workbook with what was changed on the page written into its cells."""
    from mcda.workbook.sync import synced

    edits = [change.edit for change in pending]
    when = datetime.now().isoformat(" ", "minutes")
    return synced(opened.data, opened.name, when=when, edits=edits).data


def _read(name: str, data: bytes) -> tuple[Case | None, tuple[Problem, ...]]:
    try:
        return case_from_bytes(name, data), ()
    except CaseProblem as problem:
        return None, problem.problems
