"""Random valid cases in the JSON form, with everything that a case can carry and names that bite.

`random_case(seed)` is deterministic; `cases` is the same as a hypothesis strategy. Names are of
the kinds that spreadsheets, patterns and escapes trip over.
"""

from __future__ import annotations

import random
import unicodedata
from typing import Any

from hypothesis import strategies as st

WEIRD = (
    "=SUM(A1)", "a*", "~x", "<>", "<5", "30", "30.0", " leading", "trailing ", "it's", '"quoted"',
    "_x0041_", "Москва", "сделка", "العربية", "🙂 emoji", "x" * 200, "TRUE", "#N/A", "'apostrophe",
    "a,b;c|d", "+1", "-1", "@cmd", "1e3", "NULL", "line\nfeed", "a?", "\u200bzero", "½", "ß", "İ",
    "[0]", "a.b", "=1+1", "0", "{}", "\\n", "&amp;", "<b>", "none", "A1", "R1C1", "é", "2025-03-11",
)  # fmt: skip
WORDS = ("very", "long", "statement", "with", "“quotes”", "= and ~", "Київ", "10 %", "a\nb")


def random_case(seed: int) -> dict[str, Any]:
    """Return a valid case in the JSON form; the same seed gives the same case."""
    return _Maker(random.Random(seed)).case()


cases = st.integers(min_value=0, max_value=10**9).map(random_case)


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.chance = lambda share: rng.random() < share

    def names(self, count: int, plain: str) -> list[str]:
        """Return names that differ by more than case."""
        found: dict[str, str] = {}
        while len(found) < count:
            name = self.rng.choice(WEIRD) if self.chance(0.5) else f"{plain} {len(found) + 1}"
            if self.chance(0.2):
                name = f"{name} {self.rng.randint(1, 9)}"
            found.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        return list(found.values())

    def number(self, low: float = -50, high: float = 50) -> float | int:
        kind = self.rng.randrange(4)
        if kind == 0:
            return self.rng.randint(int(low), int(high))
        return round(self.rng.uniform(low, high), self.rng.choice([0, 1, 3, 12]))

    def triple(self, low: float = -50, high: float = 50) -> Any:
        base = self.number(low, high)
        if self.chance(0.7):
            return base
        return [base - self.rng.randint(0, 9), base, base + self.rng.randint(0, 9)]

    def text(self) -> str:
        return " ".join(self.rng.choices(WORDS, k=self.rng.randint(1, 6)))

    def some(self, form: dict[str, Any], **extras: Any) -> dict[str, Any]:
        """Add each extra now and then."""
        return {**form, **{key: make() for key, make in extras.items() if self.chance(0.4)}}

    def score(self) -> Any:
        score = self.triple()
        if self.chance(0.6):
            return score
        return self.some(
            {"score": score},
            basis=self.text,
            source=lambda: self.rng.choice([*self.source_ids, "not listed"]),
            confidence=lambda: self.rng.choice(["high", "medium", "low"]),
        )

    def case(self) -> dict[str, Any]:
        rng = self.rng
        self.source_ids = self.names(rng.randint(0, 3), "S")
        self.issues = [
            self.issue(name)
            for name in self.names(rng.choice([0, 1, 2, 3, 4]), "Issue")
        ]  # fmt: skip
        self.party_names = self.names(rng.randint(1, 4), "Party")
        self.criteria = {
            name: self.names(rng.randint(1, 4), "Criterion") for name in self.party_names
        }
        parties = [self.party(name) for name in self.party_names]
        parties[0].pop("signs", None)
        count = rng.randint(0 if self.issues else 1, 6)
        packages = [self.package(name) for name in self.names(count, "Package")]
        lines = [self.red_line() for _ in range(rng.randint(0, 2))] if self.issues else []
        rules = [self.rule() for _ in range(rng.randint(0, 2))] if self.issues else []
        for items, plain in ((lines, "Line"), (rules, "Rule")):
            for item, name in zip(items, self.names(len(items), plain), strict=True):
                item["name"] = name
        form = {
            "name": rng.choice(WEIRD),
            "issues": self.issues,
            "parties": parties,
            "packages": packages,
            "no_deal": self.no_deal(),
            "red_lines": lines,
            "rules": rules,
            "interactions": self.interactions(),
            "sources": [self.source(name) for name in self.source_ids],
        }
        form["scenarios"] = [
            self.scenario(name, form) for name in self.names(rng.randint(0, 2), "Scenario")
        ]
        if packages:
            form["recommendations"] = [
                self.some(
                    {"for": rng.choice(self.party_names), "package": rng.choice(packages)["name"]},
                    why=self.text,
                )
                for _ in range(rng.randint(0, 2))
            ]
        form = self.some(form, purpose=self.text, as_at=lambda: "2025-06-02", marking=self.text)
        return {key: value for key, value in form.items() if value != []}

    def source(self, name: str) -> dict[str, Any]:
        return self.some(
            {"id": name},
            statement=self.text, date=lambda: "2025-03-11", source=self.text,
            url=lambda: "https://example.org/?a=1&b=2", confidence=lambda: "high",
        )  # fmt: skip

    def issue(self, name: str) -> dict[str, Any]:
        count = self.rng.randint(1, 4)
        names = self.names(count + self.rng.choice([0, 0, 1, 2]), "Level")
        form: dict[str, Any] = {"name": name, "levels": names[:count]}
        if names[count:]:
            form["no_deal_only"] = names[count:]
        return self.some(
            form,
            meaning=lambda: {level: self.text() for level in names if self.chance(0.5)},
            source=lambda: {level: "S1" for level in names if self.chance(0.5)},
        )

    def levels(self, issue: dict[str, Any]) -> list[str]:
        return [*issue["levels"], *issue.get("no_deal_only", [])]

    def party(self, name: str) -> dict[str, Any]:
        criteria = [self.criterion(criterion) for criterion in self.criteria[name]]
        if not any(criterion["weight"] > 0 for criterion in criteria):
            criteria[-1]["weight"] = 7
            criteria[-1].pop("weight_range", None)
        scores: dict[str, Any] = {}
        for criterion in self.criteria[name]:
            fed = {
                issue["name"]: {level: self.score() for level in self.levels(issue)}
                for issue in self.issues
                if self.chance(0.6)
            }
            if fed:
                scores[criterion] = fed
        form: dict[str, Any] = {"name": name, "criteria": criteria}
        if scores:
            form["scores"] = scores
        return self.some(
            form,
            signs=lambda: self.chance(0.7),
            power=lambda: self.rng.choice([1, 0.5, 2]),
            aspiration=lambda: self.number(0, 100),
            reservation=lambda: self.triple(0, 100),
            weights_are=lambda: self.rng.choice(["intervals", "ordinal", {"dirichlet": 12.5}]),
        )

    def criterion(self, name: str) -> dict[str, Any]:
        rng = self.rng
        weight = rng.choice([0, 1, 10, 33.3, 60, round(rng.uniform(0, 9), 6)])
        form: dict[str, Any] = {"name": name, "weight": weight}
        rising = self.chance(0.6)
        if not rising or self.chance(0.5):
            form["direction"] = "max" if rising else "min"
        kind = rng.randrange(5)
        if kind == 1:
            low = self.number()
            form |= {"low": low, "high": low + rng.choice([1, 12.5, 100])}
        elif kind == 2:
            form |= rng.choice([{"low": -1000}, {"high": 1000}])
        elif kind == 3:
            count = rng.randint(2, 6)
            x = sorted(rng.sample(range(-60, 60), count))
            value = [0, *sorted(rng.randint(0, 100) for _ in range(count - 2)), 100]
            form["points"] = [
                list(pair) for pair in zip(x, value if rising else value[::-1], strict=True)
            ]
        return self.some(
            form,
            unit=lambda: rng.choice(["points", "€ bn", "%"]),
            group=lambda: rng.choice(["Economy/Sanctions", "Security"]),
            weight_range=lambda: [0, weight + 5],
            meaning=lambda: {"worst": self.text(), "best": self.text()},
            judged=lambda: self.some(
                {"method": "swing"}, by=self.text, on=lambda: "2025-06-01", range=lambda: [0, 100]
            ),
        )

    def settings(self, *, deal: bool = True) -> dict[str, str]:
        return {
            issue["name"]: self.rng.choice(issue["levels"] if deal else self.levels(issue))
            for issue in self.issues
        }

    def direct(self) -> dict[str, Any]:
        return {
            party: {criterion: self.score() for criterion in criteria}
            for party, criteria in self.criteria.items()
        }

    def package(self, name: str) -> dict[str, Any]:
        if self.issues and self.chance(0.8):
            form: dict[str, Any] = {"name": name, "settings": self.settings()}
        else:
            form = {"name": name, "scores": self.direct()}
            crossed = [party for party in self.party_names if self.chance(0.2)]
            if crossed:
                form["crosses"] = crossed
        return self.some(
            form,
            note=self.text, outside=lambda: [self.text()], cost=self.text, reversible=self.text,
            sequence=lambda: [self.text(), self.text()],
            source=lambda: self.rng.choice(["S1", "elsewhere"]),
        )  # fmt: skip

    def no_deal(self) -> list[dict[str, Any]]:
        rng = self.rng
        names = self.names(rng.randint(0, 3), "No deal")
        kind = rng.choice(
            ["settings", "settings", "direct", "values"] if self.issues else ["direct", "values"]
        )
        found = []
        for index, name in enumerate(names):
            form: dict[str, Any] = {"name": name}
            if kind == "settings":
                complete = self.settings(deal=False)
                form["settings"] = complete if index == 0 else {
                    issue: level for issue, level in complete.items() if self.chance(0.5)
                }  # fmt: skip
            elif kind == "direct":
                complete = self.direct()
                form["scores"] = complete if index == 0 else {
                    party: scores for party, scores in complete.items() if self.chance(0.5)
                }  # fmt: skip
            if kind == "values" or (index and self.chance(0.3)):
                form["values"] = {party: self.number(0, 100) for party in self.party_names}
            form = {key: value for key, value in form.items() if value != {}}
            found.append(self.some(form, by=lambda: rng.choice(self.party_names)))
        return found

    def conditions(self) -> dict[str, Any]:
        chosen = self.rng.sample(self.issues, self.rng.randint(1, min(2, len(self.issues))))
        found: dict[str, Any] = {}
        for issue in chosen:
            levels = self.levels(issue)
            wanted = self.rng.sample(levels, self.rng.randint(1, len(levels)))
            found[issue["name"]] = wanted[0] if len(wanted) == 1 and self.chance(0.5) else wanted
        return found

    def red_line(self) -> dict[str, Any]:
        return self.some(
            {"party": self.rng.choice(self.party_names), "forbid": self.conditions()},
            stated=lambda: self.chance(0.5), source=lambda: "S1",
        )  # fmt: skip

    def rule(self) -> dict[str, Any]:
        if self.chance(0.3):
            return {"forbid": self.conditions()}
        return self.some({"if": self.conditions(), "then": self.conditions()}, source=lambda: "S1")

    def interactions(self) -> list[dict[str, Any]]:
        if not self.issues:
            return []
        found = []
        for _ in range(self.rng.randint(0, 3)):
            party = self.rng.choice(self.party_names)
            form = {
                "party": party,
                "criterion": self.rng.choice(self.criteria[party]),
                "when": self.conditions(),
                "score": self.triple(-20, 20),
            }
            found.append(self.some(form, basis=self.text, confidence=lambda: "low"))
        return found

    def scenario(self, name: str, form: dict[str, Any]) -> dict[str, Any]:
        rng = self.rng
        party = rng.choice(form["parties"])
        change: dict[str, Any] = {"weights": {rng.choice(party["criteria"])["name"]: 3}}
        if self.chance(0.5):
            change["reservation"] = self.triple(0, 100)
        for criterion, issues in party.get("scores", {}).items():
            issue, levels = rng.choice(list(issues.items()))
            change["scores"] = {criterion: {issue: {rng.choice(list(levels)): self.triple()}}}
        liftable = [item["name"] for item in (*form["red_lines"], *form["rules"])]
        scenario: dict[str, Any] = {"name": name, "parties": {party["name"]: change}}
        if liftable and self.chance(0.5):
            scenario["lift"] = [rng.choice(liftable)]
        return self.some(scenario, why=self.text)
