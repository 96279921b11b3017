"""The page put together: configuration, navigation, and the frame around every page."""

from __future__ import annotations

import logging

import streamlit as st

from mcda.ui import state
from mcda.ui.components import frame
from mcda.ui.components.changes_box import changes_box
from mcda.ui.components.editor import take_what_was_typed
from mcda.ui.components.problems import problem_table, unexpected
from mcda.ui.pages import files, inputs, methods, parties, ranking, why

LOG = logging.getLogger(__name__)


def main() -> None:
    """Run the page once, as Streamlit does after every click."""
    st.set_page_config(page_title="mcda", layout="wide", initial_sidebar_state="auto")
    st.html(frame.STYLE)
    try:
        _run()
    # Streamlit stops and restarts a run by exceptions of its own; they are no `Exception`.
    except Exception as error:
        LOG.exception("The page could not be shown.")
        unexpected(error)


def _run() -> None:
    page = st.navigation(
        [
            st.Page(ranking.show, title="Ranking", url_path="ranking", default=True),
            st.Page(parties.show, title="All parties", url_path="parties"),
            st.Page(why.show, title="Why", url_path="why"),
            st.Page(methods.show, title="Other methods", url_path="methods"),
            st.Page(inputs.show, title="Weights and scores", url_path="inputs"),
            st.Page(files.show, title="Memo and files", url_path="files"),
        ],
        position="top",
    )
    opened = state.opened()
    take_what_was_typed()
    if opened.case is None:
        with st.sidebar:
            changes_box(opened)
            frame.other_file(opened)
        problem_table(opened)
        return
    with st.sidebar:
        party = frame.choose_party(opened.case)
        frame.weight_sliders(opened.case.party(party), opened.case.party_names.index(party))
        changes_box(opened)
        frame.other_file(opened)
    frame.case_line(opened.case)
    page.run()
