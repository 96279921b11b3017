"""The shipped cases: they load, hold what they promise, and the documentation's numbers are theirs.

Values are held against the plain model, which knows nothing of `mcda`.
"""

import json
import re
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest

import mcda
from mcda.case import Case
from mcda.json_form import case_from_data, case_from_json
from mcda.values import Evaluation, evaluate, rounded
from tests import plain_model as plain

EXAMPLES = Path(mcda.__file__).parent / "examples"
PAGE = Path(mcda.__file__).parent.parent / "docs" / "ceasefire.md"
FOUR = ("United States", "Russia", "Ukraine", "European allies")
GROUND_WAR = "Fighting goes on"


@cache
def text_of(name):
    return (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")


def data_of(name):
    return json.loads(text_of(name))


def every_score(data):
    """(party, criterion, issue, level, entry) of each score."""
    for party in data["parties"]:
        for criterion, issues in party["scores"].items():
            for issue, levels in issues.items():
                for level, entry in levels.items():
                    yield party["name"], criterion, issue, level, entry


def named(entries, name):
    return next(entry for entry in entries if entry["name"] == name)


# --- all three


@pytest.mark.parametrize("name", ["ceasefire_talks", "wage_round", "blank"])
def test_loads_and_agrees_with_the_plain_model(name):
    data = data_of(name)
    evaluation = evaluate(case_from_json(text_of(name)))
    for column, party in enumerate(evaluation.parties):
        for row, package in enumerate(data["packages"]):
            value = plain.party_value(data, party, package)
            assert evaluation.party_values[row, column] == pytest.approx(value, abs=2e-9)
            surplus = plain.surplus(data, party, package)
            assert evaluation.surplus[row, column] == pytest.approx(surplus, abs=2e-9)
            assert evaluation.acceptable[row, column] == plain.acceptable(data, party, package)
        for number in range(len(data["no_deal"])):
            r = plain.reservation(data, party, number)
            assert evaluation.reservation_under[number, column] == pytest.approx(r, abs=2e-9)
    for row, package in enumerate(data["packages"]):
        assert list(evaluation.crossed_by(row)) == plain.red_lines_crossed(data, package)
        assert evaluation.breaks[row].nonzero()[0].tolist() == plain.rules_broken(data, package)
        assert bool(evaluation.in_zone[row]) == plain.in_zone(data, package)


@pytest.mark.parametrize("name", ["ceasefire_talks", "wage_round", "blank"])
def test_every_named_source_stands_in_the_list(name):
    data = data_of(name)
    known = {source["id"] for source in data["sources"]}
    used = {entry.get("source") for *_, entry in every_score(data)}
    for key in ("packages", "red_lines", "rules", "interactions"):
        used |= {entry.get("source") for entry in data[key]}
    for issue in data["issues"]:
        used |= set(issue.get("source", {}).values())
    assert used - {None} <= known
    assert all(source["statement"] and source["date"] and source["source"]
               for source in data["sources"])  # fmt: skip


@pytest.mark.parametrize("name", ["ceasefire_talks", "wage_round", "blank"])
def test_stated_ranges_contain_the_span(name):
    data = data_of(name)
    for party in data["parties"]:
        for criterion in party["criteria"]:
            points = plain.value_points(data, party["name"], criterion["name"])
            low, high = plain.span(data, party["name"], criterion["name"])
            assert points[0][0] <= low
            assert high <= points[-1][0]
            if "judged" in criterion:
                assert criterion["judged"]["range"] == [points[0][0], points[-1][0]]


# --- the ceasefire case


def test_ceasefire_case_has_what_it_promises():
    data = data_of("ceasefire_talks")
    assert tuple(party["name"] for party in data["parties"]) == FOUR
    assert plain.signers(data) == list(FOUR)
    assert [len(issue["levels"]) for issue in data["issues"]] == [4, 4, 4, 4, 4, 5, 3, 3, 3, 3]
    assert 12 <= len(data["packages"]) <= 14
    assert min(len(party["criteria"]) for party in data["parties"]) >= 4
    assert max(len(party["criteria"]) for party in data["parties"]) <= 6
    assert len(data["no_deal"]) == 7
    assert data["marking"].startswith("ILLUSTRATIVE")
    assert data["as_at"] == "2025-06-02"
    assert all(isinstance(line["stated"], bool) for line in data["red_lines"])
    assert not any(line["party"] == "United States" for line in data["red_lines"])
    for party in data["parties"]:
        assert max(criterion["weight"] for criterion in party["criteria"]) == 100
        for criterion in party["criteria"]:
            assert {"group", "unit", "weight_range", "meaning", "judged"} <= set(criterion)


def test_every_score_of_the_ceasefire_case_has_a_basis_and_a_confidence():
    entries = [entry for *_, entry in every_score(data_of("ceasefire_talks"))]
    entries += data_of("ceasefire_talks")["interactions"]
    assert len(entries) > 400
    assert all(entry["basis"].strip() for entry in entries)
    assert {entry["confidence"] for entry in entries} == {"high", "medium", "low"}


def test_a_score_without_a_range_is_one_of_high_confidence_or_zero():
    for party, criterion, issue, level, entry in every_score(data_of("ceasefire_talks")):
        if not isinstance(entry["score"], list):
            place = (party, criterion, issue, level)
            assert entry["confidence"] == "high" or entry["score"] == 0, place


def test_support_for_pressure_counts_only_with_tightened_sanctions():
    without_deal = ("As it stands", "Pressure by US alone", "Pressure by US, EU and G7")
    for *_, level, entry in every_score(data_of("ceasefire_talks")):
        if level in without_deal:
            assert entry["score"] == 0


def test_snapback_alone_is_worth_nothing_to_those_who_hold_the_relief():
    data = data_of("ceasefire_talks")
    feeds = {party for party, _, issue, *_ in every_score(data) if issue.startswith("Snapback")}
    assert feeds == {"Russia"}
    relief = {"Banking relief", "Energy relief", "Technology access"}
    for interaction in data["interactions"]:
        if "Snapback of sanctions" in interaction["when"]:
            assert relief & set(interaction["when"])


def test_the_us_text_breaks_exactly_two_rules_and_crosses_two_parties_red_lines():
    data = data_of("ceasefire_talks")
    text = named(data["packages"], "US text of 17 April")
    assert text["settings"]["International backing"] == "US alone"
    broken = [data["rules"][position]["name"] for position in plain.rules_broken(data, text)]
    assert broken == [
        "Selected banks or more need the EU",
        "The price cap or more needs the EU and the G7",
    ]
    assert plain.red_lines_crossed(data, text) == ["Ukraine", "European allies"]


def test_alone_the_united_states_moves_moscow_little():
    data = data_of("ceasefire_talks")
    base, alone, together = (plain.reservation(data, "Russia", number) for number in range(3))
    assert 0 < base - alone < (base - together) / 2


# --- the whole space, and the page that tells of it


def deal_space(case: Case):
    """Level numbers of all combinations of deal levels, which stand before the others."""
    sizes = [len(issue.deal_levels) for issue in case.issues]
    return np.indices(sizes).reshape(len(sizes), -1).T


def values_of(evaluation: Evaluation, levels):
    """(n, parties)."""
    model = evaluation.model
    columns = [
        party.values(model.performance(party, levels)) @ party.shares for party in model.parties
    ]
    return rounded(np.column_stack(columns))


class Space:
    """The space of a case: which packages are allowed, and what the allowed are worth."""

    def __init__(self, data):
        self.case = case_from_data(data)
        self.evaluation = evaluate(self.case)
        levels = deal_space(self.case)
        model = self.evaluation.model
        free = ~model.breaks(levels).any(axis=1) & ~model.crosses(levels).any(axis=1)
        self.size = len(levels)
        self.levels = levels[free]
        self.values = values_of(self.evaluation, self.levels)

    def zone(self, signers=FOUR, reservation=None):
        """Which of the allowed packages every signer accepts."""
        r = self.evaluation.reservation if reservation is None else reservation
        columns = [FOUR.index(signer) for signer in signers]
        surplus = rounded(self.values - r)
        return (surplus[:, columns] >= 0).all(axis=1)


@cache
def base_space():
    return Space(data_of("ceasefire_talks"))


def with_no_deal_at(end):
    """Russia's reservation value with every score of the ground war at one end of its range."""
    data = data_of("ceasefire_talks")
    for issues in named(data["parties"], "Russia")["scores"].values():
        if "Ceasefire" in issues:
            entry = issues["Ceasefire"][GROUND_WAR]
            entry["score"] = plain.triple(entry)[end]
    r = base_space().evaluation.reservation.copy()
    r[FOUR.index("Russia")] = plain.reservation(data, "Russia")
    return r


@cache
def space_without(name):
    """The space with one red line or rule lifted."""
    data = data_of("ceasefire_talks") | {"scenarios": []}
    for key in ("red_lines", "rules"):
        data[key] = [entry for entry in data[key] if entry["name"] != name]
    return Space(data)


def least_cut(party, reservation):
    """How far the party's reservation value must fall to open the zone; None if no fall does."""
    space = base_space()
    others = space.zone([signer for signer in FOUR if signer != party], reservation)
    column = FOUR.index(party)
    values = space.values[others, column]
    return reservation[column] - values.max() if len(values) else None


def run_named(run):
    """(space, zone) of a run as the page names it."""
    data = data_of("ceasefire_talks")
    kind, _, rest = run.partition(": ")
    if kind == "Without":
        space = space_without(rest)
        return space, space.zone()
    if kind == "Scenario":
        space = Space(plain.under_scenario(data, rest))
        return space, space.zone()
    space = base_space()
    if kind == "Stick":
        number = next(at for at, item in enumerate(data["no_deal"]) if item["name"] == rest)
        return space, space.zone(reservation=space.evaluation.reservation_under[number])
    runs = {
        "All four sign": {},
        "Only Russia and Ukraine sign": {"signers": ("Russia", "Ukraine")},
        "Russia's no deal at its low end": {"reservation": with_no_deal_at(0)},
        "Russia's no deal at its high end": {"reservation": with_no_deal_at(2)},
    }
    return space, space.zone(**runs[run])


def table_after(heading):
    """Rows of the first table below a heading of the page, as dictionaries."""
    below = PAGE.read_text(encoding="utf-8").split(f"\n{heading}\n", 1)[1]
    lines = re.findall(r"^\|(.+)\|$", below.split("\n#", 1)[0], flags=re.MULTILINE)
    header, _, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip(header, row, strict=True)) for row in rows]


def number_in(cell):
    return float(cell.replace("−", "-").replace(" ", "").replace("+", ""))


def test_the_space_and_the_package_that_the_program_found():
    space = base_space()
    assert space.size == 414_720
    surplus = rounded(space.values - space.evaluation.reservation)[space.zone()]
    best = surplus.prod(axis=1).argmax()
    found = space.levels[space.zone()][best]
    settings = {
        issue.name: issue.level_names[level]
        for issue, level in zip(space.case.issues, found, strict=True)
    }
    package = named(data_of("ceasefire_talks")["packages"], "Monitored ceasefire for relief")
    assert package["settings"] == settings


def test_the_page_states_the_values_of_the_listed_packages():
    data = data_of("ceasefire_talks")
    rows = table_after("## Who would accept what")
    assert [row["package"] for row in rows] == [package["name"] for package in data["packages"]]
    for row, package in zip(rows, data["packages"], strict=True):
        crossed = plain.red_lines_crossed(data, package)
        for party in FOUR:
            said, _, mark = row[party].partition(" ")
            assert number_in(said) == pytest.approx(plain.surplus(data, party, package), abs=0.0501)
            accepted = plain.acceptable(data, party, package)
            assert mark == ("yes" if accepted else "red line" if party in crossed else "no")
        assert int(row["rules broken"]) == len(plain.rules_broken(data, package))
        assert row["in the zone"] == ("yes" if plain.in_zone(data, package) else "no")


def test_the_page_states_the_no_deal_values():
    data = data_of("ceasefire_talks")
    rows = table_after("## No deal, and the sticks")
    assert [row["no deal"] for row in rows] == [item["name"] for item in data["no_deal"]]
    for number, row in enumerate(rows):
        for party in FOUR:
            r = plain.reservation(data, party, number)
            assert number_in(row[party]) == pytest.approx(r, abs=0.0501)


def test_the_page_reports_each_fact_known_afterwards_as_the_model_has_it():
    data = data_of("ceasefire_talks")
    rows = table_after("## Facts known afterwards")
    assert len(rows) >= 8
    known = {source["id"] for source in data["sources"]}
    assert {row["source"] for row in rows} <= known
    met = sum(row["met"] == "met" for row in rows)
    assert f"{met} of {len(rows)} are met" in PAGE.read_text(encoding="utf-8")
    for row in rows:
        package = named(data["packages"], row["package"])
        assert number_in(row["surplus"]) == pytest.approx(
            plain.surplus(data, row["party"], package), abs=0.0501
        )
        accepts = plain.acceptable(data, row["party"], package)
        assert row["model"] == ("accepts" if accepts else "refuses")
        assert row["met"] == ("met" if row["model"] == row["said"] else "not met")


def test_the_page_states_the_ends_of_russias_no_deal():
    page = PAGE.read_text(encoding="utf-8")
    ends = [with_no_deal_at(end)[FOUR.index("Russia")] for end in (0, 1, 2)]
    low, base, high = (f"{end:.1f}" for end in ends)
    assert f"from {low} over {base} to {high} points" in page


def test_the_zone_is_thin_for_russia():
    space = base_space()
    gains = (space.values - space.evaluation.reservation)[space.zone()]
    assert 7 < gains[:, FOUR.index("Russia")].max() < 8  # the page: "never passes eight points"


def stated_runs():
    return [row["run"] for row in table_after("## The zone")]


@pytest.mark.parametrize("run", stated_runs())
def test_the_page_states_the_size_of_the_zone(run):
    row = next(row for row in table_after("## The zone") if row["run"] == run)
    space, zone = run_named(run)
    full = space.levels[:, 0] >= 2
    assert int(row["allowed"].replace(" ", "")) == len(space.levels)
    assert int(row["zone"].replace(" ", "")) == zone.sum()
    assert int(row["full ceasefire"].replace(" ", "")) == (zone & full).sum()


def test_the_page_reports_every_scenario_stick_red_line_and_rule():
    data = data_of("ceasefire_talks")
    expected = {f"Scenario: {item['name']}" for item in data["scenarios"]}
    expected |= {f"Stick: {item['name']}" for item in data["no_deal"][1:]}
    expected |= {f"Without: {item['name']}" for item in data["red_lines"] + data["rules"]}
    assert expected <= set(stated_runs())


def test_the_page_states_what_opens_the_zone_when_moscow_expects_most():
    rows = {row["relaxation"]: row["opens"] for row in table_after("## When Moscow expects most")}
    r = with_no_deal_at(2)
    space = base_space()
    assert not space.zone(reservation=r).any()
    shortfall = (r - space.values).clip(min=0).max(axis=1).min()
    assert float(rows.pop("Least greatest shortfall")) == pytest.approx(shortfall, abs=0.0501)
    for party in FOUR:
        said, cut = rows.pop(f"Cut: {party}"), least_cut(party, r)
        assert said == "none" if cut is None else float(said) == pytest.approx(cut, abs=0.0501)
    data = data_of("ceasefire_talks")
    names = [entry["name"] for entry in data["red_lines"] + data["rules"]]
    sizes = {name: space_without(name).zone(reservation=r).sum() for name in names}
    opened = {
        run.removeprefix("Without: "): int(said.removesuffix(" packages").replace(" ", ""))
        for run, said in rows.items()
    }
    assert opened == {name: size for name, size in sizes.items() if size}


# --- the wage round


def test_the_wage_round_is_of_another_kind():
    data = data_of("wage_round")
    criteria = [criterion for party in data["parties"] for criterion in party["criteria"]]
    assert any(criterion["direction"] == "min" for criterion in criteria)
    assert any("points" in criterion for criterion in criteria)
    assert any("low" not in criterion and "points" not in criterion for criterion in criteria)
    assert any("scores" in package for package in data["packages"])
    assert any("values" in item for item in data["no_deal"])
    assert len(plain.signers(data)) < len(data["parties"])
    assert {str(party.get("weights_are")) for party in data["parties"]} == {
        "None", "ordinal", "{'dirichlet': 20}",
    }  # fmt: skip
    stated = [party for party in data["parties"] if "reservation" in party]
    assert len(stated) == 1
    ceasefire_names = {issue["name"] for issue in data_of("ceasefire_talks")["issues"]}
    assert not ceasefire_names & {issue["name"] for issue in data["issues"]}


def test_the_wage_round_has_a_zone_and_its_edges():
    data = data_of("wage_round")
    listed = {package["name"]: plain.in_zone(data, package) for package in data["packages"]}
    assert listed["Mediator's proposal"]
    assert not listed["Union's claim"]
    assert not listed["Company's first offer"]


# --- the blank case


def test_the_blank_case_shows_one_of_everything_and_says_that_it_is_an_example():
    data = data_of("blank")
    for key in ("sources", "issues", "parties", "packages", "no_deal", "red_lines", "rules",
                "interactions", "scenarios", "recommendations"):  # fmt: skip
        assert data[key], key
    for key in ("issues", "parties", "packages", "no_deal", "red_lines", "rules", "interactions",
                "scenarios"):  # fmt: skip
        assert all(entry["name"].startswith("EXAMPLE – replace: ") for entry in data[key]), key
    assert data["name"].startswith("EXAMPLE – replace: ")


def test_the_blank_case_is_small():
    case = case_from_json(text_of("blank"))
    assert len(case.parties) == len(case.issues) == len(case.packages) == 2
    assert len(list(product(*(issue.deal_levels for issue in case.issues)))) == 6
