"""A table whose numbers can be changed; what is typed becomes changes of inputs, told or taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from mcda.ui import state
from mcda.ui.components.grid import Cell
from mcda.ui.components.prose import label
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.changes.named_inputs import NamedInputs, NamedPath, Value

EDITORS = "tables that are edited"
"""Key → the `_Table` that is on the page."""

Paths = Sequence[Mapping[str, NamedPath]]


@dataclass(slots=True)
class _Table:
    rows: Sequence[Mapping[str, Cell]]
    """The same as long as the table lives: what is typed lies over them."""
    paths: Paths
    stated: dict[NamedPath, Value | None]
    """What the file says, as the user saw it."""
    taken: dict[NamedPath, float | None] = field(default_factory=dict)
    """What was typed and has become a change."""
    refused: str = ""
    """Why what was typed last makes no case."""


def editor(
    name: str,
    rows: Sequence[Mapping[str, Cell]],
    paths: Paths,
    stated: NamedInputs,
    /,
    *,
    about: str,
) -> None:
    """Show rows as a table in which some numbers can be changed.

    Args:
        name: what the table is called among the tables of the page.
        rows: column → cell, with what was changed before.
        paths: for each row, the columns that can be changed, and which input each one is.
        stated: what the file says.
        about: what the table is, for those who cannot see it.
    """
    import pandas as pd

    says = {path: stated.value(path) for row in paths for path in row.values()}
    digest = hashlib.sha256(repr(says).encode()).hexdigest()[:12]
    key = f"{name}-{st.session_state.get(state.EDITORS, 0)}-{digest}"
    tables: dict[str, _Table] = st.session_state.setdefault(EDITORS, {})
    if key not in tables or key not in st.session_state:
        tables[key] = _Table(list(rows), paths, says)
    table = tables[key]
    editable = {column for row in paths for column in row}
    frame = pd.DataFrame(table.rows)
    for column in editable:
        frame[column] = frame[column].astype("float64")
    if table.refused:
        st.warning(label(table.refused))
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        disabled=[column for column in frame.columns if column not in editable],
        column_config={
            column: st.column_config.NumberColumn(label(column), format="%.6g")
            for column in editable
        },
        placeholder="",
        alt=about,
    )


def take_what_was_typed() -> None:
    """Turn what was typed into tables into changes; at the beginning of a run."""
    tables: dict[str, _Table] = st.session_state.setdefault(EDITORS, {})
    for key in list(tables):
        typed: Any = st.session_state.get(key)
        if typed is None:
            del tables[key]  # not on the page any more
        else:
            _take(tables[key], typed["edited_rows"])


def _take(table: _Table, edited: Mapping[int, Mapping[str, Any]]) -> None:
    """Take what was not taken before: what was taken and then discarded stays so."""
    fresh = {
        path: None if value is None else float(value)
        for row, cells in edited.items()
        for column, value in cells.items()
        if (path := table.paths[int(row)].get(column)) is not None
    }
    fresh = {
        path: value
        for path, value in fresh.items()
        if path not in table.taken or table.taken[path] != value
    }
    if not fresh:
        return
    edits = [InputEdit(path, table.stated[path], value) for path, value in fresh.items()]
    problem = state.change(edits)
    if problem is None:
        table.taken |= fresh
        table.refused = ""
    else:
        table.refused = " ".join(f"{one.what} {one.fix}" for one in problem.problems)
