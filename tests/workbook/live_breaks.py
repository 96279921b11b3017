"""Mistakes that a user makes in a workbook, and the check that must tell each of them.

The workbook is that of the small case: rows stand in its order, with blank rows below.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

from mcda.workbook import layout
from mcda.workbook.cells import parse_area
from tests.workbook.live_edits import Edited


class Offline:
    """A workbook's input sheets, changed without any office program; blocks as in a `Book`."""

    def __init__(self, data: bytes) -> None:
        self.opened = load_workbook(io.BytesIO(data))
        self.before: list[Callable[[], None]] = []

    def block(self, name: str) -> layout.Block:
        sheet, place = next(self.opened.defined_names[name].destinations)
        area = parse_area(f"'{sheet}'!{place}")
        assert area is not None
        return layout.Block(sheet, area.top, area.left, area.bottom, area.right)

    def write(self, sheet: str, row: int, column: int, content: str | float | None) -> None:
        cell = self._cell(sheet, row, column)
        cell.value = content
        if isinstance(content, str):
            cell.data_type = "s"

    def write_formula(self, sheet: str, row: int, column: int, formula: str) -> None:
        self._cell(sheet, row, column).value = formula

    def _cell(self, sheet: str, row: int, column: int) -> Any:
        cell: Any = self.opened[sheet].cell(row + 1, column + 1)
        value, kind = cell.value, cell.data_type

        def undo() -> None:
            cell.value = value
            cell.data_type = kind

        self.before.append(undo)
        return cell

    def undo(self) -> None:
        """Take everything back, the last thing first."""
        while self.before:
            self.before.pop()()

    def bytes(self) -> bytes:
        stream = io.BytesIO()
        self.opened.save(stream)
        return stream.getvalue()


Break = Callable[[Edited], None]


def write(name: str, row: int, content: str | float | None, column: int = 0) -> Break:
    def edit(edited: Edited) -> None:
        edited.book.write(*edited.place(name, row, column), content)

    return edit


def overwrite(name: str, row: int = 0, content: str | float = 1) -> Break:
    """Type over a computed cell, as one can who takes the protection off."""

    def edit(edited: Edited) -> None:
        block = edited.block(name)
        edited.book.unprotect(block.sheet)
        edited.book.write(block.sheet, block.top + row, block.left, content)

    return edit


def _formula(name: str, row: int, formula: str, column: int = 0) -> Break:
    def edit(edited: Edited) -> None:
        edited.book.write_formula(*edited.place(name, row, column), formula)

    return edit


def both(*edits: Break) -> Break:
    def edit(edited: Edited) -> None:
        for one in edits:
            one(edited)

    return edit


def error_typed(edited: Edited) -> None:
    edited.book.write_formula(*edited.place("Weights_Weight", 0), "=1/0")


def beyond_the_room(edited: Edited) -> None:
    block = edited.block("Packages_Package")
    room = block.bottom - block.top - 1
    edited.book.insert_rows(block.sheet, block.top + 2)
    for column, text in enumerate(("Late", "none", "30", "alone")):
        edited.book.write(block.sheet, block.top + room + 1, block.left + column, text)


def rows(table: str, *entered: dict[str, str | float], first: int = 0) -> Break:
    """Fill rows of a table, one after the other, by the keys of their columns."""
    return both(
        *(
            write(f"{table}_{key}", first + n, content)
            for n, row in enumerate(entered)
            for key, content in row.items()
        )
    )


LEVEL = {"Party": "North", "Criterion": "Trade", "Issue": "Tariff", "Level": "Full"}
"""The score of 20."""
EVIDENCE = LEVEL | {"Of": "level", "Low": 19, "High": 21, "Confidence": "high"}
DIRECT = {"Party": "North", "Criterion": "Cost", "Of": "package", "Level": "Direct"}
WEIGHT = {"Scenario": "Dear", "Change": "weight", "Party": "North", "Criterion": "Cost"}
SCENARIO_SCORE = LEVEL | {"Scenario": "Dear", "Change": "score", "Low": 1, "Value": 2, "High": 3}
STATED = {"Scenario": "Dear", "Change": "reservation", "Party": "south*"}
LIFT = {"Scenario": "Dear", "Change": "lift", "Lifted": "Not both"}
RECOMMENDED = {"For": "south*", "Package": "~C", "Why": "It is the best."}

ON_EVIDENCE = "Every row on Evidence is of one score, and its range is around that score"
ON_SCENARIOS = "Every row on Scenarios changes something known, to a number"
ON_RECOMMENDATIONS = "Recommendations are to parties, of listed packages"
ON_INTERACTIONS = "Every interaction has a score, within its low and high; nothing else has one"
ON_PARTIES = "Aspiration, power and concentration are numbers that can be"
ON_LEVELS = "Every issue has levels of a deal, and they stand before those of no deal only"
ON_WEIGHTS = "Weights are numbers of 0 or more, none left blank"
ON_WEIGHT_RANGES = "Ranges beside weights are whole: low ≤ high, in numbers"
ON_KINDS = "Every rule, red line and interaction is of a known kind, party and criterion"
TWICE = "No name stands twice (upper and lower case are the same)"


def _named(sheet: str, *, words: bool = False) -> str:
    return f"Rows on {sheet} are named" + (", and words are known" if words else "")


BROKEN: dict[str, tuple[Break, str]] = {
    "value overwritten": (overwrite("Value_Party"), "No formula on Values was overwritten"),
    "share overwritten": (overwrite("Criterion_Share", 0, 0.9), "Each party's shares add up to 1"),
    "share overwritten, as formula": (
        overwrite("Criterion_Share", 0, 0.9), "No formula on Lookup was overwritten"),
    "share beside the weights overwritten": (
        overwrite(layout.WEIGHT_SHARE, 1, 0.9), "Each party's shares add up to 1"),
    "the same, as formula": (
        overwrite(layout.WEIGHT_SHARE, 1, 0.9), "No formula on Weights was overwritten"),
    "list overwritten": (overwrite("Ranking_List"), "No formula on Ranking was overwritten"),
    "Python's value overwritten": (
        overwrite(layout.STAMP_PARTY, 1, 0.5),
        "Python agrees with the party values and reservation values here"),
    "count of changes overwritten": (
        overwrite(layout.STAMP_CHANGED, 0, 0), "No formula on Stamp was overwritten"),
    "summary overwritten": (overwrite(layout.GLANCE), "No formula on Cover was overwritten"),
    "all weights 0": (
        both(*(write("Weights_Weight", row, 0) for row in range(3))),
        "Every party has a weight above 0"),
    "all weights 0, shares": (
        both(*(write("Weights_Weight", row, 0) for row in range(3))),
        "Each party's shares add up to 1"),
    "negative weight": (write("Weights_Weight", 0, -1), ON_WEIGHTS),
    "text for a weight": (write("Weights_Weight", 0, "60"), ON_WEIGHTS),
    "range of a weight turned round": (
        both(write("Weights_Low", 0, 80), write("Weights_High", 0, 40)),
        "Ranges beside weights are whole: low ≤ high, in numbers"),
    "weight row of nobody": (
        write("Weights_Criterion", 0, "trade"),
        "Every criterion has a row on Weights, and every such row a criterion"),
    "unknown level": (
        write(layout.PACKAGES_SETTINGS, 0, "NONE", 1),
        "Every setting on Packages is a level of its issue"),
    "open issue": (
        write(layout.PACKAGES_SETTINGS, 0, None, 1),
        "Every package has a level for every issue, or is scored directly"),
    "level of no deal only": (
        write(layout.PACKAGES_SETTINGS, 0, "Raised", 1),
        "No package has a level that occurs only without agreement"),
    "levels of a directly scored package": (
        write(layout.PACKAGES_SETTINGS, 5, "none", 1),
        "No package has both levels and direct scores"),
    "unknown level of a stick": (
        write(layout.NO_DEAL_SETTINGS, 1, "raised", 1),
        "Every setting on No deal is a level of its issue"),
    "open base": (
        write(layout.NO_DEAL_SETTINGS, 0, None, 1), "The first no-deal alternative is complete"),
    "party twice": (
        write("Parties_Party", 1, "north"),
        TWICE),
    "package twice": (
        write("Packages_Package", 1, "a"),
        TWICE),
    "criterion of nobody": (
        write("Criteria_Party", 0, "north"), "Every criterion belongs to a party"),
    "party without criteria": (
        write("Criteria_Party", 5, "Port"), "Every party has a criterion"),
    "criterion without a column": (
        write(layout.SCORES_BLOCK, -1, "north", 1), "Every criterion has a column on Scores"),
    "column of nothing": (
        write(layout.SCORES_BLOCK, 0, "trade", 1), "Every column on Scores has a criterion"),
    "issue without a column": (
        write(layout.PACKAGES_SETTINGS, -1, "tariff", 1),
        "Every issue has a column on Packages, and every such column an issue"),
    "issue without a column, no deal": (
        write(layout.NO_DEAL_SETTINGS, -1, "tariff", 1),
        "Every issue has a column on No deal, and every such column an issue"),
    "stated value of nobody": (
        write(layout.NO_DEAL_VALUES, -1, "nobody", 1),
        "Every column of stated no-deal values is a party's"),
    "text for a score": (write(layout.SCORES_BLOCK, 1, "2", 1), "Scores are numbers"),
    "score missing": (
        write(layout.SCORES_BLOCK, 1, None, 1),
        "An issue is scored on all its levels, or on none"),
    "row of no level": (
        write("Scores_Level", 0, "NONE"), "Every row on Scores is a level on Issues"),
    "level without an issue": (
        write("Issues_Issue", 0, None),
        "Every level belongs to an issue, and every issue row has a level"),
    "levels apart": (write("Issues_Issue", 5, "Tariff"), "An issue's levels stand together"),
    "reservation above its high": (
        write("Parties_Reservation", 1, 46),
        "Reservation values are numbers, low ≤ value ≤ high"),
    "text in a range": (write("Criteria_Low", 0, "0"), "Ranges and points are numbers"),
    "range upside down": (write("Criteria_Low", 0, 50), "Low is less than high"),
    "points that fall": (
        write("Criteria_V2", 2, 90), "Points of value functions rise and run from 0 to 100"),
    "point missing": (
        write("Criteria_X2", 2, None), "Points of value functions rise and run from 0 to 100"),
    "rule of no kind": (
        write("Rules_Kind", 0, "law"),
        "Every rule, red line and interaction is of a known kind, party and criterion"),
    "red line of nobody": (
        write("Rules_Party", 2, "South*"),
        "Every rule, red line and interaction is of a known kind, party and criterion"),
    "condition at no level": (
        write("Conditions_Level", 0, "NONE"),
        "Every condition has a rule, a part that fits it, an issue and a level"),
    "rule about nothing": (
        both(write("Conditions_Name", 0, None), write("Conditions_Issue", 0, None),
              write("Conditions_Level", 0, None)),
        "Every rule, red line and interaction is about something"),
    "directly scored nothing": (
        write("Direct_Name", 0, "direct"),
        "Directly scored rows name a package or a no-deal alternative, and are complete"),
    "direct score missing": (
        write(layout.DIRECT_BLOCK, 0, None, 1),
        "Directly scored rows name a package or a no-deal alternative, and are complete"),
    "red line of an unknown party": (
        write("Packages_Crosses", 5, "South*"),
        "“Crosses red line of” names parties, of directly scored packages"),
    "red line entered for a package with levels": (
        write("Packages_Crosses", 0, "south*"),
        "“Crosses red line of” names parties, of directly scored packages"),
    "selector of nobody": (
        write(layout.RANKED_FOR, -1, "north"), "The selectors on Ranking name parties"),
    "error in an input": (error_typed, "No error in any computed cell"),
    "row beyond the room": (beyond_the_room, "No row stands beyond the room of this workbook"),
    "row beyond the room, by count": (
        beyond_the_room, "Names in the inputs are the names in the workings"),
    # What reading a workbook refuses
    "no case": (write(layout.CASE_NAME, -1, None), "The case has a name"),
    "formula typed": (
        _formula("Parties_Power", 0, "=1+1"), "Everything entered is typed, not computed"),
    "formula among scores": (
        _formula(layout.SCORES_BLOCK, 1, "=1+1", 1), "Everything entered is typed, not computed"),
    "weight deleted": (write("Weights_Weight", 0, None), ON_WEIGHTS),
    "weight deleted, range left": (
        both(rows("Weights", {"Low": 1, "High": 2}), write("Weights_Weight", 0, None)), ON_WEIGHTS),
    "one end of a weight": (write("Weights_Low", 0, 50), ON_WEIGHT_RANGES),
    "low weight below 0": (rows("Weights", {"Low": -1, "High": 70}), ON_WEIGHT_RANGES),
    "one end of the range judged": (write("Weights_JudgedTo", 0, None), ON_WEIGHT_RANGES),
    "range judged upside down": (write("Weights_JudgedFrom", 0, 60), ON_WEIGHT_RANGES),
    "weight of no criterion": (write("Weights_Weight", 6, 5), _named("Weights")),
    "direction": (write("Criteria_Direction", 0, "up"), _named("Criteria", words=True)),
    "criterion without a name": (
        rows("Criteria", {"Party": "North"}, first=6), _named("Criteria", words=True)),
    "occurs in": (write("Issues_Occurs", 0, "no"), _named("Issues", words=True)),
    "issue without a level": (
        rows("Issues", {"Issue": "Port"}, first=10), _named("Issues", words=True)),
    "level of no deal first": (write("Issues_Occurs", 0, "no deal only"), ON_LEVELS),
    "no level of a deal": (
        both(*(write("Issues_Occurs", row, "no deal only") for row in (7, 8, 9))), ON_LEVELS),
    "signs": (write("Parties_Signs", 0, "maybe"), _named("Parties", words=True)),
    "weights are": (write("Parties_WeightsAre", 0, "vague"), _named("Parties", words=True)),
    "party without a name": (
        write("Parties_Power", 3, 1), _named("Parties", words=True)),
    "nobody signs": (
        both(*(write("Parties_Signs", row, "no") for row in range(3))), "Some party signs"),
    "power in words": (write("Parties_Power", 0, "much"), ON_PARTIES),
    "no power": (write("Parties_Power", 0, 0), ON_PARTIES),
    "aspiration in words": (write("Parties_Aspiration", 0, "all"), ON_PARTIES),
    "concentration of nothing": (write("Parties_Concentration", 0, 20), ON_PARTIES),
    "concentration missing": (write("Parties_WeightsAre", 0, "dirichlet"), ON_PARTIES),
    "concentration in words": (
        rows("Parties", {"WeightsAre": "dirichlet", "Concentration": "20"}), ON_PARTIES),
    "reservation in words": (
        write("Parties_Reservation", 0, "low"),
        "Reservation values are numbers, low ≤ value ≤ high"),
    "one end of a reservation": (
        write("Parties_ReservationHigh", 1, None),
        "Reservation values are numbers, low ≤ value ≤ high"),
    "ends of no reservation": (
        write("Parties_Reservation", 1, None),
        "Reservation values are numbers, low ≤ value ≤ high"),
    "evidence on an unknown party": (
        rows("Evidence", EVIDENCE | {"Party": "north"}), ON_EVIDENCE),
    "evidence on an unknown criterion": (
        rows("Evidence", EVIDENCE | {"Criterion": "trade"}), ON_EVIDENCE),
    "evidence on an unknown level": (rows("Evidence", EVIDENCE | {"Level": "full"}), ON_EVIDENCE),
    "evidence on no score": (
        rows("Evidence", EVIDENCE | {"Issue": "Backing", "Level": "alone"}), ON_EVIDENCE),
    "evidence on an unknown package": (rows("Evidence", DIRECT | {"Level": "A"}), ON_EVIDENCE),
    "evidence on a package as no deal": (
        rows("Evidence", DIRECT | {"Of": "no deal"}), ON_EVIDENCE),
    "evidence twice": (rows("Evidence", EVIDENCE, EVIDENCE), ON_EVIDENCE),
    "evidence with one end": (rows("Evidence", EVIDENCE | {"High": ""}), ON_EVIDENCE),
    "evidence above the score": (rows("Evidence", EVIDENCE | {"Low": 20.5}), ON_EVIDENCE),
    "evidence below the score": (rows("Evidence", EVIDENCE | {"High": 19.5}), ON_EVIDENCE),
    "evidence with text for a number": (rows("Evidence", EVIDENCE | {"High": "21"}), ON_EVIDENCE),
    "evidence of an unknown kind": (
        rows("Evidence", EVIDENCE | {"Of": "score"}), _named("Evidence", words=True)),
    "evidence for nobody": (
        rows("Evidence", EVIDENCE | {"Party": ""}), _named("Evidence", words=True)),
    "confidence of evidence": (
        rows("Evidence", EVIDENCE | {"Confidence": "sure"}), _named("Evidence", words=True)),
    "interaction without a score": (write("Rules_Score", 3, None), ON_INTERACTIONS),
    "range without a score": (
        both(rows("Rules", {"Low": 1, "High": 9}, first=3), write("Rules_Score", 3, None)),
        ON_INTERACTIONS),
    "interaction above its high": (
        rows("Rules", {"Low": 1, "High": 6}, first=3), ON_INTERACTIONS),
    "interaction below its low": (
        rows("Rules", {"Low": 7, "High": 9}, first=3), ON_INTERACTIONS),
    "one end of an interaction": (write("Rules_Low", 3, 1), ON_INTERACTIONS),
    "score of a rule": (write("Rules_Score", 0, 1), ON_INTERACTIONS),
    "party of a rule": (write("Rules_Party", 0, "North"), ON_INTERACTIONS),
    "interaction of an unknown party": (write("Rules_Party", 3, "north"), ON_KINDS),
    "interaction on an unknown criterion": (write("Rules_Criterion", 3, "trade"), ON_KINDS),
    "rule without a name": (
        rows("Rules", {"Kind": "rule"}, first=5), _named("Rules", words=True)),
    "stated": (write("Rules_Stated", 2, "loudly"), _named("Rules", words=True)),
    "confidence of an interaction": (
        write("Rules_Confidence", 3, "sure"), _named("Rules", words=True)),
    "condition of no part": (write("Conditions_Part", 0, None), _named("Conditions", words=True)),
    "part": (write("Conditions_Part", 0, "whether"), _named("Conditions", words=True)),
    "scenario of an unknown party": (
        rows("Scenarios", WEIGHT | {"Value": 5, "Party": "north"}), ON_SCENARIOS),
    "scenario on an unknown criterion": (
        rows("Scenarios", WEIGHT | {"Value": 5, "Criterion": "cost"}), ON_SCENARIOS),
    "scenario without a value": (rows("Scenarios", WEIGHT), ON_SCENARIOS),
    "scenario with a text for a value": (
        rows("Scenarios", WEIGHT | {"Value": "5"}), ON_SCENARIOS),
    "scenario with a negative weight": (rows("Scenarios", WEIGHT | {"Value": -5}), ON_SCENARIOS),
    "scenario with a range of a weight": (
        rows("Scenarios", WEIGHT | {"Low": 4, "Value": 5, "High": 6}), ON_SCENARIOS),
    "scenario of an unknown issue": (
        rows("Scenarios", SCENARIO_SCORE | {"Issue": "tariff"}), ON_SCENARIOS),
    "scenario of an unknown level": (
        rows("Scenarios", SCENARIO_SCORE | {"Level": "full"}), ON_SCENARIOS),
    "scenario of no score": (
        rows("Scenarios", SCENARIO_SCORE | {"Issue": "Backing", "Level": "alone"}), ON_SCENARIOS),
    "scenario with a score above its high": (
        rows("Scenarios", SCENARIO_SCORE | {"High": 1.5}), ON_SCENARIOS),
    "scenario with no reservation": (rows("Scenarios", STATED), ON_SCENARIOS),
    "scenario with one end": (
        rows("Scenarios", STATED | {"Low": 4, "Value": 5}), ON_SCENARIOS),
    "scenario that lifts an unknown rule": (
        rows("Scenarios", LIFT | {"Lifted": "not both"}), ON_SCENARIOS),
    "scenario that lifts an interaction": (
        rows("Scenarios", LIFT | {"Lifted": "Interaction 1"}), ON_SCENARIOS),
    "scenario that changes the same twice": (
        rows("Scenarios", WEIGHT | {"Value": 5}, WEIGHT | {"Value": 6}), ON_SCENARIOS),
    "scenario with two reasons": (
        rows("Scenarios", LIFT | {"Why": "a"}, WEIGHT | {"Value": 6, "Why": "A"}), ON_SCENARIOS),
    "scenario with a value for nothing": (
        rows("Scenarios", {"Scenario": "Dear", "Value": 5}), ON_SCENARIOS),
    "kind of change": (
        rows("Scenarios", WEIGHT | {"Value": 5, "Change": "weights"}),
        _named("Scenarios", words=True)),
    "scenario without a name": (
        rows("Scenarios", LIFT | {"Scenario": ""}), _named("Scenarios", words=True)),
    "confidence of a scenario": (
        rows("Scenarios", SCENARIO_SCORE | {"Confidence": "sure"}),
        _named("Scenarios", words=True)),
    "scenarios that differ in case": (
        rows("Scenarios", LIFT, WEIGHT | {"Value": 5, "Scenario": "dear"}), TWICE),
    "recommendation to nobody": (
        rows("Recommendations", RECOMMENDED | {"For": "South*"}), ON_RECOMMENDATIONS),
    "recommendation of an unknown package": (
        rows("Recommendations", RECOMMENDED | {"Package": "C"}), ON_RECOMMENDATIONS),
    "recommendation of nothing": (
        rows("Recommendations", RECOMMENDED | {"Package": ""}), _named("Recommendations")),
    "package without a name": (write("Packages_Note", 6, "?"), _named("Packages")),
    "level of a package without a name": (
        write(layout.PACKAGES_SETTINGS, 6, "none", 1), _named("Packages")),
    "no deal without a name": (write("NoDeal_By", 3, "North"), _named("No deal")),
    "value of a no deal without a name": (
        write(layout.NO_DEAL_VALUES, 3, 5, 1), _named("No deal")),
    "scores of no level": (
        write(layout.SCORES_BLOCK, 11, 5, 1), _named("Scores", words=True)),
    "direct scores of nothing": (
        write(layout.DIRECT_BLOCK, 1, 5, 1), _named("Scores", words=True)),
    "directly scored thing of an unknown kind": (
        write("Direct_Kind", 0, "deal"), _named("Scores", words=True)),
    "source without an id": (
        rows("Sources", {"Statement": "Ports are shut."}), _named("Sources", words=True)),
    "confidence of a source": (
        rows("Sources", {"Id": "S1", "Confidence": "sure"}), _named("Sources", words=True)),
    "source twice": (rows("Sources", {"Id": "S1"}, {"Id": "S1"}), TWICE),
    "sources that differ in case": (rows("Sources", {"Id": "S1"}, {"Id": "s1"}), TWICE),
    "no deal twice": (write("NoDeal_NoDeal", 2, "raised"), TWICE),
    "criterion twice": (write("Criteria_Criterion", 1, "trade"), TWICE),
    "level twice": (write("Issues_Level", 0, "full"), TWICE),
    "issues that differ in case": (
        both(*(write("Issues_Issue", row, "tariff") for row in (4, 5, 6))), TWICE),
    "red line twice": (
        rows("Rules", {"Name": "no bare quota", "Kind": "red line", "Party": "North"}, first=5),
        TWICE),
}  # fmt: skip

SHEET_ONLY = {
    name for name, (_, test) in BROKEN.items()
    if "overwritten" in test or "selectors" in test or "room" in test or "workings" in test
} | {
    "share overwritten", "share beside the weights overwritten", "Python's value overwritten",
}  # fmt: skip
"""Mistakes in computed cells, or in the room of the sheet: reading does not look at either."""

FINE: dict[str, Break] = {
    "evidence": rows("Evidence", EVIDENCE, DIRECT, LEVEL | {"Level": "none", "Low": 0, "High": 9}),
    "words in any case": both(
        write("Parties_Signs", 0, " YES "), write("Criteria_Direction", 0, "Max"),
        write("Issues_Occurs", 0, "Deal"), rows("Evidence", EVIDENCE | {"Of": "Level "}),
    ),
    "scenarios": rows(
        "Scenarios", WEIGHT | {"Value": 5, "Why": "It may."}, WEIGHT | {"Criterion": "Trade",
        "Value": 6}, SCENARIO_SCORE, STATED | {"Value": 30}, LIFT, {"Scenario": "As it is"},
        WEIGHT | {"Scenario": "Dearer", "Value": 5}, LIFT | {"Lifted": "No bare quota"},
    ),
    "recommendation": rows("Recommendations", RECOMMENDED),
    "sources": rows("Sources", {"Id": "S1", "Confidence": "Low"}, {"Id": "S2"}),
    "interaction with a range": rows("Rules", {"Low": 6.5, "High": 7, "Basis": "?"}, first=3),
    "party": rows("Parties", {"Power": 2, "Aspiration": 70, "WeightsAre": "Dirichlet",
                              "Concentration": 20}),
    "ends of a weight": rows("Weights", {"Low": 0, "High": 60}),
    "rows left blank between": write("Evidence_Basis", 3, ""),
}  # fmt: skip
