"""Changing weights: one share is set, the others keep their proportions.

Weights stay in points, and only the points of the criterion that is moved change: the others are
then in proportion by themselves, with what is known about how each of them was judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mcda.case import Case
from mcda.parts import Criterion, Judged


def set_share(
    weights: Sequence[float], at: int, share: float, /, *, otherwise: Sequence[float] | None = None
) -> tuple[float, ...]:
    """Return weights in which one criterion has the given share and the others their proportions.

    Args:
        weights: Swing weights in points, 0 or more, not all 0.
        at: Which of them is set.
        share: Its new share of 1, from 0 to 1.
        otherwise: Where all others are 0, so that there is no proportion to keep, the weights
            whose proportions they take (the stated ones, say); without it, or where those are 0
            too, they share equally.

    Returns:
        As many weights, in points. A single criterion keeps its weight, whatever the share.

    Raises:
        ValueError: The share is not between 0 and 1.

    Example:
        >>> set_share([60, 30, 10], 0, 0.5)
        (40.0, 30.0, 10.0)
        >>> set_share([60, 30, 10], 0, 1)
        (60.0, 0.0, 0.0)
        >>> set_share([60, 0, 0], 0, 0.5, otherwise=[60, 30, 10])
        (40.0, 30.0, 10.0)
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share is from 0 to 1, not {share}")
    if len(weights) == 1:
        return (float(weights[0]),)
    if share == 1:
        full = weights[at] or sum(weights)
        return tuple(float(full if index == at else 0) for index in range(len(weights)))
    kept = _proportions(weights, at, otherwise)
    others = sum(kept) - kept[at]
    moved = others * share / (1 - share)
    return tuple(float(moved if index == at else kept[index]) for index in range(len(weights)))


def _proportions(
    weights: Sequence[float], at: int, otherwise: Sequence[float] | None
) -> Sequence[float]:
    """The first of several weights in which not all but one are 0, that one taken out."""
    for candidate in (weights, otherwise or ()):
        others = [0.0 if index == at else weight for index, weight in enumerate(candidate)]
        if any(others):
            return others
    return [float(index != at) for index in range(len(weights))]


def percentages(weights: Sequence[float], /) -> tuple[int, ...]:
    """Return shares as whole percentages that add up to 100, by the largest remainders.

    ``weights``: points, 0 or more, not all 0. What is a whole percentage already stays so.

    >>> percentages([1, 1, 1])
    (34, 33, 33)
    """
    total = sum(weights)
    exact = [round(100 * weight / total, 9) for weight in weights]
    whole = [int(part) for part in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in by_remainder[: 100 - sum(whole)]:
        whole[index] += 1
    return tuple(whole)


def with_weights(case: Case, party: str, weights: Sequence[float], /, *, method: str) -> Case:
    """Return the case with other weights of a party, in points, in the order of its criteria.

    A criterion whose weight changes loses its low and high and the record of how its weight was
    judged, which spoke of the old weight; ``method`` says how the new one came about. Weights are
    rounded to 15 significant digits, as they are on their way through a file.

    Raises:
        KeyError: The case has no such party.
        CaseProblem: The weights are not weights: negative, all 0, or not finite.
    """
    owner = case.party(party)
    criteria = tuple(
        _reweighed(criterion, float(f"{weight:.15g}"), method)
        for criterion, weight in zip(owner.criteria, weights, strict=True)
    )
    parties = tuple(
        replace(one, criteria=criteria) if one.name == party else one for one in case.parties
    )
    return replace(case, parties=parties)


def _reweighed(criterion: Criterion, weight: float, method: str) -> Criterion:
    if weight == criterion.weight:
        return criterion
    return replace(criterion, weight=weight, weight_range=None, judged=Judged(method=method))
