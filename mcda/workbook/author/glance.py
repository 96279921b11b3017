"""The live summary on the Cover: for each party, what comes first and how much it accepts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mcda.values import Evaluation
from mcda.workbook import layout
from mcda.workbook.author.live import LiveSheet
from mcda.workbook.author.lookup import Lookup
from mcda.workbook.author.numbers import fixed, one_decimal
from mcda.workbook.author.order import shown
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.values import Values

TOP = 9
"""Row of the section's title on the Cover."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Where the summary stands."""

    live: LiveSheet
    below: int
    """The first free row under it."""


def write(sheets: Sheets, lookup: Lookup, values: Values) -> Glance:
    """Write the summary: one line for each party, and one for the zone."""
    live = LiveSheet(sheets, layout.COVER)
    sheet, formats, evaluation = sheets[layout.COVER], sheets.formats, sheets.evaluation
    sheet.write_string(TOP, 0, "At a glance", formats["subtitle"])
    row = TOP + 1
    sheet.write_string(row, 0, "All signers", formats["label"])
    names, zone = shown(values.name), shown(values.in_zone)
    count = f'SUMPRODUCT(--({names}<>""))'
    live.write(
        row, 1,
        f'"allowed and acceptable to every signer: "&SUM({zone})&" of "&{count}&" listed packages"',
        "wrapped",
        f"allowed and acceptable to every signer: {int(evaluation.in_zone.sum())} of "
        f"{len(evaluation.packages)} listed packages",
    )  # fmt: skip
    parties = evaluation.parties
    for q in range(1, sheets.plan.room.parties + 1):
        row += 1
        name, known = lookup.parties.name.on(q), q <= len(parties)
        live.write(row, 0, name, "label", parties[q - 1] if known else None)
        line = _line_words(evaluation, q - 1) if known else None
        live.write(row, 1, _line(q, name, values), "wrapped", line)
    sheets.define(layout.GLANCE, layout.Block(layout.COVER, TOP + 1, 1, row, 1))
    return Glance(live, row + 2)


def _line(q: int, name: str, values: Values) -> str:
    names = shown(values.name)
    ranks = values.rank.packages[q - 1].range
    worth = values.party_value.packages[q - 1].range
    accepts = values.acceptable.packages[q - 1].range
    place = f"MATCH(1,{ranks},0)"
    first = (
        f'"first: "&INDEX({names},{place})&IF(COUNTIF({ranks},1)>1," (and "&COUNTIF({ranks},1)-1'
        f'&" equal)","")&", value "&' + fixed(f"INDEX({worth},{place})")
    )
    r = values.reservation(q)
    return (
        f'IF({name}="","",IF(COUNT({ranks})=0,"no package is ranked",{first})'
        f'&"; no deal "&{fixed(r)}&"; accepts "&SUM({accepts})&" of "'
        f'&SUMPRODUCT(--({names}<>"")))'
    )


def _line_words(evaluation: Evaluation, q: int) -> str:
    """The same in Python's words, for programs that show results without computing them."""
    ranked = np.flatnonzero(evaluation.ranked[:, q])
    first = "no package is ranked"
    if ranked.size:
        worth = evaluation.party_values[ranked, q]
        best = ranked[worth == worth.max()]
        equal = f" (and {best.size - 1} equal)" if best.size > 1 else ""
        value = one_decimal(float(worth.max()))
        first = f"first: {evaluation.packages[best[0]]}{equal}, value {value}"
    r = one_decimal(float(evaluation.reservation[q]))
    accepts = int(evaluation.acceptable[:, q].sum())
    return f"{first}; no deal {r}; accepts {accepts} of {len(evaluation.packages)}"
