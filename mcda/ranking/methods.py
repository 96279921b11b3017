"""The menu of ranking methods that give a second opinion on the additive ranking (DESIGN §3.11).

Each entry says where the method comes from, computes it, and says in words when it cannot be
offered. Every method here gives equal packages equal ranks, and never ranks a package below one
that it equals or betters on every criterion; what scikit-criteria has beside them is in `LEFT_OUT`,
with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mcda.ranking import scoring
from mcda.ranking.performance import Performance, performance
from mcda.ranking.result import PartyRanking, party_ranking
from mcda.ranking.scaling import by_width
from mcda.ranking.scores import MethodScores
from mcda.values import Evaluation

PAIRS_LIMIT = 2000
"""Methods that compare all pairs are offered up to so many packages."""

MAGNITUDES = (1e-100, 1e100)
"""Performances whose squares or sums still are numbers."""


class NotOffered(ValueError):
    """A method that cannot be used for these packages; the message says why."""


@dataclass(frozen=True, slots=True)
class Method:
    """One entry of the menu.

    ``key`` is what one types, ``title`` what one reads, ``source`` where the method was published.
    ``all_pairs`` says that it compares every package with every other, in O(n²) memory.
    """

    key: str
    title: str
    source: str
    compute: Callable[[Performance], MethodScores]
    refuses: Callable[[Performance], str | None] = lambda _: None
    all_pairs: bool = False

    def why_not(self, performance: Performance, /) -> str | None:
        """Say why the method is not offered for these packages; None where it is."""
        reason = _nothing_to_compare(performance) or _beyond_reckoning(performance)
        if reason:
            return reason
        count = len(performance.matrix)
        if self.all_pairs and count > PAIRS_LIMIT:
            return f"It compares all pairs, and {count} packages are more than {PAIRS_LIMIT}."
        return self.refuses(performance)

    def scores(self, performance: Performance, /) -> MethodScores:
        """Compute the scores, finite and equal for equal packages.

        Raises:
            NotOffered: Where :meth:`why_not` gives a reason; that reason is the message.
        """
        reason = self.why_not(performance)
        if reason:
            raise NotOffered(f"{self.title} is not offered here. {reason}")
        return _equal_for_equals(performance, self.compute(performance))


def _nothing_to_compare(p: Performance) -> str | None:
    if not len(p.matrix):
        return "No package is left to rank."
    if len(p.matrix) == 1:
        return "Only one package is ranked, so there is nothing to compare it with."
    if (p.matrix == p.matrix[0]).all():
        return "All packages perform the same on every criterion that has weight."
    return None


def _beyond_reckoning(p: Performance) -> str | None:
    tops = np.maximum(np.abs(p.matrix).max(axis=0), np.abs(p.ranges).max(axis=1))
    low, high = MAGNITUDES
    for criterion, top in zip(p.criteria, tops, strict=True):
        if top > high or 0 < top < low:
            return f"The numbers of {criterion} are near {top:.0e}; use another unit for them."
    return None


def _equal_for_equals(p: Performance, result: MethodScores) -> MethodScores:
    """Give equal rows the very same score, whatever order their terms were summed in."""
    _, first, inverse = np.unique(p.matrix, axis=0, return_index=True, return_inverse=True)
    scores: NDArray[np.float64] = result.scores[first[inverse.reshape(-1)]]
    return replace(result, scores=scores)


def _all_maximised(p: Performance) -> str | None:
    if p.maximise.all():
        return "It sets gains against costs, and no criterion that has weight is minimised."
    return None


def _worst_on_everything(p: Performance) -> str | None:
    scaled = by_width(p)
    for name, row in zip(p.packages, scaled, strict=True):
        if not row.any():
            return f"It divides by the least sum, which is 0: {name} is worst on every criterion."
    return None


def _puts_worse_above_better(p: Performance) -> str | None:
    ranks, upward = scoring.codas(p).ranks, p.upward
    for index, row in enumerate(upward):
        at_least_as_good = (row >= upward).all(axis=1)
        wrong = np.flatnonzero(at_least_as_good & (ranks < ranks[index]))
        if len(wrong):
            return (
                f"Its threshold would put {p.packages[wrong[0]]} above {p.packages[index]}, "
                "which is at least as good on every criterion."
            )
    return None


_ENTRIES = (
    Method("topsis", "TOPSIS", "Hwang & Yoon 1981", scoring.topsis),
    Method("vikor", "VIKOR", "Opricovic & Tzeng 2004", scoring.vikor),
    Method(
        "promethee",
        "PROMETHEE II",
        "Brans & Vincke 1985; Calders & Van Assche 2016",
        scoring.promethee_ii,
    ),
    Method(
        "promethee_linear",
        "PROMETHEE II (linear)",
        "Brans & Vincke 1985; Calders & Van Assche 2016",
        scoring.promethee_ii_linear,
    ),
    Method(
        "promethee_level",
        "PROMETHEE II (level)",
        "Brans & Vincke 1985; Calders & Van Assche 2016",
        scoring.promethee_ii_level,
    ),
    Method(
        "electre2",
        "ELECTRE II",
        "Roy & Bertier 1971; Gomes, Araya & Carignano 2004",
        scoring.electre_ii,
        all_pairs=True,
    ),
    Method("wsm", "Weighted sum of ratios", "Fishburn 1967", scoring.weighted_sum),
    Method("wpm", "Weighted product", "Bridgman 1922", scoring.weighted_product),
    Method("waspas", "WASPAS", "Zavadskas et al. 2012", scoring.waspas),
    Method(
        "copras", "COPRAS", "Zavadskas & Kaklauskas 1996", scoring.copras, refuses=_all_maximised
    ),
    Method("aras", "ARAS", "Zavadskas & Turskis 2010", scoring.aras),
    Method("cocoso", "CoCoSo", "Yazdani et al. 2019", scoring.cocoso, refuses=_worst_on_everything),
    Method(
        "codas",
        "CODAS",
        "Keshavarz Ghorabaee et al. 2016",
        scoring.codas,
        refuses=_puts_worse_above_better,
        all_pairs=True,
    ),
    Method("edas", "EDAS", "Keshavarz Ghorabaee et al. 2015", scoring.edas),
    Method("mabac", "MABAC", "Pamučar & Ćirović 2015", scoring.mabac),
    Method("mairca", "MAIRCA", "Pamučar, Vasin & Lukovac 2014", scoring.mairca),
    Method("marcos", "MARCOS", "Stević et al. 2020", scoring.marcos),
    Method("moora_ratio", "MOORA (ratio system)", "Brauers & Zavadskas 2006", scoring.ratio_moora),
    Method(
        "moora_reference",
        "MOORA (reference point)",
        "Brauers & Zavadskas 2006",
        scoring.reference_point_moora,
    ),
    Method(
        "multiplicative",
        "Full multiplicative form",
        "Brauers & Zavadskas 2010",
        scoring.full_multiplicative_form,
    ),
    Method(
        "multimoora",
        "MULTIMOORA",
        "Brauers & Zavadskas 2010",
        scoring.multimoora,
        all_pairs=True,
    ),
    Method("ocra", "OCRA", "Parkan 1994; Işık & Adalı 2016", scoring.ocra),
    Method("spotis", "SPOTIS", "Dezert et al. 2020", scoring.spotis),
    Method("rim", "RIM", "Cables, Lamata & Verdegay 2016", scoring.rim),
    Method("ram", "RAM", "Sotoudeh-Anvari 2023", scoring.ram),
    Method("ervd", "ERVD", "Shyur et al. 2015", scoring.ervd),
)

MENU: Mapping[str, Method] = MappingProxyType({method.key: method for method in _ENTRIES})
"""Key → method, in the order in which they are shown."""

LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "ELECTRE1": "It selects a kernel of packages and does not rank.",
        "SIMUS": "The library's version ranks equal packages apart.",
        "PROBID": (
            "It rewards distance from the average package in either direction, so that it ranks "
            "packages above others that are at least as good on every criterion."
        ),
        "SimplifiedPROBID": (
            "It ranks packages above others that are at least as good on every criterion, and "
            "gives no number to one that is best on all of them."
        ),
    }
)
"""What scikit-criteria has beside the menu, by its class name, and why it is not offered."""


def party_performance(evaluation: Evaluation, party: str, /) -> Performance:
    """Gather what the methods work on: a party's ranked packages (DESIGN §3.9), n × m.

    Raises:
        KeyError: The case has no such party.
    """
    column = _column(evaluation, party)
    ranked = evaluation.ranked[:, column]
    owner = evaluation.case.party(party)
    return performance(
        evaluation.performance[party][ranked],
        owner.shares,
        [criterion.direction for criterion in owner.criteria],
        packages=[name for name, use in zip(evaluation.packages, ranked, strict=True) if use],
        criteria=[criterion.name for criterion in owner.criteria],
        ranges=evaluation.ranges[party],
        reference=_no_deal(evaluation, party),
    )


def _column(evaluation: Evaluation, party: str) -> int:
    if party not in evaluation.parties:
        raise KeyError(party)
    return evaluation.parties.index(party)


def _no_deal(evaluation: Evaluation, party: str) -> NDArray[np.float64] | None:
    """Performances of the first no-deal alternative, where it has any."""
    if not evaluation.no_deal:
        return None
    first = evaluation.no_deal_performance[party][0]
    return first if np.isfinite(first).all() else None


def rank_by(evaluation: Evaluation, party: str, method: str, /) -> PartyRanking:
    """Rank a party's listed packages by a method of the menu.

    Args:
        evaluation: The case, valued.
        party: Whose criteria, weights and performances count.
        method: A key of `MENU`.

    Returns:
        Ranks, scores, intermediates and a note of what was done. The packages that the additive
        ranking leaves without a rank have neither rank nor score here.

    Raises:
        KeyError: The case has no such party, or the menu no such method.
        NotOffered: The method cannot be used for this party's packages; the message says why.
    """
    column = _column(evaluation, party)
    performances = party_performance(evaluation, party)
    reason = MENU[method].why_not(performances)
    if reason:
        raise NotOffered(f"{MENU[method].title} is not offered for {party}. {reason}")
    result = MENU[method].scores(performances)
    ranked = evaluation.ranked[:, column]
    scores, compared = np.full((2, len(ranked)), np.nan)
    scores[ranked], compared[ranked] = result.scores, result.compared
    return party_ranking(
        evaluation,
        party,
        method=method,
        scores=scores,
        ranked=ranked,
        compared=compared,
        direction=result.direction,
        intermediates=result.intermediates,
        note=result.note,
    )
