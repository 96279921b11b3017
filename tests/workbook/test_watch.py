"""The watched workbook: saves in every way, locks, half files, lost files, full disks, edits."""

import errno
import json
import logging
import os
import shutil
import threading
import time
from dataclasses import replace

import pytest

from mcda.json_form import case_from_data
from mcda.problems import CaseProblem
from mcda.workbook.author import workbook_bytes
from mcda.workbook.changes.edits import InputEdit, resolve
from mcda.workbook.changes.named_inputs import NamedInputs
from mcda.workbook.excel.memory_book import MemoryBook
from mcda.workbook.formulas.recalculate import Recalculator
from mcda.workbook.patch import patch
from mcda.workbook.read import case_from_workbook, read_data
from mcda.workbook.sync import synced
from mcda.workbook.watching import upkeep
from mcda.workbook.watching.folder_events import FolderEvents
from mcda.workbook.watching.settle import is_whole
from mcda.workbook.watching.watch import Kind, Patience, Watcher, stop_watching, watching
from tests.workbook import saves
from tests.workbook.books import edited
from tests.workbook.small_case import small

HURRIED = Patience(quiet=0.03, poll=0.1, gone=0.3, half_written=0.3, retry=0.2)
UNTOLD = replace(HURRIED, gone=60, half_written=60)
"""A machine under load may take long over what is no trouble."""
LONG = 20.0
WHEN = "2026-01-02 03:04"
TRADE = ("parties", "North", "criteria", "Trade", "weight")
COST = ("parties", "North", "criteria", "Cost", "weight")


def case(trade=60):
    """The small case, with North's weight of Trade: at 60 B is first for North, at 1 Direct is."""
    data = small()
    data["parties"][0]["criteria"][0]["weight"] = trade
    return case_from_data(data)


def uncomputed(*_):
    """In place of the engine, whose results have tests of their own: it takes a second to start."""
    return {}


@pytest.fixture(scope="module")
def old():
    """A workbook in step."""
    return made(60)


@pytest.fixture(scope="module")
def new():
    """The same after another weight, in step."""
    return made(1)


@pytest.fixture(scope="module")
def typed(old):
    """The old workbook after another weight was typed, out of step."""
    return patched(old, {TRADE: 1})


def made(trade):
    data = workbook_bytes(case(trade), room=1, when=WHEN)
    return synced(data, "t.xlsx", when=WHEN, recalculator=uncomputed).data


def patched(data, inputs):
    """What the file is after somebody typed into input cells, and nothing was computed."""
    reading = read_data(data, "t.xlsx")
    named = NamedInputs(reading)
    edits = [InputEdit(path, named.value(path), value) for path, value in inputs.items()]
    return patch(data, resolve(edits, reading).edits, "t.xlsx", recalculate=False)


def weight(data, criterion=0):
    return case_from_workbook(data, "t.xlsx").party("North").criteria[criterion].weight


@pytest.fixture
def path(tmp_path, old):
    folder = tmp_path / "talks"
    folder.mkdir()
    file = folder / "talks.xlsx"
    file.write_bytes(old)
    return file


@pytest.fixture
def watch(path):
    """Starts watchers of the file, and stops them at the end."""
    started = []

    def start(computing=False, **options):
        watcher = Watcher(path, **{"patience": HURRIED, **options})
        if not computing:
            watcher._upkeep._recalculator = uncomputed
        started.append(watcher)
        watcher.start()
        return watcher

    yield start
    for watcher in started:
        watcher.stop()


def until(condition, what=lambda: "it"):
    end = time.monotonic() + LONG
    while not (found := condition()):
        assert time.monotonic() < end, f"{what()} did not come about"
        time.sleep(0.01)
    return found


def report(watcher, kind, nth=1):
    """The nth report of a kind, waited for."""

    def found():
        of_kind = [each for each in list(watcher.reports) if each.kind is kind]
        return of_kind[nth - 1] if len(of_kind) >= nth else None

    return until(found, lambda: f"report {nth} of “{kind}” (there are {kinds(watcher)})")


def kinds(watcher):
    return [str(each.kind) for each in watcher.reports]


def at_rest(watcher):
    """Wait until the file was looked at some times more with nothing to do."""
    count = len(watcher.reports)
    time.sleep(3 * HURRIED.poll)
    assert len(watcher.reports) == count, kinds(watcher)


def in_step(data, recalculator=uncomputed):
    return synced(data, "t.xlsx", when=WHEN, recalculator=recalculator).data == data


# -- starting


def test_at_the_start_it_tells_how_the_ranking_stands(watch, path, old):
    watcher = watch()
    first = report(watcher, Kind.STANDS)
    assert "First for North: B and As B" in first.words
    assert first.case.name == case().name
    at_rest(watcher)
    assert path.read_bytes() == old
    assert kinds(watcher) == ["stands"]


def test_a_workbook_out_of_step_is_brought_in_step_at_the_start(watch, path, typed):
    path.write_bytes(typed)
    watcher = watch()
    written = report(watcher, Kind.WRITTEN)
    assert kinds(watcher)[:2] == ["stands", "written"]
    assert written.words == f"{written.cells} cells written."
    assert in_step(path.read_bytes())
    assert weight(path.read_bytes()) == 1


# -- saves


@pytest.mark.parametrize("way", saves.WAYS, ids=lambda way: way.__name__)
def test_a_save_is_taken_up_whatever_way_it_comes(watch, path, typed, way):
    watcher = watch(patience=UNTOLD)
    report(watcher, Kind.STANDS)
    way(path, typed)
    written = report(watcher, Kind.WRITTEN)
    assert "North: Direct is now first (was B and As B)" in written.words
    assert written.change.parties["North"].first == ("Direct",)
    at_rest(watcher)
    assert kinds(watcher) == ["stands", "written"]
    assert weight(path.read_bytes()) == 1
    assert in_step(path.read_bytes())


@pytest.mark.long
def test_the_results_that_the_file_carries_are_those_of_its_inputs(watch, path, typed):
    watcher = watch(computing=True)
    report(watcher, Kind.STANDS)
    until(lambda: in_step(path.read_bytes()))
    saves.as_excel(path, typed)
    until(lambda: weight(path.read_bytes()) == 1 and in_step(path.read_bytes()))
    assert in_step(path.read_bytes(), Recalculator())


def test_a_save_that_is_in_step_already_is_read_and_left(watch, path, new):
    watcher = watch()
    report(watcher, Kind.STANDS)
    saves.as_excel(path, new)
    read = report(watcher, Kind.READ)
    assert "North: Direct is now first (was B and As B)" in read.words
    assert path.read_bytes() == new


def test_a_save_is_found_by_looking_where_no_event_comes(watch, path, typed, monkeypatch):
    monkeypatch.setattr(FolderEvents, "ensure", lambda self: False)
    watcher = watch()
    report(watcher, Kind.STANDS)
    saves.as_excel(path, typed)
    report(watcher, Kind.WRITTEN)


def test_our_own_write_wakes_nobody(watch, path, typed, monkeypatch):
    computed = []
    real = upkeep.merged
    monkeypatch.setattr(upkeep, "merged", lambda *a, **k: computed.append(1) or real(*a, **k))
    watcher = watch()
    report(watcher, Kind.STANDS)
    saves.as_excel(path, typed)
    report(watcher, Kind.WRITTEN)
    stands = path.stat()
    at_rest(watcher)
    os.utime(path)  # touched, with nothing new in it
    at_rest(watcher)
    assert len(computed) == 2
    assert path.stat().st_ino == stands.st_ino


def test_saves_in_a_row_are_all_taken_up_in_the_end(watch, path, typed, new, old):
    watcher = watch()
    report(watcher, Kind.STANDS)
    for number in range(6):
        saves.as_excel(path, [typed, old, new][number % 3])
        time.sleep(0.03 * number)
    saves.as_excel(path, typed)
    until(lambda: weight(path.read_bytes()) == 1 and in_step(path.read_bytes()))


def test_events_of_other_files_wake_nobody(path):
    woken = threading.Event()
    events = FolderEvents(path, woken.set)
    try:
        assert events.ensure()
        for other in (".mcda-0a1b2c3d-new-1.tmp", "other.xlsx", "~other", "5A3C81F0"):
            path.with_name(other).write_bytes(b"x")
            path.with_name(other).unlink()
        (path.parent / ".mcda-backups").mkdir()
        (path.parent / ".mcda-backups" / "talks.xlsx").write_bytes(b"x")
        assert not woken.wait(0.3)
        for ours in ("~$talks.xlsx", ".~lock.talks.xlsx#", "talks.xlsx", "TALKS.xlsx"):
            woken.clear()
            path.with_name(ours).write_bytes(b"x")
            assert woken.wait(LONG), ours
    finally:
        events.close()


def test_events_come_again_after_the_folder_was_made_anew(path, old):
    woken = threading.Event()
    events = FolderEvents(path, woken.set)
    try:
        assert events.ensure()
        shutil.rmtree(path.parent)
        assert woken.wait(LONG)
        assert not events.ensure()
        path.parent.mkdir()
        assert events.ensure()
        woken.clear()
        path.write_bytes(old)
        assert woken.wait(LONG)
    finally:
        events.close()


def test_where_the_system_gives_no_more_watches_they_are_asked_for_again(path, monkeypatch):
    from watchdog.observers import Observer

    woken = threading.Event()
    events = FolderEvents(path, woken.set)

    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    try:
        with monkeypatch.context() as limited:
            limited.setattr(Observer, "schedule", refuse)
            assert not events.ensure()
            assert not events.ensure()
        assert events.ensure()
        path.touch()
        path.write_bytes(b"x")
        assert woken.wait(LONG)
    finally:
        events.close()


# -- open elsewhere


def excel_lock(path):
    lock = path.with_name("~$" + path.name)
    name = b"\x03Ann" + bytes(51)
    lock.write_bytes(name + b"\x03\0" + "Ann".encode("utf-16-le") + bytes(165 - 57 - 6))
    return lock


def libreoffice_lock(path):
    lock = path.with_name(f".~lock.{path.name}#")
    lock.write_text(",ann,desk,22.11.2026 20:00,file:///home/ann/.config;")
    return lock


@pytest.mark.parametrize(
    ("locked", "program"), [(excel_lock, "Excel by Ann"), (libreoffice_lock, "LibreOffice by ann")]
)
def test_results_wait_while_it_is_open_and_are_written_when_it_closes(
    watch, path, typed, locked, program
):
    watcher = watch()
    report(watcher, Kind.STANDS)
    lock = locked(path)
    saves.as_excel(path, typed)
    waits = report(watcher, Kind.WAITS)
    assert f"open in {program}" in waits.words
    assert "North: Direct is now first (was B and As B)" in waits.words
    assert "written when it is free" in waits.words
    at_rest(watcher)
    assert watcher.is_waiting
    assert path.read_bytes() == typed
    lock.unlink()
    written = report(watcher, Kind.WRITTEN)
    assert written.words.startswith("Nothing changed.")
    assert in_step(path.read_bytes())
    assert not watcher.is_waiting
    assert kinds(watcher) == ["stands", "waits", "written"]


def test_a_lock_with_nothing_to_write_is_no_news(watch, path):
    watcher = watch()
    report(watcher, Kind.STANDS)
    lock = excel_lock(path)
    at_rest(watcher)
    lock.unlink()
    at_rest(watcher)


def test_the_blocks_are_written_into_the_book_that_is_open_in_excel(watch, path, typed):
    book = MemoryBook.from_workbook(typed, str(path))
    watcher = watch(attach=lambda _: book)
    report(watcher, Kind.STANDS)
    inputs = {place: value for place, value in book.cells.items() if place[0] in INPUTS}
    lock = excel_lock(path)
    saves.as_excel(path, typed)
    live = report(watcher, Kind.LIVE)
    assert 0 < live.cells <= len(book.written)
    assert path.read_bytes() == typed
    assert inputs == {place: value for place, value in book.cells.items() if place[0] in INPUTS}
    lock.unlink()
    report(watcher, Kind.WRITTEN)


INPUTS = ("Packages", "No deal", "Issues", "Parties", "Criteria", "Weights", "Scores")


def test_an_excel_that_is_busy_is_asked_again(watch, path, typed):
    book = MemoryBook.from_workbook(typed, str(path))
    answers = iter([upkeep.LiveBookProblem("Excel is busy. Press Enter there.")])

    def attach(_):
        for problem in answers:
            raise problem
        return book

    watcher = watch(attach=attach)
    report(watcher, Kind.STANDS)
    excel_lock(path)
    saves.as_excel(path, typed)
    assert (
        "Excel is busy. Press Enter there. The results wait." in report(watcher, Kind.WAITS).words
    )
    report(watcher, Kind.LIVE)


# -- not there, not whole


def test_a_file_cut_off_is_waited_for_and_told_after_a_while(watch, path, typed):
    watcher = watch()
    report(watcher, Kind.STANDS)
    path.write_bytes(typed[: len(typed) // 2])
    told = report(watcher, Kind.HALF_WRITTEN)
    assert told.words.startswith("talks.xlsx is not whole")
    at_rest(watcher)
    path.write_bytes(typed)
    assert "North: Direct is now first" in report(watcher, Kind.WRITTEN).words
    assert kinds(watcher) == ["stands", "half written", "written"]


def test_a_slow_save_is_not_told_as_half_written(watch, path, typed):
    watcher = watch(patience=UNTOLD)
    report(watcher, Kind.STANDS)
    with path.open("wb") as file:
        file.write(typed[:1000])
        file.flush()
        time.sleep(3 * HURRIED.quiet)
        file.write(typed[1000:])
    report(watcher, Kind.WRITTEN)
    assert kinds(watcher) == ["stands", "written"]


def test_a_mixture_of_two_versions_is_not_whole(old, new):
    """Written over in place: the directory at the end is one version's, not every part is."""
    size = min(len(new), len(old))
    cuts = range(0, size, size // 50)
    assert is_whole(old)
    assert is_whole(new)
    assert not any(is_whole(old[:cut]) for cut in cuts)
    mixtures = [new[:cut] + old[cut:] for cut in cuts]
    torn = [each for each in mixtures if each not in (old, new)]
    assert len(torn) > 20
    assert not any(map(is_whole, torn))


def test_a_file_that_goes_and_comes_back(watch, path, old, typed):
    watcher = watch()
    report(watcher, Kind.STANDS)
    path.unlink()
    gone = report(watcher, Kind.GONE)
    assert gone.words.startswith("talks.xlsx is not in its folder any more")
    at_rest(watcher)
    path.write_bytes(old)
    assert report(watcher, Kind.BACK).words == "talks.xlsx is back, as it was."
    path.unlink()
    report(watcher, Kind.GONE, 2)
    path.write_bytes(typed)
    assert "North: Direct is now first" in report(watcher, Kind.WRITTEN).words


def test_a_folder_that_goes_and_comes_back(watch, path, typed):
    watcher = watch()
    report(watcher, Kind.STANDS)
    shutil.rmtree(path.parent)
    assert f"the folder {path.parent} is gone" in report(watcher, Kind.GONE).words
    path.parent.mkdir()
    path.write_bytes(typed)
    report(watcher, Kind.WRITTEN)
    saves.as_excel(path, typed)
    report(watcher, Kind.WRITTEN, 2)


def test_a_file_that_is_not_there_yet_is_waited_for(watch, path, typed):
    path.unlink()
    watcher = watch()
    report(watcher, Kind.GONE)
    saves.as_excel(path, typed)
    report(watcher, Kind.STANDS)


# -- not to be written


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (PermissionError(errno.EACCES, "Permission denied"), "may not be made or replaced"),
        (OSError(errno.EROFS, "Read-only file system"), "The disk is read-only"),
        (OSError(errno.EIO, "Input/output error"), "The disk refused: Input/output error"),
    ],
    ids=["full", "folder", "read-only", "broken"],
)
def test_what_cannot_be_written_waits_and_is_tried_again(
    watch, path, typed, monkeypatch, error, words
):
    watcher = watch()
    report(watcher, Kind.STANDS)

    def refuse(*_, **__):
        raise error

    with monkeypatch.context() as patched_disk:
        patched_disk.setattr("mcda.workbook.disk.store.write_beside", refuse)
        saves.as_excel(path, typed)
        told = report(watcher, Kind.NOT_WRITTEN)
        assert words in told.words
        assert "The results wait" in told.words
        assert "North: Direct is now first" in told.words
        time.sleep(2 * HURRIED.retry)
        assert kinds(watcher) == ["stands", "not written"]
        assert path.read_bytes() == typed
    watcher.wake()
    report(watcher, Kind.WRITTEN)
    assert in_step(path.read_bytes())


def test_a_file_marked_read_only_is_left_alone_until_the_mark_is_off(watch, path, typed):
    watcher = watch()
    report(watcher, Kind.STANDS)
    saves.as_excel(path, typed)
    path.chmod(0o444)
    told = until(lambda: [r for r in watcher.reports if r.kind is not Kind.STANDS])[0]
    if told.kind is Kind.NOT_WRITTEN:
        assert "marked as read-only" in told.words
        path.chmod(0o644)
        report(watcher, Kind.WRITTEN)


def test_a_file_that_keeps_changing_is_left_alone_and_told(watch, path, typed, monkeypatch):
    watcher = watch()
    report(watcher, Kind.STANDS)
    real, times = upkeep.merged, iter(range(3))

    def meanwhile(data, *more, **options):
        result = real(data, *more, **options)
        for number in times:
            path.write_bytes(patched(typed, {COST: 31 + number}))
            break
        return result

    monkeypatch.setattr(upkeep, "merged", meanwhile)
    saves.as_excel(path, typed)
    told = report(watcher, Kind.NOT_WRITTEN)
    assert "changed by another program each of the 3 times" in told.words
    report(watcher, Kind.WRITTEN)
    assert weight(path.read_bytes(), criterion=1) == 33
    assert in_step(path.read_bytes())


def test_a_case_with_problems_is_told_with_cells_and_left_as_it_is(watch, path, typed):
    def spoil(book):
        sheet = book["Weights"]
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == 60:
                    cell.value = -5

    broken = edited(path.read_bytes(), spoil)
    watcher = watch()
    report(watcher, Kind.STANDS)
    saves.as_excel(path, broken)
    told = report(watcher, Kind.PROBLEMS)
    assert told.words.startswith("talks.xlsx has 1 problem. It is as you saved it")
    assert "Weights!" in told.words
    assert told.problems[0].where.startswith("Weights!")
    at_rest(watcher)
    assert path.read_bytes() == broken
    saves.as_excel(path, typed)
    assert "North: Direct is now first" in report(watcher, Kind.WRITTEN).words


def test_what_is_no_workbook_is_told(watch, path):
    watcher = watch()
    report(watcher, Kind.STANDS)
    path.write_bytes(b"not a workbook")
    assert "not an Excel workbook" in report(watcher, Kind.PROBLEMS).words


def test_what_nobody_thought_of_is_told_and_watching_goes_on(
    watch, path, typed, monkeypatch, caplog
):
    watcher = watch()
    report(watcher, Kind.STANDS)
    with monkeypatch.context() as broken:
        broken.setattr(upkeep, "merged", lambda *_, **__: 1 / 0)
        with caplog.at_level(logging.CRITICAL, "mcda.workbook.watching.watch"):
            saves.as_excel(path, typed)
            assert "ZeroDivisionError" in report(watcher, Kind.FAILED).words
    saves.as_excel(path, typed)
    report(watcher, Kind.WRITTEN)


# -- edits


def test_an_edit_is_written_into_its_cell_with_the_results(watch, path):
    watcher = watch()
    report(watcher, Kind.STANDS)
    done = watcher.edit([InputEdit(TRADE, 60.0, 1.0)])
    assert [edit.new for edit in done.applied] == [1.0]
    assert not done.waits
    assert weight(path.read_bytes()) == 1
    assert in_step(path.read_bytes())
    assert "North: Direct is now first" in report(watcher, Kind.WRITTEN).words
    at_rest(watcher)


def test_an_edit_of_another_cell_than_the_file_changed_survives_with_it(watch, path, typed):
    watcher = watch()
    report(watcher, Kind.STANDS)
    saves.as_excel(path, typed)
    watcher.edit([InputEdit(COST, 30.0, 35.0)])
    until(lambda: in_step(path.read_bytes()))
    assert (weight(path.read_bytes()), weight(path.read_bytes(), 1)) == (1, 35)


def test_an_edit_of_the_same_cell_is_a_conflict_with_both_values(watch, path, typed):
    watcher = watch()
    report(watcher, Kind.STANDS)
    saves.as_excel(path, typed)
    done = watcher.edit([InputEdit(TRADE, 60.0, 50.0)])
    assert not done.applied
    assert [(each.ours_text, each.theirs_text) for each in done.conflicts] == [("50", "1")]
    told = report(watcher, Kind.CONFLICT)
    assert "Weights!" in told.words
    assert "to 50 here, to 1 in the file" in told.words
    assert weight(path.read_bytes()) == 1
    chosen = watcher.edit([told.conflict.keep_ours()])
    assert not chosen.conflicts
    assert weight(path.read_bytes()) == 50


def test_an_edit_waits_while_it_is_open_and_is_written_when_it_closes(watch, path, old):
    watcher = watch()
    report(watcher, Kind.STANDS)
    lock = excel_lock(path)
    done = watcher.edit([InputEdit(TRADE, 60.0, 1.0)])
    assert "open in Excel by Ann" in done.waits
    assert path.read_bytes() == old
    at_rest(watcher)
    lock.unlink()
    report(watcher, Kind.WRITTEN)
    assert weight(path.read_bytes()) == 1


def test_an_edit_that_makes_no_case_is_refused_and_forgotten(watch, path, old):
    watcher = watch()
    report(watcher, Kind.STANDS)
    with pytest.raises(CaseProblem, match="Weights!"):
        watcher.edit([InputEdit(TRADE, 60.0, -5.0)])
    with pytest.raises(ValueError, match="number"):
        watcher.edit([InputEdit(TRADE, 60.0, "much")])
    at_rest(watcher)
    assert path.read_bytes() == old
    assert watcher.edit([InputEdit(TRADE, 60.0, 1.0)]).applied


def test_an_edit_is_written_again_over_a_save_that_did_not_know_of_it(watch, path, old):
    watcher = watch()
    report(watcher, Kind.STANDS)
    watcher.edit([InputEdit(TRADE, 60.0, 1.0)])
    report(watcher, Kind.WRITTEN)
    saves.as_excel(path, patched(old, {COST: 35}))  # had been opened before the edit
    report(watcher, Kind.WRITTEN, 2)
    assert (weight(path.read_bytes()), weight(path.read_bytes(), 1)) == (1, 35)
    assert in_step(path.read_bytes())


def test_a_change_back_by_one_who_knew_of_the_edit_is_respected(watch, path):
    watcher = watch()
    report(watcher, Kind.STANDS)
    watcher.edit([InputEdit(TRADE, 60.0, 1.0)])
    report(watcher, Kind.WRITTEN)
    saves.as_excel(path, patched(path.read_bytes(), {TRADE: 60}))
    report(watcher, Kind.WRITTEN, 2)
    assert weight(path.read_bytes()) == 60
    at_rest(watcher)


def test_edits_that_waited_and_fit_no_more_are_left_out_and_told(watch, path, old):
    watcher = watch()
    report(watcher, Kind.STANDS)
    lock = excel_lock(path)
    low = ("parties", "North", "criteria", "Trade", "low")
    assert watcher.edit([InputEdit(low, 0.0, 45.0)]).waits
    high = ("parties", "North", "criteria", "Trade", "high")
    saves.as_excel(path, patched(old, {high: 40, TRADE: 50}))
    lock.unlink()
    told = report(watcher, Kind.PROBLEMS)
    assert told.words.startswith(
        "Left out, as the case has problems with it: North, Trade: range low"
    )
    until(lambda: in_step(path.read_bytes()))
    assert weight(path.read_bytes()) == 50


# -- the watcher itself


def test_it_takes_next_to_no_time_while_nothing_happens(watch):
    watcher = watch(patience=Patience())
    report(watcher, Kind.STANDS)
    time.sleep(0.3)
    before = time.process_time()
    time.sleep(2.5)
    assert time.process_time() - before < 0.1


def test_it_stops_and_starts_again(watch, path, typed):
    before = threading.active_count()
    watcher = watch()
    report(watcher, Kind.STANDS)
    assert watcher.start() is watcher
    watcher.stop()
    assert not watcher.is_running
    assert threading.active_count() == before
    saves.as_excel(path, typed)
    watcher.start()
    report(watcher, Kind.WRITTEN)


def test_a_report_that_cannot_be_given_on_harms_nobody(watch, path, typed, caplog):
    def fail(_):
        raise RuntimeError("no")

    heard = []
    with caplog.at_level(logging.CRITICAL, "mcda.workbook.watching.watch"):
        watcher = watch(report=fail)
        with watcher.subscribed(heard.append):
            report(watcher, Kind.STANDS)
            saves.as_excel(path, typed)
            report(watcher, Kind.WRITTEN)
    assert [str(each.kind) for each in heard][-1] == "written"


def test_sessions_of_a_process_share_the_watcher_of_a_file(path):
    try:
        first = watching(path)
        link = path.with_name("link.xlsx")
        link.symlink_to(path)
        assert watching(path) is first
        assert watching(link) is first
        assert first.is_running
    finally:
        stop_watching()
    assert not first.is_running


def test_a_report_is_plain_data(watch, path, typed):
    watcher = watch()
    report(watcher, Kind.STANDS)
    saves.as_excel(path, typed)
    data = report(watcher, Kind.WRITTEN).to_dict()
    assert json.loads(json.dumps(data, allow_nan=False))["kind"] == "written"
    assert data["change"]["parties"][0]["first"] == ["Direct"]


@pytest.mark.office
def test_a_save_by_libreoffice_is_taken_up_when_it_lets_go_of_the_file(watch, path, office):
    place = NamedInputs(read_data(path.read_bytes(), "t.xlsx")).cell(TRADE)
    watcher = watch(computing=True)
    report(watcher, Kind.STANDS)
    until(lambda: in_step(path.read_bytes()) and not watcher.is_waiting)
    with office.open(path) as book:
        book.write(*place, 1)
        book.save(path)
        until(lambda: weight(path.read_bytes()) == 1)
        kept = path.read_bytes()
        if path.with_name(f".~lock.{path.name}#").exists():
            report(watcher, Kind.WAITS)
            assert path.read_bytes() == kept
    until(lambda: in_step(path.read_bytes()) and not watcher.is_waiting)
    assert "North: Direct is now first" in " ".join(each.words for each in watcher.reports)
    assert weight(path.read_bytes()) == 1
