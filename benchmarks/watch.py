"""How soon after somebody's save a watched workbook is in step: run `python benchmarks/watch.py`.

The shipped case is saved again and again with another weight, by temporary file and rename; the
time runs from that rename until the replaced file stands there with the new results. Beside the
median stand what the time is made of: the debounce, for which a file must be at rest before it is
read, and the floor, which is reading and computing alone, in memory. Nothing here passes or fails.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mcda.case import Case
from mcda.values import evaluate
from mcda.workbook.changes.edits import InputEdit, resolve
from mcda.workbook.formulas.recalculate import Recalculator
from mcda.workbook.patch import patch
from mcda.workbook.read import case_from_workbook, read_data
from mcda.workbook.sync import synced
from mcda.workbook.watching.settle import is_whole, signature
from mcda.workbook.watching.watch import Patience, Watcher

WORKBOOK = Path(__file__).parent.parent / "workbooks" / "ceasefire_talks.xlsx"
SAVES = 20
LONGEST = 120.0
WHEN = "2026-01-02 03:04"


def main() -> None:
    """Print the latency and its parts, in milliseconds, medians of `SAVES`."""
    recalculator = Recalculator()
    start = time.perf_counter()
    base = synced(WORKBOOK.read_bytes(), WORKBOOK.name, when=WHEN, recalculator=recalculator).data
    first = time.perf_counter() - start
    versions = [reweighed(base, number) for number in range(1, SAVES + 1)]
    whole = latency(base, versions)
    reading = [seconds(lambda data=data: compute_only(data)) for data in versions]
    checking = [seconds(lambda data=data: is_whole(data)) for data in versions]
    bringing = [
        seconds(lambda data=data: synced(data, "x.xlsx", when=WHEN, recalculator=recalculator))
        for data in versions
    ]
    print(f"{WORKBOOK.name}, {len(base):,} bytes, {SAVES} saves; milliseconds")
    if hasattr(os, "getloadavg"):
        print(f"{os.cpu_count()} processors, {os.getloadavg()[0]:.1f} processes at work on them")
    rows = (
        ("save to in step, on disk", whole),
        ("  of it: debounce", [Patience().quiet]),
        ("  of it: whether the zip is whole", checking),
        ("  of it: bringing in step, in memory", bringing),
        ("floor: read and compute, no workbook", reading),
        ("the first sync of a process, in memory", [first]),
    )
    print(f"{'':<42}{'median':>9}{'least':>9}{'most':>9}")
    for name, times in rows:
        low, most = min(times), max(times)
        print(f"{name:<42}{ms(statistics.median(times))}{ms(low)}{ms(most)}")


def latency(base: bytes, versions: list[bytes]) -> list[float]:
    """Seconds from each rename to our file in its place, with a watcher in this process."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "talks.xlsx"
        path.write_bytes(base)
        with Watcher(path) as watcher:
            until(lambda: bool(watcher.reports))
            for number, data in enumerate(versions):
                temporary = path.with_name(f"{number:08X}")
                temporary.write_bytes(data)
                temporary.replace(path)
                saved = time.perf_counter()
                theirs = signature(path)
                until(lambda theirs=theirs: signature(path) not in (theirs, None))
                times.append(time.perf_counter() - saved)
                # The next save comes when the watcher is at rest, as a person's does.
                until(lambda number=number: len(watcher.reports) > number + 1)
                time.sleep(3 * Patience().quiet)
    return times


def reweighed(data: bytes, number: int) -> bytes:
    """The workbook after somebody typed another weight, its results and stamp as they were."""
    case = case_from_workbook(data, "x.xlsx")
    party = case.parties[number % len(case.parties)]
    criterion = party.criteria[0]
    path = ("parties", party.name, "criteria", criterion.name, "weight")
    edit = InputEdit(path, criterion.weight, criterion.weight + number)
    return patch(data, resolve([edit], read_data(data, "x.xlsx")).edits, "x.xlsx")


def compute_only(data: bytes) -> Case:
    case = case_from_workbook(data, "x.xlsx")
    evaluate(case)
    return case


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the watcher did not write")
        time.sleep(0.001)


def ms(value: float) -> str:
    return f"{1000 * value:>9.0f}"


if __name__ == "__main__":
    main()
