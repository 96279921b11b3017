"""How fast cells are set in a large workbook: run `python benchmarks/patch.py`.

Sets 50 cells in a sheet of 50 000 rows and 20 columns (half of them numbers, a quarter shared
texts, a quarter formulas), once by the patch, proof included, once by openpyxl's load and save;
each in a process of its own, that also reads and writes the file. Prints median seconds and the
most memory that the process held, less what the interpreter with its imports holds anyway, and
both ratios. A second table sets new results for 20 000 formulas of one sheet at once.

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
start = time.perf_counter()
{work}
seconds = time.perf_counter() - start
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([seconds, (most - before) / 1024]))
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
        print(f"{CELLS} cells in a sheet of {ROWS} x {COLUMNS}")
        print(f"{'':<24}{'seconds':>9}{'MB':>8}")
        ours = measured("patch, with its proof", _PATCH, large)
        theirs = measured("openpyxl load + save", _OPENPYXL, large)
        print(f"{'times better':<24}{theirs[0] / ours[0]:>9.1f}{theirs[1] / ours[1]:>8.1f}\n")
        print(f"{RESULTS[0] * RESULTS[1]} results of formulas in one sheet")
        measured("patch, with its proof", _RESULTS, formulas)


def measured(what: str, program: str, source: Path) -> tuple[float, float]:
    """Run a program a few times, print and return its median seconds and megabytes."""
    runs = []
    for _ in range(RUNS):
        command = [sys.executable, "-c", program, str(source), str(source.with_suffix(".out"))]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        runs.append(json.loads(done.stdout))
    seconds, megabytes = (statistics.median(run[i] for run in runs) for i in (0, 1))
    print(f"{what:<24}{seconds:>9.2f}{megabytes:>8.0f}")
    return seconds, megabytes


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
