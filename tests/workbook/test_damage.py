"""A workbook whose formulas are damaged gets no results stored, and is told so."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from mcda.json_form import case_from_data
from mcda.workbook.author import workbook_bytes
from mcda.workbook.changes.edits import InputEdit
from mcda.workbook.formulas.live_cells import cached, live_cells
from mcda.workbook.health import health
from mcda.workbook.patch import Edit, patch
from mcda.workbook.read import open_book
from mcda.workbook.sync import synced
from tests.workbook.small_case import small

NAME = "talks.xlsx"


@pytest.fixture(scope="module")
def sound() -> bytes:
    made = workbook_bytes(case_from_data(small()), room=4)
    return synced(made, NAME, when="2026-01-02 03:04").data


def rewritten(data: bytes, change: Callable[[str], str]) -> bytes:
    """Change xl/workbook.xml by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as was, zipfile.ZipFile(out, "w") as now:
        for item in was.infolist():
            content = was.read(item)
            if item.filename == "xl/workbook.xml":
                changed = change(content.decode())
                assert changed != content.decode()
                content = changed.encode()
            now.writestr(item, content)
    return out.getvalue()


def without_name(name: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf'<definedName name="{name}">.*?</definedName>', "", text)


def without_sheet(name: str) -> Callable[[str], str]:
    return lambda text: re.sub(rf'<sheet name="{name}"[^>]*/>', "", text)


def overwritten(data: bytes) -> bytes:
    area = live_cells(data, NAME).names["value_party"]
    assert area is not None
    return patch(data, [Edit(area.sheet, area.top, area.left, 99)], NAME, ours={area.sheet})


def after_an_edit(data: bytes) -> tuple[bytes, str, list[str]]:
    """Sync with a changed weight; return the bytes, what is told, and the kinds of changes."""
    party = small()["parties"][0]
    criterion = party["criteria"][0]
    path = ("parties", party["name"], "criteria", criterion["name"], "weight")
    edit = InputEdit(path, criterion["weight"], criterion["weight"] + 7)
    result = synced(data, NAME, when="2026-01-02 03:05", edits=[edit])
    return result.data, result.damage, [change.kind for change in result.changes]


def test_a_sound_workbook_is_not_damaged(sound: bytes) -> None:
    _, damage, kinds = after_an_edit(sound)
    assert damage == ""
    assert "result" in kinds


@pytest.mark.parametrize(
    ("spoil", "told", "named"),
    [
        (overwritten, "Python computes", "the number 99 stands there"),
        (lambda data: rewritten(data, without_name("Weights_Party")), "Python", "Weights_Party"),
        (lambda data: rewritten(data, without_sheet("Values")), "sheet Values", "Values"),
        (lambda data: rewritten(data, without_sheet("Log")), "sheet Log", "Log"),
    ],
    ids=["formula overwritten", "name gone", "workings gone", "Log gone"],
)
def test_no_result_is_stored_and_the_cause_is_told(
    sound: bytes, spoil: Callable[[bytes], bytes], told: str, named: str
) -> None:
    damaged = spoil(sound)
    before = cached(damaged, NAME)
    data, damage, kinds = after_an_edit(damaged)
    assert told in damage
    assert "input" in kinds
    assert "result" not in kinds
    assert cached(open_book(data, NAME), NAME) == before
    found = health(data, NAME)
    assert any(item.level == "WARNING" and named in str(item) for item in found)
