"""Results into an open book: only where they belong, never half and fresh, whatever it does."""

import random
from datetime import date, datetime

import pytest

from mcda.workbook import layout
from mcda.workbook.excel.live_book import Busy, Gone, LiveBlock, Refused, same, write_blocks
from mcda.workbook.excel.memory_book import MemoryBook

SEAL = LiveBlock(layout.STAMP, 0, 1, [["abc"]])
VALUES = LiveBlock(layout.STAMP, 10, 3, [[1.5, None], [2, "two"]])
LOG = LiveBlock(layout.LOG, 6, 0, [["now", "Weights!D7", "5", "6", "mcda"]])
BLOCKS = [SEAL, VALUES, LOG]


@pytest.fixture
def book():
    names = {"stamp_inputs": layout.Block(layout.STAMP, 0, 1, 0, 1)}
    cells = {(layout.STAMP, 0, 1): "old", (layout.STAMP, 10, 3): 1.0}
    return MemoryBook("talks.xlsx", cells, names)


class Clock:
    def __init__(self):
        self.waits = []

    def __call__(self, seconds):
        self.waits.append(seconds)


def held(book, block):
    return [
        [book.cells.get((block.sheet, block.top + r, block.left + c)) for c in range(len(row))]
        for r, row in enumerate(block.rows)
    ]


def test_blocks_are_written_the_log_first_and_the_seal_broken_first_and_set_last(book):
    assert write_blocks(book, BLOCKS) == 3
    assert book.written == [SEAL.emptied, LOG, VALUES, SEAL]
    for block in BLOCKS:
        assert held(book, block) == [list(row) for row in block.rows]


def test_without_a_fingerprint_the_last_block_off_the_log_is_the_seal(book):
    book.names.clear()
    write_blocks(book, [SEAL, LOG, VALUES])
    assert book.written == [VALUES.emptied, LOG, SEAL, VALUES]


def test_what_stands_there_is_not_written_again(book):
    write_blocks(book, BLOCKS)
    book.written.clear()
    book.unsaved = False
    assert write_blocks(book, BLOCKS) == 0
    assert (book.written, book.unsaved) == ([], False)
    assert write_blocks(book, []) == 0


def test_a_new_fingerprint_alone_is_one_write(book):
    write_blocks(book, BLOCKS)
    book.written.clear()
    assert write_blocks(book, [SEAL._replace(rows=[["def"]]), VALUES, LOG]) == 1
    assert len(book.written) == 1


@pytest.mark.parametrize("busy", [1, 5])
def test_a_busy_book_is_asked_again_with_growing_waits(book, busy):
    book.busy_calls = busy
    clock = Clock()
    assert write_blocks(book, BLOCKS, tries=8, wait=0.25, pause=clock) == 3
    assert clock.waits == [0.25 * 2**k for k in range(busy)]


def test_waits_stop_growing_at_five_seconds_and_there_are_so_many_tries(book):
    book.busy_calls = float("inf")
    clock = Clock()
    with pytest.raises(Busy, match="typing in a cell"):
        write_blocks(book, BLOCKS, tries=8, wait=0.25, pause=clock)
    assert clock.waits == [0.25, 0.5, 1, 2, 4, 5, 5]
    assert book.written == []


@pytest.mark.parametrize("stop", range(1, 5))
@pytest.mark.parametrize("end", ["gone", "busy"])
def test_a_set_that_is_cut_short_has_no_seal(book, stop, end):
    """Whichever write fails: nothing was changed, or the fingerprint is blank."""

    def cut(open_book):
        if len(open_book.written) == stop - 1:
            if end == "gone":
                open_book.gone = True
            else:
                open_book.busy_calls = float("inf")

    book.before_write = cut
    before = dict(book.cells)
    with pytest.raises((Gone, Busy)):
        write_blocks(book, BLOCKS, pause=Clock())
    sealed = book.cells.get((layout.STAMP, 0, 1))
    assert book.cells == before if stop == 1 else sealed is None
    book.gone, book.busy_calls, book.before_write = False, 0, None
    write_blocks(book, BLOCKS)  # and the next one mends it
    assert all(held(book, block) == [list(row) for row in block.rows] for block in BLOCKS)


def test_a_block_that_somebody_changes_meanwhile_is_written_again(book):
    def meddle(open_book):
        if len(open_book.written) == 3:  # the values stand; the seal comes next
            open_book.cells[layout.STAMP, 10, 3] = 99.0

    book.before_write = meddle
    write_blocks(book, BLOCKS)
    assert held(book, VALUES) == [[1.5, None], [2, "two"]]
    assert held(book, SEAL) == [["abc"]]
    assert SEAL.emptied in book.written[4:]


def test_a_book_that_never_rests_is_left_without_a_seal(book):
    def meddle(open_book):
        open_book.cells[layout.STAMP, 10, 3] = random.random()

    book.before_write = meddle
    with pytest.raises(Refused, match="STALE"):
        write_blocks(book, BLOCKS)
    assert held(book, SEAL) == [[None]]


@pytest.mark.parametrize("sheet", [*layout.INPUT_SHEETS, layout.COVER, layout.RANKING, "My notes"])
def test_nothing_is_written_where_people_type(book, sheet):
    before = dict(book.cells)
    with pytest.raises(Refused, match="results are not written here"):
        write_blocks(book, [VALUES, LiveBlock(sheet, 6, 3, [[5]]), SEAL])
    assert (book.cells, book.written) == (before, [])


def test_sheets_are_known_by_their_names_however_the_user_calls_them(book):
    """A renamed Stamp is written to, a renamed input sheet is not, whatever it is called."""
    book.names["stamp_inputs"] = layout.Block("Stempel", 0, 1, 0, 1)
    book.names["log_entries"] = layout.Block("Protokoll", 4, 0, 5, 4)
    book.names["weights_party"] = layout.Block("Checks", 4, 0, 20, 0)
    blocks = [block._replace(sheet="Stempel") for block in (SEAL, VALUES)]
    log = LOG._replace(sheet="Protokoll")
    assert write_blocks(book, [*blocks, log]) == 3
    assert book.written == [blocks[0].emptied, log, blocks[1], blocks[0]]
    with pytest.raises(Refused, match="results are not written here"):
        write_blocks(book, [LiveBlock("Checks", 6, 2, [[5]])])


def test_a_cell_of_ours_among_theirs_may_be_written_and_not_one_beside_it(book):
    book.names[layout.FINGERPRINT.casefold()] = layout.Block(layout.COVER, 9, 1, 9, 1)
    assert write_blocks(book, [LiveBlock(layout.COVER, 9, 1, [["f00"]])]) == 1
    for block in (
        LiveBlock(layout.COVER, 9, 2, [["f00"]]),
        LiveBlock(layout.COVER, 9, 1, [["f00", ""]]),
        LiveBlock(layout.COVER, 8, 1, [["f00"], ["f00"]]),
    ):
        with pytest.raises(Refused):
            write_blocks(book, [block])


def test_a_formula_is_never_written_over(book):
    from mcda.workbook.cells import FORMULA

    book.cells[layout.STAMP, 11, 4] = FORMULA
    with pytest.raises(Refused, match=r"Stamp!E12: a formula stands"):
        write_blocks(book, BLOCKS)
    assert book.written == []


@pytest.mark.parametrize(
    "rows",
    [[], [[]], [[1], [1, 2]], [[float("nan")]], [[float("inf")]], [["x" * 32_768]]],
    ids=["none", "empty", "ragged", "nan", "infinite", "too long"],
)
def test_what_no_block_can_be_is_refused(book, rows):
    with pytest.raises(Refused):
        write_blocks(book, [LiveBlock(layout.STAMP, 3, 3, rows), SEAL])
    with pytest.raises(Refused):
        write_blocks(book, [VALUES._replace(top=-1)])
    assert book.written == []


@pytest.mark.parametrize(
    ("wanted", "seen", "arrived"),
    [
        (3, 3.0, True),
        (0.1, 0.1, True),
        (0, None, False),
        (0, False, False),
        (True, True, True),
        (True, 1.0, False),
        ("30", 30.0, False),
        ("a\r\nb", "a\nb", True),
        ("=A1", "=A1", True),
        ("", None, True),
        (None, "", True),
        (None, 0.0, False),
        (date(2026, 3, 1), datetime(2026, 3, 1), True),
        (date(2026, 3, 1), 46082.0, True),  # 1 March 2026 in the epoch of 1900
        (date(2026, 3, 1), 44620.0, True),  # the same in that of 1904
        (date(2026, 3, 1), 46083.0, False),
        (datetime(2026, 3, 1, 12), 46082.5, True),
    ],
)
def test_what_has_arrived_is_the_same(wanted, seen, arrived):
    assert same(wanted, seen) is arrived
