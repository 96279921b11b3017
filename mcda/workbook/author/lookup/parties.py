"""Parties and their criteria, with weights and shares."""

from __future__ import annotations

from dataclasses import dataclass

from mcda.case import Case
from mcda.workbook import layout
from mcda.workbook.author.live import Run, Section, counting, first_place, number_at, text_at, twice
from mcda.workbook.author.lookup.places import Places


@dataclass(frozen=True, slots=True)
class Parties:
    """One row per party."""

    name: Run
    number: Run
    signs: Run
    stated: Run
    values_column: Run
    twice: Run


@dataclass(frozen=True, slots=True)
class Criteria:
    """One row per party and criterion."""

    party: Run
    name: Run
    number: Run
    party_number: Run
    key: Run
    column: Run
    """Column in Scores_Block and Direct_Block."""
    weight: Run
    share: Run
    twice: Run
    weight_row: Run


@dataclass(frozen=True, slots=True)
class Totals:
    """Once more one row per party: what follows from its criteria."""

    criteria: Run
    weights: Run
    shares: Run
    widest: Run
    runner_up: Run


def write_parties(section: Section, places: Places, case: Case) -> Parties:
    """Write the numbers of the parties."""
    names = case.party_names
    name = section.add("Party", lambda k: text_at("Parties_Party", str(k)), "Name", values=names)
    number = section.add(
        "Number", lambda k: f'IF({name.cell(k)}="",0,{k})', "Number", values=counting(names)
    )
    signs = section.add(
        "Signs",
        lambda k: (
            f'IF({number.cell(k)}=0,0,IF(EXACT(LOWER(TRIM(INDEX(Parties_Signs,{k}+1))),"no"),0,1))'
        ),
        "Signs",
        values=[float(party.signs) for party in case.parties],
    )
    stated = section.add(
        "Reservation stated", lambda k: number_at("Parties_Reservation", str(k)), "Stated",
        values=[
            None if party.reservation is None else party.reservation.base for party in case.parties
        ],
    )  # fmt: skip
    column = section.add(
        "Column of stated no-deal values",
        lambda k: (
            f"IF({number.cell(k)}=0,0,{places.column(layout.NO_DEAL_VALUES, [name.cell(k)])})"
        ),
        "Column",
    )
    return Parties(name, number, signs, stated, column, twice(section, name))


def write_criteria(section: Section, places: Places, parties: Parties, case: Case) -> Criteria:
    """Write the numbers of the criteria, where their scores stand, and their shares."""
    pairs = list(case.criteria())
    party = section.add(
        "Party", lambda k: text_at("Criteria_Party", str(k)), "Party",
        values=[party.name for party, _ in pairs],
    )  # fmt: skip
    name = section.add(
        "Criterion", lambda k: text_at("Criteria_Criterion", str(k)), "Name",
        values=[criterion.name for _, criterion in pairs],
    )  # fmt: skip
    number = section.add(
        "Number", lambda k: f'IF({name.cell(k)}="",0,{k})', "Number", values=counting(pairs)
    )
    party_number = section.add(
        "Number of its party",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            f"SUMPRODUCT(EXACT({parties.name.name},{party.cell(k)})*{parties.number.name}))"
        ),
        "PartyNumber",
        values=[float(case.party_names.index(party.name) + 1) for party, _ in pairs],
    )
    # The m-th criterion of party q is found by the key q × 1000 + m.
    key = section.add(
        "Party × 1000 + place",
        lambda k: (
            f"IF({party_number.cell(k)}=0,0,{party_number.cell(k)}*1000+1+"
            f"COUNTIF({party_number.above(k)},{party_number.cell(k)}))"
        ),
        "Key",
    )
    column = section.add(
        "Column on Scores",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            f"{places.column(layout.SCORES_BLOCK, [party.cell(k), name.cell(k)])})"
        ),
        "Column",
    )
    weight_row = section.add(
        "Row on Weights",
        lambda k: (
            f"IF({number.cell(k)}=0,0,"
            + first_place(
                f"EXACT(Weights_Party,{party.cell(k)})*EXACT(Weights_Criterion,{name.cell(k)})"
                f"*(ROW(Weights_Party)>{places.weights_top})"
            )
            + ")"
        ),
        "WeightRow",
    )
    weight = section.add(
        "Weight",
        lambda k: f"IF({weight_row.cell(k)}=0,0,N(INDEX(Weights_Weight,{weight_row.cell(k)})))",
        "Weight",
        values=[criterion.weight for _, criterion in pairs],
    )
    total = f"SUMIF({party_number.name},{{own}},{weight.name})"
    share = section.add(
        "Share",
        lambda k: (
            f"IF({party_number.cell(k)}=0,0,IF({total.format(own=party_number.cell(k))}>0,"
            f"{weight.cell(k)}/{total.format(own=party_number.cell(k))},0))"
        ),
        "Share",
        values=[share for party in case.parties for share in party.shares],
    )
    again = twice(section, name, party_number)
    return Criteria(
        party, name, number, party_number, key, column, weight, share, again, weight_row
    )


def write_totals(section: Section, parties: Parties, criteria: Criteria) -> Totals:
    """Write what follows for each party from all its criteria."""
    own = criteria.party_number.name

    count = section.add(
        "Criteria",
        lambda k: f"IF({parties.number.cell(k)}=0,0,COUNTIF({own},{k}))",
        "Criteria",
    )
    weights = section.add(
        "Sum of weights",
        lambda k: f"IF({parties.number.cell(k)}=0,0,SUMIF({own},{k},{criteria.weight.name}))",
        "Weights",
    )
    shares = section.add(
        "Sum of shares",
        lambda k: f"IF({parties.number.cell(k)}=0,0,SUMIF({own},{k},{criteria.share.name}))",
        "Shares",
    )
    mine = f"({own}={{k}})*{criteria.weight.name}"
    widest = section.add(
        "Criterion with the greatest weight",
        lambda k: (
            f"IF({count.cell(k)}=0,0,"
            + first_place(
                f"({own}={k})*({criteria.weight.name}=SUMPRODUCT(MAX({mine.format(k=k)})))"
            )
            + ")"
        ),
        "Widest",
    )
    others = f"({own}={{k}})*({criteria.number.name}<>{{widest}})"
    runner_up = section.add(
        "The next greatest",
        lambda k: (
            f"IF({count.cell(k)}<2,0,"
            + first_place(
                f"{others.format(k=k, widest=widest.cell(k))}*({criteria.weight.name}="
                f"SUMPRODUCT(MAX({others.format(k=k, widest=widest.cell(k))}"
                f"*{criteria.weight.name})))"
            )
            + ")"
        ),
        "RunnerUp",
    )
    return Totals(count, weights, shares, widest, runner_up)


def headers(criteria: Criteria) -> list[tuple[int, str]]:
    """Return for each criterion its number and the formula of a header that names it."""
    return [
        (
            c,
            f'IF({criteria.number.cell(c)}=0,"",'
            f'{criteria.party.cell(c)}&" · "&{criteria.name.cell(c)})',
        )
        for c in range(1, criteria.number.rows + 1)
    ]
