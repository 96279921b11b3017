"""The documentation: its links lead somewhere, and its examples are what they say."""

import re
from pathlib import Path

import pytest

import mcda
from mcda import canonical, json_form
from mcda.json_form import case_from_data, case_from_json
from mcda.ranking import rank
from mcda.ranking.change import ranking_change

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_are_there(page):
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(\s*([^)#\s]+)", text)
    local = [target for target in targets if not target.startswith("http")]
    assert all((page.parent / target).exists() for target in local), local


def test_the_example_of_the_json_form_is_a_case():
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    case = case_from_json(example)
    buyer, seller = (rank(case)[name]["A"] for name in ("Buyer", "Seller"))
    # Buyer: 0.7 · 50 + 0.3 · 100; Seller: 100 − 6 = 94 lies 14/30 of the way from 50 to 100.
    assert buyer.value == pytest.approx(65)
    assert seller.value == pytest.approx(50 + 50 * 14 / 30)
    assert canonical.canonical_json(case) == canonical.canonical_json(
        case_from_json(canonical.canonical_json(case))
    )


def test_every_key_of_the_json_form_is_described():
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    keys = {
        key for name in dir(json_form) if name.endswith("_KEYS") for key in getattr(json_form, name)
    }
    assert keys
    assert {key for key in keys if f"`{key}`" not in text} == set()


def test_the_weight_that_the_readme_changes_does_what_it_says():
    case = mcda.read(ROOT / "workbooks" / "ceasefire_talks.xlsx")
    before = rank(case)["Russia"]["Technology carrot"]
    data = canonical.canonical_data(case)
    (russia,) = (party for party in data["parties"] if party["name"] == "Russia")
    (relief,) = (
        item for item in russia["criteria"] if item["name"] == "Sanctions relief and economy"
    )
    assert relief["weight"] == 45
    relief["weight"] = 70
    after = rank(case_from_data(data))["Russia"]["Technology carrot"]
    assert (round(before.surplus, 1), before.acceptable) == (-0.7, False)
    assert (round(after.surplus, 1), after.acceptable) == (0.2, True)
    told = str(ranking_change(case, case_from_data(data)))
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert told in readme
