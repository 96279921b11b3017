"""The command line as a user meets it: whole processes, their output, exit codes and messages."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import mcda

EXAMPLE = Path(mcda.__file__).parent / "examples" / "ceasefire_talks.json"
VERBS = (
    "new", "check", "export", "rank", "compare", "sync", "watch", "restore", "memo", "app",
)  # fmt: skip


def run(*arguments, code=0, cwd=None):
    done = subprocess.run(
        [sys.executable, "-m", "mcda", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        cwd=cwd,
        check=False,
    )
    assert done.returncode == code, done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    path = tmp_path_factory.mktemp("talks") / "talks.xlsx"
    run("new", path, "--example", "ceasefire")
    return path


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(verb):
    shown = run(verb, "--help").stdout
    assert "Example" in shown
    assert f"mcda {verb}" in shown


def test_help_names_every_verb():
    shown = run("--help").stdout
    assert all(f"\n  {verb} " in shown for verb in VERBS)


def test_help_loads_nothing_heavy():
    code = (
        "import sys; import mcda.cli; "
        "print([m for m in ('numpy', 'pandas', 'rich', 'openpyxl', 'streamlit', 'skcriteria')"
        " if m in sys.modules])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


def test_rank_loads_neither_pandas_nor_scikit_criteria(workbook):
    code = (
        "import sys; sys.argv = ['mcda', 'rank', sys.argv[1]]; from mcda.cli import app; "
        "app(standalone_mode=False); "
        "print([m for m in ('pandas', 'streamlit', 'skcriteria', 'altair') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(workbook)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_rank_gives_the_contract(workbook):
    result = json.loads(run("rank", workbook, "--json").stdout)
    assert set(result) == {"case", "inputs_sha256", "method", "parties"}
    case = mcda.read(EXAMPLE)
    assert list(result["parties"]) == list(case.party_names)
    keys = {
        "package", "value", "rank", "surplus", "acceptable", "allowed", "red_lines", "rules_broken"
    }  # fmt: skip
    for party in result["parties"].values():
        assert set(party) == {"reservation", "ranking"}
        assert len(party["ranking"]) == len(case.packages)
        for row in party["ranking"]:
            assert keys <= set(row)
            assert row["surplus"] == pytest.approx(row["value"] - party["reservation"], abs=1e-8)


def test_workbook_and_json_are_the_same_case(workbook):
    from_workbook = json.loads(run("rank", workbook, "--json").stdout)
    from_json = json.loads(run("rank", EXAMPLE, "--json").stdout)
    assert from_workbook == from_json


def test_new_and_export_are_inverse(workbook, tmp_path):
    run("export", workbook, tmp_path / "one.json")
    run("new", tmp_path / "again.xlsx", "--from", tmp_path / "one.json")
    run("export", tmp_path / "again.xlsx", tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    assert run("export", workbook).stdout.encode() == (tmp_path / "one.json").read_bytes()


def test_a_case_piped_through_rank_fits_80_columns(workbook):
    shown = run("rank", workbook).stdout
    assert max(map(len, shown.splitlines())) <= 80
    for party in mcda.read(EXAMPLE).party_names:
        assert f"{party}: no deal is worth" in shown
    assert "in the zone" in shown


def test_party_names_are_found_whatever_their_case(workbook):
    result = json.loads(run("rank", workbook, "--for", "russia", "--json").stdout)
    assert list(result["parties"]) == ["Russia"]
    failed = run("rank", workbook, "--for", "Rusia", code=2)
    assert 'Did you mean "Russia"?' in failed.stderr


def test_explanation_adds_up(workbook):
    packages = [package.name for package in mcda.read(EXAMPLE).packages]
    arguments = ("--for", "Ukraine", "--explain", packages[0], "--against", packages[1])
    result = json.loads(run("rank", workbook, *arguments, "--json").stdout)
    total = sum(item["points"] for item in result["differences"])
    assert total == pytest.approx(result["points"], abs=1e-8)
    assert packages[0] in run("rank", workbook, *arguments).stdout


def test_problems_are_listed_with_their_places_and_exit_1(tmp_path):
    data = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    issue = data["issues"][1]["name"]
    data["parties"][0]["criteria"][0]["weight"] = -5
    data["packages"][2]["settings"][issue] = "Nonne"
    broken = tmp_path / "broken.json"
    broken.write_text(json.dumps(data), encoding="utf-8")
    before = broken.read_bytes()
    shown = run("rank", broken, code=1)
    assert shown.stdout == ""
    assert "parties[0].criteria[0].weight: weight of" in shown.stderr
    assert 'Did you mean "None"?' in shown.stderr
    listed = json.loads(run("check", broken, "--json", code=1).stdout)["problems"]
    assert len(listed) == 2
    assert all(set(problem) == {"where", "what", "what_to_do"} for problem in listed)
    assert broken.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rank", "nowhere.xlsx"), "nowhere.xlsx"),
        (("rank",), "FILE"),
        (("new", "case.txt"), ".xlsx"),
        (("new", "x.xlsx", "--example", "ceasfire"), 'Did you mean "ceasefire"?'),
        (("new", "folder/that/is/not/x.xlsx"), "no folder"),
        (("rank", EXAMPLE, "--method", "topsi"), 'Did you mean "topsis"?'),
        (("rank", EXAMPLE, "--explain", "x"), "--for"),
        (("memo", EXAMPLE, "--for", "Russia", "-o", "memo.txt"), ".docx"),
        (("rank", EXAMPLE, "--against", "x"), "--explain"),
        (("rank", EXAMPLE, "--for", "Russia", "--explain", "x", "--method", "topsis"), "--method"),
        (("export", EXAMPLE, "out.txt"), ".json"),
        (("nothing",), "nothing"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_to_do(arguments, said, tmp_path):
    failed = run(*arguments, code=2, cwd=tmp_path)
    assert said in failed.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_not_replaced_unasked(workbook, tmp_path):
    before = workbook.read_bytes()
    assert "--force" in run("new", workbook, code=2).stderr
    assert workbook.read_bytes() == before
    target = tmp_path / "notes.json"
    target.write_text("mine")
    assert "--force" in run("export", workbook, target, code=2).stderr
    assert target.read_text() == "mine"
    run("export", workbook, target, "--force")
    assert json.loads(target.read_text(encoding="utf-8"))["name"]


def test_a_file_is_never_made_from_itself(tmp_path):
    mine = tmp_path / "mine.xlsx"
    run("new", mine)
    before = mine.read_bytes()
    assert "another name" in run("new", mine, "--from", mine, "--force", code=2).stderr
    assert ".json" in run("export", mine, mine, "--force", code=2).stderr
    assert mine.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_disk_is_told_in_words():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mcda", "rank", str(EXAMPLE)],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("The result cannot be written: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_console_without_the_characters_still_says_the_same():
    done = subprocess.run(
        [sys.executable, "-m", "mcda", "rank", str(EXAMPLE)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=True,
    )
    shown = done.stdout.decode("ascii")
    assert "y +14.8" in shown
    assert "n  -3.6" in shown
    assert "?" not in shown.replace("European?Ukrainian", "")


def test_a_package_is_compared_with_any_no_deal():
    sticks = mcda.read(EXAMPLE).no_deal
    package = mcda.read(EXAMPLE).packages[0].name
    arguments = ("--for", "Russia", "--explain", package, "--json", "--against")
    points = [
        json.loads(run("rank", EXAMPLE, *arguments, stick.name).stdout)["points"]
        for stick in sticks
    ]
    case = mcda.evaluate(mcda.read(EXAMPLE))
    russia = case.parties.index("Russia")
    expected = case.party_values[0, russia] - case.no_deal_values[:, russia]
    assert points == pytest.approx(list(expected), abs=1e-8)


@pytest.mark.parametrize("name", ["text.json", "text.xlsx", "empty.json", "empty.xlsx"])
def test_a_file_that_is_no_case_is_told_so(name, tmp_path):
    path = tmp_path / name
    path.write_text("hello" if name.startswith("text") else "")
    failed = run("check", path, code=1)
    assert "1 problem:" in failed.stdout


def test_compare_shows_every_method_or_says_why_not(workbook):
    listed = json.loads(run("rank", workbook, "--method", "list", "--json").stdout)
    assert listed[0]["method"] == "additive"
    shown = " ".join(run("compare", workbook, "--for", "Russia").stdout.split())
    assert all(row["title"] in shown for row in listed)


def test_check_tells_findings_and_exits_0(workbook):
    shown = run("check", workbook)
    assert "No problems." in shown.stdout
    assert set(json.loads(run("check", workbook, "--json").stdout)) >= {"problems", "findings"}


def test_memo_is_written_in_both_forms(workbook, tmp_path):
    run(
        "memo",
        workbook,
        "--for",
        "United States",
        "-o",
        tmp_path / "memo.docx",
        "-o",
        tmp_path / "memo.md",
    )
    assert (tmp_path / "memo.docx").read_bytes()[:2] == b"PK"
    assert "United States" in (tmp_path / "memo.md").read_text(encoding="utf-8")
    assert "United States" in run("memo", workbook, "--for", "united states").stdout


def test_a_blank_workbook_is_a_guided_case(tmp_path):
    run("new", tmp_path / "blank.xlsx")
    assert "in the zone" in run("rank", tmp_path / "blank.xlsx").stdout


def test_a_method_that_fits_some_parties_says_why_not_the_others():
    # COPRAS needs a minimised criterion, which Washington and Europe have and Moscow has not.
    result = json.loads(run("rank", EXAMPLE, "--method", "copras", "--json").stdout)
    assert "United States" in result["parties"]
    assert "COPRAS is not offered" in result["not_offered"]["Russia"]
    assert "COPRAS" in run("rank", EXAMPLE, "--method", "copras", "--for", "Russia", code=2).stderr


def test_the_documentation_names_every_command_and_method():
    docs = Path(__file__).parent.parent / "docs"
    commands = (docs / "command-line.md").read_text(encoding="utf-8")
    assert all(f"`mcda {verb} " in commands for verb in VERBS)
    methods = json.loads(run("rank", EXAMPLE, "--method", "list", "--json").stdout)
    described = (docs / "methods.md").read_text(encoding="utf-8")
    assert all(
        f"| `{row['method']}` | {row['title']} | {row['source']} |" in described for row in methods
    )


def test_the_readme_shows_what_the_commands_print(workbook):
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"uv run mcda (rank .*)", readme)
    assert len(commands) == 2
    assert all(".xlsx" in command for command in commands)
    printed = "".join(
        run(*(workbook if word.endswith(".xlsx") else word for word in shlex.split(command))).stdout
        for command in commands
    )
    # What `mcda watch` says is held by test_docs.
    *blocks, _ = re.findall(r"```text\n(.*?)```", readme, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert block.strip() in printed
