"""Weights keep their proportions: exact properties on any weights."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mcda.case import CaseProblem
from mcda.examples import read_example
from mcda.parts import Judged
from mcda.reweigh import percentages, set_share, with_weights

WEIGHTS = st.lists(
    st.one_of(st.just(0.0), st.floats(1e-3, 1e6)), min_size=2, max_size=9
).filter(any)  # fmt: skip
SHARES = st.floats(0, 0.999)


@given(WEIGHTS, st.data(), SHARES)
def test_the_share_is_set_and_the_others_keep_their_proportions(
    weights: list[float], data: st.DataObject, share: float
) -> None:
    at = data.draw(st.integers(0, len(weights) - 1))
    assume(any(weight for index, weight in enumerate(weights) if index != at))
    moved = set_share(weights, at, share)
    total = sum(moved)
    assert math.isclose(moved[at] / total, share, abs_tol=1e-12)
    assert math.isclose(sum(weight / total for weight in moved), 1, rel_tol=1e-12)
    assert [w for i, w in enumerate(moved) if i != at] == [
        w for i, w in enumerate(weights) if i != at
    ]


@given(WEIGHTS, st.data())
def test_the_whole_weight_and_back_again(weights: list[float], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(weights) - 1))
    assume(any(weight for index, weight in enumerate(weights) if index != at))
    whole = set_share(weights, at, 1)
    assert whole[at] > 0
    assert not any(weight for index, weight in enumerate(whole) if index != at)
    back = set_share(whole, at, 0.25, otherwise=weights)
    assert math.isclose(back[at] / sum(back), 0.25)
    assert [w for i, w in enumerate(back) if i != at] == [
        w for i, w in enumerate(weights) if i != at
    ]


def test_without_any_proportion_the_others_share_equally() -> None:
    assert set_share([7, 0, 0], 0, 0.5) == (2.0, 1.0, 1.0)
    assert set_share([7, 0, 0], 0, 0.5, otherwise=[7, 0, 0]) == (2.0, 1.0, 1.0)


def test_nothing_becomes_everything() -> None:
    assert set_share([0, 3, 1], 0, 1) == (4.0, 0.0, 0.0)


def test_a_single_criterion_keeps_its_weight() -> None:
    assert set_share([5], 0, 0.3) == (5.0,)


@pytest.mark.parametrize("share", [-0.01, 1.01, math.nan])
def test_no_share_beyond_0_and_1(share: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        set_share([1, 2], 0, share)


@given(WEIGHTS)
def test_percentages_are_whole_and_add_up(weights: list[float]) -> None:
    shown = percentages(weights)
    total = sum(weights)
    assert sum(shown) == 100
    assert all(
        abs(part - 100 * weight / total) < 1 + 1e-6
        for part, weight in zip(shown, weights, strict=True)
    )


@given(WEIGHTS, st.data(), st.integers(0, 99))
def test_a_percentage_that_was_set_is_shown_as_set(
    weights: list[float], data: st.DataObject, percent: int
) -> None:
    at = data.draw(st.integers(0, len(weights) - 1))
    assert percentages(set_share(weights, at, percent / 100))[at] == percent


def test_only_what_changed_loses_its_record() -> None:
    case = read_example("ceasefire")
    party = case.parties[0]
    stated = [criterion.weight for criterion in party.criteria]
    changed = with_weights(case, party.name, [stated[0] / 2, *stated[1:]], method="tried")
    first, *rest = changed.parties[0].criteria
    assert first.weight == stated[0] / 2
    assert first.weight_range is None
    assert first.judged == Judged(method="tried")
    assert tuple(rest) == party.criteria[1:]
    assert changed.parties[1:] == case.parties[1:]


def test_the_stated_weights_change_nothing() -> None:
    case = read_example("ceasefire")
    party = case.parties[0]
    stated = [criterion.weight for criterion in party.criteria]
    assert with_weights(case, party.name, stated, method="tried") == case


def test_weights_that_are_none_are_refused() -> None:
    case = read_example("ceasefire")
    with pytest.raises(CaseProblem, match="0"):
        with_weights(case, "Russia", [0, 0, 0, 0, 0], method="tried")
    with pytest.raises(KeyError):
        with_weights(case, "Atlantis", [1], method="tried")
