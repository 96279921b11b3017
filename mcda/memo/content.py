"""The memo as data: what it says, apart from the form in which it is written.

A memo is a header and sections; a section is a heading and blocks: paragraphs, lists and tables.
The forms (`mcda.memo.docx`, `mcda.memo.markdown`) write the same structure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``weight`` says whether it is the bottom line, plain, or small print."""

    text: str
    weight: Literal["lead", "plain", "small"] = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; ``small`` where it is an annex that is looked up rather than read."""

    items: tuple[str, ...]
    small: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; ``width`` is its share beside the other columns' shares."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts, one tuple for each row; ``strong`` are the rows that stand out.

    ``notes`` stand under it; each figure's origin is one of them.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()


Block = Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; an annex comes after the text."""

    heading: str
    blocks: tuple[Block, ...]
    annex: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What a memo to one party says, in any form.

    ``facts`` are the lines of the header (label, text). ``bottom_line`` has one to three sentences
    and is the first section's text, too. ``package`` is what is recommended, None for no deal.
    """

    title: str
    audience: str
    case: str
    marking: str | None
    as_at: str | None
    fingerprint: str
    package: str | None
    bottom_line: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]

    def section(self, heading: str) -> Section:
        """Return the section of that heading; KeyError if there is none."""
        for section in self.sections:
            if section.heading == heading:
                return section
        raise KeyError(heading)
