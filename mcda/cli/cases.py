"""The verbs that make, check and export a case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from mcda.cli.shell import (
    PROBLEMS,
    AsJson,
    CaseFile,
    Force,
    chosen,
    counted,
    dumped,
    keep_workbook,
    problems_text,
    quoted,
    read_case,
    refuse_to_replace,
    refuse_to_replace_itself,
    tell,
    writing,
    wrong_usage,
)

DEFAULT_ROOM = 40


def register(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command(epilog="Example: mcda new talks.xlsx --example ceasefire")(new)
    app.command(epilog="Example: mcda check workbooks/ceasefire_talks.xlsx")(check)
    app.command(epilog="Example: mcda export talks.xlsx talks.json")(export)


def new(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The workbook to make (.xlsx).")],
    example: Annotated[
        str | None, typer.Option(help="Start from an example that comes with the program.")
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", exists=True, dir_okay=False, help="Start from a case, .json or .xlsx."
        ),
    ] = None,
    room: Annotated[
        int, typer.Option(min=1, max=1000, help="Package rows to make room for.")
    ] = DEFAULT_ROOM,
    force: Force = False,
) -> None:
    """Make a workbook: blank and guided, from an example, or from another case."""
    from mcda.examples import BLANK, EXAMPLES, read_example

    if example is not None and source is not None:
        wrong_usage("--example and --from exclude each other.")
    if path.suffix.lower() != ".xlsx":
        wrong_usage(f"{path}: a new workbook ends in .xlsx.")
    refuse_to_replace(path, force=force)
    if source is not None:
        refuse_to_replace_itself(path, source)
        case = read_case(source)
    elif example is not None:
        case = read_example(chosen(example, EXAMPLES, "example"))
    else:
        case = read_example(BLANK)
    from datetime import datetime

    from mcda.workbook.fresh import fresh_workbook

    when = datetime.now().isoformat(" ", "minutes")
    keep_workbook(path)
    writing(path, lambda: fresh_workbook(case, path, room=room, when=when))
    tell(f"Made {path}: {counted(case)}. Open it, or: mcda rank {quoted(path)}")


def check(file: CaseFile, as_json: AsJson = False) -> None:
    """List what is wrong with a case, and what is worth a look in it and in its workbook."""
    from mcda.case import CaseProblem
    from mcda.files import WORKBOOK_SUFFIXES, case_from_bytes, read_bytes
    from mcda.findings import findings

    health = None
    try:
        data = read_bytes(file)
        if file.suffix.lower() in WORKBOOK_SUFFIXES:
            from mcda.workbook.health import health as health_of

            health = health_of(data, file.name)
        case = case_from_bytes(file.name, data)
    except CaseProblem as problem:
        also = {} if health is None else health.to_dict()
        print(dumped({**problem.to_dict(), **also}) if as_json else problems_text(file, problem))
        if health and not as_json:
            print(health)
        raise typer.Exit(PROBLEMS) from None
    found = findings(case)
    also = {} if health is None else health.to_dict()
    if as_json:
        print(dumped({"problems": [], **found.to_dict(), **also}))
        return
    print(f"{file}: {counted(case)}. No problems.")
    print(found)
    if health is not None:
        print(health)


def export(
    file: CaseFile,
    to: Annotated[
        Path | None,
        typer.Argument(metavar="[OUT.json]", help="Where to write; left out: standard output."),
    ] = None,
    force: Force = False,
) -> None:
    """Write a case as JSON, in its canonical form."""
    from mcda.canonical import canonical_json

    if to is not None and str(to) != "-" and to.suffix.lower() != ".json":
        wrong_usage(f"{to}: an export ends in .json.")
    content = canonical_json(read_case(file))
    if to is None or str(to) == "-":
        sys.stdout.write(content.decode())
        return
    if not (to.is_file() and to.read_bytes() == content):
        refuse_to_replace(to, force=force)
        from mcda.atomic import write_atomically

        writing(to, lambda: write_atomically(to, content))
    tell(f"Wrote {to}.")
