"""Worksheet functions for Excel on Windows: a party's value and rank of a package, by Python.

``=MCDA_VALUE("Russia", "Technology carrot")`` answers from the workbook's file as it was last
saved. It is there to compare with: what the sheets compute themselves follows every keystroke.
Only xlwings calls the functions in capitals; their bodies are plain functions of a path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlwings

from mcda.problems import CaseProblem
from mcda.ranking import rank
from mcda.ranking.result import RankedPackage, Ranking
from mcda.validation import suggestion
from mcda.workbook.excel.adapter import tame
from mcda.workbook.read import case_from_workbook

tame(xlwings)

_MOST_KEPT = 8
_Version = tuple[int, int]
_kept: dict[Path, tuple[_Version, Ranking | str]] = {}
"""The workbooks last asked for: time and size of the file, and its ranking or what is wrong."""


def value_in(path: str | Path, party: object, package: object) -> float | str:
    """Return a party's value of a package in a workbook's file, or what is wrong, in words."""
    found = _row(Path(path), party, package)
    return found if isinstance(found, str) else found.value


def rank_in(path: str | Path, party: object, package: object) -> int | str:
    """Return a package's rank for a party; why it has none, or what is wrong, in words."""
    found = _row(Path(path), party, package)
    if isinstance(found, str):
        return found
    return f"no rank: {found.reason}" if found.rank is None else found.rank


# Excel hands the calling cell to an argument of this name and leaves it out of the formula. What
# is returned is Any since xlwings reads the annotations, and knows no union of types.


@xlwings.func(category="mcda")
@xlwings.arg("party", doc="A party's name, as on the sheet Parties.")
@xlwings.arg("package", doc="A package's name, as on the sheet Packages.")
def MCDA_VALUE(party: Any, package: Any, caller: Any) -> Any:  # noqa: N802
    """The party's value of the package, 0 to 100, as of the last save."""
    file = _file_of(caller)
    return file if isinstance(file, str) else value_in(file, party, package)


@xlwings.func(category="mcda")
@xlwings.arg("party", doc="A party's name, as on the sheet Parties.")
@xlwings.arg("package", doc="A package's name, as on the sheet Packages.")
def MCDA_RANK(party: Any, package: Any, caller: Any) -> Any:  # noqa: N802
    """The package's rank for the party, 1 the best, as of the last save."""
    file = _file_of(caller)
    return file if isinstance(file, str) else rank_in(file, party, package)


def _file_of(caller: Any) -> Path | str:
    """Return the file of the calling cell's workbook, or why there is none."""
    try:
        return Path(caller.sheet.book.fullname)
    except xlwings.XlwingsError:
        return "The workbook's file was not found here. Save it in a folder of this computer."


def _row(path: Path, party: object, package: object) -> RankedPackage | str:
    if isinstance(party, list) or isinstance(package, list):
        return "Give one cell for the party and one for the package."
    ranking = _ranking(path)
    if isinstance(ranking, str):
        return ranking
    parties = ranking.parties
    name = _text(party)
    if name not in parties:
        return f'There is no party "{name}". {suggestion(name, parties)}'
    rows = {row.package: row for row in parties[name]}
    wanted = _text(package)
    if wanted not in rows:
        return f'There is no package "{wanted}". {suggestion(wanted, rows)}'
    return rows[wanted]


def _text(name: object) -> str:
    """Return a name as it stands on the sheet: a cell with the text ``30`` may hold a number."""
    if isinstance(name, float) and name.is_integer():
        return str(int(name))
    return "" if name is None else str(name)


def _ranking(path: Path) -> Ranking | str:
    """Return the ranking in a file, computed anew when its time or size changed."""
    try:
        status = path.stat()
        version = (status.st_mtime_ns, status.st_size)
        if path in _kept and _kept[path][0] == version:
            return _kept[path][1]
        data = path.read_bytes()
    except OSError:
        return "Save the workbook first: it has no file that can be read."
    answer = _computed(data, path.name)
    if len(_kept) >= _MOST_KEPT and path not in _kept:
        del _kept[next(iter(_kept))]
    _kept[path] = (version, answer)
    return answer


def _computed(data: bytes, name: str) -> Ranking | str:
    try:
        return rank(case_from_workbook(data, name))
    except CaseProblem as refused:
        first, *more = refused.problems
        return f"{first}" + (f" (and {len(more)} more; run mcda check)" if more else "")
