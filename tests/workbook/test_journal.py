"""Edits that another program's save did not know of come back; deliberate changes are respected."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from mcda.canonical import canonical_data
from mcda.json_form import case_from_data
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.changes.journal import Journal
from mcda.workbook.read import Reading
from mcda.workbook.tables import Notes
from tests.workbook.test_read import SMALL

RELIEF = ("parties", "Russia", "criteria", "Relief", "weight")
STANDING = ("parties", "Russia", "criteria", "Standing", "weight")
Line = tuple[str, ...]


def reading(**weights: float) -> Reading:
    """The small case with weights of Russia, each weight with a cell."""
    data: dict[str, Any] = copy.deepcopy(canonical_data(case_from_data(SMALL)))
    criteria = data["parties"][0]["criteria"]
    places = {}
    for index, criterion in enumerate(criteria):
        criterion["weight"] = weights.get(criterion["name"], criterion["weight"])
        places[("parties", 0, "criteria", index, "weight")] = ("Weights", 5 + index, 2)
    return Reading(data, places, Notes())


def line(edit: InputEdit, number: int = 1) -> Line:
    return (f"2026-11-22 20:{number:02}", str(edit.path[3]), edit.old_text, edit.new_text)


FIRST = InputEdit(RELIEF, 60.0, 45.0)
SECOND = InputEdit(RELIEF, 45.0, 30.0)
OTHER = InputEdit(STANDING, 40.0, 41.0)


@pytest.fixture
def journal() -> Journal:
    return Journal().wrote([(FIRST, line(FIRST))], [line(FIRST)])


def test_an_edit_that_was_not_known_and_is_gone_is_made_again(journal: Journal) -> None:
    review = journal.review(reading(Relief=60), [])
    assert review.again == (FIRST,)
    assert (review.conflicts, review.respected) == ((), ())
    assert review.journal == journal


def test_a_change_by_somebody_who_knew_the_edit_is_respected(journal: Journal) -> None:
    for weight in (60, 50):
        review = journal.review(reading(Relief=weight), [("other",), line(FIRST)])
        assert review.respected == (FIRST,)
        assert (review.again, review.conflicts) == ((), ())
        assert review.journal == Journal()
        # ... and it is not brought up again by a version that did not know the edit
        assert review.journal.review(reading(Relief=60), []).again == ()


def test_a_third_value_by_somebody_who_did_not_know_is_a_conflict(journal: Journal) -> None:
    (conflict,) = journal.review(reading(Relief=50), []).conflicts
    assert (conflict.edit, conflict.theirs, conflict.where) == (FIRST, 50.0, "Weights!C6")


def test_our_value_is_fine_whoever_knew_of_it(journal: Journal) -> None:
    for lines in ([], [line(FIRST)]):
        review = journal.review(reading(Relief=45), lines)
        assert (review.again, review.conflicts, review.respected) == ((), (), ())
        assert review.journal == journal


def test_edits_of_different_inputs_are_judged_apart(journal: Journal) -> None:
    both = journal.wrote([(OTHER, line(OTHER))], [line(FIRST), line(OTHER)])
    review = both.review(reading(Relief=60, Standing=99), [line(FIRST)])
    assert review.respected == (FIRST,)
    assert [conflict.theirs for conflict in review.conflicts] == [99.0]


def test_somebody_who_knew_only_the_first_of_two_edits(journal: Journal) -> None:
    lines = [line(FIRST), line(SECOND, 2)]
    two = journal.wrote([(SECOND, lines[1])], lines)
    assert two.review(reading(Relief=45), lines[:1]).again == (SECOND,)
    assert two.review(reading(Relief=60), []).again == (InputEdit(RELIEF, 60.0, 30.0),)
    assert len(two.review(reading(Relief=60), lines[:1]).conflicts) == 1
    assert two.review(reading(Relief=60), lines).respected == (SECOND,)


def test_an_edit_made_again_is_known_by_its_new_line(journal: Journal) -> None:
    """The version that overwrote it lost the first line, and holds the second one now."""
    (again,) = journal.review(reading(Relief=60), []).again
    later = journal.wrote([(again, line(again, 9))], [line(again, 9)])
    review = later.review(reading(Relief=60), [line(again, 9)])
    assert review.respected == (again,)


def test_equal_lines_are_counted(journal: Journal) -> None:
    """There, back and there again within a minute: lines of the same words."""
    lines = [line(FIRST), line(FIRST.undo()), line(FIRST)]
    later = journal.wrote([(FIRST.undo(), lines[1])], lines[:2]).wrote([(FIRST, lines[2])], lines)
    assert later.review(reading(Relief=60), lines[:2]).again == (FIRST,)
    assert later.review(reading(Relief=60), lines).respected == (FIRST,)


def test_an_input_that_is_gone_is_a_conflict(journal: Journal) -> None:
    data = reading().data
    data["parties"][0]["criteria"][0]["name"] = "Another"
    (conflict,) = journal.review(Reading(data, {}, Notes()), []).conflicts
    assert not conflict.has_cell


def test_many_edits_of_one_input_are_not_all_kept(journal: Journal) -> None:
    for number in range(200):
        edit = InputEdit(RELIEF, 45.0 + number, 46.0 + number)
        journal = journal.wrote([(edit, ("line", number))], [("line", number)])
    assert len(journal.entries) <= 40
    assert journal.entries[-1].edit.new == 245.0


@pytest.mark.parametrize("seed", range(300))
def test_whoever_saves_what_they_opened_loses_nothing(seed: int) -> None:
    """A plain model of one input: versions with their value and Log; somebody opens any version,

    sets a value or not, and saves over whatever stands there by then.
    """
    rng = random.Random(seed)
    journal = Journal()
    versions: list[tuple[float, tuple[Line, ...]]] = [(60.0, ())]
    for step in range(12):
        value, lines = versions[-1]
        if rng.random() < 0.5:  # we write
            edit = InputEdit(RELIEF, value, float(rng.choice([45, 50, 60])))
            if edit.new == edit.old:
                continue
            added = (*lines, line(edit, step))
            journal = journal.wrote([(edit, added[-1])], added)
            versions.append((float(edit.new or 0), added))
            continue
        opened, known = rng.choice(versions)
        ours = journal.entries[-1].edit.new if journal.entries else None
        saved = opened if rng.random() < 0.6 else float(rng.choice([45, 50, 60]))
        versions.append((saved, known))
        review = journal.review(reading(Relief=saved), known)
        knew_ours = journal.entries != () and journal.entries[-1].line in known
        assert len(review.again) + len(review.conflicts) + len(review.respected) <= 1
        if ours is None or saved == ours:
            assert review.journal == journal
        elif knew_ours:
            assert review.respected
        elif saved == opened:  # nobody meant to change it: ours comes back, or we ask
            assert review.again or review.conflicts
            assert all(edit.new == ours for edit in review.again)
        else:
            assert review.again or review.conflicts
        journal = review.journal
        for edit in review.again:
            added = (*known, line(edit, step + 20))
            journal = journal.wrote([(edit, added[-1])], added)
            versions.append((float(edit.new or 0), added))
        if review.conflicts:
            break
