"""What differs between the inputs of two versions of a case, by meaning.

Inputs are compared by their names, so that an inserted row, or rows in another order, are no
difference; what was added or removed as a whole is one difference, whatever hangs on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mcda.case import Case
from mcda.workbook import layout
from mcda.workbook.changes.input_words import shortened, told, value_text
from mcda.workbook.changes.named_inputs import SECTIONS, NamedInputs, NamedPath
from mcda.workbook.read import Reading
from mcda.workbook.tables import Place

Kind = Literal["changed", "added", "removed", "renamed", "reordered"]


@dataclass(frozen=True, slots=True)
class InputChange:
    """One difference in the inputs.

    ``old`` and ``new`` are texts as people write them: of a changed value both (empty where it is
    blank), of a thing that was added or removed its name, of a changed order the names in order.
    """

    kind: Kind
    path: NamedPath
    old: str = ""
    new: str = ""
    old_place: Place | None = None
    """Sheet, row and column (zero-based) in the old version; None where it has no such cell."""
    new_place: Place | None = None

    @property
    def where(self) -> str:
        """The cell as people write it: in the new version, or in the old if it is gone."""
        place = self.new_place or self.old_place
        return "" if place is None else layout.cell_name(*place)

    @property
    def what(self) -> str:
        """The difference in words, without the cell."""
        what = told(self.path)
        if self.kind in ("added", "removed"):
            return f"{what} {self.kind}"
        old, new = (shortened(text) for text in (self.old, self.new))
        if self.kind == "renamed":
            return f"{what} is now called {new}"
        if self.kind == "reordered":
            return f"order of {what}: {old} → {new}"
        return f"{what} {old} → {new}"

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


def input_changes(old: Reading | Case, new: Reading | Case) -> tuple[InputChange, ...]:
    """Return how the inputs of two versions differ, in the order of the new one's sheets.

    Cases give differences without cells. A value whose meaning is the same (a blank power and 1)
    is no difference. Cost: one walk over each version.

    >>> from dataclasses import replace
    >>> from mcda.examples import read_example
    >>> case = read_example("wages")
    >>> first, *others = case.parties
    >>> stronger = replace(case, parties=(replace(first, power=2.0), *others))
    >>> print(*input_changes(case, stronger))
    Ferry crews' union: power 1 → 2
    """
    return tuple(_Comparison(NamedInputs(old), NamedInputs(new)).changes())


class _Comparison:
    def __init__(self, old: NamedInputs, new: NamedInputs) -> None:
        self.old = old
        self.new = new
        self.added = [path for path in new.things if path not in old.things]
        self.removed = [path for path in old.things if path not in new.things]
        self.renamed = dict(self._renames())

    def changes(self) -> list[InputChange]:
        found = [*self._things(), *self._orders(), *self._values()]
        sheets = {sheet: number for number, sheet in enumerate(layout.SHEETS)}

        sections = {section: number for number, section in enumerate(SECTIONS)}

        def key(change: InputChange) -> tuple[int, int, int, int]:
            sheet, row, column = change.new_place or change.old_place or ("", 0, 0)
            section = sections.get(str(change.path[0]), -1)
            return (sheets.get(sheet, len(sheets)), row, column, section)

        return sorted(found, key=key)

    # -- things

    def _renames(self) -> Iterator[tuple[NamedPath, NamedPath]]:
        """Pair what is gone with what is new beside it, where nothing but the name differs."""
        for gone in self.removed:
            beside = [path for path in self.removed if path[:-1] == gone[:-1]]
            fresh = [path for path in self.added if path[:-1] == gone[:-1]]
            if len(beside) == len(fresh) == 1 and self._same_within(gone, fresh[0]):
                yield gone, fresh[0]

    def _same_within(self, old: NamedPath, new: NamedPath) -> bool:
        within = (
            {path[len(thing) :]: value for path, value in inputs.values.items()
             if path[: len(thing)] == thing}
            for inputs, thing in ((self.old, old), (self.new, new))
        )  # fmt: skip
        return next(within) == next(within)

    def _things(self) -> Iterator[InputChange]:
        fresh = set(self.renamed.values())
        for path in self.removed:
            if self._is_inside(path, self.removed):
                continue
            if path in self.renamed:
                now = self.renamed[path]
                yield InputChange(
                    "renamed", path, str(path[-1]), str(now[-1]),
                    self.old.place(path), self.new.place(now),
                )  # fmt: skip
            else:
                yield InputChange("removed", path, str(path[-1]), "", self.old.place(path))
        for path in self.added:
            if path not in fresh and not self._is_inside(path, self.added):
                place = self.new.place(path)
                yield InputChange("added", path, "", str(path[-1]), None, place)

    @staticmethod
    def _is_inside(path: NamedPath, things: list[NamedPath]) -> bool:
        return any(path[: len(thing)] == thing != path for thing in things)

    def _orders(self) -> Iterator[InputChange]:
        for path, new in self.new.orders.items():
            old = self.old.orders.get(path, ())
            kept = [name for name in new if name in old]
            before = [name for name in old if name in new]
            if kept == before:
                continue
            at = next(index for index, name in enumerate(kept) if name != before[index])
            yield InputChange(
                "reordered", path, ", ".join(before), ", ".join(kept),
                self.old.place((*path, before[at])), self.new.place((*path, kept[at])),
            )  # fmt: skip

    # -- values

    def _values(self) -> Iterator[InputChange]:
        bent = self._other_points()
        yield from (self._changed(path, "changed") for path in bent)
        added, removed = set(self.added), set(self.removed)
        for path in dict.fromkeys([*self.old.values, *self.new.values]):
            old, new = self.old.values.get(path), self.new.values.get(path)
            if old == new or path[:5] in bent:
                continue
            if _leans_on(path, added if old is None else removed if new is None else set()):
                continue  # told with the thing itself
            if path in self.old.members or path in self.new.members:
                yield self._changed(path, "removed" if new is None else "added")
            else:
                yield self._changed(path, "changed")

    def _changed(self, path: NamedPath, kind: Kind) -> InputChange:
        old, new = (_text(inputs, path) for inputs in (self.old, self.new))
        places = self.old.place(path), self.new.place(path)
        if kind == "added":
            return InputChange(kind, path, "", new, None, places[1])
        if kind == "removed":
            return InputChange(kind, path, old, "", places[0], None)
        return InputChange(kind, path, old, new, *places)

    def _other_points(self) -> list[NamedPath]:
        """Value functions with another number of points: to compare them one by one says little."""
        counts = [
            Counter(path[:5] for path in inputs.values if path[4:5] == ("points",))
            for inputs in (self.old, self.new)
        ]
        return [
            path
            for path in dict.fromkeys([*counts[0], *counts[1]])
            if counts[0][path] != counts[1][path]
            and not _leans_on(path, {*self.added, *self.removed})
        ]


def _text(inputs: NamedInputs, path: NamedPath) -> str:
    if path in inputs.members:
        return str(path[-1])
    if path[4:] == ("points",):
        points = zip(*(
            [value_text(at, value) for at, value in inputs.values.items()
             if at[:5] == path and at[-1] == word]
            for word in ("x", "value")
        ), strict=False)  # fmt: skip
        return ", ".join(f"{x}: {value}" for x, value in points)
    return value_text(path, inputs.value(path))


def _leans_on(path: NamedPath, things: set[NamedPath]) -> bool:
    """Say whether an input belongs to one of these things, or is about one."""
    if not things:
        return False
    return any(thing in things for thing in _things_of(path))


def _things_of(path: NamedPath) -> Iterator[NamedPath]:
    yield from (path[:end] for end in range(2, len(path) + 1))
    section, _, *rest = path if len(path) > 1 else (*path, "")
    party: str | int | None = path[1] if section == "parties" else None
    if section == "scenarios" and rest[:1] == ["parties"]:
        party, rest = rest[1], rest[2:]
        yield ("parties", party)
    if party is not None and rest[0] in ("scores", "weights"):
        yield ("parties", party, "criteria", rest[1])
        if rest[0] == "scores":
            yield from _level(rest[2:4])
        return
    if not rest:
        return
    if rest[0] == "settings":
        yield ("issues", rest[1])
    elif rest[0] == "values":
        yield ("parties", rest[1])
    elif rest[0] == "scores":
        yield from (("parties", rest[1]), ("parties", rest[1], "criteria", rest[2]))
    elif rest[0] == "lift":
        yield from ((kind, rest[1]) for kind in ("rules", "red_lines"))
    elif rest[0] in ("if", "then", "forbid", "when"):
        yield from _level(rest[1:3])


def _level(names: Sequence[str | int]) -> Iterator[NamedPath]:
    issue, level = names
    yield ("issues", issue)
    yield ("issues", issue, "levels", level)
