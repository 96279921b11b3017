"""What LibreOffice reads of patched cells: values of each kind, and formulas that still compute."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from mcda.workbook.layout import Block
from mcda.workbook.patch import Edit, Formula, patch
from tests.office import Office
from tests.workbook.small_book import book, worksheet

pytestmark = pytest.mark.office


def test_libreoffice_reads_what_was_set(office: Office, tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2</f></c>'
        "</row>"
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/></c></row>'
        '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/></c></row>'
    )
    column = [
        0.1, "text", " _x0041_ & <b> ", "=1+1", True, date(2025, 3, 18),
        datetime(2025, 3, 18, 12), "two\nlines", "😀", 1e22, None,
    ]  # fmt: skip
    edits = [Edit("S", row, 4, to) for row, to in enumerate(column)]
    edits += [
        Edit("S", 0, 1, 7), Edit("S", 9, 5, Formula("SUM(A1:A3)+E1", 6.1)),
        Edit("S", 0, 6, date(2025, 3, 18)),
    ]  # fmt: skip
    styled = worksheet(rows, before='<cols><col min="7" max="7" style="3"/></cols>')
    path = tmp_path / "patched.xlsx"
    path.write_bytes(patch(book(styled), edits, path.name))
    with office.open(path) as opened:
        read = [row[0] for row in opened.read(Block("S", 0, 4, 10, 4))]
        assert read == [
            0.1, "text", " _x0041_ & <b> ", "=1+1", 1.0, 45734.0, 45734.5, "two\nlines", "😀",
            1e22, "",
        ]  # fmt: skip
        assert [row[0] for row in opened.read(Block("S", 0, 1, 2, 1))] == [7.0, 4.0, 6.0]
        assert opened.cell("S", 9, 5) == pytest.approx(6.1)
        # No style of this workbook shows a date in bold: the date is held as one all the same.
        assert opened.cell("S", 0, 6) == 45734.0
