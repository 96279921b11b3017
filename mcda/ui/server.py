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
    st.App(SCRIPT, middleware=[guard], lifespan=_started).run(config=settings)


@asynccontextmanager
async def _started(_: st.App) -> AsyncIterator[None]:
    """Open the browser as `streamlit run` does, which `st.App` leaves to its caller."""
    # The server's own news of starting and stopping; its warnings and errors are still told.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    if not st.get_option("server.headless"):
        name, port = st.get_option("browser.serverAddress"), st.get_option("server.port")
        asyncio.get_running_loop().call_soon(webbrowser.open, f"http://{name}:{port}")
    yield
