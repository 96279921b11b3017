"""PROMETHEE II: net flows of packages by comparing each with every other, one criterion at a time.

Brans & Vincke (1985), Brans, Vincke & Mareschal (1986). The flows are computed without forming the
pairs: each column is sorted once and every package finds by bisection how many others it is
preferred to, O(m n log n) in place of O(m n²) (Calders & Van Assche 2016, arXiv:1603.00091).

The Gaussian preference function is left out: it has no such sum, so that it could only be had by
comparing all pairs or by approximation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DIGITS = 12
"""Performances are read to this many significant digits of the greatest one of their column."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Any difference is a full preference; for criteria with few levels."""


@dataclass(frozen=True, slots=True)
class Linear:
    """No preference up to ``indifference``, growing in a line to a full one at ``preference``.

    Both in the criterion's unit, 0 ≤ indifference ≤ preference. With indifference 0 this is the
    V-shape, with both equal the U-shape: a step just above the threshold.
    """

    indifference: float
    preference: float

    def __post_init__(self) -> None:
        _check_thresholds(self.indifference, self.preference)


@dataclass(frozen=True, slots=True)
class Level:
    """No preference up to ``indifference``, half up to ``preference``, full above it.

    Both in the criterion's unit, 0 ≤ indifference ≤ preference.
    """

    indifference: float
    preference: float

    def __post_init__(self) -> None:
        _check_thresholds(self.indifference, self.preference)


PreferenceFunction = Usual | Linear | Level


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """How strongly each of n packages is preferred to the others, on average.

    ``positive`` and ``negative`` have shape (n,) and lie within 0–1; ``net`` is their difference,
    within -1 to 1, more is better, and sums to 0. ``by_criterion`` has shape (n, m): the net flow
    on each criterion alone, before weighting.
    """

    positive: Floats
    negative: Floats
    net: Floats
    by_criterion: Floats


def promethee_ii(
    matrix: ArrayLike,
    weights: ArrayLike,
    maximise: ArrayLike,
    /,
    *,
    functions: PreferenceFunction | Sequence[PreferenceFunction] | None = None,
) -> Flows:
    """Compute the flows of n packages over m criteria, in O(m n log n) time and O(m n) memory.

    Args:
        matrix: Performances, shape (n, m), finite, each column in its criterion's unit.
        weights: Shares, shape (m,), summing to 1.
        maximise: Shape (m,), true where more is better.
        functions: One preference function for all criteria, or one each; usual if none is given.

    Returns:
        The flows; all 0 where there is only one package. Ties are exact: performances are compared
        as whole numbers of a step of 12 significant digits, so that 0.1 + 0.2 equals 0.3 and a
        difference that meets a threshold meets it whatever its binary rounding.

    Example:
        >>> flows = promethee_ii([[3, 1], [2, 2], [1, 3]], [0.6, 0.4], [True, True])
        >>> flows.net.round(6).tolist()
        [0.2, 0.0, -0.2]
    """
    performances = np.asarray(matrix, dtype=np.float64)
    n, m = performances.shape
    shares = np.asarray(weights, dtype=np.float64)
    upward = np.asarray(maximise, dtype=bool)
    each = _one_each(functions, m)
    positive, negative = np.zeros(n), np.zeros(n)
    by_criterion = np.zeros((n, m))
    for c in range(m):
        column = performances[:, c] if upward[c] else -performances[:, c]
        ahead, behind = _column_flows(column, each[c])
        positive += shares[c] * ahead
        negative += shares[c] * behind
        by_criterion[:, c] = ahead - behind
    return Flows(positive, negative, by_criterion @ shares + 0.0, by_criterion)


def _check_thresholds(indifference: float, preference: float) -> None:
    if not (0 <= indifference <= preference < math.inf):
        raise ValueError(
            f"indifference is {indifference} and preference {preference}; "
            "give 0 <= indifference <= preference, in the criterion's unit"
        )


def _one_each(
    functions: PreferenceFunction | Sequence[PreferenceFunction] | None, m: int
) -> Sequence[PreferenceFunction]:
    if functions is None:
        return [Usual()] * m
    if isinstance(functions, (Usual, Linear, Level)):
        return [functions] * m
    if len(functions) != m:
        raise ValueError(f"{len(functions)} preference functions for {m} criteria; give one each")
    return functions


def _column_flows(column: Floats, function: PreferenceFunction) -> tuple[Floats, Floats]:
    """Return positive and negative flows, shape (n,), on one column where more is better."""
    n = len(column)
    if n < 2:
        return np.zeros(n), np.zeros(n)
    thresholds = () if isinstance(function, Usual) else (function.indifference, function.preference)
    steps, (q, p) = _whole_steps(column, thresholds or (0.0, 0.0))
    order = np.argsort(steps)
    ascending = steps[order]
    if isinstance(function, Linear) and p > q:
        ahead, behind = _linear(ascending, q, p)
    else:
        ahead, behind = _level(ascending, q, q if isinstance(function, Linear) else p)
    back = np.empty((2, n))
    back[0, order] = ahead
    back[1, order] = behind
    back /= n - 1
    return back[0], back[1]


def _whole_steps(
    column: Floats, thresholds: tuple[float, float]
) -> tuple[Integers, tuple[int, int]]:
    """Write a column and its thresholds as whole numbers of one step, the column centred on 0.

    Sums of n such numbers stay below 2**63, so that all that follows is exact.
    """
    top = max(float(np.max(np.abs(column))), *thresholds)
    if top == 0:
        return np.zeros(len(column), dtype=np.int64), (0, 0)
    digits = min(DIGITS, 18 - math.ceil(math.log10(len(column))))
    step = 10.0 ** (math.floor(math.log10(top)) + 1 - digits)
    steps = np.rint(column / step).astype(np.int64)
    steps -= (int(steps.min()) + int(steps.max())) // 2
    q, p = (round(threshold / step) for threshold in thresholds)
    return steps, (q, p)


def _level(ascending: Integers, q: int, p: int) -> tuple[Floats, Floats]:
    """Half the number of others behind by more than q, plus half of those by more than p."""
    n = len(ascending)
    behind_by = [np.searchsorted(ascending, ascending - t, "left") for t in (q, p)]
    ahead_by = [n - np.searchsorted(ascending, ascending + t, "right") for t in (q, p)]
    return (behind_by[0] + behind_by[1]) / 2, (ahead_by[0] + ahead_by[1]) / 2


def _linear(ascending: Integers, q: int, p: int) -> tuple[Floats, Floats]:
    """The others beyond p count 1; those between q and p, together, by one difference of sums."""
    sums = np.concatenate(([0], np.cumsum(ascending)))
    full = np.searchsorted(ascending, ascending - p, "right")
    some = np.searchsorted(ascending, ascending - q, "left")
    partly = (some - full) * (ascending - q) - (sums[some] - sums[full])
    ahead = full + partly / (p - q)
    n = len(ascending)
    full = np.searchsorted(ascending, ascending + p, "left")
    some = np.searchsorted(ascending, ascending + q, "right")
    partly = (sums[full] - sums[some]) - (full - some) * (ascending + q)
    behind = (n - full) + partly / (p - q)
    return ahead, behind
