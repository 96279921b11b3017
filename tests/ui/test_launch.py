"""How the page is started: the same settings whichever way, and only for this machine."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from mcda.ui.launch import FILE_VARIABLE, HEADLESS_VARIABLE, OWN_HOSTS, SETTINGS, launch
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
    monkeypatch.setattr("mcda.ui.server.serve", lambda *given: asked.update(given=given))
    monkeypatch.setenv(FILE_VARIABLE, "another.xlsx")
    monkeypatch.delenv(HEADLESS_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert launch(Path("case.xlsx"), 8599) == 0
    assert os.environ[FILE_VARIABLE] == str(tmp_path / "case.xlsx")
    assert asked["given"] == ({**SETTINGS, "server.port": 8599}, OWN_HOSTS)
    launch()
    assert FILE_VARIABLE not in os.environ
    assert asked["given"] == (SETTINGS, OWN_HOSTS)


@pytest.mark.parametrize(("said", "headless"), [("true", True), ("1", True), ("false", False)])
def test_the_browser_can_be_kept_shut(
    said: str, headless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr("mcda.ui.server.serve", lambda settings, _: asked.update(settings))
    monkeypatch.setenv(FILE_VARIABLE, "")
    monkeypatch.setenv(HEADLESS_VARIABLE, said)
    launch()
    assert asked == {**SETTINGS, "server.headless": headless}


def test_ending_it_by_the_keyboard_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mcda.ui.server.serve", interrupted)
    monkeypatch.setenv(FILE_VARIABLE, "")
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


def ask(site: Site, path: str, *hosts: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    for host in hosts:
        connection.putheader("Host", host)
    connection.endheaders()
    try:
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


PATHS = ("/", "/why", "/_stcore/health", "/_stcore/host-config", "/static/none.js")
FOREIGN = (
    "evil.example", "evil.example:{port}", "127.0.0.1.evil.example", "192.0.2.1:{port}",
    "localhost@evil.example", "127.0.0.1:{port}:{port}", "[::1]:{port}",
)  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_host_gets_no_answer(site: Site, host: str, path: str) -> None:
    status, told = ask(site, path, host.format(port=site.port))
    assert status == 403
    assert told.startswith("This page answers only")


@pytest.mark.browser
def test_a_foreign_host_can_send_nothing(site: Site) -> None:
    for method in ("PUT", "POST", "DELETE", "HEAD", "OPTIONS"):
        assert ask(site, "/_stcore/upload_file/a/b", "evil.example", method=method)[0] == 403


@pytest.mark.browser
@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST:{port}"])
def test_this_machine_gets_an_answer(site: Site, host: str) -> None:
    for path in ("/", "/why", "/_stcore/health", "/_stcore/host-config"):
        assert ask(site, path, host.format(port=site.port))[0] == 200


@pytest.mark.browser
def test_two_hosts_or_none_get_no_answer(site: Site) -> None:
    assert ask(site, "/", "127.0.0.1", "evil.example")[0] in (400, 403)
    assert ask(site, "/")[0] in (400, 403)


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
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; names the address of the way out
        own = probe.getsockname()[0]
    if own.startswith("127."):
        own = "127.0.0.2"
    with socket.socket() as attempt:
        attempt.settimeout(5)
        assert attempt.connect_ex((own, site.port)) != 0


def is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.settimeout(5)
        return attempt.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.browser
@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such signals")
@pytest.mark.parametrize(("by", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
def test_ending_it_frees_the_port_and_says_nothing(by: signal.Signals, code: int) -> None:
    with Site() as started:
        before = started.log
        assert not is_free(started.port)
        assert started.end(by) == code
        assert is_free(started.port)
        assert started.log == before
        (line,) = before.splitlines()
        assert line.startswith(f"The page is at {started.url} ")


@pytest.mark.browser
@pytest.mark.skipif(os.name == "nt", reason="the browser is a shell script here")
def test_the_browser_is_opened(tmp_path: Path) -> None:
    opened = tmp_path / "opened.txt"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{opened}.part"; mv "{opened}.part" "{opened}"\n')
    browser.chmod(0o755)
    with Site(BROWSER=str(browser), **{HEADLESS_VARIABLE: "false"}) as started:
        end = time.monotonic() + 20
        while not opened.exists() and time.monotonic() < end:
            time.sleep(0.05)
        assert opened.read_text().strip() == started.url


@pytest.mark.browser
def test_the_settings_are_in_force_whatever_a_file_of_the_folder_says(tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text(
        '[server]\naddress = "0.0.0.0"\nmaxUploadSize = 5\n[client]\nshowErrorDetails = "full"\n'
        '[theme]\nchartCategoricalColors = ["#000000"]\n'
    )
    script = (
        "import os, sys, streamlit as st\n"
        "from streamlit.web.server.starlette import starlette_server\n"
        "from mcda.ui.launch import SETTINGS, launch\n"
        "def run(self):\n"
        "    wrong = {n: st.get_option(n) for n, v in SETTINGS.items() if st.get_option(n) != v}\n"
        "    sys.exit(repr(wrong) if wrong else 7)\n"
        "starlette_server.UvicornRunner.run = run\n"
        "launch()\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (7, "")
