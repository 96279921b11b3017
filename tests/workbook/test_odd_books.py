"""What is right and unusual is written into; what is ambiguous is refused; nothing is ever lost."""

from __future__ import annotations

import pytest

from tests.workbook import foreign, odd_books


@pytest.mark.parametrize("name", odd_books.KEPT)
@pytest.mark.parametrize("kind", foreign.KINDS)
def test_the_unusual_is_written_into(name: str, kind: str) -> None:
    trial = foreign.attempt(odd_books.KEPT[name](), "odd.xlsx", kind)
    assert trial.why == []
    assert trial.verdict in (foreign.KEPT, foreign.NONE)
    assert kind != foreign.NEW or trial.verdict == foreign.KEPT


@pytest.mark.parametrize("name", odd_books.REFUSED)
def test_the_ambiguous_is_refused(name: str) -> None:
    trial = foreign.attempt(odd_books.REFUSED[name](), "odd.xlsx", foreign.NEW)
    assert trial.verdict == foreign.REFUSED, trial.why
    assert "fault of the program" not in trial.why[0]


@pytest.mark.parametrize("name", odd_books.EITHER)
@pytest.mark.parametrize("kind", foreign.KINDS)
def test_a_refusal_or_a_result(name: str, kind: str) -> None:
    trial = foreign.attempt(odd_books.EITHER[name](), "odd.xlsx", kind)
    assert trial.verdict != foreign.LOST, trial.why
