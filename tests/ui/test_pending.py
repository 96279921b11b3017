"""Changes of a session against a file that changes, too: nothing is lost, nothing wins silently."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from mcda.json_form import case_from_data
from mcda.ui.pending import Pending
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.changes.named_inputs import NamedInputs
from tests.workbook.test_read import SMALL

WEIGHT = ("parties", "Russia", "criteria", "Relief", "weight")
OTHER = ("parties", "Russia", "criteria", "Standing", "weight")
SCORE = ("parties", "Russia", "scores", "Relief", "Banking", "Full")


def inputs(weight: float = 60, other: float = 40) -> NamedInputs:
    """What the file says."""
    data: dict[str, Any] = copy.deepcopy(SMALL)
    for criterion, value in zip(data["parties"][0]["criteria"], (weight, other), strict=True):
        criterion["weight"] = value
        criterion.pop("weight_range", None)
    return NamedInputs(case_from_data(data))


@pytest.fixture
def pending() -> Pending:
    changed = Pending()
    changed.set(WEIGHT, 60.0, 45.0)
    return changed


def edits(pending: Pending) -> list[InputEdit]:
    return [edit for change in pending if (edit := change.to_give)]


def test_a_change_is_shown_and_to_be_written(pending: Pending) -> None:
    assert pending.value(WEIGHT, 60.0) == 45.0
    assert pending.value(OTHER, 40.0) == 40.0
    assert edits(pending) == [InputEdit(WEIGHT, 60.0, 45.0)]


def test_changed_back_it_is_forgotten(pending: Pending) -> None:
    pending.set(WEIGHT, 60.0, 60.0)
    assert len(pending) == 0


def test_what_the_file_says_by_now_is_forgotten(pending: Pending) -> None:
    pending.follow(inputs(weight=45))
    assert len(pending) == 0


def test_a_change_elsewhere_in_the_file_passes_by(pending: Pending) -> None:
    pending.follow(inputs(other=99))
    assert pending.conflicts(inputs(other=99)) == []
    assert edits(pending) == [InputEdit(WEIGHT, 60.0, 45.0)]


def test_a_third_value_in_the_file_is_a_conflict_until_the_user_chooses(pending: Pending) -> None:
    file = inputs(weight=50)
    pending.follow(file)
    (conflict,) = pending.conflicts(file)
    assert (conflict.edit, conflict.theirs) == (InputEdit(WEIGHT, 60.0, 45.0), 50.0)
    ours = copy.copy(pending)
    ours.rebase(WEIGHT, 50.0)
    assert ours.conflicts(file) == []
    assert edits(ours) == [InputEdit(WEIGHT, 50.0, 45.0)]
    pending.drop(WEIGHT, 50.0)
    assert len(pending) == 0
    assert len(ours) == 1


def test_an_input_that_is_gone_is_a_conflict_without_a_cell(pending: Pending) -> None:
    data: dict[str, Any] = copy.deepcopy(SMALL)
    for score in data["parties"][0]["scores"].pop("Relief"), data.pop("interactions"):
        assert score
    data["parties"][0]["criteria"].pop(0)
    data["scenarios"] = []
    del data["packages"][2]["scores"]["Russia"]["Relief"]
    pending.set(SCORE, 40.0, 41.0)
    found = pending.conflicts(NamedInputs(case_from_data(data)))
    assert [conflict.has_cell for conflict in found] == [False, False]


def test_what_waits_is_not_given_twice(pending: Pending) -> None:
    pending.give([WEIGHT])
    assert edits(pending) == []
    pending.set(WEIGHT, 60.0, 30.0)
    assert edits(pending) == [InputEdit(WEIGHT, 45.0, 30.0)]
    pending.follow(inputs(weight=45))  # what waited was written
    assert pending.conflicts(inputs(weight=45)) == []
    assert edits(pending) == [InputEdit(WEIGHT, 45.0, 30.0)]


def test_what_waits_and_is_discarded_is_taken_back(pending: Pending) -> None:
    pending.give([WEIGHT])
    pending.drop(WEIGHT, 60.0)
    assert pending.value(WEIGHT, 60.0) == 60.0
    assert edits(pending) == [InputEdit(WEIGHT, 45.0, 60.0)]
    pending.give([WEIGHT])
    pending.follow(inputs())
    assert len(pending) == 0


def test_what_was_given_away_and_came_to_nothing_is_given_again(pending: Pending) -> None:
    pending.give([WEIGHT])
    pending.take_back()
    assert edits(pending) == [InputEdit(WEIGHT, 60.0, 45.0)]
    pending.drop(WEIGHT, 60.0)
    assert len(pending) == 0


def test_a_copy_is_one_of_its_own(pending: Pending) -> None:
    other = copy.copy(pending)
    other.set(OTHER, 40.0, 1.0)
    assert (len(pending), len(other)) == (1, 2)
