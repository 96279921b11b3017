"""The memo as a Word document, with the styles, headers and table rows that an editor expects."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from mcda.memo.content import Block, Bullets, Column, Content, Paragraph, Section, Table

if TYPE_CHECKING:
    from docx.document import Document

FONT = "Arial"
"""On every Windows and macOS; elsewhere Liberation Sans stands in with the same widths."""
PAGE = (210.0, 297.0)
"""A4, in millimetres."""
MARGIN = 20.0
TEXT_SIZE, TABLE_SIZE, SMALL_SIZE = 9.5, 8.0, 8.0
LETTER = 1.7
"""Width of a letter of a table, in millimetres, with something to spare for bold ones."""
CELL_ROOM = 3.6
"""Millimetres that a cell loses at its two sides."""
WIDEST_WORD = 34.0
"""Millimetres beyond which a word may be broken."""
MOST_ROWS_TOGETHER = 12
"""Rows up to which a table is kept on one page."""
HEADER_SHADE = "E8ECF1"
STRONG_SHADE = "F4F1E4"
RULE = "9AA3AD"


def write_docx(memo: Content) -> bytes:
    """Return the memo as the bytes of a .docx file."""
    import docx

    document: Document = docx.Document()
    _page(document)
    _styles(document)
    _properties(document, memo)
    _marking(document, memo)
    document.add_paragraph(memo.title, style="Title")
    for label, text in memo.facts:
        line = document.add_paragraph(style="Memo Fact")
        line.add_run(f"{label}\t").bold = True
        line.add_run(text)
    for section in memo.sections:
        _section(document, section)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _page(document: Document) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin, section.bottom_margin = Mm(19), Mm(18)
    section.header_distance = section.footer_distance = Mm(9)


def _styles(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm, Pt, RGBColor

    styles = document.styles
    dark = RGBColor(0x1F, 0x2A, 0x38)

    def look(
        name: str, size: float, *, before: float, after: float, bold: bool = False, base: str = ""
    ) -> Any:
        if base:
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles[base]
        else:
            style = styles[name]
        style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
        _all_scripts(style)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(before), Pt(after)
        return style

    look("Normal", TEXT_SIZE, before=0, after=4)
    styles["Normal"].paragraph_format.line_spacing = 1.05
    title = look("Title", 17, before=0, after=6, bold=True)
    heading = look("Heading 1", 11.5, before=9, after=3, bold=True)
    for style in (title, heading):
        style.font.color.rgb = dark
        style.paragraph_format.keep_with_next = True
    _without_border(title)
    look("List Bullet", TEXT_SIZE, before=0, after=2)
    look("Caption", 9, before=4, after=2, bold=True).paragraph_format.keep_with_next = True
    styles["Caption"].font.color.rgb = dark
    fact = look("Memo Fact", TEXT_SIZE, before=0, after=1, base="Normal")
    fact.paragraph_format.left_indent = Mm(22)
    fact.paragraph_format.first_line_indent = Mm(-22)
    fact.paragraph_format.tab_stops.add_tab_stop(Mm(22))
    lead = look("Memo Bottom Line", 10.5, before=2, after=4, base="Normal")
    lead.font.color.rgb = dark
    look("Memo Small", SMALL_SIZE, before=1, after=1, base="Normal")
    look("Memo Cell", TABLE_SIZE, before=1, after=1, base="Normal")
    styles["Memo Cell"].paragraph_format.line_spacing = 1.0
    look("Memo Small Bullet", SMALL_SIZE, before=0, after=1, base="List Bullet")


def _all_scripts(style: Any) -> None:
    """Set the font for all scripts: Word keeps one for each, and the template's would stay."""
    from docx.oxml.ns import qn

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _without_border(style: Any) -> None:
    from docx.oxml.ns import qn

    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        return


def _properties(document: Document, memo: Content) -> None:
    properties = document.core_properties
    properties.title = memo.title[:255]
    properties.subject = f"Memo to {memo.audience}"[:255]
    properties.category = (memo.marking or "")[:255]
    properties.keywords = f"inputs {memo.fingerprint}"
    properties.comments = (memo.marking or "")[:255]
    properties.author = "mcda"
    properties.last_modified_by = "mcda"
    properties.language = "en-GB"
    # The template's own date would be that of its making, years ago.
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)


def _marking(document: Document, memo: Content) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section = document.sections[0]
    for place in (section.header, section.footer):
        paragraph = place.paragraphs[0]
        paragraph.style = document.styles["Memo Small"]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if memo.marking:
            paragraph.add_run(memo.marking).bold = True
    last = section.footer.add_paragraph(style="Memo Small")
    last.alignment = WD_ALIGN_PARAGRAPH.CENTER
    last.add_run(f"{memo.title} · to {memo.audience} · page ")
    _field(last, "PAGE")
    last.add_run(" of ")
    _field(last, "NUMPAGES")


def _field(paragraph: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _section(document: Document, section: Section) -> None:
    prefix = "Annex: " if section.annex else ""
    document.add_heading(f"{prefix}{section.heading}", level=1)
    for block, after in zip_longest(section.blocks, section.blocks[1:]):
        _block(document, block)
        if isinstance(block, Paragraph) and isinstance(after, Bullets):
            # What leads into a list stays with it.
            document.paragraphs[-1].paragraph_format.keep_with_next = True


def _block(document: Document, block: Block) -> None:
    if isinstance(block, Paragraph):
        style = {"lead": "Memo Bottom Line", "plain": "Normal", "small": "Memo Small"}
        document.add_paragraph(block.text, style=style[block.weight])
    elif isinstance(block, Bullets):
        for item in block.items:
            document.add_paragraph(
                item, style="Memo Small Bullet" if block.small else "List Bullet"
            )
    else:
        _table(document, block)


def _table(document: Document, table: Table) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    document.add_paragraph(table.caption, style="Caption")
    grid = document.add_table(rows=0, cols=len(table.columns))
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    _rules(grid)
    widths = [Mm(width) for width in _widths(table)]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    right = [column.align == "right" for column in table.columns]
    head = grid.add_row()
    _repeat(head)
    _fill(document, head, [column.title for column in table.columns], right, widths, bold=True)
    _shade(head, HEADER_SHADE)
    for index, texts in enumerate(table.rows):
        row = grid.add_row()
        _fill(document, row, texts, right, widths, bold=index in table.strong)
        if index in table.strong:
            _shade(row, STRONG_SHADE)
        if index < len(table.rows) - 1 and len(table.rows) <= MOST_ROWS_TOGETHER:
            _with_next(row)
    if len(table.rows) <= MOST_ROWS_TOGETHER:
        _with_next(head)
    for note in table.notes:
        document.add_paragraph(note, style="Memo Small")


def _widths(table: Table) -> list[float]:
    """Return column widths in millimetres: room for the longest word, the rest by share."""
    text_width = PAGE[0] - 2 * MARGIN
    least = [
        min(
            WIDEST_WORD,
            CELL_ROOM
            + LETTER * max(len(word) for text in texts for word in (text.split() or [""])),
        )
        for texts in zip([column.title for column in table.columns], *table.rows, strict=True)
    ]
    while sum(least) > text_width:
        # Long words give way first, so that numbers stay whole as long as they can.
        widest = max(least)
        least = [min(width, 0.95 * widest) for width in least]
    spare = text_width - sum(least)
    wishes = [
        max(0.0, column.width - width)
        for column, width in zip(_shared(table, text_width), least, strict=True)
    ]
    total = sum(wishes) or 1.0
    return [width + spare * wish / total for width, wish in zip(least, wishes, strict=True)]


def _shared(table: Table, text_width: float) -> list[Column]:
    total = sum(column.width for column in table.columns)
    return [replace(column, width=text_width * column.width / total) for column in table.columns]


def _fill(
    document: Document,
    row: Any,
    texts: Sequence[str],
    right: Sequence[bool],
    widths: Sequence[Any],
    *,
    bold: bool,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _unsplit(row)
    for cell, text, to_right, width in zip(row.cells, texts, right, widths, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.style = document.styles["Memo Cell"]
        paragraph.add_run(text).bold = bold
        if to_right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _with_next(row: Any) -> None:
    for cell in row.cells:
        cell.paragraphs[0].paragraph_format.keep_with_next = True


def _mark_row(row: Any, tag: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _repeat(row: Any) -> None:
    _mark_row(row, "w:tblHeader")


def _unsplit(row: Any) -> None:
    _mark_row(row, "w:cantSplit")


def _shade(row: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for cell in row.cells:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), colour)
        cell._tc.get_or_add_tcPr().append(shade)


def _rules(grid: Any) -> None:
    """Draw thin lines between rows and none between columns, and give the cells room."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = grid._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    properties.append(borders)
    room = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "90")
        margin.set(qn("w:type"), "dxa")
        room.append(margin)
    properties.append(room)
