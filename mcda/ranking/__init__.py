"""Ranking the listed packages for a party: the additive value, and other methods beside it."""

from __future__ import annotations

from mcda.canonical import inputs_sha256
from mcda.case import Case
from mcda.ranking.additive import rank_additive
from mcda.ranking.result import ADDITIVE, PartyRanking, Ranking
from mcda.values import Evaluation, evaluate

__all__ = ["ADDITIVE", "rank", "rank_party"]


def rank(case: Case, party: str | None = None, method: str = ADDITIVE) -> Ranking:
    """Rank the listed packages of a case for one party, or for each.

    ``method`` is ``additive`` or a key of `mcda.ranking.methods.MENU`. A party for which the method
    cannot be used stands in the ranking's ``not_offered``, with the reason.

    Raises:
        KeyError: for a party that the case does not have, or a method that is not on the menu.
        mcda.ranking.methods.NotOffered: where the method can be used for none of the parties asked.
    """
    evaluation = evaluate(case)
    asked = case.party_names if party is None else (case.party(party).name,)
    if method == ADDITIVE:
        rankings = {name: rank_additive(evaluation, name) for name in asked}
        return Ranking(case.name, inputs_sha256(case), method, rankings)
    from mcda.ranking.methods import NotOffered

    rankings, reasons = {}, {}
    for name in asked:
        try:
            rankings[name] = rank_party(evaluation, name, method)
        except NotOffered as reason:
            reasons[name] = str(reason)
    if not rankings:
        raise NotOffered("\n".join(reasons.values()))
    return Ranking(case.name, inputs_sha256(case), method, rankings, reasons)


def rank_party(evaluation: Evaluation, party: str, method: str = ADDITIVE) -> PartyRanking:
    """Rank the listed packages of an evaluated case for one party."""
    if method == ADDITIVE:
        return rank_additive(evaluation, party)
    from mcda.ranking.methods import rank_by

    return rank_by(evaluation, party, method)
