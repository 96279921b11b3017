"""What a workbook that is open in LibreOffice shows, and how it differs from what Python computes.

Alternatives, parties and criteria are matched by their names as the Lookup and Values sheets hold
them, so the comparison does not care where rows and columns stand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from mcda.case import Case
from mcda.values import Evaluation, evaluate
from mcda.workbook import layout
from tests.office import Book, Cell

TOLERANCE = 1e-9


@dataclass
class Live:
    """The computed sheets of an open workbook, read once."""

    book: Book

    _blocks: dict[str, list[list[Cell]]] = field(default_factory=dict)

    def block(self, name: str) -> list[list[Cell]]:
        if name not in self._blocks:
            self._blocks[name] = self.book.read_name(name)
        return self._blocks[name]

    def column(self, name: str) -> list[Cell]:
        return [row[0] for row in self.block(name)]

    @cached_property
    def parties(self) -> dict[str, int]:
        return {str(name): k for k, name in enumerate(self.column("Party_Name")) if name != ""}

    @cached_property
    def criteria(self) -> dict[tuple[str, str], int]:
        pairs = zip(self.column("Criterion_Party"), self.column("Criterion_Name"), strict=True)
        return {(str(p), str(c)): k for k, (p, c) in enumerate(pairs) if c != ""}

    @cached_property
    def packages(self) -> dict[str, int]:
        return {str(name): k for k, name in enumerate(self.column("Value_Name")) if name != ""}

    @cached_property
    def no_deal(self) -> dict[str, int]:
        rows = self.column("NoDealValue_Name")
        return {str(name): k for k, name in enumerate(rows) if name != ""}

    @cached_property
    def checks(self) -> dict[str, str]:
        """Test → PASS, NOTE or FAIL."""
        tests, results = self.column(layout.CHECK_TEST), self.column(layout.CHECK_RESULT)
        return {str(test): str(result) for test, result in zip(tests, results, strict=True)}

    @property
    def failing(self) -> list[str]:
        return [test for test, result in self.checks.items() if result == "FAIL"]

    @property
    def master(self) -> str:
        return str(self.block(layout.MASTER_CHECK)[0][0])

    def ranking(self) -> list[list[Cell]]:
        """The rows of the list on Ranking that are in use."""
        return [row for row in self.block(layout.RANKING_LIST) if row[0] != ""]


def differences(live: Live, case: Case) -> list[str]:
    """Return where the sheet and Python differ by more than 1e-9, in any number or flag."""
    evaluation = evaluate(case)
    found = [
        f"{what}: the sheet has {sheet!r}, Python {python!r}"
        for what, sheet, python in _pairs(live, evaluation)
        if not _equal(sheet, python)
    ]
    for what, sheet, names in (
        ("packages", live.packages, evaluation.packages),
        ("no deal", live.no_deal, evaluation.no_deal),
        ("parties", live.parties, evaluation.parties),
        ("criteria", live.criteria, [(p.name, c.name) for p, c in case.criteria()]),
    ):
        if set(sheet) != set(names):
            found.append(f"{what}: {set(sheet) ^ set(names)} on one side only")
    return found + list(_ranking_differences(live, evaluation))


def _equal(sheet: object, python: float | None) -> bool:
    if python is None:
        return sheet == ""
    return isinstance(sheet, float) and math.isclose(
        sheet, python, rel_tol=TOLERANCE, abs_tol=TOLERANCE
    )


Triple = tuple[str, object, float | None]


def _pairs(live: Live, evaluation: Evaluation) -> Iterator[Triple]:
    case = evaluation.case
    yield from _alternatives(live, "", live.packages, evaluation.packages, evaluation.listed, case)
    prefix = layout.NO_DEAL_PREFIX
    without = evaluation.without_deal
    yield from _alternatives(live, prefix, live.no_deal, evaluation.no_deal, without, case)
    tables: list[tuple[str, Any]] = [
        (layout.VALUE_SURPLUS, evaluation.surplus),
        (layout.VALUE_ACCEPTABLE, evaluation.acceptable.astype(float)),
        (layout.VALUE_RANK, _ranks(evaluation)),
    ]
    for name, array in tables:
        yield from _by_party(live, name, live.packages, evaluation.packages, array, case)
    refused = live.block(layout.VALUE_REFUSED)
    for row, package in enumerate(evaluation.packages):
        for q, party in enumerate(evaluation.parties):
            shown = refused[live.packages[package]][live.parties[party]]
            crossed = float(isinstance(shown, float) and shown > 0)
            yield f"red line {package}, {party}", crossed, float(evaluation.refused[row, q])
    if evaluation.no_deal:
        name, under = prefix + layout.VALUE_SURPLUS, evaluation.reservation_under
        yield from _by_party(live, name, live.no_deal, evaluation.no_deal, under, case)
    reservation = live.block(layout.RESERVATION)[0]
    for q, party in enumerate(evaluation.parties):
        shown = reservation[live.parties[party]]
        yield f"reservation value of {party}", shown, float(evaluation.reservation[q])
    flags = (
        (layout.VALUE_BROKEN, evaluation.breaks.sum(axis=1)),
        (layout.VALUE_ALLOWED, evaluation.allowed),
        (layout.VALUE_ZONE, evaluation.in_zone),
    )
    for name, array in flags:
        column = live.column(name)
        for row, package in enumerate(evaluation.packages):
            yield f"{name} of {package}", column[live.packages[package]], float(array[row])
    low, high = live.column("Curve_Low"), live.column("Curve_High")
    share = live.column("Criterion_Share")
    for party in case.parties:
        for at, criterion in enumerate(party.criteria):
            k = live.criteria[party.name, criterion.name]
            what = f"{party.name} · {criterion.name}"
            yield f"low of {what}", low[k], float(evaluation.ranges[party.name][at, 0])
            yield f"high of {what}", high[k], float(evaluation.ranges[party.name][at, 1])
            yield f"share of {what}", share[k], party.shares[at]


def _alternatives(
    live: Live,
    prefix: str,
    rows: Mapping[str, int],
    names: tuple[str, ...],
    values: Any,
    case: Case,
) -> Iterator[Triple]:
    for name, arrays in (
        (layout.VALUE_PERFORMANCE, values.performance),
        (layout.VALUE_VALUES, values.values),
        (layout.VALUE_CONTRIBUTIONS, values.contributions),
    ):
        block = live.block(prefix + name)
        for row, alternative in enumerate(names):
            for party in case.parties:
                for at, criterion in enumerate(party.criteria):
                    python = float(arrays[party.name][row, at])
                    shown = block[rows[alternative]][live.criteria[party.name, criterion.name]]
                    if math.isfinite(python):
                        yield f"{name} {alternative} {party.name} {criterion.name}", shown, python
    name = prefix + layout.VALUE_PARTY
    yield from _by_party(live, name, rows, names, values.party_values, case)


def _by_party(
    live: Live, name: str, rows: Mapping[str, int], names: tuple[str, ...], array: Any, case: Case
) -> Iterator[Triple]:
    block = live.block(name)
    for row, alternative in enumerate(names):
        for q, party in enumerate(case.party_names):
            python = float(array[row][q])
            shown = block[rows[alternative]][live.parties[party]]
            yield f"{name} {alternative} {party}", shown, None if math.isnan(python) else python


def _ranks(evaluation: Evaluation) -> Any:
    """Ranks 1, 2, 2, 4 by counting; NaN where there is none."""
    ranks = np.full(evaluation.party_values.shape, np.nan)
    for q in range(len(evaluation.parties)):
        for row in np.flatnonzero(evaluation.ranked[:, q]):
            better = evaluation.party_values[:, q] > evaluation.party_values[row, q]
            ranks[row, q] = 1 + np.sum(better & evaluation.ranked[:, q])
    return ranks


def _ranking_differences(live: Live, evaluation: Evaluation) -> Iterator[str]:
    """The list on Ranking against the order that the definitions give for the chosen party."""
    chosen = live.block(layout.RANKED_FOR)[0][0]
    if chosen not in evaluation.parties:
        yield f"Ranking is for {chosen!r}"
        return
    q = evaluation.parties.index(str(chosen))
    ranks, order = _ranks(evaluation), live.packages
    worth, ranked = evaluation.party_values[:, q], evaluation.ranked[:, q]
    rows = sorted(
        range(len(evaluation.packages)),
        key=lambda row: (not ranked[row], -worth[row], order[evaluation.packages[row]]),
    )
    shown = live.ranking()
    if len(shown) != len(rows):
        yield f"Ranking lists {len(shown)} packages of {len(rows)}"
        return
    for place, (cells, row) in enumerate(zip(shown, rows, strict=True), 1):
        rank = ranks[row, q]
        expected: list[Cell] = [
            float(place),
            "–" if math.isnan(rank) else float(rank),
            evaluation.packages[row],
        ]
        if cells[:3] != expected:
            yield f"Ranking, place {place}: {cells[:3]}, expected {expected}"
        numbers = (worth[row], evaluation.surplus[row, q])
        for shown_number, number in zip(cells[3:5], numbers, strict=True):
            if not _equal(shown_number, float(number)):
                yield f"Ranking, place {place}: {shown_number} for {number}"
        allowed = str(cells[5])
        if (allowed == "yes") != bool(evaluation.allowed[row]):
            yield f"Ranking, place {place}: allowed {allowed!r}"
        for party, at in live.parties.items():
            verdict = str(cells[6 + at])
            accepts = evaluation.acceptable[row, evaluation.parties.index(party)]
            if verdict.startswith("yes") != bool(accepts):
                yield f"Ranking, place {place}, {party}: {verdict!r}"
