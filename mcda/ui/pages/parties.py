"""Who gains and who loses? All parties together, and any two of them against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from mcda.charts import describe_surpluses, describe_two_parties, surpluses, two_parties
from mcda.charts.surplus import standing
from mcda.ui import state
from mcda.ui.components.picture import look, picture
from mcda.values import Evaluation

if TYPE_CHECKING:
    import pandas as pd


def show() -> None:
    """Show two parties against each other, then every party's surplus, then all numbers."""
    view = state.view()
    evaluation = view.evaluation
    st.html("<h1>Who gains and who loses, against no deal</h1>")
    if not evaluation.packages:
        st.info("This case lists no packages yet. Enter some on the Packages sheet.")
        return
    if len(evaluation.parties) > 1:
        _two(evaluation)
    order = [row.package for row in view.ranking]
    st.html("<h2 class='side'>Every party’s surplus, in the order of the ranking</h2>")
    st.caption(
        "Filled: acceptable to that party. Hollow: below no deal, or across its red line. Every "
        "party’s surplus is in points of its own: 10 of one are not 10 of another. Read each party "
        "by itself, and against the line of no deal; the parties share an axis only to save room."
    )
    picture(
        surpluses(evaluation, order, look=look()),
        describe_surpluses(evaluation, order),
        key="surpluses",
    )
    st.html("<h2 class='side'>All values</h2>")
    st.dataframe(
        _table(evaluation, order),
        column_config={
            column: st.column_config.NumberColumn(format="%.1f")
            for party in evaluation.parties
            for column in (f"{party}: value", f"{party}: surplus")
        },
        height="content",
        alt="Every party’s value and surplus of every package, and whether it is acceptable.",
    )


def _two(evaluation: Evaluation) -> None:
    names = evaluation.parties
    left, right = st.columns(2)
    across = str(left.selectbox("Across", names, index=0, key="across", bind="query-params"))
    others = [name for name in names if name != across]
    up = str(right.selectbox("Up", others, index=0, key="up", bind="query-params"))
    st.caption("In the shaded corner a package is worth at least as much as no deal to both.")
    picture(
        two_parties(evaluation, across, up, look=look()),
        describe_two_parties(evaluation, across, up),
        key="two-parties",
        height=600,
    )


def _table(evaluation: Evaluation, order: list[str]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for package in order:
        at = evaluation.packages.index(package)
        row: dict[str, object] = {"package": package}
        for column, party in enumerate(evaluation.parties):
            row[f"{party}: value"] = float(evaluation.party_values[at, column])
            row[f"{party}: surplus"] = float(evaluation.surplus[at, column])
            row[f"{party}: stands"] = standing(evaluation, at, column)
        row["allowed"] = "yes" if evaluation.allowed[at] else "no"
        row["in the zone"] = "yes" if evaluation.in_zone[at] else "no"
        rows.append(row)
    return pd.DataFrame(rows).set_index("package")
