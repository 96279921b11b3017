"""The verbs that show the case elsewhere: as a memo, and on the page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mcda.cli.shell import (
    CaseFile,
    Force,
    chosen,
    read_case,
    refuse_to_replace,
    tell,
    writing,
    wrong_usage,
)


def register(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command(
        epilog='Example: mcda memo talks.xlsx --for "United States" -o memo.docx -o memo.md'
    )(memo)
    app.command(name="app", epilog="Example: mcda app workbooks/ceasefire_talks.xlsx")(page)


def memo(
    file: CaseFile,
    party: Annotated[str, typer.Option("--for", help="The party that the memo advises.")],
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            "-o",
            help="memo.docx or memo.md, several times if you like; left out: Markdown is printed.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Write a memo of ranked packages for one party."""
    for path in out or []:
        if path.suffix.lower() not in (".docx", ".md"):
            wrong_usage(f"{path}: a memo ends in .docx or .md.")
        refuse_to_replace(path, force=force)
    case = read_case(file)
    from mcda.memo import memo as written

    result = written(case, audience=chosen(party, case.party_names, "party"))
    if not out:
        print(result.markdown(), end="")
    for path in out or []:
        writing(path, lambda path=path: result.write(path))  # type: ignore[misc]
        tell(f"Wrote {path}.")


def page(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", exists=True, dir_okay=False, help="The case to open."),
    ] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to serve on.")] = None,
) -> None:
    """Open the page that mirrors the workbook, on this machine only."""
    from mcda.ui.launch import launch

    raise typer.Exit(launch(file, port))
