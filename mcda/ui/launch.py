"""Starting the page: on this machine only, with no word to anybody.

`SETTINGS` is the one place for how Streamlit runs; `mcda app` gives them so that they win over any
configuration file, whatever folder the program is started in. `.streamlit/config.toml` repeats them
for those who type `streamlit run app.py`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mcda.charts.look import PARTY_COLOURS

FILE_VARIABLE = "MCDA_FILE"
"""The environment variable that carries the file to open to the page."""

HEADLESS_VARIABLE = "STREAMLIT_SERVER_HEADLESS"
"""The environment variable that says whether no browser is to be opened: true or false."""

OWN_HOSTS = ("127.0.0.1", "localhost")
"""The names by which a browser on this machine may ask for the page."""

Setting = str | int | bool | list[str]

SETTINGS: Mapping[str, Setting] = {
    # Only this machine reaches the page, and only by its own names: a page of somebody else's that
    # points its name at 127.0.0.1 is refused.
    "server.address": "127.0.0.1",
    "server.allowedHosts": list(OWN_HOSTS),
    "server.maxUploadSize": 20,
    "server.showEmailPrompt": False,
    # The program's own files do not change while it runs.
    "server.fileWatcherType": "none",
    "browser.serverAddress": "127.0.0.1",
    "browser.gatherUsageStats": False,
    # An error of the program's own is told in the terminal, not as a traceback on the page.
    "client.showErrorDetails": "none",
    # Nor is it offered to a search engine or anybody's model.
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "theme.chartCategoricalColors": list(PARTY_COLOURS),
    "theme.light.primaryColor": "#2b5c9e",
    "theme.dark.primaryColor": "#7aa7e0",
}


def launch(file: Path | None = None, port: int | None = None) -> int:
    """Serve the page, with a file to open, until it is ended.

    Args:
        file: A case; the shipped one where it is None.
        port: Where it listens; 8501, or the next that is free, where it is None.

    Returns:
        The exit code: 0 where it was ended by the keyboard.
    """
    from mcda.ui.server import serve

    os.environ.pop(FILE_VARIABLE, None)
    if file is not None:
        os.environ[FILE_VARIABLE] = str(file.resolve())
    with suppress(KeyboardInterrupt):
        serve(_settings(port), OWN_HOSTS)
    return 0


def _settings(port: int | None) -> dict[str, Setting]:
    settings = dict(SETTINGS)
    if port is not None:
        settings["server.port"] = port
    # Of Streamlit's variables `streamlit run` alone reads any; this one keeps the browser shut.
    headless = os.environ.get(HEADLESS_VARIABLE)
    if headless is not None:
        settings["server.headless"] = headless.lower() in ("true", "1")
    return settings
