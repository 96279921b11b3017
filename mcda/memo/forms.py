"""The memo in the forms that it can be written in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mcda.atomic import write_atomically
from mcda.memo.content import Content
from mcda.memo.markdown import write_markdown


@dataclass(frozen=True, slots=True)
class Memo(Content):
    """A memo to one party; ``str(memo)`` is its Markdown."""

    def markdown(self) -> str:
        """Return the memo as Markdown that also reads well as plain text."""
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
