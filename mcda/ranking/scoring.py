"""The other ranking methods, each from a party's performances to scores.

Each function scales and inverts as the method's own paper says, lets scikit-criteria compute
(:mod:`mcda.ranking.library`), and returns the scores with what led to them and a note of what was
done. Where the library cannot be relied on the few lines of the method stand here, and the reason
beside them. None of them checks its input: the menu (:mod:`mcda.ranking.methods`) says first
whether a method can be used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mcda.ranking import electre, promethee
from mcda.ranking.library import evaluate
from mcda.ranking.performance import Performance
from mcda.ranking.result import competition_ranks
from mcda.ranking.scaling import Raised, by_best, by_length, by_sum, by_width, raised
from mcda.ranking.scores import MethodScores, Step, comparable

Floats = NDArray[np.float64]


def _each(performance: Performance, values: Any) -> Step:
    """Label one number for each package."""
    return Step(np.asarray(values), performance.packages)


def _ends(performance: Performance, values: Any) -> Step:
    """Label one number for each criterion."""
    return Step(np.asarray(values), performance.criteria)


def _grid(performance: Performance, values: Any) -> Step:
    """Label one number for each package and criterion."""
    return Step(np.asarray(values), performance.packages, performance.criteria)


def _note(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def topsis(p: Performance, /) -> MethodScores:
    """Closeness to the best and distance from the worst performances, 0–1, more is better.

    Hwang & Yoon (1981); Tzeng & Huang (2011), eqs. 5.1–5.6: columns to length 1, weighted,
    Euclidean distances d⁺ to the best and d⁻ to the worst, score d⁻ ÷ (d⁺ + d⁻).
    """
    # Negated, a minimised criterion lies at the same distances, and the library does not warn.
    signs = np.where(p.maximise, 1.0, -1.0)
    scaled = by_length(p.matrix) * signs
    extra = evaluate("topsis", "TOPSIS", scaled, p.weights)
    steps = {
        "Scaled performance": _grid(p, scaled * signs),
        "Ideal, weighted": _ends(p, extra["ideal"] * signs),
        "Anti-ideal, weighted": _ends(p, extra["anti_ideal"] * signs),
    }
    return MethodScores(
        extra["similarity"], "max", steps, "Each criterion scaled to length 1.", magnitude=1.0
    )


def vikor(p: Performance, /, *, strategy: float = 0.5) -> MethodScores:
    """Compromise between the summed and the greatest regret, Q within 0–1, less is better.

    Opricovic & Tzeng (2004), eqs. 1–4; ``strategy`` is v, the share of the summed regret. Where
    all packages have the same summed (or greatest) regret, that term is 0 for all.

    The library is not used: it divides by a spread that may be made of binary noise, and ranks
    NaN where there is one package.
    """
    gap = p.weights * (1 - by_width(p)) * (p.best != p.worst)
    group, single = gap.sum(axis=1), gap.max(axis=1)
    score = strategy * _from_least(group) + (1 - strategy) * _from_least(single)
    advantage, stability, together = _compromise(p, score, group, single)
    steps = {
        "S, summed regret": _each(p, group),
        "R, greatest regret": _each(p, single),
        "Acceptable advantage": advantage,
        "Acceptable stability": stability,
        "Compromise set": together,
    }
    note = (
        "Regret is the share of each criterion's width by which a package falls short of the "
        f"best; v = {strategy:g}. Ranked by Q; the compromise set stands beside."
    )
    return MethodScores(score, "min", steps, note, magnitude=1.0)


def _from_least(regret: Floats) -> Floats:
    settled = np.round(regret, 13)
    width = np.ptp(settled)
    return np.asarray((settled - settled.min()) / (width or 1.0))


def _compromise(
    p: Performance, score: Floats, group: Floats, single: Floats
) -> tuple[bool, bool, tuple[str, ...]]:
    """Judge conditions C1 and C2 of Opricovic & Tzeng (2004); tied leaders count as one."""
    ranks = _places(score)
    first = ranks == 1
    settled = np.round(score, 9)
    close = settled - settled.min() < round(1 / (len(score) - 1), 9)
    advantage = not (close & ~first).any()
    best_elsewhere = (_places(group) == 1) | (_places(single) == 1)
    stability = bool(best_elsewhere[first].all())
    if not advantage:
        members = close | first
    elif not stability and (~first).any():
        members = ranks <= ranks[~first].min()
    else:
        members = first
    names = tuple(name for name, member in zip(p.packages, members, strict=True) if member)
    return advantage, stability, names


def _places(regret: Floats) -> NDArray[np.int64]:
    compared = comparable(regret, magnitude=1.0)
    return np.array(competition_ranks(compared, better="min"), dtype=np.int64)


def weighted_sum(p: Performance, /) -> MethodScores:
    """Weighted sum of performances divided by the best, 0–1, more is better.

    Fishburn (1967), with the ratio scaling of Zavadskas et al. (2012), eqs. 1–2. The additive
    value differs: it counts from the worst end of the range, not from zero.
    """
    lifted = raised(p, zero_if_max=True)
    scaled = by_best(lifted.matrix, p.maximise)
    extra = evaluate("simple", "WeightedSumModel", scaled, p.weights)
    scores = np.atleast_1d(extra["score"])
    return MethodScores(
        scores, "max", {"Scaled performance": _grid(p, scaled)}, _ratio_note(lifted)
    )


def weighted_product(p: Performance, /) -> MethodScores:
    """Product of performances divided by the best, each to the power of its weight, 0–1.

    More is better. Bridgman (1922), Miller & Starr (1963).
    """
    lifted = raised(p)
    scaled = by_best(lifted.matrix, p.maximise)
    extra = evaluate("simple", "WeightedProductModel", scaled, p.weights)
    steps = {"Scaled performance": _grid(p, scaled), "Common logarithm": _each(p, extra["score"])}
    return MethodScores(10.0 ** extra["score"], "max", steps, _ratio_note(lifted))


def waspas(p: Performance, /, *, share_of_sum: float = 0.5) -> MethodScores:
    """Mean of weighted sum and weighted product, 0–1, more is better.

    Zavadskas, Turskis, Antucheviciene & Zakarevicius (2012), eqs. 1–6; ``share_of_sum`` is λ.
    """
    lifted = raised(p)
    scaled = by_best(lifted.matrix, p.maximise)
    extra = evaluate("waspas", "WASPAS", scaled, p.weights, options={"lambda_value": share_of_sum})
    steps = {
        "Scaled performance": _grid(p, scaled),
        "Weighted sum": _each(p, extra["wsm_scores"]),
        "Weighted product": _each(p, 10.0 ** extra["log10_wpm_scores"]),
    }
    return MethodScores(extra["score"], "max", steps, _ratio_note(lifted, f"λ = {share_of_sum:g}."))


def _ratio_note(lifted: Raised, *more: str) -> str:
    scaling = (
        "Performances divided by the best of their criterion (the best by them, if minimised)."
    )
    return _note(scaling, *more, lifted.note)


def copras(p: Performance, /) -> MethodScores:
    """Degree of utility, the best package 100, more is better.

    Zavadskas & Kaklauskas (1996): shares of each criterion's sum, weighted; gains S⁺ plus a term
    that falls with the costs S⁻. Needs a minimised criterion.
    """
    lifted = raised(p, zero_if_max=True)
    extra = evaluate("copras", "COPRAS", by_sum(lifted.matrix), p.weights, p.maximise)
    steps = {
        "S+, gains": _each(p, extra["S_max"]),
        "S-, costs": _each(p, extra["S_min"]),
        "Q, significance": _each(p, extra["significances"]),
    }
    note = _note("Performances as shares of their criterion's sum.", lifted.note)
    return MethodScores(extra["score"], "max", steps, note)


def aras(p: Performance, /) -> MethodScores:
    """Utility relative to an ideal package made of the best performances, 0–1, more is better.

    Zavadskas & Turskis (2010), eqs. 1–8: minimised criteria as reciprocals, the ideal as a row of
    its own, columns divided by their sum with it.
    """
    lifted = raised(p, zero_if_max=True)
    benefit = np.where(p.maximise, lifted.matrix, 1 / np.where(p.maximise, 1.0, lifted.matrix))
    scaled = by_sum(np.vstack([benefit.max(axis=0), benefit]))
    extra = evaluate("aras", "ARAS", scaled[1:], p.weights, ideal=scaled[0])
    steps = {
        "Scaled performance": _grid(p, scaled[1:]),
        "S, weighted sum": _each(p, extra["score"]),
        "S of the ideal": float(extra["ideal_score"]),
    }
    note = _note(
        "Minimised criteria as reciprocals; columns divided by their sum, the ideal among them.",
        lifted.note,
    )
    return MethodScores(extra["utility"], "max", steps, note)


def cocoso(p: Performance, /, *, balance: float = 0.5) -> MethodScores:
    """Three compromises of a sum and a power-weighted sum, joined; more is better.

    Yazdani, Zaraté, Zavadskas & Turskis (2019), eqs. 3–9; ``balance`` is λ. No package may be the
    worst on every criterion: the method divides by the least sum.
    """
    scaled = by_width(p)
    extra = evaluate("cocoso", "CoCoSo", scaled, p.weights, options={"lambda_value": balance})
    steps = {
        "Scaled performance": _grid(p, scaled),
        "k_a": _each(p, extra["k_a"]),
        "k_b": _each(p, extra["k_b"]),
        "k_c": _each(p, extra["k_c"]),
    }
    note = f"Worst performance 0, best 1 on each criterion; λ = {balance:g}."
    return MethodScores(extra["score"], "max", steps, note)


def codas(p: Performance, /, *, threshold: float = 0.02) -> MethodScores:
    """Distance from the worst performances, Euclidean first and taxicab where far, more is better.

    Keshavarz Ghorabaee, Zavadskas, Turskis & Antucheviciene (2016), eqs. 1–9; ``threshold`` is τ,
    0.01–0.05. The scores sum to 0.
    """
    lifted = raised(p, zero_if_max=True)
    scaled = by_best(lifted.matrix, p.maximise)
    # The threshold is met from it on; a billionth less keeps binary noise from deciding that.
    extra = evaluate("codas", "CODAS", scaled, p.weights, options={"tau": threshold - 1e-9})
    steps = {"Scaled performance": _grid(p, scaled)}
    note = _ratio_note(lifted, f"τ = {threshold:g}.")
    return MethodScores(extra["score"], "max", steps, note, magnitude=float(len(scaled)))


def edas(p: Performance, /) -> MethodScores:
    """Distances above and below the average package, joined, 0–1, more is better.

    Keshavarz Ghorabaee, Zavadskas, Olfat & Turskis (2015), eqs. 1–13.
    """
    lifted = raised(p, zero_if_max=True, zero_if_min=True)
    extra = evaluate("edas", "EDAS", lifted.matrix, p.weights, p.maximise)
    steps = {"Average": _ends(p, lifted.matrix.mean(axis=0))}
    note = _note("Distances as shares of each criterion's average.", lifted.note)
    return MethodScores(extra["score"], "max", steps, note, magnitude=1.0)


def mabac(p: Performance, /) -> MethodScores:
    """Summed distance from the border (the geometric mean package), more is better.

    Pamučar & Ćirović (2015), eqs. 1–9.
    """
    scaled = by_width(p)
    extra = evaluate("mabac", "MABAC", scaled, p.weights)
    steps = {
        "Scaled performance": _grid(p, scaled),
        "Border": _ends(p, extra["border_approximation_area"]),
    }
    note = "Worst performance 0, best 1 on each criterion."
    return MethodScores(extra["score"], "max", steps, note, magnitude=2.0)


def mairca(p: Performance, /) -> MethodScores:
    """Gap between the ideal and the real rating, less is better.

    Pamučar, Vasin & Lukovac (2014); Gigović, Pamučar, Bajić & Milićević (2016), eqs. 1–9.
    """
    # Only widths enter, so that raising a criterion above 0, as the library asks, changes nothing.
    lifted = raised(p)
    extra = evaluate("mairca", "MAIRCA", lifted.matrix, p.weights, p.maximise)
    note = "Each criterion scaled by its width; all packages are preferred equally beforehand."
    return MethodScores(extra["values"], "min", {}, note, magnitude=1 / len(lifted.matrix))


def marcos(p: Performance, /) -> MethodScores:
    """Utility in relation to the ideal and the anti-ideal package, more is better.

    Stević, Pamučar, Puška & Chatterjee (2020), eqs. 1–11.
    """
    lifted = raised(p)
    extra = evaluate("marcos", "MARCOS", lifted.matrix, p.weights, p.maximise)
    steps = {
        "K-, against the anti-ideal": _each(p, extra["K_minus"]),
        "K+, against the ideal": _each(p, extra["K_plus"]),
    }
    return MethodScores(extra["utility_scores"], "max", steps, _ratio_note(lifted))


def ratio_moora(p: Performance, /) -> MethodScores:
    """Weighted gains less weighted costs, more is better.

    Brauers & Zavadskas (2006), eqs. 1–2: columns to length 1.
    """
    scaled = by_length(p.matrix)
    extra = evaluate("moora", "RatioMOORA", scaled, p.weights, p.maximise)
    steps = {"Scaled performance": _grid(p, scaled)}
    note = "Each criterion scaled to length 1; minimised criteria are subtracted."
    scores = np.atleast_1d(extra["score"])
    return MethodScores(scores, "max", steps, note, magnitude=1.0)


def reference_point_moora(p: Performance, /) -> MethodScores:
    """Greatest weighted distance from the best performances, less is better.

    Brauers & Zavadskas (2006), eq. 4; (2012).
    """
    scaled = by_length(p.matrix)
    extra = evaluate("moora", "ReferencePointMOORA", scaled, p.weights, p.maximise)
    steps = {
        "Scaled performance": _grid(p, scaled),
        "Reference point": _ends(p, extra["reference_point"]),
    }
    scores = np.atleast_1d(extra["score"])
    return MethodScores(scores, "min", steps, "Each criterion scaled to length 1.", magnitude=1.0)


def full_multiplicative_form(p: Performance, /) -> MethodScores:
    """Logarithm of the product of gains over the product of costs, more is better.

    Brauers & Zavadskas (2010, 2012). The method has no weights: every criterion that has any
    counts in full.
    """
    lifted = raised(p)
    scaled = by_length(lifted.matrix)
    extra = evaluate("moora", "FullMultiplicativeForm", scaled, np.ones(len(p.weights)), p.maximise)
    logarithms = np.log(scaled)
    steps = {"Natural logarithm of scaled performance": _grid(p, logarithms)}
    note = _note("Each criterion scaled to length 1; the weights take no part.", lifted.note)
    magnitude = float(np.abs(logarithms).sum(axis=1).max())
    return MethodScores(extra["score"], "max", steps, note, magnitude=magnitude)


def multimoora(p: Performance, /) -> MethodScores:
    """Number of packages that it precedes in at least as many of three rankings as not, and more.

    More is better. Brauers & Zavadskas (2010, 2012): ratio system, reference point and full
    multiplicative form, joined by dominance.

    The library's own dominance is not used: where two packages share one of the three ranks it
    credits neither, so that a package could end above one that is better on every criterion.
    """
    parts = {
        "Ratio system": ratio_moora(p),
        "Reference point": reference_point_moora(p),
        "Multiplicative form": full_multiplicative_form(p),
    }
    places = np.stack([part.ranks for part in parts.values()], axis=1)
    margin = np.zeros((len(places), len(places)), dtype=np.int64)
    for column in places.T:
        margin += np.sign(column[None, :] - column[:, None])
    steps = {"Ranks": Step(places, p.packages, tuple(parts))}
    note = _note(
        "The majority of three rankings, ties abstaining.", parts["Multiplicative form"].note
    )
    return MethodScores((margin > 0).sum(axis=1).astype(float), "max", steps, note)


def ocra(p: Performance, /) -> MethodScores:
    """Competitiveness above the least competitive package, more is better.

    Parkan (1994); Işık & Adalı (2016), eqs. 4–9.
    """
    lifted = raised(p)
    extra = evaluate("ocra", "OCRA", lifted.matrix, p.weights, p.maximise)
    steps = {
        "Input performance (minimised)": _each(p, extra["input_performance"]),
        "Output performance (maximised)": _each(p, extra["output_performance"]),
    }
    note = _note("Distances as shares of each criterion's least performance.", lifted.note)
    magnitude = float((np.ptp(lifted.matrix, axis=0) / lifted.matrix.min(axis=0)) @ p.weights)
    return MethodScores(extra["performance"], "max", steps, note, magnitude=magnitude)


def spotis(p: Performance, /) -> MethodScores:
    """Weighted distance from the best end of each criterion's range, 0–1, less is better.

    Dezert, Tchamova, Han & Tacnet (2020), eqs. 1–3. The ranges are the case's own, so that adding
    a package changes no score; with linear value functions the score is 1 - V ÷ 100.
    """
    wide = p.ranges[:, 0] < p.ranges[:, 1]
    ranges = p.ranges[wide]
    best = np.where(p.maximise[wide], ranges[:, 1], ranges[:, 0])
    extra = evaluate(
        "spotis",
        "SPOTIS",
        p.matrix[:, wide],
        p.weights[wide],
        p.maximise[wide],
        bounds=ranges,
        isp=best,
    )
    note = "Each criterion scaled by its range, widened where a performance lies beyond it."
    return MethodScores(extra["score"], "min", {"Ideal point": _ideal(p)}, note, magnitude=1.0)


def rim(p: Performance, /) -> MethodScores:
    """Closeness to the best ends of the criteria's ranges, 0–1, more is better.

    Cables, Lamata & Verdegay (2016), eqs. 1–6, with the best end of each range as reference.
    """
    best = np.where(p.maximise, p.ranges[:, 1], p.ranges[:, 0])
    extra = evaluate(
        "rim",
        "RIM",
        p.matrix,
        p.weights,
        p.maximise,
        ranges=[(low, high) for low, high in p.ranges],
        ref_ideals=[(end, end) for end in best],
    )
    steps = {
        "Ideal point": _ideal(p),
        "Scaled performance": _grid(p, extra["norm_matrix"]),
        "Distance to the ideal": _each(p, extra["i_plus"]),
        "Distance from nothing": _each(p, extra["i_minus"]),
    }
    note = "Each criterion scaled by its range, widened where a performance lies beyond it."
    return MethodScores(extra["score"], "max", steps, note, magnitude=1.0)


def _ideal(p: Performance) -> Step:
    return _ends(p, np.where(p.maximise, p.ranges[:, 1], p.ranges[:, 0]))


def ram(p: Performance, /) -> MethodScores:
    """Root of gains, its degree growing with costs; more is better.

    Sotoudeh-Anvari (2023), eqs. 1–5: the (2 + costs)-th root of (2 + gains).
    """
    lifted = raised(p, zero_if_max=True, zero_if_min=True)
    extra = evaluate("ram", "RAM", by_sum(lifted.matrix), p.weights, p.maximise)
    steps = {
        "S+, gains": _each(p, extra["sum_benefit"]),
        "S-, costs": _each(p, extra["sum_cost"]),
    }
    note = _note("Performances as shares of their criterion's sum.", lifted.note)
    return MethodScores(extra["score"], "max", steps, note)


def ervd(p: Performance, /) -> MethodScores:
    """Closeness to the best of values that count losses heavier than gains, 0–1, more is better.

    Shyur, Yin, Shih & Cheng (2015), eqs. 1–8, with the exponent 0.88 and the loss factor 2.25 of
    Tversky & Kahneman (1992). Gains and losses count from no deal, or from the average package
    where there is no performance of no deal.
    """
    lifted = raised(p, zero_if_max=True, zero_if_min=True)
    origin = lifted.matrix.mean(axis=0) if p.reference is None else p.reference + lifted.by
    total = lifted.matrix.sum(axis=0)
    extra = evaluate(
        "ervd",
        "ERVD",
        lifted.matrix / total,
        p.weights,
        p.maximise,
        reference_points=origin / total,
    )
    steps = {
        "Reference": _ends(p, origin - lifted.by),
        "Distance to the best": _each(p, extra["s_plus"]),
        "Distance from the worst": _each(p, extra["s_minus"]),
    }
    counted = "the average package" if p.reference is None else "no deal"
    note = _note(
        f"Gains and losses are counted from {counted}; performances as shares of their "
        "criterion's sum.",
        lifted.note,
    )
    return MethodScores(extra["similarity"], "max", steps, note, magnitude=1.0)


def electre_ii(p: Performance, /) -> MethodScores:
    """Mean place in two peelings of the outranking relation, less is better.

    Roy & Bertier (1971), in the version of Gomes, Araya & Carignano (2004); see
    :mod:`mcda.ranking.electre`.
    """
    result = electre.electre_ii(by_width(p), p.weights)
    pairs = (p.packages, p.packages)
    steps = {
        "Concordance": Step(result.concordance, *pairs),
        "Discordance": Step(result.discordance, *pairs),
        "Outranks": Step(result.outranks, *pairs),
        "Place from above": _each(p, result.downward),
        "Place from below": _each(p, result.upward),
    }
    agreed = " / ".join(f"{threshold:g}" for threshold in electre.CONCORDANCE)
    opposed = " / ".join(f"{threshold:g}" for threshold in electre.DISCORDANCE)
    note = (
        "Worst performance 0, best 1 on each criterion; "
        f"concordance thresholds {agreed}, discordance thresholds {opposed}."
    )
    return MethodScores(result.score, "min", steps, note)


def promethee_ii(
    p: Performance,
    /,
    *,
    functions: promethee.PreferenceFunction | Sequence[promethee.PreferenceFunction] | None = None,
) -> MethodScores:
    """Net flow, -1 to 1, more is better; usual preference functions unless others are given.

    Brans & Vincke (1985); see :mod:`mcda.ranking.promethee`.
    """
    flows = promethee.promethee_ii(p.matrix, p.weights, p.maximise, functions=functions)
    steps = {
        "Positive flow": _each(p, flows.positive),
        "Negative flow": _each(p, flows.negative),
        "Net flow by criterion": _grid(p, flows.by_criterion),
    }
    note = "" if functions else "Usual preference functions: any difference is a full preference."
    return MethodScores(flows.net, "max", steps, note, magnitude=1.0)


INDIFFERENCE, PREFERENCE = 0.1, 0.5
"""Thresholds of the linear and level functions, in shares of the criterion's range."""


def promethee_ii_linear(p: Performance, /) -> MethodScores:
    """PROMETHEE II with linear preference functions, thresholds 10 % and 50 % of each range."""
    return _with_thresholds(p, promethee.Linear, "Linear preference functions")


def promethee_ii_level(p: Performance, /) -> MethodScores:
    """PROMETHEE II with level preference functions, thresholds 10 % and 50 % of each range."""
    return _with_thresholds(p, promethee.Level, "Level preference functions")


def _with_thresholds(
    p: Performance, kind: type[promethee.Linear | promethee.Level], name: str
) -> MethodScores:
    widths = p.ranges[:, 1] - p.ranges[:, 0]
    functions = [kind(INDIFFERENCE * width, PREFERENCE * width) for width in widths]
    result = promethee_ii(p, functions=functions)
    note = (
        f"{name}: indifferent up to {INDIFFERENCE:.0%} of a criterion's range, fully preferred "
        f"from {PREFERENCE:.0%} of it. These thresholds are the program's own; "
        "mcda.ranking.promethee takes others from Python."
    )
    return MethodScores(result.scores, "max", result.intermediates, note, magnitude=1.0)
