"""The server of the page, in this process: Streamlit's, with a guard before it.

Nothing stands between the terminal and the server, so that ending `mcda app` ends it all.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import webbrowser
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from mcda.ui.components.problems import unexpected
from mcda.ui.hosts import OwnHostsOnly

SCRIPT = Path(__file__).with_name("entry") / "page.py"


def serve(settings: Mapping[str, object], hosts: Iterable[str]) -> None:
    """Serve the page until it is ended; KeyboardInterrupt where that was by the keyboard.

    Args:
        settings: Streamlit's, by their dotted names; they win over any configuration file.
        hosts: The names by which the page may be asked for.
    """
    # Streamlit makes the folder of the running script importable, which must not be the program's.
    sys.argv = [str(SCRIPT)]
    guard = Middleware(OwnHostsOnly, names=tuple(hosts))
    # Errors in a widget's callback come before the script, out of reach of `mcda.ui.main`.
    app = st.App(SCRIPT, middleware=[guard], lifespan=_started, on_script_error=unexpected)
    app.run(config={**settings, "logger.hideWelcomeMessage": True})


@asynccontextmanager
async def _started(_: st.App) -> AsyncIterator[None]:
    """Say where the page is, and open the browser, which `st.App` leaves to its caller."""
    # The server's own news of starting and stopping; its warnings and errors are still told.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    name, port = st.get_option("browser.serverAddress"), st.get_option("server.port")
    address = f"http://{name}:{port}"
    print(f"The page is at {address} on this machine only. Ctrl-C ends it.", flush=True)
    if not st.get_option("server.headless"):
        asyncio.get_running_loop().call_soon(webbrowser.open, address)
    yield
