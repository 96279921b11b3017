"""Random sheets in every way of writing them, patched, against a slow twin over ElementTree.

The twin reads the whole sheet before and after: the cells that were set hold what was asked for,
and every other cell is the element that it was.
"""

from __future__ import annotations

import io
import random
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcda.problems import CaseProblem
from mcda.workbook.cells import Fault, unescape
from mcda.workbook.layout import column_letters
from mcda.workbook.patch import Edit, Formula, Result, Unproven, patch
from tests.workbook.small_book import MAIN, SHEET, book, part

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "_x0041_",
        "_x000D_",
        " ",
        "\r\n",
        "<f>",
        "]]>",
        "&amp;",
        "=1",
        "\x00",
        "\uffff",
        "😀",
        "_x_x0041_",
    ]
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, max_value=9e307, min_value=-9e307)
SCALARS = NUMBERS | TEXTS | st.booleans() | st.none() | st.integers(-(2**53), 2**53)
VALUES = SCALARS | st.builds(Formula, st.sampled_from(["A1", "1<2", '"x"&"y"']), SCALARS)
EDITS = st.dictionaries(
    st.tuples(st.integers(0, 9), st.integers(0, 9)), VALUES, min_size=1, max_size=12
)


class Writer:
    """Writes a random sheet in one of the many ways that the format allows."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.prefix = self.draw.choice(["", "", "x:"])
        self.numbered = self.draw.random() < 0.7
        self.gap = self.draw.choice(["", "", "\n  "])
        self.formulas: set[tuple[int, int]] = set()

    def sheet(self) -> str:
        p, draw = self.prefix, self.draw
        name = f"xmlns:{p[:-1]}" if p else "xmlns"
        rows = sorted(draw.sample(range(10), draw.randint(0, 6)))
        if not self.numbered:
            rows = list(range(len(rows)))
        body = "".join(self.row(row) for row in rows)
        dimension = f'<{p}dimension ref="A1:J10"/>' if draw.random() < 0.5 else ""
        data = f"<{p}sheetData>{body}{self.gap}</{p}sheetData>" if body else f"<{p}sheetData/>"
        return f'<{p}worksheet {name}="{MAIN}">{dimension}{data}<{p}pageMargins/></{p}worksheet>'

    def row(self, row: int) -> str:
        p, draw = self.prefix, self.draw
        columns = sorted(draw.sample(range(10), draw.randint(0, 6)))
        if not self.numbered:
            columns = list(range(len(columns)))
        cells = "".join(self.cell(row, column) for column in columns)
        number = f' r="{row + 1}"' if self.numbered or draw.random() < 0.3 else ""
        spans = ' spans="1:10"' if draw.random() < 0.3 else ""
        comment = draw.choice(["", "", f"<!-- <{p}c r='A1'> -->", "<?p <row> ?>"])
        if not cells and draw.random() < 0.5:
            return f"{self.gap}<{p}row{number}{spans}/>"
        return f"{self.gap}<{p}row{number}{spans}>{comment}{cells}{self.gap}</{p}row>"

    def cell(self, row: int, column: int) -> str:
        p, draw = self.prefix, self.draw
        place = f"{column_letters(column)}{row + 1}"
        tag = f' r="{place}"' if self.numbered or draw.random() < 0.3 else ""
        tag += draw.choice(["", ' s="3"', " s='5' "])
        kind, inside = draw.choice(
            [
                ("", ""), ("", "<v>1.5</v>"), ("", "<v>1E3</v>"), ("s", "<v>1</v>"),
                ("b", "<v>1</v>"), ("e", "<v>#N/A</v>"), ("str", "<v>a &amp; b</v>"),
                ("inlineStr", "<is><t> x </t></is>"), ("str", "<f>A1</f><v>t</v>"),
                ("", "<f ca='1'>A1 &lt; 2</f><v>7</v>"), ("", "<f>B1</f>"),
                ("", "<v>2</v><extLst><ext uri='u'/></extLst>"), ("n", "<v>3</v>"),
            ]
        )  # fmt: skip
        if "<f" in inside:
            self.formulas.add((row, column))
        tag += f' t="{kind}"' if kind else ""
        inside = inside.replace("<", f"<{p}").replace(f"<{p}/", f"</{p}")
        if not inside:
            return f"<{p}c{tag}/>"
        return f"{self.gap}<{p}c{tag}>{inside}</{p}c>"


def twin(xml: str) -> dict[tuple[int, int], ElementTree.Element]:
    """Every cell of a sheet by its place, the slow way."""
    found = {}
    row_number = -1
    for row in ElementTree.fromstring(xml).iter(f"{{{MAIN}}}row"):
        row_number = int(row.get("r", row_number + 2)) - 1
        column = -1
        for cell in row.iter(f"{{{MAIN}}}c"):
            place = cell.get("r")
            column = column + 1 if place is None else ord(place[0]) - 65
            found[row_number, column] = cell
    return found


def value(cell: ElementTree.Element | None) -> Any:
    if cell is None:
        return None
    kind, raw = cell.get("t", "n"), cell.findtext(f"{{{MAIN}}}v")
    if kind == "inlineStr":
        return unescape("".join(cell.find(f"{{{MAIN}}}is").itertext())) or None
    if raw is None:
        return None
    if kind == "n":
        return float(raw)
    if kind == "s":
        return ["first", "two runs", None][int(raw)]
    return {"b": raw == "1", "str": unescape(raw) or None, "e": Fault(raw)}[kind]


def same(one: ElementTree.Element, other: ElementTree.Element) -> bool:
    one.tail = other.tail = None
    return ElementTree.tostring(one) == ElementTree.tostring(other)


def check(seed: int, edits: dict[tuple[int, int], Any]) -> None:
    writer = Writer(seed)
    sheet = writer.sheet()
    data = book(sheet)
    asked = [
        Edit("S", *spot, Result(to) if spot in writer.formulas and seed % 2 and not
             isinstance(to, Formula) else to)
        for spot, to in edits.items()
    ]  # fmt: skip
    done = patch(data, asked, "random.xlsx")
    assert patch(done, asked, "random.xlsx") == done
    before, after = twin(part(data)), twin(part(done))
    assert before.keys() <= after.keys()
    for spot, cell in after.items():
        if spot not in edits:
            assert same(before[spot], cell)
    for edit in asked:
        spot, to = (edit.row, edit.column), edit.to
        cell, old = after.get(spot), before.get(spot)
        formula = None if cell is None else cell.findtext(f"{{{MAIN}}}f")
        wanted = edit.value if edit.value != "" else None
        assert value(cell) == wanted
        assert isinstance(value(cell), bool) == isinstance(wanted, bool)
        if isinstance(to, Formula):
            assert formula == to.text
        elif isinstance(to, Result):
            assert formula == old.findtext(f"{{{MAIN}}}f")
        else:
            assert formula is None
        if old is not None:
            assert cell.get("s") == old.get("s")
            assert (cell.find(f"{{{MAIN}}}extLst") is None) == (
                old.find(f"{{{MAIN}}}extLst") is None
            )
    order = list(after)
    assert order == sorted(order)


FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=3_000)


@FEW
@given(st.integers(0, 10**6), EDITS)
def test_random_edits_of_random_sheets(seed: int, edits: dict[tuple[int, int], Any]) -> None:
    check(seed, edits)


@pytest.mark.long
@MANY
@given(st.integers(0, 10**6), EDITS)
def test_many_random_edits_of_random_sheets(seed: int, edits: dict[tuple[int, int], Any]) -> None:
    check(seed, edits)


def damaged(seed: int, *, inside: bool) -> bytes:
    """A workbook with some bytes exchanged, in the sheet's XML or in the zip."""
    draw = random.Random(seed)
    sheet = bytearray(Writer(seed).sheet().encode())
    signs = b"<>/\"'&;= crfvist:!-[]?\0\xff0123456789"

    def spoil(bytes_: bytearray) -> bytes:
        for _ in range(draw.randint(1, 4)):
            at = draw.randrange(len(bytes_))
            way = draw.randrange(3)
            if way == 0:
                bytes_[at] = draw.choice(signs)
            elif way == 1:
                del bytes_[at : at + draw.randint(1, 9)]
            else:
                start = draw.randrange(len(bytes_))
                bytes_[at:at] = bytes_[start : start + draw.randint(1, 40)]
        return bytes(bytes_)

    return book(spoil(sheet)) if inside else spoil(bytearray(book(bytes(sheet))))


def survives(seed: int, inside: bool) -> None:
    """A damaged file is refused in words, or patched and read back."""
    data = damaged(seed, inside=inside)
    edits = [Edit("S", seed % 7, seed % 5, 4.25), Edit("S", 11, 3, "new")]
    try:
        done = patch(data, edits, "damaged.xlsx")
    except Unproven:
        raise  # the write was wrong, and only the proof saw it
    except CaseProblem:
        return
    with zipfile.ZipFile(io.BytesIO(done)) as archive:
        ElementTree.fromstring(archive.read(SHEET))
    assert patch(done, edits, "damaged.xlsx") == done


@pytest.mark.parametrize("inside", [True, False])
def test_damaged_files_are_refused_or_patched(inside: bool) -> None:
    for seed in range(60):
        survives(seed, inside)


@pytest.mark.long
@pytest.mark.parametrize("inside", [True, False])
def test_many_damaged_files_are_refused_or_patched(inside: bool) -> None:
    for seed in range(60, 2_000):
        survives(seed, inside)
