"""Stacked contributions: what each criterion adds to a party's value of each package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mcda.charts.look import (
    LABEL_LIMIT,
    LIGHT,
    ROW_HEIGHT,
    Look,
    Rows,
    chart_of,
    layered,
    no_deal_line,
    party_colour,
    readable_on,
    shades,
    told,
)
from mcda.printing import joined
from mcda.ranking.result import PartyRanking, RankedPackage
from mcda.values import Evaluation

if TYPE_CHECKING:
    import altair as alt


def contributions(
    evaluation: Evaluation, ranking: PartyRanking, /, *, look: Look = LIGHT
) -> alt.LayerChart:
    """Stacked bars of what each criterion contributes to a party's value, best package first.

    The dashed line is the value of no deal. Packages without a rank stand below, pale; a red line
    or a broken rule is told at the end of the bar.
    """
    import altair as alt

    criteria = [criterion.name for criterion in evaluation.case.party(ranking.party).criteria]
    colours = shades(party_colour(evaluation, ranking.party), len(criteria))
    parts, ends = _contribution_rows(evaluation, ranking, criteria, colours)
    labels = [end["label"] for end in ends]
    reach = max([ranking.reservation, *(end["end"] for end in ends)], default=0.0)
    least = min([0.0, ranking.reservation, *(part["from"] for part in parts)], default=0.0)
    x = alt.X(
        "from:Q",
        title=f"Value to {ranking.party}, 0–100",
        scale=alt.Scale(domain=[least, max(reach, 1.0) * 1.4], nice=False),
        axis=alt.Axis(grid=False, values=_ticks(least, reach)),
    )
    y = alt.Y(
        "label:N",
        sort=labels,
        title=None,
        axis=alt.Axis(labelLimit=LABEL_LIMIT, ticks=False, domain=False, labelPadding=8),
    )
    bars = (
        chart_of(parts)
        .mark_bar(stroke=look.ground, strokeWidth=1, height=alt.RelativeBandSize(0.78))
        .encode(
            x=x,
            x2="to:Q",
            y=y,
            color=alt.Color(
                "criterion:N",
                sort=criteria,
                title=None,
                scale=alt.Scale(domain=criteria, range=colours),
                legend=alt.Legend(orient="top", columns=3, labelLimit=260, symbolType="square"),
            ),
            opacity=alt.Opacity("strength:Q", scale=None),
            tooltip=[
                alt.Tooltip("package:N", title="Package"),
                alt.Tooltip("criterion:N", title="Criterion"),
                alt.Tooltip("points:Q", title="Contribution", format=".1f"),
                alt.Tooltip("value:Q", title="Value on the criterion", format=".1f"),
                alt.Tooltip("share:Q", title="Weight", format=".1%"),
            ],
        )
    )
    inside = (
        chart_of([part for part in parts if part["told"]])
        .mark_text(fontSize=10.5)
        .encode(
            x=alt.X("middle:Q"), y=y, text="told:N", color=alt.Color("text:N", scale=None)
        )
    )  # fmt: skip
    at_the_end = chart_of(ends).encode(x=alt.X("end:Q"), y=y, text="told:N")
    layers = [
        bars,
        *no_deal_line("x", ranking.reservation, look),
        inside,
        *told(at_the_end, look, align="left", dx=6, fontSize=12, limit=400),
    ]
    return layered(layers, look, height=alt.Step(ROW_HEIGHT))


def _contribution_rows(
    evaluation: Evaluation, ranking: PartyRanking, criteria: Sequence[str], colours: Sequence[str]
) -> tuple[Rows, Rows]:
    shares = evaluation.case.party(ranking.party).shares
    parts: Rows = []
    ends: Rows = []
    for row in ranking:
        at = evaluation.packages.index(row.package)
        label = f"{row.rank}. {row.package}" if row.rank else f"– {row.package}"
        up = down = 0.0
        for index, criterion in enumerate(criteria):
            points = float(evaluation.contributions[ranking.party][at, index])
            start = up if points >= 0 else down
            parts.append(
                {
                    "label": label,
                    "package": row.package,
                    "criterion": criterion,
                    "points": points,
                    "value": float(evaluation.values[ranking.party][at, index]),
                    "share": shares[index],
                    "from": min(start, start + points),
                    "to": max(start, start + points),
                    "middle": start + points / 2,
                    "told": f"{points:.0f}" if abs(points) >= 4 and row.rank else "",
                    "text": readable_on(colours[index]),
                    "strength": 1.0 if row.rank else 0.4,
                }
            )
            up, down = (up + points, down) if points >= 0 else (up, down + points)
        ends.append({"label": label, "end": up, "told": _told_at_the_end(row)})
    return parts, ends


def _told_at_the_end(row: RankedPackage) -> str:
    marks = []
    if row.rules_broken:
        marks.append("breaks a rule")
    if row.red_lines:
        marks.append("red line: " + ", ".join(row.red_lines))
    return " · ".join([f"{row.value:.1f}", *marks])


def _ticks(least: float, reach: float) -> list[int]:
    return list(range(int(least // 20) * 20, int(max(reach, 100) // 20) * 20 + 1, 20))


def describe_contributions(evaluation: Evaluation, ranking: PartyRanking, /) -> str:
    """Say in words what the chart of contributions shows."""
    if not ranking.rows:
        return f"No packages are listed for {ranking.party}."
    names = [criterion.name for criterion in evaluation.case.party(ranking.party).criteria]
    words = [
        f"Stacked bars of the value of {len(ranking.rows)} packages to {ranking.party}, by the "
        f"contributions of {joined(names)}; no deal is worth {ranking.reservation:.1f}."
    ]
    ranked = [row for row in ranking if row.rank]
    if ranked:
        order = "; ".join(f"{row.rank}. {row.package} {row.value:.1f}" for row in ranked)
        words.append(f"In order: {order}.")
    unranked = [f"{row.package} ({row.reason})" for row in ranking if not row.rank]
    if unranked:
        words.append(f"Without a rank: {'; '.join(unranked)}.")
    return " ".join(words)
