"""Parties' values over packages, as arrays (DESIGN §3.0–3.5; Keeney & Raiffa 1976).

`Model` compiles a case into look-up tables once and values any number of packages given as level
numbers; `evaluate` runs it over the listed packages and the no-deal alternatives. Numbers stay
unrounded up to the party value; V, r and g are rounded to 9 decimals once, so that "equal" means
the same here as in the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mcda.case import Case
from mcda.parts import Conditions, Criterion, DirectScores, Frozen, Interaction, NoDeal, Party
from mcda.span import direct_performances, span

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Booleans = npt.NDArray[np.bool_]

DECIMALS = 9
"""Decimals to which V, r and g are rounded before any comparison."""


def rounded(numbers: npt.ArrayLike) -> Floats:
    """Round to 9 decimals as Excel's ROUND does, halves away from zero.

    >>> rounded([0.0000000005, -0.0000000005, 1 / 3]).tolist()
    [1e-09, -1e-09, 0.333333333]
    """
    array = np.asarray(numbers, dtype=np.float64)
    scale = 10.0**DECIMALS
    return np.copysign(np.floor(np.abs(array) * scale + 0.5) / scale, array) + 0.0


def additive(values: Floats, shares: Floats) -> Floats:
    """Return Σ_c w_c v_c: the additive value.

    ``values``: (n, m), 0–100, more is better; ``shares``: (m,), summing to 1. Returns (n,).
    """
    total: Floats = values @ shares
    return total


@dataclass(frozen=True, slots=True)
class ValueFunction:
    """A piecewise linear value function through (x, value); its end segments go on beyond it.

    ``x`` and ``value``: (k,), k ≥ 2, x increasing; both empty where the range has no width, and
    the value then is 0 for all.
    """

    x: Floats
    value: Floats

    def __call__(self, performance: Floats) -> Floats:
        """Return values on 0–100 (beyond it outside the range) for performances of any shape.

        >>> linear = ValueFunction(np.array([0.0, 40.0]), np.array([0.0, 100.0]))
        >>> linear(np.array([0.0, 10.0, 50.0])).tolist()
        [0.0, 25.0, 125.0]
        """
        if not self.x.size:
            return np.zeros_like(performance)
        segment = np.clip(
            np.searchsorted(self.x, performance, side="right") - 1, 0, self.x.size - 2
        )
        slope = np.diff(self.value) / np.diff(self.x)
        result: Floats = self.value[segment] + slope[segment] * (performance - self.x[segment])
        return result


@dataclass(frozen=True, slots=True)
class PartyModel:
    """One party's tables: how level numbers become performances, values and a party value."""

    party: Party
    tables: tuple[Floats, ...]
    """For each issue, (levels, criteria): the base scores, 0 where the issue does not feed."""
    interactions: tuple[tuple[Conditions, int, float], ...]
    """(conditions, criterion, extra score)."""
    ranges: Floats
    """(criteria, 2): low and high of each value function, the span where the range is open."""
    functions: tuple[ValueFunction, ...]
    shares: Floats
    """(criteria,): the weights as shares of 1."""

    def values(self, performance: Floats) -> Floats:
        """Return values (n, criteria), 0–100, more is better, for performances (n, criteria)."""
        columns = [function(performance[:, index]) for index, function in enumerate(self.functions)]
        return np.column_stack(columns)


class Model:
    """A case compiled for computing with level numbers.

    A package is a row of integers, one for each issue: the place of its level in
    ``case.issues[i].level_names``. Levels are (n, issues) throughout.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self._place = {
            issue.name: (index, {level: at for at, level in enumerate(issue.level_names)})
            for index, issue in enumerate(case.issues)
        }
        self.parties = tuple(self._party(party) for party in case.parties)

    def levels(self, settings: Sequence[Mapping[str, str]]) -> Integers:
        """Return level numbers (n, issues) for complete settings (issue → level)."""
        rows = [
            [levels[row[issue]] for issue, (_, levels) in self._place.items()] for row in settings
        ]
        return np.array(rows, dtype=np.intp).reshape(len(rows), len(self._place))

    def matches(self, levels: Integers, conditions: Conditions) -> Booleans:
        """Return (n,): which packages have one of the named levels in every named issue."""
        result = np.ones(len(levels), dtype=np.bool_)
        for issue, names in conditions.items():
            index, places = self._place[issue]
            wanted = np.zeros(len(places), dtype=np.bool_)
            wanted[[places[name] for name in names]] = True
            result &= wanted[levels[:, index]]
        return result

    def performance(self, party: PartyModel, levels: Integers) -> Floats:
        """Return x (n, criteria), each in its criterion's unit: base scores plus interactions."""
        result = np.zeros((len(levels), len(party.party.criteria)))
        for index, table in enumerate(party.tables):
            result += table[levels[:, index]]
        for conditions, criterion, score in party.interactions:
            result[:, criterion] += score * self.matches(levels, conditions)
        return result

    def crosses(self, levels: Integers) -> Booleans:
        """Return (n, red lines): which red lines each package crosses."""
        columns = [self.matches(levels, line.forbid) for line in self.case.red_lines]
        return np.array(columns, dtype=np.bool_).reshape(len(columns), len(levels)).T

    def breaks(self, levels: Integers) -> Booleans:
        """Return (n, rules): which rules each package breaks."""
        columns = [
            self.matches(levels, rule.forbid)
            if rule.forbid
            else self.matches(levels, rule.when) & ~self.matches(levels, rule.then)
            for rule in self.case.rules
        ]
        return np.array(columns, dtype=np.bool_).reshape(len(columns), len(levels)).T

    def _party(self, party: Party) -> PartyModel:
        criteria = [criterion.name for criterion in party.criteria]
        tables = []
        for issue in self.case.issues:
            table = np.zeros((len(issue.levels), len(criteria)))
            for column, criterion in enumerate(criteria):
                scores = party.scores.get(criterion, Frozen()).get(issue.name)
                if scores:
                    table[:, column] = [scores[level].base for level in issue.level_names]
            tables.append(table)
        own = [item for item in self.case.interactions if item.party == party.name]
        ranges = np.array(
            [self._range(party, criterion, own) for criterion in party.criteria]
        ).reshape(len(criteria), 2)
        return PartyModel(
            party=party,
            tables=tuple(tables),
            interactions=tuple(
                (item.when, criteria.index(item.criterion), item.score.base) for item in own
            ),
            ranges=ranges,
            functions=tuple(
                _function(criterion, low, high)
                for criterion, (low, high) in zip(party.criteria, ranges, strict=True)
            ),
            shares=np.array(party.shares),
        )

    def _range(
        self, party: Party, criterion: Criterion, interactions: Sequence[Interaction]
    ) -> tuple[float, float]:
        if criterion.points:
            return criterion.points[0][0], criterion.points[-1][0]
        if criterion.low is not None and criterion.high is not None:
            return criterion.low, criterion.high
        direct = direct_performances(self.case, party.name, criterion.name)
        low, high = span(party, criterion.name, interactions, direct)
        return (
            low if criterion.low is None else criterion.low,
            high if criterion.high is None else criterion.high,
        )


def _function(criterion: Criterion, low: float, high: float) -> ValueFunction:
    if criterion.points:
        x, value = zip(*criterion.points, strict=True)
        return ValueFunction(np.array(x), np.array(value))
    if low == high:
        return ValueFunction(np.empty(0), np.empty(0))
    ends = (0.0, 100.0) if criterion.direction == "max" else (100.0, 0.0)
    return ValueFunction(np.array([low, high], dtype=np.float64), np.array(ends))


@dataclass(frozen=True)
class Alternatives:
    """Performances, values and contributions of some packages or no-deal alternatives.

    Each dictionary goes from party to an array (n, criteria of that party). ``contributions`` are
    share × value: they add up to the party value.
    """

    names: tuple[str, ...]
    performance: Mapping[str, Floats]
    values: Mapping[str, Floats]
    contributions: Mapping[str, Floats]
    party_values: Floats
    """(n, parties): V, rounded; NaN where it is neither computed nor stated."""


@dataclass(frozen=True)
class Evaluation:
    """The listed packages and the no-deal alternatives of a case, valued for every party.

    P parties, n listed packages, K no-deal alternatives; columns stand in the order of the case.
    """

    case: Case
    model: Model
    listed: Alternatives
    without_deal: Alternatives
    """The no-deal alternatives; later ones with what they inherit from the first."""
    reservation: Floats
    """(P,): r, the value of no deal."""
    crosses: Booleans
    """(n, red lines): of packages with settings; a directly scored one states `own_crosses`."""
    breaks: Booleans
    """(n, rules)."""
    refused: Booleans
    """(n, P): whether the package crosses a red line of the party."""

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties in the order of the case."""
        return self.case.party_names

    @property
    def packages(self) -> tuple[str, ...]:
        """The listed packages in the order of the case."""
        return self.listed.names

    @property
    def no_deal(self) -> tuple[str, ...]:
        """The no-deal alternatives in the order of the case."""
        return self.without_deal.names

    @property
    def performance(self) -> Mapping[str, Floats]:
        """Party → (n, criteria): performances of the listed packages, in each criterion's unit."""
        return self.listed.performance

    @property
    def values(self) -> Mapping[str, Floats]:
        """Party → (n, criteria): values of the listed packages, 0–100, more is better."""
        return self.listed.values

    @property
    def contributions(self) -> Mapping[str, Floats]:
        """Party → (n, criteria): share × value; the rows add up to the party value."""
        return self.listed.contributions

    @property
    def party_values(self) -> Floats:
        """(n, P): V of the listed packages, rounded to 9 decimals."""
        return self.listed.party_values

    @property
    def no_deal_performance(self) -> Mapping[str, Floats]:
        """Party → (K, criteria): performances of the no-deal alternatives."""
        return self.without_deal.performance

    @property
    def no_deal_values(self) -> Floats:
        """(K, P): V of the no-deal alternatives, rounded; NaN where there is none."""
        return self.without_deal.party_values

    @property
    def ranges(self) -> Mapping[str, Floats]:
        """Party → (criteria, 2): low and high of each value function."""
        return {model.party.name: model.ranges for model in self.model.parties}

    @cached_property
    def surplus(self) -> Floats:
        """(n, P): g = V − r, rounded to 9 decimals."""
        return rounded(self.party_values - self.reservation)

    @cached_property
    def reservation_under(self) -> Floats:
        """(K, P): r under each no-deal alternative; the first row is `reservation`."""
        first = self.no_deal_values[:1]
        shift = np.nan_to_num(self.no_deal_values - first, nan=0.0)
        return rounded(self.reservation + shift)

    @cached_property
    def allowed(self) -> Booleans:
        """(n,): breaks no rule and crosses no party's red line."""
        return ~_any_of(self.breaks) & ~_any_of(self.refused)

    @cached_property
    def acceptable(self) -> Booleans:
        """(n, P): crosses no red line of the party, and its surplus is 0 or more."""
        return ~self.refused & (self.surplus >= 0)

    @cached_property
    def ranked(self) -> Booleans:
        """(n, P): breaks no rule and crosses no red line of that party; the others have no rank."""
        return ~_any_of(self.breaks)[:, None] & ~self.refused

    @cached_property
    def in_zone(self) -> Booleans:
        """(n,): allowed and acceptable to every signer."""
        signs = np.array([party.signs for party in self.case.parties])
        return self.allowed & ~_any_of(~self.acceptable[:, signs])

    def crossed_by(self, package: int) -> tuple[str, ...]:
        """Return the parties whose red line the listed package of that number crosses."""
        return tuple(
            party for party, refuses in zip(self.parties, self.refused[package], strict=True)
            if refuses
        )  # fmt: skip

    def rules_broken(self, package: int) -> tuple[str, ...]:
        """Return the names of the rules that the listed package of that number breaks."""
        broken = self.breaks[package]
        return tuple(
            rule.name for rule, breaks in zip(self.case.rules, broken, strict=True) if breaks
        )

    def red_lines_crossed(self, package: int) -> tuple[str, ...]:
        """Return the names of the red lines that the listed package of that number crosses."""
        crossed = self.crosses[package]
        return tuple(
            line.name for line, crosses in zip(self.case.red_lines, crossed, strict=True) if crosses
        )


def _any_of(flags: Booleans) -> Booleans:
    """Whether any flag of a row (n, k) is set; (n,)."""
    result: Booleans = np.logical_or.reduce(flags, axis=1)
    return result


def evaluate(case: Case) -> Evaluation:
    """Value the listed packages and the no-deal alternatives of a case for every party."""
    model = Model(case)
    packages = case.packages
    listed = _alternatives(
        model,
        tuple(package.name for package in packages),
        [package.settings for package in packages],
        [package.scores for package in packages],
        [{} for _ in packages],
    )
    inherited = inherit(case.no_deal)
    without_deal = _alternatives(
        model,
        tuple(item.name for item in inherited),
        [item.settings for item in inherited],
        [item.scores for item in inherited],
        [item.values for item in inherited],
    )
    has_settings = np.array([bool(package.settings) for package in packages], dtype=np.bool_)
    with_settings = model.levels([package.settings for package in packages if package.settings])
    crosses = np.zeros((len(packages), len(case.red_lines)), dtype=np.bool_)
    breaks = np.zeros((len(packages), len(case.rules)), dtype=np.bool_)
    crosses[has_settings] = model.crosses(with_settings)
    breaks[has_settings] = model.breaks(with_settings)
    refused = np.array(
        [[party in package.crosses for party in case.party_names] for package in packages],
        dtype=np.bool_,
    ).reshape(len(packages), len(case.parties))
    for column, party in enumerate(case.party_names):
        own = [index for index, line in enumerate(case.red_lines) if line.party == party]
        refused[:, column] |= _any_of(crosses[:, own])
    return Evaluation(
        case=case,
        model=model,
        listed=listed,
        without_deal=without_deal,
        reservation=_reservation(case, without_deal),
        crosses=crosses,
        breaks=breaks,
        refused=refused,
    )


def inherit(no_deal: Sequence[NoDeal]) -> tuple[NoDeal, ...]:
    """Complete the later no-deal alternatives with what they do not list, from the first.

    Settings, direct scores and stated values are inherited alike.
    """
    if not no_deal:
        return ()
    first = no_deal[0]
    return tuple(
        NoDeal(
            name=item.name,
            by=item.by,
            settings=Frozen({**first.settings, **item.settings}),
            scores=_merged(first.scores, item.scores),
            values=Frozen({**first.values, **item.values}),
        )
        for item in no_deal
    )


def _merged(first: DirectScores, later: DirectScores) -> DirectScores:
    return Frozen(
        {
            party: Frozen({**first.get(party, {}), **later.get(party, {})})
            for party in {**first, **later}
        }
    )


def _alternatives(
    model: Model,
    names: tuple[str, ...],
    settings: Sequence[Mapping[str, str]],
    direct: Sequence[DirectScores],
    stated: Sequence[Mapping[str, float]],
) -> Alternatives:
    with_settings = [index for index, row in enumerate(settings) if row]
    levels = model.levels([settings[index] for index in with_settings])
    performance: dict[str, Floats] = {}
    values: dict[str, Floats] = {}
    contributions: dict[str, Floats] = {}
    party_values = np.empty((len(names), len(model.parties)))
    for column, party in enumerate(model.parties):
        name = party.party.name
        x = np.full((len(names), len(party.party.criteria)), np.nan)
        x[with_settings] = model.performance(party, levels)
        for row, scores in enumerate(direct):
            for at, criterion in enumerate(party.party.criteria):
                if criterion.name in scores.get(name, {}):
                    x[row, at] = scores[name][criterion.name].base
        performance[name] = x
        values[name] = party.values(x)
        contributions[name] = values[name] * party.shares
        party_values[:, column] = rounded(additive(values[name], party.shares))
        for row, by_party in enumerate(stated):
            if name in by_party:
                party_values[row, column] = rounded(by_party[name])
    return Alternatives(names, performance, values, contributions, party_values)


def _reservation(case: Case, without_deal: Alternatives) -> Floats:
    first = without_deal.party_values[0] if without_deal.names else np.zeros(len(case.parties))
    stated = [party.reservation for party in case.parties]
    return rounded(
        [
            value if reservation is None else reservation.base
            for value, reservation in zip(first, stated, strict=True)
        ]
    )
