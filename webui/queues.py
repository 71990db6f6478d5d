"""How do costly answers leave room for the others? They wait in a queue of their own.

A workbook of 47,597 programmes takes ten seconds of a core, the first question after a start some
seconds, too. Only a few of these are made at once in each process, so that searches go on beside
them; when too many wait already the reader is told at once, with the time to come back. Limits by
address belong to the server in front, which knows the addresses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from indexer.errors import YosanError
from webui.language import language

Endpoint = Callable[[Request], Response]

RETRY_SECONDS = 10


class BusyError(YosanError):
    """More is being waited for than will be done soon."""


class Queue:
    """Runs functions in threads: ``at_once`` of them, while at most ``waiting`` wait."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._limiter = CapacityLimiter(at_once)
        self._most = at_once + waiting
        self._count = 0

    async def run(self, work: Endpoint, request: Request) -> Response:
        """The answer of ``work``. Raises :class:`BusyError` when the queue is full."""
        if self._count >= self._most:
            raise BusyError(language("ja").words.problem.busy)
        self._count += 1
        try:
            return await to_thread.run_sync(work, request, limiter=self._limiter)
        finally:
            self._count -= 1


QUEUES = {"questions": (2, 40), "workbooks": (1, 8)}
"""By name: how many at once, and how many may wait."""


def make_queues() -> dict[str, Queue]:
    """The queues of one application."""
    return {name: Queue(*sizes) for name, sizes in QUEUES.items()}


def queued(name: str, work: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    """``work`` as an endpoint that waits in the queue of this name."""

    async def endpoint(request: Request) -> Response:
        queue: Queue = request.app.state.queues[name]
        return await queue.run(work, request)

    return endpoint


def queued_if(
    is_costly: Callable[[Request], bool], name: str, work: Endpoint, plain: Endpoint
) -> Callable[[Request], Awaitable[Response]]:
    """``work`` in the queue of this name where the request is costly; ``plain`` at once where it
    is not, or when the queue is full."""

    async def endpoint(request: Request) -> Response:
        if is_costly(request):
            with suppress(BusyError):
                return await queued(name, work)(request)
        return await to_thread.run_sync(plain, request)

    return endpoint
