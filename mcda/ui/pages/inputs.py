"""What do the numbers rest on? The case's own inputs, as one party's weights and scores."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from mcda.case import Case
from mcda.parts import Conditions, NoDeal, Package, Party
from mcda.ui import state
from mcda.ui.components.editor import Paths, editor
from mcda.ui.components.grid import Cell, grid
from mcda.ui.components.prose import say
from mcda.values import Evaluation

Rows = list[dict[str, Cell]]

RESERVATION = "Reservation values"
MANY = 60
"""More rows than this are better searched than read."""


def show() -> None:
    """Show criteria, scores, packages, red lines, no deal and sources, each as a table."""
    view = state.view()
    case, party = view.case, view.case.party(view.party)
    say("<h1>{party}: what the ranking rests on</h1>", party=view.party)
    st.caption(
        "Scores and stated reservation values can be changed here: double-click a number. Anything "
        "else is edited in the workbook; the page then reads it again."
    )
    tabs = {
        "Criteria and weights": (_criteria(view.evaluation, party), "Criteria of the party"),
        "Scores": (_scores(party), "How every level scores on every criterion of the party"),
        "Packages": (_packages(case), "The terms of every listed package"),
        "Scored directly": (
            _direct(case, party),
            "Scores of the party that packages and no deal have as a whole, without issues",
        ),
        "Red lines and rules": (_limits(case), "What parties refuse, and what cannot happen"),
        "Interactions": (_interactions(case, party), "Extra scores when levels occur together"),
        "No deal": (_no_deal(view.evaluation), "What happens without agreement, by party"),
        RESERVATION: (_reservations(case), "What no deal is worth to each party"),
        "Sources": (_sources(case), "Where statements come from"),
    }
    for tab, (tab_name, (rows, alt)) in zip(st.tabs(list(tabs)), tabs.items(), strict=True):
        with tab:
            if not rows:
                st.caption("The case has none.")
            elif tab_name == "Scores":
                editor("scores", rows, _score_paths(party), view.opened.inputs, about=alt)
            elif tab_name == RESERVATION:
                st.caption(
                    "Leave “stated” blank to take the value of the first no-deal alternative; low "
                    "and high come together."
                )
                editor("reservation", rows, _reservation_paths(case), view.opened.inputs, about=alt)
            elif len(rows) > MANY:
                st.dataframe(rows, hide_index=True, alt=alt)
            else:
                grid(rows, about=alt)


def _criteria(evaluation: Evaluation, party: Party) -> Rows:
    return [
        {
            "criterion": criterion.name,
            "group": criterion.group or "",
            "weight": criterion.weight,
            "share %": round(100 * share, 1),
            "more is": "better" if criterion.direction == "max" else "worse",
            "low": float(low),
            "high": float(high),
            "unit": criterion.unit or "",
            "worst end means": criterion.worst or "",
            "best end means": criterion.best or "",
            "judged": _judged(party, criterion.name),
        }
        for criterion, share, (low, high) in zip(
            party.criteria, party.shares, evaluation.ranges[party.name], strict=True
        )
    ]


def _judged(party: Party, criterion: str) -> str:
    judged = party.criterion(criterion).judged
    if judged is None:
        return ""
    return ", ".join(part for part in (judged.method, judged.by, judged.on) if part)


def _scores(party: Party) -> Rows:
    return [
        {
            "criterion": criterion,
            "issue": issue,
            "level": level,
            "low": score.low,
            "score": score.base,
            "high": score.high,
            "basis": score.basis or "",
            "source": score.source or "",
            "confidence": score.confidence or "",
        }
        for criterion, issues in party.scores.items()
        for issue, levels in issues.items()
        for level, score in levels.items()
    ]


def _score_paths(party: Party) -> Paths:
    """The input that each row of the scores is."""
    return [
        {"score": ("parties", party.name, "scores", criterion, issue, level)}
        for criterion, issues in party.scores.items()
        for issue, levels in issues.items()
        for level in levels
    ]


def _reservations(case: Case) -> Rows:
    return [
        {
            "party": party.name,
            "stated low": stated.low if stated else None,
            "stated": stated.base if stated else None,
            "stated high": stated.high if stated else None,
        }
        for party in case.parties
        for stated in (party.reservation,)
    ]


def _reservation_paths(case: Case) -> Paths:
    """The inputs in each row of the reservation values."""
    return [
        {
            "stated low": (*path, "low"),
            "stated": path,
            "stated high": (*path, "high"),
        }
        for party in case.parties
        if (path := ("parties", party.name, "reservation"))
    ]


def _packages(case: Case) -> Rows:
    return [
        # No issue's name ends in a space, so that none takes a column of ours.
        {
            "package ": package.name,
            **{issue.name: package.settings.get(issue.name, "") for issue in case.issues},
            "note ": package.note or "",
            "outside ": "; ".join(package.outside),
        }
        for package in case.packages
    ]


def _direct(case: Case, party: Party) -> Rows:
    scored: tuple[Package | NoDeal, ...] = (*case.packages, *case.no_deal)
    return [
        {
            "scored": item.name,
            "criterion": criterion,
            "low": score.low,
            "score": score.base,
            "high": score.high,
            "basis": score.basis or "",
            "source": score.source or "",
            "confidence": score.confidence or "",
        }
        for item in scored
        for criterion, score in item.scores.get(party.name, {}).items()
    ]


def _limits(case: Case) -> Rows:
    rows: Rows = [
        {
            "kind": "red line",
            "name": line.name,
            "of": line.party,
            "refuses, or cannot happen": _conditions(line.forbid),
            "known": {True: "stated", False: "inferred", None: ""}[line.stated],
            "source": line.source or "",
        }
        for line in case.red_lines
    ]
    rows += [
        {
            "kind": "rule",
            "name": rule.name,
            "of": "",
            "refuses, or cannot happen": _conditions(rule.forbid)
            or f"{_conditions(rule.when)} without {_conditions(rule.then)}",
            "known": "",
            "source": rule.source or "",
        }
        for rule in case.rules
    ]
    return rows


def _conditions(conditions: Conditions) -> str:
    return " and ".join(f"{issue}: {' or '.join(levels)}" for issue, levels in conditions.items())


def _interactions(case: Case, party: Party) -> Rows:
    return [
        {
            "name": item.name,
            "criterion": item.criterion,
            "when": _conditions(item.when),
            "extra score": item.score.base,
            "basis": item.score.basis or "",
        }
        for item in case.interactions
        if item.party == party.name
    ]


def _no_deal(evaluation: Evaluation) -> Rows:
    return [
        {"no deal": item.name, "by": item.by or "", **_by_party(evaluation, row)}
        for row, item in enumerate(evaluation.case.no_deal)
    ]


def _by_party(evaluation: Evaluation, row: int) -> Mapping[str, Cell]:
    return {
        f"worth to {party}": round(float(evaluation.reservation_under[row, column]), 1)
        for column, party in enumerate(evaluation.parties)
    }


def _sources(case: Case) -> Rows:
    return [
        {
            "id": source.id,
            "statement": source.statement or "",
            "date": source.date or "",
            "source": source.source or "",
            "address": source.url or "",
            "confidence": source.confidence or "",
        }
        for source in case.sources
    ]
