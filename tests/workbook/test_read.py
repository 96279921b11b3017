"""Reading: every value with its cell, every mistake on a sheet told at its cell, in words."""

from __future__ import annotations

import datetime
import itertools
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook as OpenedBook
from openpyxl.worksheet.worksheet import Worksheet

from mcda.canonical import canonical_data, canonical_json
from mcda.case import Case, CaseProblem
from mcda.json_form import case_from_data
from mcda.problems import Problem
from mcda.workbook import layout
from mcda.workbook.cells import Book
from mcda.workbook.guard import open_guarded
from mcda.workbook.read import case_from_workbook, read_data
from tests.case_strategy import random_case
from tests.office import Office
from tests.workbook.books import bare, edited, part, rezipped, sheet_part

SMALL: dict[str, Any] = {
    "name": "Relief talks",
    "purpose": "A small case",
    "sources": [{"id": "S1", "statement": "said so", "confidence": "high"}],
    "issues": [
        {"name": "Banking", "levels": ["None", "Partial", "Full"], "no_deal_only": ["Tightened"]},
        {"name": "Backing", "levels": ["Alone", "EU and G7"]},
    ],
    "parties": [
        {
            "name": "Russia",
            "reservation": [40, 45, 50],
            "criteria": [
                {"name": "Relief", "weight": 60, "low": -10, "high": 50, "weight_range": [50, 70]},
                {"name": "Standing", "weight": 40, "points": [[0, 0], [5, 70], [10, 100]]},
            ],
            "scores": {
                "Relief": {
                    "Banking": {
                        "None": 0,
                        "Partial": {"score": [10, 20, 35], "basis": "trade", "source": "S1"},
                        "Full": 40,
                        "Tightened": -6,
                    }
                },
                "Standing": {"Backing": {"Alone": 0, "EU and G7": 10}},
            },
        },
        {
            "name": "Ukraine",
            "criteria": [{"name": "Security", "weight": 1, "direction": "min"}],
            "scores": {"Security": {"Backing": {"Alone": 5, "EU and G7": 1}}},
        },
    ],
    "packages": [
        {"name": "A", "settings": {"Banking": "Partial", "Backing": "Alone"}, "outside": ["x"]},
        {"name": "B", "settings": {"Banking": "Full", "Backing": "EU and G7"}},
        {
            "name": "C",
            "scores": {"Russia": {"Relief": 1, "Standing": 2}, "Ukraine": {"Security": 3}},
            "crosses": ["Ukraine"],
        },
    ],
    "no_deal": [
        {"name": "As now", "settings": {"Banking": "None", "Backing": "Alone"}},
        {"name": "Tightened", "settings": {"Banking": "Tightened"}, "values": {"Ukraine": 30}},
    ],
    "red_lines": [{"name": "No full relief", "party": "Ukraine", "forbid": {"Banking": "Full"}}],
    "rules": [
        {"name": "Swift", "if": {"Banking": ["Full"]}, "then": {"Backing": ["EU and G7"]}}
    ],
    "interactions": [
        {"name": "Both", "party": "Russia", "criterion": "Relief",
         "when": {"Banking": "Full", "Backing": "EU and G7"}, "score": 5}
    ],
    "scenarios": [
        {"name": "Hawks", "why": "an election", "lift": ["Swift"],
         "parties": {"Russia": {"weights": {"Relief": 10}, "reservation": 50,
                                "scores": {"Relief": {"Banking": {"Full": 30}}}}}}
    ],
    "recommendations": [{"for": "Russia", "package": "A", "why": "because"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def small() -> bytes:
    return bare(case_from_data(SMALL))


def problems(data: bytes) -> dict[str, str]:
    """The problems of a workbook, by cell."""
    with pytest.raises(CaseProblem) as caught:
        case_from_workbook(data, "talks.xlsx")
    found: dict[str, str] = {}
    for problem in caught.value.problems:
        assert problem.fix
        assert problem.where not in found, "one problem at each cell"
        found[problem.where] = str(problem)
    return found


# -- places


def leaves(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


@pytest.mark.parametrize("seed", range(12))
def test_every_value_has_the_cell_that_holds_it(seed: int) -> None:
    data = bare(case_from_data(random_case(seed)))
    reading = read_data(data, "talks.xlsx")
    book = Book(open_guarded(data, "talks.xlsx"))
    count = 0
    for path, value in leaves(reading.data):
        sheet, row, column = reading.place(path)
        held = book.cells(sheet).get(row, column)
        count += 1
        if isinstance(value, bool):
            words = {"signs": ("no", "yes"), "stated": ("inferred", "stated")}[path[-1]]
            assert held == words[value]
        elif set(path[-2:]) & {"outside", "sequence", "crosses"}:
            assert str(value).split("\n")[0] in str(held)
        else:
            assert held == value
    assert count > 10


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        (("parties", 0, "criteria", 1, "weight"), "Weights!C7"),
        (("parties", 0, "criteria", 1, "low"), "Criteria!E7"),
        (("parties", 0, "criteria", 1, "points", 1, 0), "Criteria!L7"),
        (("parties", 0, "criteria", 0, "weight_range"), "Weights!D6"),
        (("parties", 1, "scores", "Security", "Backing", "Alone"), "Scores!E11"),
        (("parties", 0, "scores", "Relief", "Banking", "Partial", "score", 0), "Evidence!F6"),
        (("parties", 0, "scores", "Relief", "Banking", "Partial", "basis"), "Evidence!H6"),
        (("packages", 1, "settings", "Backing"), "Packages!C7"),
        (("packages", 1, "settings", "no such issue"), "Packages!A7"),
        (("no_deal", 1, "values", "Ukraine"), "'No deal'!G7"),
        (("rules", 0, "then", "Backing", 0), "Conditions!E7"),
        (("scenarios", 0, "parties", "Russia", "weights", "Relief"), "Scenarios!I6"),
        (("recommendations", 0, "why"), "Recommendations!C6"),
        (("issues",), "Issues!A5"),
        (("nothing", "of", "the", "kind"), "Cover!B1"),
    ],
)
def test_places_in_words(small: bytes, path: tuple[str | int, ...], cell: str) -> None:
    assert read_data(small, "x").locate(path) == cell


# -- mistakes on the sheets

Edit = Callable[[OpenedBook], None]


def put(sheet: str, cell: str, value: object) -> Edit:
    def edit(book: OpenedBook) -> None:
        book[sheet][cell] = value

    return edit


def clear_row(sheet: str, row: int) -> Edit:
    def edit(book: OpenedBook) -> None:
        for cell in book[sheet][row]:
            cell.value = None

    return edit


def delete_name(name: str) -> Edit:
    def edit(book: OpenedBook) -> None:
        del book.defined_names[name]

    return edit


MISTAKES: list[tuple[Edit, str, str]] = [
    # what the JSON form can say wrongly too, now with its cell
    (put("Weights", "C7", "forty"), "Weights!C7", 'text "forty"'),
    (put("Weights", "C6", -5), "Weights!C6", "weights are 0 or more"),
    (put("Weights", "C6", None), "Weights!C6", "missing"),
    (put("Weights", "C6", True), "Weights!C6", "number belongs"),
    (put("Weights", "C6", 1e300), "Weights!C6", "beyond"),
    (put("Scores", "C9", None), "Scores!C9", '"Full" of Banking has no score'),
    (put("Scores", "C9", "40"), "Scores!C9", "number belongs"),
    (put("Packages", "B6", "Partal"), "Packages!B6", 'Did you mean "Partial"?'),
    (put("Packages", "B6", "Tightened"), "Packages!B6", "only without agreement"),
    (put("Packages", "C7", None), "Packages!C7", "leaves Backing open"),
    (put("Packages", "A7", "A"), "Packages!A7", "twice"),
    (put("Packages", "A7", "a"), "Packages!A7", "only in case"),
    (put("Criteria", "E6", 90), "Criteria!E6", "not less than high"),
    (put("Criteria", "M7", None), "Criteria!M7", "The value of point 2 is missing"),
    (put("Criteria", "L7", None), "Criteria!L7", "The x of point 2 is missing"),
    (put("Criteria", "M7", 200), "Criteria!J7", "points"),
    (put("Evidence", "F6", 30), "Evidence!F6", "low ≤ base ≤ high"),
    (put("Evidence", "G6", 15), "Evidence!G6", "The score is 20 (Scores!C8)"),
    (put("Evidence", "J6", "sure"), "Evidence!J6", "Choose"),
    (put("Parties", "D6", 90), "Parties!D6", "low ≤ base ≤ high"),
    (put("Parties", "G6", 0), "Parties!G6", "power"),
    (put("No deal", "B6", None), "'No deal'!B6", "leaves Banking open"),
    (put("Conditions", "E6", "Fully"), "Conditions!E6", "not a level of Banking"),
    (put("Rules", "C7", "Ukrain"), "Rules!C7", 'Did you mean "Ukraine"?'),
    (put("Scenarios", "K9", "Swiftly"), "Scenarios!K9", 'Did you mean "Swift"?'),
    (put("Recommendations", "B6", "Z"), "Recommendations!B6", "not a listed package"),
    (put("Sources", "A6", None), "Sources!A6", "no name"),
    # what only a sheet can say wrongly
    (put("Weights", "C6", "=30+30"), "Weights!C6", "formula"),
    (put("Packages", "A6", "=A7"), "Packages!A6", "formula"),
    (put("Scores", "C7", "#N/A"), "Scores!C7", "error #N/A"),
    (put("Weights", "B7", "Standng"), "Weights!B7", 'Did you mean "Standing"?'),
    (clear_row("Weights", 7), "Criteria!B7", "no row on Weights"),
    (put("Weights", "D6", None), "Weights!D6", "One end"),
    (put("Weights", "A7", None), "Weights!A7", "no party"),
    (put("Criteria", "A6", "Rusia"), "Criteria!A6", 'Did you mean "Russia"?'),
    (put("Criteria", "D6", "up"), "Criteria!D6", '"max" or "min"'),
    (put("Parties", "B6", "perhaps"), "Parties!B6", '"yes" or "no"'),
    (put("Parties", "D6", None), "Parties!D6", "without the value between"),
    (put("Parties", "I6", 5), "Parties!I6", "dirichlet"),
    (put("Parties", "H6", "dirichlet"), "Parties!I6", "concentration is missing"),
    (put("Issues", "A7", "Backing"), "Issues!A8", "not together"),
    (put("Issues", "C6", "no deal only"), "Issues!C7", "come first"),
    (put("Issues", "B8", None), "Issues!B8", "no level"),
    (put("Scores", "C5", "Rusia"), "Scores!C5", 'Did you mean "Russia"?'),
    (put("Scores", "D6", "Relief"), "Scores!D6", "second time"),
    (put("Scores", "D6", None), "Scores!D6", "no party or criterion"),
    (put("Scores", "B8", "Partially"), "Scores!B8", "not a level"),
    (put("Scores", "B9", "Partial"), "Scores!B9", "second time"),
    (put("Scores", "B29", "Cc"), "Scores!B29", "not a package"),
    (put("Scores", "A29", "parcel"), "Scores!A29", "Choose"),
    (put("Evidence", "E6", "Fulll"), "Evidence!E6", "not a level"),
    (put("Evidence", "B6", "Standing"), "Evidence!E6", "no score of"),
    (put("Evidence", "C6", "package"), "Evidence!D6", "has no"),
    (put("Packages", "C5", "Bakking"), "Packages!C5", "not an issue"),
    (put("Packages", "B5", "Backing"), "Packages!C5", "second time"),
    (put("Packages", "B5", None), "Packages!B5", "no issue in its header"),
    (put("No deal", "F5", "Nobody"), "'No deal'!F5", "not a party"),
    (put("Rules", "B6", "law"), "Rules!B6", "Choose"),
    (put("Rules", "C6", "Russia"), "Rules!C6", 'A rule has no "Party"'),
    (put("Rules", "A7", None), "Rules!A7", "no name"),
    (put("Conditions", "A6", "Swifd"), "Conditions!A6", 'Did you mean "Swift"?'),
    (put("Conditions", "C6", "when"), "Conditions!C6", "Choose"),
    (put("Conditions", "C6", None), "Conditions!C6", "no part"),
    (put("Scenarios", "B7", "another"), "Scenarios!B7", "second time"),
    (put("Scenarios", "I7", None), "Scenarios!I7", "blank"),
    (put("Scenarios", "D6", "Rus"), "Scenarios!D6", "not a party"),
    (put("Scenarios", "F6", "Banking"), "Scenarios!F6", "has no"),
    (put("Scenarios", "E6", "Reliefs"), "Scenarios!E6", 'Did you mean "Relief"?'),
    (put("Sources", "F6", "very"), "Sources!F6", "Choose"),
    (put("Cover", "B5", "99"), "Cover!B5", "newer mcda"),
    (put("Cover", "B5", "one"), "Cover!B5", "not a layout"),
    (put("Cover", "B1", None), "Cover!B1", "no name"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "where", "words"), MISTAKES, ids=[f"{n}-{where}" for n, (_, where, _) in
                                               enumerate(MISTAKES)]
)  # fmt: skip
def test_a_mistake_is_told_at_its_cell(small: bytes, edit: Edit, where: str, words: str) -> None:
    found = problems(edited(small, edit))
    assert where in found, found
    assert words in found[where]


def test_all_mistakes_are_told_together_in_the_order_of_the_sheets(small: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        book["Weights"]["C7"] = "forty"
        book["Weights"]["C6"] = "=1"
        book["Packages"]["B7"] = "Fool"
        book["Issues"]["C8"] = "maybe"
        book["Sources"]["F6"] = "very"

    assert list(problems(edited(small, edit))) == [
        "Packages!B7", "Issues!C8", "Weights!C6", "Weights!C7", "Sources!F6",
    ]  # fmt: skip


def test_a_level_that_is_gone_from_issues_takes_no_other_levels_place(small: bytes) -> None:
    """The row keeps its own name on Scores; the rows of the other levels are as they were."""

    def edit(book: OpenedBook) -> None:
        book["Scores"]["B8"] = book["Issues"]["B7"] = "90 per unit"
        book["Scores"]["B9"] = book["Issues"]["B8"] = "110 per unit"
        for cell in (
            "Packages!B6",
            "Packages!B7",
            "Conditions!E6",
            "Conditions!E7",
            "Conditions!E8",
            "Conditions!E9",
            "Scenarios!G7",
            "Evidence!E6",
        ):
            sheet, place = cell.split("!")
            levels = {"Partial": "90 per unit", "Full": "110 per unit"}
            book[sheet][place] = levels.get(book[sheet][place].value, book[sheet][place].value)
        for row in book["Scenarios"].iter_rows(min_row=6, max_row=9):
            for cell in row:
                cell.value = {"Full": "110 per unit"}.get(cell.value, cell.value)

    renamed = edited(small, edit)
    assert case_from_workbook(renamed, "x").issues[0].deal_levels[2] == "110 per unit"
    found = problems(edited(renamed, clear_row("Issues", 7)))
    assert set(found) == {"Scores!B8", "Packages!B6", "Evidence!E6"}, found
    assert all('"90 per unit" is not a level of Banking' in text for text in found.values())
    assert "Did you mean" not in found["Scores!B8"]
    blank = problems(edited(renamed, put("Issues", "B7", None)))
    assert set(blank) == {*found, "Issues!B7"}


def test_a_misspelt_row_is_no_second_row_of_another(small: bytes) -> None:
    """What looks most like another row is still not that row."""

    def edit(book: OpenedBook) -> None:
        book["Weights"]["B7"] = book["Evidence"]["B7"] = "Reliefs"
        for column in "ACDE":
            book["Evidence"][f"{column}7"] = book["Evidence"][f"{column}6"].value

    found = problems(edited(small, edit))
    assert {"Weights!B7", "Evidence!B7"} <= set(found)
    assert not [text for text in found.values() if "second time" in text], found


def test_another_spelling_of_an_issue_is_told_once(small: bytes) -> None:
    assert list(problems(edited(small, put("Issues", "A7", "banking")))) == ["Issues!A7"]
    assert list(problems(edited(small, put("Issues", "A6", "banking")))) == ["Issues!A6"]


def test_an_issue_without_a_deal_level_invents_none(small: bytes) -> None:
    found = problems(edited(small, put("Issues", "A9", "Something else")))
    assert "Packages!A5" in found
    assert not [text for text in found.values() if '""' in text], found


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Parties!D6", "forty"), ("Parties!C6", "low"), ("Scores!C8", "twenty"),
        ("Evidence!F6", "little"), ("Criteria!M7", "much"), ("Weights!E6", "much"),
        ("Weights!D6", "little"), ("Criteria!F6", "much"), ("Parties!D6", None),
    ],
)  # fmt: skip
def test_nothing_follows_from_what_is_no_number(small: bytes, cell: str, value: object) -> None:
    sheet, place = cell.split("!")
    assert list(problems(edited(small, put(sheet, place, value)))) == [cell]


@pytest.mark.parametrize(
    ("sheet", "blank", "wrong", "words"),
    [
        ("Weights", "B6", "A6", "not a party"),
        ("Weights", "A6", "B6", "not a criterion"),
        ("Criteria", "B6", "A6", "not a party"),
        ("Conditions", "E6", "A6", "not a"),
        ("Conditions", "B6", "A6", "not a"),
        ("Conditions", "E6", "D6", "not an issue"),
        ("Rules", "A7", "C7", "not a party"),
        ("Scores", "B8", "A8", "not an issue"),
        ("Evidence", "E6", "D6", "not an issue"),
        ("Scenarios", "A6", "D6", "not a party"),
        ("Scenarios", "E6", "D6", "not a party"),
    ],
)
def test_a_blank_does_not_hide_what_is_wrong_beside_it(
    small: bytes, sheet: str, blank: str, wrong: str, words: str
) -> None:
    def edit(book: OpenedBook) -> None:
        book[sheet][blank] = None
        book[sheet][wrong] = "Ghost"

    found = problems(edited(small, edit))
    assert f"{sheet}!{blank}" in found, found
    assert words in found.get(f"{sheet}!{wrong}", ""), found


def test_one_missing_level_row_is_told_once(small: bytes) -> None:
    assert list(problems(edited(small, clear_row("Scores", 9)))) == ["Issues!B8"]


def test_one_missing_issue_column_is_told_once(small: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        for row in book["Packages"].iter_rows(min_col=3, max_col=3, min_row=5, max_row=12):
            row[0].value = None

    assert list(problems(edited(small, edit))) == ["Packages!A5"]


# -- what users type


def typed(small: bytes, *edits: Edit) -> Case:
    def edit(book: OpenedBook) -> None:
        for one in edits:
            one(book)

    return case_from_workbook(edited(small, edit), "talks.xlsx")


def test_numbers_and_dates_in_text_cells_become_text(small: bytes) -> None:
    case = typed(
        small,
        put("Sources", "C6", datetime.date(2025, 3, 11)),
        put("Cover", "B4", datetime.datetime(2025, 6, 2, 14, 30)),
        put("Sources", "A6", 30.0),
        put("Sources", "B6", 0.5),
        put("Weights", "J6", datetime.date(1900, 2, 28)),
        put("Weights", "I6", True),
    )
    source = case.sources[0]
    assert (source.date, source.id, source.statement) == ("2025-03-11", "30", "0.5")
    assert case.as_at == "2025-06-02 14:30"
    judged = case.parties[0].criteria[0].judged
    assert judged is not None
    assert (judged.on, judged.by) == ("1900-02-28", "TRUE")


def test_dates_of_a_workbook_that_counts_from_1904(small: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book["Sources"]["C6"] = datetime.date(2025, 3, 11)

    data = edited(small, edit)
    assert b'date1904="1"' in part(data, "xl/workbook.xml")
    assert case_from_workbook(data, "x").sources[0].date == "2025-03-11"


def test_words_of_drop_downs_in_any_case(small: bytes) -> None:
    case = typed(
        small, put("Parties", "B7", " NO "), put("Criteria", "D6", "Min"),
        put("Issues", "C6", "Deal"), put("Sources", "F6", "LOW"), put("Rules", "H7", "Stated"),
    )  # fmt: skip
    assert case.signers == ("Russia",)
    assert case.parties[0].criteria[0].direction == "min"
    assert case.sources[0].confidence == "low"
    assert case.red_lines[0].stated is True


def test_blank_choices_have_their_defaults(small: bytes) -> None:
    edits = (
        put("Parties", "B6", None), put("Parties", "G6", None), put("Parties", "H6", None),
        put("Criteria", "D6", None), put("Issues", "C6", None), put("Evidence", "C6", None),
    )  # fmt: skip
    assert typed(small, *edits) == case_from_data(SMALL)


def test_spaces_belong_to_names(small: bytes) -> None:
    found = problems(edited(small, put("Packages", "B6", "Partial ")))
    assert 'Did you mean "Partial"?' in found["Packages!B6"]


def test_a_row_of_the_user_becomes_part_of_the_case(small: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        sheet = book["Packages"]
        for column, value in enumerate(("D", "None", "EU and G7"), 1):
            sheet.cell(11, column, value)

    case = typed(small, edit)
    assert case.package("D").settings == {"Banking": "None", "Backing": "EU and G7"}


def test_what_stands_outside_the_tables_is_the_users_own(small: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        book["Packages"]["Z6"] = "=1/0"
        book["Packages"]["A40"] = "a note"
        book["Weights"]["M7"] = "#N/A"
        book["Issues"]["C2"] = "remember"
        book.create_sheet("My own", 0)["A1"] = "=NOW()"
        book.move_sheet("Weights", -5)

    assert typed(small, edit) == case_from_data(SMALL)


@pytest.mark.parametrize("offset", [0, 1])
def test_what_stands_below_a_tables_end_is_told(small: bytes, offset: int) -> None:
    def edit(book: OpenedBook) -> None:
        row = marker_row(book["Packages"]) + offset
        book["Packages"].cell(row, 1, "D")

    (told,) = problems(edited(small, edit)).values()
    assert "below the table's end" in told


def marker_row(sheet: Worksheet) -> int:
    return next(cell.row for cell in sheet["A"] if cell.value == layout.ROW_MARKER)


# -- damage to the workbook's own marks


def without_names(book: OpenedBook) -> None:
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.defined_names["Layout_Version"] = openpyxl.workbook.defined_name.DefinedName(
        "Layout_Version", attr_text="Cover!$B$5"
    )


def test_without_defined_names_the_headers_are_enough(small: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        without_names(book)
        for row, label in enumerate(("Case", "Purpose", "Marking", "As at"), 1):
            book["Cover"].cell(row, 1, label)

    assert typed(small, edit) == case_from_data(SMALL)


def test_every_single_name_can_be_lost_or_broken(small: bytes) -> None:
    names = re.findall(r'<definedName name="([^"_]\w+)"', part(small, "xl/workbook.xml").decode())
    tables = [name for name in names if not name.startswith(("Case_", "Layout_"))]
    assert len(tables) > 90
    text = part(small, "xl/workbook.xml").decode()
    broken = itertools.cycle(("#REF!", "OFFSET(Cover!$A$1,1,1)", "Nowhere!$A$1:$A$9"))
    for name, content in zip(tables, broken, strict=False):
        pattern = rf'(<definedName name="{name}">)[^<]*'
        changed = re.sub(pattern, rf"\g<1>{content}", text).encode()
        assert changed != text.encode()
        data = rezipped(small, {"xl/workbook.xml": changed})
        assert case_from_workbook(data, "x") == case_from_data(SMALL), name


def test_a_moved_column_is_found_by_its_name(small: bytes) -> None:
    """As Excel does when a column is cut and pasted elsewhere: the name goes with it."""

    def edit(book: OpenedBook) -> None:
        sheet = book["Sources"]
        sheet.move_range("B5:B30", cols=8)
        name = book.defined_names["Sources_Statement"]
        name.attr_text = name.attr_text.replace("$B", "$J")

    assert typed(small, edit) == case_from_data(SMALL)


def test_a_header_that_contradicts_its_name_is_told(small: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        book["Weights"]["D5"], book["Weights"]["E5"] = "High", "Low"

    assert set(problems(edited(small, edit))) == {"Weights!D5", "Weights!E5"}


def test_a_renamed_header_or_sheet_is_no_matter(small: bytes) -> None:
    def edit(book: OpenedBook) -> None:
        book["Weights"]["C5"] = "Points"

    assert typed(small, edit) == case_from_data(SMALL)
    text = part(small, "xl/workbook.xml").replace(b"'Weights'!", b"'Importance'!")
    text = text.replace(b'name="Weights"', b'name="Importance"')
    assert case_from_workbook(rezipped(small, {"xl/workbook.xml": text}), "x") == case_from_data(
        SMALL
    )


@pytest.mark.parametrize(
    ("edits", "where", "words"),
    [
        ([lambda book: book.remove(book["Sources"])], "Sources!A1", "sheet Sources is missing"),
        ([delete_name("Weights_How"), put("Weights", "H5", "x")], "Weights!A5", '"How" is missing'),
        ([without_names, lambda book: book["Rules"].delete_rows(5)], "Rules!A1", "headers"),
        ([without_names, lambda book: book["Rules"].delete_rows(10, 90)], "Rules!A5", "end of"),
        (
            [delete_name("Packages_Settings"), put("Packages", "D5", None)],
            "Packages!B5",
            "cannot be found",
        ),
        ([delete_name("Case_Marking")], "Cover!A1", "Case_Marking is missing"),
    ],
)
def test_what_cannot_be_found_is_told(
    small: bytes, edits: list[Edit], where: str, words: str
) -> None:
    def edit(book: OpenedBook) -> None:
        for one in edits:
            one(book)

    found = problems(edited(small, edit))
    assert words in found[where]


def test_a_workbook_of_another_kind() -> None:
    with pytest.raises(CaseProblem, match="was not made by mcda"):
        case_from_workbook(edited(bare(case_from_data(SMALL)), forget), "budget.xlsx")


def forget(book: OpenedBook) -> None:
    for name in list(book.defined_names):
        del book.defined_names[name]


# -- forms of cells that other programs write


def test_inline_and_rich_strings_and_cells_without_references(small: bytes) -> None:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = part(small, sheet_part("Recommendations"))
    start, end = sheet.index(b'<row r="6"'), sheet.index(b'<row r="7"')
    row = (
        b'<row><c t="inlineStr"><is><r><t>Rus</t></r><r><rPr><b/></rPr><t>sia</t></r>'
        b'<rPh sb="0" eb="1"><t>x</t></rPh></is></c>'
        b'<c t="str"><v>A</v></c><c t="inlineStr"><is><t xml:space="preserve"> _x0041_ </t>'
        b"</is></c></row>"
    )
    data = rezipped(small, {sheet_part("Recommendations"): sheet[:start] + row + sheet[end:]})
    assert space in sheet
    (found,) = case_from_workbook(data, "x").recommendations
    assert (found.party, found.package, found.why) == ("Russia", "A", " A ")


def test_a_strict_workbook_is_read(small: bytes) -> None:
    loose = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    change: dict[str, bytes | None] = {}
    for name in [f"xl/worksheets/sheet{n}.xml" for n in range(1, len(layout.SHEETS) + 1)] + [
        "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml",
    ]:  # fmt: skip
        text = part(small, name).replace(loose, b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        change[name] = text.replace(relations, strict)
    assert case_from_workbook(rezipped(small, change), "x") == case_from_data(SMALL)


def test_results_of_a_block_formula_are_not_inputs(small: bytes) -> None:
    sheet = part(small, sheet_part("Weights"))
    cell = re.search(rb'<c r="C6" s="\d+"><v>60</v></c>', sheet)
    assert cell is not None
    formula = cell[0].replace(b"<v>", b'<f t="array" ref="C6:C7">A</f><v>')
    found = problems(rezipped(small, {sheet_part("Weights"): sheet.replace(cell[0], formula)}))
    assert set(found) == {"Weights!C6", "Weights!C7"}


# -- damage at random


def damage(book: OpenedBook, rng: random.Random) -> None:
    values = [
        "x", "", " ", 7, -1e300, 1e-200, True, "=1+1", "#N/A", "#REF!", "Russia", "Full", None,
        datetime.date(2025, 1, 1), datetime.time(3), layout.ROW_MARKER, layout.COLUMN_MARKER,
        "_xD800_", "\ttab", "level", "package", 40, "40", "y" * 32_000,
    ]  # fmt: skip
    sheet = book[rng.choice(layout.INPUT_SHEETS)] if rng.random() < 0.9 else book["Cover"]
    kind = rng.randrange(10)
    rows, columns = sheet.max_row, sheet.max_column
    if kind == 0:
        sheet.delete_rows(rng.randint(1, rows), rng.randint(1, 3))
    elif kind == 1:
        sheet.delete_cols(rng.randint(1, columns), rng.randint(1, 2))
    elif kind == 2:
        sheet.insert_rows(rng.randint(1, rows), rng.randint(1, 3))
    elif kind == 3:
        sheet.insert_cols(rng.randint(1, columns), rng.randint(1, 2))
    elif kind == 4 and book.defined_names:
        name = rng.choice(list(book.defined_names))
        if rng.random() < 0.5:
            del book.defined_names[name]
        else:
            other = rng.choice(list(book.defined_names.values()))
            texts = ["#REF!", "Weights!$A$1", "Weights!$A$1:$XFD$1048576", other.attr_text]
            book.defined_names[name].attr_text = rng.choice(texts)
    elif kind == 5:
        other_sheet = book[rng.choice(layout.INPUT_SHEETS)]
        sheet.title, other_sheet.title = "swapping", sheet.title
        sheet.title = "swapped" if rng.random() < 0.5 else other_sheet.title + "2"
    elif kind == 6 and rng.random() < 0.2:
        book.remove(sheet)
    else:
        for _ in range(rng.choice([1, 1, 5, 40])):
            row, column = rng.randint(5, min(rows, 45)), rng.randint(1, columns)
            sheet.cell(row, column).value = rng.choice(values)


def judged(data: bytes) -> list[Problem]:
    """The problems of a damaged workbook; none if it is a case. Anything else fails the test."""
    try:
        canonical_json(case_from_workbook(data, "talks.xlsx"))
    except CaseProblem as refused:
        for problem in refused.problems:
            assert problem.where
            str(problem).encode()
        return list(refused.problems)
    return []


def try_damage(seed: int) -> list[Problem]:
    rng = random.Random(seed)
    case = case_from_data(SMALL if rng.random() < 0.5 else random_case(seed))

    def edit(book: OpenedBook) -> None:
        for _ in range(rng.choice([1, 1, 2, 4])):
            try:
                damage(book, rng)
            except (KeyError, ValueError, AttributeError):  # the sheet is gone by now
                continue

    return judged(edited(bare(case), edit))


def test_whatever_is_damaged_gives_a_case_or_problems() -> None:
    told = [try_damage(seed) for seed in range(25)]
    assert any(told)
    assert not all(told)


@pytest.mark.long
def test_much_damage_gives_a_case_or_problems() -> None:
    told = [try_damage(seed) for seed in range(1000, 2000)]
    assert sum(map(bool, told)) > 300


# -- what users do, done inside LibreOffice


@pytest.fixture
def path(small: bytes, tmp_path: Path) -> Path:
    """The small case in a file; without live formulas, which these trials would only slow down."""
    (tmp_path / "talks.xlsx").write_bytes(small)
    return tmp_path / "talks.xlsx"


@pytest.mark.office
def test_rows_inserted_anywhere_break_nothing(office: Office, path: Path, tmp_path: Path) -> None:
    """In each input table: under its header, in the middle, and above its marker row."""
    with office.open(path) as book:
        names = book.names()
        for table in reversed(layout.TABLES):  # the lower table of a sheet first
            block = names[table.name(table.columns[-1].key)]
            for at in (block.bottom, block.top + 2, block.top + 1):
                book.insert_rows(block.sheet, at)
        book.save(tmp_path / "rows.xlsx")
    assert case_from_workbook((tmp_path / "rows.xlsx").read_bytes(), "x") == case_from_data(SMALL)


@pytest.mark.office
def test_columns_and_sheets_of_the_user_break_nothing(
    office: Office, path: Path, tmp_path: Path
) -> None:
    with office.open(path) as book:
        for sheet in layout.INPUT_SHEETS:
            for at in (9, 1, 0):
                if sheet in (layout.PACKAGES, layout.NO_DEAL, layout.SCORES) and at == 9:
                    continue
                book.insert_columns(sheet, at)
        book.insert_sheet("My notes", 0)
        book.write("My notes", 0, 0, "own")
        book.move_sheet("Weights", 2)
        book.rename_sheet("Evidence", "Grounds")
        for row in (0, 30, 60):
            book.write("Sources", row, 20, "a note of my own")
        book.save(tmp_path / "columns.xlsx")
    data = (tmp_path / "columns.xlsx").read_bytes()
    assert case_from_workbook(data, "x") == case_from_data(SMALL)
    reading = read_data(data, "x")
    place = reading.locate(("parties", 0, "scores", "Relief", "Banking", "Partial", "basis"))
    assert place.startswith("Grounds!")


@pytest.mark.office
def test_things_added_in_the_office_program_are_read(
    office: Office, path: Path, tmp_path: Path
) -> None:
    """A package, a party with a criterion, a level and an issue, where a user would put them."""
    with office.open(path) as book:
        names = book.names()
        spare = names["Packages_Package"].top + 4
        for column, text in enumerate(("D", "Some", "Alone")):
            book.type("Packages", spare, column, text)
        level = names["Issues_Level"]
        book.insert_rows("Issues", level.top + 3)
        for column, text in enumerate(("Banking", "Some")):
            book.type("Issues", level.top + 3, column, text)
        rows = names["Scores_Level"]
        book.insert_rows("Scores", rows.top + 3)
        for column, text in enumerate(("Banking", "Some", "25")):
            book.type("Scores", rows.top + 3, column, text)
        end = names["Issues_Level"].bottom + 1
        book.insert_rows("Issues", end)
        book.type("Issues", end, 0, "Guarantees")
        book.type("Issues", end, 1, "On paper")
        for sheet, name in (
            ("Packages", layout.PACKAGES_SETTINGS),
            ("No deal", layout.NO_DEAL_SETTINGS),
        ):
            block = names[name]
            book.insert_columns(sheet, block.right)
            book.type(sheet, block.top, block.right, "Guarantees")
            listed = (block.top + 1, block.top + 2, spare) if sheet == "Packages" else (5,)
            for row in listed:
                book.type(sheet, row, block.right, "On paper")
        party = names["Parties_Party"].top + 3
        book.type("Parties", party, 0, "Europe")
        book.type("Parties", party, 3, "12")
        criterion = names["Criteria_Party"].top + 4
        weight = names["Weights_Party"].top + 4
        for column, text in enumerate(("Europe", "=unity")):
            book.type("Criteria", criterion, column, text)
            book.type("Weights", weight, column, text)
        book.type("Weights", weight, 2, "7.5")
        scores = names[layout.SCORES_BLOCK]
        book.insert_columns("Scores", scores.right)
        book.type("Scores", scores.top, scores.right, "Europe")
        book.type("Scores", scores.top + 1, scores.right, "=unity")
        direct = names["Direct_Name"].top + 2  # a row was inserted above
        book.type("Scores", direct, scores.right, "3")
        book.save(tmp_path / "added.xlsx")
    case = case_from_workbook((tmp_path / "added.xlsx").read_bytes(), "x")
    expected = canonical_data(case_from_data(SMALL))
    expected["issues"][0]["levels"] = ["None", "Partial", "Some", "Full"]
    expected["issues"].append({"name": "Guarantees", "levels": ["On paper"]})
    europe = {
        "name": "Europe", "reservation": 12,
        "criteria": [{"name": "=unity", "weight": 7.5, "direction": "max"}],
    }  # fmt: skip
    expected["parties"].append(europe)
    expected["parties"][0]["scores"]["Relief"]["Banking"]["Some"] = 25
    for index in (0, 1):
        expected["packages"][index]["settings"]["Guarantees"] = "On paper"
    expected["packages"][2]["scores"]["Europe"] = {"=unity": 3}
    settings = {"Banking": "Some", "Backing": "Alone", "Guarantees": "On paper"}
    expected["packages"].append({"name": "D", "settings": settings})
    expected["no_deal"][0]["settings"]["Guarantees"] = "On paper"
    assert canonical_data(case) == canonical_data(case_from_data(expected))
