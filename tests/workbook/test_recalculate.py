"""What the engine does with odd workbooks and formulas, and that its second answer is its first."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Mapping

import pytest
from openpyxl import Workbook as OpenedBook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter

from mcda.case import CaseProblem
from mcda.json_form import case_from_data
from mcda.values import evaluate
from mcda.workbook import cells, layout
from mcda.workbook.author import workbook_bytes
from mcda.workbook.cells import Fault
from mcda.workbook.formula_text import moved, tokens
from mcda.workbook.formulas import engine_functions, recalculate
from mcda.workbook.formulas.dependents import dependents
from mcda.workbook.formulas.live_cells import Result, cached, live_cells
from mcda.workbook.formulas.recalculate import Recalculator, recalculated
from mcda.workbook.health import python_values
from mcda.workbook.tables import Place
from tests.case_strategy import random_case
from tests.workbook.books import edited, part, rezipped, sheet_part
from tests.workbook.small_case import small

NAME = "small.xlsx"


@pytest.fixture(scope="module")
def made() -> bytes:
    return workbook_bytes(case_from_data(small()), room=8)


@pytest.fixture(scope="module")
def results(made: bytes) -> dict[Place, Result]:
    return recalculated(made, NAME)


def place(data: bytes, name: str, row: int = 0, column: int = 0) -> Place:
    area = live_cells(data, NAME).names[name.casefold()]
    assert area is not None
    return area.sheet, area.top + row, area.left + column


def typed(data: bytes, contents: Mapping[Place, str | float | None]) -> bytes:
    def edit(book: OpenedBook) -> None:
        for (sheet, row, column), content in contents.items():
            book[sheet].cell(row + 1, column + 1).value = content

    return edited(data, edit)


# --- what it computes


def test_every_formula_of_ours_has_a_result(made: bytes, results: dict[Place, Result]) -> None:
    assert results.keys() == live_cells(made, NAME).formulas.keys() == cached(made).keys()
    assert None not in results.values()


@pytest.mark.parametrize("seed", range(4))
def test_results_are_those_of_python(seed: int) -> None:
    case = case_from_data(random_case(seed))
    data = workbook_bytes(case, room=6)
    found = recalculated(data, NAME)
    python = dict(python_values(live_cells(data, NAME), found, evaluate(case)))
    assert len(python) >= 2 * len(case.parties) * len(case.packages)
    for at, number in python.items():
        assert found[at] == pytest.approx(number, rel=1e-9, abs=1e-9), at


def test_results_cached_when_the_workbook_is_made_are_the_same(
    made: bytes, results: dict[Place, Result]
) -> None:
    known = {at: value for at, value in cached(made).items() if value not in ("", None)}
    assert len(known) > 200
    for at, value in known.items():
        expected = pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value
        assert results[at] == expected


def test_inputs_about_to_be_written_are_seen(made: bytes) -> None:
    data = small()
    data["parties"][0]["criteria"][0]["weight"] = 55
    data["parties"][0]["criteria"][0].pop("weight_range", None)
    weight = place(made, "Weights_Weight", 1)
    changed = case_from_data(data)
    found = recalculated(made, NAME, {weight: 55.0})
    python = dict(python_values(live_cells(made, NAME), found, evaluate(changed)))
    for at, number in python.items():
        assert found[at] == pytest.approx(number, rel=1e-9, abs=1e-9)


def test_a_formula_is_not_overwritten_by_an_input(
    made: bytes, results: dict[Place, Result]
) -> None:
    assert recalculated(made, NAME, {place(made, layout.VALUE_PARTY): 1.0}) == results


# --- again and again


def test_the_second_answer_is_that_of_a_new_engine(
    made: bytes, results: dict[Place, Result]
) -> None:
    rng = random.Random(5)
    inputs = [at for at in live_cells(made, NAME).constants if at[0] in layout.INPUT_SHEETS]
    kept = Recalculator()
    kept(made, NAME)
    for _ in range(4):
        overlay = {
            rng.choice(inputs): rng.choice(["x", "", None, 5.5, 0.0, True, -3.0, "none"])
            for _ in range(3)
        }
        assert kept(made, NAME, overlay) == recalculated(made, NAME, overlay)
    assert kept(made, NAME) == results


def test_a_workbook_with_other_formulas_gets_another_engine(made: bytes) -> None:
    kept = Recalculator()
    first = place(made, layout.VALUE_PARTY)
    other = typed(made, {first: "=1+1"})
    kept(made, NAME)
    assert kept(other, NAME)[first] == 2.0
    assert kept(other, NAME) == recalculated(other, NAME)
    assert kept(made, NAME) == recalculated(made, NAME)


def test_an_engine_that_is_not_needed_any_more_is_gone(made: bytes) -> None:
    """The library keeps the functions that it is given: none of them may keep the engine."""

    def engines() -> int:
        gc.collect()
        return sum(type(thing) is recalculate._Engine for thing in gc.get_objects())

    before = engines()  # of tests that ran before
    recalculated(made, NAME)
    assert engines() <= before


def test_a_function_that_fails_is_no_error_value(
    made: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(engine_functions.OVERRIDES, "EXACT", (fails, 2, 2))
    assert set(recalculated(made, NAME).values()) == {None}


def test_a_changed_weight_is_computed_at_once(made: bytes) -> None:
    kept = Recalculator()
    live = live_cells(made, NAME)
    kept(made, NAME)
    weight = place(made, "Weights_Weight", 1)
    before = time.process_time()
    kept(made, NAME)
    reading = time.process_time() - before
    before = time.process_time()
    kept(made, NAME, {weight: 12.0})
    assert time.process_time() - before < reading + 0.3
    assert len(live.formulas) > 3000


def test_sheets_larger_than_an_input_sheet_are_read_row_by_row(
    made: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = live_cells(made, NAME)
    monkeypatch.setattr(cells, "MAX_READ_BYTES", 10_000)
    streamed = live_cells(made, NAME)
    assert streamed.formulas == whole.formulas
    assert streamed.cached == whole.cached
    assert streamed.constants == whole.constants


# --- what nobody knows


@pytest.mark.parametrize(
    "formula", ["=XLOOKUP(1,A1:A3,B1:B3)", "=SUM(A:A)", "=SUM(XFD1048576:A1)", "=SUM((", "=[1]S!A1"]
)
def test_what_cannot_be_computed_is_none_and_so_is_what_depends_on_it(
    made: bytes, results: dict[Place, Result], formula: str
) -> None:
    first = place(made, layout.VALUE_PARTY)
    changed = typed(made, {first: formula})
    found = recalculated(changed, NAME)
    if first in found:  # one that refers to another workbook is its user's
        assert found[first] is None
    assert found[place(made, layout.VALUE_SURPLUS)] is None
    assert found[place(made, layout.VALUE_RANK)] is None
    # Another party's value of the same package knows nothing of it.
    neighbour = place(made, layout.VALUE_PARTY, 0, 1)
    assert found[neighbour] == results[neighbour]


def test_a_circle_is_none(made: bytes) -> None:
    first = place(made, layout.VALUE_PARTY)
    cell = f"{get_column_letter(first[2] + 1)}{first[1] + 1}"
    assert recalculated(typed(made, {first: f"={cell}+1"}), NAME)[first] is None


def test_dependents_are_followed_to_the_end() -> None:
    formulas = {
        ("S", 0, 1): "=A1+1",
        ("S", 0, 2): "='T x'!A1",
        ("T x", 0, 0): "=SUM(S!$A$1:B4)",
        ("T x", 0, 1): '="S!A1"&B9',
        ("S", 9, 9): "=INDEX($J$1:$J$9,2)",
    }
    assert dependents(formulas, {("S", 0, 0)}) == {("S", 0, 1), ("S", 0, 2), ("T x", 0, 0)}
    assert dependents(formulas, set()) == set()
    assert dependents(formulas, {("S", 0, 2)}) == {("S", 0, 2)}


def test_errors_are_told_as_errors(made: bytes) -> None:
    first = place(made, layout.VALUE_PARTY)
    for formula, fault in (("=1/0", "#DIV/0!"), ("=#REF!+1", "#REF!"), ("=Nobody_Knows", "#NAME?")):
        assert recalculated(typed(made, {first: formula}), NAME)[first] == Fault(fault)


def test_limits_of_time_and_number_end_in_none(
    made: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recalculate, "LONGEST", 1)
    assert set(recalculated(made, NAME).values()) == {None}
    monkeypatch.setattr(recalculate, "MOST_FORMULAS", 10)
    assert set(recalculated(made, NAME).values()) == {None}


def test_what_is_no_workbook_is_refused() -> None:
    for data in (b"", b"PK\x03\x04", b"no"):
        with pytest.raises(CaseProblem):
            recalculated(data, NAME)


# --- a user's formulas


def test_formulas_of_a_user_are_not_ours(made: bytes) -> None:
    beside = place(made, "Weights_On", 1)
    mine = {
        (beside[0], beside[1], beside[2] + 12): "=1+1",  # right of the block
        ("Weights", 0, 3): "=2+2",  # above the table
        ("Ranking", 90, 20): "=Mine!A1",  # refers to a sheet of the user's
        ("Packages", 6, 4): "=3+3",
    }

    def edit(book: OpenedBook) -> None:
        book.create_sheet("Mine")["A1"] = "=SUM(Weights!C6:C9)"
        for (sheet, row, column), formula in mine.items():
            book[sheet].cell(row + 1, column + 1).value = formula

    changed = edited(made, edit)
    found = live_cells(changed, NAME)
    assert found.formulas.keys().isdisjoint(mine)
    assert found.computed >= mine.keys()
    assert all(sheet != "Mine" for sheet, _, _ in found.computed)


# --- texts of formulas


SHARED = [
    "A1+$A1+A$1+$A$1",
    "SUM('No deal'!B2:C3)+Lookup!B2&\"A1\"",
    "INDEX(Scores_Block,B7,1)/LOG10(B2)",
]


@pytest.mark.parametrize("formula", SHARED)
@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (3, 2), (200, 30)])
def test_moving_a_formula_is_what_openpyxl_does(formula: str, rows: int, columns: int) -> None:
    there = f"{get_column_letter(5 + columns)}{9 + rows}"
    expected = Translator("=" + formula, origin="E9").translate_formula(there)
    assert "=" + moved(formula, rows, columns) == expected


def test_tokens_are_the_whole_formula(made: bytes) -> None:
    formulas = live_cells(made, NAME).formulas.values()
    assert all("".join(text for _, text in tokens(formula)) == formula for formula in formulas)
    assert {kind for formula in formulas for kind, _ in tokens(formula)} <= {
        "text", "sheet", "cell", "function", "name", "number", "operator", "mark",
    }  # fmt: skip


def test_shared_formulas_are_read_for_each_of_their_cells(
    made: bytes, results: dict[Place, Result]
) -> None:
    """The column of ranks, saved as Excel saves a formula that was filled down."""
    name = sheet_part(layout.VALUES)
    xml = part(made, name).decode()
    live = live_cells(made, NAME)
    area = live.names[layout.VALUE_RANK.casefold()]
    assert area is not None
    letters = get_column_letter(area.left + 1)
    column = [f"{letters}{row + 1}" for row in range(area.top, area.bottom + 1)]
    for index, cell in enumerate(column):
        start = xml.index(f'<c r="{cell}"')
        begin, end = xml.index("<f>", start), xml.index("</f>", start) + 4
        text = xml[begin + 3 : end - 4] if index == 0 else ""
        ref = f' ref="{column[0]}:{column[-1]}"' if index == 0 else ""
        xml = f'{xml[:begin]}<f t="shared"{ref} si="0">{text}</f>{xml[end:]}'
    shared = rezipped(made, {name: xml.encode()})
    assert live_cells(shared, NAME).formulas == live.formulas
    assert recalculated(shared, NAME) == results
