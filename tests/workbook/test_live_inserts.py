"""Whatever a user inserts: the live formulas still say what Python says, inside LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mcda
from mcda.json_form import canonical_data, case_from_data
from mcda.workbook import layout
from mcda.workbook.author import create
from tests.office import Book, Office
from tests.workbook.live_view import Live, differences
from tests.workbook.small_case import EITHER, small

pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("inserts") / "small.xlsx"
    create(case_from_data(small()), made, room=8)
    return made


@pytest.fixture
def book(office: Office, path: Path) -> Iterator[Book]:
    with office.open(path) as opened:
        yield opened


def assert_holds(book: Book, data: dict[str, Any], tmp_path: Path) -> None:
    """The sheet equals Python, all checks hold, and reading the saved file gives the same case."""
    case = case_from_data(data)
    live = Live(book)
    assert differences(live, case) == []
    assert live.failing == []
    assert live.master.startswith("PASS")
    saved = tmp_path / "saved.xlsx"
    book.save(saved)
    read = canonical_data(mcda.read(saved))
    assert read == canonical_data(case)


def test_blank_rows_under_the_header_in_the_middle_and_at_the_end_of_every_table(
    book: Book, tmp_path: Path
) -> None:
    with book.at_once():
        for table in layout.TABLES:
            name = table.name(table.columns[0].key)
            block = book.block(name)
            book.insert_rows(block.sheet, block.bottom)  # above the marker row
            book.insert_rows(block.sheet, block.top + 2)  # after the first row
            book.insert_rows(block.sheet, block.top + 1)  # under the header
            grown = book.block(name)
            assert grown.bottom - grown.top == block.bottom - block.top + 3
    assert_holds(book, small(), tmp_path)


def fill(book: Book, name: str, row: int, *contents: str | float | None, column: int = 0) -> None:
    """Write contents side by side, ``row`` rows below the header of a block."""
    block = book.block(name)
    for offset, content in enumerate(contents):
        if content is not None:
            place = (block.sheet, block.top + 1 + row, block.left + column + offset)
            book.write(*place, content)


def spare(book: Book, name: str) -> int:
    """The first row of a column without content, counted from under its header."""
    rows = [row[0] for row in book.read_name(name)]
    return rows.index("", 1) - 1


def test_a_package_in_a_spare_row_and_one_in_an_inserted_row(book: Book, tmp_path: Path) -> None:
    data = small()
    new = {"name": "Zero", "settings": {"Tariff": "none", "Quota": "30", "Backing": "together"}}
    between = {"name": "In between", "settings": {**new["settings"], "Tariff": "<5"}}
    data["packages"] = [data["packages"][0], between, *data["packages"][1:], new]
    with book.at_once():
        fill(book, layout.PACKAGES_SETTINGS, spare(book, "Packages_Package"),
             "Zero", "none", "30", "together")  # fmt: skip
        block = book.block("Packages_Package")
        book.insert_rows(block.sheet, block.top + 2)
        fill(book, layout.PACKAGES_SETTINGS, 1, "In between", "<5", "30", "together")
    assert_holds(book, data, tmp_path)


def test_a_stick_in_a_row_inserted_at_the_end(book: Book, tmp_path: Path) -> None:
    data = small()
    stick = {"name": "Both", "by": "North", "settings": {"Tariff": "Raised", "Quota": "30.0"}}
    data["no_deal"].append(stick)
    with book.at_once():
        block = book.block("NoDeal_NoDeal")
        book.insert_rows(block.sheet, block.bottom)
        fill(book, layout.NO_DEAL_SETTINGS, block.bottom - block.top - 1, "Both", "Raised", "30.0")
        fill(book, "NoDeal_By", block.bottom - block.top - 1, "North")
    assert_holds(book, data, tmp_path)


def test_a_party_in_spare_rows_with_inserted_columns_on_scores(book: Book, tmp_path: Path) -> None:
    data = small()
    data["parties"].append(
        {
            "name": "*", "reservation": 30,
            "criteria": [{"name": "Trade", "weight": 3, "low": 0, "high": 9},
                         {"name": "x<5", "weight": 1, "direction": "min"}],
            "scores": {
                "Trade": {"Tariff": {"none": 1, "Full": 4, "<5": 8, "Raised": 0}},
                "x<5": {"Backing": {"alone": 3, "together": 1, "as now": 0}},
            },
        }
    )  # fmt: skip
    data["packages"][5]["scores"]["*"] = {"Trade": 7, "x<5": 2}
    with book.at_once():
        row = spare(book, "Parties_Party")
        fill(book, "Parties_Party", row, "*")
        fill(book, "Parties_Reservation", row, 30)
        row = spare(book, "Criteria_Party")
        fill(book, "Criteria_Party", row, "*", "Trade", None, None, 0, 9)
        fill(book, "Criteria_Party", row + 1, "*", "x<5", None, "min")
        row = spare(book, "Weights_Party")
        fill(book, "Weights_Party", row, "*", "Trade", 3)
        fill(book, "Weights_Party", row + 1, "*", "x<5", 1)
        _score_columns(
            book,
            ("*", "Trade", {0: 1, 1: 4, 2: 8, 3: 0}, 7),
            ("*", "x<5", {7: 3, 8: 1, 9: 0}, 2),
        )
    assert_holds(book, data, tmp_path)
    with book.at_once():
        selector = book.block(layout.RANKED_FOR)
        book.write(selector.sheet, selector.top, selector.left, "*")
    assert_holds(book, data, tmp_path)


def _score_columns(book: Book, *columns: tuple[str, str, dict[int, float], float]) -> None:
    """Insert columns before the marker column of Scores: party, criterion, scores, direct one."""
    for party, criterion, scores, direct in columns:
        block = book.block(layout.SCORES_BLOCK)
        book.insert_columns(block.sheet, block.right)
        at = block.right - block.left
        fill(book, layout.SCORES_BLOCK, -1, party, column=at)
        fill(book, layout.SCORES_BLOCK, 0, criterion, column=at)
        for row, score in scores.items():
            fill(book, layout.SCORES_BLOCK, 1 + row, score, column=at)
        fill(book, layout.DIRECT_BLOCK, 0, direct, column=at)


def test_a_criterion_between_those_of_its_party(book: Book, tmp_path: Path) -> None:
    data = small()
    north = data["parties"][0]
    north["criteria"].insert(1, {"name": "Pride", "weight": 25, "high": 40})
    north["scores"]["Pride"] = {"Quota": {"30": 5, "30.0": 0, "=SUM(A1)": 30}}
    data["packages"][5]["scores"]["North"]["Pride"] = 12
    with book.at_once():
        for name, cells in (
            ("Criteria_Party", ("North", "Pride", None, None, None, 40)),
            ("Weights_Party", ("North", "Pride", 25)),
        ):
            block = book.block(name)
            book.insert_rows(block.sheet, block.top + 2)
            fill(book, name, 1, *cells)
        block = book.block(layout.SCORES_BLOCK)
        book.insert_columns(block.sheet, block.left + 2)
        fill(book, layout.SCORES_BLOCK, -1, "North", column=2)
        fill(book, layout.SCORES_BLOCK, 0, "Pride", column=2)
        for row, score in {4: 5, 5: 0, 6: 30}.items():
            fill(book, layout.SCORES_BLOCK, 1 + row, score, column=2)
        fill(book, layout.DIRECT_BLOCK, 0, 12, column=2)
    assert_holds(book, data, tmp_path)


def test_a_level_within_an_issue(book: Book, tmp_path: Path) -> None:
    data = small()
    data["issues"][0]["levels"].insert(2, "~half")
    scores = {("North", "Trade"): 26, ("North", "Cost"): 6, ("south*", "Trade"): 5}
    for party, criterion in scores:
        party_data = next(item for item in data["parties"] if item["name"] == party)
        party_data["scores"][criterion]["Tariff"]["~half"] = scores[party, criterion]
    data["packages"][0]["settings"]["Tariff"] = "~half"
    with book.at_once():
        for name in ("Issues_Issue", "Scores_Issue"):
            block = book.block(name)
            book.insert_rows(block.sheet, block.top + 3)
            fill(book, name, 2, "Tariff", "~half")
        for column, score in {1: 26, 2: 6, 4: 5}.items():
            fill(book, layout.SCORES_BLOCK, 3, score, column=column)
        fill(book, layout.PACKAGES_SETTINGS, 0, "~half", column=1)
    assert_holds(book, data, tmp_path)


def test_an_issue_with_columns_in_packages_and_no_deal(book: Book, tmp_path: Path) -> None:
    data = small()
    levels = {"slow": 0, "quick": 4}
    data["issues"].insert(1, {"name": "Pace", "levels": list(levels)})
    data["parties"][0]["scores"]["Cost"]["Pace"] = dict(levels)
    settings = ["slow", "quick", "slow", "quick", "slow"]
    for package, level in zip(data["packages"], settings, strict=False):
        package["settings"]["Pace"] = level
    data["no_deal"][0]["settings"]["Pace"] = "slow"
    data["no_deal"][1]["settings"]["Pace"] = "quick"
    data["rules"].append({"name": "Quick is free", "if": {"Pace": ["quick"]},
                          "then": {"Tariff": ["Full", "<5"]}})  # fmt: skip
    with book.at_once():
        for name in ("Issues_Issue", "Scores_Issue"):
            for offset, level in enumerate(levels):
                block = book.block(name)
                book.insert_rows(block.sheet, block.top + 5 + offset)
                fill(book, name, 4 + offset, "Pace", level)
        for offset, score in enumerate(levels.values()):
            fill(book, layout.SCORES_BLOCK, 5 + offset, score, column=2)
        block = book.block(layout.PACKAGES_SETTINGS)
        book.insert_columns(block.sheet, block.left + 2)
        fill(book, layout.PACKAGES_SETTINGS, -1, "Pace", column=2)
        for row, level in enumerate(settings):
            fill(book, layout.PACKAGES_SETTINGS, row, level, column=2)
        block = book.block(layout.NO_DEAL_SETTINGS)
        book.insert_columns(block.sheet, block.left + 2)
        for row, text in enumerate(("Pace", "slow", "quick"), -1):
            fill(book, layout.NO_DEAL_SETTINGS, row, text, column=2)
        row = spare(book, "Rules_Name")
        fill(book, "Rules_Name", row, "Quick is free", "rule")
        row = spare(book, "Conditions_Name")
        for offset, cells in enumerate(
            (("if", "Pace", "quick"), ("then", "Tariff", "Full"), ("then", "Tariff", "<5"))
        ):
            fill(book, "Conditions_Name", row + offset, "Quick is free", "rule", *cells)
    assert_holds(book, data, tmp_path)


def test_columns_and_sheets_of_the_users_own(book: Book, tmp_path: Path) -> None:
    with book.at_once():
        block = book.block("Weights_How")
        book.insert_columns(block.sheet, block.left)
        book.write(block.sheet, block.top, block.left, "My remarks")
        book.write(block.sheet, block.top + 1, block.left, "Ask again")
        book.insert_rows(layout.CRITERIA, 0)
        book.insert_columns(layout.ISSUES, 0)
        book.insert_sheet("My notes", 0)
        book.write("My notes", 0, 0, 42)
        book.move_sheet(layout.SCORES, 1)
        book.rename_sheet(layout.EVIDENCE, "Belege")
    assert_holds(book, small(), tmp_path)


def test_a_removed_package_and_party(book: Book, tmp_path: Path) -> None:
    data = small()
    del data["packages"][1]
    del data["parties"][2]
    del data["packages"][4]["scores"]["Port\nauthority"]
    data["packages"][4]["crosses"] = ["south*"]
    with book.at_once():
        block = book.block("Packages_Package")
        book.delete_rows(block.sheet, block.top + 2)
        for name, row in (("Parties_Party", 2), ("Criteria_Party", 5), ("Weights_Party", 5)):
            block = book.block(name)
            book.delete_rows(block.sheet, block.top + 1 + row)
        block = book.block(layout.SCORES_BLOCK)
        book.delete_columns(block.sheet, block.left + 6)
        block = book.block(layout.NO_DEAL_VALUES)
        book.delete_columns(block.sheet, block.left + 3)
        fill(book, "Packages_Crosses", 4, "south*")
    assert_holds(book, data, tmp_path)


def test_the_small_case_knows_the_columns_used_here() -> None:
    pairs = [(p["name"], c["name"]) for p in small()["parties"] for c in p["criteria"]]
    assert pairs == [
        ("North", "Trade"), ("North", "Cost"), ("North", "Bent"), ("south*", "Trade"),
        ("south*", EITHER), ("Port\nauthority", "Traffic"),
    ]  # fmt: skip
