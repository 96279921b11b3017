"""Would another method rank alike? A second opinion on the additive ranking."""

from __future__ import annotations

import streamlit as st

from mcda.ranking.compare import compare
from mcda.ranking.result import ADDITIVE
from mcda.ui import state
from mcda.ui.components.grid import grid
from mcda.ui.components.prose import say


def show() -> None:
    """Show who is first under each method, how far they agree, and which are not offered."""
    from mcda.ranking.compare import title
    from mcda.ranking.methods import MENU

    view = state.view()
    say("<h1>{party}: what other methods rank first</h1>", party=view.party)
    say(
        '<p class="lead">They rank the same packages on the same performances and weights. Value, '
        "surplus and what is acceptable come from the additive method alone.</p>"
    )
    if not view.ranking.first:
        st.info("No package takes a rank for this party, so there is nothing to compare.")
        return
    with st.spinner("Asking the other methods …"):
        comparison = compare(view.evaluation, view.party)
    grid(
        [
            {
                "First": " and ".join(packages),
                "Methods": len(keys),
                "Which": ", ".join(title(key) for key in keys),
            }
            for packages, keys in comparison.first_under.items()
        ],
        about="Which package is first under which methods",
    )
    st.html("<h2 class='side'>Ranks</h2>")
    table = comparison.table.dropna(how="all").rename(columns=title)
    st.dataframe(
        table,
        height="content",
        alt="The rank of every package under every method.",
    )
    st.html("<h2 class='side'>Agreement with the additive ranking</h2>")
    grid(
        [
            {
                "Method": title(key),
                "Kendall’s τ": comparison.agreement(ADDITIVE, key),
                "What was done": comparison.rankings[key].note,
                "Source": MENU[key].source,
            }
            for key in comparison.methods[1:]
        ],
        about="Kendall’s τ of every method with the additive ranking; 1 is the same order",
        decimals=2,
    )
    if comparison.not_offered:
        st.html("<h2 class='side'>Not offered for this case</h2>")
        grid(
            [
                {"Method": title(key), "Why not": reason}
                for key, reason in comparison.not_offered.items()
            ],
            about="Methods that are not offered for this case",
        )
