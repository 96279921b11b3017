"""A program that saves a workbook in a loop, by reading, changing a cell, and renaming over it.

Like any office program it does not look whether somebody else saved in between. It is run as a
process of its own, and writes what it saw and did as lines of JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path

from mcda.workbook.changes.edits import InputEdit, resolve
from mcda.workbook.changes.named_inputs import NamedInputs
from mcda.workbook.patch import patch
from mcda.workbook.read import read_data
from mcda.workbook.watching.settle import is_whole

FIRST_VALUE = 1000
"""What it writes counts up from here, so that no two values are the same."""


def race(path: Path, seconds: float, seed: int, cells: list[tuple[str, ...]]) -> None:
    """Save until the time is over; what each save saw in all cells, and wrote in one."""
    rng = random.Random(seed)
    end = time.monotonic() + seconds
    value = FIRST_VALUE
    while time.monotonic() < end:
        data = path.read_bytes()
        if not is_whole(data):
            print(json.dumps({"torn": len(data)}), flush=True)
            continue
        reading = read_data(data, path.name)
        inputs = NamedInputs(reading)
        saw = [inputs.value(cell) for cell in cells]
        which, value = rng.randrange(len(cells)), value + 1
        edit = InputEdit(cells[which], saw[which], float(value))
        changed = patch(data, resolve([edit], reading).edits, path.name, recalculate=False)
        time.sleep(rng.choice([0.0, 0.05, 0.3]))  # it is open for a while before it is saved
        temporary = path.with_name(f"{rng.randrange(1 << 32):08X}")
        temporary.write_bytes(changed)
        os.replace(temporary, path)
        print(json.dumps({"saw": saw, "which": which, "wrote": value}), flush=True)
        time.sleep(rng.choice([0.0, 0.02, 0.2, 1.5]))


if __name__ == "__main__":
    race(
        Path(sys.argv[1]),
        float(sys.argv[2]),
        int(sys.argv[3]),
        [tuple(cell) for cell in json.loads(sys.argv[4])],
    )
