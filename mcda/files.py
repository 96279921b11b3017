"""Opening a case, whichever of its two forms it is in."""

from __future__ import annotations

from pathlib import Path

from mcda.case import Case
from mcda.json_form import case_from_json
from mcda.problems import CaseProblem, Problem

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
FORMS = (*WORKBOOK_SUFFIXES, ".json")


_PATIENCE = 1.0
"""Seconds to wait for a workbook that another program is saving this moment."""


def read(path: str | Path) -> Case:
    """Read a case from a workbook (``.xlsx``, ``.xlsm``) or a JSON file.

    Raises:
        CaseProblem: with every problem found, each with its cell or JSON path; a file that cannot
            be read is one, too.
    """
    file = Path(path)
    _form(file)
    return case_from_bytes(file.name, read_bytes(file, patience=_PATIENCE))


def case_from_bytes(name: str, data: bytes) -> Case:
    """Read a case from a file's name, whose ending says its form, and its bytes.

    Raises:
        CaseProblem: with every problem found, each with its cell or JSON path.
    """
    if _form(Path(name)) == ".json":
        return case_from_json(data)
    from mcda.workbook.read import case_from_workbook

    return case_from_workbook(data, name)


def _form(file: Path) -> str:
    suffix = file.suffix.lower()
    if suffix in FORMS:
        return suffix
    what = f"“{file.suffix}” is no form of a case." if suffix else "The file has no ending."
    raise CaseProblem([Problem(str(file), what, "A case is an .xlsx, .xlsm or .json file.")])


def read_bytes(file: Path, *, patience: float = 0.1) -> bytes:
    """Return the bytes of a file.

    A file that another program is saving this moment is waited for: one that is gone, and a
    workbook of which only a part is there. What stays half-written is returned as it stands; the
    guard says what it is.

    Args:
        file: a workbook or a JSON file.
        patience: seconds to wait at most.

    Raises:
        CaseProblem: why there are none, in words.
    """
    from mcda.workbook.disk.snapshots import StoreProblem, Trouble, snapshot

    try:
        try:
            return snapshot(file, patience=patience, whole=_form(file) != ".json").data
        except StoreProblem as problem:
            if problem.kind is not Trouble.HALF_WRITTEN:
                raise
        return snapshot(file, patience=patience, whole=False).data
    except StoreProblem as problem:
        raise CaseProblem([problem.problem]) from None
