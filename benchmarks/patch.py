"""How fast cells are set in a large workbook: run `python benchmarks/patch.py`.

Sets 50 cells in a sheet of 50 000 rows and 20 columns (half of them numbers, a quarter shared
texts, a quarter formulas), once by the patch, proof included, once by openpyxl's load and save;
each in a process of its own, that also reads and writes the file, in turns. Prints medians:
seconds of the clock, seconds of the processor (which other programs disturb less), and the most
memory that the process held, less what the interpreter with its imports holds anyway; and the
ratios. A second table sets new results for 20 000 formulas of one sheet at once.

Nothing here passes or fails; what must hold is tested in `tests/workbook/`.
"""

from __future__ import annotations

import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROWS, COLUMNS, CELLS = 50_000, 20, 50
RUNS = 3
RESULTS = (200, 100)

_FRAME = """
import json, resource, sys, time
source, target = sys.argv[1:]
{imports}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter(), time.process_time()
{work}
clock, processor = time.perf_counter() - start[0], time.process_time() - start[1]
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([clock, processor, (most - before) / 1024]))
"""

_PATCH = _FRAME.format(
    imports="from pathlib import Path\nfrom mcda.workbook.patch import Edit, patch",
    work=f"""
edits = [Edit("Data", 997 * i, i % {COLUMNS}, i + 0.5) for i in range({CELLS})]
Path(target).write_bytes(patch(Path(source).read_bytes(), edits, "large.xlsx"))
""",
)
_OPENPYXL = _FRAME.format(
    imports="import openpyxl",
    work=f"""
book = openpyxl.load_workbook(source)
for i in range({CELLS}):
    book["Data"].cell(997 * i + 1, i % {COLUMNS} + 1).value = i + 0.5
book.save(target)
""",
)
_RESULTS = _FRAME.format(
    imports="from pathlib import Path\nfrom mcda.workbook.patch import Edit, Result, patch",
    work=f"""
edits = [Edit("Data", r, c, Result(r * c + 0.25)) for r in range({RESULTS[0]})
         for c in range({RESULTS[1]})]
Path(target).write_bytes(patch(Path(source).read_bytes(), edits, "formulas.xlsx"))
""",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        large, formulas = Path(folder, "large.xlsx"), Path(folder, "formulas.xlsx")
        for make in (make_large, make_formulas):
            # In a child: this process must stay small, a new one starts with its parent's peak.
            child = multiprocessing.Process(target=make, args=(large.with_stem(make.__name__[5:]),))
            child.start()
            child.join()
        heading = f"{'':<24}{'clock s':>9}{'CPU s':>8}{'MB':>8}"
        print(f"{CELLS} cells in a sheet of {ROWS} x {COLUMNS}\n{heading}")
        ours, theirs = measured(large, _PATCH, _OPENPYXL)
        told("patch, with its proof", ours)
        told("openpyxl load + save", theirs)
        told("times better", [b / a for a, b in zip(ours, theirs, strict=True)])
        print(f"\n{RESULTS[0] * RESULTS[1]} results of formulas in one sheet\n{heading}")
        told("patch, with its proof", measured(formulas, _RESULTS)[0])


def measured(source: Path, *programs: str) -> list[list[float]]:
    """Run programs in turns, and return the medians of each."""
    runs: list[list[list[float]]] = [[] for _ in programs]
    for _ in range(RUNS):
        for program, its_runs in zip(programs, runs, strict=True):
            command = [sys.executable, "-c", program, str(source), str(source.with_suffix(".out"))]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            its_runs.append(json.loads(done.stdout))
    return [[statistics.median(figures) for figures in zip(*its, strict=True)] for its in runs]


def told(what: str, figures: list[float]) -> None:
    clock, processor, megabytes = figures
    print(f"{what:<24}{clock:>9.2f}{processor:>8.2f}{megabytes:>8.1f}")


def make_large(path: Path) -> None:
    from xlsxwriter.workbook import Workbook

    with Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for row in range(ROWS):
            for column in range(COLUMNS):
                if column % 2 == 0:
                    sheet.write_number(row, column, row * column / 7)
                elif column % 4 == 1:
                    sheet.write_string(row, column, f"text {row % 500}")
                else:
                    sheet.write_formula(row, column, f"=A{row + 1}*{column}", value=row * column)


def make_formulas(path: Path) -> None:
    from xlsxwriter.workbook import Workbook

    with Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for row in range(RESULTS[0]):
            for column in range(RESULTS[1]):
                sheet.write_formula(row, column, f"=ROW()*{column}", value=0)


if __name__ == "__main__":
    main()
