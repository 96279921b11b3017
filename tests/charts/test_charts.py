"""Charts show the numbers of the results, in their order, in words too, and are drawn in any case.

Colours are judged by published measures: contrast (WCAG 2.1), and how they look to the colour-blind
(Machado, Oliveira & Fernandes 2009, severity 1.0).
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcda import charts
from mcda.case import Case
from mcda.charts.labels import place_labels
from mcda.charts.look import DARK, LIGHT, PARTY_COLOURS, PARTY_SHAPES, contrast, luminance, shades
from mcda.charts.two_party import SIZE, STATUS_SHAPES, status
from mcda.examples import read_example
from mcda.json_form import case_from_data
from mcda.ranking import rank_party
from mcda.ranking.additive import explain
from mcda.reweigh import with_weights
from mcda.values import Evaluation, evaluate

MACHADO = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


@pytest.fixture(scope="module", params=["ceasefire", "wages"])
def evaluation(request: pytest.FixtureRequest) -> Evaluation:
    return evaluate(read_example(request.param))


def layers(chart: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart.to_dict()["layer"]
    return found


def rows(chart: Any, layer: dict[str, Any]) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = layer["data"]["values"]
    return values


def mark(layer: dict[str, Any]) -> str:
    return str(layer["mark"]["type"])


def the(chart: Any, kind: str) -> list[dict[str, Any]]:
    """The rows of the first layer with that mark."""
    return next(rows(chart, layer) for layer in layers(chart) if mark(layer) == kind)


def test_the_parts_of_a_bar_add_up_to_the_value(evaluation: Evaluation) -> None:
    for party in evaluation.parties:
        ranking = rank_party(evaluation, party)
        chart = charts.contributions(evaluation, ranking)
        parts = the(chart, "bar")
        for row in ranking:
            own = [part for part in parts if part["package"] == row.package]
            assert sum(part["points"] for part in own) == pytest.approx(row.value, abs=1e-8)
            assert all(
                part["to"] - part["from"] == pytest.approx(abs(part["points"])) for part in own
            )
            ends = sorted((part["from"], part["to"]) for part in own if part["points"] > 0)
            assert all(one[1] == pytest.approx(two[0]) for one, two in pairwise(ends))


def test_bars_stand_in_the_order_of_the_ranking_after_a_change_too() -> None:
    case = read_example("ceasefire")
    changed = with_weights(case, "Russia", [0, 0, 0, 1, 0], method="tried")
    orders = []
    for one in (case, changed):
        evaluation = evaluate(one)
        ranking = rank_party(evaluation, "Russia")
        bars = next(
            layer
            for layer in layers(charts.contributions(evaluation, ranking))
            if mark(layer) == "bar"
        )
        shown = [label.split(" ", 1)[1] for label in bars["encoding"]["y"]["sort"]]
        assert shown == [row.package for row in ranking]
        orders.append(shown)
    assert orders[0] != orders[1]


def test_no_deal_stands_at_the_reservation_value(evaluation: Evaluation) -> None:
    for column, party in enumerate(evaluation.parties):
        chart = charts.contributions(evaluation, rank_party(evaluation, party))
        assert the(chart, "rule") == [
            {
                "at": evaluation.reservation[column],
                "words": f"no deal {evaluation.reservation[column]:.1f}",
            }
        ]


def test_packages_without_a_rank_are_pale_and_say_why() -> None:
    evaluation = evaluate(read_example("ceasefire"))
    ranking = rank_party(evaluation, "Russia")
    chart = charts.contributions(evaluation, ranking)
    pale = {part["package"] for part in the(chart, "bar") if part["strength"] < 1}
    assert pale == {row.package for row in ranking if not row.rank}
    ends = [layer for layer in layers(chart) if "end" in rows(chart, layer)[0]]
    told = {row["label"]: row["told"] for row in rows(chart, ends[0])}
    assert "breaks a rule" in told["– US text of 17 April"]
    assert "red line: Russia" in told["– Freeze with a European force"]


def test_two_parties_are_at_their_values(evaluation: Evaluation) -> None:
    names = evaluation.parties
    chart = charts.two_parties(evaluation, names[0], names[1])
    points = the(chart, "point")
    assert [point["package"] for point in points] == list(evaluation.packages)
    assert [[point["x"], point["y"]] for point in points] == evaluation.party_values[:, :2].tolist()
    corner = the(chart, "rect")[0]
    assert [corner["x"], corner["y"]] == evaluation.reservation[:2].tolist()
    lines = [
        rows(chart, layer)[0]["at"] for layer in layers(chart) if "strokeDash" in layer["mark"]
    ]
    assert lines == evaluation.reservation[:2].tolist()


def test_the_shape_says_how_a_package_stands(evaluation: Evaluation) -> None:
    for at in range(len(evaluation.packages)):
        told = status(evaluation, at)
        assert told in STATUS_SHAPES
        assert (told == "acceptable to every signer") == bool(evaluation.in_zone[at])
        assert told.startswith(("acceptable", "allowed")) == bool(evaluation.allowed[at])
        assert (told == "breaks a rule") == bool(evaluation.rules_broken(at))


def test_every_surplus_is_shown_and_filled_where_acceptable(evaluation: Evaluation) -> None:
    order = [row.package for row in rank_party(evaluation, evaluation.parties[0])]
    chart = charts.surpluses(evaluation, order)
    points = the(chart, "point")
    assert len(points) == len(order) * len(evaluation.parties)
    for point in points:
        at = evaluation.packages.index(point["package"])
        column = evaluation.parties.index(point["party"])
        assert point["surplus"] == evaluation.surplus[at, column]
        assert point["acceptable"] == bool(evaluation.acceptable[at, column])


def test_the_difference_is_that_of_the_explanation(evaluation: Evaluation) -> None:
    party = evaluation.parties[0]
    first, second = evaluation.packages[:2]
    explanation = explain(evaluation, party, first, second)
    bars = the(charts.differences(explanation, colour=PARTY_COLOURS[0]), "bar")
    assert sum(bar["points"] for bar in bars) == pytest.approx(explanation.points, abs=1e-8)


def test_the_words_name_every_package_and_no_deal(evaluation: Evaluation) -> None:
    names = evaluation.parties
    ranking = rank_party(evaluation, names[0])
    order = [row.package for row in ranking]
    told = [
        charts.describe_contributions(evaluation, ranking),
        charts.describe_two_parties(evaluation, names[0], names[1]),
        charts.describe_surpluses(evaluation, order),
    ]
    for words in told:
        assert all(package in words for package in order)
        assert "no deal" in words.lower()
    for row in ranking:
        assert f"{row.value:.1f}" in told[0] or not row.rank


def test_a_party_has_one_colour_everywhere(evaluation: Evaluation) -> None:
    order = list(evaluation.packages)
    points = next(
        layer for layer in layers(charts.surpluses(evaluation, order)) if mark(layer) == "point"
    )
    scale = points["encoding"]["stroke"]["scale"]
    for party in evaluation.parties:
        colour = charts.party_colour(evaluation, party)
        assert dict(zip(scale["domain"], scale["range"], strict=True))[party] == colour


NASTY = "x" * 200


def small(**more: Any) -> Case:
    criteria = [
        {"name": "c", "weight": 1, "low": 0, "high": 10},
        {"name": "d", "weight": 3, "direction": "min", "low": 0, "high": 10},
    ]
    scores = {"c": {"I": {"a": -5, "b": 20}}, "d": {"I": {"a": 30, "b": 1}}}
    parties = [{"name": name, "criteria": criteria, "scores": scores} for name in ("A", NASTY)]
    issues = [{"name": "I", "levels": ["a", "b"]}]
    return case_from_data({"name": "small", "issues": issues, "parties": parties, **more})


@pytest.mark.parametrize(
    "packages",
    [
        [],
        [{"name": "only", "settings": {"I": "a"}}],
        [{"name": "one", "settings": {"I": "a"}}, {"name": NASTY + "!", "settings": {"I": "b"}}],
    ],
)
@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_every_chart_is_drawn_whatever_the_case(packages: Any, look: charts.Look) -> None:
    evaluation = evaluate(small(packages=packages))
    ranking = rank_party(evaluation, "A")
    order = [row.package for row in ranking]
    drawn = [
        charts.contributions(evaluation, ranking, look=look),
        charts.two_parties(evaluation, "A", NASTY, look=look),
        charts.surpluses(evaluation, order, look=look),
    ]
    if len(packages) > 1:
        explanation = explain(evaluation, "A", order[0], order[1])
        drawn.append(charts.differences(explanation, colour=PARTY_COLOURS[1], look=look))
    for chart in drawn:
        assert charts.save_as(chart, "svg").startswith(b"<svg")
    assert charts.describe_contributions(evaluation, ranking)
    assert charts.describe_two_parties(evaluation, "A", NASTY)
    assert charts.describe_surpluses(evaluation, order)


def test_a_picture_is_the_same_every_time() -> None:
    evaluation = evaluate(read_example("wages"))
    ranking = rank_party(evaluation, evaluation.parties[0])
    one, two = (charts.save_as(charts.contributions(evaluation, ranking), "png") for _ in range(2))
    assert one == two
    assert one.startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="svg or png"):
        charts.save_as(charts.contributions(evaluation, ranking), "gif")


# Labels


POINTS = st.lists(
    st.tuples(
        st.text(alphabet="abc xyz", min_size=1, max_size=50),
        st.floats(0, SIZE[0]),
        st.floats(0, SIZE[1]),
    ),
    max_size=40,
)


@given(POINTS)
def test_labels_cover_neither_each_other_nor_a_point(
    points: list[tuple[str, float, float]],
) -> None:
    labels = place_labels(points, size=SIZE)
    boxes = []
    for label in labels:
        width = len(label.text) * 6.2
        left = label.x - {"left": 0, "right": width, "center": width / 2}[label.align]
        boxes.append((left, label.y - 6.5, left + width, label.y + 6.5))
    for box in boxes:
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= SIZE[0]
        assert box[3] <= SIZE[1]
        for _, x, y in points:
            assert not (box[0] < x < box[2] and box[1] < y < box[3])
    for one, two in combinations(boxes, 2):
        apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
        assert apart


def test_a_single_point_is_always_named() -> None:
    (label,) = place_labels([("A", 300.0, 200.0)], size=SIZE)
    assert (label.text, label.align, label.far) == ("A", "left", False)


# Colours


def linear(colour: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """CIE L*a*b* under D65, from linear sRGB."""
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
         [0.0193339, 0.1191920, 0.9503041]]
    )  # fmt: skip
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


@pytest.mark.parametrize("sight", list(MACHADO))
def test_the_first_parties_are_apart_for_the_colour_blind(sight: str) -> None:
    seen = [lab(np.array(MACHADO[sight]) @ linear(colour)) for colour in PARTY_COLOURS[:5]]
    for one, two in combinations(seen, 2):
        assert np.linalg.norm(one - two) > 20


def test_parties_differ_by_shape_where_they_do_not_by_colour() -> None:
    assert len(set(PARTY_SHAPES)) == len(PARTY_COLOURS) == len(set(PARTY_COLOURS))


@pytest.mark.parametrize("colour", PARTY_COLOURS)
def test_party_colours_are_seen_on_both_grounds(colour: str) -> None:
    assert contrast(colour, LIGHT.ground) >= 3
    assert contrast(colour, DARK.ground) >= 3


@pytest.mark.parametrize("colour", PARTY_COLOURS)
@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_shades_run_from_dark_to_light(colour: str, count: int) -> None:
    light = [luminance(shade) for shade in shades(colour, count)]
    assert light == sorted(set(light))


def test_ink_can_be_read() -> None:
    assert contrast(LIGHT.ink, LIGHT.ground) >= 7
    assert contrast(DARK.ink, DARK.ground) >= 7


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
