"""Fixtures that several test modules share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import Browser, MissingBrowser, Site
from tests.office import Office


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests in one process, and all that need the page in one: it is served once."""
    for item in items:
        needs_page = not {"site", "browser"}.isdisjoint(getattr(item, "fixturenames", ()))
        item.add_marker(pytest.mark.xdist_group("page" if needs_page else str(item.path)))


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """LibreOffice, started once for each process of the run; without it these tests fail."""
    with Office() as running:
        yield running


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The page on the ceasefire case, served once for the whole run."""
    with Site() as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for the whole run; a machine without it fails these tests."""
    try:
        starting = Browser().__enter__()
    except MissingBrowser as problem:
        pytest.fail(str(problem))
    yield starting
    starting.__exit__(None, None, None)
