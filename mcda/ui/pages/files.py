"""What can be taken along? The memo for a party, and the workbook."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from mcda.case import CaseProblem
from mcda.findings import counted
from mcda.json_form import canonical_json, inputs_sha256
from mcda.ui import state
from mcda.ui.components.prose import label, say
from mcda.ui.workbook_link import Opened, new_workbook, with_changes

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

COPY = "copy with the changes"
"""What it was made of, and its bytes."""


def show() -> None:
    """Offer the memo in two forms and the workbook as it is and as it now stands here."""
    from mcda.memo import memo

    view = state.view()
    case, opened = view.case, view.opened
    stem = _file_name(Path(opened.name).stem)
    st.html("<h1>Memo and files</h1>")
    say("<h2 class='side'>Memo for {party}</h2>", party=view.party)
    if not case.packages:
        st.info("This case lists no packages yet, so there is nothing to recommend.")
    else:
        note = memo(case, audience=view.party)
        for_party = f"{stem}_{_file_name(view.party)}"
        left, right, _ = st.columns([1, 1, 2])
        left.download_button(
            "Memo for Word",
            note.docx,
            file_name=f"{for_party}.docx",
            mime=WORD,
            on_click="ignore",
            width="stretch",
            type="primary",
        )
        right.download_button(
            "Memo as plain text",
            note.markdown,
            file_name=f"{for_party}.md",
            mime="text/markdown",
            on_click="ignore",
            width="stretch",
        )
        with st.expander("Read it here"):
            st.text(note.markdown())
    if view.changed:
        say(
            '<p class="words">The memo, and what is made below, hold what was changed on this '
            "page and is not in the file: {count}.</p>",
            count=counted(len(state.pending()), "value"),
        )
    st.html("<h2 class='side'>Workbook and data</h2>")
    patched = view.changed and opened.is_workbook
    left, *patch, middle, right = st.columns(4 if patched else 3)
    for column in patch:
        with column:
            _with_changes(opened)
    left.download_button(
        "The file as it is",
        opened.data,
        file_name=opened.name,
        mime=WORKBOOK if opened.is_workbook else "application/json",
        on_click="ignore",
        width="stretch",
    )
    left.caption("Byte for byte what was opened, without what was changed on this page.")
    middle.download_button(
        "A new workbook",
        lambda: new_workbook(case),
        file_name=f"{stem}_new.xlsx",
        mime=WORKBOOK,
        on_click="ignore",
        width="stretch",
    )
    middle.caption(
        "Made afresh from the case: your own sheets, charts and notes are not in it. A weight that "
        "was changed here stands without its low and high and without the record of its judging."
    )
    right.download_button(
        "The case as JSON",
        lambda: canonical_json(case),
        file_name=f"{stem}.json",
        mime="application/json",
        on_click="ignore",
        width="stretch",
    )
    right.caption("With the inputs as they are on this page.")
    say(
        '<p class="case">Fingerprint of the inputs as they are on this page: '
        "<code>{sha}</code></p>",
        sha=inputs_sha256(case),
    )


def _with_changes(opened: Opened) -> None:
    """Offer the workbook with the changes in it: made when it is asked for, then downloaded."""
    mark = (opened.stamp, tuple((change.path, change.new) for change in state.pending()))
    made, data = st.session_state.get(COPY, (None, b""))
    if made == mark:
        st.download_button(
            "This workbook with the changes",
            data,
            file_name=opened.name,
            mime=WORKBOOK,
            on_click="ignore",
            width="stretch",
            type="primary",
        )
    elif st.button("Put the changes into a copy", width="stretch", type="primary"):
        try:
            with st.spinner("Writing …"):
                st.session_state[COPY] = (mark, with_changes(opened, state.pending()))
        except CaseProblem as problem:
            st.error(label(f"No copy was made. {problem}"))
        else:
            st.rerun()
    st.caption(
        "What is open, with these cells changed, its results and a line in its Log; all else in "
        "it stays byte for byte."
    )


def _file_name(text: str) -> str:
    """Keep what every system allows in a file's name.

    >>> _file_name("United States / G7")
    'United_States_G7'
    """
    return re.sub(r"[^\w.-]+", "_", text).strip("._") or "case"
