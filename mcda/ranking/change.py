"""What changed in the ranking between two states of a case, as data and in a line of words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from mcda.canonical import canonical_json
from mcda.case import Case
from mcda.ranking.additive import rank_additive
from mcda.ranking.change_words import change_line, standing
from mcda.ranking.result import PartyRanking
from mcda.values import Evaluation, evaluate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PartyRankingChange", "RankingChange", "ranking_change", "standing"]

Ranks = tuple[int | None, int | None]
"""The rank before and now; None where the package takes none."""


@dataclass(frozen=True, slots=True)
class PartyRankingChange:
    """What changed for one party that is in both states, over the packages that are in both."""

    party: str
    first: tuple[str, ...]
    """The packages that share the first rank now, new ones too."""
    was_first: tuple[str, ...]
    ranks: Mapping[str, Ranks]
    """The packages whose place among those in both changed, with their ranks before and now."""
    accepts: tuple[str, ...]
    """The packages that became acceptable to it."""
    refuses: tuple[str, ...]
    """The packages that are acceptable to it no more."""
    values_moved: float
    """By how much at most a package's value moved, in points of value."""
    reservation: float
    was_reservation: float

    @property
    def is_first_changed(self) -> bool:
        """Whether other packages are first than before."""
        return set(self.first) != set(self.was_first)

    @property
    def is_changed(self) -> bool:
        """Whether a rank or what it accepts changed."""
        return bool(self.is_first_changed or self.ranks or self.accepts or self.refuses)

    def to_dict(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "party": self.party,
            "first": list(self.first),
            "was_first": list(self.was_first),
            "ranks": {name: {"was": was, "now": now} for name, (was, now) in self.ranks.items()},
            "accepts": list(self.accepts),
            "refuses": list(self.refuses),
            "values_moved": self.values_moved,
            "reservation": self.reservation,
            "was_reservation": self.was_reservation,
        }


@dataclass(frozen=True)
class RankingChange:
    """What changed in the ranking from one state of a case to another; prints as one line.

    ``before`` and ``after`` are their evaluations. All else follows from them.
    """

    before: Evaluation
    after: Evaluation

    @cached_property
    def is_same_case(self) -> bool:
        """Whether nothing at all changed in the case, not even a note."""
        return canonical_json(self.before.case) == canonical_json(self.after.case)

    @cached_property
    def parties(self) -> Mapping[str, PartyRankingChange]:
        """Party → what changed for it, for the parties that are in both, in the order now."""
        common = [name for name in self.after.parties if name in self.before.parties]
        return {name: _party_change(self.before, self.after, name) for name in common}

    @property
    def added_parties(self) -> tuple[str, ...]:
        """The parties that came."""
        return _new(self.after.parties, self.before.parties)

    @property
    def removed_parties(self) -> tuple[str, ...]:
        """The parties that went."""
        return _new(self.before.parties, self.after.parties)

    @property
    def added_packages(self) -> tuple[str, ...]:
        """The packages that came."""
        return _new(self.after.packages, self.before.packages)

    @property
    def removed_packages(self) -> tuple[str, ...]:
        """The packages that went."""
        return _new(self.before.packages, self.after.packages)

    @property
    def zone(self) -> tuple[str, ...]:
        """The listed packages in the zone now: allowed, and acceptable to every signer."""
        return _where(self.after, "in_zone")

    @property
    def was_zone(self) -> tuple[str, ...]:
        """The listed packages in the zone before."""
        return _where(self.before, "in_zone")

    @property
    def became_allowed(self) -> tuple[str, ...]:
        """The packages in both that are allowed now, and were not."""
        return self._gained("allowed", self.before, self.after)

    @property
    def not_allowed_any_more(self) -> tuple[str, ...]:
        """The packages in both that were allowed, and are not now."""
        return self._gained("allowed", self.after, self.before)

    @property
    def is_changed(self) -> bool:
        """Whether a rank, an acceptance, the zone, or who and what is listed changed."""
        came_or_went = (
            self.added_parties, self.removed_parties, self.added_packages, self.removed_packages,
            self.became_allowed, self.not_allowed_any_more,
        )  # fmt: skip
        return (
            any(came_or_went)
            or set(self.zone) != set(self.was_zone)
            or any(party.is_changed for party in self.parties.values())
        )

    @property
    def table(self) -> pd.DataFrame:
        """Ranks before and now, one row for each party and package of either state."""
        import pandas as pd

        rows = []
        for party in dict.fromkeys([*self.after.parties, *self.before.parties]):
            was, now = _ranks(self.before, party), _ranks(self.after, party)
            rows += [
                (party, package, was.get(package), now.get(package))
                for package in dict.fromkeys([*now, *was])
            ]
        table = pd.DataFrame(rows, columns=["party", "package", "was", "now"])
        table = table.astype({"was": "Int64", "now": "Int64"})
        return table.set_index(["party", "package"])

    def to_dict(self) -> dict[str, object]:
        """Return plain data; ``parties`` are those in both states."""
        return {
            "words": str(self),
            "changed": self.is_changed,
            "added_parties": list(self.added_parties),
            "removed_parties": list(self.removed_parties),
            "added_packages": list(self.added_packages),
            "removed_packages": list(self.removed_packages),
            "became_allowed": list(self.became_allowed),
            "not_allowed_any_more": list(self.not_allowed_any_more),
            "zone": list(self.zone),
            "was_zone": list(self.was_zone),
            "parties": [party.to_dict() for party in self.parties.values()],
        }

    def __str__(self) -> str:
        return change_line(self)

    def _gained(self, flag: str, before: Evaluation, after: Evaluation) -> tuple[str, ...]:
        had = _where(before, flag)
        return tuple(
            name for name in _where(after, flag) if name in before.packages and name not in had
        )


def ranking_change(before: Case | Evaluation, after: Case | Evaluation) -> RankingChange:
    """Compare the additive rankings of two states of a case.

    Args:
        before: The case as it was, or its evaluation where there is one already.
        after: The case as it is now, likewise.

    Returns:
        What changed; `str` of it is one line for a person.

    >>> from mcda.json_form import case_from_data
    >>> def case(a):
    ...     scores = {"A": a, "B": 50}
    ...     return case_from_data({
    ...         "name": "X",
    ...         "parties": [{"name": "North", "criteria": [
    ...             {"name": "c", "weight": 1, "low": 0, "high": 100}]}],
    ...         "packages": [{"name": name, "scores": {"North": {"c": score}}}
    ...                      for name, score in scores.items()]})
    >>> print(ranking_change(case(60), case(40)))
    North: B is now first (was A).
    >>> print(ranking_change(case(60), case(61.4)))
    No rank changed; North’s values moved by up to 1.4.
    """
    return RankingChange(_evaluated(before), _evaluated(after))


def _evaluated(case: Case | Evaluation) -> Evaluation:
    return case if isinstance(case, Evaluation) else evaluate(case)


def _ranking(evaluation: Evaluation, party: str) -> PartyRanking:
    return rank_additive(evaluation, party)


def _ranks(evaluation: Evaluation, party: str) -> dict[str, int | None]:
    if party not in evaluation.parties:
        return {}
    return {row.package: row.rank for row in _ranking(evaluation, party)}


def _party_change(before: Evaluation, after: Evaluation, party: str) -> PartyRankingChange:
    was, now = _ranking(before, party), _ranking(after, party)
    old = {row.package: row for row in was}
    both = [(old[row.package], row) for row in now if row.package in old]
    return PartyRankingChange(
        party=party,
        first=now.first,
        was_first=was.first,
        ranks=_moved([(a.package, a.rank, b.rank) for a, b in both]),
        accepts=tuple(b.package for a, b in both if b.acceptable and not a.acceptable),
        refuses=tuple(b.package for a, b in both if a.acceptable and not b.acceptable),
        values_moved=max((abs(b.value - a.value) for a, b in both), default=0.0),
        reservation=now.reservation,
        was_reservation=was.reservation,
    )


def _moved(ranks: Sequence[tuple[str, int | None, int | None]]) -> dict[str, Ranks]:
    """Return the packages that gained or lost a rank, or changed places with others.

    A package that comes or goes above others shifts their ranks; they have not changed places.
    """
    both = [(was, now) for _, was, now in ranks if was is not None and now is not None]
    old = sorted(was for was, _ in both)
    new = sorted(now for _, now in both)
    return {
        name: (was, now)
        for name, was, now in ranks
        if was != now
        and (was is None or now is None or bisect_left(old, was) != bisect_left(new, now))
    }


def _where(evaluation: Evaluation, flag: str) -> tuple[str, ...]:
    flags: np.ndarray = getattr(evaluation, flag)
    return tuple(name for name, set_ in zip(evaluation.packages, flags, strict=True) if set_)


def _new(names: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    known = set(before)
    return tuple(name for name in names if name not in known)
