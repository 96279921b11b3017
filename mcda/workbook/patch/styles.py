"""What the styles of a workbook say of a cell: does it show dates, and may it be typed into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mcda.workbook.patch.package import Package

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LITERAL = re.compile('"[^"]*"|\\\\.|\\[[^\\]]*\\]|_.|\\*.')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BUILT_IN_TIMES = frozenset((18, 19, 20, 21, 22, 45, 46, 47))
_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Number formats that every program knows as dates; 27–36 and 50–58 are those of East Asia."""


class Styles:
    """The cell formats (``cellXfs``) of a workbook, by their numbers."""

    def __init__(self, package: Package) -> None:
        self._formats: list[Element] = []
        self._codes: dict[str, str] = {}
        self._shown: dict[int, str] = {}
        self._alike: dict[int, list[int]] = {}
        path = package.path_of("styles")
        if path is None:
            return
        root = package.xml(path)
        space = root.tag.removesuffix("styleSheet")
        self._formats = root.findall(f"{space}cellXfs/{space}xf")
        self._codes = {
            code.get("numFmtId", ""): code.get("formatCode", "")
            for code in root.iterfind(f"{space}numFmts/{space}numFmt")
        }

    def locked(self, style: int) -> bool:
        """Say whether protection of the sheet closes the cells of a style; it does by default."""
        if style >= len(self._formats):
            return True
        return not any(
            child.get("locked") in ("0", "false")
            for child in self._formats[style]
            if child.tag.endswith("}protection")
        )

    def is_date(self, style: int) -> bool:
        """Say whether a number of this style is shown as a date or a time."""
        return bool(self._parts_shown(style))

    def date_like(self, style: int, with_time: bool) -> int | None:
        """Return the style that differs from this one by showing a date only, None if none does.

        Where there are several, one that shows the time if there is one to show, and not if not.
        """
        if style not in self._alike:
            look = self._look(style)
            self._alike[style] = [
                other
                for other in range(len(self._formats))
                if "d" in self._parts_shown(other) and self._look(other) == look
            ]
        found = self._alike[style]
        fitting = [s for s in found if ("h" in self._parts_shown(s)) == with_time]
        return next(iter(fitting or found), None)

    def _parts_shown(self, style: int) -> str:
        """Return which of day and hour a style shows, as ``d``, ``h`` or ``dh``."""
        shown = self._shown.get(style)
        if shown is None:
            shown = self._shown[style] = self._look_up(style)
        return shown

    def _look_up(self, style: int) -> str:
        if style >= len(self._formats):
            return ""
        number = self._formats[style].get("numFmtId", "0")
        code = self._codes.get(number)
        if code is None:
            known = int(number) if number.isdecimal() else 0
            if known not in _BUILT_IN:
                return ""
            time = "h" if known in _BUILT_IN_TIMES else ""
            return time if time and known != 22 else "d" + time
        if code.casefold() == "general":
            return ""
        plain = _LITERAL.sub("", _ELAPSED.sub("h", code)).lower()
        hour = "h" if re.search("[hs]", plain) else ""
        day = re.search("[yd]", plain) or ("m" in plain and not hour)
        return ("d" if day else "") + hour

    def _look(self, style: int) -> object:
        """Return all of a style but its number format."""
        if style >= len(self._formats):
            return ()
        one = self._formats[style]
        kept = {
            key: value
            for key, value in one.attrib.items()
            if key in ("fontId", "fillId", "borderId", "xfId", "quotePrefix", "pivotButton")
        }
        return kept, [(part.tag, part.attrib) for part in one]
