"""Answering to the machine's own names only: every other `Host` is refused, whatever is asked.

A page of somebody else's can point its own name at 127.0.0.1 and so pass for this one in a browser;
the name it asks by still stands in the `Host` header.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

REFUSAL = b"This page answers only to this machine's own names, 127.0.0.1 and localhost.\n"


class OwnHostsOnly:
    """Stands before an ASGI application: 403 unless the request names one of ``names``."""

    def __init__(self, app: Application, *, names: Iterable[str]) -> None:
        """Guard ``app``; ``names`` are host names without a port."""
        self._app = app
        self._names = tuple(names)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Hand a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or self._is_ours(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Closed before it was accepted: the server answers the handshake with 403.
            await send({"type": "websocket.close", "code": 1008})
        else:
            headers = [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(REFUSAL)).encode()),
            ]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": REFUSAL})

    def _is_ours(self, scope: Message) -> bool:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and is_own(hosts[0], self._names)


def is_own(host: str, names: Iterable[str], /) -> bool:
    """Whether a `Host` header is one of these names, with or without a port.

    >>> own = ["127.0.0.1", "localhost"]
    >>> is_own("LocalHost:8501", own), is_own("127.0.0.1", own)
    (True, True)
    >>> is_own("localhost.evil.example", own), is_own("localhost@evil.example:80", own)
    (False, False)
    """
    found = re.fullmatch(r"([^:]+)(:[0-9]{1,5})?", host)
    return found is not None and found[1].lower() in names
