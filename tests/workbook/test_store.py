"""The store: whatever others do to the file, and whatever the disk does, no version is lost."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import stat
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

import mcda.workbook.disk.store as store
from mcda.json_form import case_from_data
from mcda.problems import CaseProblem
from mcda.workbook.disk import snapshots
from mcda.workbook.disk.backups import FOLDER
from mcda.workbook.disk.exchange import NoExchange, being_written, exchange
from mcda.workbook.disk.locks import NotOurTurn, lock_of, turn
from mcda.workbook.disk.store import (
    Saved,
    Snapshot,
    StoreProblem,
    Trouble,
    put_back,
    save,
    snapshot,
)
from tests.office import Office
from tests.workbook.books import bare
from tests.workbook.small_case import small
from tests.workbook.versions import (
    accounted,
    at_step,
    kept,
    left_behind,
    mark_of,
    others,
    save_by_rename,
    save_in_place,
    version,
)

OLD, NEW, THEIRS = version("old"), version("new"), version("theirs")
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may do this"
)


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flush nothing: a test cannot pull the plug, and thousands of flushes take their time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(store, "_PAUSE", 0.001)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "talks.xlsx"
    path.write_bytes(OLD)
    return path


def following(base: Snapshot) -> bytes:
    """Make a version that says what it was made from."""
    return version(f"{mark_of(base.data)}+")


def refused(call: Callable[[], object], kind: Trouble) -> str:
    with pytest.raises(StoreProblem) as caught:
        call()
    assert caught.value.kind is kind
    assert caught.value.problem.what
    assert caught.value.problem.fix
    assert set(caught.value.to_dict()) == {"kind", "where", "what", "what_to_do"}
    return str(caught.value)


def problem_of(call: Callable[[], object]) -> StoreProblem | None:
    try:
        call()
    except StoreProblem as problem:
        return problem
    return None


def nothing_written(file: Path, there: bytes = OLD) -> None:
    assert file.read_bytes() == there
    assert left_behind(file.parent) == []


# -- the ordinary way


def test_a_save_replaces_the_file_and_keeps_the_old_one(file: Path) -> None:
    done = save(file, lambda base: NEW)
    assert done.changed
    assert file.read_bytes() == done.data == NEW
    assert done.sha256 == snapshot(file).sha256
    assert done.backup is not None
    assert done.backup.read_bytes() == OLD
    assert done.rescued == ()
    assert left_behind(file.parent) == []
    assert others(file.parent, file.name) == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc to tell which file was flushed")
def test_all_is_flushed_before_it_counts(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plug pulled after a rename must not find the new name without its content."""
    done: list[str] = []

    def flushed(handle: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        done.append(f"flush {'folder' if path.is_dir() else path.parent.name}")

    def renamed(source: Path, target: Path) -> None:
        real(source, target)
        done.append(f"rename in {Path(target).parent.name}")

    def swapped(new: Path, standing: Path) -> None:
        exchange(new, standing)
        done.append("exchange")

    real = os.replace
    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", renamed)
    monkeypatch.setattr(store, "exchange", swapped)
    save(file, lambda _: NEW)
    folder = file.parent.name
    assert done == [
        "flush folder",  # the two folders of backups are there
        "flush folder",
        f"flush {file.name}",  # the backup
        f"rename in {file.name}",
        "flush folder",
        f"flush {folder}",  # the new version
        f"rename in {folder}",
        "exchange",
        "flush folder",
    ]


def test_the_same_bytes_write_nothing_and_keep_no_backup(file: Path) -> None:
    before = file.stat()
    done = save(file, lambda base: base.data)
    assert not done.changed
    assert done.backup is None
    after = file.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert os.listdir(file.parent) == [file.name]


def test_what_make_raises_comes_through_and_nothing_is_written(file: Path) -> None:
    def make(base: Snapshot) -> bytes:
        raise CaseProblem([])

    with pytest.raises(CaseProblem):
        save(file, make)
    nothing_written(file)
    assert os.listdir(file.parent) == [file.name]


@as_root
def test_mode_owner_and_attributes_are_kept_by_file_and_backup(file: Path) -> None:
    os.chown(file, 1234, 4321)
    file.chmod(0o640)
    os.setxattr(file, "user.label", b"secret")
    done = save(file, lambda base: NEW)
    assert done.backup is not None
    for path in (file, done.backup):
        status = path.stat()
        assert (status.st_uid, status.st_gid) == (1234, 4321)
        assert stat.S_IMODE(status.st_mode) == 0o640
        assert os.getxattr(path, "user.label") == b"secret"
    assert (file.parent / FOLDER).stat().st_uid == file.parent.stat().st_uid


def test_a_file_that_is_not_ours_to_give_away_is_saved_all_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def chown(*_: object) -> None:
        raise PermissionError(errno.EPERM, "not yours")

    monkeypatch.setattr(os, "chown", chown)
    file.chmod(0o604)
    save(file, lambda base: NEW)
    assert stat.S_IMODE(file.stat().st_mode) == 0o604


# -- others save meanwhile


@pytest.mark.parametrize("saving", [save_by_rename, save_in_place])
def test_a_save_of_somebody_else_meanwhile_starts_it_over(
    file: Path, saving: Callable[[Path, bytes], None]
) -> None:
    bases = []

    def make(base: Snapshot) -> bytes:
        bases.append(base.data)
        if len(bases) == 1:
            saving(file, THEIRS)
        return following(base)

    done = save(file, make)
    assert bases == [OLD, THEIRS]
    assert mark_of(file.read_bytes()) == "theirs+"
    assert done.before is not None
    assert done.before.data == THEIRS
    accounted(file, [THEIRS, done.data])


def test_three_saves_of_others_in_a_row_end_in_words_with_nothing_written(file: Path) -> None:
    theirs = [version(number) for number in range(9)]
    made = iter(theirs)

    def make(base: Snapshot) -> bytes:
        save_by_rename(file, next(made))
        return following(base)

    said = refused(lambda: save(file, make), Trouble.KEEPS_CHANGING)
    assert "Nothing was written" in said
    assert mark_of(file.read_bytes()) == "2"
    assert left_behind(file.parent) == []


def steps_of_a_save(folder: Path) -> int:
    """How many steps a save takes, counted in a process of its own."""
    code = """
        import sys
        from pathlib import Path
        from mcda.workbook.disk.store import save
        from tests.workbook.versions import at_step, version
        file = Path(sys.argv[1]) / "count.xlsx"
        file.write_bytes(version("old"))
        count = at_step(0, lambda: None)
        save(file, lambda base: version("new"))
        print(count())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return int(done.stdout)


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> int:
    return steps_of_a_save(tmp_path_factory.mktemp("count"))


def test_a_save_has_steps_to_interrupt(steps: int) -> None:
    # A backup and a file, each opened, flushed and renamed, two folders made and flushed.
    assert 15 < steps < 60


@pytest.mark.parametrize("saving", [save_by_rename, save_in_place])
def test_somebody_saves_before_any_one_step(
    tmp_path: Path, steps: int, saving: Callable[[Path, bytes], None]
) -> None:
    late = 0
    for number in range(1, steps + 1):
        file = tmp_path / str(number) / "talks.xlsx"
        file.parent.mkdir()
        file.write_bytes(OLD)
        bases: list[bytes] = []

        def make(base: Snapshot, bases: list[bytes] = bases) -> bytes:
            bases.append(base.data)
            return following(base)

        with pytest.MonkeyPatch.context() as patch:
            at_step(number, lambda file=file: saving(file, THEIRS), patch.setattr)  # type: ignore[misc]
            done = save(file, make)
        assert left_behind(file.parent) == []
        # Theirs was taken up, or it came when ours was in place already, and they replaced that.
        if bases == [OLD]:
            late += 1
            assert file.read_bytes() == THEIRS
            accounted(file, [OLD])
        else:
            assert bases == [OLD, THEIRS]
            assert file.read_bytes() == done.data
            accounted(file, [THEIRS])
    assert 0 < late < steps / 2


@pytest.mark.parametrize("saves", [(1,), (2,), (1, 2), (2, 3), (1, 2, 3), (1, 3), (2, 3, 4)])
@pytest.mark.parametrize("rounds", [1, 3])
def test_somebody_saves_in_the_moment_between_the_last_look_and_the_exchange(
    file: Path, monkeypatch: pytest.MonkeyPatch, saves: tuple[int, ...], rounds: int
) -> None:
    """The exchange itself is raced: the first, the one that gives back, and so on."""
    count = 0
    theirs: list[bytes] = []
    bases: list[bytes] = []

    def raced(new: Path, standing: Path) -> None:
        nonlocal count
        count += 1
        if count in saves:
            for _ in range(rounds):
                theirs.append(version(f"theirs {len(theirs)}"))
            save_by_rename(file, theirs[-1])
        exchange(new, standing)

    def make(base: Snapshot) -> bytes:
        bases.append(base.data)
        return following(base)

    monkeypatch.setattr(store, "exchange", raced)
    del theirs[:]
    done = save(file, make, attempts=9)
    written = [OLD, done.data, *theirs[rounds - 1 :: rounds]]
    accounted(file, written)
    # What was saved last by anybody is what the new one was made from.
    assert bases[-1] == (theirs[-1] if theirs else OLD)
    assert file.read_bytes() == done.data
    assert left_behind(file.parent) == []
    assert others(file.parent, file.name) == []


@pytest.mark.parametrize("gone", [(1,), (2,), (1, 2)])
@pytest.mark.parametrize("returns", [True, False])
def test_somebody_takes_the_file_away_at_an_exchange(
    file: Path, monkeypatch: pytest.MonkeyPatch, gone: tuple[int, ...], returns: bool
) -> None:
    """Excel deletes the file and renames a new one to its name, a moment later."""
    count = 0

    def raced(new: Path, standing: Path) -> None:
        nonlocal count
        count += 1
        if count == 1 and 1 not in gone:
            save_by_rename(file, THEIRS)
        if count in gone:
            file.unlink()
            if returns:
                threading.Timer(0.1, save_by_rename, (file, version("back"))).start()
        exchange(new, standing)

    monkeypatch.setattr(store, "exchange", raced)
    problem = problem_of(lambda: save(file, following, patience=0.5))
    if problem is not None:
        assert problem.kind is Trouble.VANISHED
        assert not returns
        assert not file.exists()
    time.sleep(0.15)
    accounted(file, [] if 1 in gone else [THEIRS])
    if returns:
        # In place as they left it, or taken up by a save that came after.
        assert "back" in mark_of(file.read_bytes())
    assert left_behind(file.parent) == []


def test_somebody_takes_the_file_away_before_any_one_step(tmp_path: Path, steps: int) -> None:
    """Deleted, and there again as a new one a moment later, or never."""
    outcomes = set()
    for number in range(1, steps + 1):
        for returns in (True, False):
            file = tmp_path / f"{number} {returns}" / "talks.xlsx"
            file.parent.mkdir()
            file.write_bytes(OLD)
            timer = threading.Timer(0.02, file.write_bytes, (THEIRS,))

            def take_away(file: Path = file, timer: threading.Timer = timer) -> None:
                file.unlink()
                if returns:  # noqa: B023
                    timer.start()

            with pytest.MonkeyPatch.context() as patch:
                at_step(number, take_away, patch.setattr)
                patience = 0.5 if returns else 0.02
                problem = problem_of(partial(save, file, following, patience=patience))
            outcomes.add((returns, problem and problem.kind))
            if returns:
                timer.join()
                assert mark_of(file.read_bytes()).startswith("theirs")
            elif problem is not None:
                assert not file.exists()
            assert left_behind(file.parent) == []
    assert outcomes == {(True, None), (False, None), (False, Trouble.VANISHED)}


def test_who_has_the_file_open_for_writing_goes_on_in_the_file_that_is_there(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opened before the exchange, written after: the writer's file must be the one in place."""
    handle = None
    looks = 0

    def raced(new: Path, standing: Path) -> None:
        nonlocal handle, looks
        looks += 1
        if looks == 1:
            handle = file.open("r+b")
        exchange(new, standing)
        if looks == 2:
            assert handle is not None
            with handle:
                handle.write(THEIRS)
                handle.truncate()

    monkeypatch.setattr(store, "exchange", raced)
    done = save(file, following)
    assert looks == 3
    assert mark_of(file.read_bytes()) == "theirs+"
    accounted(file, [OLD, THEIRS, done.data], bases=[OLD])


def test_a_lease_tells_who_writes_and_harms_nobody(file: Path) -> None:
    assert not being_written(file)
    with file.open("rb"):
        assert not being_written(file)
    with file.open("r+b"):
        assert being_written(file)
        held = lock_of(file)
        assert held is not None
        assert held.file is None
    assert lock_of(file) is None
    stop = threading.Event()

    def open_often() -> None:
        while not stop.is_set():
            file.open("r+b").close()

    others = threading.Thread(target=open_often)
    others.start()
    # Somebody who opens the file while we ask makes the kernel send a signal; we are alive after.
    answers = {being_written(file) for _ in range(3000)}
    stop.set()
    others.join()
    assert True in answers
    assert not being_written(file)


def test_a_disk_that_cannot_exchange_files_gets_a_plain_replace(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: Path) -> None:
        raise NoExchange(errno.EINVAL, "no")

    monkeypatch.setattr(store, "exchange", cannot)
    done = save(file, following)
    assert file.read_bytes() == done.data
    accounted(file, [OLD, done.data])
    assert left_behind(file.parent) == []


def test_an_exchange_leaves_both_files_where_it_is_refused(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    with pytest.raises(FileNotFoundError):
        exchange(one, two)
    assert one.read_text() == "1"
    two.write_text("2")
    exchange(one, two)
    assert (one.read_text(), two.read_text()) == ("2", "1")


# -- reading


def test_a_file_that_is_gone_for_a_moment_is_waited_for(file: Path) -> None:
    file.unlink()
    threading.Timer(0.15, file.write_bytes, (NEW,)).start()
    assert snapshot(file).data == NEW


def test_a_half_written_file_is_waited_for(file: Path) -> None:
    whole = version("large", 300_000)

    def write_slowly() -> None:
        with file.open("wb") as handle:
            for start in range(0, len(whole), 30_000):
                handle.write(whole[start : start + 30_000])
                handle.flush()
                time.sleep(0.02)

    slow = threading.Thread(target=write_slowly)
    slow.start()
    while file.stat().st_size == len(OLD):
        time.sleep(0.001)
    assert snapshot(file).data == whole
    slow.join()


@pytest.mark.parametrize("part", [b"", NEW[:-1], NEW[: len(NEW) // 2], NEW[:3], bytes(5000)])
def test_a_file_that_stays_half_written_is_told_and_left(file: Path, part: bytes) -> None:
    file.write_bytes(part)
    said = refused(lambda: save(file, lambda _: NEW, patience=0.05), Trouble.HALF_WRITTEN)
    assert "Only a part" in said
    assert "mcda restore" not in said
    nothing_written(file, part)


def test_whoever_has_backups_is_told_of_them(file: Path) -> None:
    save(file, lambda _: NEW)
    file.write_bytes(NEW[:-1])
    said = refused(lambda: snapshot(file, patience=0.02), Trouble.HALF_WRITTEN)
    assert f"mcda restore {file}" in said
    file.unlink()
    said = refused(lambda: snapshot(file, patience=0.02), Trouble.VANISHED)
    assert f"mcda restore {file}" in said


def test_an_old_ruin_is_not_waited_for(file: Path) -> None:
    file.write_bytes(NEW[:-1])
    os.utime(file, (1e9, 1e9))
    start = time.monotonic()
    refused(lambda: snapshot(file), Trouble.HALF_WRITTEN)
    assert time.monotonic() - start < 0.5


def test_a_new_head_on_an_old_tail_is_half_written() -> None:
    first, second = version("a", 500), version("b", 900)
    assert snapshots.half_written(first[:300] + second[300:][:-40] + first[-40:])
    assert not snapshots.half_written(first)
    assert not snapshots.half_written(b"{}")


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    assert "folder" in refused(lambda: snapshot(tmp_path), Trouble.NOT_A_FILE)
    os.mkfifo(tmp_path / "pipe.xlsx")
    refused(lambda: snapshot(tmp_path / "pipe.xlsx"), Trouble.NOT_A_FILE)
    refused(lambda: snapshot(tmp_path / "no\0name.xlsx"), Trouble.NOT_A_FILE)
    absent = lambda name: lambda: snapshot(tmp_path / name, patience=0.02)  # noqa: E731
    assert "no such file" in refused(absent("gone.xlsx"), Trouble.VANISHED)
    refused(absent("no folder/gone.xlsx"), Trouble.VANISHED)
    refused(lambda: snapshot(tmp_path / ("x" * 300 + ".xlsx")), Trouble.NAME_TOO_LONG)


def test_a_file_in_a_file_is_told(file: Path) -> None:
    refused(lambda: snapshot(file / "inside.xlsx", patience=0.02), Trouble.VANISHED)


def test_a_huge_file_is_not_read(file: Path) -> None:
    with file.open("r+b") as handle:
        handle.truncate(snapshots.MAX_FILE_BYTES + 1)
    assert "100 MB" in refused(lambda: snapshot(file), Trouble.TOO_LARGE)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.EACCES, Trouble.UNREADABLE),
        (errno.EIO, Trouble.FAILED),
        (getattr(errno, "ESTALE", errno.EIO), Trouble.FAILED),
        (errno.ETIMEDOUT, Trouble.FAILED),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: Trouble
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", fail)
    refused(lambda: save(file, following), kind)
    monkeypatch.undo()
    nothing_written(file)


# -- links


def test_a_link_is_read_and_not_replaced_unasked(file: Path) -> None:
    link = file.with_name("link.xlsx")
    link.symlink_to(file)
    assert snapshot(link).data == OLD
    assert str(file) in refused(lambda: save(link, following), Trouble.LINK)
    assert link.is_symlink()
    nothing_written(file)


def test_a_link_is_followed_on_purpose_and_stays_one(file: Path) -> None:
    elsewhere = file.parent / "elsewhere"
    elsewhere.mkdir()
    link = elsewhere / "link.xlsx"
    link.symlink_to(os.path.relpath(file, elsewhere))
    done = save(link, following, follow_link=True)
    assert link.is_symlink()
    assert link.read_bytes() == file.read_bytes() == done.data
    assert kept(file) == [OLD]
    assert os.listdir(elsewhere) == ["link.xlsx"]


def test_a_link_to_nothing_or_to_itself_is_told(file: Path) -> None:
    link = file.with_name("link.xlsx")
    link.symlink_to(file.parent / "gone.xlsx")
    assert "gone.xlsx" in refused(lambda: snapshot(link, patience=0.02), Trouble.VANISHED)
    loop = file.with_name("loop.xlsx")
    loop.symlink_to(loop)
    refused(lambda: snapshot(loop, patience=0.02), Trouble.NOT_A_FILE)
    for follow in (False, True):
        with pytest.raises(StoreProblem):
            save(loop, following, follow_link=follow, patience=0.02)


def test_a_file_that_becomes_a_link_meanwhile_is_not_replaced(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = file.with_name("target.xlsx")

    def raced(new: Path, standing: Path) -> None:
        if not target.exists():
            file.rename(target)
            file.symlink_to(target)
        exchange(new, standing)

    monkeypatch.setattr(store, "exchange", raced)
    refused(lambda: save(file, following), Trouble.LINK)
    assert file.is_symlink()
    assert target.read_bytes() == OLD
    assert left_behind(file.parent) == []


# -- locks


def owner_file(user: str) -> bytes:
    """Excel's owner file: 165 bytes, the name in the system's characters and in UTF-16."""
    plain = user.encode("cp1252", "replace")
    content = bytes([len(plain)]) + plain.ljust(54)
    wide = user.encode("utf-16-le").ljust(108, b" \0"[:1])
    return content + len(user).to_bytes(2, "little") + wide[:108]


@pytest.mark.parametrize("user", ["Ana Ruiz", "Иван Петров", "A", "N" * 54])
def test_excel_is_told_with_the_user_who_has_it_open(file: Path, user: str) -> None:
    content = owner_file(user)
    assert len(content) == 165
    lock_file = file.with_name("~$talks.xlsx")
    lock_file.write_bytes(content)
    said = refused(lambda: save(file, following), Trouble.LOCKED)
    assert f"open in Excel by {user}" in said
    assert "~$talks.xlsx" in said
    nothing_written(file)
    lock_file.unlink()
    save(file, following)


@pytest.mark.parametrize("content", [b"", b"\xff" * 165, b"\x05abc", b"\0" * 165, b"\x03Ana"])
def test_a_strange_owner_file_is_still_a_lock(file: Path, content: bytes) -> None:
    file.with_name("~$talks.xlsx").write_bytes(content)
    held = lock_of(file)
    assert held is not None
    assert str(held).isprintable()


@pytest.mark.parametrize(
    ("content", "who"),
    [
        (",ana,desk-7,22.11.2026 19:00,file:///home/ana;", "ana on desk-7 since 22.11.2026 19:00"),
        ("Ruiz\\, Ana,ana,desk-7,,;", "Ruiz, Ana on desk-7"),
        ("", ""),
        ("no commas at all", "no commas at all"),
    ],
)
def test_libreoffice_is_told_with_who_and_where(file: Path, content: str, who: str) -> None:
    file.with_name(".~lock.talks.xlsx#").write_text(content, encoding="utf-8")
    held = lock_of(file)
    assert held is not None
    assert (held.program, held.who) == ("LibreOffice", who)
    refused(lambda: save(file, following), Trouble.LOCKED)
    nothing_written(file)


@pytest.mark.office
def test_libreoffice_itself_is_seen_while_it_has_the_file_open(
    tmp_path: Path, office: Office
) -> None:
    file = tmp_path / "two, talks.xlsx"
    file.write_bytes(bare(case_from_data(small())))
    before = file.read_bytes()
    with office.open(file):
        said = refused(lambda: save(file, lambda _: NEW), Trouble.LOCKED)
        assert "open in LibreOffice by" in said
        assert f".~lock.{file.name}#" in said
        nothing_written(file, before)
    assert save(file, lambda _: NEW).changed


def test_a_lock_matters_only_when_there_is_something_to_write(file: Path) -> None:
    file.with_name("~$talks.xlsx").write_bytes(owner_file("Ana"))
    assert not save(file, lambda base: base.data).changed


def test_a_lock_beside_the_file_that_a_link_leads_to_counts(file: Path) -> None:
    folder = file.parent / "links"
    folder.mkdir()
    (folder / "talks.xlsx").symlink_to(file)
    file.with_name("~$talks.xlsx").write_bytes(owner_file("Ana"))
    assert lock_of(folder / "talks.xlsx") is not None


def test_a_file_opened_in_excel_at_the_last_moment_is_not_replaced(file: Path, steps: int) -> None:
    lock_file = file.with_name("~$talks.xlsx")
    outcomes = set()
    for number in range(1, steps + 1):
        file.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            at_step(number, lambda: lock_file.write_bytes(owner_file("Ana")), patch.setattr)
            problem = problem_of(lambda: save(file, lambda _: NEW))
        outcomes.add(None if problem is None else problem.kind)
        assert file.read_bytes() == (NEW if problem is None else OLD)
        assert left_behind(file.parent) == []
        lock_file.unlink(missing_ok=True)
    assert outcomes == {Trouble.LOCKED, None}


def test_somebody_who_writes_and_writes_is_waited_for_and_then_told(file: Path) -> None:
    with file.open("r+b"):
        said = refused(lambda: save(file, following, patience=0.1), Trouble.LOCKED)
    assert "another program" in said
    nothing_written(file)


def test_runs_of_ours_take_turns(file: Path) -> None:
    gate = file.with_name("gate")
    with turn(gate, 1) as alone:
        assert alone
        with pytest.raises(NotOurTurn), turn(gate, 0.05):
            pass
    with turn(gate, 0.05) as alone:
        assert alone


def test_another_run_that_writes_for_ever_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(file, lambda _: NEW)
    monkeypatch.setattr(store, "_TURN", 0.05)
    with turn(file.parent / FOLDER / file.name / ".lock", 1):
        refused(lambda: save(file, following), Trouble.BUSY)
    nothing_written(file, NEW)


# -- a disk that refuses


def test_a_read_only_file_is_not_replaced(file: Path) -> None:
    file.chmod(0o444)
    refused(lambda: save(file, following), Trouble.READ_ONLY)
    nothing_written(file)
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize(
    ("number", "kind", "said"),
    [
        (errno.ENOSPC, Trouble.DISK_FULL, "disk is full"),
        (errno.EDQUOT, Trouble.DISK_FULL, "disk is full"),
        (errno.EFBIG, Trouble.TOO_LARGE, "larger than"),
        (errno.EROFS, Trouble.READ_ONLY, "disk is read-only"),
        (errno.EACCES, Trouble.READ_ONLY, "may not be made"),
        (errno.EPERM, Trouble.READ_ONLY, "may not be made"),
        (errno.ENAMETOOLONG, Trouble.NAME_TOO_LONG, "longer than"),
        (errno.EIO, Trouble.FAILED, "disk refused"),
    ],
)
def test_each_refusal_of_the_disk_has_its_words_and_loses_nothing(
    tmp_path: Path, steps: int, number: int, kind: Trouble, said: str
) -> None:
    """The disk refuses any one step: the old file or the new one, both kept, nothing left."""

    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    told: list[StoreProblem | None] = []
    # Each errno meets every third step, so that all together meet all; the sweep below meets all.
    for step in range(1, steps + 1, 3):
        file = tmp_path / str(step) / "talks.xlsx"
        file.parent.mkdir()
        file.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            at_step(step, refuse, patch.setattr)
            told.append(problem_of(lambda file=file: save(file, lambda _: NEW, patience=0.02)))  # type: ignore[misc]
        whole_after_a_refusal(file)
    problems = [problem for problem in told if problem is not None]
    assert {problem.kind for problem in problems} <= {kind, Trouble.FAILED, Trouble.VANISHED}
    assert any(said in str(problem) for problem in problems)
    assert all(problem.problem.fix for problem in problems)


def whole_after_a_refusal(file: Path) -> None:
    assert file.read_bytes() in (OLD, NEW)
    accounted(file, [OLD])
    # A temporary file that could not be removed then is removed the next time.
    save(file, lambda _: version("next"))
    assert left_behind(file.parent) == []
    accounted(file, [OLD])


@pytest.mark.parametrize("theirs", [False, True])
def test_the_disk_refuses_any_one_step_for_good(tmp_path: Path, steps: int, theirs: bool) -> None:
    """From some step on nothing can be written; somebody else saves right before that."""
    for step in range(1, steps + 1):
        file = tmp_path / str(step) / "talks.xlsx"
        file.parent.mkdir()
        file.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:

            def fail(
                *_: object, patch: pytest.MonkeyPatch = patch, file: Path = file, **__: object
            ) -> None:
                if theirs:
                    save_in_place(file, THEIRS)

                def refuse(*_: object, **__: object) -> None:
                    raise OSError(errno.EIO, "the cable was pulled")

                for name in ("fsync", "replace", "rename", "link", "unlink", "mkdir", "utime"):
                    patch.setattr(os, name, refuse)
                patch.setattr(store, "exchange", refuse)

            at_step(step, fail, patch.setattr)
            problem_of(lambda file=file: save(file, lambda _: NEW, patience=0.02, attempts=1))  # type: ignore[misc]
        assert file.read_bytes() in (OLD, NEW, THEIRS)
        # What could not even be put into the backups then is found and put there the next time.
        save(file, lambda _: version("next"))
        accounted(file, [THEIRS] if theirs else [OLD])
        assert left_behind(file.parent) == []


def test_an_interrupt_at_any_step_loses_nothing(tmp_path: Path, steps: int) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    for step in range(1, steps + 1):
        file = tmp_path / str(step) / "talks.xlsx"
        file.parent.mkdir()
        file.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            at_step(step, interrupt, patch.setattr)
            with contextlib.suppress(KeyboardInterrupt):
                save(file, lambda _: NEW)
        whole_after_a_refusal(file)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@as_root
@pytest.mark.skipif(sys.platform != "linux", reason="needs tmpfs")
def test_a_disk_that_really_fills_up(small_disk: Path) -> None:
    """100 kB of old and of new, with ever less free space: backup and file each run out of it."""
    old, new = version("old", 100_000), version("new", 100_000)
    told = 0
    for filled in range(600_000, 1_000_000, 16_384):
        (small_disk / "filler").write_bytes(bytes(filled))
        file = small_disk / "talks.xlsx"
        try:
            file.write_bytes(old)
        except OSError:
            break
        problem = problem_of(lambda file=file: save(file, lambda _: new))  # type: ignore[misc]
        if problem is not None:
            assert problem.kind is Trouble.DISK_FULL
            assert file.read_bytes() == old
            told += 1
        else:
            assert file.read_bytes() == new
            assert kept(file) == [old]
        assert left_behind(small_disk) == []
        subprocess.run(["rm", "-rf", *map(str, small_disk.iterdir())], check=True)
    assert told > 5


@as_root
@pytest.mark.skipif(sys.platform != "linux", reason="needs tmpfs")
def test_a_disk_that_is_read_only(small_disk: Path) -> None:
    file = small_disk / "talks.xlsx"
    file.write_bytes(OLD)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    refused(lambda: save(file, following), Trouble.READ_ONLY)
    assert os.listdir(small_disk) == ["talks.xlsx"]


def test_a_file_larger_than_the_system_lets_us_write(file: Path) -> None:
    """A limit on file sizes, in a process of its own: the write itself fails halfway."""
    code = """
        import resource, sys
        from mcda.workbook.disk.store import StoreProblem, save
        from tests.workbook.versions import version
        new = version("new", 200_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            save(sys.argv[1], lambda _: new)
        except StoreProblem as problem:
            print(problem.kind.name)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(file)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "TOO_LARGE"
    nothing_written(file)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000


def test_something_in_the_way_of_the_backups_is_told(file: Path) -> None:
    (file.parent / FOLDER).write_text("mine")
    assert FOLDER in refused(lambda: save(file, following), Trouble.FAILED)
    nothing_written(file)
    assert (file.parent / FOLDER).read_text() == "mine"


def test_a_name_as_long_as_the_disk_allows_is_fine(tmp_path: Path) -> None:
    file = tmp_path / ("x" * 250 + ".xlsx")
    file.write_bytes(OLD)
    save(file, lambda _: NEW)
    assert file.read_bytes() == NEW
    assert kept(file) == [OLD]


# -- putting an earlier version back


def test_an_earlier_version_does_not_go_over_one_that_came_meanwhile(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    like = file.with_name("like")
    file.rename(like)

    def raced(temporary: Path, target: Path) -> None:
        target.write_bytes(THEIRS)
        real(temporary, target)

    real = os.link
    monkeypatch.setattr(os, "link", raced)
    put_back(file, NEW, like)
    assert file.read_bytes() == NEW
    assert kept(file) == [THEIRS]
    refused(lambda: put_back(file.parent / "gone" / "x.xlsx", NEW, like), Trouble.VANISHED)


@pytest.mark.parametrize("there", [OLD, OLD[:50], b"", b"not a workbook"])
def test_an_earlier_version_goes_in_whatever_stands_there(file: Path, there: bytes) -> None:
    file.write_bytes(there)
    done = put_back(file, NEW, file)
    assert done.changed
    assert file.read_bytes() == NEW
    assert kept(file) == [there]


def test_an_earlier_version_goes_where_nothing_is(file: Path) -> None:
    file.chmod(0o640)
    save(file, lambda _: NEW)
    backup = save(file, lambda _: THEIRS).backup
    assert backup is not None
    file.unlink()
    done = put_back(file, backup.read_bytes(), backup)
    assert isinstance(done, Saved)
    assert done.changed
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert left_behind(file.parent) == []


def test_an_earlier_version_waits_for_whoever_has_the_file_open(file: Path) -> None:
    file.with_name("~$talks.xlsx").write_bytes(owner_file("Ana"))
    refused(lambda: put_back(file, NEW, file), Trouble.LOCKED)
    nothing_written(file)
    file.unlink()
    refused(lambda: put_back(file, NEW, file.parent), Trouble.LOCKED)
    assert not file.exists()
