"""One cell's bytes: what stands in it, and the same cell with something else in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from mcda.workbook.cells import Fault
from mcda.workbook.guard import UnreadablePart
from mcda.workbook.patch.edits import Edit, Formula, Result, Scalar, serial
from mcda.workbook.patch.markup import (
    Part,
    attribute,
    cell_text,
    escaped,
    number,
    unescaped,
    with_attribute,
)
from mcda.workbook.patch.shared_strings import plain_text, text_of

Written = tuple[str | None, str, str]
"""A value as a cell holds it: ``t``, the element (``v``, ``is`` or none), its content."""


@dataclass(frozen=True, slots=True)
class Child:
    """An element of a cell: where it stands in the cell's content, and its parts."""

    start: int
    end: int
    tag: bytes
    text: bytes
    hidden: bool
    """Whether CDATA, a comment or the like stands in it."""


@dataclass(slots=True)
class Cell:
    """A cell as it is written.

    ``open`` is the start of its tag with the prefix, ``tag`` the attributes, ``content`` what
    stands between the tags.
    """

    row: int
    column: int
    open: bytes
    tag: bytes
    content: bytes
    children: dict[bytes, Child]
    style: int
    start: int = 0
    end: int = 0

    @property
    def kind(self) -> str:
        """The type of the value that is written."""
        return attribute(self.tag, b"t") or "n"

    @property
    def formula(self) -> Child | None:
        """The formula, if one stands here."""
        return self.children.get(b"f")

    @property
    def rich(self) -> bool:
        """Whether metadata of rich values hang on it, which would no longer fit."""
        return any((attribute(self.tag, name) or "0") != "0" for name in (b"vm", b"cm"))


def read_cell(part: Part, match: re.Match[bytes], row: int, column: int) -> Cell:
    """Return the cell that a match of ``part.element(b"c")`` found.

    Raises:
        UnreadablePart: it holds two of something.
    """
    inner, until = match.span(3)
    children: dict[bytes, Child] = {}
    if inner >= 0:
        for found in part.element(b"f", b"v", b"is", b"extLst").finditer(part.plain, inner, until):
            if found[1] in children:
                raise UnreadablePart(f"A cell in row {row + 1} holds <{found[1].decode()}> twice.")
            children[found[1]] = Child(
                found.start() - inner,
                found.end() - inner,
                found[2].removesuffix(b"/") if found[3] is None else found[2],
                found[3] or b"",
                part.xml is not part.plain and found[0] != part.xml[found.start() : found.end()],
            )
    tag = match[2] if inner >= 0 else match[2].removesuffix(b"/")
    return Cell(
        row,
        column,
        part.xml[match.start() : match.end(1)],
        tag.rstrip(),
        part.xml[inner:until] if inner >= 0 else b"",
        children,
        style_number(tag),
        match.start(),
        match.end(),
    )


def style_number(tag: bytes, name: bytes = b"s") -> int:
    """Return the style that an attribute of a cell, row or column names, 0 if none."""
    style = attribute(tag, name) or "0"
    return int(style) if style.isdecimal() else 0


def value_of(part: Part, cell: Cell, shared: Callable[[int], str]) -> Scalar | Fault:
    """Return the value or cached result that stands in a cell, None if none does.

    What cannot be told for certain is ``Fault("")``, which equals nothing.
    """
    kind = cell.kind
    child = cell.children.get(b"is" if kind == "inlineStr" else b"v")
    if child is None:
        return None
    if child.hidden:
        return Fault("")
    if kind == "inlineStr":
        return text_of(part, child.text) or None
    raw = unescaped(child.text)
    if kind in ("str", "d"):
        return plain_text(child.text)
    if kind == "e":
        return Fault(raw)
    try:
        if kind == "s":
            return shared(int(raw)) or None
        return raw.strip() in ("1", "true") if kind == "b" else float(raw)
    except (ValueError, LookupError):
        return Fault("")


def stands(cell: Cell, edit: Edit, value: Scalar | Fault, shows_date: bool, epoch: bool) -> bool:
    """Say whether an edit asks for what stands in the cell already.

    Args:
        cell: the cell.
        edit: what is asked for.
        value: what :func:`value_of` returned.
        shows_date: whether the cell's style shows a number as a date.
        epoch: whether dates count from 1904.
    """
    wanted = edit.value
    if isinstance(edit.to, Formula) and not same_formula(cell, edit.to.text):
        return False
    if not isinstance(edit.to, (Formula, Result)) and cell.formula is not None:
        return False
    if wanted == "" and cell.formula is None:
        wanted = None
    if isinstance(wanted, date):
        if not shows_date and cell.formula is None:
            return False
        return isinstance(value, float) and value == serial(wanted, epoch)
    if wanted is None or value is None:
        return wanted is value
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value
    if cell.kind == "d" and isinstance(wanted, str):
        return False
    return wanted == value


def same_formula(cell: Cell, text: str) -> bool:
    """Say whether a formula of this text is the one that stands here."""
    child = cell.formula
    return (
        child is not None
        and not child.hidden
        and (attribute(child.tag, b"t") or "normal") == "normal"
        and unescaped(child.text) == text
    )


def written(value: Scalar | Fault, *, formula: bool, shows_date: bool, epoch: bool) -> Written:
    """Return how a cell holds a value.

    A date in a cell that shows none is held as ISO text of type ``d`` (ECMA-376 part 1 §18.18.11),
    so that it stays a date for every program without a new style.
    """
    if isinstance(value, Fault):
        return "e", "v", escaped(value.text)
    if value is None or (value == "" and not formula):
        return None, "", ""
    if isinstance(value, bool):
        return "b", "v", "1" if value else "0"
    if isinstance(value, str):
        if formula:
            return "str", "v", cell_text(value)
        return "inlineStr", "is", cell_text(value)
    if isinstance(value, date):
        if shows_date or formula:
            return None, "v", number(serial(value, epoch))
        return "d", "v", iso(value)
    return None, "v", number(value)


def iso(value: date) -> str:
    """Return a date, or a time to the millisecond, as ISO text.

    >>> iso(date(2025, 3, 18)), iso(datetime(2025, 3, 18, 9, 30))
    ('2025-03-18', '2025-03-18T09:30:00')
    """
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    return value.isoformat()


def rebuilt(
    part: Part, cell: Cell, edit: Edit | None, value: Written, style: int, formula: str | None
) -> bytes:
    """Return the bytes of a cell with a new value and, if ``formula`` is given, a formula.

    Without an edit only the formula is exchanged. Of a Result the formula's bytes stay. Whatever
    else the cell holds stays.
    """
    tag, gone = cell.tag, list[Child]()
    prefix = cell.open[1:-1].decode()
    inside = ""
    if formula is not None:
        anew = edit is not None and isinstance(edit.to, Formula)
        inside = _formula(prefix, formula, None if anew else cell.formula)
    if edit is not None:
        tag = with_attribute(tag, b"t", None if value[0] is None else value[0].encode())
        if style != cell.style:
            tag = with_attribute(tag, b"s", str(style).encode())
        inside += _value(prefix, value)
        gone += [cell.children[name] for name in (b"v", b"is") if name in cell.children]
    keeps_formula = edit is not None and isinstance(edit.to, Result) and formula is None
    if cell.formula is not None and not keeps_formula:
        gone.append(cell.formula)
    at = min((child.start for child in gone), default=0)
    if keeps_formula and cell.formula is not None:
        at = cell.formula.end
    before, after = _without(cell.content, 0, at, gone), _without(cell.content, at, None, gone)
    content = before + part.encode(inside) + after
    if not content:
        return cell.open + tag + b"/>"
    return cell.open + tag + b">" + content + b"</" + cell.open[1:] + b">"


def _without(content: bytes, start: int, end: int | None, gone: list[Child]) -> bytes:
    """Return a stretch of a cell's content without some of its elements."""
    kept, last, until = [], start, len(content) if end is None else end
    for child in sorted(gone, key=lambda child: child.start):
        if start <= child.start < until:
            kept.append(content[last : child.start])
            last = child.end
    return b"".join([*kept, content[last:until]])


def _value(prefix: str, value: Written) -> str:
    _, element, text = value
    if element == "is":
        return f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
    return f"<{prefix}v>{text}</{prefix}v>" if element else ""


def _formula(prefix: str, text: str, old: Child | None) -> str:
    """Return a formula's element, with what an old one says besides its sharing."""
    tag = b"" if old is None else old.tag.rstrip()
    for name in (b"t", b"si", b"ref"):
        tag = with_attribute(tag, name, None)
    space = ""
    if text != text.strip() or "\n" in text:
        tag = with_attribute(tag, b"xml:space", None)
        space = ' xml:space="preserve"'
    return f"<{prefix}f{tag.decode()}{space}>{escaped(text)}</{prefix}f>"
