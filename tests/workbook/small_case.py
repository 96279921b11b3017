"""A small case with one of everything that is computed, for quick tests of the live workbook."""

from __future__ import annotations

from typing import Any

EITHER = "Either, *?"


def small() -> dict[str, Any]:
    """Return fresh data in the JSON form."""
    return {
        "name": "Harbour: a small case",
        "marking": "MADE UP",
        "issues": [
            {"name": "Tariff", "levels": ["none", "Full", "<5"], "no_deal_only": ["Raised"]},
            {"name": "Quota", "levels": ["30", "30.0", "=SUM(A1)"]},
            {"name": "Backing", "levels": ["alone", "together"], "no_deal_only": ["as now"]},
        ],
        "parties": [
            {
                "name": "North",
                "criteria": [
                    {"name": "Trade", "weight": 60, "low": 0, "high": 50, "unit": "points",
                     "meaning": {"worst": "no trade", "best": "free trade"},
                     "judged": {"method": "swing", "range": [0, 50]}},
                    {"name": "Cost", "weight": 30, "direction": "min", "low": 0},
                    {"name": "Bent", "weight": 10,
                     "points": [[0, 0], [5, 60], [10, 80], [20, 100]]},
                ],
                "scores": {
                    "Trade": {
                        "Tariff": {"none": 0, "Full": 20, "<5": 30, "Raised": -5},
                        "Quota": {"30": 2, "30.0": 10, "=SUM(A1)": 15},
                    },
                    "Cost": {"Tariff": {"none": 1, "Full": 4, "<5": 9, "Raised": 12}},
                    "Bent": {
                        "Quota": {"30": 0, "30.0": 7, "=SUM(A1)": 11},
                        "Backing": {"alone": 1, "together": 6, "as now": 0},
                    },
                },
            },
            {
                "name": "south*",
                "reservation": [35, 40, 45],
                "criteria": [
                    {"name": "Trade", "weight": 2},
                    {"name": EITHER, "weight": 1, "direction": "min"},
                ],
                "scores": {
                    "Trade": {"Tariff": {"none": 30, "Full": 12, "<5": 0, "Raised": 35}},
                    EITHER: {"Quota": {"30": 0, "30.0": 5, "=SUM(A1)": 9}},
                },
            },
            {
                "name": "Port\nauthority",
                "signs": False,
                "criteria": [{"name": "Traffic", "weight": 1, "low": 0, "high": 20}],
                "scores": {
                    "Traffic": {"Backing": {"alone": 5, "together": 12, "as now": 8}},
                },
            },
        ],
        "packages": [
            {"name": "A", "settings": {"Tariff": "none", "Quota": "30", "Backing": "alone"}},
            {"name": "B", "settings": {"Tariff": "Full", "Quota": "30.0", "Backing": "together"}},
            {"name": "~C", "settings": {"Tariff": "<5", "Quota": "=SUM(A1)", "Backing": "alone"}},
            {"name": "D?", "settings": {"Tariff": "<5", "Quota": "30", "Backing": "together"}},
            {"name": "As B", "settings": {"Tariff": "Full", "Quota": "30.0",
                                          "Backing": "together"}},
            {
                "name": "Direct",
                "scores": {
                    "North": {"Trade": 33, "Cost": 2, "Bent": 8},
                    "south*": {"Trade": 14, EITHER: 1},
                    "Port\nauthority": {"Traffic": 9},
                },
                "crosses": ["south*", "Port\nauthority"],
            },
        ],
        "no_deal": [
            {"name": "As now", "settings": {"Tariff": "none", "Quota": "30", "Backing": "as now"}},
            {"name": "Raised", "by": "North", "settings": {"Tariff": "Raised"}},
            {"name": "Stated", "values": {"south*": 12.5}},
        ],
        "red_lines": [
            {"name": "No bare quota", "party": "south*",
             "forbid": {"Quota": ["=SUM(A1)", "30.0"], "Backing": ["alone"]}},
        ],
        "rules": [
            {"name": "<5 needs backing", "if": {"Tariff": ["<5"]},
             "then": {"Backing": ["together"]}},
            {"name": "Not both", "forbid": {"Tariff": ["none"], "Quota": ["30.0"]}},
        ],
        "interactions": [
            {"party": "North", "criterion": "Trade", "score": 6.5,
             "when": {"Tariff": ["Full", "<5"], "Backing": ["together"]}},
            {"party": "south*", "criterion": "Trade", "score": -3,
             "when": {"Quota": ["30"], "Tariff": ["Raised", "<5"]}},
        ],
    }  # fmt: skip
