"""Numbers typed into tables become changes of inputs, or are refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mcda.case import Reservation
from mcda.json_form import case_from_data
from mcda.ui import state
from mcda.workbook.changes.edited_case import edited_case
from mcda.workbook.changes.edits import InputEdit
from tests.ui.test_every_page import visit
from tests.ui.test_page import assert_shows, page, save, text
from tests.workbook.small_case import small

CASE = case_from_data(small())
SCORE = ("parties", "North", "scores", "Trade", "Tariff", "none")


@pytest.fixture
def test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    found = page(save(CASE, tmp_path), monkeypatch)
    visit(found, "Weights and scores")
    return found


def type_in(test: Any, table: str, **cells: float | None) -> None:
    """Type into a table as the browser tells it; cells are named r0_score and so on."""
    (key,) = [key for key in test.session_state["tables that are edited"] if key.startswith(table)]
    rows: dict[int, dict[str, float | None]] = {}
    for name, value in cells.items():
        row, column = name.split("_", 1)
        rows.setdefault(int(row[1:]), {})[column.replace("_", " ")] = value
    test.session_state[key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    test.run()


def pending(test: Any) -> dict[Any, Any]:
    return {change.path: change.new for change in test.session_state[state.PENDING]}


def test_a_score_is_a_change_and_ranks_anew(test: Any) -> None:
    type_in(test, "scores", r0_score=44.0)
    assert pending(test) == {SCORE: 44.0}
    visit(test, "Ranking")
    assert_shows(test, edited_case(CASE, [InputEdit(SCORE, 0.0, 44.0)]), "North")


def test_it_stays_when_the_table_is_left_and_shown_again(test: Any) -> None:
    type_in(test, "scores", r0_score=44.0)
    visit(test, "Ranking")
    visit(test, "Weights and scores")
    assert pending(test) == {SCORE: 44.0}
    frame = next(one.value for one in test.dataframe if "score" in one.value)
    assert frame["score"][0] == 44.0


def test_typed_back_it_is_no_change(test: Any) -> None:
    type_in(test, "scores", r0_score=44.0)
    type_in(test, "scores", r0_score=0.0)
    assert pending(test) == {}


def test_a_reservation_value_with_its_range(test: Any) -> None:
    type_in(test, "reservation", r0_stated=20.0, r0_stated_low=10.0, r0_stated_high=30.0)
    changed = edited_case(CASE, [change.edit for change in test.session_state[state.PENDING]])
    assert changed.party("North").reservation == Reservation(20, 10, 30)
    assert not test.warning


def test_what_makes_no_case_is_refused_in_words_until_it_is_mended(test: Any) -> None:
    type_in(test, "reservation", r1_stated=60.0)
    assert pending(test) == {}
    (warning,) = test.warning
    assert "60" in warning.value
    assert "low 35" in warning.value
    type_in(test, "reservation", r1_stated=60.0, r1_stated_high=65.0)
    assert not test.warning
    path = ("parties", "south*", "reservation")
    assert pending(test) == {path: 60.0, (*path, "high"): 65.0}


def test_a_score_cannot_be_taken_away(test: Any) -> None:
    type_in(test, "scores", r0_score=None)
    assert pending(test) == {}
    assert test.warning


def test_discarding_starts_the_tables_anew(test: Any) -> None:
    type_in(test, "scores", r0_score=44.0)
    next(one for one in test.button if one.label == "Discard all changes").click().run()
    test.run()
    assert pending(test) == {}
    assert [one.value["score"][0] for one in test.dataframe if "score" in one.value] == [0.0]
    assert "Changed here" not in text(test)
    type_in(test, "scores", r0_score=44.0)
    assert pending(test) == {SCORE: 44.0}
