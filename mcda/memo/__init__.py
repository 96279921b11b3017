"""The memo: what a decision maker reads, from the same numbers as the sheet and the page."""

from __future__ import annotations

import sys
from types import ModuleType

from mcda.case import Case
from mcda.memo.content import Bullets, Column, Paragraph, Section, Table
from mcda.memo.forms import Memo

__all__ = ["Bullets", "Column", "Memo", "Paragraph", "Section", "Table", "memo"]


def memo(case: Case, audience: str) -> Memo:
    """Write a memo on the listed packages of a case for one party.

    Raises:
        KeyError: for a party that the case does not have.

    >>> from mcda.json_form import case_from_data
    >>> case = case_from_data({"name": "X", "packages": [{"name": "A", "scores": {"P": {"c": 5}}}],
    ...     "parties": [{"name": "P", "criteria": [{"name": "c", "weight": 1, "low": 0,
    ...     "high": 10}]}]})
    >>> memo(case, audience="P").bottom_line[0]
    'Recommended: “A”, worth 50 points to us, 50 points above no deal.'
    """
    from mcda.memo.draft import draft

    return draft(case, case.party(audience).name)


class _CallableModule(ModuleType):
    """This module, which can be called.

    Scripts write ``mcda.memo(case, audience=…)``, and the package is named memo as well: once
    anything has imported it, Python binds ``mcda.memo`` to the package, so it answers the call.
    """

    def __call__(self, case: Case, audience: str) -> Memo:
        return memo(case, audience)


sys.modules[__name__].__class__ = _CallableModule
