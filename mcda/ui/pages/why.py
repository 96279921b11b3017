"""Why does one package stand before another? The points that each criterion makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from mcda.charts import describe_differences, differences, party_colour
from mcda.ranking.additive import Explanation, explain
from mcda.ui import state
from mcda.ui.components.picture import look, picture
from mcda.ui.components.prose import say

if TYPE_CHECKING:
    import pandas as pd

NO_DEAL = -1
"""Stands for no deal among the numbers of the packages."""


def show() -> None:
    """Show the difference between two packages in words, as bars and as a table."""
    view = state.view()
    order = [row.package for row in view.ranking]
    say("<h1>{party}: why one package is worth more than another</h1>", party=view.party)
    if not order:
        st.info("This case lists no packages yet. Enter some on the Packages sheet.")
        return
    others = [*range(len(order)), *([NO_DEAL] if view.evaluation.no_deal else [])]

    def name(number: int) -> str:
        return f"No deal: {view.evaluation.no_deal[0]}" if number == NO_DEAL else order[number]

    left, right = st.columns(2)
    first = left.selectbox(
        "Package", range(len(order)), format_func=name, key="first", bind="query-params"
    )
    second = right.selectbox(
        "Compared with",
        others,
        index=min(1, len(others) - 1),
        format_func=name,
        key="second",
        bind="query-params",
    )
    try:
        explanation = explain(
            view.evaluation,
            view.party,
            order[first],
            None if second == NO_DEAL else order[second],
        )
    except ValueError as problem:
        row = view.ranking[order[first]]
        say('<p class="words">{problem}</p>', problem=problem)
        say(
            '<p class="words">“{package}” is worth {value} to {party}; no deal is worth {no_deal}, '
            "so the surplus is {surplus}.</p>",
            package=row.package,
            value=f"{row.value:.1f}",
            party=view.party,
            no_deal=f"{view.ranking.reservation:.1f}",
            surplus=f"{row.surplus:+.1f}",
        )
        return
    say('<p class="words">{words}</p>', words=explanation)
    colour = party_colour(view.evaluation, view.party)
    picture(
        differences(explanation, colour=colour, look=look()),
        describe_differences(explanation),
        key="differences",
    )
    st.dataframe(
        _table(explanation),
        hide_index=True,
        column_config={
            "Weight": st.column_config.NumberColumn(format="percent"),
            **{
                column: st.column_config.NumberColumn(format="%.1f")
                for column in ("Performance, first", "Performance, second", "Value, first",
                               "Value, second", "Points")
            },
        },
        alt=str(explanation),
    )  # fmt: skip


def _table(explanation: Explanation) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "Criterion": item.criterion,
            "Points": item.points,
            "Weight": item.share,
            "Value, first": item.values[0],
            "Value, second": item.values[1],
            "Performance, first": item.performance[0],
            "Performance, second": item.performance[1],
            "Unit": item.unit or "",
        }
        for item in explanation.differences
    )
