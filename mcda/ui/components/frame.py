"""What stands around every page: the case and its marking, the party, its weights, the file."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from mcda.case import Case
from mcda.parts import Party
from mcda.ui import state
from mcda.ui.components.prose import label, say
from mcda.ui.workbook_link import Opened

STYLE = Path(__file__).with_name("style.css")


def case_line(case: Case) -> None:
    """The name of the case above the page, and its marking at the foot, always in sight."""
    as_at = f" · as at {case.as_at}" if case.as_at else ""
    say('<p class="case">{name}{as_at}</p>', name=case.name, as_at=as_at)
    if case.marking:
        say('<p class="marking" role="note">{marking}</p>', marking=case.marking)


def choose_party(case: Case) -> str:
    """Ask for whom the packages are ranked; the choice is in the address bar."""
    return str(
        st.selectbox("Party", case.party_names, key=state.PARTY, bind="query-params")
    )  # fmt: skip


def weight_sliders(party: Party, number: int) -> None:
    """One slider for each criterion of a party; the others keep their proportions."""
    st.html('<h2 class="side">Weights, in percent</h2>')
    for at, (criterion, percent) in enumerate(
        zip(party.criteria, state.percents(party), strict=True)
    ):
        key, start = state.slider(number, at, percent)
        st.slider(
            label(criterion.name),
            min_value=0,
            max_value=100,
            value=start,
            key=key,
            on_change=_moved,
            args=(party, number, at, key),
            disabled=len(party.criteria) == 1,
            help=label(_swing(criterion.worst, criterion.best)) or None,
        )
    if state.weights(party) == {one.name: one.weight for one in party.criteria}:
        st.caption("Move one: the others keep their proportions, and the ranking follows.")
        return
    st.button("Back to the file’s weights", on_click=state.reset, args=(party,), width="stretch")


def _moved(party: Party, number: int, at: int, key: str) -> None:
    if state.is_current(number, at, key):
        state.move(party, at, int(st.session_state[key]))


def _swing(worst: str | None, best: str | None) -> str:
    return f"The step from “{worst}” to “{best}”." if worst and best else ""


def other_file(opened: Opened) -> None:
    """A way to another file."""
    with st.expander("Open another case", expanded=opened.case is None):
        st.file_uploader(
            "From this browser",
            type=["xlsx", "xlsm", "json"],
            key="upload",
            on_change=_uploaded,
            help="It stays in this session and is not stored.",
        )
        st.text_input(
            "By its path on this machine",
            key="path",
            placeholder="C:\\talks\\case.xlsx",
            on_change=_named,
        )
        if not state.is_first():
            st.button("Back to the first file", on_click=state.back_to_first, width="stretch")


def _uploaded() -> None:
    upload = st.session_state["upload"]
    if upload is not None:
        state.open_uploaded(upload.name, upload.getvalue())


def _named() -> None:
    state.open_path(st.session_state["path"])
