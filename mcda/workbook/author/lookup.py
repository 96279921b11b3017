"""The Lookup sheet: names become numbers here, once; everything after computes on numbers.

Text is located by EXACT only, since MATCH, SUMIF and = take ``~ * ? <5`` for patterns and ``Full``
for ``full``. A number 0 means: there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mcda.case import Case
from mcda.workbook import layout
from mcda.workbook.author.live import (
    Cached,
    LiveSheet,
    Run,
    Section,
    finish_workings,
    first_place,
    number_at,
    row_of,
    text_at,
)
from mcda.workbook.author.sheets import Sheets

TOP = 6
"""First row of the sections' cells; title, guidance, section titles and headers stand above."""

PARTS = (layout.IF, layout.THEN, layout.FORBID, layout.WHEN)
RULE_NUMBER, RED_LINE_NUMBER, INTERACTION_NUMBER = 1, 2, 3
KIND_STEP = 10_000
"""What a rule belongs to is kind × 10 000 + number of its party (or criterion, of interactions)."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the input blocks stand now: cells that hold sheet rows and columns."""

    scores_top: str
    scores_shift: str
    weights_top: str
    edges: dict[str, tuple[str, str]]
    """Block → cells with its first and its last sheet column."""

    def column(self, block: str, texts: Sequence[str], first_row: int = 1) -> str:
        """Formula part: the column in ``block`` whose header rows hold ``texts``; 0 if none."""
        left, right = self.edges[block]
        header = f"INDEX({block},{first_row},0)"
        same = "*".join(
            f"EXACT(INDEX({block},{first_row + n},0),{text})" for n, text in enumerate(texts)
        )
        return first_place(f"{same}*(COLUMN({header})>{left})*(COLUMN({header})<{right})")


@dataclass(frozen=True, slots=True)
class Parties:
    """One row per party."""

    name: Run
    number: Run
    signs: Run
    stated: Run
    values_column: Run
    twice: Run


@dataclass(frozen=True, slots=True)
class Criteria:
    """One row per party and criterion."""

    party: Run
    name: Run
    number: Run
    party_number: Run
    key: Run
    column: Run
    """Column in Scores_Block and Direct_Block."""
    weight: Run
    share: Run
    twice: Run
    weight_row: Run


@dataclass(frozen=True, slots=True)
class Totals:
    """Once more one row per party: what follows from its criteria."""

    criteria: Run
    weights: Run
    shares: Run
    widest: Run
    runner_up: Run


@dataclass(frozen=True, slots=True)
class Levels:
    """One row per level; ``scores`` holds one run per criterion."""

    issue: Run
    name: Run
    number: Run
    issue_number: Run
    """Place of the first level of the same issue."""
    order: Run
    deal: Run
    twice: Run
    apart: Run
    place: Run
    scores: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Direct:
    """One row per package or no-deal alternative that is scored directly."""

    kind: Run
    name: Run
    number: Run
    twice: Run
    scores: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Issues:
    """One row per issue, in the order of their first levels."""

    first: Run
    name: Run
    in_packages: Run
    in_no_deal: Run
    least: tuple[Run, ...]
    greatest: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """One row per rule, red line or interaction."""

    name: Run
    number: Run
    kind: Run
    belongs: Run
    score: Run
    twice: Run
    first_part: Run
    """Number of distinct issues under if, forbid or when."""
    then_part: Run


@dataclass(frozen=True, slots=True)
class Conditions:
    """One row per condition; ``key`` is 2 × rule, plus 1 under then; 0 where it does not count."""

    rule: Run
    level: Run
    key: Run
    filled: Run
    part: Run


@dataclass(frozen=True, slots=True)
class Curves:
    """One row per party and criterion: its range in use, and its value function."""

    span_low: Run
    span_high: Run
    stated_low: Run
    stated_high: Run
    low: Run
    high: Run
    points: Run
    start: Run
    start_value: Run
    slope: Run
    knots: tuple[Run, ...]
    bends: tuple[Run, ...]
    partly: Run
    crooked: Run


@dataclass(frozen=True, slots=True)
class Lookup:
    """The sections of the Lookup sheet."""

    live: LiveSheet
    places: Places
    parties: Parties
    criteria: Criteria
    totals: Totals
    levels: Levels
    direct: Direct
    issues: Issues
    rules: Rules
    conditions: Conditions
    curves: Curves


def write(sheets: Sheets) -> Lookup:
    """Write the Lookup sheet and return where everything on it stands."""
    live = LiveSheet(sheets, layout.LOOKUP)
    room, case = sheets.plan.room, sheets.case
    _page(sheets)
    left = 0

    def section(title: str, rows: int, prefix: str) -> Section:
        return Section(live, title, TOP, left, rows, prefix)

    here = section("Where the inputs stand", 1, "At")
    places = _places(here)
    left = here.right + 1
    here = section("Parties", room.parties, "Party")
    parties = _parties(here, places, case)
    left = here.right + 1
    here = section("Criteria", room.criteria, "Criterion")
    criteria = _criteria(here, places, parties, case)
    left = here.right + 1
    here = section("Weights by party", room.parties, "Total")
    totals = _totals(here, parties, criteria)
    left = here.right + 1
    here = section("Levels and their scores", room.levels, "Level")
    levels = _levels(here, places, criteria, case)
    left = here.right + 1
    here = section("Scored directly", room.direct, "DirectRow")
    direct = _direct(here, criteria)
    left = here.right + 1
    here = section("Issues, with least and greatest scores", room.issues, "Issue")
    issues = _issues(here, places, levels, criteria, case)
    left = here.right + 1
    here = section("Rules, red lines, interactions", room.rules, "Rule")
    rule_runs = _rule_runs(here, case)
    conditions = _conditions(
        Section(
            live, "Conditions", TOP, here.right + 3, room.conditions, "Condition"
        ),
    )  # fmt: skip
    rules = _rules(here, rule_runs)
    left = here.right + 1 + _CONDITION_COLUMNS + 1
    here = section("Ranges and value functions", room.criteria, "Curve")
    curves = _curves(here, levels, issues, direct, sheets)
    return Lookup(
        live, places, parties, criteria, totals, levels, direct, issues, rules, conditions, curves
    )


def _page(sheets: Sheets) -> None:
    sheet, formats = sheets[layout.LOOKUP], sheets.formats
    sheet.write_string(0, 0, "Lookup: names become numbers, once", formats["title"])
    sheet.set_row(0, 24)
    sheet.write_string(
        1,
        0,
        "Workings, live, from left to right. Names are found letter by letter (EXACT); 0 means: "
        "there is none.",
        formats["guidance"],
    )
    finish_workings(sheet, (TOP, 0))
    sheet.set_row(TOP - 1, 75)


def _places(section: Section) -> Places:
    def cell(header: str, formula: str) -> str:
        return section.add(header, lambda _: formula).on(1)

    top = cell("Scores: header row", "ROW(INDEX(Scores_Issue,1))")
    shift = cell(
        "Scores: rows from the party header to it",
        "ROW(INDEX(Scores_Issue,1))-ROW(INDEX(Scores_Block,1,1))",
    )
    weights = cell("Weights: header row", "ROW(INDEX(Weights_Party,1))")
    edges = {}
    for block in (
        layout.PACKAGES_SETTINGS,
        layout.NO_DEAL_SETTINGS,
        layout.NO_DEAL_VALUES,
        layout.SCORES_BLOCK,
    ):
        first = cell(f"{block}: first column", f"COLUMN(INDEX({block},1,1))")
        last = cell(f"{block}: last column", f"{first}+COLUMNS({block})-1")
        edges[block] = (first, last)
    return Places(top, shift, weights, edges)


def _parties(section: Section, places: Places, case: Case) -> Parties:
    names = case.party_names
    name = section.add("Party", lambda k: text_at("Parties_Party", str(k)), "Name", values=names)
    number = section.add(
        "Number", lambda k: f'IF({name.cell(k)}="",0,{k})', "Number", values=_counting(names)
    )
    signs = section.add(
        "Signs",
        lambda k: (
            f'IF({number.cell(k)}=0,0,IF(EXACT(LOWER(TRIM(INDEX(Parties_Signs,{k}+1))),"no"),0,1))'
        ),
        "Signs",
        values=[float(party.signs) for party in case.parties],
    )
    stated = section.add(
        "Reservation stated", lambda k: number_at("Parties_Reservation", str(k)), "Stated",
        values=[
            None if party.reservation is None else party.reservation.base for party in case.parties
        ],
    )  # fmt: skip
    column = section.add(
        "Column of stated no-deal values",
        lambda k: (
            f"IF({number.cell(k)}=0,0,{places.column(layout.NO_DEAL_VALUES, [name.cell(k)])})"
        ),
        "Column",
    )
    return Parties(name, number, signs, stated, column, _twice(section, name))


def _twice(section: Section, name: Run, group: Run | None = None) -> Run:
    """Whether a name stands twice, without regard to case (within its group, by number)."""

    def formula(k: int) -> str:
        same = f"EXACT(LOWER({name.name}),LOWER({name.cell(k)}))"
        if group is not None:
            same += f"*({group.name}={group.cell(k)})"
        return f'IF({name.cell(k)}="",0,IF(SUMPRODUCT(--({same}))>1,1,0))'

    return section.add("Twice", formula, "Twice")


def _criteria(section: Section, places: Places, parties: Parties, case: Case) -> Criteria:
    pairs = list(case.criteria())
    party = section.add(
        "Party", lambda k: text_at("Criteria_Party", str(k)), "Party",
        values=[party.name for party, _ in pairs],
    )  # fmt: skip
    name = section.add(
        "Criterion", lambda k: text_at("Criteria_Criterion", str(k)), "Name",
        values=[criterion.name for _, criterion in pairs],
    )  # fmt: skip
    number = section.add(
        "Number", lambda k: f'IF({name.cell(k)}="",0,{k})', "Number", values=_counting(pairs)
    )
    party_number = section.add(
        "Number of its party",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            f"SUMPRODUCT(EXACT({parties.name.name},{party.cell(k)})*{parties.number.name}))"
        ),
        "PartyNumber",
        values=[float(case.party_names.index(party.name) + 1) for party, _ in pairs],
    )
    # The m-th criterion of party q is found by the key q × 1000 + m.
    key = section.add(
        "Party × 1000 + place",
        lambda k: (
            f"IF({party_number.cell(k)}=0,0,{party_number.cell(k)}*1000+1+"
            f"COUNTIF({party_number.above(k)},{party_number.cell(k)}))"
        ),
        "Key",
    )
    column = section.add(
        "Column on Scores",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            f"{places.column(layout.SCORES_BLOCK, [party.cell(k), name.cell(k)])})"
        ),
        "Column",
    )
    weight_row = section.add(
        "Row on Weights",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            + first_place(
                f"EXACT(Weights_Party,{party.cell(k)})*EXACT(Weights_Criterion,{name.cell(k)})"
                f"*(ROW(Weights_Party)>{places.weights_top})"
            )
            + ")"
        ),
        "WeightRow",
    )
    weight = section.add(
        "Weight",
        lambda k: f"IF({weight_row.cell(k)}=0,0,N(INDEX(Weights_Weight,{weight_row.cell(k)})))",
        "Weight",
        values=[criterion.weight for _, criterion in pairs],
    )
    total = f"SUMIF({party_number.name},{{own}},{weight.name})"
    share = section.add(
        "Share",
        lambda k: (
            f"IF({party_number.cell(k)}=0,0,IF({total.format(own=party_number.cell(k))}>0,"
            f"{weight.cell(k)}/{total.format(own=party_number.cell(k))},0))"
        ),
        "Share",
        values=[share for party in case.parties for share in party.shares],
    )
    twice = _twice(section, name, party_number)
    return Criteria(
        party, name, number, party_number, key, column, weight, share, twice, weight_row
    )


def _totals(section: Section, parties: Parties, criteria: Criteria) -> Totals:
    own = criteria.party_number.name

    count = section.add(
        "Criteria",
        lambda k: f"IF({parties.number.cell(k)}=0,0,COUNTIF({own},{k}))",
        "Criteria",
    )
    weights = section.add(
        "Sum of weights",
        lambda k: f"IF({parties.number.cell(k)}=0,0,SUMIF({own},{k},{criteria.weight.name}))",
        "Weights",
    )
    shares = section.add(
        "Sum of shares",
        lambda k: f"IF({parties.number.cell(k)}=0,0,SUMIF({own},{k},{criteria.share.name}))",
        "Shares",
    )
    mine = f"({own}={{k}})*{criteria.weight.name}"
    widest = section.add(
        "Criterion with the greatest weight",
        lambda k: (
            f"IF({count.cell(k)}=0,0,"
            + first_place(
                f"({own}={k})*({criteria.weight.name}=SUMPRODUCT(MAX({mine.format(k=k)})))"
            )
            + ")"
        ),
        "Widest",
    )
    others = f"({own}={{k}})*({criteria.number.name}<>{{widest}})"
    runner_up = section.add(
        "The next greatest",
        lambda k: (
            f"IF({count.cell(k)}<2,0,"
            + first_place(
                f"{others.format(k=k, widest=widest.cell(k))}*({criteria.weight.name}="
                f"SUMPRODUCT(MAX({others.format(k=k, widest=widest.cell(k))}"
                f"*{criteria.weight.name})))"
            )
            + ")"
        ),
        "RunnerUp",
    )
    return Totals(count, weights, shares, widest, runner_up)


def _levels(section: Section, places: Places, criteria: Criteria, case: Case) -> Levels:
    rows = [(issue, level) for issue in case.issues for level in issue.levels]
    issue = section.add(
        "Issue", lambda k: text_at("Issues_Issue", str(k)), "Issue",
        values=[issue.name for issue, _ in rows],
    )  # fmt: skip
    name = section.add(
        "Level", lambda k: text_at("Issues_Level", str(k)), "Name",
        values=[level.name for _, level in rows],
    )  # fmt: skip
    number = section.add(
        "Number",
        lambda k: f'IF(OR({issue.cell(k)}="",{name.cell(k)}=""),0,{k})',
        "Number",
        values=_counting(rows),
    )
    issue_number = section.add(
        "First level of the issue",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            + first_place(f"EXACT({issue.name},{issue.cell(k)})*({number.name}>0)")
            + ")"
        ),
        "IssueNumber",
    )
    so_far = section.next("Order")
    order = section.add(
        "Starts issue number",
        lambda k: (
            f"IF(AND({number.cell(k)}>0,{issue_number.cell(k)}={k}),"
            f'1+COUNTIF({so_far.above(k)},">0"),0)'
        ),
        "Order",
    )
    deal = section.add(
        "In a deal",
        lambda k: (
            f"IF({number.cell(k)}=0,0,IF(EXACT(LOWER(TRIM(INDEX(Issues_Occurs,{k}+1))),"
            f'"{layout.NO_DEAL_ONLY}"),0,1))'
        ),
        "Deal",
        values=[float(level.deal) for _, level in rows],
    )
    twice = _twice(section, name, issue_number)
    last = section.next("Last")
    section.add(
        "Issue so far",
        lambda k: (
            f"IF({number.cell(k)}>0,{issue_number.cell(k)},{last.cell(k - 1) if k > 1 else 0})"
        ),
        "Last",
    )
    apart = section.add(
        "Apart from its issue",
        lambda k: (
            f"IF(AND({number.cell(k)}>0,{issue_number.cell(k)}<{k},"
            f"{issue_number.cell(k)}<>{last.cell(k - 1) if k > 1 else 0}),1,0)"
        ),
        "Apart",
    )
    place = section.add(
        "Row on Scores",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            + first_place(
                f"EXACT(Scores_Issue,{issue.cell(k)})*EXACT(Scores_Level,{name.cell(k)})"
                f"*(ROW(Scores_Issue)>{places.scores_top})"
            )
            + ")"
        ),
        "Place",
    )
    scores = []
    for c, header in _headers(criteria):
        column = criteria.column.cell(c)
        scores.append(
            section.add_under(
                header,
                lambda k, column=column: _score(  # type: ignore[misc]
                    "Scores_Block", f"{place.cell(k)}+{places.scores_shift}", place.cell(k), column
                ),
            )
        )
    return Levels(
        issue, name, number, issue_number, order, deal, twice, apart, place, tuple(scores)
    )


def _headers(criteria: Criteria) -> list[tuple[int, str]]:
    return [
        (
            c,
            f'IF({criteria.number.cell(c)}=0,"",'
            f'{criteria.party.cell(c)}&" · "&{criteria.name.cell(c)})',
        )
        for c in range(1, criteria.number.rows + 1)
    ]


def _score(block: str, row: str, row_known: str, column: str) -> str:
    inside = f"INDEX({block},{row},{column})"
    return f'IF(OR({row_known}=0,{column}=0),"",IF(ISNUMBER({inside}),{inside},""))'


def _direct(section: Section, criteria: Criteria) -> Direct:
    kind = section.add("Kind", lambda k: text_at("Direct_Kind", str(k)), "Kind")
    name = section.add("Name", lambda k: text_at("Direct_Name", str(k)), "Name")
    number = section.add("Number", lambda k: f'IF({name.cell(k)}="",0,{k})', "Number")

    def again(k: int) -> str:
        same = f"EXACT({name.name},{name.cell(k)})*EXACT({kind.name},{kind.cell(k)})"
        return f"IF({number.cell(k)}=0,0,IF(SUMPRODUCT({same})>1,1,0))"

    twice = section.add("Twice", again, "Twice")
    scores = []
    for c, header in _headers(criteria):
        column = criteria.column.cell(c)
        scores.append(
            section.add_under(
                header,
                lambda k, column=column: _score(  # type: ignore[misc]
                    layout.DIRECT_BLOCK, f"{k}+1", number.cell(k), column
                ),
            )
        )
    return Direct(kind, name, number, twice, tuple(scores))


def _issues(
    section: Section, places: Places, levels: Levels, criteria: Criteria, case: Case
) -> Issues:
    names = [issue.name for issue in case.issues]
    first = section.add(
        "First level", lambda k: f"IFERROR(MATCH({k},{levels.order.name},0),0)", "First"
    )
    name = section.add(
        "Issue",
        lambda k: f'IF({first.cell(k)}=0,"",INDEX({levels.issue.name},{first.cell(k)}))',
        "Name",
        values=names,
    )

    def column(block: str) -> list[Run]:
        return [
            section.add(
                f"Column on {'Packages' if block == layout.PACKAGES_SETTINGS else 'No deal'}",
                lambda k: (
                    f"IF({first.cell(k)}=0,0,{places.column(block, [name.cell(k)])})"
                ),
                "InPackages" if block == layout.PACKAGES_SETTINGS else "InNoDeal",
            )
        ]  # fmt: skip

    in_packages = column(layout.PACKAGES_SETTINGS)[0]
    in_no_deal = column(layout.NO_DEAL_SETTINGS)[0]
    last = section.add(
        "Last level",
        lambda k: (
            f"IF({first.cell(k)}=0,0,SUMPRODUCT(MAX(({levels.issue_number.name}={first.cell(k)})"
            f"*{levels.number.name})))"
        ),
        "Last",
    )
    ends: dict[str, list[Run]] = {"MIN": [], "MAX": []}
    for function, runs in ends.items():
        word = "least" if function == "MIN" else "greatest"
        for (_, header), scores in zip(_headers(criteria), levels.scores, strict=True):
            # An issue's rows stand together, so its levels are one stretch of the column.
            stretch = f"INDEX({scores.range},{{first}}):INDEX({scores.range},{{last}})"
            runs.append(
                section.add_under(
                    f'"{word}: "&{header}',
                    lambda k, stretch=stretch, function=function: (  # type: ignore[misc]
                        f"IF({first.cell(k)}=0,0,{function}("
                        + stretch.format(first=first.cell(k), last=last.cell(k))
                        + "))"
                    ),
                )
            )
    return Issues(
        first, name, in_packages, in_no_deal, tuple(ends["MIN"]), tuple(ends["MAX"])
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _RuleRuns:
    name: Run
    number: Run
    kind: Run
    belongs: Run
    score: Run
    twice: Run


def _rule_runs(section: Section, case: Case) -> _RuleRuns:
    names = [
        thing.name
        for group in (case.rules, case.red_lines, case.interactions)
        for thing in group
    ]  # fmt: skip
    name = section.add("Name", lambda k: text_at("Rules_Name", str(k)), "Name", values=names)
    kind_text = section.add("Kind", lambda k: text_at("Rules_Kind", str(k)), "KindText")
    number = section.add(
        "Number", lambda k: f'IF({name.cell(k)}="",0,{k})', "Number", values=_counting(names)
    )
    kinds = (
        (layout.RULE_KIND, RULE_NUMBER),
        (layout.RED_LINE_KIND, RED_LINE_NUMBER),
        (layout.INTERACTION_KIND, INTERACTION_NUMBER),
    )
    kind = section.add(
        "Kind in numbers",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            + "+".join(f'{n}*EXACT({kind_text.cell(k)},"{word}")' for word, n in kinds)
            + ")"
        ),
        "Kind",
    )
    party = "SUMPRODUCT(EXACT(Party_Name,INDEX(Rules_Party,{row}))*Party_Number)"
    criterion = (
        "SUMPRODUCT(EXACT(Criterion_Party,INDEX(Rules_Party,{row}))"
        "*EXACT(Criterion_Name,INDEX(Rules_Criterion,{row}))*Criterion_Number)"
    )

    def belonging(k: int) -> str:
        row = f"{k}+1"
        return (
            f"{kind.cell(k)}*{KIND_STEP}+IF({kind.cell(k)}={RED_LINE_NUMBER},"
            f"{party.format(row=row)},IF({kind.cell(k)}={INTERACTION_NUMBER},"
            f"{criterion.format(row=row)},0))"
        )

    belongs = section.add("Belongs to", belonging, "Belongs")
    score = section.add(
        "Score",
        lambda k: f"IF({kind.cell(k)}={INTERACTION_NUMBER},N(INDEX(Rules_Score,{k}+1)),0)",
        "Score",
    )

    def again(k: int) -> str:
        same = f"EXACT(LOWER({name.name}),LOWER({name.cell(k)}))*({kind.name}={kind.cell(k)})"
        return f"IF({number.cell(k)}=0,0,IF(SUMPRODUCT({same})>1,1,0))"

    return _RuleRuns(name, number, kind, belongs, score, section.add("Twice", again, "Twice"))


def _rules(section: Section, runs: _RuleRuns) -> Rules:
    # A condition counts its issue once: the flag stands with the first level of each issue.
    first = section.add(
        "Issues under if, forbid, when",
        lambda k: f"IF({runs.number.cell(k)}=0,0,SUMIF(Condition_Key,{2 * k},Condition_First))",
        "FirstPart",
    )
    then = section.add(
        "Issues under then",
        lambda k: f"IF({runs.number.cell(k)}=0,0,SUMIF(Condition_Key,{2 * k + 1},Condition_First))",
        "ThenPart",
    )
    return Rules(
        runs.name, runs.number, runs.kind, runs.belongs, runs.score, runs.twice, first, then
    )


_CONDITION_COLUMNS = 8


def _conditions(section: Section) -> Conditions:
    def text(column: str, k: int) -> str:
        return f"INDEX(Conditions_{column},{k}+1)"

    filled = section.add(
        "Filled",
        lambda k: (
            f"IF({k}<ROWS(Conditions_Name)-1,IF({text('Name', k)}&{text('Issue', k)}&"
            f'{text("Level", k)}="",0,1),0)'
        ),
        "Filled",
    )
    rule = section.add(
        "Number of its rule",
        lambda k: (
            f"IF({filled.cell(k)}=0,0,SUMPRODUCT(EXACT(Rule_Name,{text('Name', k)})"
            f"*EXACT(Rule_KindText,{text('Kind', k)})*Rule_Number))"
        ),
        "Rule",
    )
    level = section.add(
        "Number of its level",
        lambda k: (
            f"IF({filled.cell(k)}=0,-1,IFERROR(1/(1/SUMPRODUCT("
            f"EXACT(Level_Issue,{text('Issue', k)})*EXACT(Level_Name,{text('Level', k)})"
            f"*Level_Number)),-1))"
        ),
        "Level",
    )
    issue = section.add(
        "Its issue",
        lambda k: f"IF({level.cell(k)}<1,0,INDEX(Level_IssueNumber,{level.cell(k)}))",
        "Issue",
    )
    part = {word: f'EXACT({{text}},"{word}")' for word in PARTS}

    def fitting(k: int) -> str:
        """The number of the part, where a condition of this kind has such a part."""
        here = {word: form.format(text=text("Part", k)) for word, form in part.items()}
        return (
            f"IF({rule.cell(k)}=0,0,CHOOSE(1+INDEX(Rule_Kind,{rule.cell(k)}),0,"
            f"{here['if']}+2*{here['then']}+3*{here['forbid']},3*{here['forbid']},"
            f"4*{here['when']}))"
        )

    fits = section.add("Part: if 1, then 2, forbid 3, when 4", fitting, "Part")
    raw = section.add(
        "2 × rule, + 1 under then",
        lambda k: f"IF({fits.cell(k)}=0,0,2*{rule.cell(k)}+({fits.cell(k)}=2))",
        "Raw",
    )
    key = section.add(
        "The same, counted once",
        lambda k: (
            f"IF({raw.cell(k)}=0,0,IF(SUMPRODUCT(({raw.above(k)}={raw.cell(k)})"
            f"*({level.above(k)}={level.cell(k)}))>0,0,{raw.cell(k)}))"
        ),
        "Key",
    )
    section.add(
        "First of its issue",
        lambda k: (
            f"IF({key.cell(k)}=0,0,IF(SUMPRODUCT(({key.above(k)}={key.cell(k)})"
            f"*({issue.above(k)}={issue.cell(k)}))>0,0,1))"
        ),
        "First",
    )
    return Conditions(rule, level, key, filled, fits)


def _curves(
    section: Section, levels: Levels, issues: Issues, direct: Direct, sheets: Sheets
) -> Curves:
    ranges = np.vstack([sheets.evaluation.ranges[name] for name in sheets.case.party_names])
    rows = section.rows
    belongs = INTERACTION_NUMBER * KIND_STEP

    def end(sign: str, function: str, runs: Sequence[Run]) -> list[str]:
        """Formulas of the span's end, for each criterion."""
        formulas = []
        for c in range(1, rows + 1):
            scores, given = levels.scores[c - 1].range, direct.scores[c - 1].range
            extra = f"SUMPRODUCT((Rule_Belongs={belongs + c})*(Rule_Score{sign}0)*Rule_Score)"
            fed = f"COUNT({scores})+COUNTIF(Rule_Belongs,{belongs + c})"
            total = f"SUM({runs[c - 1].range})+{extra}"
            formulas.append(f"IF({fed}=0,{function}({given}),{function}({total},{given}))")
        return formulas

    lows, highs = end("<", "MIN", issues.least), end(">", "MAX", issues.greatest)
    span_low = section.add("Span: low", lambda k: lows[k - 1], "SpanLow")
    span_high = section.add("Span: high", lambda k: highs[k - 1], "SpanHigh")
    stated_low = section.add(
        "Stated: low", lambda k: number_at("Criteria_Low", str(k)), "StatedLow"
    )
    stated_high = section.add(
        "Stated: high", lambda k: number_at("Criteria_High", str(k)), "StatedHigh"
    )
    at = [
        section.add(f"x{n}", lambda k, n=n: number_at(f"Criteria_X{n}", str(k)), f"X{n}")  # type: ignore[misc]
        for n in range(1, layout.MAX_POINTS + 1)
    ]
    value = [
        section.add(f"v{n}", lambda k, n=n: number_at(f"Criteria_V{n}", str(k)), f"V{n}")  # type: ignore[misc]
        for n in range(1, layout.MAX_POINTS + 1)
    ]
    points = section.add(
        "Points",
        lambda k: f"MIN(COUNT({row_of(at, k)}),COUNT({row_of(value, k)}))",
        "Points",
    )
    low = section.add(
        "Low in use",
        lambda k: (
            f"IF({points.cell(k)}>1,N({at[0].cell(k)}),"
            f"IF(ISNUMBER({stated_low.cell(k)}),{stated_low.cell(k)},{span_low.cell(k)}))"
        ),
        "Low",
        values=ranges[:, 0].tolist(),
    )
    high = section.add(
        "High in use",
        lambda k: (
            f"IF({points.cell(k)}>1,MAX({row_of(at, k)}),"
            f"IF(ISNUMBER({stated_high.cell(k)}),{stated_high.cell(k)},{span_high.cell(k)}))"
        ),
        "High",
        values=ranges[:, 1].tolist(),
    )
    direction = section.add(
        "Direction: 1 max, -1 min",
        lambda k: (
            f"IF({k}<ROWS(Criteria_Direction)-1,"
            f'IF(EXACT(LOWER(TRIM(INDEX(Criteria_Direction,{k}+1))),"min"),-1,1),1)'
        ),
        "Direction",
    )
    slopes = [
        section.add(
            f"Slope {n}",
            lambda k, n=n: (  # type: ignore[misc]
                f"IF({points.cell(k)}>{n},IFERROR(({value[n].cell(k)}-{value[n - 1].cell(k)})"
                f"/({at[n].cell(k)}-{at[n - 1].cell(k)}),0),0)"
            ),
            f"Slope{n}",
        )
        for n in range(1, layout.MAX_POINTS)
    ]
    width = "({high}-{low})"
    slope = section.add(
        "First slope",
        lambda k: (
            f"IF({points.cell(k)}>1,{slopes[0].cell(k)},IF({high.cell(k)}={low.cell(k)},0,"
            f"{direction.cell(k)}*100/{width.format(high=high.cell(k), low=low.cell(k))}))"
        ),
        "Slope",
    )
    start_value = section.add(
        "Value at low",
        lambda k: (
            f"IF({points.cell(k)}>1,N({value[0].cell(k)}),"
            f"IF({high.cell(k)}={low.cell(k)},0,IF({direction.cell(k)}>0,0,100)))"
        ),
        "StartValue",
    )
    knots, bends = [], []
    for n in range(2, layout.MAX_POINTS):
        knots.append(
            section.add(
                f"Knot {n}",
                lambda k, n=n: f"IF({points.cell(k)}>{n},N({at[n - 1].cell(k)}),0)",  # type: ignore[misc]
                f"Knot{n}",
            )
        )
    for n in range(2, layout.MAX_POINTS):
        bends.append(
            section.add(
                f"Bend {n}",
                lambda k, n=n: (  # type: ignore[misc]
                    f"IF({points.cell(k)}>{n},{slopes[n - 1].cell(k)}-{slopes[n - 2].cell(k)},0)"
                ),
                f"Bend{n}",
            )
        )
    partly = section.add(
        "Levels without a score in an issue that is scored",
        lambda k: (
            f'SUMPRODUCT(({levels.scores[k - 1].range}="")*(Level_Number>0)*(COUNTIFS('
            f'Level_IssueNumber,Level_IssueNumber,{levels.scores[k - 1].range},">=-1E+300")>0))'
        ),
        "Partly",
    )
    crooked = section.add(
        "Points that are not a value function",
        lambda k: _crooked(k, at, value, slopes, points, direction),
        "Crooked",
    )
    return Curves(
        span_low, span_high, stated_low, stated_high, low, high, points, low, start_value, slope,
        tuple(knots), tuple(bends), partly, crooked,
    )  # fmt: skip


def _crooked(
    k: int, at: Sequence[Run], value: Sequence[Run], slopes: Sequence[Run], points: Run, sense: Run
) -> str:
    """1 where points do not rise in x, do not rise (fall) in value from 0 to 100, or have gaps."""
    count, direction = points.cell(k), sense.cell(k)
    problems = [
        f"COUNT({row_of(at, k)})<>COUNT({row_of(value, k)})",
        f"{count}=1",
        *(
            f"AND({count}>{n},OR(NOT(ISNUMBER({at[n].cell(k)})),"
            f"{at[n].cell(k)}<={at[n - 1].cell(k)},"
            f"{slopes[n - 1].cell(k)}*{direction}<0))"
            for n in range(1, layout.MAX_POINTS)
        ),
        f"AND({count}>1,OR({value[0].cell(k)}<>IF({direction}>0,0,100),"
        f"IF({direction}>0,MAX({row_of(value, k)})<>100,MIN({row_of(value, k)})<>0)))",
    ]
    return f"IF(OR({','.join(problems)}),1,0)"


def _counting(things: Sequence[object]) -> list[Cached]:
    return [float(k) for k in range(1, len(things) + 1)]
