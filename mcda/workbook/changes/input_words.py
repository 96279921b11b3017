"""An input in words: what it is called, and its value as people write it."""

from __future__ import annotations

from mcda.workbook import layout
from mcda.workbook.changes.named_inputs import NamedPath, Value
from mcda.workbook.tables import number_text

_THINGS = {
    "sources": "source", "issues": "issue", "parties": "party", "packages": "package",
    "no_deal": "no deal", "red_lines": "red line", "rules": "rule", "interactions": "interaction",
    "scenarios": "scenario", "recommendations": "recommendation to",
}  # fmt: skip
_ORDERS = {"parties": "the parties", "no_deal": "the no-deal alternatives"}
_WORDS = {
    "as_at": "as at", "weights_are": "weights are", "low": "range low", "high": "range high",
    "dirichlet": "concentration", "crosses": "crosses red line of", "outside": "outside terms",
    "url": "address",
}  # fmt: skip
_LONGEST = 60
"""Characters of a text that are shown of it."""


def value_text(path: NamedPath, value: Value | None) -> str:
    """Return a value as people write it into its cell; blank is the empty text.

    >>> value_text(("parties", "Russia", "signs"), False), value_text(("purpose",), None)
    ('no', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        yes, no = (
            (layout.STATED, layout.INFERRED) if path[-1] == "stated" else (layout.YES, layout.NO)
        )
        return yes if value else no
    if isinstance(value, float):
        return number_text(value)
    return value if isinstance(value, str) else "\n".join(value)


def shortened(text: str) -> str:
    r"""Return a value's text for a line of words: one line of 60 characters at most.

    >>> shortened(""), shortened("two\nlines")
    ('blank', 'two / lines')
    """
    if not text:
        return "blank"
    line = " / ".join(text.split("\n"))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def told(path: NamedPath) -> str:
    """Return what an input is called.

    >>> told(("parties", "Russia", "criteria", "Relief", "weight"))
    'Russia, Relief: weight'
    >>> told(("parties", "Russia", "scores", "Relief", "Banking", "Full", "low"))
    'Russia, Relief: low score of Banking, Full'
    >>> told(("packages", "A", "settings", "Banking"))
    'package A: Banking'
    >>> told(("red_lines", "No relief", "forbid", "Banking", "Full"))
    'red line No relief: forbid Banking, Full'
    """
    section, *rest = path
    if not rest:
        return _ORDERS.get(str(section), _WORDS.get(str(section), str(section)))
    name, *below = (str(part) for part in rest)
    if section == "parties":
        return _of_party(name, below) if below else f"party {name}"
    if section == "issues":
        return _of_issue(name, below)
    thing = f"{_THINGS[str(section)]} {name}"
    if not below:
        return thing
    if below[0] == "parties":
        return f"{thing}: {_of_party(below[1], below[2:])}"
    return f"{thing}: {_of_thing(below)}"


def _of_party(party: str, below: list[str]) -> str:
    first = below[0]
    if first == "criteria":
        _, criterion, *rest = below
        return f"{party}, {criterion}: {_of_criterion(rest)}" if rest else (
            f"criterion {criterion} of {party}"
        )  # fmt: skip
    if first == "weights":
        return f"{party}, {below[1]}: weight"
    if first == "scores":
        _, criterion, issue, level, *rest = below
        return f"{party}, {criterion}: {_score(rest)} of {issue}, {level}"
    if first == "reservation":
        return f"{party}: reservation {below[1] if below[1:] else 'value'}"
    return f"{party}: {_word(below[-1])}"


def _of_criterion(rest: list[str]) -> str:
    if rest[0] == "weight_range":
        return f"weight {rest[1]}"
    if rest[0] == "meaning":
        return f"meaning of the {rest[1]} end"
    if rest[0] == "points":
        return f"point {int(rest[1]) + 1}, {rest[2]}" if rest[1:] else "points"
    if rest[0] == "judged":
        ends = {"low": "judged on range from", "high": "judged on range to"}
        words = {"method": "how judged", "by": "judged by", "on": "judged when"} | ends
        return words[rest[-1]]
    return _word(rest[0])


def _of_issue(issue: str, below: list[str]) -> str:
    if not below:
        return f"issue {issue}"
    if len(below) == 1:
        return f"the levels of {issue}"
    _, level, *rest = below
    if not rest:
        return f"level {level} of {issue}"
    return f"{issue}, {level}: {'occurs in' if rest[0] == 'occurs' else rest[0]}"


def _of_thing(below: list[str]) -> str:
    first, *rest = below
    if first == "settings":
        return rest[0]
    if first == "values":
        return f"value to {rest[0]}"
    if first == "scores":
        party, criterion, *more = rest
        return f"{_score(more)} for {party}, {criterion}"
    if first == "score":
        return _score(rest)
    if first == "lift":
        return f"lifts {rest[0]}"
    if first in ("if", "then", "forbid", "when"):
        return f"{first} {', '.join(rest)}"
    return _word(first)


def _score(rest: list[str]) -> str:
    if not rest:
        return "score"
    return f"{rest[0]} score" if rest[0] in ("low", "high") else f"{rest[0]} of the score"


def _word(key: str) -> str:
    return _WORDS.get(key, key)
