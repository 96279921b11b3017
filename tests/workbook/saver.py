"""A warm process that saves a workbook in forks of itself and kills them: ``python -m`` this.

Orders come as one JSON object a line on standard input, what became of each goes to standard
output. The imports are paid once, so that a kill falls into the save and not into the start.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import mcda.workbook.disk.store as store
from mcda.workbook.disk.exchange import exchange
from tests.workbook.versions import at_step, save_by_rename


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(done(json.loads(line))), flush=True)


def done(order: dict[str, Any]) -> dict[str, Any]:
    """Save in a fork.

    An order names the ``file`` and the file with the ``new`` bytes; ``after`` so many seconds, or
    before its nth ``step``, the fork is killed; ``theirs`` names what somebody else saves right
    before the first exchange.
    """
    started, starting = os.pipe()
    child = os.fork()
    if child == 0:
        save(order, starting)
    os.close(starting)
    os.read(started, 1)
    begin = time.perf_counter()
    if order.get("after") is not None:
        time.sleep(order["after"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(started)
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.perf_counter() - begin,
    }


def save(order: dict[str, Any], starting: int) -> None:
    file, new = Path(order["file"]), Path(order["new"]).read_bytes()
    if order.get("theirs") is not None:
        race(file, Path(order["theirs"]).read_bytes())
    if order.get("step") is not None:
        at_step(order["step"], lambda: os.kill(os.getpid(), signal.SIGKILL))
    os.write(starting, b".")
    try:
        store.save(file, lambda _: new)
    except BaseException as problem:
        print(repr(problem), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


def race(file: Path, theirs: bytes) -> None:
    """Let somebody else save ``theirs`` right before the first exchange."""
    rounds = 0

    def raced(new: Path, standing: Path) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 1:
            save_by_rename(file, theirs)
        exchange(new, standing)

    store.exchange = raced


if __name__ == "__main__":
    main()
