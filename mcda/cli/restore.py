"""The verb that lists the earlier versions of a workbook and puts one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from mcda.cli.shell import (
    USAGE,
    AsJson,
    Force,
    dumped,
    keep_workbook,
    quoted,
    refuse_to_replace,
    refuse_to_replace_itself,
    tell,
    writing,
    wrong_usage,
)

if TYPE_CHECKING:
    from datetime import datetime

    from mcda.workbook.disk.restore import Version

_SHOWN = 3
"""Differences told of each version in the list."""


def register(app: typer.Typer) -> None:
    """Add the verb of this module."""
    app.command(
        epilog="Examples: mcda restore talks.xlsx · mcda restore talks.xlsx 2 --dry-run · "
        "mcda restore talks.xlsx 2 · mcda restore talks.xlsx 2 --to before.xlsx"
    )(restore)


def restore(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The workbook; it may be gone or damaged."),
    ],
    number: Annotated[
        int | None,
        typer.Argument(metavar="[NUMBER]", help="Put this version back; left out: list them."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show how the inputs differ; write nothing.")
    ] = False,
    to: Annotated[
        Path | None, typer.Option(help="Write the version to this file and leave FILE alone.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """List the earlier versions of a workbook, or put one of them back.

    What stands in the file is kept first, so that putting a version back can be undone.
    """
    from mcda.workbook.disk.store import StoreProblem

    if number is None and (to is not None or dry_run):
        wrong_usage("Say which version: mcda restore FILE lists them with their numbers.")
    try:
        if number is None:
            _list(file, as_json=as_json)
        else:
            _put_back(file, number, to, dry_run=dry_run, force=force, as_json=as_json)
    except StoreProblem as problem:
        tell(str(problem))
        raise typer.Exit(USAGE) from None


def _list(file: Path, *, as_json: bool) -> None:
    from mcda.workbook.disk.restore import versions_of

    versions = versions_of(_itself(file))
    if not versions:
        _tell_none(file)
    if as_json:
        print(dumped([version.to_dict() for version in versions]))
        return
    if not versions:
        return
    print("\n".join(line for version in versions for line in _listed(version)))
    tell(f"Put one back: mcda restore {quoted(file)} {versions[0].number}")


def _put_back(
    file: Path, number: int, to: Path | None, *, dry_run: bool, force: bool, as_json: bool
) -> None:
    from mcda.workbook.disk import restore as versions

    if to is not None:
        refuse_to_replace(to, force=force)
        if file.exists():
            refuse_to_replace_itself(to, file)
    version = versions.version_of(_itself(file), number)
    if version is None:
        _no_such(file, number)
    told = {**version.to_dict(), "written": None, "kept": None}
    said = f"Version {number} of {file}, saved {_local(version.backup.saved)}"
    if dry_run:
        said += ", would be put back." if to is None else f", would be written to {to}."
    elif to is not None:
        from mcda.atomic import write_atomically

        target, data = to, version.data
        keep_workbook(target)
        writing(target, lambda: write_atomically(target, data))
        told["written"] = str(to)
        said += f", is now in {to}."
    else:
        saved = versions.restore(file, version)
        told["written"] = str(file) if saved.changed else None
        told["kept"] = None if saved.backup is None else str(saved.backup)
        if not saved.changed:
            said += ", is what stands there; nothing was written."
        elif saved.backup is None:
            said += ", is in place again."
        else:
            said += ", is in place again. What stood there is now number 1."
        if saved.changed:
            said += f" To bring its results in step: mcda sync {quoted(file)}"
        for path in saved.rescued:
            said += f"\nWhat another program saved meanwhile was kept: {path}"
    if as_json:
        print(dumped(told))
    else:
        _print_differences(version)
    tell(said)


def _print_differences(version: Version) -> None:
    if version.is_altered:
        tell("This version was changed in its folder after it was kept.")
    if version.changes is None:
        print(version.not_compared)
    elif not version.changes:
        print("The inputs are the same.")
    else:
        print("Inputs, then → now:")
        print("\n".join(map(str, version.changes)))


def _listed(version: Version) -> list[str]:
    """Return a version as lines: its number and time, and the first differences of its inputs."""
    from mcda.printing import wrapped

    changes = version.changes or ()
    if version.changes is None:
        said = version.not_compared
    elif not changes:
        said = "the same inputs"
    else:
        said = f"{len(changes)} input{'s differ' if len(changes) > 1 else ' differs'}, then → now:"
    if version.is_altered:
        said = f"changed in its folder after it was kept; {said}"
    lines = [f"{version.number:>3}  saved {_local(version.backup.saved)}, {said}"]
    lines += [wrapped(f"     {change}", 7) for change in changes[:_SHOWN]]
    if len(changes) > _SHOWN:
        lines.append(f"     and {len(changes) - _SHOWN} more")
    return lines


def _itself(file: Path) -> Path:
    """Return the workbook that a link leads to: its earlier versions lie beside it."""
    return file.resolve() if file.is_symlink() else file


def _tell_none(file: Path) -> None:
    if not file.exists() and not file.parent.is_dir():
        wrong_usage(f"{file}: there is no folder {file.parent}.")
    said = f"There are no earlier versions of {file}"
    if not file.exists():
        wrong_usage(f"{said}, and no such file. Check the name and the folder.")
    tell(f"{said}: this program has not replaced it yet.")


def _no_such(file: Path, number: int) -> NoReturn:
    from mcda.workbook.disk.backups import backups_of

    count = len(backups_of(_itself(file)))
    if not count:
        _tell_none(file)
        raise typer.Exit(USAGE)
    wrong_usage(f"There is no version {number} of {file}; there are 1 to {count}.")


def _local(when: datetime) -> str:
    return when.astimezone().strftime("%Y-%m-%d %H:%M:%S")
