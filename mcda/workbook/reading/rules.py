"""Reading the sheets Rules and Conditions: rules, red lines and interactions."""

from __future__ import annotations

from mcda.problems import Path
from mcda.workbook import layout
from mcda.workbook.reading.form import Form, Item, Row

_SECTIONS = {
    layout.RULE_KIND: "rules",
    layout.RED_LINE_KIND: "red_lines",
    layout.INTERACTION_KIND: "interactions",
}
_COLUMNS = {
    layout.RULE_KIND: {"Name", "Kind", "Source"},
    layout.RED_LINE_KIND: {"Name", "Kind", "Source", "Party", "Stated"},
    layout.INTERACTION_KIND: {
        "Name", "Kind", "Source", "Party", "Criterion", "Score", "Low", "High", "Basis",
        "Confidence",
    },
}  # fmt: skip
_PARTS = {
    layout.RULE_KIND: (layout.IF, layout.THEN, layout.FORBID),
    layout.RED_LINE_KIND: (layout.FORBID,),
    layout.INTERACTION_KIND: (layout.WHEN,),
}


def rules(form: Form) -> None:
    """Read rules, red lines and interactions, without their conditions."""
    for section in _SECTIONS.values():
        form.head(section, layout.RULES_TABLE)
        form.data[section] = []
    for row in form.rows(layout.RULES_TABLE):
        name = form.needed(row, "Name", "name")
        kind = _kind(form, row)
        if kind is None or name is None:
            form.known_party(row)
            continue
        form.unused(row, _COLUMNS[kind], f"{_article(kind).capitalize()} {kind}")
        items = form.data[_SECTIONS[kind]]
        path: Path = (_SECTIONS[kind], len(items))
        item = form.begin(path, name, row.place("Name"))
        form.texts(item, path, row, {"source": "Source"})
        if kind == layout.RED_LINE_KIND:
            _red_line(form, item, path, row)
        elif kind == layout.INTERACTION_KIND:
            _interaction(form, item, path, row)
        items.append(item)


def _kind(form: Form, row: Row) -> str | None:
    if form.needed(row, "Kind", "kind") is None:
        return None
    return form.finder.word(row.place("Kind"), _SECTIONS)


def _red_line(form: Form, item: Item, path: Path, row: Row) -> None:
    form.texts(item, path, row, {"party": "Party"})
    words = (layout.STATED, layout.INFERRED)
    word = form.word((*path, "stated"), row, "Stated", words)
    if word is not None:
        item["stated"] = word == layout.STATED


def _interaction(form: Form, item: Item, path: Path, row: Row) -> None:
    form.texts(item, path, row, {"party": "Party", "criterion": "Criterion"})
    form.triple(item, path, "score", row, ("Low", "Score", "High"))
    form.score_notes(item, path, row)


def conditions(form: Form) -> None:
    """Read what each rule, red line and interaction is about."""
    for row in form.rows(layout.CONDITIONS_TABLE):
        name = form.needed(row, "Name", "name")
        issue = form.needed(row, "Issue", "issue")
        level = form.needed(row, "Level", "level")
        kind = _kind(form, row)
        part = form.needed(row, "Part", "part")
        if issue is None or level is None:
            _half_a_condition(form, row)
        if kind is None:
            _ghost(form, row, name)
            continue
        if part is not None:
            part = form.finder.word(row.place("Part"), _PARTS[kind])
        items = form.data[_SECTIONS[kind]]
        names = [item["name"] for item in items]
        if name is not None:
            what = f"{_article(kind)} {kind} on the sheet Rules"
            name = form.finder.known(row.place("Name"), name, names, what)
        if part is None or name is None or issue is None or level is None:
            continue
        path: Path = (_SECTIONS[kind], names.index(name), part)
        form.places.setdefault(path, row.place("Part"))
        form.places.setdefault((*path, issue), row.place("Issue"))
        levels = items[names.index(name)].setdefault(part, {}).setdefault(issue, [])
        form.places[(*path, issue, len(levels))] = row.place("Level")
        levels.append(level)


def _article(kind: str) -> str:
    return "an" if kind == layout.INTERACTION_KIND else "a"


def _half_a_condition(form: Form, row: Row) -> None:
    """Note an issue that is not known though its level is blank, where nothing else would."""
    place = row.place("Issue")
    issue = form.finder.text(place)
    if issue is not None:
        form.finder.known(place, issue, form.levels, "an issue")


def _ghost(form: Form, row: Row, name: str | None) -> None:
    """Note a name that is on Rules under no kind, in a row whose kind is blank or unknown."""
    if name is not None:
        names = [item["name"] for section in _SECTIONS.values() for item in form.data[section]]
        what = "a rule, red line or interaction on the sheet Rules"
        form.finder.known(row.place("Name"), name, names, what)
