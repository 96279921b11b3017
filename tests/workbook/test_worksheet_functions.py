"""The bodies of MCDA_VALUE and MCDA_RANK as plain functions; Excel on Windows calls them."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import get_type_hints

import pytest
import xlwings
from xlwings.conversion import accessors

import mcda
from mcda.json_form import case_from_data
from mcda.workbook.excel import worksheet_functions
from mcda.workbook.excel.worksheet_functions import MCDA_RANK, MCDA_VALUE, rank_in, value_in
from tests.workbook.books import bare
from tests.workbook.small_case import small

SHIPPED = Path(__file__).parents[2] / "workbooks" / "ceasefire_talks.xlsx"


@pytest.fixture(autouse=True)
def _nothing_kept():
    worksheet_functions._kept.clear()


@pytest.fixture
def small_book(tmp_path):
    path = tmp_path / "harbour.xlsx"
    path.write_bytes(bare(case_from_data(small())))
    return path


def calling(path):
    """Return the cell that calls, as xlwings hands it over."""
    return SimpleNamespace(sheet=SimpleNamespace(book=SimpleNamespace(fullname=str(path))))


def test_every_party_and_package_of_the_shipped_case_has_the_value_and_rank_of_mcda_rank():
    expected = mcda.rank(mcda.read(SHIPPED.with_suffix(".json")))
    cell = calling(SHIPPED)
    for party in expected:
        for row in party:
            assert MCDA_VALUE(party.party, row.package, cell) == row.value
            rank = MCDA_RANK(party.party, row.package, cell)
            if row.rank is None:
                assert rank == f"no rank: {row.reason}"
            else:
                assert (rank, type(rank)) == (row.rank, int)


def test_some_package_of_the_shipped_case_has_no_rank():
    """Else the test above would leave a branch untried."""
    rows = [row for party in mcda.rank(mcda.read(SHIPPED)) for row in party]
    assert any(row.rank is None for row in rows)


@pytest.mark.parametrize(
    ("party", "package", "words"),
    [
        ("Rusia", "Ceasefire only", 'There is no party "Rusia". Did you mean "Russia"?'),
        (None, "Ceasefire only", 'There is no party "".'),
        ("Russia", "Technology carot", 'Did you mean "Technology carrot"?'),
        (["Russia", "Ukraine"], "x", "Give one cell"),
        ("Russia", [["a", "b"]], "Give one cell"),
        (3.5, "x", 'There is no party "3.5".'),
    ],
)
def test_a_name_that_is_not_there_is_told_in_words(party, package, words):
    for function in (value_in, rank_in):
        assert words in function(SHIPPED, party, package)


def test_a_package_whose_name_is_a_number_is_found(tmp_path):
    data = small()
    names = [package["name"] for package in data["packages"]]
    data["packages"][0]["name"] = "30"
    path = tmp_path / "numbers.xlsx"
    path.write_bytes(bare(case_from_data(data)))
    assert names[0] != "30"
    expected = mcda.rank(case_from_data(data))["North"]["30"].value
    assert value_in(path, "North", 30.0) == value_in(path, "North", "30") == expected


def test_a_workbook_without_a_file_or_a_case_is_told_in_words(tmp_path):
    assert "Save the workbook first" in value_in(tmp_path / "none.xlsx", "a", "b")
    assert "Save the workbook first" in value_in("Book1", "a", "b")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no zip")
    assert "broken.xlsx" in rank_in(broken, "a", "b")

    class Nowhere:
        @property
        def fullname(self):
            raise xlwings.XlwingsError("Couldn't find your local OneDrive file")

    cell = SimpleNamespace(sheet=SimpleNamespace(book=Nowhere()))
    assert "folder of this computer" in MCDA_VALUE("a", "b", cell)
    assert "folder of this computer" in MCDA_RANK("a", "b", cell)


def test_several_mistakes_are_told_by_the_first_and_their_number(tmp_path):
    from tests.workbook.books import edited

    def spoil(book):
        for row in (6, 7):
            book["Weights"].cell(row, 3).value = -5

    path = tmp_path / "spoilt.xlsx"
    path.write_bytes(edited(bare(case_from_data(small())), spoil))
    words = value_in(path, "North", "x")
    assert words.startswith("Weights!C6: ")
    assert words.endswith("(and 1 more; run mcda check)")


def test_a_file_is_read_once_until_it_changes(small_book, monkeypatch):
    case = case_from_data(small())
    package = case.packages[0].name
    value = mcda.rank(case)["North"][package].value
    reads = []
    real = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: reads.append(path) or real(path))
    for _ in range(5):
        assert value_in(small_book, "North", package) == value
        assert isinstance(rank_in(small_book, "North", package), int | str)
    assert reads == [small_book]

    data = small()
    data["parties"][0]["criteria"][0]["weight"] = 1
    small_book.write_bytes(bare(case_from_data(data)))
    later = small_book.stat().st_mtime_ns + 10**9
    os.utime(small_book, ns=(later, later))
    changed = mcda.rank(case_from_data(data))["North"][package].value
    assert changed != value
    assert value_in(small_book, "North", package) == changed
    assert len(reads) == 2


def test_no_more_than_a_few_workbooks_are_kept(small_book, tmp_path):
    for number in range(20):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(b"no zip")
        value_in(path, "a", "b")
    assert len(worksheet_functions._kept) == worksheet_functions._MOST_KEPT


@pytest.mark.parametrize("function", [MCDA_VALUE, MCDA_RANK])
def test_xlwings_knows_what_the_functions_are_annotated_with(function):
    """It makes converters of annotations, and would fail on Windows for one that it lacks."""
    hints = get_type_hints(function)
    assert set(hints) == {"party", "package", "caller", "return"}
    assert all(hint in accessors for hint in hints.values())
    assert function.__doc__
