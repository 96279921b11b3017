"""Changes on the page go into the input cells of the workbook, and the page says how it stands."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mcda.canonical import canonical_json
from mcda.case import Case
from mcda.files import read
from mcda.json_form import case_from_data
from mcda.ui import write_back
from mcda.workbook.author import create
from mcda.workbook.read import case_from_workbook
from mcda.workbook.sync import synced
from mcda.workbook.watching.watch import stop_watching
from tests.ui.test_every_page import visit
from tests.ui.test_page import assert_shows, page, points_of, text
from tests.workbook.small_case import small

PARTY = "North"
CASE = case_from_data(small())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "talks.xlsx"
    create(CASE, path, room=4)
    # Its results are in it already, so that what is written later is little.
    path.write_bytes(synced(path.read_bytes(), path.name, when="2026-11-22 20:00").data)
    return path


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "talks.xlsx"
    shutil.copy(made, path)
    yield path
    for link in write_back._links.values():
        link.close()
    write_back._links.clear()
    stop_watching()


@pytest.fixture
def test(file: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    return page(file, monkeypatch)


def press(test: Any, key: str) -> None:
    test.button(key=key).click().run()


def offered(test: Any) -> set[str]:
    return {button.key for button in test.button if button.key}


def until(test: Any, reached: Callable[[], bool]) -> None:
    """Run the page, as its own clock does in a browser, until something is so."""
    end = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < end, text(test)
        time.sleep(0.2)
        test.run()


def weights(case: Case) -> list[float]:
    return [criterion.weight for criterion in case.party(PARTY).criteria]


def by_hand(file: Path, change: Callable[[Any], None]) -> None:
    """Another program opens the workbook, changes it, and saves it."""
    by_hand_from(file.read_bytes(), file, change)


def by_hand_from(opened: bytes, file: Path, change: Callable[[Any], None]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(opened))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    temporary = file.with_suffix(".tmp")
    temporary.write_bytes(stream.getvalue())
    temporary.replace(file)


def log(file: Path) -> list[tuple[Any, ...]]:
    rows = openpyxl.load_workbook(file)["Log"].iter_rows(values_only=True)
    return [row for row in rows if row[1] and "!" in str(row[1])]


def moved(percent: int) -> float:
    """The points that the first slider gives."""
    return points_of(weights(CASE), 0, percent)[0]


def test_nothing_is_written_until_it_is_asked_for(test: Any, file: Path) -> None:
    before = file.read_bytes()
    test.slider[0].set_value(70).run()
    assert "Nothing is written to it until you ask for it." in text(test)
    assert "Weights!C6" in text(test)
    assert file.read_bytes() == before
    assert {"write", "discard"} <= offered(test)
    press(test, "discard")
    assert_shows(test, CASE, PARTY)
    assert "write" not in offered(test)


def test_a_change_goes_into_its_cell_with_a_line_in_the_log(test: Any, file: Path) -> None:
    test.slider[0].set_value(70).run()
    press(test, "write")
    expected = [moved(70), *weights(CASE)[1:]]
    assert weights(read(file)) == expected
    assert openpyxl.load_workbook(file)["Weights"]["C6"].value == expected[0]
    ((_, cell, old, new, _),) = log(file)
    assert (cell, float(old), float(new)) == ("Weights!C6", weights(CASE)[0], expected[0])
    assert_shows(test, read(file), PARTY)
    assert "In step with the workbook." in text(test)
    assert "write" not in offered(test)
    others = {party.name: party for party in CASE.parties if party.name != PARTY}
    assert {name: read(file).party(name) for name in others} == others


def test_what_was_written_can_be_undone(test: Any, file: Path) -> None:
    test.slider[0].set_value(70).run()
    press(test, "write")
    press(test, "undo")
    assert canonical_json(read(file)) == canonical_json(CASE)
    assert [row[1] for row in log(file)] == ["Weights!C6", "Weights!C6"]
    assert "undo" not in offered(test)


def test_a_save_elsewhere_shows_and_keeps_what_is_moved_here(test: Any, file: Path) -> None:
    test.slider[0].set_value(70).run()
    by_hand(file, lambda book: book["Weights"].__setitem__("C7", 11))
    test.run()
    assert weights(read(file))[1] == 11
    assert test.slider[0].value != 70  # the same points are another share of the new sum
    press(test, "write")
    assert weights(read(file))[:2] == [moved(70), 11]


@pytest.mark.parametrize("choice", ["keep", "take"])
def test_the_same_cell_changed_on_both_sides(test: Any, file: Path, choice: str) -> None:
    ours = moved(70)
    test.slider[0].set_value(70).run()
    by_hand(file, lambda book: book["Weights"].__setitem__("C6", 33))
    test.run()
    (warning,) = test.warning
    assert "33" in warning.value
    assert "write" not in offered(test), "nothing is written over it"
    path = ("parties", PARTY, "criteria", CASE.party(PARTY).criteria[0].name, "weight")
    press(test, f"{choice}-{path}")
    assert not test.warning
    if choice == "keep":
        press(test, "write")
    assert weights(read(file))[0] == (ours if choice == "keep" else 33)
    assert_shows(test, read(file), PARTY)


def test_a_program_that_had_it_open_before_does_not_undo_it(test: Any, file: Path) -> None:
    opened = file.read_bytes()
    test.slider[0].set_value(70).run()
    press(test, "write")
    by_hand_from(opened, file, lambda book: book["Weights"].__setitem__("C7", 11))
    expected = [moved(70), 11]
    until(test, lambda: weights(read(file))[:2] == expected)
    test.run()
    assert_shows(test, read(file), PARTY)


def test_a_third_value_by_one_who_did_not_know_is_asked_about(test: Any, file: Path) -> None:
    opened = file.read_bytes()
    test.slider[0].set_value(70).run()
    press(test, "write")
    by_hand_from(opened, file, lambda book: book["Weights"].__setitem__("C6", 33))
    until(test, lambda: bool(test.warning))
    (keep,) = [key for key in offered(test) if key.startswith("keep-")]
    press(test, keep)
    until(test, lambda: weights(read(file))[0] == moved(70))
    test.run()
    assert not test.warning


def test_an_open_workbook_waits_and_is_written_when_it_is_free(test: Any, file: Path) -> None:
    lock = file.with_name(f".~lock.{file.name}#")
    lock.write_text("Anna,anna,laptop,22.11.2026 20:00,file:///x;")
    before = file.read_bytes()
    test.slider[0].set_value(70).run()
    press(test, "write")
    assert file.read_bytes() == before
    assert "Anna" in text(test)
    assert "write" not in offered(test), "it was given once"
    lock.unlink()
    expected = [moved(70), *weights(CASE)[1:]]
    until(test, lambda: weights(read(file)) == expected)
    until(test, lambda: "In step with the workbook." in text(test))


def test_what_waits_can_be_taken_back(test: Any, file: Path) -> None:
    lock = file.with_name(f".~lock.{file.name}#")
    lock.write_text("Anna,anna,laptop,22.11.2026 20:00,file:///x;")
    test.slider[0].set_value(70).run()
    press(test, "write")
    press(test, "discard")
    lock.unlink()
    until(test, lambda: "In step with the workbook." in text(test))
    assert canonical_json(read(file)) == canonical_json(CASE)


def test_keeping_it_in_step_can_be_ended(test: Any, file: Path) -> None:
    test.slider[0].set_value(70).run()
    press(test, "write")
    press(test, "stop")
    assert "Nothing is written to it until you ask for it." in text(test)
    assert not write_back.link(file).is_open
    assert "stop" not in offered(test)


def test_as_i_go(test: Any, file: Path) -> None:
    test.toggle(key="as I go").set_value(True).run()
    test.slider[0].set_value(70).run()
    expected = [moved(70), *weights(CASE)[1:]]
    until(test, lambda: weights(read(file)) == expected)
    until(test, lambda: "In step with the workbook." in text(test))


def test_a_broken_case_in_the_file_is_told_and_ours_waits_for_its_mending(
    test: Any, file: Path
) -> None:
    test.slider[0].set_value(70).run()
    by_hand(file, lambda book: book["Weights"].__setitem__("C7", -1))
    test.run()
    assert "cannot be read as a case yet" in text(test)
    by_hand(file, lambda book: book["Weights"].__setitem__("C7", 11))
    test.run()
    press(test, "write")
    assert weights(read(file))[0] == moved(70)


def test_a_half_written_file_leaves_what_was_read(test: Any, file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    test.run()
    assert "not whole" in text(test)
    assert_shows(test, CASE, PARTY)
    file.write_bytes(whole)
    test.run()
    assert "not whole" not in text(test)


def test_what_is_nowhere_on_this_machine_is_not_written(test: Any, file: Path, made: Path) -> None:
    test.file_uploader(key="upload").upload("mine.xlsx", made.read_bytes()).run()
    test.slider[0].set_value(70).run()
    assert "In this session only" in text(test)
    assert "write" not in offered(test)
    visit(test, "Memo and files")
    next(one for one in test.button if one.label == "Put the changes into a copy").click().run()
    _, copy = test.session_state["copy with the changes"]
    assert weights(case_from_workbook(copy, "mine.xlsx")) == [moved(70), *weights(CASE)[1:]]
    assert file.read_bytes() == made.read_bytes()
