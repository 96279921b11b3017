"""The case: one negotiation as one analyst sees it, as a frozen data model.

Everything that a workbook or a JSON file can carry stands here, in the words of the field. A case
usually comes in through a door (:func:`mcda.read`, :func:`mcda.json_form.case_from_data`); however
it is made, it is validated, so that a `Case` in an invalid state cannot exist. This module knows
nothing of Excel, files or screens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mcda.parts import (
    CaseParts,
    Conditions,
    Criterion,
    Direction,
    DirectScores,
    Frozen,
    Interaction,
    Issue,
    IssueScores,
    Judged,
    Level,
    NoDeal,
    Package,
    Party,
    PartyChange,
    Recommendation,
    RedLine,
    Reservation,
    Rule,
    Scenario,
    Score,
    Settings,
    Source,
    WeightsAre,
)
from mcda.problems import CaseProblem, ProblemList, json_path
from mcda.validation import validate

__all__ = [
    "Case", "CaseProblem", "Conditions", "Criterion", "DirectScores", "Direction", "Frozen",
    "Interaction", "Issue", "IssueScores", "Judged", "Level", "NoDeal", "Package", "Party",
    "PartyChange", "Recommendation", "RedLine", "Reservation", "Rule", "Scenario", "Score",
    "Settings", "Source", "WeightsAre",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case(CaseParts):
    """Everything in one workbook: one negotiation as one analyst sees it.

    Raises:
        CaseProblem: with every problem of meaning found, each with its JSON path.
    """

    def __post_init__(self) -> None:
        problems = ProblemList(json_path)
        validate(self, problems)
        problems.raise_if_any()

    def party(self, name: str) -> Party:
        """Return the party of that name; KeyError if there is none."""
        for party in self.parties:
            if party.name == name:
                return party
        raise KeyError(name)

    def issue(self, name: str) -> Issue:
        """Return the issue of that name; KeyError if there is none."""
        for issue in self.issues:
            if issue.name == name:
                return issue
        raise KeyError(name)

    def package(self, name: str) -> Package:
        """Return the listed package of that name; KeyError if there is none."""
        for package in self.packages:
            if package.name == name:
                return package
        raise KeyError(name)

    @property
    def party_names(self) -> tuple[str, ...]:
        """The parties in the order of the case."""
        return tuple(party.name for party in self.parties)

    @property
    def signers(self) -> tuple[str, ...]:
        """The parties without whose yes there is no agreement."""
        return tuple(party.name for party in self.parties if party.signs)

    def criteria(self) -> Iterator[tuple[Party, Criterion]]:
        """Walk over every party's criteria in the order of the case."""
        for party in self.parties:
            for criterion in party.criteria:
                yield party, criterion
