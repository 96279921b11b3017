"""Reading the sheets Scores and Evidence: how each level performs, and where that comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard

from mcda.problems import Path
from mcda.workbook import layout
from mcda.workbook.reading.form import Form, Item, Row, Scored
from mcda.workbook.tables import Place, Plain


def scores(form: Form) -> None:
    """Read the score of each level under each party's criteria."""
    found = form.tables["Scores"]
    rows = _level_rows(form)
    # Exact headers first, so that a misspelt one does not take the place of one of them.
    headers = sorted(form.score_headers.items(), key=lambda item: item[1] not in form.criteria)
    for column, (party, criterion) in headers:
        places = ((found.sheet, form.party_header, column), (found.sheet, found.header, column))
        key = form.known_criterion(party, criterion, *places)
        if key is None:
            continue
        if key in form.columns:
            first = (found.sheet, found.header, form.columns[key])
            form.twice(places[1], f'The column of "{key[1]}" for {key[0]}', first)
            continue
        form.columns[key] = column
        _column(form, key, column, rows)
    for key, (_, place) in form.criteria.items():
        if key not in form.columns:
            form.note(
                place,
                f'"{key[1]}" for {key[0]} has no column on {found.sheet}.',
                f'Insert one there, left of the mark "{layout.COLUMN_MARKER}".',
            )
    _missing_levels(form, rows)


def _level_rows(form: Form) -> dict[tuple[str, str], Row]:
    """Return the row of each issue and level on Scores."""
    rows: dict[tuple[str, str], Row] = {}
    found = list(form.rows(layout.SCORES_TABLE))
    # Exact names first, so that a row whose level is gone from Issues takes no other's place.
    for row in sorted(found, key=lambda row: not _is_exact(form, row)):
        key = form.row_level(row, rows)
        if key is None:
            continue
        if key in rows:
            if not form.is_noted(row, "Issue", "Level"):
                form.twice(row.place("Level"), f'The level "{key[1]}"', rows[key].place("Level"))
            continue
        rows[key] = row
    return rows


def _is_exact(form: Form, row: Row) -> bool:
    issue, level = (form.finder.text(row.place(key)) for key in ("Issue", "Level"))
    return level in form.levels.get(issue or "", {})


def _column(
    form: Form, key: tuple[str, str], column: int, rows: Mapping[tuple[str, str], Row]
) -> None:
    party, criterion = key
    found = form.tables["Scores"]
    path: Path = ("parties", form.parties[party], "scores", criterion)
    form.places[path] = (found.sheet, found.header, column)
    issues = form.data["parties"][form.parties[party]]["scores"].setdefault(criterion, {})
    for (issue, level), row in rows.items():
        here = (*path, issue, level)
        form.places.setdefault(here[:-1], row.at(column))
        form.places[here] = form.places[(*here, "score")] = row.at(column)
        if not form.finder.is_blank(row.at(column)):
            levels = issues.setdefault(issue, {})
            kind = (layout.LEVEL_KIND, party, criterion, issue, level)
            form.scored[kind] = _base(form, levels, here, row.at(column))


def _base(form: Form, holder: Item, path: Path, place: Place) -> Scored:
    """Read a base score into the last key of its path."""
    form.places[(*path, "score", 1)] = place
    value = form.finder.value(place)
    if value is not None:
        holder[str(path[-1])] = value
    return Scored(holder, str(path[-1]), path)


def _missing_levels(form: Form, rows: Mapping[tuple[str, str], Row]) -> None:
    """Note levels without a row, of issues that are scored at all."""
    tables = [table for party in form.data["parties"] for table in party["scores"].values()]
    for issue, levels in form.levels.items():
        feeding = [table[issue] for table in tables if issue in table]
        for level, place in levels.items():
            if not feeding or (issue, level) in rows:
                continue
            what = f'The level "{level}" has no row on {form.tables["Scores"].sheet}.'
            form.note(place, what, "Add one there with its scores.")
            # Told once, here; not again for each criterion that the issue feeds.
            for table in feeding:
                table[level] = 0


_SECTIONS = {
    layout.PACKAGE_KIND: ("packages", "a package on the sheet Packages"),
    layout.NO_DEAL_KIND: ("no_deal", "an alternative on the sheet No deal"),
}


def direct(form: Form) -> None:
    """Read the packages and no-deal alternatives that are scored directly."""
    seen: dict[tuple[str, str], Place] = {}
    for row in form.rows(layout.DIRECT_TABLE):
        name = form.needed(row, "Name", "name")
        if form.needed(row, "Kind", "kind") is None:
            continue
        kind = form.finder.word(row.place("Kind"), _SECTIONS)
        if kind is None or name is None:
            continue
        section, what = _SECTIONS[kind]
        listed = [item["name"] for item in form.data[section]]
        known = form.finder.known(row.place("Name"), name, listed, what)
        if known is None:
            continue
        if (kind, known) in seen:
            if not form.is_noted(row, "Name"):
                form.twice(row.place("Name"), f'"{known}"', seen[kind, known])
            continue
        seen[kind, known] = row.place("Name")
        _direct_row(form, row, (kind, known), (section, listed.index(known), "scores"))


def _direct_row(form: Form, row: Row, of: tuple[str, str], path: Path) -> None:
    form.places[path] = row.place("Name")
    parties: Item = {}
    for (party, criterion), column in form.columns.items():
        here = (*path, party, criterion)
        form.places[here] = form.places[(*here, "score")] = row.at(column)
        if not form.finder.is_blank(row.at(column)):
            criteria = parties.setdefault(party, {})
            form.scored[of[0], party, criterion, of[1]] = _base(
                form, criteria, here, row.at(column)
            )
    if parties:
        form.data[str(path[0])][path[1]]["scores"] = parties


def evidence(form: Form) -> None:
    """Read the ranges, bases and sources of scores into the scores."""
    kinds = (layout.LEVEL_KIND, layout.PACKAGE_KIND, layout.NO_DEAL_KIND)
    seen: dict[tuple[str, ...], Place] = {}
    for row in form.rows(layout.EVIDENCE_TABLE):
        kind = form.finder.word(row.place("Of"), kinds) or layout.LEVEL_KIND
        of = form.row_criterion(row)
        what: tuple[str, ...] | None = (
            form.row_level(row) if kind == layout.LEVEL_KIND else _name_of(form, row, kind)
        )
        if of is None or what is None:
            continue
        key = (kind, *of, *what)
        if form.is_noted(row, "Of", "Party", "Criterion", "Issue", "Level"):
            # What it belongs to is a guess, and nothing follows from a guess but the row itself.
            form.ends(row, "Low", "High")
            form.finder.word(row.place("Confidence"), layout.CONFIDENCES)
            continue
        if key in seen:
            form.twice(row.place("Level"), f'The evidence on "{key[-1]}"', seen[key])
            continue
        seen[key] = row.place("Level")
        _evidence_row(form, row, key)


def _name_of(form: Form, row: Row, kind: str) -> tuple[str, ...] | None:
    form.unused(row, row.found.columns.keys() - {"Issue"}, f"A {kind}")
    name = form.needed(row, "Level", "name")
    return None if name is None else (name,)


def _evidence_row(form: Form, row: Row, key: tuple[str, ...]) -> None:
    scored = form.scored.get(key)
    if scored is None:
        form.note(
            row.place("Level"),
            f'There is no score of "{key[-1]}" under "{key[2]}" for {key[1]} on '
            f"{form.tables['Scores'].sheet}.",
            "Enter the score there, or clear this row.",
        )
        return
    if scored.key not in scored.holder:
        return  # what stands on Scores is no number, and was noted there
    path = scored.path
    score: Item = {"score": scored.holder[scored.key]}
    form.places[(*path, "score", 0)] = row.place("Low")
    form.places[(*path, "score", 2)] = row.place("High")
    ends = form.ends(row, "Low", "High")
    if ends is not None and not _beside_its_range(form, row, score["score"], ends, path):
        score["score"] = [ends[0], score["score"], ends[1]]
    form.score_notes(score, path, row)
    scored.holder[scored.key] = score


def _is_number(value: Plain) -> TypeGuard[float]:
    return isinstance(value, float)


def _beside_its_range(
    form: Form, row: Row, base: Plain, ends: tuple[Plain, Plain], path: Path
) -> bool:
    """Note a range that leaves its score out, at the end that does so: the score is elsewhere."""
    low, high = ends
    if not (_is_number(low) and _is_number(base) and _is_number(high)) or low <= base <= high:
        return False
    where = layout.cell_name(*form.places[path])
    what = f"The score is {base:g} ({where}), with low {low:g} and high {high:g}."
    form.note(row.place("Low" if low > base else "High"), what, "low ≤ base ≤ high.")
    return True
