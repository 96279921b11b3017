"""A workbook full of a user's own things stays what it was, but for our cells, however often."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mcda.canonical import canonical_json
from mcda.case import CaseProblem
from mcda.workbook import layout
from mcda.workbook.read import case_from_workbook
from mcda.workbook.sync import synced
from tests.office import Office
from tests.workbook import foreign, untouched
from tests.workbook.full_books import ANALYSIS, OWN_SHEETS, case_named, full_book
from tests.workbook.untouched import At
from tests.workbook.user_edits import User

WHEN = "2025-03-14 09:26"
FEATURES = (
    "xl/charts/", "xl/chartsheets/", "xl/comments", "xl/ctrlProps/", "xl/drawings/",
    "xl/drawings/vmlDrawing", "xl/externalLinks/", "xl/media/", "xl/metadata.xml", "xl/persons/",
    "xl/pivotCache/", "xl/pivotTables/", "xl/printerSettings/", "xl/richData/", "xl/tables/",
    "xl/threadedComments/", "customXml/", "docProps/custom.xml", "xl/calcChain.xml",
)  # fmt: skip
IN_SHEETS = (
    "x14:dataBar", "x14:sparklineGroup", "<dataValidation ", "<controls>", "legacyDrawingHF",
    't="shared"', 't="array"', "<picture ", "<autoFilter ", "<mergeCell ", "<ignoredError",
    "r:id=", "<rowBreaks", "outlineLevel", "<extLst>", "<sheetProtection", 'cm="1"', 'vm="1"',
)  # fmt: skip


@dataclass
class Work:
    """A workbook on its way through syncs, and what the program said it wrote."""

    name: str
    data: bytes
    written: dict[str, set[At]] = field(default_factory=dict)
    by_user: dict[str, set[At]] = field(default_factory=dict)
    rounds: int = 0
    refused: int = 0
    cases: set[bytes] = field(default_factory=set)

    def sync(self) -> None:
        """Sync, and hold the program to what it says that it changed."""
        result = synced(self.data, self.name, when=WHEN)
        places: dict[str, set[At]] = {}
        for change in result.changes:
            places.setdefault(change.sheet, set()).add((change.row, change.column))
        assert untouched.differences(self.data, result.data, places) == []
        _only_ours(self.data, result.data, places)
        for sheet, at in places.items():
            self.written.setdefault(sheet, set()).update(at)
        self.data = result.data
        self.cases.add(canonical_json(result.case))

    def round(self, user: User) -> None:
        """Let the user work, and sync; what makes no case the user takes back."""
        data, changed = user.saved(self.data)
        try:
            case_from_workbook(data, self.name)
        except CaseProblem:
            self.refused += 1
            return
        self.data, self.rounds = data, self.rounds + 1
        for change in changed:
            self.by_user.setdefault(change.sheet, set()).add(change.at)
        self.sync()


def _only_ours(old: bytes, new: bytes, places: dict[str, set[At]]) -> None:
    """No cell of the user's is written; of a live formula nothing but its result."""
    assert not set(places) & set(OWN_SHEETS)
    before, after = untouched.contents(old), untouched.contents(new)
    for sheet, at in places.items():
        part = untouched.sheet_parts(before)[sheet]
        was = untouched.take_apart(before[part]).cells
        now = untouched.take_apart(after[part]).cells
        for place in at:
            _held(sheet, place, was.get(place, [b""])[0], now.get(place, [b""])[0])


def _held(sheet: str, place: At, old: bytes, new: bytes) -> None:
    """Compare what a written cell must keep: its formula, its style, any content on Log."""
    where = f"{sheet}!{untouched.reference(place)}"
    formula = re.compile(rb"<f.*?(?:/>|</f>)", re.DOTALL)
    assert formula.findall(old) == formula.findall(new), where
    assert sheet not in layout.INPUT_SHEETS or formula.search(old), f"{where} is an input"
    if old:
        style = re.compile(rb'^<c[^>]*?\ss="(\d+)"')
        assert style.findall(old) == style.findall(new), where
    if sheet == layout.LOG and b"<f" not in old:
        assert not re.search(rb"<v>|<is>", old), f"{where} held something"


@pytest.fixture(params=["small", pytest.param("wages", marks=pytest.mark.long)])
def work(request: pytest.FixtureRequest) -> Work:
    return Work("talks.xlsx", full_book(request.param, room=1))


def test_the_books_are_full_and_still_the_case() -> None:
    for name, macros in (("small", False), ("small", True), ("wages", False)):
        data = full_book(name, macros=macros)
        parts = untouched.contents(data)
        sheets = b"".join(parts[part] for part in untouched.sheet_parts(parts).values()).decode()
        assert [f for f in FEATURES if not any(part.startswith(f) for part in parts)] == []
        assert [text for text in IN_SHEETS if text not in sheets] == []
        assert ("xl/vbaProject.bin" in parts) is macros
        assert "<rPh " in parts["xl/sharedStrings.xml"].decode()
        assert case_from_workbook(data, "talks.xlsx") == case_named(name)


def test_a_sync_changes_nothing_but_our_cells(work: Work) -> None:
    """Five syncs after a user's changes; a second sync without a change gives the same bytes."""
    first, user = work.data, User(1)
    work.sync()
    for _ in range(4):
        work.round(user)
    assert len(work.cases) > 1
    assert synced(work.data, work.name, when="later").data == work.data
    whole(first, work)


def test_macros_and_calculation_order_stay() -> None:
    work = Work("talks.xlsm", full_book("small", macros=True, room=1))
    first = work.data
    work.round(User(2))
    whole(first, work)


@pytest.mark.long
@pytest.mark.office
@pytest.mark.parametrize(("name", "rounds"), [("small", 100), ("ceasefire", 15)])
def test_a_hundred_syncs_change_nothing_but_our_cells(
    name: str, rounds: int, office: Office, tmp_path: Path
) -> None:
    work = Work("talks.xlsm", full_book(name, macros=True))
    first, user = work.data, User(3)
    work.sync()
    while work.rounds < rounds:
        work.round(user)
        assert work.refused < 100
    whole(first, work)
    shows_what_is_computed(work, office, tmp_path)


@pytest.fixture(scope="module")
def resaved(office: Office, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The full workbook, charts and notes and all, as LibreOffice saves it."""
    folder = tmp_path_factory.mktemp("resaved")
    (folder / "full.xlsx").write_bytes(full_book("small", room=1))
    with office.open(folder / "full.xlsx") as book:
        book.write(ANALYSIS, 40, 1, "written in LibreOffice")
        book.save(folder / "resaved.xlsx")
    return (folder / "resaved.xlsx").read_bytes()


@pytest.mark.long
@pytest.mark.office
def test_what_libreoffice_saved_stays_too(resaved: bytes, office: Office, tmp_path: Path) -> None:
    parts = untouched.contents(resaved)
    assert any(part.startswith("xl/charts/") for part in parts)
    assert any(part.startswith("xl/comments") for part in parts)
    work, user = Work("talks.xlsx", resaved), User(4)
    work.sync()
    work.round(user)
    whole(resaved, work)
    shows_what_is_computed(work, office, tmp_path)


@pytest.mark.long
@pytest.mark.office
def test_what_libreoffice_saved_stays_after_many_syncs(resaved: bytes) -> None:
    work, user = Work("talks.xlsx", resaved), User(5)
    while work.rounds < 30:
        work.round(user)
    whole(resaved, work)


@pytest.mark.long
@pytest.mark.office
def test_users_of_libreoffice_and_the_program_take_turns(office: Office, tmp_path: Path) -> None:
    """Each time LibreOffice saves, everything may look different; a sync still only adds to it."""
    work, path = Work("talks.xlsx", full_book("small")), tmp_path / "turn.xlsx"
    for turn in range(4):
        path.write_bytes(work.data)
        with office.open(path) as book:
            book.write(layout.WEIGHTS, layout.HEADER_ROW + 1 + turn, 2, 11.0 + turn)
            if turn == 2:
                book.insert_rows(layout.WEIGHTS, layout.HEADER_ROW + 2)
                book.insert_columns(layout.PARTIES, 1)
            book.save(tmp_path / "saved.xlsx")
        before = work.data = (tmp_path / "saved.xlsx").read_bytes()
        work.sync()
        assert before != work.data
        shows_what_is_computed(work, office, tmp_path)


def whole(first: bytes, work: Work) -> None:
    """Compare the beginning with the end: only what was told has changed, and it opens."""
    places = {
        sheet: work.written.get(sheet, set()) | work.by_user.get(sheet, set())
        for sheet in work.written.keys() | work.by_user.keys()
    }
    assert untouched.content_differences(first, work.data, places) == []
    before, after = foreign.open_all(first), foreign.open_all(work.data)
    assert after.sheetnames == before.sheetnames
    for name in before.sheetnames:
        if not hasattr(before[name], "iter_rows"):
            continue
        for row in before[name].iter_rows():
            for cell in row:
                at = (cell.row - 1, cell.column - 1)
                if at not in places.get(name, ()):
                    now = after[name].cell(cell.row, cell.column)
                    assert foreign.alike(cell, now), f"{name}!{cell.coordinate}"


def shows_what_is_computed(work: Work, office: Office, folder: Path) -> None:
    """The cached results are what LibreOffice computes from the same formulas."""
    cached = foreign.open_all(work.data, results=True)
    path = folder / f"shown{Path(work.name).suffix}"
    path.write_bytes(work.data)
    wrong = []
    with office.open(path) as book:
        for name in (layout.RANKING, layout.VALUES, layout.CHECKS, layout.STAMP):
            sheet = cached[name]
            block = layout.Block(name, 0, 0, sheet.max_row - 1, sheet.max_column - 1)
            for row, line in enumerate(book.read(block)):
                for column, computed in enumerate(line):
                    shown = sheet.cell(row + 1, column + 1).value
                    if not same_result(shown, computed):
                        where = untouched.reference((row, column))
                        wrong.append(f"{name}!{where}: {shown!r}, computed {computed!r}")
    assert wrong == []


def same_result(shown: object, computed: str | float) -> bool:
    if shown is None or isinstance(shown, bool):
        return computed in ("", float(bool(shown)))
    if isinstance(computed, str):
        computed = computed.replace("\x01", "\t")  # a tab in a text of several lines
        return shown == computed or (computed.startswith("#ERROR") and str(shown).startswith("#"))
    return isinstance(shown, int | float) and abs(shown - computed) <= 1e-9 * max(1, abs(computed))
