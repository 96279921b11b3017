"""What a session remembers: the file that is open, the party that is looked at, changed inputs.

Streamlit runs the page anew after every click; everything that must outlive a run stands here, and
the pages ask `view` for what they show. Inputs that were changed live here only, until they are
written to the workbook (`mcda.ui.write_back`) or downloaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import streamlit as st

from mcda.case import Case, CaseProblem
from mcda.parts import Party
from mcda.ranking import rank_party
from mcda.ranking.result import PartyRanking
from mcda.reweigh import percentages, set_share, with_weights
from mcda.ui.pending import Pending
from mcda.ui.workbook_link import Opened, open_file, open_first, open_upload
from mcda.values import Evaluation, evaluate
from mcda.workbook.changes.edited_case import edited_case
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.changes.named_inputs import NamedInputs, NamedPath

OPENED = "opened"
FIRST = "opened first"
PENDING = "pending"
EDITORS = "editors"
"""How often tables that are edited were started anew."""
AS_I_GO = "as I go"
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
        """The case with what was changed here; as it is in the file where that makes no case."""
        try:
            return changed_case(self.stated, pending())
        except CaseProblem:
            return self.stated

    @property
    def changed(self) -> bool:
        """Whether any input differs from the file's."""
        return self.case is not self.stated

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
    before: Opened = st.session_state.get(OPENED) or open_first()
    current = before.again()
    st.session_state[OPENED] = current
    if current is not before and current.case is not None and pending():
        pending().follow(current.inputs)
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
    st.session_state[PENDING] = Pending()
    st.session_state.pop(AS_I_GO, None)
    start_editors_anew()


# What was changed


def pending() -> Pending:
    """Return the inputs that were changed here and are not in the file."""
    found: Pending = st.session_state.setdefault(PENDING, Pending())
    return found


def changed_case(stated: Case, changed: Pending) -> Case:
    """Return a case with what was changed here; itself where that is nothing.

    Raises:
        CaseProblem: it is no case with these values.
    """
    case = stated
    for name, weights in changes(stated, changed).items():
        case = with_weights(case, name, list(weights.values()), method=METHOD)
    inputs = NamedInputs(stated)
    others = [
        change.edit
        for change in changed
        if not _is_weight(change.path)
        and inputs.knows(change.path)
        and inputs.value(change.path) != change.new
    ]
    return edited_case(case, others) if others else case


def change(edits: Iterable[InputEdit]) -> CaseProblem | None:
    """Change inputs; ``old`` is what the file says. Return why not, where that makes no case."""
    opened: Opened = st.session_state[OPENED]
    tried = copy(pending())
    for edit in edits:
        tried.set(edit.path, edit.old, edit.new)
    if opened.case is not None:
        try:
            changed_case(opened.case, tried)
        except CaseProblem as problem:
            return problem
    st.session_state[PENDING] = tried
    return None


def drop_all() -> None:
    """Take what the file says, everywhere."""
    inputs = st.session_state[OPENED].inputs
    for change in list(pending()):
        pending().drop(change.path, inputs.value(change.path))
    start_editors_anew()


def start_editors_anew() -> None:
    """Let tables that were edited show the case again: a new key makes them new widgets."""
    st.session_state[EDITORS] = st.session_state.get(EDITORS, 0) + 1


def _is_weight(path: NamedPath) -> bool:
    return path[0] == "parties" and path[2:3] == ("criteria",) and path[4:] == ("weight",)


# The weights


def changes(case: Case, changed: Pending | None = None) -> dict[str, Weights]:
    """Return the weights that were changed here: party → criterion → points."""
    return {
        party.name: now
        for party in case.parties
        if (now := weights(party, changed)) != _stated(party)
    }


def weights(party: Party, changed: Pending | None = None) -> Weights:
    """Return the weights of a party of the file as they now stand, in points."""
    stated = _stated(party)
    known = pending() if changed is None else changed
    now = {
        name: float(cast(float, known.value(_weight(party, name), weight)))
        for name, weight in stated.items()
    }
    # The file may have set to 0 meanwhile what was left here.
    return now if any(now.values()) else stated


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
    now = weights(party)
    moved = set_share(list(now.values()), at, percent / 100, otherwise=list(stated.values()))
    for number, ((name, before), weight) in enumerate(zip(now.items(), moved, strict=True)):
        if weight != before:
            points = tidy(weight) if number == at else weight
            pending().set(_weight(party, name), stated[name], points)


def tidy(points: float) -> float:
    """Return points with four digits: enough for whole percents, and fit for a cell to be read.

    >>> tidy(129.70588235294116)
    129.7
    """
    return float(f"{points:.4g}")


def reset(party: Party) -> None:
    """Put a party's weights back to those of the file."""
    for name, stated in _stated(party).items():
        pending().drop(_weight(party, name), stated)


def _weight(party: Party, criterion: str) -> NamedPath:
    return ("parties", party.name, "criteria", criterion, "weight")


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
