"""Another program saves the workbook in a loop while it is watched and edited: nothing is lost."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.changes.named_inputs import NamedInputs
from mcda.workbook.read import read_data
from mcda.workbook.watching.watch import Kind, Patience, Watcher
from tests.workbook.racer import FIRST_VALUE
from tests.workbook.test_watch import in_step, made, uncomputed, until

SECONDS = 45
ROOT = Path(__file__).parents[2]


def weight(party, criterion):
    return ("parties", party, "criteria", criterion, "weight")


def score(issue, level):
    return ("parties", "North", "scores", "Trade", issue, level)


THEIRS = [score("Tariff", "Full"), score("Quota", "30.0")]
BOTH = [weight("North", "Trade"), weight("south*", "Trade")]
OURS = [weight("North", "Cost"), weight("North", "Bent")]


@pytest.mark.long
@pytest.mark.parametrize("seed", [1])
def test_no_save_of_either_side_is_lost_and_every_conflict_is_told(tmp_path, seed):
    path = tmp_path / "talks.xlsx"
    path.write_bytes(made(60))
    watcher = Watcher(path, patience=Patience(quiet=0.05, poll=0.2, retry=0.5))
    watcher._upkeep._recalculator = uncomputed
    reports = []
    with watcher, watcher.subscribed(reports.append), (tmp_path / "race").open("w+") as out:
        until(lambda: reports)
        racer = subprocess.Popen(
            [sys.executable, "-m", "tests.workbook.racer", path, str(SECONDS), str(seed),
             json.dumps([*THEIRS, *BOTH])],
            cwd=ROOT, stdout=out,
        )  # fmt: skip
        ours = edit_until_over(watcher, racer, path, seed)
        assert racer.returncode == 0
        until(lambda: not watcher.is_waiting and in_step(path.read_bytes()))
        time.sleep(1)
        out.seek(0)
        saves = [json.loads(line) for line in out]
    assert not [save for save in saves if "torn" in save]
    assert not [each for each in reports if each.kind in (Kind.FAILED, Kind.PROBLEMS)]
    told = {kind: sum(each.kind is kind for each in reports) for kind in Kind}
    print(f"{len(saves)} saves of theirs, {len(ours)} edits of ours, {told}")
    assert len(saves) > 20
    assert len(ours) > 10

    final = NamedInputs(read_data(path.read_bytes(), path.name))
    cells = [*THEIRS, *BOTH]
    nobody_overwrote(saves, cells)
    applied = [edit for each in reports for edit in each.edits]
    conflicts = [each.conflict for each in reports if each.conflict is not None]
    for which, cell in enumerate(cells):
        wrote = [save["wrote"] for save in saves if save["which"] == which]
        if wrote and cell in THEIRS:
            assert final.value(cell) == wrote[-1]
    for cell in [*OURS, *BOTH]:
        each_edit_is_there_or_answered_for(cell, ours, applied, conflicts, saves, cells, final)


def edit_until_over(watcher, racer, path, seed):
    """Edit as the page does, from the values that it was told last, some of them stale."""
    rng = random.Random(seed)
    ours, value = [], 1
    while racer.poll() is None:
        time.sleep(rng.uniform(0.1, 1.0))
        cell, value = rng.choice([*OURS, *BOTH]), value + 1
        shown = NamedInputs(next(r.case for r in reversed(watcher.reports) if r.case))
        edit = InputEdit(cell, shown.value(cell), float(value))
        watcher.edit([edit])
        ours.append(edit)
    return ours


def nobody_overwrote(saves, cells):
    """Each time they open the file, what they last wrote stands there, but for what we changed."""
    last = {}
    for save in saves:
        for which, cell in enumerate(cells):
            if which in last and cell in THEIRS:
                assert save["saw"][which] == last[which]
            if which in last and cell in BOTH:
                assert save["saw"][which] == last[which] or save["saw"][which] < FIRST_VALUE
        last[save["which"]] = save["wrote"]


def each_edit_is_there_or_answered_for(cell, ours, applied, conflicts, saves, cells, final):
    """An edit is in conflict, or it was written; then it stands, or gave way to a later value."""
    refused = {conflict.edit.new for conflict in conflicts if conflict.edit.path == cell}
    written = {edit.new: edit.old for edit in applied if edit.path == cell}
    replaced = {edit.old for edit in applied if edit.path == cell}
    known = {save["saw"][save["which"]] for save in saves if cells[save["which"]] == cell}
    for edit in ours:
        if edit.path != cell:
            continue
        stands = final.value(cell) == edit.new
        gave_way = edit.new in replaced or edit.new in known
        assert edit.new in refused or (edit.new in written and (stands or gave_way)), (
            edit, final.value(cell), written, known, refused,
        )  # fmt: skip
    # And what stands, stands there by right: nobody's later value was put back unasked.
    theirs = [save["wrote"] for save in saves if cells[save["which"]] == cell]
    if theirs and final.value(cell) < FIRST_VALUE:
        assert theirs[-1] in replaced
