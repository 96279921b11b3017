"""A case as rows of the input tables: what stands in each cell, by the column's key.

The inverse of :mod:`mcda.workbook.read`; row order is the order of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from mcda.case import Case
from mcda.parts import (
    Conditions,
    Criterion,
    DirectScores,
    Judged,
    Party,
    PartyChange,
    Reservation,
    Scenario,
    Score,
)
from mcda.workbook import layout

Cell = str | float | None
Row = dict[str, Cell]


def rows_of(table: layout.Table, case: Case) -> list[Row]:
    """Return the rows of one input table for ``case``, without the columns that depend on it."""
    return list(_ROWS[table.key](case))


def cell_of(entries: Iterable[str]) -> str | None:
    r"""Return the text of a list cell, one entry a line; an entry's further lines begin with a tab.

    >>> cell_of(["prisoner exchange", "port access,\nfrom May"])
    'prisoner exchange\nport access,\n\tfrom May'
    """
    return "\n".join(entry.replace("\n", "\n\t") for entry in entries) or None


def _issues(case: Case) -> Iterator[Row]:
    for issue in case.issues:
        for level in issue.levels:
            yield {
                "Issue": issue.name,
                "Level": level.name,
                "Occurs": layout.DEAL if level.deal else layout.NO_DEAL_ONLY,
                "Meaning": level.meaning,
                "Source": level.source,
            }


def _parties(case: Case) -> Iterator[Row]:
    for party in case.parties:
        low, base, high = _ends(party.reservation)
        is_dirichlet = isinstance(party.weights_are, float)
        yield {
            "Party": party.name,
            "Signs": layout.YES if party.signs else layout.NO,
            "ReservationLow": low,
            "Reservation": base,
            "ReservationHigh": high,
            "Aspiration": party.aspiration,
            "Power": party.power,
            "WeightsAre": layout.DIRICHLET if is_dirichlet else party.weights_are,
            "Concentration": party.weights_are if is_dirichlet else None,
        }


def _ends(stated: Reservation | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if stated is None else (stated.low, stated.base, stated.high)


def _criteria(case: Case) -> Iterator[Row]:
    for party, criterion in case.criteria():
        row: Row = {
            "Party": party.name,
            "Criterion": criterion.name,
            "Group": criterion.group,
            "Direction": criterion.direction,
            "Low": criterion.low,
            "High": criterion.high,
            "Unit": criterion.unit,
            "Worst": criterion.worst,
            "Best": criterion.best,
        }
        for n, (x, value) in enumerate(criterion.points, 1):
            row |= {f"X{n}": x, f"V{n}": value}
        yield row


def _weights(case: Case) -> Iterator[Row]:
    return (_weight(party, criterion) for party, criterion in case.criteria())


def _weight(party: Party, criterion: Criterion) -> Row:
    low, high = criterion.weight_range or (None, None)
    judged = criterion.judged or Judged()
    start, end = judged.range or (None, None)
    return {
        "Party": party.name,
        "Criterion": criterion.name,
        "Weight": criterion.weight,
        "Low": low,
        "High": high,
        "JudgedFrom": start,
        "JudgedTo": end,
        "How": judged.method,
        "By": judged.by,
        "On": judged.on,
    }


def _packages(case: Case) -> Iterator[Row]:
    for package in case.packages:
        yield {
            "Package": package.name,
            "Crosses": cell_of(package.crosses),
            "Note": package.note,
            "Outside": cell_of(package.outside),
            "Sequence": cell_of(package.sequence),
            "Cost": package.cost,
            "Reversible": package.reversible,
            "Source": package.source,
        }


def _no_deal(case: Case) -> Iterator[Row]:
    for no_deal in case.no_deal:
        yield {"NoDeal": no_deal.name, "By": no_deal.by}


def _scores(case: Case) -> Iterator[Row]:
    for issue in case.issues:
        for level in issue.level_names:
            yield {"Issue": issue.name, "Level": level}


def _direct(case: Case) -> Iterator[Row]:
    for package in case.packages:
        if package.scores:
            yield {"Kind": layout.PACKAGE_KIND, "Name": package.name}
    for no_deal in case.no_deal:
        if no_deal.scores:
            yield {"Kind": layout.NO_DEAL_KIND, "Name": no_deal.name}


def _evidence(case: Case) -> Iterator[Row]:
    for party in case.parties:
        for criterion, issues in party.scores.items():
            for issue, levels in issues.items():
                for level, score in levels.items():
                    if score.has_evidence:
                        place: Row = {"Party": party.name, "Criterion": criterion, "Issue": issue}
                        kind: Row = {"Of": layout.LEVEL_KIND, "Level": level}
                        yield place | kind | _evidence_on(score)
    for package in case.packages:
        yield from _direct_evidence(layout.PACKAGE_KIND, package.name, package.scores)
    for no_deal in case.no_deal:
        yield from _direct_evidence(layout.NO_DEAL_KIND, no_deal.name, no_deal.scores)


def _direct_evidence(kind: str, name: str, scores: DirectScores) -> Iterator[Row]:
    for party, criteria in scores.items():
        for criterion, score in criteria.items():
            if score.has_evidence:
                place: Row = {"Party": party, "Criterion": criterion, "Of": kind, "Level": name}
                yield place | _evidence_on(score)


def _evidence_on(score: Score) -> Row:
    return {
        "Low": score.low,
        "High": score.high,
        "Basis": score.basis,
        "Source": score.source,
        "Confidence": score.confidence,
    }


def _rules(case: Case) -> Iterator[Row]:
    for rule in case.rules:
        yield {"Name": rule.name, "Kind": layout.RULE_KIND, "Source": rule.source}
    for line in case.red_lines:
        stated = {True: layout.STATED, False: layout.INFERRED, None: None}[line.stated]
        yield {
            "Name": line.name,
            "Kind": layout.RED_LINE_KIND,
            "Party": line.party,
            "Stated": stated,
            "Source": line.source,
        }
    for interaction in case.interactions:
        start: Row = {"Name": interaction.name, "Kind": layout.INTERACTION_KIND}
        of: Row = {"Party": interaction.party, "Criterion": interaction.criterion}
        score = interaction.score
        yield {**start, **of, "Score": score.base, **_evidence_on(score)}


def _conditions(case: Case) -> Iterator[Row]:
    for rule in case.rules:
        parts = {layout.IF: rule.when, layout.THEN: rule.then, layout.FORBID: rule.forbid}
        yield from _parts(rule.name, layout.RULE_KIND, parts)
    for line in case.red_lines:
        yield from _parts(line.name, layout.RED_LINE_KIND, {layout.FORBID: line.forbid})
    for item in case.interactions:
        yield from _parts(item.name, layout.INTERACTION_KIND, {layout.WHEN: item.when})


def _parts(name: str, kind: str, parts: Mapping[str, Conditions]) -> Iterator[Row]:
    for part, conditions in parts.items():
        for issue, levels in conditions.items():
            for level in levels:
                yield {"Name": name, "Kind": kind, "Part": part, "Issue": issue, "Level": level}


def _scenarios(case: Case) -> Iterator[Row]:
    for scenario in case.scenarios:
        # A scenario that changes nothing yet still has a row, and its name stands there.
        changes = list(_changes(scenario)) or [{}]
        changes[0]["Why"] = scenario.why
        for change in changes:
            yield {"Scenario": scenario.name, **change}


def _changes(scenario: Scenario) -> Iterator[Row]:
    for party, change in scenario.parties.items():
        for row in _party_changes(change):
            yield {"Party": party, **row}
    for name in scenario.lift:
        yield {"Change": layout.LIFT, "Lifted": name}


def _party_changes(change: PartyChange) -> Iterator[Row]:
    for criterion, weight in change.weights.items():
        yield {"Change": layout.WEIGHT_CHANGE, "Criterion": criterion, "Value": weight}
    stated = change.reservation
    if stated is not None:
        ends: Row = {"Low": stated.low, "Value": stated.base, "High": stated.high}
        yield {"Change": layout.RESERVATION_CHANGE, **ends}
    for criterion, issues in change.scores.items():
        for issue, levels in issues.items():
            for level, score in levels.items():
                place: Row = {"Criterion": criterion, "Issue": issue, "Level": level}
                new: Row = {"Change": layout.SCORE_CHANGE, "Value": score.base}
                yield new | place | _evidence_on(score)


def _recommendations(case: Case) -> Iterator[Row]:
    for item in case.recommendations:
        yield {"For": item.party, "Package": item.package, "Why": item.why}


def _sources(case: Case) -> Iterator[Row]:
    for source in case.sources:
        yield {
            "Id": source.id,
            "Statement": source.statement,
            "Date": source.date,
            "Source": source.source,
            "Url": source.url,
            "Confidence": source.confidence,
        }


_ROWS: dict[str, Callable[[Case], Iterator[Row]]] = {
    layout.ISSUES_TABLE.key: _issues,
    layout.PARTIES_TABLE.key: _parties,
    layout.CRITERIA_TABLE.key: _criteria,
    layout.WEIGHTS_TABLE.key: _weights,
    layout.PACKAGES_TABLE.key: _packages,
    layout.NO_DEAL_TABLE.key: _no_deal,
    layout.SCORES_TABLE.key: _scores,
    layout.DIRECT_TABLE.key: _direct,
    layout.EVIDENCE_TABLE.key: _evidence,
    layout.RULES_TABLE.key: _rules,
    layout.CONDITIONS_TABLE.key: _conditions,
    layout.SCENARIOS_TABLE.key: _scenarios,
    layout.RECOMMENDATIONS_TABLE.key: _recommendations,
    layout.SOURCES_TABLE.key: _sources,
}
