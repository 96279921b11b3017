"""`mcda watch` as a user meets it: a process that is started, told of saves, and interrupted."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from mcda.json_form import case_from_data
from mcda.workbook.author import workbook_bytes
from tests.workbook import saves
from tests.workbook.small_case import small

LONG = 60.0


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "talks"
    folder.mkdir()
    file = folder / "talks.xlsx"
    file.write_bytes(workbook(60))
    return file


def workbook(trade):
    data = small()
    data["parties"][0]["criteria"][0]["weight"] = trade
    return workbook_bytes(case_from_data(data), room=1, when="2026-01-02 03:04")


@pytest.fixture
def started(tmp_path):
    """Starts `mcda watch`, its output in files, and ends it where a test has not."""
    running = []

    def start(*arguments):
        out = (tmp_path / "out").open("w+", encoding="utf-8")
        errors = (tmp_path / "errors").open("w+", encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "mcda", "watch", *map(str, arguments)],
            stdout=out, stderr=errors, env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
        running.append((process, out, errors))
        return process

    yield start
    for process, *files in running:
        if process.poll() is None:
            process.kill()
        process.wait()
        for file in files:
            file.close()


def until(tmp_path, words):
    end = time.monotonic() + LONG
    while words not in (out := (tmp_path / "out").read_text("utf-8")):
        assert time.monotonic() < end, out + (tmp_path / "errors").read_text("utf-8")
        time.sleep(0.02)
    return out


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
def test_it_tells_of_a_save_and_ends_cleanly_leaving_nothing_behind(
    started, path, tmp_path, ending
):
    process = started(path)
    until(tmp_path, "written.")
    saves.as_excel(path, workbook(1))
    out = until(tmp_path, "Direct is now first")
    first, *_ = out.splitlines()
    assert first[:8].replace(":", "").isdigit()
    assert "First for North: B and As B." in " ".join(out.split())
    assert all(len(line) <= 80 for line in out.splitlines())
    process.send_signal(ending)
    assert process.wait(LONG) == 0
    errors = (tmp_path / "errors").read_text("utf-8")
    assert errors == f"Watching {path}. Ctrl-C ends it.\nNo longer watching.\n"
    assert sorted(os.listdir(path.parent)) == [".mcda-backups", "talks.xlsx"]


def test_as_json_each_report_is_a_line(started, path, tmp_path):
    process = started(path, "--json")
    until(tmp_path, '"written"')
    process.send_signal(signal.SIGINT)
    assert process.wait(LONG) == 0
    reports = [json.loads(line) for line in (tmp_path / "out").read_text("utf-8").splitlines()]
    assert [each["kind"] for each in reports] == ["stands", "written"]


def test_problems_are_told_line_by_line(started, path, tmp_path):
    path.write_bytes(b"not a workbook")
    started(path)
    out = until(tmp_path, "not an Excel workbook")
    assert "talks.xlsx has 1 problem." in out
    assert out.splitlines()[-1].startswith(" " * 10 + "talks.xlsx: ")


def test_only_a_workbook_is_watched_and_no_link(path, tmp_path):
    (tmp_path / "case.json").write_text("{}")
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    for file, words in ((tmp_path / "case.json", "only a workbook is watched"),
                        (link, f"is a link to {path}; name the file itself")):  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "mcda", "watch", str(file)],
            capture_output=True, text=True, encoding="utf-8", timeout=LONG, check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
