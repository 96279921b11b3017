"""Prepare a negotiation: who would accept which package of terms, and why.

>>> import mcda
>>> case = mcda.read("workbooks/ceasefire_talks.json")
>>> ranking = mcda.rank(case, party="Ukraine")
>>> ranking["Ukraine"].method
'additive'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcda.case import Case, CaseProblem
    from mcda.files import read
    from mcda.memo import memo
    from mcda.ranking import rank
    from mcda.ranking.additive import explain
    from mcda.ranking.compare import compare
    from mcda.values import evaluate
    from mcda.workbook.file_sync import sync

__all__ = ["Case", "CaseProblem", "compare", "evaluate", "explain", "memo", "rank", "read", "sync"]
__version__ = "0.1.0"

_HOMES = {
    "Case": "mcda.case",
    "CaseProblem": "mcda.case",
    "compare": "mcda.ranking.compare",
    "evaluate": "mcda.values",
    "explain": "mcda.ranking.additive",
    "memo": "mcda.memo",
    "rank": "mcda.ranking",
    "read": "mcda.files",
    "sync": "mcda.workbook.file_sync",
}


def __getattr__(name: str) -> Any:
    # What is heavy is imported when it is first used, so that `mcda --help` answers at once.
    if name not in _HOMES:
        raise AttributeError(f"module 'mcda' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
