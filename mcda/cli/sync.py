"""The verb that brings a workbook in step with its inputs."""

from __future__ import annotations

from typing import Annotated

import typer

from mcda.cli.shell import PROBLEMS, USAGE, AsJson, CaseFile, dumped, problems_text, tell


def register(app: typer.Typer) -> None:
    """Add the verb of this module."""
    app.command(epilog="Examples: mcda sync talks.xlsx · mcda sync talks.xlsx --dry-run")(sync)


def sync(
    file: CaseFile,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, cell by cell; write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the stamp, the Log and true results into a workbook, and nothing else.

    Previews and programs that do not compute formulas then show true numbers. The version before
    is kept in .mcda-backups beside the file.
    """
    from mcda.problems import CaseProblem
    from mcda.workbook.disk.store import StoreProblem
    from mcda.workbook.file_sync import sync as synced

    if file.suffix.lower() == ".json":
        tell(
            f"{file} is a JSON file: it holds inputs only, and nothing to bring in step. Make a "
            f"workbook from it: mcda new {file.with_suffix('.xlsx').name} --from {file.name}"
        )
        raise typer.Exit(USAGE)
    try:
        result = synced(file, dry_run=dry_run)
    except CaseProblem as problem:
        if as_json:
            print(dumped(problem.to_dict()))
        else:
            tell(problems_text(file, problem))
        raise typer.Exit(PROBLEMS) from None
    except StoreProblem as problem:
        tell(str(problem))
        raise typer.Exit(USAGE) from None
    if as_json:
        print(dumped(result.to_dict()))
    elif dry_run:
        print("\n".join(map(str, result.synced.changes)), end="\n" * result.is_changed)
    tell(str(result))
    for path in () if result.saved is None else result.saved.rescued:
        tell(f"What another program saved meanwhile was kept: {path}")
    if result.synced.advice:
        tell(result.synced.advice)
    if result.synced.damage:
        tell(result.warning)
        raise typer.Exit(PROBLEMS)
