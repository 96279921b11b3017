"""What was changed here, how it stands with the file, and the way to write it into the workbook."""

from __future__ import annotations

import time
from html import escape

import streamlit as st

from mcda.case import CaseProblem
from mcda.findings import counted
from mcda.ui import state
from mcda.ui.components.prose import label, say
from mcda.ui.pending import Change
from mcda.ui.workbook_link import Opened
from mcda.ui.write_back import TROUBLE, Link, link
from mcda.workbook.changes.edits import Conflict, InputEdit
from mcda.workbook.changes.input_words import shortened, told, value_text
from mcda.workbook.changes.named_inputs import Value
from mcda.workbook.layout import cell_name

TICK = 1.5
"""Seconds between two looks at the file."""
REST = 1.0
"""Seconds without a change before what was changed is written as one goes."""
MOST = 8
"""Changes that are listed one by one."""

FAILED = "not written because"
WAITS = "waits because"
WRITTEN = "written last"


def changes_box(opened: Opened) -> None:
    """Show changes and the file's state; looks at the file again and again."""
    every = TICK if opened.path is not None else None
    st.fragment(_box, run_every=every)()


def _box() -> None:
    before: Opened = st.session_state[state.OPENED]
    opened = state.opened()
    if opened is not before and _shows_otherwise(before, opened):
        st.rerun()
    if opened.case is None:
        _file(opened, None)
        return
    way = link(opened.path) if opened.is_linked and opened.path is not None else None
    if way is not None and not way.is_waiting:
        state.pending().take_back()
        st.session_state.pop(WAITS, None)
    conflicts = _conflicts(opened, way)
    if way is not None and st.session_state.get(state.AS_I_GO) and not conflicts:
        _write_as_one_goes(way)
    for conflict in conflicts:
        _conflict(conflict, opened, way)
    changes = [one for one in state.pending() if one.new != one.base or one.to_give]
    if changes:
        _list(changes, opened)
    if way is not None:
        _writing(way, changes, conflicts)
    elif changes:
        st.button("Discard all changes", on_click=state.drop_all, width="stretch")
        st.caption(
            "Changed on this page only; the file is as it was. “Memo and files” has the workbook "
            "with these changes."
        )
    _file(opened, way)


def _shows_otherwise(before: Opened, now: Opened) -> bool:
    """Whether the page has to be shown anew: not where only results in the file changed."""
    return (before.case, before.problems) != (now.case, now.problems)


# What was changed


def _list(changes: list[Change], opened: Opened) -> None:
    st.html('<h2 class="side">Changed here, not in the file</h2>')
    lines = "".join(f"<li>{_line(one, opened)}</li>" for one in changes[:MOST])
    more = f"<li>and {len(changes) - MOST} more</li>" if len(changes) > MOST else ""
    st.html(f'<ul class="changes">{lines}{more}</ul>')


def _line(change: Change, opened: Opened) -> str:
    place = opened.inputs.place(change.path)
    cell = f" <small>{escape(cell_name(*place))}</small>" if place else ""
    what = f"{told(change.path)} {_brief(change, change.base)} → {_brief(change, change.new)}"
    return escape(what) + cell


def _brief(change: Change, value: Value | None) -> str:
    """A value for a narrow list: a number with few digits."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return shortened(value_text(change.path, value))


# Conflicts


def _conflicts(opened: Opened, way: Link | None) -> list[Conflict]:
    """What was changed on both sides: here and not written yet, or written and overwritten."""
    if not len(state.pending()) and (way is None or not way.has_conflicts):
        return []
    ours = state.pending().conflicts(opened.inputs)
    known = {conflict.edit.path for conflict in ours}
    others = way.conflicts(opened.inputs) if way is not None else []
    return [*ours, *(one for one in others if one.edit.path not in known)]


def _conflict(conflict: Conflict, opened: Opened, way: Link | None) -> None:
    problem = conflict.problem
    st.warning(label(f"{problem.where}: {problem.what}"))
    key = str(conflict.edit.path)
    if not conflict.has_cell:
        if st.button("Leave it out", key=f"take-{key}", width="stretch"):
            _take_theirs(conflict, opened, way)
        return
    left, right = st.columns(2)
    ours, theirs = shortened(conflict.ours_text), shortened(conflict.theirs_text)
    if left.button(label(f"Keep {ours}"), key=f"keep-{key}", width="stretch"):
        _keep_ours(conflict, opened, way)
    if right.button(label(f"Take {theirs}"), key=f"take-{key}", width="stretch"):
        _take_theirs(conflict, opened, way)


def _keep_ours(conflict: Conflict, opened: Opened, way: Link | None) -> None:
    path = conflict.edit.path
    stated = opened.inputs.value(path)
    if path in state.pending():
        state.pending().rebase(path, stated)
    elif way is not None:  # it was written once, and is written again
        state.pending().set(path, stated, conflict.edit.new)
        _give(way, [one for one in state.pending() if one.path == path])
    if way is not None:
        way.settle(path)
    st.rerun()


def _take_theirs(conflict: Conflict, opened: Opened, way: Link | None) -> None:
    path = conflict.edit.path
    state.pending().drop(path, opened.inputs.value(path))
    state.start_editors_anew()
    if way is not None:
        way.settle(path)
    st.rerun()


# Writing


def _writing(way: Link, changes: list[Change], conflicts: list[Conflict]) -> None:
    disputed = {conflict.edit.path for conflict in conflicts}
    ready = [one for one in changes if one.to_give and one.path not in disputed]
    if ready:
        text = f"Write {counted(len(ready), 'change')} to the workbook"
        if st.button(text, type="primary", key="write", width="stretch"):
            _give(way, ready)
            st.rerun()
    if changes and st.button("Discard all changes", key="discard", width="stretch"):
        _discard(way)
        st.rerun()
    if failed := _failed():
        st.error(label(failed))
    as_i_go = st.toggle(
        "Write as I go",
        key=state.AS_I_GO,
        help="Each change goes into its input cell a moment after you made it, and the results "
        "follow after every save of the workbook.",
    )
    if as_i_go and not way.is_open:
        way.open()
    _undo(way)
    if way.is_open and not as_i_go and not way.is_waiting:
        told = "No results are written after saves any more, by any page that has it open."
        st.button(
            "Stop keeping it in step", key="stop", help=told, on_click=way.close, width="stretch"
        )


def _write_as_one_goes(way: Link) -> None:
    ready = [one for one in state.pending() if one.to_give]
    if ready and not _failed() and time.monotonic() - state.pending().changed_at >= REST:
        _give(way, ready)
        st.rerun()


def _failed() -> str:
    """Why these changes could not be written; nothing once any was changed again."""
    words, changed_at = st.session_state.get(FAILED, ("", 0.0))
    return str(words) if changed_at == state.pending().changed_at else ""


def _give(way: Link, changes: list[Change]) -> None:
    """Hand changes over to be written; what became of it is shown by the next run."""
    edits = [edit for one in changes if (edit := one.to_give)]
    with st.spinner("Writing …"):
        _deliver(way, edits)


def _deliver(way: Link, edits: list[InputEdit]) -> bool:
    st.session_state.pop(FAILED, None)
    try:
        outcome = way.write(edits)
    except CaseProblem as problem:
        words = f"Nothing was written. {problem}"
        st.session_state[FAILED] = (words, state.pending().changed_at)
        return False
    st.session_state[WAITS] = outcome.waits
    if outcome.waits:
        state.pending().give([edit.path for edit in edits if edit.path in state.pending()])
    st.session_state[WRITTEN] = outcome.applied
    return True


def _discard(way: Link) -> None:
    """Take what the file says; what waits to be written is taken back, too."""
    state.drop_all()
    waiting = [edit for one in state.pending() if (edit := one.to_give)]
    if waiting:
        _deliver(way, waiting)


def _undo(way: Link) -> None:
    written: tuple[InputEdit, ...] = st.session_state.get(WRITTEN, ())
    if not written or len(state.pending()):
        return
    if st.button(f"Undo {counted(len(written), 'written change')}", key="undo", width="stretch"):
        if _deliver(way, [edit.undo() for edit in reversed(written)]):
            st.session_state[WRITTEN] = ()
        st.rerun()


# How it stands with the file


def _file(opened: Opened, way: Link | None) -> None:
    say('<h2 class="side">File</h2><p class="file" title="{path}">{name}</p>',
        path=opened.path or opened.name, name=opened.name)  # fmt: skip
    mark, words = _standing(opened, way)
    words = words.replace(f"{opened.path}: ", "")  # its name stands above already
    say('<p class="standing {mark}" role="status">{words}</p>', mark=mark, words=words)


def _standing(opened: Opened, way: Link | None) -> tuple[str, str]:
    """How it stands with the file, and whether that asks for something."""
    if opened.is_gone:
        return "trouble", "The file is no longer there; this is what was last read from it."
    if opened.is_half_written:
        words = "The file is not whole: somebody is writing it. This is what was read before."
        return "trouble", words
    read = f"{opened.read_at:%H:%M:%S}"
    if opened.is_example:
        return "", "The shipped example; nothing is written to it."
    if opened.path is None:
        return "", "In this session only; nothing is stored."
    if way is None:
        return "", f"Read {read}. Nothing is written to it."
    if not way.is_open:
        return "", f"Read {read}. Nothing is written to it until you ask for it."
    latest = way.latest
    if way.is_waiting:
        words = st.session_state.get(WAITS) or (latest.words if latest else "Waiting.")
        given = sum(one.given is not None for one in state.pending())
        return "waiting", f"{counted(given, 'change')} waiting. {words}" if given else words
    if latest is not None and latest.kind in TROUBLE:
        return "trouble", latest.words
    left = len(state.pending())
    if left:
        return "waiting", f"{counted(left, 'change')} not written. Read {read}."
    return "step", f"In step with the workbook. Read {read}."
