"""Which generation answers a request? The one that was current when it came, until the last byte.

A page reads the index many times: the hits, then their books, then the other years of each. Were
another generation to become current in between, it would look for documents that are no longer
there, or show figures of both. So every request holds one generation; exports and feeds, which are
made while they are sent, hold it until they are sent.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.library import Library

HELD = "yosan.library"
"""In the scope of every request: the library that holds its generation."""


class HoldingMiddleware:
    """Lets each request hold the generation that is current when it comes."""

    def __init__(self, app: ASGIApp, library: Library) -> None:
        self.app = app
        self.library = library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with self.library.hold() as held:
            await self.app({**scope, HELD: held}, receive, send)
