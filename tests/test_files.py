"""The one door for files: whatever happens to a file, a case or words."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

import mcda
from mcda.case import CaseProblem
from mcda.files import read, read_bytes
from mcda.json_form import case_from_data
from tests.workbook.books import bare
from tests.workbook.small_case import small

CASE = case_from_data(small())


@pytest.fixture(scope="module")
def book() -> bytes:
    return bare(CASE)


def told(file: Path) -> str:
    with pytest.raises(CaseProblem) as caught:
        read(file)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].fix
    return str(caught.value)


def test_a_workbook_that_is_being_saved_is_waited_for(tmp_path: Path, book: bytes) -> None:
    file = tmp_path / "talks.xlsx"

    def save() -> None:
        with file.open("wb") as handle:
            for start in range(0, len(book), len(book) // 4 + 1):
                handle.write(book[start : start + len(book) // 4 + 1])
                handle.flush()
                time.sleep(0.05)

    saving = threading.Thread(target=save)
    saving.start()
    while not file.exists():
        time.sleep(0.001)
    assert read(file) == CASE
    saving.join()


def test_a_file_that_is_replaced_is_waited_for(tmp_path: Path, book: bytes) -> None:
    file = tmp_path / "talks.xlsx"
    threading.Timer(0.2, file.write_bytes, (book,)).start()
    assert read(file) == CASE


@pytest.mark.parametrize("size", [0, 100, -1])
def test_what_stays_half_written_is_told_by_the_guard(
    tmp_path: Path, book: bytes, size: int
) -> None:
    file = tmp_path / "talks.xlsx"
    file.write_bytes(book[:size])
    os.utime(file, (1e9, 1e9))
    assert read_bytes(file) == book[:size]
    assert "empty" in told(file) if size == 0 else "damaged" in told(file)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    assert "folder" in told(tmp_path / "folder.xlsx")
    assert "no such file" in told(tmp_path / "gone.xlsx")
    assert "no such file" in told(tmp_path / "gone.json")
    assert "form of a case" in told(tmp_path / "case.txt")
    assert "not a file name" in told(tmp_path / "a\0.xlsx")


def test_a_json_file_is_read_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(b"PK, but JSON is no zip")
    start = time.monotonic()
    assert "JSON" in told(file)
    assert time.monotonic() - start < 1
    assert mcda.read(Path(mcda.__file__).parent / "examples" / "ceasefire_talks.json").parties
