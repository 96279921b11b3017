"""LibreOffice, driven by tests: open a workbook, change cells, insert rows, recalculate, read.

One soffice process with a profile of its own serves a whole test run. Rows and columns are
zero-based, as in mcda.workbook.layout. The profile makes LibreOffice recalculate every formula
when it opens a file, so nothing read here was cached by the program under test.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcda.workbook.layout import Block

INSTALL = "apt-get install libreoffice-calc python3-uno"
Cell = str | float
ERROR = "#ERROR"
"""What an error in a cell reads as, with its number after it."""

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


class OfficeError(RuntimeError):
    """LibreOffice refused what it was asked."""


def soffice() -> str:
    """Return the path of LibreOffice, or fail with the command that installs it."""
    for name in ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice"):
        found = shutil.which(name)
        if found:
            return found
    raise OfficeError(f"LibreOffice is not installed; these tests need it: {INSTALL}")


def _python_with_uno() -> str:
    beside = Path(os.path.realpath(soffice())).parent
    candidates = [
        os.environ.get("OFFICE_PYTHON", ""), str(beside / "python"),
        str(beside.parent / "Resources" / "python"), "/usr/bin/python3",
    ]  # fmt: skip
    for candidate in filter(None, candidates):
        try:
            tried = subprocess.run([candidate, "-c", "import uno"], capture_output=True)
        except OSError:
            continue
        if tried.returncode == 0:
            return candidate
    raise OfficeError(f"no Python with LibreOffice's uno module; these tests need it: {INSTALL}")


@dataclass
class Office:
    """A running LibreOffice; use as a context manager, or call :meth:`stop`."""

    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="mcda-office-")))
    _program: subprocess.Popen[bytes] | None = None
    _bridge: subprocess.Popen[str] | None = None

    def start(self) -> Office:
        """Start LibreOffice with an empty profile and connect to it."""
        program, python = soffice(), _python_with_uno()
        user = self._folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        pipe = "mcda" + uuid.uuid4().hex
        self._program = subprocess.Popen(
            [
                program, f"-env:UserInstallation={(self._folder / 'profile').as_uri()}",
                "--headless", "--norestore", "--nologo", "--nodefault",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        bridge = Path(__file__).with_name("office_bridge.py")
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._bridge = subprocess.Popen(
            [python, str(bridge), pipe], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, encoding="utf-8", env=clean,
        )  # fmt: skip
        self._answer()
        return self

    def stop(self) -> None:
        """End LibreOffice and remove its profile."""
        if self._bridge is not None:
            assert self._bridge.stdin is not None
            assert self._bridge.stdout is not None
            self._bridge.stdin.close()
            self._bridge.wait(30)
            self._bridge.stdout.close()
        if self._program is not None:
            try:
                self._program.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._program.pid, 9)
                self._program.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Office:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _answer(self) -> Any:
        assert self._bridge is not None
        assert self._bridge.stdout is not None
        line = self._bridge.stdout.readline()
        if not line:
            raise OfficeError("LibreOffice stopped answering")
        answer = json.loads(line)
        if "error" in answer:
            raise OfficeError(answer["error"])
        return answer["result"]

    def ask(self, do: str, **arguments: object) -> Any:
        """Send one request to the office side and return its answer."""
        assert self._bridge is not None
        assert self._bridge.stdin is not None
        self._bridge.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._bridge.stdin.flush()
        return self._answer()

    @contextmanager
    def open(self, path: Path) -> Iterator[Book]:
        """Open a workbook, recalculated; it is closed without saving at the end."""
        book = Book(self, self.ask("open", path=str(Path(path).resolve())))
        try:
            yield book
        finally:
            self.ask("close", document=book.document)


@dataclass(frozen=True)
class Book:
    """A workbook that is open in LibreOffice."""

    office: Office
    document: int

    def _ask(self, do: str, **arguments: object) -> Any:
        return self.office.ask(do, document=self.document, **arguments)

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets, in the order of the tabs."""
        return list(self._ask("sheets"))

    def names(self) -> dict[str, Block]:
        """Return every defined name that refers to cells, and where it now is (slow)."""
        return {name: Block(*place) for name, place in self._ask("names").items()}

    def block(self, name: str) -> Block:
        """Return where a defined name now is; KeyError if it refers to no cells."""
        place = self._ask("name", name=name)
        if place is None:
            raise KeyError(name)
        return Block(*place)

    def read(self, block: Block) -> list[list[Cell]]:
        """Return the values of a block, row by row; empty is "", an error is "#ERROR 502"."""
        rows = self._ask(
            "read", sheet=block.sheet, top=block.top, left=block.left,
            bottom=block.bottom, right=block.right,
        )  # fmt: skip
        return [
            [f"{ERROR} {value['error']}" if isinstance(value, dict) else value for value in row]
            for row in rows
        ]

    def read_name(self, name: str) -> list[list[Cell]]:
        """Return the values of the block that a defined name refers to."""
        return self.read(self.block(name))

    def cell(self, sheet: str, row: int, column: int) -> Cell:
        """Return the value of one cell."""
        return self.read(Block(sheet, row, column, row, column))[0][0]

    def formulas(self, block: Block) -> list[list[str]]:
        """Return the formulas of a block, row by row; a constant is its own text."""
        return list(
            self._ask(
                "formulas", sheet=block.sheet, top=block.top, left=block.left,
                bottom=block.bottom, right=block.right,
            )
        )  # fmt: skip

    def write(self, sheet: str, row: int, column: int, content: Cell | None) -> None:
        """Put a number or a text into a cell; None empties it. Never a formula."""
        kind = "number" if isinstance(content, int | float) else "text"
        self._ask(
            "write", sheet=sheet, row=row, column=column, kind=kind,
            content="" if content is None else content,
        )  # fmt: skip

    def write_formula(self, sheet: str, row: int, column: int, formula: str) -> None:
        """Put a formula (English names, semicolons) into a cell."""
        self._ask("write", sheet=sheet, row=row, column=column, kind="formula", content=formula)

    def type(self, sheet: str, row: int, column: int, typed: str) -> None:
        """Enter what a person types; the cell's format decides what it becomes."""
        self._ask("type", sheet=sheet, row=row, column=column, content=typed)

    def insert_rows(self, sheet: str, at: int, count: int = 1) -> None:
        """Insert empty rows before a row."""
        self._ask("insert_rows", sheet=sheet, at=at, count=count)

    def insert_columns(self, sheet: str, at: int, count: int = 1) -> None:
        """Insert empty columns before a column."""
        self._ask("insert_columns", sheet=sheet, at=at, count=count)

    def delete_rows(self, sheet: str, at: int, count: int = 1) -> None:
        """Delete rows."""
        self._ask("delete_rows", sheet=sheet, at=at, count=count)

    def delete_columns(self, sheet: str, at: int, count: int = 1) -> None:
        """Delete columns."""
        self._ask("delete_columns", sheet=sheet, at=at, count=count)

    def insert_sheet(self, name: str, at: int) -> None:
        """Add an empty sheet before the one at a place."""
        self._ask("insert_sheet", sheet=name, at=at)

    def move_sheet(self, name: str, at: int) -> None:
        """Move a sheet before the one at a place."""
        self._ask("move_sheet", sheet=name, at=at)

    def rename_sheet(self, sheet: str, name: str) -> None:
        """Give a sheet another name."""
        self._ask("rename_sheet", sheet=sheet, name=name)

    def is_protected(self, sheet: str) -> bool:
        """Return whether a sheet is protected."""
        return bool(self._ask("protected", sheet=sheet))

    def unprotect(self, sheet: str) -> None:
        """Take the protection (without password) off a sheet."""
        self._ask("unprotect", sheet=sheet)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Recalculate only at the end of several changes."""
        self._ask("automatic", on=False)
        try:
            yield
        finally:
            self._ask("automatic", on=True)
            self.recalculate()

    def recalculate(self) -> None:
        """Recalculate every formula."""
        self._ask("recalculate")

    def save(self, path: Path) -> None:
        """Save a copy; the suffix says as what: .xlsx, .ods or .pdf."""
        self._ask("save", path=str(Path(path).resolve()))


if __name__ == "__main__":  # python tests/office.py IN.xlsx OUT.pdf
    with Office() as running, running.open(Path(sys.argv[1])) as opened:
        opened.save(Path(sys.argv[2]))
