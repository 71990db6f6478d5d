"""What does a reader get when something is wrong? RFC 9457 for programs, a page for people.

Whatever is typed ends in a 4xx with one sentence; a 5xx says only that it is our fault.
"""

from __future__ import annotations

import logging
from http import HTTPStatus

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.errors import (
    IndexDamagedError,
    IndexMissingError,
    IndexUnreadableError,
    UsageError,
    YosanError,
)
from webui.headers import SECURITY_HEADERS
from webui.parameters import ParameterError
from webui.queues import RETRY_SECONDS, BusyError
from webui.rendering import language_of, render

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


def problem(
    request: Request, status: int, detail: str | None = None, name: str | None = None
) -> Response:
    """The answer that tells of a problem, in the form and the language the caller reads.

    Without a ``detail`` of its own it is the sentence for the status.
    """
    say = language_of(request)
    told = detail or getattr(say.words.problem, f"status_{status}", say.words.problem.status_400)
    if wants_json(request):
        return _as_json(request, status, told, name)
    return render(request, "error.html", {"status": status, "detail": told}, status)


def not_ready(request: Request, trouble: YosanError) -> Response:
    """Why the index cannot be opened anew; its places are for the log."""
    words = language_of(request).words
    is_damaged = isinstance(trouble, IndexDamagedError)
    return problem(request, 503, words.problem.damaged if is_damaged else words.problem.status_503)


def wants_json(request: Request) -> bool:
    """Whether a program is asking: by the address, or because it accepts JSON and no HTML."""
    path = request.url.path
    if path.startswith("/api/") or path in ("/openapi.json", "/livez", "/readyz"):
        return True
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "html" not in accepted


def on_http_exception(request: Request, error: Exception) -> Response:
    """404, 405 and their like."""
    assert isinstance(error, HTTPException)
    response = problem(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def on_yosan_error(request: Request, error: Exception) -> Response:
    """A failure with a sentence of its own: bad input is 400, a missing index 503."""
    if isinstance(error, ParameterError):
        told = error.said_in(language_of(request))
        return problem(request, error.status, told, error.name)
    if isinstance(error, BusyError):
        response = problem(request, 503, language_of(request).words.problem.busy)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    if isinstance(error, UsageError):
        return problem(request, 400, str(error))
    if isinstance(error, (IndexMissingError, IndexDamagedError, IndexUnreadableError)):
        return problem(request, 503)
    assert isinstance(error, YosanError)
    _log.error("%s", error)
    return problem(request, 500)


def on_failure(request: Request, error: Exception) -> Response:
    """Our own fault. Nothing of the error is shown; the server's log has it."""
    del error
    response = problem(request, 500)
    # This answer is made outside the middleware that adds the headers.
    response.headers.update(SECURITY_HEADERS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_json(request: Request, status: int, detail: str, name: str | None) -> Response:
    phrase = HTTPStatus(status).phrase
    content: dict[str, object] = {
        "type": f"/problems/{phrase.lower().replace(' ', '-')}",
        "title": phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
    }
    if name is not None:
        content["parameter"] = name
    headers = {"Content-Language": language_of(request).code}
    return Response(_dumps(content), status, headers, media_type=MEDIA_TYPE)


def _dumps(content: dict[str, object]) -> bytes:
    try:
        return orjson.dumps(content)
    except TypeError:  # a lone surrogate in the address: JSON in UTF-8 cannot carry it
        return orjson.dumps({**content, "instance": ""})
