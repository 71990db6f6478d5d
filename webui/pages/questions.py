"""What is the answer, and which printed lines carry it? The page of one question."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import Answer, Library, SearchRequest, Sort
from webui.parameters import last
from webui.rendering import library_of, pairs, render

_QUESTION = re.compile(
    # 防災の予算はいくら · 総務課の事業は何件ですか · …を教えて; not: 防災, 生成AI 新規
    r"[?？]\s*$|いくら|ですか|ますか|でしょうか|のか$|教えて|何(?:件|円|課|倍|ページ|%|％|割|年)"
    r"|どこ|どの|どれ|どんな|だれ|誰|なぜ|(?:は|とは)\s*$"
)


def ask(request: Request) -> HTMLResponse:
    """``/ask?q=``."""
    question = last(pairs(request), "q").strip()
    library = library_of(request)
    answer = library.ask(question) if question else None
    nearest = []
    if answer is not None and answer.abstention is not None:
        found = (library.program(program_id) for program_id in answer.abstention.nearest)
        nearest = [program for program in found if program is not None]
    context = {
        "question": question,
        "answer": answer,
        "nearest": nearest,
        "examples": _examples(library),
    }
    return render(request, "ask.html", context)


def looks_like_question(text: str) -> bool:
    """Whether the text asks something, rather than naming what to look for."""
    return bool(_QUESTION.search(text))


def answer_if_question(library: Library, text: str) -> Answer | None:
    """The answer to show above a result list; none when nothing was asked or answered."""
    if not looks_like_question(text):
        return None
    answer = library.ask(text)
    return None if answer.abstention is not None and not answer.text else answer


def _examples(library: Library) -> list[str]:
    """Titles of the largest programmes, to make example questions of."""
    response = library.search(SearchRequest(sort=Sort.AMOUNT, limit=2))
    return [hit.program.title for hit in response.hits]
