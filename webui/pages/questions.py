"""What is the answer, and which printed lines carry it? The page of one question."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import HTMLResponse

from webui.pages.answers import AnswerView, view_answer
from webui.pages.examples import examples_of, newest_scope
from webui.parameters import last
from webui.rendering import Page, language_of, library_of, pairs, render

_QUESTION = re.compile(
    # 防災の予算はいくら · 総務課の事業は何件ですか · …を教えて; not: 防災, 生成AI 新規
    r"[?？]\s*$|いくら|いくつ|ですか|ますか|でしょうか|のか$|教えて|ください|一番|最も"
    r"|何(?:件|円|課|倍|ページ|%|％|割|年)|どこ|どの|どれ|どちら|どんな|だれ|誰|なぜ|(?:は|とは)\s*$"
)


def ask(request: Request) -> HTMLResponse:
    """``/ask?q=``."""
    question = last(pairs(request), "q").strip()
    library = library_of(request)
    shown = None
    if question:
        page = Page(request, language_of(request))
        shown = view_answer(question, library.ask(question), library, page)
    examples = () if question else examples_of(library, newest_scope(library)).questions
    context = {"question": question, "shown": shown, "examples": examples}
    return render(request, "ask.html", context)


def looks_like_question(text: str) -> bool:
    """Whether the text asks something, rather than naming what to look for."""
    return bool(_QUESTION.search(text))


def answer_to(request: Request, text: str) -> AnswerView:
    """The answer to show above a result list."""
    library = library_of(request)
    page = Page(request, language_of(request))
    return view_answer(text, library.ask(text), library, page, is_short=True)
