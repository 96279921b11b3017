"""What is worth a look in a case that is valid: what `mcda check` tells beyond problems.

A WARNING says that the results mean little until it is dealt with; a NOTE says what a reader of
the results should know. They are the facts of the workbook's Checks sheet, and some more: whether
the rules allow any package at all, which a sheet cannot search, and what is still an example.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from mcda.case import Case
from mcda.feasible import STEPS, Undecided, some_package
from mcda.parts import (
    Criterion,
    IssueScores,
    NoDeal,
    Package,
    Party,
    RedLine,
    Rule,
    Score,
)
from mcda.printing import WIDTH, joined
from mcda.span import direct_performances, span
from mcda.values import Evaluation, evaluate

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-9
"""Differences up to this are none; it is the ninth decimal to which the sheet rounds."""
EXAMPLE = "EXAMPLE"
"""How every name in a new workbook begins, until its user replaces it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth a look: the sheet and the thing on it, what, and what to do."""

    level: Literal["WARNING", "NOTE"]
    where: str
    what: str
    what_to_do: str

    def to_dict(self) -> dict[str, str]:
        """Return plain data."""
        return {
            "level": self.level,
            "where": self.where,
            "what": self.what,
            "what_to_do": self.what_to_do,
        }

    def __str__(self) -> str:
        return f"{self.level}  {self.where}: {self.what} {self.what_to_do}".rstrip()


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of a case, warnings first."""

    items: tuple[Finding, ...]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Those without which the results mean little."""
        return tuple(item for item in self.items if item.level == "WARNING")

    @property
    def table(self) -> pd.DataFrame:
        """One row per finding."""
        import pandas as pd

        columns = ["level", "where", "what", "what_to_do"]
        return pd.DataFrame([item.to_dict() for item in self.items], columns=columns)

    def to_dict(self) -> dict[str, object]:
        """Return plain data, for ``--json``."""
        return {"findings": [item.to_dict() for item in self.items]}

    def __str__(self) -> str:
        if not self.items:
            return "Nothing to note."
        return "\n".join(
            textwrap.fill(
                str(item),
                WIDTH,
                subsequent_indent=" " * 9,
                initial_indent="",
                break_on_hyphens=False,
            )
            for item in self.items
        )


def findings(case: Case) -> Findings:
    """Return what is worth a look in a case, warnings first, each group in the order of the case.

    >>> import mcda
    >>> from mcda.json_form import case_from_data
    >>> case = case_from_data({"name": "X", "packages": [{"name": "A", "scores": {"P": {"c": 5}}}],
    ...     "parties": [{"name": "P", "criteria": [{"name": "c", "weight": 1}]}]})
    >>> [finding.where for finding in findings(case)][:2]
    ['Parties: P', 'Criteria: P, c']
    """
    evaluation = evaluate(case)
    found = [
        *_examples(case),
        *_space(case),
        *_listed(evaluation),
        *_parties(case),
        *_criteria(evaluation),
        *_issues(case),
        *_sticks(evaluation),
        *_evidence(case),
        *_sources(case),
        *_recommendations(evaluation),
    ]
    return Findings(tuple(sorted(found, key=lambda item: item.level != "WARNING")))


# --- what nobody has entered yet


def _examples(case: Case) -> Iterator[Finding]:
    names = {
        "issue": [issue.name for issue in case.issues],
        "level": [level.name for issue in case.issues for level in issue.levels],
        "party": case.party_names,
        "criterion": [criterion.name for _, criterion in case.criteria()],
        "package": [package.name for package in case.packages],
        "no-deal alternative": [item.name for item in case.no_deal],
        "red line": [line.name for line in case.red_lines],
        "rule": [rule.name for rule in case.rules],
        "interaction": [item.name for item in case.interactions],
        "scenario": [scenario.name for scenario in case.scenarios],
    }
    counts = {kind: sum(map(_is_example, given)) for kind, given in names.items()}
    told = ["the case itself"] if _is_example(case.name) else []
    told += [counted(count, kind) for kind, count in counts.items() if count]
    if told:
        yield _note(
            "Cover" if _is_example(case.name) else "Names",
            f"Still an example, by its name: {joined(told)}.",
            f"Replace each name that begins with “{EXAMPLE}”, and what belongs to it, or clear it.",
        )


def _is_example(name: str) -> bool:
    return name.startswith(EXAMPLE)


def counted(count: int, thing: str) -> str:
    """Write a count with its noun.

    >>> counted(1, "package"), counted(2, "party"), counted(3, "criterion"), counted(0, "place")
    ('1 package', '2 parties', '3 criteria', '0 places')
    """
    if count == 1:
        return f"1 {thing}"
    plurals = {"party": "parties", "criterion": "criteria"}
    return f"{count} {plurals.get(thing, thing + 's')}"


# --- packages


def _space(case: Case) -> Iterator[Finding]:
    direct = [package for package in case.packages if package.is_direct]
    try:
        if not direct and case.issues and some_package(case, red_lines=False) is None:
            yield _warning(
                "Rules",
                "The rules allow no package.",
                "Read the rules together: which of them ask for the opposite? Loosen one.",
            )
        elif _nothing_allowed(case):
            yield _warning(
                "Rules",
                "Every package breaks a rule or crosses a red line; rules alone would allow some.",
                "There is no package that all parties’ red lines leave open: check which of them "
                "are stated and which inferred.",
            )
    except Undecided:
        yield _note(
            "Rules",
            f"Whether rules and red lines allow any package is not decided after {STEPS} steps.",
            "Fewer or simpler rules can be searched to the end.",
        )


def _nothing_allowed(case: Case) -> bool:
    if any(package.is_direct and not package.crosses for package in case.packages):
        return False
    return not case.issues or some_package(case) is None


def _listed(evaluation: Evaluation) -> Iterator[Finding]:
    case = evaluation.case
    for index, package in enumerate(evaluation.packages):
        if evaluation.allowed[index]:
            continue
        reasons = [*_rules_broken(evaluation, index)]
        if crossed := evaluation.crossed_by(index):
            reasons.append(f"crosses a red line of {joined(crossed)}")
        yield _note(
            f"Packages: {package}",
            f"It {'; it '.join(reasons)}.",
            "It is shown with its values, and it is not on offer as it stands.",
        )
    if evaluation.packages and not evaluation.allowed.any():
        yield _note(
            "Packages",
            "Every listed package breaks a rule or crosses a red line.",
            "List one that does neither.",
        )
    if evaluation.packages and not evaluation.in_zone.any():
        yield _note(
            "Packages",
            "No listed package is acceptable to all signers.",
            "Look at Ranking for who refuses which package, and why.",
        )
    if not evaluation.packages:
        yield _note("Packages", "No package is listed.", "List one to rank it: a level per issue.")
    seen: dict[object, str] = {}
    for listed in case.packages:
        key = listed.settings or listed.scores
        if key in seen:
            yield _note(
                f"Packages: {listed.name}",
                f"It has the same terms as {_quoted(seen[key])}.",
                "Change one of them, unless they differ in terms outside the model.",
            )
        seen.setdefault(key, listed.name)


def _rules_broken(evaluation: Evaluation, index: int) -> Iterator[str]:
    broken = [_quoted(name) for name in evaluation.rules_broken(index)]
    if broken:
        yield f"breaks the {'rule' if len(broken) == 1 else 'rules'} {joined(broken)}"


def _recommendations(evaluation: Evaluation) -> Iterator[Finding]:
    for item in evaluation.case.recommendations:
        index = evaluation.packages.index(item.package)
        refusing = [
            name
            for name, accepts in zip(evaluation.parties, evaluation.acceptable[index], strict=True)
            if not accepts and evaluation.case.party(name).signs
        ]
        reasons = [*_rules_broken(evaluation, index)]
        if refusing:
            reasons.append(f"is not acceptable to {joined(refusing)}")
        if reasons:
            yield _note(
                f"Recommendations: {item.party}",
                f"The recommended package {_quoted(item.package)} {'; it '.join(reasons)}.",
                "Recommend another, or say in “why” what would have to move.",
            )


# --- parties and criteria


def _parties(case: Case) -> Iterator[Finding]:
    for party in case.parties:
        if party.reservation is None and not case.no_deal:
            yield _note(
                f"Parties: {party.name}",
                "Nothing says what no deal is worth; its reservation value is 0.",
                "Enter a no-deal alternative, or a reservation value.",
            )


def _criteria(evaluation: Evaluation) -> Iterator[Finding]:
    case = evaluation.case
    for party in case.parties:
        for index, criterion in enumerate(party.criteria):
            where = f"Criteria: {party.name}, {criterion.name}"
            low, high = evaluation.ranges[party.name][index]
            yield from _range(case, party, criterion, (float(low), float(high)), where)
            values = np.concatenate(
                [
                    evaluation.values[party.name][:, index],
                    evaluation.without_deal.values[party.name][:, index],
                ]
            )
            yield from _outside([*evaluation.packages, *evaluation.no_deal], values, where)


def _range(
    case: Case, party: Party, criterion: Criterion, now: tuple[float, float], where: str
) -> Iterator[Finding]:
    low, high = now
    direct = direct_performances(case, party.name, criterion.name)
    own = [item for item in case.interactions if item.party == party.name]
    fed = criterion.name in party.scores or any(item.criterion == criterion.name for item in own)
    if not fed and not direct:
        yield _note(
            where,
            "Nothing feeds this criterion: no issue, interaction or direct score.",
            "Score it, or remove it; until then it adds the same to every package.",
        )
        return
    least, greatest = span(party, criterion.name, own, direct)
    open_ = not criterion.points and (criterion.low is None or criterion.high is None)
    if low == high:
        yield _note(
            where,
            f"The range has no width (all at {low:g}), so that the value is 0.",
            "Nothing tells packages apart under this criterion. Score the levels apart, or "
            "state the range.",
        )
    elif open_:
        yield _note(
            where,
            f"The range is left open; the span {low:g} to {high:g} is used.",
            "An open range follows the scores: a weight judged on it means something only "
            "while it stands. State the range.",
        )
    elif least < low - TOLERANCE or greatest > high + TOLERANCE:
        yield _note(
            where,
            f"The range {low:g} to {high:g} is narrower than the span {least:g} to {greatest:g}.",
            "Some performances may lie beyond the range, and their values outside 0–100; they "
            "are not clipped.",
        )
    weights = f"Weights: {party.name}, {criterion.name}"
    if criterion.weight_range is not None:
        lowest, highest = criterion.weight_range
        if not criterion.weight_in_range:
            yield _note(
                weights,
                f"The weight is {criterion.weight:g}, outside its own range of {lowest:g} to "
                f"{highest:g}.",
                "The ranking uses the weight. Widen the range where the weight is meant.",
            )
    judged = criterion.judged.range if criterion.judged else None
    if judged and max(abs(judged[0] - low), abs(judged[1] - high)) > TOLERANCE:
        yield _warning(
            weights,
            f"RANGE CHANGED: the weight was judged on {judged[0]:g} to {judged[1]:g}, "
            f"the range is now {low:g} to {high:g}.",
            "A swing weight belongs to its range. Judge the weight again, then note the new range "
            "beside it.",
        )


def _outside(names: Sequence[str], values: np.ndarray, where: str) -> Iterator[Finding]:
    beyond = [
        (name, value)
        for name, value in zip(names, values, strict=True)
        if value < -TOLERANCE or value > 100 + TOLERANCE
    ]
    if beyond:
        found = "; ".join(f"{_quoted(name)} {value:.1f}" for name, value in beyond[:3])
        more = f" and {len(beyond) - 3} more" if len(beyond) > 3 else ""
        yield _note(
            where,
            f"Values outside 0–100: {found}{more}.",
            "They perform beyond a stated range; that is computed as it is.",
        )


def _issues(case: Case) -> Iterator[Finding]:
    feeding = {
        issue for party in case.parties for issues in party.scores.values() for issue in issues
    }
    named = {issue for item in case.interactions for issue in item.when}
    for issue in case.issues:
        if issue.name not in feeding | named:
            yield _note(
                f"Issues: {issue.name}",
                "This issue feeds no party’s criterion.",
                "Score its levels under a criterion, or leave it out.",
            )


def _sticks(evaluation: Evaluation) -> Iterator[Finding]:
    first = evaluation.reservation_under[:1]
    for index, name in enumerate(evaluation.no_deal):
        if index and np.all(evaluation.reservation_under[index] == first):
            yield _note(
                f"No deal: {name}",
                "This alternative changes no party’s value of no deal.",
                "List what differs from the first one.",
            )


# --- evidence and sources


def _evidence(case: Case) -> Iterator[Finding]:
    for party in case.parties:
        scores = list(_scores_of(case, party))
        bare = [label for label, score in scores if not (score.basis or score.source)]
        if bare:
            yield _note(
                f"Evidence: {party.name}",
                f"{len(bare)} of {counted(len(scores), 'score')} "
                f"{'has' if len(bare) == 1 else 'have'} neither a source nor a basis, the first: "
                f"{bare[0]}.",
                "A reader will ask where they come from: add a line on Evidence.",
            )


def _scores_of(case: Case, party: Party) -> Iterator[tuple[str, Score]]:
    yield from _issue_scores(party.scores)
    for interaction in case.interactions:
        if interaction.party == party.name:
            yield f"{interaction.criterion}, {interaction.name}", interaction.score
    things: list[Package | NoDeal] = [*case.packages, *case.no_deal]
    for item in things:
        for criterion, score in item.scores.get(party.name, {}).items():
            yield f"{criterion}, {item.name}", score


def _issue_scores(scores: Mapping[str, IssueScores]) -> Iterator[tuple[str, Score]]:
    for criterion, issues in scores.items():
        for issue, levels in issues.items():
            for level, score in levels.items():
                yield f"{criterion}, {issue}, {level}", score


def _sources(case: Case) -> Iterator[Finding]:
    known = {source.id for source in case.sources}
    used: dict[str, list[str]] = {}
    for identifier, where in sources_used(case):
        used.setdefault(identifier, []).append(where)
    # Where no source is listed at all, a source is told in words wherever it is used.
    unknown = [identifier for identifier in used if known and identifier not in known]
    for identifier in unknown:
        places = used[identifier]
        others = counted(len(places) - 1, "other place")
        count = f" and {others}" if len(places) > 1 else ""
        yield _note(
            f"Sources: {identifier}",
            f"It is named by {places[0]}{count}, and it is not on Sources.",
            "Add it to Sources, or mend the name.",
        )
    for source in case.sources:
        missing = [
            word
            for word, given in (("statement", source.statement), ("date", source.date))
            if not given
        ]
        if missing:
            yield _note(
                f"Sources: {source.id}",
                f"It has no {joined(missing)}.",
                "A fact is as good as its date.",
            )


def sources_used(case: Case) -> Iterator[tuple[str, str]]:
    """Walk over the source ids that a case names, each with the thing that names it."""
    for issue in case.issues:
        for level in issue.levels:
            if level.source:
                yield level.source, f"Issues: {issue.name}, {level.name}"
    for party in case.parties:
        for label, score in _scores_of(case, party):
            if score.source:
                yield score.source, f"Evidence: {party.name}, {label}"
    for package in case.packages:
        if package.source:
            yield package.source, f"Packages: {package.name}"
    bans: list[RedLine | Rule] = [*case.red_lines, *case.rules]
    for item in bans:
        if item.source:
            yield item.source, f"Rules: {item.name}"
    for scenario in case.scenarios:
        for party_name, change in scenario.parties.items():
            for label, score in _issue_scores(change.scores):
                if score.source:
                    yield score.source, f"Scenarios: {scenario.name}, {party_name}, {label}"


def _note(where: str, what: str, what_to_do: str) -> Finding:
    return Finding("NOTE", where, what, what_to_do)


def _warning(where: str, what: str, what_to_do: str) -> Finding:
    return Finding("WARNING", where, what, what_to_do)


def _quoted(name: str) -> str:
    return f"“{name}”"
