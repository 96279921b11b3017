"""What is shipped is what the program makes today, and its two forms are one case."""

import zipfile
from pathlib import Path

import pytest

import mcda
from mcda.canonical import canonical_json
from mcda.examples import BLANK, EXAMPLES, read_example
from mcda.workbook import layout
from mcda.workbook.author import create

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
    fresh = tmp_path / "fresh.xlsx"
    create(read_example("ceasefire"), fresh)
    # The Log tells the day on which it was made; its words are in the shared strings.
    dated = {
        f"xl/worksheets/sheet{layout.SHEETS.index(layout.LOG) + 1}.xml",
        "xl/sharedStrings.xml",
    }
    with zipfile.ZipFile(WORKBOOK) as shipped, zipfile.ZipFile(fresh) as made:
        assert shipped.namelist() == made.namelist(), AGAIN
        differing = {name for name in made.namelist() if shipped.read(name) != made.read(name)}
    assert differing <= dated, AGAIN
