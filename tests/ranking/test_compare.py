"""Agreement between methods, on a case and against scipy's Kendall τ."""

import dataclasses
import json

import numpy as np
import pytest
from scipy.stats import kendalltau

import mcda
from mcda.json_form import case_from_data
from mcda.ranking.compare import compare, kendall_tau
from mcda.ranking.methods import MENU
from mcda.values import evaluate
from tests.ranking.test_methods import talks


@pytest.mark.parametrize("seed", range(10))
def test_kendall_tau_equals_scipys(seed):
    rng = np.random.default_rng(seed)
    rankings = rng.integers(1, 6, (4, 12))
    found = kendall_tau(rankings)
    for one in range(4):
        for other in range(4):
            expected = kendalltau(rankings[one], rankings[other]).statistic
            assert found[one, other] == pytest.approx(expected, abs=1e-12)


def test_kendall_tau_of_many_packages_is_taken_in_blocks():
    rng = np.random.default_rng(1)
    rankings = rng.integers(1, 50, (2, 3000))
    expected = kendalltau(rankings[0], rankings[1]).statistic
    assert kendall_tau(rankings)[0, 1] == pytest.approx(expected, abs=1e-12)


def test_kendall_tau_is_undefined_where_all_tie_or_nothing_is_ranked():
    assert np.isnan(kendall_tau([[1, 1, 1], [1, 2, 3]])[0]).all()
    assert np.isnan(kendall_tau(np.ones((2, 1)))).all()
    assert np.isnan(kendall_tau(np.ones((2, 0)))).all()


def test_a_comparison_names_leaders_ranks_and_agreement():
    case = talks()
    found = compare(case, "Russia")
    assert found.methods[0] == "additive"
    assert set(found.methods) | set(found.not_offered) == {"additive", *MENU}
    additive = mcda.rank(case, "Russia")["Russia"]
    assert found.first["additive"] == additive.first
    assert {package: ranks["additive"] for package, ranks in found.ranks.items()} == {
        row.package: row.rank for row in additive
    }
    for key, ranking in found.rankings.items():
        assert ranking.first == tuple(
            package for package, ranks in found.ranks.items() if ranks[key] == 1
        )
        assert found.agreement(key, key) == pytest.approx(1)
    # SPOTIS on the case's ranges is the additive value turned round.
    assert found.agreement("additive", "spotis") == pytest.approx(1)
    shared = found.ranks["Half Cut"].keys()
    expected = kendalltau(
        [ranks["topsis"] for ranks in found.ranks.values() if ranks["topsis"]],
        [ranks["wsm"] for ranks in found.ranks.values() if ranks["wsm"]],
    ).statistic
    assert {"topsis", "wsm"} <= shared
    assert found.agreement("topsis", "wsm") == pytest.approx(expected)


def test_a_comparison_carries_tables_and_plain_data():
    found = compare(evaluate(talks()), "Russia")
    assert list(found.table.columns) == list(found.methods)
    assert found.table.loc["Full Cut"].isna().all()
    assert found.table.loc["Half Cut", "additive"] == found.ranks["Half Cut"]["additive"]
    assert found.tau_table.loc["additive", "spotis"] == pytest.approx(1)
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["party"] == "Russia"
    assert data["tau"]["additive"]["spotis"] == pytest.approx(1)
    assert data["titles"]["wsm"] == "Weighted sum of ratios"


def test_a_comparison_prints_within_eighty_columns():
    text = str(compare(talks(), "Russia"))
    assert text.startswith("Russia: 3 packages ranked by ")
    assert "is first under" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_methods_that_are_not_offered_keep_their_reason():
    found = compare(talks(), "Ukraine")
    assert "minimised" in found.not_offered["copras"]
    assert "minimised" in str(found)


def test_one_package_leaves_nothing_to_compare():
    rules = [{"forbid": {"Aid": "Cut"}}, {"forbid": {"Relief": ["None", "Half"]}}]
    found = compare(talks(rules=rules), "Ukraine")
    assert found.methods == ("additive",)
    assert set(found.not_offered) == set(MENU)
    assert found.first == {"additive": ("Full Kept",)}
    assert found.agreement("additive", "additive") is None
    assert found.undefined["additive"] == "1 package ranked: no pairs to compare."
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["tau"] == {
        "additive": {"additive": None}
    }
    assert "Full Kept is first under 1" in str(found)


def test_no_ranked_package_is_an_answer():
    found = compare(
        talks(red_lines=[{"party": "Ukraine", "forbid": {"Aid": ["Cut", "Kept"]}}]), "Ukraine"
    )
    assert "No package takes a rank." in str(found)
    assert found.undefined["additive"] == "No packages ranked: no pairs to compare."


def test_tied_leaders_are_named_together():
    """Ukraine counts aid alone, so that packages with aid kept tie."""
    found = compare(talks(), "Ukraine")
    assert found.first["additive"] == ("None Kept", "Half Kept", "Full Kept")
    assert "None Kept and Half Kept and Full Kept share the first rank" in " ".join(
        str(found).split()
    )


def test_a_method_that_ties_all_packages_has_no_agreement():
    """A reference point that is as far for everybody: the reason stands beside the method."""
    data = {
        "packages": [
            {"name": "More money", "settings": {"Relief": "Full", "Aid": "Kept"}},
            {"name": "Less threat", "settings": {"Relief": "Half", "Aid": "Cut"}},
        ],
        "parties": [
            {
                "name": "Russia",
                "criteria": [
                    {"name": "Money", "weight": 50},
                    {"name": "Threat", "weight": 50},
                ],
                "scores": {
                    "Money": {"Relief": {"None": 0, "Half": 1, "Full": 2}},
                    "Threat": {"Aid": {"Cut": 2, "Kept": 1}},
                },
            },
        ],
        "no_deal": [],
    }
    found = compare(talks(**data, red_lines=[], rules=[]), "Russia")
    assert found.undefined["vikor"] == "All packages tie: there is no order to compare."
    assert found.agreement("additive", "vikor") is None
    with pytest.raises(KeyError):
        found.agreement("additive", "copras")


def test_an_unknown_party_is_a_key_error():
    with pytest.raises(KeyError, match="Nobody"):
        compare(talks(), "Nobody")


def test_one_package_and_one_method_are_counted_in_words():
    party = {"name": "P", "criteria": [{"name": "c", "weight": 1, "low": 0, "high": 10}]}
    packages = [{"name": name, "scores": {"P": {"c": 5}}} for name in ("A", "B")]
    one, two = (
        compare(case_from_data({"name": "X", "parties": [party], "packages": packages[:n]}), "P")
        for n in (1, 2)
    )
    assert str(one).startswith("P: 1 package ranked by ")
    assert str(two).startswith("P: 2 packages ranked by ")
    alone = dataclasses.replace(one, rankings={"additive": one.rankings["additive"]})
    assert str(alone).startswith("P: 1 package ranked by 1 method.")
