"""The memo's forms: Markdown that reads as text, Word with the structure that editors expect."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

import mcda
from mcda.json_form import case_from_data
from mcda.memo import Bullets, Memo, Paragraph, Table, memo
from tests.case_strategy import random_case

CEASEFIRE = Path(mcda.__file__).parent / "examples" / "ceasefire_talks.json"


@pytest.fixture(scope="module")
def written() -> Memo:
    return memo(mcda.read(CEASEFIRE), audience="United States")


@pytest.fixture(scope="module")
def document(written):
    return docx.Document(io.BytesIO(written.docx()))


# --- Word


def test_headings_are_real_and_in_order(written, document):
    styles = [
        (paragraph.style.name, paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style.name.startswith(("Title", "Heading"))
    ]
    assert styles[0] == ("Title", written.title)
    expected = [
        f"Annex: {section.heading}" if section.annex else section.heading
        for section in written.sections
    ]
    assert [text for _, text in styles[1:]] == expected
    assert {style for style, _ in styles[1:]} == {"Heading 1"}


def test_everything_said_is_in_the_document(written, document):
    found = {paragraph.text for paragraph in document.paragraphs}
    tables = iter(document.tables)
    for section in written.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                assert block.text in found
            elif isinstance(block, Bullets):
                assert set(block.items) <= found
            else:
                rows = [[cell.text for cell in row.cells] for row in next(tables).rows]
                assert rows[0] == [column.title for column in block.columns]
                assert rows[1:] == [list(row) for row in block.rows]
                assert {block.caption, *block.notes} <= found


def test_what_leads_into_a_list_stays_with_it(document):
    texts = [paragraph.text for paragraph in document.paragraphs]
    at = texts.index("What each counterpart would say")
    heading, lead, first = document.paragraphs[at : at + 3]
    assert heading.style.paragraph_format.keep_with_next
    assert lead.paragraph_format.keep_with_next
    assert first.style.name == "List Bullet"


def test_header_rows_repeat_and_rows_do_not_split(document):
    for grid in document.tables:
        head, *rows = grid.rows
        assert head._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in rows)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in grid.rows)


def test_numbers_are_right_aligned_and_columns_fit_the_page(written, document):
    blocks = [
        item for section in written.sections for item in section.blocks if isinstance(item, Table)
    ]
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for block, grid in zip(blocks, document.tables, strict=True):
        for row in grid.rows:
            # A width is kept in whole twips, 635 to a unit of the page.
            assert sum(cell.width for cell in row.cells) <= room + 635 * len(row.cells)
            for cell, column in zip(row.cells, block.columns, strict=True):
                aligned = str(cell.paragraphs[0].alignment or "LEFT")
                assert column.align.upper() in aligned


def test_paper_marking_pages_and_properties(written, document):
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for place in (section.header, section.footer):
        assert place.paragraphs[0].text == written.marking
    fields = [field.get(qn("w:instr")) for field in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert document.core_properties.title == written.title
    assert document.core_properties.category == written.marking
    assert written.fingerprint in document.core_properties.keywords


def test_no_part_names_this_machine_or_a_person(written):
    with zipfile.ZipFile(io.BytesIO(written.docx())) as archive:
        for name in archive.namelist():
            assert b"python-docx" not in archive.read(name) or name == "docProps/thumbnail.jpeg"


# --- Markdown


def test_markdown_has_the_same_sections(written):
    text = written.markdown()
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert [heading.removeprefix("Annex: ") for heading in headings] == [
        section.heading for section in written.sections
    ]
    assert text.startswith(f"**{written.marking}**\n\n# {written.title}\n")
    assert text.endswith(f"**{written.marking}**\n")


def test_markdown_tables_are_aligned(written):
    for block in re.findall(r"(?:^\|.*\n)+", written.markdown(), flags=re.MULTILINE):
        lines = block.splitlines()
        assert len({len(line) for line in lines}) == 1
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1


def test_markdown_lines_outside_tables_are_short(written):
    for line in written.markdown().splitlines():
        assert len(line) <= 90 or line.startswith(("|", "Purpose: ", "**"))


def test_the_same_case_gives_the_same_text(written):
    assert memo(mcda.read(CEASEFIRE), audience="United States").markdown() == written.markdown()
    assert str(written) == written.markdown()


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def unescaped(text: str) -> str:
    return re.sub(r"\\([\\`*|<_~\[])", r"\1", text)


@pytest.mark.parametrize("seed", range(40))
def test_names_that_bite_break_neither_form(seed):
    case = case_from_data(random_case(seed))
    written = memo(case, audience=case.party_names[-1])
    text = written.markdown()
    tables = [
        item for section in written.sections for item in section.blocks if isinstance(item, Table)
    ]
    found = re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)
    assert len(found) == len(tables)
    for block, lines in zip(tables, found, strict=True):
        rows = [cells(line) for line in lines.splitlines()[2:]]
        for row, shown in zip(block.rows, rows, strict=True):
            bare = [unescaped(cell) for cell in shown]
            assert [cell.strip("*") for cell in bare] == [cell.strip("* ") for cell in row]
    docx.Document(io.BytesIO(written.docx()))


def test_writing_by_the_ending(written, tmp_path):
    assert written.write(tmp_path / "memo.md").read_text(encoding="utf-8") == written.markdown()
    assert written.write(tmp_path / "memo.DOCX").read_bytes()[:2] == b"PK"
    with pytest.raises(ValueError, match=r"\.docx or \.md"):
        written.write(tmp_path / "memo.pdf")
    assert not (tmp_path / "memo.pdf").exists()
