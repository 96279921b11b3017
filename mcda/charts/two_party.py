"""Two parties: every package by its value to both, against what no deal is worth to each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mcda.charts.labels import Box, place_labels
from mcda.charts.look import (
    LIGHT,
    Look,
    Rows,
    chart_of,
    layered,
    no_deal_line,
    padded,
    party_colour,
    told,
)
from mcda.printing import joined
from mcda.values import Evaluation

if TYPE_CHECKING:
    import altair as alt

STATUS_SHAPES = {
    "acceptable to every signer": "circle",
    "allowed, but not acceptable to every signer": "square",
    "crosses a red line": "triangle-down",
    "breaks a rule": "diamond",
}
"""How a package stands → its shape; the first one is filled, the others are hollow."""

SIZE = (720, 460)


def two_parties(
    evaluation: Evaluation, across: str, up: str, /, *, look: Look = LIGHT
) -> alt.LayerChart:
    """The packages by their value to two parties, with what no deal is worth to each.

    The shaded corner holds what both value at least as much as no deal. The shape tells how a
    package stands: acceptable to every signer, allowed, across a red line, or against a rule.
    """
    plot = _Plot(evaluation, across, up)
    x, y = _axes(plot)
    zone = chart_of([plot.corner]).mark_rect(color=look.ink, opacity=0.07)
    layers = [
        zone.encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        *no_deal_line("x", plot.no_deal[0], look),
        *no_deal_line("y", plot.no_deal[1], look),
        *_names(plot, x, y, look),
        _marks(plot, x, y, look),
    ]
    return layered(layers, look, height=SIZE[1], width=SIZE[0])


def two_party_points(evaluation: Evaluation, across: str, up: str, /) -> Rows:
    """Return the points of the two-party chart: ``package``, ``x``, ``y`` and ``status``."""
    columns = [evaluation.parties.index(party) for party in (across, up)]
    return [
        {
            "package": package,
            "x": float(evaluation.party_values[at, columns[0]]),
            "y": float(evaluation.party_values[at, columns[1]]),
            "status": status(evaluation, at),
        }
        for at, package in enumerate(evaluation.packages)
    ]


def status(evaluation: Evaluation, package: int, /) -> str:
    """Say how the listed package of that number stands: one of `STATUS_SHAPES`."""
    names = list(STATUS_SHAPES)
    if evaluation.rules_broken(package):
        return names[3]
    if evaluation.crossed_by(package):
        return names[2]
    return names[0] if evaluation.in_zone[package] else names[1]


def describe_two_parties(evaluation: Evaluation, across: str, up: str, /) -> str:
    """Say in words what the two-party chart shows."""
    plot = _Plot(evaluation, across, up)
    columns = [evaluation.parties.index(party) for party in (across, up)]
    both = [min(row) >= 0 for row in evaluation.surplus[:, columns].tolist()]
    inside = [point["package"] for point, is_in in zip(plot.points, both, strict=True) if is_in]
    corner = (
        f"Worth at least as much as no deal to both: {joined(inside)}."
        if inside
        else "No package is worth at least as much as no deal to both."
    )
    each = "; ".join(
        f"{p['package']} {p['x']:.1f} and {p['y']:.1f}, {p['status']}" for p in plot.points
    )
    return (
        f"The packages by their value to {across} (across) and to {up} (up). No deal is worth "
        f"{plot.no_deal[0]:.1f} to {across} and {plot.no_deal[1]:.1f} to {up}. {corner} {each}."
    )


@dataclass(frozen=True)
class _Plot:
    """What is drawn: points, no-deal values and the ends of both axes, in the parties' values."""

    evaluation: Evaluation
    across: str
    up: str

    @cached_property
    def points(self) -> Rows:
        return two_party_points(self.evaluation, self.across, self.up)

    @cached_property
    def no_deal(self) -> tuple[float, float]:
        across, up = (self.evaluation.parties.index(party) for party in (self.across, self.up))
        return float(self.evaluation.reservation[across]), float(self.evaluation.reservation[up])

    @cached_property
    def domains(self) -> tuple[tuple[float, float], tuple[float, float]]:
        across, up = (
            padded([no_deal, *(point[axis] for point in self.points)])
            for axis, no_deal in zip("xy", self.no_deal, strict=True)
        )
        return across, up

    @cached_property
    def corner(self) -> dict[str, float]:
        (_, right), (_, top) = self.domains
        return {"x": self.no_deal[0], "x2": right, "y": self.no_deal[1], "y2": top}

    def pixels(self, x: float, y: float) -> tuple[float, float]:
        (left, right), (bottom, top) = self.domains
        return (x - left) / (right - left) * SIZE[0], (top - y) / (top - bottom) * SIZE[1]

    def from_pixels(self, x: float, y: float) -> tuple[float, float]:
        (left, right), (bottom, top) = self.domains
        return left + x / SIZE[0] * (right - left), top - y / SIZE[1] * (top - bottom)


def _axes(plot: _Plot) -> tuple[Any, Any]:
    import altair as alt

    across, up = (
        channel(
            f"{axis}:Q",
            title=f"Value to {party}",
            scale=alt.Scale(domain=domain, nice=False, zero=False),
            axis=alt.Axis(
                grid=False,
                tickCount=8,
                titleColor=party_colour(plot.evaluation, party),
                titleFontWeight="bold",
            ),
        )
        for channel, axis, party, domain in zip(
            (alt.X, alt.Y), "xy", (plot.across, plot.up), plot.domains, strict=True
        )
    )
    return across, up


def _marks(plot: _Plot, x: Any, y: Any, look: Look) -> alt.Chart:
    import altair as alt

    points = plot.points
    shown = [status for status in STATUS_SHAPES if any(p["status"] == status for p in points)]
    shapes = [STATUS_SHAPES[status] for status in shown]
    filled = [look.ink if status == next(iter(STATUS_SHAPES)) else look.ground for status in shown]
    legend = alt.Legend(orient="top", columns=2, labelLimit=320)
    one: dict[str, Any] = {
        "field": "status",
        "type": "nominal",
        "sort": shown,
        "title": None,
        "legend": legend,
    }
    marks = chart_of(points).mark_point(size=110, strokeWidth=2, opacity=1)
    chart: alt.Chart = marks.encode(
        x=x,
        y=y,
        shape=alt.Shape(scale=alt.Scale(domain=shown, range=shapes), **one),
        fill=alt.Fill(scale=alt.Scale(domain=shown, range=filled), **one),
        stroke=alt.Stroke(scale=alt.Scale(domain=shown, range=[look.ink] * len(shown)), **one),
        tooltip=[
            alt.Tooltip("package:N", title="Package"),
            alt.Tooltip("x:Q", title=f"Value to {plot.across}", format=".1f"),
            alt.Tooltip("y:Q", title=f"Value to {plot.up}", format=".1f"),
            alt.Tooltip("status:N", title="Stands"),
        ],
    )
    return chart


def _names(plot: _Plot, x: Any, y: Any, look: Look) -> list[alt.Chart]:
    """Names beside the points, one layer for each alignment, and lines to those that stand off."""
    order = list(STATUS_SHAPES)  # what every signer accepts is named first, while there is room
    points = sorted(plot.points, key=lambda point: order.index(point["status"]))
    across, up = plot.pixels(*plot.no_deal)
    lines: list[Box] = [(across - 2, 0, across + 2, SIZE[1]), (0, up - 2, SIZE[0], up + 2)]
    labels = place_labels(
        [(point["package"], *plot.pixels(point["x"], point["y"])) for point in points],
        size=SIZE,
        lines=lines,
    )
    rows: Rows = []
    for label in labels:
        at_x, at_y = plot.from_pixels(label.x, label.y)
        point = points[label.index]
        rows.append(
            {"name": label.text, "align": label.align, "far": label.far, "x": at_x, "y": at_y}
            | {"x2": point["x"], "y2": point["y"]}
        )
    layers = []
    far = [row for row in rows if row["far"]]
    if far:
        leads = chart_of(far).mark_rule(color=look.ink, opacity=0.45, strokeWidth=0.8)
        layers.append(leads.encode(x=x, x2="x2:Q", y=y, y2="y2:Q"))
    for align in dict.fromkeys(row["align"] for row in rows):
        named = chart_of([row for row in rows if row["align"] == align])
        layers += told(
            named.encode(x=x, y=y, text="name:N"), look, align=align, baseline="middle", fontSize=11
        )
    return layers
