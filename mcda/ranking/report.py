"""The ranking as a person reads it in a terminal: who would accept what, then each party's list."""

from __future__ import annotations

from mcda.printing import TextColumn, listed, signed, text_table, wrapped
from mcda.ranking.additive import explain
from mcda.ranking.result import ADDITIVE, PartyRanking, RankedPackage, Ranking
from mcda.values import Evaluation


def report(ranking: Ranking, evaluation: Evaluation) -> str:
    """Return the whole report, 80 columns wide."""
    case = evaluation.case
    head = [case.name]
    if case.marking:
        head.append(wrapped(case.marking))
    if not case.packages:
        head.append("The case lists no packages.")
        return "\n".join(head)
    parts = ["\n".join(head)]
    if len(ranking.parties) > 1:
        parts.append(overview(evaluation))
    parts += [party_report(one, evaluation) for one in ranking]
    parts += [wrapped(reason) for reason in ranking.not_offered.values()]
    parts.append(f"Inputs {ranking.inputs_sha256[:12]} · method: {ranking.method}")
    return "\n\n".join(parts)


PARTIES_ABREAST = 4
"""Parties that fit side by side in 80 columns."""


def overview(evaluation: Evaluation) -> str:
    """Return the table packages × parties: each party's surplus, or the red line crossed."""
    parties = evaluation.parties
    groups = [
        range(start, min(start + PARTIES_ABREAST, len(parties)))
        for start in range(0, len(parties), PARTIES_ABREAST)
    ]
    signers = listed(evaluation.case.signers, parties)
    inside = int(evaluation.in_zone.sum())
    found = f"{inside} of {len(evaluation.packages)}" if inside else "None"
    legend = (
        f"Surplus over no deal; ✓ acceptable, ✗ not. {found} in the zone: allowed, and "
        f"acceptable to every signer ({signers})."
    )
    tables = [_abreast(evaluation, group) for group in groups]
    return "\n\n".join(["Who would accept what", *tables]) + f"\n{wrapped(legend)}"


def _abreast(evaluation: Evaluation, columns: range) -> str:
    heads = [TextColumn("package")]
    heads += [TextColumn(evaluation.parties[column], width=9) for column in columns]
    rows = [
        [
            package,
            *(_mark(evaluation, index, column) for column in columns),
            "yes" if evaluation.in_zone[index] else "no",
        ]
        for index, package in enumerate(evaluation.packages)
    ]
    return text_table([*heads, TextColumn("zone", width=4)], rows)


def _mark(evaluation: Evaluation, index: int, column: int) -> str:
    if evaluation.refused[index, column]:
        return "red line"
    mark = "✓" if evaluation.acceptable[index, column] else "✗"
    return f"{mark} {signed(float(evaluation.surplus[index, column])):>5}"


def party_report(ranking: PartyRanking, evaluation: Evaluation) -> str:
    """Return one party's list, and why the first stands before the second."""
    head = f"{ranking.party}: no deal is worth {ranking.reservation:.1f}"
    if ranking.method != ADDITIVE:
        better = "more" if ranking.direction == "max" else "less"
        head += f" · score by {ranking.method}, {better} is better"
    scored = ranking.method != ADDITIVE
    columns = [
        TextColumn("#", True),
        TextColumn("package"),
        TextColumn("value", True),
        *([TextColumn("score", True)] if scored else []),
        TextColumn("surplus", True),
        TextColumn("acceptable to"),
    ]
    rows = [
        [
            "–" if row.rank is None else str(row.rank),
            row.package,
            f"{row.value:.1f}",
            *([("–" if row.score is None else f"{row.score:.4g}")] if scored else []),
            signed(row.surplus),
            _acceptance(row, evaluation),
        ]
        for row in ranking
    ]
    parts = [head, text_table(columns, rows)]
    if why := _why(ranking, evaluation):
        parts.append(wrapped(why, 2))
    if ranking.note:
        parts.append(wrapped(f"Method: {ranking.note}", 2))
    return "\n".join(parts)


def _acceptance(row: RankedPackage, evaluation: Evaluation) -> str:
    index = evaluation.packages.index(row.package)
    accepting = [
        party
        for party, accepts in zip(evaluation.parties, evaluation.acceptable[index], strict=True)
        if accepts
    ]
    words = [listed(accepting, evaluation.parties)]
    if row.red_lines:
        words.append("red line of " + listed(row.red_lines, evaluation.parties))
    if row.rules_broken:
        count = len(row.rules_broken)
        words.append(f"breaks {count} rule{'s' if count > 1 else ''}")
    return "; ".join(words)


def _why(ranking: PartyRanking, evaluation: Evaluation) -> str:
    ranked = [row for row in ranking if row.rank is not None]
    if ranking.method != ADDITIVE or len(ranked) < 2:
        return ""
    return str(explain(evaluation, ranking.party, ranked[0].package, ranked[1].package))
