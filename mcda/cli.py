"""The command line: a thin shell that carries cases in and results out.

Results go to standard output, messages to standard error. Exit 0: done; 1: the case has problems,
all of them listed with their cells; 2: wrong usage.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from mcda import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mcda.case import Case
    from mcda.ranking.result import Ranking

DONE, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130
DEFAULT_ROOM = 40

app = typer.Typer(
    name="mcda",
    help="Prepare a negotiation: who would accept which package of terms, and why.",
    epilog="Example: mcda rank workbooks/ceasefire_talks.xlsx",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

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


def _version(asked: bool) -> None:
    if asked:
        from mcda import __version__

        print(f"mcda {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Prepare a negotiation: who would accept which package of terms, and why."""


@app.command(epilog="Example: mcda new talks.xlsx --example ceasefire")
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
        _wrong_usage("--example and --from exclude each other.")
    if path.suffix.lower() != ".xlsx":
        _wrong_usage(f"{path}: a new workbook ends in .xlsx.")
    _refuse_to_replace(path, force=force)
    if source is not None:
        _refuse_to_replace_itself(path, source)
        case = _read(source)
    elif example is not None:
        case = read_example(_chosen(example, EXAMPLES, "example"))
    else:
        case = read_example(BLANK)
    from datetime import datetime

    from mcda.workbook.author import create

    when = datetime.now().isoformat(" ", "minutes")
    _writing(path, lambda: create(case, path, room=room, when=when))
    _tell(f"Made {path}: {_counted(case)}. Open it, or: mcda rank {_quoted(path)}")


@app.command(epilog="Example: mcda check workbooks/ceasefire_talks.xlsx")
def check(file: CaseFile, as_json: AsJson = False) -> None:
    """List what is wrong with a case, and what is worth a look."""
    from mcda.case import CaseProblem
    from mcda.files import read
    from mcda.findings import findings

    try:
        case = read(file)
    except CaseProblem as problem:
        print(_dumped(problem.to_dict()) if as_json else _problems_text(file, problem))
        raise typer.Exit(PROBLEMS) from None
    found = findings(case)
    if as_json:
        print(_dumped({"problems": [], **found.to_dict()}))
        return
    print(f"{file}: {_counted(case)}. No problems.")
    print(found)


@app.command(
    epilog="Examples: mcda rank talks.xlsx --for Russia · mcda rank talks.xlsx --method topsis · "
    'mcda rank talks.xlsx --for Ukraine --explain "Package A" --against "Package B"'
)
def rank(
    file: CaseFile,
    party: Annotated[str | None, typer.Option("--for", help="Rank for this party only.")] = None,
    method: Annotated[
        str, typer.Option(help="additive, or another method; 'list' shows them.")
    ] = "additive",
    explain: Annotated[
        str | None, typer.Option(help="Explain this package's value, with --for.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(help="The package (or no deal) to compare it with; else the first no deal."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Rank the listed packages for each party, with who would accept them."""
    if method == "list":
        _list_methods(as_json=as_json)
        return
    if explain is not None and party is None:
        _wrong_usage("--explain needs --for: a package is explained for one party.")
    if against is not None and explain is None:
        _wrong_usage("--against needs --explain: it is what that package is compared with.")
    if explain is not None and method != "additive":
        _wrong_usage("--explain is for the additive value; leave --method out.")
    case = _read(file)
    if party is not None:
        party = _chosen(party, case.party_names, "party")
    if explain is not None and party is not None:
        _explain(case, party, explain, against, as_json=as_json)
        return
    from mcda.ranking import ADDITIVE
    from mcda.ranking import rank as ranked
    from mcda.ranking.report import report
    from mcda.values import evaluate

    result = ranked(case, party) if method == ADDITIVE else _second_opinion(case, party, method)
    print(_dumped(result.to_dict()) if as_json else report(result, evaluate(case)))


@app.command(epilog="Example: mcda compare talks.xlsx --for Russia")
def compare(
    file: CaseFile,
    party: Annotated[str | None, typer.Option("--for", help="Compare for this party only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show who is first under each ranking method, and how far the methods agree."""
    from mcda.ranking.compare import compare as compared

    case = _read(file)
    if party is not None:
        party = _chosen(party, case.party_names, "party")
    results = {name: compared(case, name) for name in ([party] if party else case.party_names)}
    if as_json:
        print(_dumped({name: result.to_dict() for name, result in results.items()}))
        return
    print("\n\n".join(str(result) for result in results.values()))


@app.command(epilog="Example: mcda export talks.xlsx talks.json")
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
        _wrong_usage(f"{to}: an export ends in .json.")
    content = canonical_json(_read(file))
    if to is None or str(to) == "-":
        sys.stdout.write(content.decode())
        return
    if not (to.is_file() and to.read_bytes() == content):
        _refuse_to_replace(to, force=force)
        from mcda.atomic import write_atomically

        _writing(to, lambda: write_atomically(to, content))
    _tell(f"Wrote {to}.")


@app.command(epilog='Example: mcda memo talks.xlsx --for "United States" -o memo.docx -o memo.md')
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
            _wrong_usage(f"{path}: a memo ends in .docx or .md.")
        _refuse_to_replace(path, force=force)
    case = _read(file)
    from mcda.memo import memo as written

    result = written(case, audience=_chosen(party, case.party_names, "party"))
    if not out:
        print(result.markdown(), end="")
    for path in out or []:
        _writing(path, lambda path=path: result.write(path))  # type: ignore[misc]
        _tell(f"Wrote {path}.")


@app.command(name="app", epilog="Example: mcda app workbooks/ceasefire_talks.xlsx")
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


def main() -> None:
    """Run the command line."""
    plain.use_plain_characters_where_needed(sys.stdout, sys.stderr)
    if hasattr(signal, "SIGPIPE"):
        # A reader such as `head` that has had enough ends the program, as it does any other.
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except OSError as error:
        _tell(f"The result cannot be written: {error.strerror or error}.")
        # What is still waiting to be written must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(USAGE)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _read(file: Path) -> Case:
    from mcda.case import CaseProblem
    from mcda.files import read

    try:
        return read(file)
    except CaseProblem as problem:
        _tell(_problems_text(file, problem))
        raise typer.Exit(PROBLEMS) from None


def _problems_text(file: Path, problem: Exception) -> str:
    lines = str(problem).splitlines()
    count = len(getattr(problem, "problems", lines))
    return "\n".join([f"{file} has {count} problem{'s' if count != 1 else ''}:", *lines])


def _explain(case: Case, party: str, first: str, second: str | None, *, as_json: bool) -> None:
    from mcda.printing import wrapped
    from mcda.ranking.additive import explain
    from mcda.values import evaluate

    packages = [package.name for package in case.packages]
    first = _chosen(first, packages, "package")
    if second is not None:
        no_deal = [item.name for item in case.no_deal]
        second = _chosen(second, [*packages, *no_deal], "package or no-deal alternative")
    try:
        result = explain(evaluate(case), party, first, second)
    except ValueError as error:
        _wrong_usage(f"{error} Name a package with --against.")
    print(
        _dumped(result.to_dict()) if as_json else f"{wrapped(str(result))}\n\n{result.text_table}"
    )


def _list_methods(*, as_json: bool) -> None:
    from mcda.printing import TextColumn, text_table
    from mcda.ranking.methods import MENU

    methods = [("additive", "Additive value", "Keeney & Raiffa 1976")]
    methods += [(key, method.title, method.source) for key, method in MENU.items()]
    if as_json:
        names = ("method", "title", "source")
        print(_dumped([dict(zip(names, row, strict=True)) for row in methods]))
        return
    print(text_table([TextColumn("method"), TextColumn("title"), TextColumn("source")], methods))


def _second_opinion(case: Case, party: str | None, method: str) -> Ranking:
    from mcda.ranking import rank as ranked
    from mcda.ranking.methods import MENU, NotOffered

    try:
        return ranked(case, party, _chosen(method, MENU, "method"))
    except NotOffered as reason:
        _wrong_usage(str(reason))


def _chosen(name: str, known: Iterable[str], what: str) -> str:
    """Return ``name`` as the case writes it, whatever its case; else stop with what is known."""
    from mcda.validation import folded, suggestion

    names = list(known)
    same = [candidate for candidate in names if folded(candidate) == folded(name)]
    if same:
        return same[0]
    return _wrong_usage(f'"{name}" is no {what} here. {suggestion(name, names)}')


def _refuse_to_replace(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        _wrong_usage(f"{path} is already there; --force replaces it.")
    if not path.parent.is_dir():
        _wrong_usage(f"{path}: there is no folder {path.parent}.")


def _refuse_to_replace_itself(path: Path, source: Path) -> None:
    if path.exists() and path.samefile(source):
        _wrong_usage(f"{path} is the file to start from; give the new one another name.")


def _writing(path: Path, write: Callable[[], object]) -> None:
    try:
        write()
    except OSError as error:
        _tell(f"{path} cannot be written: {error.strerror or error}. Nothing was changed.")
        raise typer.Exit(USAGE) from None


def _counted(case: Case) -> str:
    counts = [
        (len(case.parties), "party", "parties"),
        (len(case.issues), "issue", "issues"),
        (len(case.packages), "package", "packages"),
        (len(case.no_deal), "no-deal alternative", "no-deal alternatives"),
    ]
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts)


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)


def _dumped(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False)


def _tell(message: str) -> None:
    print(message, file=sys.stderr)


def _wrong_usage(message: str) -> NoReturn:
    _tell(message)
    raise typer.Exit(USAGE)
