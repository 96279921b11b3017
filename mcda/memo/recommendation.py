"""Which package the memo recommends, and by which rule.

The analyst's own recommendation to the audience stands where the case carries one. Otherwise the
program's: among the listed packages that are allowed and acceptable to the audience and to every
signer, the one of the highest value to the audience. If there is none, no deal; the nearest
package is then the allowed one with the least greatest shortfall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mcda.parts import Recommendation
from mcda.values import Evaluation, rounded


@dataclass(frozen=True, slots=True)
class Standing:
    """How a listed package stands with those whose yes is needed.

    ``surplus`` of every party; ``refusing`` are the signers (and the audience) that do not accept
    it; ``shortfall`` is the greatest max(0, r − V) among them, in that party's own points.
    """

    package: str
    value: float
    surplus: dict[str, float]
    refusing: tuple[str, ...]
    red_lines: tuple[str, ...]
    rules_broken: tuple[str, ...]
    shortfall: float

    @property
    def allowed(self) -> bool:
        """Whether it breaks no rule and crosses no party's red line."""
        return not self.red_lines and not self.rules_broken


@dataclass(frozen=True, slots=True)
class Advice:
    """What the memo recommends to the audience.

    ``standings`` of all listed packages, the highest value to the audience first.
    """

    audience: str
    standings: tuple[Standing, ...]
    chosen: Recommendation | None
    """The analyst's own recommendation."""

    @property
    def zone(self) -> tuple[Standing, ...]:
        """The listed packages that are allowed and acceptable to audience and signers."""
        return tuple(one for one in self.standings if one.allowed and not one.refusing)

    @property
    def computed(self) -> tuple[Standing, ...]:
        """The program's own choice: the best of the zone for the audience, all that tie."""
        return tuple(one for one in self.zone if one.value == self.zone[0].value)

    @property
    def nearest(self) -> Standing | None:
        """The allowed listed package with the least greatest shortfall."""
        allowed = [one for one in self.standings if one.allowed]
        return min(allowed, key=lambda one: (one.shortfall, -one.value)) if allowed else None

    @property
    def package(self) -> Standing | None:
        """What is recommended; None for no deal."""
        if self.chosen is not None:
            return self[self.chosen.package]
        return self.computed[0] if self.computed else None

    @property
    def runner_up(self) -> Standing | None:
        """The best of the zone beside what is recommended, or the best that is allowed."""
        others = [one for one in self.standings if one != self.package and one.allowed]
        in_zone = [one for one in others if not one.refusing]
        return next(iter([*in_zone, *others]), None)

    def __getitem__(self, package: str) -> Standing:
        return next(one for one in self.standings if one.package == package)


def advise(evaluation: Evaluation, audience: str) -> Advice:
    """Work out what to recommend to a party."""
    case = evaluation.case
    column = evaluation.parties.index(audience)
    needed = [
        index
        for index, party in enumerate(case.parties)
        if party.signs or party.name == audience
    ]  # fmt: skip
    standings = [
        Standing(
            package=name,
            value=float(evaluation.party_values[row, column]),
            surplus=dict(zip(evaluation.parties, map(float, evaluation.surplus[row]), strict=True)),
            refusing=tuple(
                evaluation.parties[at] for at in needed if not evaluation.acceptable[row, at]
            ),
            red_lines=evaluation.crossed_by(row),
            rules_broken=evaluation.rules_broken(row),
            shortfall=float(rounded(np.maximum(0, -evaluation.surplus[row, needed]).max())),
        )
        for row, name in enumerate(evaluation.packages)
    ]
    chosen = [item for item in case.recommendations if item.party == audience]
    return Advice(
        audience=audience,
        standings=tuple(sorted(standings, key=lambda one: -one.value)),
        chosen=chosen[0] if chosen else None,
    )
