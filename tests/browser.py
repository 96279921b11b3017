"""A real browser and a running page: what the page does is judged by Chromium itself.

`Site` is a server that runs the page as `mcda app` starts it, `Browser` a Chromium that records
every address it asks for. Both start once for a whole run (`tests/conftest.py`).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal
from urllib.parse import urlencode

from mcda.ui.launch import HEADLESS_VARIABLE

PATIENCE = 30
"""Seconds to wait for a condition before it counts as not met."""

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
COMMAND = (sys.executable, "-m", "mcda", "app")
"""The command of a user who starts the page."""

MISSING = (
    "These tests need a Chromium: `apt-get install chromium`, or `playwright install chromium` and "
    "MCDA_CHROMIUM set to its path."
)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

READY = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.dataset.testScriptState === 'notRunning'
    && document.querySelector('[data-testid="stMain"] h1')
    && document.querySelector('[data-testid="stSidebar"] p.file')
    && !document.querySelector('[data-stale="true"]');
}"""
"""The script has run to its end, and its page is shown."""


class MissingBrowser(RuntimeError):
    """There is no Chromium on this machine."""


def chromium() -> str:
    """Return the path of a Chromium; `MissingBrowser` says how to get one."""
    named = [os.environ.get("MCDA_CHROMIUM"), *(shutil.which(name) for name in CHROMIUM)]
    found = next((path for path in named if path and Path(path).exists()), None)
    if found is None:
        raise MissingBrowser(MISSING)
    return found


class Site:
    """The page, served on a free port of this machine, from a folder that is not the project's."""

    def __init__(
        self, file: Path | None = None, command: Sequence[str] = COMMAND, **environment: str
    ) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = [*command, "--port", str(self.port)]
        if file is not None:
            self._command.append(str(file))
        self._environment = {HEADLESS_VARIABLE: "true", **environment}

    def __enter__(self) -> Site:
        self._folder = tempfile.TemporaryDirectory()
        self._log = (Path(self._folder.name) / "log.txt").open("w+")
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder.name,
            env={**os.environ, **self._environment},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait_until_healthy()
        return self

    def end(self, by: signal.Signals) -> int:
        """Send the server a signal and return its exit code."""
        self._process.send_signal(by)
        return self._process.wait(20)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._folder.cleanup()

    @property
    def log(self) -> str:
        """What the server printed so far."""
        return Path(self._log.name).read_text()

    def _wait_until_healthy(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise RuntimeError(f"the server ended:\n{self.log}")
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(f"the server was not healthy in {PATIENCE} s:\n{self.log}")


class Browser:
    """A Chromium; `asked` holds every address that any of its pages asked for, sockets included."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __enter__(self) -> Browser:
        from playwright.sync_api import sync_playwright

        path = chromium()
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._browser.close()
        self._playwright.stop()

    def open(
        self,
        site: Site,
        page: str = "",
        query: Mapping[str, str] | None = None,
        *,
        theme: Literal["light", "dark"] = "light",
        size: tuple[int, int] = (1280, 800),
    ) -> Any:
        """Open a page in a session of its own and wait until it is shown; close its context."""
        context = self._browser.new_context(
            color_scheme=theme,
            viewport={"width": size[0], "height": size[1]},
            accept_downloads=True,
        )
        context.on("request", lambda request: self.asked.append(request.url))
        tab = context.new_page()
        tab.on("websocket", lambda socket: self.asked.append(socket.url))
        tab.set_default_timeout(PATIENCE * 1000)
        address = f"{site.url}/{page}"
        tab.goto(f"{address}?{urlencode(query)}" if query else address)
        try:
            settle(tab)
        except Exception as problem:
            shown = tab.locator("body").inner_text()
            raise AssertionError(f"not shown:\n{shown}\nthe server:\n{site.log}") from problem
        return tab


def settle(tab: Any) -> None:
    """Wait until the page has answered and shows its answer."""
    tab.wait_for_function(READY, timeout=PATIENCE * 1000)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
