"""Reading the sheets Cover, Issues, Packages and No deal: what could be agreed, and what if not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mcda.problems import Path
from mcda.validation import folded
from mcda.workbook import layout
from mcda.workbook.reading.form import Form, Item, Row
from mcda.workbook.tables import Found, Place

_COVER = {
    "name": (layout.CASE_NAME, "Case"),
    "purpose": (layout.CASE_PURPOSE, "Purpose"),
    "as_at": (layout.CASE_AS_AT, "As at"),
    "marking": (layout.CASE_MARKING, "Marking"),
}
"""Defined name, and the label to the left of its cell."""


def cover(form: Form) -> None:
    """Read what the case is called, its purpose, date and marking, and the layout's version."""
    for key, (name, label) in _COVER.items():
        place = _cover_cell(form, name, label)
        if place is None:
            continue
        form.places[(key,)] = place
        text = form.finder.text(place)
        if text is not None:
            form.data[key] = text
    form.places[()] = form.places.get(("name",), (layout.COVER, 0, 0))
    place = _cover_cell(form, layout.LAYOUT_VERSION, "Layout")
    if place is not None:
        _version(form, place)


def _version(form: Form, place: Place) -> None:
    version = form.finder.text(place) or ""
    if version == layout.VERSION or version in layout.OLDER_VERSIONS:
        return
    if version.isdecimal() and int(version[:9]) > int(layout.VERSION):
        form.note(
            place,
            f"This workbook has layout {version[:9]}, made by a newer mcda; this one reads layout "
            f"{layout.VERSION}.",
            "Install the newest mcda.",
        )
        return
    fix = f"Enter {layout.VERSION} again if it was overwritten."
    form.note(place, f'"{version}" is not a layout that this mcda knows.', fix)


def _cover_cell(form: Form, name: str, label: str) -> Place | None:
    area = form.finder.area(name)
    if area is not None:
        return (area.sheet, area.top, area.left)
    cover = form.finder.book.find_sheet(layout.COVER)
    if cover is not None:
        for row, cells in form.finder.book.cells(cover).rows.items():
            for column, value in cells.items():
                if value == label:
                    return (cover, row, column + 1)
    form.note(
        (cover or layout.COVER, 0, 0),
        f"The defined name {name} is missing, so its cell cannot be found.",
        "Undo what removed it, or define it again (Formulas > Name Manager).",
    )
    return None


def issues(form: Form) -> None:
    """Read the issues with their levels."""
    form.head("issues", layout.ISSUES_TABLE)
    items: list[Item] = []
    numbers: dict[str, int] = {}
    current: str | None = None
    spellings = _spellings(form)
    for row in form.rows(layout.ISSUES_TABLE):
        issue = form.needed(row, "Issue", "issue")
        level = form.needed(row, "Level", "level")
        if issue is None or level is None:
            continue
        issue = _as_the_others(form, row, issue, spellings[folded(issue)])
        if issue not in numbers:
            numbers[issue] = len(items)
            item = form.begin(("issues", len(items)), issue, row.place("Issue"))
            items.append(item | {"levels": [], "no_deal_only": []})
            form.levels[issue] = {}
        elif issue != current:
            what = f'The rows of "{issue}" are not together.'
            form.note(row.place("Issue"), what, "Move this row to the others of the issue.")
        current = issue
        _level(form, row, items[numbers[issue]], ("issues", numbers[issue]), level)
    form.data["issues"] = items


def _spellings(form: Form) -> dict[str, str]:
    """Return the spelling of each issue that most of its rows have, by its folded name."""
    counts: dict[str, Counter[str]] = {}
    for row in form.rows(layout.ISSUES_TABLE):
        issue = form.finder.text(row.place("Issue"))
        if issue is not None:
            counts.setdefault(folded(issue), Counter())[issue] += 1
    return {fold: count.most_common(1)[0][0] for fold, count in counts.items()}


def _as_the_others(form: Form, row: Row, issue: str, usual: str) -> str:
    """Return an issue as most of its rows spell it; another spelling is noted, once, here."""
    if issue != usual:
        what = f'"{issue}" differs from "{usual}" only in case.'
        form.note(row.place("Issue"), what, "Write it as in the other rows, or rename it.")
    return usual


def _level(form: Form, row: Row, issue: Item, path: Path, level: str) -> None:
    words = (layout.DEAL, layout.NO_DEAL_ONLY)
    only = form.finder.word(row.place("Occurs"), words) == layout.NO_DEAL_ONLY
    if issue["no_deal_only"] and not only:
        form.note(
            row.place("Occurs"),
            f'"{level}" stands below a level that occurs only without agreement.',
            "Levels of a deal come first: move this row up.",
        )
    key = "no_deal_only" if only else "levels"
    form.places[(*path, key, len(issue[key]))] = row.place("Level")
    form.places.setdefault((*path, key), row.place("Level"))
    issue[key].append(level)
    form.levels[issue["name"]].setdefault(level, row.place("Level"))
    for key, column in (("meaning", "Meaning"), ("source", "Source")):
        of_level: Item = issue.setdefault(key, {})
        form.texts(of_level, (*path, key), row, {level: column})


def packages(form: Form) -> None:
    """Read the packages with their settings; direct scores come with Scores."""
    form.head("packages", layout.PACKAGES_TABLE)
    columns = _issue_columns(form, "Packages")
    items: list[Item] = []
    for row in form.rows(layout.PACKAGES_TABLE):
        name = form.needed(row, "Package", "name")
        if name is None:
            continue
        path: Path = ("packages", len(items))
        item = form.begin(path, name, row.place("Package"))
        _settings(form, item, path, row, columns)
        texts = {"note": "Note", "cost": "Cost", "reversible": "Reversible", "source": "Source"}
        form.texts(item, path, row, texts)
        lists = {"crosses": "Crosses", "outside": "Outside", "sequence": "Sequence"}
        _lists(form, item, path, row, lists)
        items.append(item)
    form.data["packages"] = items
    _missing_issues(form, "Packages", columns, ("packages", items))


def entries(text: str) -> list[str]:
    r"""Return the entries of a list cell, one a line; an entry's further lines begin with a tab.

    >>> entries("prisoner exchange\nport access,\n\tfrom May")
    ['prisoner exchange', 'port access,\nfrom May']
    """
    lines = re.split("\n(?!\t)", text)
    return [line.replace("\n\t", "\n") for line in lines if line]


def _lists(form: Form, item: Item, path: Path, row: Row, keys: Mapping[str, str]) -> None:
    for key, column in keys.items():
        form.places[(*path, key)] = row.place(column)
        found = entries(form.finder.text(row.place(column)) or "")
        if found:
            item[key] = found


def no_deal(form: Form) -> None:
    """Read the no-deal alternatives with what they set and the values that are stated."""
    form.head("no_deal", layout.NO_DEAL_TABLE)
    columns = _issue_columns(form, "NoDeal")
    table = form.tables["NoDeal"]
    parties = _by_header(form, table, form.value_columns, form.parties, "a party")
    items: list[Item] = []
    for row in form.rows(layout.NO_DEAL_TABLE):
        name = form.needed(row, "NoDeal", "name")
        if name is None:
            continue
        path: Path = ("no_deal", len(items))
        item = form.begin(path, name, row.place("NoDeal"))
        form.texts(item, path, row, {"by": "By"})
        _settings(form, item, path, row, columns)
        _stated_values(form, item, path, row, parties)
        items.append(item)
    form.data["no_deal"] = items
    _missing_issues(form, "NoDeal", columns, ("no_deal", items[:1]))


def _stated_values(
    form: Form, item: Item, path: Path, row: Row, parties: Mapping[int, str]
) -> None:
    values: Item = {}
    for column, party in parties.items():
        form.places[(*path, "values", party)] = row.at(column)
        value = form.finder.value(row.at(column))
        if value is not None:
            values[party] = value
    item["values"] = values


def _settings(form: Form, item: Item, path: Path, row: Row, columns: Mapping[int, str]) -> None:
    settings: Item = {}
    for column, issue in columns.items():
        form.places[(*path, "settings", issue)] = row.at(column)
        level = form.finder.text(row.at(column))
        if level is not None:
            settings[issue] = level
    if settings:
        item["settings"] = settings


def _issue_columns(form: Form, table: str) -> dict[int, str]:
    """Return the issue of each column on Packages or No deal."""
    headers = form.setting_columns[table]
    return _by_header(form, form.tables[table], headers, form.levels, "an issue")


def _by_header(
    form: Form, found: Found, headers: Mapping[int, str], known: Iterable[str], what: str
) -> dict[int, str]:
    columns: dict[int, str] = {}
    first: dict[str, Place] = {}
    names = list(known)
    # Exact headers first, so that a misspelt one does not take the place of one of them.
    for column, header in sorted(headers.items(), key=lambda item: item[1] not in names):
        place = (found.sheet, found.header, column)
        name = form.finder.known(place, header, names, what)
        if name is None:
            continue
        if name in first:
            form.twice(place, f'The column "{name}"', first[name])
            continue
        columns[column], first[name] = name, place
    return columns


def _missing_issues(
    form: Form, table: str, columns: Mapping[int, str], of: tuple[str, Sequence[Item]]
) -> None:
    """Note issues without a column, where anything has settings."""
    found = form.tables[table]
    section, items = of
    with_settings = [index for index, item in enumerate(items) if "settings" in item]
    for issue in form.levels:
        if issue in columns.values() or not with_settings:
            continue
        place = (found.sheet, found.header, 0)
        form.note(
            place,
            f'The issue "{issue}" has no column here.',
            f'Insert one left of the mark "{layout.COLUMN_MARKER}", with the issue in its header.',
        )
        # Told once, here; not again for each package that leaves the issue open.
        for index in with_settings:
            form.places[(section, index, "settings", issue)] = place
