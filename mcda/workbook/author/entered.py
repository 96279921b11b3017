"""Checks of what is entered: rows are named, words are known, references lead somewhere.

They fail wherever reading the workbook would refuse a row, so that the Cover does not say that
all is well about inputs that no program can read.
"""

from __future__ import annotations

from collections.abc import Iterable

from mcda.workbook import layout
from mcda.workbook.author.counting import FAIL, Parts, inside, texts
from mcda.workbook.author.lookup import Lookup
from mcda.workbook.author.lookup.claims import word_is

_KEYS = {
    "Packages": ("Package",), "NoDeal": ("NoDeal",), "Issues": ("Issue", "Level"),
    "Parties": ("Party",), "Criteria": ("Party", "Criterion"), "Weights": ("Party", "Criterion"),
    "Scores": ("Issue", "Level"), "Direct": ("Kind", "Name"),
    "Evidence": ("Party", "Criterion", "Level"), "Rules": ("Name", "Kind"),
    "Conditions": ("Name", "Kind", "Part", "Issue", "Level"), "Scenarios": ("Scenario",),
    "Recommendations": ("For", "Package"), "Sources": ("Id",),
}  # fmt: skip
"""The columns that every row of a table needs."""


def entered(lookup: Lookup) -> Iterable[Parts]:
    """Yield the checks of what was entered, sheet by sheet."""
    yield (
        "The case has a name", f'IF(TRIM({layout.CASE_NAME})="",1,0)', FAIL,
        "Enter it on the Cover.", layout.COVER,
    )  # fmt: skip
    yield (
        "Everything entered is typed, not computed",
        "+".join(f"SUMPRODUCT(--_xlfn.ISFORMULA({area}))" for area in _areas()),
        FAIL,
        "An input is a formula; programs read what was typed. Copy it, then paste it as values.",
        layout.COVER,
    )
    for sheet in layout.INPUT_SHEETS:
        yield _rows(sheet, lookup.places.scores_shift)
    yield from _issues_and_parties()
    yield from _combinations()
    claims = lookup.claims
    yield (
        "Every row on Evidence is of one score, and its range is around that score",
        f"SUM({claims.evidence.range})", FAIL,
        "Party, criterion, issue and level (or package, or no deal) name a score on Scores, letter "
        "by letter, once; low ≤ score ≤ high, both ends or none.", layout.EVIDENCE,
    )  # fmt: skip
    yield (
        "Every row on Scenarios changes something known, to a number",
        f"SUM({claims.scenarios.range})", FAIL,
        "Names are matched letter by letter; a weight, reservation or score needs a new value, low "
        "≤ value ≤ high; a lift a rule or red line. Leave the other cells blank; change nothing "
        "twice.", layout.SCENARIOS,
    )  # fmt: skip
    yield (
        "Recommendations are to parties, of listed packages",
        f"SUM({claims.recommendations.range})", FAIL,
        "Names are matched letter by letter: choose them from the lists.", layout.RECOMMENDATIONS,
    )  # fmt: skip


def _span(table: layout.Table) -> str:
    """All columns of a table that have fixed headers, with what stands between them."""
    last = layout.NO_DEAL_VALUES if table.key == "NoDeal" else table.name(table.columns[-1].key)
    return f"{table.name(table.columns[0].key)}:{last}"


def _areas() -> Iterable[str]:
    for table in layout.TABLES:
        yield _span(table)
    yield layout.SCORES_BLOCK
    yield layout.DIRECT_BLOCK


def _rows(sheet: str, shift: str) -> Parts:
    """The check that a sheet's rows are named, and their words those of the lists.

    ``shift`` is the cell with the number of rows between the two headers of Scores.
    """
    tables = [table for table in layout.TABLES if table.sheet == sheet]
    counts = [count for table in tables for count in _unnamed(table, shift)]
    words = [
        (table.name(column.key), column)
        for table in tables
        for column in table.columns
        if column.choices
    ]
    counts += [_unknown(name, column.choices) for name, column in words]
    needed = " (or ".join(
        " and ".join(f"“{table.column(key).header}”" for key in _KEYS[table.key])
        for table in tables
    ) + ")" * (len(tables) - 1)
    needed_names = {table.name(key) for table in tables for key in _KEYS[table.key]}
    listed = "".join(
        f"; “{column.header}” is {_either(column.choices, blank=name not in needed_names)}"
        for name, column in words
    )
    test = f"Rows on {sheet} are named"
    return (
        test + (", and words are known" if words else ""),
        "+".join(counts),
        FAIL,
        f"A row that holds anything has {needed}{listed}.",
        sheet,
    )


def _either(words: tuple[str, ...], *, blank: bool) -> str:
    *first, last = (*words, "blank") if blank else words
    return f"{', '.join(first)} or {last}"


def _unnamed(table: layout.Table, shift: str) -> Iterable[str]:
    """Numbers of cells in rows without one of their names."""
    for key in _KEYS[table.key]:
        name = table.name(key)
        yield f'SUMPRODUCT({inside(name)}*(TRIM({name})="")*({_span(table)}<>""))'
    if table.sheet == layout.SCORES:
        # The block's first column holds the levels, or the names of what is scored directly.
        block, headers = (
            (layout.SCORES_BLOCK, shift) if table.key == "Scores" else (layout.DIRECT_BLOCK, "0")
        )
        rows = inside(block, headers)
        yield f'SUMPRODUCT({rows}*(TRIM(INDEX({block},0,1))="")*({block}<>""))'


def _unknown(name: str, words: tuple[str, ...]) -> str:
    """Number of cells in a column that hold none of its words."""
    known = "".join(f"-{word_is(name, word)}" for word in words)
    return f'SUMPRODUCT({inside(name)}*(TRIM({name})<>"")*(1{known}))'


def _issues_and_parties() -> Iterable[Parts]:
    yield (
        "Every issue has levels of a deal, and they stand before those of no deal only",
        "SUMPRODUCT((Issue_First>0)*(COUNTIFS(Level_IssueNumber,Issue_First,Level_Deal,1)=0))"
        "+SUMPRODUCT((Level_Deal=1)*(Level_Number>0)*(COUNTIFS(Level_IssueNumber,"
        'Level_IssueNumber,Level_Deal,0,Level_Number,"<"&Level_Number)>0))',
        FAIL, "Move the levels that occur only without agreement below the issue's others; a "
        "package needs a level that it can have.", layout.ISSUES,
    )  # fmt: skip
    yield (
        "Some party signs", "IF(SUM(Party_Signs)=0,1,0)", FAIL,
        "Set Signs to yes for at least one party.", layout.PARTIES,
    )  # fmt: skip
    dirichlet = word_is("Parties_WeightsAre", layout.DIRICHLET)
    power, spread = "Parties_Power", "Parties_Concentration"
    numbers = "+".join(map(texts, ("Parties_Aspiration", power, spread)))
    yield (
        "Aspiration, power and concentration are numbers that can be",
        f'{numbers}+COUNTIF({power},"<=0")+COUNTIF({spread},"<=0")'
        f'+SUMPRODUCT({inside(spread)}*({dirichlet}<>({spread}<>"")))',
        FAIL, "Power and concentration are above 0. A concentration stands beside “dirichlet”, and "
        "only there.", layout.PARTIES,
    )  # fmt: skip


def _combinations() -> Iterable[Parts]:
    of = {
        kind: f'EXACT(Rules_Kind,"{kind}")'
        for kind in (layout.RULE_KIND, layout.RED_LINE_KIND, layout.INTERACTION_KIND)
    }
    low, score, high = "Rules_Low", "Rules_Score", "Rules_High"
    unused = {
        layout.RULE_KIND: ("Party", "Criterion", "Score", "Low", "High", "Stated", "Basis",
                           "Confidence"),
        layout.RED_LINE_KIND: ("Criterion", "Score", "Low", "High", "Basis", "Confidence"),
        layout.INTERACTION_KIND: ("Stated",),
    }  # fmt: skip
    beside = "".join(
        f"+SUMPRODUCT({inside('Rules_Kind')}*{of[kind]}*("
        + "+".join(f'(Rules_{column}<>"")' for column in columns)
        + "))"
        for kind, columns in unused.items()
    )
    yield (
        "Every interaction has a score, within its low and high; nothing else has one",
        f"SUMPRODUCT({inside('Rules_Kind')}*{of[layout.INTERACTION_KIND]}"
        f"*(ISNUMBER({score})=FALSE))"
        f"+SUMPRODUCT({inside(low)}*(ISNUMBER({low})<>ISNUMBER({high})))"
        f"+SUMPRODUCT(ISNUMBER({low})*({low}>{score}))"
        f"+SUMPRODUCT(ISNUMBER({high})*ISNUMBER({score})*({high}<{score}))"
        f"+{texts(low)}+{texts(high)}{beside}",
        FAIL, "low ≤ score ≤ high, both ends or none. A rule has no party; a red line no criterion "
        "and no score; an interaction is neither stated nor inferred.", layout.RULES,
    )  # fmt: skip
