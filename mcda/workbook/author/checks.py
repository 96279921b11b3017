"""The Checks sheet: what must hold in the inputs and the workings, told as PASS, NOTE or FAIL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mcda.workbook import layout
from mcda.workbook.author.counting import (
    FAIL,
    NOTE,
    PASS,
    Parts,
    between,
    filled,
    filled_block,
    headers,
    inside,
    texts,
    texts_block,
    together,
)
from mcda.workbook.author.entered import entered
from mcda.workbook.author.glance import Glance
from mcda.workbook.author.live import LiveSheet
from mcda.workbook.author.lookup import Lookup
from mcda.workbook.author.lookup.rules import INTERACTION_NUMBER, KIND_STEP, RED_LINE_NUMBER
from mcda.workbook.author.noted import Noted, noted
from mcda.workbook.author.order import Order, shown
from mcda.workbook.author.ranking import Ranking
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.stamp import Stamp, checks_of_stamp
from mcda.workbook.author.values import Values
from mcda.workbook.author.weights import RANGE_CHANGED, WeightsLive

HEADER_ROW = 4
ID, TEST, FOUND, VERDICT, MEANING, LINK = range(6)


@dataclass(frozen=True, slots=True)
class Check:
    """A count that should be 0; where it is not, the verdict is FAIL, or NOTE."""

    id: str
    test: str
    count: str
    """Formula of the count."""
    otherwise: str
    advice: str
    """What it means and what to do if the count is not 0."""
    sheet: str
    known: int = 0
    """The count when the workbook is made; a valid case passes what can fail."""


def write(
    sheets: Sheets,
    lookup: Lookup,
    values: Values,
    weights: WeightsLive,
    order: Order,
    ranking: Ranking,
    glance: Glance,
    stamp: Stamp,
) -> Master:
    """Write the Checks sheet and return the master check, which stands on the Cover."""
    live = LiveSheet(sheets, layout.CHECKS)
    sheet, formats = sheets[layout.CHECKS], sheets.formats
    found = list(_all(sheets, lookup, values, weights, order, ranking, glance, stamp))
    first, last = HEADER_ROW + 1, HEADER_ROW + len(found)
    sheet.write_string(0, 0, "Checks: what must hold, and what to know", formats["title"])
    sheet.set_row(0, 24)
    sheet.write_string(
        1, 0, "Everything here is live. FAIL: the results cannot be relied on until it is mended. "
        "NOTE: worth knowing. The count says how many places are concerned.", formats["guidance"],
    )  # fmt: skip
    sheet.write_string(
        2, 0, "“mcda check FILE” names every place and what to do, cell by cell.",
        formats["guidance"],
    )  # fmt: skip
    for column, header in enumerate(("Check", "What is tested", "Count", "Result",
                                     "What it means, and what to do", "Go to")):  # fmt: skip
        sheet.write_string(HEADER_ROW, column, header, formats["header"])
    sheet.set_row(HEADER_ROW, 22)
    for row, check in enumerate(found, first):
        count = f"${layout.column_letters(FOUND)}{row + 1}"
        sheet.write_string(row, ID, check.id, formats["ruled_text"])
        sheet.write_string(row, TEST, check.test, formats["ruled_text"])
        live.write(
            row, FOUND, f'IFERROR({check.count},"error")', "ruled_integer", float(check.known)
        )
        live.write(
            row, VERDICT,
            f'IF(ISNUMBER({count}),IF({count}=0,"{PASS}","{check.otherwise}"),"{FAIL}")',
            "ruled_centre", check.otherwise if check.known else PASS,
        )  # fmt: skip
        sheet.write_string(row, MEANING, check.advice, formats["ruled_text"])
        sheet.write_url(
            row, LINK, f"internal:'{check.sheet}'!A1", formats["ruled_link"], check.sheet
        )  # fmt: skip
        sheet.set_row(row, 15 * max(1, -(-len(check.advice) // 94), -(-len(check.test) // 60)))
    for verdict, style in ((PASS, "pass"), (NOTE, "note"), (FAIL, "fail")):
        sheet.conditional_format(
            first, VERDICT, last, VERDICT,
            {"type": "cell", "criteria": "==", "value": f'"{verdict}"', "format": formats[style]},
        )  # fmt: skip
    for name, column in (
        (layout.CHECK_ID, ID),
        (layout.CHECK_TEST, TEST),
        (layout.CHECK_COUNT, FOUND),
        (layout.CHECK_RESULT, VERDICT),
    ):
        sheets.define(name, layout.Block(layout.CHECKS, first, column, last, column))
    _page(sheets)
    notes = sum(check.known > 0 for check in found)
    words = f"{PASS}: all {len(found)} checks hold" + (f", {notes} with a note" if notes else "")
    return Master(_master(live), words)


@dataclass(frozen=True, slots=True)
class Master:
    """The master check: its formula, and what it says when the workbook is made."""

    formula: str
    words: str


def _master(live: LiveSheet) -> str:
    overwritten = f"{live.count}-SUMPRODUCT(--_xlfn.ISFORMULA({live.block.reference[1:]}))"
    fails, notes = (f'COUNTIF(Check_Result,"{word}")' for word in (FAIL, NOTE))
    total = "ROWS(Check_Result)"
    return (
        f'IFERROR(IF({overwritten}<>0,"{FAIL}: formulas on Checks were overwritten",'
        f'IF({fails}>0,"{FAIL}: "&{fails}&" of "&{total}&" checks fail; see the sheet Checks",'
        f'IF({fails}+{notes}+COUNTIF(Check_Result,"{PASS}")<>{total},'
        f'"{FAIL}: a check gives no result",'
        f'"{PASS}: all "&{total}&" checks hold"&IF({notes}=0,"",", "&{notes}&" with a note")))),'
        f'"{FAIL}: the checks cannot be computed")'
    )


def _page(sheets: Sheets) -> None:
    sheet = sheets[layout.CHECKS]
    for column, width in ((ID, 8), (TEST, 52), (FOUND, 9), (VERDICT, 10), (MEANING, 80),
                          (LINK, 14)):  # fmt: skip
        sheet.set_column(column, column, width)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.protect("", {"format_columns": True, "format_rows": True})


# -- the checks


def _all(
    sheets: Sheets,
    lookup: Lookup,
    values: Values,
    weights: WeightsLive,
    order: Order,
    ranking: Ranking,
    glance: Glance,
    stamp: Stamp,
) -> Iterable[Check]:
    counts = noted(sheets.evaluation)
    number = 0
    for group in (
        _workings((lookup.live, values.live, ranking.live, glance.live, stamp.live), weights),
        _names(sheets, lookup, values),
        entered(lookup),
        _columns(lookup),
        _weights(weights, counts),
        _scores(lookup, counts),
        _ranges(weights, values, counts),
        _alternatives(lookup, values),
        _rules(),
        _results(values, order, ranking, counts),
        _stamped(),
    ):
        for check in group:
            number += 1
            yield Check(f"C{number:02d}", *check)


def _workings(whole: Sequence[LiveSheet], weights: WeightsLive) -> Iterable[Parts]:
    lives = (*whole, weights.live)
    for live in lives:
        beside = live.name == layout.WEIGHTS
        yield (
            f"No formula on {live.name} was overwritten",
            _uneven(weights) if beside else f"{live.count}-{_formulas(live.block)}",
            FAIL,
            "A computed cell holds a typed value. Undo it, or copy the cell from a fresh workbook.",
            live.name,
        )
    errors = "+".join(
        f"SUMPRODUCT(--ISERROR({live.block.reference[1:]}))" for live in lives
    )  # fmt: skip
    yield (
        "No error in any computed cell", errors, FAIL,
        "An input holds an error value, or a needed cell was deleted. Look for #N/A, #REF! and the "
        "like in the inputs first.", layout.VALUES,
    )  # fmt: skip


def _formulas(block: layout.Block) -> str:
    """Number of formulas in a block."""
    return f"SUMPRODUCT(--_xlfn.ISFORMULA({block.reference[1:]}))"


def _uneven(weights: WeightsLive) -> str:
    """Formulas that some row beside the weights lacks: users add and remove whole rows."""
    block = weights.live.block
    columns = [
        _formulas(layout.Block(block.sheet, block.top, column, block.bottom, column))
        for column in range(block.left, block.right + 1)
    ]
    return f"{len(columns)}*MAX({','.join(columns)})-{_formulas(block)}"


def _names(sheets: Sheets, lookup: Lookup, values: Values) -> Iterable[Parts]:
    room = sheets.plan.room
    lists = (
        ("Issues_Level", lookup.levels.name, room.levels, layout.ISSUES),
        ("Parties_Party", lookup.parties.name, room.parties, layout.PARTIES),
        ("Criteria_Criterion", lookup.criteria.name, room.criteria, layout.CRITERIA),
        ("Packages_Package", values.name.packages[0], room.packages, layout.PACKAGES),
        ("NoDeal_NoDeal", values.name.no_deal[0], room.no_deal, layout.NO_DEAL),
        ("Rules_Name", lookup.rules.name, room.rules, layout.RULES),
        ("Direct_Name", lookup.direct.name, room.direct, layout.SCORES),
    )
    yield (
        "Names in the inputs are the names in the workings",
        "+".join(
            f'ABS({filled(name)}-SUMPRODUCT(--({run.range}<>"")))' for name, run, _, _ in lists
        )
        + f"+ABS(SUMPRODUCT({inside('Conditions_Name')}*((Conditions_Name<>\"\")"
        '+(Conditions_Issue<>"")+(Conditions_Level<>"")>0))-SUM(Condition_Filled))',
        FAIL,
        "Something entered is not computed with: it stands beyond the room, or names were damaged.",
        layout.LOOKUP,
    )  # fmt: skip
    # No-deal rows are taken up one after the other, so only their number counts.
    beyond = [
        f"MAX(0,{filled(name)}-{rows})"
        if name == "NoDeal_NoDeal"
        else f'SUMPRODUCT({inside(name)}*(ROW({name})>MIN(ROW({name}))+{rows})*({name}<>""))'
        for name, _, rows, _ in lists
    ]
    beyond.append(
        f"SUMPRODUCT({inside('Conditions_Name')}*(ROW(Conditions_Name)>"
        f'MIN(ROW(Conditions_Name))+{room.conditions})*(Conditions_Name<>""))'
    )
    beyond.append(f"MAX(0,MAX(Level_Order)-{room.issues})")
    for name, rows in (
        ("Evidence_Level", room.evidence),
        ("Scenarios_Scenario", room.scenarios),
        ("Recommendations_Package", room.recommendations),
        ("Sources_Id", room.sources),
    ):
        beyond.append(
            f'SUMPRODUCT({inside(name)}*(ROW({name})>MIN(ROW({name}))+{rows})*({name}<>""))'
        )
    yield (
        "No row stands beyond the room of this workbook", "+".join(beyond), FAIL,
        "There are more rows than this workbook has formulas for. Make a roomier one: "
        "mcda new LARGER.xlsx --from THIS.xlsx --room 80.", layout.PACKAGES,
    )  # fmt: skip
    yield (
        "No name stands twice (upper and lower case are the same)",
        "SUM(Party_Twice)+SUM(Criterion_Twice)+SUM(Level_Twice)+SUM(Rule_Twice)"
        f"+SUM(DirectRow_Twice)+SUM({together(values.twice.packages)})"
        f"+SUM({together(values.twice.no_deal)})+SUM({lookup.issues.twice.range})"
        f"+SUM({lookup.claims.scenario_names.range})+SUM({lookup.claims.sources.range})",
        FAIL, "Two parties, criteria of one party, issues, levels of one issue, packages, rules or "
        "sources share a name, or scenarios differ only in case. Rename one.", layout.PARTIES,
    )  # fmt: skip
    yield (
        "An issue's levels stand together", "SUM(Level_Apart)", FAIL,
        "Levels of another issue stand between those of one issue. Move the rows together.",
        layout.ISSUES,
    )  # fmt: skip
    yield (
        "Every level belongs to an issue, and every issue row has a level",
        f'SUMPRODUCT({inside("Issues_Issue")}*((Issues_Issue<>"")<>(Issues_Level<>"")))',
        FAIL, "Fill in both the issue and the level.", layout.ISSUES,
    )  # fmt: skip


def _columns(lookup: Lookup) -> Iterable[Parts]:
    parties = "SUMPRODUCT((Criterion_Number>0)*(Criterion_PartyNumber=0))"
    yield (
        "Every criterion belongs to a party", parties, FAIL,
        "A party on Criteria is not on Parties. Names are matched letter by letter.",
        layout.CRITERIA,
    )  # fmt: skip
    yield (
        "Every party has a criterion",
        "SUMPRODUCT((Party_Number>0)*(Total_Criteria=0))", FAIL,
        "Without criteria a party values nothing. Add rows on Criteria and Weights, and columns on "
        "Scores.", layout.CRITERIA,
    )  # fmt: skip
    yield (
        "Every criterion has a column on Scores",
        "SUMPRODUCT((Criterion_Number>0)*(Criterion_Column=0))", FAIL,
        "Insert a column on Scores before the mark ◂, with the party and the criterion in its two "
        "header rows.", layout.SCORES,
    )  # fmt: skip
    shift = lookup.places.scores_shift
    first, second = "INDEX(Scores_Block,1,0)", f"INDEX(Scores_Block,1+{shift},0)"
    yield (
        "Every column on Scores has a criterion",
        f'ABS(SUMPRODUCT({between(first)}*(({first}<>"")+({second}<>"")>0))'
        "-SUMPRODUCT(--(Criterion_Column>0)))",
        FAIL, "A column's two headers are no party and criterion of it on Criteria, or two columns "
        "have the same headers.", layout.SCORES,
    )  # fmt: skip
    for block, runs, sheet in (
        (layout.PACKAGES_SETTINGS, "Issue_InPackages", layout.PACKAGES),
        (layout.NO_DEAL_SETTINGS, "Issue_InNoDeal", layout.NO_DEAL),
    ):
        yield (
            f"Every issue has a column on {sheet}, and every such column an issue",
            f"SUMPRODUCT((Issue_First>0)*({runs}=0))"
            f"+ABS({headers(block)}-SUMPRODUCT(--({runs}>0)))",
            FAIL, "Insert a column before the mark ◂ with the issue's name as its header, exactly "
            "as on Issues; or correct a header.", sheet,
        )  # fmt: skip
    yield (
        "Every column of stated no-deal values is a party's",
        f"ABS({headers(layout.NO_DEAL_VALUES)}-SUMPRODUCT(--(Party_Column>0)))", FAIL,
        "A header right of “By” on No deal is no party on Parties.", layout.NO_DEAL,
    )  # fmt: skip


def _weights(weights: WeightsLive, counts: Noted) -> Iterable[Parts]:
    yield (
        "Every criterion has a row on Weights, and every such row a criterion",
        "SUMPRODUCT((Criterion_Number>0)*(Criterion_WeightRow=0))"
        f"+ABS({filled('Weights_Criterion')}-SUMPRODUCT(--(Criterion_WeightRow>0)))",
        FAIL, "Add the row, or correct the names; a criterion has one row.", layout.WEIGHTS,
    )  # fmt: skip
    named = f'{inside("Weights_Criterion")}*(Weights_Criterion<>"")'
    yield (
        "Weights are numbers of 0 or more, none left blank",
        f'COUNTIF(Weights_Weight,"<0")+{texts("Weights_Weight")}'
        f'+SUMPRODUCT({named}*(Weights_Weight=""))', FAIL,
        "Enter 0 to leave a criterion out. A number stored as text is not a number.",
        layout.WEIGHTS,
    )  # fmt: skip
    yield (
        "Every party has a weight above 0",
        "SUMPRODUCT((Party_Number>0)*(Total_Criteria>0)*(Total_Weights<=0))", FAIL,
        "Nothing counts for a party whose weights are all 0.", layout.WEIGHTS,
    )  # fmt: skip
    yield (
        "Each party's shares add up to 1",
        "SUMPRODUCT((Party_Number>0)*(Total_Criteria>0)*(ABS(Total_Shares-1)>0.000000001))"
        f"+IF(ABS(SUM({weights.share.range})-SUMPRODUCT(({weights.number.range}>0)"
        f"*SUMIF(Criterion_Number,{weights.number.range},Criterion_Share)))>0.000000001,1,0)", FAIL,
        "All weights of a party are 0, or a computed share was overwritten.", layout.WEIGHTS,
    )  # fmt: skip
    both = "ISNUMBER(Weights_Low)*ISNUMBER(Weights_High)"
    yield (
        "Ranges beside weights are whole: low ≤ high, in numbers",
        f"SUMPRODUCT({both}*(Weights_Low>Weights_High))"
        f"+SUMPRODUCT({inside('Weights_Low')}*(ISNUMBER(Weights_Low)<>ISNUMBER(Weights_High)))"
        f'+COUNTIF(Weights_Low,"<0")'
        "+SUMPRODUCT(ISNUMBER(Weights_JudgedFrom)*ISNUMBER(Weights_JudgedTo)"
        "*(Weights_JudgedFrom>=Weights_JudgedTo))"
        f"+SUMPRODUCT({inside('Weights_JudgedTo')}"
        "*(ISNUMBER(Weights_JudgedFrom)<>ISNUMBER(Weights_JudgedTo)))"
        + "".join("+" + texts(f"Weights_{c}") for c in ("Low", "High", "JudgedFrom", "JudgedTo")),
        FAIL, "Both ends or none, 0 or more; low ≤ high, and the range judged on from < to.",
        layout.WEIGHTS,
    )  # fmt: skip
    yield (
        "The range of a weight contains it",
        f"SUMPRODUCT(ISNUMBER(Weights_Weight)*{both}"
        "*(((Weights_Low>Weights_Weight)+(Weights_High<Weights_Weight))>0))",
        NOTE, "The ranking uses the weight. Widen the range where the weight is meant.",
        layout.WEIGHTS, counts.weights_outside,
    )  # fmt: skip


def _scores(lookup: Lookup, counts: Noted) -> Iterable[Parts]:
    shift = lookup.places.scores_shift
    yield (
        "Scores are numbers",
        f"{texts_block(layout.SCORES_BLOCK, shift)}+{texts_block(layout.DIRECT_BLOCK)}", FAIL,
        "A score is text. A number stored as text does not count: type it again.", layout.SCORES,
    )  # fmt: skip
    yield (
        "An issue is scored on all its levels, or on none", "SUM(Curve_Partly)", FAIL,
        "Some levels of an issue have a score under a criterion and others have none. Score the "
        "others too (0 is a score), or clear them all.", layout.SCORES,
    )  # fmt: skip
    yield (
        "Every row on Scores is a level on Issues",
        f"ABS({filled('Scores_Level')}-SUMPRODUCT(--(Level_Place>0)))", FAIL,
        "A row's issue and level are not on Issues, or a row stands twice.", layout.SCORES,
    )  # fmt: skip
    scores = (
        f"SUMPRODUCT({inside(layout.SCORES_BLOCK, shift)}*{between(layout.SCORES_BLOCK)}"
        f"*ISNUMBER({layout.SCORES_BLOCK}))"
        f"+SUMPRODUCT({inside(layout.DIRECT_BLOCK)}*{between(layout.DIRECT_BLOCK)}"
        f"*ISNUMBER({layout.DIRECT_BLOCK}))"
    )
    yield (
        "Every score has a source or a basis",
        f"MAX(0,{scores}-SUMPRODUCT({inside('Evidence_Basis')}*((Evidence_Basis<>\"\")"
        '+(Evidence_Source<>"")>0)))',
        NOTE, "So many scores have neither a source nor a basis on Evidence. A reader will ask "
        "where they come from.", layout.EVIDENCE, counts.without_evidence,
    )  # fmt: skip
    low, base, high = (
        f"Parties_{key}" for key in ("ReservationLow", "Reservation", "ReservationHigh")
    )
    yield (
        "Reservation values are numbers, low ≤ value ≤ high",
        f"{texts(low)}+{texts(base)}+{texts(high)}"
        f"+SUMPRODUCT(ISNUMBER({low})*((ISNUMBER({base})=FALSE)+({low}>{base})>0))"
        f"+SUMPRODUCT(ISNUMBER({high})*((ISNUMBER({base})=FALSE)+({high}<{base})>0))"
        f"+SUMPRODUCT({inside(low)}*(ISNUMBER({low})<>ISNUMBER({high})))"
        f"+{texts_block(layout.NO_DEAL_VALUES)}",
        FAIL, "Give low and high both, or neither, around the value.", layout.PARTIES,
    )  # fmt: skip


def _ranges(weights: WeightsLive, values: Values, counts: Noted) -> Iterable[Parts]:
    stated = "((ISNUMBER(Curve_StatedLow)+ISNUMBER(Curve_StatedHigh))>0)"
    numbers = ["Criteria_Low", "Criteria_High"]
    numbers += [f"Criteria_{p}{n}" for p in "XV" for n in range(1, layout.MAX_POINTS + 1)]
    yield (
        "Ranges and points are numbers", "+".join(map(texts, numbers)), FAIL,
        "A low, a high or a point is text.", layout.CRITERIA,
    )  # fmt: skip
    yield (
        "Low is less than high",
        f"SUMPRODUCT((Criterion_Number>0)*(Curve_Points<2)*{stated}*(Curve_Low>=Curve_High))"
        "+SUMPRODUCT((Curve_Points>1)*ISNUMBER(Curve_StatedLow)*(Curve_StatedLow<>Curve_Low))"
        "+SUMPRODUCT((Curve_Points>1)*ISNUMBER(Curve_StatedHigh)*(Curve_StatedHigh<>Curve_High))",
        FAIL, "Low and high are numbers in the criterion's unit, low < high; the direction says "
        "which end is worst. With points, they are the first and the last.", layout.CRITERIA,
    )  # fmt: skip
    yield (
        "Points of value functions rise and run from 0 to 100", "SUM(Curve_Crooked)", FAIL,
        "x increases; values rise from 0 to 100, or fall from 100 to 0 where less is better; no "
        "gaps between points.", layout.CRITERIA,
    )  # fmt: skip
    yield (
        "No range is left open",
        "SUMPRODUCT((Criterion_Number>0)*(Curve_Points<2)"
        "*(ISNUMBER(Curve_StatedLow)+ISNUMBER(Curve_StatedHigh)<2))",
        NOTE, "An open range follows the scores: a weight judged on it means something only while "
        "it stands. State the range.", layout.CRITERIA, counts.open_ranges,
    )  # fmt: skip
    yield (
        "No stated range is narrower than what can occur",
        "SUMPRODUCT((Criterion_Number>0)*((Curve_Low>Curve_SpanLow+0.000000001)"
        "+(Curve_High<Curve_SpanHigh-0.000000001)>0))",
        NOTE, "Some performances may lie beyond the range, and their values outside 0–100; they "
        "are not clipped.", layout.CRITERIA, counts.narrow_ranges,
    )  # fmt: skip
    yield (
        "Every range has a width",
        f"SUMPRODUCT((Criterion_Number>0)*(Curve_Points<2)*(1-{stated})*(Curve_Low=Curve_High))",
        NOTE, "Nothing tells packages apart under such a criterion; its value is 0 for all.",
        layout.SCORES, counts.no_width,
    )  # fmt: skip
    yield (
        "Ranges are those that the weights were judged on",
        f'SUMPRODUCT(--(LEFT({weights.changed.range},{len(RANGE_CHANGED)})="{RANGE_CHANGED}"))',
        NOTE, "A swing weight belongs to its range. Judge the weight again, then note the new "
        "range beside it.", layout.WEIGHTS, counts.changed_ranges,
    )  # fmt: skip
    block = shown(values.value)
    yield (
        "Values lie within 0–100",
        f"SUMPRODUCT(ISNUMBER({block})*((({block}<-0.000000001)+({block}>100.000000001))>0))",
        NOTE, "Some packages perform beyond a stated range; that is computed as it is.",
        layout.VALUES, counts.values_outside,
    )  # fmt: skip


def _alternatives(lookup: Lookup, values: Values) -> Iterable[Parts]:
    levels, below = together(values.levels.packages), together(values.levels.no_deal)
    direct = values.direct.packages[0].range
    missing = values.missing.packages[0].range
    settings, no_deal = layout.PACKAGES_SETTINGS, layout.NO_DEAL_SETTINGS
    yield (
        "Every setting on Packages is a level of its issue",
        f"{filled_block(settings)}-SUMPRODUCT(--({levels}>0))", FAIL,
        "A level is not on Issues under that issue. Levels are matched letter by letter, upper and "
        "lower case too: choose it from the list.", layout.PACKAGES,
    )  # fmt: skip
    yield (
        "Every package has a level for every issue, or is scored directly",
        f"SUM({missing})", FAIL, "Choose the missing levels; until then the package has no value.",
        layout.PACKAGES,
    )  # fmt: skip
    yield (
        "No package has a level that occurs only without agreement",
        f"SUMPRODUCT(COUNTIF({levels},Level_Number)*(Level_Number>0)*(Level_Deal=0))", FAIL,
        "Choose a level that can be agreed.", layout.PACKAGES,
    )  # fmt: skip
    names = values.name.no_deal[0]
    stated = f"COUNT(INDEX({layout.NO_DEAL_VALUES},{values.filled.on(1)}+1,0))"
    first_row = layout.Block(
        layout.VALUES, names.top, values.levels.no_deal[0].column,
        names.top, values.levels.no_deal[-1].column,
    ).reference[1:]  # fmt: skip
    yield (
        "The first no-deal alternative is complete",
        f'IF({names.on(1)}="",0,IF({values.direct.no_deal[0].on(1)}>0,0,'
        f"IF({stated}>=SUMPRODUCT(--(Party_Number>0)),"
        f"IF(SUM({first_row})=0,0,{values.missing.no_deal[0].on(1)}),"
        f"SUMPRODUCT((Issue_First>0)*1)-SUMPRODUCT(--({first_row}>0))"
        "+IF(SUM(Issue_First)=0,1,0))))",
        FAIL, "The base says what happens on every issue; only later alternatives list just what "
        "differs.", layout.NO_DEAL,
    )  # fmt: skip
    yield (
        "Every setting on No deal is a level of its issue",
        f"SUM({values.missing.no_deal[0].range})"
        f"+IF({filled_block(no_deal)}>SUMPRODUCT(--({below}>0)),1,0)", FAIL,
        "A level is not on Issues under that issue.", layout.NO_DEAL,
    )  # fmt: skip
    own = values.direct.no_deal[0].range
    scored = together(lookup.direct.scores)
    yield (
        "Directly scored rows name a package or a no-deal alternative, and are complete",
        f"SUMPRODUCT(--(DirectRow_Number>0))-SUMPRODUCT(--({direct}>0))"
        f"-SUMPRODUCT(--({own}>0))"
        f'+SUMPRODUCT(EXACT(DirectRow_Kind,"{layout.PACKAGE_KIND}")*(DirectRow_Number>0))'
        f'*SUMPRODUCT(--(Criterion_Number>0))-SUMPRODUCT(EXACT(DirectRow_Kind,"'
        f'{layout.PACKAGE_KIND}")*(DirectRow_Number>0)*ISNUMBER({scored}))',
        FAIL, "Name and kind are matched letter by letter; such a package has a score under every "
        "criterion.", layout.SCORES,
    )  # fmt: skip
    yield (
        "No package has both levels and direct scores",
        f"SUMPRODUCT(({direct}>0)*({levels}>0))", FAIL, "Keep one of the two.", layout.PACKAGES,
    )  # fmt: skip
    yield (
        "“Crosses red line of” names parties, of directly scored packages",
        f"SUMPRODUCT(ABS({values.unknown_crosses.packages[0].range}))", FAIL,
        "One party a line, as on Parties. Red lines of other packages come from Rules.",
        layout.PACKAGES,
    )  # fmt: skip


def _rules() -> Iterable[Parts]:
    yield (
        "Every rule, red line and interaction is of a known kind, party and criterion",
        "SUMPRODUCT((Rule_Number>0)*(Rule_Kind=0))"
        f"+SUMPRODUCT((Rule_Kind={RED_LINE_NUMBER})*(Rule_Belongs={RED_LINE_NUMBER * KIND_STEP}))"
        f"+SUMPRODUCT((Rule_Kind={INTERACTION_NUMBER})"
        f"*(Rule_Belongs={INTERACTION_NUMBER * KIND_STEP}))"
        f"+{texts('Rules_Score')}",
        FAIL, "A red line has a party; an interaction a party and a criterion of it, and a score.",
        layout.RULES,
    )  # fmt: skip
    yield (
        "Every condition has a rule, a part that fits it, an issue and a level",
        "SUMPRODUCT((Condition_Filled=1)*((Condition_Rule=0)+(Condition_Level<1)"
        "+(Condition_Part=0)>0))+SUMPRODUCT((Condition_Part>0)*(Condition_Key=0))",
        FAIL, "Names are matched letter by letter. Rules have if and then, or forbid; red lines "
        "forbid; interactions when. No condition stands twice.", layout.CONDITIONS,
    )  # fmt: skip
    then = "SUMIF(Rule_Number,Condition_Rule,Rule_ThenPart)"
    yield (
        "Every rule, red line and interaction is about something",
        "SUMPRODUCT((Rule_Number>0)*(Rule_FirstPart=0))"
        f"+SUMPRODUCT((Condition_Part=1)*({then}=0))+SUMPRODUCT((Condition_Part=3)*({then}>0))",
        FAIL, "Add its rows on Conditions: a rule with if needs then; forbid stands alone.",
        layout.CONDITIONS,
    )  # fmt: skip


def _results(values: Values, order: Order, ranking: Ranking, counts: Noted) -> Iterable[Parts]:
    yield (
        "The selectors on Ranking name parties",
        f"({order.party}=0)+({order.across}=0)+({order.up}=0)", FAIL,
        "A party chosen at the top of Ranking is not on Parties, perhaps because it was renamed: "
        "choose it from the list there.", layout.RANKING,
    )  # fmt: skip
    names = values.name.packages[0].range
    yield (
        "Ranking lists every package once",
        # With no party chosen there is no list; that is told by the check before.
        f'IF({order.party}=0,0,'
        f'ABS(SUMPRODUCT(--({names}<>""))-SUMPRODUCT(--({ranking.name.range}<>""))))', FAIL,
        "Undo what was changed on Ranking.", layout.RANKING,
    )  # fmt: skip
    allowed, zone = shown(values.allowed), shown(values.in_zone)
    yield (
        "Some listed package is allowed",
        f'IF(AND(SUMPRODUCT(--({names}<>""))>0,SUM({allowed})=0),1,0)', NOTE,
        "Every listed package breaks a rule or crosses a red line.", layout.RANKING,
        counts.nothing_allowed,
    )  # fmt: skip
    yield (
        "Some listed package is in the zone: allowed, and acceptable to every signer",
        f'IF(AND(SUMPRODUCT(--({names}<>""))>0,SUM({zone})=0),1,0)', NOTE,
        "No listed package would be signed by all. Look at who stands off, on Ranking.",
        layout.RANKING, counts.empty_zone,
    )  # fmt: skip


def _stamped() -> Iterable[Parts]:
    for (test, count, advice), otherwise in zip(checks_of_stamp(), (FAIL, NOTE), strict=True):
        yield test, count, otherwise, advice, layout.STAMP
