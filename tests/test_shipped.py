"""What is shipped is what the program makes today, and its two forms are one case."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

import mcda
from mcda.canonical import canonical_json
from mcda.examples import BLANK, EXAMPLES, read_example
from mcda.workbook import layout
from mcda.workbook.fresh import fresh_workbook

ROOT = Path(__file__).parent.parent
WORKBOOK = ROOT / "workbooks" / "ceasefire_talks.xlsx"
TWIN = WORKBOOK.with_suffix(".json")
EXAMPLE_FOLDER = Path(mcda.__file__).parent / "examples"

AGAIN = "Make it again: mcda new workbooks/ceasefire_talks.xlsx --example ceasefire --force"


def test_the_twin_is_the_example():
    assert TWIN.read_bytes() == (EXAMPLE_FOLDER / EXAMPLES["ceasefire"]).read_bytes()


@pytest.mark.parametrize("name", [BLANK, *EXAMPLES])
def test_examples_stand_in_canonical_form(name):
    file = EXAMPLE_FOLDER / EXAMPLES.get(name, "blank.json")
    assert canonical_json(read_example(name)) == file.read_bytes()


def test_the_workbook_and_its_twin_are_one_case():
    assert canonical_json(mcda.read(WORKBOOK)) == TWIN.read_bytes()


def test_the_workbook_is_as_the_program_makes_it(tmp_path):
    sheet, cell = next(load_workbook(WORKBOOK).defined_names[layout.STAMP_WHEN].destinations)
    when = load_workbook(WORKBOOK)[sheet][cell].value
    fresh = tmp_path / "fresh.xlsx"
    fresh_workbook(read_example("ceasefire"), fresh, when=when)
    with zipfile.ZipFile(WORKBOOK) as shipped, zipfile.ZipFile(fresh) as made:
        assert shipped.namelist() == made.namelist(), AGAIN
        differing = {name for name in made.namelist() if shipped.read(name) != made.read(name)}
    assert not differing, AGAIN
