"""The Lookup sheet: names become numbers here, once; everything after computes on numbers.

Text is located by EXACT only, since MATCH, SUMIF and = take ``~ * ? <5`` for patterns and ``Full``
for ``full``. A number 0 means: there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

from mcda.workbook import layout
from mcda.workbook.author.live import LiveSheet, Section, finish_workings
from mcda.workbook.author.lookup.claims import (
    Claims,
    write_evidence,
    write_recommendations,
    write_scenarios,
    write_sources,
)
from mcda.workbook.author.lookup.curves import Curves, write_curves
from mcda.workbook.author.lookup.parties import (
    Criteria,
    Parties,
    Totals,
    write_criteria,
    write_parties,
    write_totals,
)
from mcda.workbook.author.lookup.places import Places, write_places
from mcda.workbook.author.lookup.rules import (
    CONDITION_COLUMNS,
    Conditions,
    Rules,
    write_conditions,
    write_rule_runs,
    write_rules,
)
from mcda.workbook.author.lookup.terms import (
    Direct,
    Issues,
    Levels,
    write_direct,
    write_issues,
    write_levels,
)
from mcda.workbook.author.sheets import Sheets

TOP = 6
"""First row of the sections' cells; title, guidance, section titles and headers stand above."""


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
    claims: Claims


def write(sheets: Sheets) -> Lookup:
    """Write the Lookup sheet and return where everything on it stands."""
    live = LiveSheet(sheets, layout.LOOKUP)
    room, case = sheets.plan.room, sheets.case
    _page(sheets)
    left = 0

    def section(title: str, rows: int, prefix: str) -> Section:
        return Section(live, title, TOP, left, rows, prefix)

    here = section("Where the inputs stand", 1, "At")
    places = write_places(here)
    left = here.right + 1
    here = section("Parties", room.parties, "Party")
    parties = write_parties(here, places, case)
    left = here.right + 1
    here = section("Criteria", room.criteria, "Criterion")
    criteria = write_criteria(here, places, parties, case)
    left = here.right + 1
    here = section("Weights by party", room.parties, "Total")
    totals = write_totals(here, parties, criteria)
    left = here.right + 1
    here = section("Levels and their scores", room.levels, "Level")
    levels = write_levels(here, places, criteria, case)
    left = here.right + 1
    here = section("Scored directly", room.direct, "DirectRow")
    direct = write_direct(here, criteria)
    left = here.right + 1
    here = section("Issues, with least and greatest scores", room.issues, "Issue")
    issues = write_issues(here, places, levels, criteria, case)
    left = here.right + 1
    here = section("Rules, red lines, interactions", room.rules, "Rule")
    rule_runs = write_rule_runs(here, case)
    conditions = write_conditions(
        Section(
            live, "Conditions", TOP, here.right + 3, room.conditions, "Condition"
        ),
    )  # fmt: skip
    rules = write_rules(here, rule_runs)
    left = here.right + 1 + CONDITION_COLUMNS + 1
    here = section("Ranges and value functions", room.criteria, "Curve")
    curves = write_curves(here, levels, issues, direct, sheets)
    left = here.right + 1
    here = section("Evidence", room.evidence, "EvidenceRow")
    evidence = write_evidence(here, places)
    left = here.right + 1
    here = section("Scenarios", room.scenarios, "ScenarioRow")
    scenarios, alike = write_scenarios(here, places)
    left = here.right + 1
    here = section("Recommendations", room.recommendations, "RecommendationRow")
    recommendations = write_recommendations(here)
    left = here.right + 1
    here = section("Sources", room.sources, "SourceRow")
    claims = Claims(evidence, scenarios, alike, recommendations, write_sources(here))
    return Lookup(
        live, places, parties, criteria, totals, levels, direct, issues, rules, conditions, curves,
        claims,
    )  # fmt: skip


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
