"""The menu: what must hold for every method on any case, and what it says when it cannot rank."""

import importlib
import inspect
import math
import pkgutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcda.json_form import case_from_data
from mcda.ranking import scoring
from mcda.ranking.electre import electre_ii
from mcda.ranking.methods import LEFT_OUT, MENU, NotOffered, party_performance, rank_by
from mcda.ranking.performance import performance
from mcda.ranking.scores import Step
from mcda.values import evaluate

# --- any case


@st.composite
def performances(draw):
    """Performances with ties, zeros, negatives, decimals, both directions and zero weights."""
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    unit = draw(st.sampled_from([1, 10, 3]))
    low = draw(st.sampled_from([-6, 0, 1]))
    numbers = draw(st.lists(st.integers(low, 6), min_size=n * m, max_size=n * m))
    points = draw(st.lists(st.integers(0, 4), min_size=m, max_size=m).filter(any))
    directions = draw(st.lists(st.sampled_from(["max", "min"]), min_size=m, max_size=m))
    return np.array(numbers).reshape(n, m) / unit, points, directions


def check_every_method(problem):
    matrix, points, directions = problem
    before = matrix.copy()
    p = performance(matrix, points, directions)
    order = np.arange(len(matrix))[::-1]
    turned = performance(matrix[order], points, directions)
    better = [
        (a, b)
        for a in range(len(matrix))
        for b in range(len(matrix))
        if (p.upward[a] >= p.upward[b]).all()
    ]
    for key, method in MENU.items():
        reason = method.why_not(p)
        if reason is not None:
            assert reason.endswith("."), key
            with pytest.raises(NotOffered):
                method.scores(p)
            continue
        result = method.scores(p)
        assert result.scores.shape == (len(matrix),), key
        assert np.isfinite(result.scores).all(), key
        ranks = result.ranks
        assert all(ranks[a] <= ranks[b] for a, b in better), key
        assert ranks.min() == 1, key
        assert all((ranks < rank).sum() == rank - 1 for rank in ranks), key
        again = method.scores(turned)
        assert again.scores == pytest.approx(result.scores[order], rel=1e-9, abs=1e-9), key
        assert (again.ranks == ranks[order]).all(), key
        for caption, step in result.intermediates.items():
            assert not isinstance(step, Step) or np.isfinite(step.values).all(), (key, caption)
    assert (matrix == before).all()


@settings(max_examples=25, deadline=None)
@given(performances())
def test_every_method_answers_finitely_or_says_why_not(problem):
    check_every_method(problem)


@pytest.mark.long
@settings(max_examples=1000, deadline=None)
@given(performances())
def test_every_method_on_a_thousand_cases(problem):
    check_every_method(problem)


@pytest.mark.parametrize("key", MENU)
def test_the_unit_of_a_criterion_changes_no_rank(key):
    rng = np.random.default_rng(11)
    matrix = rng.integers(1, 9, (6, 3)).astype(float)
    p = performance(matrix, [2, 3, 4], ["max", "min", "max"])
    other = performance(matrix * [1000, 0.01, 7], [2, 3, 4], ["max", "min", "max"])
    assert MENU[key].why_not(p) is None
    assert (MENU[key].scores(p).ranks == MENU[key].scores(other).ranks).all()


@pytest.mark.parametrize("key", MENU)
def test_a_criterion_without_weight_takes_no_part(key):
    matrix = np.array([[3.0, 5, 900], [4, 2, -7], [1, 1, 0]])
    p = performance(matrix, [0.6, 0.4, 0], ["max", "min", "max"])
    without = performance(matrix[:, :2], [0.6, 0.4], ["max", "min"])
    assert p.without_weight == ("C3",)
    assert MENU[key].scores(p).scores.tolist() == MENU[key].scores(without).scores.tolist()


@pytest.mark.parametrize("key", MENU)
def test_binary_noise_makes_no_difference(key):
    """0.1 + 0.2 is 0.3 to every method, and a spread of noise alone is none."""
    exact = [[0.3, 0.7, 1.0], [0.3, 0.8, 0.5], [0.2, 0.9, 0.7]]
    noisy = [[0.1 + 0.2, 0.7, 1.0], [0.3, 0.8, 0.5], [0.2, 0.9, 0.7]]
    points, directions = [0.1, 0.2, 0.3], ["max", "min", "max"]
    expected = MENU[key].scores(performance(exact, points, directions))
    found = MENU[key].scores(performance(noisy, points, directions))
    assert found.scores.tolist() == expected.scores.tolist()


def test_vikor_ties_regrets_that_differ_by_noise():
    """The sums 0.1 + 0.2 and 0.3 are one regret; the library scales their difference to 1."""
    p = performance([[0, 0, 1], [1, 1, 0]], [0.1, 0.2, 0.3], ["max"] * 3)
    result = MENU["vikor"].scores(p)
    assert result.intermediates["S, summed regret"].values == pytest.approx([0.5, 0.5])
    assert result.scores.tolist() == [0.0, 0.5]


def test_electre_ties_sums_of_weights_that_differ_by_noise():
    """0.1 + 0.2 of the weight against 0.3 of it: neither outranks the other."""
    upward = np.array([[1.0, 1, 0, 0], [0, 0, 1, 0]])
    result = electre_ii(upward, np.array([0.1, 0.2, 0.3, 0.4]))
    assert not result.outranks.any()


def test_electre_meets_a_threshold_made_of_shares():
    """0.35 + 0.3 of the weight is 0.65, though its binary sum falls short of it."""
    assert 0.35 + 0.3 < 0.65
    upward = np.array([[1.0, 1, 0], [0, 0, 0.65]])
    assert electre_ii(upward, np.array([0.35, 0.3, 0.35])).outranks[0, 1]


# --- slow twins


def random_performance(seed):
    rng = np.random.default_rng(seed)
    n, m = rng.integers(3, 9), rng.integers(2, 5)
    directions = [["max", "min"][k] for k in rng.integers(0, 2, m)]
    return performance(rng.normal(2, 3, (n, m)), rng.random(m) + 0.1, directions)


@pytest.mark.parametrize("seed", range(8))
def test_topsis_equals_the_definition(seed):
    p = random_performance(seed)
    n, m = p.matrix.shape
    closeness = []
    for a in range(n):
        to_best = to_worst = 0.0
        for c in range(m):
            length = math.sqrt(sum(p.matrix[b, c] ** 2 for b in range(n)))
            weighted = [p.weights[c] * p.matrix[b, c] / length for b in range(n)]
            best, worst = (max, min) if p.maximise[c] else (min, max)
            to_best += (weighted[a] - best(weighted)) ** 2
            to_worst += (weighted[a] - worst(weighted)) ** 2
        closeness.append(math.sqrt(to_worst) / (math.sqrt(to_worst) + math.sqrt(to_best)))
    assert scoring.topsis(p).scores == pytest.approx(closeness, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_vikor_equals_the_definition(seed):
    p = random_performance(seed)
    n, m = p.matrix.shape
    summed, greatest = [], []
    for a in range(n):
        regrets = []
        for c in range(m):
            column = list(p.matrix[:, c])
            best, worst = (max, min) if p.maximise[c] else (min, max)
            short = (best(column) - p.matrix[a, c]) / (best(column) - worst(column))
            regrets.append(p.weights[c] * short)
        summed.append(sum(regrets))
        greatest.append(max(regrets))
    scores = [
        0.5 * (summed[a] - min(summed)) / (max(summed) - min(summed))
        + 0.5 * (greatest[a] - min(greatest)) / (max(greatest) - min(greatest))
        for a in range(n)
    ]
    assert scoring.vikor(p).scores == pytest.approx(scores, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_edas_equals_the_definition(seed):
    rng = np.random.default_rng(seed)
    p = performance(rng.random((6, 3)) + 0.5, rng.random(3) + 0.1, ["max", "min", "max"])
    above, below = [], []
    for row in p.matrix:
        gain = loss = 0.0
        for c in range(3):
            average = sum(p.matrix[:, c]) / 6
            ahead = (row[c] - average) / average * (1 if p.maximise[c] else -1)
            gain += p.weights[c] * max(ahead, 0)
            loss += p.weights[c] * max(-ahead, 0)
        above.append(gain)
        below.append(loss)
    scores = [
        (gain / max(above) + 1 - loss / max(below)) / 2
        for gain, loss in zip(above, below, strict=True)
    ]
    assert scoring.edas(p).scores == pytest.approx(scores, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_rim_equals_the_definition(seed):
    rng = np.random.default_rng(seed)
    matrix = rng.random((5, 3))
    p = performance(matrix, [1, 2, 3], ["max", "min", "max"], ranges=[[-1, 2]] * 3)
    scores = []
    for row in p.matrix:
        near = [(x + 1) / 3 if up else (2 - x) / 3 for x, up in zip(row, p.maximise, strict=True)]
        to_ideal = math.sqrt(sum((w - w * y) ** 2 for w, y in zip(p.weights, near, strict=True)))
        from_nothing = math.sqrt(sum((w * y) ** 2 for w, y in zip(p.weights, near, strict=True)))
        scores.append(from_nothing / (from_nothing + to_ideal))
    assert scoring.rim(p).scores == pytest.approx(scores, abs=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_electre_equals_the_library_where_nothing_is_near_a_threshold(seed):
    from skcriteria.agg.electre import electre2_gomez2004tomada

    rng = np.random.default_rng(seed)
    n, m = rng.integers(2, 9), rng.integers(1, 6)
    upward, weights = rng.integers(0, 6, (n, m)).astype(float), rng.dirichlet(np.ones(m))
    upward[0, 0] = 9.0
    expected = electre2_gomez2004tomada(upward, np.ones(m), weights)[-1]
    assert electre_ii(upward, weights).score.tolist() == expected.tolist()


def test_the_librarys_multimoora_puts_a_worse_package_first_and_ours_does_not():
    from skcriteria.agg.moora import multimoora

    matrix = np.array([[3, 4], [4, 4], [2, 2], [6, 2], [5, 2], [3, 4], [6, 6]], dtype=float)
    weights = np.array([0.79630661, 0.20369339])
    library = multimoora(matrix / np.linalg.norm(matrix, axis=0), np.ones(2), weights)[0]
    assert (matrix[3] >= matrix[4]).all()
    assert library[3] > library[4]
    ranks = scoring.multimoora(performance(matrix, weights, ["max", "max"])).ranks
    assert ranks[3] <= ranks[4]


# --- not offered


def reason(key, matrix, directions=None, points=None):
    m = len(matrix[0])
    p = performance(matrix, points or [1] * m, directions or ["max"] * m)
    return MENU[key].why_not(p)


@pytest.mark.parametrize("key", MENU)
def test_nothing_to_compare_is_said_in_words(key):
    assert reason(key, [[1, 2]]) == (
        "Only one package is ranked, so there is nothing to compare it with."
    )
    assert "perform the same" in reason(key, [[1, 2], [1, 2], [1, 2]])
    assert "perform the same" in reason(key, [[1, 2], [1, 3]], points=[1, 0])
    assert MENU[key].why_not(performance(np.empty((0, 2)), [1, 1], ["max", "min"])) == (
        "No package is left to rank."
    )


@pytest.mark.parametrize("size", [1e150, 1e-150])
def test_numbers_whose_squares_are_none_are_refused(size):
    assert "use another unit" in reason("topsis", [[size, 1], [2 * size, 3]])


def test_copras_needs_a_cost():
    assert "no criterion that has weight is minimised" in reason("copras", [[1, 2], [2, 1]])
    assert reason("copras", [[1, 2], [2, 1]], ["max", "min"]) is None


def test_cocoso_names_the_package_that_is_worst_on_everything():
    assert "P2 is worst on every criterion" in reason("cocoso", [[2, 3], [1, 3], [4, 5]])
    assert reason("cocoso", [[2, 3], [1, 5]]) is None


def test_codas_is_not_offered_where_its_threshold_turns_the_order():
    """Found by chance: package 4 (6, 4, 1, 5) ends behind package 8, its equal but for 4 < 5."""
    rows = [[5, 6, 2, 5], [1, 6, 2, 5], [5, 5, 3, 1], [6, 4, 1, 5]]
    rows += [[3, 5, 1, 5], [6, 4, 1, 2], [4, 3, 6, 4], [6, 4, 1, 4]]
    weights = [0.34981706, 0.4388814, 0.17563118, 0.03567036]
    assert reason("codas", rows, points=weights) == (
        "Its threshold would put P8 above P4, which is at least as good on every criterion."
    )


def test_methods_that_compare_all_pairs_have_a_limit():
    matrix = np.arange(6003.0).reshape(2001, 3)
    p = performance(matrix, [1, 1, 1], ["max", "min", "max"])
    refused = {key for key, method in MENU.items() if method.why_not(p)}
    assert refused == {"electre2", "codas", "multimoora"}
    assert "2001 packages are more than 2000" in MENU["electre2"].why_not(p)


def test_everything_that_the_library_ranks_with_is_on_the_menu_or_accounted_for():
    agg = importlib.import_module("skcriteria.agg")
    used = inspect.getsource(scoring)
    for module in pkgutil.iter_modules(agg.__path__):
        if module.name in ("similarity", "_agg_base"):  # a deprecated alias, and the base class
            continue
        for name, item in vars(importlib.import_module(f"skcriteria.agg.{module.name}")).items():
            own = inspect.isclass(item) and item.__module__ == f"skcriteria.agg.{module.name}"
            if not own or not hasattr(item, "evaluate") or name.startswith("Base"):
                continue
            elsewhere = {"VIKOR": "vikor", "ELECTRE2": "electre2", "MultiMOORA": "multimoora"}
            assert f'"{name}"' in used or name in LEFT_OUT or elsewhere[name] in MENU, name


def test_probid_is_left_out_for_what_is_said_of_it():
    from skcriteria.agg.probid import probid

    matrix = np.array([[5, 2], [5, 1], [6, 3], [5, 4], [6, 3], [2, 1], [6, 6], [5, 6], [2, 4]])
    weights = np.array([0.4641759, 0.5358241])
    ranks = probid(matrix / np.linalg.norm(matrix, axis=0), np.ones(2), weights)[0]
    assert (matrix[0] >= matrix[1]).all()
    assert ranks[0] > ranks[1]
    assert "at least as good on every criterion" in LEFT_OUT["PROBID"]


# --- on a case


def talks(**changes):
    data = {
        "name": "Talks",
        "issues": [
            {"name": "Relief", "levels": ["None", "Half", "Full"]},
            {"name": "Aid", "levels": ["Cut", "Kept"]},
        ],
        "parties": [
            {
                "name": "Russia",
                "reservation": 30,
                "criteria": [
                    {"name": "Money", "weight": 60},
                    {"name": "Threat", "weight": 40, "direction": "min"},
                    {"name": "Pride", "weight": 0},
                ],
                "scores": {
                    "Money": {"Relief": {"None": -5, "Half": 20, "Full": 40}},
                    "Threat": {
                        "Aid": {"Cut": 0, "Kept": 10},
                        "Relief": {"None": 0, "Half": 0, "Full": 5},
                    },
                    "Pride": {"Aid": {"Cut": 3, "Kept": 1}},
                },
            },
            {
                "name": "Ukraine",
                "criteria": [{"name": "Safety", "weight": 1}],
                "scores": {"Safety": {"Aid": {"Cut": 0, "Kept": 1}}},
            },
        ],
        "packages": [
            {"name": f"{relief} {aid}", "settings": {"Relief": relief, "Aid": aid}}
            for relief in ("None", "Half", "Full")
            for aid in ("Cut", "Kept")
        ],
        "no_deal": [{"name": "War", "settings": {"Relief": "None", "Aid": "Kept"}}],
        "red_lines": [{"party": "Russia", "forbid": {"Relief": "None"}}],
        "rules": [{"forbid": {"Relief": "Full", "Aid": "Cut"}}],
    }
    return case_from_data({**data, **changes})


@pytest.mark.parametrize("key", MENU)
def test_the_same_packages_are_ranked_as_by_the_additive_value(key):
    """Russia's red line takes the two without relief, the rule takes full relief with aid cut."""
    ranking = rank_by(evaluate(talks()), "Russia", key)
    ranked = {row.package for row in ranking if row.rank is not None}
    assert ranked == {"Half Cut", "Half Kept", "Full Kept"}
    for row in ranking:
        assert (row.score is None) == (row.rank is None)
    # Half Cut equals Half Kept on money and betters it on threat; the reference point of MOORA
    # looks at the greatest distance alone, which may be the same.
    assert ranking["Half Cut"].rank <= ranking["Half Kept"].rank
    assert ranking["Half Cut"].rank < ranking["Half Kept"].rank or key == "moora_reference"
    assert ranking.method == key
    assert [row.rank for row in ranking][-3:] == [None] * 3


def test_the_methods_see_performances_ranges_and_no_deal():
    p = party_performance(evaluate(talks()), "Russia")
    assert p.packages == ("Half Cut", "Half Kept", "Full Kept")
    assert p.criteria == ("Money", "Threat")
    assert p.without_weight == ("Pride",)
    assert p.matrix.tolist() == [[20, 0], [20, 10], [40, 15]]
    assert p.weights.tolist() == [0.6, 0.4]
    assert p.ranges.tolist() == [[-5, 40], [0, 15]]
    assert p.reference.tolist() == [-5, 10]


def test_spotis_on_the_cases_ranges_is_the_additive_value_turned_round():
    """Where values are linear, the distance from the best ends is 1 - V ÷ 100."""
    ranking = rank_by(evaluate(talks()), "Russia", "spotis")
    for row in ranking:
        if row.rank is not None:
            assert row.score == pytest.approx(1 - row.value / 100, abs=1e-9)
    assert ranking.direction == "min"


def test_a_party_without_packages_to_rank_is_told_so():
    case = talks(red_lines=[{"party": "Ukraine", "forbid": {"Aid": ["Cut", "Kept"]}}])
    with pytest.raises(NotOffered, match=r"TOPSIS is not offered for Ukraine\. No package is left"):
        rank_by(evaluate(case), "Ukraine", "topsis")


def test_unknown_parties_and_methods_are_key_errors():
    evaluation = evaluate(talks())
    with pytest.raises(KeyError, match="Nobody"):
        rank_by(evaluation, "Nobody", "topsis")
    with pytest.raises(KeyError, match="simus"):
        rank_by(evaluation, "Russia", "simus")


def test_what_was_raised_is_named_in_the_note():
    p = performance([[-5, 1], [20, 2]], [1, 1], ["max", "max"], criteria=["Money", "Threat"])
    note = MENU["wpm"].scores(p).note
    assert "Money by 30" in note
    assert "Threat" not in note
    assert MENU["mairca"].scores(p).note.count("raised") == 0
