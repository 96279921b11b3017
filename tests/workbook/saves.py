"""The ways in which programs save a workbook, done to a file by hand."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

Save = Callable[[Path, bytes], None]


def as_excel(path: Path, data: bytes) -> None:
    """A random temporary file in the folder, the original deleted, the new one renamed."""
    temporary = path.with_name("5A3C81F0")
    temporary.write_bytes(data)
    path.unlink(missing_ok=True)
    temporary.rename(path)


def as_excel_by_replace_file(path: Path, data: bytes) -> None:
    """ReplaceFile: the original moved aside, the new one in its place, the old one deleted."""
    temporary, aside = path.with_name("7B11.tmp"), path.with_name("9C20.tmp")
    temporary.write_bytes(data)
    path.rename(aside)
    temporary.rename(path)
    aside.unlink()


def as_libreoffice(path: Path, data: bytes) -> None:
    """A temporary file elsewhere, copied into the file itself."""
    elsewhere = path.parent.parent / "lu1234abcd.tmp"
    elsewhere.write_bytes(data)
    shutil.copyfile(elsewhere, path)
    elsewhere.unlink()


def in_place_in_pieces(path: Path, data: bytes) -> None:
    """The file emptied and written anew, with pauses."""
    with path.open("wb") as file:
        for start in range(0, len(data), 1 + len(data) // 8):
            file.write(data[start : start + 1 + len(data) // 8])
            file.flush()
            time.sleep(0.02)


def over_itself_in_pieces(path: Path, data: bytes) -> None:
    """Written over without emptying it first, so that it is a mixture meanwhile."""
    with path.open("r+b") as file:
        for start in range(0, len(data), 1 + len(data) // 8):
            file.write(data[start : start + 1 + len(data) // 8])
            file.flush()
            time.sleep(0.02)
        file.truncate()


def from_another_folder(path: Path, data: bytes) -> None:
    """Moved in, as a synchronising program does it."""
    elsewhere = path.parent.parent / "incoming.xlsx"
    elsewhere.write_bytes(data)
    os.replace(elsewhere, path)


def keeping_its_time(path: Path, data: bytes) -> None:
    """Replaced by one with the same times, as an unpacking or backing-up program does it."""
    status = path.stat()
    temporary = path.with_name("restored")
    temporary.write_bytes(data)
    os.utime(temporary, ns=(status.st_atime_ns, status.st_mtime_ns))
    temporary.replace(path)


WAYS: tuple[Save, ...] = (
    as_excel, as_excel_by_replace_file, as_libreoffice, in_place_in_pieces, over_itself_in_pieces,
    from_another_folder, keeping_its_time,
)  # fmt: skip
