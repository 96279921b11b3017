"""Writing into workbooks of other programs, and judging by other means what became of them.

One trial takes a workbook, picks cells of one of its sheets by a seeded draw, has them set by the
program, and compares: bytes by :mod:`tests.workbook.untouched`, values by openpyxl and (where a
running one is given) by LibreOffice.
"""

from __future__ import annotations

import io
import random
import re
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from mcda.problems import CaseProblem
from mcda.workbook.layout import Block
from tests.office import Office, OfficeError
from tests.workbook import untouched
from tests.workbook.untouched import At, column_number, reference

NEW, OVER, OVER_FORMULAS = "new cells", "over values", "over formulas"
KINDS = (NEW, OVER, OVER_FORMULAS)
CELLS = 50
KEPT, REFUSED, LOST, NONE = "kept", "refused", "LOST", "none"

Value = str | float | bool
Set = Callable[[bytes, str, dict[At, Value], str], bytes]
"""Sets cells: the workbook, the sheet, the values by place, the file's name."""

TEXTS = (
    "text", " spaces at both ends ", "two\nlines", "=SUM(A1:A9)", '<b>&amp; "quoted"</b>',
    "déjà vu ½ 漢字 😀", "'apostrophe", "30", "TRUE", "#N/A", "a\ttab", "-", "+1", "@here",
)  # fmt: skip
NUMBERS = (0, 1, -1, 30, 0.1, 1 / 3, -2.5e-7, 1e15, 123456789.25, 1e300, 5e-324, 1e-300)


@dataclass(slots=True)
class Trial:
    """What became of one workbook in one kind of trial."""

    kind: str
    verdict: str = NONE
    why: list[str] = field(default_factory=list)
    sheet: str = ""
    values: dict[At, Value] = field(default_factory=dict)
    written: bytes = b""


@dataclass(slots=True)
class Sheet:
    """What the draw of cells needs to know of a sheet."""

    name: str
    values: list[At] = field(default_factory=list)
    formulas: list[At] = field(default_factory=list)
    used: set[At] = field(default_factory=set)
    blocked: list[tuple[int, int, int, int]] = field(default_factory=list)
    protected: bool = False

    def is_blocked(self, at: At) -> bool:
        """Say whether a place lies in a range that belongs together."""
        return any(
            top <= at[0] <= bottom and left <= at[1] <= right
            for top, left, bottom, right in self.blocked
        )


def values_for(places: Iterable[At], seed: int) -> dict[At, Value]:
    """Return a mixed value for every place."""
    draw = random.Random(seed)
    makers: list[Callable[[], Value]] = [
        lambda: draw.choice(NUMBERS),
        lambda: draw.uniform(-1e6, 1e6),
        lambda: draw.choice(TEXTS),
        lambda: "".join(draw.choices("abc äß<>&'\"", k=draw.randint(1, 40))),
        lambda: draw.random() < 0.5,
    ]
    return {at: draw.choice(makers)() for at in places}


def _range(text: str) -> tuple[int, int, int, int] | None:
    match = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?", text)
    if match is None:
        return None
    left, top, right, bottom = match.groups()
    return (
        int(top) - 1, column_number(left), int(bottom or top) - 1, column_number(right or left)
    )  # fmt: skip


def look(parts: dict[str, bytes], name: str, part: str) -> Sheet:
    """Return what a sheet holds, read with nothing of the program."""
    sheet, row, column = Sheet(name), -1, -1
    root = ElementTree.fromstring(parts[part])
    for element in root.iter():
        tag = untouched.local(element.tag)
        if tag == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif tag == "c":
            given = element.get("r")
            column = column + 1 if given is None else column_number(given.rstrip("0123456789"))
            _look_at_cell(sheet, element, (row, column))
        elif tag == "sheetProtection":
            sheet.protected = element.get("sheet", "0") not in ("0", "false")
        elif tag == "mergeCell":
            sheet.blocked.append(_range(element.get("ref", "")) or (0, 0, 0, 0))
    for kind, path in untouched.relations(parts, part).values():
        known = next((p for p in parts if p.casefold() == path.casefold()), None)
        if known is None or kind not in ("table", "pivotTable"):
            continue
        for element in ElementTree.fromstring(parts[known]).iter():
            if untouched.local(element.tag) in ("table", "location"):
                sheet.blocked.append(_range(element.get("ref", "")) or (0, 0, 0, 0))
    return sheet


def _look_at_cell(sheet: Sheet, cell: Any, at: At) -> None:
    children = {untouched.local(child.tag): child for child in cell}
    sheet.used.add(at)
    formula = children.get("f")
    if "cm" in cell.attrib or "vm" in cell.attrib:
        sheet.blocked.append((*at, *at))
    if formula is not None:
        sheet.formulas.append(at)
        if formula.get("t") in ("array", "dataTable"):
            sheet.blocked.append(_range(formula.get("ref", "")) or (*at, *at))
    elif "v" in children or "is" in children:
        sheet.values.append(at)


def choose_sheet(parts: dict[str, bytes], kind: str) -> Sheet | None:
    """Return the first sheet that is not protected and has what the trial needs."""
    sheets = [look(parts, name, part) for name, part in untouched.sheet_parts(parts).items()]
    sheets.sort(key=lambda sheet: sheet.protected)
    for sheet in sheets:
        if kind == NEW or (sheet.values if kind == OVER else sheet.formulas):
            return sheet
    return None


def choose_places(sheet: Sheet, kind: str, seed: int, cells: int = CELLS) -> list[At]:
    """Draw the places to be written, none in a range that belongs together."""
    draw = random.Random(seed)
    if kind != NEW:
        full = sheet.values if kind == OVER else sheet.formulas
        free = [at for at in full if not sheet.is_blocked(at)]
        return sorted(draw.sample(free, min(cells, len(free))))
    bottom = max((row for row, _ in sheet.used), default=0)
    right = max((column for _, column in sheet.used), default=0)
    places: set[At] = set()
    tries = 0
    while len(places) < cells:
        tries += 1
        at = draw.choice(
            (
                (draw.randint(0, bottom), draw.randint(0, right)),
                (draw.randint(0, bottom), right + draw.randint(1, 9)),
                (bottom + draw.randint(1, 30), draw.randint(0, right + 9)),
                (draw.randint(0, 5_000), draw.randint(0, 200)),
            )
        )
        at = (min(at[0], 1_048_575), min(at[1], 16_383))
        if at not in sheet.used and not sheet.is_blocked(at):
            places.add(at)
        assert tries < 100_000
    return sorted(places)


def with_patch(data: bytes, sheet: str, values: dict[At, Value], name: str) -> bytes:
    """Set cells with the program."""
    from mcda.workbook.patch import Edit, patch

    return patch(data, [Edit(sheet, *at, value) for at, value in values.items()], name)


def attempt(data: bytes, name: str, kind: str, *, set_cells: Set = with_patch) -> Trial:
    """Write into a workbook and compare the bytes."""
    trial = Trial(kind)
    seed = sum(name.encode()) + len(kind)
    try:
        parts = untouched.contents(data)
        sheet = choose_sheet(parts, kind)
    except Exception as problem:
        # The judge cannot read the file; then the program must refuse it, or leave it whole.
        trial.why.append(f"not read by the judge: {type(problem).__name__}: {problem}")
        sheet = Sheet("Sheet1")
    if sheet is None:
        return trial
    trial.sheet = sheet.name
    places = choose_places(sheet, kind, seed)
    if not places:
        return trial
    trial.values = values_for(places, seed)
    try:
        trial.written = set_cells(data, sheet.name, trial.values, name)
    except CaseProblem as problem:
        trial.verdict = REFUSED
        trial.why.insert(0, str(problem).splitlines()[0])
        return trial
    except Exception as problem:
        trial.verdict = LOST
        trial.why.insert(0, f"{type(problem).__name__}: {problem}")
        return trial
    trial.why += compare(data, trial)
    trial.verdict = LOST if trial.why else KEPT
    return trial


def compare(data: bytes, trial: Trial) -> list[str]:
    """Say what differs that should not, by bytes and by openpyxl."""
    if trial.kind != OVER_FORMULAS:
        edited = {trial.sheet: set(trial.values)}
        found = untouched.differences(data, trial.written, edited)
    else:
        found = _formula_differences(data, trial)
    return found + _openpyxl_differences(data, trial)


def _formula_differences(data: bytes, trial: Trial) -> list[str]:
    """Compare bytes where the first cell of a shared formula may have handed it on."""
    parts = untouched.contents(data)
    part = untouched.sheet_parts(parts)[trial.sheet]
    handed = {
        at
        for at, cells in untouched.take_apart(parts[part]).cells.items()
        if any(b'"shared"' in cell or b"'shared'" in cell for cell in cells)
    }
    edited = {trial.sheet: set(trial.values) | handed}
    return untouched.differences(data, trial.written, edited, formulas_go=True)


def open_all(data: bytes, *, results: bool = False) -> Any:
    """Open a workbook with openpyxl, or return None where it cannot.

    ``results`` reads what formulas showed last, not the formulas.
    """
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load_workbook(io.BytesIO(data), data_only=results)
        except Exception:
            return None


def _openpyxl_differences(data: bytes, trial: Trial) -> list[str]:
    from openpyxl.styles.numbers import is_date_format

    before = open_all(data)
    if before is None:
        return []
    after = open_all(trial.written)
    if after is None or before.sheetnames != after.sheetnames:
        return ["openpyxl no longer opens it"]
    if trial.sheet not in before.sheetnames:
        return []  # it reads no sheet of a strict workbook
    found = []
    for sheet in before.worksheets:
        now = after[sheet.title]
        for row, column in sorted(sheet._cells.keys() | now._cells.keys()):
            at = (row - 1, column - 1)
            if sheet.title == trial.sheet and at in trial.values:
                continue
            was, then = sheet._cells.get((row, column)), now._cells.get((row, column))
            if not alike(was, then):
                found.append(
                    f"{sheet.title}!{reference(at)}: {was and was.value!r} became "
                    f"{then and then.value!r}"
                )
    sheet = after[trial.sheet]
    for at, value in trial.values.items():
        cell = sheet.cell(at[0] + 1, at[1] + 1)
        read = _undated(cell)
        if read == "#VALUE!" and is_date_format(cell.number_format) and not isinstance(value, str):
            continue  # what openpyxl makes of a number that is no day of its calendar
        if not is_value(read, value):
            found.append(f"{reference(at)}: openpyxl reads {cell.value!r}, not {value!r}")
    return found


def alike(was: Any, then: Any) -> bool:
    """Say whether two of openpyxl's cells hold the same in the same style."""
    if was is None or then is None:
        return (was or then).value is None if (was or then) is not None else True
    first, second = _shown(was.value), _shown(then.value)
    return bool(first == second and was._style == then._style and was.data_type == then.data_type)


def _shown(value: object) -> object:
    return getattr(value, "text", None) or getattr(value, "__dict__", None) or value


def _undated(cell: Any) -> object:
    """Return a cell's value, the number where openpyxl makes a date of it."""
    import datetime

    from openpyxl.utils.datetime import CALENDAR_MAC_1904, MAC_EPOCH, WINDOWS_EPOCH, to_excel

    if isinstance(
        cell.value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta
    ):
        epoch = cell.parent.parent.epoch
        assert epoch in (MAC_EPOCH, WINDOWS_EPOCH, CALENDAR_MAC_1904)
        return to_excel(cell.value, epoch)
    return cell.value


def is_value(read: object, value: Value) -> bool:
    """Say whether what another program reads is what was written."""
    if isinstance(value, str):
        return read == value
    if isinstance(value, bool):
        return read is value
    if isinstance(read, bool) or not isinstance(read, int | float):
        return False
    return read == value or abs(read - value) <= 1e-6 + 1e-14 * abs(value)


class Judge:
    """LibreOffice, started again after a file that it cannot stand."""

    def __init__(self, seconds: float = 90) -> None:
        self._seconds, self._office = seconds, Office().start()
        self._folder = tempfile.TemporaryDirectory(prefix="mcda-foreign-")

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._office.stop()
        self._folder.cleanup()

    def differences(self, name: str, data: bytes, trial: Trial) -> list[str]:
        """Say which written cells LibreOffice does not read as they were written."""
        found = self._read(name, trial.written, trial)
        if isinstance(found, list):
            return found
        # A file that it cannot open either way says nothing of what was written.
        if isinstance(self._read(name, data, trial), str):
            return []
        return [f"LibreOffice: {found}"]

    def _read(self, name: str, data: bytes, trial: Trial) -> list[str] | str:
        path = Path(self._folder.name) / ("opened" + Path(name).suffix)
        path.write_bytes(data)
        stuck = threading.Timer(self._seconds, self._kill)
        stuck.start()
        try:
            with self._office.open(path) as book:
                return [
                    line for at, v in trial.values.items() if (line := self._at(book, trial, at, v))
                ]
        except (OfficeError, OSError, ValueError) as problem:
            if "stopped" in str(problem) or isinstance(problem, OSError | ValueError):
                self._kill()
                self._office.stop()
                self._office = Office().start()
            return str(problem)
        finally:
            stuck.cancel()

    def _kill(self) -> None:
        import os

        program = self._office._program
        if program is not None and program.poll() is None:
            os.killpg(program.pid, 9)

    @staticmethod
    def _at(book: Any, trial: Trial, at: At, value: Value) -> str:
        if trial.sheet not in book.sheets:
            return ""  # LibreOffice renames sheets whose names it does not like
        read = book.read(Block(trial.sheet, *at, *at))[0][0]
        wanted: Value = float(value) if isinstance(value, bool) else value
        if is_value(read, wanted):
            return ""
        return f"{reference(at)}: LibreOffice reads {read!r}, not {value!r}"
