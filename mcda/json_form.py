"""Reading the JSON form of a case, with every problem of form and of meaning told.

The short form (a number for a score, a bare string for a list of one, names left out) and the full
form are read alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from mcda.canonical import canonical_data, canonical_json, inputs_sha256
from mcda.case import Case
from mcda.case_order import CaseOrder
from mcda.parts import (
    CaseParts,
    Conditions,
    Criterion,
    Direction,
    DirectScores,
    Frozen,
    Interaction,
    Issue,
    IssueScores,
    Judged,
    Level,
    NoDeal,
    Package,
    Party,
    PartyChange,
    Recommendation,
    RedLine,
    Reservation,
    Rule,
    Scenario,
    Score,
    Settings,
    Source,
    WeightsAre,
)
from mcda.problems import CaseProblem, Locate, Path, Problem, ProblemList, json_path
from mcda.validation import CONFIDENCES, number_flaw, suggestion, text_flaw, validate

__all__ = [
    "canonical_data", "canonical_json", "case_from_data", "case_from_json", "inputs_sha256",
]  # fmt: skip

T = TypeVar("T")


def case_from_json(text: str | bytes) -> Case:
    """Read a case from JSON text.

    Raises:
        CaseProblem: with every problem, each with its JSON path (or its line, where the text is not
            JSON at all).

    >>> case_from_json('{"name": "X", "parties": [{"name": "A", "criteria": []}]}')
    Traceback (most recent call last):
        ...
    mcda.problems.CaseProblem: packages: The case has neither issues nor packages. ...
    """
    return case_from_data(_parsed(text))


def case_from_data(data: object, locate: Locate = json_path) -> Case:
    """Read a case from data in the JSON form (dictionaries, lists, texts and numbers).

    ``locate`` turns a path in that form into the place which the user sees; the workbook's reader
    gives cells. Numbers are rounded to 15 significant digits here, once.

    Raises:
        CaseProblem: with every problem found, of form and of meaning.
    """
    problems = ProblemList(locate)
    parts = _Door(problems).case(data)
    validate(parts, problems)
    problems.raise_if_any()
    return Case(**{field.name: getattr(parts, field.name) for field in fields(parts)})


def _parsed(text: str | bytes) -> object:
    repeated: list[Problem] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        seen: dict[str, object] = {}
        for key, value in items:
            if key in seen:
                what = f'"{key}" occurs twice in one object.'
                repeated.append(Problem(key, what, "Rename or remove one."))
            seen[key] = value
        return seen

    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        data: object = json.loads(decoded, object_pairs_hook=pairs)
    except UnicodeDecodeError as error:
        where = f"byte {error.start + 1}"
        raise CaseProblem([Problem(where, "The file is not UTF-8 text.", "Save it so.")]) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        what = f"This is not JSON: {error.msg}."
        raise CaseProblem([Problem(where, what, "Mend it there.")]) from None
    except (RecursionError, ValueError):
        what = "The JSON is nested too deeply, or has a number with thousands of digits."
        raise CaseProblem([Problem(json_path(()), what, "A case needs neither.")]) from None
    if repeated:
        raise CaseProblem(repeated)
    return data


class _Door:
    """Reads the form; a value of the wrong form is told and replaced, so that reading goes on."""

    def __init__(self, problems: ProblemList) -> None:
        self.add = problems.add

    # -- values

    def mapping(
        self, value: object, path: Path, allowed: Iterable[str] | None = None
    ) -> dict[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.add(path, f"{_kind(value)} stands where an object belongs.", "Use {…}.")
            return {}
        known = None if allowed is None else list(allowed)
        for key in value:
            if not isinstance(key, str):
                self.add(path, f"The key {key!r} is not text.", "Put it in quotes.")
            elif known is None and (flaw := text_flaw(key)):
                self.add((*path, key), f"The name {flaw}", "Take it out.")
            elif known is not None and key not in known:
                self.add((*path, key), f'"{key}" is not known here.', suggestion(key, known))
        return {key: item for key, item in value.items() if isinstance(key, str)}

    def items(self, value: object, path: Path) -> list[Any]:
        if value is None:
            return []
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            self.add(path, f"{_kind(value)} stands where a list belongs.", "Use […].")
            return []
        return list(value)

    def each(self, value: object, path: Path, read: Callable[[Any, Path], T]) -> tuple[T, ...]:
        return tuple(
            read(item, (*path, index)) for index, item in enumerate(self.items(value, path))
        )

    def name(self, value: object, path: Path, default: str = "") -> str:
        text = self.text(value, path)
        return default if text is None else text

    def text(self, value: object, path: Path) -> str | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.add(path, f"{_kind(value)} stands where text belongs.", "Put it in quotes.")
            return None
        if flaw := text_flaw(value):
            self.add(path, f"The text {flaw}", "Take it out.")
            return None
        return value

    def texts(self, value: object, path: Path) -> tuple[str, ...]:
        """A list of texts; a bare text is a list of one."""
        if isinstance(value, str):
            value = [value]
        found = []
        for index, item in enumerate(self.items(value, path)):
            text = self.text(item, (*path, index))
            if text is None:
                self.add((*path, index), "This entry is empty.", "Write it out, or remove it.")
            else:
                found.append(text)
        return tuple(found)

    def number(self, value: object, path: Path) -> float | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add(path, f"{_kind(value)} stands where a number belongs.", "Enter a number.")
            return None
        try:
            number = float(f"{value:.15g}")
        except (OverflowError, ValueError):
            number = float("inf")
        if flaw := number_flaw(number):
            self.add(path, f"This number {flaw}", "Use another unit, or mend it.")
            return None
        return number + 0.0  # -0 becomes 0

    def needed(self, value: object, path: Path, what: str, default: float) -> float:
        number = self.number(value, path)
        if number is None:
            self.add(path, f"{what} is missing.", "Enter a number.")
            return default
        return number

    def flag(self, value: object, path: Path) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        self.add(path, f"{_kind(value)} stands where true or false belongs.", "Mend it.")
        return None

    def triple(self, value: object, path: Path, what: str) -> Reservation | None:
        """A number or [low, base, high]."""
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            number = self.number(value, path)
            return None if number is None else Reservation(number)
        if len(value) != 3:
            found = f"The {what} has {len(value)} number(s)."
            self.add(path, found, "Give one number, or [low, base, high].")
            return None
        words = ("low", "base", "high")
        numbers = [self.number(item, (*path, index)) for index, item in enumerate(value)]
        for index, number in enumerate(numbers):
            if number is None:
                missing = f"The {words[index]} {what} is missing."
                self.add((*path, index), missing, "Enter a number.")
        low, base, high = numbers
        if low is None or base is None or high is None:
            return Reservation(base or 0.0)  # what is left of it is not judged as a range
        return Reservation(base, low, high)

    def pair(self, value: object, path: Path, what: str) -> tuple[float, float] | None:
        if value is None:
            return None
        names = (f"The low end of the {what}", f"The high end of the {what}")
        return self.two(value, path, what, names)

    def two(
        self, value: object, path: Path, what: str, names: tuple[str, str]
    ) -> tuple[float, float] | None:
        """A pair of numbers; None where one of them is wrong, so that nothing follows from it."""
        pair = self.items(value, path)
        if len(pair) != 2:
            self.add(
                path,
                f"The {what} is not a pair of numbers.",
                f"Give {'[x, value]' if what == 'point' else '[low, high]'}.",
            )
            return None
        numbers = [self.number(item, (*path, index)) for index, item in enumerate(pair)]
        for index, number in enumerate(numbers):
            if number is None:
                self.add((*path, index), f"{names[index]} is missing.", "Enter a number.")
        first, second = numbers
        return None if first is None or second is None else (first, second)

    def table(self, value: object, path: Path, read: Callable[[Any, Path], T]) -> Frozen[str, T]:
        """A dictionary from names to things."""
        return Frozen(
            {key: read(item, (*path, key)) for key, item in self.mapping(value, path).items()}
        )

    # -- the case

    def case(self, data: object) -> CaseParts:
        form = self.mapping(data, (), _CASE_KEYS)
        issues = self.each(form.get("issues"), ("issues",), self.issue)
        parties = self.each(form.get("parties"), ("parties",), self.party)
        order = CaseOrder(issues, parties)
        return CaseParts(
            name=self.name(form.get("name"), ("name",)),
            purpose=self.text(form.get("purpose"), ("purpose",)),
            as_at=self.text(form.get("as_at"), ("as_at",)),
            marking=self.text(form.get("marking"), ("marking",)),
            issues=issues,
            parties=tuple(order.party(party) for party in parties),
            packages=tuple(
                order.package(item)
                for item in self.each(form.get("packages"), ("packages",), self.package)
            ),
            no_deal=tuple(
                order.no_deal(item)
                for item in self.each(form.get("no_deal"), ("no_deal",), self.no_deal)
            ),
            red_lines=tuple(
                order.red_line(item)
                for item in self.each(form.get("red_lines"), ("red_lines",), self.red_line)
            ),
            rules=tuple(
                order.rule(item) for item in self.each(form.get("rules"), ("rules",), self.rule)
            ),
            interactions=tuple(
                order.interaction(item)
                for item in self.each(form.get("interactions"), ("interactions",), self.interaction)
            ),
            scenarios=tuple(
                order.scenario(item)
                for item in self.each(form.get("scenarios"), ("scenarios",), self.scenario)
            ),
            recommendations=self.each(
                form.get("recommendations"), ("recommendations",), self.recommendation
            ),
            sources=self.each(form.get("sources"), ("sources",), self.source),
        )

    def source(self, value: object, path: Path) -> Source:
        form = self.mapping(value, path, _SOURCE_KEYS)
        texts = {key: self.text(form.get(key), (*path, key)) for key in _SOURCE_KEYS[1:]}
        self.confidence(form, path)
        return Source(id=self.name(form.get("id"), (*path, "id")), **texts)

    def issue(self, value: object, path: Path) -> Issue:
        form = self.mapping(value, path, _ISSUE_KEYS)
        names = self.each(form.get("levels"), (*path, "levels"), self.name)
        only = self.each(form.get("no_deal_only"), (*path, "no_deal_only"), self.name)
        meaning = self.table(form.get("meaning"), (*path, "meaning"), self.text)
        source = self.table(form.get("source"), (*path, "source"), self.text)
        for key, known in (("meaning", meaning), ("source", source)):
            for level in known:
                if level not in (*names, *only):
                    what = f'"{level}" is not a level of this issue.'
                    self.add((*path, key, level), what, suggestion(level, (*names, *only)))
        levels = [(name, True) for name in names] + [(name, False) for name in only]
        return Issue(
            name=self.name(form.get("name"), (*path, "name")),
            levels=tuple(
                Level(name, deal, meaning.get(name), source.get(name)) for name, deal in levels
            ),
        )

    def party(self, value: object, path: Path) -> Party:
        form = self.mapping(value, path, _PARTY_KEYS)
        signs = self.flag(form.get("signs"), (*path, "signs"))
        power = self.number(form.get("power"), (*path, "power"))
        return Party(
            name=self.name(form.get("name"), (*path, "name")),
            criteria=self.each(form.get("criteria"), (*path, "criteria"), self.criterion),
            scores=self.table(form.get("scores"), (*path, "scores"), self.issue_scores),
            reservation=self.triple(
                form.get("reservation"), (*path, "reservation"), "reservation value"
            ),
            signs=True if signs is None else signs,
            power=1.0 if power is None else power,
            aspiration=self.number(form.get("aspiration"), (*path, "aspiration")),
            weights_are=self.weights_are(form.get("weights_are"), (*path, "weights_are")),
        )

    def weights_are(self, value: object, path: Path) -> WeightsAre:
        if value is None or value == "intervals":
            return "intervals"
        if value == "ordinal":
            return "ordinal"
        if not isinstance(value, Mapping):
            fix = 'Use "intervals", "ordinal" or {"dirichlet": concentration}.'
            self.add(path, f"{_kind(value)} does not say how the weights are.", fix)
            return "intervals"
        form = self.mapping(value, path, ("dirichlet",))
        concentration = form.get("dirichlet")
        return self.needed(concentration, (*path, "dirichlet"), "The concentration", 1.0)

    def criterion(self, value: object, path: Path) -> Criterion:
        form = self.mapping(value, path, _CRITERION_KEYS)
        meaning = self.mapping(form.get("meaning"), (*path, "meaning"), ("worst", "best"))
        points = self.each(form.get("points"), (*path, "points"), self.point)
        known_points = tuple(point for point in points if point is not None)
        low, high = (self.number(form.get(end), (*path, end)) for end in ("low", "high"))
        if any(
            number is None and form.get(end) is not None
            for end, number in (("low", low), ("high", high))
        ):
            low = high = None  # the other end alone is not judged
        return Criterion(
            name=self.name(form.get("name"), (*path, "name")),
            weight=self.needed(form.get("weight"), (*path, "weight"), "The weight", 1.0),
            direction=self.direction(form.get("direction"), (*path, "direction")),
            low=low,
            high=high,
            unit=self.text(form.get("unit"), (*path, "unit")),
            # Points of which one is wrong are not judged as a function.
            points=known_points if len(known_points) == len(points) else (),
            group=self.text(form.get("group"), (*path, "group")),
            weight_range=self.pair(
                form.get("weight_range"), (*path, "weight_range"), "range of the weight"
            ),
            worst=self.text(meaning.get("worst"), (*path, "meaning", "worst")),
            best=self.text(meaning.get("best"), (*path, "meaning", "best")),
            judged=self.judged(form.get("judged"), (*path, "judged")),
        )

    def direction(self, value: object, path: Path) -> Direction:
        if value is None or value == "max":
            return "max"
        if value == "min":
            return "min"
        self.add(path, f"{_kind(value)} is not a direction.", 'Use "max" or "min".')
        return "max"

    def point(self, value: object, path: Path) -> tuple[float, float] | None:
        number = int(path[-1]) + 1
        names = (f"The x of point {number}", f"The value of point {number}")
        return self.two(value, path, "point", names)

    def judged(self, value: object, path: Path) -> Judged | None:
        form = self.mapping(value, path, _JUDGED_KEYS)
        judged = Judged(
            method=self.text(form.get("method"), (*path, "method")),
            by=self.text(form.get("by"), (*path, "by")),
            on=self.text(form.get("on"), (*path, "on")),
            range=self.pair(form.get("range"), (*path, "range"), "range judged on"),
        )
        return None if judged == Judged() else judged

    def score(self, value: object, path: Path) -> Score:
        form = value if isinstance(value, Mapping) else {"score": value}
        known = self.mapping(form, path, _SCORE_KEYS)
        at = (*path, "score") if isinstance(value, Mapping) else path
        numbers = self.triple(known.get("score"), at, "score")
        if numbers is None:
            self.add(at, "The score is missing.", "Enter a number.")
            numbers = Reservation(0.0)
        return Score(
            base=numbers.base,
            low=numbers.low,
            high=numbers.high,
            basis=self.text(known.get("basis"), (*path, "basis")),
            source=self.text(known.get("source"), (*path, "source")),
            confidence=self.confidence(known, path),
        )

    def confidence(self, form: Mapping[str, object], path: Path) -> str | None:
        here = (*path, "confidence")
        word = self.text(form.get("confidence"), here)
        if word is not None and word not in CONFIDENCES:
            self.add(here, f'"{word}" is not a confidence.', f"Use {', '.join(CONFIDENCES)}.")
        return word

    def level_scores(self, value: object, path: Path) -> Frozen[str, Score]:
        return self.table(value, path, self.score)

    def issue_scores(self, value: object, path: Path) -> IssueScores:
        return self.table(value, path, self.level_scores)

    def direct_scores(self, value: object, path: Path) -> DirectScores:
        return self.table(value, path, self.level_scores)

    def settings(self, value: object, path: Path) -> Settings:
        return Frozen(
            {
                issue: self.name(level, (*path, issue))
                for issue, level in self.mapping(value, path).items()
                if level is not None
            }
        )

    def conditions(self, value: object, path: Path) -> Conditions:
        return self.table(value, path, self.texts)

    def package(self, value: object, path: Path) -> Package:
        form = self.mapping(value, path, _PACKAGE_KEYS)
        return Package(
            name=self.name(form.get("name"), (*path, "name")),
            settings=self.settings(form.get("settings"), (*path, "settings")),
            scores=self.direct_scores(form.get("scores"), (*path, "scores")),
            crosses=self.texts(form.get("crosses"), (*path, "crosses")),
            note=self.text(form.get("note"), (*path, "note")),
            outside=self.texts(form.get("outside"), (*path, "outside")),
            sequence=self.texts(form.get("sequence"), (*path, "sequence")),
            cost=self.text(form.get("cost"), (*path, "cost")),
            reversible=self.text(form.get("reversible"), (*path, "reversible")),
            source=self.text(form.get("source"), (*path, "source")),
        )

    def no_deal(self, value: object, path: Path) -> NoDeal:
        form = self.mapping(value, path, _NO_DEAL_KEYS)
        values = self.table(form.get("values"), (*path, "values"), self.number)
        return NoDeal(
            name=self.name(form.get("name"), (*path, "name")),
            by=self.text(form.get("by"), (*path, "by")),
            settings=self.settings(form.get("settings"), (*path, "settings")),
            scores=self.direct_scores(form.get("scores"), (*path, "scores")),
            values=Frozen(
                {party: number for party, number in values.items() if number is not None}
            ),
        )

    def red_line(self, value: object, path: Path) -> RedLine:
        form = self.mapping(value, path, _RED_LINE_KEYS)
        return RedLine(
            name=self.name(form.get("name"), (*path, "name"), _numbered("Red line", path)),
            party=self.name(form.get("party"), (*path, "party")),
            forbid=self.conditions(form.get("forbid"), (*path, "forbid")),
            stated=self.flag(form.get("stated"), (*path, "stated")),
            source=self.text(form.get("source"), (*path, "source")),
        )

    def rule(self, value: object, path: Path) -> Rule:
        form = self.mapping(value, path, _RULE_KEYS)
        return Rule(
            name=self.name(form.get("name"), (*path, "name"), _numbered("Rule", path)),
            when=self.conditions(form.get("if"), (*path, "if")),
            then=self.conditions(form.get("then"), (*path, "then")),
            forbid=self.conditions(form.get("forbid"), (*path, "forbid")),
            source=self.text(form.get("source"), (*path, "source")),
        )

    def interaction(self, value: object, path: Path) -> Interaction:
        form = self.mapping(value, path, _INTERACTION_KEYS)
        return Interaction(
            name=self.name(form.get("name"), (*path, "name"), _numbered("Interaction", path)),
            party=self.name(form.get("party"), (*path, "party")),
            criterion=self.name(form.get("criterion"), (*path, "criterion")),
            when=self.conditions(form.get("when"), (*path, "when")),
            score=self.score({key: form.get(key) for key in _SCORE_KEYS}, path),
        )

    def scenario(self, value: object, path: Path) -> Scenario:
        form = self.mapping(value, path, _SCENARIO_KEYS)
        return Scenario(
            name=self.name(form.get("name"), (*path, "name")),
            why=self.text(form.get("why"), (*path, "why")),
            parties=self.table(form.get("parties"), (*path, "parties"), self.change),
            lift=self.texts(form.get("lift"), (*path, "lift")),
        )

    def change(self, value: object, path: Path) -> PartyChange:
        form = self.mapping(value, path, ("weights", "reservation", "scores"))
        weights = self.table(form.get("weights"), (*path, "weights"), self.number)
        return PartyChange(
            weights=Frozen(
                {name: weight for name, weight in weights.items() if weight is not None}
            ),
            reservation=self.triple(
                form.get("reservation"), (*path, "reservation"), "reservation value"
            ),
            scores=self.table(form.get("scores"), (*path, "scores"), self.issue_scores),
        )

    def recommendation(self, value: object, path: Path) -> Recommendation:
        form = self.mapping(value, path, ("for", "package", "why"))
        return Recommendation(
            party=self.name(form.get("for"), (*path, "for")),
            package=self.name(form.get("package"), (*path, "package")),
            why=self.text(form.get("why"), (*path, "why")),
        )


def _numbered(kind: str, path: Path) -> str:
    return f"{kind} {int(path[-1]) + 1}"


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return f'"{str(value).lower()}"'
    if isinstance(value, int | float):
        shown = f"{value:g}" if isinstance(value, float) or abs(value) < 10**15 else "A huge number"
        return shown if shown[0].isalpha() else f"The number {shown}"
    if isinstance(value, str):
        return f'The text "{value if len(value) <= 40 else value[:39] + "…"}"'
    names = {dict: "An object", list: "A list", tuple: "A list", type(None): "Nothing"}
    return names.get(type(value), f"A {type(value).__name__}")


_CASE_KEYS = (
    "name", "purpose", "as_at", "marking", "sources", "issues", "parties", "packages", "no_deal",
    "red_lines", "rules", "interactions", "scenarios", "recommendations",
)  # fmt: skip
_SOURCE_KEYS = ("id", "statement", "date", "source", "url", "confidence")
_ISSUE_KEYS = ("name", "levels", "no_deal_only", "meaning", "source")
_PARTY_KEYS = (
    "name", "signs", "power", "aspiration", "reservation", "weights_are", "criteria", "scores",
)  # fmt: skip
_CRITERION_KEYS = (
    "name", "group", "weight", "weight_range", "direction", "low", "high", "unit", "points",
    "meaning", "judged",
)  # fmt: skip
_JUDGED_KEYS = ("method", "by", "on", "range")
_SCORE_KEYS = ("score", "basis", "source", "confidence")
_PACKAGE_KEYS = (
    "name", "settings", "scores", "crosses", "note", "outside", "sequence", "cost", "reversible",
    "source",
)  # fmt: skip
_NO_DEAL_KEYS = ("name", "by", "settings", "scores", "values")
_RED_LINE_KEYS = ("name", "party", "forbid", "stated", "source")
_RULE_KEYS = ("name", "if", "then", "forbid", "source")
_INTERACTION_KEYS = ("name", "party", "criterion", "when", *_SCORE_KEYS)
_SCENARIO_KEYS = ("name", "why", "parties", "lift")
