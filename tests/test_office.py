"""The LibreOffice driver: what is missing is told with the command that installs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from xlsxwriter.workbook import Workbook

from mcda.workbook.layout import Block
from tests.office import INSTALL, Office, OfficeError, soffice

pytestmark = pytest.mark.office


def test_a_machine_without_libreoffice_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tests.office.shutil.which", lambda name: None)
    with pytest.raises(OfficeError, match=INSTALL):
        soffice()


def test_what_a_file_says_is_computed_anew(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "lies.xlsx"
    with Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet("A b")
        sheet.write_number(0, 0, 5)
        sheet.write_formula(1, 0, "=A1*2", None, 77)
        sheet.write_formula(2, 0, "=1/0", None, 1)
        workbook.define_name("All", "='A b'!$A$1:$A$3")
    with office.open(path) as book:
        assert book.read_name("All") == [[5.0], [10.0], ["#ERROR 532"]]
        book.write("A b", 0, 0, 7.5)
        assert book.cell("A b", 1, 0) == 15.0
        book.insert_rows("A b", 1)
        assert book.block("All") == Block("A b", 0, 0, 3, 0)
        with pytest.raises(KeyError):
            book.block("Nothing")
