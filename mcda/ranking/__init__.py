"""Ranking the listed packages for a party: the additive value, and other methods beside it."""

from __future__ import annotations

from mcda.canonical import inputs_sha256
from mcda.case import Case
from mcda.ranking.additive import rank_additive
from mcda.ranking.result import PartyRanking, Ranking
from mcda.values import Evaluation, evaluate

ADDITIVE = "additive"


def rank(case: Case, party: str | None = None, method: str = ADDITIVE) -> Ranking:
    """Rank the listed packages of a case for one party, or for each.

    ``method`` is ``additive`` or one of `mcda.ranking.methods.MENU`.

    Raises:
        KeyError: for a party that the case does not have, or a method that is not on the menu.
        mcda.ranking.methods.NotOffered: where the method cannot rank this case, and why.
    """
    evaluation = evaluate(case)
    parties = case.party_names if party is None else (case.party(party).name,)
    return Ranking(
        case=case.name,
        inputs_sha256=inputs_sha256(case),
        method=method,
        parties={name: rank_party(evaluation, name, method) for name in parties},
    )


def rank_party(evaluation: Evaluation, party: str, method: str = ADDITIVE) -> PartyRanking:
    """Rank the listed packages of an evaluated case for one party."""
    if method == ADDITIVE:
        return rank_additive(evaluation, party)
    from mcda.ranking.methods import rank_by

    return rank_by(evaluation, party, method)
