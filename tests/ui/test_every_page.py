"""Every page on every kind of case: none may fail where a part of a case is missing."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mcda.canonical import canonical_json
from mcda.examples import read_example
from mcda.json_form import case_from_data
from mcda.ui.launch import FILE_VARIABLE

APP = Path(__file__).parents[2] / "app.py"
PAGES = ("Ranking", "All parties", "Why", "Other methods", "Weights and scores", "Memo and files")
NASTY = "<img src=x onerror=alert(1)> *a* [b](//c.example) $d$ :red[e] {f}"


def party(name: str, *criteria: str) -> dict[str, Any]:
    """A party whose every criterion is better served by level b of issue I."""
    return {
        "name": name,
        "criteria": [{"name": one, "weight": at + 1} for at, one in enumerate(criteria)],
        "scores": {one: {"I": {"a": at, "b": 3}} for at, one in enumerate(criteria)},
    }


def with_issue() -> dict[str, Any]:
    return {
        "name": "small",
        "issues": [{"name": "I", "levels": ["a", "b"]}],
        "parties": [party("A", "c", "d"), party("B", "e", "f")],
        "packages": [{"name": f"P{level}", "settings": {"I": level}} for level in "ab"],
        "no_deal": [{"name": "None", "settings": {"I": "a"}}],
    }


def direct(number: float) -> dict[str, Any]:
    return {"A": {"c": number, "d": 2}, "B": {"e": 1, "f": number}}


def mixed() -> dict[str, Any]:
    data = with_issue()
    data["packages"] += [{"name": "Whole", "scores": direct(2.5), "note": "Scored as a whole"}]
    return data


def whole_first() -> dict[str, Any]:
    data = mixed()
    data["packages"].reverse()
    return data


def no_deal_direct() -> dict[str, Any]:
    return {**with_issue(), "no_deal": [{"name": "None", "scores": direct(0.5)}]}


def no_issues() -> dict[str, Any]:
    data = {**with_issue(), "issues": []}
    for one in data["parties"]:
        del one["scores"]
    data["packages"] = [{"name": f"P{n}", "scores": direct(n)} for n in range(3)]
    data["no_deal"] = [{"name": "None", "scores": direct(1)}]
    return data


def no_packages() -> dict[str, Any]:
    return {**with_issue(), "packages": []}


def no_no_deal() -> dict[str, Any]:
    return {**with_issue(), "no_deal": []}


def one_of_each() -> dict[str, Any]:
    data = with_issue()
    return {**data, "parties": [party("A", "c")], "packages": data["packages"][:1]}


def eight_parties() -> dict[str, Any]:
    return {**with_issue(), "parties": [party(f"Party {n}", "c", "d") for n in range(8)]}


def nasty_names() -> dict[str, Any]:
    text = json.dumps(mixed())
    for old in ('"small"', '"A"', '"c"', '"a"', '"Pb"', '"Whole"', '"None"', '"I"'):
        text = text.replace(old, json.dumps(NASTY + old.strip('"')))
    return dict(json.loads(text), marking=NASTY, purpose=NASTY)


def names_of_columns() -> dict[str, Any]:
    """An issue, party and package with the names of columns of ours."""
    return dict(json.loads(json.dumps(mixed()).replace('"I"', '"package"').replace('"B"', '"by"')))


def opened(data: dict[str, Any] | str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from streamlit.testing.v1 import AppTest

    case = read_example(data) if isinstance(data, str) else case_from_data(data)
    path = folder / "case.json"
    path.write_bytes(canonical_json(case))
    monkeypatch.setenv(FILE_VARIABLE, str(path))
    return AppTest.from_file(str(APP), default_timeout=60).run()


def visit(test: Any, page: str) -> None:
    """Go to a page by its name in the navigation; the test driver goes to files only."""
    (test._page_hash,) = [
        key for key, told in test._registered_pages.items() if told["page_name"] == page
    ]
    test.run()


def shown(test: Any) -> str:
    assert not test.exception
    assert not test.error
    return "\n".join(one.proto.body for one in test.get("html") if "<style>" not in one.proto.body)


@pytest.mark.parametrize(
    "make",
    [
        mixed, whole_first, no_deal_direct, no_issues, no_packages, no_no_deal, one_of_each,
        eight_parties, nasty_names, names_of_columns, "wages", "blank",
    ],
)  # fmt: skip
def test_every_page_is_shown(
    make: Callable[[], dict[str, Any]] | str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = opened(make if isinstance(make, str) else make(), tmp_path, monkeypatch)
    assert [told["page_name"] for told in test._registered_pages.values()] == list(PAGES)
    headings = set()
    for page in PAGES:
        visit(test, page)
        page_html = shown(test)
        headings |= {line for line in page_html.splitlines() if "<h1>" in line}
        assert "<img" not in page_html
    assert len(headings) == len(PAGES)


def test_what_is_scored_as_a_whole_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = opened(mixed(), tmp_path, monkeypatch)
    visit(test, "Weights and scores")
    page_html = shown(test)
    assert '<th scope="row">Whole</th><td></td><td>Scored as a whole</td>' in page_html
    assert '<th scope="row">Whole</th><td>c</td>' in page_html
    assert '<td class="number">2.5</td>' in page_html


def test_surpluses_are_said_not_to_be_comparable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = opened(mixed(), tmp_path, monkeypatch)
    visit(test, "All parties")
    assert any("10 of one are not 10 of another" in one.value for one in test.caption)


def test_an_error_of_the_program_is_told_in_our_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("not for the page")

    test = opened(mixed(), tmp_path, monkeypatch)
    monkeypatch.setattr("mcda.ui.pages.inputs.grid", broken)
    with caplog.at_level(logging.ERROR):
        visit(test, "Weights and scores")
    assert not test.exception
    (told,) = test.error
    assert "No file was left half-written" in told.value
    assert "not for the page" not in told.value
    assert "RuntimeError: not for the page" in caplog.text
    monkeypatch.undo()


@pytest.mark.parametrize("control", ["StopException", "RerunException"])
def test_streamlit_may_stop_or_restart_a_run(control: str) -> None:
    from streamlit.runtime import scriptrunner

    assert not issubclass(getattr(scriptrunner, control), Exception)
