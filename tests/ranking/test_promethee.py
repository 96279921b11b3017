"""PROMETHEE II against its dense definition, a published example and exact properties."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcda.ranking.promethee import Level, Linear, Usual, promethee_ii


def degree(difference, function):
    """The preference degree of one difference, as Brans & Vincke (1985) draw it."""
    if isinstance(function, Usual):
        return 1.0 if difference > 0 else 0.0
    q, p = function.indifference, function.preference
    if difference <= q:
        return 0.0
    if difference > p:
        return 1.0
    return 0.5 if isinstance(function, Level) else (difference - q) / (p - q)


def dense(matrix, weights, maximise, functions):
    """The definition: every package against every other on every criterion."""
    n, m = matrix.shape
    positive, negative, by_criterion = np.zeros(n), np.zeros(n), np.zeros((n, m))
    for a in range(n):
        for b in range(n):
            for c in range(m):
                # Differences of numbers with few decimals, free of binary noise.
                difference = round((matrix[a, c] - matrix[b, c]) * (1 if maximise[c] else -1), 9)
                preferred = degree(difference, functions[c]) / (n - 1)
                positive[a] += weights[c] * preferred
                negative[b] += weights[c] * preferred
                by_criterion[a, c] += preferred
                by_criterion[b, c] -= preferred
    return positive, negative, positive - negative, by_criterion


HYDRO = np.array(
    [
        [80, 90, 6, 5.4, 8, 5],
        [65, 58, 2, 9.7, 1, 1],
        [83, 60, 4, 7.2, 4, 7],
        [40, 80, 10, 7.5, 7, 10],
        [52, 72, 6, 2.0, 3, 8],
        [94, 96, 7, 3.6, 5, 6],
    ]
)


def test_six_hydroelectric_sites_of_brans_vincke_mareschal_1986():
    """Brans, Vincke & Mareschal (1986), EJOR 24, 228–238: all six kinds of criteria, equal weights.

    The sixth criterion is Gaussian (σ = 5), which is left out of the program, and added here from
    its definition. Each published index agrees to its third decimal, a flow, the sum of five of
    them, to 0.0025. The flow between two packages alone is the index of the one over the other.
    """
    indices = np.array(
        [
            [0, 0.296, 0.250, 0.268, 0.100, 0.185],
            [0.463, 0, 0.389, 0.333, 0.296, 0.500],
            [0.236, 0.180, 0, 0.333, 0.056, 0.429],
            [0.399, 0.505, 0.305, 0, 0.223, 0.212],
            [0.444, 0.515, 0.487, 0.380, 0, 0.448],
            [0.287, 0.399, 0.250, 0.431, 0.133, 0],
        ]
    )
    upward = [False, True, False, False, False]
    functions = [Linear(10, 10), Linear(0, 30), Linear(0.5, 5), Level(1, 6), Usual()]
    flows = promethee_ii(HYDRO[:, :5], np.full(5, 1 / 6), upward, functions=functions)
    differences = np.maximum(HYDRO[:, 5][:, None] - HYDRO[:, 5][None, :], 0)
    gaussian = (1 - np.exp(-(differences**2) / (2 * 5**2))) / 6
    for a, b in itertools.permutations(range(6), 2):
        pair = promethee_ii(HYDRO[[a, b], :5], np.full(5, 1 / 6), upward, functions=functions)
        assert pair.positive[0] + gaussian[a, b] == pytest.approx(indices[a, b], abs=1.05e-3)
    positive = flows.positive * 5 + gaussian.sum(axis=1)
    negative = flows.negative * 5 + gaussian.sum(axis=0)
    assert positive == pytest.approx(indices.sum(axis=1), abs=0.0025)
    assert negative == pytest.approx(indices.sum(axis=0), abs=0.0025)
    assert np.argsort(negative - positive).tolist() == [4, 1, 3, 5, 2, 0]


thresholds = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted)
preference = st.one_of(
    st.just(Usual()),
    thresholds.map(lambda t: Linear(t[0] / 10, t[1] / 10)),
    thresholds.map(lambda t: Level(t[0] / 10, t[1] / 10)),
)


@st.composite
def problems(draw):
    n, m = draw(st.integers(2, 9)), draw(st.integers(1, 4))
    tenths = draw(st.lists(st.integers(-60, 60), min_size=n * m, max_size=n * m))
    points = draw(st.lists(st.integers(1, 9), min_size=m, max_size=m))
    return (
        np.array(tenths).reshape(n, m) / 10,
        np.array(points) / sum(points),
        draw(st.lists(st.booleans(), min_size=m, max_size=m)),
        draw(st.lists(preference, min_size=m, max_size=m)),
    )


def check_against_dense(problem):
    matrix, weights, maximise, functions = problem
    before = matrix.copy()
    flows = promethee_ii(matrix, weights, maximise, functions=functions)
    positive, negative, net, by_criterion = dense(matrix, weights, maximise, functions)
    assert flows.positive == pytest.approx(positive, abs=1e-12)
    assert flows.negative == pytest.approx(negative, abs=1e-12)
    assert flows.net == pytest.approx(net, abs=1e-12)
    assert flows.by_criterion == pytest.approx(by_criterion, abs=1e-12)
    assert (matrix == before).all()


@settings(max_examples=60, deadline=None)
@given(problems())
def test_flows_equal_the_dense_definition(problem):
    check_against_dense(problem)


@pytest.mark.long
@settings(max_examples=3000, deadline=None)
@given(problems())
def test_flows_equal_the_dense_definition_in_thousands_of_cases(problem):
    check_against_dense(problem)


def test_flows_of_random_reals_equal_the_dense_definition():
    rng = np.random.default_rng(20160301)
    matrix = rng.normal(size=(60, 5)) * [1, 1e-6, 1e9, 50, 3] + [0, 0, 7e9, -1000, 1]
    widths = np.ptp(matrix, axis=0)
    functions = [
        Usual(),
        Linear(0.1 * widths[1], 0.4 * widths[1]),
        Level(0.1 * widths[2], 0.3 * widths[2]),
        Linear(0, widths[3]),
        Linear(0.2 * widths[4], 0.2 * widths[4]),
    ]
    maximise = [True, False, True, False, True]
    weights = rng.dirichlet(np.ones(5))
    flows = promethee_ii(matrix, weights, maximise, functions=functions)
    signed = np.where(maximise, matrix, -matrix)
    positive = np.zeros(60)
    for c, function in enumerate(functions):
        difference = signed[:, c][:, None] - signed[:, c][None, :]
        degrees = np.vectorize(lambda d, f=function: degree(d, f))(difference)
        positive += weights[c] * degrees.sum(axis=1) / 59
    assert flows.positive == pytest.approx(positive, abs=1e-11)


def test_many_ties_among_many_packages_still_sum_to_zero():
    rng = np.random.default_rng(7)
    matrix = rng.integers(0, 20, (20_000, 3)) / 10
    flows = promethee_ii(matrix, [0.2, 0.3, 0.5], [True, False, True], functions=Linear(0.1, 0.7))
    assert abs(flows.net.sum()) < 1e-9
    _, first, inverse = np.unique(matrix, axis=0, return_index=True, return_inverse=True)
    assert (flows.net == flows.net[first[inverse.reshape(-1)]]).all()


def test_a_difference_that_meets_a_threshold_meets_it_whatever_its_binary_rounding():
    matrix = [[0.3], [0.1 + 0.2], [0.1]]
    # 0.3 - 0.1 is not more than 0.2, although the machine's 0.30000000000000004 - 0.1 is.
    flows = promethee_ii(matrix, [1.0], [True], functions=Level(0.1, 0.2))
    assert flows.positive.tolist() == [0.25, 0.25, 0.0]
    assert promethee_ii(matrix, [1.0], [True]).net.tolist() == [0.5, 0.5, -1.0]


def test_one_package_has_no_flow():
    flows = promethee_ii([[3.0, 4.0]], [0.5, 0.5], [True, False])
    assert flows.net.tolist() == [0.0]


def test_linear_over_the_whole_range_orders_as_the_weighted_mean_does():
    """With q = 0 and p = the width, φ = n ÷ (n - 1) · (mean share of the width - its average)."""
    rng = np.random.default_rng(3)
    matrix, weights = rng.random((30, 4)), rng.dirichlet(np.ones(4))
    widths = np.ptp(matrix, axis=0)
    flows = promethee_ii(matrix, weights, [True] * 4, functions=[Linear(0, w) for w in widths])
    shares = (matrix / widths) @ weights
    assert flows.net == pytest.approx((shares - shares.mean()) * 30 / 29, abs=1e-11)


@pytest.mark.parametrize("kind", [Linear, Level])
@pytest.mark.parametrize("ends", [(2, 1), (-1, 1), (0, float("inf")), (float("nan"), 1)])
def test_thresholds_out_of_order_are_refused_in_words(kind, ends):
    with pytest.raises(ValueError, match="0 <= indifference <= preference"):
        kind(*ends)


def test_one_function_for_each_criterion_is_asked_for():
    with pytest.raises(ValueError, match="1 preference functions for 2 criteria"):
        promethee_ii([[1, 2]], [0.5, 0.5], [True, True], functions=[Usual()])
