"""A new workbook whose every formula has its result, for programs that do not compute."""

from __future__ import annotations

from pathlib import Path

from mcda.atomic import write_atomically
from mcda.case import Case
from mcda.workbook import layout
from mcda.workbook.author import workbook_bytes
from mcda.workbook.sync import synced


def fresh_workbook(
    case: Case, path: Path, *, room: int = layout.DEFAULT_ROOM, when: str | None = None
) -> None:
    """Write a new workbook for ``case`` at ``path``, in step with its inputs from the start.

    The file appears at once and whole, or not at all; one that stands there is replaced.

    Args:
        case: what it is to hold.
        path: where it goes.
        room: the least number of package rows.
        when: what its Log says about the time; without it the same case gives the same bytes.

    Raises:
        OSError: the folder cannot be written to.
    """
    made = workbook_bytes(case, room=room, when=when)
    write_atomically(path, synced(made, path.name, when=when or "").data)
