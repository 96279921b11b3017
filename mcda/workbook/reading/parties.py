"""Reading the sheets Parties, Criteria and Weights: who negotiates, and what each cares about."""

from __future__ import annotations

from mcda.problems import Path
from mcda.workbook import layout
from mcda.workbook.reading.form import Form, Item, Row
from mcda.workbook.tables import Place, Plain


def parties(form: Form) -> None:
    """Read the parties, without their criteria."""
    form.head("parties", layout.PARTIES_TABLE)
    items: list[Item] = []
    for row in form.rows(layout.PARTIES_TABLE):
        name = form.needed(row, "Party", "party")
        if name is None:
            continue
        path: Path = ("parties", len(items))
        item = form.begin(path, name, row.place("Party")) | {"criteria": [], "scores": {}}
        signs = form.word((*path, "signs"), row, "Signs", (layout.YES, layout.NO))
        item["signs"] = signs != layout.NO
        stated = ("ReservationLow", "Reservation", "ReservationHigh")
        form.triple(item, path, "reservation", row, stated)
        form.numbers(item, path, row, {"aspiration": "Aspiration", "power": "Power"})
        _weights_are(form, item, path, row)
        form.parties.setdefault(name, len(items))
        items.append(item)
    form.data["parties"] = items


def _weights_are(form: Form, item: Item, path: Path, row: Row) -> None:
    here = (*path, "weights_are")
    words = (layout.INTERVALS, layout.ORDINAL, layout.DIRICHLET)
    word = form.word(here, row, "WeightsAre", words, layout.INTERVALS)
    place = row.place("Concentration")
    concentration = form.finder.value(place)
    if word == layout.DIRICHLET:
        form.places[here] = form.places[(*here, "dirichlet")] = place
        item["weights_are"] = {"dirichlet": concentration}
        return
    item["weights_are"] = word
    if concentration is not None:
        form.note(
            place,
            f'Only weights that are "{layout.DIRICHLET}" have a concentration.',
            f'Clear this cell, or choose "{layout.DIRICHLET}" beside it.',
        )


def criteria(form: Form) -> None:
    """Read the criteria of every party, without their weights."""
    for row in form.rows(layout.CRITERIA_TABLE):
        party = form.needed(row, "Party", "party")
        name = form.needed(row, "Criterion", "criterion")
        if party is None:
            continue
        party = form.finder.known(row.place("Party"), party, form.parties, "a party")
        if party is None or name is None:
            continue
        items = form.data["parties"][form.parties[party]]["criteria"]
        path: Path = ("parties", form.parties[party], "criteria", len(items))
        item = form.begin(path, name, row.place("Criterion"))
        form.texts(item, path, row, {"group": "Group", "unit": "Unit"})
        directions = (layout.MAX, layout.MIN)
        word = form.word((*path, "direction"), row, "Direction", directions, layout.MAX)
        item["direction"] = word
        form.numbers(item, path, row, {"low": "Low", "high": "High"})
        meaning: Item = {}
        form.texts(meaning, (*path, "meaning"), row, {"worst": "Worst", "best": "Best"})
        item["meaning"] = meaning
        _points(form, item, path, row)
        form.criteria.setdefault((party, name), (len(items), row.place("Criterion")))
        items.append(item)


def _points(form: Form, item: Item, path: Path, row: Row) -> None:
    points: list[list[Plain | None]] = []
    form.places[(*path, "points")] = row.place("X1")
    for n in range(1, layout.MAX_POINTS + 1):
        places = (row.place(f"X{n}"), row.place(f"V{n}"))
        pair = [form.finder.value(place) for place in places]
        if pair == [None, None]:
            continue
        here = (*path, "points", len(points))
        form.places[here] = places[0]
        form.places |= {(*here, end): place for end, place in enumerate(places)}
        points.append(pair)
    if points:
        item["points"] = points


def weights(form: Form) -> None:
    """Read the weights into the criteria that they belong to."""
    seen: dict[tuple[str, str], Place] = {}
    keys = [(row, form.row_criterion(row)) for row in form.rows(layout.WEIGHTS_TABLE)]
    # Exact names first, so that a misspelt row does not take the place of one of them.
    keys.sort(key=lambda item: form.is_noted(item[0], "Party", "Criterion"))
    for row, key in keys:
        if key is None:
            continue
        if key in seen:
            if not form.is_noted(row, "Party", "Criterion"):
                form.twice(row.place("Criterion"), f'The weight of "{key[1]}"', seen[key])
            continue
        seen[key] = row.place("Criterion")
        _weight(form, row, key)
    for key, (_, place) in form.criteria.items():
        if key not in seen:
            what = f'"{key[1]}" for {key[0]} has no row on {form.tables["Weights"].sheet}.'
            form.note(place, what, "Add one there with its weight.")
            _criterion(form, key)["weight"] = 1


def _criterion(form: Form, key: tuple[str, str]) -> Item:
    party = form.data["parties"][form.parties[key[0]]]
    item: Item = party["criteria"][form.criteria[key][0]]
    return item


def _weight(form: Form, row: Row, key: tuple[str, str]) -> None:
    item = _criterion(form, key)
    path: Path = ("parties", form.parties[key[0]], "criteria", form.criteria[key][0])
    form.numbers(item, path, row, {"weight": "Weight"})
    form.pair(item, path, "weight_range", row, ("Low", "High"))
    if not isinstance(item.get("weight"), float):
        item.pop("weight_range", None)  # a range cannot be judged without its weight
    judged: Item = {}
    here = (*path, "judged")
    form.places[here] = row.place("JudgedFrom")
    form.texts(judged, here, row, {"method": "How", "by": "By", "on": "On"})
    form.pair(judged, here, "range", row, ("JudgedFrom", "JudgedTo"))
    item["judged"] = judged
