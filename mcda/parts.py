"""The parts of a case: issues, parties, packages, rules and what belongs to them, all frozen.

Use them through :mod:`mcda.case`, which names them all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Never, TypeVar

K = TypeVar("K")
V = TypeVar("V")

Direction = Literal["max", "min"]
WeightsAre = Literal["intervals", "ordinal"] | float
"""How uncertain weights are read: intervals, an order only, or a Dirichlet concentration."""


class Frozen(dict[K, V]):
    """A dictionary that cannot be changed once it is made."""

    def _refuse(self, *_: object, **__: object) -> Never:
        raise TypeError("a case is frozen; make a new one with dataclasses.replace")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Frozen[K, V]], tuple[dict[K, V]]]:
        return (Frozen, (dict(self),))


Settings = Frozen[str, str]
"""Issue → level."""
Conditions = Frozen[str, tuple[str, ...]]
"""Issue → levels: several issues mean all of them, several levels any of them."""


@dataclass(frozen=True, slots=True)
class Level:
    """A possible setting of an issue; ``deal`` is false where it occurs only without agreement."""

    name: str
    deal: bool = True
    meaning: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """What is negotiated, with its levels in order: those of a deal, then those of no deal only."""

    name: str
    levels: tuple[Level, ...]

    @property
    def level_names(self) -> tuple[str, ...]:
        """All levels, those of no deal only included."""
        return tuple(level.name for level in self.levels)

    @property
    def deal_levels(self) -> tuple[str, ...]:
        """The levels that a package can have."""
        return tuple(level.name for level in self.levels if level.deal)


@dataclass(frozen=True, slots=True)
class Score:
    """How something performs on a criterion, in the criterion's own unit.

    ``low`` and ``high`` are both given or both absent; low ≤ base ≤ high.
    """

    base: float
    low: float | None = None
    high: float | None = None
    basis: str | None = None
    source: str | None = None
    confidence: str | None = None

    @property
    def has_evidence(self) -> bool:
        """Whether anything beside the base score is known."""
        extras = (self.low, self.basis, self.source, self.confidence)
        return any(extra is not None for extra in extras)


@dataclass(frozen=True, slots=True)
class Judged:
    """How, by whom, when and on which range a swing weight was judged."""

    method: str | None = None
    by: str | None = None
    on: str | None = None
    range: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a party cares about.

    ``weight`` is a swing weight in any non-negative points; ``low`` < ``high`` are numbers in the
    criterion's unit, None where the range is left open (the span); ``points`` are (x, value) of a
    piecewise linear value function, empty where it is linear.
    """

    name: str
    weight: float
    direction: Direction = "max"
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    points: tuple[tuple[float, float], ...] = ()
    group: str | None = None
    weight_range: tuple[float, float] | None = None
    worst: str | None = None
    best: str | None = None
    judged: Judged | None = None

    @property
    def weight_in_range(self) -> bool:
        """Whether the weight lies in its own range; true where it has none."""
        return self.weight_range is None or (
            self.weight_range[0] <= self.weight <= self.weight_range[1]
        )


@dataclass(frozen=True, slots=True)
class Reservation:
    """A stated value of no deal, 0–100 on the party's own scale; it may lie outside."""

    base: float
    low: float | None = None
    high: float | None = None


IssueScores = Frozen[str, Frozen[str, Score]]
"""Issue → level → score."""
DirectScores = Frozen[str, Frozen[str, Score]]
"""Party → criterion → score, where there are no issues behind a package."""


@dataclass(frozen=True, slots=True)
class Party:
    """An opponent or ally with its own criteria, weights, scores, no-deal value and power."""

    name: str
    criteria: tuple[Criterion, ...]
    scores: Frozen[str, IssueScores] = field(default_factory=Frozen)
    """Criterion → issue → level → score."""
    reservation: Reservation | None = None
    signs: bool = True
    power: float = 1.0
    aspiration: float | None = None
    weights_are: WeightsAre = "intervals"

    def criterion(self, name: str) -> Criterion:
        """Return the criterion of that name; KeyError if there is none."""
        for criterion in self.criteria:
            if criterion.name == name:
                return criterion
        raise KeyError(name)

    @property
    def shares(self) -> tuple[float, ...]:
        """The weights as shares of 1, in the order of the criteria."""
        total = sum(criterion.weight for criterion in self.criteria)
        return tuple(criterion.weight / total for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Package:
    """One level for each issue (``settings``), or scored directly (``scores``), never both."""

    name: str
    settings: Settings = field(default_factory=Frozen)
    scores: DirectScores = field(default_factory=Frozen)
    crosses: tuple[str, ...] = ()
    """Parties whose red line a directly scored package crosses."""
    note: str | None = None
    outside: tuple[str, ...] = ()
    """Terms that the model does not carry."""
    sequence: tuple[str, ...] = ()
    cost: str | None = None
    reversible: str | None = None
    source: str | None = None

    @property
    def is_direct(self) -> bool:
        """Whether the package is scored directly, with no issues behind it."""
        return bool(self.scores)


@dataclass(frozen=True, slots=True)
class NoDeal:
    """What happens without agreement. The first one is the base; later ones list what differs."""

    name: str
    by: str | None = None
    settings: Settings = field(default_factory=Frozen)
    scores: DirectScores = field(default_factory=Frozen)
    values: Frozen[str, float] = field(default_factory=Frozen)
    """Party → stated value of this alternative, instead of a computed one."""


@dataclass(frozen=True, slots=True)
class RedLine:
    """Levels, or combinations, that a party refuses whatever else is offered."""

    name: str
    party: str
    forbid: Conditions
    stated: bool | None = None
    """True where the party said so, False where it is inferred, None where that is not known."""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A combination that cannot happen: ``when`` (JSON ``if``) needs ``then``; or ``forbid``."""

    name: str
    when: Conditions = field(default_factory=Frozen)
    then: Conditions = field(default_factory=Frozen)
    forbid: Conditions = field(default_factory=Frozen)
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """An extra score on a party's criterion when levels occur together."""

    name: str
    party: str
    criterion: str
    when: Conditions
    score: Score


@dataclass(frozen=True, slots=True)
class PartyChange:
    """What a scenario changes for one party."""

    weights: Frozen[str, float] = field(default_factory=Frozen)
    reservation: Reservation | None = None
    scores: Frozen[str, IssueScores] = field(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of changes, and of red lines or rules lifted."""

    name: str
    why: str | None = None
    parties: Frozen[str, PartyChange] = field(default_factory=Frozen)
    lift: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The analyst's own recommendation to one party; the program's ranking stands beside it."""

    party: str
    package: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from, with its date."""

    id: str
    statement: str | None = None
    date: str | None = None
    source: str | None = None
    url: str | None = None
    confidence: str | None = None


@dataclass(frozen=True, slots=True)
class CaseParts:
    """The parts of a case together, not yet validated; `mcda.case.Case` is the validated form."""

    name: str
    parties: tuple[Party, ...]
    issues: tuple[Issue, ...] = ()
    packages: tuple[Package, ...] = ()
    no_deal: tuple[NoDeal, ...] = ()
    red_lines: tuple[RedLine, ...] = ()
    rules: tuple[Rule, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    sources: tuple[Source, ...] = ()
    purpose: str | None = None
    as_at: str | None = None
    marking: str | None = None
