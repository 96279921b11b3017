"""What a session remembers: the file that is open, the party that is looked at, changed weights.

Streamlit runs the page anew after every click; everything that must outlive a run stands here, and
the pages ask `view` for what they show. Weights that were changed live here only, until they are
downloaded as a new workbook.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import streamlit as st

from mcda.case import Case
from mcda.parts import Party
from mcda.ranking import rank_party
from mcda.ranking.result import PartyRanking
from mcda.reweigh import percentages, set_share, with_weights
from mcda.ui.workbook_link import Opened, open_file, open_first, open_upload
from mcda.values import Evaluation, evaluate

OPENED = "opened"
FIRST = "opened first"
WEIGHTS = "weights"
SLIDERS = "sliders"
"""(Party, criterion), both by number → number of the slider, and the percentage it started with."""
PARTY = "party"
"""Also the name in the address bar."""
METHOD = "slider on the page"
"""How a weight that was changed here came about, as a new workbook tells it."""

Weights = Mapping[str, float]
"""Criterion → weight in points."""


@dataclass(frozen=True)
class View:
    """What the pages show: the case as it now stands, as one party sees it."""

    opened: Opened
    stated: Case
    """The case as it is in the file."""
    party: str

    @cached_property
    def case(self) -> Case:
        """The case with the weights that were changed here."""
        case = self.stated
        for name, weights in changes(self.stated).items():
            case = with_weights(case, name, list(weights.values()), method=METHOD)
        return case

    @property
    def changed(self) -> bool:
        """Whether any weight differs from the file's."""
        return bool(changes(self.stated))

    @cached_property
    def evaluation(self) -> Evaluation:
        """The listed packages, valued for every party."""
        return evaluate(self.case)

    @cached_property
    def ranking(self) -> PartyRanking:
        """The additive ranking for the party."""
        return rank_party(self.evaluation, self.party)

    @cached_property
    def ranking_in_file(self) -> PartyRanking:
        """The additive ranking for the party, with the weights of the file."""
        return rank_party(evaluate(self.stated), self.party) if self.changed else self.ranking


def view() -> View:
    """Return what the page shows now; the file that is open holds a case."""
    current: Opened = st.session_state[OPENED]
    if current.case is None:
        raise ValueError(f"{current.name} holds no case")
    return View(current, current.case, str(st.session_state[PARTY]))


# The file


def opened() -> Opened:
    """Return the file that is open, read again where it changed on disk."""
    current: Opened = st.session_state.get(OPENED) or open_first()
    current = current.again()
    st.session_state[OPENED] = current
    st.session_state.setdefault(FIRST, current)
    return current


def open_path(text: str) -> None:
    """Open a file by its path on this machine."""
    if text.strip():
        _replace(open_file(Path(text.strip().strip('"'))))


def open_uploaded(name: str, data: bytes) -> None:
    """Open a file that came through the browser, for this session only."""
    _replace(open_upload(name, data))


def back_to_first() -> None:
    """Open what the page started with."""
    _replace(cast(Opened, st.session_state[FIRST]))


def is_first() -> bool:
    """Whether the file that is open is the one that the page started with."""
    first: Opened | None = st.session_state.get(FIRST)
    current: Opened = st.session_state[OPENED]
    return first is None or (first.name, first.path) == (current.name, current.path)


def _replace(new: Opened) -> None:
    st.session_state[OPENED] = new
    st.session_state[WEIGHTS] = {}


# The weights


def changes(case: Case) -> dict[str, Weights]:
    """Return the weights that were changed here: party → criterion → points.

    Parties whose criteria are no longer those that were weighed are left out.
    """
    stored: dict[str, Weights] = st.session_state.get(WEIGHTS, {})
    return {
        party.name: stored[party.name]
        for party in case.parties
        if party.name in stored
        and list(stored[party.name]) == [criterion.name for criterion in party.criteria]
        and stored[party.name] != _stated(party)
    }


def weights(party: Party) -> Weights:
    """Return the weights of a party of the file as they now stand, in points."""
    stored: dict[str, Weights] = st.session_state.get(WEIGHTS, {})
    now = stored.get(party.name, {})
    stated = _stated(party)
    return now if list(now) == list(stated) else stated


def percents(party: Party) -> list[int]:
    """Return the shares of a party's weights in whole percent, adding up to 100."""
    return list(percentages(list(weights(party).values())))


def move(party: Party, at: int, percent: int) -> None:
    """Set the share of a party's criterion; the others keep their proportions.

    What is shown already changes nothing, least of all by its rounding.
    """
    if percents(party)[at] == percent:
        return
    stated = _stated(party)
    moved = set_share(
        list(weights(party).values()), at, percent / 100, otherwise=list(stated.values())
    )
    stored: dict[str, Weights] = st.session_state.setdefault(WEIGHTS, {})
    stored[party.name] = dict(zip(stated, moved, strict=True))


def reset(party: Party) -> None:
    """Put a party's weights back to those of the file."""
    st.session_state.setdefault(WEIGHTS, {}).pop(party.name, None)


def slider(party: int, at: int, percent: int) -> tuple[str, int]:
    """Return the key of a weight's slider and the percentage that it starts with.

    A slider that must show another number than it does becomes a new one, with a new key. It is not
    set to the number, because the browser may send its old one once more with the next move of
    another slider, and that would pass for a move of this one (see `is_current`).
    """
    slots: dict[tuple[int, int], tuple[int, int]] = st.session_state.setdefault(SLIDERS, {})
    number, start = slots.get((party, at), (0, percent))
    if st.session_state.get(_key(party, at, number), start) != percent:
        number, start = number + 1, percent
    slots[party, at] = (number, start)
    return _key(party, at, number), start


def is_current(party: int, at: int, key: str) -> bool:
    """Whether a key is that of the slider shown now, and no echo of one before it."""
    slots: dict[tuple[int, int], tuple[int, int]] = st.session_state.get(SLIDERS, {})
    return (party, at) in slots and key == _key(party, at, slots[party, at][0])


def _key(party: int, at: int, number: int) -> str:
    return f"weight-{party}-{at}-{number}"


def _stated(party: Party) -> Weights:
    return {criterion.name: criterion.weight for criterion in party.criteria}
