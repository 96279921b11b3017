"""Small workbooks that are right and unusual: what other programs write and few expect.

Each is made by hand around one sheet, ``Data``, whose A1:C4 hold 1, a shared text, and a formula.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

ROWS = (
    '<row r="1" spans="1:3"><c r="A1"><v>1</v></c><c r="B1" t="s"><v>0</v></c>'
    '<c r="C1"><f>A1*2</f><v>2</v></c></row>'
    '<row r="2" ht="30" customHeight="1"><c r="A2" t="inlineStr"><is><t>two</t></is></c>'
    '<c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#N/A</v></c></row>'
    '<row r="4"><c r="A4" s="1"><v>45000</v></c><c r="B4" s="1"/>'
    '<c r="C4" t="str"><v>t</v></c></row>'
)
DATA = f"<sheetData>{ROWS}</sheetData>"


def sheet(content: str = DATA, more: str = "") -> str:
    """Return a sheet's part around its content."""
    return f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"{more}>{content}</worksheet>'


def parts(data: str | None = None) -> dict[str, bytes]:
    """Return the parts of the plain workbook, to be made unusual."""
    relation = f'<Relationship Id="rId%s" Type="{OFFICE}/%s" Target="%s"/>'
    kinds = (("workbook", "sheet"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"),
             ("sharedStrings", "sharedStrings"))  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/xl/{path}.xml" ContentType="{TYPES}.{kind}'
        f'{".main" if kind == "sheet" else ""}+xml"/>'
        for path, kind in kinds
    )
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
        f'Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + relation % (1, "officeDocument", "xl/workbook.xml")
        + "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet '
        'name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + relation % (1, "worksheet", "worksheets/sheet1.xml")
        + relation % (2, "styles", "styles.xml")
        + relation % (3, "sharedStrings", "sharedStrings.xml")
        + "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font><sz val="11"/></font>'
        '</fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders '
        'count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs '
        'count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf '
        'numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyProtection="1">'
        '<protection locked="0"/></xf></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><r><rPr><b/>'
        "</rPr><t>sh</t></r><r><t>ared</t></r></si></sst>",
        "xl/worksheets/sheet1.xml": (sheet() if data is None else data).removeprefix(HEAD),
    }  # fmt: skip
    return {name: (HEAD + text).encode() for name, text in texts.items()}


def packed(
    content: Mapping[str, bytes],
    *,
    method: int = zipfile.ZIP_DEFLATED,
    stream: io.BytesIO | None = None,
) -> bytes:
    """Return the zip."""
    stream = stream or io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, part in content.items():
            entry = zipfile.ZipInfo(name, (2020, 2, 20, 20, 20, 20))
            entry.compress_type = method
            archive.writestr(entry, part)
    return stream.getvalue()


def with_sheet(content: str, more: str = "") -> bytes:
    """Return the workbook with another sheet."""
    return packed(parts(sheet(content, more)))


def with_rows(rows: str) -> bytes:
    """Return the workbook with other rows."""
    return with_sheet(f"<sheetData>{rows}</sheetData>")


def replaced(changes: Mapping[str, Callable[[str], str]]) -> bytes:
    """Return the workbook with the text of some parts changed."""
    content = parts()
    for name, change in changes.items():
        content[name] = change(content[name].decode()).encode()
    return packed(content)


def with_workbook(more: str) -> bytes:
    """Return the workbook with more after the list of sheets."""
    return replaced({"xl/workbook.xml": lambda t: t.replace("</sheets>", "</sheets>" + more)})


def renamed(names: Mapping[str, str], **rels: str) -> bytes:
    """Return the workbook with parts under other names in the zip, and other targets."""
    content = {names.get(name, name): part for name, part in parts().items()}
    for name, part in content.items():
        if name.casefold().endswith(".rels"):
            for old, new in rels.items():
                part = re.sub(
                    rf'Target="[^"]*{old}\.xml"'.encode(), f'Target="{new}"'.encode(), part
                )
            content[name] = part
    return packed(content)


def prefixed() -> bytes:
    """Every element of the main namespace has a prefix."""

    def prefix(text: str) -> str:
        head, _, body = text.partition("?>")
        body = re.sub(r"<(/?)(?=\w)", r"<\1x:", body)
        return f"{head}?>{body}".replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')

    names = ("workbook.xml", "styles.xml", "sharedStrings.xml", "worksheets/sheet1.xml")
    return replaced({f"xl/{name}": prefix for name in names})


def strict() -> bytes:
    """ISO/IEC 29500 strict."""

    def change(text: str) -> str:
        return text.replace(MAIN, STRICT).replace(OFFICE, STRICT_OFFICE)

    return replaced(dict.fromkeys(parts(), change))


class _Unseekable(io.BytesIO):
    def seek(self, *_: object) -> int:
        raise OSError

    def tell(self) -> int:
        raise OSError

    def seekable(self) -> bool:
        return False


def zip64() -> bytes:
    """Sizes and offsets in zip64 fields, though they need none."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts().items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(part)
    return stream.getvalue()


def zip64_directory() -> bytes:
    """A zip64 end of directory, though the short one would do."""
    data = packed(parts())
    end = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", data, end + 10)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:end] + record + locator + last


def extra_fields() -> bytes:
    """Times, owners and padding in the zip's records, folders as entries."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("xl")
        for name, part in parts().items():
            entry = zipfile.ZipInfo(name, (2020, 2, 20, 20, 20, 20))
            entry.extra = struct.pack("<2HBL", 0x5455, 5, 1, 1582230020) + struct.pack(
                "<2H", 0xA220, 4
            ) + bytes(4)  # fmt: skip
            entry.comment = b"a comment of the entry"
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return stream.getvalue()


def recoded(encoding: str, name: str = "xl/worksheets/sheet1.xml", mark: bytes = b"") -> bytes:
    """Return the workbook with one part in another encoding."""
    content = parts()
    text = content[name].decode().replace("UTF-8", encoding).replace("two", "zwö")
    content[name] = mark + text.encode(encoding)
    return packed(content)


def second_sheet(kind: str, folder: str, content: str) -> bytes:
    """Return the workbook with a sheet of another kind before its own."""
    made = parts()
    made[f"xl/{folder}/sheet9.xml"] = (HEAD + content).encode()
    kinds = {"chartsheet": f"{TYPES}.chartsheet+xml", "dialogsheet": f"{TYPES}.dialogsheet+xml"}
    content_type = kinds.get(kind, "application/vnd.ms-excel.macrosheet+xml")
    space = OFFICE if kind in kinds else "http://schemas.microsoft.com/office/2006/relationships"

    def put(name: str, before: str, text: str) -> None:
        made[name] = made[name].replace(before.encode(), (text + before).encode(), 1)

    put("[Content_Types].xml", "</Types>",
        f'<Override PartName="/xl/{folder}/sheet9.xml" ContentType="{content_type}"/>')  # fmt: skip
    related = f'<Relationship Id="rId9" Type="{space}/{kind}" Target="{folder}/sheet9.xml"/>'
    put("xl/_rels/workbook.xml.rels", "</Relationships>", related)
    put("xl/workbook.xml", "<sheet ", '<sheet name="Other" sheetId="9" r:id="rId9"/>')
    return packed(made)


MC = (
    '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="x14" xmlns:x14="urn:x14">{}</mc:Choice><mc:Fallback/>'
    "</mc:AlternateContent>"
)
WIDE = ' own="' + "&#9;a>'b" * 20_000 + '"'

KEPT: dict[str, Callable[[], bytes]] = {
    "plain": lambda: packed(parts()),
    "strict": strict,
    "a prefix everywhere": prefixed,
    "no styles": lambda: packed({n: p for n, p in parts().items() if "styles" not in n}),
    "no shared strings": lambda: packed(
        {
            n: p.replace(b'<c r="B1" t="s"><v>0</v></c>', b"")
            for n, p in parts().items()
            if "sharedS" not in n
        }
    ),
    "empty sheetData": lambda: with_sheet('<dimension ref="A1"/><sheetData/><pageMargins/>'),
    "empty sheetData of two tags": lambda: with_sheet("<sheetData></sheetData>"),
    "sheetData with space": lambda: with_sheet("<sheetData >\r\n  <!-- none -->\n</sheetData\n>"),
    "indented": lambda: with_sheet(DATA.replace("<", "\n   <").replace("\n   </v", "</v")
        .replace("\n   </t", "</t").replace("\n   </f", "</f")),
    "one quote": lambda: packed(parts(HEAD + sheet().removeprefix(HEAD).replace('"', "'"))),
    "space in tags": lambda: with_sheet(DATA.replace("<c ", "<c \n\t").replace('">', '" >')
        .replace("</c>", "</c >").replace("/>", " />").replace("</row>", "</row\n>")),
    "wide attributes": lambda: with_sheet(
        DATA.replace('<c r="A1"', f'<c{WIDE} r="A1"').replace('<row r="2"', f'<row{WIDE} r="2"')
    ),
    "attributes in another order": lambda: with_rows(
        '<row spans="1:2" r="3"><c t="str" s="1" r="A3"><v>x</v></c><c s="1" r="B3"/></row>'
    ),
    "rows with formats": lambda: with_rows(
        '<row r="2" s="1" customFormat="1" ht="20" customHeight="1" x="y" collapsed="1"/>'
        '<row r="7" s="1" customFormat="1"><c r="C7" s="1"/></row><row r="9"></row>'
    ),
    "cells without content": lambda: with_rows(
        '<row r="1"><c r="A1" /><c r="B1"></c><c r="C1" s="1"\n/><c r="D1"> </c><c r="E1"><v/></c>'
        '<c r="F1" t="inlineStr"><is/></c><c r="G1" t="s"/><c r="H1"><v></v></c></row>'
    ),
    "no references": lambda: with_rows(
        '<row><c><v>1</v></c><c t="s"><v>0</v></c></row><row/><row><c/><c><v>5</v></c></row>'
    ),
    "references now and then": lambda: with_rows(
        '<row><c><v>1</v></c><c r="D1"><v>4</v></c><c><v>5</v></c></row><row r="5"><c/></row><row>'
        '<c r="B6"><v>1</v></c><c/></row>'
    ),
    "cells of all kinds": lambda: with_rows(
        '<row r="1"><c r="A1" t="n"><v> 1.50 </v></c><c r="B1" t="d"><v>2020-01-01</v></c>'
        '<c r="C1" t="str"><v xml:space="preserve"> x </v></c><c r="D1" t="inlineStr"><is><r>'
        '<rPr><b/></rPr><t>rich</t></r><rPh sb="0" eb="1"><t>p</t></rPh></is></c>'
        '<c r="E1"><v>5</v><extLst><ext uri="u"/></extLst></c>'
        '<c r="F1" ph="1"><v>1E+2</v></c></row>'
    ),
    "CDATA, comments, instructions": lambda: with_rows(
        '<!-- <row r="1"><c r="A1"/></row> --><row r="1"><?go <c r="A1"/> ?><c r="A1"><v>'
        '<![CDATA[5]]></v></c><!-- > --><c r="B1" t="str"><v><![CDATA[</c>]]></v></c></row>'
    ),
    "two prefixes for one namespace": lambda: with_sheet(
        re.sub(r"<(/?)(c|v)(?=[ >])", r"<\1y:\2", DATA).replace(
            '<y:c r="C2"', '<y:c xmlns:z="urn:z" z:a="1" r="C2"'
        ),
        f' xmlns:y="{MAIN}"',
    ),
    "elements of others in rows": lambda: with_sheet(
        DATA.replace("</row>", '<own:x xmlns:own="urn:own"><own:c r="A1"/></own:x></row>', 1)
    ),
    "AlternateContent around": lambda: with_sheet(
        MC.format("<sheetPr/>") + DATA + MC.format("<controls><c r='A1'/></controls>")
    ),
    "ignorable extensions": lambda: with_sheet(
        DATA.replace('<row r="1"', '<row x14ac:dyDescent="0.25" r="1"'),
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/'
        '2009/9/ac"',
    ),
    "before and after the root": lambda: packed(
        parts(sheet().replace("<worksheet", "<!-- a --><?b c?>\n<worksheet", 1) + "\n<!-- d -->\n")
    ),
    "no declaration": lambda: packed(
        {n: p.removeprefix(HEAD.encode()) for n, p in parts().items()}
    ),
    "a byte order mark": lambda: packed({n: b"\xef\xbb\xbf" + p for n, p in parts().items()}),
    "last row and column": lambda: with_rows(
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "1904": lambda: replaced(
        {"xl/workbook.xml": lambda t: t.replace("<sheets", '<workbookPr date1904="1"/><sheets')}
    ),
    "calcPr": lambda: with_workbook('<calcPr calcId="1" iterate="1"/><extLst/>'),
    "calcPr of two tags": lambda: with_workbook('<definedNames/><calcPr calcId="1"> </calcPr>'),
    "calcPr says no": lambda: with_workbook('<calcPr fullCalcOnLoad="0" calcMode="manual"/>'),
    "much after the sheets": lambda: with_workbook(
        '<functionGroups/><externalReferences/><definedNames><definedName name="n">1</definedName>'
        '</definedNames><oleSize ref="A1"/><customWorkbookViews/><pivotCaches/><fileRecoveryPr/>'
        "<webPublishObjects/><extLst/>"
    ),
    "a path in the workbook": lambda: replaced(
        {"xl/workbook.xml": lambda t: t.replace("<sheets", MC.format("<absPath/>") + "<sheets")}
    ),
    "absolute targets": lambda: renamed(
        {}, workbook="/xl/workbook.xml", sheet1="/xl/worksheets/sheet1.xml"
    ),
    "roundabout targets": lambda: renamed(
        {}, workbook="./xl/../xl/workbook.xml", sheet1="./worksheets/./sheet1.xml"
    ),
    "capitals in the zip": lambda: renamed(
        {
            "xl/workbook.xml": "XL/Workbook.XML",
            "xl/worksheets/sheet1.xml": "XL/Worksheets/S1.xml",
            "xl/_rels/workbook.xml.rels": "xl/_Rels/WORKBOOK.xml.RELS",
        },
        sheet1="worksheets/s1.XML",
    ),
    "an odd folder": lambda: renamed(
        {"xl/worksheets/sheet1.xml": "sheets%20of%20mine/Blatt-1.data"},
        sheet1="../sheets%20of%20mine/Blatt-1.data",
    ),
    "a folder in another script": lambda: renamed(
        {"xl/worksheets/sheet1.xml": "xl/листы/sheet1.xml"}, sheet1="листы/sheet1.xml"
    ),
    "workbook at the top": lambda: renamed(
        {"xl/workbook.xml": "workbook.xml",
         "xl/_rels/workbook.xml.rels": "_rels/workbook.xml.rels"},
        workbook="workbook.xml", sheet1="xl/worksheets/sheet1.xml", styles="xl/styles.xml",
        sharedStrings="/xl/sharedStrings.xml",
    ),
    "stored": lambda: packed(parts(), method=zipfile.ZIP_STORED),
    "data descriptors": lambda: packed(parts(), stream=_Unseekable()),
    "stored with data descriptors": lambda: packed(
        parts(), method=zipfile.ZIP_STORED, stream=_Unseekable()
    ),
    "zip64": zip64,
    "zip64 directory": zip64_directory,
    "extra fields and folders": extra_fields,
    "a comment of the zip": lambda: packed(parts())[:-2] + b"\x05\0hello",
    "types last": lambda: packed(dict(reversed(parts().items()))),
    "a chart sheet first": lambda: second_sheet(
        "chartsheet", "chartsheets", f'<chartsheet xmlns="{MAIN}"><sheetViews/></chartsheet>'
    ),
    "a dialog sheet first": lambda: second_sheet(
        "dialogsheet", "dialogsheets", f'<dialogsheet xmlns="{MAIN}"/>'
    ),
    "a macro sheet first": lambda: second_sheet(
        "xlMacrosheet", "macrosheets",
        f'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" '
        f'xmlns="{MAIN}"><sheetData/></xm:macrosheet>',
    ),
    "unlocked cells of a protected sheet": lambda: with_sheet(
        '<cols><col min="1" max="16384" style="2"/></cols>' + DATA.replace("<c ", '<c s="2" ')
        .replace('s="2" r="A4" s="1"', 'r="A4" s="2"').replace('s="2" r="B4" s="1"', 'r="B4" s="2"')
        .replace("<row ", '<row s="2" customFormat="1" ') + '<sheetProtection sheet="1"/>'
    ),
    "protection that is off": lambda: with_sheet(
        DATA + '<sheetProtection sheet="0" password="CAFE" objects="1"/>'
    ),
}  # fmt: skip
"""Unusual, and nothing that would keep a program from writing a cell."""

SIGNED = {
    "_xmlsignatures/origin.sigs": b"",
    "_xmlsignatures/sig1.xml": b"<Signature/>",
}
REFUSED: dict[str, Callable[[], bytes]] = {
    "a document type": lambda: packed(
        parts(sheet().replace("<worksheet", "<!DOCTYPE worksheet><worksheet", 1))
    ),
    "backslashes in the zip": lambda: packed(
        {n.replace("xl/worksheets/", "xl\\worksheets\\"): p for n, p in parts().items()}
    ),
    "bytes before the zip": lambda: b"\0" * 100 + packed(parts()),
    "a part twice": lambda: packed({**parts(), "XL/WORKSHEETS/SHEET1.XML": b"<worksheet/>"}),
    "one part for two sheets": lambda: replaced(
        {
            "xl/workbook.xml": lambda t: t.replace(
                "</sheets>", '<sheet name="Twin" sheetId="2" r:id="rId1"/></sheets>'
            )
        }
    ),
    "two sheets of one name": lambda: replaced(
        {
            "xl/workbook.xml": lambda t: t.replace(
                "</sheets>", '<sheet name="Data" sheetId="2" r:id="rId2"/></sheets>'
            ),
            "xl/_rels/workbook.xml.rels": lambda t: t.replace('/styles"', '/worksheet"'),
        }
    ),
    "a sheet that is not there": lambda: packed(
        {n: p for n, p in parts().items() if "worksheets/" not in n}
    ),
    "a protected sheet": lambda: with_sheet(DATA + '<sheetProtection sheet="1"/>'),
    "a cell twice": lambda: with_rows(
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'
    ),
}
"""What cannot be written into without guessing."""

EITHER: dict[str, Callable[[], bytes]] = {
    "no sheetData": lambda: with_sheet('<dimension ref="A1"/><pageMargins left="1"/>'),
    "no content at all": lambda: with_sheet(""),
    "closed sheet": lambda: packed(
        {**parts(), "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{MAIN}"/>'.encode()}
    ),
    "no sheetData, columns and merges": lambda: with_sheet(
        '<sheetPr/><cols><col min="1" max="3" width="9" style="1"/></cols>'
        '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    ),
    "rows of a sheet in an extension": lambda: with_sheet(
        DATA + '<extLst><ext uri="u"><sheetData><row r="1"><c r="A1"><v>9</v></c></row></sheetData>'
        "</ext></extLst>"
    ),
    "utf-16": lambda: recoded("UTF-16"),
    "utf-16 workbook": lambda: recoded("UTF-16", "xl/workbook.xml"),
    "utf-16 strings": lambda: recoded("UTF-16", "xl/sharedStrings.xml"),
    "latin 1": lambda: recoded("ISO-8859-1"),
    "windows": lambda: recoded("windows-1252"),
    "bytes after the zip": lambda: packed(parts()) + b"\0" * 300,
    "rows out of order": lambda: with_rows(
        '<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    ),
    "cells out of order": lambda: with_rows(
        '<row r="1"><c r="C1"><v>3</v></c><c r="A1"><v>1</v></c></row>'
    ),
    "a row twice": lambda: with_rows(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>2</v></c></row>'
    ),
    "small letters and dollars": lambda: with_rows('<row r="1"><c r="a1"><v>1</v></c></row>'),
    "cells in AlternateContent": lambda: with_sheet(f"<sheetData>{MC.format(ROWS)}</sheetData>"),
    "xml 1.1": lambda: packed(
        {n: p.replace(b'version="1.0"', b'version="1.1"') for n, p in parts().items()}
    ),
    "entities in attributes": lambda: with_rows(
        '<row r="&#49;"><c r="&#x41;1" t="&#115;"><v>0</v></c></row>'
    ),
    "leading zeros": lambda: with_rows('<row r="01"><c r="A01"><v>1</v></c></row>'),
}
"""Where a refusal in words is as good as a result; a loss is not."""
