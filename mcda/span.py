"""The span of a criterion: the range that its scores can reach (DESIGN §3.2).

It ignores rules, red lines and which no deal applies, so that adding one of those never changes a
value, and a sheet can compute it.
"""

from __future__ import annotations

from collections.abc import Iterable

from mcda.parts import CaseParts, Interaction, Party, Score


def direct_performances(case: CaseParts, party: str, criterion: str) -> list[float]:
    """Return what is given directly on a party's criterion, packages first, then no deal."""
    given = [package.scores for package in case.packages]
    given += [no_deal.scores for no_deal in case.no_deal]
    return [scores[party][criterion].base for scores in given if criterion in scores.get(party, {})]


def span(
    party: Party,
    criterion: str,
    interactions: Iterable[Interaction],
    direct: Iterable[float],
) -> tuple[float, float]:
    """Return the least and the greatest performance on a criterion, in the criterion's unit.

    Over the issues that feed the criterion: the sums of the least and of the greatest base score
    of any level, plus the negative and the positive scores of its interactions; widened to the
    directly given performances in ``direct``, which are the whole span where no issue feeds the
    criterion. (0, 0) where there is nothing at all.

    >>> from mcda.parts import Criterion, Frozen, Score
    >>> levels = Frozen({"None": Score(0), "Full": Score(40)})
    >>> scores = Frozen({"Relief": Frozen({"Banking": levels})})
    >>> russia = Party("Russia", (Criterion("Relief", 1),), scores)
    >>> span(russia, "Relief", (), ())
    (0.0, 40.0)
    """
    feeding: Iterable[Iterable[Score]] = [
        levels.values() for levels in party.scores.get(criterion, {}).values()
    ]
    bases = [[score.base for score in levels] for levels in feeding]
    extras = [
        interaction.score.base
        for interaction in interactions
        if interaction.party == party.name and interaction.criterion == criterion
    ]
    low = sum(min(scores) for scores in bases) + sum(min(0.0, extra) for extra in extras)
    high = sum(max(scores) for scores in bases) + sum(max(0.0, extra) for extra in extras)
    given = list(direct)
    if not given:
        return float(low), float(high)
    if not bases and not extras:
        return float(min(given)), float(max(given))
    return float(min(low, *given)), float(max(high, *given))
