"""Whether the rules, and the red lines, leave any package at all.

An exact search: every rule and red line becomes combinations that must not all occur together, and
a depth-first search with forward checking (Haralick & Elliott 1980) looks for one level for each
issue that they name. Issues that no combination names cannot matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mcda.case import Case
from mcda.parts import Conditions, Frozen, Settings

STEPS = 2_000
"""Steps of the search after which the question is left undecided."""

Combination = Mapping[str, frozenset[str]]
"""Issue → levels: the combination occurs where every issue stands at one of its levels."""
Domains = dict[str, frozenset[str]]


class Undecided(Exception):
    """The search was given up after its cap of steps."""


def some_package(case: Case, *, red_lines: bool = True, steps: int = STEPS) -> Settings | None:
    """Return the settings of one package of the issues that breaks no rule, or None.

    With ``red_lines`` it crosses no party's red line either. An issue that no rule or red line
    names stands at its first level. Directly scored packages are not looked at. The worst case
    grows with the product of the levels of the issues that are named; ``steps`` caps it.

    Raises:
        Undecided: where the cap is reached first.
    """
    banned = list(_combinations(case, red_lines=red_lines))
    domains = {issue.name: frozenset(issue.deal_levels) for issue in case.issues}
    search = _Search(banned, steps)
    found = search.solve(domains)
    if found is None:
        return None
    # The order of the case makes the answer the same on every run.
    return Frozen(
        {
            issue.name: next(level for level in issue.deal_levels if level in found[issue.name])
            for issue in case.issues
        }
    )


def _combinations(case: Case, *, red_lines: bool) -> Iterable[Combination]:
    levels = {issue.name: frozenset(issue.level_names) for issue in case.issues}
    for rule in case.rules:
        if rule.forbid:
            yield _sets(rule.forbid)
            continue
        # "If A then B and C" fails where A holds and B does not, or where A holds and C does not.
        for issue, wanted in rule.then.items():
            when = dict(_sets(rule.when))
            when[issue] = when.get(issue, levels[issue]) - frozenset(wanted)
            yield when
    if red_lines:
        for line in case.red_lines:
            yield _sets(line.forbid)


def _sets(conditions: Conditions) -> Combination:
    return {issue: frozenset(levels) for issue, levels in conditions.items()}


class _Search:
    def __init__(self, banned: list[Combination], steps: int) -> None:
        self.banned = banned
        self.left = steps

    def solve(self, domains: Domains) -> Domains | None:
        """Return domains in which every choice is good, or None where there is no good one."""
        self.left -= 1
        if self.left < 0:
            raise Undecided
        narrowed = self._narrow(dict(domains))
        if narrowed is None:
            return None
        open_ = {issue for one in self.banned if self._may_occur(one, narrowed) for issue in one}
        choices = [issue for issue in open_ if len(narrowed[issue]) > 1]
        if not choices:
            return narrowed
        issue = min(choices, key=lambda name: (len(narrowed[name]), name))
        for level in sorted(narrowed[issue]):
            found = self.solve({**narrowed, issue: frozenset([level])})
            if found is not None:
                return found
        return None

    def _may_occur(self, combination: Combination, domains: Domains) -> bool:
        return all(domains[issue] & levels for issue, levels in combination.items())

    def _narrow(self, domains: Domains) -> Domains | None:
        """Take out levels that would complete a combination; None where an issue has none left."""
        changed = True
        while changed:
            changed = False
            for combination in self.banned:
                if not self._may_occur(combination, domains):
                    continue
                free = [
                    issue for issue, levels in combination.items() if not domains[issue] <= levels
                ]
                if not free:
                    return None
                if len(free) == 1:
                    domains[free[0]] -= combination[free[0]]
                    changed = True
        return domains
