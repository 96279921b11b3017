"""What Evidence, Scenarios, Recommendations and Sources speak of, found row by row.

None of it enters the ranking; the checks on what was entered stand on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from mcda.workbook import layout
from mcda.workbook.author.live import Run, Section, first_place, text_at
from mcda.workbook.author.lookup.places import Places
from mcda.workbook.author.lookup.rules import RED_LINE_NUMBER, RULE_NUMBER


@dataclass(frozen=True, slots=True)
class Claims:
    """For each row of four input tables whether it is amiss: 1, or 0."""

    evidence: Run
    scenarios: Run
    scenario_names: Run
    """Whether another scenario's name differs only in upper and lower case."""
    recommendations: Run
    sources: Run
    """Whether the id stands twice."""


STEP, HALF = 100_000, 50_000
CRITERION = "SUMPRODUCT(EXACT(Criterion_Party,{party})*EXACT(Criterion_Name,{name})*{numbers})"
LEVEL = "SUMPRODUCT(EXACT(Level_Issue,{issue})*EXACT(Level_Name,{name})*Level_Number)"


def write_evidence(section: Section, places: Places) -> Run:
    """Write which score each row on Evidence is of, and whether its range is around it."""

    def at(column: str, k: int) -> str:
        return f"INDEX(Evidence_{column},{k}+1)"

    def directly(kind: str, k: int) -> str:
        return (
            f'SUMPRODUCT(EXACT(DirectRow_Kind,"{kind}")*EXACT(DirectRow_Name,{at("Level", k)})'
            "*DirectRow_Number)"
        )

    def keyed(k: int) -> str:
        """One number for criterion and thing: of what is scored directly the row counts down."""
        package, no_deal = layout.PACKAGE_KIND, layout.NO_DEAL_KIND
        thing = (
            f"IF({word_is(at('Of', k), package)},-{directly(package, k)},"
            f"IF({word_is(at('Of', k), no_deal)},-{directly(no_deal, k)},"
            + LEVEL.format(issue=at("Issue", k), name=at("Level", k))
            + "))"
        )
        criterion = _criterion(at("Party", k), at("Criterion", k))
        return (
            f"IF({k}<ROWS(Evidence_Party)-1,IF({at('Party', k)}&{at('Criterion', k)}&"
            f'{at("Issue", k)}&{at("Level", k)}="",0,{criterion}*{STEP}+{HALF}+{thing}),0)'
        )

    key = section.add(f"Criterion × {STEP} + {HALF} + level, or − its direct row", keyed, "Key")

    def score(k: int) -> str:
        number = f"INT({key.cell(k)}/{STEP})"
        thing = f"(MOD({key.cell(k)},{STEP})-{HALF})"
        column = f"INDEX(Criterion_Column,{number})"
        place = f"INDEX(Level_Place,{thing})"
        return (
            f'IF(OR({key.cell(k)}<{STEP},{thing}=0),"",IF({column}=0,"",IF({thing}<0,'
            f'INDEX(Direct_Block,1-{thing},{column}),IF({place}=0,"",'
            f"INDEX(Scores_Block,{place}+{places.scores_shift},{column})))))"
        )

    base = section.add("Its score", score, "Score")
    return section.add(
        "Amiss",
        lambda k: (
            f"IF({key.cell(k)}=0,0,IF(OR(NOT(ISNUMBER({base.cell(k)})),"
            f"COUNTIF({key.name},{key.cell(k)})>1,"
            f"{_not_around(at('Low', k), base.cell(k), at('High', k))}),1,0))"
        ),
        "Amiss",
    )


def write_scenarios(section: Section, places: Places) -> tuple[Run, Run]:
    """Write what each row on Scenarios changes, and whether it can be changed so."""

    def at(column: str, k: int) -> str:
        return f"INDEX(Scenarios_{column},{k}+1)"

    kinds = (
        layout.WEIGHT_CHANGE, layout.RESERVATION_CHANGE, layout.SCORE_CHANGE, layout.LIFT,
    )  # fmt: skip
    name = section.add("Scenario", lambda k: text_at("Scenarios_Scenario", str(k)), "Name")
    number = section.add(
        "First row of the scenario",
        lambda k: (
            f'IF({name.cell(k)}="",0,' + first_place(f"--EXACT({name.name},{name.cell(k)})") + ")"
        ),
        "Number",
    )
    alike = section.add(
        "Another name differs only in case",
        lambda k: (
            f'IF({name.cell(k)}="",0,IF(SUMPRODUCT(EXACT(LOWER({name.name}),LOWER({name.cell(k)}))'
            f"*(1-EXACT({name.name},{name.cell(k)})))>0,1,0))"
        ),
        "Alike",
    )
    kind = section.add(
        "Kind of change",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            + "+".join(f"{n}*{word_is(at('Change', k), word)}" for n, word in enumerate(kinds, 1))
            + ")"
        ),
        "Kind",
    )
    changed = section.add(
        "Its party (reservation), criterion, or rule (lift)",
        lambda k: (
            f"IF({kind.cell(k)}=0,0,CHOOSE({kind.cell(k)},"
            f"{_criterion(at('Party', k), at('Criterion', k))},"
            f"SUMPRODUCT(EXACT(Party_Name,{at('Party', k)})*Party_Number),"
            f"{_criterion(at('Party', k), at('Criterion', k))},"
            f"SUMPRODUCT(MAX(EXACT(Rule_Name,{at('Lifted', k)})*(Rule_Kind>={RULE_NUMBER})"
            f"*(Rule_Kind<={RED_LINE_NUMBER})*Rule_Number))))"
        ),
        "Changed",
    )
    level = section.add(
        "Its level",
        lambda k: (
            f"IF({kind.cell(k)}<>3,0," + LEVEL.format(issue=at("Issue", k), name=at("Level", k))
            + ")"
        ),
        "Level",
    )  # fmt: skip
    key = section.add(
        "All of it",
        lambda k: (
            f"IF({kind.cell(k)}=0,0,(({number.cell(k)}*4+{kind.cell(k)})*10000+{changed.cell(k)})"
            f"*10000+{level.cell(k)})"
        ),
        "Key",
    )
    unused = {
        0: ("Party", "Criterion", "Issue", "Level", "Low", "Value", "High", "Lifted", "Basis",
            "Source", "Confidence"),
        1: ("Issue", "Level", "Low", "High", "Lifted", "Basis", "Source", "Confidence"),
        2: ("Criterion", "Issue", "Level", "Lifted", "Basis", "Source", "Confidence"),
        3: ("Lifted",),
        4: ("Party", "Criterion", "Issue", "Level", "Low", "Value", "High", "Basis", "Source",
            "Confidence"),
    }  # fmt: skip

    def beside(n: int, k: int) -> str:
        """Whether a cell is filled that means nothing in a change of this kind."""
        return "&".join(at(column, k) for column in unused[n]) + '<>""'

    def value(k: int) -> str:
        return f"NOT(ISNUMBER({at('Value', k)}))"

    def around(k: int) -> str:
        return _not_around(at("Low", k), at("Value", k), at("High", k))

    def score(k: int) -> str:
        """Whether there is no score that could be changed."""
        place = f"INDEX(Level_Place,MAX(1,{level.cell(k)}))+{places.scores_shift}"
        column = f"INDEX(Criterion_Column,MAX(1,{changed.cell(k)}))"
        return (
            f"{level.cell(k)}=0,IFERROR(NOT(ISNUMBER(INDEX(Scores_Block,{place},{column}))),TRUE)"
        )

    def amiss(k: int) -> str:
        own = f"{changed.cell(k)}=0,COUNTIF({key.name},{key.cell(k)})>1"
        return (
            f'IF({name.cell(k)}="",0,IF(OR(CHOOSE(1+{kind.cell(k)},'
            f"{beside(0, k)},"
            f"OR({own},{beside(1, k)},{value(k)},{at('Value', k)}<0),"
            f"OR({own},{beside(2, k)},{value(k)},{around(k)}),"
            f"OR({own},{beside(3, k)},{value(k)},{around(k)},{score(k)}),"
            f"OR({own},{beside(4, k)})),"
            f'AND({at("Why", k)}<>"",SUMPRODUCT(EXACT(Scenarios_Scenario,{name.cell(k)})'
            f'*(Scenarios_Why<>"")*(1-EXACT(Scenarios_Why,{at("Why", k)})))>0)),1,0))'
        )

    return section.add("Amiss", amiss, "Amiss"), alike


def write_recommendations(section: Section) -> Run:
    """Write whether each recommendation is to a party, of a listed package."""

    def at(column: str, k: int) -> str:
        return f"INDEX(Recommendations_{column},{k}+1)"

    def amiss(k: int) -> str:
        inside = "(ROW(Packages_Package)>MIN(ROW(Packages_Package)))" + (
            "*(ROW(Packages_Package)<MAX(ROW(Packages_Package)))"
        )
        return (
            f"IF({k}<ROWS(Recommendations_For)-1,"
            f'IF({at("For", k)}&{at("Package", k)}&{at("Why", k)}="",0,'
            f"IF(AND(SUMPRODUCT(EXACT(Party_Name,{at('For', k)})*Party_Number)>0,"
            f'{at("Package", k)}<>"",SUMPRODUCT(EXACT(Packages_Package,{at("Package", k)})'
            f"*{inside})>0),0,1)),0)"
        )

    return section.add("Amiss", amiss, "Amiss")


def write_sources(section: Section) -> Run:
    """Write whether an id stands twice, without regard to case."""
    name = section.add("Id", lambda k: text_at("Sources_Id", str(k)), "Id")
    return section.add(
        "Twice",
        lambda k: (
            f'IF({name.cell(k)}="",0,IF(SUMPRODUCT(--EXACT(LOWER({name.name}),'
            f"LOWER({name.cell(k)})))>1,1,0))"
        ),
        "Twice",
    )


def word_is(cell: str, word: str) -> str:
    """Formula part: whether a cell holds a word of a drop-down, whatever its case and spaces."""
    return f'EXACT(LOWER(TRIM({cell})),"{word}")'


def _criterion(party: str, name: str) -> str:
    return CRITERION.format(party=party, name=name, numbers="Criterion_Number")


def _not_around(low: str, base: str, high: str) -> str:
    """Formula part, arguments of OR: a range that has one end, or does not contain its base."""
    return (
        f"ISNUMBER({low})<>ISNUMBER({high}),AND(ISNUMBER({low}),{low}>{base}),"
        f"AND(ISNUMBER({high}),{high}<{base})"
    )
