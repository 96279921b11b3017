"""How long `mcda sync` takes as a whole process, against `mcda rank` on the same workbook.

Run it with ``python benchmarks/sync.py``. `rank` reads and computes; `sync` does, too, and
computes all live formulas, patches, proves, keeps a backup and replaces. The commands take turns,
so that a machine that slows down slows all. Nothing here passes or fails.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mcda.workbook.changes.edits import InputEdit, resolve
from mcda.workbook.patch import patch
from mcda.workbook.read import case_from_workbook, read_data

WORKBOOK = Path(__file__).parent.parent / "workbooks" / "ceasefire_talks.xlsx"
RUNS = 9


def main() -> None:
    """Print the medians and the ratio to `rank`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "talks.xlsx"
        path.write_bytes(WORKBOOK.read_bytes())
        run("sync", path)
        in_step = path.read_bytes()
        out_of_step = reweighed(in_step)
        times: dict[str, list[float]] = {name: [] for name in NAMES}
        for _ in range(RUNS):
            path.write_bytes(in_step)
            times["rank"].append(run("rank", path))
            times["still"].append(run("sync", path))
            times["dry"].append(run("sync", path, "--dry-run"))
            path.write_bytes(out_of_step)
            times["sync"].append(run("sync", path))
    rank = statistics.median(times["rank"])
    print(f"{WORKBOOK.name}, {len(in_step):,} bytes; medians of {RUNS} processes")
    for name, told in NAMES.items():
        median = statistics.median(times[name])
        print(f"{told:<44}{median * 1000:>7.0f} ms{median / rank:>7.2f} × rank")


NAMES = {
    "rank": "mcda rank",
    "still": "mcda sync, in step already",
    "dry": "mcda sync --dry-run, in step already",
    "sync": "mcda sync, one weight changed",
}


def run(verb: str, path: Path, *options: str) -> float:
    """Wall seconds of one process."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "mcda", verb, str(path), *options]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def reweighed(data: bytes) -> bytes:
    """The workbook after somebody typed another weight, its results and stamp as they were."""
    party = case_from_workbook(data, "x.xlsx").parties[0]
    criterion = party.criteria[0]
    path = ("parties", party.name, "criteria", criterion.name, "weight")
    edit = InputEdit(path, criterion.weight, criterion.weight + 5)
    return patch(data, resolve([edit], read_data(data, "x.xlsx")).edits, "x.xlsx")


if __name__ == "__main__":
    main()
