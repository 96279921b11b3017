"""What the noting checks count when the workbook is made: their cached results.

A valid case passes every check that can fail; what may be noted in it is counted here, so that a
program that shows results without computing them shows the truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mcda.case import Case
from mcda.parts import Criterion, DirectScores, Party
from mcda.span import direct_performances, span
from mcda.values import Evaluation

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Noted:
    """Counts of the noting checks."""

    without_evidence: int
    open_ranges: int
    narrow_ranges: int
    no_width: int
    changed_ranges: int
    weights_outside: int
    values_outside: int
    nothing_allowed: int
    empty_zone: int


def noted(evaluation: Evaluation) -> Noted:
    """Count what the noting checks of a new workbook find."""
    criteria = list(_criteria(evaluation))
    listed = bool(evaluation.packages)
    outside = sum(
        int(np.sum((values < -TOLERANCE) | (values > 100 + TOLERANCE)))
        for values in evaluation.values.values()
    )
    return Noted(
        without_evidence=_without_evidence(evaluation),
        open_ranges=sum(is_open(criterion) for _, criterion, _ in criteria),
        narrow_ranges=sum(_narrow(evaluation, *row) for row in criteria),
        no_width=sum(
            not criterion.points
            and criterion.low is None
            and criterion.high is None
            and low == high
            for _, criterion, (low, high) in criteria
        ),
        changed_ranges=sum(_changed(criterion, now) for _, criterion, now in criteria),
        weights_outside=sum(not criterion.weight_in_range for _, criterion, _ in criteria),
        values_outside=outside,
        nothing_allowed=int(listed and not evaluation.allowed.any()),
        empty_zone=int(listed and not evaluation.in_zone.any()),
    )


def is_open(criterion: Criterion) -> bool:
    """Whether an end of the criterion's range follows the scores."""
    return not criterion.points and (criterion.low is None or criterion.high is None)


def _criteria(evaluation: Evaluation) -> Iterator[tuple[Party, Criterion, tuple[float, float]]]:
    for party in evaluation.case.parties:
        rows = evaluation.ranges[party.name].tolist()
        for criterion, (low, high) in zip(party.criteria, rows, strict=True):
            yield party, criterion, (low, high)


def _narrow(
    evaluation: Evaluation, party: Party, criterion: Criterion, now: tuple[float, float]
) -> bool:
    case = evaluation.case
    direct = direct_performances(case, party.name, criterion.name)
    low, high = span(party, criterion.name, case.interactions, direct)
    return now[0] > low + TOLERANCE or now[1] < high - TOLERANCE


def _direct(case: Case) -> list[DirectScores]:
    return [*(item.scores for item in case.packages), *(item.scores for item in case.no_deal)]


def _changed(criterion: Criterion, now: tuple[float, float]) -> bool:
    judged = criterion.judged.range if criterion.judged else None
    if judged is None:
        return False
    return any(round(was - is_, 9) != 0 for was, is_ in zip(judged, now, strict=True))


def _without_evidence(evaluation: Evaluation) -> int:
    case = evaluation.case
    scores = [
        score
        for party in case.parties
        for issues in party.scores.values()
        for levels in issues.values()
        for score in levels.values()
    ]
    scores += [
        score
        for given in _direct(case)
        for criteria in given.values()
        for score in criteria.values()
    ]
    return sum(score.basis is None and score.source is None for score in scores)
