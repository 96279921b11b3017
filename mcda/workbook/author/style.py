"""How the workbook looks: cell formats, by what a cell is for, and colours that all can tell apart.

Party colours are those of Okabe and Ito (2008), chosen so that colour-blind readers can tell them
apart; a meaning never rests on colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

INK, NAVY, GREY = "#1B1F24", "#1F3A5F", "#6B7480"
INPUT_FILL, INPUT_INK, INPUT_LINE = "#FFFBE0", "#0B3FA8", "#D8CFA0"
HEADER_FILL, WORKINGS_FILL, LINE = "#DCE4EE", "#F3F4F6", "#C5CCD6"
PASS_FILL, NOTE_FILL, FAIL_FILL = "#DDF1E4", "#FFF0C9", "#F8D5CF"
PASS_INK, NOTE_INK, FAIL_INK = "#115C36", "#6B4A00", "#8F1D0E"

PARTY_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#7A5195", "#4D4D4D",
)  # fmt: skip
"""Colour of the k-th party, and of the k-th criterion in a stacked chart."""
_LIGHT = {"#56B4E9", "#E69F00", "#CC79A7"}


def party_colour(index: int) -> str:
    """Return the colour of the party at a place in the case; colours repeat after eight.

    >>> party_colour(0), party_colour(8)
    ('#0072B2', '#0072B2')
    """
    return PARTY_COLOURS[index % len(PARTY_COLOURS)]


_BASE: dict[str, Any] = {"font_name": "Calibri", "font_size": 10, "font_color": INK}
_INPUT: dict[str, Any] = {
    "font_color": INPUT_INK, "bg_color": INPUT_FILL, "border": 1, "border_color": INPUT_LINE,
    "locked": False, "valign": "top",
}  # fmt: skip
_OUTPUT: dict[str, Any] = {"valign": "top"}
_HEADER: dict[str, Any] = {
    "bold": True, "font_color": NAVY, "bg_color": HEADER_FILL, "border": 1, "border_color": LINE,
    "text_wrap": True, "valign": "vcenter",
}  # fmt: skip
_LIVE: dict[str, Any] = {
    **_OUTPUT, "bg_color": WORKINGS_FILL, "border": 1, "border_color": LINE,
}  # fmt: skip

_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 16, "font_color": NAVY},
    "subtitle": {"bold": True, "font_size": 12, "font_color": NAVY},
    "guidance": {"italic": True, "font_color": GREY, "valign": "top"},
    "guidance_wrapped": {
        "italic": True, "font_color": GREY, "valign": "top", "text_wrap": True,
    },
    # A band names a group of columns in the row over the headers.
    "band": {"bold": True, "font_color": "#FFFFFF", "bg_color": NAVY},
    "header": _HEADER,
    "header_text": {**_HEADER, "align": "left", "indent": 1},
    "header_right": {**_HEADER, "align": "right"},
    "header_centre": {**_HEADER, "align": "center"},
    "header_line": {**_HEADER, "text_wrap": False, "left": 0, "right": 0},
    "header_name": {**_HEADER, "num_format": "@"},
    "header_vertical": {**_HEADER, "rotation": 90, "align": "center", "valign": "bottom"},
    # Headers that are inputs too: issue names in Packages, parties and criteria on Scores.
    "input_header": {
        **_HEADER, "num_format": "@", "font_color": INPUT_INK, "bg_color": INPUT_FILL,
        "border_color": INPUT_LINE, "locked": False,
    },
    "input_header_vertical": {
        **_HEADER, "num_format": "@", "font_color": INPUT_INK, "bg_color": INPUT_FILL,
        "border_color": INPUT_LINE, "locked": False, "rotation": 90, "align": "center",
        "valign": "bottom",
    },
    # Text cells have the text format, so that what looks like a number or a formula stays text.
    "input_text": {**_INPUT, "num_format": "@", "text_wrap": True, "align": "left", "indent": 1},
    "input_choice": {**_INPUT, "num_format": "@", "align": "left", "indent": 1},
    "input_number": {**_INPUT, "num_format": "General"},
    "input_title": {**_INPUT, "num_format": "@", "bold": True, "font_size": 14, "text_wrap": True},
    "marker": {
        "italic": True, "font_size": 8, "font_color": GREY, "bg_color": HEADER_FILL, "top": 1,
        "top_color": GREY, "num_format": "@",
    },
    "column_marker": {
        "font_size": 8, "font_color": GREY, "bg_color": HEADER_FILL, "align": "center",
        "valign": "top", "num_format": "@",
    },
    # What the sheet computes for the reader.
    "output_text": {**_OUTPUT, "text_wrap": True},
    "output_line": {**_OUTPUT, "align": "left", "indent": 1},
    "output_number": {**_OUTPUT, "num_format": "0.0"},
    "output_signed": {**_OUTPUT, "num_format": "+0.0;-0.0;0.0"},
    "output_integer": {**_OUTPUT, "num_format": "0", "align": "center"},
    "output_share": {**_OUTPUT, "num_format": "0.0%"},
    "output_centre": {**_OUTPUT, "align": "center"},
    # What stands beside an input table and moves with it.
    "live_text": {**_LIVE, "text_wrap": True, "align": "left", "indent": 1},
    "live_place": {**_LIVE, "num_format": "0;-0;", "align": "center"},
    "live_number": {**_LIVE, "num_format": "General"},
    "live_share": {**_LIVE, "num_format": "0.0%"},
    # Workings.
    "workings": {"bg_color": WORKINGS_FILL, "num_format": "General"},
    "workings_number": {"bg_color": WORKINGS_FILL, "num_format": "0.00"},
    "workings_text": {"bg_color": WORKINGS_FILL, "num_format": "General"},
    "workings_header": {**_HEADER, "font_size": 9, "valign": "bottom"},
    "workings_header_vertical": {
        **_HEADER, "font_size": 9, "rotation": 90, "align": "center", "valign": "bottom",
    },
    "label": {"bold": True, "font_color": NAVY, "valign": "top"},
    "strong": {"bold": True},
    # Output lists have lines only where rows are in use: a condition lays them on.
    "ruled": {"bottom": 1, "top": 1, "border_color": LINE},
    "ruled_text": {
        "bottom": 1, "bottom_color": LINE, "valign": "top", "text_wrap": True,
    },
    "ruled_link": {
        "bottom": 1, "bottom_color": LINE, "valign": "top", "font_color": "#0B5CAD",
        "underline": 1,
    },
    "ruled_integer": {
        "bottom": 1, "bottom_color": LINE, "valign": "top", "num_format": "0", "align": "center",
    },
    "ruled_centre": {
        "bottom": 1, "bottom_color": LINE, "valign": "top", "align": "center", "bold": True,
    },
    "refusal": {"font_color": FAIL_INK, "bg_color": FAIL_FILL},
    "spare_header": {
        "bold": True, "font_color": NAVY, "text_wrap": True, "valign": "vcenter",
    },
    "verdict": {"bold": True, "font_size": 12, "valign": "vcenter"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "fixed_text": {"num_format": "@", "font_color": GREY},
    "pass_cell": {"bg_color": PASS_FILL, "font_color": PASS_INK, "bold": True},
    "note_cell": {"bg_color": NOTE_FILL, "font_color": NOTE_INK, "bold": True},
    "fail_cell": {"bg_color": FAIL_FILL, "font_color": FAIL_INK, "bold": True},
    "link": {"font_color": "#0B5CAD", "underline": 1, "valign": "top"},
    "pass": {"bg_color": PASS_FILL, "font_color": PASS_INK, "bold": True},
    "note": {"bg_color": NOTE_FILL, "font_color": NOTE_INK, "bold": True},
    "fail": {"bg_color": FAIL_FILL, "font_color": FAIL_INK, "bold": True},
    "quiet": {"font_color": GREY},
}  # fmt: skip

_DIFFERENTIAL = {"pass", "note", "fail", "quiet", "ruled", "refusal"}
"""Formats that a condition lays over a cell: they must not bring a font of their own."""


@dataclass(slots=True)
class Formats:
    """The formats of one workbook, made when first asked for and then shared.

    ``formats["header"]`` is the format for a header cell; a name that is not known is a KeyError.
    """

    workbook: Workbook
    _made: dict[str, Format] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Format:
        if name not in self._made:
            base = {} if name in _DIFFERENTIAL else _BASE
            self._made[name] = self.workbook.add_format(base | _STYLES[name])
        return self._made[name]

    def party_band(self, index: int) -> Format:
        """Return the band in the colour of the party at a place in the case."""
        colour = party_colour(index)
        key = f"party_band {colour}"
        if key not in self._made:
            ink = "#000000" if colour in _LIGHT else "#FFFFFF"
            look = _BASE | {"bold": True, "font_color": ink, "bg_color": colour}
            self._made[key] = self.workbook.add_format(look | {"num_format": "@"})
        return self._made[key]
