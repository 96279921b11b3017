"""The Stamp sheet: the inputs as they were when Python last computed, and what it computed.

A copy of every input cell that some number depends on stands here; live formulas count the cells
that differ now, so that a sheet that Python filled turns STALE the moment an input changes, and is
fresh again when the input is put back. Python's own party values and reservation values stand
beside the copy; live formulas compare them with those on Values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mcda
from mcda.canonical import inputs_sha256
from mcda.workbook import layout
from mcda.workbook.author.live import LiveSheet, Run, finish_workings
from mcda.workbook.author.lookup import Lookup
from mcda.workbook.author.sheets import Sheets
from mcda.workbook.author.text import write_text
from mcda.workbook.author.values import Values
from mcda.workbook.stamp import storable

WHEN_ROW, BY_ROW, CHANGED_ROW, DIFFERENCES_ROW, AGREES_ROW = 3, 4, 5, 6, 7
STAMPED_ROW = 9
"""Header row of the table of stamped sheets."""
BAND_ROW = STAMPED_ROW + 2 + len(layout.STAMPED)
HEADER_ROW, COUNT_ROW = BAND_ROW + 1, BAND_ROW + 2
TOP = BAND_ROW + 3
LABEL, BODY = 0, 1
SHEET, STATE, WHEN, INPUTS = range(4)

TOLERANCE = "0.000000001"
IS_STALE = f'INDEX({layout.STAMP_STATES},1)<>"{layout.FRESH}"'
"""Formula part: Python's numbers are not of the inputs that stand here now."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where the live formulas of the Stamp sheet stand."""

    live: LiveSheet


def write(sheets: Sheets, lookup: Lookup, values: Values, when: str | None) -> Stamp:
    """Write the Stamp sheet of a new workbook: its copy of the inputs is the inputs."""
    writer = _Writer(sheets, lookup, values)
    writer.page()
    writer.copies()
    writer.party_values()
    writer.reservation_values()
    writer.summary(when)
    return Stamp(writer.live)


def write_when(sheets: Sheets, when: str | None) -> None:
    """Write when this was stamped; last of all, so that nothing else depends on it."""
    style = sheets.formats["fixed_text"]
    sheets[layout.STAMP].write_string(WHEN_ROW, BODY, when or "", style)


class _Writer:
    """Adds column after column, from left to right."""

    def __init__(self, sheets: Sheets, lookup: Lookup, values: Values) -> None:
        self.sheets = sheets
        self.lookup = lookup
        self.values = values
        self.sheet = sheets[layout.STAMP]
        self.formats = sheets.formats
        self.live = LiveSheet(sheets, layout.STAMP)
        self.column = 0
        self.counts: list[int] = []
        """Columns whose count of changed cells stands in the count row."""

    def page(self) -> None:
        """Set up the sheet, with its title."""
        finish_workings(self.sheet, (TOP, 1))
        self.sheet.set_column(0, 0, 40)
        self.sheet.set_column(1, 2, 17)
        self.sheet.write_string(
            0, 0, "Stamp: the inputs as they were when Python last computed", self.formats["title"]
        )
        self.sheet.set_row(0, 24)
        self.sheet.write_string(
            1, 0, "Workings. “mcda sync FILE” writes this copy of every input that a number "
            "depends on; counts are live. While nothing differs, the stamped sheets are fresh.",
            self.formats["guidance"],
        )  # fmt: skip
        self.sheet.set_row(HEADER_ROW, 75)

    # -- the copy of the inputs

    def copies(self) -> None:
        """Write the copy of every input column that numbers depend on, table by table."""
        room = self.sheets.plan.room
        columns = {
            layout.PACKAGES_SETTINGS: room.issues, layout.NO_DEAL_SETTINGS: room.issues,
            layout.NO_DEAL_VALUES: room.parties, layout.SCORES_BLOCK: room.criteria,
            layout.DIRECT_BLOCK: room.criteria,
        }  # fmt: skip
        for key, inputs in layout.NUMBERS_DEPEND_ON.items():
            table = layout.table_of(key)
            words = f"{table.sheet}, scored directly" if key == "Direct" else table.sheet
            self.band(f"{words}: as stamped")
            for column in inputs:
                self.copy(table.name(column), table.column(column).header)
            for block in layout.BLOCKS_OF.get(key, ()):
                self.copy_block(block, columns[block])
            self.column += 1

    def band(self, words: str) -> None:
        """Name the group of columns that begins here."""
        self.sheet.write_string(BAND_ROW, self.column, words, self.formats["subtitle"])

    def header(self, words: str) -> None:
        """Write the header of the next column."""
        style = self.formats["workings_header_vertical" if self.column else "workings_header"]
        self.sheet.write_string(HEADER_ROW, self.column, words, style)

    def copy(self, name: str, header: str) -> None:
        """Write the copy of one input column, and the count of its cells that differ now."""
        source = self.sheets.plan[name]
        rows = source.bottom - source.top - 1
        run = Run(layout.STAMP, TOP, self.column, rows, layout.stamp_of(name))
        self.sheets.define(run.name, run.block)
        self.header(header)
        for k in range(1, rows + 1):
            self.typed(TOP + k - 1, source.sheet, source.top + k, source.left)
        self.count(_stretches_differ(f"ROWS({name})-2", rows, _down(name), _down(run.name, 0)))

    def copy_block(self, name: str, columns: int) -> None:
        """Write the copy of a block whose columns depend on the case, headers included."""
        source = self.sheets.plan[name]
        headers = layout.HEADER_ROWS.get(name, 1)
        top = source.top + (headers == 0)
        rows = source.bottom - top
        shift = self.lookup.places.scores_shift if name == layout.SCORES_BLOCK else "0"
        copy = layout.stamp_of(name)
        block = layout.Block(
            layout.STAMP, TOP, self.column, TOP + rows - 1, self.column + columns - 1
        )
        self.sheets.define(copy, block)
        for j in range(1, columns + 1):
            self.header(f"column {j}")
            if source.left + j < source.right:
                for row in range(rows):
                    self.typed(TOP + row, source.sheet, top + row, source.left + j)
            data = _stretches_differ(
                f"ROWS({name})-2-{shift}", rows - headers,
                _down(name, f"1+{shift}", f"{j}+1"), _down(copy, headers, str(j)),
            )  # fmt: skip
            parts = [
                f"(1-EXACT(INDEX({name},1+{row},{j}+1),INDEX({copy},1+{n},{j})))"
                for n, row in enumerate(("0", shift)[:headers])
            ]
            empty = f'SUMPRODUCT(--(INDEX({copy},1,{j}):INDEX({copy},{rows},{j})<>""))'
            if j == columns and headers:
                beyond = f"INDEX({name},1,{columns}+2):INDEX({name},1,COLUMNS({name})-1)"
                parts.append(
                    f'IF(COLUMNS({name})-2>{columns},SUMPRODUCT(--({beyond}<>"")),0)'
                )  # fmt: skip
            self.count(f"IF({j}>COLUMNS({name})-2,{empty},{'+'.join([*parts, data])})")

    def typed(self, row: int, sheet: str, input_row: int, input_column: int) -> None:
        """Copy an input cell of this new workbook, if it holds anything."""
        value = self.sheets.typed.get((sheet, input_row, input_column))
        if isinstance(value, float):
            self.sheet.write_number(row, self.column, value, self.formats["workings"])
        elif value is not None:
            style, plain = self.formats["workings_text"], self.formats["plain"]
            write_text(self.sheet, row, self.column, value, style, plain)

    def count(self, formula: str) -> None:
        """Write the count of cells that differ under the header, and go on to the next column."""
        self.live.write(COUNT_ROW, self.column, f"IFERROR({formula},1)", "workings", 0.0)
        self.counts.append(self.column)
        self.column += 1

    # -- what Python computed

    def party_values(self) -> None:
        """Write Python's party values, and where they differ from those on Values."""
        room, evaluation = self.sheets.plan.room, self.sheets.evaluation
        left = self.column
        self.sheets.define(
            layout.STAMP_PARTY,
            layout.Block(
                layout.STAMP, TOP, left, TOP + room.packages - 1, left + room.parties - 1
            ),
        )  # fmt: skip
        self.band("Party values, by Python")
        for q in range(1, room.parties + 1):
            self.party_header(q)
            for row in range(len(evaluation.packages)):
                if q <= len(evaluation.parties):
                    self.number(TOP + row, float(evaluation.party_values[row, q - 1]))
            self.column += 1
        self.column += 1
        self.band("Differs from Values")
        self.differences = [self.column]
        for q in range(1, room.parties + 1):
            self.party_header(q)
            live = self.values.party_value.packages[q - 1]
            stamped = Run(layout.STAMP, TOP, left + q - 1, room.packages)
            self.live.run(
                Run(layout.STAMP, TOP, self.column, room.packages),
                _differs(live, stamped), values=[0.0] * room.packages,
            )  # fmt: skip
            self.column += 1
        self.differences.append(self.column - 1)
        self.column += 1

    def reservation_values(self) -> None:
        """Write Python's reservation values, and below them where they differ from Values."""
        room, evaluation = self.sheets.plan.room, self.sheets.evaluation
        left = self.column
        self.sheets.define(
            layout.STAMP_RESERVATION,
            layout.Block(layout.STAMP, TOP, left, TOP, left + room.parties - 1),
        )
        self.band("Reservation values, by Python; below: differs from Values")
        for q in range(1, room.parties + 1):
            self.party_header(q)
            if q <= len(evaluation.parties):
                self.number(TOP, float(evaluation.reservation[q - 1]))
            stamped = Run(layout.STAMP, TOP, self.column, 1)
            live, number = self.values.reservation(q), self.lookup.parties.number.on(q)
            self.live.write(
                TOP + 1, self.column,
                f"IF({number}=0,IF(ISNUMBER({stamped.cell(1)}),1,0),"
                f"{_number_differs(live, stamped.cell(1))})",
                "workings", 0.0,
            )  # fmt: skip
            self.column += 1
        self.reservations = (left, self.column - 1)

    def party_header(self, q: int) -> None:
        """Write the live name of party q over the next column."""
        names = self.sheets.case.party_names
        known = names[q - 1] if q <= len(names) else None
        name = self.lookup.parties.name.on(q)
        self.live.write(HEADER_ROW, self.column, name, "workings_header_vertical", known)

    def number(self, row: int, value: float) -> None:
        """Write one of Python's numbers, if there is one."""
        stored = storable(value)
        if stored is not None:
            self.sheet.write_number(row, self.column, stored, self.formats["workings"])

    # -- in short

    def summary(self, when: str | None) -> None:
        """Write when and by whom this was stamped, what differs now, and the stamped sheets."""
        letters = layout.column_letters
        self.label(WHEN_ROW, "When", layout.STAMP_WHEN)
        self.label(BY_ROW, "By", layout.STAMP_BY)
        self.fixed(BY_ROW, BODY, f"mcda {mcda.__version__}")
        self.label(CHANGED_ROW, "Input cells that differ now", layout.STAMP_CHANGED)
        first, last = letters(self.counts[0]), letters(self.counts[-1])
        self.live.write(
            CHANGED_ROW, BODY, f"SUM({first}{COUNT_ROW + 1}:{last}{COUNT_ROW + 1})",
            "workings", 0.0,
        )  # fmt: skip
        self.label(
            DIFFERENCES_ROW, "Numbers on Values that differ from Python’s", layout.STAMP_DIFFERENCES
        )
        first, last = map(letters, self.differences)
        bottom = TOP + self.sheets.plan.room.packages
        left, right = map(letters, self.reservations)
        self.live.write(
            DIFFERENCES_ROW, BODY,
            f"SUM({first}{TOP + 1}:{last}{bottom})+SUM({left}{TOP + 2}:{right}{TOP + 2})",
            "workings", 0.0,
        )  # fmt: skip
        self.sheet.write_string(AGREES_ROW, LABEL, "In words", self.formats["label"])
        agree = "fresh: the sheet and Python agree"
        self.live.write(
            AGREES_ROW, BODY,
            f'IF({IS_STALE},"STALE: inputs have changed, so Python’s numbers cannot be compared; '
            f'run mcda sync",IF({layout.STAMP_DIFFERENCES}>0,"FAIL: the sheet and '
            f'Python differ",{_quoted(agree)}))',
            "workings_text", agree,
        )  # fmt: skip
        self.stamped_sheets(when)

    def label(self, row: int, words: str, name: str) -> None:
        """Write a label, and give the cell beside it its name."""
        self.sheet.write_string(row, LABEL, words, self.formats["label"])
        self.sheets.define(name, layout.Block(layout.STAMP, row, BODY, row, BODY))

    def fixed(self, row: int, column: int, text: str) -> None:
        """Write a text that only Python changes."""
        self.sheet.write_string(row, column, text, self.formats["fixed_text"])

    def stamped_sheets(self, when: str | None) -> None:
        """List the stamped sheets: each has a fingerprint of its own, and is fresh or STALE."""
        for column, words in enumerate(("Stamped sheet", "State", "When", "Fingerprint")):
            self.sheet.write_string(STAMPED_ROW, column, words, self.formats["workings_header"])
        for row, stamped in enumerate(layout.STAMPED, STAMPED_ROW + 1):
            self.sheet.write_string(row, SHEET, stamped.sheet, self.formats["workings_text"])
            if stamped.sheet == layout.STAMP:
                self.fixed(row, INPUTS, inputs_sha256(self.sheets.case))
                cell = layout.Block(layout.STAMP, row, INPUTS, row, INPUTS)
                self.sheets.define(layout.STAMP_INPUTS, cell)
            else:
                self.live.write(row, INPUTS, stamped.inputs, "workings_text")
            self.live.write(row, WHEN, f'{stamped.when}&""', "workings_text", when)
            own = f"${layout.column_letters(INPUTS)}${row + 1}"
            self.live.write(
                row, STATE,
                # A set of results that was cut short has no fingerprint, and is never fresh.
                f"IF({layout.STAMP_CHANGED}=0,IF(EXACT({own},{layout.STAMP_INPUTS})*({own}<>\"\"),"
                f"{_quoted(layout.FRESH)},{_quoted(layout.STALE)}),{_quoted(layout.STALE)})",
                "workings_text", layout.FRESH,
            )  # fmt: skip
        first, last = STAMPED_ROW + 1, STAMPED_ROW + len(layout.STAMPED)
        self.sheets.define(
            layout.STAMP_STATES, layout.Block(layout.STAMP, first, STATE, last, STATE)
        )


Cells = Callable[[str, str], str]
"""From the k-th to the m-th cell below the headers, as a range."""


def _down(name: str, header: int | str = 1, column: str = "") -> Cells:
    at = f",{column}" if column else ""
    return lambda first, last: (
        f"INDEX({name},{header}+{first}{at}):INDEX({name},{header}+{last}{at})"
    )


def _stretches_differ(rows: str, room: int, inputs: Cells, copy: Cells) -> str:
    """Formula part: how many of the k-th input cells are not the k-th cells of the copy.

    ``rows`` counts the input rows now; rows that went and rows that came count as far as they are
    filled. Text is compared by EXACT (which in LibreOffice knows no numbers within a stretch, so
    all is made text), and stretches have one height only, as Excel needs.
    """
    common = f"MAX(1,MIN({rows},{room}))"
    return (
        f'SUMPRODUCT(1-EXACT({inputs("1", common)}&"",{copy("1", common)}&""))'
        f'+IF({rows}<{room},SUMPRODUCT(--({copy(f"1+{common}", str(room))}<>"")),0)'
        f'+IF({rows}>{room},SUMPRODUCT(--({inputs(f"1+{room}", rows)}<>"")),0)'
    )


def _differs(live: Run, stamped: Run) -> Callable[[int], str]:
    return lambda k: _number_differs(live.on(k), stamped.cell(k))


def _number_differs(live: str, stamped: str) -> str:
    """Formula part: 1 where two numbers differ by more than 1e-9, or only one is a number.

    Both sides are rounded to 9 decimals, so a step of the last one must not count twice; and great
    numbers have no 9 decimals.
    """
    apart = f"ROUND(ABS({live}-{stamped}),10)>{TOLERANCE}+2E-15*ABS({stamped})"
    return (
        f"IF(ISNUMBER({live}),IF(ISNUMBER({stamped}),IF({apart},1,0),1),"
        f"IF(ISNUMBER({stamped}),1,0))"
    )


def _quoted(words: str) -> str:
    return f'"{words}"'


def checks_of_stamp() -> Sequence[tuple[str, str, str]]:
    """Return test, count and advice of what the Stamp tells to Checks, the failing one first."""
    return (
        (
            "Python agrees with the party values and reservation values here",
            f"IF({IS_STALE},0,{layout.STAMP_DIFFERENCES})",
            "With the same inputs Python gets other numbers: a formula was damaged, or one of "
            "Python’s numbers on Stamp. Run “mcda sync FILE”; if it stays, copy the formulas from "
            "a fresh workbook. Not tested while STALE.",
        ),
        (
            "Stamped sheets are fresh",
            f"SUMPRODUCT(--({layout.STAMP_STATES}<>{_quoted(layout.FRESH)}))",
            "STALE where it is not 0: inputs have changed since Python computed. Run “mcda sync "
            "FILE”. Live results are up to date all the same.",
        ),
    )
