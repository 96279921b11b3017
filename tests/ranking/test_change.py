"""What changed in the ranking: words on made-up cases, data against a slow twin on random ones."""

import copy
import json

import pytest

import mcda
from mcda.json_form import case_from_data
from mcda.ranking.change import ranking_change, standing
from mcda.values import evaluate
from tests.case_strategy import random_case


def talks(north=None, south=None, reservation=(30, 30), signs=(True, True)):
    """Directly scored packages A, B, C: the scores are the values, for two parties."""
    north = north or {"A": 80, "B": 60, "C": 40}
    south = south or {"A": 20, "B": 50, "C": 70}
    criterion = {"name": "c", "weight": 1, "low": 0, "high": 100}
    parties = [
        {"name": name, "criteria": [criterion], "reservation": worth, "signs": sign}
        for name, worth, sign in zip(("North", "South"), reservation, signs, strict=True)
    ]
    packages = [
        {"name": name, "scores": {"North": {"c": north[name]}, "South": {"c": south[name]}}}
        for name in north
    ]
    return {"name": "Talks", "parties": parties, "packages": packages}


def change(before, after):
    return ranking_change(case_from_data(before), case_from_data(after))


def test_the_same_case_has_nothing_to_tell():
    found = change(talks(), talks())
    assert str(found) == "Nothing changed."
    assert not found.is_changed


def test_what_no_number_depends_on_changes_no_rank():
    noted = talks()
    noted["packages"][0]["note"] = "See the letter"
    assert str(change(talks(), noted)) == "No rank or value changed."


def test_another_first():
    found = change(talks(), talks(north={"A": 50, "B": 60, "C": 40}))
    assert str(found) == "North: B is now first (was A)."
    assert found.parties["North"].ranks == {"A": (1, 2), "B": (2, 1)}
    assert not found.parties["South"].is_changed


def test_ties_at_the_top_come_and_go():
    tied = talks(north={"A": 60, "B": 60, "C": 40})
    assert str(change(talks(), tied)) == "North: A and B now share the first rank (was A)."
    assert str(change(tied, talks())) == "North: A is now first (was A and B)."


def test_the_order_below_the_first():
    found = change(talks(), talks(north={"A": 80, "B": 40, "C": 60}))
    assert str(found) == "North: below the first, 2 ranks changed (C 2, was 3; B 3, was 2)."


def test_another_first_and_the_order_below():
    more = {"A": 80, "B": 60, "C": 40, "D": 30, "E": 20}
    later = {"A": 50, "B": 60, "C": 40, "D": 20, "E": 30}
    south = dict.fromkeys(more, 20)
    words = str(change(talks(more, south), talks(later, south)))
    assert words == (
        "North: B is now first (was A); below, 2 ranks changed (E 4, was 5; D 5, was 4); "
        "now accepts E; no longer accepts D."
    )


def test_values_that_move_without_changing_a_rank():
    moved = talks(north={"A": 81.44, "B": 60, "C": 40})
    assert str(change(talks(), moved)) == "No rank changed; North’s values moved by up to 1.4."
    barely = talks(north={"A": 80.01, "B": 60, "C": 40})
    assert str(change(talks(), barely)) == "No rank changed; North’s values moved by less than 0.1."


def test_another_worth_of_no_deal():
    found = change(talks(), talks(reservation=(35, 30)))
    assert str(found) == "No rank changed; no deal is worth 35.0 to North (was 30.0)."


def test_the_zone_grows_and_shrinks():
    found = change(talks(), talks(reservation=(30, 60)))
    assert str(found) == "South: no longer accepts B. In the zone: 1 package (was 2: − B)."
    assert found.was_zone == ("B", "C")
    back = change(talks(reservation=(30, 60)), talks())
    assert str(back) == "South: now accepts B. In the zone: 2 packages (was 1: + B)."
    none = change(talks(), talks(reservation=(90, 90)))
    assert str(none).endswith("In the zone: no package (was 2: − B and C).")


def test_a_party_that_need_not_sign_any_more_widens_the_zone():
    found = change(talks(), talks(signs=(True, False)))
    assert str(found) == "In the zone: 3 packages (was 2: + A)."
    assert found.is_changed


def test_a_package_that_comes_shifts_ranks_but_no_places():
    more = {"A": 80, "B": 60, "C": 40, "D": 70}
    found = change(talks(), talks(more, {"A": 20, "B": 50, "C": 70, "D": 10}))
    assert str(found) == "Package added: D."
    assert found.parties["North"].ranks == {}
    gone = change(talks(more, {"A": 20, "B": 50, "C": 70, "D": 10}), talks())
    assert str(gone) == "Package removed: D."


def test_the_first_package_is_removed():
    fewer = talks({"B": 60, "C": 40}, {"B": 50, "C": 70})
    assert str(change(talks(), fewer)) == "Package removed: A. North: B is now first (was A)."


def test_parties_come_and_go():
    alone = talks()
    alone["parties"] = alone["parties"][:1]
    for package in alone["packages"]:
        del package["scores"]["South"]
    words = str(change(talks(), alone))
    assert words == "Party removed: South. In the zone: 3 packages (was 2: + A)."
    assert (
        str(change(alone, talks())) == "Party added: South. In the zone: 2 packages (was 3: − A)."
    )


def test_nothing_in_common():
    renamed = json.loads(json.dumps(talks()).replace("North", "East").replace("South", "West"))
    assert str(change(talks(), renamed)).startswith(
        "No party is the same as before. First for East: A."
    )
    others = talks({"X": 80}, {"X": 20})
    assert str(change(talks(), others)) == (
        "“Talks”: no listed package is the same as before. First for North and South: X. "
        "In the zone: no listed package."
    )


def test_a_red_line_takes_a_package_off_the_table():
    crossed = talks()
    crossed["packages"][0]["crosses"] = ["South"]
    found = change(talks(), crossed)
    assert str(found) == "A is not allowed any more: crosses a red line of South."
    assert str(change(crossed, talks())) == "Now allowed: A."
    crossed["packages"][0]["crosses"] = ["North"]
    assert str(change(talks(), crossed)) == (
        "A is not allowed any more: crosses a red line of North. "
        "North: B is now first (was A); no longer accepts A."
    )


def test_no_package_listed():
    bare = {**talks(), "packages": [], "issues": [{"name": "I", "levels": ["x", "y"]}]}
    for party in bare["parties"]:
        party["scores"] = {"c": {"I": {"x": 0, "y": 100}}}
    assert standing(case_from_data(bare)) == "No package is listed."
    assert str(change(talks(), bare)) == (
        "“Talks”: no listed package is the same as before. No package is listed."
    )
    assert str(change(bare, bare)) == "Nothing changed."


def test_another_name_of_the_case():
    assert str(change(talks(), {**talks(), "name": "Round 2"})) == (
        "The case is now called “Round 2”. No rank or value changed."
    )


def test_a_line_stays_a_line_whatever_the_names():
    long = "x" * 300
    names = {"A\nB": 80, long: 60}
    words = str(change(talks(names, names), talks({"A\nB": 50, long: 60}, names)))
    assert words == f"North: {'x' * 59}… is now first (was A B)."


def test_the_table_holds_both_ranks():
    table = change(talks(), talks(north={"A": 50, "B": 60, "C": 40})).table
    assert table.loc[("North", "A")].tolist() == [1, 2]
    assert list(table.index.names) == ["party", "package"]


def test_a_change_reads_a_case_or_its_evaluation():
    before, after = case_from_data(talks()), case_from_data(talks(reservation=(35, 30)))
    assert str(ranking_change(evaluate(before), evaluate(after))) == str(
        ranking_change(before, after)
    )


@pytest.mark.parametrize("seed", range(12))
def test_data_equal_a_slow_twin_on_random_cases(seed):
    old = random_case(seed)
    new = copy.deepcopy(old)
    for number, party in enumerate(new["parties"]):
        for criterion in party["criteria"]:
            criterion["weight"] = criterion["weight"] * (1 + number) + 7
            criterion.pop("weight_range", None)
    if len(new["packages"]) > 1 and not new.get("recommendations"):
        new["packages"].pop()
    before, after = case_from_data(old), case_from_data(new)
    found = ranking_change(before, after)
    was, now = mcda.rank(before).to_dict()["parties"], mcda.rank(after).to_dict()["parties"]
    for party, told in found.parties.items():
        a = {row["package"]: row for row in was[party]["ranking"]}
        b = {row["package"]: row for row in now[party]["ranking"]}
        both = [name for name in b if name in a]
        assert set(told.first) == {name for name in b if b[name]["rank"] == 1}
        assert set(told.was_first) == {name for name in a if a[name]["rank"] == 1}
        assert set(told.accepts) == {
            n for n in both if b[n]["acceptable"] and not a[n]["acceptable"]
        }
        assert told.values_moved == pytest.approx(
            max((abs(b[n]["value"] - a[n]["value"]) for n in both), default=0)
        )
        # By pairs: a package moved where some other one that is ranked in both changed sides.
        ranked = [n for n in both if a[n]["rank"] and b[n]["rank"]]

        def place(rows, name, ranked=ranked):
            return sum(rows[other]["rank"] < rows[name]["rank"] for other in ranked)

        expected = {
            n for n in both
            if bool(a[n]["rank"]) != bool(b[n]["rank"])
            or (n in ranked and place(a, n) != place(b, n))
        }  # fmt: skip
        assert set(told.ranks) == expected
    assert "\n" not in str(found)
    json.dumps(found.to_dict(), allow_nan=False)
