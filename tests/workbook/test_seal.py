"""A set of results that was cut short: without its fingerprint the workbook itself says STALE."""

import pytest

from mcda.json_form import case_from_data
from mcda.workbook import layout
from mcda.workbook.author import create
from mcda.workbook.cells import Book
from mcda.workbook.excel.live_book import LiveBlock, write_blocks
from mcda.workbook.excel.memory_book import MemoryBook
from mcda.workbook.formulas.recalculate import recalculated
from mcda.workbook.guard import open_guarded
from tests.office import Office
from tests.workbook.tiny_case import pier


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    made = tmp_path_factory.mktemp("seal") / "pier.xlsx"
    create(case_from_data(pier()), made, room=1)
    return made


def place(data, name):
    area = Book(open_guarded(data, "pier.xlsx")).names[name.casefold()]
    return area.sheet, area.top, area.left


def test_a_fingerprint_that_was_emptied_reads_as_stale_and_as_fresh_when_it_is_back(path):
    data = path.read_bytes()
    fingerprint, state = place(data, layout.STAMP_INPUTS), place(data, layout.STAMP_STATES)
    told = {
        text: recalculated(data, "pier.xlsx", {fingerprint: text} if text != "as it is" else {})
        for text in ("as it is", None)
    }
    assert (told["as it is"][state], told[None][state]) == (layout.FRESH, layout.STALE)


@pytest.mark.office
def test_the_same_in_an_office_program(office: Office, path):
    with office.open(path) as book:
        sheet, row, column = place(path.read_bytes(), layout.STAMP_INPUTS)

        def state():
            return book.read_name(layout.STAMP_STATES)[0][0]

        assert state() == layout.FRESH
        whole = book.read_name(layout.STAMP_INPUTS)[0][0]
        book.unprotect(sheet)
        book.write(sheet, row, column, None)
        assert state() == layout.STALE
        book.write(sheet, row, column, whole)
        assert state() == layout.FRESH


def test_the_seal_is_the_cell_that_the_workbook_looks_at(path):
    book = MemoryBook.from_workbook(path.read_bytes(), str(path))
    fingerprint = book.area(layout.STAMP_INPUTS)
    blocks = [
        LiveBlock(fingerprint.sheet, fingerprint.top, fingerprint.left, [["new"]]),
        LiveBlock(fingerprint.sheet, 200, 0, [["a result"]]),
    ]
    write_blocks(book, blocks)
    assert book.written == [blocks[0].emptied, blocks[1], blocks[0]]
