"""What is wrong with an input, where it stands and what to do about it.

Problems are collected and shown together: a person who mends a workbook wants the whole list, not
the first line of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

Path = tuple[str | int, ...]
"""A place in the JSON form of a case, such as ``("parties", 0, "criteria", 2, "weight")``."""

Locate = Callable[[Path], str]
"""Turns a path into the place that the user sees: a cell such as ``Weights!D7``, or a JSON path."""


def shown(text: str) -> str:
    r"""Return a text that any screen or file can take: what cannot be written is escaped.

    A problem quotes the input, and the input may be anything: half a surrogate pair, or a
    character that moves a terminal's cursor.

    >>> shown("A\x07 \ud800")
    'A\\x07 \\ud800'
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cs")
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input.

    ``where`` is a sheet and cell (``Weights!D7``) or a JSON path (``parties[0].criteria[2]``),
    ``what`` says what is wrong, ``fix`` what to do about it.
    """

    where: str
    what: str
    fix: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, shown(getattr(self, field.name)))

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" {self.fix}" if self.fix else "")


class CaseProblem(ValueError):
    """An input that cannot become a case; carries every problem found, in the order of the input.

    >>> raise CaseProblem([Problem("name", "The case has no name.", "Give it one.")])
    Traceback (most recent call last):
        ...
    mcda.problems.CaseProblem: name: The case has no name. Give it one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[CaseProblem], tuple[tuple[Problem, ...]]]:
        return (CaseProblem, (self.problems,))

    def to_dict(self) -> dict[str, object]:
        """Return the problems as plain data, for ``--json``."""
        return {
            "problems": [
                {"where": p.where, "what": p.what, "what_to_do": p.fix} for p in self.problems
            ]
        }


class ProblemList:
    """Collects problems on the way through an input, translating paths into places."""

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self.problems: list[Problem] = []

        self._bad: set[Path] = set()

    def add(self, path: Path, what: str, fix: str = "") -> None:
        """Note one problem at ``path``, unless something at or above it is already known wrong.

        What follows from a problem is not worth a line of its own: a weight that is text is told
        once, not again as a weight that is missing.
        """
        if any(path[:end] in self._bad for end in range(len(path) + 1)):
            return
        self._bad.add(path)
        self.problems.append(Problem(self._locate(path), what, fix))

    def raise_if_any(self) -> None:
        """Raise :class:`CaseProblem` with all that was collected, if anything was."""
        if self.problems:
            raise CaseProblem(self.problems)


def json_path(path: Iterable[str | int]) -> str:
    """Write a path the way a person finds it in a JSON file.

    >>> json_path(("parties", 0, "scores", "Relief", "Banking relief"))
    'parties[0].scores.Relief["Banking relief"]'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier():
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text or "(the whole file)"
