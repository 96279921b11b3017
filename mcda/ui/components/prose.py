"""Sentences with names from workbooks in them, which are never read as HTML or Markdown."""

from __future__ import annotations

import re
import string
from html import escape

import streamlit as st

WORD_JOINER = "\u2060"


def say(template: str, /, **texts: object) -> None:
    """Show a piece of HTML of ours with texts of the user's in its ``{braces}``."""
    st.html(filled(template, **texts))


def filled(template: str, /, **texts: object) -> str:
    """Return HTML of ours with the user's texts in it, escaped.

    >>> filled("<b>{name}</b>", name="<script>")
    '<b>&lt;script&gt;</b>'
    """
    return template.format(**{key: escape(str(text)) for key, text in texts.items()})


def label(text: str, /) -> str:
    r"""Return a user's text for the label of a widget, which Streamlit reads as Markdown.

    An invisible word joiner keeps addresses from becoming links, which no escape prevents.

    >>> label("*Cost* $5 :red[x]")
    '\\*Cost\\* \\$5 \\:red\\[x\\]'
    """
    line = re.sub("(?=//|@)|(?<=www)", WORD_JOINER, " ".join(text.split()))
    return "".join(f"\\{one}" if one in string.punctuation else one for one in line)
