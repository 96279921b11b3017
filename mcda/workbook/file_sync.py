"""Bringing a workbook on the disk in step with its inputs: read, compute, write, in one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mcda.canonical import inputs_sha256
from mcda.problems import CaseProblem, Problem
from mcda.workbook.disk.store import Saved, Snapshot, StoreProblem, Trouble, save, snapshot
from mcda.workbook.excel.adapter import attach
from mcda.workbook.excel.live_book import LiveBook, LiveBookProblem, write_blocks
from mcda.workbook.sync import Kind, Synced, synced, warning_of


@dataclass(frozen=True, slots=True)
class FileSynced:
    """What a sync did to a file, or, on trial, would do; prints as a line."""

    path: Path
    synced: Synced
    saved: Saved | None = None
    """What was written and where the version before it is kept; None where the file was not."""
    live: int | None = None
    """Blocks written into the workbook as it is open in Excel; None where it was not."""

    @property
    def is_changed(self) -> bool:
        """Whether there was anything to write."""
        return bool(self.synced.changes)

    def __str__(self) -> str:
        if not self.is_changed:
            if self.synced.damage:
                return f"{self.path}: nothing was written."
            return f"{self.path} is in step with its inputs; nothing to write."
        since = len(self.synced.since)
        changed = f"{_counted(since, 'input')} changed since the last sync. " if since else ""
        if self.live is not None:
            return f"{self.path} is open in Excel: {changed}{self._live()}"
        verb = "Synced" if self.saved is not None else "Dry run of"
        kinds: tuple[tuple[Kind, str], ...] = (
            ("result", "cached result"), ("stamp", "cell of the Stamp"), ("log", "cell of the Log"),
        )  # fmt: skip
        counts = [_counted(count, words) for kind, words in kinds if (count := self.count(kind))]
        did = "written" if self.saved is not None else "would be written"
        return f"{verb} {self.path}: {changed}{_joined(counts)} {did}."

    @property
    def warning(self) -> str:
        """What is damaged, what that means and what to do; empty where all is well."""
        return warning_of(self.synced.damage)

    def _live(self) -> str:
        if not self.live:
            return "its results are up to date there. Save it in Excel to have them in the file."
        return f"{_counted(self.live, 'block')} of results written there. Save it in Excel."

    def count(self, kind: Kind) -> int:
        """Return how many cells of a kind change."""
        return self.synced.count(kind)

    def to_dict(self) -> dict[str, object]:
        """Return it as plain data, for ``--json``; every cell on trial, else their number."""
        found = self.synced
        cells = [
            {"cell": change.cell, "old": change.old, "new": change.new, "kind": change.kind}
            for change in found.changes
        ]
        kinds: tuple[Kind, ...] = ("input", "stamp", "log", "result")
        backup = None if self.saved is None else self.saved.backup
        return {
            "file": str(self.path),
            "inputs_sha256": inputs_sha256(found.case),
            "changed": self.is_changed,
            "written": self.saved is not None and self.saved.changed,
            "counts": {kind: self.count(kind) for kind in kinds},
            "since_last_sync": [
                {"cell": change.cell, "old": change.old, "new": change.new}
                for change in found.since
            ],
            "written_in_excel": self.live,
            **({"cells": cells} if self.saved is None and self.live is None else {}),
            "backup": None if backup is None else str(backup),
            "advice": found.advice or None,
            "damage": found.damage or None,
        }


def sync(
    path: str | Path,
    *,
    dry_run: bool = False,
    attach: Callable[[Path], LiveBook | None] = attach,
) -> FileSynced:
    """Bring a workbook in step with its inputs: its stamp, its Log and its cached results.

    Nothing else in the file changes, and a second sync changes nothing. The version before is kept
    in ``.mcda-backups/`` beside it. While Excel has it open, the file stays as it is, and the stamp
    and the Log go into the open workbook.

    Args:
        path: the workbook (``.xlsx``, ``.xlsm``).
        dry_run: only say what would change.
        attach: finds the workbook open in Excel, or returns None.

    Raises:
        CaseProblem: the case has problems, each with its cell, or this is no workbook.
        mcda.workbook.disk.store.StoreProblem: the file cannot be read or written now, and why.
    """
    file = Path(path)
    if file.suffix.lower() == ".json":
        what = "This is a JSON file: it holds inputs only, and nothing to bring in step."
        fix = f"Make a workbook from it: mcda new {file.with_suffix('.xlsx').name} --from {file}"
        raise CaseProblem([Problem(str(file), what, fix)])
    when = datetime.now().isoformat(" ", "minutes")
    made: list[Synced] = []

    def make(found: Snapshot) -> bytes:
        made.append(synced(found.data, file.name, when=when))
        return made[-1].data

    if dry_run:
        make(snapshot(file))
        return FileSynced(file, made[-1])
    try:
        saved = save(file, make)
        return FileSynced(file, made[-1], saved)
    except StoreProblem as problem:
        live = _written_in_excel(file, problem, made, attach)
        if live is None:
            raise
        return FileSynced(file, made[-1], live=live)


def _written_in_excel(
    file: Path,
    problem: StoreProblem,
    made: Sequence[Synced],
    attach: Callable[[Path], LiveBook | None],
) -> int | None:
    """Write into the workbook that is open, if that is why the file may not be written."""
    if problem.kind is not Trouble.LOCKED or not made:
        return None
    try:
        book = attach(file)
        return None if book is None else write_blocks(book, made[-1].blocks)
    except LiveBookProblem as trouble:
        what = str(trouble).removeprefix(f"{file.absolute()}: ")
        fix = "The file is as it was; sync again then."
        raise StoreProblem(problem.kind, Problem(str(file), what, fix), problem.lock) from None


def _counted(count: int, thing: str) -> str:
    first, *rest = thing.split(" of ", 1)
    words = " of ".join([first + "s" * (count != 1), *rest])
    return f"{count} {words}"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
