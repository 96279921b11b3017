"""Who would accept which package? The ranking for one party, every party's answer beside it."""

from __future__ import annotations

import streamlit as st

from mcda.charts import contributions, describe_contributions
from mcda.charts.look import signed
from mcda.ui import state
from mcda.ui.components.picture import look, picture
from mcda.ui.components.prose import filled, say
from mcda.ui.components.ranking_table import ranking_table


def show() -> None:
    """Show the ranking, first in words, then as a table and as bars."""
    view = state.view()
    say("<h1>{party}: what ranks first, and who would accept it</h1>", party=view.party)
    if not view.ranking.rows:
        st.info("This case lists no packages yet. Enter some on the Packages sheet.")
        return
    st.html(f'<div class="cards">{_first(view)}{_first_for_all(view)}</div>')
    before = {row.package: row.rank for row in view.ranking_in_file}
    ranking_table(view.evaluation, view.ranking, before)
    st.html("<h2 class='side'>What makes the value: the contribution of each criterion</h2>")
    picture(
        contributions(view.evaluation, view.ranking, look=look()),
        describe_contributions(view.evaluation, view.ranking),
        key="contributions",
    )


def _first(view: state.View) -> str:
    names = view.ranking.first
    if not names:
        return _card(
            f"First for {view.party}",
            "No package takes a rank",
            "Every listed package breaks a rule or crosses a red line of this party.",
        )
    row = view.ranking[names[0]]
    side = "above" if row.surplus >= 0 else "below"
    told = f"Value {row.value:.1f}, {abs(row.surplus):.1f} {side} no deal."
    if row.red_lines:
        told += f" Crosses a red line of {', '.join(row.red_lines)}."
    return _card(f"First for {view.party}", " and ".join(names), told)


def _first_for_all(view: state.View) -> str:
    title = "First of those that every signer accepts"
    zone = [
        row
        for row in view.ranking
        if row.rank and view.evaluation.in_zone[view.evaluation.packages.index(row.package)]
    ]
    if not zone:
        told = "Each one crosses a red line, breaks a rule or is below a signer’s no deal."
        return _card(title, "None of the listed packages", told)
    best = [row for row in zone if row.rank == zone[0].rank]
    told = (
        f"Rank {best[0].rank}, value {best[0].value:.1f}, surplus {signed(best[0].surplus)}. "
        f"In the zone: {len(zone)} of {len(view.ranking.rows)} packages."
    )
    return _card(title, " and ".join(row.package for row in best), told)


def _card(title: str, big: str, told: str) -> str:
    return filled(
        '<div class="card"><p>{title}</p><p class="big">{big}</p><p>{told}</p></div>',
        title=title, big=big, told=told,
    )  # fmt: skip
