"""In a real Chromium: a save elsewhere shows by itself, and what is changed goes into the file."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mcda.files import read
from mcda.json_form import case_from_data
from mcda.workbook.author import create
from tests.browser import Browser, Site, settle
from tests.ui.test_page import points_of
from tests.workbook.small_case import small

pytestmark = pytest.mark.browser
CASE = case_from_data(small())
SOON = 60
"""Seconds that a busy machine may take for what an idle one does in two."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "talks.xlsx"
    create(CASE, path, room=4)
    return path


@pytest.fixture(scope="module")
def served(file: Path) -> Iterator[Site]:
    with Site(file) as running:
        yield running


@pytest.fixture
def tab(browser: Browser, served: Site) -> Iterator[Any]:
    opened = browser.open(served)
    yield opened
    opened.context.close()


def slider(tab: Any, at: int) -> Any:
    return tab.locator('input[type="range"]').nth(at)


def save_elsewhere(file: Path, cell: str, value: float) -> None:
    """Another program saves by a temporary file and a rename."""
    book = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    book["Weights"][cell] = value
    temporary = file.with_suffix(".tmp")
    book.save(temporary)
    temporary.replace(file)


def weights(file: Path) -> list[float]:
    return [criterion.weight for criterion in read(file).parties[0].criteria]


def until(reached: Any) -> None:
    end = time.monotonic() + SOON
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_save_elsewhere_shows_and_leaves_alone_what_is_moved(tab: Any, file: Path) -> None:
    slider(tab, 1).focus()
    slider(tab, 1).press("PageUp")
    tab.get_by_text("North, Cost: weight 30 →").wait_for()
    settle(tab)
    saved = time.monotonic()
    save_elsewhere(file, "C6", 10)
    tab.wait_for_function("() => document.querySelector('input[type=range]').value < 40")
    assert time.monotonic() - saved < SOON
    assert tab.get_by_text("North, Cost: weight 30 →").is_visible()
    assert weights(file) == [10, 30, 10]
    save_elsewhere(file, "C6", 60)


def test_what_is_moved_and_typed_goes_into_the_file(tab: Any, file: Path) -> None:
    slider(tab, 0).focus()
    for _ in range(5):
        slider(tab, 0).press("ArrowRight")
    tab.get_by_text("North, Trade: weight 60 →").wait_for()
    settle(tab)
    tab.get_by_role("link", name="Weights and scores").click()
    settle(tab)
    tab.get_by_role("tab", name="Scores").click()
    table = tab.locator('[data-testid="stDataFrame"]').first
    box = table.bounding_box()
    tab.mouse.click(box["x"] + 30, box["y"] + 52)  # criterion in the first row
    for _ in range(4):
        tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    tab.locator(".gdg-input").fill("44")
    tab.keyboard.press("Enter")
    tab.get_by_text("score of Tariff, none 0 → 44").wait_for()
    settle(tab)
    tab.get_by_role("button", name="Write 2 changes to the workbook").click()
    tab.get_by_text("In step with the workbook.").wait_for()
    until(lambda: weights(file)[0] == points_of([60, 30, 10], 0, 65)[0])
    north = read(file).parties[0]
    assert north.scores["Trade"]["Tariff"]["none"].base == 44
    tab.get_by_role("button", name="Undo 2 written changes").click()
    until(lambda: weights(file) == [60, 30, 10])
    assert read(file) == CASE
