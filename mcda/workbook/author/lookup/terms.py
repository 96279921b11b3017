"""Issues, their levels with the scores, and what is scored directly."""

from __future__ import annotations

from dataclasses import dataclass

from mcda.case import Case
from mcda.workbook import layout
from mcda.workbook.author.live import Run, Section, counting, first_place, text_at, twice
from mcda.workbook.author.lookup.parties import Criteria, headers
from mcda.workbook.author.lookup.places import Places


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
    twice: Run
    least: tuple[Run, ...]
    greatest: tuple[Run, ...]


def write_levels(section: Section, places: Places, criteria: Criteria, case: Case) -> Levels:
    """Write the numbers of the levels, and their scores under every criterion."""
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
        values=counting(rows),
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
    again = twice(section, name, issue_number)
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
    for c, header in headers(criteria):
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
        issue, name, number, issue_number, order, deal, again, apart, place, tuple(scores)
    )


def _score(block: str, row: str, row_known: str, column: str) -> str:
    inside = f"INDEX({block},{row},{column})"
    return f'IF(OR({row_known}=0,{column}=0),"",IF(ISNUMBER({inside}),{inside},""))'


def write_direct(section: Section, criteria: Criteria) -> Direct:
    """Write what is scored directly, under every criterion."""
    kind = section.add("Kind", lambda k: text_at("Direct_Kind", str(k)), "Kind")
    name = section.add("Name", lambda k: text_at("Direct_Name", str(k)), "Name")
    number = section.add("Number", lambda k: f'IF({name.cell(k)}="",0,{k})', "Number")

    def again(k: int) -> str:
        same = f"EXACT({name.name},{name.cell(k)})*EXACT({kind.name},{kind.cell(k)})"
        return f"IF({number.cell(k)}=0,0,IF(SUMPRODUCT({same})>1,1,0))"

    repeated = section.add("Twice", again, "Twice")
    scores = []
    for c, header in headers(criteria):
        column = criteria.column.cell(c)
        scores.append(
            section.add_under(
                header,
                lambda k, column=column: _score(  # type: ignore[misc]
                    layout.DIRECT_BLOCK, f"{k}+1", number.cell(k), column
                ),
            )
        )
    return Direct(kind, name, number, repeated, tuple(scores))


def write_issues(
    section: Section, places: Places, levels: Levels, criteria: Criteria, case: Case
) -> Issues:
    """Write where each issue has its columns, and its least and greatest scores."""
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
    again = twice(section, name)
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
        for (_, header), scores in zip(headers(criteria), levels.scores, strict=True):
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
        first, name, in_packages, in_no_deal, again, tuple(ends["MIN"]), tuple(ends["MAX"])
    )  # fmt: skip
