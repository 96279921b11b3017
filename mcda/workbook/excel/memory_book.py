"""An open workbook that stands in memory: the twin of one that is open in Excel, for trying things.

It does what a real one does to a program that writes into it: it is busy for a while or for ever,
it vanishes, it changes between two calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mcda.workbook import layout
from mcda.workbook.cells import Area, Book, Fault
from mcda.workbook.excel.live_book import Busy, Gone, LiveBlock, Seen
from mcda.workbook.guard import open_guarded

Place = tuple[str, int, int]


@dataclass(slots=True)
class MemoryBook:
    """An open book that stands in memory, and that can do what a real one does to a program.

    Attributes:
        path: The file that it stands for.
        cells: What stands in each cell (sheet, row, column); a blank cell is no entry.
        names: Defined names, lower case.
        busy_calls: So many calls are turned away before the next is answered; infinity for ever.
        gone: Whether it was closed.
        unsaved: Whether it differs from its file.
        before_write: Called with this book before each write, to change it under the writer.
        written: Every block that was written, in order.
    """

    path: str
    cells: dict[Place, Seen] = field(default_factory=dict)
    names: dict[str, layout.Block] = field(default_factory=dict)
    busy_calls: float = 0
    gone: bool = False
    unsaved: bool = False
    before_write: Callable[[MemoryBook], object] | None = None
    written: list[LiveBlock] = field(default_factory=list)

    @classmethod
    def from_workbook(cls, data: bytes, path: str) -> MemoryBook:
        """Open the bytes of a workbook.

        Raises:
            CaseProblem: the guard refuses them.
        """
        file = Book(open_guarded(data, path))
        cells: dict[Place, Seen] = {
            (sheet, row, column): value.text if isinstance(value, Fault) else value
            for sheet in file.sheet_names
            for row, found in file.cells(sheet).rows.items()
            for column, value in found.items()
        }
        return cls(path, cells, _blocks(file.names))

    def is_busy(self) -> bool:
        """Say whether the next call would be turned away."""
        return not self.gone and self.busy_calls > 0

    def is_there(self) -> bool:
        """Say whether it was not closed."""
        return not self.gone

    def has_unsaved_changes(self) -> bool:
        """Say whether anything was written."""
        self._answer()
        return self.unsaved

    def area(self, name: str) -> layout.Block | None:
        """Return where a defined name stands."""
        self._answer()
        return self.names.get(name.casefold())

    def read(self, area: layout.Block) -> list[list[Seen]]:
        """Return what stands in a rectangle."""
        self._answer()
        return [
            [self.cells.get((area.sheet, row, column)) for column in _span(area.left, area.right)]
            for row in _span(area.top, area.bottom)
        ]

    def write(self, block: LiveBlock) -> None:
        """Put the rows of a block in their cells."""
        if self.before_write is not None:
            self.before_write(self)
        self._answer()
        for row, values in enumerate(block.rows, block.top):
            for column, value in enumerate(values, block.left):
                self.cells.pop((block.sheet, row, column), None)
                if value not in (None, ""):
                    self.cells[block.sheet, row, column] = value
        self.unsaved = True
        self.written.append(block)

    def _answer(self) -> None:
        if self.gone:
            raise Gone(f"{self.path}: the workbook is no longer open.")
        if self.busy_calls > 0:
            self.busy_calls -= 1
            raise Busy(f"{self.path}: somebody is typing in a cell. Press Enter or Esc there.")


def _span(first: int, last: int) -> range:
    return range(first, last + 1)


def _blocks(names: Mapping[str, object]) -> dict[str, layout.Block]:
    return {
        name: layout.Block(area.sheet, area.top, area.left, area.bottom, area.right)
        for name, area in names.items()
        if isinstance(area, Area)
    }
