"""`mcda sync` of a workbook that Excel has open: into the open book, the file as it is."""

import pytest

from mcda.canonical import inputs_sha256
from mcda.json_form import case_from_data
from mcda.workbook import file_sync, layout
from mcda.workbook.author import workbook_bytes
from mcda.workbook.cells import FORMULA, Book
from mcda.workbook.disk.store import StoreProblem, Trouble
from mcda.workbook.excel.adapter import find
from mcda.workbook.excel.live_book import Busy
from mcda.workbook.excel.memory_book import MemoryBook
from mcda.workbook.file_sync import sync
from mcda.workbook.guard import open_guarded
from tests.workbook import excel_twin as twin
from tests.workbook.books import edited
from tests.workbook.tiny_case import pier

NEW_WEIGHT = 7


def weight_cell(book):
    """The first weight on Weights, for openpyxl: below the header of that name."""
    sheet = book[layout.WEIGHTS]
    (header,) = (cell for cell in sheet[layout.HEADER_ROW + 1] if cell.value == "Weight")
    return sheet.cell(header.row + 1, header.column)


@pytest.fixture(scope="module")
def typed():
    """A workbook in which a weight was typed after it was stamped, as Excel would save it."""

    def type_in(book):
        weight_cell(book).value = NEW_WEIGHT

    return edited(workbook_bytes(case_from_data(pier()), room=1), type_in)


@pytest.fixture
def path(typed, tmp_path):
    file = tmp_path / "pier talks.xlsx"
    file.write_bytes(typed)
    return file


@pytest.fixture
def lock(path):
    """Excel's owner file: the user's name in two alphabets, each with its length."""
    user = "Zoë Ж"
    narrow = user.encode("cp1252", "replace")
    content = bytes([len(narrow)]) + narrow.ljust(54, b" ")
    content += bytes([len(user), 0]) + user.ljust(54).encode("utf-16-le")
    assert len(content) == 165
    file = path.with_name(f"~${path.name}")
    file.write_bytes(content)
    return file


@pytest.fixture
def untouched(path):
    """Return what the folder holds, to compare before and after."""

    def look():
        return {
            file.name: (file.read_bytes(), file.stat().st_mtime_ns)
            for file in path.parent.rglob("*")
            if file.is_file() and ".mcda-backups" not in file.parts
        }

    return look


def stamped(book):
    """The fingerprint that stands on the Stamp."""
    area = book.area(layout.STAMP_INPUTS)
    return book.read(area)[0][0]


def new_fingerprint():
    data = pier()
    data["parties"][0]["criteria"][0]["weight"] = NEW_WEIGHT
    return inputs_sha256(case_from_data(data))


def of_inputs(book):
    return {
        place: value
        for place, value in book.cells.items()
        if place[0] in (*layout.INPUT_SHEETS, layout.COVER, layout.RANKING)
    }


def test_the_results_go_into_the_open_book_and_the_file_stays(path, lock, typed, untouched):
    book = MemoryBook.from_workbook(typed, str(path))
    before, inputs = untouched(), of_inputs(book)
    assert stamped(book) != new_fingerprint()
    done = sync(path, attach=lambda file: book if file == path else None)
    assert untouched() == before
    assert of_inputs(book) == inputs
    assert stamped(book) == new_fingerprint()
    assert {block.sheet for block in book.written} == {layout.STAMP, layout.LOG}
    logged = [value for (sheet, _, _), value in book.cells.items() if sheet == layout.LOG]
    assert "Weights!C6" in logged
    assert "7" in logged
    assert done.saved is None
    assert done.live == len({tuple(block[:3]) for block in book.written})
    assert f"{path} is open in Excel: 1 input changed since the last sync." in str(done)
    assert done.to_dict()["written_in_excel"] == done.live

    again = sync(path, attach=lambda _: book)
    assert untouched() == before
    assert stamped(book) == new_fingerprint()
    assert "Save it in Excel" in str(again)

    # The user saves and closes it; what is left to write are cached results.
    def keep(saved):
        for block in book.written:
            for row, values in enumerate(block.rows, block.top + 1):
                for column, value in enumerate(values, block.left + 1):
                    cell = saved[block.sheet].cell(row, column)
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type = "s"

    path.write_bytes(edited(typed, keep))
    lock.unlink()
    closed = sync(path, attach=None)  # nothing is attached to
    assert (closed.count("stamp"), closed.count("log"), closed.count("input")) == (0, 0, 0)
    assert closed.count("result") > 0
    file = Book(open_guarded(path.read_bytes(), path.name))
    area = file.names[layout.STAMP_INPUTS.casefold()]
    assert file.cells(area.sheet).get(area.top, area.left) == new_fingerprint()


def test_the_same_through_the_adapter_of_excel(path, lock, untouched):
    running = twin.Excel()
    opened = twin.OpenBook.load(running, path)
    assert opened.sheets[layout.STAMP].protected
    before = untouched()
    inputs = {name: dict(opened.sheets[name].cells) for name in layout.INPUT_SHEETS}
    module = twin.module(running)
    done = sync(path, attach=lambda file: find(module, file, "win32"))
    assert done.live
    assert untouched() == before
    assert {name: opened.sheets[name].cells for name in layout.INPUT_SHEETS} == inputs
    assert stamped(find(module, path, "win32")) == new_fingerprint()
    for name, sheet in opened.sheets.items():
        assert (name in (layout.STAMP, layout.LOG)) == bool(sheet.history), name
        assert sheet.protected or name in layout.INPUT_SHEETS


def test_without_an_excel_to_attach_to_it_is_locked(path, lock, untouched):
    before = untouched()
    with pytest.raises(StoreProblem, match="open in Excel by Zoë Ж") as told:
        sync(path, attach=lambda _: None)
    assert told.value.kind is Trouble.LOCKED
    with pytest.raises(StoreProblem):
        sync(path)  # nor is there one here
    assert untouched() == before


@pytest.mark.parametrize("trouble", ["busy", "gone", "formula"])
def test_a_book_that_takes_nothing_leaves_all_as_it_was(path, lock, typed, untouched, trouble):
    book = MemoryBook.from_workbook(typed, str(path))
    before, cells = untouched(), dict(book.cells)
    book.gone = trouble == "gone"
    if trouble == "formula":
        fingerprint = book.area(layout.STAMP_INPUTS)
        cells[fingerprint.sheet, fingerprint.top, fingerprint.left] = FORMULA
        book.cells.update(cells)

    def attach(file):
        if trouble == "busy":
            raise Busy(f"{file}: Excel is busy. Press Enter or Esc in Excel.")
        return book

    with pytest.raises(StoreProblem) as told:
        sync(path, attach=attach)
    words = {"busy": "Excel is busy", "gone": "no longer open", "formula": "a formula stands"}
    assert words[trouble] in str(told.value)
    assert str(told.value).count(str(path)) == 1
    assert (untouched(), book.cells) == (before, cells)


def test_on_trial_the_open_book_is_left_alone(path, lock, typed, untouched):
    book = MemoryBook.from_workbook(typed, str(path))
    before = untouched()
    done = sync(path, dry_run=True, attach=lambda _: book)
    assert done.is_changed
    assert (book.written, untouched()) == ([], before)


def test_a_lock_that_comes_while_computing_is_seen(path, typed, untouched, monkeypatch):
    """The user opens the workbook just before the file would be replaced."""
    book = MemoryBook.from_workbook(typed, str(path))
    real = file_sync.synced

    def slow(data, name, **options):
        result = real(data, name, **options)
        path.with_name(f"~${path.name}").write_bytes(b"\x03Ana".ljust(165))
        return result

    monkeypatch.setattr(file_sync, "synced", slow)
    assert sync(path, attach=lambda _: book).live
    assert path.read_bytes() == typed


def test_nobody_attaches_to_a_workbook_that_is_closed(path):
    asked = []
    assert sync(path, attach=asked.append).saved.changed
    assert asked == []
