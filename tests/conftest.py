"""Fixtures that several test modules share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import Browser, MissingBrowser, Site
from tests.office import Office


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """LibreOffice, started once for the whole run; a machine without it fails these tests."""
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
