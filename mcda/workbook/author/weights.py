"""The live block beside the Weights table: share, swing question, ends, RANGE CHANGED.

It stands right of a gap and reads the table by position, its own row against the header's, so a
row that a user inserts only lacks its own live cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mcda.parts import Criterion, Party
from mcda.workbook import layout
from mcda.workbook.author.live import Cached, LiveSheet, Run
from mcda.workbook.author.lookup import Lookup
from mcda.workbook.author.numbers import short
from mcda.workbook.author.sheets import Sheets

GAP = 1
HEADERS = (
    ("Criterion number", 10),
    ("Share", 9),
    ("The swing question", 90),
    ("Worst end", 10),
    ("Best end", 10),
    ("Is the range still the one judged?", 34),
)
RANGE_CHANGED = "RANGE CHANGED"


@dataclass(frozen=True, slots=True)
class WeightsLive:
    """Where the block stands."""

    live: LiveSheet
    number: Run
    share: Run
    question: Run
    changed: Run


def write(sheets: Sheets, lookup: Lookup) -> WeightsLive:
    """Write the block beside the Weights table."""
    live = LiveSheet(sheets, layout.WEIGHTS)
    sheet, formats = sheets[layout.WEIGHTS], sheets.formats
    left = sheets.plan[layout.WEIGHTS_TABLE.name("On")].right + 1 + GAP
    for index, (header, width) in enumerate(HEADERS):
        sheet.write_string(layout.HEADER_ROW, left + index, header, formats["header"])
        sheet.set_column(left + index, left + index, width)
    sheet.write_string(layout.HEADER_ROW - 1, left, "Live: computed", formats["band"])
    for index in range(1, len(HEADERS)):
        sheet.write_blank(layout.HEADER_ROW - 1, left + index, None, formats["band"])
    top, rows = layout.HEADER_ROW + 1, sheets.plan.room.criteria

    def run(index: int, name: str = "") -> Run:
        return Run(layout.WEIGHTS, top, left + index, rows, name)

    number = run(0)
    share, question = run(1, layout.WEIGHT_SHARE), run(2, layout.WEIGHT_QUESTION)
    worst, best, changed = run(3), run(4), run(5, layout.WEIGHT_RANGE)
    criteria, curves, totals = lookup.criteria, lookup.curves, lookup.totals
    place = f"ROW()-{lookup.places.weights_top}+1"
    here = {
        column: f"INDEX(Weights_{column},{place})"
        for column in ("Party", "Criterion", "JudgedFrom", "JudgedTo")
    }
    live.run(
        number,
        lambda _: (
            f'IF(OR({here["Party"]}="",{here["Criterion"]}=""),0,SUMPRODUCT('
            f"EXACT({criteria.party.name},{here['Party']})"
            f"*EXACT({criteria.name.name},{here['Criterion']})*{criteria.number.name}))"
        ),
        "live_place",
        [float(k) for k in range(1, sum(1 for _ in sheets.case.criteria()) + 1)],
    )

    def of(run: Run, k: int) -> str:
        return f"INDEX({run.name},{number.cell(k)})"

    shares = [share for party in sheets.case.parties for share in party.shares]
    live.run(
        share,
        lambda k: f'IF({number.cell(k)}=0,"",{of(criteria.share, k)})',
        "live_share",
        shares,
    )
    ranges = [
        (low, high) if criterion.direction == "max" else (high, low)
        for party, criterion, (low, high) in _ranges(sheets)
    ]
    for end, sign, index in ((worst, ">", 0), (best, "<", 1)):
        live.run(
            end,
            lambda k, sign=sign: (  # type: ignore[misc]
                f'IF({number.cell(k)}=0,"",IF(INDEX(Curve_Direction,{number.cell(k)}){sign}0,'
                f"{of(curves.low, k)},{of(curves.high, k)}))"
            ),
            "live_number",
            [float(pair[index]) for pair in ranges],
        )
    questions = list(_questions(sheets))
    live.run(
        question,
        lambda k: _question(k, lookup, number, totals.widest, totals.runner_up),
        "live_text",
        questions,
    )
    for row, words in enumerate(questions, top):
        sheet.set_row(row, 14 * max(2, -(-len(words) // 98)))

    def judged(k: int) -> str:
        first, second = here["JudgedFrom"], here["JudgedTo"]
        low, high = of(curves.low, k), of(curves.high, k)
        same = (
            f"AND(ROUND(MIN({first},{second})-{low},9)=0,ROUND(MAX({first},{second})-{high},9)=0)"
        )
        now = f'ROUND({low},4)&" to "&ROUND({high},4)'
        return (
            f'IF({number.cell(k)}=0,"",IF(COUNT({first},{second})=0,"no range noted",'
            f'IF(COUNT({first},{second})=1,"{RANGE_CHANGED}: one end is missing",'
            f'IF({same},"same range","{RANGE_CHANGED}: judged on "&{first}&" to "&{second}'
            f'&", now "&{now}))))'
        )

    live.run(changed, judged, "live_text", [_judged_words(*row) for row in _ranges(sheets)])
    sheet.conditional_format(
        top, changed.column, top + rows - 1, changed.column,
        {"type": "text", "criteria": "begins with", "value": RANGE_CHANGED,
         "format": formats["fail"]},
    )  # fmt: skip
    return WeightsLive(live, number, share, question, changed)


def _ranges(sheets: Sheets) -> Iterator[tuple[Party, Criterion, tuple[float, float]]]:
    for party in sheets.case.parties:
        rows = sheets.evaluation.ranges[party.name].tolist()
        for criterion, (low, high) in zip(party.criteria, rows, strict=True):
            yield party, criterion, (low, high)


def _judged_words(_: Party, criterion: Criterion, now: tuple[float, float]) -> Cached:
    judged = criterion.judged.range if criterion.judged else None
    if judged is None:
        return "no range noted"
    if all(round(was - is_, 9) == 0 for was, is_ in zip(judged, now, strict=True)):
        return "same range"
    return None


def _question(k: int, lookup: Lookup, number: Run, widest: Run, runner_up: Run) -> str:
    """The swing question: from … to …, compared with the party's widest swing (or the next)."""
    criteria = lookup.criteria
    own = number.cell(k)
    party = f"INDEX({criteria.party_number.name},{own})"
    first, second = f"INDEX({widest.name},{party})", f"INDEX({runner_up.name},{party})"
    other = f"IF({first}={own},{second},{first})"
    return (
        f'IF({own}=0,"",IF({party}=0,"",INDEX({criteria.party.name},{own})'
        f'&": how much does it matter that “"&INDEX({criteria.name.name},{own})&"” moves "'
        f'&{_swing(own)}&IF({second}=0,"? It is the only criterion.",", compared with the swing in '
        f'“"&INDEX({criteria.name.name},{other})&"”, which has weight "'
        f'&ROUND(INDEX({criteria.weight.name},{other}),4)&"?")))'
    )


def _swing(criterion: str) -> str:
    """Words for the move from the worst to the best end of a criterion, by its number."""
    return f'"from "&{_end("Worst", ">", criterion)}&" to "&{_end("Best", "<", criterion)}'


def _end(which: str, sign: str, criterion: str) -> str:
    number = (
        f"IF(INDEX(Curve_Direction,{criterion}){sign}0,INDEX(Curve_Low,{criterion}),"
        f"INDEX(Curve_High,{criterion}))"
    )
    words = f"INDEX(Criteria_{which},{criterion}+1)"
    unit = f"INDEX(Criteria_Unit,{criterion}+1)"
    measured = f'ROUND({number},4)&IF({unit}="",""," "&{unit})'
    return f'IF({words}="",{measured},"“"&{words}&"”")'


def _questions(sheets: Sheets) -> Iterator[str]:
    """The swing questions in the words of the formula, as they are when the workbook is made."""
    ranges = {(party.name, criterion.name): range_ for party, criterion, range_ in _ranges(sheets)}
    for party in sheets.case.parties:
        swings = {
            criterion.name: _swing_words(criterion, *ranges[party.name, criterion.name])
            for criterion in party.criteria
        }
        # Among equals the first comes first, as in the formula.
        by_weight = sorted(party.criteria, key=lambda criterion: -criterion.weight)
        for criterion in party.criteria:
            ask = (
                f"{party.name}: how much does it matter that “{criterion.name}” moves "
                f"{swings[criterion.name]}"
            )
            if len(by_weight) == 1:
                yield f"{ask}? It is the only criterion."
                continue
            other = by_weight[1] if criterion is by_weight[0] else by_weight[0]
            yield (
                f"{ask}, compared with the swing in “{other.name}”, which has weight "
                f"{short(other.weight)}?"
            )


def _swing_words(criterion: Criterion, low: float, high: float) -> str:
    worst, best = (low, high) if criterion.direction == "max" else (high, low)
    ends = []
    for number, words in ((worst, criterion.worst), (best, criterion.best)):
        measured = short(number) + (f" {criterion.unit}" if criterion.unit else "")
        ends.append(f"“{words}”" if words else measured)
    return f"from {ends[0]} to {ends[1]}"
