"""An earlier version that is put back is meant, unlike one that a program saves over an edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from mcda.files import read
from mcda.json_form import case_from_data
from mcda.workbook.author import create
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.disk.restore import restore, versions_of
from mcda.workbook.watching.watch import Watcher
from tests.workbook.books import edited
from tests.workbook.small_case import small

WEIGHT = ("parties", "North", "criteria", "Trade", "weight")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "talks.xlsx"
    create(case_from_data(small()), path, room=2)
    return path


def weight(file: Path) -> float:
    return read(file).party("North").criterion("Trade").weight


def test_a_restored_version_stays_restored(file: Path) -> None:
    before = file.read_bytes()
    watcher = Watcher(file)
    watcher.edit([InputEdit(WEIGHT, 60.0, 45.0)])
    assert weight(file) == 45
    (version,) = [one for one in versions_of(file) if one.backup.holds(before)]
    restore(file, version)
    watcher.edit([])
    assert weight(file) == 60
    # ... and is not taken for overwritten by what is saved from it later
    file.write_bytes(edited(before, lambda book: book["Weights"].__setitem__("C7", 11)))
    watcher.edit([])
    assert weight(file) == 60


def test_the_same_inputs_saved_by_a_program_are_no_wish(file: Path) -> None:
    before = file.read_bytes()
    watcher = Watcher(file)
    watcher.edit([InputEdit(WEIGHT, 60.0, 45.0)])
    file.write_bytes(edited(before, lambda book: None))
    watcher.edit([])
    assert weight(file) == 45


def test_a_version_kept_for_a_write_that_came_to_nothing_is_not_put_back(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their save, which does not know of our edit, is backed up and given back at first."""
    theirs = edited(file.read_bytes(), lambda book: book["Weights"].__setitem__("C7", 11))
    watcher = Watcher(file)
    watcher.edit([InputEdit(WEIGHT, 60.0, 45.0)])
    file.write_bytes(theirs)
    answers = iter([True])  # somebody has it open at the first try, and nobody after
    monkeypatch.setattr("mcda.workbook.disk.store.being_written", lambda _: next(answers, False))
    watcher.edit([])
    assert next(answers, None) is None
    assert any(one.backup.holds(theirs) for one in versions_of(file))
    assert weight(file) == 45
