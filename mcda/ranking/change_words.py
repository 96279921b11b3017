"""What changed in the ranking, and how it stands, in a line of words.

Told are, in this order: another name of the case, parties and packages that came or went, packages
that are allowed no more, who is first, the order below and who accepts what, and what came into
the zone or left it. Only where nothing of that changed are moves of the values told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import TYPE_CHECKING

from mcda.case import Case
from mcda.printing import joined
from mcda.ranking.additive import rank_additive
from mcda.values import Evaluation, evaluate

if TYPE_CHECKING:
    from mcda.ranking.change import PartyRankingChange, RankingChange

TOLD = 3
"""Parties or packages that are told one by one; of more, only how many."""
NAME_LENGTH = 60
"""Characters of a name that are told."""


def change_line(change: RankingChange) -> str:
    """Say in one line what changed in the ranking."""
    if change.is_same_case:
        return "Nothing changed."
    after = change.after
    if not change.parties:
        return f"No party is the same as before. {standing(after)}"
    before, now = change.before.packages, after.packages
    if before and not set(before) & set(now):
        came = f"{_quoted(after.case.name)}: no listed package is the same as before."
        return f"{came} {standing(after)}"
    told = list(_told(change))
    if not change.is_changed:
        told.append(_moves(change))
    return " ".join(told)


def standing(case: Case | Evaluation) -> str:
    """Say in one line how the ranking stands: who is first for whom, and what is in the zone.

    >>> from mcda.json_form import case_from_data
    >>> print(standing(case_from_data({
    ...     "name": "X",
    ...     "parties": [{"name": "North", "criteria": [
    ...         {"name": "c", "weight": 1, "low": 0, "high": 100}]}],
    ...     "packages": [{"name": "A", "scores": {"North": {"c": 60}}}]})))
    First for North: A. In the zone: 1 package (A).
    """
    evaluation = case if isinstance(case, Evaluation) else evaluate(case)
    if not evaluation.packages:
        return "No package is listed."
    by_first: dict[tuple[str, ...], list[str]] = {}
    for party in evaluation.parties:
        by_first.setdefault(rank_additive(evaluation, party).first, []).append(party)
    told = [
        f"First for {_few(parties)}: {_few(first) if first else 'none, as none takes a rank'}."
        for first, parties in by_first.items()
    ]
    zone = _zone_of(evaluation)
    inside = f"{_counted(len(zone), 'package')} ({_few(zone)})" if zone else "no listed package"
    return " ".join([*told, f"In the zone: {inside}."])


def _told(change: RankingChange) -> Iterator[str]:
    if change.before.case.name != change.after.case.name:
        yield f"The case is now called {_quoted(change.after.case.name)}."
    for kind, names, verb in (
        ("party", change.added_parties, "added"),
        ("party", change.removed_parties, "removed"),
        ("package", change.added_packages, "added"),
        ("package", change.removed_packages, "removed"),
    ):
        if names:
            yield _came_or_went(kind, names, verb)
    for name in change.not_allowed_any_more[:TOLD]:
        yield f"{_short(name)} is not allowed any more: {_why_not_allowed(change.after, name)}."
    if len(change.not_allowed_any_more) > TOLD:
        yield f"{len(change.not_allowed_any_more) - TOLD} more are not allowed any more."
    if change.became_allowed:
        yield f"Now allowed: {_few(change.became_allowed)}."
    yield from _by_party(change)
    yield from _zone(change)


def _by_party(change: RankingChange) -> Iterator[str]:
    changed = [party for party in change.parties.values() if party.is_changed]
    told = {*change.became_allowed, *change.not_allowed_any_more}
    # Who is first matters most, so that it is told even where there is no room for all.
    changed.sort(key=lambda party: (not party.is_first_changed, not party.ranks))
    for party in changed[:TOLD]:
        words = "; ".join(_party_words(party, told))
        if words:
            yield f"{_short(party.party)}: {words}."
    rest = [_short(party.party) for party in changed[TOLD:]]
    if rest:
        yield f"Ranks or acceptance changed for {_few(rest)} too."


def _zone(change: RankingChange) -> Iterator[str]:
    came = [name for name in change.zone if name not in change.was_zone]
    went = [name for name in change.was_zone if name not in change.zone]
    if not came and not went:
        return
    moves = [f"+ {_few(came)}"] if came else []
    moves += [f"− {_few(went)}"] if went else []
    now = _counted(len(change.zone), "package") if change.zone else "no package"
    yield f"In the zone: {now} (was {len(change.was_zone) or 'none'}: {', '.join(moves)})."


def _moves(change: RankingChange) -> str:
    """What is left to tell where no rank, no acceptance and no list changed."""
    values = {p.party: p.values_moved for p in change.parties.values() if p.values_moved}
    no_deal = [p for p in change.parties.values() if p.reservation != p.was_reservation]
    if not values and not no_deal:
        return "No rank or value changed."
    told = ["No rank changed"]
    if values:
        most = _points(max(values.values()))
        told.append(f"{_whose(list(values))} values moved by {most}")
    if no_deal:
        told += [
            f"no deal is worth {party.reservation:.1f} to {_short(party.party)} "
            f"(was {party.was_reservation:.1f})"
            for party in no_deal[:TOLD]
        ]
    if len(no_deal) > TOLD:
        told.append(f"its worth changed for {len(no_deal) - TOLD} more")
    return "; ".join(told) + "."


def _party_words(change: PartyRankingChange, known: Set[str]) -> Iterator[str]:
    told = {*change.first, *change.was_first, *known}
    if change.is_first_changed:
        was = _few(change.was_first) if change.was_first else "none"
        yield f"{_first_words(change.first)} (was {was})"
    below = [(name, was, now) for name, (was, now) in change.ranks.items() if name not in told]
    if below:
        moves = [f"{_short(name)} {_rank(now)}, was {_rank(was)}" for name, was, now in below]
        start = "below, " if change.is_first_changed else "below the first, "
        yield start + _counted(len(below), "rank") + f" changed ({_some(moves, '; ')})"
    if change.accepts:
        yield f"now accepts {_few(change.accepts)}"
    if change.refuses:
        yield f"no longer accepts {_few(change.refuses)}"


def _first_words(first: Sequence[str]) -> str:
    if not first:
        return "no package takes a rank any more"
    if len(first) == 1:
        return f"{_short(first[0])} is now first"
    return f"{_few(first)} now share the first rank"


def _rank(rank: int | None) -> str:
    return "without a rank" if rank is None else str(rank)


def _why_not_allowed(evaluation: Evaluation, package: str) -> str:
    row = rank_additive(evaluation, evaluation.parties[0])[package]
    return " ".join(row.reason.split())


def _came_or_went(kind: str, names: Sequence[str], verb: str) -> str:
    kinds = {"party": ("Party", "Parties"), "package": ("Package", "Packages")}[kind]
    return f"{kinds[len(names) > 1]} {verb}: {_few(names)}."


def _zone_of(evaluation: Evaluation) -> list[str]:
    inside = evaluation.in_zone
    return [name for name, is_in in zip(evaluation.packages, inside, strict=True) if is_in]


def _points(move: float) -> str:
    return f"up to {move:.1f}" if move >= 0.05 else "less than 0.1"


def _whose(parties: Sequence[str]) -> str:
    return f"{_few(parties)}’s" if len(parties) <= TOLD else f"{len(parties)} parties’"


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _few(names: Sequence[str]) -> str:
    return _some([_short(name) for name in names])


def _some(told: Sequence[str], between: str | None = None) -> str:
    """Join the first few of several texts, with the number of those left out."""
    few = list(told[:TOLD])
    if len(told) == TOLD + 1:  # "and 1 more" would be no shorter than naming it
        few.append(told[TOLD])
    elif len(told) > TOLD:
        few.append(f"{len(told) - TOLD} more")
    return joined(few) if between is None else between.join(few)


def _short(name: str) -> str:
    """A name as it goes into a line: without line feeds, and not too long."""
    line = " ".join(name.split())
    return line if len(line) <= NAME_LENGTH else f"{line[: NAME_LENGTH - 1]}…"


def _quoted(name: str) -> str:
    return f"“{_short(name)}”"
