"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from mcda import atomic
from mcda.atomic import (
    clear_unfinished,
    is_temporary,
    temporaries,
    temporary_name,
    write_atomically,
    write_beside,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "memo.md"
    path.write_bytes(b"old")
    return path


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "ours.md", b"new")
    (tmp_path / "plain.md").write_bytes(b"new")
    assert (tmp_path / "ours.md").read_bytes() == b"new"
    assert (tmp_path / "ours.md").stat().st_mode == (tmp_path / "plain.md").stat().st_mode
    assert sorted(os.listdir(tmp_path)) == ["ours.md", "plain.md"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_file_that_is_there_keeps_its_mode(file: Path, mode: int) -> None:
    file.chmod(mode)
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)
def test_a_file_that_is_there_keeps_its_owner(file: Path) -> None:
    os.chown(file, 1234, 4321)
    write_atomically(file, b"new")
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 4321)


def test_a_secret_is_never_readable_for_others_on_the_way(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.chmod(0o600)
    modes = []

    def look(source: Path, target: Path) -> None:
        modes.append(stat.S_IMODE(Path(target).stat().st_mode))
        real(source, target)

    real = atomic.shutil.copystat
    monkeypatch.setattr(atomic.shutil, "copystat", look)
    write_atomically(file, b"new")
    assert modes == [0o600]


def test_the_time_is_the_time_of_writing(file: Path) -> None:
    os.utime(file, (1e9, 1e9))
    write_atomically(file, b"new")
    assert file.stat().st_mtime > 1.5e9


def test_a_link_stays_a_link(file: Path) -> None:
    link = file.with_name("link.md")
    link.symlink_to(file.name)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_a_refusal_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(os, call, refuse)
    with pytest.raises(OSError, match="no space"):
        write_atomically(file, b"new")
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert os.listdir(file.parent) == [file.name]


def test_what_a_killed_run_left_is_cleared_and_nothing_of_others(file: Path) -> None:
    left = write_beside(file, b"half")
    fresh = write_beside(file, b"being written")
    swapped = file.with_name(temporary_name(file, "swap", "0" * 16))
    swapped.write_bytes(b"perhaps the only copy")
    of_another = write_beside(file.with_name("other.md"), b"half")
    foreign = file.with_name(".mcda-notes.tmp")
    foreign.write_bytes(b"mine")
    for path in (left, swapped, foreign):
        os.utime(path, (1e9, 1e9))
    write_atomically(file, b"new")
    assert not left.exists()
    assert all(path.exists() for path in (fresh, swapped, of_another, foreign))
    clear_unfinished(file, older_than=0)
    assert not fresh.exists()
    assert temporaries(file, "swap") == [swapped]
    assert of_another.exists()


@pytest.mark.parametrize("name", ["x" * 250 + ".md", "Ωμέγα.xlsx", "a b.xlsx", "new.tmp"])
def test_a_temporary_file_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for phase, mark in (("new", ""), ("swap", "0123456789abcdef")):
        named = temporary_name(path, phase, mark)
        assert is_temporary(named)
        assert len(named) < 64
    assert not is_temporary(name)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "gone" / "x.md", b"new")
