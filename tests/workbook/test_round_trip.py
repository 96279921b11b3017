"""A case that becomes a workbook comes back as the same canonical bytes, whatever its names."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from mcda.canonical import canonical_json
from mcda.case import CaseProblem
from mcda.files import read
from mcda.json_form import case_from_data
from mcda.validation import LONGEST_TEXT
from mcda.workbook.author import create
from mcda.workbook.author.rows import cell_of
from mcda.workbook.read import case_from_workbook
from mcda.workbook.reading.terms import entries
from tests.case_strategy import cases, random_case
from tests.workbook.books import bare

EXAMPLES = Path(__file__).parents[2] / "mcda" / "examples"
UNUSUAL = (
    "<r>rich</r>", "<r><t>x</t></r>", "_x0041_x0042_", "_x0041_x0042_x0043_", "_x005F_x0041_",
    "_x000A_", "_xD83D_", "_X0041_", "_x0041", " ", "\n", "a\n", "\nb", "\n\n", "  two  ", "{=1}",
    "&lt;", "]]>", "\u2028line", "\u00a0hard", "e\u0301", "👩‍👩‍👧", "𝔸" * 40, "#REF!", "1/2", "50%",
    "12:30", "'", '"', "=", "TRUE ", "▲ new rows go above this line", "◂", "Issue", "rule", "level",
    "0x1F", "INF", "NaN", "1e400", "-0", "00", "1,5", "₪", "\ufeffbom", "x" * 3000,
)  # fmt: skip


def same_after(data: dict[str, Any]) -> None:
    case = case_from_data(data)
    back = case_from_workbook(bare(case), "talks.xlsx")
    assert canonical_json(back).decode() == canonical_json(case).decode()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases)
def test_any_case_comes_back(data: dict[str, Any]) -> None:
    same_after(data)


@pytest.mark.long
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases)
def test_many_cases_come_back(data: dict[str, Any]) -> None:
    same_after(data)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_workbook_comes_back(seed: int, tmp_path: Path) -> None:
    """With the live sheets and the real Cover, through a file."""
    case = case_from_data(random_case(seed))
    create(case, tmp_path / "talks.xlsx", room=6)
    assert canonical_json(read(tmp_path / "talks.xlsx")) == canonical_json(case)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 30))
def test_many_whole_workbooks_come_back(seed: int, tmp_path: Path) -> None:
    test_a_whole_workbook_comes_back(seed, tmp_path)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_shipped_cases_come_back(path: Path) -> None:
    case = read(path)
    assert canonical_json(case_from_workbook(bare(case), "x.xlsx")) == canonical_json(case)


def unusual(name: str) -> dict[str, Any]:
    """A case in which everything that can be named or said is ``name``."""
    other = name + "2"
    return {
        "name": "case " + name, "purpose": name, "as_at": name, "marking": name,
        "sources": [
            {"id": "S" + name, "statement": name, "date": name, "source": name, "url": name}
        ],
        "issues": [
            {"name": name + "i", "levels": [name + "l", other], "meaning": {other: name},
             "source": {other: name}}
        ],
        "parties": [
            {"name": name + "p",
             "criteria": [{"name": name + "c", "weight": 1, "unit": name, "group": name,
                           "meaning": {"worst": name, "best": name},
                           "judged": {"method": name, "by": name, "on": name}}],
             "scores": {name + "c": {name + "i": {
                 name + "l": {"score": 1, "basis": name, "source": name}, other: [1, 2, 3]}}}}
        ],
        "packages": [
            {"name": name + "k", "settings": {name + "i": other}, "note": name, "cost": name,
             "outside": [name, name, other], "sequence": [name], "reversible": name,
             "source": name},
            {"name": other + "d", "scores": {name + "p": {name + "c": 3}}, "crosses": [name + "p"]},
        ],
        "no_deal": [{"name": name + "n", "by": name, "settings": {name + "i": other}}],
        "red_lines": [{"name": name + "r", "party": name + "p", "forbid": {name + "i": other}}],
        "rules": [{"name": name + "r", "forbid": {name + "i": [other, name + "l"]}}],
        "interactions": [
            {"name": name + "r", "party": name + "p", "criterion": name + "c",
             "when": {name + "i": other}, "score": 4, "basis": name}
        ],
        "scenarios": [
            {"name": name + "s", "why": name, "lift": [name + "r"],
             "parties": {name + "p": {"weights": {name + "c": 2}}}},
            {"name": other + "s", "why": name},
        ],
        "recommendations": [{"for": name + "p", "package": name + "k", "why": name}],
    }  # fmt: skip


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_texts_come_back(name: str) -> None:
    same_after(unusual(name))


def test_every_text_together_in_lists() -> None:
    data = unusual("x")
    data["packages"][0]["outside"] = list(UNUSUAL)
    same_after(data)


@pytest.mark.parametrize(
    "number",
    [0, -0.0, 1e15, -1e15, 1e-15, 1 / 3, 0.1 + 0.2, 123456789012345, 1.00000000000001, -7, 1e-7],
)
def test_numbers_come_back(number: float) -> None:
    data = unusual("n")
    data["parties"][0]["scores"]["nc"]["ni"]["n2"] = number
    same_after(data)


def test_entries_of_a_list_cell() -> None:
    for listed in (["a"], ["a", "b"], ["a\nb", "c"], ["a\n", "\nb", "\n"], ["\n\n", "x"]):
        assert entries(cell_of(listed) or "") == listed
    assert cell_of([]) is None


def test_blank_lines_in_a_list_cell_are_no_entries() -> None:
    assert entries("\na\n\n\nb\n") == ["a", "b"]


def test_a_list_that_is_too_long_for_a_cell_is_refused_in_words(tmp_path: Path) -> None:
    data = copy.deepcopy(unusual("x"))
    data["packages"][0]["outside"] = ["y" * 20_000, "z" * 20_000]
    case = case_from_data(data)
    with pytest.raises(CaseProblem, match=f"Packages!.*{LONGEST_TEXT}"):
        create(case, tmp_path / "talks.xlsx")
    assert not list(tmp_path.iterdir())


def test_reading_a_file_and_its_bytes_is_the_same(tmp_path: Path) -> None:
    data = bare(case_from_data(random_case(4)))
    (tmp_path / "talks.xlsx").write_bytes(data)
    assert read(tmp_path / "talks.xlsx") == case_from_workbook(data, "talks.xlsx")
