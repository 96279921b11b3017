"""A case with edits of single values in it, without a workbook: what an edit would come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mcda.canonical import canonical_data
from mcda.case import Case
from mcda.json_form import case_from_data
from mcda.problems import Path
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.changes.named_inputs import NamedInputs

_TRIPLES = ("score", "reservation")


def edited_case(case: Case, edits: Iterable[InputEdit]) -> Case:
    """Return a case with edits in it, whatever these values were before.

    Raises:
        CaseProblem: with these values the case has problems.
        KeyError: the case has no such input.

    >>> from mcda.examples import read_example
    >>> path = ("parties", "Ferry crews' union", "power")
    >>> edited_case(read_example("wages"), [InputEdit(path, 1.0, 2.0)]).parties[0].power
    2.0
    """
    data = canonical_data(case)
    inputs = NamedInputs(case)
    ranges: list[tuple[dict[str, Any], str]] = []
    for edit in edits:
        where = inputs.json_path(edit.path)
        if where is None:
            raise KeyError(edit.path)
        value = list(edit.new) if isinstance(edit.new, tuple) else edit.new
        ranges += _put(data, where, value)
    for holder, key in ranges:  # several edits may have filled or cleared a range together
        _tidy(holder, key)
    return case_from_data(data)


def _put(data: Any, where: Path, value: object) -> list[tuple[dict[str, Any], str]]:
    """Put a value into the JSON form; return the ranges that it touched."""
    *way, last = where
    if isinstance(last, int) and isinstance(way[-1], str):
        key = way.pop()
        holder = _holder(data, way, key)
        now = holder.get(key)
        if not isinstance(now, list):
            now = [None, now, None] if key in _TRIPLES else [None, None]
        now[last] = value
        holder[str(key)] = now
        return [(holder, str(key))]
    holder = _holder(data, way, last)
    if last in _TRIPLES and isinstance(holder.get(last), list):
        holder[last][1] = value
        return [(holder, str(last))]
    if value is None or value == []:
        holder.pop(last, None)
    else:
        holder[last] = value
    return []


def _holder(data: Any, way: Sequence[str | int], key: str | int) -> Any:
    """Return what holds a key of the form; a bare score becomes an object with that score."""
    holder: Any = data
    for number, step in enumerate(way):
        if isinstance(holder, list) != isinstance(step, int):
            raise KeyError((*way, key))
        below = holder[step] if isinstance(step, int) else holder.setdefault(step, {})
        if key == "score" and number == len(way) - 1 and not isinstance(below, dict):
            below = {"score": below}
            holder[step] = below
        holder = below
    return holder


def _tidy(holder: dict[str, Any], key: str) -> None:
    ends = holder.get(key)
    if not isinstance(ends, list) or ends[0] is not None or ends[-1] is not None:
        return
    if len(ends) == 2 or ends[1] is None:
        del holder[key]
    else:
        holder[key] = ends[1]
