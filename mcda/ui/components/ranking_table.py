"""The ranked packages for one party, with every party's answer beside them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from mcda.charts.look import signed
from mcda.ranking.result import PartyRanking, RankedPackage
from mcda.values import Evaluation


def ranking_table(
    evaluation: Evaluation, ranking: PartyRanking, ranks_in_file: Mapping[str, int | None]
) -> None:
    """Show the ranking as a table of real rows.

    ``ranks_in_file``: package → rank before weights were changed here.
    """
    own = evaluation.parties.index(ranking.party)
    body = "".join(_row(evaluation, row, ranks_in_file.get(row.package), own) for row in ranking)
    st.html(
        '<div class="wide" role="region" tabindex="0" aria-label="Ranking">'
        f'<table class="grid ranking"><caption>Packages ranked for {escape(ranking.party)}, and '
        f"whether each party accepts them</caption><thead>{_head(evaluation, own)}</thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
    st.caption(
        "✓ acceptable: no red line of that party crossed, and surplus 0 or more. ✗ below no deal. "
        "⊘ crosses a red line of that party. Signed numbers are surpluses, small ones values. "
        "Zone: allowed, and acceptable to every signer."
    )


def _head(evaluation: Evaluation, own: int) -> str:
    parties = "".join(
        f'<th scope="col" class="party{" own" if index == own else ""}">{escape(party.name)}'
        + ("" if party.signs else "<small>does not sign</small>")
        + f"<small>no deal {evaluation.reservation[index]:.1f}</small></th>"
        for index, party in enumerate(evaluation.case.parties)
    )
    return (
        '<tr><th scope="col">Rank</th><th scope="col">Package</th>'
        '<th scope="col" class="number">Value</th><th scope="col" class="number">Surplus</th>'
        f'{parties}<th scope="col">Zone</th></tr>'
    )


def _row(evaluation: Evaluation, row: RankedPackage, before: int | None, own: int) -> str:
    at = evaluation.packages.index(row.package)
    zone = "✓ yes" if evaluation.in_zone[at] else "no"
    reason = "" if row.rank else f"<small>{escape(row.reason)}</small>"
    cells = "".join(
        _answer(evaluation, at, column, own) for column in range(len(evaluation.parties))
    )
    return (
        f'<tr data-value="{row.value!r}" data-surplus="{row.surplus!r}"'
        f' data-rank="{row.rank or ""}"'
        f"{'' if row.rank else ' class=unranked'}>"
        f'<td class="rank">{row.rank or "–"}{_moved(row.rank, before)}</td>'
        f'<th scope="row">{escape(row.package)}{reason}</th>'
        f'<td class="number">{row.value:.1f}</td><td class="number">{signed(row.surplus)}</td>'
        f'{cells}<td class="zone">{zone}</td></tr>'
    )


def _moved(rank: int | None, before: int | None) -> str:
    if rank is None or before is None or rank == before:
        return ""
    return f"<small>{'▲' if rank < before else '▼'} from {before}</small>"


def _answer(evaluation: Evaluation, package: int, party: int, own: int) -> str:
    value = evaluation.party_values[package, party]
    surplus = signed(evaluation.surplus[package, party])
    if party == own:
        return _own_answer(evaluation, package, party)
    if evaluation.refused[package, party]:
        return f'<td class="answer refused">⊘ red line<small>{value:.1f}</small></td>'
    if evaluation.acceptable[package, party]:
        return f'<td class="answer accepted">✓ {surplus}<small>{value:.1f}</small></td>'
    return f'<td class="answer below">✗ {surplus}<small>{value:.1f}</small></td>'


def _own_answer(evaluation: Evaluation, package: int, party: int) -> str:
    """The chosen party's answer alone; its value and surplus have columns of their own."""
    if evaluation.refused[package, party]:
        return '<td class="answer refused own">⊘ red line</td>'
    if evaluation.acceptable[package, party]:
        return '<td class="answer accepted own">✓ yes</td>'
    return '<td class="answer below own">✗ no</td>'
