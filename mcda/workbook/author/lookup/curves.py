"""Ranges and value functions: from a performance to a value, in one formula."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mcda.workbook import layout
from mcda.workbook.author.live import Run, Section, number_at, row_of
from mcda.workbook.author.lookup.rules import INTERACTION_NUMBER, KIND_STEP
from mcda.workbook.author.lookup.terms import Direct, Issues, Levels
from mcda.workbook.author.sheets import Sheets


@dataclass(frozen=True, slots=True)
class Curves:
    """One row per party and criterion: its range in use, and its value function."""

    span_low: Run
    span_high: Run
    stated_low: Run
    stated_high: Run
    low: Run
    high: Run
    points: Run
    start: Run
    start_value: Run
    slope: Run
    knots: tuple[Run, ...]
    bends: tuple[Run, ...]
    partly: Run
    crooked: Run


def write_curves(
    section: Section, levels: Levels, issues: Issues, direct: Direct, sheets: Sheets
) -> Curves:
    """Write what each criterion's range and value function are."""
    ranges = np.vstack([sheets.evaluation.ranges[name] for name in sheets.case.party_names])
    rows = section.rows
    belongs = INTERACTION_NUMBER * KIND_STEP

    def end(sign: str, function: str, runs: Sequence[Run]) -> list[str]:
        """Formulas of the span's end, for each criterion."""
        formulas = []
        for c in range(1, rows + 1):
            scores, given = levels.scores[c - 1].range, direct.scores[c - 1].range
            extra = f"SUMPRODUCT((Rule_Belongs={belongs + c})*(Rule_Score{sign}0)*Rule_Score)"
            fed = f"COUNT({scores})+COUNTIF(Rule_Belongs,{belongs + c})"
            total = f"SUM({runs[c - 1].range})+{extra}"
            formulas.append(f"IF({fed}=0,{function}({given}),{function}({total},{given}))")
        return formulas

    lows, highs = end("<", "MIN", issues.least), end(">", "MAX", issues.greatest)
    span_low = section.add("Span: low", lambda k: lows[k - 1], "SpanLow")
    span_high = section.add("Span: high", lambda k: highs[k - 1], "SpanHigh")
    stated_low = section.add(
        "Stated: low", lambda k: number_at("Criteria_Low", str(k)), "StatedLow"
    )
    stated_high = section.add(
        "Stated: high", lambda k: number_at("Criteria_High", str(k)), "StatedHigh"
    )
    at = [
        section.add(f"x{n}", lambda k, n=n: number_at(f"Criteria_X{n}", str(k)), f"X{n}")  # type: ignore[misc]
        for n in range(1, layout.MAX_POINTS + 1)
    ]
    value = [
        section.add(f"v{n}", lambda k, n=n: number_at(f"Criteria_V{n}", str(k)), f"V{n}")  # type: ignore[misc]
        for n in range(1, layout.MAX_POINTS + 1)
    ]
    points = section.add(
        "Points",
        lambda k: f"MIN(COUNT({row_of(at, k)}),COUNT({row_of(value, k)}))",
        "Points",
    )
    low = section.add(
        "Low in use",
        lambda k: (
            f"IF({points.cell(k)}>1,N({at[0].cell(k)}),"
            f"IF(ISNUMBER({stated_low.cell(k)}),{stated_low.cell(k)},{span_low.cell(k)}))"
        ),
        "Low",
        values=ranges[:, 0].tolist(),
    )
    high = section.add(
        "High in use",
        lambda k: (
            f"IF({points.cell(k)}>1,MAX({row_of(at, k)}),"
            f"IF(ISNUMBER({stated_high.cell(k)}),{stated_high.cell(k)},{span_high.cell(k)}))"
        ),
        "High",
        values=ranges[:, 1].tolist(),
    )
    direction = section.add(
        "Direction: 1 max, -1 min",
        lambda k: (
            f"IF({k}<ROWS(Criteria_Direction)-1,"
            f'IF(EXACT(LOWER(TRIM(INDEX(Criteria_Direction,{k}+1))),"min"),-1,1),1)'
        ),
        "Direction",
    )
    slopes = [
        section.add(
            f"Slope {n}",
            lambda k, n=n: (  # type: ignore[misc]
                f"IF({points.cell(k)}>{n},IFERROR(({value[n].cell(k)}-{value[n - 1].cell(k)})"
                f"/({at[n].cell(k)}-{at[n - 1].cell(k)}),0),0)"
            ),
            f"Slope{n}",
        )
        for n in range(1, layout.MAX_POINTS)
    ]
    width = "({high}-{low})"
    slope = section.add(
        "First slope",
        lambda k: (
            f"IF({points.cell(k)}>1,{slopes[0].cell(k)},IF({high.cell(k)}={low.cell(k)},0,"
            f"{direction.cell(k)}*100/{width.format(high=high.cell(k), low=low.cell(k))}))"
        ),
        "Slope",
    )
    start_value = section.add(
        "Value at low",
        lambda k: (
            f"IF({points.cell(k)}>1,N({value[0].cell(k)}),"
            f"IF({high.cell(k)}={low.cell(k)},0,IF({direction.cell(k)}>0,0,100)))"
        ),
        "StartValue",
    )
    knots, bends = [], []
    for n in range(2, layout.MAX_POINTS):
        knots.append(
            section.add(
                f"Knot {n}",
                lambda k, n=n: f"IF({points.cell(k)}>{n},N({at[n - 1].cell(k)}),0)",  # type: ignore[misc]
                f"Knot{n}",
            )
        )
    for n in range(2, layout.MAX_POINTS):
        bends.append(
            section.add(
                f"Bend {n}",
                lambda k, n=n: (  # type: ignore[misc]
                    f"IF({points.cell(k)}>{n},{slopes[n - 1].cell(k)}-{slopes[n - 2].cell(k)},0)"
                ),
                f"Bend{n}",
            )
        )
    partly = section.add(
        "Levels without a score in an issue that is scored",
        lambda k: (
            f'SUMPRODUCT(({levels.scores[k - 1].range}="")*(Level_Number>0)*(COUNTIFS('
            f'Level_IssueNumber,Level_IssueNumber,{levels.scores[k - 1].range},">=-1E+300")>0))'
        ),
        "Partly",
    )
    crooked = section.add(
        "Points that are not a value function",
        lambda k: _crooked(k, at, value, slopes, points, direction),
        "Crooked",
    )
    return Curves(
        span_low, span_high, stated_low, stated_high, low, high, points, low, start_value, slope,
        tuple(knots), tuple(bends), partly, crooked,
    )  # fmt: skip


def _crooked(
    k: int, at: Sequence[Run], value: Sequence[Run], slopes: Sequence[Run], points: Run, sense: Run
) -> str:
    """1 where points do not rise in x, do not rise (fall) in value from 0 to 100, or have gaps."""
    count, direction = points.cell(k), sense.cell(k)
    problems = [
        f"COUNT({row_of(at, k)})<>COUNT({row_of(value, k)})",
        f"{count}=1",
        *(
            f"AND({count}>{n},OR(NOT(ISNUMBER({at[n].cell(k)})),"
            f"{at[n].cell(k)}<={at[n - 1].cell(k)},"
            f"{slopes[n - 1].cell(k)}*{direction}<0))"
            for n in range(1, layout.MAX_POINTS)
        ),
        f"AND({count}>1,OR({value[0].cell(k)}<>IF({direction}>0,0,100),"
        f"IF({direction}>0,MAX({row_of(value, k)})<>100,MIN({row_of(value, k)})<>0)))",
    ]
    return f"IF(OR({','.join(problems)}),1,0)"
