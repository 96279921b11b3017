"""How the page is started: the same settings whichever way, and only for this machine."""

from __future__ import annotations

import http.client
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mcda.ui.launch import FILE_VARIABLE, SETTINGS, command, launch
from tests.browser import Site

ROOT = Path(__file__).parents[2]


def flat(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield before + key, value


def test_the_configuration_file_says_the_same() -> None:
    stated = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert dict(flat(stated)) == dict(SETTINGS)


def test_streamlit_knows_every_setting() -> None:
    from streamlit import config

    known = set(config._config_options_template)
    assert set(SETTINGS) <= known


def test_the_file_reaches_the_page_whatever_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {}

    def run(command: list[str], *, env: dict[str, str], check: bool) -> Any:
        asked.update(command=command, env=env, check=check)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.chdir(tmp_path)
    assert launch(Path("case.xlsx"), 8599) == 3
    assert asked["env"][FILE_VARIABLE] == str(tmp_path / "case.xlsx")
    assert asked["command"][-1] == "--server.port=8599"
    assert asked["command"] == command(8599)
    assert Path(asked["command"][4]).is_file()
    launch()
    assert FILE_VARIABLE not in asked["env"]


def test_ending_it_by_the_keyboard_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupted)
    assert launch() == 0


def test_both_scripts_are_the_same() -> None:
    import ast

    scripts = [ROOT / "app.py", ROOT / "mcda" / "ui" / "entry" / "page.py"]
    bodies = [ast.unparse(ast.parse(script.read_text()).body[1:]) for script in scripts]
    assert bodies[0] == bodies[1]


def test_starting_needs_no_streamlit_in_this_process() -> None:
    script = "import sys, mcda.ui.launch; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def handshake(site: Site, host: str, origin: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.putrequest("GET", "/_stcore/stream", skip_host=True)
    for name, value in {
        "Host": host,
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    try:
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "192.0.2.1:{port}"]
)
def test_a_foreign_host_gets_no_session(site: Site, host: str) -> None:
    name = host.format(port=site.port)
    assert handshake(site, name, f"http://{name}") == 403


@pytest.mark.browser
@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}"])
def test_this_machine_gets_a_session(site: Site, host: str) -> None:
    name = host.format(port=site.port)
    assert handshake(site, name, f"http://{name}") == 101


@pytest.mark.browser
def test_a_page_of_somebody_else_gets_no_session(site: Site) -> None:
    assert handshake(site, f"127.0.0.1:{site.port}", "http://evil.example") == 403


@pytest.mark.browser
def test_only_this_machine_is_listened_to(site: Site) -> None:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; names the address of the way out
        own = probe.getsockname()[0]
    if own.startswith("127."):
        own = "127.0.0.2"
    with socket.socket() as attempt:
        attempt.settimeout(5)
        assert attempt.connect_ex((own, site.port)) != 0
