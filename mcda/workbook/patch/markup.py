"""The bytes of an XML part: where its tags stand, and how texts and numbers are written in it.

Tags are found by regular expressions over bytes, which takes a tenth of the time of a parser that
calls back for each. What could mislead them (comments, CDATA, processing instructions) is blanked
in a copy of the same length first, and what could not be followed (a namespace that changes on the
way) is refused. The proof reads the same bytes with expat, which knows nothing of this module.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from xml.parsers import expat

from mcda.workbook.guard import UnreadablePart

MAIN_NAMESPACES = (
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
)
ATTRIBUTES = rb"((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)"
"""Everything in a tag after its name; of an empty element it ends with the slash."""

_ATTRIBUTE = re.compile(rb"([^\s=\"'/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HIDDEN = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ROOT = re.compile(rb"<([^\s/>!?]+)" + ATTRIBUTES + rb">")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(rb"&(?:#(\d+)|#x([0-9A-Fa-f]+)|(lt|gt|amp|quot|apos));")
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"', b"apos": "'"}
_XMLNS = re.compile(rb"xmlns\s*[=:]")
_ONE_BYTE = re.compile(r"ascii|iso8859-\d+|latin_?1|cp125[0-8]")


class Part:
    """A part as UTF-8, or in another encoding whose signs of markup are those of ASCII.

    Attributes:
        xml: its bytes, transcoded to UTF-8 if they were UTF-16.
        plain: the same length with comments, CDATA and processing instructions blanked.
        prefixes: the prefixes, colon included, bound to the part's own namespace.
        prefix: that of the root, which new elements take.

    Raises:
        UnreadablePart: it cannot be followed safely; the message says why.
        ExpatError: it is not well-formed.
    """

    def __init__(
        self, name: str, xml: bytes, namespaces: tuple[bytes, ...] = MAIN_NAMESPACES
    ) -> None:
        self.name = name
        self._namespaces = namespaces
        self.xml, self._utf8 = _readable(name, xml)
        _check_well_formed(self.xml)
        self.plain = _blanked(self.xml)
        root = _ROOT.search(self.plain)
        if root is None:
            raise UnreadablePart(f"The part {name} has no content.")
        self.root_name, self.root_end = root[1], root.end()
        self.prefixes = tuple(
            key[6:] + b":" if key != b"xmlns" else b""
            for key, value in attributes(root[2])
            if (key == b"xmlns" or key.startswith(b"xmlns:")) and value in namespaces
        )
        prefix = root[1].rpartition(b":")[0]
        self.prefix = prefix + b":" if prefix else b""
        if self.prefix not in self.prefixes:
            raise UnreadablePart(f"The part {name} is not of the kind that its place says.")

    def tag(self, *names: bytes) -> re.Pattern[bytes]:
        """Return the pattern of a start tag; its groups are the attributes."""
        return _tag(self.prefixes, names)

    def element(self, *names: bytes) -> re.Pattern[bytes]:
        """Return the pattern of a whole element: name, attributes, content (None if empty).

        For elements that do not hold others of the same name.
        """
        return _element(self.prefixes, names)

    def end_tag(self, name: bytes) -> re.Pattern[bytes]:
        """Return the pattern of an end tag."""
        return re.compile(b"</" + _any_of(self.prefixes) + name + rb"\s*>")

    def encode(self, text: str) -> bytes:
        """Return markup that we made in the part's encoding."""
        return text.encode() if self._utf8 else text.encode("ascii", "xmlcharrefreplace")

    def check_prefixes(self, until: int) -> None:
        """Refuse a part in which a prefix changes its meaning on the way to an offset.

        Beyond it, in the extensions at the end, other programs may do as they like.
        """
        looked_at = self.root_end
        for found in _XMLNS.finditer(self.plain, self.root_end, until):
            at = found.start()
            start = self.plain.rfind(b"<", looked_at, at)
            looked_at = at
            tag = _ROOT.match(self.plain, start) if start >= 0 else None
            if tag is None or tag.end() < at:
                continue  # the word stands in a text, or in a tag that was looked at
            for key, value in attributes(tag[2]):
                if key != b"xmlns" and not key.startswith(b"xmlns:"):
                    continue
                prefix = b"" if key == b"xmlns" else key[6:] + b":"
                if (prefix in self.prefixes) != (value in self._namespaces):
                    raise UnreadablePart(
                        f"The part {self.name} changes the meaning of its prefixes on the way."
                    )


def _readable(name: str, xml: bytes) -> tuple[bytes, bool]:
    """Return bytes whose markup is ASCII, and whether they are UTF-8."""
    if xml.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text = xml.decode("utf-16")
        except UnicodeDecodeError:
            raise UnreadablePart(f"The part {name} is damaged UTF-16.") from None
        declared = re.match(r"<\?xml[^>]*\?>", text)
        if declared is not None:
            utf8 = re.sub(r"encoding\s*=\s*(\"[^\"]*\"|'[^']*')", 'encoding="UTF-8"', declared[0])
            text = utf8 + text[declared.end() :]
        return text.encode(), True
    match = _DECLARED.match(xml.removeprefix(codecs.BOM_UTF8)[:200])
    word = "utf-8" if match is None else match[1].decode()
    try:
        encoding = codecs.lookup(word).name
    except LookupError:
        encoding = ""
    if encoding == "utf-8":
        return xml, True
    if _ONE_BYTE.fullmatch(encoding) is None:
        raise UnreadablePart(f"The part {name} is in the encoding {word}.")
    return xml, False


def _check_well_formed(xml: bytes) -> None:
    """Parse a part, looking at nothing: patterns are fast only where every element is closed."""
    parser = expat.ParserCreate()
    parser.Parse(xml, True)


def _blanked(xml: bytes) -> bytes:
    first = xml.find(b"?>") + 2 if xml.startswith(b"<?") else 0
    if all(xml.find(sign, first) < 0 for sign in (b"<!--", b"<![CDATA[", b"?>")):
        return xml
    return _HIDDEN.sub(lambda match: b" " * len(match[0]), xml)


def _any_of(prefixes: tuple[bytes, ...]) -> bytes:
    if len(prefixes) == 1:
        return re.escape(prefixes[0])
    longest_first = sorted(prefixes, key=len, reverse=True)
    return b"(?:" + b"|".join(map(re.escape, longest_first)) + b")"


@cache
def _tag(prefixes: tuple[bytes, ...], names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    name = names[0] if len(names) == 1 else b"(?:" + b"|".join(names) + b")"
    return re.compile(b"<" + _any_of(prefixes) + name + rb"(?=[\s/>])" + ATTRIBUTES + b">")


@cache
def _element(prefixes: tuple[bytes, ...], names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    prefix = _any_of(prefixes)
    if len(names) == 1:
        name, again = b"(" + names[0] + b")", names[0]
    else:
        name, again = b"(" + b"|".join(names) + b")", rb"\1"
    return re.compile(
        b"<" + prefix + name + rb"(?=[\s/>])" + ATTRIBUTES
        + rb"(?:(?<=/)>|>(.*?)</" + prefix + again + rb"\s*>)",
        re.DOTALL,
    )  # fmt: skip


def attributes(tag: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Walk over the attributes of a tag, as they are written."""
    for match in _ATTRIBUTE.finditer(tag):
        yield match[1], match[2] if match[2] is not None else match[3]


def attribute(tag: bytes, name: bytes) -> str | None:
    """Return the value of an attribute, None if there is none.

    >>> attribute(b' r="A1" s="3"', b"s")
    '3'
    """
    if name not in tag:
        return None
    return next((unescaped(value) for key, value in attributes(tag) if key == name), None)


def with_attribute(tag: bytes, name: bytes, value: bytes | None) -> bytes:
    """Return a tag's attributes with one of them set, or (None) left out; the rest stays.

    >>> with_attribute(b' r="A1" t="s"', b"t", None), with_attribute(b' r="A1"', b"s", b"4")
    (b' r="A1"', b' r="A1" s="4"')
    """
    written = b"" if value is None else name + b'="' + value + b'"'
    if name in tag:
        for match in _ATTRIBUTE.finditer(tag):
            if match[1] == name:
                before, after = tag[: match.start()], tag[match.end() :]
                return before + written + after if written else before.rstrip() + after
    return tag + b" " + written if written else tag


def unescaped(raw: bytes) -> str:
    """Return what XML text without markup says; its encoding is one that holds ASCII."""
    if b"&" not in raw:
        return raw.decode("utf-8", "surrogateescape")
    pieces, at = [], 0
    for match in _REFERENCE.finditer(raw):
        pieces.append(raw[at : match.start()].decode("utf-8", "surrogateescape"))
        at = match.end()
        if match[3]:
            pieces.append(_NAMED[match[3]])
        else:
            code = int(match[1]) if match[1] else int(match[2], 16)
            pieces.append(chr(code) if code < 0x110000 else "\ufffd")
    pieces.append(raw[at:].decode("utf-8", "surrogateescape"))
    return "".join(pieces)


def escaped(text: str) -> str:
    """Return text as XML holds it between tags or in double quotes.

    >>> escaped('a<b & "c"')
    'a&lt;b &amp; &quot;c&quot;'
    """
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )


def cell_text(text: str) -> str:
    r"""Return a cell's text as XML holds it, with Excel's escapes (ECMA-376 part 1 §22.9.2.19).

    What XML cannot carry, and a carriage return, which it would turn into a line feed, become
    ``_xHHHH_``; a text that looks like that has its underscore escaped.

    >>> cell_text("a\r_x0041_")
    'a_x000D__x005F_x0041_'
    """
    if "_x" in text:
        text = _ESCAPE_LIKE.sub("_x005F_", text)
    return escaped(_NOT_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text))


def number(value: float) -> str:
    """Return a number's shortest form that reads back equal, as Excel writes it.

    >>> number(0.1), number(3.0), number(1e-7), number(-0.0)
    ('0.1', '3', '1E-07', '0')
    """
    if value == 0:
        return "0"
    return repr(float(value)).upper().removesuffix(".0")
