"""Charts of results, as pure functions: the page shows them, the memo prints them.

Every chart has a `describe_…` beside it that says in words what the chart shows, for those who
cannot see it. A party has the same colour everywhere; what matters is carried by place, shape, fill
or words as well, so that the charts stay legible in greyscale.
"""

from __future__ import annotations

from mcda.charts.difference import describe_differences, differences
from mcda.charts.drawing import save_as
from mcda.charts.look import DARK, LIGHT, Look, party_colour
from mcda.charts.stacked import contributions, describe_contributions
from mcda.charts.surplus import describe_surpluses, surpluses
from mcda.charts.two_party import describe_two_parties, two_parties

__all__ = [
    "DARK", "LIGHT", "Look", "contributions", "describe_contributions", "describe_differences",
    "describe_surpluses", "describe_two_parties", "differences", "party_colour", "save_as",
    "surpluses", "two_parties",
]  # fmt: skip
