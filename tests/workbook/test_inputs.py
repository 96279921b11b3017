"""The input sheets as they are written: text as text, drop-downs that list what they should."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from mcda.json_form import case_from_data
from mcda.workbook import layout
from tests.case_strategy import random_case
from tests.office import Office
from tests.workbook.books import bare, part, sheet_part
from tests.workbook.test_read import SMALL


@pytest.fixture(scope="module")
def small() -> bytes:
    return bare(case_from_data(SMALL))


@lru_cache(maxsize=1)
def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def rules(data: bytes, sheet: str) -> Iterator[DataValidation]:
    yield from opened(data)[sheet].data_validations.dataValidation


def rule_at(data: bytes, sheet: str, cell: str) -> DataValidation:
    (found,) = [rule for rule in rules(data, sheet) if cell in rule.sqref]
    return found


@pytest.mark.parametrize("seed", range(5))
def test_no_input_table_holds_a_formula(seed: int) -> None:
    """Only the marking over each table is live."""
    data = bare(case_from_data(random_case(seed)))
    book = load_workbook(io.BytesIO(data))
    for name in layout.INPUT_SHEETS:
        formulas = [c.coordinate for row in book[name] for c in row if c.data_type == "f"]
        assert formulas == ["A3"]


def test_what_text_looks_like_does_not_matter() -> None:
    data = bare(case_from_data(random_case(11)))
    for name in layout.INPUT_SHEETS:
        assert b"<hyperlink" not in part(data, sheet_part(name))


def test_text_cells_have_the_text_format(small: bytes) -> None:
    """What is typed into them later stays as typed: 30.0, =x, 1E5, 2025-01-01."""
    book = load_workbook(io.BytesIO(small))
    cells = ("Packages!A6", "Packages!A12", "Packages!B12", "Issues!B12", "Scores!B12", "Rules!A9")
    for cell in cells:
        sheet, place = cell.split("!")
        assert book[sheet][place].number_format == "@"
    assert book["Weights"]["C6"].number_format == "General"


def test_rules_reach_to_the_marker_row(small: bytes) -> None:
    """So that a row inserted above it has them, too."""
    text = part(small, "xl/workbook.xml").decode()
    for table in layout.TABLES:
        for column in table.columns:
            if not column.choices:
                continue
            pattern = rf'name="{table.name(column.key)}">\'[^\']+\'!\$(\w+)\$\d+:\$\w+\$(\d+)<'
            found = re.search(pattern, text)
            assert found is not None
            rule = rule_at(small, table.sheet, f"{found[1]}{found[2]}")
            assert rule.formula1 == f'"{",".join(column.choices)}"'
            assert rule.error


def test_formulas_of_rules_are_short_enough_for_excel(small: bytes) -> None:
    for name in layout.INPUT_SHEETS:
        for rule in rules(small, name):
            assert len(rule.formula1 or "") <= 255
            assert len(rule.error or "") <= 255
            assert len(rule.prompt or "") <= 255


LISTS = {
    "Packages!B6": ["None", "Partial", "Full"],
    "Packages!C6": ["Alone", "EU and G7"],
    "No deal!B6": ["None", "Partial", "Full", "Tightened"],
    "Criteria!A6": ["Russia", "Ukraine"],
    "Weights!B6": ["Relief", "Standing"],
    "Scores!B7": ["None", "Partial", "Full", "Tightened"],
    "Scores!B29": ["A", "B", "C"],
    "Evidence!E6": ["None", "Partial", "Full", "Tightened"],
    "Conditions!A6": ["Swift", "No full relief", "Both"],
    "Conditions!E6": ["None", "Partial", "Full", "Tightened"],
    "Scenarios!K6": ["Swift", "No full relief", "Both"],
    "Recommendations!B6": ["A", "B", "C"],
}


@pytest.mark.office
def test_drop_downs_list_what_they_should(office: Office, small: bytes, tmp_path: Path) -> None:
    path = tmp_path / "talks.xlsx"
    path.write_bytes(small)
    with office.open(path) as book:
        for cell, expected in LISTS.items():
            sheet, place = cell.split("!")
            source = rule_at(small, sheet, place).formula1.removeprefix("=").replace(",", ";")
            source = source.replace("B$5", f"{place[0]}$5")  # relative to the rule's first cell
            listed = []
            for k in range(len(expected)):
                book.write_formula(sheet, 200, 40, f"=INDEX({source};{k + 1};1)")
                listed.append(book.cell(sheet, 200, 40))
            book.write_formula(sheet, 200, 40, f"=ROWS({source})")
            assert (listed, book.cell(sheet, 200, 40)) == (expected, len(expected)), cell
