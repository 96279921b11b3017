"""The verbs that rank, compare and explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mcda.cli.shell import (
    AsJson,
    CaseFile,
    chosen,
    dumped,
    read_case,
    wrong_usage,
)

if TYPE_CHECKING:
    from mcda.case import Case
    from mcda.ranking.result import Ranking


def register(app: typer.Typer) -> None:
    """Add the verbs of this module."""
    app.command(
        epilog="Examples: mcda rank talks.xlsx --for Russia · "
        "mcda rank talks.xlsx --method topsis · "
        'mcda rank talks.xlsx --for Ukraine --explain "Package A" --against "Package B"'
    )(rank)
    app.command(epilog="Example: mcda compare talks.xlsx --for Russia")(compare)


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
        wrong_usage("--explain needs --for: a package is explained for one party.")
    if against is not None and explain is None:
        wrong_usage("--against needs --explain: it is what that package is compared with.")
    if explain is not None and method != "additive":
        wrong_usage("--explain is for the additive value; leave --method out.")
    case = read_case(file)
    if party is not None:
        party = chosen(party, case.party_names, "party")
    if explain is not None and party is not None:
        _explain(case, party, explain, against, as_json=as_json)
        return
    from mcda.ranking import ADDITIVE
    from mcda.ranking import rank as ranked
    from mcda.ranking.report import report
    from mcda.values import evaluate

    result = ranked(case, party) if method == ADDITIVE else _second_opinion(case, party, method)
    print(dumped(result.to_dict()) if as_json else report(result, evaluate(case)))


def compare(
    file: CaseFile,
    party: Annotated[str | None, typer.Option("--for", help="Compare for this party only.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show who is first under each ranking method, and how far the methods agree."""
    from mcda.ranking.compare import compare as compared

    case = read_case(file)
    if party is not None:
        party = chosen(party, case.party_names, "party")
    results = {name: compared(case, name) for name in ([party] if party else case.party_names)}
    if as_json:
        print(dumped({name: result.to_dict() for name, result in results.items()}))
        return
    print("\n\n".join(str(result) for result in results.values()))


def _explain(case: Case, party: str, first: str, second: str | None, *, as_json: bool) -> None:
    from mcda.printing import wrapped
    from mcda.ranking.additive import explain
    from mcda.values import evaluate

    packages = [package.name for package in case.packages]
    first = chosen(first, packages, "package")
    if second is not None:
        no_deal = [item.name for item in case.no_deal]
        second = chosen(second, [*packages, *no_deal], "package or no-deal alternative")
    try:
        result = explain(evaluate(case), party, first, second)
    except ValueError as error:
        wrong_usage(f"{error} Name a package with --against.")
    print(dumped(result.to_dict()) if as_json else f"{wrapped(str(result))}\n\n{result.text_table}")


def _list_methods(*, as_json: bool) -> None:
    from mcda.printing import TextColumn, text_table
    from mcda.ranking.methods import MENU

    methods = [("additive", "Additive value", "Keeney & Raiffa 1976")]
    methods += [(key, method.title, method.source) for key, method in MENU.items()]
    if as_json:
        names = ("method", "title", "source")
        print(dumped([dict(zip(names, row, strict=True)) for row in methods]))
        return
    print(text_table([TextColumn("method"), TextColumn("title"), TextColumn("source")], methods))


def _second_opinion(case: Case, party: str | None, method: str) -> Ranking:
    from mcda.ranking import rank as ranked
    from mcda.ranking.methods import MENU, NotOffered

    try:
        return ranked(case, party, chosen(method, MENU, "method"))
    except NotOffered as reason:
        wrong_usage(str(reason))
