"""Inputs changed on the page that the file does not hold yet, each with what it was changed from.

What a change began from is kept, so that a change of the same input in the file is noticed and
shown as a conflict, and changes of other inputs pass by.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from mcda.workbook.changes.edits import Conflict, InputEdit
from mcda.workbook.changes.named_inputs import NamedInputs, NamedPath, Value


@dataclass(frozen=True, slots=True)
class Change:
    """One input that was changed here."""

    path: NamedPath
    base: Value | None
    """What the file said when it was changed first."""
    new: Value | None
    given: tuple[Value | None] | None = None
    """What was given away to be written last, and is not in the file yet."""

    @property
    def edit(self) -> InputEdit:
        """What is shown here, against the file."""
        return InputEdit(self.path, self.base, self.new)

    @property
    def to_give(self) -> InputEdit | None:
        """What is still to be given away to be written; None where nothing is."""
        before = self.base if self.given is None else self.given[0]
        return None if before == self.new else InputEdit(self.path, before, self.new)


class Pending:
    """The changes of one session, by input."""

    def __init__(self) -> None:
        self._changes: dict[NamedPath, Change] = {}
        self.changed_at = 0.0
        """When anything was changed last, by the clock that only goes forward."""

    def __copy__(self) -> Pending:
        new = Pending()
        new._changes, new.changed_at = dict(self._changes), self.changed_at
        return new

    def __len__(self) -> int:
        return len(self._changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes.values())

    def __contains__(self, path: NamedPath) -> bool:
        return path in self._changes

    def value(self, path: NamedPath, stated: Value | None) -> Value | None:
        """Return what an input says here, given what it says in the file."""
        change = self._changes.get(path)
        return stated if change is None else change.new

    def set(self, path: NamedPath, stated: Value | None, new: Value | None) -> None:
        """Change an input that says ``stated`` in the file; changed back it is forgotten."""
        if self.value(path, stated) == new:
            return
        change = self._changes.get(path, Change(path, stated, new))
        self.changed_at = time.monotonic()
        self._keep(replace(change, new=new), stated)

    def drop(self, path: NamedPath, stated: Value | None) -> None:
        """Take what the file says."""
        if path in self._changes:
            self._keep(replace(self._changes[path], base=stated, new=stated), stated)

    def rebase(self, path: NamedPath, stated: Value | None) -> None:
        """Keep what was changed here, although the file says something else now."""
        self._keep(replace(self._changes[path], base=stated, given=None), stated)

    def give(self, paths: Iterable[NamedPath]) -> None:
        """Note that these changes were given away to be written."""
        for path in paths:
            change = self._changes[path]
            self._changes[path] = replace(change, given=(change.new,))

    def take_back(self) -> None:
        """Note that nothing is on its way to the file any more."""
        for change in list(self._changes.values()):
            self._keep(replace(change, given=None), change.base)

    def follow(self, inputs: NamedInputs) -> None:
        """Forget what the file says by now."""
        for path, change in list(self._changes.items()):
            stated = inputs.value(path)
            if change.given is not None and stated == change.given[0]:
                change = replace(change, base=stated, given=None)
            self._keep(change, stated)

    def conflicts(self, inputs: NamedInputs) -> list[Conflict]:
        """Return the changes whose input the file has changed, too, to something else."""
        return [
            Conflict(change.edit, inputs.place(path), stated, has_cell=inputs.knows(path))
            for path, change in self._changes.items()
            if (stated := inputs.value(path)) not in (change.base, change.new)
            or not inputs.knows(path)
        ]

    def _keep(self, change: Change, stated: Value | None) -> None:
        """Keep a change unless the file says the same and nothing else is on its way there."""
        if stated == change.new and change.given in (None, (change.new,)):
            self._changes.pop(change.path, None)
        else:
            self._changes[change.path] = change
