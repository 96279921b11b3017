"""How long the program takes to answer, as whole processes, against the imports it cannot avoid.

Run it with ``uv run python benchmarks/startup.py``. The two commands of a pair take turns, so that
a machine that slows down slows both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

WORKBOOK = Path(__file__).parent.parent / "workbooks" / "ceasefire_talks.xlsx"
RUNS = 15

PAIRS = (
    ("mcda --help", ["-m", "mcda", "--help"], "import typer", 1.5),
    ("mcda rank (shipped workbook)", ["-m", "mcda", "rank", str(WORKBOOK)],
     "import numpy, openpyxl", 2.5),
)  # fmt: skip


def seconds(arguments: list[str]) -> float:
    """Wall seconds of one run of Python with these arguments."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print a line for each pair: both medians, their ratio, and the ratio that is asked for."""
    print(f"{'command':<30}{'median':>9}  {'against':<26}{'median':>9}{'ratio':>7}{'at most':>9}")
    for name, command, floor, most in PAIRS:
        seconds(command), seconds(["-c", floor])
        runs = [(seconds(command), seconds(["-c", floor])) for _ in range(RUNS)]
        ours = statistics.median(first for first, _ in runs)
        theirs = statistics.median(second for _, second in runs)
        print(
            f"{name:<30}{ours * 1000:>6.0f} ms  {floor:<26}{theirs * 1000:>6.0f} ms"
            f"{ours / theirs:>7.2f}{most:>9.1f}"
        )


if __name__ == "__main__":
    main()
