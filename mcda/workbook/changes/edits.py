"""Edits of single input values: by the input's name, so that they find their cell wherever it is.

An edit says what the value was and what it is to be. Against a workbook it becomes an edit of one
cell; where the file says something else than the edit began from, that is a conflict, for the user
to decide (three-way merge of one value: theirs, ours, and what both came from).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from mcda.problems import Problem
from mcda.workbook import layout
from mcda.workbook.changes.input_words import shortened, told, value_text
from mcda.workbook.changes.named_inputs import NamedInputs, NamedPath, Value, is_number
from mcda.workbook.patch import Edit
from mcda.workbook.read import Reading
from mcda.workbook.tables import Place, number_text


@dataclass(frozen=True, slots=True)
class InputEdit:
    """One input value is to change: ``path`` by names, None for a blank cell.

    >>> print(InputEdit(("parties", "Russia", "criteria", "Relief", "weight"), 30.0, 45.0))
    Russia, Relief: weight 30 → 45
    """

    path: NamedPath
    old: Value | None
    new: Value | None

    def undo(self) -> InputEdit:
        """Return the edit the other way."""
        return InputEdit(self.path, self.new, self.old)

    @property
    def old_text(self) -> str:
        """What the value was, as people write it; empty where it was blank."""
        return value_text(self.path, self.old)

    @property
    def new_text(self) -> str:
        """What the value is to be, as people write it; empty for a blank."""
        return value_text(self.path, self.new)

    def __str__(self) -> str:
        return f"{told(self.path)} {shortened(self.old_text)} → {shortened(self.new_text)}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """An edit and the file disagree about the same input; the user chooses."""

    edit: InputEdit
    place: Place | None
    """The cell; of an input that is no longer there, the nearest thing around it."""
    theirs: Value | None
    """What the file says now; None where it is blank, or where there is no such input."""
    has_cell: bool = True
    """Whether there still is a cell to write to."""

    @property
    def where(self) -> str:
        """The cell as people write it."""
        return "the workbook" if self.place is None else layout.cell_name(*self.place)

    @property
    def ours_text(self) -> str:
        """Our value as people write it."""
        return self.edit.new_text

    @property
    def theirs_text(self) -> str:
        """The file's value as people write it."""
        return value_text(self.edit.path, self.theirs)

    def keep_ours(self) -> InputEdit:
        """Return the edit that puts our value in the place of theirs."""
        return InputEdit(self.edit.path, self.theirs, self.edit.new)

    @property
    def problem(self) -> Problem:
        """The conflict in words."""
        what, old = told(self.edit.path), shortened(self.edit.old_text)
        ours, theirs = shortened(self.ours_text), shortened(self.theirs_text)
        if not self.has_cell:
            return Problem(
                self.where,
                f"{what} was to change from {old} to {ours}, but has no cell in the workbook (any "
                "more).",
                "Enter it in the workbook, or leave the edit out.",
            )
        return Problem(
            self.where,
            f"{what} was changed on both sides: from {old} to {ours} here, to {theirs} in the "
            "file.",
            f"Keep {ours}, or take {theirs}.",
        )

    def __str__(self) -> str:
        return str(self.problem)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What becomes of edits against a workbook as it now stands."""

    edits: tuple[Edit, ...]
    """For :func:`mcda.workbook.patch.patch`, one for each cell that changes."""
    applied: tuple[InputEdit, ...] = ()
    """What these do, an edit for each, in the same order: from the file's value to the new one."""
    conflicts: tuple[Conflict, ...] = ()
    done: tuple[InputEdit, ...] = ()
    """Edits whose new value stands in the file already."""


@dataclass(slots=True)
class _Pending:
    """What edits of one input come to."""

    place: Place
    stands: Value | None
    now: Value | None
    edits: list[InputEdit] = field(default_factory=list)


def resolve(edits: Iterable[InputEdit], reading: Reading) -> Resolved:
    """Turn edits of inputs into edits of cells of the workbook that was read.

    Later edits build on earlier ones. An edit whose input has another value than it began from,
    and than it leads to, is a conflict and left out; so is one whose input has no cell of its own.

    Raises:
        ValueError: A text is given for a number; that is a mistake of the program.
    """
    inputs = NamedInputs(reading)
    pending: dict[NamedPath, _Pending] = {}
    conflicts: list[Conflict] = []
    for edit in edits:
        value = pending[edit.path].now if edit.path in pending else inputs.value(edit.path)
        new = inputs.meant(edit.path, edit.new)
        place = inputs.cell(edit.path)
        if place is None:
            around = inputs.place(edit.path)
            conflicts.append(Conflict(edit, around, value, has_cell=False))
        elif value not in (new, inputs.meant(edit.path, edit.old)):
            conflicts.append(Conflict(edit, place, value))
        else:
            known = pending.setdefault(edit.path, _Pending(place, value, value))
            known.now = new
            known.edits.append(edit)
    changing = [item for item in pending.values() if item.now != item.stands]
    standing = [item for item in pending.values() if item.now == item.stands]
    return Resolved(
        tuple(Edit(*item.place, to=_in_cell(item.edits[-1])) for item in changing),
        tuple(InputEdit(item.edits[-1].path, item.stands, item.edits[-1].new) for item in changing),
        tuple(conflicts),
        tuple(edit for item in standing for edit in item.edits),
    )


def _in_cell(edit: InputEdit) -> str | float | None:
    """The new value as the cell holds it: a number, or text."""
    new = edit.new
    if new is None or new in ("", ()):
        return None
    if is_number(edit.path):
        if isinstance(new, bool) or not isinstance(new, int | float):
            raise ValueError(f"{told(edit.path)} is a number, not {new!r}")
        return float(f"{new:.15g}")
    if isinstance(new, tuple):
        from mcda.workbook.author.rows import cell_of

        return cell_of(new)
    if isinstance(new, int | float) and not isinstance(new, bool):
        return number_text(new)
    return value_text(edit.path, new)
