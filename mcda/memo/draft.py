"""What the memo says: its sections, written from the evaluation, the advice and the explanations.

Another party's view is told as scored in the case, never as a fact; red lines are never traded
against points; shares and scores are judgements and are called so.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

import mcda
from mcda.canonical import inputs_sha256
from mcda.case import Case
from mcda.findings import findings
from mcda.memo.content import Block, Bullets, Column, Paragraph, Section, Table
from mcda.memo.forms import Memo
from mcda.memo.recommendation import Advice, Standing, advise
from mcda.memo.wording import (
    day,
    ended,
    for_and_against,
    how_known,
    parts,
    plain,
    points,
    quoted,
    red_line_in_words,
    rule_in_words,
    several,
    signed,
    whole,
    worth,
)
from mcda.parts import Criterion, Package, Party, Source
from mcda.printing import joined
from mcda.ranking.additive import Explanation, explain
from mcda.values import Evaluation, evaluate

MOST_RIVALS = 4
"""Packages of a higher value that are told one by one."""
LONGEST_STATEMENT = 120
"""Characters of a source's statement that the memo repeats."""
NUMBERS = dict(enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine"), 2))
MOST_PARTIES_IN_ONE_TABLE = 6
"""Parties whose surplus fits beside the other columns on a page."""


def draft(case: Case, audience: str) -> Memo:
    """Write the memo to one party."""
    return _Draft(case, audience).memo()


class _Draft:
    def __init__(self, case: Case, audience: str) -> None:
        self.case = case
        self.us = plain(audience)
        self.audience = audience
        self.evaluation: Evaluation = evaluate(case)
        self.advice: Advice = advise(self.evaluation, audience)
        self.subject = self.advice.package or self.advice.nearest
        """The package that the text is about: what is recommended, else the nearest."""
        self.reservation = dict(
            zip(self.evaluation.parties, map(float, self.evaluation.reservation), strict=True)
        )
        self.party: Party = case.party(audience)

    def memo(self) -> Memo:
        case = self.case
        fingerprint = inputs_sha256(case)
        facts = [
            ("To", self.us),
            ("Case", plain(case.name)),
            ("As at", day(case.as_at) or "not stated"),
            ("Purpose", ended(plain(case.purpose or ""))),
            ("Inputs", f"{fingerprint[:16]} (in full at the end)"),
        ]
        bottom_line = tuple(self._bottom_line())
        return Memo(
            title=f"Options memo: {plain(case.name)}",
            audience=self.audience,
            case=case.name,
            marking=None if case.marking is None else plain(case.marking),
            as_at=case.as_at,
            fingerprint=fingerprint,
            package=self.advice.package.package if self.advice.package else None,
            bottom_line=bottom_line,
            facts=tuple((label, text) for label, text in facts if text not in ("", ".")),
            sections=tuple(
                Section(heading, blocks, annex)
                for heading, annex, blocks in (
                    ("Bottom line", False, (Paragraph(" ".join(bottom_line), "lead"),)),
                    ("Options and no deal", False, tuple(self._options())),
                    (self._why_heading(), False, tuple(self._why())),
                    ("What speaks against it", False, tuple(self._against())),
                    (f"Terms of {self._named()}", False, tuple(self._terms())),
                    ("What each counterpart would say", False, tuple(self._counterparts())),
                    ("Assumptions and limits", False, tuple(self._assumptions())),
                    (f"Weights of {self.us}", True, tuple(self._weights())),
                    ("Sources", True, tuple(self._sources())),
                    ("Origin of the figures", True, tuple(self._origin(fingerprint))),
                )
                if blocks
            ),
        )

    def _named(self) -> str:
        return quoted(self.subject.package) if self.subject else "the package"

    # -- bottom line

    def _bottom_line(self) -> Iterator[str]:
        advice = self.advice
        if not advice.standings:
            yield "No package is listed, so that there is none to recommend."
            return
        if not advice.zone:
            yield "No listed package is acceptable to all signers."
        if advice.package is None:
            yield self._no_deal_sentence()
            return
        yield self._recommended(advice.package)
        if advice.zone:
            yield self._accepted(advice.package)
        yield self._by_whom()

    def _no_deal_sentence(self) -> str:
        nearest = self.advice.nearest
        if nearest is None:
            return (
                "Every one breaks a rule or crosses a red line, so that no deal is what is left "
                f"to {self.us} until other packages are drawn up."
            )
        return (
            f"Until one is, no deal stands; the nearest is {quoted(nearest.package)}, which "
            f"{self._refusals(nearest)}."
        )

    def _recommended(self, package: Standing) -> str:
        surplus = package.surplus[self.audience]
        where = "above" if surplus >= 0 else "below"
        size = "the same as" if surplus == 0 else f"{points(surplus)} {where}"
        sentence = (
            f"Recommended: {quoted(package.package)}, worth {worth(package.value)} to us, "
            f"{size} no deal"
        )
        told = self._explained(self.audience, package.package)
        gains = parts(told.differences, gains=True)[:1] if told and surplus > 0 else []
        sentence += f", mostly on {gains[0]}" if gains else ""
        if self.advice.zone:
            return f"{sentence}."
        return f"{sentence}; it {self._refusals(package)}."

    def _accepted(self, package: Standing) -> str:
        if not package.allowed or package.refusing:
            return f"It {self._refusals(package)}."
        signers = self.case.signers
        if len(signers) == 1:
            return f"The one signer, {plain(signers[0])}, accepts it."
        told = "Every signer accepts it, as scored in this case"
        if len(signers) > MOST_PARTIES_IN_ONE_TABLE:
            return f"{told}."
        return f"{told}; surplus, each on its own scale: {self._surpluses(package, signers)}."

    def _surpluses(self, package: Standing, parties: Iterable[str]) -> str:
        """Tell each party's surplus, in the order of the case: sizes are never set in order."""
        return joined(
            f"{self._subject_of(party)} {points(package.surplus[party])}" for party in parties
        )

    def _subject_of(self, party: str) -> str:
        return "ours" if party == self.audience else plain(party)

    def _object_of(self, party: str) -> str:
        return "us" if party == self.audience else plain(party)

    def _lines_of(self, parties: Iterable[str]) -> str:
        """Say whose red line is crossed."""
        crossed = list(parties)
        others = [plain(party) for party in crossed if party != self.audience]
        if len(others) == len(crossed):
            return f"crosses a red line ({several(others)})"
        return "crosses our red line" + (f" and one of {several(others)}" if others else "")

    def _refusals(self, package: Standing) -> str:
        """Say who does not accept a package, and what else stands in its way."""
        words = []
        if package.rules_broken:
            count = len(package.rules_broken)
            words.append(f"breaks {'a rule' if count == 1 else f'{count} rules'}")
        if package.red_lines:
            words.append(self._lines_of(package.red_lines))
        short = [party for party in package.refusing if package.surplus[party] < 0]
        if short:
            told = [
                f"{self._object_of(party)} by {points(package.surplus[party])}" for party in short
            ]
            words.append(f"falls short of no deal ({several(told)})")
        return joined(words)

    def _by_whom(self) -> str:
        advice = self.advice
        if advice.chosen is None:
            return self._chosen_by_rule()
        why = "This is the analyst’s choice"
        if not advice.computed:
            nearest = advice.nearest
            if nearest is None or nearest == advice.package:
                return f"{why}; the program would recommend no deal."
            return (
                f"{why}; the program would recommend no deal, with {quoted(nearest.package)} as "
                f"the nearest, which {self._refusals(nearest)}."
            )
        if advice.package in advice.computed:
            return f"{why} and the program’s: {self._best_of_zone()}."
        best = advice.computed[0]
        return (
            f"{why}; the program would recommend {quoted(best.package)}, worth "
            f"{whole(best.value)} to us and acceptable to every signer."
        )

    def _chosen_by_rule(self) -> str:
        ties = [quoted(one.package) for one in self.advice.computed[1:]]
        verb = "ties" if len(ties) == 1 else "tie"
        tied = f"; {several(ties)} {verb} with it" if ties else ""
        return f"The program’s choice by rule: {self._best_of_zone()}{tied}."

    def _best_of_zone(self) -> str:
        count = len(self.advice.zone)
        if count == 1:
            return "the only listed package that every signer accepts"
        many = NUMBERS.get(count, str(count))
        return f"of the {many} listed packages that every signer accepts it is worth most to us"

    # -- options

    def _options(self) -> Iterator[Block]:
        parties = [party.name for party in self.case.parties]
        wide = len(parties) <= MOST_PARTIES_IN_ONE_TABLE
        surplus_columns = tuple(Column(plain(party), 1.25, "right") for party in parties)
        rows = [self._option_row(one, parties if wide else []) for one in self._in_rank_order()]
        rows.append(self._no_deal_row(parties if wide else []))
        strong = [
            index
            for index, one in enumerate(self._in_rank_order())
            if one == self.advice.package
        ]  # fmt: skip
        yield Paragraph(
            "Our value is in points on our own scale. Surplus is value minus the value of no deal, "
            "on each party’s own scale: between parties its sign can be compared, its size cannot."
        )
        yield Table(
            caption="Listed packages and no deal" + (", with each party’s surplus" if wide else ""),
            columns=(
                Column("Package", 4.2),
                Column("Rank", 0.8, "right"),
                Column("Our value", 0.9, "right"),
                *(surplus_columns if wide else ()),
                Column("Red lines crossed, rules broken", 2.2),
                Column("Not acceptable to", 1.8 if wide else 3.0),
            ),
            rows=tuple(rows),
            strong=tuple(strong),
            notes=tuple(self._option_notes()),
        )
        if wide:
            return
        yield Table(
            caption="Each party’s surplus",
            columns=(Column("Package", 4.0), *surplus_columns),
            rows=tuple(
                (plain(one.package), *(signed(one.surplus[party]) for party in parties))
                for one in self._in_rank_order()
            ),
            strong=tuple(strong),
        )

    def _in_rank_order(self) -> list[Standing]:
        ranks = self._ranks()
        return sorted(self.advice.standings, key=lambda one: ranks[one.package] or 10**9)

    def _ranks(self) -> dict[str, int | None]:
        from mcda.ranking.additive import rank_additive

        return {row.package: row.rank for row in rank_additive(self.evaluation, self.audience)}

    def _option_row(self, one: Standing, parties: Iterable[str]) -> tuple[str, ...]:
        rank = self._ranks()[one.package]
        owners = ["our own" if line == self.audience else plain(line) for line in one.red_lines]
        obstacles = [f"Red line: {', '.join(owners)}"] if one.red_lines else []
        if one.rules_broken:
            count = len(one.rules_broken)
            obstacles.append("breaks a rule" if count == 1 else f"breaks {count} rules")
        row = self.evaluation.packages.index(one.package)
        refusing = [
            plain(party)
            for party, accepts in zip(
                self.evaluation.parties, self.evaluation.acceptable[row], strict=True
            )
            if not accepts
        ]
        mark = " (recommended)" if one == self.advice.package else ""
        return (
            plain(one.package) + mark,
            "–" if rank is None else str(rank),
            whole(one.value),
            *(signed(one.surplus[party]) for party in parties),
            "; ".join(obstacles) or "none",
            several(refusing) or "nobody",
        )

    def _no_deal_row(self, parties: Iterable[str]) -> tuple[str, ...]:
        first = f": {plain(self.case.no_deal[0].name)}" if self.case.no_deal else ""
        surplus = ("0" for _ in parties)
        return (f"No deal{first}", "–", whole(self.reservation[self.audience]), *surplus, "–", "–")

    def _option_notes(self) -> Iterator[str]:
        unranked = [one for one in self.advice.standings if self._ranks()[one.package] is None]
        if unranked:
            yield ("No rank: the package breaks a rule or crosses a red line of our own.")
        for one in self.advice.standings:
            if one.rules_broken:
                rules = [rule for rule in self.case.rules if rule.name in one.rules_broken]
                broken = joined(map(rule_in_words, rules))
                yield f"{quoted(one.package)} breaks {broken}."
        crossed = {
            line.name: line
            for row in range(len(self.evaluation.packages))
            for line, crosses in zip(self.case.red_lines, self.evaluation.crosses[row], strict=True)
            if crosses
        }
        if crossed:
            told = [
                f"{red_line_in_words(line)} ({_stated(line.stated)}{_cited(line.source)})"
                for line in crossed.values()
            ]
            yield f"Red lines crossed: {'; '.join(told)}."
        yield (
            f'Figures: sheets Ranking and Values of the workbook; mcda rank FILE --for "{self.us}".'
        )

    # -- why, and what speaks against it

    def _why_heading(self) -> str:
        return "Why this package" if self.advice.package else "What would have to move"

    def _why(self) -> Iterator[Block]:
        subject = self.subject
        if subject is None:
            return
        if self.advice.package is None:
            yield Bullets(tuple(self._to_move(subject)))
            return
        runner_up = self.advice.runner_up
        if runner_up is not None:
            told = explain(self.evaluation, self.audience, subject.package, runner_up.package)
            best = "next best" if subject in self.advice.zone else "best"
            which = f"the {best} that every signer accepts"
            if runner_up.refusing:
                which = f"the {best} that is allowed, which not every signer accepts"
            yield Paragraph(
                f"Against {quoted(runner_up.package)}, {which}: {self._more_or_less(told)}; "
                f"{for_and_against(told)}."
            )
        yield Paragraph(self._against_no_deal(subject))
        if self.advice.chosen and self.advice.chosen.why:
            yield Paragraph(f"The analyst’s reason: {ended(plain(self.advice.chosen.why))}")

    def _to_move(self, subject: Standing) -> Iterator[str]:
        for party in subject.refusing:
            who = "We" if party == self.audience else plain(party)
            yield (
                f"{who} would need {points(subject.surplus[party])} more than "
                f"{quoted(subject.package)} gives, or a no deal worth as much less."
            )
        yield "Or a package that is not listed: the list is not the whole space of packages."

    def _more_or_less(self, told: Explanation) -> str:
        if told.points == 0:
            return "worth the same to us"
        word = "more" if told.points > 0 else "less"
        return f"worth {points(told.points)} {word} to us"

    def _explained(self, party: str, package: str) -> Explanation | None:
        try:
            return explain(self.evaluation, party, package, None)
        except ValueError:  # no deal is stated as one number, with no criteria behind it
            return None

    def _against_no_deal(self, subject: Standing) -> str:
        told = self._explained(self.audience, subject.package)
        surplus = subject.surplus[self.audience]
        word = "more" if surplus > 0 else "less"
        head = "worth the same" if surplus == 0 else f"worth {points(surplus)} {word}"
        if told is None:
            how = "no deal is stated as one value, so that no criterion explains the difference"
        else:
            how = for_and_against(told)
        return f"Against no deal: {head}; {how}."

    def _against(self) -> Iterator[Block]:
        subject = self.subject
        if subject is None:
            return
        items = [
            *self._worth_more(subject),
            *self._rival_wins(subject),
            *self._worse_than_no_deal(subject),
            *self._thin_surplus(subject),
            *self._near_red_lines(subject),
        ]
        if items:
            yield Bullets(tuple(items))

    def _worth_more(self, subject: Standing) -> Iterator[str]:
        better = [one for one in self.advice.standings if one.value > subject.value]
        if not better:
            return
        told = []
        for one in better[:MOST_RIVALS]:
            refusal = self._refusals(one)
            told.append(
                f"{quoted(one.package)}, {worth(one.value)}, "
                + (f"which {refusal}" if refusal else "which every signer accepts")
            )
        rest = len(better) - len(told)
        more = f"; and {rest} more, see the table" if rest else ""
        yield f"Worth more to us: {'; '.join(told)}{more}."

    def _rival_wins(self, subject: Standing) -> Iterator[str]:
        rival = self.advice.runner_up
        if rival is None or self.advice.package is None:
            return
        told = explain(self.evaluation, self.audience, subject.package, rival.package)
        wins = parts(told.differences, gains=False)
        if wins:
            yield f"{quoted(rival.package)} does better on {joined(wins)}."
        else:
            yield f"{quoted(rival.package)} does better on no criterion by as much as a point."

    def _worse_than_no_deal(self, subject: Standing) -> Iterator[str]:
        told = self._explained(self.audience, subject.package)
        losses = parts(told.differences, gains=False) if told else []
        if losses:
            yield f"It is worse for us than no deal on {joined(losses)}."

    def _thin_surplus(self, subject: Standing) -> Iterator[str]:
        signers = [party for party in self.case.parties if party.signs]
        for party in signers:
            size = points(subject.surplus[party.name])
            if subject.surplus[party.name] < 0 and party.name == self.audience:
                yield f"We are {size} short of our no deal."
            elif subject.surplus[party.name] < 0:
                yield f"{plain(party.name)} is {size} short of its no deal."
        if len(signers) > 1 and subject in self.advice.zone:
            yield (
                "Each signer’s yes rests on its surplus: if its no deal is worth more than that "
                "beyond what is scored here, the yes is gone."
            )
        for party in signers:
            high = party.reservation.high if party.reservation else None
            value = subject.surplus[party.name] + self.reservation[party.name]
            if high is not None and subject.surplus[party.name] >= 0 and value < high:
                who = "we" if party.name == self.audience else plain(party.name)
                its = "our" if party.name == self.audience else "its"
                yield (
                    f"At the upper end of the stated range of {its} no deal ({whole(high)}), "
                    f"{who} would refuse."
                )

    def _near_red_lines(self, subject: Standing) -> Iterator[str]:
        package = self.case.package(subject.package)
        if not package.settings:
            return
        steps = list(self._steps(package))
        told = [
            f"{plain(issue)} at {quoted(level)} ({joined(map(self._subject_of, parties))})"
            for issue, level, parties in steps
        ]
        if told:
            yield f"One step from a red line: {joined(told)}."

    def _steps(self, package: Package) -> Iterator[tuple[str, str, list[str]]]:
        """Walk over the single steps, up or down one issue, that cross another red line."""
        model = self.evaluation.model
        here = set(self.evaluation.red_lines_crossed(self.case.packages.index(package)))
        for issue in self.case.issues:
            deal = issue.deal_levels
            at = deal.index(package.settings[issue.name])
            for level in (*deal[max(at - 1, 0) : at], *deal[at + 1 : at + 2]):
                changed = model.levels([{**package.settings, issue.name: level}])
                lines = [
                    line
                    for line, crosses in zip(
                        self.case.red_lines, model.crosses(changed)[0], strict=True
                    )
                    if crosses and line.name not in here
                ]
                if lines:
                    yield issue.name, level, list(dict.fromkeys(line.party for line in lines))

    # -- terms

    def _terms(self) -> Iterator[Block]:
        if self.subject is None:
            return
        package = self.case.package(self.subject.package)
        if package.settings:
            base = self.case.no_deal[0].settings if self.case.no_deal else {}
            yield Table(
                caption="What is agreed, issue by issue",
                columns=(
                    Column("Issue", 3.0),
                    Column("In the package", 4.0),
                    *((Column("Without agreement", 4.0),) if base else ()),
                ),
                rows=tuple(
                    (
                        plain(issue),
                        plain(level),
                        *((self._unless_same(level, base[issue]),) if base else ()),
                    )
                    for issue, level in package.settings.items()
                ),
            )
        else:
            yield Paragraph("It is scored directly, with no issues behind it.")
        items = [
            (label, text)
            for label, text in (
                ("Note", package.note),
                ("Also agreed, not valued here", "; ".join(package.outside)),
                ("Sequence", " → ".join(package.sequence)),
                ("Cost", package.cost),
                ("Reversible", package.reversible),
            )
            if text
        ]
        if items:
            yield Bullets(tuple(f"{label}: {ended(plain(text))}" for label, text in items))

    def _unless_same(self, level: str, without: str) -> str:
        return "the same" if level == without else plain(without)

    # -- counterparts

    def _counterparts(self) -> Iterator[Block]:
        others = [party for party in self.case.parties if party.name != self.audience]
        if self.subject is None or not others:
            return
        yield Paragraph(
            f"On {quoted(self.subject.package)}, against no deal, as scored in this case; none of "
            "it is a stated position."
        )
        yield Bullets(tuple(self._would_say(party, self.subject) for party in others))

    def _would_say(self, party: Party, subject: Standing) -> str:
        surplus = subject.surplus[party.name]
        row = self.evaluation.packages.index(subject.package)
        column = self.evaluation.parties.index(party.name)
        accepts = bool(self.evaluation.acceptable[row, column])
        crossed = [
            line
            for line, crosses in zip(self.case.red_lines, self.evaluation.crosses[row], strict=True)
            if crosses and line.party == party.name
        ]
        side = "above" if surplus > 0 else "below"
        size = "worth the same as no deal" if surplus == 0 else f"{points(surplus)} {side} no deal"
        reasons = [f"red line: {red_line_in_words(line)}" for line in crossed] + [size]
        told = self._explained(party.name, subject.package)
        if told is not None:
            reasons.append(for_and_against(told))
        signs = "" if party.signs else " (does not sign)"
        return f"{plain(party.name)}{signs}: {'yes' if accepts else 'no'}. {_capital(reasons)}."

    # -- assumptions

    def _assumptions(self) -> Iterator[Block]:
        yield Bullets(
            (
                self._judgement(),
                "Each party’s criteria, weights and scores are its own; points of one party are "
                "not comparable with points of another. Parties are valued independently of "
                "each other.",
                self._no_deal_values(),
                *self._nearest(),
                self._ranges(),
                self._signers(),
                *self._warnings(),
                "How the ranks hold under other weights and scores is not part of this memo.",
            )
        )

    def _judgement(self) -> str:
        judged = [criterion.judged for criterion in self.party.criteria if criterion.judged]
        by = list(dict.fromkeys(plain(item.by) for item in judged if item.by))
        on = list(dict.fromkeys(day(item.on) or "" for item in judged if item.on))
        who = f"; our weights were judged by {joined(by)}" if by else ""
        when = f" on {joined(on)}" if by and on else ""
        return f"Weights and scores are judgement, not measurement{who}{when}."

    def _no_deal_values(self) -> str:
        told = []
        for party in self.case.parties:
            stated = party.reservation
            how = ""
            if stated is not None:
                how = " (stated)"
                if stated.low is not None and stated.high is not None:
                    how = f" (stated, {whole(stated.low)} to {whole(stated.high)})"
            elif not self.case.no_deal:
                how = " (nothing stated)"
            told.append(f"{plain(party.name)} {whole(self.reservation[party.name])}{how}")
        base = f" ({quoted(self.case.no_deal[0].name)})" if self.case.no_deal else ""
        return f"Value of no deal{base}: {'; '.join(told)}."

    def _nearest(self) -> Iterator[str]:
        if self.advice.nearest is not None and not self.advice.computed:
            yield (
                "“Nearest” names the allowed package whose greatest shortfall, each in the party’s "
                "own points, is least. It is a rule for naming one package, not a comparison of "
                "parties."
            )

    def _ranges(self) -> str:
        open_ = [
            f"{plain(criterion.name)} of {plain(party.name)}"
            for party, criterion in self.case.criteria()
            if not criterion.points and (criterion.low is None or criterion.high is None)
        ]
        if not open_:
            return "Every criterion’s range is stated."
        count = f"{len(open_)} criteria have" if len(open_) > 1 else "One criterion has"
        return (
            f"{count} no stated range ({joined(open_[:3])}{' …' if len(open_) > 3 else ''}); the "
            "span of the scores is used, and a weight means something only while it stands."
        )

    def _signers(self) -> str:
        signers = joined(plain(name) for name in self.case.signers)
        others = [plain(party.name) for party in self.case.parties if not party.signs]
        rest = f" Need not sign: {joined(others)}." if others else ""
        known = how_known([line.stated for line in self.case.red_lines])
        return (
            f"Agreement needs the yes of: {signers}.{rest}{f' {known}' if known else ''} "
            "Red lines are never weighed against points."
        )

    def _warnings(self) -> Iterator[str]:
        for finding in findings(self.case).warnings:
            yield f"Warning, {plain(finding.where)}: {plain(finding.what)}"

    # -- annexes

    def _weights(self) -> Iterator[Block]:
        rows = [
            (
                plain(criterion.name),
                f"{100 * share:.0f} %",
                *self._ends_of(criterion, index),
            )
            for index, (criterion, share) in enumerate(
                zip(self.party.criteria, self.party.shares, strict=True)
            )
        ]
        order = sorted(range(len(rows)), key=lambda at: -self.party.shares[at])
        yield Table(
            caption="What the move from the worst to the best end is worth, as a share of all",
            columns=(
                Column("Criterion", 2.6),
                Column("Weight", 0.9, "right"),
                Column("Worst end", 4.2),
                Column("Best end", 4.2),
            ),
            rows=tuple(rows[at] for at in order),
            notes=("Figures: sheets Weights and Criteria of the workbook.",),
        )

    def _ends_of(self, criterion: Criterion, index: int) -> Iterator[str]:
        """Tell the worst and the best end: what it means with its figure, or figure and unit."""
        low, high = self.evaluation.ranges[self.audience][index]
        ends = (low, high) if criterion.direction == "max" else (high, low)
        for end, meaning in zip(ends, (criterion.worst, criterion.best), strict=True):
            figure = f"{end:g}".replace("-", "−")
            with_unit = f"{figure} {plain(criterion.unit)}" if criterion.unit else figure
            yield f"{plain(meaning)} ({figure})" if meaning else with_unit

    def _sources(self) -> Iterator[Block]:
        used = self._cited_ids()
        cited = [source for source in self.case.sources if source.id in used]
        if not self.case.sources:
            return
        if not cited:
            count = len(self.case.sources)
            none = "The one source" if count == 1 else f"None of the {count} sources"
            verb = "is not named" if count == 1 else "is named"
            yield Paragraph(f"{none} of the case {verb} by what this memo tells.")
            return
        rest = len(self.case.sources) - len(cited)
        yield Paragraph(
            "Sources of the packages, of the red lines and of the levels in this memo"
            + (
                f"; {rest} more, and the statements in full, stand on the sheet Sources."
                if rest
                else "; their statements stand in full on the sheet Sources."
            ),
        )
        yield Bullets(tuple(_source(source) for source in cited), small=True)

    def _cited_ids(self) -> set[str]:
        """Sources of what the memo tells: packages, red lines, the levels of its subject."""
        ids = {package.source for package in self.case.packages}
        ids |= {line.source for line in self.case.red_lines}
        if self.subject is not None:
            settings = self.case.package(self.subject.package).settings
            for issue in self.case.issues:
                ids |= {one.source for one in issue.levels if settings.get(issue.name) == one.name}
        return {source for source in ids if source}

    def _origin(self, fingerprint: str) -> Iterator[Block]:
        yield Paragraph(
            f"Written by mcda {mcda.__version__} from the inputs with SHA-256 {fingerprint}; the "
            "same inputs give the same memo. The workbook’s Cover shows the fingerprint of its own "
            "inputs.",
            "small",
        )


def _stated(stated: bool | None) -> str:
    return {True: "stated", False: "inferred", None: "not known whether stated"}[stated]


def _cited(source: str | None) -> str:
    return f", {plain(source)}" if source else ""


def _capital(reasons: list[str]) -> str:
    text = "; ".join(reasons)
    return text[:1].upper() + text[1:]


def _source(source: Source) -> str:
    told = [day(source.date) or "undated", plain(source.source or ""), _start(source.statement)]
    return f"[{plain(source.id)}] {ended('. '.join(part.rstrip('.') for part in told if part))}"


def _start(statement: str | None) -> str:
    """A statement's beginning, up to a word; it stands in full on the sheet Sources."""
    return textwrap.shorten(statement or "", LONGEST_STATEMENT, placeholder=" …")
