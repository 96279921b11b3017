"""ELECTRE II: a ranking from outranking relations between pairs of packages.

Roy & Bertier (1971), in the version of Gomes, Araya & Carignano (2004) that scikit-criteria
follows: a outranks b where enough of the weight says that a is at least as good (concordance),
more of it than says so of b, and b is nowhere much better (discordance). Peeling off those that
nobody outranks gives one ranking, peeling off those that outrank nobody another; a package's score
is the mean of its two places, less is better.

The library's own class is not used: it compares sums of weights without rounding, so that with
weights 0.1, 0.2 and 0.3 binary noise decides who outranks whom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

CONCORDANCE = (0.65, 0.5, 0.35)
DISCORDANCE = (0.65, 0.35)


@dataclass(frozen=True, slots=True, eq=False)
class Outranking:
    """ELECTRE II's result for n packages.

    ``concordance`` and ``discordance`` have shape (n, n), row against column, within 0–1;
    ``outranks`` (n, n) joins the strong and the weak relation; ``downward`` and ``upward`` (n,)
    are the places from the two peelings, 1 is best; ``score`` (n,) is their mean.
    """

    concordance: Floats
    discordance: Floats
    outranks: Flags
    downward: Integers
    upward: Integers
    score: Floats


def electre_ii(
    upward: Floats,
    weights: Floats,
    /,
    *,
    concordance: tuple[float, float, float] = CONCORDANCE,
    discordance: tuple[float, float] = DISCORDANCE,
) -> Outranking:
    """Rank by ELECTRE II, in O(n² m) time and O(n²) memory.

    Args:
        upward: Performances on one common scale, shape (n, m), more is better, not all equal.
        weights: Shares, shape (m,), summing to 1.
        concordance: Thresholds p0 ≥ p1 ≥ p2: how much of the weight must agree.
        discordance: Thresholds q0 ≥ q1, in shares of the widest criterion: how much worse a
            package may be on any one criterion.

    Returns:
        The relations and both rankings. Concordance and discordance are rounded to 9 decimals
        before they are compared.
    """
    n, m = upward.shape
    agree, against = np.zeros((n, n)), np.zeros((n, n))
    widest = np.ptp(upward, axis=0).max()
    for c in range(m):
        difference = upward[:, c][:, None] - upward[:, c][None, :]
        agree += weights[c] * (difference >= 0)
        np.maximum(against, -difference / widest, out=against)
    agree, against = np.round(agree, 9), np.round(against, 9)
    p0, p1, p2 = (round(p, 9) for p in concordance)
    q0, q1 = (round(q, 9) for q in discordance)
    strong = ((agree >= p0) & (against <= q0)) | ((agree >= p1) & (against <= q1))
    weak = (agree >= p2) & (against <= q0)
    outranks = (strong | weak) & (agree > agree.T)
    downward = _peel(outranks)
    from_below = _peel(outranks.T)
    backward = from_below.max() + 1 - from_below
    return Outranking(agree, against, outranks, downward, backward, (downward + backward) / 2)


def _peel(outranks: Flags) -> Integers:
    """Give place 1 to those that nobody outranks, 2 to those left with nobody above, and so on.

    Where the rest outrank each other in circles, they share the next place.
    """
    places = np.zeros(len(outranks), dtype=np.int64)
    left = np.arange(len(outranks))
    place = 1
    while len(left):
        free = ~outranks[np.ix_(left, left)].any(axis=0)
        taken = left[free] if free.any() else left
        places[taken] = place
        left = left[places[left] == 0]
        place += 1
    return places
