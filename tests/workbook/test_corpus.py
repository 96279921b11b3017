"""Workbooks of other programs keep everything but the cells that are written, or are refused."""

from __future__ import annotations

import collections
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.workbook import foreign
from tests.workbook.foreign import KEPT, KINDS, LOST, NEW, OVER, REFUSED
from tests.workbook.full_books import ANALYSIS, FIGURES, full_book
from tests.workbook.untouched import At

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
MOST_REFUSED = 0.02


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("macros", [False, True])
def test_a_full_workbook_is_kept(kind: str, macros: bool) -> None:
    trial = foreign.attempt(full_book("small", macros=macros, room=1), "full.xlsm", kind)
    assert trial.why == []
    assert trial.verdict == KEPT


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_the_judge_sees_what_a_table_library_loses() -> None:
    """The same trial with openpyxl's own load and save: what DESIGN §7 says of it."""

    def saved(data: bytes, sheet: str, values: dict[At, foreign.Value], _: str) -> bytes:
        book = load_workbook(io.BytesIO(data))
        for (row, column), value in values.items():
            cell = book[sheet].cell(row + 1, column + 1, value)
            cell.data_type = "s" if isinstance(value, str) else cell.data_type
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    trial = foreign.attempt(full_book("small", room=1), "full.xlsx", NEW, set_cells=saved)
    assert trial.verdict == LOST
    for gone in ("xl/threadedComments/", "xl/ctrlProps/", "xl/printerSettings/", "customXml/"):
        assert any(gone in line and "taken away" in line for line in trial.why), gone


def test_the_judge_sees_a_neighbour_that_changes() -> None:
    def also(data: bytes, sheet: str, values: dict[At, foreign.Value], name: str) -> bytes:
        return foreign.with_patch(data, ANALYSIS, {(3, 1): 99.0}, name)

    def elsewhere(data: bytes, sheet: str, values: dict[At, foreign.Value], name: str) -> bytes:
        return foreign.with_patch(data, FIGURES, {(1, 2): 99.0}, name)

    for wrong in (also, elsewhere):
        trial = foreign.attempt(full_book("small", room=1), "full.xlsx", OVER, set_cells=wrong)
        assert trial.verdict == LOST


@pytest.mark.long
@pytest.mark.office
def test_the_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip(f"no workbooks of other programs in {CORPUS}")
    totals = {kind: collections.Counter[str]() for kind in KINDS}
    lost = []
    with foreign.Judge() as judge:
        for path in sorted(CORPUS.rglob("*.xls[xm]")):
            data = path.read_bytes()
            for kind in KINDS:
                trial = foreign.attempt(data, path.name, kind)
                if trial.written:
                    trial.why += judge.differences(path.name, data, trial)
                totals[kind][trial.verdict] += 1
                if trial.verdict == LOST or (trial.written and trial.why):
                    lost.append(f"{path.name}, {kind}: {trial.why[:3]}")
    assert lost == []
    assert totals[NEW][KEPT] > 50
    assert totals[NEW][REFUSED] <= MOST_REFUSED * totals[NEW].total(), totals
