"""What every verb of the command line shares: its options, its words and its exits.

Results go to standard output, messages to standard error. Exit 0: done; 1: the case has problems,
all of them listed with their cells; 2: wrong usage, or a file that cannot be written.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mcda.case import Case

DONE, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130

CaseFile = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help="The case: a workbook (.xlsx, .xlsm) or a JSON file.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is already there.")]


def read_case(file: Path) -> Case:
    """Read a case; its problems are listed and end the program with exit 1."""
    from mcda.case import CaseProblem
    from mcda.files import read

    try:
        return read(file)
    except CaseProblem as problem:
        tell(problems_text(file, problem))
        raise typer.Exit(PROBLEMS) from None


def problems_text(file: Path, problem: Exception) -> str:
    """Return all problems of a file as lines, with their number above them."""
    lines = str(problem).splitlines()
    count = len(getattr(problem, "problems", lines))
    return "\n".join([f"{file} has {count} problem{'s' if count != 1 else ''}:", *lines])


def chosen(name: str, known: Iterable[str], what: str) -> str:
    """Return ``name`` as the case writes it, whatever its case; else stop with what is known."""
    from mcda.validation import folded, suggestion

    names = list(known)
    same = [candidate for candidate in names if folded(candidate) == folded(name)]
    if same:
        return same[0]
    return wrong_usage(f'"{name}" is no {what} here. {suggestion(name, names)}')


def refuse_to_replace(path: Path, *, force: bool) -> None:
    """Stop where a file is there already (unless forced), or its folder is not."""
    if path.exists() and not force:
        wrong_usage(f"{path} is already there; --force replaces it.")
    if not path.parent.is_dir():
        wrong_usage(f"{path}: there is no folder {path.parent}.")


def refuse_to_replace_itself(path: Path, source: Path) -> None:
    """Stop where a new file would replace the one that it is made from."""
    if path.exists() and path.samefile(source):
        wrong_usage(f"{path} is the file to start from; give the new one another name.")


def keep_workbook(path: Path) -> None:
    """Keep a workbook that is about to be replaced among its earlier versions."""
    if not path.is_file():
        return
    from mcda.workbook.disk.backups import keep

    writing(path, lambda: keep(path, path.read_bytes(), path, path.stat().st_mtime))
    tell(f"What stood in {path} is kept: mcda restore {quoted(path)}")


def writing(path: Path, write: Callable[[], object]) -> None:
    """Write a file; where it cannot be written, say why and stop with exit 2."""
    try:
        write()
    except OSError as error:
        tell(f"{path} cannot be written: {error.strerror or error}. Nothing was changed.")
        raise typer.Exit(USAGE) from None


def counted(case: Case) -> str:
    """Return how many parties, issues, packages and no-deal alternatives a case has."""
    counts = [
        (len(case.parties), "party", "parties"),
        (len(case.issues), "issue", "issues"),
        (len(case.packages), "package", "packages"),
        (len(case.no_deal), "no-deal alternative", "no-deal alternatives"),
    ]
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts)


def quoted(path: Path) -> str:
    """Return a path as a shell takes it."""
    return f'"{path}"' if " " in str(path) else str(path)


def dumped(data: object) -> str:
    """Return data as JSON text."""
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)


def tell(message: str) -> None:
    """Say something to the user, on standard error."""
    print(message, file=sys.stderr)


def wrong_usage(message: str) -> NoReturn:
    """Say what is wrong with the command and stop with exit 2."""
    tell(message)
    raise typer.Exit(USAGE)
