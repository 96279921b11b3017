"""From edits to the bytes of the new file: the order of the steps, what is refused as a whole."""

from __future__ import annotations

import zipfile
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from mcda.problems import CaseProblem, Problem
from mcda.workbook.guard import NOT_READABLE, UnreadablePart, damaged, open_guarded, refuse
from mcda.workbook.patch import calculation, forbidden
from mcda.workbook.patch.archive import Pieces, rewritten
from mcda.workbook.patch.edits import Edit, problem_of
from mcda.workbook.patch.markup import Part
from mcda.workbook.patch.package import Package, SheetPart
from mcda.workbook.patch.proof import SheetClaim, Stretch, prove
from mcda.workbook.patch.rows import Splice, pieces, splices
from mcda.workbook.patch.shared_formulas import Spot, freed, master_in
from mcda.workbook.patch.shared_strings import SharedStrings
from mcda.workbook.patch.sheet import Sheet
from mcda.workbook.patch.styles import Styles
from mcda.workbook.patch.target import Target, targets

_SAVE_AGAIN = "Nothing was written. Open it in Excel and save it again."


def patch(
    data: bytes,
    edits: Iterable[Edit],
    name: str,
    *,
    ours: Container[str] = (),
    recalculate: bool = True,
) -> bytes:
    """Return a workbook with some cells set, every other byte of its content as it was.

    Besides the cells, only these change: the stated used range and the spans of rows that grow,
    ``fullCalcOnLoad`` in the workbook's own part, and the calculation chain where a formula goes.
    Text is written as text, never as a formula. A date goes into a cell that shows dates as the
    number that it is; into any other cell with the style that differs by showing a date, if the
    workbook has one, else as ISO text of type date, so that no style is added. A new cell takes
    the style of its row or column.

    Args:
        data: the whole file.
        edits: what to set; each cell once.
        name: the file's name, for messages.
        ours: the sheets whose protected cells may be written to.
        recalculate: let Excel compute every formula when it opens the file.

    Returns:
        The new file. The very same bytes, if all edits say what stands there already.

    Raises:
        CaseProblem: it is refused; all reasons with their cells.
        TypeError: a value is of a type that no cell holds.
    """
    wanted = list(edits)
    if not wanted:
        return data
    archive = open_guarded(data, name)
    try:
        return _patched(data, archive, wanted, name, ours, recalculate)
    except CaseProblem:
        raise
    except UnreadablePart as problem:
        raise refuse(name, str(problem), _SAVE_AGAIN) from None
    except NOT_READABLE:
        raise damaged(name) from None


_TWIN = "Another sheet of the workbook has the same name, or is made of the same part."


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be done to one sheet."""

    part: SheetPart
    sheet: Sheet
    targets: list[Target]
    freed: dict[Spot, str]


def _patched(
    data: bytes,
    archive: zipfile.ZipFile,
    edits: Sequence[Edit],
    name: str,
    ours: Container[str],
    recalculate: bool,
) -> bytes:
    package = Package(archive)
    by_sheet = _by_sheet(package, edits)
    changes, problems = _changes(package, by_sheet, ours)
    if problems:
        raise CaseProblem(problems)
    if not changes:
        return data
    if package.signed:
        raise refuse(
            name,
            "The workbook is signed; a change would break the signature.",
            "Remove the signature in Excel (File > Info > View Signatures).",
        )
    parts: dict[str, Pieces | None] = {}
    claims = []
    for change in changes:
        done = splices(change.sheet, change.targets, change.freed)
        new = pieces(change.sheet.part.xml, done)
        parts[change.part.path] = [piece for piece, _ in new]
        claims.append(_claim(change, done, new))
    for path, content in _workbook_parts(package, changes, recalculate).items():
        parts[path] = None if content is None else [content]
    written = rewritten(data, archive, parts)
    prove(data, written, name, parts, claims)
    return written


def _by_sheet(package: Package, edits: Sequence[Edit]) -> list[tuple[SheetPart, list[Edit]]]:
    """Return the edits by the sheets they go to; refuse what no sheet or cell can take."""
    found: dict[str, tuple[SheetPart, list[Edit]]] = {}
    problems: dict[str | tuple[str, int, int], Problem] = {}
    seen: dict[tuple[str, int, int], Edit] = {}
    sheets = {name: package.sheet(name) for name in {edit.sheet for edit in edits}}
    for edit in edits:
        part = sheets[edit.sheet]
        if part is None or part.kind != "worksheet" or not part.path:
            problems.setdefault(edit.sheet, _no_cells(edit.sheet, part))
            continue
        if package.has_twin(part):
            problems.setdefault(edit.sheet, Problem(edit.sheet, _TWIN, _SAVE_AGAIN))
            continue
        spot = part.path, edit.row, edit.column
        problem = problem_of(edit, package.epoch_1904)
        other = seen.setdefault(spot, edit)
        if problem is None and (type(other.to), other.to) != (type(edit.to), edit.to):
            problem = Problem(edit.place, "The cell is to be set twice.", "Set it once.")
        if problem is not None:
            problems.setdefault(spot, problem)
        elif other is edit:
            found.setdefault(part.path, (part, []))[1].append(edit)
    if problems:
        raise CaseProblem(list(problems.values()))
    return list(found.values())


def _no_cells(sheet: str, part: SheetPart | None) -> Problem:
    if part is None:
        return Problem(sheet, "The workbook has no sheet of this name.", "Put it back.")
    return Problem(sheet, f"This is a {part.kind}; it has no cells.", "Name a worksheet.")


def _changes(
    package: Package, by_sheet: Sequence[tuple[SheetPart, list[Edit]]], ours: Container[str]
) -> tuple[list[_Change], list[Problem]]:
    styles, shared = Styles(package), SharedStrings(package)
    changes: list[_Change] = []
    problems: list[Problem] = []
    for part, edits in by_sheet:
        sheet = Sheet(part.name, Part(part.path, package.sheet_bytes(part.path)))
        found, wrong = targets(sheet, edits, styles, shared, package.epoch_1904)
        wrong += forbidden.problems(sheet, part, package, styles, found, part.name in ours)
        masters = [
            master
            for target in found
            if target.frees_formula and target.cell is not None
            if (master := master_in(target.cell)) is not None
        ]
        overwritten = {(t.edit.row, t.edit.column) for t in found if t.frees_formula}
        formulas, tied = freed(sheet, masters, overwritten)
        problems += wrong + tied
        if found:
            changes.append(_Change(part, sheet, found, formulas))
    return changes, problems


def _claim(change: _Change, done: Sequence[Splice], new: Sequence[Stretch]) -> SheetClaim:
    """Return what the proof is told: both states of the sheet, and what was asked for."""
    part = change.sheet.part
    old: list[Stretch] = [
        (part.xml[splice.start : splice.end], splice.row)
        for splice in done
        if splice.row is not None and splice.start < splice.end
    ]
    return SheetClaim(
        change.part.name,
        change.part.path,
        change.sheet.frame,
        old,
        new,
        [(target.edit, target.new_style) for target in change.targets],
        change.freed,
    )


def _workbook_parts(
    package: Package, changes: Sequence[_Change], recalculate: bool
) -> dict[str, bytes | None]:
    """Return the parts of the workbook itself that change, None for one that goes."""
    changed: dict[str, bytes | None] = {}
    if recalculate:
        part = Part(package.workbook, package.archive.read(package.workbook))
        content = calculation.with_full_calculation(part)
        if content is not None:
            changed[package.workbook] = content
    gone = {
        change.part.sheet_id: {
            (target.edit.row, target.edit.column)
            for target in change.targets
            if target.frees_formula and not target.has_formula
        }
        for change in changes
    }
    path = package.path_of("calcChain")
    if path is None or not any(gone.values()):
        return changed
    chain = Part(path, package.archive.read(path))
    content = calculation.without_formulas(chain, gone)
    if content is None:
        return {**changed, **calculation.without_chain(package, path)}
    return changed if content == chain.xml else {**changed, path: content}
