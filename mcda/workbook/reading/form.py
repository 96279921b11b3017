"""The JSON form of a case while it is being filled from cells, and what the sheets share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mcda.problems import Path
from mcda.workbook import layout
from mcda.workbook.tables import Finder, Found, Place, Plain

Item = dict[str, Any]
"""An object of the JSON form."""
Names = tuple[str, str]
"""A party and its criterion, or an issue and its level."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table."""

    found: Found
    number: int

    def place(self, key: str) -> Place:
        """Return the row's cell in the column of that key."""
        return self.found.place(self.number, key)

    def at(self, column: int) -> Place:
        """Return the row's cell in a column of the sheet."""
        return (self.found.sheet, self.number, column)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score that stands on Scores, and where Evidence may add to it."""

    holder: Item
    key: str
    path: Path


@dataclass(slots=True)
class Form:
    """What is known so far of the case in a workbook.

    Every value that is read leaves its cell in ``places``, blank cells included, so that whatever
    is wrong with the value can be told with the cell.
    """

    finder: Finder
    tables: dict[str, Found]
    data: Item = field(default_factory=dict)
    places: dict[Path, Place] = field(default_factory=dict)

    setting_columns: dict[str, dict[int, str]] = field(default_factory=dict)
    """Packages or NoDeal → column → the issue in its header."""
    value_columns: dict[int, str] = field(default_factory=dict)
    """Column on No deal → the party in its header."""
    score_headers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Column on Scores → the party and criterion in its headers."""
    party_header: int = 0
    """The upper header row on Scores."""

    levels: dict[str, dict[str, Place]] = field(default_factory=dict)
    """Issue → level → its cell on Issues."""
    parties: dict[str, int] = field(default_factory=dict)
    """Party → its number."""
    criteria: dict[tuple[str, str], tuple[int, Place]] = field(default_factory=dict)
    """Party and criterion → the criterion's number in the party, and its cell on Criteria."""
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    """Party and criterion → column on Scores."""
    scored: dict[tuple[str, ...], Scored] = field(default_factory=dict)
    """Kind of thing, party, criterion, then issue and level, or name → the score."""

    def note(self, place: Place, what: str, fix: str) -> None:
        """Note what is wrong at a cell."""
        self.finder.notes.add(place, what, fix)

    def rows(self, table: layout.Table) -> Iterable[Row]:
        """Walk over a table's rows that hold anything."""
        found = self.tables[table.key]
        return (Row(found, number) for number in found.filled_rows())

    def head(self, section: str, table: layout.Table) -> None:
        """Remember where a list of the form begins: at its table's header."""
        found = self.tables[table.key]
        self.places[(section,)] = (found.sheet, found.header, 0)

    def begin(self, path: Path, name: str, place: Place) -> Item:
        """Return a new object of that name, and remember its cell."""
        self.places[path] = self.places[(*path, "name")] = place
        return {"name": name}

    # -- cells into the form

    def texts(self, item: Item, path: Path, row: Row, keys: Mapping[str, str]) -> None:
        """Fill keys of an object with the texts in columns of a row."""
        self._fill(item, path, row, keys, self.finder.text)

    def numbers(self, item: Item, path: Path, row: Row, keys: Mapping[str, str]) -> None:
        """Fill keys of an object with the numbers in columns of a row; text is left for the door.

        The door (:func:`mcda.json_form.case_from_data`) says what is wrong with a text there.
        """
        self._fill(item, path, row, keys, self.finder.value)

    def _fill(
        self,
        item: Item,
        path: Path,
        row: Row,
        keys: Mapping[str, str],
        read: Callable[[Place], Plain | None],
    ) -> None:
        for key, column in keys.items():
            place = row.place(column)
            self.places[(*path, key)] = place
            value = read(place)
            if value is not None:
                item[key] = value

    def word(
        self, path: Path, row: Row, column: str, words: Iterable[str], default: str | None = None
    ) -> str | None:
        """Return the word that a drop-down cell holds, and remember the cell."""
        place = row.place(column)
        self.places[path] = place
        return self.finder.word(place, words) or default

    def triple(
        self, item: Item, path: Path, key: str, row: Row, columns: tuple[str, str, str]
    ) -> None:
        """Fill a number, or [low, base, high], from three columns."""
        low, base, high = columns
        here = (*path, key)
        self.places[here] = row.place(base)
        self.places |= {(*here, n): row.place(column) for n, column in enumerate(columns)}
        value = self.finder.value(row.place(base))
        ends = self.ends(row, low, high)
        if value is not None:
            item[key] = value if ends is None else [ends[0], value, ends[1]]
        elif ends is not None:
            self.note(
                row.place(base),
                "Low and high stand here without the value between them.",
                "Enter the value, or clear both.",
            )

    def pair(self, item: Item, path: Path, key: str, row: Row, columns: tuple[str, str]) -> None:
        """Fill a range from two columns."""
        here = (*path, key)
        self.places[here] = row.place(columns[0])
        self.places |= {(*here, n): row.place(column) for n, column in enumerate(columns)}
        ends = self.ends(row, *columns)
        if ends is not None:
            item[key] = list(ends)

    def ends(self, row: Row, low: str, high: str) -> tuple[Plain, Plain] | None:
        """Return both ends of a range; None if blank. One end alone is noted."""
        values = [self.finder.value(row.place(key)) for key in (low, high)]
        if values[0] is not None and values[1] is not None:
            return values[0], values[1]
        if values != [None, None]:
            blank = row.place(low if values[0] is None else high)
            what = "One end of this range is blank."
            self.note(blank, what, "Enter both ends, or clear the other one.")
        return None

    def score_notes(self, item: Item, path: Path, row: Row) -> None:
        """Fill what is known about a score beside its numbers."""
        self.texts(item, path, row, {"basis": "Basis", "source": "Source"})
        self.confidence(item, path, row)

    def confidence(self, item: Item, path: Path, row: Row) -> None:
        """Fill the confidence of a row."""
        word = self.word((*path, "confidence"), row, "Confidence", layout.CONFIDENCES)
        if word is not None:
            item["confidence"] = word

    # -- what is wrong with a row

    def needed(self, row: Row, column: str, what: str) -> str | None:
        """Return the text of a cell that must not be blank."""
        place = row.place(column)
        text = self.finder.text(place)
        if text is None:
            self.note(place, f"This row has no {what}.", "Enter one, or clear the row.")
        return text

    def unused(self, row: Row, allowed: Iterable[str], what: str) -> None:
        """Note cells that are filled, but mean nothing in a row of this kind."""
        for key in row.found.columns.keys() - set(allowed):
            if self.finder.value(row.place(key)) is not None:
                header = row.found.table.column(key).header
                fix = "Clear this cell, or choose another kind."
                self.note(row.place(key), f'{what} has no "{header}".', fix)

    def twice(self, place: Place, what: str, first: Place) -> None:
        """Note that something stands on a sheet for the second time."""
        self.note(
            place,
            f"{what} stands here a second time; it stands in {layout.cell_name(*first)} already.",
            "Remove one of the two.",
        )

    def known_criterion(
        self, party: str, criterion: str, party_place: Place, criterion_place: Place
    ) -> tuple[str, str] | None:
        """Return a party and criterion that must be known; None, with a note, where one is not."""
        known = self.finder.known(party_place, party, self.parties, "a party")
        if known is None:
            return None
        names = [name for owner, name in self.criteria if owner == known]
        found = self.finder.known(criterion_place, criterion, names, f"a criterion of {known}")
        return None if found is None else (known, found)

    def row_criterion(self, row: Row) -> Names | None:
        """Return the party and criterion that a row names; None, with a note, if it names none."""
        party = self.needed(row, "Party", "party")
        criterion = self.needed(row, "Criterion", "criterion")
        places = row.place("Party"), row.place("Criterion")
        if party is not None and criterion is not None:
            return self.known_criterion(party, criterion, *places)
        # A blank does not hide what is wrong beside it: all is told at once.
        if party is not None:
            self.finder.known(places[0], party, self.parties, "a party")
        elif criterion is not None:
            names = dict.fromkeys(name for _, name in self.criteria)
            self.finder.known(places[1], criterion, names, "a criterion of any party")
        return None

    def row_level(self, row: Row, taken: Collection[tuple[str, str]] = ()) -> Names | None:
        """Return the issue and level that a row names; None, with a note, if it names none.

        ``taken`` are issues and levels that a misspelt row cannot mean.
        """
        issue = self.needed(row, "Issue", "issue")
        level = self.needed(row, "Level", "level")
        if issue is None:
            return None
        known = self.finder.known(row.place("Issue"), issue, self.levels, "an issue")
        if known is None or level is None:
            return None
        others = [name for of, name in taken if of == known]
        levels = self.levels[known]
        what = f"a level of {known}"
        found = self.finder.known(row.place("Level"), level, levels, what, others)
        return None if found is None else (known, found)

    def known_party(self, row: Row, column: str = "Party") -> None:
        """Note a party that is not known, in a row that is not read any further."""
        place = row.place(column)
        party = self.finder.text(place)
        if party is not None:
            self.finder.known(place, party, self.parties, "a party")

    def is_noted(self, row: Row, *columns: str) -> bool:
        """Say whether anything is noted at these cells of a row: what it names is then a guess."""
        return any(row.place(column) in self.finder.notes.found for column in columns)
