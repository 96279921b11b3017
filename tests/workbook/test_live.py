"""The live workbook against Python, with LibreOffice as the judge of every formula."""

from __future__ import annotations

import copy
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from mcda.case import Case, CaseProblem
from mcda.json_form import canonical_data, case_from_data, case_from_json
from mcda.values import evaluate
from mcda.workbook import layout
from mcda.workbook.author import create
from mcda.workbook.read import case_from_workbook
from tests.case_strategy import random_case
from tests.office import Book, Office
from tests.workbook.books import bare
from tests.workbook.live_breaks import (
    BROKEN,
    FINE,
    SHEET_ONLY,
    Offline,
    overwrite,
    write,
)
from tests.workbook.live_edits import Edited, Undoing
from tests.workbook.live_view import Live, differences
from tests.workbook.small_case import small

CEASEFIRE = Path("mcda/examples/ceasefire_talks.json")
RANDOM_SEEDS = range(10)

pytestmark = pytest.mark.office


def ceasefire() -> Case:
    return case_from_json(CEASEFIRE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def small_path(folder: Path) -> Path:
    path = folder / "small.xlsx"
    create(case_from_data(small()), path, room=8)
    return path


@pytest.fixture(scope="module")
def ceasefire_path(folder: Path) -> Path:
    path = folder / "ceasefire.xlsx"
    create(ceasefire(), path)
    return path


@pytest.fixture
def small_book(office: Office, small_path: Path) -> Iterator[Edited]:
    with office.open(small_path) as book:
        yield Edited(book, small())


def assert_live(book: Book, case: Case, *, checks: bool = True) -> None:
    live = Live(book)
    assert differences(live, case) == []
    if checks:
        assert live.failing == []
        assert set(live.checks.values()) <= {"PASS", "NOTE"}
        assert live.master.startswith("PASS")


# --- every value, before and after edits


def test_small_case_equals_python_before_and_after_edits(small_book: Edited) -> None:
    book = small_book.book
    assert_live(book, small_book.case)
    small_book.weight("North", "Trade", 5)
    assert_live(book, small_book.case)
    small_book.score("North", "Bent", "Backing", "alone", 2.25)
    assert_live(book, small_book.case)
    small_book.setting("A", "Tariff", "Full")
    assert_live(book, small_book.case)
    small_book.reservation("south*", None)
    small_book.show_for("south*")
    assert_live(book, small_book.case)


def test_ceasefire_equals_python_before_and_after_edits(
    office: Office, ceasefire_path: Path
) -> None:
    data = copy.deepcopy(canonical_data(ceasefire()))
    with office.open(ceasefire_path) as book:
        edited = Edited(book, data)
        assert_live(book, edited.case)
        with book.at_once():
            random_edits(edited, random.Random(1))
            edited.show_for("Ukraine")
        assert_live(book, edited.case, checks=False)


@pytest.mark.long
@pytest.mark.parametrize("seed", RANDOM_SEEDS)
def test_random_case_equals_python_before_and_after_edits(
    office: Office, folder: Path, seed: int
) -> None:
    case = case_from_data(random_case(seed))
    path = folder / f"random{seed}.xlsx"
    create(case, path, room=6)
    with office.open(path) as book:
        edited = Edited(book, copy.deepcopy(canonical_data(case)))
        assert_live(book, case)
        assert_cached_values_are_true(path, book)
        with book.at_once():
            random_edits(edited, random.Random(seed))
            edited.show_for(case.party_names[-1])
        assert_live(book, edited.case, checks=False)


def random_edits(edited: Edited, rng: random.Random) -> None:
    """Change a weight, a score, a package's level and a reservation value, keeping it valid."""
    for edit in (_some_weight, _some_score, _some_setting, _some_reservation):
        for _ in range(20):
            change = edit(edited.data, rng)
            if change is None:
                break
            method, arguments = change
            if _stays_valid(edited.data, method, arguments):
                getattr(edited, method)(*arguments)
                break


Change = tuple[str, tuple[Any, ...]]


class _Unseen:
    """A book that takes what is written and forgets it: to try an edit on data alone."""

    def block(self, _: str) -> layout.Block:
        return layout.Block("", 0, 0, 0, 0)

    def write(self, *_: object) -> None: ...


def _stays_valid(data: dict[str, Any], method: str, arguments: tuple[Any, ...]) -> bool:
    trial = Edited(_Unseen(), copy.deepcopy(data))  # type: ignore[arg-type]
    getattr(trial, method)(*arguments)
    try:
        case_from_data(trial.data)
    except CaseProblem:
        return False
    return True


def _some_weight(data: dict[str, Any], rng: random.Random) -> Change | None:
    party = rng.choice(data["parties"])
    criterion = rng.choice(party["criteria"])["name"]
    return "weight", (party["name"], criterion, round(rng.uniform(0.1, 90), 3))


def _some_score(data: dict[str, Any], rng: random.Random) -> Change | None:
    places = [
        (party["name"], criterion, issue, level)
        for party in data["parties"]
        for criterion, issues in party.get("scores", {}).items()
        for issue, levels in issues.items()
        for level in levels
    ]
    return ("score", (*rng.choice(places), round(rng.uniform(-30, 60), 2))) if places else None


def _some_setting(data: dict[str, Any], rng: random.Random) -> Change | None:
    packages = [item["name"] for item in data.get("packages", []) if item.get("settings")]
    if not packages:
        return None
    issue = rng.choice(data["issues"])
    level = rng.choice(issue["levels"])
    name = level["name"] if isinstance(level, dict) else level
    return "setting", (rng.choice(packages), issue["name"], name)


def _some_reservation(data: dict[str, Any], rng: random.Random) -> Change | None:
    value = rng.choice([None, round(rng.uniform(0, 100), 1)])
    return "reservation", (rng.choice(data["parties"])["name"], value)


# --- what a program shows that does not compute


def assert_cached_values_are_true(path: Path, book: Book) -> None:
    """Every cached result in the file equals what LibreOffice computes."""
    cached = load_workbook(path, data_only=True)
    formulas = load_workbook(path)
    wrong, carried = [], 0
    for sheet in formulas.worksheets:
        block = layout.Block(sheet.title, 0, 0, sheet.max_row - 1, sheet.max_column - 1)
        computed = book.read(block)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                shown = cached[sheet.title].cell(cell.row, cell.column).value
                if shown is None:
                    continue
                carried += 1
                truth = computed[cell.row - 1][cell.column - 1]
                same = shown == truth or (
                    isinstance(shown, int | float)
                    and isinstance(truth, float)
                    and abs(shown - truth) <= 1e-9 * max(1, abs(truth))
                )
                if not same:
                    wrong.append((sheet.title, cell.coordinate, shown, truth))
    assert wrong == []
    assert carried > 100


def test_cached_values_are_true(office: Office, ceasefire_path: Path) -> None:
    with office.open(ceasefire_path) as book:
        assert_cached_values_are_true(ceasefire_path, book)


def test_small_cached_values_are_true(small_book: Edited, small_path: Path) -> None:
    assert_cached_values_are_true(small_path, small_book.book)


# --- the checks fail for the right reason


@pytest.fixture(scope="module")
def breakable(office: Office, small_path: Path) -> Iterator[Undoing]:
    with office.open(small_path) as book:
        yield Undoing(book.office, book.document)


@pytest.fixture(scope="module")
def inputs_opened() -> Offline:
    return Offline(bare(case_from_data(small())))


@pytest.fixture
def offline(inputs_opened: Offline) -> Iterator[Offline]:
    yield inputs_opened
    inputs_opened.undo()


@pytest.mark.parametrize("what", sorted(BROKEN.keys() - SHEET_ONLY))
def test_python_refuses_what_makes_a_check_fail(offline: Offline, what: str) -> None:
    BROKEN[what][0](Edited(offline, small()))  # type: ignore[arg-type]
    with pytest.raises(CaseProblem):
        case_from_workbook(offline.bytes(), what)


@pytest.mark.parametrize("what", FINE)
def test_what_python_reads_makes_no_check_fail(
    breakable: Undoing, offline: Offline, what: str
) -> None:
    FINE[what](Edited(offline, small()))  # type: ignore[arg-type]
    case_from_workbook(offline.bytes(), what)
    with breakable.at_once():
        FINE[what](Edited(breakable, small()))
    try:
        assert Live(breakable).failing == []
    finally:
        with breakable.at_once():
            breakable.undo()


@pytest.mark.parametrize("what", BROKEN)
def test_the_right_check_fails(breakable: Undoing, what: str) -> None:
    edit, test = BROKEN[what]
    with breakable.at_once():
        edit(Edited(breakable, small()))
    try:
        live = Live(breakable)
        assert live.checks[test] == "FAIL"
        assert live.master.startswith("FAIL")
    finally:
        with breakable.at_once():
            breakable.undo()
    assert Live(breakable).master.startswith("PASS")


def test_every_check_that_can_fail_is_seen_failing(small_book: Edited) -> None:
    notes_only = {
        "Every score has a source or a basis",
        "No range is left open",
        "No stated range is narrower than what can occur",
        "Every range has a width",
        "The range of a weight contains it",
        "Ranges are those that the weights were judged on",
        "Values lie within 0–100",
        "Some listed package is allowed",
        "Some listed package is in the zone: allowed, and acceptable to every signer",
        "Stamped sheets are fresh",
    }
    seen = {test for _, test in BROKEN.values()}
    listed_once = "Ranking lists every package once"
    assert set(Live(small_book.book).checks) - seen - notes_only == {listed_once}


def test_an_overwritten_check_is_told_on_the_cover(small_book: Edited) -> None:
    overwrite(layout.CHECK_RESULT, 3, "PASS")(small_book)
    assert Live(small_book.book).master == "FAIL: formulas on Checks were overwritten"


def test_notes_where_there_is_something_to_note(small_book: Edited) -> None:
    noted = {test for test, result in Live(small_book.book).checks.items() if result == "NOTE"}
    # Nothing has a source in this small case; "Cost" and the criteria of south* have open ends;
    # "Trade" of North reaches below its stated range where the tariff is raised.
    assert noted == {
        "Every score has a source or a basis",
        "No range is left open",
        "No stated range is narrower than what can occur",
    }
    write("Criteria_High", 0, 20)(small_book)
    live = Live(small_book.book)
    assert live.checks["Values lie within 0–100"] == "NOTE"
    assert live.checks["Ranges are those that the weights were judged on"] == "NOTE"
    assert live.column(layout.WEIGHT_RANGE)[0] == "RANGE CHANGED: judged on 0 to 50, now 0 to 20"
    assert live.failing == []


def test_a_weight_outside_its_own_range_is_noted(small_book: Edited) -> None:
    test = "The range of a weight contains it"
    assert Live(small_book.book).checks[test] == "PASS"
    write("Weights_Low", 0, 70)(small_book)
    write("Weights_High", 0, 80)(small_book)
    live = Live(small_book.book)
    assert live.checks[test] == "NOTE"
    assert live.failing == []


def test_a_renamed_party_is_told_once_at_the_selectors(small_book: Edited) -> None:
    write("Parties_Party", 0, "Northern union")(small_book)
    failing = Live(small_book.book).failing
    assert "The selectors on Ranking name parties" in failing
    assert "Ranking lists every package once" not in failing


# --- the swing question


def test_swing_question_names_both_ends_and_what_to_compare_with(small_book: Edited) -> None:
    questions = Live(small_book.book).column(layout.WEIGHT_QUESTION)
    assert questions[0] == (
        "North: how much does it matter that “Trade” moves from “no trade” to “free trade”, "
        "compared with the swing in “Cost”, which has weight 30?"
    )
    # Less is better: the swing runs from the greatest cost that can occur down to 0.
    assert str(questions[1]).startswith(
        "North: how much does it matter that “Cost” moves from 12 to 0, compared with the swing in "
        "“Trade”"
    )
    assert str(questions[5]).endswith("It is the only criterion.")


# --- the summary on the Cover


def test_the_cover_says_what_comes_first_for_whom(small_book: Edited) -> None:
    small_book.weight("North", "Cost", 31)
    evaluation = evaluate(small_book.case)
    lines = [str(line) for line in Live(small_book.book).column(layout.GLANCE)]
    zone = int(evaluation.in_zone.sum())
    assert lines[0] == f"allowed and acceptable to every signer: {zone} of 6 listed packages"
    # B and "As B" are the same terms.
    north = f"first: B (and 1 equal), value {evaluation.party_values[1, 0]:.1f}; no deal "
    ranked = evaluation.party_values[evaluation.ranked[:, 0], 0]
    assert ranked.max() == evaluation.party_values[1, 0] == evaluation.party_values[4, 0]
    assert lines[1].startswith(north)
    assert lines[1].endswith(f"accepts {int(evaluation.acceptable[:, 0].sum())} of 6")


# --- the file itself


def test_the_same_case_gives_the_same_bytes(folder: Path, small_path: Path) -> None:
    again = folder / "again.xlsx"
    create(case_from_data(small()), again, room=8)
    assert again.read_bytes() == small_path.read_bytes()


def test_nothing_that_older_programs_lack(ceasefire_path: Path) -> None:
    book = load_workbook(ceasefire_path)
    banned = (
        "AGGREGATE", "TEXTJOIN", "MAXIFS", "MINIFS", "SORTBY", "LET(", "XLOOKUP", "FILTER(",
        "UNIQUE", "SEQUENCE", "INDIRECT", "OFFSET",
    )  # fmt: skip
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not sheet.tables
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert isinstance(cell.value, str), "an array formula"
                    assert not any(word in cell.value for word in banned), cell.value
                    assert len(cell.value) <= 8192
    with zipfile.ZipFile(ceasefire_path) as archive:
        assert not any("vba" in name or "external" in name for name in archive.namelist())
    assert tuple(book.sheetnames) == layout.SHEETS


def test_computed_sheets_are_protected_and_their_selectors_are_not(ceasefire_path: Path) -> None:
    book = load_workbook(ceasefire_path)
    for name in layout.SHEETS:
        protected = book[name].protection.sheet
        assert protected == (name not in layout.INPUT_SHEETS)
        assert book[name].protection.password is None
    for name in (layout.RANKED_FOR, layout.CHART_ACROSS, layout.CHART_UP):
        sheet, place = next(book.defined_names[name].destinations)
        assert not book[sheet][place.replace("$", "")].protection.locked
    for name in (layout.CASE_NAME, layout.CASE_MARKING):
        sheet, place = next(book.defined_names[name].destinations)
        assert not book[sheet][place.replace("$", "")].protection.locked


def test_size_stays_in_its_order(ceasefire_path: Path) -> None:
    assert ceasefire_path.stat().st_size < 700_000
    book = load_workbook(ceasefire_path)
    count = sum(
        cell.data_type == "f"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    )
    assert count < 22_000
