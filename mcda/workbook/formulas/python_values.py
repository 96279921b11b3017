"""What Python computes for the cells of the live blocks on Values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mcda.findings import TOLERANCE
from mcda.values import Evaluation
from mcda.workbook import layout
from mcda.workbook.formulas.live_cells import LiveCells, Result
from mcda.workbook.tables import Place

if TYPE_CHECKING:
    import numpy as np


def same_result(first: Result, second: Result) -> bool:
    """Whether two results are one: numbers within 1e-9, anything else exactly."""
    if isinstance(first, bool | float) and isinstance(second, bool | float):
        return math.isclose(first, second, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return type(first) is type(second) and first == second


def python_values(
    live: LiveCells, results: Mapping[Place, Result], evaluation: Evaluation
) -> Iterator[tuple[Place, float]]:
    """Yield what Python says of the cells of the live blocks on Values, where it says a number.

    Args:
        live: the workbook's formulas and names.
        results: their results, by which alternatives and parties are matched with their cells.
        evaluation: of the case in the workbook.
    """
    rows = _named(live, results, layout.VALUE_NAME)
    below = _named(live, results, layout.NO_DEAL_PREFIX + layout.VALUE_NAME)
    parties = _named(live, results, "Party_Name")
    first = live.names.get("party_name")
    if first is None:
        return
    columns = {name: row - first.top for name, row in parties.items()}
    prefix = layout.NO_DEAL_PREFIX
    tables: list[tuple[str, dict[str, int], tuple[str, ...], np.ndarray]] = [
        (layout.VALUE_PARTY, rows, evaluation.packages, evaluation.party_values),
        (layout.VALUE_SURPLUS, rows, evaluation.packages, evaluation.surplus),
        (layout.VALUE_ACCEPTABLE, rows, evaluation.packages, evaluation.acceptable),
        (layout.VALUE_RANK, rows, evaluation.packages, _ranks(evaluation)),
        (
            prefix + layout.VALUE_PARTY,
            below,
            evaluation.no_deal,
            evaluation.without_deal.party_values,
        ),
        (prefix + layout.VALUE_SURPLUS, below, evaluation.no_deal, evaluation.reservation_under),
    ]
    for name, places, things, numbers in tables:
        area = live.names.get(name.casefold())
        if area is None:
            continue
        for at, thing in enumerate(things):
            for q, party in enumerate(evaluation.parties):
                if thing not in places or party not in columns:
                    continue
                number = float(numbers[at][q])
                place = (area.sheet, places[thing], area.left + columns[party])
                if math.isfinite(number) and place in results:
                    yield place, number
    area = live.names.get(layout.RESERVATION.casefold())
    if area is None:
        return
    for q, party in enumerate(evaluation.parties):
        place = (area.sheet, area.top, area.left + columns.get(party, 0))
        if party in columns and place in results:
            yield place, float(evaluation.reservation[q])


def _named(live: LiveCells, results: Mapping[Place, Result], name: str) -> dict[str, int]:
    """Return the row of each name in a live column of names."""
    area = live.names.get(name.casefold())
    if area is None:
        return {}
    found: dict[str, int] = {}
    for row in range(area.top, area.bottom + 1):
        text = results.get((area.sheet, row, area.left))
        if isinstance(text, str) and text:
            found.setdefault(text, row)
    return found


def _ranks(evaluation: Evaluation) -> np.ndarray:
    """Return ranks 1, 2, 2, 4 by party; NaN where there is none."""
    import numpy as np

    values = np.where(evaluation.ranked, evaluation.party_values, -np.inf)
    better = (values[None, :, :] > values[:, None, :]).sum(axis=1)
    return np.where(evaluation.ranked, better + 1.0, np.nan)
