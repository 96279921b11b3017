"""The inputs of a case addressed by names instead of by rows.

A named path such as ``("parties", "Russia", "criteria", "Relief", "weight")`` means the same input
whatever was inserted above it or sorted around it. The canonical form of a case and what a
workbook says are read alike. Besides names, a path has these words of its own:

- ``low`` and ``high`` after a reservation value, a score, ``weight_range`` or ``judged, range``;
- ``levels`` and the level's name under an issue, with its ``occurs``, ``meaning`` and ``source``;
- a score as criterion, issue, level (of a party) or party, criterion (scored directly), with
  ``low``, ``high``, ``basis``, ``source`` and ``confidence`` below it;
- the number of a point (from 0), then ``x`` or ``value``.

Of several things with one name, the second and later ones are addressed by their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcda.canonical import canonical_data
from mcda.case import Case
from mcda.problems import Path
from mcda.workbook.read import Reading
from mcda.workbook.tables import Place

NamedPath = tuple[str | int, ...]
"""A place in a case, by names."""
Value = str | float | bool | tuple[str, ...]
"""What one input cell says; a tuple stands in one cell, an entry a line."""

SECTIONS = {
    "sources": "id", "issues": "name", "parties": "name", "packages": "name", "no_deal": "name",
    "red_lines": "name", "rules": "name", "interactions": "name", "scenarios": "name",
    "recommendations": "for",
}  # fmt: skip
"""Section → what its entries are addressed by."""
_TRIPLE = {"low": 0, "high": 2}
_PAIR = {"low": 0, "high": 1}
_POINT = {"x": 0, "value": 1}
_DEFAULTS: dict[str, Value] = {
    "signs": True, "power": 1.0, "weights_are": "intervals", "direction": "max",
}  # fmt: skip
"""What a blank cell means."""
_BESIDE = ("basis", "source", "confidence")


class NamedInputs:
    """Every input of a case by its named path, with where it stands if it is in a workbook."""

    def __init__(self, source: Reading | Case) -> None:
        self._reading = source if isinstance(source, Reading) else None
        data = source.data if isinstance(source, Reading) else canonical_data(source)
        self.values: dict[NamedPath, Value] = {}
        """What is stated; what is blank or as if it were has no entry."""
        self.things: dict[NamedPath, Path] = {}
        """What has a name of its own → its path in the JSON form."""
        self.orders: dict[NamedPath, tuple[str, ...]] = {}
        """Lists whose order means something: parties, levels, and no-deal alternatives (of which
        the first is the base)."""
        self.members: dict[NamedPath, Path] = {}
        """What is in a set: levels of conditions, rules that a scenario lifts."""
        for path, value in self._walk(data):
            if value not in (None, "", (), []):
                self.values[path] = _rounded(value)

    def meant(self, path: NamedPath, value: Value | None) -> Value | None:
        """Return what a value of that input means: a blank cell may mean something of its own."""
        if value is None or value in ("", ()):
            is_of_party = path[0] == "parties" and len(path) == 3
            is_of_criterion = path[0] == "parties" and path[2:3] == ("criteria",) and len(path) == 5
            return _DEFAULTS.get(str(path[-1])) if is_of_party or is_of_criterion else None
        return _rounded(value)

    def value(self, path: NamedPath) -> Value | None:
        """Return what an input says; None where it is blank and blank means nothing else."""
        return self.meant(path, self.values.get(path))

    def knows(self, path: NamedPath) -> bool:
        """Say whether what an input belongs to is still there, by its names."""
        if path[0] not in SECTIONS:
            return True
        if path[2:3] == ("criteria",):
            return path[:4] in self.things
        if path[2:3] == ("scores",):
            return path in self.values  # every level of an issue that feeds a criterion has one
        return path[:2] in self.things

    def json_path(self, path: NamedPath) -> Path | None:
        """Return the path in the JSON form; None if a name on the way is not known."""
        if path in self.members:
            return self.members[path]
        for end in range(len(path), 0, -1):
            if path[:end] not in self.things:
                continue
            where, rest = self.things[path[:end]], path[end:]
            if path[0] == "issues" and end == 4 and rest:  # of a level
                return (*where[:2], *rest, path[3])
            return (*where, *_in_json(path[0], rest))
        return None if path[0] in SECTIONS else path

    def cell(self, path: NamedPath) -> Place | None:
        """Return the cell that holds this value alone, blank or not; None if there is none.

        Names, and the levels in a condition, are no values: other cells lean on them.
        """
        where = self.json_path(path)
        if where is None or self._reading is None or path in self.things or path in self.members:
            return None
        if path[-1] == "name" and len(path) > 1:
            return None
        if path[-1] == "weights_are" and self.values.get(path) == "dirichlet":
            return None  # two cells say it
        return self._reading.places.get(where)

    def place(self, path: NamedPath) -> Place | None:
        """Return the input's cell, or that of the nearest thing around it."""
        where = self.json_path(path) or ()
        places = {} if self._reading is None else self._reading.places
        around = (where[:end] for end in range(len(where), -1, -1))
        return next((places[place] for place in around if place in places), None)

    # -- walking

    def _walk(self, data: Mapping[str, Any]) -> Iterator[tuple[NamedPath, Any]]:
        for key in ("name", "purpose", "as_at", "marking"):
            yield (key,), data.get(key)
        for section in SECTIONS:
            for path, item in self._entries((section,), (section,), data.get(section)):
                yield from _WALKS[section](self, path, item)
        for section in ("parties", "no_deal"):
            self.orders[(section,)] = tuple(item["name"] for item in data.get(section) or ())

    def _entries(
        self, path: NamedPath, where: Path, items: Sequence[Mapping[str, Any]] | None
    ) -> Iterator[tuple[NamedPath, Mapping[str, Any]]]:
        """Name the entries of a list, and yield each with its path."""
        key = SECTIONS.get(str(path[0]), "name") if len(path) == 1 else "name"
        for index, item in enumerate(items or ()):
            named = (*path, item.get(key) or index)
            if named in self.things:
                named = (*path, index)
            self.things[named] = (*where, index)
            yield named, item

    def _issue(self, path: NamedPath, item: Mapping[str, Any]) -> Iterator[tuple[NamedPath, Any]]:
        names: list[str] = []
        for key, occurs in (("levels", "deal"), ("no_deal_only", "no deal only")):
            for index, level in enumerate(item.get(key) or ()):
                here = (*path, "levels", level)
                self.things.setdefault(here, (*self.things[path], key, index))
                names.append(level)
                yield (*here, "occurs"), occurs
                for word in ("meaning", "source"):
                    yield (*here, word), (item.get(word) or {}).get(level)
        self.orders[(*path, "levels")] = tuple(names)

    def _party(self, path: NamedPath, item: Mapping[str, Any]) -> Iterator[tuple[NamedPath, Any]]:
        signs = item.get("signs")
        yield (*path, "signs"), None if signs is True else signs
        power = item.get("power")
        yield (*path, "power"), None if power == 1 else power
        yield (*path, "aspiration"), item.get("aspiration")
        yield from _triple((*path, "reservation"), item.get("reservation"))
        weights_are = item.get("weights_are")
        if isinstance(weights_are, Mapping):
            yield (*path, "weights_are"), "dirichlet"
            yield (*path, "weights_are", "dirichlet"), weights_are.get("dirichlet")
        else:
            yield (*path, "weights_are"), None if weights_are == "intervals" else weights_are
        where = (*self.things[path], "criteria")
        for here, criterion in self._entries((*path, "criteria"), where, item.get("criteria")):
            yield from _criterion(here, criterion)
        yield from _scores((*path, "scores"), item.get("scores"), 3)

    def _package(self, path: NamedPath, item: Mapping[str, Any]) -> Iterator[tuple[NamedPath, Any]]:
        for key in ("note", "cost", "reversible", "source", "by"):
            yield (*path, key), item.get(key)
        for key in ("crosses", "outside", "sequence"):
            yield (*path, key), tuple(item.get(key) or ())
        for key in ("settings", "values"):
            for name, value in (item.get(key) or {}).items():
                yield (*path, key, name), value
        yield from _scores((*path, "scores"), item.get("scores"), 2)

    def _rule(self, path: NamedPath, item: Mapping[str, Any]) -> Iterator[tuple[NamedPath, Any]]:
        for key in ("party", "criterion", "stated", "source"):
            yield (*path, key), item.get(key)
        if "score" in item:
            yield from _score((*path, "score"), item["score"])
            for key in ("basis", "confidence"):
                yield (*path, key), item.get(key)
        for part in ("if", "then", "forbid", "when"):
            for issue, levels in (item.get(part) or {}).items():
                for index, level in enumerate(levels):
                    here = (*path, part, issue, level)
                    self.members[here] = (*self.things[path], part, issue, index)
                    yield here, True

    def _scenario(
        self, path: NamedPath, item: Mapping[str, Any]
    ) -> Iterator[tuple[NamedPath, Any]]:
        yield (*path, "why"), item.get("why")
        for index, name in enumerate(item.get("lift") or ()):
            self.members[(*path, "lift", name)] = (*self.things[path], "lift", index)
            yield (*path, "lift", name), True
        for party, change in (item.get("parties") or {}).items():
            here = (*path, "parties", party)
            for criterion, weight in (change.get("weights") or {}).items():
                yield (*here, "weights", criterion), weight
            yield from _triple((*here, "reservation"), change.get("reservation"))
            yield from _scores((*here, "scores"), change.get("scores"), 3)

    def _texts(self, path: NamedPath, item: Mapping[str, Any]) -> Iterator[tuple[NamedPath, Any]]:
        for key, value in item.items():
            if key != SECTIONS[str(path[0])]:
                yield (*path, key), value


_WALKS = {
    "sources": NamedInputs._texts, "issues": NamedInputs._issue, "parties": NamedInputs._party,
    "packages": NamedInputs._package, "no_deal": NamedInputs._package,
    "red_lines": NamedInputs._rule, "rules": NamedInputs._rule, "interactions": NamedInputs._rule,
    "scenarios": NamedInputs._scenario, "recommendations": NamedInputs._texts,
}  # fmt: skip


def is_number(path: NamedPath) -> bool:
    """Say whether an input is a number; else it is text.

    >>> is_number(("parties", "A", "criteria", "C", "weight")), is_number(("packages", "A", "note"))
    (True, False)
    """
    section, below = path[0], path[2:]
    if section == "scenarios" and below[:1] == ("parties",):
        section, below = "parties", below[2:]
    if not below:
        return False
    first, last = below[0], below[-1]
    if first == "criteria":
        numbers = ("weight", "low", "high", "weight_range", "points")
        return below[2] in numbers or below[2:4] == ("judged", "range")
    if first in ("scores", "score"):
        names = 1 if first == "score" else 4 if section == "parties" else 3
        return below[names:] == () or last in _TRIPLE
    return first in ("power", "aspiration", "reservation", "weights", "values") or (
        last == "dirichlet" and len(below) == 2
    )


def _criterion(path: NamedPath, item: Mapping[str, Any]) -> Iterator[tuple[NamedPath, Any]]:
    direction = item.get("direction")
    yield (*path, "direction"), None if direction == "max" else direction
    for key in ("group", "weight", "low", "high", "unit"):
        yield (*path, key), item.get(key)
    yield from _pair((*path, "weight_range"), item.get("weight_range"))
    for number, point in enumerate(item.get("points") or ()):
        for word, value in zip(_POINT, point, strict=False):
            yield (*path, "points", number, word), value
    for end, meaning in (item.get("meaning") or {}).items():
        yield (*path, "meaning", end), meaning
    judged = item.get("judged") or {}
    for key in ("method", "by", "on"):
        yield (*path, "judged", key), judged.get(key)
    yield from _pair((*path, "judged", "range"), judged.get("range"))


def _pair(path: NamedPath, value: Any) -> Iterator[tuple[NamedPath, Any]]:
    for word, number in zip(_PAIR, value or (), strict=False):
        yield (*path, word), number


def _triple(path: NamedPath, value: Any) -> Iterator[tuple[NamedPath, Any]]:
    if not isinstance(value, list):
        yield path, value
        return
    low, base, high = value
    yield path, base
    yield (*path, "low"), low
    yield (*path, "high"), high


def _score(path: NamedPath, value: Any) -> Iterator[tuple[NamedPath, Any]]:
    if not isinstance(value, Mapping):
        yield from _triple(path, value)
        return
    yield from _triple(path, value.get("score"))
    for word in _BESIDE:
        yield (*path, word), value.get(word)


def _scores(path: NamedPath, value: Any, depth: int) -> Iterator[tuple[NamedPath, Any]]:
    if depth == 0:
        yield from _score(path, value)
        return
    for name, below in (value or {}).items():
        yield from _scores((*path, name), below, depth - 1)


def _rounded(value: Any) -> Value:
    """A number as the door takes it: 15 digits, and no minus before 0."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(f"{value:.15g}") + 0.0
    listed: Value = tuple(value) if isinstance(value, list) else value
    return listed


def _in_json(section: str | int, rest: NamedPath) -> Path:
    """Translate what follows the path of a thing in a section."""
    if not rest:
        return ()
    if rest[0] == "parties":  # of a scenario
        return (*rest[:2], *_in_json(section, rest[2:]))
    if rest[0] == "scores":
        depth = 3 if section in ("packages", "no_deal") else 4
        return (*rest[:depth], *_in_score(rest[depth:])) if len(rest) >= depth else rest
    if rest[0] == "score":
        return _in_score(rest[1:])
    if len(rest) > 1 and rest[0] == "reservation":
        return ("reservation", _TRIPLE.get(str(rest[1]), rest[1]))
    if rest[0] == "weight_range" or rest[:2] == ("judged", "range"):
        return (*rest[:-1], _PAIR.get(str(rest[-1]), rest[-1]))
    if rest[0] == "points":
        return (*rest[:-1], _POINT.get(str(rest[-1]), rest[-1]))
    return rest


def _in_score(rest: NamedPath) -> Path:
    if not rest:
        return ("score",)
    return ("score", _TRIPLE[str(rest[0])]) if rest[0] in _TRIPLE else rest
