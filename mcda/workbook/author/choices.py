"""The drop-downs of the input sheets: what may be entered in a cell, and what is said otherwise.

The lists are read from the input tables themselves, so they follow whatever is inserted or renamed
there. Names are found by ``EXACT``; no list spills over a table's end.
"""

from __future__ import annotations

from typing import Any

from mcda.workbook import layout

LARGEST = 1e15


def names(name: str) -> str:
    """Return the list of what a column holds, without its header, marker and spare rows.

    >>> names("Parties_Party")
    '=OFFSET(Parties_Party,1,0,MAX(1,COUNTA(Parties_Party)-2),1)'
    """
    return f"=OFFSET({name},1,0,MAX(1,COUNTA({name})-2),1)"


def levels(issue: str, *, deal_only: bool) -> str:
    """Return the list of levels of the issue named in a cell, an issue's rows being together."""
    count = f"EXACT(Issues_Issue,{issue})"
    if deal_only:
        count += f'*(Issues_Occurs<>"{layout.NO_DEAL_ONLY}")'
    else:
        count = f"--{count}"
    return _together("Issues_Issue", "Issues_Level", issue, f"SUMPRODUCT({count})")


def criteria(party: str) -> str:
    """Return the list of criteria of the party named in a cell, its rows being together."""
    count = f"SUMPRODUCT(--EXACT(Criteria_Party,{party}))"
    return _together("Criteria_Party", "Criteria_Criterion", party, count)


def _together(keys: str, values: str, key: str, count: str) -> str:
    # SUMPRODUCT makes every program compare the whole column.
    first = f"SUMPRODUCT(MATCH(1,--EXACT({keys},{key}),0))"
    return f"=OFFSET({values},{first}-1,0,{count},1)"


def words(column: layout.Column) -> dict[str, Any]:
    """Return the rule of a column that takes one of a few words."""
    listed = ", ".join(f"“{word}”" for word in column.choices)
    return {
        "validate": "list",
        "source": list(column.choices),
        "error_title": column.header[:32],
        "error_message": f"Choose one of {listed}, or leave the cell blank.",
    }


def one_of(source: str, what: str) -> dict[str, Any]:
    """Return the rule of a cell that takes a name from a list; another one can be insisted on.

    A warning, not a stop: who fills the sheets in another order must be able to.
    """
    return {
        "validate": "list",
        "source": source,
        "error_type": "warning",
        "error_title": "Not known yet",
        "error_message": f"{what} It is matched letter by letter, upper and lower case included.",
    }


def number(column: layout.Column, hint: str, *, least: float = -LARGEST) -> dict[str, Any]:
    """Return the rule of a column that takes numbers."""
    rule: dict[str, Any] = {
        "validate": "decimal",
        "criteria": "between",
        "minimum": least,
        "maximum": LARGEST,
        "error_title": column.header[:32],
        "error_message": "Enter a number"
        + (f" of {least:g} or more" if least > -LARGEST else "")
        + ", or leave the cell blank.",
    }
    if hint:
        rule |= {"input_title": column.header[:32], "input_message": hint[:255]}
    return rule
