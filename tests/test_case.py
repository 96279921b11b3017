"""The case: every kind of problem told once, at its place, with what to do; and frozen."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
from typing import Any

import pytest

from mcda.case import Case, CaseProblem
from mcda.json_form import case_from_data
from mcda.parts import Criterion, Frozen, Package, Party, Reservation, Score
from mcda.problems import Problem, json_path
from tests.case_strategy import random_case

VALID: dict[str, Any] = {
    "name": "Talks",
    "issues": [
        {"name": "Banking", "levels": ["None", "Partial", "Full"], "no_deal_only": ["Tightened"]},
        {"name": "Backing", "levels": ["Alone", "EU and G7"]},
        {"name": "Days", "levels": ["30", "sixty"]},
    ],
    "parties": [
        {
            "name": "Russia",
            "criteria": [
                {"name": "Relief", "weight": 60, "low": 0, "high": 50},
                {"name": "Honour", "weight": 40, "points": [[0, 0], [5, 80], [10, 100]]},
            ],
            "scores": {
                "Relief": {"Banking": {"None": 0, "Partial": 20, "Full": 40, "Tightened": -6}},
                "Honour": {"Backing": {"Alone": 10, "EU and G7": 2}},
            },
        },
        {
            "name": "Ukraine",
            "reservation": [30, 40, 50],
            "criteria": [{"name": "Safety", "weight": 1, "direction": "min"}],
            "scores": {"Safety": {"Backing": {"Alone": 10, "EU and G7": [1, 2, 3]}}},
        },
    ],
    "packages": [
        {"name": "A", "settings": {"Banking": "Partial", "Backing": "EU and G7", "Days": "30"}},
        {"name": "B", "settings": {"Banking": "None", "Backing": "Alone", "Days": "30"}},
        {
            "name": "Direct",
            "scores": {"Russia": {"Relief": 5, "Honour": 6}, "Ukraine": {"Safety": 4}},
        },
    ],
    "no_deal": [
        {"name": "As now", "settings": {"Banking": "None", "Backing": "Alone", "Days": "30"}},
        {"name": "Tightened", "by": "Ukraine", "settings": {"Banking": "Tightened"}},
    ],
    "red_lines": [{"name": "Never", "party": "Ukraine", "forbid": {"Banking": ["Full"]}}],
    "rules": [{"name": "Needs", "if": {"Banking": ["Full"]}, "then": {"Backing": ["EU and G7"]}}],
    "interactions": [
        {"party": "Russia", "criterion": "Relief", "when": {"Banking": "Full"}, "score": 3}
    ],
    "scenarios": [
        {"name": "Hawks", "parties": {"Russia": {"weights": {"Relief": 10}}}, "lift": ["Never"]}
    ],
    "recommendations": [{"for": "Ukraine", "package": "A"}],
    "sources": [{"id": "S1"}],
}  # fmt: skip
NAN = float("nan")


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The valid case with one place replaced (or removed, where the value is Ellipsis)."""
    data = copy.deepcopy(VALID)
    inside: Any = data
    for part in path[:-1]:
        inside = inside[part]
    if value is ...:
        del inside[path[-1]]
    elif isinstance(inside, list) and path[-1] == len(inside):
        inside.append(value)
    else:
        inside[path[-1]] = value
    return data


def problems(data: object) -> tuple[Problem, ...]:
    with pytest.raises(CaseProblem) as error:
        case_from_data(data)
    return error.value.problems


def test_the_valid_case_is_valid():
    assert case_from_data(VALID).party_names == ("Russia", "Ukraine")


RUSSIA, UKRAINE = ("parties", 0), ("parties", 1)
RELIEF = (*RUSSIA, "criteria", 0)
HONOUR = (*RUSSIA, "criteria", 1)
BANKING = (*RUSSIA, "scores", "Relief", "Banking")
KINDS: list[tuple[str, tuple[str | int, ...], Any, str, str, str]] = [
    # kind, path changed, value, where, words of what, words of what to do
    ("misspelt level", ("packages", 0, "settings", "Banking"), "Partiel",
     "packages[0].settings.Banking", '"Partiel" is not a level of Banking', 'mean "Partial"'),
    ("level in other case", ("packages", 0, "settings", "Banking"), "full",
     "packages[0].settings.Banking", '"full" is not a level', 'mean "Full"'),
    ("misspelt issue", ("packages", 0, "settings", "Bankng"), "Full",
     "packages[0].settings.Bankng", "not an issue", 'mean "Banking"'),
    ("no-deal level in a package", ("packages", 0, "settings", "Banking"), "Tightened",
     "packages[0].settings.Banking", "only without agreement", '"Partial"'),
    ("package with an issue left open", ("packages", 0, "settings", "Backing"), ...,
     "packages[0].settings.Backing", 'package "A" leaves Backing open', "Choose a level"),
    ("missing score", (*BANKING, "Full"), ...,
     "parties[0].scores.Relief.Banking.Full", "has no score", "Score every level"),
    ("score of a level that is not", (*BANKING, "Ful"), 3,
     "parties[0].scores.Relief.Banking.Ful", '"Ful" is not a level', 'mean "Full"'),
    ("missing direct score", ("packages", 2, "scores", "Russia", "Honour"), ...,
     "packages[2].scores.Russia.Honour", "no score", "every criterion"),
    ("negative weight", (*RELIEF, "weight"), -5,
     "parties[0].criteria[0].weight", 'weight of "Relief" for Russia is -5', "Enter 0 to leave"),
    ("all-zero weights", (*UKRAINE, "criteria", 0, "weight"), 0,
     "parties[1].criteria[0].weight", "All weights of Ukraine are 0", "above 0"),
    ("missing weight", (*RELIEF, "weight"), ...,
     "parties[0].criteria[0].weight", "weight is missing", "Enter a number"),
    ("duplicate issue", ("issues", 3), {"name": "Banking", "levels": ["x"]},
     "issues[3].name", 'issue "Banking" occurs twice', "Rename"),
    ("duplicate level", ("issues", 2, "levels", 2), "30",
     "issues[2].levels[2]", 'level "30" occurs twice', "Rename"),
    ("duplicate package", ("packages", 1, "name"), "A",
     "packages[1].name", 'package "A" occurs twice', "Rename"),
    ("duplicate party", ("parties", 2), {"name": "Russia", "criteria": [{"name": "c", "weight": 1}]},  # noqa: E501
     "parties[2].name", 'party "Russia" occurs twice', "Rename"),
    ("duplicate criterion", (*RUSSIA, "criteria", 2), {"name": "Relief", "weight": 3},
     "parties[0].criteria[2].name", 'criterion "Relief" occurs twice', "Rename"),
    ("duplicate no deal", ("no_deal", 1, "name"), "As now",
     "no_deal[1].name", "occurs twice", "Rename"),
    ("names that differ only in case", ("packages", 1, "name"), "a",
     "packages[1].name", '"a" differs from "A" only in case', "Rename one"),
    ("levels that differ only in case", ("issues", 2, "levels", 2), "SIXTY",
     "issues[2].levels[2]", "only in case", "Rename one"),
    ("a name without characters", ("packages", 1, "name"), "  ",
     "packages[1].name", "no name", "Give it one"),
    ("a name with a control character", ("packages", 1, "name"), "B\x07",
     "packages[1].name", "U+0007", "Take it out"),
    ("NaN as a score", (*BANKING, "Full"), NAN,
     "parties[0].scores.Relief.Banking.Full", "not finite (NaN", "mend it"),
    ("NaN as a weight", (*RELIEF, "weight"), NAN,
     "parties[0].criteria[0].weight", "not finite (NaN", "mend it"),
    ("infinite reservation value", (*UKRAINE, "reservation"), float("inf"),
     "parties[1].reservation", "not finite (NaN", "mend it"),
    ("text where a number belongs", (*BANKING, "Full"), "forty",
     "parties[0].scores.Relief.Banking.Full", 'The text "forty" stands where a number', "number"),
    ("number as text", (*RELIEF, "weight"), "60",
     "parties[0].criteria[0].weight", 'The text "60" stands where a number', "Enter a number"),
    ("true where a number belongs", (*RELIEF, "weight"), True,
     "parties[0].criteria[0].weight", '"true" stands where a number', "Enter a number"),
    ("number where text belongs", ("packages", 1, "name"), 7,
     "packages[1].name", "The number 7 stands where text", "quotes"),
    ("low above high", (*RELIEF, "low"), 60,
     "parties[0].criteria[0].low", "low of \"Relief\" for Russia is 60", "low < high"),
    ("low equal to high", (*RELIEF, "low"), 50,
     "parties[0].criteria[0].low", "not less than high", "low < high"),
    ("points not increasing", (*HONOUR, "points"), [[0, 0], [5, 50], [5, 100]],
     "parties[0].criteria[1].points", "do not increase in x", "in order"),
    ("points not monotone", (*HONOUR, "points"), [[0, 0], [5, 90], [8, 80], [10, 100]],
     "parties[0].criteria[1].points", "do not rise", "Mend"),
    ("points that do not reach 100", (*HONOUR, "points"), [[0, 0], [10, 90]],
     "parties[0].criteria[1].points", "run from 0 to 90", "0 to 100"),
    ("points against the direction", (*HONOUR, "direction"), "min",
     "parties[0].criteria[1].points", "do not fall", "Mend"),
    ("one point", (*HONOUR, "points"), [[0, 0]],
     "parties[0].criteria[1].points", "1 point", "2 to 6"),
    ("low above base", (*BANKING, "Full"), [45, 40, 50],
     "parties[0].scores.Relief.Banking.Full", "40 with low 45", "low ≤ base ≤ high"),
    ("base above high", (*UKRAINE, "reservation"), [30, 60, 50],
     "parties[1].reservation", "60 with low 30 and high 50", "low ≤ base ≤ high"),
    ("two numbers for a score", (*BANKING, "Full"), [1, 2],
     "parties[0].scores.Relief.Banking.Full", "2 number", "[low, base, high]"),
    ("a rule that names nothing", ("rules", 0, "if"), {},
     "rules[0].if", 'rule "Needs" names nothing', "at least one issue"),
    ("a rule without then", ("rules", 0, "then"), ...,
     "rules[0].then", "names nothing under then", "at least one issue"),
    ("a rule with an empty list", ("rules", 0, "if"), {"Banking": []},
     "rules[0].if.Banking", "No level of Banking", "at least one"),
    ("a rule of both kinds", ("rules", 0, "forbid"), {"Banking": "Full"},
     "rules[0]", "mixes forbid", "Split"),
    ("a rule over an unknown level", ("rules", 0, "if"), {"Banking": ["Ful"]},
     "rules[0].if.Banking[0]", '"Ful" is not a level', 'mean "Full"'),
    ("a red line that names nothing", ("red_lines", 0, "forbid"), {},
     "red_lines[0].forbid", 'red line "Never" names nothing', "at least one"),
    ("a red line of nobody", ("red_lines", 0, "party"), "Ukrain",
     "red_lines[0].party", '"Ukrain" is not a party', 'mean "Ukraine"'),
    ("an interaction on an unknown criterion", ("interactions", 0, "criterion"), "Relieve",
     "interactions[0].criterion", "not a criterion of Russia", 'mean "Relief"'),
    ("a stick with an unknown level", ("no_deal", 1, "settings", "Banking"), "Tight",
     "no_deal[1].settings.Banking", '"Tight" is not a level', 'mean "Tightened"'),
    ("an incomplete first no deal", ("no_deal", 0, "settings", "Banking"), ...,
     "no_deal[0].settings.Banking", "leaves Banking open", "Choose a level"),
    ("a package with settings and scores", ("packages", 0, "scores"), {"Russia": {"Relief": 1}},
     "packages[0]", "settings and direct scores", "Keep one"),
    ("a misspelt key", ("packages", 0, "setings"), {},
     "packages[0].setings", '"setings" is not known', 'mean "settings"'),
    ("a scenario that lifts nothing known", ("scenarios", 0, "lift"), ["Nevr"],
     "scenarios[0].lift[0]", "not a rule or red line", 'mean "Never"'),
    ("a scenario's criterion", ("scenarios", 0, "parties", "Russia", "weights"), {"Reli": 1},
     "scenarios[0].parties.Russia.weights.Reli", "not a criterion of Russia", 'mean "Relief"'),
    ("a recommendation of an unlisted package", ("recommendations", 0, "package"), "C",
     "recommendations[0].package", "not a listed package", "Known:"),
    ("an unknown confidence", ("sources", 0, "confidence"), "sure",
     "sources[0].confidence", "not a confidence", "high, medium, low"),
    ("an unknown direction", (*RELIEF, "direction"), "up",
     "parties[0].criteria[0].direction", "not a direction", '"max" or "min"'),
    ("power zero", (*RUSSIA, "power"), 0,
     "parties[0].power", "not above 0", "1 is usual"),
    ("a weight range turned round", (*RELIEF, "weight_range"), [80, 40],
     "parties[0].criteria[0].weight_range", "from 80 to 40", "lower one"),
    ("a weight range below 0", (*RELIEF, "weight_range"), [-1, 80],
     "parties[0].criteria[0].weight_range", "low weight", "Use 0"),
    ("a judged range backwards", (*RELIEF, "judged"), {"range": [9, 1]},
     "parties[0].criteria[0].judged.range", "runs from 9 to 1", "lower"),
    ("no name", ("name",), ..., "name", "no name", "Give it one"),
    ("a party without criteria", ("parties", 2), {"name": "Third", "criteria": []},
     "parties[2].criteria", "no criterion", "Add"),
    ("a no-deal level that differs only in case", ("issues", 2, "no_deal_only"), ["SIXTY"],
     "issues[2].no_deal_only[0]", "only in case", "Rename"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where", "what", "fix"), [
    pytest.param(*row[1:], id=row[0]) for row in KINDS
])  # fmt: skip
def test_every_kind_of_problem_is_told_once_at_its_place(path, value, where, what, fix):
    found = problems(changed(path, value))
    own = [problem for problem in found if problem.where == where]
    assert len(own) == 1, found
    assert re.search(re.escape(what), own[0].what)
    assert fix in own[0].fix
    assert len(found) == 1, found


def test_several_problems_are_all_told_in_the_order_of_the_input():
    data = changed(("packages", 0, "settings", "Banking"), "Partiel")
    data["parties"][0]["criteria"][0]["weight"] = -5
    data["parties"][0]["scores"]["Relief"]["Banking"]["Full"] = "forty"
    del data["parties"][0]["scores"]["Honour"]["Backing"]["Alone"]
    data["rules"][0]["if"] = {}
    data["packages"][1]["name"] = "a"
    assert [problem.where for problem in problems(data)] != []
    assert sorted(problem.where for problem in problems(data)) == sorted(
        [
            "parties[0].criteria[0].weight",
            "parties[0].scores.Relief.Banking.Full",
            "parties[0].scores.Honour.Backing.Alone",
            "packages[0].settings.Banking",
            "packages[1].name",
            "rules[0].if",
        ]
    )


def test_composed_and_decomposed_letters_are_one_name():
    data = changed(("packages", 1, "name"), "e\u0301")
    data["packages"][0]["name"] = "é"
    data["recommendations"] = []
    assert [problem.where for problem in problems(data)] == ["packages[1].name"]


def test_a_problem_prints_as_a_person_reads_it():
    text = str(problems(changed((*RELIEF, "weight"), -5))[0])
    assert text == (
        'parties[0].criteria[0].weight: weight of "Relief" for Russia is -5; weights are 0 or '
        "more. Enter 0 to leave the criterion out."
    )


def test_json_paths_are_as_in_the_file():
    assert json_path(("parties", 0, "scores", "a b", "x")) == 'parties[0].scores["a b"].x'


def test_a_case_problem_pickles_with_its_problems():
    error = CaseProblem([Problem("here", "What.", "Do.")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
    assert error.to_dict() == {
        "problems": [{"where": "here", "what": "What.", "what_to_do": "Do."}]
    }


# --- frozen


def test_a_case_cannot_be_changed():
    case = case_from_data(VALID)
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.name = "other"
    for change in (
        lambda: case.parties[0].scores.update({}),
        lambda: case.packages[0].settings.__setitem__("Banking", "None"),
        lambda: case.packages[0].settings.pop("Banking"),
        lambda: case.packages[0].settings.clear(),
        lambda: case.packages[0].settings.__ior__({}),
        lambda: case.packages[0].settings.__delitem__("Banking"),
        lambda: case.packages[0].settings.setdefault("x", "y"),
        lambda: case.packages[0].settings.popitem(),
    ):
        with pytest.raises(TypeError, match="frozen"):
            change()


def test_reading_does_not_change_or_keep_the_data():
    data = copy.deepcopy(VALID)
    case = case_from_data(data)
    assert data == VALID
    data["packages"][0]["settings"]["Banking"] = "Full"
    assert case.packages[0].settings["Banking"] == "Partial"


@pytest.mark.parametrize("seed", range(20))
def test_a_case_pickles_and_hashes(seed):
    case = case_from_data(random_case(seed))
    again = pickle.loads(pickle.dumps(case))
    assert again == case
    assert hash(again) == hash(case)
    assert copy.deepcopy(case) == case


def test_look_ups():
    case = case_from_data(VALID)
    assert case.party("Ukraine").criterion("Safety").direction == "min"
    assert case.issue("Banking").deal_levels == ("None", "Partial", "Full")
    assert case.package("A").settings["Backing"] == "EU and G7"
    assert case.signers == ("Russia", "Ukraine")
    assert [criterion.name for _, criterion in case.criteria()] == ["Relief", "Honour", "Safety"]
    for look_up in (case.party, case.issue, case.package, case.parties[0].criterion):
        with pytest.raises(KeyError):
            look_up("nobody")


# --- a case made without the door


@pytest.mark.parametrize(
    ("part", "where"),
    [
        (Party("P", (Criterion("c", NAN),)), "parties[0].criteria[0].weight"),
        (Party("P", (Criterion("c", 1.0, low=NAN, high=3.0),)), "parties[0].criteria[0].low"),
        (Party("P", (Criterion("c", 1.0),), power=NAN), "parties[0].power"),
        (Party("P", (Criterion("c", 1.0),), aspiration=NAN), "parties[0].aspiration"),
        (
            Party("P", (Criterion("c", 1.0),), reservation=Reservation(NAN)),
            "parties[0].reservation",
        ),
        (
            Party("P", (Criterion("c", 1.0, points=((0.0, 0.0), (NAN, 100.0))),)),
            "parties[0].criteria[0].points",
        ),
    ],
)
def test_no_case_in_an_invalid_state_however_it_is_made(part, where):
    package = Package("A", scores=Frozen({"P": Frozen({"c": Score(1.0)})}))
    with pytest.raises(CaseProblem) as error:
        Case("Talks", parties=(part,), packages=(package,))
    assert [problem.where for problem in error.value.problems] == [where]


def test_a_score_that_is_not_a_number_is_told_however_it_is_made():
    package = Package("A", scores=Frozen({"P": Frozen({"c": Score(NAN)})}))
    with pytest.raises(CaseProblem, match="not finite"):
        Case("Talks", parties=(Party("P", (Criterion("c", 1.0),)),), packages=(package,))
