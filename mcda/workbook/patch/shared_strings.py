"""The texts that cells of type ``s`` point at, read one by one, and only if one is asked for."""

from __future__ import annotations

from mcda.workbook.cells import unescape
from mcda.workbook.patch.markup import Part, unescaped
from mcda.workbook.patch.package import Package


class SharedStrings:
    """The table of shared texts; call it with a number.

    Raises:
        LookupError: there is no such text, or it cannot be told without a parser.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._part: Part | None = None
        self._items: list[tuple[int, int]] = []

    def __call__(self, index: int) -> str:
        """Return a text: its one run or all of them, without phonetic hints."""
        part = self._open()
        start, end = self._items[index] if index >= 0 else self._items[len(self._items)]
        item = part.plain[start:end]
        if item != part.xml[start:end]:
            raise LookupError(index)
        return text_of(part, item)

    def _open(self) -> Part:
        if self._part is None:
            path = self._package.path_of("sharedStrings")
            if path is None:
                raise LookupError("sharedStrings")
            self._part = Part(path, self._package.sheet_bytes(path))
            pattern = self._part.element(b"si")
            self._items = [
                (0, 0) if match[3] is None else match.span(3)
                for match in pattern.finditer(self._part.plain)
            ]
        return self._part


def text_of(part: Part, item: bytes) -> str:
    """Return the text of a string item (``si``, ``is``): its runs, without phonetic hints."""
    texts = part.element(b"t").finditer(part.element(b"rPh").sub(b"", item))
    return "".join(plain_text(found[3] or b"") for found in texts)


def plain_text(raw: bytes) -> str:
    """Return what the bytes between two tags say, with XML's line ends and Excel's escapes."""
    return unescape(unescaped(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")))
