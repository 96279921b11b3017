"""The additive ranking, and why one package stands before another.

V_p(a) = Σ_c w_pc · v_pc(x_pc(a)) (Keeney & Raiffa 1976, ch. 3; DCLG, Multi-criteria analysis: a
manual, 2009, §5.5). The difference between two packages falls apart into one part per criterion,
which is its explanation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mcda.printing import TextColumn, signed, text_table
from mcda.ranking.result import ADDITIVE, PartyRanking, party_ranking
from mcda.values import Alternatives, Evaluation, rounded

if TYPE_CHECKING:
    import pandas as pd


def rank_additive(evaluation: Evaluation, party: str) -> PartyRanking:
    """Rank the listed packages for a party by their additive value, ties at 9 decimals."""
    column = evaluation.parties.index(party)
    return party_ranking(
        evaluation,
        party,
        method=ADDITIVE,
        scores=evaluation.party_values[:, column],
        ranked=evaluation.ranked[:, column],
        intermediates={"contributions": evaluation.contributions[party]},
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What one criterion adds to the difference between two packages.

    ``share`` of the weights (0–1), both performances in the criterion's ``unit``, both values
    (0–100), and ``points``: share × (first value − second value).
    """

    criterion: str
    share: float
    unit: str | None
    performance: tuple[float, float]
    values: tuple[float, float]
    points: float


@dataclass(frozen=True)
class Explanation:
    """Why a party values one package above another, criterion by criterion.

    ``differences`` stand with the largest first; their points add up to ``points``.
    """

    party: str
    first: str
    second: str
    first_value: float
    second_value: float
    differences: tuple[Difference, ...]

    @property
    def points(self) -> float:
        """The value of the first less that of the second."""
        return float(rounded(self.first_value - self.second_value))

    @property
    def table(self) -> pd.DataFrame:
        """One row per criterion, with the points it makes."""
        import pandas as pd

        rows = [
            {
                "criterion": item.criterion,
                "weight": item.share,
                f"{self.first}: value": item.values[0],
                f"{self.second}: value": item.values[1],
                "points": item.points,
            }
            for item in self.differences
        ]
        return pd.DataFrame(rows).set_index("criterion")

    @property
    def text_table(self) -> str:
        """The same table as text, 80 columns wide."""
        columns = [
            TextColumn("criterion"),
            TextColumn("weight", number=True),
            TextColumn("value of first", number=True),
            TextColumn("of second", number=True),
            TextColumn("points", number=True),
        ]
        rows = [
            [
                item.criterion,
                f"{item.share:.1%}",
                f"{item.values[0]:.1f}",
                f"{item.values[1]:.1f}",
                signed(item.points),
            ]
            for item in self.differences
        ]
        return text_table(columns, rows)

    def to_dict(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "party": self.party,
            "first": self.first,
            "second": self.second,
            "points": self.points,
            "differences": [
                {
                    "criterion": item.criterion,
                    "weight": item.share,
                    "performance": list(item.performance),
                    "values": list(item.values),
                    "points": item.points,
                }
                for item in self.differences
            ],
        }

    @property
    def _digits(self) -> int:
        """Decimals that show the two values, and their difference, apart; one at least."""
        values = (self.first_value, self.second_value)
        for digits in range(1, 9):
            first, second = (f"{value:.{digits}f}" for value in values)
            if first != second and round(abs(self.points), digits):
                return digits
        return 9  # differences beyond are none

    def __str__(self) -> str:
        for_it = [item for item in self.differences if item.points > 0]
        against = [item for item in self.differences if item.points < 0]
        digits = 1 if self.points == 0 else self._digits
        if self.points == 0:
            head = f"For {self.party}, “{self.first}” and “{self.second}” are worth the same"
        else:
            word = "more" if self.points > 0 else "less"
            size = f"{abs(self.points):.{digits}f} points {word}"
            size = f"hardly {word}" if digits > 1 else size
            head = f"For {self.party}, “{self.first}” is worth {size} than “{self.second}”"
        head += f" ({self.first_value:.{digits}f} against {self.second_value:.{digits}f})."
        words = [head]
        if for_it:
            words.append("For it: " + ", ".join(_told(item) for item in for_it) + ".")
        if against:
            words.append("Against it: " + ", ".join(_told(item) for item in against) + ".")
        return " ".join(words)


def _told(item: Difference) -> str:
    return f"{item.criterion} ({signed(item.points)})"


def explain(evaluation: Evaluation, party: str, first: str, second: str | None) -> Explanation:
    """Explain the difference in a party's value between a listed package and something else.

    ``second`` is another listed package or a no-deal alternative; None is the first no deal.

    Raises:
        KeyError: for a party, a package or a no-deal alternative that the case does not have.
        ValueError: where the value of no deal is stated, with no criteria behind it.
    """
    if party not in evaluation.parties:
        raise KeyError(party)
    column = evaluation.parties.index(party)
    at = _place(evaluation.listed, first)
    if second in evaluation.packages:
        other, row = evaluation.listed, evaluation.packages.index(second)
    else:
        other = evaluation.without_deal
        row = 0 if second is None else _place(other, second)
        if not other.names or np.isnan(other.performance[party][row]).any():
            raise ValueError(f"No deal has no criteria behind its value for {party}.")
        inherited = {**evaluation.case.no_deal[0].values, **evaluation.case.no_deal[row].values}
        if party in inherited or evaluation.case.party(party).reservation is not None:
            raise ValueError(f"The no-deal value of {party} is stated, with no criteria behind it.")
    criteria = evaluation.case.party(party).criteria
    differences = [
        Difference(
            criterion=criterion.name,
            share=float(evaluation.case.party(party).shares[index]),
            unit=criterion.unit,
            performance=(
                float(evaluation.performance[party][at, index]),
                float(other.performance[party][row, index]),
            ),
            values=(
                float(evaluation.values[party][at, index]),
                float(other.values[party][row, index]),
            ),
            points=float(
                evaluation.contributions[party][at, index] - other.contributions[party][row, index]
            ),
        )
        for index, criterion in enumerate(criteria)
    ]
    return Explanation(
        party=party,
        first=first,
        second=other.names[row],
        first_value=float(evaluation.party_values[at, column]),
        second_value=float(other.party_values[row, column]),
        differences=tuple(sorted(differences, key=lambda item: -abs(item.points))),
    )


def _place(alternatives: Alternatives, name: str) -> int:
    if name not in alternatives.names:
        raise KeyError(name)
    return alternatives.names.index(name)
