"""What a ranking method gives back: scores, the way to read them, and what led to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from mcda.ranking.result import competition_ranks

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NOISE_DECIMALS = 13
"""Scores are first rounded to so many decimals of the numbers they were made of."""

TIE_DECIMALS = 9
"""Score ÷ spread is rounded to so many decimals before ties are judged (DESIGN §3.0)."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """An intermediate result with its labels: shape (rows,) or (rows, columns)."""

    values: NDArray[Any]
    rows: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The numbers with their labels."""
        import pandas as pd

        columns = list(self.columns) if self.columns else ["value"]
        return pd.DataFrame(
            self.values.reshape(len(self.rows), -1), index=list(self.rows), columns=columns
        )

    def to_dict(self) -> dict[str, object]:
        """Return row → number, or row → column → number."""
        if not self.columns:
            return dict(zip(self.rows, self.values.tolist(), strict=True))
        return {
            row: dict(zip(self.columns, numbers, strict=True))
            for row, numbers in zip(self.rows, self.values.tolist(), strict=True)
        }


@dataclass(frozen=True, slots=True, eq=False)
class MethodScores:
    """Scores of n packages under one method.

    ``scores`` has shape (n,), finite; ``direction`` says whether more or less of it is better;
    ``intermediates`` map a caption to a labelled step, a number, a truth value or names; ``note``
    says what was done to the performances. ``magnitude`` is the size of the numbers that a score
    was summed from: differences below 1e-13 of it are rounding noise.
    """

    scores: Floats
    direction: Literal["max", "min"]
    intermediates: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    magnitude: float = 0.0

    @property
    def compared(self) -> Floats:
        """What ties are judged on: scores ÷ spread, rounded to 9 decimals; all 0 if none."""
        return comparable(self.scores, magnitude=self.magnitude)

    @property
    def ranks(self) -> Integers:
        """Ranks 1, 2, 2, 4 of the packages, shape (n,)."""
        return np.array(competition_ranks(self.compared, better=self.direction), dtype=np.int64)


def comparable(scores: Floats, /, *, magnitude: float = 0.0) -> Floats:
    """Divide scores by their spread and round to 9 decimals, so that ties are exact.

    Args:
        scores: Shape (n,), finite.
        magnitude: Size of the numbers that the scores were summed from, so that a spread made of
            binary noise alone is no spread; at least the greatest score itself.

    Returns:
        Shape (n,), in the order of the scores; all 0 where they have no spread.

    Example:
        >>> comparable(np.array([0.1 + 0.2, 0.3, 0.1])).tolist()
        [1.5, 1.5, 0.5]
    """
    size = max(magnitude, float(np.max(np.abs(scores), initial=0.0)))
    if size == 0:
        return np.zeros(len(scores))
    settled = np.round(scores / size, NOISE_DECIMALS)
    spread = float(np.ptp(settled))
    if spread == 0:
        return np.zeros(len(scores))
    # Twelve decimals first: a quotient that lies exactly between two ninth decimals (a power of
    # a half) must not be rounded up for one package and down for another.
    return np.round(np.round(settled / spread, 12), TIE_DECIMALS) + 0.0
