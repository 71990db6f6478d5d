"""What may a connection cost? Bounds of time and number, so that none can keep the others out.

Who opens connections and says nothing, sends a request a letter a minute, or does not read what was
asked for, takes a file handle and memory for as long as one lets them. Here a request has to come
within a time, an answer has to be taken within a time, only so many connections are held (further
ones are told 503), and a server that was told to end ends, whoever is still reading.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import threading
import time
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from indexer import settings
from indexer.errors import ExitCode

_log = logging.getLogger(__name__)

_HANDLES_KEPT = 64
"""File handles for all else: the next generation while it is opened, logs, the listening socket."""
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Length: 5\r\nRetry-After: 10\r\nConnection: close\r\n\r\nbusy\n"
)
_LINGER_SECONDS = 0.5
_SAID_EVERY_SECONDS = 60.0


def most_connections() -> int:
    """As many as the settings allow and the system has file handles for."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(min(settings.CONNECTIONS_MAXIMUM, soft - _HANDLES_KEPT), 1)


class BoundedConnection(H11Protocol):
    """One connection within its bounds."""

    _said: ClassVar[float] = float("-inf")
    _is_ending: ClassVar[bool] = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._waiting: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        self._is_refused = False
        if self.loop.get_exception_handler() is None:
            self.loop.set_exception_handler(self._on_failure)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            self._is_refused = True
            transport.write(_FULL)
            # Not at once: closed with a request unread, the answer would be lost.
            self.loop.call_later(_LINGER_SECONDS, transport.abort)
            return
        self._wait_for_request()

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._waiting is None:
            self._wait_for_request()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._writing is None:
            self._writing = self.loop.call_later(settings.TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self.loop.call_later(settings.TAKE_SECONDS, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Told to end. A thread that is still at work must not keep the process from it."""
        super().shutdown()
        if not BoundedConnection._is_ending:
            BoundedConnection._is_ending = True
            last = threading.Timer(settings.SHUTDOWN_SECONDS + 1, os._exit, [ExitCode.INTERRUPTED])
            last.daemon = True
            last.start()

    def _wait_for_request(self) -> None:
        self._waiting = self.loop.call_later(settings.REQUEST_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    @classmethod
    def _on_failure(cls, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """At the limit of file handles the loop reports every connection that waits, again and
        again: once a minute is enough."""
        if "out of system resource" not in str(context.get("message", "")):
            loop.default_exception_handler(context)
            return
        now = time.monotonic()
        if now - cls._said >= _SAID_EVERY_SECONDS:
            cls._said = now
            _log.error("no file handles are left for further connections")
