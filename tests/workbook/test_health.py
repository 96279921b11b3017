"""What is told of a workbook's formulas, stored results and stamp, and what is no difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook as OpenedBook

from mcda.case import CaseProblem
from mcda.json_form import case_from_data
from mcda.workbook import layout
from mcda.workbook.author import workbook_bytes
from mcda.workbook.cells import Area, Book, Fault
from mcda.workbook.formulas.live_cells import live_cells
from mcda.workbook.guard import open_guarded
from mcda.workbook.health import MOST, Health, health
from mcda.workbook.patch import patch
from mcda.workbook.patch.edits import Edit, Result
from mcda.workbook.sync import synced
from tests.office import Office
from tests.workbook.books import edited
from tests.workbook.small_case import small

NAME = "small.xlsx"


@pytest.fixture(scope="module")
def made() -> bytes:
    return workbook_bytes(case_from_data(small()), room=8)


@pytest.fixture(scope="module")
def sound(made: bytes) -> bytes:
    return synced(made, NAME, when="2026-01-01 12:00").data


def area(data: bytes, name: str) -> Area:
    found = Book(open_guarded(data, NAME)).names[name.casefold()]
    assert found is not None
    return found


def cell(data: bytes, name: str, row: int = 0, column: int = 0) -> tuple[str, int, int]:
    at = area(data, name)
    return at.sheet, at.top + row, at.left + column


def overwritten(data: bytes, place: tuple[str, int, int], content: str | float | None) -> bytes:
    """Type over a cell, as one can who takes the protection off."""
    sheet, row, column = place

    def edit(book: OpenedBook) -> None:
        book[sheet].cell(row + 1, column + 1).value = content

    return edited(data, edit)


def about_formulas(found: Health) -> list[str]:
    """The findings but those on stored results, which a file saved by openpyxl has none of."""
    return [str(item) for item in found if "has a result yet" not in item.what]


# --- formulas


def test_a_workbook_in_step_with_its_inputs_has_nothing_to_tell(sound: bytes) -> None:
    found = health(sound, NAME)
    assert len(found) == 0
    assert str(found) == "Formulas, stored results and stamp are in order."
    assert found.to_dict() == {"health": []}


def test_a_new_workbook_says_only_that_not_every_result_is_stored(made: bytes) -> None:
    [item] = health(made, NAME)
    assert (item.level, item.where) == ("NOTE", "Cover!B8") or "has a result yet" in item.what
    assert "mcda sync" in item.what_to_do


@pytest.mark.parametrize(
    ("content", "stands"),
    [
        (5, "the number 5"),
        ("so", "the text “so”"),
        (None, "nothing"),
        ("=1+1", "=1+1"),
        ("=#REF!", "=#REF!"),
    ],
)
def test_an_overwritten_formula_is_told_with_what_stands_and_what_belongs(
    sound: bytes, content: str | float | None, stands: str
) -> None:
    place = cell(sound, layout.VALUE_PARTY, 1)
    belongs = live_cells(sound, NAME).formulas[place]
    found = health(overwritten(sound, place, content), NAME)
    [item] = [item for item in found if item.what.startswith("A formula was overwritten")]
    assert item.level == "WARNING"
    assert item.where == layout.cell_name(*place)
    assert item.what == (
        f"A formula was overwritten: {stands} stands there; what belongs there is ={belongs}"
    )


def test_a_formula_that_refers_to_another_cell_is_told(sound: bytes) -> None:
    place = cell(sound, layout.VALUE_SURPLUS)
    formula = live_cells(sound, NAME).formulas[place]
    changed = formula.replace(f"{place[1] + 1}", f"{place[1] + 2}", 1)
    assert changed != formula
    found = health(overwritten(sound, place, "=" + changed), NAME)
    assert any(item.where == layout.cell_name(*place) for item in found.warnings)


def test_what_office_programs_do_to_a_text_is_no_difference(sound: bytes) -> None:
    place = cell(sound, layout.CHECK_COUNT)
    formula = live_cells(sound, NAME).formulas[place]
    assert "_xlfn.ISFORMULA('Lookup'!" in formula
    other = formula.replace("_xlfn.ISFORMULA('Lookup'!", "isformula( Lookup!").replace(",", ", ")
    assert about_formulas(health(overwritten(sound, place, "=" + other), NAME)) == []


def test_many_overwritten_formulas_are_counted(sound: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        at = area(sound, layout.VALUE_PERFORMANCE)
        for row in range(at.top, at.bottom + 1):
            for column in range(at.left, at.right + 1):
                book[at.sheet].cell(row + 1, column + 1).value = 1

    at = area(sound, layout.VALUE_PERFORMANCE)
    cells = (at.bottom - at.top + 1) * (at.right - at.left + 1)
    told = [item.what for item in health(edited(sound, edit), NAME) if "overwritten" in item.what]
    assert len(told) == MOST + 1
    assert told[-1] == f"And {cells - MOST} more overwritten formulas, up to here."


def test_formulas_that_another_version_wrote_otherwise_are_one_note(sound: bytes) -> None:
    at = area(sound, layout.VALUE_ACCEPTABLE)
    formulas = live_cells(sound, NAME).formulas

    def edit(book: OpenedBook) -> None:
        for row in range(at.top, at.bottom + 1):
            for column in range(at.left, at.right + 1):
                text = formulas[at.sheet, row, column]
                book[at.sheet].cell(row + 1, column + 1).value = f"=0+{text}"

    told = [item for item in health(edited(sound, edit), NAME) if "this version" in item.what]
    assert [item.level for item in told] == ["NOTE"]
    count = (at.bottom - at.top + 1) * (at.right - at.left + 1)
    assert told[0].what.startswith(f"{count} formulas from here on differ")


def test_a_lost_sheet_and_a_lost_name_are_told(sound: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        del book[layout.RANKING]
        del book.defined_names["Total_Weights"]

    warnings = {item.where: item.what for item in health(edited(sound, edit), NAME).warnings}
    assert warnings[layout.RANKING] == "The sheet is missing."
    assert warnings["Total_Weights"] == "The defined name refers to no cells."


def test_formulas_of_an_older_layout_are_not_compared(sound: bytes) -> None:
    older = overwritten(sound, cell(sound, layout.LAYOUT_VERSION), "1")
    older = overwritten(older, cell(sound, layout.VALUE_PARTY), 5)
    told = about_formulas(health(older, NAME))
    assert any("The workbook has layout 1" in line for line in told)
    assert not any("overwritten" in line for line in told)


def test_what_is_no_workbook_of_ours_is_refused() -> None:
    with pytest.raises(CaseProblem):
        health(b"PK", NAME)


# --- results


def test_a_stored_result_that_python_does_not_confirm_is_told_with_both_numbers(
    sound: bytes,
) -> None:
    place = cell(sound, layout.VALUE_PARTY)
    true = live_cells(sound, NAME).cached[place]
    assert isinstance(true, float)
    found = health(patch(sound, [Edit(*place, Result(true + 1))], NAME, ours=["Values"]), NAME)
    [item] = found
    assert item.where == layout.cell_name(*place)
    assert item.what == f"The file shows {true + 1:.12g}; Python computes {true:.12g}."


@pytest.mark.parametrize("shown", ["PASS?", 12.5, Fault("#N/A")])
def test_any_other_stored_result_that_is_not_true_is_told(
    sound: bytes, shown: str | float | Fault
) -> None:
    place = cell(sound, layout.CHECK_RESULT, 2)
    assert live_cells(sound, NAME).cached[place] == "PASS"
    changed = patch(sound, [Edit(*place, Result(shown))], NAME, ours=["Checks"])
    [item] = health(changed, NAME)
    assert item.where == layout.cell_name(*place)
    assert "its inputs give “PASS”" in item.what


# --- the stamp


def test_inputs_changed_since_the_stamp_are_told_with_cell_and_both_values(sound: bytes) -> None:
    place = cell(sound, "Weights_Weight", 1)
    weight = small()["parties"][0]["criteria"][0]["weight"]
    found = health(patch(sound, [Edit(*place, 77.0)], NAME), NAME)
    [stale] = [item for item in found if item.what.startswith("STALE")]
    assert (stale.level, stale.where) == ("NOTE", layout.STAMP)
    assert f"{layout.cell_name(*place)} ({weight:g} → 77)" in stale.what
    assert any("Python computes" in item.what for item in found.warnings)


def test_python_numbers_on_the_stamp_are_compared(sound: bytes) -> None:
    place = cell(sound, layout.STAMP_PARTY)
    found = health(patch(sound, [Edit(*place, 1.0)], NAME, ours=[layout.STAMP]), NAME)
    assert any(
        item.where == layout.cell_name(*place)
        and "Python’s numbers on Stamp are not those of today: 1 cell" in item.what
        for item in found.warnings
    )


# --- after an office program


@pytest.mark.office
def test_saved_by_an_office_program_with_rows_and_columns_inserted(
    office: Office, made: bytes, tmp_path: Path
) -> None:
    path, saved = tmp_path / "made.xlsx", tmp_path / "saved.xlsx"
    path.write_bytes(made)
    with office.open(path) as book:
        with book.at_once():
            for table in layout.TABLES:
                block = book.block(table.name(table.columns[0].key))
                book.insert_rows(block.sheet, block.top + 2)
                book.insert_rows(block.sheet, 1)
                book.insert_columns(block.sheet, 0)
            for sheet in (layout.VALUES, layout.LOOKUP, layout.RANKING, layout.CHECKS):
                book.unprotect(sheet)
            party = book.block(layout.VALUE_PARTY)
            book.insert_rows(layout.VALUES, party.top + 3)
            book.insert_rows(layout.VALUES, 1)
            book.insert_columns(layout.VALUES, party.left)
            book.insert_columns(layout.LOOKUP, 0, 2)
            book.insert_rows(layout.RANKING, 2)
            book.insert_sheet("Mine", 0)
            book.write_formula(layout.RANKING, 1, 12, "=1+1")
            book.rename_sheet(layout.LOOKUP, "Look up")
        book.save(saved)
        [stale] = about_formulas(health(saved.read_bytes(), NAME))
        assert "STALE: rows or columns of the inputs were inserted or moved" in " ".join(
            stale.split()
        )
        party = book.block(layout.VALUE_PARTY)
        book.write(layout.VALUES, party.top + 1, party.left + 1, 3)
        book.save(saved)
    told = [item for item in health(saved.read_bytes(), NAME) if "overwritten" in item.what]
    assert [item.where for item in told] == [
        layout.cell_name(layout.VALUES, party.top + 1, party.left + 1)
    ]
    assert "the number 3 stands there" in told[0].what
