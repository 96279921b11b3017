"""Our edits in versions that others wrote: known, unknown, in conflict, and no longer fitting."""

import pytest

from mcda.problems import CaseProblem
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.changes.journal import Journal
from mcda.workbook.sync import synced
from mcda.workbook.watching.merge import log_lines, merged
from tests.workbook.test_watch import COST, TRADE, WHEN, made, patched, uncomputed, weight

LOW = ("parties", "North", "criteria", "Trade", "low")
HIGH = ("parties", "North", "criteria", "Trade", "high")


@pytest.fixture(scope="module")
def base():
    return made(60)


def merge(data, journal=None, *edits):
    return merged(
        data,
        "t.xlsx",
        when=WHEN,
        journal=journal or Journal(),
        edits=edits,
        recalculator=uncomputed,
    )


def in_step(data):
    return synced(data, "t.xlsx", when=WHEN, recalculator=uncomputed).data == data


def test_a_version_in_step_stays_the_very_same_bytes(base):
    assert merge(base).synced.data is base


def test_an_edit_goes_into_its_cell_and_the_log_and_is_remembered(base):
    found = merge(base, None, InputEdit(TRADE, 60.0, 50.0))
    assert weight(found.synced.data) == 50
    assert [(edit.old, edit.new) for edit in found.applied] == [(60.0, 50.0)]
    (entry,) = found.journal.entries
    assert entry.edit.path == TRADE
    lines = log_lines(found.synced.data, "t.xlsx")
    assert entry.line in lines
    assert entry.line not in log_lines(base, "t.xlsx")
    assert {"60", "50"} < set(entry.line)
    assert in_step(found.synced.data)


def test_our_own_version_merged_again_changes_nothing(base):
    first = merge(base, None, InputEdit(TRADE, 60.0, 50.0))
    again = merge(first.synced.data, first.journal)
    assert again.synced.data == first.synced.data
    assert again.journal == first.journal
    assert not again.applied


def test_a_version_that_did_not_know_of_the_edit_gets_it_again(base):
    first = merge(base, None, InputEdit(TRADE, 60.0, 50.0))
    theirs = patched(base, {COST: 35})
    found = merge(theirs, first.journal)
    assert (weight(found.synced.data), weight(found.synced.data, 1)) == (50, 35)
    assert not found.conflicts
    # Once more by a third, who knows of neither writing.
    third = merge(patched(base, {COST: 36}), found.journal)
    assert (weight(third.synced.data), weight(third.synced.data, 1)) == (50, 36)


def test_a_version_that_knew_of_it_and_changed_it_back_stands(base):
    first = merge(base, None, InputEdit(TRADE, 60.0, 50.0))
    found = merge(patched(first.synced.data, {TRADE: 60}), first.journal)
    assert weight(found.synced.data) == 60
    assert not found.conflicts
    assert not found.journal.entries


def test_a_third_value_by_one_who_did_not_know_is_a_conflict(base):
    first = merge(base, None, InputEdit(TRADE, 60.0, 50.0))
    found = merge(patched(base, {TRADE: 70}), first.journal)
    assert weight(found.synced.data) == 70
    assert [(each.ours_text, each.theirs_text) for each in found.conflicts] == [("50", "70")]
    chosen = merge(found.synced.data, found.journal, found.conflicts[0].keep_ours())
    assert weight(chosen.synced.data) == 50


def test_a_new_edit_of_what_was_changed_meanwhile_is_a_conflict_and_others_are_written(base):
    theirs = patched(base, {TRADE: 70})
    found = merge(theirs, None, InputEdit(TRADE, 60.0, 50.0), InputEdit(COST, 30.0, 31.0))
    assert (weight(found.synced.data), weight(found.synced.data, 1)) == (70, 31)
    assert [each.edit.path for each in found.conflicts] == [TRADE]


def test_an_edit_that_fits_a_version_no_more_becomes_a_conflict(base):
    first = merge(base, None, InputEdit(LOW, 0.0, 45.0))
    theirs = patched(base, {HIGH: 40})
    found = merge(theirs, first.journal, InputEdit(COST, 30.0, 31.0))
    criterion = found.synced.case.party("North").criteria[0]
    assert (criterion.low, criterion.high) == (0, 40)
    assert weight(found.synced.data, 1) == 31
    assert [(each.edit.path, each.theirs) for each in found.conflicts] == [(LOW, 0)]
    assert "Criteria!" in str(found.conflicts[0])
    assert [entry.edit.path for entry in found.journal.entries] == [COST]


def test_a_new_edit_that_makes_no_case_is_refused_with_its_cell(base):
    with pytest.raises(CaseProblem, match="Weights!"):
        merge(base, None, InputEdit(TRADE, 60.0, -1.0))
