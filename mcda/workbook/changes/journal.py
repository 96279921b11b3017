"""Which of our edits does a version of the file know that somebody else wrote?

A program that had the workbook open before our edit was written, and saves after it, puts the old
value back without anybody meaning it. Each edit is written together with a line in the Log; a
version in which that line is missing did not know of the edit. So a value that was changed back on
purpose is told apart from one that was merely overwritten, as with the common ancestor of a
three-way merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from mcda.workbook.changes.edits import Conflict, InputEdit
from mcda.workbook.changes.named_inputs import NamedInputs, NamedPath
from mcda.workbook.read import Reading

_MOST = 40
"""Edits of one input that are remembered."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An edit that was written, and its line in the Log."""

    edit: InputEdit
    line: Hashable
    nth: int = 1
    """How many equal lines stood in the Log when it was written, its own included."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a version of the file that somebody else wrote means for our edits."""

    journal: Journal
    """What is to be remembered from now on."""
    again: tuple[InputEdit, ...] = ()
    """Edits that the version did not know and overwrote: to be written again."""
    conflicts: tuple[Conflict, ...] = ()
    """Inputs which the version, not knowing of our edit, set to a third value."""
    respected: tuple[InputEdit, ...] = ()
    """Edits that somebody who knew of them changed later on purpose; they are forgotten."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The edits that were written into one file, the latest last."""

    entries: tuple[Entry, ...] = ()

    def wrote(
        self, written: Iterable[tuple[InputEdit, Hashable]], lines: Sequence[Hashable]
    ) -> Journal:
        """Return the journal after edits were written.

        Args:
            written: Each edit with its line in the Log.
            lines: All lines of the Log after that.
        """
        counts = Counter(lines)
        entries = self.entries
        for edit, line in written:
            before = [entry for entry in entries if entry.edit.path == edit.path]
            kept = before[1 - _MOST :] if before and before[-1].edit.new == edit.old else []
            others = tuple(entry for entry in entries if entry.edit.path != edit.path)
            entries = (*others, *kept, Entry(edit, line, max(counts[line], 1)))
        return Journal(entries)

    def review(self, reading: Reading, lines: Iterable[Hashable]) -> Review:
        """Judge a version of the file that somebody else wrote.

        Args:
            reading: What the version says.
            lines: The lines of its Log.
        """
        inputs, counts = NamedInputs(reading), Counter(lines)
        kept: list[Entry] = []
        again: list[InputEdit] = []
        conflicts: list[Conflict] = []
        respected: list[InputEdit] = []
        for path, entries in self._by_path().items():
            theirs, ours = inputs.value(path), entries[-1].edit.new
            unknown = _unknown(entries, counts)
            if theirs == inputs.meant(path, ours):
                kept += entries
            elif not unknown:
                respected.append(entries[-1].edit)
            elif theirs == inputs.meant(path, unknown[0].edit.old) and inputs.cell(path):
                kept += entries
                again.append(InputEdit(path, unknown[0].edit.old, ours))
            else:
                edit = InputEdit(path, unknown[0].edit.old, ours)
                place = inputs.cell(path)
                around = place or inputs.place(path)
                conflicts.append(Conflict(edit, around, theirs, has_cell=place is not None))
        return Review(Journal(tuple(kept)), tuple(again), tuple(conflicts), tuple(respected))

    def _by_path(self) -> dict[NamedPath, list[Entry]]:
        found: dict[NamedPath, list[Entry]] = {}
        for entry in self.entries:
            found.setdefault(entry.edit.path, []).append(entry)
        return found


def _unknown(entries: Sequence[Entry], counts: Counter[Hashable]) -> Sequence[Entry]:
    """The edits after the last one whose line stands in the Log: lines are only ever added."""
    for at in range(len(entries), 0, -1):
        if counts[entries[at - 1].line] >= entries[at - 1].nth:
            return entries[at:]
    return entries
