"""How far the ranking methods agree for a party: who is first under each, and Kendall's τ.

Kendall (1945), τ-b: of all pairs of packages, those that two methods order alike less those that
they order against each other, divided by the geometric mean of the numbers of pairs that each of
them does not tie. 1 is the same order, -1 the reverse.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mcda.case import Case
from mcda.printing import WIDTH
from mcda.ranking.additive import rank_additive
from mcda.ranking.methods import MENU, party_performance, rank_by
from mcda.ranking.result import ADDITIVE, PartyRanking
from mcda.values import Evaluation, evaluate

if TYPE_CHECKING:
    import pandas as pd

ROWS = 1 << 22
"""Comparisons held in memory at a time."""


@dataclass(frozen=True)
class Comparison:
    """One party's packages under every method that can be used for them.

    ``rankings`` go from a method's key to its ranking, the additive one first; ``not_offered``
    from a key to the reason why that method cannot be used here. ``tau`` (k, k) is Kendall's τ-b
    between the k rankings in their order, NaN where one of them ties all packages.
    """

    party: str
    rankings: Mapping[str, PartyRanking]
    not_offered: Mapping[str, str]
    tau: NDArray[np.float64]

    @property
    def methods(self) -> tuple[str, ...]:
        """The keys of the methods that rank, the additive one first."""
        return tuple(self.rankings)

    @property
    def first(self) -> Mapping[str, tuple[str, ...]]:
        """Method → the packages that share its first rank."""
        return {key: ranking.first for key, ranking in self.rankings.items()}

    @property
    def first_under(self) -> Mapping[tuple[str, ...], tuple[str, ...]]:
        """Packages that are first together → the methods that say so, most methods first."""
        groups: dict[tuple[str, ...], tuple[str, ...]] = {}
        for key, packages in self.first.items():
            groups[packages] = (*groups.get(packages, ()), key)
        return dict(sorted(groups.items(), key=lambda group: -len(group[1])))

    @cached_property
    def ranks(self) -> Mapping[str, Mapping[str, int | None]]:
        """Package → method → rank, packages in the order of the additive ranking."""
        by_method = {
            key: {row.package: row.rank for row in ranking}
            for key, ranking in self.rankings.items()
        }
        return {
            row.package: {key: ranks[row.package] for key, ranks in by_method.items()}
            for row in self.rankings[ADDITIVE]
        }

    def agreement(self, one: str, other: str) -> float | None:
        """Kendall's τ-b between two methods, -1 to 1; None where one of them ties all packages.

        Raises:
            KeyError: One of them does not rank here.
        """
        for key in (one, other):
            if key not in self.rankings:
                raise KeyError(key)
        found = self.tau[self.methods.index(one), self.methods.index(other)]
        return None if np.isnan(found) else float(found)

    @property
    def undefined(self) -> Mapping[str, str]:
        """Method → why it has no τ with any other."""
        return {
            key: _why_no_tau(ranking)
            for key, ranking in self.rankings.items()
            if len({row.rank for row in ranking if row.rank}) < 2
        }

    @property
    def table(self) -> pd.DataFrame:
        """Ranks, one row per package and one column per method."""
        import pandas as pd

        columns = {
            key: pd.array([ranks[key] for ranks in self.ranks.values()], dtype="Int64")
            for key in self.methods
        }
        return pd.DataFrame(columns, index=pd.Index(list(self.ranks), name="package"))

    @property
    def tau_table(self) -> pd.DataFrame:
        """Kendall's τ-b, method by method; empty cells where it is not defined."""
        import pandas as pd

        return pd.DataFrame(self.tau, index=list(self.methods), columns=list(self.methods))

    def to_dict(self) -> dict[str, object]:
        """Return plain data; a τ that is not defined is None, and ``undefined`` says why."""
        return {
            "party": self.party,
            "methods": list(self.methods),
            "titles": {key: title(key) for key in self.methods},
            "first": {key: list(packages) for key, packages in self.first.items()},
            "ranks": {package: dict(ranks) for package, ranks in self.ranks.items()},
            "tau": {
                one: {other: self.agreement(one, other) for other in self.methods}
                for one in self.methods
            },
            "undefined": dict(self.undefined),
            "not_offered": dict(self.not_offered),
        }

    def __str__(self) -> str:
        count = sum(row.rank is not None for row in self.rankings[ADDITIVE])
        ranked = f"{count} package{'' if count == 1 else 's'} ranked"
        methods = f"{len(self.methods)} method{'' if len(self.methods) == 1 else 's'}"
        lines = [f"{self.party}: {ranked} by {methods}.", ""]
        lines += self._first_in_words()
        lines += self._agreement_in_words()
        if self.not_offered:
            lines += ["Not offered:"]
            lines += [
                line
                for key, reason in self.not_offered.items()
                for line in _wrapped(f"{title(key)}: {reason}")
            ]
        return "\n".join(lines).rstrip()

    def _first_in_words(self) -> list[str]:
        if not any(self.first.values()):
            return ["No package takes a rank.", ""]
        lines = []
        for packages, keys in self.first_under.items():
            names = " and ".join(packages)
            verb = "is first" if len(packages) == 1 else "share the first rank"
            lines += _wrapped(
                f"{names} {verb} under {len(keys)}: {', '.join(title(key) for key in keys)}."
            )
        return [*lines, ""]

    def _agreement_in_words(self) -> list[str]:
        others = self.methods[1:]
        if not others:
            return []
        if ADDITIVE in self.undefined:
            return [*_wrapped(self.undefined[ADDITIVE]), ""]
        lines = ["Agreement with the additive ranking (Kendall's τ-b; 1 is the same order):"]
        found = {key: self.agreement(ADDITIVE, key) for key in others}
        for key, tau in sorted(found.items(), key=lambda item: (item[1] is None, -(item[1] or 0))):
            told = f"{tau:5.2f}" if tau is not None else f"    –  {self.undefined[key]}"
            lines.append(f"  {title(key):<26}{told}")
        return [*lines, ""]


def title(method: str) -> str:
    """What a person reads for a method's key.

    >>> title("electre2"), title("additive")
    ('ELECTRE II', 'Additive value')
    """
    return "Additive value" if method == ADDITIVE else MENU[method].title


def _why_no_tau(ranking: PartyRanking) -> str:
    count = sum(row.rank is not None for row in ranking)
    if count < 2:
        return f"{count or 'No'} package{'' if count == 1 else 's'} ranked: no pairs to compare."
    return "All packages tie: there is no order to compare."


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ")


def compare(case: Case | Evaluation, party: str) -> Comparison:
    """Rank a party's listed packages by every method, and say how far they agree.

    Args:
        case: The case, or its evaluation where there is one already.
        party: Whose criteria, weights and performances count.

    Returns:
        Who is first under each method, ranks, Kendall's τ-b between each two methods, and which
        methods are not offered for these packages, with the reason.

    Raises:
        KeyError: The case has no such party.
    """
    evaluation = case if isinstance(case, Evaluation) else evaluate(case)
    performances = party_performance(evaluation, party)
    rankings = {ADDITIVE: rank_additive(evaluation, party)}
    not_offered = {}
    for key, method in MENU.items():
        reason = method.why_not(performances)
        if reason:
            not_offered[key] = reason
        else:
            rankings[key] = rank_by(evaluation, party, key)
    return Comparison(
        party=party,
        rankings=rankings,
        not_offered=not_offered,
        tau=kendall_tau([_ranks(ranking, performances.packages) for ranking in rankings.values()]),
    )


def _ranks(ranking: PartyRanking, packages: Sequence[str]) -> list[int]:
    ranks = {row.package: row.rank or 0 for row in ranking}
    return [ranks[package] for package in packages]


def kendall_tau(rankings: ArrayLike, /) -> NDArray[np.float64]:
    """Kendall's τ-b between each two of k rankings of n packages, O(k n² + k² n²) time.

    Args:
        rankings: Shape (k, n); equal numbers are ties.

    Returns:
        Shape (k, k), symmetric, -1 to 1; NaN where one of the two ties all packages (Kendall 1945).

    Example:
        >>> kendall_tau([[1, 2, 3, 4], [1, 2, 4, 3], [1, 1, 1, 1]]).round(3).tolist()
        [[1.0, 0.667, nan], [0.667, 1.0, nan], [nan, nan, nan]]
    """
    ranks = np.asarray(rankings, dtype=np.float64)
    k, n = ranks.shape
    together = np.zeros((k, k))
    block = max(1, ROWS // max(1, n * k))
    for start in range(0, n, block):
        orders = np.sign(ranks[:, start : start + block, None] - ranks[:, None, :])
        orders = orders.reshape(k, -1)
        together += orders @ orders.T
    untied = np.diag(together)
    scale = np.sqrt(np.outer(untied, untied))
    tau = np.full((k, k), np.nan)
    np.divide(together, scale, out=tau, where=scale > 0)
    return tau
