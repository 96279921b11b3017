"""Fixtures that several test modules share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.office import Office


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """LibreOffice, started once for the whole run; a machine without it fails these tests."""
    with Office() as running:
        yield running
