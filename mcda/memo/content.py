"""The memo as data: what it says, apart from the form in which it is written.

A memo is a header and sections; a section is a heading and blocks: paragraphs, lists and tables.
The forms (`mcda.memo.docx`, `mcda.memo.markdown`) write the same structure.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mcda.atomic import write_atomically

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
class Memo:
    """A memo to one party; ``str(memo)`` is its Markdown.

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

    def markdown(self) -> str:
        """Return the memo as Markdown that also reads well as plain text."""
        from mcda.memo.markdown import write_markdown

        return write_markdown(self)

    def docx(self) -> bytes:
        """Return the memo as the bytes of a Word document."""
        from mcda.memo.docx import write_docx

        return write_docx(self)

    def write(self, path: str | Path) -> Path:
        """Write the memo; the ending says the form, ``.docx`` or ``.md``.

        Raises:
            ValueError: for another ending.
        """
        file = Path(path)
        ending = file.suffix.lower()
        if ending not in (".docx", ".md"):
            raise ValueError(f"{file.name}: a memo ends in .docx or .md.")
        write_atomically(file, self.docx() if ending == ".docx" else self.markdown().encode())
        return file

    def __str__(self) -> str:
        return self.markdown()
