"""Reading the sheets Scenarios, Recommendations and Sources."""

from __future__ import annotations

from collections.abc import Mapping

from mcda.problems import Path
from mcda.workbook import layout
from mcda.workbook.reading.form import Form, Item, Row
from mcda.workbook.tables import Plain

_ALWAYS = {"Scenario", "Why", "Change"}
_COLUMNS = {
    layout.WEIGHT_CHANGE: {"Party", "Criterion", "Value"},
    layout.RESERVATION_CHANGE: {"Party", "Low", "Value", "High"},
    layout.SCORE_CHANGE: {
        "Party", "Criterion", "Issue", "Level", "Low", "Value", "High", "Basis", "Source",
        "Confidence",
    },
    layout.LIFT: {"Lifted"},
}  # fmt: skip


def scenarios(form: Form) -> None:
    """Read the scenarios: what each changes, and the red lines or rules that it lifts."""
    form.head("scenarios", layout.SCENARIOS_TABLE)
    items: list[Item] = []
    numbers: dict[str, int] = {}
    for row in form.rows(layout.SCENARIOS_TABLE):
        name = form.needed(row, "Scenario", "scenario")
        if name is None:
            form.known_party(row)
            continue
        if name not in numbers:
            numbers[name] = len(items)
            item = form.begin(("scenarios", len(items)), name, row.place("Scenario"))
            items.append(item | {"parties": {}, "lift": []})
        path: Path = ("scenarios", numbers[name])
        _why(form, items[numbers[name]], path, row)
        _change(form, items[numbers[name]], path, row)
    form.data["scenarios"] = items


def _why(form: Form, scenario: Item, path: Path, row: Row) -> None:
    here = (*path, "why")
    place = row.place("Why")
    form.places.setdefault(here, place)
    text = form.finder.text(place)
    if text is None or scenario.get("why") == text:
        return
    if "why" in scenario:
        form.twice(place, "Another reason for the same scenario", form.places[here])
        return
    scenario["why"] = text
    form.places[here] = place


def _change(form: Form, scenario: Item, path: Path, row: Row) -> None:
    change = form.finder.word(row.place("Change"), _COLUMNS)
    if change is None:
        form.unused(row, _ALWAYS, "A row without a change")
        return
    form.unused(row, _ALWAYS | _COLUMNS[change], f"A change of kind {change}")
    if change == layout.LIFT:
        _lift(form, scenario, path, row)
        return
    party = form.needed(row, "Party", "party")
    if party is None:
        return
    here = (*path, "parties", party)
    form.places.setdefault(here, row.place("Party"))
    item: Item = scenario["parties"].setdefault(party, {})
    if change == layout.WEIGHT_CHANGE:
        _weight(form, item, here, row, party)
    elif change == layout.RESERVATION_CHANGE:
        _reservation(form, item, here, row)
    else:
        _score(form, item, here, row)


def _lift(form: Form, scenario: Item, path: Path, row: Row) -> None:
    name = form.needed(row, "Lifted", "rule or red line")
    if name is not None:
        form.places[(*path, "lift", len(scenario["lift"]))] = row.place("Lifted")
        scenario["lift"].append(name)


def _weight(form: Form, item: Item, path: Path, row: Row, party: str) -> None:
    criterion = form.needed(row, "Criterion", "criterion")
    if criterion is None:
        form.known_party(row)
        return
    form.known_criterion(party, criterion, row.place("Party"), row.place("Criterion"))
    here = (*path, "weights", criterion)
    form.places.setdefault(here[:-1], row.place("Value"))
    weights = item.setdefault("weights", {})
    if criterion in weights:
        form.twice(row.place("Value"), f'The weight of "{criterion}"', form.places[here])
        return
    form.places[here] = row.place("Value")
    weights[criterion] = _new_value(form, row)


def _new_value(form: Form, row: Row) -> Plain:
    """Return a new value; one that is blank is noted here, since the form would leave it out."""
    value = form.finder.value(row.place("Value"))
    if value is None:
        form.note(row.place("Value"), "The new value is blank.", "Enter a number.")
        return 0.0
    return value


def _reservation(form: Form, item: Item, path: Path, row: Row) -> None:
    if "reservation" in item:
        first = form.places[(*path, "reservation")]
        form.twice(row.place("Value"), "The reservation value", first)
        return
    _new_value(form, row)
    form.triple(item, path, "reservation", row, ("Low", "Value", "High"))


def _score(form: Form, item: Item, path: Path, row: Row) -> None:
    names = [form.needed(row, key, key.lower()) for key in ("Criterion", "Issue", "Level")]
    criterion, issue, level = names
    if criterion is None or issue is None or level is None:
        form.known_party(row)
        return
    here: Path = (*path, "scores", criterion, issue, level)
    form.places.setdefault(here[:-1], row.place("Issue"))
    form.places.setdefault(here[:-2], row.place("Criterion"))
    levels = item.setdefault("scores", {}).setdefault(criterion, {}).setdefault(issue, {})
    if level in levels:
        form.twice(row.place("Level"), f'The score of "{level}"', form.places[here])
        return
    form.places[here] = row.place("Level")
    _new_value(form, row)
    score: Item = {}
    form.triple(score, here, "score", row, ("Low", "Value", "High"))
    form.score_notes(score, here, row)
    levels[level] = score


def recommendations(form: Form) -> None:
    """Read the analyst's own recommendations."""
    keys = {"for": "For", "package": "Package", "why": "Why"}
    _plain(form, layout.RECOMMENDATIONS_TABLE, "recommendations", keys)


def sources(form: Form) -> None:
    """Read the sources."""
    keys = {
        "id": "Id", "statement": "Statement", "date": "Date", "source": "Source", "url": "Url",
    }  # fmt: skip
    _plain(form, layout.SOURCES_TABLE, "sources", keys)
    for n, row in enumerate(form.rows(layout.SOURCES_TABLE)):
        form.confidence(form.data["sources"][n], ("sources", n), row)


def _plain(form: Form, table: layout.Table, section: str, keys: Mapping[str, str]) -> None:
    """Read a table whose rows are one object of texts each."""
    form.head(section, table)
    items: list[Item] = []
    for n, row in enumerate(form.rows(table)):
        item: Item = {}
        form.places[(section, n)] = row.place(next(iter(keys.values())))
        form.texts(item, (section, n), row, keys)
        items.append(item)
    form.data[section] = items
