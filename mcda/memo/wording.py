"""How the memo writes numbers, dates and lists: whole points, signs that print, no false decimals.

A figure is a judgement through several steps; a decimal would claim what nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from mcda.parts import Conditions, RedLine, Rule
from mcda.printing import joined
from mcda.ranking.additive import Difference, Explanation

MOST_NAMES = 4
"""Names in one list of names, before the rest is counted."""
MOST_PARTS = 3
"""Criteria named in one sentence."""


def whole(value: float) -> str:
    """Write a value as whole points.

    >>> whole(74.6), whole(-0.2), whole(-12.5)
    ('75', '0', '−13')
    """
    number = _nearest(value)
    return f"−{-number}" if number < 0 else str(number)


def signed(value: float) -> str:
    """Write a difference as whole points with its sign, which a small one keeps.

    >>> [signed(value) for value in (12.5, -3.6, 0.0, 0.3, -0.3)]
    ['+13', '−4', '0', '+<1', '−<1']
    """
    if value == 0:
        return "0"
    sign = "+" if value > 0 else "−"
    number = _nearest(abs(value))
    return f"{sign}{number}" if number else f"{sign}<1"


def points(size: float) -> str:
    """Write a size in points, in words.

    >>> points(12.5), points(1.2), points(0.2), points(0)
    ('13 points', '1 point', 'less than a point', '0 points')
    """
    number = _nearest(abs(size))
    if size == 0:
        return "0 points"
    if not number:
        return "less than a point"
    return "1 point" if number == 1 else f"{number} points"


def worth(value: float) -> str:
    """Write a value as whole points, in words.

    >>> worth(74.6), worth(1.2), worth(-1), worth(0)
    ('75 points', '1 point', '−1 point', '0 points')
    """
    number = whole(value)
    return f"{number} point" if number in ("1", "−1") else f"{number} points"


def how_known(stated: Sequence[bool | None]) -> str:
    """Say how many red lines are stated; nothing where there is none.

    >>> how_known([True]), how_known([None]), how_known([])
    ('The one red line is stated.', 'The one red line is not known to be stated.', '')
    >>> how_known([True, False])
    'Of 2 red lines 1 is stated, the other inferred or not known.'
    >>> how_known([True, None, False, True])
    'Of 4 red lines 2 are stated, the others inferred or not known.'
    >>> how_known([True, True]), how_known([False, None])
    ('All 2 red lines are stated.', 'None of the 2 red lines is known to be stated.')
    """
    count, known = len(stated), sum(item is True for item in stated)
    if not count:
        return ""
    if count == 1:
        return f"The one red line is {'' if known else 'not known to be '}stated."
    if known == count:
        return f"All {count} red lines are stated."
    if not known:
        return f"None of the {count} red lines is known to be stated."
    are, rest = "is" if known == 1 else "are", "other" if count - known == 1 else "others"
    return f"Of {count} red lines {known} {are} stated, the {rest} inferred or not known."


def red_line_in_words(line: RedLine) -> str:
    """Name a red line; one that nobody named, by what it forbids.

    >>> from mcda.parts import Frozen
    >>> red_line_in_words(RedLine("Red line 2", "P", Frozen({"Price": ("low", "middle")})))
    'never Price at “low” or “middle”'
    >>> red_line_in_words(RedLine("Not low", "P", Frozen({"Price": ("low",)})))
    'Not low'
    """
    if UNNAMED.fullmatch(line.name):
        return f"never {_together(line.forbid)}"
    return plain(line.name)


def rule_in_words(rule: Rule) -> str:
    """Name a rule, in quotes; one that nobody named, by what it asks.

    >>> from mcda.parts import Frozen
    >>> conditions = Frozen({"Price": ("low",)}), Frozen({"Days": ("30",)})
    >>> rule_in_words(Rule("Rule 1", when=conditions[0], then=conditions[1]))
    'the rule that Price at “low” needs Days at “30”'
    """
    if not UNNAMED.fullmatch(rule.name):
        return quoted(rule.name)
    if rule.forbid:
        return f"the rule that there is never {_together(rule.forbid)}"
    return f"the rule that {_together(rule.when)} needs {_together(rule.then)}"


UNNAMED = re.compile(r"(Red line|Rule) \d+")
"""The names that the JSON form gives to what its author left without one."""


def _together(conditions: Conditions) -> str:
    return " together with ".join(
        f"{plain(issue)} at {' or '.join(map(quoted, levels))}"
        for issue, levels in conditions.items()
    )


def _nearest(value: float) -> int:
    # Halves away from zero, as a sheet shows them; round() would show 12.5 as 12.
    return int(abs(value) + 0.5) * (1 if value >= 0 else -1)


def day(text: str | None) -> str | None:
    """Write an ISO date in words; another text stays as it is.

    >>> day("2025-06-02"), day("spring 2025"), day(None)
    ('2 June 2025', 'spring 2025', None)
    """
    try:
        given = date.fromisoformat(text or "")
    except ValueError:
        return text
    return f"{given.day} {MONTHS[given.month - 1]} {given.year}"


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def several(words: Iterable[str], most: int = MOST_NAMES) -> str:
    """Join the first of many words, and count the rest.

    >>> several("abc"), several("abcdef", 3)
    ('a, b, c', 'a, b, c and 3 more')
    """
    given = list(words)
    rest = len(given) - most
    # "And 1 more" would take as much room as the name.
    return ", ".join(given) if rest < 2 else f"{', '.join(given[:most])} and {rest} more"


def quoted(name: str) -> str:
    """Put a name in quotes, in one line."""
    return f"“{plain(name)}”"


def plain(text: str) -> str:
    """Put a text in one line."""
    return " ".join(text.split())


def ended(text: str) -> str:
    """End a text like a sentence.

    >>> ended("It holds"), ended("Does it?")
    ('It holds.', 'Does it?')
    """
    bare = text.rstrip()
    return bare if bare.endswith((".", "!", "?", "…", ".”")) else f"{bare}."


def parts(differences: Sequence[Difference], *, gains: bool) -> list[str]:
    """Name the criteria that make a difference of a point or more, the largest first."""
    sign = 1 if gains else -1
    chosen = [item for item in differences if _nearest(sign * item.points) > 0]
    chosen.sort(key=lambda item: -abs(item.points))
    first, rest = chosen[:1], chosen[1:MOST_PARTS]
    return [
        *(f"{plain(item.criterion)} ({points(item.points)})" for item in first),
        *(f"{plain(item.criterion)} ({whole(abs(item.points))})" for item in rest),
    ]


def for_and_against(told: Explanation) -> str:
    """Say on which criteria the first of two packages gains on the second, and on which it loses.

    The largest parts only, each with its points.
    """
    gains, losses = parts(told.differences, gains=True), parts(told.differences, gains=False)
    words = [f"it gains on {joined(gains)}"] if gains else []
    words += [f"{'' if words else 'it '}loses on {joined(losses)}"] if losses else []
    return " and ".join(words) or "on no criterion do they differ by as much as a point"
