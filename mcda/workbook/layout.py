"""Where things are in the workbook: the one place that knows sheets, headers and defined names.

An input table stands under its header row and ends in a *marker row*; the defined name of each
column spans both, so that rows inserted at either end fall inside. Blocks whose columns depend on
the case (issues, parties, criteria) have a name of their own that spans from the column before
them to a narrow *marker column*. Rows and columns are zero-based here, as XlsxWriter counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mcda.case import Case

VERSION = "2"
"""Version of this layout; the Cover carries it under the name ``Layout_Version``.

Version 1 had no Stamp sheet.
"""
OLDER_VERSIONS = ("1",)
"""Layouts that are still read."""

COVER, RANKING = "Cover", "Ranking"
PACKAGES, NO_DEAL, ISSUES, PARTIES = "Packages", "No deal", "Issues", "Parties"
CRITERIA, WEIGHTS, SCORES, EVIDENCE = "Criteria", "Weights", "Scores", "Evidence"
RULES, CONDITIONS, SCENARIOS = "Rules", "Conditions", "Scenarios"
RECOMMENDATIONS, SOURCES = "Recommendations", "Sources"
LOOKUP, VALUES, STAMP = "Lookup", "Values", "Stamp"
CHECKS, LOG = "Checks", "Log"

SHEETS = (
    COVER, RANKING, PACKAGES, NO_DEAL, ISSUES, PARTIES, CRITERIA, WEIGHTS, SCORES, EVIDENCE,
    RULES, CONDITIONS, SCENARIOS, RECOMMENDATIONS, SOURCES, LOOKUP, VALUES, STAMP, CHECKS, LOG,
)  # fmt: skip
"""Every sheet, in the order of the tabs."""

INPUT_SHEETS = SHEETS[SHEETS.index(PACKAGES) : SHEETS.index(LOOKUP)]

HEADER_ROW = 4
"""Header row of an input table: row 5 of the sheet, under title (1), guidance (2–3), bands (4)."""

ROW_MARKER = "▲ new rows go above this line"
COLUMN_MARKER = "◂"

YES, NO = "yes", "no"
DEAL, NO_DEAL_ONLY = "deal", "no deal only"
LEVEL_KIND, PACKAGE_KIND, NO_DEAL_KIND = "level", "package", "no deal"
RULE_KIND, RED_LINE_KIND, INTERACTION_KIND = "rule", "red line", "interaction"
IF, THEN, FORBID, WHEN = "if", "then", "forbid", "when"
WEIGHT_CHANGE, RESERVATION_CHANGE, SCORE_CHANGE, LIFT = (
    "weight",
    "reservation",
    "score",
    "lift",
)
INTERVALS, ORDINAL, DIRICHLET = "intervals", "ordinal", "dirichlet"
STATED, INFERRED = "stated", "inferred"
MAX, MIN = "max", "min"
CONFIDENCES = ("high", "medium", "low")
MAX_POINTS = 6
"""Points of a value function that the Criteria sheet has room for."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column with a fixed header; ``choices`` is its drop-down, ``width`` in characters."""

    key: str
    header: str
    kind: str = "text"
    """``name`` (text that is looked up), ``text``, or ``number``."""
    width: float = 14
    choices: tuple[str, ...] = ()
    hint: str = ""
    """The message that Excel shows beside the selected cell."""


@dataclass(frozen=True, slots=True)
class Table:
    """An input table: one thing a row, columns found by defined name or header text."""

    key: str
    """First part of its defined names: column ``x`` of table ``T`` is the name ``T_x``."""
    sheet: str
    columns: tuple[Column, ...]
    guidance: str

    def name(self, column: str) -> str:
        """Return the defined name of a column, by the column's key."""
        if all(column != known.key for known in self.columns):
            raise KeyError(column)
        return f"{self.key}_{column}"

    def column(self, key: str) -> Column:
        """Return the column of that key."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


def _points() -> tuple[Column, ...]:
    return tuple(
        column
        for n in range(1, MAX_POINTS + 1)
        for column in (
            Column(f"X{n}", f"Point {n}: at", "number", 8, hint="In the criterion's unit."),
            Column(
                f"V{n}",
                f"Point {n}: value",
                "number",
                8,
                hint="0 at the worst, 100 at best.",
            ),
        )
    )


ISSUES_TABLE = Table(
    "Issues",
    ISSUES,
    (
        Column("Issue", "Issue", "name", 28),
        Column("Level", "Level", "name", 44),
        Column("Occurs", "Occurs in", "text", 14, (DEAL, NO_DEAL_ONLY)),
        Column("Meaning", "Meaning", "text", 70),
        Column("Source", "Source", "text", 10),
    ),
    "One row per level. Keep an issue's rows together, in order; levels that occur only without "
    "agreement come last.",
)
PARTIES_TABLE = Table(
    "Parties",
    PARTIES,
    (
        Column("Party", "Party", "name", 26),
        Column("Signs", "Signs", "text", 8, (YES, NO)),
        Column("ReservationLow", "Reservation low", "number", 12),
        Column("Reservation", "Reservation value", "number", 12),
        Column("ReservationHigh", "Reservation high", "number", 12),
        Column("Aspiration", "Aspiration", "number", 12),
        Column("Power", "Power", "number", 10),
        Column("WeightsAre", "Weights are", "text", 14, (INTERVALS, ORDINAL, DIRICHLET)),
        Column("Concentration", "Concentration", "number", 14),
    ),
    "One row per party. Leave the reservation value blank to take it from the first no-deal "
    "alternative.",
)
CRITERIA_TABLE = Table(
    "Criteria",
    CRITERIA,
    (
        Column("Party", "Party", "name", 20),
        Column("Criterion", "Criterion", "name", 30),
        Column("Group", "Group", "text", 22),
        Column("Direction", "Direction", "text", 10, (MAX, MIN)),
        Column("Low", "Low", "number", 9),
        Column("High", "High", "number", 9),
        Column("Unit", "Unit", "text", 12),
        Column("Worst", "The worst end means", "text", 44),
        Column("Best", "The best end means", "text", 44),
        *_points(),
    ),
    "One row per party and criterion. Low is always less than high; the direction says which end "
    "is worst. A range left blank is the span of the scores.",
)
WEIGHTS_TABLE = Table(
    "Weights",
    WEIGHTS,
    (
        Column("Party", "Party", "name", 20),
        Column("Criterion", "Criterion", "name", 30),
        Column("Weight", "Weight", "number", 10),
        Column("Low", "Low", "number", 8),
        Column("High", "High", "number", 8),
        Column("JudgedFrom", "Judged on range from", "number", 11),
        Column("JudgedTo", "to", "number", 11),
        Column("How", "How", "text", 14),
        Column("By", "By whom", "text", 16),
        Column("On", "When", "text", 12),
    ),
    "One row per party and criterion: what the swing from the worst to the best end is worth, in "
    "any points, relative to the party's other criteria.",
)
PACKAGES_TABLE = Table(
    "Packages",
    PACKAGES,
    (
        Column("Package", "Package", "name", 40),
        Column("Crosses", "Crosses red line of", "text", 18),
        Column("Note", "Note", "text", 50),
        Column("Outside", "Outside terms", "text", 40),
        Column("Sequence", "Sequence", "text", 40),
        Column("Cost", "Cost", "text", 30),
        Column("Reversible", "Reversible", "text", 24),
        Column("Source", "Source", "text", 10),
    ),
    "One row per package: a level for each issue. Several outside terms or steps stand on lines of "
    "their own in the cell. “Crosses” is for packages that are scored directly.",
)
NO_DEAL_TABLE = Table(
    "NoDeal",
    NO_DEAL,
    (
        Column("NoDeal", "No deal", "name", 40),
        Column("By", "By", "text", 20),
    ),
    "The first row is the base and is complete. Later rows, the sticks, list only what differs.",
)
EVIDENCE_TABLE = Table(
    "Evidence",
    EVIDENCE,
    (
        Column("Party", "Party", "name", 20),
        Column("Criterion", "Criterion", "name", 30),
        Column("Of", "Of", "text", 9, (LEVEL_KIND, PACKAGE_KIND, NO_DEAL_KIND)),
        Column("Issue", "Issue", "name", 24),
        Column("Level", "Level (or package, or no deal)", "name", 40),
        Column("Low", "Low", "number", 8),
        Column("High", "High", "number", 8),
        Column("Basis", "Basis", "text", 70),
        Column("Source", "Source", "text", 10),
        Column("Confidence", "Confidence", "text", 12, CONFIDENCES),
    ),
    "One row per score that has a range, a basis or a source. The base score itself stands on "
    "Scores.",
)
RULES_TABLE = Table(
    "Rules",
    RULES,
    (
        Column("Name", "Name", "name", 50),
        Column("Kind", "Kind", "text", 12, (RULE_KIND, RED_LINE_KIND, INTERACTION_KIND)),
        Column("Party", "Party", "name", 20),
        Column("Criterion", "Criterion", "name", 26),
        Column("Score", "Score", "number", 8),
        Column("Low", "Low", "number", 8),
        Column("High", "High", "number", 8),
        Column("Stated", "Stated or inferred", "text", 12, (STATED, INFERRED)),
        Column("Source", "Source", "text", 10),
        Column("Basis", "Basis", "text", 60),
        Column("Confidence", "Confidence", "text", 12, CONFIDENCES),
    ),
    "One row per rule (cannot happen), red line (a party refuses) or interaction (an extra score). "
    "What each one is about stands on Conditions.",
)
CONDITIONS_TABLE = Table(
    "Conditions",
    CONDITIONS,
    (
        Column("Name", "Name", "name", 50),
        Column("Kind", "Kind", "text", 12, (RULE_KIND, RED_LINE_KIND, INTERACTION_KIND)),
        Column("Part", "Part", "text", 9, (IF, THEN, FORBID, WHEN)),
        Column("Issue", "Issue", "name", 26),
        Column("Level", "Level", "name", 44),
    ),
    "One row per level. Several issues mean all of them, several levels of one issue any of them.",
)
SCENARIOS_TABLE = Table(
    "Scenarios",
    SCENARIOS,
    (
        Column("Scenario", "Scenario", "name", 36),
        Column("Why", "Why", "text", 50),
        Column(
            "Change",
            "Change",
            "text",
            12,
            (WEIGHT_CHANGE, RESERVATION_CHANGE, SCORE_CHANGE, LIFT),
        ),
        Column("Party", "Party", "name", 20),
        Column("Criterion", "Criterion", "name", 26),
        Column("Issue", "Issue", "name", 22),
        Column("Level", "Level", "name", 30),
        Column("Low", "Low", "number", 8),
        Column("Value", "New value", "number", 10),
        Column("High", "High", "number", 8),
        Column("Lifted", "Lifted rule or red line", "name", 40),
        Column("Basis", "Basis", "text", 40),
        Column("Source", "Source", "text", 10),
        Column("Confidence", "Confidence", "text", 12, CONFIDENCES),
    ),
    "One row per change. The reason stands in the scenario's first row.",
)
RECOMMENDATIONS_TABLE = Table(
    "Recommendations",
    RECOMMENDATIONS,
    (
        Column("For", "For", "name", 26),
        Column("Package", "Package", "name", 44),
        Column("Why", "Why", "text", 80),
    ),
    "The analyst's own recommendation to a party; the memo shows it beside the computed ranking.",
)
SOURCES_TABLE = Table(
    "Sources",
    SOURCES,
    (
        Column("Id", "Id", "name", 8),
        Column("Statement", "Statement", "text", 80),
        Column("Date", "Date", "text", 16),
        Column("Source", "Source", "text", 40),
        Column("Url", "Url", "text", 40),
        Column("Confidence", "Confidence", "text", 12, CONFIDENCES),
    ),
    "One row per fact: what was said or decided, when, and where it can be checked.",
)
SCORES_TABLE = Table(
    "Scores",
    SCORES,
    (Column("Issue", "Issue", "name", 26), Column("Level", "Level", "name", 40)),
    "One row per level, one column per party and criterion. Leave a whole issue blank in a column "
    "that it does not feed.",
)
DIRECT_TABLE = Table(
    "Direct",
    SCORES,
    (Column("Kind", "Scored directly", "text", 26, (PACKAGE_KIND, NO_DEAL_KIND)),
     Column("Name", "Name", "name", 40)),
    "Packages and no-deal alternatives that have no issues behind them.",
)  # fmt: skip

TABLES = (
    PACKAGES_TABLE, NO_DEAL_TABLE, ISSUES_TABLE, PARTIES_TABLE, CRITERIA_TABLE, WEIGHTS_TABLE,
    SCORES_TABLE, DIRECT_TABLE, EVIDENCE_TABLE, RULES_TABLE, CONDITIONS_TABLE, SCENARIOS_TABLE,
    RECOMMENDATIONS_TABLE, SOURCES_TABLE,
)  # fmt: skip

# Names of the blocks whose columns depend on the case. Each spans from the column before the
# block to its marker column, and from the (first) header row to the marker row.
PACKAGES_SETTINGS = "Packages_Settings"  # starts at the Package column; header: issue names
NO_DEAL_SETTINGS = "NoDeal_Settings"  # starts at the No deal column; header: issue names
NO_DEAL_VALUES = "NoDeal_Values"  # starts at the By column; header: party names
SCORES_BLOCK = "Scores_Block"  # starts at the Level column; two header rows: party, criterion
DIRECT_BLOCK = "Direct_Block"  # the same columns, from the lower header row to its marker row

# Single cells.
CASE_NAME, CASE_PURPOSE = "Case_Name", "Case_Purpose"
CASE_MARKING, CASE_AS_AT = "Case_Marking", "Case_AsAt"
LAYOUT_VERSION = "Layout_Version"
RANKED_FOR = "Ranked_For"  # the party selector on Ranking
CHART_ACROSS, CHART_UP = "Chart_Across", "Chart_Up"  # selectors of the two-party chart
FINGERPRINT = "Inputs_SHA256"  # of the inputs as they were when the workbook was made
MASTER_CHECK = "Master_Check"  # on the Cover, in words
GLANCE = "Glance"  # the live summary on the Cover: all signers, then each party
LOG_ENTRIES = "Log_Entries"  # header row to the last line written; new lines go below it

# Live blocks on Values: one row per package, one column per criterion or party. With the prefix
# they are the rows of the no-deal alternatives.
NO_DEAL_PREFIX = "NoDeal"
VALUE_NAME, VALUE_OPEN, VALUE_BROKEN = "Value_Name", "Value_Open", "Value_Broken"
VALUE_LEVELS, VALUE_RULES, VALUE_REFUSED = "Value_Levels", "Value_Rules", "Value_Refused"
VALUE_PERFORMANCE, VALUE_VALUES = "Value_Performance", "Value_Values"
VALUE_CONTRIBUTIONS, VALUE_PARTY = "Value_Contributions", "Value_Party"
VALUE_SURPLUS = "Value_Surplus"  # of no deal: the reservation value under it
VALUE_ACCEPTABLE, VALUE_RANK = "Value_Acceptable", "Value_Rank"
VALUE_ALLOWED, VALUE_ZONE = "Value_Allowed", "Value_Zone"
RESERVATION = "Value_Reservation"  # one cell per party

# Live tables: Ranking (without headers), Checks, and the block beside Weights.
RANKING_LIST, RANKING_ALL, RANKING_BY_NAME = "Ranking_List", "Ranking_All", "Ranking_ByName"
CHECK_ID, CHECK_TEST = "Check_Id", "Check_Test"
CHECK_COUNT, CHECK_RESULT = "Check_Count", "Check_Result"
WEIGHT_SHARE, WEIGHT_QUESTION = "WeightLive_Share", "WeightLive_Question"
WEIGHT_RANGE = "WeightLive_Range"

# The Stamp sheet: the inputs as they were when Python last computed, and what it computed.
STAMP_WHEN, STAMP_BY = "Stamp_When", "Stamp_By"
STAMP_INPUTS = "Stamp_Inputs"  # fingerprint of the inputs that were stamped
STAMP_CHANGED = "Stamp_Changed"  # live: input cells that differ now
STAMP_DIFFERENCES = "Stamp_Differences"  # live: numbers that differ from Python's
STAMP_STATES = "Stamp_States"  # live: of each stamped sheet, fresh or STALE
STAMP_PARTY = "Stamp_Party"  # Python's party values: k-th row of Packages × number of the party
STAMP_RESERVATION = "Stamp_Reservation"  # Python's reservation values, by number of the party
FRESH, STALE = "fresh", "STALE"


@dataclass(frozen=True, slots=True)
class Stamped:
    """A sheet that Python fills: it is fresh while the inputs are those that it was made from."""

    sheet: str
    inputs: str
    """Name of its cell with the fingerprint of those inputs."""
    when: str
    """Name of its cell that says when it was filled."""


STAMPED = (Stamped(STAMP, STAMP_INPUTS, STAMP_WHEN),)
"""Every stamped sheet, the Stamp itself first."""

_POINTS = tuple(f"{kind}{n}" for n in range(1, MAX_POINTS + 1) for kind in "XV")
NUMBERS_DEPEND_ON = {
    "Packages": ("Package", "Crosses"),
    "NoDeal": ("NoDeal", "By"),
    "Issues": ("Issue", "Level", "Occurs"),
    "Parties": (
        "Party", "Signs", "ReservationLow", "Reservation", "ReservationHigh", "Aspiration",
        "Power", "WeightsAre", "Concentration",
    ),
    "Criteria": ("Party", "Criterion", "Direction", "Low", "High", *_POINTS),
    "Weights": ("Party", "Criterion", "Weight", "Low", "High"),
    "Scores": ("Issue", "Level"),
    "Direct": ("Kind", "Name"),
    "Evidence": ("Party", "Criterion", "Of", "Issue", "Level", "Low", "High"),
    "Rules": ("Name", "Kind", "Party", "Criterion", "Score", "Low", "High"),
    "Conditions": ("Name", "Kind", "Part", "Issue", "Level"),
    "Scenarios": (
        "Scenario", "Change", "Party", "Criterion", "Issue", "Level", "Low", "Value", "High",
        "Lifted",
    ),
}  # fmt: skip
"""Columns that some number depends on, by table: the Stamp keeps a copy. Not notes and sources."""

BLOCKS_OF = {
    "Packages": (PACKAGES_SETTINGS,),
    "NoDeal": (NO_DEAL_SETTINGS, NO_DEAL_VALUES),
    "Scores": (SCORES_BLOCK,),
    "Direct": (DIRECT_BLOCK,),
}
"""The blocks of columns that depend on the case, by table; the Stamp keeps a copy of them too."""

BLOCKS = tuple(block for blocks in BLOCKS_OF.values() for block in blocks)

HEADER_ROWS = {SCORES_BLOCK: 2, DIRECT_BLOCK: 0}
"""Header rows of a block that are inputs, where it is not one row."""


def stamp_of(name: str) -> str:
    """Return the name of the Stamp's copy of an input column or block."""
    return f"Stamp_{name}"


def table_of(key: str) -> Table:
    """Return the input table of that key."""
    return next(known for known in TABLES if known.key == key)


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle on a sheet, ends included, zero-based."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def reference(self) -> str:
        """The absolute reference, as a defined name holds it."""
        quoted = self.sheet.replace("'", "''")
        start = f"${column_letters(self.left)}${self.top + 1}"
        end = f"${column_letters(self.right)}${self.bottom + 1}"
        return f"='{quoted}'!{start}" + ("" if start == end else f":{end}")


def column_letters(index: int) -> str:
    """Return the letters of a zero-based column.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(sheet: str, row: int, column: int) -> str:
    """Return a place as people write it: ``Weights!D7``, ``'No deal'!B2``."""
    plain = sheet.isidentifier()
    shown = sheet if plain else "'" + sheet.replace("'", "''") + "'"
    return f"{shown}!{column_letters(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Room:
    """How many rows of each kind the workbook has place for, spare ones included."""

    packages: int
    no_deal: int
    issues: int
    levels: int
    parties: int
    criteria: int
    rules: int
    conditions: int
    evidence: int
    scenarios: int
    recommendations: int
    sources: int
    direct: int


DEFAULT_ROOM = 40


def room_for(case: Case, packages: int = DEFAULT_ROOM) -> Room:
    """Return the room for a case: at least ``packages`` package rows, and spare rows elsewhere.

    A blank case gets room to become a full one; asking for more packages makes more room of every
    kind.
    """
    levels = sum(len(issue.levels) for issue in case.issues)
    criteria = sum(len(party.criteria) for party in case.parties)
    rules = len(case.rules) + len(case.red_lines) + len(case.interactions)
    evidence = sum(
        score.has_evidence
        for party in case.parties
        for issues in party.scores.values()
        for scores in issues.values()
        for score in scores.values()
    )
    direct = [thing.scores for thing in case.packages] + [thing.scores for thing in case.no_deal]
    direct_evidence = sum(
        score.has_evidence
        for parties in direct
        for scores in parties.values()
        for score in scores.values()
    )

    def least(share: float) -> int:
        """Room that goes with so many packages, however little the case has yet."""
        return round(share * packages)

    return Room(
        packages=max(packages, len(case.packages) + 5),
        no_deal=max(len(case.no_deal) + 4, least(0.2)),
        issues=max(len(case.issues) + 3, least(0.3)),
        levels=max(levels + 12, least(1.2)),
        parties=max(len(case.parties) + 2, least(0.15)),
        criteria=max(criteria + 6, least(0.6)),
        rules=max(rules + 8, least(0.5)),
        conditions=max(_condition_count(case) + 30, least(1.2)),
        evidence=max(evidence + direct_evidence + 60, least(5)),
        scenarios=_scenario_rows(case) + 15,
        recommendations=len(case.recommendations) + 4,
        sources=max(len(case.sources) + 15, least(0.5)),
        direct=sum(map(bool, direct)) + 6,
    )


def _condition_count(case: Case) -> int:
    parts = [
        *(line.forbid for line in case.red_lines),
        *(part for rule in case.rules for part in (rule.when, rule.then, rule.forbid)),
        *(interaction.when for interaction in case.interactions),
    ]
    return sum(len(levels) for part in parts for levels in part.values())


def _scenario_rows(case: Case) -> int:
    changes = sum(
        len(change.weights)
        + (change.reservation is not None)
        + sum(len(levels) for issues in change.scores.values() for levels in issues.values())
        for scenario in case.scenarios
        for change in scenario.parties.values()
    )
    return changes + sum(len(scenario.lift) + 1 for scenario in case.scenarios)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every input block of a new workbook stands, by defined name."""

    room: Room
    blocks: dict[str, Block] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Block:
        return self.blocks[name]


def plan(case: Case, room: Room) -> Plan:
    """Lay out the input sheets of a new workbook for ``case`` with the given room."""
    blocks: dict[str, Block] = {}
    rows = {
        "Issues": room.levels, "Parties": room.parties, "Criteria": room.criteria,
        "Weights": room.criteria, "Evidence": room.evidence, "Rules": room.rules,
        "Conditions": room.conditions, "Scenarios": room.scenarios,
        "Recommendations": room.recommendations, "Sources": room.sources,
    }  # fmt: skip
    for table in TABLES:
        if table.key in rows:
            _fixed(blocks, table, rows[table.key])
    _packages(blocks, room.packages, len(case.issues))
    _no_deal(blocks, room.no_deal, len(case.issues), len(case.parties))
    _scores(blocks, room, sum(len(party.criteria) for party in case.parties))
    return Plan(room, blocks)


def _column(sheet: str, column: int, rows: int, header: int = HEADER_ROW) -> Block:
    return Block(sheet, header, column, header + rows + 1, column)


def _fixed(blocks: dict[str, Block], table: Table, rows: int) -> None:
    for index, column in enumerate(table.columns):
        blocks[table.name(column.key)] = _column(table.sheet, index, rows)


def _packages(blocks: dict[str, Block], rows: int, issues: int) -> None:
    bottom = HEADER_ROW + rows + 1
    first, *others = PACKAGES_TABLE.columns
    blocks[PACKAGES_TABLE.name(first.key)] = _column(PACKAGES, 0, rows)
    blocks[PACKAGES_SETTINGS] = Block(PACKAGES, HEADER_ROW, 0, bottom, issues + 1)
    for index, column in enumerate(others):
        blocks[PACKAGES_TABLE.name(column.key)] = _column(PACKAGES, issues + 2 + index, rows)


def _no_deal(blocks: dict[str, Block], rows: int, issues: int, parties: int) -> None:
    bottom = HEADER_ROW + rows + 1
    by = issues + 2
    blocks[NO_DEAL_TABLE.name("NoDeal")] = _column(NO_DEAL, 0, rows)
    blocks[NO_DEAL_SETTINGS] = Block(NO_DEAL, HEADER_ROW, 0, bottom, issues + 1)
    blocks[NO_DEAL_TABLE.name("By")] = _column(NO_DEAL, by, rows)
    blocks[NO_DEAL_VALUES] = Block(NO_DEAL, HEADER_ROW, by, bottom, by + parties + 1)


def _scores(blocks: dict[str, Block], room: Room, criteria: int) -> None:
    bottom = HEADER_ROW + 1 + room.levels + 1
    right = criteria + 2
    # The second header row is the one that the row columns start from.
    blocks[SCORES_TABLE.name("Issue")] = _column(SCORES, 0, room.levels, HEADER_ROW + 1)
    blocks[SCORES_TABLE.name("Level")] = _column(SCORES, 1, room.levels, HEADER_ROW + 1)
    blocks[SCORES_BLOCK] = Block(SCORES, HEADER_ROW, 1, bottom, right)
    header = bottom + 3
    blocks[DIRECT_TABLE.name("Kind")] = _column(SCORES, 0, room.direct, header)
    blocks[DIRECT_TABLE.name("Name")] = _column(SCORES, 1, room.direct, header)
    blocks[DIRECT_BLOCK] = Block(SCORES, header, 1, header + room.direct + 1, right)
