"""Findings: a clean case has none, and each kind appears when its cause does."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import mcda
from mcda.findings import Finding, Findings, findings
from mcda.json_form import case_from_data
from tests.case_strategy import random_case

CEASEFIRE = Path(mcda.__file__).parent / "examples" / "ceasefire_talks.json"


def scored(*levels: tuple[str, float]) -> dict[str, Any]:
    return {level: {"score": score, "basis": "judgement"} for level, score in levels}


CLEAN: dict[str, Any] = {
    "name": "Clean",
    "issues": [
        {"name": "Price", "levels": ["low", "high"]},
        {"name": "Days", "levels": ["30", "60"]},
    ],
    "parties": [
        {
            "name": "Buyer",
            "criteria": [{"name": "Cost", "weight": 3, "direction": "min", "low": 10, "high": 50}],
            "scores": {"Cost": {"Price": scored(("low", 10), ("high", 50))}},
        },
        {
            "name": "Seller",
            "criteria": [{"name": "Time", "weight": 1, "low": 30, "high": 60}],
            "scores": {"Time": {"Days": scored(("30", 30), ("60", 60))}},
            "reservation": 0,
        },
    ],
    "packages": [
        {"name": "A", "settings": {"Price": "low", "Days": "60"}},
        {"name": "B", "settings": {"Price": "low", "Days": "30"}},
    ],
    "no_deal": [
        {"name": "As now", "settings": {"Price": "high", "Days": "30"}},
        {"name": "Worse", "settings": {"Days": "60"}},
    ],
    "recommendations": [{"for": "Buyer", "package": "A"}],
    "sources": [{"id": "S1", "statement": "It was said.", "date": "2025-03-11"}],
}


def found(change: Any = None) -> list[Finding]:
    data = copy.deepcopy(CLEAN)
    if change is not None:
        change(data)
    return list(findings(case_from_data(data)))


def test_a_clean_case_has_none():
    assert found() == []
    assert str(findings(case_from_data(CLEAN))) == "Nothing to note."


def put(*path: Any) -> Any:
    """Return a change: the last of the path is the value."""
    *places, key, value = path

    def change(data: Any) -> None:
        for place in places:
            data = data[place]
        if isinstance(data, list) and key == len(data):
            data.append(value)
        else:
            data[key] = value

    return change


BUYER, COST = ("parties", 0), ("parties", 0, "criteria", 0)
NEVER = {"forbid": {"Price": ["low", "high"]}}
KINDS: list[tuple[str, Any, str, str, str]] = [
    ("rules allow nothing", put("rules", [NEVER]), "WARNING", "Rules", "rules allow no package"),
    ("rules and red lines allow nothing", put("red_lines", [{"party": "Buyer", **NEVER}]),
     "WARNING", "Rules", "breaks a rule or crosses a red line"),
    ("listed and breaking a rule", put("rules", [{"name": "R", "forbid": {"Days": "60"}}]),
     "NOTE", "Packages: A", "It breaks the rule “R”"),
    ("listed and crossing", put("red_lines", [{"party": "Seller", "forbid": {"Days": "60"}}]),
     "NOTE", "Packages: A", "It crosses a red line of Seller"),
    ("nobody accepts", put("parties", 1, "reservation", 150),
     "NOTE", "Packages", "No listed package is acceptable to all signers"),
    ("nothing listed is allowed", put("rules", [{"forbid": {"Price": "low"}}]),
     "NOTE", "Packages", "Every listed package breaks a rule or crosses a red line"),
    ("no package", lambda data: data.update(packages=[], recommendations=[]),
     "NOTE", "Packages", "No package is listed"),
    ("the same terms twice", put("packages", 1, "settings", {"Price": "low", "Days": "60"}),
     "NOTE", "Packages: B", "same terms as “A”"),
    ("an open range", put(*COST, {"name": "Cost", "weight": 3, "direction": "min"}),
     "NOTE", "Criteria: Buyer, Cost", "left open; the span 10 to 50"),
    ("one end open", put(*COST, "high", None),
     "NOTE", "Criteria: Buyer, Cost", "left open; the span 10 to 50"),
    ("a narrow range", put(*COST, "high", 40),
     "NOTE", "Criteria: Buyer, Cost", "10 to 40 is narrower than the span 10 to 50"),
    ("points that are narrow",
     put(*COST, {"name": "Cost", "weight": 3, "points": [[10, 0], [30, 100]]}),
     "NOTE", "Criteria: Buyer, Cost", "10 to 30 is narrower than the span 10 to 50"),
    ("no width", lambda data: (
        data["parties"][0]["criteria"][0].update(low=None, high=None),
        data["parties"][0]["scores"]["Cost"]["Price"].update(scored(("low", 50))),
     ), "NOTE", "Criteria: Buyer, Cost", "no width (all at 50)"),
    ("judged on another range", put(*COST, "judged", {"range": [0, 50]}),
     "WARNING", "Weights: Buyer, Cost", "RANGE CHANGED: the weight was judged on 0 to 50"),
    ("a weight beyond its range", put(*COST, "weight_range", [5, 9]),
     "NOTE", "Weights: Buyer, Cost", "outside its own range of 5 to 9"),
    ("values outside", put(*COST, "high", 40),
     "NOTE", "Criteria: Buyer, Cost", "outside 0–100: “As now” -33.3"),
    ("a score without basis", put(*BUYER, "scores", "Cost", "Price", "low", 10),
     "NOTE", "Evidence: Buyer", "1 of 2 scores has neither a source nor a basis"),
    ("a criterion that nothing feeds", put(*BUYER, "criteria", 1, {"name": "Idle", "weight": 1}),
     "NOTE", "Criteria: Buyer, Idle", "Nothing feeds"),
    ("an issue that feeds nothing", lambda data: (
        data["issues"].append({"name": "Idle", "levels": ["x"]}),
        [item["settings"].update(Idle="x") for item in (*data["packages"], data["no_deal"][0])],
     ), "NOTE", "Issues: Idle", "feeds no party"),
    ("no value of no deal", put("no_deal", []),
     "NOTE", "Parties: Buyer", "reservation value is 0"),
    ("an unlisted source", put("packages", 0, "source", "S9"),
     "NOTE", "Sources: S9", "named by Packages: A, and it is not on Sources"),
    ("an unlisted source of a level", put("issues", 0, "source", {"low": "S9"}),
     "NOTE", "Sources: S9", "named by Issues: Price, low,"),
    ("an unlisted source of evidence",
     put(*BUYER, "scores", "Cost", "Price", "low", "source", "S9"),
     "NOTE", "Sources: S9", "named by Evidence: Buyer, Cost, Price, low,"),
    ("an unlisted source of a red line", put("red_lines", [
        {"name": "Never", "party": "Buyer", "forbid": {"Days": ["30", "60"]}, "source": "S9"}]),
     "NOTE", "Sources: S9", "named by Rules: Never,"),
    ("an unlisted source of a rule", put("rules", [
        {"name": "So", "forbid": {"Price": "high"}, "source": "S9"}]),
     "NOTE", "Sources: S9", "named by Rules: So,"),
    ("an unlisted source of an interaction", put("interactions", [
        {"name": "Both", "party": "Buyer", "criterion": "Cost", "when": {"Price": "low"},
         "score": 1, "source": "S9"}]),
     "NOTE", "Sources: S9", "named by Evidence: Buyer, Cost, Both,"),
    ("an unlisted source in a scenario", put("scenarios", [
        {"name": "Hawks", "parties": {"Buyer": {"scores": {"Cost": {"Price": {
            "low": {"score": 11, "source": "S9"}}}}}}}]),
     "NOTE", "Sources: S9", "named by Scenarios: Hawks, Buyer, Cost, Price, low,"),
    ("what is still an example", put("packages", 1, "name", "EXAMPLE – replace: First offer"),
     "NOTE", "Names", "Still an example, by its name: 1 package."),
    ("an undated source", put("sources", 0, {"id": "S1", "statement": "It was said."}),
     "NOTE", "Sources: S1", "no date"),
    ("a stick that changes nothing",
     put("no_deal", 1, {"name": "Same", "settings": {"Days": "30"}}),
     "NOTE", "No deal: Same", "changes no party’s value"),
    ("a recommendation that is refused",
     put("red_lines", [{"party": "Seller", "forbid": {"Days": "60"}}]),
     "NOTE", "Recommendations: Buyer", "“A” is not acceptable to Seller"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "level", "where", "what"), [
    pytest.param(*row[1:], id=row[0]) for row in KINDS
])  # fmt: skip
def test_each_kind_is_told_once_when_its_cause_is_there(change, level, where, what):
    own = [item for item in found(change) if item.where == where and what in item.what]
    assert [item.level for item in own] == [level]
    assert own[0].what_to_do


def test_sources_in_words_are_fine_where_no_source_is_listed():
    def change(data: Any) -> None:
        data["sources"] = []
        data["packages"][0]["source"] = "the gazette of 3 May"

    assert found(change) == []


def test_one_unlisted_source_is_told_once_with_the_number_of_its_places():
    def change(data: Any) -> None:
        for package in data["packages"]:
            package["source"] = "S9"

    (told,) = found(change)
    assert told.what == ("It is named by Packages: A and 1 other place, and it is not on Sources.")


def test_a_new_workbook_is_still_an_example():
    blank = json.loads((CEASEFIRE.parent / "blank.json").read_text(encoding="utf-8"))
    (told,) = [item for item in findings(case_from_data(blank)) if "example" in item.what]
    assert (told.level, told.where) == ("NOTE", "Cover")
    parties = sum(party["name"].startswith("EXAMPLE") for party in blank["parties"])
    assert "the case itself" in told.what
    assert f"{parties} parties" in told.what


def test_empty_rules_and_empty_rules_with_red_lines_are_two_findings():
    rules = [item.what for item in found(put("rules", [NEVER])) if item.level == "WARNING"]
    lines = [
        item.what
        for item in found(put("red_lines", [{"party": "Buyer", **NEVER}]))
        if item.level == "WARNING"
    ]
    assert len(rules) == len(lines) == 1
    assert rules != lines


def test_a_directly_scored_package_keeps_the_space_open():
    def change(data: Any) -> None:
        data["rules"] = [NEVER]
        score = {"score": 40, "basis": "b"}
        direct = {"name": "D", "scores": {"Buyer": {"Cost": score}, "Seller": {"Time": score}}}
        data["packages"].append(direct)

    assert [item for item in found(change) if item.level == "WARNING"] == []


def test_warnings_come_first():
    def change(data: Any) -> None:
        put("packages", 0, "source", "S9")(data)
        put(*COST, "judged", {"range": [0, 50]})(data)

    told = findings(case_from_data({**copy.deepcopy(CLEAN)}))
    assert told.warnings == ()
    levels = [item.level for item in found(change)]
    assert levels == ["WARNING", "NOTE"]


def test_findings_print_in_80_columns_and_as_data():
    told = findings(mcda.read(CEASEFIRE))
    assert all(len(line) <= 80 for line in str(told).splitlines())
    assert len(told.table) == len(told) == len(told.to_dict()["findings"])
    assert list(told.table.columns) == ["level", "where", "what", "what_to_do"]
    assert Findings(()).table.empty


@pytest.mark.parametrize("seed", range(40))
def test_every_valid_case_has_findings_that_print(seed):
    told = findings(case_from_data(random_case(seed)))
    str(told).encode()
    assert all(item.where and item.what and item.what_to_do for item in told)
