"""The order of a case: what is keyed by name stands in the order in which the case lists the names.

Two inputs that say the same in another order are then the same case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from mcda.parts import (
    Conditions,
    DirectScores,
    Frozen,
    Interaction,
    Issue,
    IssueScores,
    NoDeal,
    Package,
    Party,
    PartyChange,
    RedLine,
    Rule,
    Scenario,
)

T = TypeVar("T")


class CaseOrder:
    """Puts what is keyed by name into the order of the case; unknown names keep theirs, last."""

    def __init__(self, issues: Sequence[Issue], parties: Sequence[Party]) -> None:
        self.levels = {issue.name: issue.level_names for issue in issues}
        self.criteria = {
            party.name: tuple(criterion.name for criterion in party.criteria) for party in parties
        }

    def party(self, party: Party) -> Party:
        """Order a party's scores by criterion, issue and level; drop what is empty."""
        criteria = self.criteria.get(party.name, ())
        scores = {
            criterion: self.issues(issues)
            for criterion, issues in in_order(party.scores, criteria).items()
        }
        return replace(party, scores=Frozen({key: value for key, value in scores.items() if value}))

    def issues(self, scores: IssueScores) -> IssueScores:
        """Order scores by issue and level."""
        return Frozen(
            {
                issue: in_order(levels, self.levels.get(issue, ()))
                for issue, levels in in_order(scores, self.levels).items()
                if levels
            }
        )

    def direct(self, scores: DirectScores) -> DirectScores:
        """Order direct scores by party and criterion."""
        return Frozen(
            {
                party: in_order(criteria, self.criteria.get(party, ()))
                for party, criteria in in_order(scores, self.criteria).items()
                if criteria
            }
        )

    def conditions(self, conditions: Conditions) -> Conditions:
        """Order conditions by issue and level."""
        return Frozen(
            {
                issue: tuple(sorted(levels, key=_rank(self.levels.get(issue, ()))))
                for issue, levels in in_order(conditions, self.levels).items()
            }
        )

    def package(self, package: Package) -> Package:
        """Order a package's settings, direct scores and crossed parties."""
        return replace(
            package,
            settings=in_order(package.settings, self.levels),
            scores=self.direct(package.scores),
            crosses=tuple(sorted(package.crosses, key=_rank(self.criteria))),
        )

    def no_deal(self, no_deal: NoDeal) -> NoDeal:
        """Order what a no-deal alternative lists."""
        return replace(
            no_deal,
            settings=in_order(no_deal.settings, self.levels),
            scores=self.direct(no_deal.scores),
            values=in_order(no_deal.values, self.criteria),
        )

    def red_line(self, line: RedLine) -> RedLine:
        """Order what a red line forbids."""
        return replace(line, forbid=self.conditions(line.forbid))

    def rule(self, rule: Rule) -> Rule:
        """Order the parts of a rule."""
        return replace(
            rule,
            when=self.conditions(rule.when),
            then=self.conditions(rule.then),
            forbid=self.conditions(rule.forbid),
        )

    def interaction(self, interaction: Interaction) -> Interaction:
        """Order the conditions of an interaction."""
        return replace(interaction, when=self.conditions(interaction.when))

    def scenario(self, scenario: Scenario) -> Scenario:
        """Order a scenario's changes; drop parties for which nothing changes."""
        changes = {
            name: PartyChange(
                weights=in_order(change.weights, self.criteria.get(name, ())),
                reservation=change.reservation,
                scores=Frozen(
                    {
                        criterion: ordered
                        for criterion, issues in in_order(
                            change.scores, self.criteria.get(name, ())
                        ).items()
                        if (ordered := self.issues(issues))
                    }
                ),
            )
            for name, change in in_order(scenario.parties, self.criteria).items()
        }
        return replace(
            scenario,
            parties=Frozen({name: item for name, item in changes.items() if item != PartyChange()}),
        )


def _rank(order: Iterable[str]) -> Callable[[str], int]:
    places = {name: place for place, name in enumerate(order)}
    return lambda name: places.get(name, len(places))


def in_order(table: Mapping[str, T], order: Iterable[str]) -> Frozen[str, T]:
    """Return ``table`` with its keys in ``order``; keys that are not in it come last."""
    rank = _rank(order)
    return Frozen({key: table[key] for key in sorted(table, key=rank)})
