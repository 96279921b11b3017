"""Consoles that cannot show every character get a plain one that still says the same."""

from __future__ import annotations

import codecs
from typing import TextIO

PLAIN = {
    "✓": "y", "✗": "n", "−": "-", "–": "-", "—": "-", "─": "-", "·": "-", "…": "...", "“": '"',
    "”": '"', "’": "'", "≤": "<=", "≥": ">=", "→": "->", "×": "x", "τ": "tau", "Δ": "change of ",
}  # fmt: skip
"""What stands for a character that the console does not have; anything else becomes "?"."""

_NAME = "mcda.plain"


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(PLAIN.get(character, "?") for character in missing), error.end


def use_plain_characters_where_needed(*streams: TextIO) -> None:
    """Let text streams write a plain character where their encoding lacks one.

    >>> _ = codecs.register_error(_NAME, _plain)
    >>> "✓ −3.5 Київ".encode("ascii", _NAME)
    b'y -3.5 ????'
    """
    codecs.register_error(_NAME, _plain)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_NAME)
