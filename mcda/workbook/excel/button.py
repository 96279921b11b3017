"""What the *Run main* button of the xlwings add-in does: results into the workbook that is open."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from mcda.problems import CaseProblem
from mcda.workbook.disk.snapshots import StoreProblem, snapshot
from mcda.workbook.excel.adapter import ExcelBook, tame
from mcda.workbook.excel.live_book import LiveBookProblem, write_blocks


def run_main(xlwings: Any) -> None:
    """Compute the case in the workbook whose button was pressed, and write the results into it.

    What is wrong is told in a message box, what was done in the status bar. Inputs are read from
    the book as it stands; where Excel gives no copy of that (macOS), from the file as last saved,
    and said so. The book is neither saved nor closed.
    """
    tame(xlwings)
    book = ExcelBook(xlwings, xlwings.Book.caller())
    try:
        book.show(sync_open(book))
    except (CaseProblem, LiveBookProblem, StoreProblem) as problem:
        book.alert(str(problem))


def sync_open(book: ExcelBook) -> str:
    """Write the results into an open book, and say in a line what was done.

    Raises:
        CaseProblem: the inputs are no case.
        StoreProblem: the file cannot be read.
        LiveBookProblem: the book takes no results now.
    """
    from mcda.workbook.sync import synced

    data = book.copy()
    behind = data is None and book.has_unsaved_changes()
    if data is None:
        data = snapshot(book.path).data
    when = datetime.now().isoformat(" ", "minutes")
    result = synced(data, Path(book.path).name, when=when)
    written = write_blocks(book, result.blocks)
    done = "the results are written" if written else "the results were up to date"
    if behind:
        return f"mcda: {done}, from the inputs as last saved; save the workbook and run again."
    return f"mcda: {done}." + (" Save the workbook to keep them." if written else "")
