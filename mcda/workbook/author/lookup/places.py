"""Where the input blocks stand on their sheets, after whatever a user inserted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mcda.workbook import layout
from mcda.workbook.author.live import Section, first_place


@dataclass(frozen=True, slots=True)
class Places:
    """Where the input blocks stand now: cells that hold sheet rows and columns."""

    scores_top: str
    scores_shift: str
    weights_top: str
    edges: dict[str, tuple[str, str]]
    """Block → cells with its first and its last sheet column."""

    def column(self, block: str, texts: Sequence[str], first_row: int = 1) -> str:
        """Formula part: the column in ``block`` whose header rows hold ``texts``; 0 if none."""
        left, right = self.edges[block]
        header = f"INDEX({block},{first_row},0)"
        same = "*".join(
            f"EXACT(INDEX({block},{first_row + n},0),{text})" for n, text in enumerate(texts)
        )
        return first_place(f"{same}*(COLUMN({header})>{left})*(COLUMN({header})<{right})")


def write_places(section: Section) -> Places:
    """Write where the blocks begin and end."""

    def cell(header: str, formula: str) -> str:
        return section.add(header, lambda _: formula).on(1)

    top = cell("Scores: header row", "ROW(INDEX(Scores_Issue,1))")
    shift = cell(
        "Scores: rows from the party header to it",
        "ROW(INDEX(Scores_Issue,1))-ROW(INDEX(Scores_Block,1,1))",
    )
    weights = cell("Weights: header row", "ROW(INDEX(Weights_Party,1))")
    edges = {}
    for block in (
        layout.PACKAGES_SETTINGS,
        layout.NO_DEAL_SETTINGS,
        layout.NO_DEAL_VALUES,
        layout.SCORES_BLOCK,
    ):
        first = cell(f"{block}: first column", f"COLUMN(INDEX({block},1,1))")
        last = cell(f"{block}: last column", f"{first}+COLUMNS({block})-1")
        edges[block] = (first, last)
    return Places(top, shift, weights, edges)
