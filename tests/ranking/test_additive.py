"""The additive ranking: order, ties, who has no rank; and explanations that add up."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcda.json_form import case_from_data
from mcda.ranking import rank
from mcda.ranking.additive import explain
from mcda.ranking.result import competition_ranks
from mcda.values import evaluate
from tests import plain_model
from tests.case_strategy import cases

FREELY = [HealthCheck.too_slow, HealthCheck.data_too_large]


def direct(values: dict[str, float], **more: Any) -> dict[str, Any]:
    """One party, one criterion on 0–100, packages scored directly: the value is the score."""
    return {
        "name": "Direct",
        "parties": [{"name": "A", "criteria": [{"name": "c", "weight": 1, "low": 0, "high": 100}]}],
        "packages": [
            {"name": name, "scores": {"A": {"c": value}}} for name, value in values.items()
        ],
        **more,
    }


@given(cases)
@settings(max_examples=60, deadline=None, suppress_health_check=FREELY)
def test_ranks_equal_the_plain_twin(data):
    ranking = rank(case_from_data(data))
    for party in ranking:
        expected = plain_model.ranks(data, party.party)
        assert {row.package: row.rank for row in party} == expected
        for row in party:
            package = next(item for item in data["packages"] if item["name"] == row.package)
            assert row.acceptable == plain_model.acceptable(data, party.party, package)
            assert list(row.red_lines) == plain_model.red_lines_crossed(data, package)


def test_ties_are_1_2_2_4():
    values = {"a": 10, "b": 50, "c": 50, "d": 70, "e": 50.0000000001}
    ranking = rank(case_from_data(direct(values)))["A"]
    assert [(row.package, row.rank) for row in ranking] == [
        ("d", 1), ("b", 2), ("c", 2), ("e", 2), ("a", 5),
    ]  # fmt: skip
    assert ranking.first == ("d",)


def test_tie_at_the_top_names_both():
    assert rank(case_from_data(direct({"a": 50, "b": 50, "c": 1})))["A"].first == ("a", "b")


def test_a_difference_at_the_ninth_decimal_is_none_at_the_tenth():
    nine, ten = {"a": 50, "b": 50.000000001}, {"a": 50, "b": 50.0000000001}
    assert rank(case_from_data(direct(nine)))["A"]["a"].rank == 2
    assert rank(case_from_data(direct(ten)))["A"]["a"].rank == 1


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_competition_ranks_are_one_more_than_the_number_that_is_better(scores):
    found = competition_ranks(np.array(scores, dtype=float))
    assert found == [1 + sum(other > own for other in scores) for own in scores]
    rising = competition_ranks(np.array(scores, dtype=float), better="min")
    assert rising == [1 + sum(other < own for other in scores) for own in scores]


def two_parties() -> dict[str, Any]:
    party = {"criteria": [{"name": "c", "weight": 1, "low": 0, "high": 100}]}
    score = {"Z": {"low": 10, "middle": 50, "high": 90}}
    return {
        "name": "Two",
        "issues": [{"name": "Z", "levels": ["low", "middle", "high"]}],
        "parties": [
            {"name": "A", **party, "scores": {"c": score}, "reservation": 20},
            {"name": "B", **party, "scores": {"c": score}, "reservation": 60},
        ],
        "packages": [
            {"name": level, "settings": {"Z": level}} for level in ("low", "middle", "high")
        ],
    }


def test_an_own_red_line_takes_the_rank_and_anothers_only_marks():
    data = {**two_parties(), "red_lines": [{"party": "B", "forbid": {"Z": "high"}}]}
    ranking = rank(case_from_data(data))
    assert [(row.package, row.rank) for row in ranking["A"]] == [
        ("high", 1),
        ("middle", 2),
        ("low", 3),
    ]
    assert ranking["A"]["high"].red_lines == ("B",)
    assert not ranking["A"]["high"].allowed
    assert ranking["A"]["high"].acceptable
    assert [(row.package, row.rank) for row in ranking["B"]] == [
        ("middle", 1),
        ("low", 2),
        ("high", None),
    ]
    assert not ranking["B"]["high"].acceptable
    assert ranking["B"]["high"].reason == "crosses a red line of B"


def test_a_broken_rule_takes_the_rank_from_everybody():
    rule = {"name": "Never high", "forbid": {"Z": "high"}}
    ranking = rank(case_from_data({**two_parties(), "rules": [rule]}))
    for party in ranking:
        assert party["high"].rank is None
        assert party["high"].rules_broken == ("Never high",)
        assert party["high"].value == 90.0
        assert list(party)[-1].package == "high"


def test_one_party_can_be_asked_alone():
    assert list(rank(case_from_data(two_parties()), party="B").parties) == ["B"]
    with pytest.raises(KeyError):
        rank(case_from_data(two_parties()), party="nobody")


def test_no_package_is_an_answer():
    ranking = rank(case_from_data({**two_parties(), "packages": []}))["A"]
    assert ranking.rows == ()
    assert ranking.first == ()
    assert ranking.table.empty
    assert str(ranking)


def test_table_and_data_say_the_same():
    ranking = rank(case_from_data(two_parties()))
    assert ranking["A"].table["rank"].tolist() == [1, 2, 3]
    assert ranking.table.loc[("B", "high"), "surplus"] == 30.0
    data = ranking.to_dict()
    assert set(data) == {"case", "inputs_sha256", "method", "parties"}
    assert data["parties"]["A"]["reservation"] == 20.0
    assert data["parties"]["A"]["ranking"][0] == {
        "package": "high", "value": 90.0, "rank": 1, "surplus": 70.0, "acceptable": True,
        "allowed": True, "red_lines": [], "rules_broken": [],
    }  # fmt: skip


# --- explanation


@given(cases)
@settings(max_examples=60, deadline=None, suppress_health_check=FREELY)
def test_the_points_of_an_explanation_add_up_to_the_difference(data):
    found = evaluate(case_from_data(data))
    if len(found.packages) < 2:
        return
    first, second = found.packages[:2]
    for column, party in enumerate(found.parties):
        told = explain(found, party, first, second)
        gap = found.party_values[0, column] - found.party_values[1, column]
        assert math.fsum(item.points for item in told.differences) == pytest.approx(
            gap, rel=1e-9, abs=1e-8
        )
        assert told.points == pytest.approx(gap, rel=1e-9, abs=1e-8)
        sizes = [abs(item.points) for item in told.differences]
        assert sizes == sorted(sizes, reverse=True)
        back = explain(found, party, second, first)
        assert back.points == -told.points
        assert told.table["points"].sum() == pytest.approx(gap, rel=1e-9, abs=1e-8)


def negotiated() -> dict[str, Any]:
    data = two_parties()
    data["parties"][0].pop("reservation")
    data["no_deal"] = [{"name": "As now", "settings": {"Z": "low"}}]
    return data


def test_an_explanation_against_no_deal():
    found = evaluate(case_from_data(negotiated()))
    told = explain(found, "A", "high", None)
    assert (told.first_value, told.second_value, told.points) == (90.0, 10.0, 80.0)
    assert told.second == "As now"
    with pytest.raises(ValueError, match="stated"):
        explain(found, "B", "high", None)


def test_an_explanation_in_words():
    told = explain(evaluate(case_from_data(two_parties())), "A", "high", "middle")
    assert str(told) == (
        "For A, “high” is worth 40.0 points more than “middle” (90.0 against 50.0). "
        "For it: c (+40.0)."
    )
    assert told.to_dict()["points"] == 40.0


@pytest.mark.parametrize(("party", "first"), [("nobody", "high"), ("A", "nothing")])
def test_unknown_names_are_refused(party, first):
    with pytest.raises(KeyError):
        explain(evaluate(case_from_data(two_parties())), party, first, "low")


@pytest.mark.parametrize(
    ("score", "head"),
    [
        (50.02, "is worth hardly more than “middle” (50.02 against 50.00)"),
        (49.997, "is worth hardly less than “middle” (49.997 against 50.000)"),
        (50.04, "is worth hardly more than “middle” (50.04 against 50.00)"),
        (50.06, "is worth 0.1 points more than “middle” (50.1 against 50.0)"),
        (50.0, "and “middle” are worth the same (50.0 against 50.0)"),
    ],
)
def test_two_values_that_look_alike_are_told_apart(score, head):
    """A range of 0 to 100 and one criterion: the value is the score."""
    party = {"name": "P", "criteria": [{"name": "c", "weight": 1, "low": 0, "high": 100}]}
    packages = [
        {"name": "other", "scores": {"P": {"c": score}}},
        {"name": "middle", "scores": {"P": {"c": 50}}},
    ]
    case = case_from_data({"name": "X", "parties": [party], "packages": packages})
    told = explain(evaluate(case), "P", "other", "middle")
    assert str(told).startswith(f"For P, “other” {head}.")
