"""Workbooks written by hand for tests: one sheet's XML as given, and what must be around it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import load_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"

STYLES = (
    f'<styleSheet xmlns="{MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="170" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="6"><xf fontId="0" fillId="0" borderId="0" numFmtId="0"/>'  # 0 plain
    '<xf fontId="0" fillId="0" borderId="0" numFmtId="170"/>'  # 1 date
    '<xf fontId="0" fillId="0" borderId="0" numFmtId="22"/>'  # 2 date and time
    '<xf fontId="1" fillId="0" borderId="0" numFmtId="0"/>'  # 3 bold
    '<xf fontId="0" fillId="0" borderId="0" numFmtId="0" applyProtection="1">'
    '<protection locked="0"/></xf>'  # 4 unlocked
    '<xf fontId="0" fillId="0" borderId="0" numFmtId="2"/>'  # 5 two decimals
    '</cellXfs><cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def book(
    sheet: str | bytes,
    *,
    workbook: str = "",
    date1904: bool = False,
    namespace: str = MAIN,
    sheet_relations: str = "",
    workbook_relations: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a workbook.

    Args:
        sheet: the whole part of the sheet ``S``.
        workbook: what follows ``sheets`` in the workbook's part.
        date1904: the workbook's epoch.
        namespace: that of the workbook's part.
        sheet_relations: the sheet's relations.
        workbook_relations: those of the workbook besides sheet, styles and strings.
        parts: more parts.
    """
    epoch = '<workbookPr date1904="1"/>' if date1904 else ""
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/'
            'vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            '<Override PartName="/xl/calcChain.xml" ContentType="application/'
            'vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'
        ),
        "_rels/.rels": relations(f'<Relationship Id="w" Type="{RELATED}/officeDocument" '
                                 'Target="xl/workbook.xml"/>'),
        "xl/workbook.xml": (
            f'<workbook xmlns="{namespace}" xmlns:r="{RELATED}">{epoch}<sheets>'
            f'<sheet name="S" sheetId="7" r:id="s1"/></sheets>{workbook}</workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            f'<Relationship Id="s1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="st" Type="{RELATED}/styles" Target="styles.xml"/>'
            f'<Relationship Id="ss" Type="{RELATED}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            + workbook_relations
        ),
        SHEET: sheet,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": (
            f'<sst xmlns="{MAIN}"><si><t>first</t></si>'
            "<si><r><t xml:space='preserve'>two </t></r><r><rPr><b/></rPr><t>runs</t></r>"
            "<rPh sb=\"0\" eb=\"1\">"
            "<t>hint</t></rPh></si><si><t/></si></sst>"
        ),
        **(parts or {}),
    }  # fmt: skip
    if sheet_relations:
        content["xl/worksheets/_rels/sheet1.xml.rels"] = relations(sheet_relations)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 2, 2, 2, 2, 2)), part)
    return stream.getvalue()


def relations(inner: str) -> str:
    """Return a part of relations."""
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def worksheet(rows: str, *, before: str = "", after: str = "") -> str:
    """Return a sheet's part with these rows."""
    return (
        f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATED}">{before}<sheetData>{rows}</sheetData>'
        f"{after}</worksheet>"
    )


def part(data: bytes, name: str = SHEET) -> str:
    """Return a part as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def opened(data: bytes, sheet: str = "S", *, values: bool = False) -> Any:
    """Return the sheet as openpyxl reads it."""
    return load_workbook(io.BytesIO(data), data_only=values)[sheet]
