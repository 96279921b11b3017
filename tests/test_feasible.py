"""Whether any package is left, against enumeration."""

from __future__ import annotations

import itertools
import random

import pytest

from mcda.feasible import Undecided, some_package
from mcda.json_form import case_from_data
from tests import plain_model


def tangle(seed: int) -> dict:
    """Random issues with so many rules and red lines that about half of the cases allow nothing."""
    rng = random.Random(seed)
    issues = [
        {
            "name": f"I{number}",
            "levels": [f"L{level}" for level in range(rng.randint(1, 3))],
            "no_deal_only": ["Z"],
        }
        for number in range(rng.randint(1, 5))
    ]

    def conditions() -> dict:
        chosen = rng.sample(issues, rng.randint(1, min(2, len(issues))))
        levels = {issue["name"]: [*issue["levels"], "Z"] for issue in chosen}
        return {name: rng.sample(some, rng.randint(1, len(some))) for name, some in levels.items()}

    return {
        "name": "Tangle",
        "issues": issues,
        "parties": [{"name": "P", "criteria": [{"name": "c", "weight": 1}]}],
        "rules": [
            {"forbid": conditions()}
            if rng.random() < 0.3
            else {"if": conditions(), "then": conditions()}
            for _ in range(rng.randint(0, 6))
        ],
        "red_lines": [{"party": "P", "forbid": conditions()} for _ in range(rng.randint(0, 3))],
    }


def by_enumeration(data: dict, *, red_lines: bool) -> bool:
    bound = data if red_lines else {**data, "red_lines": []}
    return any(plain_model.allowed(bound, package) for package in plain_model.space(data))


@pytest.mark.parametrize("red_lines", [True, False])
def test_the_search_agrees_with_enumeration(red_lines):
    answers = []
    for seed in range(300):
        data = tangle(seed)
        found = some_package(case_from_data(data), red_lines=red_lines)
        expected = by_enumeration(data, red_lines=red_lines)
        assert (found is not None) == expected
        if found is not None:
            bound = data if red_lines else {**data, "red_lines": []}
            assert list(found) == [issue["name"] for issue in data["issues"]]
            assert plain_model.allowed(bound, {"settings": dict(found)})
        answers.append(expected)
    assert 30 < sum(answers) < 290


def pigeons(count: int) -> dict:
    """`count` + 1 pigeons in `count` holes: no package, and hard to see for any search."""
    holes = [f"H{hole}" for hole in range(count)]
    issues = [{"name": f"P{pigeon}", "levels": holes} for pigeon in range(count + 1)]
    pairs = itertools.combinations([issue["name"] for issue in issues], 2)
    return {
        "name": "Pigeons",
        "issues": issues,
        "parties": [{"name": "P", "criteria": [{"name": "c", "weight": 1}]}],
        "rules": [
            {"name": f"{a} {b} {hole}", "forbid": {a: hole, b: hole}}
            for a, b in pairs
            for hole in holes
        ],
    }


def test_no_room_is_proved():
    assert some_package(case_from_data(pigeons(4))) is None


def test_the_search_gives_up_at_its_cap():
    with pytest.raises(Undecided):
        some_package(case_from_data(pigeons(5)), steps=20)
