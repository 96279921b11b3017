"""The cases that come with the program, in JSON: one to look at, small ones, and a blank start."""

from __future__ import annotations

from importlib.resources import files

from mcda.case import Case
from mcda.json_form import case_from_json

BLANK = "blank"
"""The guided start: every sheet has a row that is clearly an example."""

EXAMPLES = {
    "ceasefire": "ceasefire_talks.json",
    "wages": "wage_round.json",
}
"""What ``mcda new --example`` offers, and the file of each."""


def read_example(name: str) -> Case:
    """Return an example as a case; KeyError for a name that is not in `EXAMPLES` or `BLANK`."""
    file = "blank.json" if name == BLANK else EXAMPLES[name]
    return case_from_json(files("mcda.examples").joinpath(file).read_bytes())
