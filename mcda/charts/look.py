"""What the charts have in common: colours, shapes, and the ground they are drawn on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mcda.values import Evaluation

if TYPE_CHECKING:
    import altair as alt

Rows = list[dict[str, Any]]

PARTY_COLOURS = (
    "#2f5cd2", "#dd7a14", "#0d8f64", "#cc73b4", "#805f19", "#2e93c4", "#c8376f", "#7a7a7a",
)  # fmt: skip
"""The parties' colours in the order of the case, again from the start after the eighth. The first
five were searched for: as far apart as can be for every kind of sight, and seen on white and on
black alike (hues after Okabe & Ito 2008)."""

PARTY_SHAPES = (
    "circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right",
    "triangle-left",
)  # fmt: skip
"""The parties' shapes, in the same order."""

ROW_HEIGHT = 26
LABEL_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Look:
    """What a chart is drawn on: the colour of text and lines, and of the ground."""

    ink: str
    ground: str


LIGHT = Look(ink="#2f2d2b", ground="#ffffff")
DARK = Look(ink="#edebe8", ground="#171614")


def party_colour(evaluation: Evaluation, party: str, /) -> str:
    """Return the colour of a party, the same in every chart of the case."""
    return PARTY_COLOURS[evaluation.parties.index(party) % len(PARTY_COLOURS)]


def shades(colour: str, count: int, /) -> list[str]:
    """Return ``count`` shades of a colour, from dark to light, apart in greyscale too.

    >>> shades("#3b6fb6", 3)
    ['#23436d', '#678fc6', '#d4dfef']
    """
    channels = _channels(colour)
    return [_hex(_shade(channels, index / max(1, count - 1))) for index in range(count)]


def _shade(channels: tuple[float, ...], step: float) -> list[float]:
    """From two fifths black (0) over the colour itself (0.3) to near white (1)."""
    if step < 0.3:
        return [part * (0.6 + 0.4 * step / 0.3) for part in channels]
    return [part + (255 - part) * 0.78 * (step - 0.3) / 0.7 for part in channels]


def _channels(colour: str) -> tuple[float, ...]:
    return tuple(float(int(colour[at : at + 2], 16)) for at in (1, 3, 5))


def _hex(channels: Iterable[float]) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in channels)


def luminance(colour: str, /) -> float:
    """Return the relative luminance of a colour, 0 (black) to 1 (white) (WCAG 2.1)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, /) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(colour: str, /) -> str:
    """Return the colour of text that can be read on a colour: white or near black."""
    return max(("#ffffff", "#1a1a1a"), key=lambda text: contrast(text, colour))


def chart_of(rows: Rows, /) -> alt.Chart:
    """Return a chart with the rows as its data, no mark yet."""
    import altair as alt

    return alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]


def layered(
    layers: Sequence[alt.Chart], look: Look, /, *, height: int | alt.Step, width: int | None = None
) -> alt.LayerChart:
    """Return layers as one chart with no frame around it, its axes and legends in ink.

    ``height`` and ``width`` in pixels; a step is the height of one row.
    """
    import altair as alt

    ink: dict[str, Any] = {"labelColor": look.ink, "titleColor": look.ink}
    chart: alt.LayerChart = alt.LayerChart(
        layer=list(layers),
        height=height,
        width=alt.Undefined if width is None else width,
        view=alt.ViewBackground(stroke=None),
        config=alt.Config(
            axis=alt.AxisConfig(**ink),
            legend=alt.LegendConfig(**ink, symbolStrokeWidth=2, symbolSize=100),
        ),
    )
    return chart


def told(text: alt.Chart, look: Look, /, **mark: Any) -> list[alt.Chart]:
    """Return an encoded chart as text that is read on top of lines: with a rim of the ground."""
    rim: dict[str, Any] = {
        "color": look.ground,
        "stroke": look.ground,
        "strokeWidth": 4,
        "strokeJoin": "round",
    }
    return [text.mark_text(**mark, **rim, opacity=0.85), text.mark_text(**mark, color=look.ink)]


def padded(numbers: Iterable[float], /) -> tuple[float, float]:
    """Return the ends of an axis that holds the numbers with some room around them.

    >>> padded([0, 100])
    (-9.0, 109.0)
    """
    values = list(numbers)
    low, high = min(values), max(values)
    room = max((high - low) * 0.09, 2.0)
    return low - room, high + room


def no_deal_line(axis: str, at: float, look: Look, /, words: str = "") -> list[alt.Chart]:
    """Return a dashed line at a value of no deal, on the x or y axis, and its name at its end."""
    import altair as alt

    base = chart_of([{"at": at, "words": words or f"no deal {at:.1f}"}])
    rule = base.mark_rule(color=look.ink, strokeDash=[5, 4], strokeWidth=1.5)
    place: dict[str, Any] = {axis: alt.X("at:Q") if axis == "x" else alt.Y("at:Q")}
    end: dict[str, Any] = {"y": alt.value(0)} if axis == "x" else {"x": alt.value("width")}
    name = base.mark_text(
        color=look.ink,
        fontSize=11,
        fontStyle="italic",
        baseline="bottom",
        align="center" if axis == "x" else "right",
        dy=-4,
    )
    return [rule.encode(**place), name.encode(text="words:N", **place, **end)]


def signed(number: float, /) -> str:
    """Return a number with one decimal, its sign and a true minus.

    >>> signed(-2.35), signed(0.04)
    ('−2.4', '+0.0')
    """
    return f"{number:+.1f}".replace("-", "−")
