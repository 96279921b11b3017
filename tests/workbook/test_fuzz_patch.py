"""Damaged and hostile workbooks give a message or a result, soon, in little memory."""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mcda.problems import CaseProblem
from mcda.workbook import layout
from mcda.workbook.read import case_from_workbook
from mcda.workbook.sync import synced
from tests.workbook import untouched
from tests.workbook.books import rezipped
from tests.workbook.full_books import full_book

ROOT = Path(__file__).parents[2]
ALLOWED = ("problem", "result")
LONG, AT_ONCE = 2_000, 2


def run(first: int, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.workbook.fuzz", str(first), str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"},
    )


def outcomes(process: subprocess.Popen[str], seconds: float) -> list[dict[str, Any]]:
    """Return what the process told; a mutant that ended it, or never ended, is an outcome too."""
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    lines = [json.loads(line) for line in output.splitlines() if line.endswith("}")]
    told = {line["seed"]: line for line in lines if "seed" in line}
    for line in lines:
        if "begun" in line and line["begun"] not in told:
            ended = {"seed": line["begun"], "outcome": f"ENDED ({process.returncode})"}
            told[line["begun"]] = ended
    return list(told.values())


def check(found: list[dict[str, Any]], count: int) -> None:
    wrong = [line for line in found if line["outcome"] not in ALLOWED]
    assert wrong == [], "\n".join(f"{line['seed']}: {line}" for line in wrong[:20])
    assert len(found) == count
    # A fuzz whose mutants are all refused, or all harmless, tries nothing.
    tally = collections.Counter(line["outcome"] for line in found)
    assert min(tally["problem"], tally["result"]) > count / 10, tally


def test_some_mutants() -> None:
    check(outcomes(run(0, 24), 120), 24)


def test_a_damaged_stamp_is_told_in_words() -> None:
    """Reading the case never opens that sheet, so that syncing is the first to meet it."""
    data = full_book("small", room=1)
    parts = untouched.contents(data)
    for name in (layout.STAMP, layout.LOG):
        part = untouched.sheet_parts(parts)[name]
        damaged = rezipped(data, {part: parts[part][:-40]})
        case_from_workbook(damaged, "talks.xlsx")
        with pytest.raises(CaseProblem, match="damaged"):
            synced(damaged, "talks.xlsx", when="2025-03-14 09:26")


@pytest.mark.long
def test_two_thousand_mutants() -> None:
    each = LONG // AT_ONCE
    running = [run(1_000 + part * each, each) for part in range(AT_ONCE)]
    check([line for process in running for line in outcomes(process, 1_800)], LONG)
