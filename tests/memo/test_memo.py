"""The memo: what it recommends and says, in data; every figure from the case, no banned word."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mcda
from mcda.canonical import inputs_sha256
from mcda.json_form import case_from_data
from mcda.memo import Bullets, Memo, Paragraph, Table, memo
from mcda.ranking import rank
from tests import plain_model
from tests.case_strategy import random_case

CEASEFIRE = Path(mcda.__file__).parent / "examples" / "ceasefire_talks.json"
BANNED = re.compile(r"\b(probab|likel|chance|alternative|stakeholder)", re.IGNORECASE)


def talks(**changes: Any) -> dict[str, Any]:
    """Two parties that want opposite things of one issue, and agree on another; values by hand.

    Ours: Gain 0/50/100 for low/middle/high at share 0.8, Calm 0/100 at 0.2.
    Theirs: Loss 100/50/0 at 0.5, Calm 0/100 at 0.5. No deal is (low, no): 0 for us, 50 for them.
    """
    gain = {"low": 0, "middle": 50, "high": 100}
    loss = {"low": 100, "middle": 50, "high": 0}
    calm = {"no": 0, "yes": 100}
    wide = {"low": 0, "high": 100}
    return {
        "name": "Talks",
        "marking": "TEST ONLY",
        "as_at": "2025-06-02",
        "issues": [
            {"name": "Price", "levels": ["low", "middle", "high"]},
            {"name": "Peace", "levels": ["no", "yes"]},
        ],
        "parties": [
            {
                "name": "Us",
                "criteria": [
                    {"name": "Gain", "weight": 80, **wide},
                    {"name": "Calm", "weight": 20, **wide},
                ],
                "scores": {"Gain": {"Price": gain}, "Calm": {"Peace": calm}},
            },
            {
                "name": "Them",
                "criteria": [
                    {"name": "Loss", "weight": 5, **wide},
                    {"name": "Calm", "weight": 5, **wide},
                ],
                "scores": {"Loss": {"Price": loss}, "Calm": {"Peace": calm}},
            },
        ],
        "packages": [
            {"name": "Greedy", "settings": {"Price": "high", "Peace": "no"}},
            {"name": "Fair", "settings": {"Price": "middle", "Peace": "yes"}},
            {"name": "Hard", "settings": {"Price": "high", "Peace": "yes"}},
            {"name": "Meek", "settings": {"Price": "low", "Peace": "yes"}},
        ],
        "no_deal": [{"name": "As now", "settings": {"Price": "low", "Peace": "no"}}],
        **changes,
    }


def told(audience: str = "Us", **changes: Any) -> Memo:
    return memo(case_from_data(talks(**changes)), audience=audience)


def texts(written: Memo) -> list[str]:
    """Every text of a memo."""
    found = [written.title, *(text for _, text in written.facts)]
    for section in written.sections:
        found.append(section.heading)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                found.append(block.text)
            elif isinstance(block, Bullets):
                found.extend(block.items)
            else:
                found.extend([block.caption, *block.notes, *(c.title for c in block.columns)])
                found.extend(cell for row in block.rows for cell in row)
    return found


def said(written: Memo, heading: str) -> str:
    section = written.section(heading)
    return "\n".join(
        block.text if isinstance(block, Paragraph) else "\n".join(block.items)
        for block in section.blocks
        if not isinstance(block, Table)
    )


def table(written: Memo, heading: str) -> Table:
    return next(item for item in written.section(heading).blocks if isinstance(item, Table))


# --- what is recommended


def test_the_most_to_us_among_what_every_signer_accepts():
    # Ours: Greedy 80, Fair 60, Hard 100, Meek 20. Theirs: 0, 75, 50, 100, with no deal at 50.
    written = told()
    assert written.package == "Hard"
    assert written.bottom_line == (
        "Recommended: “Hard”, worth 100 points to us, 100 points above no deal, mostly on Gain "
        "(80 points).",
        "Every signer accepts it, as scored in this case; surplus, each on its own scale: ours "
        "100 points and Them 0 points.",
        "The program’s choice by rule: of the three listed packages that every signer accepts it "
        "is worth most to us.",
    )


def test_a_red_line_of_another_party_takes_a_package_out():
    line = {"name": "Not high", "party": "Them", "forbid": {"Price": "high"}, "stated": True}
    written = told(red_lines=[line])
    assert written.package == "Fair"
    against = said(written, "What speaks against it")
    assert "Worth more to us: “Hard”, 100 points, which crosses a red line (Them)" in against
    assert "One step from a red line: Price at “high” (Them)." in against


def test_a_red_line_that_is_crossed_already_is_not_near():
    lines = [
        {"name": "Not high", "party": "Us", "forbid": {"Price": "high"}},
        {"name": "Not low", "party": "Us", "forbid": {"Price": "low"}},
        {"name": "Peace", "party": "Them", "forbid": {"Peace": "no"}},
    ]
    written = told(red_lines=lines, recommendations=[{"for": "Us", "package": "Hard"}])
    against = said(written, "What speaks against it")
    assert "One step from a red line: Peace at “no” (Them)." in against


def test_sizes_of_surplus_are_not_set_in_order_across_parties():
    order = re.compile(r"\b(smallest|least|largest|greatest|thinnest) surplus", re.IGNORECASE)
    assert not [text for text in texts(told()) if order.search(text)]
    against = said(told(), "What speaks against it")
    assert "if its no deal is worth more than that beyond what is scored here" in against


def test_how_the_nearest_is_found_is_told_where_it_is_named():
    data = talks()
    data["parties"][1]["reservation"] = 101
    limits = said(memo(case_from_data(data), audience="Us"), "Assumptions and limits")
    assert "“Nearest” names the allowed package whose greatest shortfall" in limits
    assert "“Nearest”" not in said(told(), "Assumptions and limits")


def test_our_own_red_line_is_called_ours():
    lines = [
        {"name": "Not high", "party": "Us", "forbid": {"Price": "high"}},
        {"name": "Peace", "party": "Them", "forbid": {"Price": "high", "Peace": "no"}},
    ]
    written = told(red_lines=lines)
    against = said(written, "What speaks against it")
    assert "“Hard”, 100 points, which crosses our red line;" in against
    assert "“Greedy”, 80 points, which crosses our red line and one of Them" in against
    assert "One step from a red line: Price at “high” (ours)." in against
    cells = [row[5] for row in table(written, "Options and no deal").rows]
    assert "Red line: our own, Them" in cells
    chosen = [{"for": "Them", "package": "Fair"}]
    theirs = told("Them", red_lines=lines, recommendations=chosen)
    step = "One step from a red line: Price at “high” (Us)."
    assert step in said(theirs, "What speaks against it")


def test_a_red_line_or_rule_without_a_name_is_told_in_words():
    line = {"party": "Them", "forbid": {"Price": "high", "Peace": "no"}}
    rule = {"if": {"Price": "low"}, "then": {"Peace": "no"}}
    written = told(red_lines=[line], rules=[rule])
    notes = "\n".join(table(written, "Options and no deal").notes)
    assert "never Price at “high” together with Peace at “no” (not known" in notes
    assert "“Meek” breaks the rule that Price at “low” needs Peace at “no”." in notes
    assert not [text for text in texts(written) if re.search(r"(Red line|Rule) 1\b", text)]
    assert "The one red line is not known to be stated." in said(written, "Assumptions and limits")


def test_nobody_accepts_and_the_nearest_is_named():
    # With their no deal at 90, Meek (100) alone would do; a rule takes it out. Least shortfall of
    # what is left: Fair, 90 − 75 = 15.
    data = talks(rules=[{"name": "Not meek", "forbid": {"Price": "low", "Peace": "yes"}}])
    data["parties"][1]["reservation"] = 90
    written = memo(case_from_data(data), audience="Us")
    assert written.package is None
    assert written.bottom_line == (
        "No listed package is acceptable to all signers.",
        "Until one is, no deal stands; the nearest is “Fair”, which falls short of no deal "
        "(Them by 15 points).",
    )
    assert "Them would need 15 points more" in said(written, "What would have to move")
    assert written.section("Terms of “Fair”")
    assert not any("(recommended)" in text for text in texts(written))


def test_nothing_is_allowed():
    rule = {"name": "Nothing", "forbid": {"Peace": ["no", "yes"]}}
    written = told(rules=[rule])
    assert written.package is None
    assert written.bottom_line[0] == "No listed package is acceptable to all signers."
    assert "Every one breaks a rule or crosses a red line" in written.bottom_line[1]


def test_no_package_is_listed():
    written = told(packages=[])
    assert written.bottom_line == ("No package is listed, so that there is none to recommend.",)
    assert written.markdown()
    assert written.docx()


def test_the_analysts_choice_stands_and_is_called_so():
    chosen = [{"for": "Us", "package": "Fair", "why": "It lasts"}]
    written = told(recommendations=chosen)
    assert written.package == "Fair"
    assert written.bottom_line[2] == (
        "This is the analyst’s choice; the program would recommend “Hard”, worth 100 to us and "
        "acceptable to every signer."
    )
    assert "The analyst’s reason: It lasts." in said(written, "Why this package")


def test_the_analysts_choice_that_somebody_refuses_says_so():
    chosen = [{"for": "Us", "package": "Greedy"}]
    written = told(recommendations=chosen)
    assert written.bottom_line[1] == "It falls short of no deal (Them by 50 points)."


def test_a_recommendation_to_another_party_is_not_ours():
    written = told(recommendations=[{"for": "Them", "package": "Meek"}])
    assert written.package == "Hard"


def test_the_analysts_choice_in_an_empty_zone():
    data = talks(recommendations=[{"for": "Us", "package": "Greedy"}])
    data["parties"][1]["reservation"] = 101
    written = memo(case_from_data(data), audience="Us")
    assert written.package == "Greedy"
    assert written.bottom_line[0] == "No listed package is acceptable to all signers."
    assert "it falls short of no deal (Them by 101 points)" in written.bottom_line[1]
    assert "nearest, which falls short of no deal (Them by 1 point)" in written.bottom_line[2]


def test_ties_are_told():
    twin = {"name": "Twin", "settings": {"Price": "high", "Peace": "yes"}}
    written = told(packages=[*talks()["packages"], twin])
    assert written.bottom_line[2].endswith("; “Twin” ties with it.")


def test_the_audience_must_accept_even_where_it_does_not_sign():
    data = talks()
    data["parties"][0] |= {"signs": False, "reservation": 70}
    written = memo(case_from_data(data), audience="Us")
    assert [row[0] for row in table(written, "Options and no deal").rows][:2] == [
        "Hard (recommended)", "Greedy",
    ]  # fmt: skip


# --- what it says


def test_the_table_has_every_package_and_no_deal_with_every_partys_surplus():
    options = table(told(), "Options and no deal")
    assert [column.title for column in options.columns][3:5] == ["Us", "Them"]
    rows = {row[0]: row[1:] for row in options.rows}
    assert rows["Hard (recommended)"] == ("1", "100", "+100", "0", "none", "nobody")
    assert rows["Greedy"] == ("2", "80", "+80", "−50", "none", "Them")
    assert rows["Fair"] == ("3", "60", "+60", "+25", "none", "nobody")
    assert rows["Meek"] == ("4", "20", "+20", "+50", "none", "nobody")
    assert rows["No deal: As now"] == ("–", "0", "0", "0", "–", "–")
    assert options.strong == (0,)


def test_the_explanation_is_by_criteria():
    # Hard against Fair: 80 × 0.5 more on Gain, the same on Calm.
    why = said(told(), "Why this package")
    assert (
        "Against “Fair”, the next best that every signer accepts: worth 40 points more to us" in why
    )
    assert "it gains on Gain (40 points)" in why
    assert "Against no deal: worth 100 points more" in why


def test_what_each_counterpart_would_say():
    assert said(told(), "What each counterpart would say").splitlines()[1] == (
        "Them: yes. Worth the same as no deal; it gains on Calm (50 points) and loses on Loss "
        "(50 points)."
    )


def test_the_range_of_a_counterparts_no_deal_is_an_argument_against():
    data = talks()
    data["parties"][1]["reservation"] = [40, 45, 60]
    against = said(memo(case_from_data(data), audience="Us"), "What speaks against it")
    assert "At the upper end of the stated range of its no deal (60), Them would refuse." in against


def test_terms_outside_the_model_are_told():
    packages = talks()["packages"]
    packages[2] |= {"outside": ["prisoners"], "sequence": ["first", "then"], "cost": "Much"}
    terms = said(told(packages=packages), "Terms of “Hard”")
    assert terms.splitlines() == [
        "Also agreed, not valued here: prisoners.", "Sequence: first → then.", "Cost: Much.",
    ]  # fmt: skip


def test_the_changed_terms_stand_beside_no_deal():
    assert table(told(), "Terms of “Hard”").rows == (
        ("Price", "high", "low"), ("Peace", "yes", "no"),
    )  # fmt: skip


def test_warnings_of_the_checks_are_told():
    data = talks()
    data["parties"][0]["criteria"][0]["judged"] = {"range": [0, 40], "by": "A. Clerk"}
    limits = said(memo(case_from_data(data), audience="Us"), "Assumptions and limits")
    assert "Warning, Weights: Us, Gain: RANGE CHANGED" in limits
    assert "our weights were judged by A. Clerk" in limits


def test_weights_of_the_audience_as_shares():
    weights = table(told(), "Weights of Us")
    assert [(row[0], row[1]) for row in weights.rows] == [("Gain", "80 %"), ("Calm", "20 %")]


def test_ends_of_the_weights_have_figure_unit_and_meaning():
    data = talks()
    data["parties"][0]["criteria"][0] |= {"unit": "million", "direction": "min"}
    data["parties"][0]["criteria"][1] |= {"meaning": {"best": "no shot"}}
    weights = table(memo(case_from_data(data), audience="Us"), "Weights of Us")
    assert [row[2:] for row in weights.rows] == [
        ("100 million", "0 million"), ("0", "no shot (100)"),
    ]  # fmt: skip


def test_one_point_is_one_point():
    party = {"name": "P", "criteria": [{"name": "c", "weight": 1, "low": 0, "high": 100}]}
    package = {"name": "A", "scores": {"P": {"c": 1}}}
    case = case_from_data({"name": "X", "parties": [party], "packages": [package]})
    assert "worth 1 point to us, 1 point above" in memo(case, audience="P").bottom_line[0]


def test_cited_sources_with_their_dates():
    packages = talks()["packages"]
    packages[0]["source"] = "S1"
    sources = [
        {"id": "S1", "statement": "It was said.", "date": "2025-03-11", "source": "Gazette"},
        {"id": "S2", "statement": "Unused."},
    ]
    written = told(packages=packages, sources=sources)
    assert "[S1] 11 March 2025. Gazette. It was said." in said(written, "Sources")
    assert "S2" not in said(written, "Sources")
    assert "1 more" in said(written, "Sources")


def test_marking_date_case_and_fingerprint():
    case = case_from_data(talks())
    written = memo(case, audience="Us")
    assert written.marking == "TEST ONLY"
    assert ("As at", "2 June 2025") in written.facts
    assert written.fingerprint == inputs_sha256(case)
    assert written.fingerprint in said(written, "Origin of the figures")


def test_an_unknown_audience_is_refused():
    with pytest.raises(KeyError):
        told("Nobody")


def test_a_case_of_one_party_with_directly_scored_packages():
    data = {
        "name": "Alone",
        "parties": [{"name": "P", "criteria": [{"name": "c", "weight": 1, "low": 0, "high": 10}]}],
        "packages": [{"name": "A", "scores": {"P": {"c": 5}}}],
    }
    written = memo(case_from_data(data), audience="P")
    assert written.package == "A"
    assert written.bottom_line[1] == "The one signer, P, accepts it."
    with pytest.raises(KeyError):
        written.section("What each counterpart would say")


# --- the shipped case


@pytest.fixture(scope="module")
def ceasefire() -> dict[str, Memo]:
    case = mcda.read(CEASEFIRE)
    return {party: memo(case, audience=party) for party in case.party_names}


def test_figures_of_the_shipped_memo_are_those_of_the_ranking(ceasefire):
    ranking = rank(mcda.read(CEASEFIRE))
    for party, written in ceasefire.items():
        rows = table(written, "Options and no deal").rows
        for row in rows[:-1]:
            package = row[0].removesuffix(" (recommended)")
            ranked = ranking[party][package]
            assert row[1] == ("–" if ranked.rank is None else str(ranked.rank))
            assert abs(float(row[2].replace("−", "-")) - ranked.value) <= 0.5
            for cell, other in zip(row[3:7], ranking, strict=True):
                surplus = other[package].surplus
                if "<" not in cell:
                    assert abs(float(cell.replace("−", "-")) - surplus) <= 0.5
                assert cell.startswith("−") == (surplus < 0)


def test_no_banned_word_but_the_analysts_own(ceasefire):
    case = mcda.read(CEASEFIRE)
    own = " ".join(
        [item.why or "" for item in case.recommendations]
        + [item.note or "" for item in case.packages]
        + [source.statement or "" for source in case.sources]
    )
    for written in ceasefire.values():
        for text in texts(written):
            found = BANNED.search(text)
            assert found is None or found.group() in own, text


def test_no_decimal_point_in_the_text(ceasefire):
    for written in ceasefire.values():
        for section in written.sections[:7]:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    assert not re.search(r"\d\.\d", block.text), block.text


def test_one_to_three_sentences(ceasefire):
    for written in ceasefire.values():
        assert 1 <= len(written.bottom_line) <= 3
        for sentence in written.bottom_line:
            assert sentence.endswith(".")
            assert not re.search(r"\. [A-Z]", sentence)


# --- against the plain twin


@pytest.mark.parametrize("seed", range(60))
def test_every_case_gets_a_memo_whose_choice_the_plain_twin_confirms(seed):
    data = random_case(seed)
    data.pop("recommendations", None)
    case = case_from_data(data)
    audience = case.party_names[0]  # the first party of a random case signs
    written = memo(case, audience=audience)
    zone = [package for package in data.get("packages", []) if plain_model.in_zone(data, package)]
    if not zone:
        assert written.package is None
        return
    best = max(plain_model.party_value(data, audience, package) for package in zone)
    chosen = next(item for item in zone if item["name"] == written.package)
    assert plain_model.party_value(data, audience, chosen) == pytest.approx(best, abs=1e-8)


# --- the call


def test_the_package_is_callable_however_it_was_imported():
    code = (
        "import mcda\n"
        f"case = mcda.read({str(CEASEFIRE)!r})\n"
        "first = mcda.memo(case, audience='Ukraine')\n"
        "second = mcda.memo(case, audience='Ukraine')\n"
        "from mcda.memo import Memo\n"
        "third = mcda.memo(case, audience='Ukraine')\n"
        "assert isinstance(third, Memo) and first == second == third\n"
        "import mcda.memo\n"
        "assert mcda.memo(case, 'Ukraine') == first\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
