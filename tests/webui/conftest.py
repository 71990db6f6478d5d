"""A real index behind a real server: the pages are asked for over HTTP, as a browser does."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from indexer.library import Library, SearchRequest
from indexer.pipeline import update_index
from tests.webui.books import write_books
from webui.app import create_app

CORPUS = Path(__file__).parents[2] / "corpus"


class Server(uvicorn.Server):
    """uvicorn in a thread of the test process."""

    def install_signal_handlers(self) -> None:
        """The test process keeps its own."""


def serve(app: Any) -> Iterator[str]:
    """Serve ``app`` on a free port; yields its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
    server = Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The bundled chapter, last year's book, forty made-up programmes and a hostile book."""
    folder = tmp_path_factory.mktemp("books") / "corpus"
    shutil.copytree(CORPUS, folder)
    write_books(folder)
    index = folder.parent / "index"
    report = update_index(index, [folder])
    assert report.documents == 4, report
    with Library.open(index, follow=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def site(library: Library) -> Iterator[str]:
    """The address of the running site."""
    yield from serve(create_app(library))


@pytest.fixture(scope="session")
def http(site: str) -> Iterator[httpx.Client]:
    """A client of the running site."""
    with httpx.Client(base_url=site, headers={"Accept": "text/html,*/*"}, timeout=30) as client:
        yield client


@dataclass(frozen=True)
class Ids:
    """Ids of programmes and documents of the test index, found by what they are."""

    book: str
    lan: str
    parent: str
    child: str
    member: str
    group: str
    new: str
    former: str


@pytest.fixture(scope="session")
def ids(library: Library) -> Ids:
    found = {p.title: p for p in library.matching(SearchRequest())}
    member = found["デジタル化の推進に向けた環境整備"]
    assert member.group_id is not None
    return Ids(
        book=member.document_id,
        lan=found["全庁LANの保守管理"].id,
        parent=found["旧箱根千代田荘・軽井沢少年自然の家の解体"].id,
        child=found["旧箱根千代田荘の解体"].id,
        member=member.id,
        group=member.group_id,
        new=found["ホームタウンちよだ応援事業"].id,
        former=found["全庁ＬＡＮの保守管理"].document_id,
    )


QUESTIONS = {
    "answered": "ホームタウンちよだ応援事業の予算はいくらですか",
    "delta": "全庁LANの保守管理は前年度からいくら増えた？",
    "list": "新規事業を全部教えて",
    "group": "担当課ごとの予算額は",
    "compare": "全庁LANの保守管理とホームタウンちよだ応援事業はどちらが予算が多い？",
    "ambiguous": "事業の予算は？",
    "abstained": "明日の天気は？",
    "shown": "生成AIは安全ですか",
    "abstained_near": "ホームタウンちよだ応援事業は成功していますか",
    "partial": "デジタル政策課のホームタウンちよだ応援事業の予算はいくら？",
}
"""A question for every way an answer can look."""


def page_kinds(ids: Ids) -> dict[str, str]:
    """Every kind of page, by name: what accessibility, validity and policy are checked on."""
    return {
        "home": "/",
        "home_english": "/?lang=en",
        "home_hostile": "/?fiscal_year=2023",
        "results": "/search?q=令和7年度",
        "results_all": "/search",
        "results_filtered": "/search?section=政策経営部&status=新規&min_amount=1000万&sort=amount",
        "results_question": "/search?q=ホームタウンちよだ応援事業の予算はいくら？",
        "results_english": "/search?q=生成AI&lang=en",
        "zero_hits": "/search?q=存在しない言葉xyz",
        "facet_values": "/search/values/department",
        "programme": f"/programs/{ids.lan}",
        "programme_member": f"/programs/{ids.member}",
        "programme_parent": f"/programs/{ids.parent}",
        "programme_group": f"/programs/{ids.group}",
        "programme_english": f"/programs/{ids.new}?lang=en",
        "programme_hostile": "/programs/hostile-0",
        "card": f"/programs/{ids.lan}/card",
        "documents": "/documents",
        "document": f"/documents/{ids.book}",
        "document_found": f"/documents/{ids.book}?find=DX",
        "document_data": "/documents/many-2025",
        "document_hostile": "/documents/hostile-2023",
        "ask": "/ask",
        **{f"ask_{name}": f"/ask?q={question}" for name, question in QUESTIONS.items()},
        "zero_hits_filtered": "/search?q=ぼうさい&status=廃止",
        "compare_none": "/compare",
        "compare": f"/compare?id={ids.lan}&id={ids.member}&id={ids.new}",
        "years_choose": "/compare/documents",
        "years_one_book": f"/compare/documents?after={ids.book}",
        "years_two_books": f"/compare/documents?before={ids.former}&after={ids.book}",
        "api": "/api",
        "accessibility": "/accessibility",
        "not_found": "/nowhere",
        "bad_request": "/search?min_amount=abc",
        "beyond": "/search?page=400",
    }
