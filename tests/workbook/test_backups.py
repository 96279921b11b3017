"""Backups: byte for byte, the last twenty, in order, and the oldest goes last."""

from __future__ import annotations

import errno
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import mcda.workbook.disk.backups as backups
from mcda.workbook.disk.backups import FOLDER, KEPT, Backup, backups_of, folder_of, keep
from mcda.workbook.disk.store import save
from tests.workbook.versions import kept, version


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "talks.xlsx"
    path.write_bytes(version("first"))
    return path


def stored(file: Path, data: bytes) -> Path:
    return keep(file, data, file, file.stat().st_mtime)


def test_the_last_twenty_are_kept_newest_first(file: Path) -> None:
    versions = [file.read_bytes()]
    for number in range(KEPT + 5):
        versions.append(version(number))
        save(file, lambda _, data=versions[-1]: data)  # type: ignore[misc]
    # What stands in the file is no backup yet.
    assert kept(file) == versions[-2 : -2 - KEPT : -1]
    assert len(kept(file)) == KEPT == 20


def test_a_backup_is_not_made_a_second_time(file: Path) -> None:
    one, two = version(1), version(2)
    first = stored(file, one)
    assert stored(file, one) == first
    assert kept(file) == [one]
    stored(file, two)
    stored(file, one)
    assert kept(file) == [one, two, one]


def test_a_backup_that_was_tampered_with_is_made_again(file: Path) -> None:
    data = version(1)
    path = stored(file, data)
    path.write_bytes(b"ruined")
    assert not backups_of(file)[0].holds(path.read_bytes())
    stored(file, data)
    assert [backup.read() for backup in backups_of(file)] == [data, b"ruined"]


def test_the_oldest_stays_when_the_new_one_cannot_be_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [version(number) for number in range(KEPT)]
    for data in versions:
        stored(file, data)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    for call in ("fsync", "replace"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, call, refuse)
            with pytest.raises(OSError, match="no space"):
                stored(file, version("one more"))
    assert kept(file) == versions[::-1]
    assert len(os.listdir(folder_of(file))) == KEPT


def test_one_that_cannot_be_removed_stays_until_it_can(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "unlink", refuse)
        for number in range(KEPT + 2):
            stored(file, version(number))
    assert len(backups_of(file)) == KEPT + 2
    stored(file, version("last"))
    assert len(backups_of(file)) == KEPT


def test_names_sort_by_time_even_if_the_clock_goes_back(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([50, 40, 40, 60])

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Clock:
            start = datetime(2026, 3, 29, 1, 59, tzinfo=UTC) + timedelta(seconds=next(times))
            return cls.fromtimestamp(start.timestamp(), UTC)

    monkeypatch.setattr(backups, "datetime", Clock)
    versions = [version(number) for number in range(4)]
    for data in versions:
        stored(file, data)
    monkeypatch.undo()
    assert kept(file) == versions[::-1]


def test_times_are_those_of_saving_and_of_replacing(file: Path) -> None:
    saved = time.time() - 1000
    os.utime(file, (saved, saved))
    before = datetime.now(UTC)
    save(file, lambda _: version("new"))
    backup = backups_of(file)[0]
    assert backup.saved.timestamp() == pytest.approx(saved, abs=2)
    assert before <= backup.replaced <= datetime.now(UTC)


def test_only_what_has_our_name_is_a_backup(file: Path) -> None:
    stored(file, version(1))
    folder = folder_of(file)
    (folder / "notes.txt").write_text("mine")
    (folder / "2026-11-22T195733.123456Z-0a1b2c3d4e5f").mkdir()
    assert [type(backup) for backup in backups_of(file)] == [Backup]
    for number in range(KEPT + 3):
        stored(file, version(number))
    assert (folder / "notes.txt").read_text() == "mine"


def test_workbooks_of_a_folder_have_backups_of_their_own(file: Path) -> None:
    other = file.with_name("talks.xlsm")
    other.write_bytes(version("other"))
    save(file, lambda _: version(1))
    save(other, lambda _: version(2))
    assert len(backups_of(file)) == len(backups_of(other)) == 1
    assert backups_of(other)[0].path.suffix == ".xlsm"
    assert sorted(os.listdir(file.parent / FOLDER)) == ["talks.xlsm", "talks.xlsx"]


def test_a_workbook_without_backups_has_none(file: Path) -> None:
    assert backups_of(file) == []
    assert backups_of(file.with_name("gone.xlsx")) == []
