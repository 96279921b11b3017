"""Reading a case from a workbook: its input sheets as the JSON form, each value with its cell.

Only the input sheets are read, and of them only what was typed: results that the file carries are
never an input. What the JSON form can say wrongly is judged by its door
(:func:`mcda.json_form.case_from_data`), which is given the cells; what only sheets can say wrongly
(a weight for a criterion that is not listed, a score without a column) is told here. All of it is
raised together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from mcda.case import Case
from mcda.problems import CaseProblem, Path, Problem
from mcda.workbook import layout
from mcda.workbook.cells import Book
from mcda.workbook.guard import (
    NOT_READABLE,
    UnreadablePart,
    check_size,
    damaged,
    open_guarded,
    refuse,
)
from mcda.workbook.tables import Finder, Found, Notes, Place, Plain

Form = dict[str, Any]
"""An object of the JSON form while it is being filled."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook says: a case in the JSON form, with the cell of each value."""

    data: Form
    places: dict[Path, Place]
    """Where each value stands (sheet, row, column, zero-based), blank cells included."""
    notes: Notes
    """What is wrong with the sheets beyond what the JSON form can show."""

    def place(self, path: Path) -> Place:
        """Return the cell of a value in the JSON form, or of the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return (layout.COVER, 0, 0)

    def locate(self, path: Path) -> str:
        """Return the cell of a value as people write it, such as ``Weights!D7``."""
        return layout.cell_name(*self.place(path))


def read_workbook(path: str | os.PathLike[str]) -> Case:
    """Read the case in a workbook.

    Raises:
        CaseProblem: with every problem, each with its sheet and cell.
        OSError: the file cannot be read.
    """
    file = FilePath(path)
    check_size(file.stat().st_size, file.name)
    return case_from_workbook(file.read_bytes(), file.name)


def case_from_workbook(data: bytes, name: str) -> Case:
    """Read the case in a workbook that is given as bytes; ``name`` stands in the messages.

    Raises:
        CaseProblem: with every problem, each with its sheet and cell.
    """
    from mcda.json_form import case_from_data

    reading = read_data(data, name)
    case: Case | None = None
    refused: tuple[Problem, ...] = ()
    shown: dict[str, Place] = {}

    def locate(path: Path) -> str:
        where = reading.locate(path)
        shown[where] = reading.place(path)
        return where

    try:
        case = case_from_data(reading.data, locate)
    except CaseProblem as problem:
        refused = problem.problems
    if case is not None and not reading.notes.found:
        return case
    raise CaseProblem(_merged(reading.notes, refused, shown))


def _merged(notes: Notes, refused: Iterable[Problem], shown: Mapping[str, Place]) -> list[Problem]:
    """Put the problems of both kinds in the order of the sheets, one kind only at each cell."""
    places = dict(notes.found)
    noted = {problem.where for problem in places}
    places |= {p: shown[p.where] for p in refused if p.where not in noted and p.where in shown}
    order = {sheet: index for index, sheet in enumerate(layout.SHEETS)}

    def key(problem: Problem) -> tuple[int, str, int, int]:
        sheet, row, column = places[problem]
        return (order.get(sheet, len(order)), sheet, row, column)

    return sorted(places, key=key)


def read_data(data: bytes, name: str) -> Reading:
    """Turn the bytes of a workbook into the JSON form of its case, not judged yet.

    Raises:
        CaseProblem: this is no workbook of ours, or it lost a sheet, a header or a table's end.
    """
    try:
        book = Book(open_guarded(data, name))
        _check_layout(book, name)
        return _Reader(book).read()
    except CaseProblem:
        raise
    except UnreadablePart as problem:
        raise refuse(
            name, str(problem), 'Use a workbook made by "mcda new", saved as .xlsx.'
        ) from None
    except NOT_READABLE:
        raise damaged(name) from None


def _check_layout(book: Book, name: str) -> None:
    ours = (
        table.name(column.key).casefold() for table in layout.TABLES for column in table.columns
    )
    if layout.LAYOUT_VERSION.casefold() not in book.names and book.names.keys().isdisjoint(ours):
        raise refuse(
            name,
            "This workbook holds no case: it was not made by mcda.",
            'Make one with "mcda new case.xlsx" and enter the case there.',
        )


def entries(text: str) -> list[str]:
    r"""Return the entries of a list cell, one a line; an entry's further lines begin with a tab.

    >>> entries("prisoner exchange\nport access,\n\tfrom May")
    ['prisoner exchange', 'port access,\nfrom May']
    """
    lines = re.split("\n(?!\t)", text)
    return [line.replace("\n\t", "\n") for line in lines if line]


@dataclass(slots=True)
class _Row:
    """One row of a table."""

    found: Found
    number: int

    def place(self, key: str) -> Place:
        return self.found.place(self.number, key)


@dataclass(slots=True)
class _Scored:
    """A score that was found on Scores, and what Evidence may add to it."""

    target: Form
    key: str
    path: Path
    place: Place


@dataclass(slots=True)
class _Reader:
    book: Book
    notes: Notes = field(default_factory=Notes)
    places: dict[Path, Place] = field(default_factory=dict)
    data: Form = field(default_factory=dict)

    finder: Finder = field(init=False)
    tables: dict[str, Found] = field(init=False)
    levels: dict[str, dict[str, Place]] = field(default_factory=dict)
    """Issue → level → its cell on Issues."""
    deal_levels: dict[str, list[str]] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    criteria: dict[tuple[str, str], tuple[int, Place]] = field(default_factory=dict)
    """Party and criterion → the criterion's place in the party, and its cell on Criteria."""
    setting_columns: dict[str, dict[int, str]] = field(default_factory=dict)
    """Table → column → issue, as the headers on Packages and No deal say."""
    value_columns: dict[int, str] = field(default_factory=dict)
    """Column → party on No deal."""
    party_header: int = 0
    """The upper header row on Scores."""
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    """Party and criterion → column on Scores."""
    sections: dict[str, str] = field(default_factory=dict)
    """Kind of a row on Rules → its list in the JSON form."""
    scored: dict[tuple[str, ...], _Scored] = field(default_factory=dict)
    """Kind, party, criterion and issue and level (or name) → the score."""

    def __post_init__(self) -> None:
        self.finder = Finder(self.book, self.notes)

    def read(self) -> Reading:
        self.cover()
        found = {table.key: self.finder.table(table) for table in layout.TABLES}
        self.tables = {key: table for key, table in found.items() if table is not None}
        if len(self.tables) == len(found):
            self.blocks()
        if len(self.tables) < len(found) or self.notes.found:
            # Without its tables nothing on the sheets can be judged.
            raise CaseProblem(_merged(self.notes, (), {}))
        for table in self.tables.values():
            self.finder.below_the_end(table)
        self.issues()
        self.party_rows()
        self.criterion_rows()
        self.weights()
        self.score_columns()
        self.packages()
        self.no_deal()
        self.direct()
        self.evidence()
        self.combinations()
        self.conditions()
        self.scenarios()
        self.recommendations()
        self.sources()
        return Reading(self.data, self.places, self.notes)

    # -- cells into the form

    def rows(self, table: layout.Table) -> Iterable[_Row]:
        found = self.tables[table.key]
        return (_Row(found, number) for number in found.filled_rows())

    def put(
        self,
        target: Form,
        path: Path,
        row: _Row,
        keys: Mapping[str, str],
        read: Callable[[Place], Plain | None],
    ) -> None:
        """Fill keys of an object from columns of a row, and remember each one's cell."""
        for key, column in keys.items():
            place = row.place(column)
            self.places[(*path, key)] = place
            value = read(place)
            if value is not None:
                target[key] = value

    def texts(self, target: Form, path: Path, row: _Row, keys: Mapping[str, str]) -> None:
        self.put(target, path, row, keys, self.finder.text)

    def numbers(self, target: Form, path: Path, row: _Row, keys: Mapping[str, str]) -> None:
        self.put(target, path, row, keys, self.finder.value)

    def lists(self, target: Form, path: Path, row: _Row, keys: Mapping[str, str]) -> None:
        for key, column in keys.items():
            place = row.place(column)
            self.places[(*path, key)] = place
            found = entries(self.finder.text(place) or "")
            if found:
                target[key] = found

    def needed(self, row: _Row, column: str, what: str) -> str | None:
        """Return the text of a cell that must not be blank."""
        place = row.place(column)
        text = self.finder.text(place)
        if text is None:
            self.notes.add(place, f"This row has no {what}.", "Enter one, or clear the row.")
        return text

    def unused(self, row: _Row, allowed: Iterable[str], what: str) -> None:
        """Note cells that are filled, but mean nothing in a row of this kind."""
        for key in row.found.columns.keys() - set(allowed):
            if self.finder.value(row.place(key)) is not None:
                header = row.found.table.column(key).header
                self.notes.add(
                    row.place(key),
                    f'{what} has no "{header}".',
                    "Clear this cell, or choose another kind.",
                )

    def ends(self, row: _Row, low: str, high: str) -> tuple[Plain, Plain] | None:
        """Return both ends of a range; None if blank. One end alone is noted."""
        values = [self.finder.value(row.place(key)) for key in (low, high)]
        if values[0] is not None and values[1] is not None:
            return values[0], values[1]
        if values != [None, None]:
            blank = row.place(low if values[0] is None else high)
            self.notes.add(
                blank,
                "One end of this range is blank.",
                "Enter both ends, or clear the other one.",
            )
        return None

    def triple(
        self, target: Form, path: Path, key: str, row: _Row, columns: tuple[str, str, str]
    ) -> None:
        """Fill a number, or [low, base, high], from three columns."""
        low, base, high = columns
        here = (*path, key)
        self.places[here] = row.place(base)
        self.places |= {(*here, n): row.place(column) for n, column in enumerate(columns)}
        value = self.finder.value(row.place(base))
        ends = self.ends(row, low, high)
        if value is not None:
            target[key] = value if ends is None else [ends[0], value, ends[1]]
        elif ends is not None:
            self.notes.add(
                row.place(base),
                "Low and high stand here without the value between them.",
                "Enter the value, or clear both.",
            )

    def party_and_criterion(
        self, row: _Row, party_column: str = "Party", criterion_column: str = "Criterion"
    ) -> tuple[str, str] | None:
        """Return the party and criterion of a row; None, with a note, if there are none such."""
        party = self.needed(row, party_column, "party")
        criterion = self.needed(row, criterion_column, "criterion")
        if party is None or criterion is None:
            return None
        return self.known_criterion(
            party, criterion, row.place(party_column), row.place(criterion_column)
        )

    def known_criterion(
        self, party: str, criterion: str, party_place: Place, criterion_place: Place
    ) -> tuple[str, str] | None:
        known = self.finder.known(party_place, party, self.parties, "a party")
        if known is None:
            return None
        names = [name for owner, name in self.criteria if owner == known]
        found = self.finder.known(criterion_place, criterion, names, f"a criterion of {known}")
        return None if found is None else (known, found)

    def known_level(
        self, issue: str, level: str, issue_place: Place, level_place: Place
    ) -> tuple[str, str] | None:
        known = self.finder.known(issue_place, issue, self.levels, "an issue")
        if known is None:
            return None
        found = self.finder.known(level_place, level, self.levels[known], f"a level of {known}")
        return None if found is None else (known, found)

    def twice(self, place: Place, what: str, first: Place) -> None:
        self.notes.add(
            place,
            f"{what} stands here a second time; it stands in {layout.cell_name(*first)} already.",
            "Remove one of the two.",
        )

    # -- sheets

    def cover(self) -> None:
        keys = {
            "name": layout.CASE_NAME, "purpose": layout.CASE_PURPOSE,
            "as_at": layout.CASE_AS_AT, "marking": layout.CASE_MARKING,
        }  # fmt: skip
        for key, name in keys.items():
            place = self.cover_cell(name)
            if place is None:
                continue
            self.places[(key,)] = place
            text = self.finder.text(place)
            if text is not None:
                self.data[key] = text
        self.places[()] = self.places.get(("name",), (layout.COVER, 0, 0))
        place = self.cover_cell(layout.LAYOUT_VERSION)
        version = None if place is None else self.finder.text(place)
        if place is None or version == layout.VERSION:
            return
        newer = version is not None and version.isdecimal() and int(version) > int(layout.VERSION)
        self.notes.add(
            place,
            f"This workbook has layout {version}, made by a newer mcda; this one reads layout "
            f"{layout.VERSION}."
            if newer
            else f'"{version or ""}" is not a layout that this mcda knows.',
            "Install the newest mcda."
            if newer
            else f"Enter {layout.VERSION} again if it was overwritten.",
        )

    def cover_cell(self, name: str) -> Place | None:
        area = self.finder.area(name)
        if area is not None:
            return (area.sheet, area.top, area.left)
        cover = self.book.find_sheet(layout.COVER)
        self.notes.add(
            (cover or layout.COVER, 0, 0),
            f"The defined name {name} is missing, so its cell cannot be found.",
            "Undo what removed it, or define it again (Formulas > Name Manager).",
        )
        return None

    def blocks(self) -> None:
        """Find the columns for each issue, party, and party and criterion."""
        packages, no_deal = self.tables["Packages"], self.tables["NoDeal"]
        scores, direct = self.tables["Scores"], self.tables["Direct"]
        self.finder.block(packages, layout.PACKAGES_SETTINGS, "Package", "issue")
        self.finder.block(no_deal, layout.NO_DEAL_SETTINGS, "NoDeal", "issue")
        settings = dict(no_deal.block)
        no_deal.block.clear()
        self.finder.block(no_deal, layout.NO_DEAL_VALUES, "By", "party")
        self.value_columns = {
            c: texts[0] for c, texts in no_deal.block.items() if c not in settings
        }
        no_deal.block.update(settings)
        self.setting_columns = {
            "Packages": {c: texts[0] for c, texts in packages.block.items()},
            "NoDeal": {c: texts[0] for c, texts in settings.items()},
        }
        block = self.finder.area(layout.SCORES_BLOCK)
        top = scores.header - 1 if block is None else min(block.top, scores.header - 1)
        what = "party or criterion"
        self.finder.block(scores, layout.SCORES_BLOCK, "Level", what, (top, scores.header))
        self.party_header = top
        direct.block.update(scores.block)

    def issues(self) -> None:
        found: list[Form] = []
        current: str | None = None
        self.places[("issues",)] = (self.tables["Issues"].sheet, self.tables["Issues"].header, 0)
        for row in self.rows(layout.ISSUES_TABLE):
            issue = self.needed(row, "Issue", "issue")
            level = self.needed(row, "Level", "level")
            if issue is None or level is None:
                continue
            if issue != current and issue in self.levels:
                self.notes.add(
                    row.place("Issue"),
                    f'The rows of "{issue}" are not together.',
                    "Move this row to the others of the issue.",
                )
            elif issue != current:
                self.places[("issues", len(found))] = row.place("Issue")
                self.places[("issues", len(found), "name")] = row.place("Issue")
                found.append({"name": issue, "levels": [], "no_deal_only": []})
                self.levels[issue], self.deal_levels[issue] = {}, []
            current = issue
            index = next(n for n, form in enumerate(found) if form["name"] == issue)
            self.level_row(row, found[index], ("issues", index), level)
        self.data["issues"] = found

    def level_row(self, row: _Row, form: Form, path: Path, level: str) -> None:
        words = (layout.DEAL, layout.NO_DEAL_ONLY)
        only = self.finder.word(row.place("Occurs"), words) == layout.NO_DEAL_ONLY
        if form["no_deal_only"] and not only:
            self.notes.add(
                row.place("Occurs"),
                f'"{level}" stands below a level that occurs only without agreement.',
                "Levels of a deal come first: move this row up.",
            )
        key = "no_deal_only" if only else "levels"
        self.places[(*path, key, len(form[key]))] = row.place("Level")
        self.places.setdefault((*path, key), row.place("Level"))
        form[key].append(level)
        self.levels[form["name"]].setdefault(level, row.place("Level"))
        if not only:
            self.deal_levels[form["name"]].append(level)
        for key, column in (("meaning", "Meaning"), ("source", "Source")):
            place = row.place(column)
            self.places[(*path, key, level)] = place
            text = self.finder.text(place)
            if text is not None:
                form.setdefault(key, {})[level] = text

    def party_rows(self) -> None:
        found: list[Form] = []
        header = self.tables["Parties"]
        self.places[("parties",)] = (header.sheet, header.header, 0)
        for row in self.rows(layout.PARTIES_TABLE):
            name = self.needed(row, "Party", "party")
            if name is None:
                continue
            path: Path = ("parties", len(found))
            party: Form = {"name": name, "criteria": [], "scores": {}}
            self.places[path] = self.places[(*path, "name")] = row.place("Party")
            self.places[(*path, "signs")] = row.place("Signs")
            signs = self.finder.word(row.place("Signs"), (layout.YES, layout.NO))
            party["signs"] = signs != layout.NO
            columns = ("ReservationLow", "Reservation", "ReservationHigh")
            self.triple(party, path, "reservation", row, columns)
            self.numbers(party, path, row, {"aspiration": "Aspiration", "power": "Power"})
            self.weights_are(party, path, row)
            self.parties.setdefault(name, len(found))
            found.append(party)
        self.data["parties"] = found

    def weights_are(self, party: Form, path: Path, row: _Row) -> None:
        place = row.place("WeightsAre")
        self.places[(*path, "weights_are")] = place
        words = (layout.INTERVALS, layout.ORDINAL, layout.DIRICHLET)
        word = self.finder.word(place, words)
        concentration = row.place("Concentration")
        if word != layout.DIRICHLET:
            party["weights_are"] = word or layout.INTERVALS
            if self.finder.value(concentration) is not None:
                self.notes.add(
                    concentration,
                    f'Only weights that are "{layout.DIRICHLET}" have a concentration.',
                    f'Clear this cell, or choose "{layout.DIRICHLET}" beside it.',
                )
            return
        self.places[(*path, "weights_are")] = concentration
        self.places[(*path, "weights_are", "dirichlet")] = concentration
        party["weights_are"] = {"dirichlet": self.finder.value(concentration)}

    def criterion_rows(self) -> None:
        for row in self.rows(layout.CRITERIA_TABLE):
            party = self.needed(row, "Party", "party")
            name = self.needed(row, "Criterion", "criterion")
            if party is None or name is None:
                continue
            party = self.finder.known(row.place("Party"), party, self.parties, "a party")
            if party is None:
                continue
            criteria = self.data["parties"][self.parties[party]]["criteria"]
            path: Path = ("parties", self.parties[party], "criteria", len(criteria))
            criterion: Form = {"name": name}
            self.places[path] = self.places[(*path, "name")] = row.place("Criterion")
            self.places.setdefault(path[:-1], row.place("Party"))
            self.texts(criterion, path, row, {"group": "Group", "unit": "Unit"})
            self.places[(*path, "direction")] = row.place("Direction")
            direction = self.finder.word(row.place("Direction"), (layout.MAX, layout.MIN))
            criterion["direction"] = direction or layout.MAX
            self.numbers(criterion, path, row, {"low": "Low", "high": "High"})
            meaning: Form = {}
            self.texts(meaning, (*path, "meaning"), row, {"worst": "Worst", "best": "Best"})
            criterion["meaning"] = meaning
            self.points(criterion, path, row)
            self.criteria.setdefault((party, name), (len(criteria), row.place("Criterion")))
            criteria.append(criterion)

    def points(self, criterion: Form, path: Path, row: _Row) -> None:
        points: list[list[Plain | None]] = []
        self.places[(*path, "points")] = row.place("X1")
        for n in range(1, layout.MAX_POINTS + 1):
            places = (row.place(f"X{n}"), row.place(f"V{n}"))
            pair = [self.finder.value(place) for place in places]
            if pair == [None, None]:
                continue
            here = (*path, "points", len(points))
            self.places[here] = places[0]
            self.places |= {(*here, end): place for end, place in enumerate(places)}
            points.append(pair)
        if points:
            criterion["points"] = points

    def weights(self) -> None:
        seen: dict[tuple[str, str], Place] = {}
        for row in self.rows(layout.WEIGHTS_TABLE):
            key = self.party_and_criterion(row)
            if key is None:
                continue
            if key in seen:
                self.twice(row.place("Criterion"), f'The weight of "{key[1]}"', seen[key])
                continue
            seen[key] = row.place("Criterion")
            self.weight_row(row, key)
        for (party, criterion), (index, place) in self.criteria.items():
            if (party, criterion) not in seen:
                self.notes.add(
                    place,
                    f'"{criterion}" for {party} has no row on {self.tables["Weights"].sheet}.',
                    "Add one there with its weight.",
                )
                self.criterion(party, index)["weight"] = 1

    def criterion(self, party: str, index: int) -> Form:
        form: Form = self.data["parties"][self.parties[party]]["criteria"][index]
        return form

    def weight_row(self, row: _Row, key: tuple[str, str]) -> None:
        index = self.criteria[key][0]
        criterion = self.criterion(key[0], index)
        path: Path = ("parties", self.parties[key[0]], "criteria", index)
        self.numbers(criterion, path, row, {"weight": "Weight"})
        self.pair(criterion, path, "weight_range", row, ("Low", "High"))
        judged: Form = {}
        keys = {"method": "How", "by": "By", "on": "On"}
        self.places[(*path, "judged")] = row.place("JudgedFrom")
        self.texts(judged, (*path, "judged"), row, keys)
        self.pair(judged, (*path, "judged"), "range", row, ("JudgedFrom", "JudgedTo"))
        criterion["judged"] = judged

    def pair(self, target: Form, path: Path, key: str, row: _Row, columns: tuple[str, str]) -> None:
        here = (*path, key)
        self.places[here] = row.place(columns[0])
        self.places |= {(*here, n): row.place(column) for n, column in enumerate(columns)}
        ends = self.ends(row, *columns)
        if ends is not None:
            target[key] = list(ends)

    # -- scores

    def score_columns(self) -> None:
        found = self.tables["Scores"]
        rows = self.score_rows()
        columns = self.columns
        for column, (party, criterion) in found.block.items():
            places = ((found.sheet, self.party_header, column), (found.sheet, found.header, column))
            key = self.known_criterion(party, criterion, *places)
            if key is None:
                continue
            if key in columns:
                first = (found.sheet, found.header, columns[key])
                self.twice(places[1], f'The column of "{criterion}" for {party}', first)
                continue
            columns[key] = column
            self.score_column(key, column, rows)
        for key, (_, place) in self.criteria.items():
            if key not in columns:
                self.notes.add(
                    place,
                    f'"{key[1]}" for {key[0]} has no column on {found.sheet}.',
                    f'Insert one there, left of the mark "{layout.COLUMN_MARKER}".',
                )
        self.rows_for_all_levels(rows)

    def score_rows(self) -> dict[tuple[str, str], int]:
        """Return the row of each issue and level on Scores."""
        rows: dict[tuple[str, str], int] = {}
        for row in self.rows(layout.SCORES_TABLE):
            issue = self.needed(row, "Issue", "issue")
            level = self.needed(row, "Level", "level")
            if issue is None or level is None:
                continue
            key = self.known_level(issue, level, row.place("Issue"), row.place("Level"))
            if key is None:
                continue
            if key in rows:
                first = row.found.place(rows[key], "Level")
                self.twice(row.place("Level"), f'The level "{key[1]}"', first)
                continue
            rows[key] = row.number
        return rows

    def score_column(
        self, key: tuple[str, str], column: int, rows: Mapping[tuple[str, str], int]
    ) -> None:
        party, criterion = key
        found = self.tables["Scores"]
        path: Path = ("parties", self.parties[party], "scores", criterion)
        self.places[path] = (found.sheet, found.header, column)
        scores = self.data["parties"][self.parties[party]]["scores"].setdefault(criterion, {})
        for (issue, level), row in rows.items():
            place = (found.sheet, row, column)
            here = (*path, issue, level)
            self.places[here] = self.places[(*here, "score")] = place
            self.places[(*here, "score", 1)] = place
            self.places.setdefault(here[:-1], place)
            value = self.finder.value(place)
            if value is None:
                continue
            levels = scores.setdefault(issue, {})
            levels[level] = value
            self.scored[layout.LEVEL_KIND, party, criterion, issue, level] = _Scored(
                levels, level, here, place
            )

    def rows_for_all_levels(self, rows: Mapping[tuple[str, str], int]) -> None:
        """Note levels without a row, of issues that are scored at all."""
        tables = [scores for party in self.data["parties"] for scores in party["scores"].values()]
        for issue, levels in self.levels.items():
            feeding = [scores[issue] for scores in tables if issue in scores]
            for level, place in levels.items():
                if not feeding or (issue, level) in rows:
                    continue
                self.notes.add(
                    place,
                    f'The level "{level}" has no row on {self.tables["Scores"].sheet}.',
                    "Add one there with its scores.",
                )
                for scores in feeding:
                    scores[level] = 0  # told once, here, not once more for each criterion

    def direct(self) -> None:
        """Read the packages and no-deal alternatives that are scored directly."""
        found = self.tables["Direct"]
        sections = {
            layout.PACKAGE_KIND: ("packages", "a package on the sheet Packages"),
            layout.NO_DEAL_KIND: ("no_deal", "an alternative on the sheet No deal"),
        }
        seen: dict[tuple[str, str], Place] = {}
        for row in self.rows(layout.DIRECT_TABLE):
            kind = self.finder.word(row.place("Kind"), sections)
            name = self.needed(row, "Name", "name")
            if kind is None or name is None:
                self.needed(row, "Kind", "kind")
                continue
            section, what = sections[kind]
            listed = [form["name"] for form in self.data[section]]
            name = self.finder.known(row.place("Name"), name, listed, what)
            if name is None:
                continue
            if (kind, name) in seen:
                self.twice(row.place("Name"), f'"{name}"', seen[kind, name])
                continue
            seen[kind, name] = row.place("Name")
            index = listed.index(name)
            path: Path = (section, index, "scores")
            self.places[path] = row.place("Name")
            scores: Form = {}
            for (party, criterion), column in self.columns.items():
                place = (found.sheet, row.number, column)
                here = (*path, party, criterion)
                self.places[here] = self.places[(*here, "score")] = place
                self.places[(*here, "score", 1)] = place
                value = self.finder.value(place)
                if value is None:
                    continue
                criteria = scores.setdefault(party, {})
                criteria[criterion] = value
                self.scored[kind, party, criterion, name] = _Scored(
                    criteria, criterion, here, place
                )
            if scores:
                self.data[section][index]["scores"] = scores

    def evidence(self) -> None:
        kinds = (layout.LEVEL_KIND, layout.PACKAGE_KIND, layout.NO_DEAL_KIND)
        seen: dict[tuple[str, ...], Place] = {}
        for row in self.rows(layout.EVIDENCE_TABLE):
            kind = self.finder.word(row.place("Of"), kinds) or layout.LEVEL_KIND
            of = self.party_and_criterion(row)
            name = self.needed(row, "Level", "level" if kind == layout.LEVEL_KIND else "name")
            if of is None or name is None:
                continue
            key: tuple[str, ...] = (kind, *of, name)
            if kind == layout.LEVEL_KIND:
                issue = self.needed(row, "Issue", "issue")
                if issue is None:
                    continue
                level = self.known_level(issue, name, row.place("Issue"), row.place("Level"))
                if level is None:
                    continue
                key = (kind, *of, *level)
            else:
                self.unused(row, row.found.columns.keys() - {"Issue"}, f"A {kind}")
            if key in seen:
                self.twice(row.place("Level"), f'The evidence on "{name}"', seen[key])
                continue
            seen[key] = row.place("Level")
            self.evidence_row(row, key)

    def evidence_row(self, row: _Row, key: tuple[str, ...]) -> None:
        scored = self.scored.get(key)
        if scored is None:
            self.notes.add(
                row.place("Level"),
                f'There is no score of "{key[-1]}" under "{key[2]}" for {key[1]} on '
                f"{self.tables['Scores'].sheet}.",
                "Enter the score there, or clear this row.",
            )
            return
        path = scored.path
        form: Form = {"score": scored.target[scored.key]}
        self.places[(*path, "score", 0)] = row.place("Low")
        self.places[(*path, "score", 2)] = row.place("High")
        ends = self.ends(row, "Low", "High")
        if ends is not None:
            form["score"] = [ends[0], form["score"], ends[1]]
        self.score_notes(form, path, row)
        scored.target[scored.key] = form

    def score_notes(self, form: Form, path: Path, row: _Row) -> None:
        self.texts(form, path, row, {"basis": "Basis", "source": "Source"})
        self.confidence(form, path, row)

    def confidence(self, form: Form, path: Path, row: _Row) -> None:
        place = row.place("Confidence")
        self.places[(*path, "confidence")] = place
        word = self.finder.word(place, layout.CONFIDENCES)
        if word is not None:
            form["confidence"] = word

    # -- packages and no deal

    def packages(self) -> None:
        found: list[Form] = []
        table = self.tables["Packages"]
        self.places[("packages",)] = (table.sheet, table.header, 0)
        columns = self.settings_by_issue("Packages")
        for row in self.rows(layout.PACKAGES_TABLE):
            name = self.needed(row, "Package", "name")
            if name is None:
                continue
            path: Path = ("packages", len(found))
            package: Form = {"name": name}
            self.places[path] = self.places[(*path, "name")] = row.place("Package")
            self.settings(package, path, row, columns)
            keys = {
                "note": "Note", "cost": "Cost", "reversible": "Reversible", "source": "Source",
            }  # fmt: skip
            self.texts(package, path, row, keys)
            keys = {"crosses": "Crosses", "outside": "Outside", "sequence": "Sequence"}
            self.lists(package, path, row, keys)
            found.append(package)
        self.data["packages"] = found
        self.missing_issues("Packages", columns, found)

    def no_deal(self) -> None:
        found: list[Form] = []
        table = self.tables["NoDeal"]
        self.places[("no_deal",)] = (table.sheet, table.header, 0)
        columns = self.settings_by_issue("NoDeal")
        parties = self.parties_by_column()
        for row in self.rows(layout.NO_DEAL_TABLE):
            name = self.needed(row, "NoDeal", "name")
            if name is None:
                continue
            path: Path = ("no_deal", len(found))
            no_deal: Form = {"name": name}
            self.places[path] = self.places[(*path, "name")] = row.place("NoDeal")
            self.texts(no_deal, path, row, {"by": "By"})
            self.settings(no_deal, path, row, columns)
            values: Form = {}
            for column, party in parties.items():
                place = (table.sheet, row.number, column)
                self.places[(*path, "values", party)] = place
                value = self.finder.value(place)
                if value is not None:
                    values[party] = value
            if values:
                no_deal["values"] = values
            found.append(no_deal)
        self.data["no_deal"] = found
        self.missing_issues("NoDeal", columns, found[:1])

    def settings(self, target: Form, path: Path, row: _Row, columns: Mapping[int, str]) -> None:
        settings: Form = {}
        for column, issue in columns.items():
            place = (row.found.sheet, row.number, column)
            self.places[(*path, "settings", issue)] = place
            level = self.finder.text(place)
            if level is not None:
                settings[issue] = level
        if settings:
            target["settings"] = settings

    def settings_by_issue(self, table: str) -> dict[int, str]:
        """Return the issue of each column on Packages or No deal."""
        found = self.tables[table]
        return self.by_header(found, self.setting_columns[table], self.levels, "an issue")

    def parties_by_column(self) -> dict[int, str]:
        """Return the party of each column with stated values on No deal."""
        return self.by_header(self.tables["NoDeal"], self.value_columns, self.parties, "a party")

    def by_header(
        self, found: Found, headers: Mapping[int, str], known: Iterable[str], what: str
    ) -> dict[int, str]:
        columns: dict[int, str] = {}
        names = list(known)
        for column, header in headers.items():
            place = (found.sheet, found.header, column)
            name = self.finder.known(place, header, names, what)
            if name is not None and name not in columns.values():
                columns[column] = name
            elif name == header:
                first = next(c for c, other in columns.items() if other == name)
                first_place = (found.sheet, found.header, first)
                self.twice(place, f'The column "{header}"', first_place)
        return columns

    def missing_issues(self, table: str, columns: Mapping[int, str], forms: Sequence[Form]) -> None:
        """Note issues without a column, where anything has settings."""
        found = self.tables[table]
        with_settings = [form for form in forms if "settings" in form]
        for issue, deal in self.deal_levels.items():
            if issue in columns.values() or not with_settings:
                continue
            self.notes.add(
                (found.sheet, found.header, 0),
                f'The issue "{issue}" has no column here.',
                f'Insert one left of the mark "{layout.COLUMN_MARKER}", with the issue in its '
                "header.",
            )
            for form in with_settings:
                if deal:
                    form["settings"][issue] = deal[0]  # told once, here

    # -- rules, red lines, interactions

    def combinations(self) -> None:
        kinds = (layout.RULE_KIND, layout.RED_LINE_KIND, layout.INTERACTION_KIND)
        self.sections = dict(zip(kinds, ("rules", "red_lines", "interactions"), strict=True))
        allowed = {
            layout.RULE_KIND: {"Name", "Kind", "Source"},
            layout.RED_LINE_KIND: {"Name", "Kind", "Party", "Stated", "Source"},
            layout.INTERACTION_KIND: {
                "Name", "Kind", "Party", "Criterion", "Score", "Low", "High", "Source", "Basis",
                "Confidence",
            },
        }  # fmt: skip
        for section in self.sections.values():
            self.data[section] = []
        for row in self.rows(layout.RULES_TABLE):
            kind = self.finder.word(row.place("Kind"), kinds)
            name = self.needed(row, "Name", "name")
            if kind is None or name is None:
                self.needed(row, "Kind", "kind")
                continue
            self.unused(row, allowed[kind], f"A{'n' * (kind[0] == 'i')} {kind}")
            section = self.sections[kind]
            path: Path = (section, len(self.data[section]))
            form: Form = {"name": name}
            self.places[path] = self.places[(*path, "name")] = row.place("Name")
            self.texts(form, path, row, {"source": "Source"})
            if kind != layout.RULE_KIND:
                self.texts(form, path, row, {"party": "Party"})
            if kind == layout.RED_LINE_KIND:
                self.stated(form, path, row)
            if kind == layout.INTERACTION_KIND:
                self.texts(form, path, row, {"criterion": "Criterion"})
                self.triple(form, path, "score", row, ("Low", "Score", "High"))
                self.score_notes(form, path, row)
                self.places[(*path, "score", "confidence")] = row.place("Confidence")
            self.data[section].append(form)

    def stated(self, form: Form, path: Path, row: _Row) -> None:
        place = row.place("Stated")
        self.places[(*path, "stated")] = place
        word = self.finder.word(place, (layout.STATED, layout.INFERRED))
        if word is not None:
            form["stated"] = word == layout.STATED

    def conditions(self) -> None:
        parts = {
            layout.RULE_KIND: (layout.IF, layout.THEN, layout.FORBID),
            layout.RED_LINE_KIND: (layout.FORBID,),
            layout.INTERACTION_KIND: (layout.WHEN,),
        }
        for row in self.rows(layout.CONDITIONS_TABLE):
            kind = self.finder.word(row.place("Kind"), parts)
            name = self.needed(row, "Name", "name")
            issue = self.needed(row, "Issue", "issue")
            level = self.needed(row, "Level", "level")
            if kind is None:
                self.needed(row, "Kind", "kind")
            if kind is None or name is None or issue is None or level is None:
                continue
            place = row.place("Part")
            part = self.finder.word(place, parts[kind])
            if part is None:
                self.needed(row, "Part", "part")
                continue
            section = self.sections[kind]
            names = [form["name"] for form in self.data[section]]
            known = self.finder.known(row.place("Name"), name, names, f"a {kind} on Rules")
            if known is None:
                continue
            path: Path = (section, names.index(known), part)
            self.places.setdefault(path, place)
            self.places.setdefault((*path, issue), row.place("Issue"))
            levels = self.data[section][names.index(known)].setdefault(part, {})
            listed = levels.setdefault(issue, [])
            self.places[(*path, issue, len(listed))] = row.place("Level")
            listed.append(level)

    # -- scenarios and the rest

    def scenarios(self) -> None:
        found: dict[str, Form] = {}
        read = {
            layout.WEIGHT_CHANGE: (self.weight_change, {"Party", "Criterion", "Value"}),
            layout.RESERVATION_CHANGE: (
                self.reservation_change, {"Party", "Low", "Value", "High"},
            ),
            layout.SCORE_CHANGE: (
                self.score_change,
                {"Party", "Criterion", "Issue", "Level", "Low", "Value", "High", "Basis", "Source",
                 "Confidence"},
            ),
            layout.LIFT: (self.lift, {"Lifted"}),
        }  # fmt: skip
        for row in self.rows(layout.SCENARIOS_TABLE):
            name = self.needed(row, "Scenario", "scenario")
            if name is None:
                continue
            if name not in found:
                path: Path = ("scenarios", len(found))
                self.places[path] = self.places[(*path, "name")] = row.place("Scenario")
                found[name] = {"name": name, "parties": {}, "lift": []}
            path = ("scenarios", list(found).index(name))
            self.why(found[name], path, row)
            change = self.finder.word(row.place("Change"), read)
            always = {"Scenario", "Why", "Change"}
            if change is None:
                self.unused(row, always, "A row without a change")
                continue
            change_row, columns = read[change]
            self.unused(row, always | columns, f"A change of kind {change}")
            change_row(found[name], path, row)
        self.data["scenarios"] = list(found.values())

    def why(self, scenario: Form, path: Path, row: _Row) -> None:
        place = row.place("Why")
        self.places.setdefault((*path, "why"), place)
        text = self.finder.text(place)
        if text is None or scenario.get("why") == text:
            return
        if "why" in scenario:
            first = self.places[(*path, "why")]
            self.twice(place, "Another reason for the same scenario", first)
            return
        scenario["why"] = text
        self.places[(*path, "why")] = place

    def changed_party(self, scenario: Form, path: Path, row: _Row) -> tuple[Form, Path] | None:
        name = self.needed(row, "Party", "party")
        if name is None:
            return None
        here = (*path, "parties", name)
        self.places.setdefault(here, row.place("Party"))
        change: Form = scenario["parties"].setdefault(name, {})
        return change, here

    def weight_change(self, scenario: Form, path: Path, row: _Row) -> None:
        changed = self.changed_party(scenario, path, row)
        criterion = self.needed(row, "Criterion", "criterion")
        if changed is None or criterion is None:
            return
        change, here = changed
        self.known_criterion(str(here[-1]), criterion, row.place("Party"), row.place("Criterion"))
        weights = change.setdefault("weights", {})
        here = (*here, "weights", criterion)
        self.places.setdefault(here[:-1], row.place("Value"))
        if criterion in weights:
            self.twice(row.place("Criterion"), f'The weight of "{criterion}"', self.places[here])
            return
        self.places[here] = row.place("Value")
        weights[criterion] = self.value_needed(row)

    def value_needed(self, row: _Row) -> Plain:
        """Return a new value; one that is blank, or not a number, is noted here."""
        place = row.place("Value")
        value = self.finder.value(place)
        if isinstance(value, float):
            return value
        self.notes.add(place, "The new value is not a number.", "Enter a number.")
        return 0.0

    def reservation_change(self, scenario: Form, path: Path, row: _Row) -> None:
        changed = self.changed_party(scenario, path, row)
        if changed is None:
            return
        change, here = changed
        if "reservation" in change:
            first = self.places[(*here, "reservation")]
            self.twice(row.place("Value"), "The reservation value", first)
            return
        self.value_needed(row)
        self.triple(change, here, "reservation", row, ("Low", "Value", "High"))

    def score_change(self, scenario: Form, path: Path, row: _Row) -> None:
        changed = self.changed_party(scenario, path, row)
        names = [self.needed(row, key, key.lower()) for key in ("Criterion", "Issue", "Level")]
        criterion, issue, level = names
        if changed is None or criterion is None or issue is None or level is None:
            return
        change, here = changed
        here = (*here, "scores", criterion)
        self.places.setdefault(here, row.place("Criterion"))
        self.places.setdefault((*here, issue), row.place("Issue"))
        levels = change.setdefault("scores", {}).setdefault(criterion, {}).setdefault(issue, {})
        here = (*here, issue, level)
        if level in levels:
            self.twice(row.place("Level"), f'The score of "{level}"', self.places[here])
            return
        self.places[here] = row.place("Level")
        self.value_needed(row)
        form: Form = {}
        self.triple(form, here, "score", row, ("Low", "Value", "High"))
        self.score_notes(form, here, row)
        levels[level] = form

    def lift(self, scenario: Form, path: Path, row: _Row) -> None:
        name = self.needed(row, "Lifted", "rule or red line")
        if name is not None:
            self.places[(*path, "lift", len(scenario["lift"]))] = row.place("Lifted")
            scenario["lift"].append(name)

    def recommendations(self) -> None:
        self.data["recommendations"] = self.plain_rows(
            layout.RECOMMENDATIONS_TABLE,
            "recommendations",
            {"for": "For", "package": "Package", "why": "Why"},
        )

    def sources(self) -> None:
        keys = {"id": "Id", "statement": "Statement", "date": "Date", "source": "Source"}
        self.data["sources"] = self.plain_rows(
            layout.SOURCES_TABLE, "sources", keys | {"url": "Url"}
        )
        for n, row in enumerate(self.rows(layout.SOURCES_TABLE)):
            self.confidence(self.data["sources"][n], ("sources", n), row)

    def plain_rows(self, table: layout.Table, section: str, keys: Mapping[str, str]) -> list[Form]:
        """Read a table whose rows are one object of texts each."""
        found = []
        for n, row in enumerate(self.rows(table)):
            form: Form = {}
            self.places[(section, n)] = row.place(next(iter(keys.values())))
            self.texts(form, (section, n), row, keys)
            found.append(form)
        return found
