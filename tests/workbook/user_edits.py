"""What a user does to a case workbook between two runs of the program, without the program.

A cell is exchanged in the XML of its sheet and the zip is packed anew, as a spreadsheet program
does on saving. The cells are found by the workbook's defined names.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.workbook import untouched
from tests.workbook.full_books import ANALYSIS
from tests.workbook.hand_parts import Package
from tests.workbook.untouched import At, Taken, column_number, reference

NOTES = ("agreed on 3 May", "see <annex> & map", "", "=not a formula", "two\nlines", "ü ½ 漢字")


@dataclass(frozen=True, slots=True)
class Changed:
    """One cell that the user changed."""

    sheet: str
    at: At


class User:
    """Somebody at work in a workbook; the same seed does the same."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def saved(self, data: bytes, most: int = 4) -> tuple[bytes, list[Changed]]:
        """Return the workbook after up to ``most`` changes, and which cells they were."""
        package = Package(data)
        changed: list[Changed] = []
        for _ in range(self._draw.randint(1, most)):
            change = self._draw.choices(
                (self._weight, self._score, self._note, self._level, self._own, self._cost),
                (4, 4, 2, 2, 1, 1),
            )[0]
            changed += change(package)
        return package.packed(), changed

    def _weight(self, package: Package) -> list[Changed]:
        """Change a weight."""
        return self._number(package, "Weights_Weight", lambda: self._draw.randint(1, 100))

    def _score(self, package: Package) -> list[Changed]:
        """Change a score by a tenth of a point at the least."""
        return self._number(package, "Scores_Block", lambda: round(self._draw.uniform(-10, 50), 1))

    def _own(self, package: Package) -> list[Changed]:
        """Change a number on a sheet of the user's own."""
        at = (self._draw.randint(3, 8), 1)
        put(package, ANALYSIS, at, self._draw.randint(1, 99))
        return [Changed(ANALYSIS, at)]

    def _number(self, package: Package, name: str, make: Callable[[], float]) -> list[Changed]:
        sheet, places = block(package, name)
        taken = take(package, sheet)
        numbers = [at for at in places if is_number(taken, at)]
        at = self._draw.choice(numbers)
        put(package, sheet, at, make())
        return [Changed(sheet, at)]

    def _note(self, package: Package) -> list[Changed]:
        """Write, change or empty a note beside a package."""
        return self._text(package, "Packages_Note")

    def _cost(self, package: Package) -> list[Changed]:
        return self._text(package, "Packages_Cost")

    def _text(self, package: Package, name: str) -> list[Changed]:
        sheet, places = block(package, name)
        filled = self._filled_rows(package, "Packages_Package")
        at = self._draw.choice([at for at in places if at[0] in filled])
        put(package, sheet, at, self._draw.choice(NOTES))
        return [Changed(sheet, at)]

    def _level(self, package: Package) -> list[Changed]:
        """Give a package the level that another one has."""
        sheet, places = block(package, "Packages_Settings")
        taken = take(package, sheet)
        top, first = places[0]
        right = max(column for _, column in places)
        column = self._draw.randint(first + 1, right - 1)
        filled = [
            row
            for row in sorted({row for row, _ in places} - {top})
            if b"<v>" in b"".join(taken.cells.get((row, column), []))
            or b"<is>" in b"".join(taken.cells.get((row, column), []))
        ]
        one, other = self._draw.choice(filled), self._draw.choice(filled)
        content = taken.cells[other, column][0].replace(
            reference((other, column)).encode(), reference((one, column)).encode(), 1
        )
        exchange(package, sheet, taken.cells[one, column][0], content)
        return [Changed(sheet, (one, column))]

    def _filled_rows(self, package: Package, name: str) -> set[int]:
        sheet, places = block(package, name)
        taken = take(package, sheet)
        return {
            row
            for row, column in places[1:]
            if re.search(rb"<v>|<is>", b"".join(taken.cells.get((row, column), [])))
        } - {places[-1][0]}


def take(package: Package, sheet: str) -> Taken:
    """Return a sheet taken apart."""
    return untouched.take_apart(package.parts[package.sheets[sheet]])


def is_number(taken: Taken, at: At) -> bool:
    """Say whether a cell holds a number that nobody computed."""
    cell = b"".join(taken.cells.get(at, []))
    return b"<v>" in cell and not re.search(rb"<f|\st=\"[^n]", cell)


def block(package: Package, name: str) -> tuple[str, list[At]]:
    """Return the sheet and the places of a defined name."""
    found = re.search(
        rf'<definedName [^>]*name="{name}"[^>]*>([^<]*)<', package.text("xl/workbook.xml")
    )
    assert found is not None, name
    sheet, _, area = found[1].rpartition("!")
    left, top, right, bottom = re.findall(r"\$?([A-Z]+|\d+)", area)
    return sheet.strip("$").strip("'").replace("''", "'"), [
        (row, column)
        for row in range(int(top) - 1, int(bottom))
        for column in range(column_number(left), column_number(right) + 1)
    ]


def put(package: Package, sheet: str, at: At, value: float | str) -> None:
    """Set a cell that is there (blank or not) and keep its style."""
    taken = take(package, sheet)
    old = taken.cells[at][0]
    style = re.search(rb'\ss="\d+"', old)
    tag = f'<c r="{reference(at)}"{style[0].decode() if style else ""}'
    if value == "":
        new = f"{tag}/>"
    elif isinstance(value, str):
        new = f'{tag} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    else:
        new = f"{tag}><v>{value!r}</v></c>"
    exchange(package, sheet, old, new.encode())


def exchange(package: Package, sheet: str, old: bytes, new: bytes) -> None:
    """Put one cell's XML in the place of another's."""
    part = package.sheets[sheet]
    assert package.parts[part].count(old) == 1
    package.parts[part] = package.parts[part].replace(old, new)
