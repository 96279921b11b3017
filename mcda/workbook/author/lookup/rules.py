"""Rules, red lines and interactions, with their conditions."""

from __future__ import annotations

from dataclasses import dataclass

from mcda.case import Case
from mcda.workbook import layout
from mcda.workbook.author.live import Run, Section, counting, text_at

PARTS = (layout.IF, layout.THEN, layout.FORBID, layout.WHEN)


RULE_NUMBER, RED_LINE_NUMBER, INTERACTION_NUMBER = 1, 2, 3


KIND_STEP = 10_000
"""What a rule belongs to is kind × 10 000 + number of its party (or criterion, of interactions)."""


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
class RuleRuns:
    """What is known of a rule before its conditions are counted."""

    name: Run
    number: Run
    kind: Run
    belongs: Run
    score: Run
    twice: Run


def write_rule_runs(section: Section, case: Case) -> RuleRuns:
    """Write the numbers of rules, red lines and interactions, and whose they are."""
    names = [
        thing.name
        for group in (case.rules, case.red_lines, case.interactions)
        for thing in group
    ]  # fmt: skip
    name = section.add("Name", lambda k: text_at("Rules_Name", str(k)), "Name", values=names)
    kind_text = section.add("Kind", lambda k: text_at("Rules_Kind", str(k)), "KindText")
    number = section.add(
        "Number", lambda k: f'IF({name.cell(k)}="",0,{k})', "Number", values=counting(names)
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

    return RuleRuns(name, number, kind, belongs, score, section.add("Twice", again, "Twice"))


def write_rules(section: Section, runs: RuleRuns) -> Rules:
    """Write how many issues each rule is about, once its conditions stand."""
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


CONDITION_COLUMNS = 8


def write_conditions(section: Section) -> Conditions:
    """Write which rule each condition belongs to, and at which level."""

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
