"""Earlier versions are listed with what their inputs were, and put back, whatever stands there."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mcda.cli import app
from mcda.json_form import case_from_data
from mcda.workbook.disk.backups import backups_of
from mcda.workbook.disk.restore import restore, version_of, versions_of
from mcda.workbook.disk.store import StoreProblem, Trouble, save
from mcda.workbook.patch import Edit, patch
from mcda.workbook.read import read_data
from tests.workbook.books import bare
from tests.workbook.small_case import small

WEIGHT = ("parties", 0, "criteria", 1, "weight")


@pytest.fixture(scope="module")
def first() -> bytes:
    return bare(case_from_data(small()))


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def file(tmp_path: Path, first: bytes) -> Path:
    """A workbook whose second weight was 30, then 31, and is 32."""
    path = tmp_path / "talks.xlsx"
    path.write_bytes(first)
    for weight in (31, 32):
        save(path, lambda base, weight=weight: weighing(base.data, weight))  # type: ignore[misc]
    return path


def weighing(data: bytes, weight: float) -> bytes:
    return patch(data, [Edit(*read_data(data, "talks.xlsx").places[WEIGHT], weight)], "talks.xlsx")


def weight_in(file: Path) -> object:
    data = read_data(file.read_bytes(), file.name).data
    return data["parties"][0]["criteria"][1]["weight"]


def run(*arguments: object, code: int = 0) -> Result:
    done = CliRunner().invoke(app, ["restore", *map(str, arguments)])
    assert done.exit_code == code, done.output
    return done


def test_versions_are_listed_newest_first_with_what_differs(file: Path) -> None:
    found = versions_of(file)
    assert [version.number for version in found] == [1, 2]
    differences = [[(c.where, c.old, c.new) for c in v.changes or ()] for v in found]
    where = found[0].changes[0].where if found[0].changes else ""
    assert where.startswith("Weights!")
    assert differences == [[(where, "31", "32")], [(where, "30", "32")]]


def test_the_verb_lists_them_with_cells(file: Path) -> None:
    done = run(file)
    assert "1 input differs, then → now" in done.stdout
    assert "weight 30 → 32" in done.stdout
    assert "Weights!" in done.stdout
    assert f"mcda restore {file} 1" in done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    listed = json.loads(run(file, "--json").stdout)
    assert [version["number"] for version in listed] == [1, 2]
    assert listed[1]["differences"][0]["then"] == "30"
    assert all(Path(version["path"]).is_file() for version in listed)


def test_a_version_is_put_back_and_that_can_be_undone(file: Path, first: bytes) -> None:
    present = file.read_bytes()
    done = run(file, 2)
    assert "weight 30 → 32" in done.stdout
    assert file.read_bytes() == first
    assert backups_of(file)[0].read() == present
    run(file, 1)
    assert file.read_bytes() == present


def test_a_dry_run_writes_nothing(file: Path) -> None:
    before = {path: path.read_bytes() for path in file.parent.rglob("*") if path.is_file()}
    assert "weight 30 → 32" in run(file, 2, "--dry-run").stdout
    told = json.loads(run(file, 2, "--dry-run", "--json").stdout)
    assert told["written"] is None
    after = {path: path.read_bytes() for path in file.parent.rglob("*") if path.is_file()}
    assert after == before


def test_a_version_goes_to_another_file(file: Path, first: bytes) -> None:
    present = file.read_bytes()
    other = file.with_name("before.xlsx")
    run(file, 2, "--to", other)
    assert other.read_bytes() == first
    assert file.read_bytes() == present
    assert "--force" in run(file, 1, "--to", other, code=2).stderr
    assert other.read_bytes() == first
    run(file, 1, "--to", other, "--force")
    assert weight_in(other) == 31
    assert "another name" in run(file, 1, "--to", file, "--force", code=2).stderr


def test_what_stands_there_already_is_not_written_again(file: Path) -> None:
    run(file, 2)
    before = file.stat().st_mtime_ns
    same = next(v.number for v in versions_of(file) if v.data == file.read_bytes())
    assert "nothing was written" in run(file, same).stderr
    assert file.stat().st_mtime_ns == before


def test_a_file_that_is_gone_comes_back(file: Path) -> None:
    file.unlink()
    assert "gone" in run(file).stdout
    told = json.loads(run(file, 1, "--json").stdout)
    assert told["written"] == str(file)
    assert told["kept"] is None
    assert weight_in(file) == 31


@pytest.mark.parametrize("ruin", [b"", b"PK ruined", b"text"])
def test_a_ruined_file_is_kept_and_replaced(file: Path, ruin: bytes) -> None:
    file.write_bytes(ruin)
    assert "present file cannot be read" in run(file).stdout
    run(file, 1)
    assert weight_in(file) == 31
    assert backups_of(file)[0].read() == ruin
    assert "That version cannot be read" in run(file).stdout


def test_a_backup_that_was_changed_in_its_folder_is_told(file: Path) -> None:
    backup = backups_of(file)[1]
    shutil.copy(file, backup.path)
    version = version_of(file, 2)
    assert version is not None
    assert version.is_altered
    assert "changed in its folder" in " ".join(run(file).stdout.split())


def test_none_found_is_told(tmp_path: Path, first: bytes) -> None:
    alone = tmp_path / "alone.xlsx"
    alone.write_bytes(first)
    assert "no earlier versions" in run(alone).stderr
    assert json.loads(run(alone, "--json").stdout) == []
    assert "no earlier versions" in run(alone, 1, code=2).stderr
    assert "no such file" in run(tmp_path / "gone.xlsx", code=2).stderr
    assert "no folder" in run(tmp_path / "no" / "gone.xlsx", code=2).stderr


def test_a_number_that_is_not_there_is_told(file: Path) -> None:
    for number in (0, 3):
        assert "1 to 2" in run(file, number, code=2).stderr
    assert version_of(file, 3) is None
    assert "which version" in run(file, "--dry-run", code=2).stderr


def test_a_workbook_open_elsewhere_is_left(file: Path) -> None:
    file.with_name("~$talks.xlsx").write_bytes(b"")
    present = file.read_bytes()
    assert "open in Excel" in run(file, 2, code=2).stderr
    assert file.read_bytes() == present
    version = version_of(file, 1)
    assert version is not None
    with pytest.raises(StoreProblem) as caught:
        restore(file, version)
    assert caught.value.kind is Trouble.LOCKED


def test_a_link_lists_what_it_leads_to_and_is_not_replaced(file: Path) -> None:
    link = file.with_name("link.xlsx")
    link.symlink_to(file)
    assert "weight 30 → 32" in run(link).stdout
    assert str(file) in run(link, 1, code=2).stderr
    assert link.is_symlink()
