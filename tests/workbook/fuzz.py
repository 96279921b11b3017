"""Runs the program on mutants in a process of its own, with a limit on time and memory for each.

``python -m tests.workbook.fuzz FIRST COUNT`` prints a JSON line for each mutant: what was done,
what came of it (``problem``, ``result``, or what should not have come), seconds and megabytes.
A mutant that ends the process leaves its line open.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from mcda.problems import CaseProblem
from mcda.workbook.patch import Edit, Formula, patch
from mcda.workbook.read import case_from_workbook
from tests.workbook import untouched
from tests.workbook.full_books import full_book
from tests.workbook.mutants import mutant

SECONDS, MEGABYTES = 5, 500
NAME = "talks.xlsm"
CHAIN = ("xl/calcChain.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml")
"""Parts that may change when a formula goes."""


class TooSlow(BaseException):
    """More seconds of the processor than a mutant may take."""


@lru_cache
def good(number: int) -> bytes:
    """Return one of the workbooks that are changed."""
    return full_book("small", macros=bool(number), room=1)


def patched(data: bytes, seed: int) -> str:
    """Set cells of the mutant; what comes of it must differ in those cells only."""
    draw = random.Random(seed)
    sheet = draw.choice(("Weights", "Scores", "Packages", "My analysis", "Log"))
    edits = [
        Edit(sheet, draw.randint(0, 40), draw.randint(0, 20), value)
        for value in draw.sample((1.5, "text", True, None, Formula("1+1", 2.0), "<&>"), 3)
    ]
    written = patch(data, edits, NAME)
    lost = _lost(data, written, sheet, {(edit.row, edit.column) for edit in edits})
    return f"LOST: {lost[:3]}" if lost else "result"


def _lost(data: bytes, written: bytes, sheet: str, places: set[untouched.At]) -> list[str]:
    try:
        before, after = untouched.contents(data), untouched.contents(written)
        part = untouched.sheet_parts(before)[sheet]
        if not untouched.take_apart(before[part]).rows:
            return []
    except Exception:
        return []  # the judge's own reader is not made for damaged files
    cells = untouched.take_apart(before[part]).cells
    formula_gone = any(b"<f" in b"".join(cells.get(at, [])) for at in places)
    ours = (part, "xl/workbook.xml", *(CHAIN if formula_gone else ()))
    others = {name for name in before if name not in ours}
    return [f"{name} changed" for name in others if before[name] != after.get(name)] + (
        untouched.sheet_differences(before[part], after[part], places)
        if before[part] != after[part] and b'"shared"' not in before[part]
        else []
    )


def read(data: bytes, _: int) -> str:
    """Read the mutant as a case."""
    case_from_workbook(data, NAME)
    return "result"


def sync(data: bytes, _: int) -> str:
    """Sync the mutant."""
    from mcda.workbook.sync import synced

    once = synced(data, NAME, when="2025-03-14 09:26").data
    return "result" if once.startswith(b"PK") else "not a zip"


ACTIONS: tuple[Callable[[bytes, int], str], ...] = (patched, patched, patched, patched, read, sync)


def one(seed: int) -> dict[str, Any]:
    """Try one mutant and tell what came of it."""
    data = mutant(good(seed % 2), seed)
    action = ACTIONS[seed % len(ACTIONS)]
    start, told = time.process_time(), ""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        outcome = action(data, seed)
    except CaseProblem as problem:
        outcome, told = "problem", str(problem)[:200]
    except TooSlow:
        outcome, told = "TOO SLOW", traceback.format_exc()[-900:]
    except MemoryError:
        outcome, told = "TOO MUCH MEMORY", traceback.format_exc()[-900:]
    except Exception:
        outcome, told = "TRACEBACK", traceback.format_exc()[-900:]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return {
        "seed": seed, "action": action.__name__, "outcome": outcome, "told": told,
        "seconds": round(time.process_time() - start, 2),
    }  # fmt: skip


def _too_slow(*_: object) -> None:
    raise TooSlow


def _limit_memory() -> None:
    """Allow so much beyond what the process holds once everything is imported."""
    with open("/proc/self/statm", encoding="ascii") as pages:
        held = int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    most = held + MEGABYTES * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def main() -> None:
    """Try the mutants of a range of seeds."""
    first, count = int(sys.argv[1]), int(sys.argv[2])
    for number in (0, 1):  # imports what the actions need, before the memory is measured
        for action in ACTIONS:
            action(good(number), 0)
    signal.signal(signal.SIGPROF, _too_slow)
    _limit_memory()
    for seed in range(first, first + count):
        print(json.dumps({"begun": seed}), flush=True)
        print(json.dumps(one(seed)), flush=True)


if __name__ == "__main__":
    main()
