"""The adapter of xlwings, tried on the real front of xlwings above a twin of Excel.

There is no Excel here: what the twin does is what Microsoft's reference and the sources of xlwings
say, and nothing of this was tried in the program itself.
"""

import random
import subprocess
import sys
from datetime import date, datetime

import pytest

from mcda.workbook import layout
from mcda.workbook.cells import FORMULA
from mcda.workbook.excel.adapter import ExcelBook, find, is_file
from mcda.workbook.excel.live_book import Busy, Gone, LiveBlock, Refused, write_blocks
from tests.workbook import excel_twin as twin

PLATFORMS = ("win32", "darwin")


@pytest.fixture(params=PLATFORMS)
def platform(request):
    return request.param


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "talks.xlsx"
    file.write_bytes(b"PK: as saved")
    return file


@pytest.fixture
def running():
    return twin.Excel()


@pytest.fixture
def opened(running, path):
    return twin.OpenBook(running, path)


@pytest.fixture
def book(opened, running, path, platform):
    return find(twin.module(running), path, platform)


STAMP = layout.Block("Stamp", 1, 1, 3, 2)
ROWS = [["a", 1], [None, True], [2.5, "b"]]


def cells_of(opened, sheet="Stamp"):
    """What stands in the twin's sheet, zero-based."""
    return {(r - 1, c - 1): value for (r, c), value in opened.sheets[sheet].cells.items()}


# -- Attaching


def test_without_excel_there_is_nothing_to_attach_to_and_xlwings_is_not_even_imported(tmp_path):
    code = (
        "import sys; from mcda.workbook.excel.adapter import attach\n"
        f"assert attach({str(tmp_path / 'talks.xlsx')!r}) is None\n"
        "assert 'xlwings' not in sys.modules"
    )
    assert sys.platform not in PLATFORMS
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_book_is_found_among_all_that_are_open(tmp_path, path, platform):
    first, second = twin.Excel(1), twin.Excel(2)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "talks.xlsx").write_bytes(b"another of the same name")
    twin.OpenBook(first, tmp_path / "other" / "talks.xlsx")
    twin.OpenBook(first, "Book1")
    twin.OpenBook(first, tmp_path / "gone.xlsx")
    ours = twin.OpenBook(second, path)
    found = find(twin.module(first, second), path, platform)
    assert found.path == str(path)
    found.write(LiveBlock("Stamp", 0, 0, [["here"]]))
    assert cells_of(ours) == {(0, 0): "here"}


def test_a_link_to_the_file_and_the_file_are_one_book(opened, running, path, tmp_path, platform):
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    assert find(twin.module(running), link, platform) is not None


def test_no_book_open_is_none(running, path, platform):
    assert find(twin.module(running), path, platform) is None
    assert find(twin.module(), path, platform) is None


def test_a_book_that_excel_may_not_save_is_left_alone(running, path, platform):
    twin.OpenBook(running, path, read_only=True)
    assert find(twin.module(running), path, platform) is None
    second = twin.Excel(2)
    twin.OpenBook(second, path)
    assert find(twin.module(running, second), path, platform) is not None


def test_an_excel_that_does_not_answer_does_not_hide_another(opened, running, path, platform):
    deaf = twin.Excel(7)
    deaf.busy(100)
    assert find(twin.module(deaf, running), path, platform) is not None
    with pytest.raises(Busy, match="typing in a cell"):
        find(twin.module(deaf), path, platform)


def test_a_book_that_is_being_closed_does_not_hide_another(running, path, platform):
    twin.OpenBook(running, "/somewhere/closing.xlsx").closed = True
    twin.OpenBook(running, path)
    assert find(twin.module(running), path, platform) is not None


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://d.docs.live.net/0123abc/Talks/my%20talks.xlsx", True),
        ("https://acme-my.sharepoint.com/personal/a_b/Documents/talks/My Talks.xlsx", True),
        ("https://d.docs.live.net/0123abc/Older/my%20talks.xlsx", False),
        ("https://d.docs.live.net/0123abc/my%20talks.xlsx", False),
    ],
)
def test_an_address_on_the_web_is_the_file_below_the_synchronised_folder(
    address, found, tmp_path, monkeypatch
):
    file = tmp_path / "Talks" / "my talks.xlsx"
    assert not is_file(address, file)
    monkeypatch.setenv("OneDrive", str(tmp_path))
    assert is_file(address, file) is found
    monkeypatch.setenv("OneDrive", str(tmp_path / "elsewhere"))
    assert not is_file(address, file)


def test_xlwings_loses_its_habits_of_asking_for_ever_and_of_killing_excels():
    code = """if True:
        import atexit, types
        from mcda.workbook.excel.adapter import load_xlwings, tame
        def cleanup():
            print("killed")
        atexit.register(cleanup)
        platform = types.SimpleNamespace(cleanup=cleanup, N_COM_ATTEMPTS=0)
        tame(types.SimpleNamespace(_xlwindows=platform))
        assert platform.N_COM_ATTEMPTS == 1
        assert load_xlwings() is None  # it is installed, and has no engine for Excel here
    """
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == ""


# -- Reading and writing


@pytest.mark.parametrize(
    ("rows"),
    [[["one cell"]], [[1, 2, 3]], [[1], [2], [3]], ROWS],
    ids=["cell", "row", "column", "rectangle"],
)
def test_every_shape_is_written_in_one_assignment_and_read_back(book, opened, rows):
    block = LiveBlock("Stamp", 4, 2, rows)
    book.write(block)
    assert opened.sheets["Stamp"].history == [((5, 3), (len(rows), len(rows[0])))]
    assert book.read(block.area) == rows


@pytest.mark.parametrize(
    "text",
    ["=A1+1", "+1", "-", "-5 points", "@SUM", "'quoted'", "''", "007", "1-2", "3/4", "1e5", "TRUE",
     "#N/A", " ", "plain", "two\nlines", "¿qué?", "'"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["general", "text", "text that keeps apostrophes"])
def test_text_arrives_as_text(book, opened, text, form):
    sheet = opened.sheets["Stamp"]
    if form != "general":
        sheet.text_format = {(2, 2)}
        sheet.literal_apostrophes = form != "text"
    block = LiveBlock("Stamp", 1, 1, [[text, text]])
    book.write(block)
    assert cells_of(opened) == {(1, 1): text, (1, 2): text}
    assert book.read(block.area) == [[text, text]]
    assert write_blocks(book, [block]) == 0


def test_without_an_apostrophe_the_twin_would_compute_and_convert(opened):
    """The twin can tell: the test above is no test of nothing."""
    sheet = opened.sheets["Stamp"]
    for row, text in enumerate(["=A1+1", "007", "1-2", "TRUE", "-5 points"], 1):
        sheet.put(row, 1, text)
        assert sheet.cells[row, 1] != text


def test_a_number_arrives_as_a_number_where_a_cell_would_make_text_of_it(book, opened):
    opened.sheets["Stamp"].text_format = {(2, 2)}
    block = LiveBlock("Stamp", 1, 1, [[30, 0.5], [True, "30"]])
    assert write_blocks(book, [block]) == 1
    assert cells_of(opened) == {(1, 1): 30.0, (1, 2): 0.5, (2, 1): True, (2, 2): "30"}


def test_dates_blanks_and_truth_arrive_as_such(book, opened):
    block = LiveBlock("Stamp", 0, 0, [[date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)], [None, ""]])
    book.write(LiveBlock("Stamp", 1, 0, [["old", "old"]]))
    assert write_blocks(book, [block]) == 1
    assert cells_of(opened) == {
        (0, 0): datetime(2026, 3, 1),
        (0, 1): datetime(2026, 3, 1, 9, 30),
    }
    book.write(LiveBlock("Stamp", 0, 0, [[True, False]]))
    assert book.read(layout.Block("Stamp", 0, 0, 0, 1)) == [[True, False]]


def test_a_formula_is_told_from_text_that_looks_like_one(book, opened):
    opened.sheets["Stamp"].put(2, 2, "=A1")
    opened.sheets["Stamp"].put(2, 3, "'=A1")
    assert book.read(layout.Block("Stamp", 1, 1, 1, 2)) == [[FORMULA, "=A1"]]
    assert book.read(layout.Block("Stamp", 1, 1, 1, 1)) == [[FORMULA]]
    with pytest.raises(Refused, match="Stamp!B2: a formula"):
        write_blocks(book, [LiveBlock("Stamp", 0, 0, [[1, 2], [3, 4]])])


def test_a_defined_name_is_where_it_stands_in_the_open_book(book, opened):
    opened.names = {"Inputs_SHA256": "='Cover'!$B$9", "Broken": "=#REF!", "Sum": "=SUM(A1:A2)"}
    assert book.area("Inputs_SHA256") == layout.Block("Cover", 8, 1, 8, 1)
    assert [book.area(name) for name in ("Broken", "Sum", "Unknown")] == [None] * 3


# -- Protection


def test_a_protected_sheet_stays_protected_and_allows_what_it_allowed(book, opened):
    sheet = opened.sheets["Stamp"]
    sheet.protected = True
    sheet.allowed = {"FormattingRows": True, "UsingPivotTables": True}
    book.write(LiveBlock("Stamp", 1, 1, ROWS))
    book.write(LiveBlock("Stamp", 1, 1, ROWS))
    assert sheet.protected
    assert sheet.interface_only
    assert sheet.allowed == {"FormattingRows": True, "UsingPivotTables": True}
    assert sheet.history.count("protected") == 1
    assert opened.sheets["Log"].history == []


def test_a_sheet_with_a_password_is_refused_in_words(book, opened):
    opened.sheets["Stamp"].protected, opened.sheets["Stamp"].password = True, "secret"
    with pytest.raises(Refused, match=r"password is not correct.*unprotect it in Excel"):
        book.write(LiveBlock("Stamp", 1, 1, ROWS))
    assert cells_of(opened) == {}
    assert opened.sheets["Stamp"].protected


def test_an_unprotected_sheet_is_not_protected(book, opened):
    book.write(LiveBlock("Stamp", 1, 1, ROWS))
    assert not opened.sheets["Stamp"].protected


# -- Busy, gone, refused


@pytest.mark.parametrize(
    "trouble",
    [
        twin.com_error(twin.EDITING, "Call was rejected by callee."),
        twin.com_error(twin.EXCEPTION, "", twin.EDITING_ON_WRITE),
        twin.com_error(-2147417846, "The message filter indicated that the application is busy."),
        twin.com_error(twin.EDITING_ON_WRITE),
        twin.CommandError(-1712),
        AttributeError,
        type("ExcelBusyError", (Exception,), {})(),
    ],
    ids=["rejected", "editing", "later", "ignored", "AppleScript", "attribute", "ExcelBusyError"],
)
def test_a_busy_excel_is_asked_again(book, opened, running, trouble):
    running.trouble, running.times = trouble, 3
    assert book.is_busy() or book._on_mac
    running.times = 3
    assert book.is_there()
    waits = []
    assert write_blocks(book, [LiveBlock("Stamp", 1, 1, ROWS)], pause=waits.append) == 1
    assert len(waits) in (1, 2)  # one call of it was spent by is_there
    assert not book.is_busy()
    running.times = 10_000
    with pytest.raises(Busy, match=r"talks.xlsx: Excel is busy"):
        write_blocks(book, [LiveBlock("Stamp", 1, 1, [["new"]])], pause=waits.append)


def test_whenever_excel_turns_a_call_away_nothing_is_half_and_fresh(opened, running, path):
    """Busy at any one moment, once or for ever: all is written, or the fingerprint is blank."""
    opened.names = {layout.STAMP_INPUTS: "=Stamp!$A$1"}
    book = find(twin.module(running), path, "win32")
    dice = random.Random(5)
    for round_number in range(60):
        seal = LiveBlock("Stamp", 0, 0, [[f"inputs {round_number}"]])
        values = LiveBlock("Stamp", 5, 0, [[dice.random(), f"={round_number}"]])
        running.calls.clear()
        running.trouble, running.times = None, 0
        answer, count, last = running.answer, [0], dice.randrange(60)
        for_ever = dice.random() < 0.5

        def later(what="", count=count, last=last, answer=answer, for_ever=for_ever):
            count[0] += 1
            if count[0] == last:
                running.busy(10_000 if for_ever else 1)
            answer(what)

        running.answer = later
        try:
            write_blocks(book, [seal, values], tries=3, pause=lambda _: None)
        except Busy:
            del running.answer
            running.times = 0
            stands = book.read(values.area) == [list(values.rows[0])]
            fresh = book.read(seal.area)[0][0]
            assert fresh in (None, f"inputs {round_number - 1}", seal.rows[0][0])
            assert fresh is None or stands == (fresh == seal.rows[0][0])
            running.times = 0
            write_blocks(book, [seal, values])
        else:
            del running.answer
            running.times = 0
        assert book.read(values.area) == [list(values.rows[0])]
        assert book.read(seal.area) == [list(seal.rows[0])]


def test_a_closed_book_is_gone(book, opened, platform):
    opened.closed = True
    assert not book.is_there()
    for call in (
        lambda: book.read(STAMP),
        lambda: book.write(LiveBlock("Stamp", 1, 1, ROWS)),
        lambda: book.area("Inputs_SHA256"),
        book.has_unsaved_changes,
        book.copy if platform == "win32" else book.has_unsaved_changes,
    ):
        with pytest.raises(Gone, match="no longer open in Excel"):
            call()


def test_a_book_saved_under_another_name_is_another_book(opened, running, path, tmp_path):
    """On Windows; on the Mac a book is asked for by its name, and is gone with it."""
    book = find(twin.module(running), path, "win32")
    opened.full_name = str(tmp_path / "copy.xlsx")
    assert not book.is_there()
    with pytest.raises(Gone, match="saved under another name"):
        book.write(LiveBlock("Stamp", 1, 1, ROWS))
    assert cells_of(opened) == {}


def test_on_the_mac_an_excel_that_ended_is_not_asked(opened, running, path):
    """Asking would start it again."""
    excels = [running]
    module = twin.module(*excels)
    book = find(module, path, "darwin")
    module.apps.impl.excels = ()
    running.calls.clear()
    assert not book.is_there()
    with pytest.raises(Gone):
        book.write(LiveBlock("Stamp", 1, 1, ROWS))
    assert running.calls == []


def test_a_sheet_that_was_renamed_is_refused_in_words(book, opened):
    opened.sheets = {"My stamp": opened.sheets["Stamp"]}
    with pytest.raises(Refused, match="has a new name, save first"):
        write_blocks(book, [LiveBlock("Stamp", 1, 1, ROWS)])


@pytest.mark.parametrize("mistake", [ZeroDivisionError, AttributeError, KeyError, TypeError])
def test_a_mistake_of_ours_is_not_taken_for_excels(opened, running, path, mistake):
    running.trouble, running.times = mistake("ours"), 1
    with pytest.raises(mistake):
        find(twin.module(running), path, "win32")


def test_the_adapter_never_opens_saves_or_closes(book, opened, path, running):
    """The twin has none of these; what is not modelled raises NotImplementedError."""
    before = path.read_bytes()
    write_blocks(book, [LiveBlock("Stamp", 1, 1, ROWS)])
    assert book.has_unsaved_changes()
    assert path.read_bytes() == before
    with pytest.raises(NotImplementedError):
        book.book.save()


def test_a_copy_of_the_open_book_leaves_it_and_its_file_alone(book, opened, path, platform):
    opened.copied, opened.saved = b"PK: with unsaved changes", False
    assert book.copy() == (b"PK: with unsaved changes" if platform == "win32" else None)
    assert path.read_bytes() == b"PK: as saved"
    assert book.has_unsaved_changes()


def test_a_book_belongs_to_the_protocol(opened, running, path, platform):
    from mcda.workbook.excel.live_book import LiveBook

    wanted = {name for name in vars(LiveBook) if not name.startswith("_")}
    assert wanted == {
        "path", "is_busy", "is_there", "has_unsaved_changes", "area", "read", "write",
    }  # fmt: skip
    assert wanted <= set(dir(ExcelBook))
