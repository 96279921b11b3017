"""What a case must satisfy to mean something.

Names are known and unique, ranges have a width, scores are complete. Every problem is collected
with its path in the JSON form.
"""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from mcda.parts import (
    CaseParts,
    Conditions,
    Criterion,
    DirectScores,
    Frozen,
    Issue,
    IssueScores,
    NoDeal,
    Package,
    Party,
    Rule,
    Scenario,
    Score,
)
from mcda.problems import Path, ProblemList
from mcda.span import direct_performances, span

MOST_POINTS = 6
"""Points that a value function may have; the Criteria sheet has room for as many."""
LARGEST_NUMBER = 1e15
"""Numbers beyond this size cannot be told apart at the 15 digits that a sheet keeps."""
LONGEST_TEXT = 32_767
"""Characters that a cell can hold, counted as Excel counts them (UTF-16)."""
CONFIDENCES = ("high", "medium", "low")


def validate(case: CaseParts, problems: ProblemList) -> None:
    """Add every problem of meaning in ``case`` to ``problems``."""
    _Check(case, problems).all()


def folded(name: str) -> str:
    """Return the form in which names are compared for uniqueness (NFC, without case)."""
    composed = unicodedata.normalize("NFC", name)
    return unicodedata.normalize("NFC", composed.casefold())


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return "Did you mean …?" where a known name is close, else what is known.

    >>> suggestion("Agricultral bank", ["None", "Agricultural bank"])
    'Did you mean "Agricultural bank"?'
    """
    names = list(known)
    by_fold = {folded(other).strip(): other for other in names}
    close = difflib.get_close_matches(folded(name).strip(), list(by_fold), n=1, cutoff=0.6)
    if close:
        return f'Did you mean "{by_fold[close[0]]}"?'
    if not names:
        return "There is none yet."
    shown = ", ".join(f'"{other}"' for other in names[:6])
    return f"Known: {shown}{', …' if len(names) > 6 else ''}."


def text_flaw(text: str) -> str | None:
    """Return what keeps a text out of a workbook, or None.

    Control characters but the line feed, lone surrogates and non-characters cannot be written to
    a sheet and read back the same.
    """
    if len(text) + sum(character > "\uffff" for character in text) > LONGEST_TEXT:
        return f"is longer than the {LONGEST_TEXT} characters that a cell holds."
    for character in text:
        code = ord(character)
        control = unicodedata.category(character) == "Cc" and character != "\n"
        if (
            control
            or 0xD800 <= code <= 0xDFFF
            or code & 0xFFFE == 0xFFFE
            or 0xFDD0 <= code <= 0xFDEF
        ):
            return f"contains the control character U+{code:04X}, which no sheet can hold."
    return None


class _Check:
    """One walk over a case; keeps the look-ups that the checks share."""

    def __init__(self, case: CaseParts, problems: ProblemList) -> None:
        self.case = case
        self.add = problems.add
        # Of two with one name the first is meant, so that a duplicate is told once and not again
        # wherever the name occurs.
        self.issues = {issue.name: issue for issue in reversed(case.issues)}
        self.parties = {party.name: party for party in reversed(case.parties)}

    def all(self) -> None:
        self._whole()
        for index, issue in enumerate(self.case.issues):
            self._issue(("issues", index), issue)
        for index, party in enumerate(self.case.parties):
            self._party(("parties", index), party)
        for index, package in enumerate(self.case.packages):
            self._package(("packages", index), package)
        for index, no_deal in enumerate(self.case.no_deal):
            self._no_deal(("no_deal", index), no_deal, is_first=index == 0)
        self._combinations()
        for index, scenario in enumerate(self.case.scenarios):
            self._scenario(("scenarios", index), scenario)
        for index, recommendation in enumerate(self.case.recommendations):
            path: Path = ("recommendations", index)
            self._known(recommendation.party, self.parties, "a party", (*path, "for"))
            packages = [package.name for package in self.case.packages]
            self._known(recommendation.package, packages, "a listed package", (*path, "package"))

    # -- names and texts

    def _name(self, name: str, path: Path, what: str) -> None:
        if not name.strip():
            self.add(path, f"This {what} has no name.", "Give it one.")
        elif flaw := text_flaw(name):
            self.add(path, f"The name of this {what} {flaw}", "Take it out.")

    def _unique(self, names: Sequence[str], paths: Sequence[Path], what: str) -> None:
        seen: dict[str, str] = {}
        for name, path in zip(names, paths, strict=True):
            self._name(name, path, what)
            if (fold := folded(name)) not in seen:
                seen[fold] = name
            elif seen[fold] == name:
                self.add(path, f'The {what} "{name}" occurs twice.', "Rename or remove one.")
            else:
                self.add(
                    path,
                    f'The {what} "{name}" differs from "{seen[fold]}" only in case.',
                    "Rename one of them.",
                )

    def _unique_in(self, key: str, what: str, names: Iterable[str], field: str = "name") -> None:
        listed = list(names)
        self._unique(listed, [(key, index, field) for index in range(len(listed))], what)

    def _known(self, name: str, known: Iterable[str], what: str, path: Path) -> bool:
        names = list(known)
        if name in names:
            return True
        self.add(path, f'"{name}" is not {what}.', suggestion(name, names))
        return False

    def _whole(self) -> None:
        case = self.case
        self._name(case.name, ("name",), "case")
        if not case.parties:
            self.add(("parties",), "The case has no party.", "Add at least one, with criteria.")
        elif not any(party.signs for party in case.parties):
            self.add(("parties",), "No party signs.", "Set signs to yes for at least one party.")
        if not case.packages and not case.issues:
            self.add(
                ("packages",),
                "The case has neither issues nor packages.",
                "Add issues with levels, or packages that are scored directly.",
            )
        self._unique_in("issues", "issue", (item.name for item in case.issues))
        self._unique_in("parties", "party", (item.name for item in case.parties))
        self._unique_in("packages", "package", (item.name for item in case.packages))
        self._unique_in("no_deal", "no-deal alternative", (item.name for item in case.no_deal))
        self._unique_in("red_lines", "red line", (item.name for item in case.red_lines))
        self._unique_in("rules", "rule", (item.name for item in case.rules))
        self._unique_in("interactions", "interaction", (item.name for item in case.interactions))
        self._unique_in("scenarios", "scenario", (item.name for item in case.scenarios))
        self._unique_in("sources", "source", (item.id for item in case.sources), "id")

    # -- issues and settings

    def _issue(self, path: Path, issue: Issue) -> None:
        deal = [level.name for level in issue.levels if level.deal]
        only = [level.name for level in issue.levels if not level.deal]
        paths: list[Path] = [(*path, "levels", n) for n in range(len(deal))]
        paths += [(*path, "no_deal_only", n) for n in range(len(only))]
        self._unique([*deal, *only], paths, "level")
        if not deal:
            self.add(
                (*path, "levels"),
                f'The issue "{issue.name}" has no level that a package can have.',
                "Add at least one.",
            )

    def _level(self, issue: str, level: str, path: Path, *, deal: bool) -> None:
        known = self.issues[issue]
        if level not in known.level_names:
            what = f'"{level}" is not a level of {issue}.'
            self.add(path, what, suggestion(level, known.level_names))
        elif deal and level not in known.deal_levels:
            self.add(
                path,
                f'"{level}" of {issue} occurs only without agreement.',
                "Choose a level that a package can have: "
                + ", ".join(f'"{name}"' for name in known.deal_levels)
                + ".",
            )

    def _settings(self, settings: dict[str, str], path: Path, *, deal: bool) -> None:
        for issue, level in settings.items():
            if self._known(issue, self.issues, "an issue", (*path, issue)):
                self._level(issue, level, (*path, issue), deal=deal)

    def _complete(self, settings: dict[str, str], path: Path, what: str) -> None:
        for issue in self.issues:
            if issue not in settings:
                self.add((*path, issue), f"{what} leaves {issue} open.", "Choose a level.")

    def _conditions(self, conditions: Conditions, path: Path) -> None:
        for issue, levels in conditions.items():
            if not self._known(issue, self.issues, "an issue", (*path, issue)):
                continue
            if not levels:
                self.add((*path, issue), f"No level of {issue} is named.", "Name at least one.")
            for index, level in enumerate(levels):
                self._level(issue, level, (*path, issue, index), deal=False)
                if level in levels[:index]:
                    self.add((*path, issue, index), f'"{level}" is named twice.', "Remove one.")

    def _numbers(self, numbers: Iterable[float | None], path: Path, what: str) -> None:
        """A case that is made without the door is held to the same numbers."""
        for number in numbers:
            if number is not None and (flaw := number_flaw(number)):
                self.add(path, f"The {what} {flaw}", "Enter a number.")

    # -- parties

    def _party(self, path: Path, party: Party) -> None:
        if not party.criteria:
            self.add((*path, "criteria"), f"{party.name} has no criterion.", "Add at least one.")
        names = [criterion.name for criterion in party.criteria]
        paths: list[Path] = [(*path, "criteria", n, "name") for n in range(len(names))]
        self._unique(names, paths, "criterion")
        for index, criterion in enumerate(party.criteria):
            self._criterion((*path, "criteria", index), party, criterion)
        if party.criteria and not any(criterion.weight > 0 for criterion in party.criteria):
            self.add(
                (*path, "criteria", 0, "weight"),
                f"All weights of {party.name} are 0.",
                "Give at least one criterion a weight above 0.",
            )
        self._numbers([party.power], (*path, "power"), "power")
        self._numbers([party.aspiration], (*path, "aspiration"), "aspiration")
        if isinstance(party.weights_are, float):
            self._numbers([party.weights_are], (*path, "weights_are"), "concentration")
        if party.power <= 0:
            self.add((*path, "power"), f"The power of {party.name} is not above 0.", "1 is usual.")
        if isinstance(party.weights_are, float) and party.weights_are <= 0:
            self.add(
                (*path, "weights_are"),
                "The Dirichlet concentration is not above 0.",
                "Larger numbers keep the weights closer to the stated ones.",
            )
        if party.reservation is not None:
            stated = party.reservation
            low, high = stated.low, stated.high
            self._triple(low, stated.base, high, (*path, "reservation"), "reservation value")
        self._scores(party, party.scores, (*path, "scores"))

    def _criterion(self, path: Path, party: Party, criterion: Criterion) -> None:
        label = f'"{criterion.name}" for {party.name}'
        self._numbers([criterion.weight], (*path, "weight"), "weight")
        self._numbers(criterion.weight_range or (), (*path, "weight_range"), "range of the weight")
        self._numbers([criterion.low], (*path, "low"), "low end of the range")
        self._numbers([criterion.high], (*path, "high"), "high end of the range")
        for point in criterion.points:
            self._numbers(point, (*path, "points"), "point")
        if criterion.weight < 0:
            self.add(
                (*path, "weight"),
                f"weight of {label} is {criterion.weight:g}; weights are 0 or more.",
                "Enter 0 to leave the criterion out.",
            )
        if criterion.weight_range is not None:
            low, high = criterion.weight_range
            if low < 0:
                self.add((*path, "weight_range"), f"low weight of {label} is below 0.", "Use 0.")
            elif low > high:
                what = f"the range of the weight of {label} runs from {low:g} to {high:g}."
                self.add((*path, "weight_range"), what, "The first number is the lower one.")
        if criterion.points:
            self._points((*path, "points"), criterion, label)
        self._range(path, party, criterion, label)
        judged = criterion.judged.range if criterion.judged else None
        self._numbers(judged or (), (*path, "judged", "range"), "range judged on")
        if judged is not None and judged[0] >= judged[1]:
            what = f"the range judged on for {label} runs from {judged[0]:g} to {judged[1]:g}."
            self.add((*path, "judged", "range"), what, "The first number is the lower one.")

    def _range(self, path: Path, party: Party, criterion: Criterion, label: str) -> None:
        low, high = criterion.low, criterion.high
        if low is None and high is None:
            return
        if criterion.points:
            ends = (criterion.points[0][0], criterion.points[-1][0])
            if (low if low is not None else ends[0], high if high is not None else ends[1]) != ends:
                self.add(
                    (*path, "low"),
                    f"the range of {label} is not that of its points, {ends[0]:g} to {ends[1]:g}.",
                    "Leave low and high blank, or make them equal to the first and last point.",
                )
            return
        if low is None or high is None:
            direct = direct_performances(self.case, party.name, criterion.name)
            least, greatest = span(party, criterion.name, self.case.interactions, direct)
            low = least if low is None else low
            high = greatest if high is None else high
        if low >= high:
            self.add(
                (*path, "low"),
                f"low of {label} is {low:g}, not less than high, {high:g}.",
                "low < high always; the direction says which end is worst.",
            )

    def _points(self, path: Path, criterion: Criterion, label: str) -> None:
        points = criterion.points
        if not 2 <= len(points) <= MOST_POINTS:
            what = f"{label} has {len(points)} point(s)."
            self.add(path, what, f"A value function has 2 to {MOST_POINTS}.")
            return
        if any(left[0] >= right[0] for left, right in pairwise(points)):
            self.add(path, f"the points of {label} do not increase in x.", "Put them in order.")
        values = [value for _, value in points]
        rising = criterion.direction == "max"
        ends = (0.0, 100.0) if rising else (100.0, 0.0)
        steps = [(right - left) * (1 if rising else -1) for left, right in pairwise(values)]
        if any(step < 0 for step in steps):
            word = "rise" if rising else "fall"
            self.add(path, f"the points of {label} do not {word} throughout.", "Mend the values.")
        elif (values[0], values[-1]) != ends:
            self.add(
                path,
                f"the points of {label} run from {values[0]:g} to {values[-1]:g}.",
                f"With direction {criterion.direction} they run from {ends[0]:g} to {ends[1]:g}.",
            )

    def _triple(
        self, low: float | None, base: float, high: float | None, path: Path, what: str
    ) -> None:
        self._numbers([low, base, high], path, what)
        if low is None or high is None:
            if low is not high:
                self.add(path, f"The {what} has one end of a range.", "Give both ends, or none.")
            return
        if not low <= base <= high:
            self.add(
                path,
                f"The {what} is {base:g} with low {low:g} and high {high:g}.",
                "low ≤ base ≤ high.",
            )

    def _score(self, score: Score, path: Path) -> None:
        self._triple(score.low, score.base, score.high, path, "score")
        if score.confidence is not None and score.confidence not in CONFIDENCES:
            self.add(
                (*path, "confidence"),
                f'"{score.confidence}" is not a confidence.',
                f"Use {', '.join(CONFIDENCES)}.",
            )

    def _known_scores(
        self, party: Party, scores: dict[str, IssueScores], path: Path
    ) -> Iterator[tuple[str, str, Frozen[str, Score], Path]]:
        """Check scores one by one; yield (criterion, issue, scores by level, path) where known."""
        criteria = [criterion.name for criterion in party.criteria]
        for criterion, issues in scores.items():
            here: Path = (*path, criterion)
            if not self._known(criterion, criteria, f"a criterion of {party.name}", here):
                continue
            for issue, levels in issues.items():
                if not self._known(issue, self.issues, "an issue", (*here, issue)):
                    continue
                for level, score in levels.items():
                    self._level(issue, level, (*here, issue, level), deal=False)
                    self._score(score, (*here, issue, level))
                yield criterion, issue, levels, (*here, issue)

    def _scores(self, party: Party, scores: dict[str, IssueScores], path: Path) -> None:
        for criterion, issue, levels, here in self._known_scores(party, scores, path):
            for level in self.issues[issue].level_names:
                if level not in levels:
                    self.add(
                        (*here, level),
                        f'"{level}" of {issue} has no score under "{criterion}" for '
                        f"{party.name}, though other levels have one.",
                        "Score every level, or none to leave the issue out of the criterion.",
                    )

    # -- packages and no deal

    def _package(self, path: Path, package: Package) -> None:
        what = f'The package "{package.name}"'
        if package.settings and package.scores:
            self.add(path, f"{what} has settings and direct scores.", "Keep one of the two.")
            return
        if package.scores:
            self._direct_scores(package.scores, (*path, "scores"), what, complete=True)
        elif not self.issues:
            self.add(path, f"{what} has no scores.", "Score it under every criterion.")
        else:
            self._complete(package.settings, (*path, "settings"), what)
        self._settings(package.settings, (*path, "settings"), deal=True)
        for index, party in enumerate(package.crosses):
            here: Path = (*path, "crosses", index)
            if not self._known(party, self.parties, "a party", here):
                continue
            if party in package.crosses[:index]:
                self.add(here, f'"{party}" is named twice.', "Remove one.")
            elif not package.scores:
                self.add(
                    here,
                    f"{what} has settings, so its red lines come from the Rules.",
                    "Remove the entry, or add a red line.",
                )

    def _direct_scores(
        self, scores: DirectScores, path: Path, what: str, *, complete: bool
    ) -> None:
        for party, criteria in scores.items():
            if not self._known(party, self.parties, "a party", (*path, party)):
                continue
            known = [criterion.name for criterion in self.parties[party].criteria]
            for criterion, score in criteria.items():
                here: Path = (*path, party, criterion)
                if self._known(criterion, known, f"a criterion of {party}", here):
                    self._score(score, here)
        if not complete:
            return
        for party_name, party_ in self.parties.items():
            for criterion_ in party_.criteria:
                if criterion_.name not in scores.get(party_name, {}):
                    self.add(
                        (*path, party_name, criterion_.name),
                        f'{what} has no score under "{criterion_.name}" for {party_name}.',
                        "A package that is scored directly has a score under every criterion.",
                    )

    def _no_deal(self, path: Path, no_deal: NoDeal, *, is_first: bool) -> None:
        what = f'The no-deal alternative "{no_deal.name}"'
        self._settings(no_deal.settings, (*path, "settings"), deal=False)
        self._direct_scores(no_deal.scores, (*path, "scores"), what, complete=False)
        for party in no_deal.values:
            self._known(party, self.parties, "a party", (*path, "values", party))
            self._numbers([no_deal.values[party]], (*path, "values", party), "value")
        if no_deal.settings and no_deal.scores:
            self.add(path, f"{what} has settings and direct scores.", "Keep one of the two.")
            return
        if is_first:
            self._first_no_deal(path, no_deal, what)
            return
        first = self.case.no_deal[0]
        if no_deal.settings and not first.settings:
            self.add(
                (*path, "settings"),
                f"{what} has settings, but the first one has none to differ from.",
                "Give the first no-deal alternative a level for each issue.",
            )
        if no_deal.scores and not first.scores:
            self.add(
                (*path, "scores"),
                f"{what} is scored directly, but the first one is not.",
                "Score the first no-deal alternative directly, or give this one settings.",
            )

    def _first_no_deal(self, path: Path, first: NoDeal, what: str) -> None:
        unstated = [party for party in self.parties if party not in first.values]
        if first.scores:
            for party in unstated:
                given = first.scores.get(party, Frozen())
                for criterion in self.parties[party].criteria:
                    if criterion.name not in given:
                        self.add(
                            (*path, "scores", party, criterion.name),
                            f'{what} has no score under "{criterion.name}" for {party}.',
                            "The first no-deal alternative is complete.",
                        )
        elif first.settings or (unstated and self.issues):
            self._complete(first.settings, (*path, "settings"), what)
        elif unstated:
            self.add(
                path,
                f"{what} has neither settings, nor scores, nor a value for {unstated[0]}.",
                "The first no-deal alternative is complete.",
            )

    # -- rules, red lines, interactions, scenarios

    def _combinations(self) -> None:
        for index, line in enumerate(self.case.red_lines):
            path: Path = ("red_lines", index)
            self._known(line.party, self.parties, "a party", (*path, "party"))
            if not line.forbid:
                self.add((*path, "forbid"), f'The red line "{line.name}" names nothing.', _NAME_ONE)
            self._conditions(line.forbid, (*path, "forbid"))
        for index, rule in enumerate(self.case.rules):
            self._rule(("rules", index), rule)
        for index, interaction in enumerate(self.case.interactions):
            path = ("interactions", index)
            if self._known(interaction.party, self.parties, "a party", (*path, "party")):
                known = [item.name for item in self.parties[interaction.party].criteria]
                what = f"a criterion of {interaction.party}"
                self._known(interaction.criterion, known, what, (*path, "criterion"))
            if not interaction.when:
                what = f'The interaction "{interaction.name}" names nothing.'
                self.add((*path, "when"), what, _NAME_ONE)
            self._conditions(interaction.when, (*path, "when"))
            self._score(interaction.score, (*path, "score"))

    def _rule(self, path: Path, rule: Rule) -> None:
        parts = {"if": rule.when, "then": rule.then, "forbid": rule.forbid}
        if rule.forbid and (rule.when or rule.then):
            self.add(path, f'The rule "{rule.name}" mixes forbid with if and then.', "Split it.")
        elif not rule.forbid:
            for part in ("if", "then"):
                if not parts[part]:
                    what = f'The rule "{rule.name}" names nothing under {part}.'
                    self.add((*path, part), what, _NAME_ONE)
        for part, conditions in parts.items():
            self._conditions(conditions, (*path, part))

    def _scenario(self, path: Path, scenario: Scenario) -> None:
        liftable = [line.name for line in self.case.red_lines]
        liftable += [rule.name for rule in self.case.rules]
        for index, name in enumerate(scenario.lift):
            here: Path = (*path, "lift", index)
            self._known(name, liftable, "a rule or red line", here)
            if name in scenario.lift[:index]:
                self.add(here, f'"{name}" is lifted twice.', "Remove one.")
        for party_name, change in scenario.parties.items():
            here = (*path, "parties", party_name)
            if not self._known(party_name, self.parties, "a party", here):
                continue
            party = self.parties[party_name]
            self._scenario_weights(party, change.weights, (*here, "weights"))
            if change.reservation is not None:
                low, base, high = (
                    change.reservation.low, change.reservation.base, change.reservation.high
                )  # fmt: skip
                self._triple(low, base, high, (*here, "reservation"), "reservation value")
            self._scenario_scores(party, change.scores, (*here, "scores"))

    def _scenario_weights(self, party: Party, weights: dict[str, float], path: Path) -> None:
        stated = {criterion.name: criterion.weight for criterion in party.criteria}
        for criterion, weight in weights.items():
            here: Path = (*path, criterion)
            if not self._known(criterion, stated, f"a criterion of {party.name}", here):
                continue
            self._numbers([weight], here, "weight")
            if weight < 0:
                self.add(here, f"the weight is {weight:g}; weights are 0 or more.", "Use 0.")
            stated[criterion] = weight
        if weights and not any(weight > 0 for weight in stated.values()):
            self.add(path, f"All weights of {party.name} would be 0.", "Keep one above 0.")

    def _scenario_scores(self, party: Party, scores: dict[str, IssueScores], path: Path) -> None:
        for criterion, issue, _, here in self._known_scores(party, scores, path):
            if issue not in party.scores.get(criterion, {}):
                what = f'{issue} does not feed "{criterion}" for {party.name}.'
                self.add(here, what, "A scenario changes scores that exist.")


_NAME_ONE = "Name at least one issue and level."


def number_flaw(number: float) -> str | None:
    """Return what keeps a number out of a case, or None."""
    if not math.isfinite(number):
        return "is not finite (NaN or infinity)."
    if abs(number) > LARGEST_NUMBER:
        return f"is beyond ±{LARGEST_NUMBER:g}."
    if 0 < abs(number) < 1 / LARGEST_NUMBER:
        return f"is smaller than {1 / LARGEST_NUMBER:g}."
    return None
