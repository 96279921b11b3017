"""What a ranking method works on: one party's performances, weights and directions, as arrays.

This is the one door to the methods of the menu; behind it nothing is checked again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DIGITS = 12
"""Performances keep this many significant digits, counted from the greatest of their criterion."""


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """Performances of n packages on the m criteria of a party that have weight.

    ``matrix`` has shape (n, m), each column in its criterion's unit; ``weights`` (m,) are shares
    that sum to 1; ``maximise`` (m,) is true where more is better; ``ranges`` (m, 2) hold each
    criterion's low and high end, never narrower than the performances; ``reference`` (m,) is what
    gains and losses are counted from (no deal), None where there is none. The arrays cannot be
    written to. ``without_weight`` names the criteria that were left out, having weight 0.
    """

    matrix: Floats
    weights: Floats
    maximise: Flags
    ranges: Floats
    reference: Floats | None
    packages: tuple[str, ...]
    criteria: tuple[str, ...]
    without_weight: tuple[str, ...] = ()

    @property
    def upward(self) -> Floats:
        """The matrix with minimised criteria negated, so that more is better everywhere."""
        return np.where(self.maximise, self.matrix, -self.matrix)

    @property
    def best(self) -> Floats:
        """The best performance on each criterion, shape (m,)."""
        low, high = self._ends
        return np.where(self.maximise, high, low)

    @property
    def worst(self) -> Floats:
        """The worst performance on each criterion, shape (m,)."""
        low, high = self._ends
        return np.where(self.maximise, low, high)

    @property
    def _ends(self) -> tuple[Floats, Floats]:
        return np.min(self.matrix, axis=0), np.max(self.matrix, axis=0)


def performance(
    matrix: ArrayLike,
    weights: ArrayLike,
    directions: Sequence[Literal["max", "min"] | int],
    /,
    *,
    packages: Sequence[str] | None = None,
    criteria: Sequence[str] | None = None,
    ranges: ArrayLike | None = None,
    reference: ArrayLike | None = None,
) -> Performance:
    """Check and settle what a method is to work on.

    Args:
        matrix: Performances, shape (n, m), finite; n may be 0.
        weights: Non-negative points, shape (m,), not all 0; divided by their sum here.
        directions: ``"max"`` or ``"min"`` (or 1, -1) for each criterion.
        packages: Names of the rows; P1, P2, … if absent.
        criteria: Names of the columns; C1, C2, … if absent.
        ranges: Low and high end of each criterion, shape (m, 2); those of the performances if
            absent, and widened to them where they reach beyond.
        reference: Performances of no deal, shape (m,).

    Returns:
        The performances without the criteria of weight 0, rounded to 12 significant digits of the
        greatest number of their criterion, so that 0.1 + 0.2 is 0.3 and a criterion whose
        performances differ by binary noise alone has no spread.

    Raises:
        ValueError: Shapes do not agree, a number is not finite, a weight is negative, all weights
            are 0, a direction is neither max nor min, or a name occurs twice.

    Example:
        >>> p = performance([[1, 5], [2, 7]], [3, 1], ["max", "min"])
        >>> p.weights.tolist(), p.best.tolist()
        ([0.75, 0.25], [2.0, 5.0])
    """
    rows = np.array(matrix, dtype=np.float64, ndmin=2)
    points = np.array(weights, dtype=np.float64, ndmin=1)
    m = len(points)
    if rows.size == 0:
        rows = rows.reshape(0, m)
    if rows.ndim != 2 or rows.shape[1] != m or len(directions) != m:
        raise ValueError(
            f"a matrix of shape {rows.shape}, {m} weights and {len(directions)} directions "
            "do not belong together; give one weight and one direction for each column"
        )
    _check_weights(points)
    maximise = np.array([_is_max(direction) for direction in directions], dtype=bool)
    row_names = _names(packages, len(rows), "P", "packages")
    column_names = _names(criteria, m, "C", "criteria")
    ends = None if ranges is None else np.array(ranges, dtype=np.float64).reshape(m, 2)
    origin = None if reference is None else np.array(reference, dtype=np.float64).reshape(m)
    for what, numbers in (("performance", rows), ("range", ends), ("reference", origin)):
        if numbers is not None and not np.isfinite(numbers).all():
            raise ValueError(f"a {what} is not a finite number; give a number for each")

    kept = points > 0
    rows, maximise = rows[:, kept], maximise[kept]
    ends = None if ends is None else ends[kept]
    origin = None if origin is None else origin[kept]
    together = [rows] + [a for a in (None if ends is None else ends.T, origin) if a is not None]
    decimals = _decimals(np.vstack(together))
    rows = _rounded(rows, decimals)
    shares = points[kept] / points.sum()
    result = Performance(
        matrix=rows,
        weights=shares / shares.sum(),
        maximise=maximise,
        ranges=_widened(rows, None if ends is None else _rounded(ends.T, decimals)),
        reference=None if origin is None else _rounded(origin, decimals),
        packages=row_names,
        criteria=tuple(name for name, keep in zip(column_names, kept, strict=True) if keep),
        without_weight=tuple(n for n, keep in zip(column_names, kept, strict=True) if not keep),
    )
    for array in (result.matrix, result.weights, result.maximise, result.ranges, result.reference):
        if array is not None:
            array.setflags(write=False)
    return result


def _check_weights(points: Floats) -> None:
    if not np.isfinite(points).all() or (points < 0).any():
        raise ValueError("a weight is negative or not a number; weights are 0 or more")
    if not points.any():
        raise ValueError("all weights are 0; at least one must be above 0")


def _is_max(direction: Literal["max", "min"] | int) -> bool:
    if direction not in ("max", "min", 1, -1):
        raise ValueError(f"direction is {direction!r}; give 'max' or 'min'")
    return direction in ("max", 1)


def _names(given: Sequence[str] | None, count: int, letter: str, what: str) -> tuple[str, ...]:
    names = tuple(given) if given is not None else tuple(f"{letter}{k + 1}" for k in range(count))
    if len(names) != count or len(set(names)) != count:
        raise ValueError(f"{count} different names of {what} are needed, not {list(names)}")
    return names


def _decimals(numbers: Floats) -> list[int]:
    """Decimals that leave 12 significant digits to the greatest number of each column."""
    tops = np.abs(numbers).max(axis=0, initial=0.0)
    return [DIGITS - 1 - math.floor(math.log10(top)) if top else 0 for top in tops]


def _rounded(numbers: Floats, decimals: list[int]) -> Floats:
    """Round each column to its decimals; -0 becomes 0."""
    settled = numbers.copy()
    for c, places in enumerate(decimals):
        if abs(places) <= 300:
            settled[..., c] = np.round(numbers[..., c], places)
    return settled + 0.0


def _widened(rows: Floats, ends: Floats | None) -> Floats:
    if not len(rows):
        return np.zeros((rows.shape[1], 2)) if ends is None else ends.T.copy()
    low, high = rows.min(axis=0), rows.max(axis=0)
    if ends is not None:
        low, high = np.minimum(low, ends[0]), np.maximum(high, ends[1])
    return np.stack([low, high], axis=1)
