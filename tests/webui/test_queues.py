"""Does a rush on costly answers leave room, and is it told when there is none?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from indexer.library import Library
from webui.app import create_app
from webui.queues import RETRY_SECONDS, BusyError, Queue

REQUEST = Request({"type": "http"})


def run(work: Callable[..., Coroutine[Any, Any, Any]], *arguments: object) -> Any:
    """The outcome of ``work``, in a thread: the browser tests keep a loop in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(anyio.run, work, *arguments).result()


def test_one_at_once_and_the_others_wait_until_too_many_do() -> None:
    running, most = 0, 0
    release = threading.Event()

    def work(_: Request) -> Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        release.wait(10)
        running -= 1
        return Response()

    async def rush() -> None:
        queue = Queue(at_once=1, waiting=2)
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(queue.run, work, REQUEST)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(BusyError):
                await queue.run(work, REQUEST)
            release.set()
        assert (await queue.run(work, REQUEST)).status_code == 200

    run(rush)
    assert most == 1


def test_a_failure_gives_its_place_back() -> None:
    def fail(_: Request) -> Response:
        raise ZeroDivisionError

    async def ask() -> None:
        queue = Queue(at_once=1, waiting=0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await queue.run(fail, REQUEST)

    run(ask)


@pytest.mark.parametrize(
    ("address", "queue", "told"),
    [
        # A page tells people, in the language of the page.
        ("/ask?q=総務課の予算", "questions", "ただいま混み合っています"),
        ("/ask?q=総務課の予算&lang=en", "questions", "There is a rush just now"),
        # The API tells programs, as application/problem+json.
        ("/api/v1/ask?q=総務課の予算", "questions", "ただいま混み合っています"),
        ("/export.xlsx", "workbooks", "ただいま混み合っています"),
    ],
)
def test_a_full_queue_says_when_to_come_back(
    library: Library, address: str, queue: str, told: str
) -> None:
    app = create_app(library)
    app.state.queues[queue] = Queue(at_once=1, waiting=-1)

    async def get(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(path)

    response = run(get, address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == str(RETRY_SECONDS)
    assert told in response.text
    # A search, meanwhile, is answered.
    assert run(get, "/search?q=総務課").status_code == 200


def test_a_full_queue_leaves_out_the_answer_above_a_list(library: Library) -> None:
    """``/search?q=…はいくら`` lists at once what it finds; the answer waits its turn, or is left
    out."""
    app = create_app(library)
    app.state.queues["questions"] = Queue(at_once=0, waiting=0)
    transport = httpx.ASGITransport(app)

    async def ask() -> tuple[int, str]:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            found = await client.get("/search", params={"q": "防災の予算はいくら"})
            return found.status_code, found.text

    status, page = run(ask)
    assert status == 200
    assert "防災" in page
    assert "answer-status" not in page
