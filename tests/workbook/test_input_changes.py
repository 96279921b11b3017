"""Differences in inputs: each change once, by its names, with its cell; nothing else is told."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as OpenedBook

from mcda.canonical import canonical_data
from mcda.files import read
from mcda.json_form import case_from_data
from mcda.workbook.changes.input_changes import InputChange, input_changes
from mcda.workbook.changes.named_inputs import NamedInputs
from mcda.workbook.read import Reading, read_data
from mcda.workbook.tables import Notes
from tests.case_strategy import random_case
from tests.workbook.books import bare, edited
from tests.workbook.small_case import small
from tests.workbook.test_read import SMALL

EXAMPLES = sorted((Path(__file__).parents[2] / "mcda" / "examples").glob("*.json"))


def reading(data: dict[str, Any]) -> Reading:
    """Data in the JSON form, as if it had been read."""
    return Reading(data, {}, Notes())


def canonical(data: dict[str, Any]) -> dict[str, Any]:
    return canonical_data(case_from_data(data))


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [str(change) for change in input_changes(reading(old), reading(new))]


def numbers(item: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, Any, tuple[Any, ...]]]:
    """Every number in the JSON form: what holds it, its key there, and its path by names."""
    pairs = enumerate(item) if isinstance(item, list) else item.items()
    for key, value in pairs:
        name = key
        if isinstance(item, list) and isinstance(value, dict):
            name = value.get("name", value.get("id", value.get("for")))
        if isinstance(value, dict | list):
            yield from numbers(value, (*path, name))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield item, key, (*path, name)


def by_names(path: tuple[Any, ...], size: int | None) -> tuple[Any, ...]:
    """The path as the module words it, from one with numbers for the ends of a range."""
    if "points" in path:
        return (*path[:-1], ("x", "value")[path[-1]])
    if path[-2:] == ("weights_are", "dirichlet"):
        return path
    if isinstance(path[-1], int):
        words = ("low", "high") if size == 2 else ("low", None, "high")
        path = (*path[:-1], words[path[-1]])
    if "score" in path and path[0] != "interactions":
        path = (*(part for part in path if part != "score"),)
    return path if path[-1] is not None else path[:-1]


@pytest.mark.parametrize("seed", range(25))
def test_any_number_changed_is_one_change(seed: int) -> None:
    old = canonical(random_case(seed))
    rng = random.Random(seed)
    for at in rng.sample(range(len(list(numbers(old)))), 5):
        new = copy.deepcopy(old)
        holder, key, path = list(numbers(new))[at]
        was = holder[key]
        holder[key] = was + 1.25
        size = len(holder) if isinstance(holder, list) else None
        (change,) = input_changes(reading(old), reading(new))
        assert change.kind == "changed"
        assert change.path == by_names(path, size)
        assert (float(change.old), float(change.new)) == pytest.approx((was, was + 1.25))


@pytest.mark.parametrize("seed", range(25))
def test_a_case_and_itself_do_not_differ(seed: int) -> None:
    case = case_from_data(random_case(seed))
    assert input_changes(case, case) == ()
    assert input_changes(case, reading(canonical_data(case))) == ()


@pytest.mark.parametrize("seed", range(30))
def test_there_and_back_are_mirrored(seed: int) -> None:
    """Two unrelated cases: whatever differs, the way back says the same the other way round."""
    old, new = (case_from_data(random_case(number)) for number in (seed, seed + 1000))
    mirror = {"added": "removed", "removed": "added"}
    there = {
        (change.kind, change.path, change.old, change.new)
        for change in input_changes(old, new)
        if change.kind not in ("renamed", "reordered")
    }
    back = {
        (mirror.get(change.kind, change.kind), change.path, change.new, change.old)
        for change in input_changes(new, old)
        if change.kind not in ("renamed", "reordered")
    }
    assert there == back
    assert there


@pytest.mark.parametrize("seed", range(8))
def test_a_case_and_its_workbook_do_not_differ(seed: int) -> None:
    case = case_from_data(random_case(seed))
    in_sheets = read_data(bare(case), "talks.xlsx")
    assert input_changes(case, in_sheets) == ()
    assert input_changes(in_sheets, case) == ()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_shipped_cases_and_their_workbooks_do_not_differ(path: Path) -> None:
    case = read(path)
    assert input_changes(case, read_data(bare(case), "talks.xlsx")) == ()


def every_cell(case_data: dict[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """Sheet, cell, what stands there, another value: cells with numbers or free texts."""
    book = read_data(bare(case_from_data(case_data)), "talks.xlsx")
    named = NamedInputs(book)
    for path, value in named.values.items():
        place = named.cell(path)
        if place is None or isinstance(value, bool):
            continue
        if isinstance(value, float) or path[-1] in ("note", "why", "basis", "purpose", "unit"):
            yield (*place, path, value)  # type: ignore[misc]


def test_each_cell_that_is_edited_is_the_change() -> None:
    """Another program edits a cell; the change names that cell and no other."""
    data = bare(case_from_data(SMALL))
    old = read_data(data, "talks.xlsx")
    cells: list[Any] = list(every_cell(SMALL))
    assert len(cells) > 35
    for sheet, row, column, path, value in random.Random(1).sample(cells, 15):
        new_value = value + 0.5 if isinstance(value, float) else f"{value}, edited"

        def edit(book: OpenedBook, at: Any = (sheet, row, column), value: Any = new_value) -> None:
            book[at[0]].cell(at[1] + 1, at[2] + 1).value = value

        (change,) = input_changes(old, read_data(edited(data, edit), "talks.xlsx"))
        assert change.path == path
        assert change.old_place == change.new_place == (sheet, row, column)
        assert change.new in (f"{new_value:g}" if isinstance(value, float) else new_value,)


def test_in_words_with_the_cell() -> None:
    data = bare(case_from_data(SMALL))
    old = read_data(data, "talks.xlsx")

    def edit(book: OpenedBook) -> None:
        book["Weights"]["C6"] = 45
        book["Parties"]["D7"] = 33
        book["Packages"]["B6"] = "None"
        book["Parties"]["B7"] = "no"

    new = read_data(edited(data, edit), "talks.xlsx")
    assert [str(change) for change in input_changes(old, new)] == [
        "Packages!B6: package A: Banking Partial → None",
        "Parties!B7: Ukraine: signs yes → no",
        "Parties!D7: Ukraine: reservation value blank → 33",
        "Weights!C6: Russia, Relief: weight 60 → 45",
    ]


def test_rows_in_another_order_and_more_room_are_no_difference() -> None:
    old = canonical(small())
    new = copy.deepcopy(old)
    for section in ("packages", "rules", "interactions", "issues"):
        new[section].reverse()
    new["parties"][0]["criteria"].reverse()
    before, after = (
        read_data(bare(case_from_data(data), room), "talks.xlsx")
        for data, room in ((old, 8), (new, 20))
    )
    assert input_changes(before, after) == ()


def test_an_inserted_row_is_one_change() -> None:
    new = copy.deepcopy(SMALL)
    added = {"name": "New", "settings": {"Banking": "None", "Backing": "Alone"}, "note": "x"}
    new["packages"].insert(0, added)
    before, after = (read_data(bare(case_from_data(data)), "talks.xlsx") for data in (SMALL, new))
    (change,) = input_changes(before, after)
    assert str(change) == "Packages!A6: package New added"
    (change,) = input_changes(after, before)
    assert str(change) == "Packages!A6: package New removed"
    assert (change.old_place, change.new_place) == (("Packages", 5, 0), None)


@pytest.mark.parametrize("section", ["parties", "no_deal"])
def test_another_order_of_parties_or_alternatives_is_its_own_kind(section: str) -> None:
    old = canonical(small())
    new = copy.deepcopy(old)
    new[section].append(new[section].pop(0))
    (change,) = input_changes(reading(old), reading(new))
    assert (change.kind, change.path) == ("reordered", (section,))
    assert change.old.split(", ")[1:] == change.new.split(", ")[:-1]


def test_another_order_of_levels_is_its_own_kind() -> None:
    old = canonical(small())
    new = copy.deepcopy(old)
    new["issues"][0]["levels"].reverse()
    new["issues"][0]["levels"].append("one more")
    told = changes(old, new)
    assert told == [
        "level one more of Tariff added",
        "order of the levels of Tariff: none, Full, <5, Raised → <5, Full, none, Raised",
    ]


def test_what_hangs_on_an_added_thing_is_not_told_again() -> None:
    """A new level with its scores, a new criterion with scores, a new issue that packages set."""
    old = canonical(SMALL)
    new = copy.deepcopy(old)
    new["issues"][0]["levels"].append("Total")
    new["parties"][0]["scores"]["Relief"]["Banking"]["Total"] = 44
    assert changes(old, new) == ["level Total of Banking added"]
    new = copy.deepcopy(old)
    new["parties"][1]["criteria"].append({"name": "Honour", "weight": 3, "direction": "max"})
    new["parties"][1]["scores"]["Honour"] = {"Backing": {"Alone": 1, "EU and G7": 2}}
    new["packages"][2]["scores"]["Ukraine"]["Honour"] = 5
    assert changes(old, new) == ["criterion Honour of Ukraine added"]
    new = copy.deepcopy(old)
    new["issues"].append({"name": "Prisoners", "levels": ["Some", "All"]})
    for package in new["packages"][:2]:
        package["settings"]["Prisoners"] = "All"
    assert changes(old, new) == ["issue Prisoners added"]
    assert changes(new, old) == ["issue Prisoners removed"]


def test_a_level_in_use_that_goes_leaves_the_new_settings_told() -> None:
    old = canonical(SMALL)
    new = copy.deepcopy(old)
    new["issues"][0]["levels"].remove("Partial")
    del new["parties"][0]["scores"]["Relief"]["Banking"]["Partial"]
    new["packages"][0]["settings"]["Banking"] = "None"
    assert changes(old, new) == [
        "level Partial of Banking removed",
        "package A: Banking Partial → None",
    ]


def test_a_new_name_alone_is_a_renaming() -> None:
    old = canonical(SMALL)
    new = copy.deepcopy(old)
    new["packages"][0]["name"] = "Agricultural"
    assert changes(old, new)[0] == "package A is now called Agricultural"
    new["packages"][0]["note"] = "and another note"
    assert changes(old, new)[:2] == ["package A removed", "package Agricultural added"]


def test_conditions_and_lifted_rules_are_sets() -> None:
    old = canonical(SMALL)
    new = copy.deepcopy(old)
    new["red_lines"][0]["forbid"]["Banking"] = ["Partial", "Full"]
    new["scenarios"][0]["lift"] = ["No full relief"]
    assert changes(old, new) == [
        "red line No full relief: forbid Banking, Partial added",
        "scenario Hawks: lifts Swift removed",
        "scenario Hawks: lifts No full relief added",
    ]
    new = copy.deepcopy(old)
    new["red_lines"][0]["forbid"]["Banking"].reverse()
    assert changes(old, new) == []


def test_a_point_more_is_one_change() -> None:
    old = canonical(SMALL)
    new = copy.deepcopy(old)
    new["parties"][0]["criteria"][1]["points"].insert(1, [2, 40])
    assert changes(old, new) == [
        "Russia, Standing: points 0: 0, 5: 70, 10: 100 → 0: 0, 2: 40, 5: 70, 10: 100"
    ]


def test_what_means_the_same_is_no_difference() -> None:
    old = canonical(SMALL)
    new = copy.deepcopy(old)
    new["parties"][0] |= {"power": 1, "signs": True, "weights_are": "intervals"}
    new["packages"][1]["note"] = ""
    new["parties"][0]["criteria"][0]["weight"] = 60.0
    assert changes(old, new) == []


def test_a_reading_that_is_no_case_yet_is_compared_too() -> None:
    """Two packages of one name, a text for a weight: told, never a traceback."""
    old = canonical(SMALL)
    new = copy.deepcopy(old)
    new["packages"].append({**new["packages"][0], "cost": "much"})
    new["parties"][0]["criteria"][0]["weight"] = "sixty"
    new["parties"][1]["name"] = None
    told = changes(old, new)
    assert "Russia, Relief: weight 60 → sixty" in told
    assert "package 3 added" in told


def test_a_long_text_is_shortened_in_words_only() -> None:
    change = InputChange("changed", ("packages", "A", "note"), "", "long " * 50)
    assert change.what.endswith("…")
    assert len(change.what) < 100
    assert change.new == "long " * 50
