"""The two charts on Ranking: stacked contributions, and values to two parties."""

from __future__ import annotations

from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from mcda.workbook import layout
from mcda.workbook.author.order import Order
from mcda.workbook.author.style import GREY, INK, LINE, NAVY, party_colour

WIDTH, HEIGHT = 720, 420
_FONT: dict[str, Any] = {"name": "Calibri", "size": 9, "color": INK}
_PLAIN = _FONT | {"bold": False}
_TITLE = {"name": "Calibri", "size": 12, "bold": True, "color": NAVY}
_GRID = {"visible": True, "line": {"color": LINE, "width": 0.5}}
_AROUND = ("right", "above", "left", "below")
"""Where the numbers of points stand, in turn, so that neighbours hide each other less."""


def contributions(workbook: Workbook, order: Order) -> Chart:
    """Return the stacked bars: what each criterion of the chosen party adds, package by package."""
    chart: Chart = workbook.add_chart({"type": "bar", "subtype": "stacked"})
    # The last series is spare, and its entry in the legend blank until it is used: LibreOffice
    # takes out another entry than the one that is named, so none is taken out.
    for m, run in enumerate(order.contributions):
        header = layout.Block(run.sheet, run.top - 1, run.column, run.top - 1, run.column)
        chart.add_series(
            {
                "name": header.reference,
                "categories": order.labels.block.reference,
                "values": run.block.reference,
                "gap": 40,
                "fill": {"color": party_colour(m)},
                "border": {"color": "#FFFFFF", "width": 0.5},
            }
        )
    chart.set_title(
        {"name": "What each package is worth, criterion by criterion", "name_font": _TITLE}
    )
    # The axis of a bar chart that runs upwards; reversed, the first package stands on top, and
    # the value axis stays below because it crosses at the other end.
    chart.set_y_axis(
        {
            "reverse": True,
            "crossing": "max",
            "num_font": _FONT | {"size": 8},
            "line": {"color": GREY},
            "interval_unit": 1,
            "label_position": "low",
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_x_axis(
        {
            "num_font": _FONT,
            "num_format": "0",
            "major_gridlines": _GRID,
            "name": "Value, 0–100",
            "name_font": _PLAIN,
        }
    )
    # Room for every package's name, in programs that would skip some of them.
    chart.set_plotarea({"layout": {"x": 0.31, "y": 0.11, "width": 0.65, "height": 0.66}})
    return _finish(chart, {"position": "bottom", "font": _FONT})


def two_parties(workbook: Workbook, order: Order) -> Chart:
    """Return the scatter of both parties' values, with a line at the no-deal value of each.

    Each package is a series of its own, so that its number in the list, which is live, can stand
    beside it.
    """
    chart: Chart = workbook.add_chart({"type": "scatter"})
    for i in range(1, order.charted + 1):
        chart.add_series(
            {
                "name": f"={order.marks.on(i)}",
                "categories": f"={order.x.on(i)}",
                "values": f"={order.y.on(i)}",
                "marker": {
                    "type": "circle",
                    "size": 7,
                    "fill": {"color": party_colour(0)},
                    "border": {"color": "#FFFFFF"},
                },
                "data_labels": {
                    "series_name": True,
                    "value": False,
                    "position": _AROUND[(i - 1) % len(_AROUND)],
                    "font": _FONT | {"bold": True},
                },
            }
        )
    lines = (
        (order.line_across, order.no_deal_across, "dash", party_colour(1)),
        (order.line_up, order.no_deal_up, "long_dash_dot", party_colour(2)),
    )
    for name, (x, y), dash, colour in lines:
        chart.add_series(
            {
                "name": f"={name}",
                "categories": x.block.reference,
                "values": y.block.reference,
                "marker": {"type": "none"},
                "line": {"color": colour, "width": 1.75, "dash_type": dash},
            }
        )
    chart.set_title(
        {
            "name": "Two parties: numbers are those of the list; ✗ is not allowed",
            "name_font": _TITLE,
        }
    )
    axis = {
        "num_font": _FONT,
        "num_format": "0",
        "major_gridlines": _GRID,
        "name_font": _PLAIN,
        "label_position": "low",
    }
    # Fixed words: LibreOffice does not keep axis titles that follow a cell.
    chart.set_x_axis(axis | {"name": "Value to the party chosen at “Chart: across”"})
    chart.set_y_axis(axis | {"name": "Value to the one at “Chart: up”"})
    points = list(range(order.charted))
    return _finish(chart, {"position": "bottom", "font": _FONT, "delete_series": points})


def _finish(chart: Chart, legend: dict[str, Any]) -> Chart:
    chart.set_legend(legend)
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart
