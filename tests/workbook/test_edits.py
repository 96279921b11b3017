"""Edits of inputs find their cell, change that value and nothing else, and never win silently."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openpyxl import Workbook as OpenedBook

from mcda.canonical import canonical_data
from mcda.case import CaseProblem, Reservation
from mcda.json_form import case_from_data
from mcda.workbook.changes.edited_case import edited_case
from mcda.workbook.changes.edits import InputEdit, resolve
from mcda.workbook.changes.input_changes import input_changes
from mcda.workbook.changes.named_inputs import NamedInputs
from mcda.workbook.patch import patch
from mcda.workbook.read import case_from_workbook, read_data
from tests.case_strategy import random_case
from tests.workbook.books import bare, edited
from tests.workbook.test_read import SMALL

NAME = "talks.xlsx"
WEIGHT = ("parties", "Russia", "criteria", "Relief", "weight")
Step = tuple[list[InputEdit], Callable[[dict[str, Any]], None]]
"""Edits, and what they do to the plain data of a case."""


@pytest.fixture(scope="module")
def small() -> bytes:
    return bare(case_from_data(SMALL))


def canonical(data: dict[str, Any]) -> dict[str, Any]:
    return canonical_data(case_from_data(data))


def applied(data: bytes, edits: list[InputEdit]) -> bytes:
    resolved = resolve(edits, read_data(data, NAME))
    assert resolved.conflicts == ()
    return patch(data, resolved.edits, NAME)


# -- a plain twin: the same changes made by hand in the JSON form


def at(data: Any, *keys: Any) -> Any:
    for key in keys:
        data = data[key]
    return data


def setter(keys: tuple[Any, ...], value: Any) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        *way, last = keys
        holder = at(data, *way)
        if value is None:
            holder.pop(last, None)
        else:
            holder[last] = value

    return change


def single(path: tuple[Any, ...], keys: tuple[Any, ...], old: Any, new: Any) -> Step:
    plain = list(new) if isinstance(new, tuple) else new
    old = float(old) if isinstance(old, int) and not isinstance(old, bool) else old
    return [InputEdit(path, old, new)], setter(keys, plain)


def shifted(path: tuple[Any, ...], keys: tuple[Any, ...], old: Any, by: float) -> Step:
    """A number, or low, base and high together."""
    if isinstance(old, dict):
        return shifted(path, (*keys, "score"), old["score"], by)
    if not isinstance(old, list):
        return single(path, keys, old, round(old + by, 6))
    places = [(*path, "low"), path, (*path, "high")]
    if len(old) == 2:
        del places[1]
    new = [round(number + by, 6) for number in old]
    edits = [InputEdit(place, float(a), b) for place, a, b in zip(places, old, new, strict=True)]
    return edits, setter(keys, new)


def possible(data: dict[str, Any], rng: random.Random) -> Iterator[Step]:
    """Edits of every kind that leave a valid case valid."""
    by = rng.choice([0.25, 1, 3.5])
    for p, party in enumerate(data["parties"]):
        here: tuple[Any, ...] = ("parties", party["name"])
        keys: tuple[Any, ...] = ("parties", p)
        if "reservation" in party:
            old = party["reservation"]
            yield shifted((*here, "reservation"), (*keys, "reservation"), old, by)
        else:
            yield single((*here, "reservation"), (*keys, "reservation"), None, 12.5)
        for word, value in (("aspiration", 61.5), ("power", 2.25)):
            old = party.get(word, 1.0 if word == "power" else None)
            yield single((*here, word), (*keys, word), old, value)
        for c, criterion in enumerate(party["criteria"]):
            path, at_ = (*here, "criteria", criterion["name"]), (*keys, "criteria", c)
            yield shifted((*path, "weight"), (*at_, "weight"), criterion["weight"], by)
            yield single((*path, "unit"), (*at_, "unit"), criterion.get("unit"), "30")
            if "weight_range" in criterion:
                old = criterion["weight_range"]
                yield shifted((*path, "weight_range"), (*at_, "weight_range"), old, by)
        for criterion, issues in party.get("scores", {}).items():
            for issue, levels in issues.items():
                for level, score in levels.items():
                    way = ("scores", criterion, issue, level)
                    yield shifted((*here, *way), (*keys, *way), score, by)
    for n, package in enumerate(data.get("packages", ())):
        here, keys = ("packages", package["name"]), ("packages", n)
        yield single((*here, "note"), (*keys, "note"), package.get("note"), " =1+1 & <b>\nx")
        yield single((*here, "cost"), (*keys, "cost"), package.get("cost"), None)
        listed = tuple(package.get("outside", ()))
        yield single((*here, "outside"), (*keys, "outside"), listed, ("a\nb", "c", *listed))
        for issue, level in package.get("settings", {}).items():
            (levels,) = (one["levels"] for one in data["issues"] if one["name"] == issue)
            way = ("settings", issue)
            yield single((*here, *way), (*keys, *way), level, rng.choice(levels))
        for party, scores in package.get("scores", {}).items():
            for criterion, score in scores.items():
                way = ("scores", party, criterion)
                yield shifted((*here, *way), (*keys, *way), score, by)
    for n, item in enumerate(data.get("interactions", ())):
        path, keys = ("interactions", item["name"], "score"), ("interactions", n, "score")
        yield shifted(path, keys, item["score"], by)
    yield single(("purpose",), ("purpose",), data.get("purpose"), "to see")
    yield single(("marking",), ("marking",), data.get("marking"), None)


def checked(seed: int) -> None:
    """Some edits through the file are the same edits in plain data."""
    rng = random.Random(seed)
    plain = canonical(random_case(seed))
    steps = list(possible(plain, rng))
    data = bare(case_from_data(plain))
    chosen = rng.sample(steps, min(len(steps), 12))
    edits = [edit for step in chosen for edit in step[0]]
    rng.shuffle(edits)
    twin = copy.deepcopy(plain)
    for _, change in chosen:
        change(twin)
    new = applied(data, edits)
    assert canonical_data(case_from_workbook(new, NAME)) == canonical(twin)
    assert canonical_data(edited_case(case_from_data(plain), edits)) == canonical(twin)
    told = {change.path for change in input_changes(read_data(data, NAME), read_data(new, NAME))}
    assert told <= {edit.path for edit in edits}
    # ... and back again
    undone = applied(new, [edit.undo() for edit in edits])
    assert canonical_data(case_from_workbook(undone, NAME)) == plain


@pytest.mark.parametrize("seed", range(6))
def test_edits_change_these_values_and_nothing_else(seed: int) -> None:
    checked(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 400))
def test_many_edits_change_these_values_and_nothing_else(seed: int) -> None:
    checked(seed)


# -- cells


def test_an_edit_finds_its_cell_wherever_it_is(small: bytes) -> None:
    (edit,) = resolve([InputEdit(WEIGHT, 60.0, 45.0)], read_data(small, NAME)).edits
    assert (edit.sheet, edit.row, edit.column, edit.to) == ("Weights", 5, 2, 45.0)
    reordered = copy.deepcopy(SMALL)
    reordered["parties"].reverse()
    moved = read_data(bare(case_from_data(reordered)), NAME)
    (edit,) = resolve([InputEdit(WEIGHT, 60.0, 45.0)], moved).edits
    assert (edit.sheet, edit.row, edit.column) == ("Weights", 6, 2)


def test_a_blank_cell_can_be_filled_and_blanked_again(small: bytes) -> None:
    path = ("parties", "Ukraine", "reservation")
    new = applied(small, [InputEdit(path, None, 33.0)])
    reservation = case_from_workbook(new, NAME).party("Ukraine").reservation
    assert reservation is not None
    assert reservation.base == 33
    back = applied(new, [InputEdit(path, 33.0, None)])
    assert case_from_workbook(back, NAME) == case_from_data(SMALL)


def test_words_of_drop_downs_and_lists_are_written_as_people_choose_them(small: bytes) -> None:
    reading = read_data(small, NAME)
    edits = [
        InputEdit(("parties", "Ukraine", "signs"), True, False),
        InputEdit(("red_lines", "No full relief", "stated"), None, True),
        InputEdit(("packages", "A", "outside"), ("x",), ("x", "two\nlines")),
        InputEdit(("packages", "A", "source"), None, "7"),
        InputEdit(("parties", "Russia", "weights_are"), "intervals", "ordinal"),
    ]
    assert [edit.to for edit in resolve(edits, reading).edits] == [
        "no", "stated", "x\ntwo\n\tlines", "7", "ordinal",
    ]  # fmt: skip
    case = case_from_workbook(applied(small, edits), NAME)
    assert not case.party("Ukraine").signs
    assert case.party("Russia").weights_are == "ordinal"
    assert case.package("A").outside == ("x", "two\nlines")


def test_every_value_of_a_workbook_has_its_own_cell_or_none(small: bytes) -> None:
    """No two inputs share a cell, or an edit of one would be an edit of the other."""
    for data in (small, *(bare(case_from_data(random_case(seed))) for seed in range(5))):
        inputs = NamedInputs(read_data(data, NAME))
        cells = [cell for path in inputs.values if (cell := inputs.cell(path))]
        assert len(cells) == len(set(cells))
        assert len(cells) > 0.5 * len(inputs.values)


def test_a_text_for_a_number_is_a_mistake_of_the_program(small: bytes) -> None:
    with pytest.raises(ValueError, match="Russia, Relief: weight is a number"):
        resolve([InputEdit(WEIGHT, 60.0, "much")], read_data(small, NAME))


# -- without a workbook


def test_a_range_comes_and_goes_end_by_end() -> None:
    case = case_from_data(SMALL)
    path = ("parties", "Ukraine", "reservation")
    ends = [(path, 30.0), ((*path, "low"), 20.0), ((*path, "high"), 35.0)]
    ranged = edited_case(case, [InputEdit(place, None, value) for place, value in ends])
    assert ranged.party("Ukraine").reservation == Reservation(30, 20, 35)
    assert edited_case(ranged, [InputEdit(place, value, None) for place, value in ends]) == case
    with pytest.raises(CaseProblem, match="high reservation value is missing"):
        edited_case(case, [InputEdit(place, None, value) for place, value in ends[:2]])


def test_a_value_that_the_case_refuses_is_told_in_words() -> None:
    with pytest.raises(CaseProblem, match="weights are 0 or more"):
        edited_case(case_from_data(SMALL), [InputEdit(WEIGHT, 60.0, -1.0)])


@pytest.mark.parametrize(
    "path",
    [
        ("parties", "Nobody", "power"),
        ("parties", "Russia", "criteria", "Gone", "weight"),
    ],
)
def test_a_case_without_that_input_says_so(path: tuple[str, ...]) -> None:
    with pytest.raises(KeyError):
        edited_case(case_from_data(SMALL), [InputEdit(path, 1.0, 2.0)])


# -- conflicts


def their(data: bytes, cell: str, value: object) -> bytes:
    """The file after another program changed a cell."""
    sheet, _, place = cell.partition("!")

    def edit(book: OpenedBook) -> None:
        book[sheet][place] = value

    return edited(data, edit)


def test_the_same_cell_changed_to_something_else_is_a_conflict(small: bytes) -> None:
    theirs = their(small, "Weights!C6", 50)
    resolved = resolve([InputEdit(WEIGHT, 60.0, 45.0)], read_data(theirs, NAME))
    assert resolved.edits == ()
    (conflict,) = resolved.conflicts
    assert str(conflict) == (
        "Weights!C6: Russia, Relief: weight was changed on both sides: from 60 to 45 here, to 50 "
        "in the file. Keep 45, or take 50."
    )
    assert (conflict.ours_text, conflict.theirs_text) == ("45", "50")
    kept = case_from_workbook(applied(theirs, [conflict.keep_ours()]), NAME)
    assert kept.party("Russia").criterion("Relief").weight == 45


def test_different_cells_both_survive(small: bytes) -> None:
    theirs = their(small, "Weights!C7", 11)
    case = case_from_workbook(applied(theirs, [InputEdit(WEIGHT, 60.0, 45.0)]), NAME)
    assert [criterion.weight for criterion in case.party("Russia").criteria] == [45, 11]


def test_what_stands_there_already_needs_nothing(small: bytes) -> None:
    edit = InputEdit(WEIGHT, 60.0, 45.0)
    resolved = resolve([edit], read_data(their(small, "Weights!C6", 45), NAME))
    assert (resolved.edits, resolved.conflicts, resolved.done) == ((), (), (edit,))


def test_a_blank_power_is_one(small: bytes) -> None:
    path = ("parties", "Russia", "power")
    blank = their(small, "Parties!G6", None)
    resolved = resolve([InputEdit(path, 1.0, 2.0)], read_data(blank, NAME))
    assert [edit.to for edit in resolved.edits] == [2.0]
    assert resolve([InputEdit(path, 2.0, None)], read_data(blank, NAME)).done


def test_an_input_that_is_gone_is_a_conflict_in_words(small: bytes) -> None:
    reading = read_data(small, NAME)
    edits = [
        InputEdit(("parties", "Nobody", "power"), 1.0, 2.0),
        InputEdit(("parties", "Russia", "criteria", "Gone", "weight"), 1.0, 2.0),
        InputEdit(("parties", "Russia", "scores", "Relief", "Banking", "None", "low"), None, 2.0),
        InputEdit(("packages", "A"), "A", "B"),
        InputEdit(("packages", "A", "name"), "A", "B"),
        InputEdit(("red_lines", "No full relief", "forbid", "Banking", "Full"), True, None),
    ]
    resolved = resolve(edits, reading)
    assert resolved.edits == ()
    assert [conflict.has_cell for conflict in resolved.conflicts] == [False] * 6
    assert str(resolved.conflicts[1]).startswith(
        "Parties!A6: Russia, Gone: weight was to change from 1 to 2, but has no cell"
    )


def test_later_edits_build_on_earlier_ones(small: bytes) -> None:
    reading = read_data(small, NAME)
    chain = [InputEdit(WEIGHT, 60.0, 50.0), InputEdit(WEIGHT, 50.0, 45.0)]
    resolved = resolve(chain, reading)
    assert [edit.to for edit in resolved.edits] == [45.0]
    assert resolved.applied == (InputEdit(WEIGHT, 60.0, 45.0),)
    there_and_back = [chain[0], chain[0].undo()]
    resolved = resolve(there_and_back, reading)
    assert (resolved.edits, resolved.done) == ((), tuple(there_and_back))
    torn = resolve([chain[0], InputEdit(WEIGHT, 60.0, 30.0)], reading)
    assert [edit.to for edit in torn.edits] == [50.0]
    assert [conflict.theirs for conflict in torn.conflicts] == [50.0]
