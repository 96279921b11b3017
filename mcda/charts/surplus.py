"""Every party's surplus from every package: who gains, who loses, against no deal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mcda.charts.look import (
    LABEL_LIMIT,
    LIGHT,
    PARTY_SHAPES,
    ROW_HEIGHT,
    Look,
    Rows,
    chart_of,
    layered,
    no_deal_line,
    padded,
    party_colour,
    signed,
)
from mcda.values import Evaluation

if TYPE_CHECKING:
    import altair as alt


def surpluses(
    evaluation: Evaluation, packages: Sequence[str], /, *, look: Look = LIGHT
) -> alt.LayerChart:
    """Every party's surplus from every package, in the given order; filled where acceptable.

    The line at 0 is no deal: what stands left of it is worth less to that party.
    """
    import altair as alt

    rows = _surplus_rows(evaluation, packages)
    parties = list(evaluation.parties)
    y = alt.Y(
        "package:N",
        sort=list(packages),
        title=None,
        axis=alt.Axis(labelLimit=LABEL_LIMIT, grid=True, ticks=False, domain=False),
    )
    x = alt.X(
        "surplus:Q",
        title="Surplus: value above (right) or below (left) no deal",
        axis=alt.Axis(grid=False),
        scale=alt.Scale(domain=padded([0.0, *(row["surplus"] for row in rows)]), nice=False),
    )
    scale = alt.Scale(domain=parties, range=[party_colour(evaluation, p) for p in parties])
    shapes = [PARTY_SHAPES[index % len(PARTY_SHAPES)] for index in range(len(parties))]
    dots = (
        chart_of(rows)
        .mark_point(size=95, strokeWidth=2, opacity=1)
        .encode(
            x=x,
            y=y,
            stroke=alt.Stroke(
                "party:N",
                sort=parties,
                title=None,
                scale=scale,
                legend=alt.Legend(orient="top", labelLimit=260),
            ),
            shape=alt.Shape(
                "party:N",
                sort=parties,
                title=None,
                scale=alt.Scale(domain=parties, range=shapes),
                legend=alt.Legend(orient="top", labelLimit=260),
            ),
            fill=alt.Fill("party:N", sort=parties, scale=scale, legend=None),
            fillOpacity=alt.condition("datum.acceptable", alt.value(1), alt.value(0)),
            tooltip=[
                alt.Tooltip("package:N", title="Package"),
                alt.Tooltip("party:N", title="Party"),
                alt.Tooltip("surplus:Q", title="Surplus", format="+.1f"),
                alt.Tooltip("value:Q", title="Value", format=".1f"),
                alt.Tooltip("stands:N", title="Stands"),
            ],
        )
    )
    layers = [*no_deal_line("x", 0.0, look, "no deal"), dots]
    return layered(layers, look, height=alt.Step(ROW_HEIGHT))


def _surplus_rows(evaluation: Evaluation, packages: Sequence[str]) -> Rows:
    rows = []
    for package in packages:
        at = evaluation.packages.index(package)
        for column, party in enumerate(evaluation.parties):
            rows.append(
                {
                    "package": package,
                    "party": party,
                    "surplus": float(evaluation.surplus[at, column]),
                    "value": float(evaluation.party_values[at, column]),
                    "acceptable": bool(evaluation.acceptable[at, column]),
                    "stands": standing(evaluation, at, column),
                }
            )
    return rows


def standing(evaluation: Evaluation, package: int, party: int, /) -> str:
    """Say in words how a listed package stands with a party; both by number."""
    if evaluation.refused[package, party]:
        return "red line"
    return "acceptable" if evaluation.acceptable[package, party] else "below no deal"


def describe_surpluses(evaluation: Evaluation, packages: Sequence[str], /) -> str:
    """Say in words what the chart of surpluses shows."""
    if not packages:
        return "No packages are listed."
    told = []
    for package in packages:
        at = evaluation.packages.index(package)
        each = ", ".join(
            f"{party} {signed(evaluation.surplus[at, column])} ({standing(evaluation, at, column)})"
            for column, party in enumerate(evaluation.parties)
        )
        told.append(f"{package}: {each}")
    return f"Every party's surplus over no deal. {'; '.join(told)}."
