"""Ties and ranks of scores, the door to the methods, and the scalings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcda.ranking.performance import performance
from mcda.ranking.scaling import by_best, by_length, by_sum, by_width, raised
from mcda.ranking.scores import MethodScores, Step, comparable


def ranks(scores, direction="max", magnitude=0.0):
    found = MethodScores(np.array(scores, dtype=float), direction, magnitude=magnitude).ranks
    return found.tolist()


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12), st.sampled_from(["max", "min"]))
def test_a_rank_is_one_more_than_the_number_of_those_that_are_better(scores, direction):
    better = (lambda a, b: a > b) if direction == "max" else (lambda a, b: a < b)
    assert ranks(scores, direction) == [1 + sum(better(b, a) for b in scores) for a in scores]


def test_ties_are_judged_on_the_ninth_decimal_of_score_by_spread():
    assert ranks([0.0, 1000.0, 1000.0 - 4e-7]) == [3, 1, 1]
    assert ranks([0.0, 1000.0, 1000.0 - 6e-7]) == [3, 1, 2]
    assert ranks([0.0, 1e-6, 1e-6 - 4e-16]) == [3, 1, 1]


def test_a_spread_of_noise_is_no_spread():
    assert ranks([0.1 + 0.2, 0.3, 0.3]) == [1, 1, 1]
    assert ranks([5.6e-17, 0.0, -5.6e-17], magnitude=1.0) == [1, 1, 1]
    assert ranks([0.0, 0.0]) == [1, 1]


def test_scores_exactly_between_two_decimals_tie_whatever_their_noise():
    """0.0009765625 = 2**-10 has a 5 as its tenth decimal."""
    nudged = np.nextafter(2.0**-10, 1)
    assert ranks([1.0, 2.0**-10, nudged, np.nextafter(2.0**-10, 0), 0.0]) == [1, 2, 2, 2, 5]


def test_no_scores_have_no_ranks():
    assert comparable(np.zeros(0)).tolist() == []
    assert ranks([]) == []


def test_a_step_has_labels():
    grid = Step(np.array([[1.0, 2.0], [3.0, 4.0]]), ("A", "B"), ("x", "y"))
    assert grid.to_dict() == {"A": {"x": 1.0, "y": 2.0}, "B": {"x": 3.0, "y": 4.0}}
    assert grid.table.loc["B", "x"] == 3.0
    column = Step(np.array([1.0, 2.0]), ("A", "B"))
    assert column.to_dict() == {"A": 1.0, "B": 2.0}
    assert column.table.loc["B", "value"] == 2.0


# --- the door


def test_the_door_settles_shares_noise_and_ranges():
    matrix = np.array([[0.1 + 0.2, 5.0], [0.3, -0.0]])
    p = performance(matrix, [3, 1], [1, "min"], ranges=[[0, 0.2], [-1, 3]])
    assert p.weights.tolist() == [0.75, 0.25]
    assert p.matrix[0, 0] == p.matrix[1, 0]
    assert p.ranges.tolist() == [[0, 0.3], [-1, 5]]
    assert p.upward.tolist() == [[0.3, -5], [0.3, 0]]
    assert not np.signbit(p.matrix).any()
    with pytest.raises(ValueError, match="read-only"):
        p.matrix[0, 0] = 1
    assert matrix[0, 0] == 0.1 + 0.2


@pytest.mark.parametrize(
    ("matrix", "weights", "directions", "options", "said"),
    [
        ([[1, 2]], [1], ["max"], {}, "do not belong together"),
        ([[1, 2]], [1, 1], ["max"], {}, "do not belong together"),
        ([[1, 2]], [1, -1], ["max", "max"], {}, "a weight is negative"),
        ([[1, 2]], [1, float("nan")], ["max", "max"], {}, "a weight is negative or not a number"),
        ([[1, 2]], [0, 0], ["max", "max"], {}, "all weights are 0"),
        ([[1, float("inf")]], [1, 1], ["max", "max"], {}, "a performance is not a finite number"),
        ([[1, 2]], [1, 1], ["max", "up"], {}, "direction is 'up'"),
        ([[1], [2]], [1], ["max"], {"packages": ["A", "A"]}, "2 different names of packages"),
        ([[1, 2]], [1, 1], ["max", "max"], {"criteria": ["A"]}, "2 different names of criteria"),
        ([[1]], [1], ["max"], {"ranges": [[0, float("nan")]]}, "a range is not a finite number"),
        ([[1]], [1], ["max"], {"reference": [float("nan")]}, "a reference is not a finite"),
    ],
)
def test_the_door_refuses_in_words(matrix, weights, directions, options, said):
    with pytest.raises(ValueError, match=said):
        performance(matrix, weights, directions, **options)


# --- scalings


def test_scalings_of_ordinary_numbers():
    matrix = np.array([[2.0, 4.0], [1.0, 8.0]])
    p = performance(matrix, [1, 1], ["max", "min"])
    assert by_best(matrix, p.maximise).tolist() == [[1, 1], [0.5, 0.5]]
    assert by_width(p).tolist() == [[1, 1], [0, 0]]
    assert by_sum(matrix).sum(axis=0).tolist() == pytest.approx([1, 1])
    assert (by_length(matrix) ** 2).sum(axis=0).tolist() == pytest.approx([1, 1])


def test_scalings_of_columns_without_width_or_numbers():
    p = performance([[0, 3], [0, 3]], [1, 1], ["max", "min"])
    assert by_width(p).tolist() == [[0, 0], [0, 0]]
    assert by_sum(p.matrix)[:, 0].tolist() == [0, 0]
    assert by_length(p.matrix)[:, 0].tolist() == [0, 0]


def test_raising_puts_the_worst_and_the_best_at_one_to_two():
    p = performance([[-5, 0, 0], [20, 4, 0]], [1, 1, 1], ["max"] * 3)
    lifted = raised(p)
    assert lifted.matrix.tolist() == [[25, 4, 1], [50, 8, 1]]
    assert lifted.by.tolist() == [30, 4, 1]
    assert "C1 by 30, C2 by 4, C3 by 1" in lifted.note


def test_raising_leaves_alone_what_the_method_can_bear():
    p = performance([[0, 0, 0], [4, 4, 0]], [1, 1, 1], ["max", "min", "max"])
    lifted = raised(p, zero_if_max=True)
    assert lifted.by.tolist() == [0, 4, 1]
    assert raised(p, zero_if_max=True, zero_if_min=True).by.tolist() == [0, 0, 1]
    assert raised(performance([[1], [2]], [1], ["min"])).note == ""
