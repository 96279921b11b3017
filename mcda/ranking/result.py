"""What every ranking method answers: one party's listed packages, ranked, with what explains it.

Ranks are 1, 2, 2, 4. A package that breaks a rule or crosses the party's own red line has no rank;
it follows with its value and the reason (DESIGN §3.9).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from mcda.values import Booleans, Evaluation, Floats

if TYPE_CHECKING:
    import pandas as pd


ADDITIVE = "additive"
"""The key of the additive method, whose score is the party value itself."""


@dataclass(frozen=True, slots=True)
class RankedPackage:
    """A listed package as one party sees it under one method.

    ``value`` is V on 0–100 (it may lie outside), ``score`` the method's own figure, the same as the
    value for the additive method; ``surplus`` is value minus reservation value.
    """

    package: str
    value: float
    score: float | None
    rank: int | None
    surplus: float
    acceptable: bool
    allowed: bool
    red_lines: tuple[str, ...]
    """Parties whose red line it crosses."""
    rules_broken: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why it is not allowed, in words; empty where it is."""
        parts = []
        if self.rules_broken:
            parts.append("breaks " + "; ".join(self.rules_broken))
        if self.red_lines:
            parts.append("crosses a red line of " + ", ".join(self.red_lines))
        return "; ".join(parts)

    def to_dict(self) -> dict[str, object]:
        """Return the package as plain data, in the form of ``mcda rank --json``."""
        return {
            "package": self.package,
            "value": self.value,
            "rank": self.rank,
            "surplus": self.surplus,
            "acceptable": self.acceptable,
            "allowed": self.allowed,
            "red_lines": list(self.red_lines),
            "rules_broken": list(self.rules_broken),
        }


@dataclass(frozen=True)
class PartyRanking:
    """One party's ranking under one method, best first, packages without a rank last.

    ``direction`` says whether more or less of the method's score is better. ``intermediates`` are
    the method's own steps, by caption; ``note`` says what was done to the numbers on the way.
    """

    party: str
    method: str
    reservation: float
    rows: tuple[RankedPackage, ...]
    direction: Literal["max", "min"] = "max"
    intermediates: Mapping[str, object] = field(default_factory=dict)
    note: str = ""

    def __iter__(self) -> Iterator[RankedPackage]:
        return iter(self.rows)

    def __getitem__(self, package: str) -> RankedPackage:
        for row in self.rows:
            if row.package == package:
                return row
        raise KeyError(package)

    @property
    def first(self) -> tuple[str, ...]:
        """The packages that share the first rank."""
        return tuple(row.package for row in self.rows if row.rank == 1)

    @property
    def table(self) -> pd.DataFrame:
        """A labelled table, one row per package."""
        import pandas as pd

        rows = [
            {
                "rank": row.rank,
                "package": row.package,
                "value": row.value,
                **({} if self.method == ADDITIVE else {self.method: row.score}),
                "surplus": row.surplus,
                "acceptable": row.acceptable,
                "allowed": row.allowed,
                "red lines": ", ".join(row.red_lines),
                "rules broken": ", ".join(row.rules_broken),
            }
            for row in self.rows
        ]
        table = pd.DataFrame(rows).astype({"rank": "Int64"}) if rows else pd.DataFrame()
        return table.set_index("package") if rows else table

    def to_dict(self) -> dict[str, object]:
        """Return plain data; other methods than the additive one add their ``score``."""
        ranking = [row.to_dict() for row in self.rows]
        if self.method != ADDITIVE:
            for data, row in zip(ranking, self.rows, strict=True):
                data["score"] = row.score
        return {"reservation": self.reservation, "ranking": ranking}

    def __str__(self) -> str:
        head = f"{self.party}: no deal is worth {self.reservation:.1f}"
        lines = [
            f"{row.rank if row.rank is not None else '–':>3}  {row.value:7.1f}  "
            f"{row.surplus:+7.1f}  {row.package}{f'  ({row.reason})' if row.reason else ''}"
            for row in self.rows
        ]
        return "\n".join([head, "  #    value  surplus  package", *lines])


@dataclass(frozen=True)
class Ranking:
    """The rankings of several parties under one method; ``ranking["Russia"]`` is one of them."""

    case: str
    inputs_sha256: str
    method: str
    parties: Mapping[str, PartyRanking]
    not_offered: Mapping[str, str] = field(default_factory=dict)
    """Party → why the method cannot be used for its packages."""

    def __getitem__(self, party: str) -> PartyRanking:
        return self.parties[party]

    def __iter__(self) -> Iterator[PartyRanking]:
        return iter(self.parties.values())

    @property
    def table(self) -> pd.DataFrame:
        """One table for all parties, with the party in the index."""
        import pandas as pd

        return pd.concat({name: one.table for name, one in self.parties.items()}, names=["party"])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, in the form of ``mcda rank --json``."""
        return {
            "case": self.case,
            "inputs_sha256": self.inputs_sha256,
            "method": self.method,
            "parties": {name: one.to_dict() for name, one in self.parties.items()},
            **({"not_offered": dict(self.not_offered)} if self.not_offered else {}),
        }

    def __str__(self) -> str:
        return "\n\n".join([*map(str, self.parties.values()), *self.not_offered.values()])


def competition_ranks(scores: Floats, *, better: Literal["max", "min"] = "max") -> list[int]:
    """Return ranks 1, 2, 2, 4 for scores (n,) that are already rounded; equal scores tie.

    >>> competition_ranks(np.array([3.0, 5.0, 3.0, 1.0]))
    [2, 1, 2, 4]
    """
    keys = -scores if better == "max" else scores
    return [int(rank) + 1 for rank in np.searchsorted(np.sort(keys), keys, side="left")]


def party_ranking(
    evaluation: Evaluation,
    party: str,
    *,
    method: str,
    scores: Floats,
    ranked: Booleans,
    compared: Floats | None = None,
    direction: Literal["max", "min"] = "max",
    intermediates: Mapping[str, object] | None = None,
    note: str = "",
) -> PartyRanking:
    """Put scores of a party's listed packages into a ranking.

    ``scores``: (n,), NaN where the method gave none; ``ranked``: (n,), which packages take a rank;
    ``compared``: (n,), the scores as rounded for comparison, where they differ from ``scores``.
    """
    column = evaluation.parties.index(party)
    basis = scores if compared is None else compared
    ranks: list[int | None] = [None] * len(scores)
    where = np.flatnonzero(ranked)
    for index, rank in zip(where, competition_ranks(basis[where], better=direction), strict=True):
        ranks[int(index)] = rank
    rows = [
        RankedPackage(
            package=name,
            value=float(evaluation.party_values[index, column]),
            score=None if np.isnan(scores[index]) else float(scores[index]),
            rank=ranks[index],
            surplus=float(evaluation.surplus[index, column]),
            acceptable=bool(evaluation.acceptable[index, column]),
            allowed=bool(evaluation.allowed[index]),
            red_lines=evaluation.crossed_by(index),
            rules_broken=evaluation.rules_broken(index),
        )
        for index, name in enumerate(evaluation.packages)
    ]
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, -row.value if not row.rank else 0))
    return PartyRanking(
        party=party,
        method=method,
        reservation=float(evaluation.reservation[column]),
        rows=tuple(rows),
        direction=direction,
        intermediates=intermediates or {},
        note=note,
    )
