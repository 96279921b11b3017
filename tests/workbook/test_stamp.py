"""The Stamp sheet: what the live formulas say about it, and what changed by names."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from mcda.case import Case
from mcda.json_form import case_from_data
from mcda.values import evaluate
from mcda.workbook import layout
from mcda.workbook.author import create, workbook_bytes
from mcda.workbook.read import open_book, read_book
from mcda.workbook.stamp import read_stamp
from mcda.workbook.stamp_changes import changes
from mcda.workbook.sync import synced
from tests.case_strategy import random_case
from tests.office import Book, Office
from tests.workbook.live_breaks import write
from tests.workbook.live_edits import Edited, Undoing
from tests.workbook.live_view import Live
from tests.workbook.small_case import small

AGREES = "Python agrees with the party values and reservation values here"
FRESH = "Stamped sheets are fresh"
NOT_STAMPED = {
    ("Packages", "Note"), ("Issues", "Meaning"), ("Criteria", "Worst"), ("Weights", "How"),
    ("Evidence", "Basis"), ("Rules", "Source"), ("Scenarios", "Why"), ("Sources", "Statement"),
}  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("stamp") / "small.xlsx"
    create(case_from_data(small()), made, room=8, when="2025-06-02 12:00")
    return made


@pytest.fixture
def book(office: Office, path: Path) -> Iterator[Book]:
    with office.open(path) as opened:
        yield opened


def state(book: Book) -> tuple[float, str, str, str]:
    """Cells changed, and what Checks says of agreement and freshness; the sheet's own word."""
    checks = Live(book).checks
    changed, told = _changed(book), book.read_name(layout.STAMP_STATES)[0][0]
    assert isinstance(changed, float)
    return changed, checks[AGREES], checks[FRESH], str(told)


SOUND = (0.0, "PASS", "PASS", "fresh")


# --- live, in LibreOffice


@pytest.mark.office
def test_a_new_workbook_is_fresh_and_python_agrees(book: Book) -> None:
    assert state(book) == SOUND
    assert book.read_name(layout.STAMP_WHEN) == [["2025-06-02 12:00"]]
    stamped = np.array(book.read_name(layout.STAMP_PARTY), dtype=object)
    evaluation = evaluate(case_from_data(small()))
    rows, columns = evaluation.party_values.shape
    assert stamped[:rows, :columns].astype(float) == pytest.approx(
        evaluation.party_values, abs=1e-12, nan_ok=True
    )
    assert set(stamped[rows:].ravel()) | set(stamped[:, columns:].ravel()) == {""}
    reservation = book.read_name(layout.STAMP_RESERVATION)[0][:columns]
    assert reservation == pytest.approx(evaluation.reservation.tolist())


@pytest.mark.office
def test_a_changed_weight_makes_it_stale_until_it_is_put_back(book: Book) -> None:
    weights = book.block("Weights_Weight")
    place = (weights.sheet, weights.top + 1, weights.left)
    before = book.cell(*place)
    book.write(*place, 61)
    assert state(book) == (1.0, "PASS", "NOTE", "STALE")
    assert Live(book).master.startswith("PASS")
    book.write(*place, before)
    assert state(book) == SOUND


@pytest.mark.office
def test_each_input_that_a_number_depends_on_is_watched_and_notes_are_not(
    office: Office, path: Path
) -> None:
    with office.open(path) as opened:
        book = Undoing(opened.office, opened.document)
        edited = Edited(book, small())
        counts = {}
        for key, columns in layout.NUMBERS_DEPEND_ON.items():
            for column in columns:
                for row in (0, _last_row(book, f"{key}_{column}")):
                    write(f"{key}_{column}", row, "changed")(edited)
                    counts[key, column, row] = _changed(book)
                    book.undo()
        for name in layout.BLOCKS:
            write(name, max(layout.HEADER_ROWS.get(name, 1), 1) - 1, "changed", 1)(edited)
            counts[name, "cell", 0] = _changed(book)
            book.undo()
            if layout.HEADER_ROWS.get(name, 1):
                write(name, -1, "changed", 2)(edited)
                counts[name, "header", 0] = _changed(book)
                book.undo()
        assert {where: count for where, count in counts.items() if count != 1} == {}
        for key, column in NOT_STAMPED:
            write(f"{key}_{column}", 0, "changed")(edited)
        assert state(book) == SOUND


def _changed(book: Book) -> object:
    return book.read_name(layout.STAMP_CHANGED)[0][0]


def _last_row(book: Book, name: str) -> int:
    block = book.block(name)
    return block.bottom - block.top - 2


@pytest.mark.office
def test_a_number_of_pythons_that_differs_is_told(book: Book) -> None:
    book.unprotect(layout.STAMP)
    for name in (layout.STAMP_PARTY, layout.STAMP_RESERVATION):
        block = book.block(name)
        place = (block.sheet, block.top, block.left + 1)
        right = book.cell(*place)
        assert isinstance(right, float)
        for number, verdict in (
            (right + 2e-9, "FAIL"), (right - 0.9e-9, "PASS"), (None, "FAIL"), (right, "PASS"),
        ):  # fmt: skip
            book.write(*place, number)
            assert state(book) == (0.0, verdict, "PASS", "fresh")
    weights = book.block("Weights_Weight")
    book.write(weights.sheet, weights.top + 1, weights.left, 61)
    book.write(*place, 1)
    assert state(book) == (1.0, "PASS", "NOTE", "STALE")


@pytest.mark.office
def test_a_damaged_formula_is_told(book: Book) -> None:
    share = book.block("Criterion_Share")
    book.unprotect(share.sheet)
    book.write_formula(share.sheet, share.top, share.left, "=0.9")
    changed, agrees, fresh, _ = state(book)
    assert (changed, agrees, fresh) == (0.0, "FAIL", "PASS")


@pytest.mark.office
def test_spare_rows_that_come_and_go_change_nothing(book: Book) -> None:
    with book.at_once():
        for number, table in enumerate(layout.TABLES):
            block = book.block(table.name(table.columns[0].key))
            if number % 2:
                book.insert_rows(block.sheet, block.bottom, 3)
            else:
                book.delete_rows(block.sheet, block.bottom - 1)
    assert state(book) == SOUND


@pytest.mark.office
def test_inserted_rows_a_new_package_and_a_deleted_row_are_stale_until_the_next_sync(
    office: Office, book: Book, tmp_path: Path
) -> None:
    with book.at_once():
        for table in layout.TABLES:
            block = book.block(table.name(table.columns[0].key))
            book.insert_rows(block.sheet, block.bottom)
            book.insert_rows(block.sheet, block.top + 1)
        package = book.block("Packages_Package")
        for column, text in enumerate(("New", "none", "30", "alone")):
            book.write(package.sheet, package.top + 1, package.left + column, text)
        book.delete_rows(package.sheet, package.top + 3)  # B
    changed, agrees, fresh, told = state(book)
    assert changed > 0
    assert (agrees, fresh, told) == ("PASS", "NOTE", "STALE")
    saved = tmp_path / "saved.xlsx"
    book.save(saved)
    result = synced(saved.read_bytes(), saved.name, when="2025-06-03 09:00")
    assert {(change.cell, change.old, change.new) for change in result.since} == {
        ("Packages!A6", "", "New"), ("Packages!B6", "", "none"), ("Packages!C6", "", "30"),
        ("Packages!D6", "", "alone"), ("Packages", "B", "row removed"),
    }  # fmt: skip
    again = tmp_path / "again.xlsx"
    again.write_bytes(result.data)
    with office.open(again) as opened:
        assert state(opened) == SOUND
        assert Live(opened).failing == []


# --- what Python reads of it


@pytest.mark.parametrize("seed", range(6))
def test_the_author_stamps_what_a_sync_would(seed: int) -> None:
    assert_stamped(case_from_data(random_case(seed)))


def assert_stamped(case: Case) -> None:
    data = workbook_bytes(case, room=3)
    book = open_book(data, "new.xlsx")
    stamp = read_stamp(book)
    assert stamp is not None
    assert set(stamp.copies) == {
        *layout.BLOCKS,
        *(f"{key}_{c}" for key, columns in layout.NUMBERS_DEPEND_ON.items() for c in columns),
    }
    areas = [copy.copied for copy in stamp.copies.values()]
    areas += stamp.numbers(book, read_book(book, "new.xlsx"), evaluate(case))
    assert [area.name for area in areas if area.is_changed] == []
    assert changes(stamp) == []


def test_a_blank_workbook_is_stamped_too() -> None:
    from mcda.examples import BLANK, read_example

    assert_stamped(read_example(BLANK))


def changes_after(*edits: tuple[str, int, int, str | float | None]) -> list[tuple[str, str, str]]:
    """What changed by names when cells are set: block, row and column from its first cell."""
    data = workbook_bytes(case_from_data(small()), room=8)
    opened = load_workbook(io.BytesIO(data))
    for name, row, column, value in edits:
        sheet, area = next(opened.defined_names[name].destinations)
        first = opened[sheet][area.replace("$", "").split(":")[0]]
        cell = opened[sheet].cell(first.row + row, first.column + column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    stream = io.BytesIO()
    opened.save(stream)
    stamp = read_stamp(open_book(stream.getvalue(), "edited.xlsx"))
    assert stamp is not None
    return [(change.cell, change.old, change.new) for change in changes(stamp)]


def test_a_changed_and_an_emptied_cell() -> None:
    assert changes_after(("Weights_Weight", 1, 0, 61), ("Parties_Reservation", 2, 0, None)) == [
        ("Parties!D7", str(small()["parties"][1]["reservation"][1]), ""),
        ("Weights!C6", "60", "61"),
    ]


def test_a_renamed_party_is_one_change_in_each_row() -> None:
    changed = changes_after(
        ("Parties_Party", 1, 0, "Northern union"), *(
            (f"{table}_Party", row, 0, "Northern union")
            for table in ("Criteria", "Weights") for row in (1, 2, 3)
        ), *(("Scores_Block", 0, column, "Northern union") for column in (1, 2, 3)),
    )  # fmt: skip
    assert {(old, new) for _, old, new in changed} == {("North", "Northern union")}
    assert [cell for cell, _, _ in changed] == [
        "Parties!A6", "Criteria!A6", "Criteria!A7", "Criteria!A8", "Weights!A6", "Weights!A7",
        "Weights!A8", "Scores!C5", "Scores!D5", "Scores!E5",
    ]  # fmt: skip


def test_rows_in_another_order_are_told_as_that() -> None:
    assert changes_after(
        ("NoDeal_NoDeal", 2, 0, small()["no_deal"][2]["name"]),
        ("NoDeal_NoDeal", 3, 0, small()["no_deal"][1]["name"]),
    )[-1] == ("No deal", "", "rows in another order")


def test_a_row_pushed_in_at_the_top_is_one_row() -> None:
    names = [item["name"] for item in small()["packages"]]
    settings = [
        [item.get("settings", {}).get(issue["name"]) for issue in small()["issues"]]
        for item in small()["packages"]
    ]
    moved = [["First", "none", "30", "alone"]]
    moved += [[name, *levels] for name, levels in zip(names, settings, strict=True)]
    changed = changes_after(*(
        (layout.PACKAGES_SETTINGS, row, column, text)
        for row, cells in enumerate(moved, 1) for column, text in enumerate(cells)
    ))  # fmt: skip
    assert changed[:4] == [
        ("Packages!A6", "", "First"), ("Packages!B6", "", "none"), ("Packages!C6", "", "30"),
        ("Packages!D6", "", "alone"),
    ]  # fmt: skip
    # "Crosses" of the directly scored package stayed behind in the row that it moved out of.
    assert all(cell.startswith("Packages!F") for cell, _, _ in changed[4:])
