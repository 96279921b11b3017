"""The slow, obvious twin of `mcda.values`: the definitions, by dictionaries and loops.

It works on the data of the JSON form (what `json.loads` gives) and knows nothing of `mcda`, so
that the tests can hold the one against the other. A package or a no-deal alternative is its JSON
object. No checks: the data must be a valid case.
"""

import itertools
import math


def at_the_door(number):
    """Round to 15 significant digits, as numbers are when they enter."""
    return float(f"{float(number):.15g}")


def nine(number):
    """Round to nine decimals, halves away from zero, as a spreadsheet's ROUND does."""
    rounded = math.floor(abs(number) * 1e9 + 0.5) / 1e9
    return math.copysign(rounded, number) if rounded else 0.0


def triple(entry):
    """Return (low, base, high) of a score or a reservation in any of its forms."""
    if isinstance(entry, dict):
        entry = entry["score"]
    if isinstance(entry, list):
        return tuple(at_the_door(number) for number in entry)
    return (at_the_door(entry),) * 3


def base(entry):
    """Return the base of a score or a reservation."""
    return triple(entry)[1]


def levels(issue):
    """All level names of an issue, those of no deal only last."""
    return [*issue["levels"], *issue.get("no_deal_only", [])]


def party_named(data, party):
    """The party's JSON object."""
    return next(candidate for candidate in data["parties"] if candidate["name"] == party)


def criterion_named(data, party, criterion):
    """The criterion's JSON object."""
    criteria = party_named(data, party)["criteria"]
    return next(candidate for candidate in criteria if candidate["name"] == criterion)


def signers(data):
    """The parties without whose yes there is no agreement."""
    return [party["name"] for party in data["parties"] if party.get("signs", True)]


def met(conditions, settings):
    """Whether all the issues named stand at one of the levels named for them."""
    if not conditions:
        return False
    for issue, wanted in conditions.items():
        wanted = [wanted] if isinstance(wanted, str) else wanted
        if settings.get(issue) not in wanted:
            return False
    return True


# --- performance and value


def performance(data, party, criterion, alternative):
    """x: the direct score if there is one, else the sum over issues and interactions."""
    direct = alternative.get("scores", {}).get(party, {})
    if criterion in direct:
        return base(direct[criterion])
    settings = alternative.get("settings", {})
    total = 0.0
    for issue, by_level in party_named(data, party).get("scores", {}).get(criterion, {}).items():
        total += base(by_level[settings[issue]])
    for interaction in data.get("interactions", []):
        mine = interaction["party"] == party and interaction["criterion"] == criterion
        if mine and met(interaction["when"], settings):
            total += base(interaction["score"])
    return total


def span(data, party, criterion):
    """The least and the greatest that a sum of scores could be, rules and red lines left aside."""
    ends = []
    for by_level in party_named(data, party).get("scores", {}).get(criterion, {}).values():
        scores = [base(entry) for entry in by_level.values()]
        ends.append((min(scores), max(scores)))
    for interaction in data.get("interactions", []):
        if interaction["party"] == party and interaction["criterion"] == criterion:
            ends.append(
                (min(0.0, base(interaction["score"])), max(0.0, base(interaction["score"])))
            )
    direct = [
        base(alternative["scores"][party][criterion])
        for alternative in [*data.get("packages", []), *data.get("no_deal", [])]
        if criterion in alternative.get("scores", {}).get(party, {})
    ]
    sums = [(sum(low for low, _ in ends), sum(high for _, high in ends))] if ends else []
    lows = [low for low, _ in sums] + direct
    highs = [high for _, high in sums] + direct
    return (min(lows), max(highs)) if lows else (0.0, 0.0)


def value_points(data, party, criterion):
    """The value function as points (x, value), two of them where it is linear."""
    declared = criterion_named(data, party, criterion)
    if declared.get("points"):
        return [(at_the_door(x), at_the_door(v)) for x, v in declared["points"]]
    low, high = span(data, party, criterion)
    low = at_the_door(declared["low"]) if declared.get("low") is not None else low
    high = at_the_door(declared["high"]) if declared.get("high") is not None else high
    if declared.get("direction", "max") == "max":
        return [(low, 0.0), (high, 100.0)]
    return [(low, 100.0), (high, 0.0)]


def criterion_value(data, party, criterion, alternative):
    """v: the performance through the value function; end segments go on beyond the ends."""
    x = performance(data, party, criterion, alternative)
    points = value_points(data, party, criterion)
    if points[0][0] == points[-1][0]:
        return 0.0
    segments = list(itertools.pairwise(points))
    (x1, v1), (x2, v2) = next((seg for seg in segments if x <= seg[1][0]), segments[-1])
    return v1 + (v2 - v1) * (x - x1) / (x2 - x1)


def shares(data, party):
    """The weights of a party's criteria as shares of one."""
    criteria = party_named(data, party)["criteria"]
    total = math.fsum(at_the_door(criterion["weight"]) for criterion in criteria)
    return {criterion["name"]: at_the_door(criterion["weight"]) / total for criterion in criteria}


def contributions(data, party, alternative):
    """Criterion → share of the weight times value."""
    return {
        criterion: share * criterion_value(data, party, criterion, alternative)
        for criterion, share in shares(data, party).items()
    }


def party_value(data, party, alternative):
    """V, rounded to nine decimals."""
    return nine(math.fsum(contributions(data, party, alternative).values()))


# --- no deal


def no_deal_alternatives(data):
    """The no-deal alternatives, each complete: later ones inherit what they do not state."""
    alternatives = data.get("no_deal", [])
    if not alternatives:
        return []
    first = alternatives[0]
    complete = []
    for alternative in alternatives:
        scores = {party: dict(given) for party, given in first.get("scores", {}).items()}
        for party, given in alternative.get("scores", {}).items():
            scores.setdefault(party, {}).update(given)
        complete.append(
            {
                "name": alternative["name"],
                "settings": {**first.get("settings", {}), **alternative.get("settings", {})},
                "scores": scores,
                "values": {**first.get("values", {}), **alternative.get("values", {})},
            }
        )
    return complete


def no_deal_value(data, party, number=0):
    """V of a no-deal alternative: the stated value if there is one, else the computed one."""
    alternative = no_deal_alternatives(data)[number]
    if party in alternative["values"]:
        return nine(at_the_door(alternative["values"][party]))
    return party_value(data, party, alternative)


def reservation(data, party, number=0):
    """r under the no-deal alternative of that number; number 0 is the base."""
    stated = party_named(data, party).get("reservation")
    alternatives = data.get("no_deal", [])
    if stated is not None:
        r = nine(base(stated))
    else:
        r = no_deal_value(data, party) if alternatives else 0.0
    if number == 0:
        return r
    return nine(r + no_deal_value(data, party, number) - no_deal_value(data, party))


def surplus(data, party, package, number=0):
    """G: value minus reservation value."""
    return nine(party_value(data, party, package) - reservation(data, party, number))


# --- what is allowed, what is accepted


def red_lines_crossed(data, package):
    """The parties whose red line the package crosses, in the order of the case."""
    crossed = set(package.get("crosses", []))
    for line in data.get("red_lines", []):
        if met(line["forbid"], package.get("settings", {})):
            crossed.add(line["party"])
    return [party["name"] for party in data["parties"] if party["name"] in crossed]


def rules_broken(data, package):
    """The positions of the rules that the package breaks."""
    settings = package.get("settings", {})
    broken = []
    for position, rule in enumerate(data.get("rules", [])):
        unmet = met(rule.get("if", {}), settings) and not met(rule.get("then", {}), settings)
        if settings and (unmet or met(rule.get("forbid", {}), settings)):
            broken.append(position)
    return broken


def allowed(data, package):
    """Whether the package breaks no rule and crosses nobody's red line."""
    return not rules_broken(data, package) and not red_lines_crossed(data, package)


def acceptable(data, party, package, number=0):
    """Whether the party's red lines stand and its surplus is not negative."""
    if party in red_lines_crossed(data, package):
        return False
    return surplus(data, party, package, number) >= 0


def in_zone(data, package, number=0):
    """Whether the package is allowed and every signer accepts it."""
    return allowed(data, package) and all(
        acceptable(data, party, package, number) for party in signers(data)
    )


def ranks(data, party):
    """Listed package → rank 1, 2, 2, 4; None where a rule or the party's red line forbids."""
    ranked = {
        package["name"]: party_value(data, party, package)
        for package in data.get("packages", [])
        if not rules_broken(data, package) and party not in red_lines_crossed(data, package)
    }
    return {
        package["name"]: (
            1 + sum(value > ranked[package["name"]] for value in ranked.values())
            if package["name"] in ranked
            else None
        )
        for package in data.get("packages", [])
    }


def space(data):
    """Every package: all combinations of deal levels, then the directly scored packages."""
    names = [issue["name"] for issue in data.get("issues", [])]
    if names:
        for combination in itertools.product(*(issue["levels"] for issue in data["issues"])):
            yield {"settings": dict(zip(names, combination, strict=True))}
    for package in data.get("packages", []):
        if package.get("scores"):
            yield package


# --- scenarios


def under_scenario(data, name):
    """The data as the scenario of that name changes it, with no scenarios of its own."""
    scenario = next(scenario for scenario in data["scenarios"] if scenario["name"] == name)
    lifted = set(scenario.get("lift", []))
    changed = {**data, "scenarios": []}
    for kind in ("red_lines", "rules"):
        changed[kind] = [entry for entry in data.get(kind, []) if entry.get("name") not in lifted]
    changed["parties"] = [
        _changed_party(party, scenario.get("parties", {}).get(party["name"], {}))
        for party in data["parties"]
    ]
    return changed


def _changed_party(party, change):
    weights = change.get("weights", {})
    changed = {
        **party,
        "criteria": [_weighted(criterion, weights) for criterion in party["criteria"]],
        "scores": {
            criterion: {issue: dict(by_level) for issue, by_level in by_issue.items()}
            for criterion, by_issue in party.get("scores", {}).items()
        },
    }
    if "reservation" in change:
        changed["reservation"] = change["reservation"]
    for criterion, by_issue in change.get("scores", {}).items():
        for issue, by_level in by_issue.items():
            changed["scores"].setdefault(criterion, {}).setdefault(issue, {}).update(by_level)
    return changed


def _weighted(criterion, weights):
    # The range belongs to the weight that the scenario replaces.
    if criterion["name"] not in weights:
        return criterion
    kept = {key: given for key, given in criterion.items() if key != "weight_range"}
    return {**kept, "weight": weights[criterion["name"]]}
