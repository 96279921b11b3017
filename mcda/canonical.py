"""The canonical JSON form of a case: one text for one case, and its fingerprint.

Keys stand in a fixed order, what is at its default is left out, numbers are as short as they are
exact.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields

from mcda.case import Case
from mcda.parts import (
    Conditions,
    Criterion,
    DirectScores,
    Issue,
    IssueScores,
    Judged,
    Package,
    Party,
    Reservation,
    Score,
    Source,
)


def inputs_sha256(case: Case) -> str:
    """Return the fingerprint of the inputs: the SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(case)).hexdigest()


def canonical_json(case: Case) -> bytes:
    """Return the one JSON text of a case, UTF-8, with a line feed at its end."""
    text = json.dumps(canonical_data(case), ensure_ascii=False, indent=1)
    return (text + "\n").encode()


def canonical_data(case: Case) -> dict[str, object]:
    """Return a case as plain data in the JSON form, in the canonical order."""
    return _filled(
        {
            "name": case.name,
            "purpose": case.purpose,
            "as_at": case.as_at,
            "marking": case.marking,
            "sources": [_source_data(source) for source in case.sources],
            "issues": [_issue_data(issue) for issue in case.issues],
            "parties": [_party_data(party) for party in case.parties],
            "packages": [_package_data(package) for package in case.packages],
            "no_deal": [
                _filled(
                    {
                        "name": item.name,
                        "by": item.by,
                        "settings": dict(item.settings),
                        "scores": _direct_data(item.scores),
                        "values": {name: _number(value) for name, value in item.values.items()},
                    }
                )
                for item in case.no_deal
            ],
            "red_lines": [
                _filled(
                    {
                        "name": line.name,
                        "party": line.party,
                        "forbid": _conditions_data(line.forbid),
                        "stated": line.stated,
                        "source": line.source,
                    }
                )
                for line in case.red_lines
            ],
            "rules": [
                _filled(
                    {
                        "name": rule.name,
                        "if": _conditions_data(rule.when),
                        "then": _conditions_data(rule.then),
                        "forbid": _conditions_data(rule.forbid),
                        "source": rule.source,
                    }
                )
                for rule in case.rules
            ],
            "interactions": [
                _filled(
                    {
                        "name": item.name,
                        "party": item.party,
                        "criterion": item.criterion,
                        "when": _conditions_data(item.when),
                        **_score_object(item.score),
                    }
                )
                for item in case.interactions
            ],
            "scenarios": [
                _filled(
                    {
                        "name": scenario.name,
                        "why": scenario.why,
                        "parties": {
                            name: _filled(
                                {
                                    "weights": {
                                        key: _number(weight)
                                        for key, weight in change.weights.items()
                                    },
                                    "reservation": _triple_data(change.reservation),
                                    "scores": _scores_data(change.scores),
                                }
                            )
                            for name, change in scenario.parties.items()
                        },
                        "lift": list(scenario.lift),
                    }
                )
                for scenario in case.scenarios
            ],
            "recommendations": [
                _filled({"for": item.party, "package": item.package, "why": item.why})
                for item in case.recommendations
            ],
        }
    )


def _filled(data: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in data.items() if value not in (None, [], {})}


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _triple_data(value: Reservation | Score | None) -> object:
    if value is None:
        return None
    if value.low is None or value.high is None:
        return _number(value.base)
    return [_number(value.low), _number(value.base), _number(value.high)]


def _score_object(score: Score) -> dict[str, object]:
    return _filled(
        {
            "score": _triple_data(score),
            "basis": score.basis,
            "source": score.source,
            "confidence": score.confidence,
        }
    )


def _score_data(score: Score) -> object:
    data = _score_object(score)
    return data["score"] if len(data) == 1 else data


def _direct_data(scores: DirectScores) -> dict[str, object]:
    return {
        party: {criterion: _score_data(score) for criterion, score in criteria.items()}
        for party, criteria in scores.items()
    }


def _scores_data(scores: Mapping[str, IssueScores]) -> dict[str, object]:
    return {
        criterion: {
            issue: {level: _score_data(score) for level, score in levels.items()}
            for issue, levels in issues.items()
        }
        for criterion, issues in scores.items()
    }


def _conditions_data(conditions: Conditions) -> dict[str, object]:
    return {issue: list(levels) for issue, levels in conditions.items()}


def _issue_data(issue: Issue) -> dict[str, object]:
    return _filled(
        {
            "name": issue.name,
            "levels": list(issue.deal_levels),
            "no_deal_only": [level.name for level in issue.levels if not level.deal],
            "meaning": {level.name: level.meaning for level in issue.levels if level.meaning},
            "source": {level.name: level.source for level in issue.levels if level.source},
        }
    )


def _party_data(party: Party) -> dict[str, object]:
    weights_are: object = party.weights_are
    if isinstance(weights_are, float):
        weights_are = {"dirichlet": _number(weights_are)}
    return _filled(
        {
            "name": party.name,
            "signs": None if party.signs else False,
            "power": None if party.power == 1 else _number(party.power),
            "aspiration": None if party.aspiration is None else _number(party.aspiration),
            "reservation": _triple_data(party.reservation),
            "weights_are": None if weights_are == "intervals" else weights_are,
            "criteria": [_criterion_data(criterion) for criterion in party.criteria],
            "scores": _scores_data(party.scores),
        }
    )


def _criterion_data(criterion: Criterion) -> dict[str, object]:
    judged = criterion.judged or Judged()
    return _filled(
        {
            "name": criterion.name,
            "group": criterion.group,
            "weight": _number(criterion.weight),
            "weight_range": _pair_data(criterion.weight_range),
            "direction": criterion.direction,
            "low": None if criterion.low is None else _number(criterion.low),
            "high": None if criterion.high is None else _number(criterion.high),
            "unit": criterion.unit,
            "points": [[_number(x), _number(value)] for x, value in criterion.points],
            "meaning": _filled({"worst": criterion.worst, "best": criterion.best}),
            "judged": _filled(
                {
                    "method": judged.method,
                    "by": judged.by,
                    "on": judged.on,
                    "range": _pair_data(judged.range),
                }
            ),
        }
    )


def _pair_data(pair: tuple[float, float] | None) -> object:
    return None if pair is None else [_number(pair[0]), _number(pair[1])]


def _package_data(package: Package) -> dict[str, object]:
    return _filled(
        {
            "name": package.name,
            "settings": dict(package.settings),
            "scores": _direct_data(package.scores),
            "crosses": list(package.crosses),
            "note": package.note,
            "outside": list(package.outside),
            "sequence": list(package.sequence),
            "cost": package.cost,
            "reversible": package.reversible,
            "source": package.source,
        }
    )


def _source_data(source: Source) -> dict[str, object]:
    return _filled({field.name: getattr(source, field.name) for field in fields(source)})
