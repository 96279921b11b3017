"""The text of a formula as tokens: for rewriting it, moving it, and comparing two of one meaning.

The tokens are those of A1 formulas in Office Open XML (ECMA-376 part 1, §18.17.2). Texts and
quoted sheet names are one token each, so that nothing inside them is taken for a reference.
"""

from __future__ import annotations

import re

from mcda.workbook.cells import column_index
from mcda.workbook.guard import MAX_COLUMN, MAX_ROW, UnreadablePart
from mcda.workbook.layout import column_letters

TOKEN = re.compile(
    r"""
      (?P<text>"(?:[^"]|"")*")
    | (?P<space>\s+)
    | (?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)
    | (?P<error>\#(?:REF!|N/A|DIV/0!|NAME\?|NULL!|NUM!|VALUE!))
    | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?![\w.(]))
    | (?P<function>[^\W\d][\w.]*(?=\())
    | (?P<name>[^\W\d][\w.\\]*)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<operator><>|<=|>=|[-+*/^&=<>%])
    | (?P<mark>[(),:;{}])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""The first alternative that fits at a place is what stands there; ``other`` is none of ours."""

CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})")
COMPARISONS = frozenset(("=", "<>", "<", ">", "<=", ">="))
LOST = "#REF!"


def tokens(formula: str) -> list[tuple[str, str]]:
    """Return kind and text of each token; together they are the formula.

    >>> tokens("SUM('No deal'!$A$1,2)")[1:4]
    [('mark', '('), ('sheet', "'No deal'!"), ('cell', '$A$1')]
    """
    return [(match.lastgroup or "other", match[0]) for match in TOKEN.finditer(formula)]


def sheet_of(token: str) -> str:
    """Return the name in a ``sheet`` token.

    >>> sheet_of("'North''s'!"), sheet_of("Lookup!")
    ("North's", 'Lookup')
    """
    name = token[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def cell_of(token: str) -> tuple[int, int] | None:
    """Return row and column, zero-based, of a ``cell`` token; None if no sheet has that cell.

    >>> cell_of("$C$7"), cell_of("XFE1")
    ((6, 2), None)
    """
    match = CELL.fullmatch(token)
    if match is None:
        return None
    try:
        column = column_index(match[2].upper())
    except UnreadablePart:
        return None
    row = int(match[4]) - 1
    return (row, column) if row < MAX_ROW else None


def moved(formula: str, rows: int, columns: int) -> str:
    """Return a formula as it reads so many rows down and columns to the right of its cell.

    Relative references move along, wrapping nowhere: one that leaves the sheet is ``#REF!``. This
    is how a shared formula is told for each of its cells (ECMA-376 part 1 §18.3.1.40).

    >>> moved('A1+$A1+A$1+"A1"', 2, 1)
    'B3+$A3+B$1+"A1"'
    """
    return "".join(
        _moved_cell(text, rows, columns) if kind == "cell" else text
        for kind, text in tokens(formula)
    )


def _moved_cell(token: str, rows: int, columns: int) -> str:
    match = CELL.fullmatch(token)
    place = cell_of(token)
    if match is None or place is None:
        return token
    row = place[0] + (0 if match[3] else rows)
    column = place[1] + (0 if match[1] else columns)
    if not (0 <= row < MAX_ROW and 0 <= column < MAX_COLUMN):
        return LOST
    return f"{match[1]}{column_letters(column)}{match[3]}{row + 1}"


def joined_by_function(parts: list[tuple[str, str]], function: str) -> list[tuple[str, str]]:
    """Replace each chain ``a&b&c`` by a call of a function with the same operands.

    A chain ends where a bracket, a separator or a comparison ends it: only those bind as weakly
    as ``&`` or weaker.

    >>> "".join(text for _, text in joined_by_function(tokens('IF(A1&"x"="",1,B1+1&C1)'), "J"))
    'IF(J(A1,"x")="",1,J(B1+1,C1))'
    """
    if ("operator", "&") not in parts:
        return parts
    chains = _chains(parts)
    found: list[tuple[str, str]] = []
    for index, part in enumerate(parts):
        found += [("mark", ")")] * chains.ends.get(index, 0)
        if index in chains.starts:
            found += [("function", function), ("mark", "(")]
        found.append(("mark", ",") if index in chains.joints else part)
    return found + [("mark", ")")] * chains.ends.get(len(parts), 0)


class _Chains:
    def __init__(self) -> None:
        self.starts: set[int] = set()
        self.ends: dict[int, int] = {}
        self.joints: set[int] = set()


def _chains(parts: list[tuple[str, str]]) -> _Chains:
    """Find where each chain starts, ends (the index after it), and is joined."""
    chains = _Chains()
    open_: list[tuple[int, bool]] = []  # by bracket: where the operand starts; is it a chain?
    start, joined = 0, False

    def end(at: int) -> None:
        if joined:
            chains.starts.add(start)
            chains.ends[at] = chains.ends.get(at, 0) + 1

    for index, (kind, text) in enumerate(parts):
        if text in ("(", "{") and kind == "mark":
            open_.append((start, joined))
            start, joined = index + 1, False
        elif text in (")", "}") and kind == "mark":
            end(index)
            start, joined = open_.pop() if open_ else (index + 1, False)
        elif (kind == "mark" and text in ",;") or (kind == "operator" and text in COMPARISONS):
            end(index)
            start, joined = index + 1, False
        elif kind == "operator" and text == "&":
            joined = True
            chains.joints.add(index)
    end(len(parts))
    return chains
