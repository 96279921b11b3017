"""Damaged and hostile workbooks: seeded changes to the bytes, the zip, and the XML of good ones."""

from __future__ import annotations

import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable

from tests.workbook import untouched

Parts = dict[str, bytes]

NUMBERS = (
    "0", "-1", "1", "1048576", "1048577", "16385", "2147483648", "4294967296", "9" * 20,
    "1e9", "1e999", "NaN", "", " ", "１２", "0x10", "1.5", "-0", "+1", "1_000", "٣", "00001", "A1",
)  # fmt: skip
REFERENCES = (
    "A1", "A0", "XFD1048576", "XFE1", "A1048577", "a1", "$A$1", "A", "1", "", "R1C1", "A1:B2",
    "A1:XFD1048576", "ZZZZZZ1", "A99999999999999999999", "Ä1", "A1 ", " A1", "A-1", "AA01", "B2:A1",
    "A1 B2 C3", "#REF!", "A:A", "1:1",
)  # fmt: skip
KINDS = ("s", "n", "b", "e", "str", "inlineStr", "d", "x", "", "S", "shared", "array", "dataTable")
WORDS = (
    "",
    "x" * 70_000,
    "\x01",
    "]]>",
    "&#0;",
    "&#x110000;",
    "&nbsp;",
    "\ufffe",
    "é",
    "<",
    "_x0000_",
)


COMMENTS = (b"", b"a comment", b"PK\x05\x06" + bytes(18))


def mutant(data: bytes, seed: int) -> bytes:
    """Return a changed workbook; the same seed changes it the same."""
    draw = random.Random(seed)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        change = draw.choices((_bytes, _zip, _parts, _xml, _crafted), (2, 3, 2, 8, 5))[0]
        try:
            data = change(data, draw)
        except Exception:
            # Damaged so far that this change finds nothing to hold on to.
            return data
    return data


def _bytes(data: bytes, draw: random.Random) -> bytes:
    kind = draw.randrange(6)
    at = draw.randrange(len(data))
    if kind == 0:
        changed = bytearray(data)
        for _ in range(draw.choice((1, 2, 20, 500))):
            changed[draw.randrange(len(data))] = draw.randrange(256)
        return bytes(changed)
    if kind == 1:
        return data[:at]
    if kind == 2:
        return data[:at] + draw.randbytes(draw.randint(1, 50)) + data[at:]
    if kind == 3:
        return data[:at] + bytes(draw.choice((1, 100, 5_000))) + data[at:]
    if kind == 4:
        return data + draw.randbytes(draw.choice((1, 22, 1_000, 70_000)))
    return draw.choice((b"#!/bin/sh\n", b"PK\x03\x04", b"PK\x07\x08", bytes(512))) + data


FIELDS = {
    b"PK\x01\x02": ((4, 2), (6, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4), (28, 2), (30, 2),
                    (32, 2), (34, 2), (42, 4)),
    b"PK\x03\x04": ((4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)),
    b"PK\x05\x06": ((4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)),
}  # fmt: skip
"""The zip's records by their first bytes: where their fields stand, and how long they are."""


def _zip(data: bytes, draw: random.Random) -> bytes:
    """Change fields of the zip's records."""
    changed = bytearray(data)
    mark = draw.choice(list(FIELDS))
    places = [match.start() for match in re.finditer(re.escape(mark), data)]
    for _ in range(draw.choice((1, 1, 4))):
        at = draw.choice(places)
        offset, size = draw.choice(FIELDS[mark])
        most = 256**size - 1
        was = int.from_bytes(data[at + offset : at + offset + size], "little")
        now = draw.choice((0, 1, most, most - 1, was ^ 1, was ^ 8, was + 1, was - 1, was * 2,
                           draw.randint(0, most)))  # fmt: skip
        changed[at + offset : at + offset + size] = (now & most).to_bytes(size, "little")
    return bytes(changed)


def packed(parts: Parts, draw: random.Random, twice: str = "") -> bytes:
    """Return a zip of the parts, made in one of the ways that programs make them."""
    stream: io.BytesIO = draw.choice((io.BytesIO, io.BytesIO, io.BytesIO, _Unseekable))()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        names = list(parts)
        if draw.random() < 0.3:
            draw.shuffle(names)
        for name in [*names, *([twice] if twice else [])]:
            method = draw.choice((zipfile.ZIP_DEFLATED,) * 9 + (zipfile.ZIP_STORED,))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                archive.writestr(name, parts[name], method)
        archive.comment = draw.choices(COMMENTS, (30, 6, 1))[0]
    return stream.getvalue()


class _Unseekable(io.BytesIO):
    """A stream such as a network's: sizes go behind each entry, in data descriptors."""

    def seek(self, *_: object) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError

    def seekable(self) -> bool:
        return False


def _parts(data: bytes, draw: random.Random) -> bytes:
    """Swap, remove, rename, double, empty or add parts."""
    parts = untouched.contents(data)
    one, other = _some_part(parts, draw), _some_part(parts, draw)
    kind = draw.randrange(8)
    if kind == 0:
        parts[one], parts[other] = parts[other], parts[one]
    elif kind == 1:
        del parts[one]
    elif kind == 2:
        new = draw.choice(
            (one.upper(), "/" + one, one.replace("/", "\\"), "../" + one, one + "/", " " + one,
             one.replace("xl", "xl/."), one.replace("a", "ä"), one + "\0", "C:" + one)
        )  # fmt: skip
        parts[new] = parts.pop(one)
    elif kind == 3:
        return packed(parts, draw, twice=one)
    elif kind == 4:
        parts[one] = draw.choice((b"", b"\n", b"<", b"<x/>", b"\0" * 9, draw.randbytes(500)))
    elif kind == 5:
        parts[f"xl/extra{draw.random()}.xml"] = parts[one]
    elif kind == 6:
        parts[one] = parts[one][: draw.randrange(len(parts[one]) + 1)]
    else:
        parts[one] = _recoded(parts[one], draw)
    return packed(parts, draw)


def _recoded(xml: bytes, draw: random.Random) -> bytes:
    text = re.sub(r"^<\?xml[^>]*\?>\s*", "", xml.decode())
    head = '<?xml version="1.0" encoding="{}"?>'
    return draw.choice(
        (
            lambda: b"\xef\xbb\xbf" + text.encode(),
            lambda: (head.format("UTF-16") + text).encode("utf-16"),
            lambda: (head.format("utf-16le") + text).encode("utf-16-le"),
            lambda: (head.format("ISO-8859-1") + text).encode("latin-1", "xmlcharrefreplace"),
            lambda: (head.format("utf-7") + text).encode("utf-7"),
            lambda: (head.format("none-such") + text).encode(),
            lambda: (head.format("UTF-8") + text).encode("utf-16"),
            lambda: (head.format("UTF-16") + text).encode(),
            lambda: (head.format("UTF-8").replace("1.0", "1.1") + text).encode(),
            lambda: (head.format("cp1252") + text).encode("cp1252", "xmlcharrefreplace"),
            lambda: text.encode("utf-32"),
        )
    )()


def _some_part(parts: Parts, draw: random.Random) -> str:
    """Draw a part that the program looks at, a sheet more often than the rest."""
    kinds = ("xl/worksheets/s", "xl/workbook.xml", "xl/sharedS", "xl/styles", "[Content", "xl/calc",
             "xl/_rels/", "_rels/", "xl/worksheets/_rels/")  # fmt: skip
    kind = draw.choices(kinds, (9, 3, 2, 2, 1, 1, 1, 1, 1))[0]
    return draw.choice([name for name in parts if name.startswith(kind)])


_TAG = re.compile(rb"<(/?)([\w:]+)((?:\s+[\w:]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_VALUE = re.compile(rb"(\s)([\w:]+)=\"([^\"]*)\"")


def _xml(data: bytes, draw: random.Random) -> bytes:
    """Change tags, attributes and elements of a part that the program looks at."""
    parts = untouched.contents(data)
    name = _some_part(parts, draw)
    for _ in range(draw.choice((1, 1, 2, 8))):
        parts[name] = draw.choice(
            (_tag_renamed, _tag_gone, _element_twice, _value_absurd, _value_absurd, _value_moved,
             _put_in, _nested)
        )(parts[name], draw)  # fmt: skip
    return packed(parts, draw)


def _some_tag(xml: bytes, draw: random.Random) -> re.Match[bytes]:
    start = draw.randrange(len(xml))
    tag = _TAG.search(xml, start) or _TAG.search(xml)
    assert tag is not None
    return tag


def _tag_renamed(xml: bytes, draw: random.Random) -> bytes:
    tag = _some_tag(xml, draw)
    new = draw.choice((b"c", b"row", b"sheetData", b"f", b"v", b"x:c", b"is", b"t", b"mergeCell",
                       tag[2].upper(), b"worksheet", b"Relationship", b"sheet"))  # fmt: skip
    if draw.random() < 0.5:
        return re.sub(rb"(</?)" + re.escape(tag[2]) + rb"(?=[\s/>])", rb"\1" + new, xml)
    return xml[: tag.start(2)] + new + xml[tag.end(2) :]


def _tag_gone(xml: bytes, draw: random.Random) -> bytes:
    tag = _some_tag(xml, draw)
    return xml[: tag.start()] + xml[tag.end() :]


def _element(xml: bytes, draw: random.Random) -> tuple[int, int]:
    """Return where an element stands."""
    tag = _some_tag(xml, draw)
    while tag[1]:
        tag = _some_tag(xml, draw)
    if tag[4]:
        return tag.start(), tag.end()
    end = xml.find(b"</" + tag[2] + b">", tag.end())
    return tag.start(), end + len(tag[2]) + 3


def _element_twice(xml: bytes, draw: random.Random) -> bytes:
    start, end = _element(xml, draw)
    times = draw.choice((1, 1, 2, 2_000)) if end - start < 200 else 1
    at = end if draw.random() < 0.7 else _some_tag(xml, draw).start()
    return xml[:at] + xml[start:end] * times + xml[at:]


def _value_absurd(xml: bytes, draw: random.Random) -> bytes:
    values = list(_VALUE.finditer(xml, draw.randrange(len(xml))))[:40] or list(_VALUE.finditer(xml))
    value = draw.choice(values)
    new = draw.choice(draw.choice((NUMBERS, REFERENCES, KINDS, WORDS))).encode()
    if draw.random() < 0.1:
        return xml[: value.start()] + xml[value.end() :]
    if draw.random() < 0.1:  # everywhere
        return re.sub(rb"(\s" + value[2] + rb"=\")[^\"]*", lambda m: m[1] + new, xml)
    return xml[: value.start(3)] + new + xml[value.end(3) :]


def _value_moved(xml: bytes, draw: random.Random) -> bytes:
    values = list(_VALUE.finditer(xml))
    one, other = draw.choice(values), draw.choice(values)
    return xml[: one.start(3)] + other[3] + xml[one.end(3) :]


def _put_in(xml: bytes, draw: random.Random) -> bytes:
    at = _some_tag(xml, draw)
    where = draw.choice((at.start(), at.end()))
    text = draw.choice(
        (b"<!-- <c r='A1'/> -->", b"<?own <row?>", b"<![CDATA[<c r=\"A1\"><v>1</v></c>]]>", b"text",
         b"&undeclared;", b"&amp;", b"\0", b"<c/>", b'<c r="A1"/>', b"<row/>", b"<f/>", b"<v/>",
         b"<sheetData/>", b'<c r="B3"><f t="shared" si="7"/></c>', b'<row r="3"/>', b"</row><row>",
         b'<mc:AlternateContent xmlns:mc="u"><mc:Choice Requires="x"/></mc:AlternateContent>')
    )  # fmt: skip
    return xml[:where] + text + xml[where:]


def _nested(xml: bytes, draw: random.Random) -> bytes:
    start, end = _element(xml, draw)
    tag = draw.choice((b"c", b"row", b"x", b"is", b"r", b"sheetData"))
    depth = draw.choice((1, 5, 1_000, 30_000))
    return (
        xml[:start] + (b"<" + tag + b">") * depth + xml[start:end] + (b"</" + tag + b">") * depth
        + xml[end:]
    )  # fmt: skip


LAUGHS = b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(12)
)
DOCTYPES = (
    b'<!DOCTYPE x [<!ENTITY a "b">]>', b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    b"<!DOCTYPE x [" + LAUGHS + b"]>", b"<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://[::1]/'> %p;]>",
    b"<!DOCTYPE x>", b"<!doctype x>", b" " * 70_000 + b"<!DOCTYPE x>",
)  # fmt: skip


def _crafted(data: bytes, draw: random.Random) -> bytes:
    """Damage with a purpose."""
    parts = untouched.contents(data)
    sheets = sorted(set(untouched.sheet_parts(parts).values()))
    draw.choice(CRAFTS)(parts, draw.choice(sheets), draw)
    return packed(parts, draw)


def _doctype(parts: Parts, sheet: str, draw: random.Random) -> None:
    name = draw.choice((sheet, "xl/workbook.xml", "xl/sharedStrings.xml", "_rels/.rels"))
    head, found, rest = parts[name].partition(b"?>")
    parts[name] = head + found + draw.choice(DOCTYPES) + rest


def _many_rows(parts: Parts, sheet: str, draw: random.Random) -> None:
    rows = draw.choice((b"<row/>", b'<row r="%d"/>', b'<row><c t="s"><v>0</v></c></row>'))
    count = draw.choice((1_000, 100_000, 1_048_577, 2_000_000))
    many = b"".join(rows % n for n in range(1, count)) if b"%" in rows else rows * count
    parts[sheet] = re.sub(
        rb"<sheetData>.*</sheetData>", lambda _: b"<sheetData>" + many + b"</sheetData>",
        parts[sheet], flags=re.DOTALL,
    )  # fmt: skip


def _many_cells(parts: Parts, sheet: str, draw: random.Random) -> None:
    cells = draw.choice((b"<c/>", b'<c r="A1"/>', b"<c><v>1</v></c>")) * draw.choice(
        (20_000, 300_000)
    )
    parts[sheet] = parts[sheet].replace(b"</row>", cells + b"</row>", 1)


def _merges(parts: Parts, sheet: str, draw: random.Random) -> None:
    merge = b'<mergeCell ref="%s"/>' % draw.choice(REFERENCES).encode()
    merges = b'<mergeCells count="1">' + merge * draw.choice((1, 100_000)) + b"</mergeCells>"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", b"</sheetData>" + merges, 1)


def _formulas(parts: Parts, sheet: str, draw: random.Random) -> None:
    kind = draw.choice((b"shared", b"array", b"dataTable"))
    formula = b'<f t="%s" ref="%s" si="%d">%s</f>' % (
        kind, draw.choice(REFERENCES).encode(), draw.choice((0, 1, 10**9)),
        draw.choice((b"A1", b"", b"(" * 5_000, b"A1+" * 20_000 + b"1", b"'", b'"', b"#REF!")),
    )  # fmt: skip
    parts[sheet] = re.sub(
        rb"<f>[^<]*</f>", lambda _: formula, parts[sheet], count=draw.choice((1, 3, 0))
    )


def _strings(parts: Parts, sheet: str, draw: random.Random) -> None:
    parts[sheet] = re.sub(
        rb't="s"><v>\d+', b't="s"><v>' + draw.choice(NUMBERS).encode(), parts[sheet],
        count=draw.choice((1, 5, 0)),
    )  # fmt: skip


def _styles(parts: Parts, sheet: str, draw: random.Random) -> None:
    value = draw.choice(NUMBERS).encode()
    parts[sheet] = re.sub(rb'\ss="\d+"', b' s="' + value + b'"', parts[sheet])


def _chain(parts: Parts, sheet: str, draw: random.Random) -> None:
    parts["xl/calcChain.xml"] = draw.choice(
        (b"", b"<calcChain/>", b"nonsense", parts[sheet],
         b"<calcChain>" + b'<c r="A1" i="1"/>' * 100_000 + b"</calcChain>")
    )  # fmt: skip


def _names(parts: Parts, _: str, draw: random.Random) -> None:
    book = parts["xl/workbook.xml"]
    new = draw.choice(
        (b"", b"<definedNames/>", b'<definedNames><definedName name="Weights_Weight">'
         b"Weights_Weight</definedName></definedNames>")
    )  # fmt: skip
    if draw.random() < 0.5:
        book = re.sub(rb"<definedNames>.*</definedNames>", new, book, flags=re.DOTALL)
    else:
        area = draw.choice((b"$A$1:$XFD$1048576", b"#REF!", b"$A$0", b"$B$9:$A$1", b"$A:$A", b""))
        book = re.sub(
            rb"\$[A-Z]+\$\d+:\$[A-Z]+\$\d+(?=<)", area, book, count=draw.choice((1, 9, 0))
        )
    parts["xl/workbook.xml"] = book


def _targets(parts: Parts, _: str, draw: random.Random) -> None:
    name = draw.choice(("_rels/.rels", *["xl/_rels/workbook.xml.rels"] * 3))
    target = draw.choice(
        (b"", b"/", b"..", b"../../../../etc/passwd", b"http://example.org/x", b"workbook.xml",
         b"/xl/workbook.xml", b"worksheets/sheet1.xml", b"worksheets\\sheet1.xml", b"%78l", b"#a",
         b"worksheets/SHEET1.XML", b"a" * 70_000)
    )  # fmt: skip
    parts[name] = re.sub(
        rb'Target="[^"]*"', lambda _: b'Target="' + target + b'"', parts[name],
        count=draw.choice((1, 0)),
    )  # fmt: skip


def _one_sheet_twice(parts: Parts, _: str, draw: random.Random) -> None:
    book = parts["xl/workbook.xml"]
    sheets = re.findall(rb"<sheet [^>]*/>", book)
    one, other = draw.choice(sheets), draw.choice(sheets)
    parts["xl/workbook.xml"] = book.replace(one, other if draw.random() < 0.5 else one + other)


def _bomb(parts: Parts, sheet: str, draw: random.Random) -> None:
    name = draw.choice((sheet, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"))
    size = draw.choice((1_000_000, 30_000_000))
    filler = draw.choice((b" " * size, b"<!--" + b"x" * size + b"-->"))
    at = parts[name].rindex(b"</")
    parts[name] = parts[name][:at] + filler + parts[name][at:]


def _wide_attribute(parts: Parts, sheet: str, draw: random.Random) -> None:
    wide = b' own="' + b"&#65;>" * draw.choice((10, 500_000)) + b'"'
    at = _some_tag(parts[sheet], draw)
    parts[sheet] = parts[sheet][: at.end(3)] + wide + parts[sheet][at.end(3) :]


CRAFTS: tuple[Callable[[Parts, str, random.Random], None], ...] = (
    _doctype, _doctype, _many_rows, _many_cells, _merges, _formulas, _formulas, _strings, _styles,
    _chain, _names, _names, _targets, _one_sheet_twice, _bomb, _wide_attribute,
)  # fmt: skip
