"""The page's logic, run by Streamlit's own test driver: what it shows follows from the case."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from mcda.canonical import canonical_json
from mcda.case import Case, CaseProblem
from mcda.examples import read_example
from mcda.json_form import case_from_data
from mcda.ranking import rank
from mcda.reweigh import with_weights
from mcda.ui.launch import FILE_VARIABLE
from mcda.ui.state import METHOD

APP = Path(__file__).parents[2] / "app.py"


class _Rows(HTMLParser):
    """Collects the attributes of rows with a package, and the text of their cells."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[str, Any]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "tr":
            self._inside = "data-rank" in named
            if self._inside:
                self.rows.append({**named, "cells": []})
        elif self._inside and tag in ("td", "th"):
            self.rows[-1]["cells"].append("")
        elif self._inside and tag == "small":
            self.rows[-1]["cells"][-1] += " | "

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1]["cells"][-1] += data


def page(file: Path | None, monkeypatch: pytest.MonkeyPatch) -> Any:
    from streamlit.testing.v1 import AppTest

    if file is None:
        monkeypatch.delenv(FILE_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(FILE_VARIABLE, str(file))
    test = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not test.exception
    assert not test.error
    return test


def rows(test: Any) -> list[dict[str, Any]]:
    found = _Rows()
    found.feed(html(test))
    return found.rows


def package(row: dict[str, Any]) -> str:
    return str(row["cells"][1].split(" | ")[0])


def html(test: Any) -> str:
    assert not test.exception
    assert not test.error
    return "\n".join(
        element.proto.body for element in test.get("html") if "<style>" not in element.proto.body
    )


def text(test: Any) -> str:
    return " ".join(cells(test))


def cells(test: Any) -> list[str]:
    words: list[str] = []

    class Words(HTMLParser):
        def handle_data(self, data: str) -> None:
            words.append(data)

    Words().feed(html(test))
    return words


def points_of(weights: list[float], at: int, percent: int) -> list[float]:
    """The points that a slider gives to its criterion: of its share, with four digits."""
    others = sum(weights) - weights[at]
    points = others * percent / (100 - percent)
    digits = 3 - math.floor(math.log10(points))
    return [*weights[:at], round(points, digits), *weights[at + 1 :]]


def save(case: Case, folder: Path, name: str = "case.json") -> Path:
    path = folder / name
    path.write_bytes(canonical_json(case))
    return path


@pytest.fixture
def case() -> Case:
    return read_example("ceasefire")


@pytest.fixture
def file(case: Case, tmp_path: Path) -> Path:
    return save(case, tmp_path)


@pytest.fixture
def test(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    return page(file, monkeypatch)


def assert_shows(test: Any, case: Case, party: str) -> None:
    ranking = rank(case, party)[party]
    shown = rows(test)
    assert [package(row) for row in shown] == [row.package for row in ranking]
    for row, expected in zip(shown, ranking, strict=True):
        assert float(row["data-value"]) == expected.value
        assert float(row["data-surplus"]) == expected.surplus
        assert row["data-rank"] == str(expected.rank or "")
        assert row["cells"][0].split(" | ")[0] == str(expected.rank or "–")
        assert row["cells"][2] == f"{expected.value:.1f}"
        assert row["cells"][3] == f"{expected.surplus:+.1f}".replace("-", "−")


def test_every_party_has_its_ranking(test: Any, case: Case) -> None:
    for party in case.party_names:
        test.selectbox(key="party").set_value(party).run()
        assert_shows(test, case, party)


def test_every_party_says_what_it_accepts(test: Any, case: Case) -> None:
    from mcda.values import evaluate

    evaluation = evaluate(case)
    columns = [name for name in case.party_names if name != case.party_names[0]]
    for row in rows(test):
        at = evaluation.packages.index(package(row))
        for party, cell in zip(columns, row["cells"][5:-1], strict=True):
            column = evaluation.parties.index(party)
            mark = "⊘" if evaluation.refused[at, column] else None
            mark = mark or ("✓" if evaluation.acceptable[at, column] else "✗")
            assert cell.startswith(mark)
            assert cell.endswith(f"{evaluation.party_values[at, column]:.1f}")
        assert (row["cells"][-1] == "✓ yes") == bool(evaluation.in_zone[at])


def test_a_package_without_a_rank_says_why(test: Any) -> None:
    (row,) = [row for row in rows(test) if not row["data-rank"]]
    assert "breaks Selected banks or more need the EU" in row["cells"][1]
    assert "crosses a red line of Ukraine, European allies" in row["cells"][1]


def test_the_marking_and_the_name_of_the_case_are_there(test: Any, case: Case) -> None:
    assert case.marking is not None
    assert case.marking in text(test)
    assert case.name in text(test)


def test_a_slider_ranks_anew_and_the_others_keep_their_proportions(test: Any, case: Case) -> None:
    party = case.parties[1]
    test.selectbox(key="party").set_value(party.name).run()
    before = [package(row) for row in rows(test)]
    test.slider[3].set_value(70).run()
    points = points_of([criterion.weight for criterion in party.criteria], 3, 70)
    expected = with_weights(case, party.name, points, method=METHOD)
    assert_shows(test, expected, party.name)
    after = [package(row) for row in rows(test)]
    assert before != after
    assert test.slider[3].value == 70
    assert sum(slider.value for slider in test.slider) == 100
    others = [weight for at, weight in enumerate(points) if at != 3]
    for slider, weight in zip(
        [one for at, one in enumerate(test.slider) if at != 3], others, strict=True
    ):
        assert abs(slider.value - 30 * weight / sum(others)) < 1


def test_what_moved_is_marked(test: Any, case: Case) -> None:
    stated = {row.package: row.rank for row in rank(case, "United States")["United States"]}
    test.slider[2].set_value(80).run()
    for row in rows(test):
        before = stated[package(row)]
        moved = row["data-rank"] and int(row["data-rank"]) != before
        assert (f"from {before}" in row["cells"][0]) == bool(moved)


def test_the_whole_weight_on_one_criterion_and_back(test: Any, case: Case) -> None:
    test.slider[0].set_value(100).run()
    assert [slider.value for slider in test.slider] == [100, 0, 0, 0, 0]
    test.slider[0].set_value(33).run()
    party = case.parties[0]
    points = points_of([criterion.weight for criterion in party.criteria], 0, 33)
    assert_shows(test, with_weights(case, party.name, points, method=METHOD), party.name)


def test_reset_brings_the_stated_weights_back(test: Any, case: Case) -> None:
    stated = [slider.value for slider in test.slider]
    test.slider[0].set_value(90).run()
    test.button[0].click().run()
    assert [slider.value for slider in test.slider] == stated
    assert_shows(test, case, case.party_names[0])


def test_changed_weights_of_one_party_leave_the_others_alone(test: Any, case: Case) -> None:
    test.slider[0].set_value(90).run()
    test.selectbox(key="party").set_value("Ukraine").run()
    assert_shows(test, case, "Ukraine")
    test.selectbox(key="party").set_value(case.party_names[0]).run()
    assert test.slider[0].value == 90


def test_every_problem_of_a_broken_case_is_shown(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = json.loads(canonical_json(case))
    data["parties"][0]["criteria"][0]["weight"] = -5
    data["packages"][0]["settings"]["Territory"] = "Talks defered"
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(data))
    test = page(broken, monkeypatch)
    with pytest.raises(CaseProblem) as told:
        case_from_data(data)
    count = len(told.value.problems)
    assert count > 1
    assert f"{count} problems to mend" in text(test)
    for problem in told.value.problems:
        assert {problem.where, problem.what, problem.fix} <= set(cells(test))
    assert not test.slider


def test_a_broken_workbook_shows_the_cells(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    from mcda.workbook.author import create

    path = tmp_path / "case.xlsx"
    create(case, path)
    book = openpyxl.load_workbook(path)
    sheet = book["Weights"]
    (cell,) = [
        cell
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == 100 and cell.row == min(
            one.row for line in sheet.iter_rows() for one in line if one.value == 100
        )
    ][:1]  # fmt: skip
    cell.value = -100
    book.save(path)
    test = page(path, monkeypatch)
    assert f"Weights!{cell.coordinate}" in text(test)
    assert not test.slider


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("case.json", b"{", "cannot be read as a case yet"),
        ("case.xlsx", b"no workbook", "cannot be read as a case yet"),
        ("case.txt", b"", "A case is an .xlsx, .xlsm or .json file."),
        ("gone.xlsx", None, "There is no such file."),
    ],
)
def test_what_is_no_case_is_told_in_words(
    name: str, content: bytes | None, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert words in text(page(path, monkeypatch))


def test_a_workbook_by_its_path(test: Any, case: Case, tmp_path: Path) -> None:
    other = save(read_example("wages"), tmp_path, "wages.json")
    test.slider[0].set_value(90).run()
    test.text_input(key="path").set_value(f' "{other}" ').run()
    assert_shows(test, read_example("wages"), "Ferry crews' union")
    back = next(button for button in test.button if button.label == "Back to the first file")
    back.click().run()
    assert_shows(test, case, case.party_names[0])


def test_an_upload_is_shown(test: Any, case: Case) -> None:
    other = read_example("wages")
    test.file_uploader(key="upload").upload("wages.json", canonical_json(other)).run()
    assert_shows(test, other, other.party_names[0])
    assert "wages.json" in text(test)


def test_a_change_on_disk_is_read_at_the_next_click(test: Any, case: Case, file: Path) -> None:
    test.slider[1].set_value(5).run()
    data = json.loads(canonical_json(case))
    data["packages"] = data["packages"][:5]
    data["recommendations"] = []
    smaller = case_from_data(data)
    file.write_bytes(canonical_json(smaller))
    test.selectbox(key="party").set_value("Russia").run()
    assert_shows(test, smaller, "Russia")
    test.selectbox(key="party").set_value(case.party_names[0]).run()
    assert test.slider[1].value == 5


def test_a_file_that_is_gone_leaves_what_was_read(test: Any, case: Case, file: Path) -> None:
    file.unlink()
    test.selectbox(key="party").set_value("Russia").run()
    assert_shows(test, case, "Russia")
    assert "The file is no longer there; this is what was last read from it." in text(test)


def test_the_shipped_case_without_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    test = page(None, monkeypatch)
    assert_shows(test, read_example("ceasefire"), "United States")
    assert "ceasefire_talks.xlsx" in text(test)


def test_the_packaged_example_where_no_workbook_is_shipped(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("mcda.ui.workbook_link.SHIPPED", tmp_path / "nothing.xlsx")
    assert_shows(page(None, monkeypatch), read_example("ceasefire"), "United States")


def test_names_from_a_case_are_never_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nasty = "<script>alert(1)</script>"
    small = {
        "name": nasty,
        "marking": nasty,
        "parties": [{"name": nasty, "criteria": [{"name": "*a* $b$ :red[c]", "weight": 1},
                                                 {"name": "d", "weight": 1}]}],
        "packages": [{"name": nasty, "scores": {nasty: {"*a* $b$ :red[c]": 1, "d": 2}}}],
    }  # fmt: skip
    test = page(save(case_from_data(small), tmp_path), monkeypatch)
    assert "<script" not in html(test)
    assert nasty in text(test)
    assert test.slider[0].label == r"\*a\* \$b\$ \:red\[c\]"


def test_one_criterion_has_nothing_to_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {
        "name": "small",
        "parties": [{"name": "A", "criteria": [{"name": "only", "weight": 3}]}],
        "packages": [{"name": "P", "scores": {"A": {"only": 1}}}],
    }
    test = page(save(case_from_data(small), tmp_path), monkeypatch)
    assert test.slider[0].disabled
    assert test.slider[0].value == 100


def test_no_packages_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {
        "name": "small",
        "issues": [{"name": "I", "levels": ["a", "b"]}],
        "parties": [{"name": "A", "criteria": [{"name": "c", "weight": 3}],
                     "scores": {"c": {"I": {"a": 0, "b": 1}}}}],
    }  # fmt: skip
    test = page(save(case_from_data(small), tmp_path), monkeypatch)
    assert any("no packages yet" in info.value for info in test.info)
