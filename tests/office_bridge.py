"""The office side of tests/office.py: run by a Python that has LibreOffice's ``uno`` module.

Reads one JSON request a line from standard input, answers one JSON line each on standard output.
Arguments: the name of the pipe on which soffice listens.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from pathlib import Path
from typing import Any

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".pdf": "calc_pdf_Export", ".ods": "calc8"}


def connect(pipe: str, seconds: float = 90) -> Any:
    import uno

    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", context
    )
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    end = time.monotonic() + seconds
    while True:
        try:
            remote = resolver.resolve(address)
        except Exception:  # its own exception types, known only after connecting
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return remote.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", remote
            )


def option(name: str, value: Any) -> Any:
    from com.sun.star.beans import PropertyValue

    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


class Bridge:
    """Carries out the requests; documents are known by a number."""

    def __init__(self, desktop: Any) -> None:
        self.desktop = desktop
        self.documents: dict[int, Any] = {}
        self.count = 0

    def answer(self, do: str, **arguments: Any) -> Any:
        return getattr(self, "do_" + do)(**arguments)

    def do_open(self, path: str) -> int:
        document = self.desktop.loadComponentFromURL(
            Path(path).as_uri(), "_blank", 0, (option("Hidden", True),)
        )
        if document is None:
            raise ValueError(f"LibreOffice cannot open {path}")
        self.count += 1
        self.documents[self.count] = document
        return self.count

    def do_close(self, document: int) -> None:
        self.documents.pop(document).close(True)

    def do_save(self, document: int, path: str) -> None:
        chosen = option("FilterName", FILTERS[Path(path).suffix])
        self.documents[document].storeToURL(Path(path).as_uri(), (chosen,))

    def do_automatic(self, document: int, on: bool) -> None:
        self.documents[document].enableAutomaticCalculation(on)

    def do_recalculate(self, document: int) -> None:
        self.documents[document].calculateAll()

    def do_sheets(self, document: int) -> list[str]:
        return list(self.documents[document].Sheets.ElementNames)

    def do_names(self, document: int) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for name in self.documents[document].NamedRanges.ElementNames:
            place = self.do_name(document, name)
            if place is not None:
                found[name] = place
        return found

    def do_name(self, document: int, name: str) -> list[Any] | None:
        book = self.documents[document]
        if not book.NamedRanges.hasByName(name):
            return None
        cells = book.NamedRanges.getByName(name).getReferredCells()
        if cells is None:
            return None
        at = cells.getRangeAddress()
        sheet = book.Sheets.getByIndex(at.Sheet).Name
        return [sheet, at.StartRow, at.StartColumn, at.EndRow, at.EndColumn]

    def _sheet(self, document: int, sheet: str) -> Any:
        return self.documents[document].Sheets.getByName(sheet)

    def do_read(
        self, document: int, sheet: str, top: int, left: int, bottom: int, right: int
    ) -> list[list[Any]]:
        cells = self._sheet(document, sheet).getCellRangeByPosition(left, top, right, bottom)
        rows = [list(row) for row in cells.getDataArray()]
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is None or not isinstance(value, (str, float, int)):
                    row[c] = {"error": cells.getCellByPosition(c, r).getError()}
        return rows

    def do_formulas(
        self, document: int, sheet: str, top: int, left: int, bottom: int, right: int
    ) -> list[list[str]]:
        cells = self._sheet(document, sheet).getCellRangeByPosition(left, top, right, bottom)
        return [list(row) for row in cells.getFormulaArray()]

    def do_write(
        self, document: int, sheet: str, row: int, column: int, kind: str, content: Any
    ) -> None:
        cell = self._sheet(document, sheet).getCellByPosition(column, row)
        if kind == "number":
            cell.setValue(content)
        elif kind == "formula":
            cell.setFormula(content)
        else:
            cell.setString(content)

    def do_type(self, document: int, sheet: str, row: int, column: int, content: str) -> None:
        """Enter as a person would: the cell's own format decides what the text becomes."""
        self._sheet(document, sheet).getCellByPosition(column, row).FormulaLocal = content

    def do_insert_rows(self, document: int, sheet: str, at: int, count: int) -> None:
        self._sheet(document, sheet).Rows.insertByIndex(at, count)

    def do_insert_columns(self, document: int, sheet: str, at: int, count: int) -> None:
        self._sheet(document, sheet).Columns.insertByIndex(at, count)

    def do_delete_rows(self, document: int, sheet: str, at: int, count: int) -> None:
        self._sheet(document, sheet).Rows.removeByIndex(at, count)

    def do_delete_columns(self, document: int, sheet: str, at: int, count: int) -> None:
        self._sheet(document, sheet).Columns.removeByIndex(at, count)

    def do_insert_sheet(self, document: int, sheet: str, at: int) -> None:
        self.documents[document].Sheets.insertNewByName(sheet, at)

    def do_move_sheet(self, document: int, sheet: str, at: int) -> None:
        self.documents[document].Sheets.moveByName(sheet, at)

    def do_rename_sheet(self, document: int, sheet: str, name: str) -> None:
        self._sheet(document, sheet).setName(name)

    def do_protected(self, document: int, sheet: str) -> bool:
        return bool(self._sheet(document, sheet).isProtected())

    def do_unprotect(self, document: int, sheet: str) -> None:
        self._sheet(document, sheet).unprotect("")


def main() -> None:
    bridge = Bridge(connect(sys.argv[1]))
    print(json.dumps({"result": "ready"}), flush=True)
    for line in sys.stdin:
        try:
            answer = {"result": bridge.answer(**json.loads(line))}
        except Exception as problem:
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)
    with contextlib.suppress(Exception):  # the office may go before it has answered
        bridge.desktop.terminate()


if __name__ == "__main__":
    main()
