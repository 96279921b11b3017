"""The Values sheet: one row per alternative, packages first, then no deal, from left to right.

Level numbers, rules, red lines, performance, value, contribution, party value, surplus,
acceptable, rank, and the order for the party that Ranking shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from mcda.values import Evaluation, Floats
from mcda.workbook import layout
from mcda.workbook.author.live import (
    Cached,
    LiveSheet,
    Run,
    finish_workings,
    first_place,
    row_of,
    text_at,
)
from mcda.workbook.author.lookup import Lookup
from mcda.workbook.author.lookup.rules import INTERACTION_NUMBER as INTERACTION
from mcda.workbook.author.lookup.rules import KIND_STEP
from mcda.workbook.author.lookup.rules import RED_LINE_NUMBER as RED_LINE
from mcda.workbook.author.lookup.rules import RULE_NUMBER as RULE
from mcda.workbook.author.sheets import Sheets

BAND_ROW, NUMBER_ROW, BELONGS_ROW, EXTRA_ROW, HEADER_ROW = 2, 3, 4, 5, 6
TOP = HEADER_ROW + 1

UNRANKED = "-1E+99"
"""The value by which packages without a rank sort behind all others."""

NAMES_IN_ONE_FORMULA = 40
"""Rules that one formula joins by name; more of them take another column."""


@dataclass(frozen=True, slots=True)
class Block:
    """Columns of one kind over all alternatives: packages above, no deal below."""

    packages: tuple[Run, ...]
    no_deal: tuple[Run, ...]

    def parameters(self, row: int) -> str:
        """The cells of a parameter row over the block, with fixed row and columns."""
        first, last = self.packages[0], self.packages[-1]
        letters = layout.column_letters
        return f"${letters(first.column)}${row + 1}:${letters(last.column)}${row + 1}"

    def parameter(self, row: int, n: int) -> str:
        """The n-th cell (from 1) of a parameter row."""
        return f"{layout.column_letters(self.packages[n - 1].column)}${row + 1}"

    def rows(self) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
        """Both stretches of rows."""
        return self.packages, self.no_deal


@dataclass(frozen=True, slots=True)
class Values:
    """Where everything on the Values sheet stands."""

    live: LiveSheet
    name: Block
    direct: Block
    missing: Block
    levels: Block
    hits: Block
    broken: Block
    refused: Block
    unknown_crosses: Block
    performance: Block
    value: Block
    contribution: Block
    party_value: Block
    surplus: Block
    acceptable: Block
    ranked_value: Block
    rank: Block
    allowed: Block
    in_zone: Block
    rules_by_name: Block
    lines_by_name: Block
    twice: Block
    filled: Run
    """Rows of the no-deal alternatives in their table."""
    right: int
    """The first free column."""

    def reservation(self, q: int) -> str:
        """The cell with the reservation value of party q (from 1), for any sheet."""
        column = self.surplus.packages[q - 1].column
        return layout.Block(layout.VALUES, EXTRA_ROW, column, EXTRA_ROW, column).reference[1:]


def write(sheets: Sheets, lookup: Lookup) -> Values:
    """Write the Values sheet (but for the order of the chosen party) and return its places."""
    return _Writer(sheets, lookup).all()


class _Writer:
    """Adds block after block, from left to right."""

    def __init__(self, sheets: Sheets, lookup: Lookup) -> None:
        self.sheets = sheets
        self.lookup = lookup
        self.live = LiveSheet(sheets, layout.VALUES)
        self.room = sheets.plan.room
        self.column = 0
        self.evaluation = sheets.evaluation
        self.no_deal_top = TOP + self.room.packages + 2
        self.first = True

    # -- adding columns

    def place(self, n: int = 0, packages: str = "", no_deal: str = "") -> tuple[Run, Run]:
        """Return the two stretches of the n-th column from here, before it is written."""
        column = self.column + n
        return (
            Run(layout.VALUES, TOP, column, self.room.packages, packages),
            Run(layout.VALUES, self.no_deal_top, column, self.room.no_deal, no_deal),
        )

    def title(self, text: str) -> None:
        """Name the group of columns that begins here."""
        self.sheets[layout.VALUES].write_string(
            BAND_ROW, self.column, text, self.sheets.formats["subtitle"]
        )

    def parameter(self, row: int, formula: str, value: Cached = None) -> None:
        """Write a parameter above the column that comes next."""
        self.live.write(row, self.column, formula, "workings", value)

    def add(
        self,
        header: str,
        packages: Callable[[int], str],
        no_deal: Callable[[int], str] | None,
        *,
        live_header: bool = False,
        name: str = "",
        values: Iterable[Cached] = (),
        no_deal_values: Iterable[Cached] = (),
        style: str = "workings",
        header_value: Cached = None,
    ) -> tuple[Run, Run]:
        """Add one column; a live header is a formula; without ``no_deal``: packages only."""
        above, below = self.place(
            packages=name and name, no_deal=name and layout.NO_DEAL_PREFIX + name
        )
        formats = self.sheets.formats
        if live_header:
            self.live.write(
                HEADER_ROW, self.column, header, "workings_header_vertical", header_value
            )
        else:
            self.sheets[layout.VALUES].write_string(
                HEADER_ROW, self.column, header, formats["workings_header_vertical"]
            )
        self.live.run(above, packages, style, values)
        if no_deal is not None:
            self.live.run(below, no_deal, style, no_deal_values)
        self.column += 1
        return above, below

    def block(
        self, columns: Iterable[tuple[Run, Run]], name: str = "", *, no_deal: bool = False
    ) -> Block:
        """Gather written columns, name them together, and leave a gap after them."""
        above, below = zip(*columns, strict=True)
        self.column += 1
        if name:
            self.sheets.define(name, _around(above))
        if no_deal:
            self.sheets.define(layout.NO_DEAL_PREFIX + name, _around(below))
        return Block(above, below)

    # -- the sheet

    def _page(self) -> None:
        sheet, formats = self.sheets[layout.VALUES], self.sheets.formats
        sheet.write_string(0, 0, "Values: every package and no-deal alternative", formats["title"])
        sheet.set_row(0, 24)
        sheet.write_string(
            1, 0, "Workings, live, from left to right. Names became numbers on Lookup. Packages "
            "stand above, no-deal alternatives below.", formats["guidance"],
        )  # fmt: skip
        for row, words in (
            (NUMBER_ROW, "number"), (BELONGS_ROW, "belongs to"), (EXTRA_ROW, "score, or r"),
        ):  # fmt: skip
            sheet.write_string(row, 0, words, formats["guidance"])
        finish_workings(sheet, (TOP, 1))
        sheet.set_row(HEADER_ROW, 130)
        sheet.set_column(0, 0, 40)

    def all(self) -> Values:
        self._page()
        name, direct, missing, twice = self._identity()
        levels = self._levels(name)
        self._complete(missing, name, direct, levels)
        hits = self._hits(name, levels)
        broken, refused, unknown = self._red_lines(name, direct, hits)
        performance = self._performance(name, direct, levels, hits)
        value = self._value(performance)
        contribution = self._contribution(value)
        party_value = self._party_value(name, missing, contribution)
        surplus = self._surplus(party_value)
        acceptable = self._acceptable(refused, surplus)
        ranked, rank = self._rank(broken, refused, party_value)
        allowed, zone = self._sets(name, missing, broken, refused, acceptable)
        rules, lines = self._by_name(name, direct, hits, refused)
        return Values(
            self.live, name, direct, missing, levels, hits, broken, refused, unknown, performance,
            value, contribution, party_value, surplus, acceptable, ranked, rank, allowed, zone,
            rules, lines, twice, self.filled, self.column,
        )  # fmt: skip

    def _identity(self) -> tuple[Block, Block, Block, Block]:
        self.title("Alternatives")
        evaluation = self.evaluation
        # The base is the first no-deal row in use, wherever blank rows were inserted; so these
        # rows are those in use, while package rows are the rows of the input, blank ones too.
        _, filled = self.place(1)
        self.filled = filled
        name = self.block(
            [
                self.add(
                    "Package, then no deal",
                    lambda k: text_at("Packages_Package", str(k)),
                    lambda k: (
                        f'IF({filled.cell(k)}=0,"",INDEX(NoDeal_NoDeal,{filled.cell(k)}+1)&"")'
                    ),
                    name=layout.VALUE_NAME,
                    values=evaluation.packages,
                    no_deal_values=evaluation.no_deal,
                )
            ]
        )
        self.column -= 1

        def next_filled(k: int) -> str:
            before = filled.cell(k - 1) if k > 1 else "0"
            place = first_place(
                '(NoDeal_NoDeal<>"")*(ROW(NoDeal_NoDeal)<MAX(ROW(NoDeal_NoDeal)))'
                f"*(ROW(NoDeal_NoDeal)>MIN(ROW(NoDeal_NoDeal))+{before})"
            )
            started = f"AND({k}>1,{before}=0)"
            return f"IF({started},0,MAX(0,{place}-1))"

        self.add("Row in its table", str, next_filled)

        def direct_row(names: Run, kind: str) -> Callable[[int], str]:
            return lambda k: (
                f'IF({names.cell(k)}="",0,SUMPRODUCT(EXACT(DirectRow_Kind,"{kind}")'
                f"*EXACT(DirectRow_Name,{names.cell(k)})*DirectRow_Number))"
            )

        direct = self.block(
            [
                self.add(
                    "Row among the directly scored",
                    direct_row(name.packages[0], layout.PACKAGE_KIND),
                    direct_row(name.no_deal[0], layout.NO_DEAL_KIND),
                )
            ]
        )
        self.column -= 1

        def again(names: Run) -> Callable[[int], str]:
            return lambda k: (
                f'IF({names.cell(k)}="",0,IF(SUMPRODUCT(--EXACT(LOWER({names.range}),'
                f"LOWER({names.cell(k)})))>1,1,0))"
            )

        twice = self.block(
            [self.add("Name stands twice", again(name.packages[0]), again(name.no_deal[0]))]
        )
        self.column -= 1
        missing_column = self.place()
        self.column += 2
        return name, direct, Block((missing_column[0],), (missing_column[1],)), twice

    def _levels(self, name: Block) -> Block:
        self.title("Level numbers, by issue")
        issues = self.lookup.issues
        columns = []
        for j in range(1, self.room.issues + 1):
            self.parameter(NUMBER_ROW, issues.first.on(j))
            number = f"{layout.column_letters(self.column)}${NUMBER_ROW + 1}"
            _, below = self.place()

            def package(k: int, j: int = j, number: str = number) -> str:
                column = issues.in_packages.on(j)
                text = f'INDEX(Packages_Settings,{k}+1,{column})&""'
                return (
                    f'IF(OR({name.packages[0].cell(k)}="",{number}=0,{column}=0),0,'
                    f"{_level(number, text)})"
                )

            def no_deal(k: int, j: int = j, number: str = number, below: Run = below) -> str:
                column = issues.in_no_deal.on(j)
                text = f'INDEX(NoDeal_Settings,{self.filled.cell(k)}+1,{column})&""'
                first = below.cell(1) if k > 1 else "0"
                return (
                    f'IF(OR({name.no_deal[0].cell(k)}="",{number}=0,{column}=0),0,'
                    f'IF({text}="",{first},{_level(number, text)}))'
                )

            columns.append(self.add(issues.name.on(j), package, no_deal, live_header=True))
        return self.block(columns, layout.VALUE_LEVELS, no_deal=True)

    def _complete(self, missing: Block, name: Block, direct: Block, levels: Block) -> None:
        """Write the column that stands left of the levels: how many issues are open."""
        column, self.column = self.column, missing.packages[0].column
        numbers = levels.parameters(NUMBER_ROW)

        def package(k: int) -> str:
            own = row_of(levels.packages, k)
            return (
                f'IF(OR({name.packages[0].cell(k)}="",{direct.packages[0].cell(k)}>0),0,'
                f"SUMPRODUCT(({numbers}>0)*({own}=0))+(SUM({numbers})=0))"
            )

        def no_deal(k: int) -> str:
            own = row_of(levels.no_deal, k)
            return (
                f'IF(OR({name.no_deal[0].cell(k)}="",SUM({own})=0),0,'
                f"SUMPRODUCT(({numbers}>0)*({own}=0)))"
            )

        self.add("Issues left open", package, no_deal, name=layout.VALUE_OPEN)
        self.column = column

    def _hits(self, name: Block, levels: Block) -> Block:
        self.title("Rules broken, red lines crossed, interactions that apply")
        rules = self.lookup.rules
        columns = []
        for r in range(1, self.room.rules + 1):
            self.parameter(NUMBER_ROW, rules.number.on(r))
            self.parameter(BELONGS_ROW, rules.belongs.on(r))
            self.parameter(EXTRA_ROW, rules.score.on(r))

            def hit(names: Run, runs: tuple[Run, ...], r: int = r) -> Callable[[int], str]:
                first, then = rules.first_part.on(r), rules.then_part.on(r)

                def formula(k: int) -> str:
                    met = (
                        "SUMPRODUCT((Condition_Key={key})*COUNTIF("
                        + row_of(runs, k)
                        + ",Condition_Level))"
                    )
                    return (
                        f'IF(OR({names.cell(k)}="",{first}=0),0,'
                        f"IF({met.format(key=2 * r)}<{first},0,"
                        f"IF({then}=0,1,IF({met.format(key=2 * r + 1)}<{then},1,0))))"
                    )

                return formula

            columns.append(
                self.add(
                    rules.name.on(r),
                    hit(name.packages[0], levels.packages),
                    hit(name.no_deal[0], levels.no_deal),
                    live_header=True,
                )
            )
        return self.block(columns, layout.VALUE_RULES, no_deal=True)

    def _red_lines(self, name: Block, direct: Block, hits: Block) -> tuple[Block, Block, Block]:
        self.title("Rules broken; red lines crossed, by party")
        belongs = hits.parameters(BELONGS_ROW)
        names = self.lookup.parties.name
        evaluation = self.evaluation
        broken = self.block(
            [
                self.add(
                    "Rules broken",
                    lambda k: f"SUMIF({belongs},{RULE * KIND_STEP},{row_of(hits.packages, k)})",
                    None,
                    name=layout.VALUE_BROKEN,
                    values=evaluation.breaks.sum(axis=1).tolist(),
                )
            ]
        )
        self.column -= 1
        columns = []
        crosses = f"CHAR(10)&{_LINES}&CHAR(10)"
        for q in range(1, self.room.parties + 1):
            # A name that contains a line feed stands on lines that begin with a tab.
            line = f"CHAR(10)&SUBSTITUTE({names.on(q)},CHAR(10),CHAR(10)&CHAR(9))&CHAR(10)"

            def package(k: int, q: int = q, line: str = line) -> str:
                scored = direct.packages[0].cell(k)
                return (
                    f"SUMIF({belongs},{RED_LINE * KIND_STEP + q},{row_of(hits.packages, k)})"
                    f'+IF(OR({scored}=0,{names.on(q)}=""),0,'
                    f"ISNUMBER(FIND({line},{crosses.format(k=k)}))*1)"
                )

            columns.append(
                self.add(f"{names.on(q)}", package, None, live_header=True)
            )  # fmt: skip
        refused = self.block(columns, layout.VALUE_REFUSED)
        self.column -= 1

        def unknown(k: int) -> str:
            text = _LINES.format(k=k)
            feeds = f'LEN({text})-LEN(SUBSTITUTE({text},CHAR(10),""))'
            carried = f'(LEN({text})-LEN(SUBSTITUTE({text},CHAR(10)&CHAR(9),"")))/2'
            found = f"IF({direct.packages[0].cell(k)}=0,0,SUM({row_of(refused.packages, k)}))"
            own = name.packages[0].cell(k)
            return f'IF({own}="",0,IF({text}="",0,1+{feeds}-{carried}-{found}))'

        return (
            broken,
            refused,
            self.block([self.add("Entries under “Crosses” that are no party", unknown, None)]),
        )

    def _performance(self, name: Block, direct: Block, levels: Block, hits: Block) -> Block:
        self.title("Performance, in each criterion's unit")
        lookup = self.lookup
        columns = []
        listed = self._by_criterion(self.evaluation.listed.performance)
        without = self._by_criterion(self.evaluation.without_deal.performance)
        for c in range(1, self.room.criteria + 1):
            self.parameter(NUMBER_ROW, lookup.criteria.number.on(c))
            self.parameter(BELONGS_ROW, lookup.criteria.party_number.on(c))
            number = f"{layout.column_letters(self.column)}${NUMBER_ROW + 1}"
            given = lookup.direct.scores[c - 1].range

            def computed(runs: tuple[Run, ...], hit: tuple[Run, ...], k: int, c: int = c) -> str:
                scores = lookup.levels.scores[c - 1].range
                return (
                    f"SUMPRODUCT(SUMIF(Level_Number,{row_of(runs, k)},{scores}))"
                    f"+SUMPRODUCT(({hits.parameters(BELONGS_ROW)}={INTERACTION * KIND_STEP + c})"
                    f"*{row_of(hit, k)}*{hits.parameters(EXTRA_ROW)})"
                )

            def package(
                k: int, number: str = number, given: str = given, computed: Computed = computed
            ) -> str:
                row = direct.packages[0].cell(k)
                return (
                    f'IF(OR({name.packages[0].cell(k)}="",{number}=0),"",'
                    f"IF({row}>0,N(INDEX({given},{row})),"
                    f"{computed(levels.packages, hits.packages, k)}))"
                )

            def no_deal(
                k: int, number: str = number, given: str = given, computed: Computed = computed
            ) -> str:
                result = computed(levels.no_deal, hits.no_deal, k)
                rows = [direct.no_deal[0].cell(1), direct.no_deal[0].cell(k)][: min(k, 2)]
                for row in rows:
                    own = f"INDEX({given},MAX(1,{row}))"
                    result = f"IF(AND({row}>0,ISNUMBER({own})),{own},{result})"
                return f'IF(OR({name.no_deal[0].cell(k)}="",{number}=0),"",{result})'

            columns.append(
                self.add(
                    self._criterion_header(c), package, no_deal, live_header=True,
                    values=listed(c), no_deal_values=without(c),
                )
            )  # fmt: skip
        return self.block(columns, layout.VALUE_PERFORMANCE, no_deal=True)

    def _criterion_header(self, c: int) -> str:
        criteria = self.lookup.criteria
        return (
            f'IF({criteria.number.on(c)}=0,"",{criteria.party.on(c)}&" · "&{criteria.name.on(c)})'
        )

    def _by_criterion(self, arrays: object) -> Callable[[int], list[Cached]]:
        """Return the cached column of criterion c, counted over all parties."""
        mapping: dict[str, Floats] = dict(arrays)  # type: ignore[call-overload]
        parties = self.sheets.case.party_names
        wide = np.hstack([mapping[party] for party in parties])
        return lambda c: wide[:, c - 1].tolist() if c <= wide.shape[1] else []

    def _value(self, performance: Block) -> Block:
        self.title("Value, 0–100")
        curves = self.lookup.curves
        columns = []
        listed = self._by_criterion(self.evaluation.listed.values)
        without = self._by_criterion(self.evaluation.without_deal.values)
        for c in range(1, self.room.criteria + 1):
            start, value = curves.start.on(c), curves.start_value.on(c)
            slope, points = curves.slope.on(c), curves.points.on(c)
            knots = _across(curves.knots, c)
            bends = _across(curves.bends, c)

            def formula(
                run: Run,
                value: str = value, slope: str = slope, start: str = start,
                points: str = points, knots: str = knots, bends: str = bends,
            ) -> Callable[[int], str]:  # fmt: skip
                def of(k: int) -> str:
                    x = run.cell(k)
                    return (
                        f'IF({x}="","",{value}+{slope}*({x}-{start})+IF({points}<3,0,'
                        f"SUMPRODUCT({bends}*({x}>{knots})*({x}-{knots}))))"
                    )

                return of

            above, below = performance.packages[c - 1], performance.no_deal[c - 1]
            columns.append(
                self.add(
                    self._criterion_header(c), formula(above), formula(below), live_header=True,
                    values=listed(c), no_deal_values=without(c), style="workings_number",
                )
            )  # fmt: skip
        return self.block(columns, layout.VALUE_VALUES, no_deal=True)

    def _contribution(self, value: Block) -> Block:
        self.title("Contribution: share × value")
        criteria = self.lookup.criteria
        columns = []
        listed = self._by_criterion(self.evaluation.listed.contributions)
        without = self._by_criterion(self.evaluation.without_deal.contributions)
        for c in range(1, self.room.criteria + 1):
            self.parameter(BELONGS_ROW, criteria.party_number.on(c))

            def formula(run: Run, c: int = c) -> Callable[[int], str]:
                share = criteria.share.on(c)
                return lambda k: f'IF({run.cell(k)}="","",{share}*{run.cell(k)})'

            columns.append(
                self.add(
                    self._criterion_header(c), formula(value.packages[c - 1]),
                    formula(value.no_deal[c - 1]), live_header=True, values=listed(c),
                    no_deal_values=without(c), style="workings_number",
                )
            )  # fmt: skip
        return self.block(columns, layout.VALUE_CONTRIBUTIONS, no_deal=True)

    def _party_columns(self, array: np.ndarray | None) -> Callable[[int], list[Cached]]:
        if array is None:
            return lambda _: []
        return lambda q: array[:, q - 1].tolist() if q <= array.shape[1] else []

    def _party_value(self, name: Block, missing: Block, contribution: Block) -> Block:
        self.title("Party value")
        parties = self.lookup.parties
        owners = contribution.parameters(BELONGS_ROW)
        listed = self._party_columns(self.evaluation.party_values)
        without = self._party_columns(self.evaluation.no_deal_values)
        columns = []
        for q in range(1, self.room.parties + 1):
            self.parameter(NUMBER_ROW, parties.number.on(q))
            number = f"{layout.column_letters(self.column)}${NUMBER_ROW + 1}"

            def package(k: int, q: int = q, number: str = number) -> str:
                return (
                    f'IF(OR({name.packages[0].cell(k)}="",{number}=0,'
                    f'{missing.packages[0].cell(k)}>0),"",'
                    f"ROUND(SUMIF({owners},{q},{row_of(contribution.packages, k)}),9))"
                )

            def no_deal(k: int, q: int = q, number: str = number) -> str:
                column = parties.values_column.on(q)
                result = f"SUMIF({owners},{q},{row_of(contribution.no_deal, k)})"
                for row in (1, k)[: min(k, 2)]:
                    stated = f"INDEX(NoDeal_Values,{self.filled.cell(row)}+1,{column})"
                    result = f"IF({column}=0,{result},IF(ISNUMBER({stated}),{stated},{result}))"
                return f'IF(OR({name.no_deal[0].cell(k)}="",{number}=0),"",ROUND({result},9))'

            columns.append(
                self.add(
                    f"{parties.name.on(q)}", package, no_deal, live_header=True, values=listed(q),
                    no_deal_values=without(q), style="workings_number",
                )
            )  # fmt: skip
        return self.block(columns, layout.VALUE_PARTY, no_deal=True)

    def _surplus(self, party_value: Block) -> Block:
        self.title("Surplus; for no deal: reservation value under it")
        parties = self.lookup.parties
        listed = self._party_columns(self.evaluation.surplus)
        without = self._party_columns(
            self.evaluation.reservation_under if self.evaluation.no_deal else None
        )
        columns = []
        for q in range(1, self.room.parties + 1):
            value, no_deal_value = party_value.packages[q - 1], party_value.no_deal[q - 1]
            stated = parties.stated.on(q)
            r = f"{layout.column_letters(self.column)}${EXTRA_ROW + 1}"
            known = q <= len(self.evaluation.parties)
            self.parameter(
                EXTRA_ROW,
                f"ROUND(IF(ISNUMBER({stated}),{stated},N({no_deal_value.cell(1)})),9)",
                float(self.evaluation.reservation[q - 1]) if known else None,
            )

            def package(k: int, r: str = r, value: Run = value) -> str:
                own = value.cell(k)
                return f'IF({own}="","",ROUND({own}-{r},9))'

            def no_deal(k: int, r: str = r, own: Run = no_deal_value) -> str:
                first = own.cell(1)
                return f'IF({own.cell(k)}="","",ROUND({r}+{own.cell(k)}-{first},9))'

            columns.append(
                self.add(
                    f"{parties.name.on(q)}", package, no_deal, live_header=True, values=listed(q),
                    no_deal_values=without(q), style="workings_number",
                )
            )  # fmt: skip
        first, last = columns[0][0].column, columns[-1][0].column
        self.sheets.define(
            layout.RESERVATION,
            layout.Block(layout.VALUES, EXTRA_ROW, first, EXTRA_ROW, last),
        )
        return self.block(columns, layout.VALUE_SURPLUS, no_deal=True)

    def _acceptable(self, refused: Block, surplus: Block) -> Block:
        self.title("Acceptable")
        known = self._party_columns(self.evaluation.acceptable.astype(float))
        columns = []
        for q in range(1, self.room.parties + 1):
            lines, gain = refused.packages[q - 1], surplus.packages[q - 1]

            def package(k: int, lines: Run = lines, gain: Run = gain) -> str:
                own = gain.cell(k)
                return f'IF({own}="","",IF(AND({lines.cell(k)}=0,{own}>=0),1,0))'

            columns.append(
                self.add(
                    self.lookup.parties.name.on(q), package, None, live_header=True,
                    values=known(q),
                )
            )  # fmt: skip
        return self.block(columns, layout.VALUE_ACCEPTABLE)

    def _rank(self, broken: Block, refused: Block, party_value: Block) -> tuple[Block, Block]:
        self.title("Value where it is ranked")
        columns = []
        for q in range(1, self.room.parties + 1):
            lines, value = refused.packages[q - 1], party_value.packages[q - 1]

            def ranked(k: int, lines: Run = lines, value: Run = value) -> str:
                own = value.cell(k)
                return (
                    f'IF({own}="",{UNRANKED},'
                    f"IF({broken.packages[0].cell(k)}+{lines.cell(k)}>0,{UNRANKED},{own}))"
                )

            columns.append(self.add(self.lookup.parties.name.on(q), ranked, None, live_header=True))
        ranked_value = self.block(columns)
        self.title("Rank")
        ranks = _ranks(self.evaluation)
        columns = []
        for q in range(1, self.room.parties + 1):
            run = ranked_value.packages[q - 1]

            def rank(k: int, run: Run = run) -> str:
                own = run.cell(k)
                return f'IF({own}={UNRANKED},"",1+SUMPRODUCT(--({_fixed(run)}>{own})))'

            columns.append(
                self.add(
                    self.lookup.parties.name.on(q), rank, None, live_header=True,
                    values=ranks(q),
                )
            )  # fmt: skip
        return ranked_value, self.block(columns, layout.VALUE_RANK)

    def _sets(
        self, name: Block, missing: Block, broken: Block, refused: Block, acceptable: Block
    ) -> tuple[Block, Block]:
        self.title("Allowed; in the zone")
        signs = self.lookup.parties.signs.name

        def allowed(k: int) -> str:
            lines = row_of(refused.packages, k)
            return (
                f'IF(OR({name.packages[0].cell(k)}="",{missing.packages[0].cell(k)}>0),"",'
                f"IF({broken.packages[0].cell(k)}+SUM({lines})=0,1,0))"
            )

        first = self.add(
            "Allowed", allowed, None, name=layout.VALUE_ALLOWED,
            values=self.evaluation.allowed.astype(float).tolist(),
        )  # fmt: skip

        def zone(k: int) -> str:
            yes = "+".join(
                f"N({run.cell(k)})*{self.lookup.parties.signs.on(q)}"
                for q, run in enumerate(acceptable.packages, 1)
            )
            own = first[0].cell(k)
            return f'IF({own}="","",IF(AND({own}=1,{yes}=SUM({signs})),1,0))'

        second = self.add(
            "In the zone: every signer accepts", zone, None, name=layout.VALUE_ZONE,
            values=self.evaluation.in_zone.astype(float).tolist(),
        )  # fmt: skip
        above, below = zip(first, second, strict=True)
        self.column += 1
        return Block((above[0],), (below[0],)), Block((above[1],), (below[1],))

    def _by_name(
        self, name: Block, direct: Block, hits: Block, refused: Block
    ) -> tuple[Block, Block]:
        self.title("By name")
        rules = self.lookup.rules
        blocks = []
        for kind, header in ((RULE, "Rules broken"), (RED_LINE, "Red lines crossed")):
            columns: list[tuple[Run, Run]] = []
            for start in range(0, self.room.rules, NAMES_IN_ONE_FORMULA):
                numbers = range(start + 1, min(start + NAMES_IN_ONE_FORMULA, self.room.rules) + 1)
                before = columns[-1][0] if columns else None

                def joined(
                    k: int, numbers: range = numbers, before: Run | None = before, kind: int = kind
                ) -> str:
                    parts = [before.cell(k)] if before else []
                    parts += [
                        f"IF(AND({rules.kind.on(r)}={kind},{hits.packages[r - 1].cell(k)}=1),"
                        f'"; "&{rules.name.on(r)},"")'
                        for r in numbers
                    ]
                    return f'IF({name.packages[0].cell(k)}="","",{"&".join(parts)})'

                columns.append(self.add(header, joined, None))
            # What is stated beside a directly scored package has no name but the party's.
            last = columns[-1][0]

            def finished(k: int, last: Run = last, kind: int = kind) -> str:
                if kind == RULE:
                    return f"MID({last.cell(k)},3,10000)"
                parties = "&".join(
                    f'IF({run.cell(k)}>0,"; "&{self.lookup.parties.name.on(q)}&" (as entered)","")'
                    for q, run in enumerate(refused.packages, 1)
                )
                scored = direct.packages[0].cell(k)
                return f"MID(IF({scored}>0,{parties},{last.cell(k)}),3,10000)"

            finish = self.add(f"{header}, by name", finished, None)
            self.column += 1
            blocks.append(Block((finish[0],), (finish[1],)))
        return blocks[0], blocks[1]


# LibreOffice holds a tab that it reads from a file as character 1.
_LINES = "SUBSTITUTE(INDEX(Packages_Crosses,{k}+1),CHAR(10)&CHAR(1),CHAR(10)&CHAR(9))"

Computed = Callable[[tuple[Run, ...], tuple[Run, ...], int], str]


def _around(runs: tuple[Run, ...]) -> layout.Block:
    first, last = runs[0], runs[-1]
    return layout.Block(
        first.sheet, first.top, first.column, first.top + first.rows - 1, last.column
    )


def _level(issue: str, text: str) -> str:
    return f"SUMPRODUCT((Level_IssueNumber={issue})*EXACT(Level_Name,{text})*Level_Number)"


def _across(runs: tuple[Run, ...], c: int) -> str:
    """The c-th cells of adjoining runs as one range, for any sheet."""
    first, last = runs[0], runs[-1]
    row = first.top + c - 1
    return layout.Block(first.sheet, row, first.column, row, last.column).reference[1:]


def _fixed(run: Run) -> str:
    """The whole run, with fixed rows and columns, for formulas on the same sheet."""
    letters = layout.column_letters(run.column)
    return f"${letters}${run.top + 1}:${letters}${run.top + run.rows}"


def _ranks(evaluation: Evaluation) -> Callable[[int], list[Cached]]:
    """Return the cached ranks for party q: 1, 2, 2, 4 over the packages that are ranked."""

    def of(q: int) -> list[Cached]:
        if q > len(evaluation.parties):
            return []
        values, ranked = evaluation.party_values[:, q - 1], evaluation.ranked[:, q - 1]
        return [
            1.0 + float(np.sum(values[ranked] > value)) if is_ranked else None
            for value, is_ranked in zip(values, ranked, strict=True)
        ]

    return of
