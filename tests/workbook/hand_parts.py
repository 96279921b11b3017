"""Parts of a workbook that XlsxWriter cannot make, put into one by hand as Excel writes them."""

from __future__ import annotations

import io
import re
import zipfile

from tests.workbook import untouched

THREAD = "tc={11111111-2222-3333-4444-555555555555}"
"""The author of the note that stands for a threaded comment."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_MICROSOFT = "http://schemas.microsoft.com/office"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
FIRST_DATE = (1980, 1, 1, 0, 0, 0)


class Package:
    """The parts of a workbook, to be added to."""

    def __init__(self, data: bytes) -> None:
        self.parts = untouched.contents(data)
        self.sheets = untouched.sheet_parts(self.parts)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.entries = {entry.filename: entry for entry in archive.infolist()}

    def add(self, path: str, content: str | bytes, kind: str = "") -> None:
        """Add a part, and its content type if it has one of its own."""
        assert path not in self.parts
        self.parts[path] = content if isinstance(content, bytes) else (_HEAD + content).encode()
        if kind:
            self.put_before(
                "[Content_Types].xml",
                "</Types>",
                f'<Override PartName="/{path}" ContentType="{kind}"/>',
            )

    def known_as(self, ending: str, kind: str) -> None:
        """Give a content type to all files with an ending."""
        if f'Extension="{ending}"' not in self.text("[Content_Types].xml"):
            added = f'<Default Extension="{ending}" ContentType="{kind}"/>'
            self.replace("[Content_Types].xml", r"(<Types [^>]*>)", rf"\1{added}")

    def relate(self, part: str, kind: str, target: str, more: str = "") -> str:
        """Relate a part to a target and return the relation's name."""
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if path not in self.parts:
            space = "http://schemas.openxmlformats.org/package/2006/relationships"
            self.parts[path] = f'{_HEAD}<Relationships xmlns="{space}"></Relationships>'.encode()
        name = f"rIdHand{self.text(path).count('<Relationship ') + 1}"
        line = f'<Relationship Id="{name}" Type="{kind}" Target="{target}"{more}/>'
        self.put_before(path, "</Relationships>", line)
        return name

    def text(self, part: str) -> str:
        """Return a part as text."""
        return self.parts[part].decode()

    def put_before(self, part: str, mark: str, text: str) -> None:
        """Put text before the last occurrence of a mark."""
        before, found, after = self.text(part).rpartition(mark)
        assert found, (part, mark)
        self.parts[part] = (before + text + mark + after).encode()

    def replace(self, part: str, pattern: str, by: str) -> None:
        """Replace the first match of a pattern, which must be there."""
        text, count = re.subn(pattern, by, self.text(part), count=1, flags=re.DOTALL)
        assert count == 1, (part, pattern)
        self.parts[part] = text.encode()

    def packed(self) -> bytes:
        """Return the zip; the parts that were there keep their dates."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in self.parts.items():
                # XlsxWriter begins one path with a slash; Excel never does.
                old = self.entries.get(path)
                entry = zipfile.ZipInfo(path.lstrip("/"), old.date_time if old else FIRST_DATE)
                entry.compress_type = old.compress_type if old else zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        return stream.getvalue()


def added(data: bytes, analysis: str, figures: str) -> bytes:
    """Return the workbook with every part of this module, on two sheets of the user's."""
    package = Package(data)
    threaded_comment(package, analysis, "B4")
    pivot_table(package, figures)
    custom_xml(package)
    external_link(package, figures)
    for sheet in (analysis, figures, "Weights"):
        printer_settings(package, sheet)
    form_control(package, figures)
    phonetics(package, "東京", "トウキョウ")
    shared_formulas(package, figures)
    extensions(package, figures)
    calculation_chain(package)
    return package.packed()


def threaded_comment(package: Package, sheet: str, cell: str) -> None:
    """Answer a note in a thread, as Excel 365 does."""
    space = f"{_MICROSOFT}/spreadsheetml/2018/threadedcomments"
    person = "{AAAAAAAA-2222-3333-4444-555555555555}"
    package.add(
        "xl/persons/person.xml",
        f'<personList xmlns="{space}"><person displayName="Me &amp; co" id="{person}" userId="me" '
        'providerId="None"/></personList>',
        "application/vnd.ms-excel.person+xml",
    )
    comment = f'ref="{cell}" dT="2025-03-14T09:26:53.58" personId="{person}"'
    first = THREAD.removeprefix("tc=")
    package.add(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{space}"><threadedComment {comment} id="{first}"><text>Is this '
        f'so?</text></threadedComment><threadedComment {comment} parentId="{first}" '
        'id="{BBBBBBBB-2222-3333-4444-555555555555}"><text>It is.</text></threadedComment>'
        "</ThreadedComments>",
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    relation = f"{_MICROSOFT}/2017/10/relationships"
    package.relate("xl/workbook.xml", f"{relation}/person", "persons/person.xml")
    package.relate(
        package.sheets[sheet],
        f"{relation}/threadedComment",
        "../threadedComments/threadedComment1.xml",
    )


def pivot_table(package: Package, sheet: str) -> None:
    """Add a pivot table over A1:C9 of a sheet (Party × sum of Amount), at L1:M4."""
    years = "".join(f'<n v="{year}"/>' for year in (2020, 2021, 2022))
    package.add(
        "xl/pivotCache/pivotCacheDefinition1.xml",
        f'<pivotCacheDefinition xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships" r:id="rIdHand1" '
        'refreshedBy="Me" refreshedDate="45730" createdVersion="6" refreshedVersion="6" '
        'minRefreshableVersion="3" recordCount="8"><cacheSource type="worksheet"><worksheetSource '
        f'ref="A1:C9" sheet="{sheet.replace("&", "&amp;")}"/></cacheSource><cacheFields count="3">'
        '<cacheField name="Party" numFmtId="0"><sharedItems count="2"><s v="South"/><s v="North"/>'
        '</sharedItems></cacheField><cacheField name="Year" numFmtId="0"><sharedItems '
        'containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1" '
        f'minValue="2020" maxValue="2022" count="3">{years}</sharedItems></cacheField><cacheField '
        'name="Amount" numFmtId="0"><sharedItems containsSemiMixedTypes="0" containsString="0" '
        'containsNumber="1" minValue="10.25" maxValue="82"/></cacheField></cacheFields>'
        "</pivotCacheDefinition>",
        f"{_TYPES}.pivotCacheDefinition+xml",
    )
    records = "".join(
        f'<r><x v="{row % 2}"/><x v="{row % 3}"/><n v="{row * 10.25}"/></r>' for row in range(1, 9)
    )
    package.add(
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'<pivotCacheRecords xmlns="{_MAIN}" count="8">{records}</pivotCacheRecords>',
        f"{_TYPES}.pivotCacheRecords+xml",
    )
    package.relate(
        "xl/pivotCache/pivotCacheDefinition1.xml",
        f"{_OFFICE}/relationships/pivotCacheRecords",
        "pivotCacheRecords1.xml",
    )
    package.add(
        "xl/pivotTables/pivotTable1.xml",
        f'<pivotTableDefinition xmlns="{_MAIN}" name="Own pivot" cacheId="7" dataOnRows="0" '
        'applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0" '
        'applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="1" '
        'dataCaption="Values" updatedVersion="6" minRefreshableVersion="3" createdVersion="6" '
        'indent="0" outline="1" outlineData="1"><location ref="L1:M4" firstHeaderRow="1" '
        'firstDataRow="1" firstDataCol="1"/><pivotFields count="3"><pivotField axis="axisRow" '
        'showAll="0"><items count="3"><item x="1"/><item x="0"/><item t="default"/></items>'
        '</pivotField><pivotField showAll="0"/><pivotField dataField="1" showAll="0"/>'
        '</pivotFields><rowFields count="1"><field x="0"/></rowFields><rowItems count="3"><i><x/>'
        '</i><i><x v="1"/></i><i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems>'
        '<dataFields count="1"><dataField name="Sum of Amount" fld="2" baseField="0" '
        'baseItem="0"/></dataFields></pivotTableDefinition>',
        f"{_TYPES}.pivotTable+xml",
    )
    kind = f"{_OFFICE}/relationships"
    package.relate(
        "xl/pivotTables/pivotTable1.xml",
        f"{kind}/pivotCacheDefinition",
        "../pivotCache/pivotCacheDefinition1.xml",
    )
    package.relate(package.sheets[sheet], f"{kind}/pivotTable", "../pivotTables/pivotTable1.xml")
    name = package.relate(
        "xl/workbook.xml", f"{kind}/pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml"
    )
    caches = f'<pivotCaches><pivotCache cacheId="7" r:id="{name}"/></pivotCaches>'
    package.replace("xl/workbook.xml", r"(<calcPr[^>]*/>)", rf"\1{caches}")
    shown = [["Row Labels", "Sum of Amount"], ["North", 205], ["South", 164], ["Total", 369]]
    for row, line in enumerate(shown, 1):
        cells = "".join(
            f'<c r="{column}{row}"><v>{value}</v></c>'
            if isinstance(value, int)
            else f'<c r="{column}{row}" t="inlineStr"><is><t>{value}</t></is></c>'
            for column, value in zip("LM", line, strict=True)
        )
        package.replace(
            package.sheets[sheet], rf'(<row r="{row}"[^>]*>.*?)(</row>)', rf"\1{cells}\2"
        )


def custom_xml(package: Package) -> None:
    """Bind a document of the user's own to the workbook."""
    package.add("customXml/item1.xml", '<deal xmlns="urn:own"> <by/>\n<!-- kept --></deal>')
    package.add(
        "customXml/itemProps1.xml",
        '<ds:datastoreItem ds:itemID="{CCCCCCCC-2222-3333-4444-555555555555}" '
        f'xmlns:ds="{_OFFICE}/customXml"/>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    package.relate(
        "xl/workbook.xml", f"{_OFFICE}/relationships/customXml", "../customXml/item1.xml"
    )
    package.relate(
        "customXml/item1.xml", f"{_OFFICE}/relationships/customXmlProps", "itemProps1.xml"
    )


def external_link(package: Package, sheet: str) -> None:
    """Let a formula read a cell of another workbook, with the value that it had."""
    path = "xl/externalLinks/externalLink1.xml"
    package.add(
        path,
        f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_OFFICE}/relationships" '
        'r:id="rIdHand1"><sheetNames><sheetName val="Data"/></sheetNames><sheetDataSet><sheetData '
        'sheetId="0"><row r="1"><cell r="A1"><v>12.5</v></cell></row></sheetData></sheetDataSet>'
        "</externalBook></externalLink>",
        f"{_TYPES}.externalLink+xml",
    )
    package.relate(
        path,
        f"{_OFFICE}/relationships/externalLinkPath",
        "file:///C:/Own%20papers/rates.xlsx",
        ' TargetMode="External"',
    )
    name = package.relate(
        "xl/workbook.xml",
        f"{_OFFICE}/relationships/externalLink",
        "externalLinks/externalLink1.xml",
    )
    links = f'<externalReferences><externalReference r:id="{name}"/></externalReferences>'
    package.replace("xl/workbook.xml", r"(</sheets>)", rf"\1{links}")
    cell = '<c r="J6"><f>[1]Data!A1*2</f><v>25</v></c>'
    package.replace(package.sheets[sheet], r'(<row r="6"[^>]*>.*?)(</row>)', rf"\1{cell}\2")


def printer_settings(package: Package, sheet: str) -> None:
    """Keep what a printer driver wanted, as Excel does."""
    package.known_as("bin", f"{_TYPES}.printerSettings")
    number = sum(path.startswith("xl/printerSettings/") for path in package.parts) + 1
    path = f"xl/printerSettings/printerSettings{number}.bin"
    package.add(path, bytes(range(256)) * 3, f"{_TYPES}.printerSettings")
    part = package.sheets[sheet]
    name = package.relate(
        part, f"{_OFFICE}/relationships/printerSettings", f"../{path.removeprefix('xl/')}"
    )
    if "<pageSetup " in package.text(part):
        package.replace(part, r"<pageSetup ([^>]*?)/>", rf'<pageSetup \1 r:id="{name}"/>')
    else:
        package.replace(
            part,
            r"(<pageMargins [^>]*/>)",
            rf'\1<pageSetup orientation="portrait" r:id="{name}"/>',
        )


def form_control(package: Package, sheet: str) -> None:
    """Put a drop-down of the Forms toolbar on a sheet, as Excel 2010 and later writes it."""
    extra = f"{_MICROSOFT}/spreadsheetml/2009/9/main"
    package.add(
        "xl/ctrlProps/ctrlProp1.xml",
        f'<formControlPr xmlns="{extra}" objectType="Drop" dropLines="8" fmlaLink="$J$1" '
        'fmlaRange="$A$2:$A$9" sel="2" val="0"/>',
        "application/vnd.ms-excel.controlproperties+xml",
    )
    part = package.sheets[sheet]
    name = package.relate(part, f"{_OFFICE}/relationships/ctrlProp", "../ctrlProps/ctrlProp1.xml")
    control = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
        f'2006"><mc:Choice Requires="x14" xmlns:x14="{extra}"><controls><mc:AlternateContent>'
        f'<mc:Choice Requires="x14"><control shapeId="9001" r:id="{name}" name="Drop Down 1">'
        '<controlPr defaultSize="0" autoLine="0" autoPict="0"><anchor><from><xdr:col xmlns:xdr='
        '"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">1</xdr:col></from>'
        "</anchor></controlPr></control></mc:Choice></mc:AlternateContent></controls></mc:Choice>"
        "</mc:AlternateContent>"
    )
    package.put_before(part, "</worksheet>", control)


def phonetics(package: Package, text: str, sound: str) -> None:
    """Give a shared string its reading, as Japanese Excel does."""
    package.replace(
        "xl/sharedStrings.xml",
        rf"<si><t>{text}</t></si>",
        f'<si><t>{text}</t><rPh sb="0" eb="2"><t>{sound}</t></rPh><phoneticPr fontId="1"/></si>',
    )


def shared_formulas(package: Package, sheet: str) -> None:
    """Fill a formula down a column, as Excel stores it: the first cell has it, the rest refer."""
    for row in range(2, 10):
        formula = (
            '<f t="shared" ref="D2:D9" si="0">C2*2</f>' if row == 2 else '<f t="shared" si="0"/>'
        )
        cell = f'<c r="D{row}">{formula}<v>{(row - 1) * 20.5}</v></c>'
        package.replace(
            package.sheets[sheet],
            rf'(<row r="{row}"[^>]*>.*?<c r="C{row}".*?</c>)',
            rf"\1{cell}",
        )


def extensions(package: Package, sheet: str) -> None:
    """Add what no program of today knows: an extension of a sheet, and one of the workbook."""
    known = (
        '<ext uri="{DDDDDDDD-2222-3333-4444-555555555555}" xmlns:own="urn:own">'
        '<own:kept a="&lt;>"/></ext>'
    )
    part = package.sheets[sheet]
    assert "<extLst>" not in package.text(part)
    package.put_before(part, "</worksheet>", f"<extLst>{known}</extLst>")
    package.put_before("xl/workbook.xml", "</workbook>", f"<extLst>{known}</extLst>")


def calculation_chain(package: Package) -> None:
    """List every formula in the order of calculation, as Excel keeps it."""
    cells = []
    for number, part in enumerate(package.sheets.values(), 1):
        for at, found in untouched.take_apart(package.parts[part]).cells.items():
            if b"<f" in found[0]:
                cells.append(f'<c r="{untouched.reference(at)}" i="{number}"/>')
    package.add(
        "xl/calcChain.xml",
        f'<calcChain xmlns="{_MAIN}">{"".join(cells)}</calcChain>',
        f"{_TYPES}.calcChain+xml",
    )
    package.relate("xl/workbook.xml", f"{_OFFICE}/relationships/calcChain", "calcChain.xml")
