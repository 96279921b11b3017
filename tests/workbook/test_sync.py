"""A sync: what it writes, what it leaves, and that a second one finds nothing to do."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import mcda
import tests.office
from mcda.canonical import inputs_sha256
from mcda.case import CaseProblem
from mcda.cli import app
from mcda.json_form import case_from_data
from mcda.values import evaluate
from mcda.workbook import layout, log, sync
from mcda.workbook.author import workbook_bytes
from mcda.workbook.cells import Fault
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.disk.backups import backups_of
from mcda.workbook.formulas.live_cells import cached, live_cells
from mcda.workbook.formulas.recalculate import Recalculator
from mcda.workbook.patch import Edit, Result, patch
from mcda.workbook.read import case_from_workbook, open_book
from mcda.workbook.sync import MOST_LINES, Synced
from tests.case_strategy import random_case
from tests.office import Office
from tests.workbook import untouched
from tests.workbook.full_books import full_book
from tests.workbook.small_case import small

NAME, WHEN, LATER = "talks.xlsx", "2025-06-03 09:00", "2025-06-04 10:00"
synced = partial(sync.synced, recalculator=Recalculator())
"""The same calculator for all tests: most of them have the same formulas."""
LAYOUT_1 = Path(__file__).with_name("layout_1.xlsx")
"""Made by version 0.1.0 before there was a Stamp sheet, from the small case."""


@pytest.fixture(scope="module")
def fresh() -> bytes:
    return workbook_bytes(case_from_data(small()), room=8, when="2025-06-02 12:00")


@pytest.fixture(scope="module")
def first(fresh: bytes) -> Synced:
    return synced(fresh, NAME, when=WHEN)


@pytest.fixture(scope="module")
def done(first: Synced) -> bytes:
    return first.data


def typed(data: bytes, *cells: tuple[str, int, int, str | float | None]) -> bytes:
    """Set cells as a user does: defined name, row and column from its first cell, content."""
    names = open_book(data, NAME).names
    edits = []
    for name, row, column, value in cells:
        area = names[name.casefold()]
        assert area is not None
        edits.append(Edit(area.sheet, area.top + row, area.left + column, value))
    return patch(data, edits, NAME, ours=layout.SHEETS)


def shown(data: bytes, name: str) -> list[list[Any]]:
    """The values that a program sees that does not compute: rows of the cells of a name."""
    opened = load_workbook(io.BytesIO(data), data_only=True)
    sheet, area = next(opened.defined_names[name].destinations)
    cells = opened[sheet][area.replace("$", "")]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    return [[cell.value for cell in row] for row in rows]


def lines(data: bytes) -> list[log.Line]:
    return log.lines(open_book(data, NAME))


def differences(old: bytes, result: Synced) -> list[str]:
    """What differs but the cells that the sync tells of, judged by bytes."""
    places: dict[str, set[tuple[int, int]]] = {}
    for change in result.changes:
        places.setdefault(change.sheet, set()).add((change.row, change.column))
    return untouched.differences(old, result.data, places)


# --- a second sync, and what the first one is allowed to do


def test_a_sync_of_a_new_workbook_writes_results_that_its_author_did_not_know(
    fresh: bytes, first: Synced
) -> None:
    assert {change.kind for change in first.changes} == {"result"}
    assert {change.old for change in first.changes} == {""}
    assert first.blocks == first.since == ()
    assert first.advice == ""
    assert differences(fresh, first) == []
    assert lines(first.data) == lines(fresh)


def test_every_live_formula_has_a_result_then(done: bytes) -> None:
    results = cached(done, NAME)
    assert len(results) > 3000
    assert [place for place, result in results.items() if result is None] == []
    assert [result for result in results.values() if isinstance(result, Fault)] == []


def test_a_second_sync_changes_no_byte(done: bytes) -> None:
    again = synced(done, NAME, when=LATER)
    assert again.data == done
    assert again.changes == again.blocks == ()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_a_second_sync_of_any_case_changes_no_byte(seed: int) -> None:
    case = case_from_data(random_case(seed))
    data = workbook_bytes(case, room=4)
    result = synced(data, NAME, when=WHEN)
    assert {change.kind for change in result.changes} == {"result"}
    assert differences(data, result) == []
    assert synced(result.data, NAME, when=LATER).data == result.data
    assert result.case == case


@pytest.mark.long
def test_a_second_sync_of_the_shipped_workbook_changes_no_byte() -> None:
    data = Path("workbooks/ceasefire_talks.xlsx").read_bytes()
    result = synced(data, NAME, when=WHEN)
    assert {change.kind for change in result.changes} <= {"result"}
    assert differences(data, result) == []
    assert synced(result.data, NAME, when=LATER).data == result.data


# --- after a change of the inputs


@pytest.fixture(scope="module")
def changed(done: bytes) -> tuple[bytes, Synced]:
    data = typed(done, ("Weights_Weight", 1, 0, 61), ("Parties_Reservation", 2, 0, 30))
    data = typed(data, ("Parties_ReservationLow", 2, 0, None), ("Packages_Note", 1, 0, "new"),
                 ("Parties_ReservationHigh", 2, 0, None))  # fmt: skip
    return data, synced(data, NAME, when=WHEN)


def test_only_our_cells_change(changed: tuple[bytes, Synced]) -> None:
    data, result = changed
    assert differences(data, result) == []
    kinds = {change.kind for change in result.changes}
    assert kinds == {"stamp", "log", "result"}
    formulas = live_cells(data, NAME).formulas
    for change in result.changes:
        place = (change.sheet, change.row, change.column)
        assert (place in formulas) == (change.kind == "result"), change
        assert change.sheet == {"stamp": layout.STAMP, "log": layout.LOG}.get(
            change.kind, change.sheet
        )


def test_each_changed_input_has_a_line_in_the_log(
    done: bytes, changed: tuple[bytes, Synced]
) -> None:
    _, result = changed
    low, base, high = small()["parties"][1]["reservation"]
    by = f"mcda {mcda.__version__}"
    assert lines(result.data) == [
        *lines(done),
        log.Line(WHEN, "Parties!C7", str(low), "", by),
        log.Line(WHEN, "Parties!D7", str(base), "30", by),
        log.Line(WHEN, "Parties!E7", str(high), "", by),
        log.Line(WHEN, "Weights!C6", "60", "61", by),
    ]


def test_the_stamp_tells_of_the_new_inputs(changed: tuple[bytes, Synced]) -> None:
    _, result = changed
    assert shown(result.data, layout.STAMP_INPUTS) == [[inputs_sha256(result.case)]]
    assert shown(result.data, layout.STAMP_WHEN) == [[WHEN]]
    assert shown(result.data, layout.STAMP_BY) == [[f"mcda {mcda.__version__}"]]
    assert shown(result.data, layout.STAMP_CHANGED) == [[0]]
    assert shown(result.data, layout.STAMP_STATES) == [["fresh"]]
    assert synced(result.data, NAME, when=LATER).data == result.data


def test_programs_that_do_not_compute_see_pythons_numbers(changed: tuple[bytes, Synced]) -> None:
    data, result = changed
    assert_shown(result)
    before = evaluate(case_from_workbook(data, NAME))
    assert before.case == result.case


def assert_shown(result: Synced) -> None:
    """Value_Party, Value_Surplus and Ranking, by openpyxl and by pandas, equal Python's."""
    evaluation = evaluate(result.case)
    rows, columns = evaluation.party_values.shape
    for name, truth in (
        (layout.VALUE_PARTY, evaluation.party_values),
        (layout.VALUE_SURPLUS, evaluation.surplus),
        (layout.STAMP_PARTY, evaluation.party_values),
    ):
        block = shown(result.data, name)
        found = [row[:columns] for row in block[:rows]]
        assert found == [pytest.approx(row, abs=1e-9) for row in truth.tolist()]
    (chosen,) = shown(result.data, layout.RANKED_FOR)[0]
    party = evaluation.parties.index(chosen)
    values = dict(zip(evaluation.packages, evaluation.party_values[:, party], strict=True))
    opened = load_workbook(io.BytesIO(result.data))
    sheet, area = next(opened.defined_names[layout.RANKING_LIST].destinations)
    block = opened[sheet][area.replace("$", "")]
    table = pd.read_excel(
        io.BytesIO(result.data), sheet_name=sheet, header=None, skiprows=block[0][0].row - 1,
        nrows=rows, usecols=range(5),
    )  # fmt: skip
    assert dict(zip(table[2], table[3], strict=True)) == pytest.approx(values, abs=1e-9)
    surplus = dict(zip(evaluation.packages, evaluation.surplus[:, party], strict=True))
    assert dict(zip(table[2], table[4], strict=True)) == pytest.approx(surplus, abs=1e-9)


def test_another_party_chosen_on_ranking_is_followed_and_is_no_input(done: bytes) -> None:
    result = synced(typed(done, (layout.RANKED_FOR, 0, 0, "south*")), NAME, when=WHEN)
    assert {change.kind for change in result.changes} == {"result"}
    assert_shown(result)


def test_a_note_changes_the_fingerprint_and_has_no_line(done: bytes) -> None:
    result = synced(typed(done, ("Packages_Note", 1, 0, "Ask again.")), NAME, when=WHEN)
    stamped = [change for change in result.changes if change.kind == "stamp"]
    assert [change.new for change in stamped] == [inputs_sha256(result.case), WHEN]
    assert result.since == ()
    assert lines(result.data) == lines(done)


def test_many_changes_are_fifty_lines_and_a_count(done: bytes) -> None:
    scored = [
        (party["name"], criterion, "level", issue, level)
        for party in small()["parties"]
        for criterion, issues in party["scores"].items()
        for issue, levels in issues.items()
        for level in levels
    ]
    keys = ("Party", "Criterion", "Of", "Issue", "Level")
    data = typed(
        done,
        *(
            (f"Evidence_{key}", row, 0, text)
            for row, texts in enumerate(scored, 1)
            for key, text in zip(keys, texts, strict=True)
        ),
        *(("Evidence_Basis", row, 0, "A guess.") for row in range(1, len(scored) + 1)),
    )
    result = synced(data, NAME, when=WHEN)
    told = lines(result.data)[len(lines(done)) :]
    assert len(result.since) == 5 * len(scored) > MOST_LINES
    assert [line.cell for line in told[:5]] == [f"Evidence!{column}6" for column in "ABCDE"]
    assert len(told) == MOST_LINES + 1
    assert told[-1].new == f"and {5 * len(scored) - MOST_LINES} more"
    assert synced(result.data, NAME, when=LATER).data == result.data


# --- edits of the page


WEIGHT = ("parties", "North", "criteria", "Trade", "weight")


def test_an_edit_is_written_with_a_line_and_the_case_has_it(done: bytes) -> None:
    edits = [InputEdit(WEIGHT, 60.0, 25.0), InputEdit(("packages", "A", "note"), None, "=1+1")]
    result = synced(done, NAME, when=WHEN, edits=edits)
    assert differences(done, result) == []
    assert [(change.cell, change.old, change.new) for change in result.changes
            if change.kind == "input"] == [
        ("Weights!C6", "60", "25"), ("Packages!G6", "", "=1+1"),
    ]  # fmt: skip
    assert result.case == case_from_workbook(result.data, NAME)
    assert result.case.party("North").criteria[0].weight == 25
    told = lines(result.data)[len(lines(done)) :]
    assert [(line.cell, line.old, line.new) for line in told] == [
        ("Weights!C6", "60", "25"), ("Packages!G6", "", "=1+1"),
    ]  # fmt: skip
    assert_shown(result)
    assert synced(result.data, NAME, when=LATER).data == result.data


def test_what_was_typed_before_and_what_the_page_edits_are_lines_of_their_own(done: bytes) -> None:
    data = typed(done, ("Weights_Weight", 1, 0, 50))
    result = synced(data, NAME, when=WHEN, edits=[InputEdit(WEIGHT, 50.0, 25.0)])
    told = lines(result.data)[len(lines(done)) :]
    assert [(line.cell, line.old, line.new) for line in told] == [
        ("Weights!C6", "60", "50"), ("Weights!C6", "50", "25"),
    ]  # fmt: skip


def test_an_edit_that_began_from_another_value_is_refused_with_both(done: bytes) -> None:
    with pytest.raises(CaseProblem) as refused:
        synced(done, NAME, when=WHEN, edits=[InputEdit(WEIGHT, 50.0, 25.0)])
    (problem,) = refused.value.problems
    assert problem.where == "Weights!C6"
    assert "25" in problem.what
    assert "60" in problem.what


def test_an_edit_that_makes_no_case_is_refused(done: bytes) -> None:
    with pytest.raises(CaseProblem) as refused:
        synced(done, NAME, when=WHEN, edits=[InputEdit(WEIGHT, 60.0, -1.0)])
    assert refused.value.problems[0].where == "Weights!C6"


def test_an_edit_mends_a_case_with_problems(done: bytes) -> None:
    data = typed(done, ("Weights_Weight", 1, 0, -5))
    result = synced(data, NAME, when=WHEN, edits=[InputEdit(WEIGHT, -5.0, 25.0)])
    told = lines(result.data)[len(lines(done)) :]
    assert [(line.old, line.new) for line in told] == [("60", "-5"), ("-5", "25")]


# --- workbooks that are not as they should be


def test_a_case_with_problems_is_refused_with_all_of_them(done: bytes) -> None:
    data = typed(done, ("Weights_Weight", 1, 0, -5), ("Parties_Signs", 1, 0, "perhaps"))
    with pytest.raises(CaseProblem) as refused:
        synced(data, NAME, when=WHEN)
    assert [problem.where for problem in refused.value.problems] == ["Parties!B6", "Weights!C6"]


def test_a_result_that_is_not_true_is_mended(done: bytes) -> None:
    (place, *_) = (
        place
        for place, result in cached(done, NAME).items()
        if place[0] == layout.VALUES and isinstance(result, float) and result
    )
    wrong = patch(done, [Edit(*place, Result(12345.0))], NAME, ours=layout.SHEETS)
    result = synced(wrong, NAME, when=WHEN)
    assert [change.cell for change in result.changes] == [layout.cell_name(*place)]
    assert cached(result.data, NAME) == cached(done, NAME)


def test_results_that_differ_by_the_last_digits_are_left_as_they_are(done: bytes) -> None:
    edits = [
        Edit(*place, Result(result * (1 + 4e-16)))
        for place, result in cached(done, NAME).items()
        if isinstance(result, float)
    ]
    saved = patch(done, edits, NAME, ours=layout.SHEETS)
    assert synced(saved, NAME, when=WHEN).data == saved


def test_a_number_of_pythons_that_was_overwritten_is_put_back(done: bytes) -> None:
    result = synced(typed(done, (layout.STAMP_PARTY, 0, 0, 1.5)), NAME, when=WHEN)
    assert shown(result.data, layout.STAMP_PARTY) == shown(done, layout.STAMP_PARTY)
    assert lines(result.data) == lines(done)


def test_a_workbook_of_layout_1_has_its_results_and_log_kept_and_is_told_what_to_do() -> None:
    data = LAYOUT_1.read_bytes()
    result = synced(data, NAME, when=WHEN)
    assert differences(data, result) == []
    assert {change.kind for change in result.changes} == {"log", "result"}
    assert "layout 1" in result.advice
    assert "mcda new NEW.xlsx --from OLD.xlsx" in result.advice
    assert result.blocks[0][0] == layout.LOG
    (line,) = lines(result.data)[len(lines(data)) :]
    assert line.new == f"results written, inputs {inputs_sha256(result.case)[:12]}"
    assert result.case == case_from_data(small())
    evaluation = evaluate(result.case)
    rows, columns = evaluation.party_values.shape
    found = [row[:columns] for row in shown(result.data, layout.VALUE_PARTY)[:rows]]
    assert found == [pytest.approx(row, abs=1e-9) for row in evaluation.party_values.tolist()]
    assert synced(result.data, NAME, when=LATER).data == result.data
    edited = synced(result.data, NAME, when=WHEN, edits=[InputEdit(WEIGHT, 60.0, 25.0)])
    assert [(line.old, line.new) for line in lines(edited.data)[-2:]] == [
        ("", f"results written, inputs {inputs_sha256(edited.case)[:12]}"), ("60", "25"),
    ]  # fmt: skip


# --- for the workbook when it is open in Excel


def test_blocks_are_the_stamp_and_the_new_lines_and_no_input(
    changed: tuple[bytes, Synced],
) -> None:
    data, result = changed
    names = {area: name for name, area in open_book(data, NAME).names.items() if area}
    found = {}
    for sheet, top, left, rows in result.blocks:
        bottom, right = top + len(rows) - 1, left + len(rows[0]) - 1
        (named,) = [
            name for area, name in names.items()
            if (area.sheet, area.top, area.left, area.bottom, area.right)
            == (sheet, top, left, bottom, right)
        ] or [sheet]  # fmt: skip
        found[named] = rows
        written = open_book(result.data, NAME).cells(sheet)
        assert rows == [
            [written.get(row, column) for column in range(left, right + 1)]
            for row in range(top, bottom + 1)
        ]
    assert found.keys() == {
        "stamp_parties_reservationlow", "stamp_parties_reservation", "stamp_weights_weight",
        "stamp_parties_reservationhigh", "stamp_party", "stamp_reservation", "stamp_inputs",
        "stamp_when", layout.LOG,
    }  # fmt: skip
    assert [row[1:4] for row in found[layout.LOG]][-1] == ["Weights!C6", "60", "61"]


# --- on the disk


@pytest.fixture
def file(tmp_path: Path, done: bytes) -> Path:
    path = tmp_path / "talks.xlsx"
    path.write_bytes(typed(done, ("Weights_Weight", 1, 0, 61)))
    return path


Run = Callable[..., Any]


@pytest.fixture
def run() -> Run:
    def invoke(*arguments: object) -> Any:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return invoke


def test_sync_from_the_command_line(run: Run, file: Path) -> None:
    before = file.read_bytes()
    result = run("sync", file)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith(f"Synced {file}: 1 input changed since the last sync. ")
    (backup,) = backups_of(file)
    assert backup.holds(before)
    written = file.read_bytes()
    assert lines(written)[-1].cell == "Weights!C6"
    again = run("sync", file)
    assert again.stderr == f"{file} is in step with its inputs; nothing to write.\n"
    assert file.read_bytes() == written


def test_a_dry_run_tells_every_cell_and_writes_nothing(run: Run, file: Path) -> None:
    before = file.read_bytes()
    result = run("sync", file, "--dry-run")
    assert (result.exit_code, file.read_bytes()) == (0, before)
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    expected = synced(before, NAME, when=WHEN)
    told = result.stdout.splitlines()
    assert len(told) == len(expected.changes) > 100
    assert "Log!C7: blank → 60" in told
    assert {line for line in told if line.startswith("Values!")} == {
        str(change) for change in expected.changes if change.sheet == "Values"
    }


def test_a_sync_as_data(run: Run, file: Path) -> None:
    trial = json.loads(run("sync", file, "--dry-run", "--json").stdout)
    result = json.loads(run("sync", file, "--json").stdout)
    assert trial["counts"] == result["counts"]
    assert len(trial["cells"]) == sum(trial["counts"].values())
    assert (trial["written"], trial["backup"], result["written"]) == (False, None, True)
    assert result["since_last_sync"] == [{"cell": "Weights!C6", "old": "60", "new": "61"}]
    assert result["inputs_sha256"] == inputs_sha256(mcda.read(file))
    assert Path(result["backup"]).is_file()


def test_what_cannot_be_synced_is_told(run: Run, file: Path, tmp_path: Path) -> None:
    twin = tmp_path / "talks.json"
    twin.write_text(json.dumps(small()), encoding="utf-8")
    result = run("sync", twin)
    assert result.exit_code == 2
    assert "mcda new talks.xlsx --from talks.json" in result.stderr
    with pytest.raises(CaseProblem, match="JSON"):
        mcda.sync(twin)
    file.write_bytes(typed(file.read_bytes(), ("Weights_Weight", 1, 0, -5)))
    result = run("sync", file)
    assert result.exit_code == 1
    assert "Weights!C6" in result.stderr
    file.write_bytes(typed(file.read_bytes(), ("Weights_Weight", 1, 0, 5)))
    (tmp_path / "~$talks.xlsx").write_bytes(b"")
    before = file.read_bytes()
    result = run("sync", file)
    assert result.exit_code == 2
    assert "Excel" in result.stderr
    assert file.read_bytes() == before


def test_sync_from_python(file: Path) -> None:
    result = mcda.sync(file)
    assert result.is_changed
    assert str(result).startswith(f"Synced {file}: ")
    assert not mcda.sync(file).is_changed
    assert mcda.read(file) == result.synced.case


def test_a_workbook_with_macros_and_a_users_own_things(run: Run, tmp_path: Path) -> None:
    data = full_book("small", macros=True)
    file = tmp_path / "talks.xlsm"
    file.write_bytes(data)
    assert run("sync", file).exit_code == 0
    result = synced(data, file.name, when=WHEN)
    assert differences(data, result) == []
    assert mcda.read(file) == result.case
    assert not mcda.sync(file).is_changed


# --- LibreOffice, which shows what stands in the file


@pytest.fixture(scope="module")
def plain_office() -> Iterator[Office]:
    """LibreOffice that never recalculates what it opens."""
    with pytest.MonkeyPatch.context() as patched:
        always = tests.office._ALWAYS_RECALCULATE
        never = always.replace("<value>0</value>", "<value>1</value>")
        assert never != always
        patched.setattr(tests.office, "_ALWAYS_RECALCULATE", never)
        with Office() as running:
            yield running


@pytest.mark.office
def test_libreoffice_shows_the_results_without_computing(
    plain_office: Office, changed: tuple[bytes, Synced], tmp_path: Path
) -> None:
    _, result = changed
    evaluation = evaluate(result.case)
    rows, columns = evaluation.party_values.shape
    path = tmp_path / "talks.xlsx"
    path.write_bytes(result.data)
    with plain_office.open(path) as book:
        found = [row[:columns] for row in book.read_name(layout.VALUE_PARTY)[:rows]]
        assert book.read_name(layout.STAMP_STATES) == [["fresh"]]
        truth = evaluation.party_values.tolist()
        assert found == [pytest.approx(row, abs=1e-9) for row in truth]
    area = open_book(result.data, NAME).names[layout.VALUE_PARTY.casefold()]
    assert area is not None
    lie = Edit(area.sheet, area.top, area.left, Result(12345.0))
    path.write_bytes(patch(result.data, [lie], NAME, ours=layout.SHEETS))
    with plain_office.open(path) as book:  # so what was read above was not computed either
        assert book.read_name(layout.VALUE_PARTY)[0][0] == 12345
