"""A chart on the page: drawn for the theme, with its words for those who cannot see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from mcda.charts import DARK, LIGHT, Look

if TYPE_CHECKING:
    import altair as alt


def look() -> Look:
    """Return what charts are drawn on: the page's theme."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def picture(chart: alt.LayerChart, words: str, /, *, key: str, height: int | None = None) -> None:
    """Show a chart, and what it shows in words; ``height``: all of it in pixels, if it is fixed."""
    # Given as plain data: charts are checked against their schema in tests, not after every click.
    specification = chart.to_dict(validate=False)
    st.vega_lite_chart(
        specification, width="stretch", height=height or "content", alt=words, key=key
    )
    with st.expander("This chart in words"):
        st.text(words)
