"""Drawing a chart to bytes, with no browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt


def save_as(chart: alt.TopLevelMixin, kind: str, /) -> bytes:
    """Draw a chart without a browser, as ``svg`` or ``png`` bytes."""
    import vl_convert

    specification: dict[str, Any] = chart.to_dict()
    if kind == "svg":
        return str(vl_convert.vegalite_to_svg(specification)).encode()
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(specification, scale=2))
    raise ValueError(f"a chart is drawn as svg or png, not as {kind}")
