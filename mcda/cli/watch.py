"""The verb that keeps a workbook in step while it is edited elsewhere."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mcda.cli.shell import AsJson, tell, wrong_usage

if TYPE_CHECKING:
    from mcda.workbook.watching.watch_report import Report

INDENT = 10
"""Columns of the time before each message."""
LOOK = 1.0
"""Seconds after which the main thread sees to a Ctrl-C, where the system does not wake it."""


def register(app: typer.Typer) -> None:
    """Add the verb of this module."""
    app.command(epilog="Example: mcda watch talks.xlsx")(watch)


def watch(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="The workbook (.xlsx, .xlsm)."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Bring a workbook in step after each save, and tell what changed in the ranking.

    It may be saved by Excel, LibreOffice or anything else meanwhile. While it is open where it must
    not be replaced, the results wait and are written when it is closed. Ctrl-C ends it.
    """
    from mcda.files import WORKBOOK_SUFFIXES

    if file.suffix.lower() not in WORKBOOK_SUFFIXES:
        wrong_usage(f"{file}: only a workbook is watched ({' or '.join(WORKBOOK_SUFFIXES)}).")
    if file.is_symlink():
        wrong_usage(f"{file} is a link to {file.resolve()}; name the file itself.")
    from mcda.workbook.watching.watch import Watcher

    printer = _Printer(as_json=as_json)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Watcher(file, printer):
            tell(f"Watching {file}. Ctrl-C ends it.")
            while not printer.failed.wait(LOOK):
                pass
    except KeyboardInterrupt:
        tell("No longer watching.")
    if printer.error is not None:
        raise printer.error


class _Printer:
    """Prints each report; an output that takes no more ends the watch."""

    def __init__(self, *, as_json: bool) -> None:
        self.failed = threading.Event()
        self.error: OSError | None = None
        self._as_json = as_json

    def __call__(self, report: Report) -> None:
        try:
            print(_line(report) if self._as_json else _words(report), flush=True)
        except OSError as error:
            self.error = error
            self.failed.set()


def _line(report: Report) -> str:
    """A report as one line of JSON."""
    return json.dumps(report.to_dict(), ensure_ascii=False, allow_nan=False)


def _words(report: Report) -> str:
    from mcda.printing import wrapped

    first, *more = report.words.split("\n")
    head = wrapped(f"{report.when:%H:%M:%S}  {first}", INDENT)
    return "\n".join([head, *(" " * INDENT + line for line in more)])
