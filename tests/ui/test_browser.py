"""The page in a real Chromium: what a person sees, does and takes away."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mcda.canonical import canonical_json, inputs_sha256
from mcda.case import Case
from mcda.examples import read_example
from mcda.json_form import case_from_data, case_from_json
from mcda.ranking import rank
from mcda.reweigh import percentages, with_weights
from mcda.ui.components.prose import WORD_JOINER
from mcda.ui.state import METHOD
from tests.browser import Browser, Site, settle
from tests.ui.test_page import points_of

pytestmark = pytest.mark.browser

PAGES = {
    "All parties": "Who gains and who loses",
    "Why": "why one package is worth more",
    "Other methods": "what other methods rank first",
    "Weights and scores": "what the ranking rests on",
    "Memo and files": "Memo and files",
    "Ranking": "what ranks first",
}
"""The name of each page in the navigation, and words of its heading."""

ROWS = """() => [...document.querySelectorAll('table.ranking tbody tr')].map(row => ({
  package: row.cells[1].firstChild.textContent,
  value: row.dataset.value, surplus: row.dataset.surplus,
  rank: row.dataset.rank, cells: [...row.cells].map(cell => cell.innerText),
}))"""

Open = Callable[..., Any]


@pytest.fixture
def opened(browser: Browser, site: Site) -> Iterator[Open]:
    tabs: list[Any] = []

    def open_page(page: str = "", **options: Any) -> Any:
        tab = browser.open(options.pop("site", site), page, **options)
        tabs.append(tab)
        return tab

    yield open_page
    for tab in tabs:
        tab.context.close()


@pytest.fixture(scope="module")
def case() -> Case:
    return read_example("ceasefire")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, case: Case) -> Any:
    """What `mcda rank --json` says."""
    file = tmp_path_factory.mktemp("told") / "case.json"
    file.write_bytes(canonical_json(case))
    run = subprocess.run(
        [sys.executable, "-m", "mcda", "rank", str(file), "--json"],
        capture_output=True,
        check=True,
    )
    return json.loads(run.stdout)


def open_file(tab: Any, file: Path) -> None:
    tab.get_by_text("Open another case").click()
    box = tab.get_by_label("By its path on this machine")
    box.fill(str(file))
    box.press("Enter")


def weight(tab: Any, name: str) -> Any:
    return tab.locator(f'input[type="range"][aria-label="{name}"]')


def percents(tab: Any) -> list[int]:
    return [int(slider.input_value()) for slider in tab.locator('input[type="range"]').all()]


def move(tab: Any, name: str, key: str, times: int) -> None:
    slider = weight(tab, name)
    slider.focus()
    for _ in range(times):
        slider.press(key)


def wait_for_order(tab: Any, case: Case, party: str) -> list[Any]:
    """Wait until the order shown is that of the case; return the rows."""
    order = [row.package for row in rank(case, party)[party]]
    tab.wait_for_function(
        f"order => JSON.stringify(({ROWS})().map(row => row.package)) === JSON.stringify(order)",
        arg=order,
    )
    settle(tab)
    return list(tab.evaluate(ROWS))


def test_the_numbers_are_those_of_the_command_line(opened: Open, told: Any) -> None:
    for party, expected in told["parties"].items():
        tab = opened(query={"party": party})
        shown = tab.evaluate(ROWS)
        assert len(shown) == len(expected["ranking"])
        for row, one in zip(shown, expected["ranking"], strict=True):
            assert row["package"] == one["package"]
            assert float(row["value"]) == one["value"]
            assert float(row["surplus"]) == one["surplus"]
            assert row["rank"] == str(one["rank"] or "")
            assert row["cells"][2] == f"{one['value']:.1f}"
            assert row["cells"][3] == f"{one['surplus']:+.1f}".replace("-", "−")
        header = tab.locator("table.ranking th.own").inner_text()
        assert f"no deal {expected['reservation']:.1f}" in header


def test_the_ranking_is_above_the_fold(opened: Open) -> None:
    tab = opened(size=(1280, 800))
    strip = tab.locator("p.marking").bounding_box()
    ranked = tab.locator("table.ranking tbody tr:not(.unranked)").last.bounding_box()
    assert ranked["y"] + ranked["height"] <= strip["y"]
    assert tab.locator("table.ranking").evaluate("t => t.scrollWidth <= t.parentNode.clientWidth")


def test_a_slider_changes_the_order_shown(opened: Open, case: Case) -> None:
    tab = opened(query={"party": "Russia"})
    party = case.party("Russia")
    before = [row["package"] for row in tab.evaluate(ROWS)]
    weights = [criterion.weight for criterion in party.criteria]
    at = [criterion.name for criterion in party.criteria].index("Sanctions relief and economy")
    percent = percentages(weights)[at] + 60
    move(tab, "Sanctions relief and economy", "PageUp", 6)
    points = points_of(weights, at, percent)
    expected = with_weights(case, "Russia", points, method=METHOD)
    shown = wait_for_order(tab, expected, "Russia")
    assert [row["package"] for row in shown] != before
    for row, one in zip(shown, rank(expected, "Russia")["Russia"], strict=True):
        assert float(row["value"]) == one.value
        assert row["rank"] == str(one.rank or "")
    assert percents(tab) == list(percentages(points))
    tab.get_by_text("Back to the file’s weights").click()
    wait_for_order(tab, case, "Russia")


def walk(tab: Any) -> Iterator[str]:
    """Go from page to page by the navigation."""
    for page, heading in PAGES.items():
        tab.get_by_role("link", name=page, exact=True).click()
        tab.get_by_role("heading", name=heading).wait_for()
        settle(tab)
        yield page


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_every_page_stands(opened: Open, theme: str) -> None:
    tab = opened(theme=theme)
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    for page in walk(tab):
        assert tab.locator('[data-testid="stException"]').count() == 0, page
        assert tab.locator('[data-testid="stAlert"]').count() == 0, page
        assert tab.locator("p.marking").is_visible(), page
    assert not errors


def test_no_address_but_our_own_is_asked(opened: Open, browser: Browser, site: Site) -> None:
    tab = opened()
    tab.get_by_text("Open another case").click()
    tab.get_by_text("This chart in words").click()
    for _ in walk(tab):
        tab.wait_for_load_state("networkidle")
    elsewhere = [
        address
        for address in browser.asked
        if urlsplit(address).scheme not in ("data", "blob")
        and urlsplit(address).hostname != "127.0.0.1"
    ]
    assert any(address.startswith(f"ws://127.0.0.1:{site.port}") for address in browser.asked)
    assert not elsewhere


def test_the_links_between_pages_keep_party_and_weights(opened: Open, case: Case) -> None:
    tab = opened(query={"party": "Ukraine"})
    move(tab, "Allied unity", "PageUp", 2)
    tab.get_by_text("Back to the file’s weights").wait_for()
    tab.get_by_role("link", name="Why").click()
    tab.get_by_role("heading", name="Ukraine: why one package").wait_for()
    settle(tab)
    party = case.party("Ukraine")
    weights = [criterion.weight for criterion in party.criteria]
    at = [criterion.name for criterion in party.criteria].index("Allied unity")
    percent = percentages(weights)[at] + 20
    assert int(weight(tab, "Allied unity").input_value()) == percent
    assert "party=Ukraine" in tab.url


def test_two_packages_are_explained_in_words(opened: Open, case: Case) -> None:
    from mcda.ranking.additive import explain
    from mcda.values import evaluate

    evaluation = evaluate(case)
    tab = opened("why", query={"party": "Russia"})
    first, second = (row.package for row in rank(case, "Russia")["Russia"].rows[:2])
    assert tab.locator("p.words").inner_text() == str(explain(evaluation, "Russia", first, second))
    tab.get_by_label("Compared with").click()
    tab.get_by_role("option", name="No deal:").click()
    words = str(explain(evaluation, "Russia", first, None))
    tab.locator("p.words", has_text=words).wait_for()


def test_two_parties_are_shown_against_each_other(opened: Open) -> None:
    tab = opened("parties", query={"across": "Russia", "up": "Ukraine"})
    chart = tab.locator('[data-testid="stVegaLiteChart"]').first
    chart.locator("svg, canvas").first.wait_for()
    words = chart.evaluate("node => node.outerHTML")
    assert "Value to Russia" in words
    assert "Value to Ukraine" in words
    assert "no deal 38.2" in words


def download(tab: Any, name: str) -> tuple[str, bytes]:
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name=name, exact=True).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_what_is_downloaded_is_what_it_says(opened: Open, case: Case) -> None:
    from docx import Document

    from mcda.workbook.read import case_from_workbook

    tab = opened("files", query={"party": "Ukraine"})
    name, data = download(tab, "The file as it is")
    assert case_from_workbook(data, name) == case
    move(tab, "Military strength", "PageUp", 3)
    party = case.party("Ukraine")
    weights = [criterion.weight for criterion in party.criteria]
    at = [criterion.name for criterion in party.criteria].index("Military strength")
    percent = percentages(weights)[at] + 30
    points = points_of(weights, at, percent)
    expected = with_weights(case, "Ukraine", points, method=METHOD)
    tab.locator("p.case code", has_text=inputs_sha256(expected)).wait_for()
    settle(tab)
    assert "hold what was changed on this page" in tab.locator("p.words").inner_text()
    name, data = download(tab, "A new workbook")
    assert case_from_workbook(data, name) == expected
    name, data = download(tab, "The case as JSON")
    assert case_from_json(data) == expected
    name, data = download(tab, "Memo for Word")
    assert name == "ceasefire_talks_Ukraine.docx"
    assert any("Ukraine" in paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    name, data = download(tab, "Memo as plain text")
    assert "Ukraine" in data.decode()


def test_an_upload_stays_in_its_session(opened: Open, case: Case, tmp_path: Path) -> None:
    other = read_example("wages")
    file = tmp_path / "wages.json"
    file.write_bytes(canonical_json(other))
    tab = opened()
    tab.get_by_text("Open another case").click()
    tab.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(str(file))
    wait_for_order(tab, other, other.party_names[0])
    wait_for_order(opened(), case, case.party_names[0])


def test_a_broken_file_shows_all_its_problems(opened: Open, case: Case, tmp_path: Path) -> None:
    data = json.loads(canonical_json(case))
    data["parties"][0]["criteria"][1]["weight"] = -5
    data["packages"][0]["settings"]["Territory"] = "Talks defered"
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(data))
    tab = opened()
    open_file(tab, file)
    tab.get_by_role("heading", name="broken.json cannot be read as a case yet").wait_for()
    words = tab.locator("table.grid").inner_text()
    assert "weights are 0 or more" in words
    assert 'Did you mean "Talks deferred"?' in words
    assert "Traceback" not in tab.locator("body").inner_text()


NASTY = (
    "<script>window.hit=1</script>", "[x](javascript:alert(1))", "$x^2$", ":red[x]",
    ":material/home: :smile:", "# head", "**b** `c` <img src=x onerror=window.hit=1>",
    "https://evil.example/x.png ![y](http://evil.example/y.png) www.evil.example a@evil.example",
)  # fmt: skip


def test_names_are_shown_as_they_are_written(
    opened: Open, browser: Browser, tmp_path: Path
) -> None:
    small = {
        "name": NASTY[0],
        "marking": NASTY[6],
        "parties": [
            {"name": f"party {name}", "criteria": [{"name": f"on {one}", "weight": 1,
             "meaning": {"worst": NASTY[0], "best": NASTY[6]}} for one in NASTY]}
            for name in NASTY
        ],
        "packages": [
            {"name": f"package {name}", "note": name, "scores": {
                f"party {party}": {f"on {one}": number for one in NASTY} for party in NASTY}}
            for number, name in enumerate(NASTY)
        ],
    }  # fmt: skip
    file = tmp_path / "nasty.json"
    file.write_bytes(canonical_json(case_from_data(small)))
    tab = opened()
    open_file(tab, file)
    tab.locator("p.case", has_text=NASTY[0]).wait_for()
    settle(tab)
    shown = {row["package"] for row in tab.evaluate(ROWS)}
    assert shown == {f"package {name}" for name in NASTY}
    written = tab.locator('[data-testid="stSlider"] label').all_inner_texts()
    assert [one.replace(WORD_JOINER, "") for one in written] == [f"on {one}" for one in NASTY]
    for page in walk(tab):
        assert tab.evaluate("window.hit") is None, page
        assert tab.locator('[data-testid="stException"]').count() == 0, page
        assert tab.locator('a[href*="evil"], a[href^="javascript"], .katex').count() == 0, page
    assert not [address for address in browser.asked if "evil" in urlsplit(address).netloc]


def test_ending_it_while_a_page_is_open(opened: Open) -> None:
    with Site() as own:
        opened(site=own)
        assert own.end(signal.SIGINT) == 0
        assert len(own.log.splitlines()) == 1


BREAKS = """
from mcda.cli import main
from mcda.ui import state

def broken(*_):
    raise RuntimeError("not for the page")

state.open_path = broken
main()
"""


def test_an_error_in_a_callback_is_told_in_our_words(opened: Open) -> None:
    with Site(command=(sys.executable, "-c", BREAKS, "app")) as broken:
        tab = opened(site=broken)
        tab.get_by_text("Open another case").click()
        box = tab.get_by_label("By its path on this machine")
        box.fill("x.json")
        box.press("Enter")
        tab.get_by_test_id("stAlert").wait_for()
        told = tab.locator("body").inner_text()
        assert "Something went wrong in the program. No file was left half-written" in told
        assert "RuntimeError" in broken.log
    for word in ("not for the page", "Traceback", "Google", "ChatGPT", "Cloud"):
        assert word not in told
