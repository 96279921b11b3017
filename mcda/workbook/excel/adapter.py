"""The workbook that is open in Excel, through xlwings: the one file that knows Excel's program.

It attaches to a book that is open already, and never opens, saves or closes one, nor starts or
quits Excel. Windows speaks COM, macOS AppleScript; elsewhere there is no Excel to attach to. Only
the BSD-licensed part of xlwings is used. What it leans on was read in the sources of xlwings 0.37
and in Microsoft's reference of Excel's objects; it was not tried in a real Excel.
"""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlsplit

from mcda.workbook import layout
from mcda.workbook.cells import FORMULA, parse_area
from mcda.workbook.excel.live_book import (
    Busy,
    Gone,
    LiveBlock,
    LiveBook,
    LiveBookProblem,
    Refused,
    Seen,
)

PLATFORMS = ("win32", "darwin")

_EXCEPTION = -2147352567  # DISP_E_EXCEPTION: what happened stands in the second code
_BUSY = {
    -2147418111,  # RPC_E_CALL_REJECTED
    -2147417846,  # RPC_E_SERVERCALL_RETRYLATER
    -2147417845,  # RPC_E_SERVERCALL_REJECTED
    -2146777998,  # VBA_E_IGNORE, 0x800AC472: a cell is being edited
    -1712,  # errAETimeout
}
_GONE = {
    -2147417848,  # RPC_E_DISCONNECTED
    -2147418105,  # RPC_E_SERVER_DIED
    -2147418094,  # RPC_E_SERVER_DIED_DNE
    -2147023174,  # RPC_S_SERVER_UNAVAILABLE
    -2147023170,  # RPC_S_CALL_FAILED
    -2147220995,  # CO_E_OBJNOTCONNECTED
    -2146827864,  # object required: the book was closed
    -600,  # procNotFound
    -609,  # connectionInvalid
    -1728,  # errAENoSuchObject
}
_ALLOWED = (
    "FormattingCells", "FormattingColumns", "FormattingRows", "InsertingColumns", "InsertingRows",
    "InsertingHyperlinks", "DeletingColumns", "DeletingRows", "Sorting", "Filtering",
)  # fmt: skip
"""What a protected sheet may allow all the same; pivot tables besides, which the Mac spells
otherwise."""


def attach(path: str | Path) -> LiveBook | None:
    """Return the workbook as it is open in Excel on this computer; None where it is not.

    None, too, for a book that Excel holds read-only or in Protected View, since nothing written
    there could be saved. The book belongs to the thread that attached to it.

    Raises:
        Busy: it was not found, and an Excel did not answer because somebody is typing in a cell.
    """
    if sys.platform not in PLATFORMS:
        return None
    xlwings = load_xlwings()
    return None if xlwings is None else find(xlwings, Path(path).absolute())


def load_xlwings() -> Any:
    """Import xlwings and take two habits from it; None where it cannot be used.

    While a cell is being edited it would call Excel again without end or pause. And when Python
    ends it would kill every Excel process that shows no workbook window to it, or run a macro in
    every book (``cleanup`` in ``_xlwindows.py`` and ``_xlmac.py``).
    """
    try:
        import xlwings
    except ImportError:
        return None
    tame(xlwings)
    return xlwings if any(engine.name == "excel" for engine in xlwings.engines) else None


def tame(xlwings: Any) -> None:
    """Take those two habits from an xlwings that was imported elsewhere."""
    for name in ("_xlwindows", "_xlmac"):
        platform: ModuleType | None = getattr(xlwings, name, None)
        if platform is not None:
            atexit.unregister(platform.cleanup)
            platform.N_COM_ATTEMPTS = 1  # type: ignore[attr-defined]


def find(xlwings: Any, path: Path, platform: str = sys.platform) -> ExcelBook | None:
    """Return the book of that file among all that are open, in every running Excel.

    Raises:
        Busy: it was not found, and an Excel did not answer.
    """
    busy: Busy | None = None
    with _words(str(path)):
        for app in xlwings.apps:
            try:
                with _words(str(path)):
                    for book in app.books:
                        found = _book_of(xlwings, book, path, platform)
                        if found is not None:
                            return found
            except Busy as problem:  # the book may be in another Excel
                busy = problem
            except Gone:  # it was just closed
                continue
    if busy is not None:
        raise busy
    return None


def _book_of(xlwings: Any, book: Any, path: Path, platform: str) -> ExcelBook | None:
    try:
        found = ExcelBook(xlwings, book, platform)
        return found if is_file(found.path, path) and not found.is_read_only() else None
    except (Gone, Refused):  # it was just closed, or its address on the web leads to no file
        return None


def is_file(name: str, path: Path) -> bool:
    """Say whether the name under which Excel knows a book is that file.

    A file of OneDrive may have an address on the web for a name. It is the file when the path
    below the folder that is synchronised is how the address ends.
    """
    if "://" not in name:
        if not os.path.isabs(name):  # never saved
            return False
        try:
            return os.path.samefile(name, path)
        except OSError:
            return os.path.normcase(os.path.abspath(name)) == os.path.normcase(path)
    address = PurePosixPath(unquote(urlsplit(name).path)).parts
    for variable in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"):
        root = os.environ.get(variable)
        if root and path.is_relative_to(root):
            below = path.relative_to(root).parts
            return [part.casefold() for part in address[-len(below) :]] == [
                part.casefold() for part in below
            ]
    return False


class ExcelBook:
    """A book that is open in Excel, as a :class:`~mcda.workbook.excel.live_book.LiveBook`.

    Args:
        xlwings: The module.
        book: A book of it.
        platform: As ``sys.platform`` says.

    Raises:
        Busy: Excel did not answer.
    """

    def __init__(self, xlwings: Any, book: Any, platform: str = sys.platform) -> None:
        self._xlwings = xlwings
        self._on_mac = platform == "darwin"
        with _words("This workbook"):
            # On macOS a book is known by its number among the open ones, which changes.
            self.book = book.app.books[book.name] if self._on_mac else book
            self._path = self._name()

    @property
    def path(self) -> str:
        """The file, or its address on the web, as it was when attached."""
        return self._path

    def is_busy(self) -> bool:
        """Say whether Excel turns a call away now."""
        try:
            with _words(self.path):
                return not self._on_mac and not self.book.app.api.Ready
        except Busy:
            return True
        except LiveBookProblem:
            return False

    def is_there(self) -> bool:
        """Say whether it is still open under its name; an Excel that is busy is there."""
        try:
            with self._at_work():
                return True
        except Gone:
            return False
        except LiveBookProblem:
            return True

    def is_read_only(self) -> bool:
        """Say whether Excel could not save it under its name."""
        with self._at_work():
            api = self.book.api
            return bool(api.read_only.get() if self._on_mac else api.ReadOnly)

    def has_unsaved_changes(self) -> bool:
        """Say whether it differs from its file."""
        with self._at_work():
            api = self.book.api
            return not (api.saved.get() if self._on_mac else api.Saved)

    def copy(self) -> bytes | None:
        """Return the book as it stands, unsaved changes included, by Excel's ``SaveCopyAs``.

        That writes a copy elsewhere and leaves the book and its file alone. None on macOS, where
        Excel would ask the user for leave to write there.
        """
        if self._on_mac:
            return None
        with self._at_work(), tempfile.TemporaryDirectory(prefix="mcda-") as folder:
            copy = Path(folder) / f"copy{PurePosixPath(self.path).suffix}"
            self.book.api.SaveCopyAs(str(copy))
            return copy.read_bytes()

    def area(self, name: str) -> layout.Block | None:
        """Return where a defined name stands now."""
        with self._at_work():
            if not self.book.names.contains(name):
                return None
            found = parse_area(self.book.names[name].refers_to)
        if found is None:
            return None
        return layout.Block(found.sheet, found.top, found.left, found.bottom, found.right)

    def read(self, area: layout.Block) -> list[list[Seen]]:
        """Return what stands in a rectangle; an error value reads as None."""
        with self._at_work():
            cells = self._range(area)
            values = cells.options(ndim=2).value
            formulas = _rows(cells.formula, len(values[0]))
        return [
            [
                FORMULA if _computes(formula, value) else value
                for value, formula in zip(row, written, strict=True)
            ]
            for row, written in zip(values, formulas, strict=True)
        ]

    def write(self, block: LiveBlock) -> None:
        """Write a rectangle in one assignment.

        Excel takes what it is given as if it were typed: ``=A1`` computes, ``1-2`` becomes a date,
        ``007`` a seven. So all text goes with an apostrophe before it, which says that text
        follows and is not part of it. What arrived otherwise all the same, because of the format
        that a cell has, is written again by itself.
        """
        with self._at_work():
            cells = self._range(block.area)
            self._let_programs_write(cells.sheet)
            cells.value = [[_typed(value) for value in row] for row in block.rows]
            seen = cells.options(ndim=2).value
            for row, values in enumerate(block.rows):
                for column, value in enumerate(values):
                    at = (block.top + row, block.left + column)
                    self._mend(layout.Block(block.sheet, *at, *at), value, seen[row][column])

    def _mend(self, cell: layout.Block, value: object, seen: object) -> None:
        """Write a cell again that takes all as text: the apostrophe stayed, or a number is text."""
        if isinstance(value, str) and value and seen == f"'{value}":
            self._range(cell).value = value
        elif isinstance(value, int | float) and isinstance(seen, str):
            self._range(cell).number_format = "General"
            self._range(cell).value = value

    def show(self, message: str) -> None:
        """Show a line in the status bar of Excel."""
        with self._at_work():
            self.book.app.status_bar = message

    def alert(self, message: str) -> None:
        """Show a message that the user has to close."""
        self.book.app.alert(message, "mcda", "ok", "critical")

    def _name(self) -> str:
        if self._on_mac:
            return str(self.book.fullname)
        # xlwings would look for the local file of a web address, and fail where it finds none.
        return str(self.book.api.FullName)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Make sure that it is the same book still, and put what Excel says into words."""
        with _words(self.path):
            # On macOS, asking a closed Excel would start it again (xlwings issue 1913).
            if self._on_mac and self.book.app.pid not in list(self._xlwings.apps.keys()):
                raise Gone(_gone(self.path))
            if self._name() != self.path:
                raise Gone(f"{self.path}: the workbook was saved under another name.")
            yield

    def _range(self, area: layout.Block) -> Any:
        sheet = self.book.sheets[area.sheet]
        return sheet.range((area.top + 1, area.left + 1), (area.bottom + 1, area.right + 1))

    def _let_programs_write(self, sheet: Any) -> None:
        """Keep a sheet protected against the user, and open it to programs until it is closed.

        Nothing stands unprotected even for a moment, and what protection allowed, it still allows.
        Excel demands the password where there is one, and the write is refused.
        """
        api = sheet.api
        if self._on_mac:
            if api.protect_contents.get() and not api.protection_mode.get():
                kept = api.protection_object
                names = [f"allow_{_spaced(what)}" for what in _ALLOWED]
                names.append("allow_using_pivot_table")
                api.protect_worksheet(
                    drawing_objects=api.protect_drawing_objects.get(),
                    worksheet_contents=True,
                    scenarios=api.protect_scenarios.get(),
                    user_interface_only=True,
                    **{name: getattr(kept, name).get() for name in names},
                )
        elif api.ProtectContents and not api.ProtectionMode:
            kept = api.Protection
            names = [f"Allow{what}" for what in (*_ALLOWED, "UsingPivotTables")]
            api.Protect(
                DrawingObjects=api.ProtectDrawingObjects,
                Contents=True,
                Scenarios=api.ProtectScenarios,
                UserInterfaceOnly=True,
                **{name: getattr(kept, name) for name in names},
            )


def _typed(value: object) -> object:
    """Return a value in the form that arrives as itself when Excel takes it as typed."""
    if isinstance(value, str):
        return f"'{value}" if value else None
    if type(value) is date:
        return datetime(value.year, value.month, value.day)
    return value


def _computes(formula: object, value: object) -> bool:
    """Say whether a cell computes: of text that looks like a formula, both are the same."""
    return isinstance(formula, str) and formula.startswith("=") and formula != value


def _rows(cells: object, width: int) -> list[list[object]]:
    """Give what xlwings returns for one cell, one row or several the same form."""
    flat: list[object] = []
    for row in cells if isinstance(cells, Sequence) and not isinstance(cells, str) else [cells]:
        flat.extend(row if isinstance(row, Sequence) and not isinstance(row, str) else [row])
    return [flat[start : start + width] for start in range(0, len(flat), width)]


def _spaced(name: str) -> str:
    """Write a name as AppleScript does.

    >>> _spaced("FormattingCells")
    'formatting_cells'
    """
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


def _gone(path: str) -> str:
    return f"{path}: the workbook is no longer open in Excel."


@contextmanager
def _words(path: str) -> Iterator[None]:
    """Turn the errors of COM, AppleScript and xlwings into this program's own."""
    try:
        yield
    except LiveBookProblem:
        raise
    except Exception as error:
        problem = _problem(error, path)
        if problem is None:
            raise
        raise problem from error


def _problem(error: Exception, path: str) -> LiveBookProblem | None:
    codes = _codes(error)
    if codes & _GONE:
        return Gone(_gone(path))
    if codes & _BUSY or _named(error, "ExcelBusyError") or _is_missing_attribute(error):
        return Busy(
            f"{path}: Excel is busy: somebody is typing in a cell, or a message stands open. "
            "Press Enter or Esc in Excel."
        )
    if codes or _named(error, "XlwingsError"):
        said = _said(error)
        return Refused(
            f"{path}: Excel did not take the results{said}. Where a sheet of results has a new "
            "name, save first; where it has a password, unprotect it in Excel. Then sync again."
        )
    return None


def _is_missing_attribute(error: Exception) -> bool:
    """Say whether pywin32 missed an attribute: it says so, too, when Excel turned the call away."""
    if not isinstance(error, AttributeError):
        return False
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return str(frame.f_globals.get("__name__")).startswith(("win32com.", "xlwings._xlwindows"))


def _named(error: Exception, name: str) -> bool:
    return any(kind.__name__ == name for kind in type(error).__mro__)


def _codes(error: Exception) -> set[int]:
    """Return the numbers of an error of COM (with the one inside it) or of AppleScript."""
    found = {getattr(error, name, None) for name in ("hresult", "errornumber")}
    details = error.args[2] if len(error.args) > 2 else None
    if isinstance(details, tuple) and len(details) > 5:
        found.add(details[5])
    return {code for code in found if isinstance(code, int) and code}


def _said(error: Exception) -> str:
    details = error.args[2] if len(error.args) > 2 else None
    text = details[2] if isinstance(details, tuple) and len(details) > 2 else None
    return f" (it says: {str(text).strip()})" if text else ""
