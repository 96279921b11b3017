"""Starting the page: on this machine only, with no word to anybody.

`SETTINGS` is the one place for how Streamlit runs; they are given as flags, which win over any
configuration file, whatever folder the program is started in. `.streamlit/config.toml` repeats them
for those who type `streamlit run app.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from mcda.charts.look import PARTY_COLOURS

FILE_VARIABLE = "MCDA_FILE"
"""The environment variable that carries the file to open to the page."""

Setting = str | int | bool | list[str]

SETTINGS: Mapping[str, Setting] = {
    # Only this machine reaches the page, and only by its own names: a page of somebody else's that
    # points its name at 127.0.0.1 is refused.
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["127.0.0.1", "localhost"],
    "server.maxUploadSize": 20,
    "server.showEmailPrompt": False,
    # The program's own files do not change while it runs.
    "server.fileWatcherType": "none",
    "browser.serverAddress": "127.0.0.1",
    "browser.gatherUsageStats": False,
    # An error of the program's own is told in the terminal, not as a traceback on the page.
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "theme.chartCategoricalColors": list(PARTY_COLOURS),
    "theme.light.primaryColor": "#2b5c9e",
    "theme.dark.primaryColor": "#7aa7e0",
}


def launch(file: Path | None = None, port: int | None = None) -> int:
    """Start the page, with a file to open, and wait until it ends.

    Args:
        file: A case; the shipped one where it is None.
        port: Where it listens; 8501, or the next that is free, where it is None.

    Returns:
        The exit code: 0 where it was ended by the keyboard.
    """
    environment = dict(os.environ)
    environment.pop(FILE_VARIABLE, None)
    if file is not None:
        environment[FILE_VARIABLE] = str(file.resolve())
    try:
        return subprocess.run(command(port), env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 0


def command(port: int | None = None) -> list[str]:
    """Return the command that starts the page, settings and all."""
    script = Path(__file__).with_name("entry") / "page.py"
    start = [sys.executable, "-m", "streamlit", "run", str(script), *flags(SETTINGS)]
    return start if port is None else [*start, f"--server.port={port}"]


def flags(settings: Mapping[str, Setting]) -> list[str]:
    """Write settings as Streamlit's flags; it takes hosts one by one, and colours as JSON.

    >>> flags({"server.port": 80, "browser.gatherUsageStats": False, "server.hosts": ["x", "y"]})
    ['--server.port=80', '--browser.gatherUsageStats=false', '--server.hosts=x', '--server.hosts=y']
    >>> flags({"theme.colours": ["#000000", "#ffffff"]})
    ['--theme.colours=["#000000", "#ffffff"]']
    """
    result = []
    for name, setting in settings.items():
        if isinstance(setting, list) and not name.startswith("theme."):
            result += [f"--{name}={one}" for one in setting]
        elif isinstance(setting, str):
            result.append(f"--{name}={setting}")
        else:
            result.append(f"--{name}={json.dumps(setting)}")
    return result
