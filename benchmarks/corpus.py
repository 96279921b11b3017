"""What becomes of workbooks of other programs when cells are written into them.

Run it with ``uv run --group dev python benchmarks/corpus.py [FOLDER]``; without a folder it looks
for ``../shared/corpus``. Every .xlsx and .xlsm under it is tried three times, apart: 50 new cells
in one sheet, 50 cells that hold values, 50 that hold formulas. A file is *kept* when everything
but those cells is what it was, byte for byte, and openpyxl and LibreOffice read the new values;
*refused* when the program says in words why it leaves the file alone; everything else is *LOST*.
``--no-office`` leaves LibreOffice out.
"""

from __future__ import annotations

import argparse
import collections
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.workbook import foreign

DEFAULT = Path(__file__).parent.parent.parent / "shared" / "corpus"


def workbooks(folder: Path) -> list[Path]:
    """Every workbook under a folder."""
    return sorted(path for path in folder.rglob("*.xls[xm]") if not path.name.startswith("~$"))


def try_file(path: Path, judge: foreign.Judge | None) -> list[foreign.Trial]:
    """Try every kind of trial on one file."""
    data = path.read_bytes()
    trials = [foreign.attempt(data, path.name, kind) for kind in foreign.KINDS]
    for trial in trials:
        if judge is not None and trial.written:
            trial.why += judge.differences(path.name, data, trial)
            trial.verdict = foreign.LOST if trial.why else trial.verdict
    return trials


def main() -> None:
    """Print a line for each file that is not kept in every way, and the totals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--no-office", action="store_true", help="do not ask LibreOffice")
    asked = parser.parse_args()
    paths = workbooks(asked.folder) if asked.folder.is_dir() else []
    if not paths:
        print(f"No workbooks in {asked.folder}: name a folder that holds some.")
        return
    if asked.no_office:
        report(asked.folder, paths, None)
        return
    with foreign.Judge() as judge:
        report(asked.folder, paths, judge)


def report(folder: Path, paths: list[Path], judge: foreign.Judge | None) -> None:
    """Try every file and print what became of it."""
    totals = {kind: collections.Counter[str]() for kind in foreign.KINDS}
    width = max(len(str(path.relative_to(folder))) for path in paths)
    print(f"{'file':<{width}}  " + "".join(f"{kind:<15}" for kind in foreign.KINDS))
    for path in paths:
        trials = try_file(path, judge)
        for trial in trials:
            totals[trial.kind][trial.verdict] += 1
        verdicts = "".join(f"{trial.verdict:<15}" for trial in trials)
        print(f"{path.relative_to(folder)!s:<{width}}  {verdicts}", flush=True)
        for trial in trials:
            for line in trial.why[:3]:
                print(f"    {trial.kind}: {line[:300]}")
    print()
    for kind, counted in totals.items():
        tried = sum(counted.values()) - counted[foreign.NONE]
        shares = ", ".join(
            f"{verdict} {counted[verdict]} ({counted[verdict] / max(tried, 1):.1%})"
            for verdict in (foreign.KEPT, foreign.REFUSED, foreign.LOST)
        )
        print(f"{kind:<15} of {tried} files: {shares}")


if __name__ == "__main__":
    main()
