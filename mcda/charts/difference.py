"""The difference between two packages, in the points that each criterion makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcda.charts.look import (
    LABEL_LIMIT,
    LIGHT,
    Look,
    Rows,
    chart_of,
    layered,
    padded,
    shades,
    signed,
    told,
)
from mcda.ranking.additive import Explanation

if TYPE_CHECKING:
    import altair as alt


def differences(explanation: Explanation, /, *, colour: str, look: Look = LIGHT) -> alt.LayerChart:
    """Bars of the points that each criterion makes, right for the first, left for the second."""
    import altair as alt

    rows: Rows = [
        {
            "criterion": item.criterion,
            "points": item.points,
            "told": signed(item.points),
            "for": f"for {explanation.first if item.points >= 0 else explanation.second}",
        }
        for item in explanation.differences
    ]
    order = [row["criterion"] for row in rows]
    y = alt.Y("criterion:N", sort=order, title=None, axis=alt.Axis(labelLimit=LABEL_LIMIT))
    x = alt.X(
        "points:Q",
        title=f"Points of value to {explanation.party}",
        scale=alt.Scale(domain=padded([0.0, *(row["points"] for row in rows)]), nice=False),
        axis=alt.Axis(grid=False),
    )
    against = shades(colour, 5)[3]
    bars = (
        chart_of(rows)
        .mark_bar(height=alt.RelativeBandSize(0.7))
        .encode(
            x=x,
            y=y,
            color=alt.condition("datum.points >= 0", alt.value(colour), alt.value(against)),
            tooltip=[
                alt.Tooltip("criterion:N", title="Criterion"),
                alt.Tooltip("points:Q", title="Points", format="+.2f"),
                alt.Tooltip("for:N", title="Speaks"),
            ],
        )
    )
    right = chart_of([row for row in rows if row["points"] >= 0])
    left = chart_of([row for row in rows if row["points"] < 0])
    layers = [bars]
    for side, align, dx in ((right, "left", 5), (left, "right", -5)):
        layers += told(side.encode(x=x, y=y, text="told:N"), look, align=align, dx=dx, fontSize=12)
    zero = chart_of([{"at": 0}]).mark_rule(color=look.ink)
    layers.append(zero.encode(x=alt.X("at:Q")))
    return layered(layers, look, height=alt.Step(34))


def describe_differences(explanation: Explanation, /) -> str:
    """Say in words what the chart of differences shows."""
    return str(explanation)
