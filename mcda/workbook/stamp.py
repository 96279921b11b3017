"""What the Stamp sheet holds: the inputs that numbers depend on, and Python's own numbers."""

from __future__ import annotations

import math


def storable(value: float) -> float | None:
    """Return a number as every program keeps it, with 15 digits; None if it is no number.

    >>> storable(0.1 + 0.2), storable(float("nan"))
    (0.3, None)
    """
    return float(f"{value:.15g}") if math.isfinite(value) else None
