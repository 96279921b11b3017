"""Scalings that the methods' papers prescribe, each without the division by zero it may hold.

All take performances of n packages on m criteria, shape (n, m), and return a new array.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mcda.ranking.performance import Performance

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Raised:
    """Performances with some criteria raised by a constant, shape (n, m), and by how much (m,)."""

    matrix: Floats
    by: Floats
    note: str


def raised(
    performance: Performance, /, *, zero_if_max: bool = False, zero_if_min: bool = False
) -> Raised:
    """Raise the criteria that hold numbers a ratio cannot be formed of.

    A criterion is raised so that its least performance equals the width of its performances: the
    worst and the best then stand as 1 to 2, whatever its unit. Where all performances are equal
    they become 1.

    Args:
        performance: What is to be ranked.
        zero_if_max: Whether the method bears a 0 in a maximised criterion (some of it above 0).
        zero_if_min: Whether it bears one in a minimised criterion.

    Returns:
        The matrix, what was added to each criterion, and a sentence about it, empty if nothing was.
    """
    matrix = performance.matrix
    low, high = matrix.min(axis=0), matrix.max(axis=0)
    bears_zero = np.where(performance.maximise, zero_if_max, zero_if_min) & (high > 0)
    too_low = (low < 0) | ((low == 0) & ~bears_zero)
    width = high - low
    by = np.where(too_low, np.where(width > 0, width, 1.0) - low, 0.0)
    named = [
        f"{criterion} by {amount:g}"
        for criterion, amount in zip(performance.criteria, by, strict=True)
        if amount
    ]
    note = (
        f"Ratios need numbers above 0, so these were raised: {', '.join(named)}; "
        "the scores depend on that choice."
        if named
        else ""
    )
    return Raised(matrix + by, by, note)


def by_best(matrix: Floats, maximise: NDArray[np.bool_], /) -> Floats:
    """Divide by the best: x ÷ max where maximised, min ÷ x where minimised; within 0–1."""
    top, bottom = matrix.max(axis=0), matrix.min(axis=0)
    return np.where(maximise, matrix / np.where(top > 0, top, 1.0), bottom / _nonzero(matrix))


def by_sum(matrix: Floats, /) -> Floats:
    """Divide each column by its sum (columns sum to 1)."""
    return np.asarray(matrix / _nonzero(matrix.sum(axis=0)))


def by_length(matrix: Floats, /) -> Floats:
    """Divide each column by the root of its sum of squares (columns have length 1)."""
    return np.asarray(matrix / _nonzero(np.sqrt((matrix**2).sum(axis=0))))


def by_width(performance: Performance, /) -> Floats:
    """Put the worst performance of each criterion at 0 and the best at 1; 0 if all are equal."""
    best, worst = performance.best, performance.worst
    return np.asarray((performance.matrix - worst) / _nonzero(best - worst))


def _nonzero(numbers: Floats) -> Floats:
    return np.where(numbers == 0, 1.0, numbers)
