"""Numbers as the sheet's own formulas turn them into text."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MINUS = "\u2212"
"""The minus sign of running text."""


def fixed(number: str) -> str:
    """Return the formula part that writes a number with one decimal and a true minus sign.

    >>> print(fixed("B7"))
    SUBSTITUTE(FIXED(ROUND(B7,1),1),"-","−")
    """
    return f'SUBSTITUTE(FIXED(ROUND({number},1),1),"-","{MINUS}")'


def one_decimal(number: float) -> str:
    """Return what the formula of `fixed` gives: halves away from zero, never −0.0.

    >>> one_decimal(1234.25), one_decimal(-0.04), one_decimal(-3.2)
    ('1,234.3', '0.0', '−3.2')
    """
    rounded = Decimal(repr(number)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded if rounded else abs(rounded):,}".replace("-", MINUS)


def short(number: float) -> str:
    """Return what ``ROUND(number, 4)`` reads as beside text.

    >>> short(12.0), short(1 / 3), short(-0.00001)
    ('12', '0.3333', '0')
    """
    rounded = Decimal(repr(number)).quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize()
    return f"{rounded if rounded else Decimal(0):f}"
