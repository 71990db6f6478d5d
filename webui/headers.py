"""Which headers does every answer carry? Content security, caching by generation, HEAD.

A generation never changes, so a page is the same as long as its content, the address and the
language are: the ETag is a hash of these (not of the generation's number, which begins anew when
the folder is made anew), and ``If-None-Match`` is answered before any work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from indexer.library import Library
from webui.holding import HELD

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
CARD_SECURITY_POLICY = CONTENT_SECURITY_POLICY.replace(
    "frame-ancestors 'none'", "frame-ancestors *"
)
"""The embeddable card is the one page that other sites may frame."""

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

ADDRESS_BYTES_MAXIMUM = 8_192
"""What servers in front pass on, too. A result page links to itself in a thousand variations: an
address of 60,000 bytes would make one of as many megabytes."""

IS_HEAD = "yosan.is_head"
"""In the scope of a GET that was a HEAD: its body need not be made."""

ALLOWED = "GET, HEAD, OPTIONS"
"""Nothing can be changed from outside: every address is only read."""

UNCACHED_PREFIXES = ("/livez", "/readyz", "/static/")
CARD_SUFFIX = "/card"


class HeadersMiddleware:
    """Adds the security headers and the ETag; answers OPTIONS; makes HEAD a GET without a body."""

    def __init__(
        self,
        app: ASGIApp,
        tag: Callable[[Library], str],
        refuse: Callable[[Request, int], Response],
    ) -> None:
        """``tag`` names what the whole site depends on: what the generation that the request holds
        contains, version, day; ``refuse`` makes the answer that tells of a problem."""
        self.app = app
        self.tag = tag
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await _send_options(send)
            return
        is_head = scope["method"] == "HEAD"
        if is_head:
            scope = {**scope, "method": "GET", IS_HEAD: True}
        app = self.app
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > ADDRESS_BYTES_MAXIMUM:
            path = "/api/" if scope["path"].startswith("/api/") else "/"
            scope = {**scope, "path": path, "raw_path": path.encode(), "query_string": b""}
            app = self.refuse(Request(scope), 414)
        etag = self._etag(scope)
        if etag and etag in Headers(scope=scope).get("if-none-match", ""):
            await _send_not_modified(etag, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(scope, message, etag)
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await app(scope, receive, send_with_headers)

    def _etag(self, scope: Scope) -> str:
        """Empty for answers that must not be reused."""
        if scope["method"] != "GET" or scope["path"].startswith(UNCACHED_PREFIXES):
            return ""
        headers = Headers(scope=scope)
        parts = (
            self.tag(scope[HELD]),
            headers.get("host", ""),
            scope.get("raw_path", b"").decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            headers.get("accept-language", ""),
            headers.get("accept", ""),
        )
        digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
        return f'W/"{digest[:20]}"'

    def _add_headers(self, scope: Scope, message: Message, etag: str) -> None:
        headers = MutableHeaders(scope=message)
        if message["status"] == 405:
            headers["Allow"] = ALLOWED
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        if scope.get("scheme") == "https":
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if message["status"] == 200 and etag and etag == self._etag(scope):
            headers.setdefault("ETag", etag)
            headers.setdefault("Cache-Control", "no-cache")
            headers.add_vary_header("Accept-Language")
            headers.add_vary_header("Accept")
        elif "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"


async def _send_options(send: Send) -> None:
    headers = [(b"allow", ALLOWED.encode()), (b"cache-control", b"no-store")]
    headers.extend((k.lower().encode(), v.encode()) for k, v in SECURITY_HEADERS.items())
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _send_not_modified(etag: str, send: Send) -> None:
    headers = [(b"etag", etag.encode()), (b"cache-control", b"no-cache")]
    headers.extend((k.lower().encode(), v.encode()) for k, v in SECURITY_HEADERS.items())
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
