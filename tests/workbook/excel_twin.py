"""A twin of Excel behind the real xlwings: what `_xlwindows.py` and `_xlmac.py` would talk to.

The front of xlwings (its `main.py` and its conversions) runs as it is. Below it stands a model of
what Microsoft's reference says of Excel: what is assigned to a cell is taken as if it were typed,
locked cells of a protected sheet are refused unless only the interface is protected, and calls are
turned away while a cell is being edited. Whatever is not modelled fails loudly.
"""

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import xlwings
from openpyxl import load_workbook
from xlwings import base_classes
from xlwings.main import Apps, Book, Engine

EDITING = -2147418111
EDITING_ON_WRITE = -2146777998
CLOSED = -2147417848
REFUSED = -2146827284
EXCEPTION = -2147352567


ALL_ALLOWED = re.findall(
    r"\w+",
    "FormattingCells FormattingColumns FormattingRows InsertingColumns InsertingRows "
    "InsertingHyperlinks DeletingColumns DeletingRows Sorting Filtering UsingPivotTables",
)


class com_error(Exception):  # noqa: N801
    """As pywintypes raises it: number, text, details, argument."""

    def __init__(self, number, text="", inner=None):
        details = None if inner is None else (0, "Microsoft Excel", text, None, 0, inner)
        super().__init__(number, text, details, None)
        self.hresult = number


def attribute_error():
    """Raise what pywin32 raises when Excel turns a call away while an attribute is set."""
    code = "raise AttributeError(\"Property 'Range.Value' can not be set.\")"
    exec(code, {"__name__": "win32com.client.dynamic"})


class CommandError(Exception):
    """As appscript raises it."""

    def __init__(self, number):
        super().__init__(f"Command failed: {number}")
        self.errornumber = number


class Excel:
    """One running Excel. ``trouble`` is an exception that calls raise, so many times."""

    def __init__(self, pid=1):
        self.pid, self.open = pid, []
        self.trouble, self.times = None, 0
        self.status_bar, self.alerts, self.calls = None, [], []

    def answer(self, what=""):
        self.calls.append(what)
        if self.trouble is not None and self.times > 0:
            self.times -= 1
            if self.trouble is AttributeError:
                attribute_error()
            raise self.trouble

    def busy(self, times, number=EDITING):
        self.trouble, self.times = com_error(number, "Call was rejected by callee."), times


class OpenBook:
    """A book open in it: sheet → cells; a cell is text, number, bool, datetime or =formula."""

    def __init__(self, excel, full_name, sheets=("Stamp", "Log"), read_only=False):
        self.excel, self.full_name, self.read_only = excel, str(full_name), read_only
        self.saved, self.closed = True, False
        self.sheets = {name: OpenSheet(self, name) for name in sheets}
        self.names, self.source, self.copied = {}, None, b""
        excel.open.append(self)

    @classmethod
    def load(cls, excel, path):
        """Open a file of the disk, as openpyxl reads it."""
        source = Path(path).read_bytes()
        file = load_workbook(BytesIO(source))
        book = cls(excel, path, sheets=file.sheetnames)
        book.source = source
        book.names = {name: f"={found.attr_text}" for name, found in file.defined_names.items()}
        for sheet in file:
            opened = book.sheets[sheet.title]
            opened.protected = sheet.protection.sheet
            for row in sheet.iter_rows():
                for cell in row:
                    place = (cell.row, cell.column)
                    if not cell.protection.locked:
                        opened.unlocked.add(place)
                    if cell.number_format == "@":
                        opened.text_format.add(place)
                    if cell.value is not None:
                        computes = cell.data_type == "f"
                        value = Computed(str(cell.value)) if computes else cell.value
                        opened.cells[place] = float(value) if type(value) is int else value
        return book

    def as_it_stands(self):
        """What SaveCopyAs writes: the file with all that was changed since."""
        if self.source is None:
            return self.copied
        file = load_workbook(BytesIO(self.source))
        for name, opened in self.sheets.items():
            sheet = file[name]
            held = {
                (c.row, c.column) for row in sheet.iter_rows() for c in row if c.value is not None
            }
            for place in held | opened.cells.keys():
                value = opened.cells.get(place)
                if not isinstance(value, Computed):
                    cell = sheet.cell(*place)
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type = "s"
        stream = BytesIO()
        file.save(stream)
        return stream.getvalue()

    @property
    def name(self):
        return re.split(r"[/\\]", self.full_name)[-1]

    def answer(self, what=""):
        if self.closed:
            raise com_error(CLOSED, "The object invoked has disconnected from its clients.")
        self.excel.answer(what)


class OpenSheet:
    def __init__(self, book, name):
        self.book, self.name = book, name
        self.cells, self.prefixed, self.text_format, self.unlocked = {}, set(), set(), set()
        self.literal_apostrophes = False
        self.protected, self.interface_only, self.password = False, False, None
        self.allowed = {"FormattingColumns": True}
        self.history = []

    def put(self, row, column, value):
        """Take a value for a cell as if it were typed there."""
        place = (row, column)
        if self.protected and not self.interface_only and place not in self.unlocked:
            raise com_error(EXCEPTION, "The cell is on a protected sheet.", REFUSED)
        self.cells.pop(place, None)
        self.prefixed.discard(place)
        if value is None or value == "":
            return
        if isinstance(value, str):
            value = self.typed(place, value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            value = f"{value:g}" if place in self.text_format else float(value)
        self.cells[place] = value
        self.book.saved = False

    def typed(self, place, text):
        if text.startswith("'") and not (self.literal_apostrophes and place in self.text_format):
            self.prefixed.add(place)
            return text[1:]
        if place in self.text_format:
            return text
        if text.startswith("="):
            return Computed(text)
        if re.fullmatch(r"[+-]?\d+(\.\d+)?(e\d+)?", text, re.IGNORECASE):
            return float(text)
        if re.fullmatch(r"\d{1,2}[-/]\d{1,2}", text):
            day, month = map(int, re.split("[-/]", text))
            return datetime(2026, month, day)
        if text.upper() in ("TRUE", "FALSE"):
            return text.upper() == "TRUE"
        return Computed("=" + text) if text[0] in "+-@" else text

    def value(self, row, column):
        cell = self.cells.get((row, column))
        return 42.0 if isinstance(cell, Computed) else cell

    def formula(self, row, column):
        cell = self.cells.get((row, column))
        if isinstance(cell, Computed):
            return cell.formula
        return "" if cell is None else cell if isinstance(cell, str) else str(cell)


class Computed:
    def __init__(self, formula):
        self.formula = formula


# -- Below the front of xlwings: its base classes, as the platforms fill them.


class EngineImpl:
    name, type = "excel", "desktop"

    def prepare_xl_data_element(self, value, options):
        return "" if value is None else value

    def clean_value_data(self, data, dates, empty_as, numbers, errors):
        return [[empty_as if cell in ("", None) else cell for cell in row] for row in data]


class AppsImpl(base_classes.Apps):
    def __init__(self, excels):
        self.excels = excels

    def keys(self):
        return [excel.pid for excel in self.excels]

    def __iter__(self):
        return iter([AppImpl(excel) for excel in self.excels])


class AppImpl(base_classes.App):
    def __init__(self, excel):
        self.excel = excel

    @property
    def engine(self):
        return EngineImpl()

    @property
    def pid(self):
        return self.excel.pid

    @property
    def books(self):
        self.excel.answer("books")
        return BooksImpl(self.excel)

    @property
    def api(self):
        self.excel.answer("application")
        return SimpleNamespace(Ready=True)

    @property
    def status_bar(self):
        return self.excel.status_bar

    @status_bar.setter
    def status_bar(self, text):
        self.excel.answer("status bar")
        self.excel.status_bar = text

    def alert(self, prompt, title, buttons, mode, callback):
        self.excel.alerts.append(prompt)
        return "ok"


class BooksImpl(base_classes.Books):
    def __init__(self, excel):
        self.excel = excel

    def __iter__(self):
        return iter([BookImpl(book) for book in self.excel.open])

    def __call__(self, name):
        return BookImpl(next(book for book in self.excel.open if book.name == name))


class BookImpl(base_classes.Book):
    def __init__(self, open_book):
        self.open_book = open_book

    @property
    def api(self):
        self.open_book.answer("workbook")
        return WorkbookObject(self.open_book)

    @property
    def name(self):
        self.open_book.answer("name")
        return self.open_book.name

    @property
    def fullname(self):
        self.open_book.answer("name")
        if "://" in self.open_book.full_name:
            raise xlwings.XlwingsError("Couldn't find your local OneDrive file")
        return self.open_book.full_name

    @property
    def app(self):
        return AppImpl(self.open_book.excel)

    @property
    def sheets(self):
        return SheetsImpl(self.open_book)

    @property
    def names(self):
        return NamesImpl(self.open_book)


class WorkbookObject:
    """Excel's own Workbook; AppleScript's properties stand beside those of COM."""

    def __init__(self, book):
        self.FullName, self.ReadOnly, self.Saved = book.full_name, book.read_only, book.saved
        self.read_only, self.saved = Property(book.read_only), Property(book.saved)
        self.SaveCopyAs = lambda path: Path(path).write_bytes(book.as_it_stands())


class Property:
    def __init__(self, value):
        self.get = lambda: value


class NamesImpl(base_classes.Names):
    def __init__(self, open_book):
        self.open_book = open_book

    def contains(self, name):
        self.open_book.answer("names")
        return name in self.open_book.names

    def __call__(self, name):
        return SimpleNamespace(refers_to=self.open_book.names[name])


class SheetsImpl(base_classes.Sheets):
    def __init__(self, open_book):
        self.open_book = open_book

    def __call__(self, name):
        self.open_book.answer("sheets")
        if name not in self.open_book.sheets:
            raise com_error(-2147352565, "Invalid index.")
        return SheetImpl(self.open_book.sheets[name])


class SheetImpl(base_classes.Sheet):
    def __init__(self, sheet):
        self.sheet = sheet

    @property
    def name(self):
        return self.sheet.name

    @property
    def book(self):
        return BookImpl(self.sheet.book)

    @property
    def api(self):
        return WorksheetObject(self.sheet)

    def range(self, first, second=None):
        if isinstance(first, RangeImpl):
            top, left = first.top_edge, first.left_edge
            bottom, right = second.bottom_edge, second.right_edge
        else:
            (top, left), (bottom, right) = first, second or first
        return RangeImpl(self.sheet, top, left, bottom, right)


class WorksheetObject:
    """Excel's own Worksheet, with the words of COM and those of AppleScript."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.ProtectContents, self.ProtectionMode = sheet.protected, sheet.interface_only
        self.ProtectDrawingObjects, self.ProtectScenarios = False, False
        self.protect_contents = Property(sheet.protected)
        self.protection_mode = Property(sheet.interface_only)
        self.protect_drawing_objects = self.protect_scenarios = Property(False)
        allowed = {name: sheet.allowed.get(name, False) for name in ALL_ALLOWED}
        self.Protection = SimpleNamespace(**{f"Allow{name}": on for name, on in allowed.items()})
        self.protection_object = SimpleNamespace(
            **{f"allow_{mac_name(name)}": Property(on) for name, on in allowed.items()}
        )

    def Protect(self, *, DrawingObjects, Contents, Scenarios, UserInterfaceOnly, **allowed):  # noqa: N802, N803
        self.again(Contents, UserInterfaceOnly, {key[5:]: on for key, on in allowed.items()})

    def protect_worksheet(
        self, *, drawing_objects, worksheet_contents, scenarios, user_interface_only, **allowed
    ):
        back = {f"allow_{mac_name(name)}": name for name in ALL_ALLOWED}
        allowed = {back[key]: on for key, on in allowed.items()}
        self.again(worksheet_contents, user_interface_only, allowed)

    def again(self, contents, interface_only, allowed):
        if self.sheet.password is not None:
            raise com_error(EXCEPTION, "The password is not correct.", REFUSED)
        assert set(allowed) == set(ALL_ALLOWED)
        self.sheet.protected, self.sheet.interface_only = contents, interface_only
        self.sheet.allowed = {name: True for name, on in allowed.items() if on}
        self.sheet.history.append("protected")


def mac_name(name):
    spaced = re.sub("([A-Z])", r"_\1", name).lower().strip("_")
    return "using_pivot_table" if spaced == "using_pivot_tables" else spaced


class RangeImpl(base_classes.Range):
    max_cells_per_read = max_cells_per_write = None

    def __init__(self, sheet, top, left, bottom, right):
        self.open_sheet = sheet
        self.top_edge, self.left_edge, self.bottom_edge, self.right_edge = top, left, bottom, right

    @property
    def api(self):
        return object()

    @property
    def sheet(self):
        return SheetImpl(self.open_sheet)

    @property
    def row(self):
        return self.top_edge

    @property
    def column(self):
        return self.left_edge

    @property
    def shape(self):
        return self.bottom_edge - self.top_edge + 1, self.right_edge - self.left_edge + 1

    def __call__(self, row, column):
        top, left = self.top_edge + row - 1, self.left_edge + column - 1
        return RangeImpl(self.open_sheet, top, left, top, left)

    def of_cells(self, what):
        """One cell as it is, several as rows, as COM does."""
        rows = tuple(
            tuple(what(row, column) for column in range(self.left_edge, self.right_edge + 1))
            for row in range(self.top_edge, self.bottom_edge + 1)
        )
        return rows[0][0] if self.shape == (1, 1) else rows

    @property
    def raw_value(self):
        self.open_sheet.book.answer("read")
        return self.of_cells(self.open_sheet.value)

    @raw_value.setter
    def raw_value(self, rows):
        self.open_sheet.book.answer("write")
        if not isinstance(rows, list):
            rows = [[rows]]
        assert (len(rows), len(rows[0])) == self.shape
        for row, cells in enumerate(rows, self.top_edge):
            for column, value in enumerate(cells, self.left_edge):
                self.open_sheet.put(row, column, value)
        self.open_sheet.history.append(((self.top_edge, self.left_edge), self.shape))

    @property
    def number_format(self):
        raise NotImplementedError

    @number_format.setter
    def number_format(self, code):
        self.open_sheet.book.answer("format")
        assert (code, self.shape) == ("General", (1, 1))
        self.open_sheet.text_format.discard((self.top_edge, self.left_edge))

    @property
    def formula(self):
        self.open_sheet.book.answer("read")
        return self.of_cells(self.open_sheet.formula)


def module(*excels, caller=None):
    """Return what `import xlwings` would give beside these running Excels."""
    return SimpleNamespace(
        apps=Apps(impl=AppsImpl(excels)),
        engines=[Engine(impl=EngineImpl())],
        XlwingsError=xlwings.XlwingsError,
        Book=SimpleNamespace(caller=lambda: Book(impl=BookImpl(caller))),
    )
