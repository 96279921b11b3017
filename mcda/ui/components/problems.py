"""What is wrong, in words: with a file, all of it, in place of a ranking; or with the program."""

from __future__ import annotations

import streamlit as st

from mcda.ui.components.grid import grid
from mcda.ui.components.prose import say
from mcda.ui.workbook_link import Opened


def problem_table(opened: Opened) -> None:
    """Every problem of a file: where it is, what is wrong, what to do."""
    count = len(opened.problems)
    say(
        "<h1>{name} cannot be read as a case yet</h1>"
        '<p class="lead">{count} to mend, then save the file and open it again.</p>',
        name=opened.name,
        count=f"{count} problem" + "s" * (count != 1),
    )
    grid(
        [
            {"Where": problem.where, "What is wrong": problem.what, "What to do": problem.fix}
            for problem in opened.problems
        ],
        about=f"What is wrong with {opened.name}",
    )
    if opened.path is not None:
        st.button("Read the file again")


def unexpected(_: Exception) -> bool:
    """Say that the program failed, in place of Streamlit's words, and return that it was said.

    What failed is for the terminal: it may hold what is private, and helps no reader of the page.
    """
    st.error(
        "Something went wrong in the program. No file was left half-written; details stand in the "
        "terminal from which the page was started."
    )
    return True
