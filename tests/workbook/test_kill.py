"""Killed at any moment, or racing with others, a save loses nothing: tried with real processes."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import mcda.workbook.disk.backups as backups
import mcda.workbook.disk.store as store
from mcda.files import read
from mcda.workbook.disk.exchange import exchange
from mcda.workbook.disk.snapshots import sha256
from mcda.workbook.disk.store import Snapshot, StoreProblem, Trouble, save
from mcda.workbook.patch import Edit, patch
from mcda.workbook.read import read_data
from mcda.workbook.sync import synced
from tests.workbook.versions import accounted, kept, left_behind, mark_of, version

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
SHIPPED = Path(__file__).parents[2] / "workbooks" / "ceasefire_talks.xlsx"
KILLS = 200

Order = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def saver() -> Iterator[Order]:
    """A warm process that saves and is killed as ordered."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.workbook.saver"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as program:  # fmt: skip
        assert program.stdin is not None
        assert program.stdout is not None
        orders, answers = program.stdin, program.stdout

        def order(file: Path, new: Path, **more: object) -> dict[str, Any]:
            print(json.dumps({"file": str(file), "new": str(new), **more}), file=orders, flush=True)
            done: dict[str, Any] = json.loads(answers.readline())
            return done

        yield order
        orders.close()


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("raced", [False, True])
def test_killed_before_any_one_step(tmp_path: Path, saver: Order, raced: bool) -> None:
    """Every step in turn is the last; with somebody else's save in the moment of the exchange."""
    old, new, theirs = version("old"), version("new"), version("theirs")
    news, others = written(tmp_path / "new", new), written(tmp_path / "others", theirs)
    seen = set()
    for step in range(1, 100):
        file = tmp_path / str(step) / "talks.xlsx"
        file.parent.mkdir()
        file.write_bytes(old)
        more = {"theirs": str(others)} if raced else {}
        done = saver(file, news, step=step, **more)
        stands = file.read_bytes()
        assert stands in (old, new, theirs)
        if stands == new:
            assert old in kept(file)
        seen.add(mark_of(stands))
        if not done["killed"]:
            assert done["code"] == 0
            break
        assert len(left_behind(file.parent)) <= 1
        # What the killed run had in its hands is found by the next.
        came = stands == theirs or any(
            path.read_bytes() == theirs for path in file.parent.glob(".mcda-*.tmp")
        )
        known = stands == theirs or theirs in kept(file)
        last = save(file, lambda _: version("next"))
        assert [path.read_bytes() for path in last.rescued] == ([theirs] * (came and not known))
        assert left_behind(file.parent) == []
        accounted(file, [theirs] if came else [old])
    assert 15 < step < 99
    assert seen == ({"old", "new", "theirs"} if raced else {"old", "new"})


@pytest.mark.long
def test_killed_at_two_hundred_random_moments(tmp_path: Path, saver: Order) -> None:
    """The shipped workbook with an edit and what a sync makes of it take turns.

    The kills spread over the time of a save; what comes before it touches nothing on the disk.
    """
    file = tmp_path / "talks.xlsx"
    places = read_data(SHIPPED.read_bytes(), file.name).places
    weight = next(path for path in places if path and path[-1] == "weight")
    old = patch(SHIPPED.read_bytes(), [Edit(*places[weight], 17)], file.name)
    new = synced(old, file.name, when="2026-11-22 20:00").data
    assert new != old
    file.write_bytes(old)
    versions = {old: "old", new: "new"}
    paths = {old: written(tmp_path / "old", old), new: written(tmp_path / "new", new)}

    def turned() -> Path:
        return paths[new if file.read_bytes() == old else old]

    lasts = sorted(saver(file, turned())["seconds"] for _ in range(9))
    chance = random.Random(7)
    killed, outcomes, most = 0, [], 0
    while killed < KILLS:
        before = file.read_bytes()
        done = saver(file, turned(), after=chance.uniform(0, 1.1 * lasts[4]))
        after = file.read_bytes()
        assert after in versions
        if after != before:
            assert before in kept(file)
        if done["killed"]:
            killed += 1
            outcomes.append("new" if after != before else "old")
        most = max(most, len(left_behind(tmp_path)))
        assert len(outcomes) == killed
    print(
        f"killed within {lasts[4] * 1e3:.1f} ms: {outcomes.count('old')} before the exchange, "
        f"{outcomes.count('new')} after it; most left behind: {most}"
    )
    assert outcomes.count("old") > KILLS * 0.1
    assert 0 < most <= 3
    # What a kill kept from being cleared, the next save clears.
    saver(file, turned())
    assert left_behind(tmp_path) == []
    assert len(kept(file)) == backups.KEPT


@pytest.mark.long
def test_a_whole_sync_is_killed_at_random_moments(tmp_path: Path) -> None:
    """The command itself, start to end, killed towards its end: whole, and then it goes on."""
    file = tmp_path / "talks.xlsx"
    places = read_data(SHIPPED.read_bytes(), file.name).places
    weight = next(path for path in places if path and path[-1] == "weight")
    old = patch(SHIPPED.read_bytes(), [Edit(*places[weight], 17)], file.name)
    command = [sys.executable, "-m", "mcda", "sync", str(file)]
    file.write_bytes(old)
    case = read(file)
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - begin
    chance = random.Random(11)
    for _ in range(3):
        file.write_bytes(old)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            time.sleep(chance.uniform(0.6, 1.1) * seconds)
            run.kill()
        stands = file.read_bytes()
        if stands != old:
            assert old in kept(file)
        assert read(file) == case
    subprocess.run(command, check=True, capture_output=True)
    assert left_behind(tmp_path) == []


# -- races


def save_again_and_again(file: Path, name: str, count: int, told: Any) -> None:
    """Save versions made from what stands there; tell what became of each.

    The disk is slow: between the last look and the exchange pass some milliseconds, in which
    others save far more often than they could otherwise.
    """

    def slowly(new: Path, standing: Path) -> None:
        time.sleep(0.003)
        exchange(new, standing)

    store.exchange = slowly
    backups.KEPT = 10**6
    for number in range(count):
        made: list[bytes] = []

        def make(base: Snapshot, made: list[bytes] = made, number: int = number) -> bytes:
            made.append(version(f"{name}{number} on {mark_of(base.data)[:20]}"))
            return made[-1]

        try:
            done = save(file, make)
        except StoreProblem as problem:
            told.put(("refused", name, problem.kind.name))
        else:
            told.put(("saved", name, done.sha256))
            for path in done.rescued:
                told.put(("rescued", name, path.name))


def overwrite_again_and_again(file: Path, name: str, count: int, told: Any) -> None:
    """Save as Excel does, blindly, and tell what was overwritten.

    The exchange is what a rename is to everybody else, and lets the test know what it replaced.
    """
    for number in range(count):
        data = version(f"{name}{number}")
        temporary = file.with_name(f"{name}.other")
        temporary.write_bytes(data)
        exchange(temporary, file)
        told.put(("saved", name, sha256(data)))
        told.put(("overwritten", name, sha256(temporary.read_bytes())))
        temporary.unlink()
        time.sleep(random.Random(number).uniform(0, 0.02))


def raced(file: Path, *runs: tuple[Callable[..., None], str, int]) -> list[tuple[str, str, str]]:
    """Run processes at the same time and return what they told."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    running = [
        context.Process(target=run, args=(file, name, count, told)) for run, name, count in runs
    ]
    for process in running:
        process.start()
    news = []
    while any(process.is_alive() for process in running) or not told.empty():
        while not told.empty():
            news.append(told.get())
        time.sleep(0.01)
    for process in running:
        process.join()
        assert process.exitcode == 0
    return news


def settled(file: Path, news: list[tuple[str, str, str]]) -> None:
    """Every version that was ever saved is in place, in the backups, or was overwritten."""
    there = {sha256(data) for data in kept(file)} | {sha256(file.read_bytes())}
    overwritten = {digest for what, _, digest in news if what == "overwritten"}
    lost = [entry for entry in news if entry[0] == "saved" and entry[2] not in there | overwritten]
    assert not lost
    assert left_behind(file.parent) == []


def test_two_runs_of_ours_lose_nothing_of_one_another(tmp_path: Path) -> None:
    file = written(tmp_path / "talks.xlsx", version("start"))
    news = raced(file, (save_again_and_again, "a", 12), (save_again_and_again, "b", 12))
    settled(file, news)
    assert sum(what == "saved" for what, _, _ in news) >= 12
    assert {kind for what, _, kind in news if what == "refused"} <= {Trouble.KEEPS_CHANGING.name}


@pytest.mark.long
def test_two_runs_of_ours_and_a_blind_one_lose_nothing(tmp_path: Path) -> None:
    file = written(tmp_path / "talks.xlsx", version("start"))
    news = raced(
        file,
        (save_again_and_again, "a", 150),
        (save_again_and_again, "b", 150),
        (overwrite_again_and_again, "c", 500),
    )
    settled(file, news)
    ours = [name for what, name, _ in news if what == "saved" and name != "c"]
    assert set(ours) == {"a", "b"}
    rescued = sum(what == "rescued" for what, _, _ in news)
    print(
        f"{len(ours)} of 300 saves of ours among 500 others; {len(kept(file))} backups, "
        f"{rescued} of them of what had no other place"
    )
