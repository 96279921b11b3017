"""What *Run main* does with the open workbook, on the twin of Excel."""

import importlib.util
from pathlib import Path

import pytest

from mcda.canonical import inputs_sha256
from mcda.json_form import case_from_data
from mcda.workbook import layout
from mcda.workbook.author import workbook_bytes
from mcda.workbook.excel import adapter as excel
from mcda.workbook.excel.button import run_main
from tests.workbook import excel_twin as twin
from tests.workbook.tiny_case import pier

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made():
    return workbook_bytes(case_from_data(pier()), room=1)


@pytest.fixture
def path(made, tmp_path):
    file = tmp_path / "pier.xlsx"
    file.write_bytes(made)
    return file


@pytest.fixture
def running():
    return twin.Excel()


@pytest.fixture
def opened(running, path):
    return twin.OpenBook.load(running, path)


def find_weight(opened):
    """The first weight on Weights: the row below the header, the column with that header."""
    sheet = opened.sheets[layout.WEIGHTS]
    (place,) = (p for p, text in sheet.cells.items() if text == "Weight" and p[0] <= 6)
    return sheet, (place[0] + 1, place[1])


def inputs_of(opened):
    return {
        name: dict(opened.sheets[name].cells)
        for name in (*layout.INPUT_SHEETS, layout.COVER, layout.RANKING)
    }


def stamp_of(opened, name):
    row, column = parse(opened.names[name])
    return opened.sheets[layout.STAMP].cells.get((row, column))


def parse(reference):
    area = excel.parse_area(reference)
    return area.top + 1, area.left + 1


def test_a_change_that_was_not_saved_is_computed_and_stamped(opened, running, path, made):
    sheet, weight = find_weight(opened)
    sheet.put(*weight, 7)
    before = inputs_of(opened)
    module = twin.module(running, caller=opened)
    run_main(module)
    assert running.alerts == []
    assert "written" in running.status_bar
    assert inputs_of(opened) == before
    assert path.read_bytes() == made

    data = pier()
    data["parties"][0]["criteria"][0]["weight"] = 7
    assert stamp_of(opened, layout.STAMP_INPUTS) == inputs_sha256(case_from_data(data))
    log = [value for (row, _), value in sorted(opened.sheets[layout.LOG].cells.items())]
    assert f"Weights!{layout.column_letters(weight[1] - 1)}{weight[0]}" in log
    for name, found in opened.sheets.items():
        if name not in (layout.STAMP, layout.LOG, layout.WEIGHTS):
            assert found.history == [], name

    # Pressed again, it changes nothing.
    before = {name: (dict(s.cells), list(s.history)) for name, s in opened.sheets.items()}
    run_main(module)
    assert running.status_bar == "mcda: the results were up to date."
    assert {name: (s.cells, s.history) for name, s in opened.sheets.items()} == before


def test_where_excel_gives_no_copy_the_saved_file_is_read_and_said_so(
    opened, running, path, monkeypatch
):
    monkeypatch.setattr(excel.ExcelBook, "copy", lambda book: None)
    sheet, weight = find_weight(opened)
    sheet.put(*weight, 7)
    run_main(twin.module(running, caller=opened))
    assert "from the inputs as last saved; save the workbook" in running.status_bar
    path.write_bytes(opened.as_it_stands())  # the user saves
    opened.saved = True
    run_main(twin.module(running, caller=opened))
    assert running.status_bar == "mcda: the results are written. Save the workbook to keep them."
    opened.saved = True
    path.unlink()
    run_main(twin.module(running, caller=opened))
    assert "pier.xlsx" in running.alerts[-1]


def test_what_is_wrong_with_the_case_is_told_in_a_message(opened, running):
    sheet, weight = find_weight(opened)
    sheet.put(*weight, "heavy")
    before = {name: dict(s.cells) for name, s in opened.sheets.items()}
    run_main(twin.module(running, caller=opened))
    (told,) = running.alerts
    assert f"Weights!{layout.column_letters(weight[1] - 1)}{weight[0]}: " in told
    assert {name: s.cells for name, s in opened.sheets.items()} == before
    assert running.status_bar is None


def test_a_stamp_with_a_password_is_told_in_a_message(opened, running):
    sheet, weight = find_weight(opened)
    sheet.put(*weight, 7)
    opened.sheets[layout.LOG].password = opened.sheets[layout.STAMP].password = "secret"
    run_main(twin.module(running, caller=opened))
    (told,) = running.alerts
    assert "unprotect it in Excel" in told


def test_the_file_beside_the_workbook_has_what_the_add_in_looks_for(opened, running, monkeypatch):
    """Its button calls `main`; its import of functions takes what stands in the module."""
    spec = importlib.util.spec_from_file_location(
        "ceasefire_talks", ROOT / "workbooks" / "ceasefire_talks.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert {"MCDA_VALUE", "MCDA_RANK", "main"} <= set(dir(module))
    monkeypatch.setattr(module, "xlwings", twin.module(running, caller=opened))
    sheet, weight = find_weight(opened)
    sheet.put(*weight, 7)
    module.main()
    assert "written" in running.status_bar
