"""The door: whatever comes in, a case or a list of problems; one canonical text for one case."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcda.canonical import canonical_data, canonical_json, inputs_sha256
from mcda.case import Case, CaseProblem
from mcda.json_form import case_from_data, case_from_json
from mcda.problems import Problem
from tests.case_strategy import WEIRD, cases, random_case

FREELY = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
KEYS = (
    "name", "parties", "criteria", "weight", "scores", "issues", "levels", "packages", "settings",
    "no_deal", "values", "rules", "if", "then", "forbid", "red_lines", "party", "when", "score",
    "interactions", "criterion", "scenarios", "lift", "points", "low", "high", "reservation",
    "sources", "id", "recommendations", "for", "package", "judged", "range", "weights_are",
)  # fmt: skip

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
    st.sampled_from(WEIRD), st.just("\ud800"), st.just("\x00"), st.just(10**400),
)  # fmt: skip
shapes = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=4)), inner, max_size=6),
    ),
    max_leaves=25,
)


def told(problem: Problem) -> None:
    """A problem has a place and words, and can be printed."""
    assert problem.where
    assert problem.what
    str(problem).encode()


def judge(data: object) -> Case | None:
    """Return the case, or None where problems were told; anything else fails the test."""
    try:
        return case_from_data(data)
    except CaseProblem as error:
        for problem in error.problems:
            told(problem)
        return None


def mutated(data: Any, rng: random.Random) -> Any:
    """Damage a case in one to three places: values swapped, removed, doubled, renamed."""
    data = copy.deepcopy(data)
    for _ in range(rng.randint(1, 3)):
        places = list(_places(data))
        if not places:
            break
        inside, key = rng.choice(places)
        kind = rng.randrange(5)
        if kind == 0:
            del inside[key]
        elif kind == 1:
            inside[key] = rng.choice(
                [None, "", "x", -1, 0, float("nan"), float("inf"), True, [], {}, [1, 2], 10**400,
                 {"a": 1}, "\ud800", "\x07", " ", 1e308, [[]], [None], {"score": None}]
            )  # fmt: skip
        elif kind == 2:
            other, other_key = rng.choice(places)
            inside[key] = copy.deepcopy(other[other_key])
        elif kind == 3 and isinstance(inside, dict):
            inside[rng.choice([*KEYS, str(key).upper(), f"{key} "])] = inside.pop(key)
        elif isinstance(inside, list):
            inside.append(copy.deepcopy(inside[key]))
    return data


def _places(data: Any) -> Any:
    if isinstance(data, dict):
        for key, value in data.items():
            yield data, key
            yield from _places(value)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield data, index
            yield from _places(value)


@given(shapes)
@settings(max_examples=200, deadline=None, suppress_health_check=FREELY)
def test_any_shape_is_a_case_or_problems(data):
    judge(data)


@given(cases, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None, suppress_health_check=FREELY)
def test_a_damaged_case_is_a_case_or_problems(data, rng):
    case = judge(mutated(data, rng))
    if case is not None:
        assert case_from_json(canonical_json(case)) == case


@pytest.mark.long
def test_thousands_of_damaged_cases():
    survivors = 0
    for seed in range(6000):
        case = judge(mutated(random_case(seed), random.Random(seed)))
        if case is not None:
            survivors += 1
            assert case_from_json(canonical_json(case)) == case
    # The damage must neither always nor never matter, or the test would not test.
    assert 300 < survivors < 5700


@pytest.mark.long
@given(shapes)
@settings(max_examples=4000, deadline=None, suppress_health_check=FREELY)
def test_thousands_of_shapes(data):
    judge(data)


@given(st.one_of(st.text(), st.binary(), st.text(alphabet='{}[]",:0123456789eE.-+ \n')))
@settings(max_examples=300, deadline=None)
def test_any_text_or_bytes(text):
    with pytest.raises(CaseProblem) as error:
        case_from_json(text)
    for problem in error.value.problems:
        told(problem)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "line 1, column 1"),
        ('{"name": }', "line 1, column 10"),
        (b"\xff\xfe{", "byte 1"),
        ("[" * 100_000, "(the whole file)"),
        ('{"name": ' + "9" * 5000 + "}", "(the whole file)"),
        ("[]", "(the whole file)"),
        ("null", "name"),
        ('{"name": "a", "name": "b"}', "name"),
    ],
)
def test_what_is_no_json_form_is_told_with_its_place(text, where):
    with pytest.raises(CaseProblem) as error:
        case_from_json(text)
    assert error.value.problems[0].where == where
    assert error.value.problems[0].fix


@given(cases)
@settings(max_examples=100, deadline=None, suppress_health_check=FREELY)
def test_canonical_json_is_idempotent(data):
    case = case_from_data(data)
    text = canonical_json(case)
    again = case_from_json(text)
    assert again == case
    assert canonical_json(again) == text
    assert hash(again) == hash(case)
    assert inputs_sha256(again) == inputs_sha256(case)


def shuffled(data: Any, rng: random.Random) -> Any:
    if isinstance(data, dict):
        items = [(key, shuffled(value, rng)) for key, value in data.items()]
        rng.shuffle(items)
        return dict(items)
    if isinstance(data, list):
        return [shuffled(item, rng) for item in data]
    return data


@given(cases, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None, suppress_health_check=FREELY)
def test_canonical_json_is_independent_of_the_order_of_keys(data, rng):
    assert canonical_json(case_from_data(shuffled(data, rng))) == canonical_json(
        case_from_data(data)
    )


def test_the_order_of_levels_in_a_condition_says_nothing():
    data = _rich()
    other = copy.deepcopy(data)
    other["rules"][0]["if"]["Banking"].reverse()
    assert canonical_json(case_from_data(data)) == canonical_json(case_from_data(other))


def _rich() -> dict[str, Any]:
    return {
        "name": "n",
        "issues": [{"name": "Banking", "levels": ["None", "Some", "Full"]}],
        "parties": [{"name": "A", "criteria": [{"name": "c", "weight": 1}]}],
        "rules": [{"if": {"Banking": ["None", "Some"]}, "then": {"Banking": "Full"}}],
    }


def test_the_order_of_lists_is_kept():
    data = _rich()
    data["issues"].append({"name": "Aid", "levels": ["b", "a"]})
    form = canonical_data(case_from_data(data))
    assert [issue["name"] for issue in form["issues"]] == ["Banking", "Aid"]
    assert form["issues"][1]["levels"] == ["b", "a"]


def test_short_and_full_forms_are_the_same_case():
    short = _rich()
    full = copy.deepcopy(short)
    full["rules"][0] |= {"name": "Rule 1", "then": {"Banking": ["Full"]}}
    full["parties"][0] |= {"signs": True, "power": 1.0, "weights_are": "intervals", "scores": {}}
    full["parties"][0]["criteria"][0] |= {"direction": "max", "low": None, "meaning": {}}
    full |= {"packages": [], "no_deal": None, "purpose": ""}
    assert inputs_sha256(case_from_data(full)) == inputs_sha256(case_from_data(short))


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        (0.1 + 0.2, 0.3),
        (1 / 3, 0.333333333333333),
        (-0.0, 0),
        (60.0, 60),
        (123456789012345678 / 1000, 123456789012346),
    ],
)
def test_numbers_are_rounded_to_15_digits_at_the_door(given_, kept):
    data = _rich()
    data["parties"][0]["aspiration"] = given_
    case = case_from_data(data)
    assert case.parties[0].aspiration == kept
    assert str(canonical_data(case)["parties"][0]["aspiration"]) == str(kept)


@pytest.mark.parametrize("name", WEIRD)
def test_names_that_bite_survive_as_they_are(name):
    data = json.loads(json.dumps(_rich()).replace('"Banking"', json.dumps(name)))
    data["parties"][0]["scores"] = {"c": {name: {"None": 0, "Some": 1, "Full": 2}}}
    case = case_from_data(data)
    assert case.issues[0].name == name
    assert case_from_json(canonical_json(case)) == case


def test_30_and_30_0_are_two_names():
    data = _rich()
    data["issues"].append({"name": "Days", "levels": ["30", "30.0", " 30"]})
    assert case_from_data(data).issues[1].level_names == ("30", "30.0", " 30")
