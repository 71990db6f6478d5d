"""The answer box: every part of an answer on the page, and every part of its reading a way on."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from indexer.library import AnswerStatus, Library
from tests.webui.conftest import QUESTIONS
from tests.webui.reading import all_of, amounts, text_of, tree
from webui.pages.questions import looks_like_question
from webui.pages.readings import readable_ask_url, with_year


def ask(http: httpx.Client, question: str) -> ElementTree.Element:
    return tree(http.get("/ask", params={"q": question}))


def links_of(root: ElementTree.Element, class_: str) -> Iterator[tuple[str, str]]:
    for element in [e for e in root.iter() if class_ in (e.get("class") or "").split()]:
        for link in all_of(element, "a"):
            yield text_of(link), link.get("href") or ""


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_page_shows_everything_of_the_answer(
    http: httpx.Client, library: Library, name: str
) -> None:
    """Sentence, rows, printed lines, ways on: whatever kind the answer is of."""
    question = QUESTIONS[name]
    answer = library.ask(question)
    shown = text_of(tree(http.get("/ask", params={"q": question})))
    plain = "".join(shown.split())
    assert "".join(answer.text.split()) in plain
    for row in answer.rows:
        assert "".join(row.title.split()) in plain
        assert row.value is None or "".join(row.value.display.split()) in plain
    for item in answer.evidence:
        assert "".join(item.quote.split()) in plain
    for passage in answer.passages:
        assert "".join(passage.quote.split()) in plain
        assert "".join(passage.title.split()) in plain
    for alternative in answer.alternatives:
        assert "".join(alternative.question.split()) in plain
    for notice in (*answer.warnings, *answer.interpretation.assumptions):
        assert "".join(notice.split()) in plain


def test_there_is_a_question_for_every_status(library: Library) -> None:
    """What the tests of pages, JSON and accessibility see is every way an answer can end."""
    ended = {name: library.ask(question) for name, question in QUESTIONS.items()}
    assert {answer.status for answer in ended.values()} == set(AnswerStatus)
    assert ended["shown"].status is AnswerStatus.SHOWN
    near = ended["abstained_near"]
    assert near.status is AnswerStatus.ABSTAINED
    assert near.passages


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_chip_leads_somewhere(http: httpx.Client, name: str) -> None:
    """A search for each condition taken out, a question for each other value."""
    followed = list(links_of(ask(http, QUESTIONS[name]), "reading-parts"))
    for label, address in followed:
        response = http.get(address)
        assert response.status_code == 200, label
        assert urlsplit(address).path in ("/ask", "/search"), label
    if name in ("answered", "list", "group", "compare", "partial"):
        assert followed


def test_questions_offered_for_a_set_are_understood(http: httpx.Client, library: Library) -> None:
    """What the chips ask in our own words, the answers can read."""
    offered = {
        parse_qs(urlsplit(address).query)["q"][0]
        for name in ("list", "group", "answered")
        for _, address in links_of(ask(http, QUESTIONS[name]), "reading-parts")
        if address.startswith("/ask")
    }
    assert len(offered) >= 12
    refused = {
        question: answer.abstention.code
        for question in offered
        if (answer := library.ask(question)).abstention is not None
    }
    # A programme that another year's book does not hold, or without a previous amount.
    assert {str(code) for code in refused.values()} <= {
        "PROGRAM_NOT_FOUND",
        "NOT_COMPUTABLE",
        "VALUE_BLANK",
    }


def test_a_filter_can_be_taken_out_and_exchanged(http: httpx.Client) -> None:
    followed = dict(links_of(ask(http, "令和7年度の新規事業は何件ですか"), "reading-parts"))
    assert "/ask?q=令和7年度の拡充事業は何件ですか" in {unquote(a) for a in followed.values()}
    assert any(
        address.startswith("/search?") and "status" not in address and "fiscal_year" in address
        for address in followed.values()
    )


def test_evidence_leads_to_its_line(http: httpx.Client) -> None:
    root = ask(http, QUESTIONS["answered"])
    ((label, address),) = links_of(root, "evidence")
    assert label == "156頁 40行目"
    page, _, anchor = address.partition("#")
    assert anchor == "L40"
    (line,) = [e for e in tree(http.get(page)).iter() if e.get("id") == anchor]
    assert "40,500千円" in text_of(line)


@pytest.mark.parametrize("name", ["shown", "abstained_near"])
def test_lines_near_a_question_are_no_answer(http: httpx.Client, name: str) -> None:
    """Each leads to the line it begins on, its programme to its page; the amount is named as that
    of the programme, and nothing can be cited as an answer."""
    passages = http.get("/api/v1/ask", params={"q": QUESTIONS[name]}).json()["passages"]
    root = ask(http, QUESTIONS[name])
    (shown,) = all_of(root, "ul", class_="nearby")
    followed = [(link.get("href") or "") for link in all_of(shown, "a")]
    for passage in passages:
        assert f"/programs/{passage['program_id']}" in followed
        address = f"/documents/{passage['document_id']}#L{passage['line']}"
        assert address in followed
        anchor = address.partition("#")[2]
        (line,) = [e for e in tree(http.get(address)).iter() if e.get("id") == anchor]
        assert passage["quote"][:12] in text_of(line)
    assert all(http.get(address).status_code == 200 for address in followed)
    programmes = {passage["program_id"]: passage["amount"]["yen"] for passage in passages}
    assert amounts(shown) == list(programmes.values())
    assert text_of(shown).count("この事業全体の予算額：") == len(programmes)
    assert not all_of(root, "p", id="answer-citation")


def test_what_is_only_shown_looks_unlike_an_answer(http: httpx.Client) -> None:
    root = ask(http, QUESTIONS["shown"])
    assert all_of(root, "div", class_="answer-shown")
    assert not all_of(root, "div", class_="answer-answered")
    (status,) = all_of(root, "p", class_="answer-status")
    assert text_of(status) == "答えは言い切れません。近い記載を示します"


def test_a_programme_is_near_once(http: httpx.Client) -> None:
    """Named with its printed lines, it is not listed among the closest programmes as well."""
    (box,) = all_of(ask(http, QUESTIONS["abstained_near"]), "div", class_="answer-abstained")
    assert "近い記載" in text_of(box)
    assert "近い事業" not in text_of(box)


@pytest.mark.parametrize("name", ["shown", "abstained_near"])
def test_the_box_over_results_quotes_the_nearest_line(
    http: httpx.Client, library: Library, name: str
) -> None:
    question = QUESTIONS[name]
    root = tree(http.get("/search", params={"q": question}))
    (section,) = all_of(root, "section", class_="answer-section")
    assert [text_of(quote) for quote in all_of(section, "q")] == [
        library.ask(question).passages[0].quote
    ]
    ways = [unquote(link.get("href") or "") for link in all_of(section, "a", class_="more")]
    assert ways == [f"/ask?q={question}"]


def test_a_difference_shows_its_arithmetic(http: httpx.Client) -> None:
    (formula,) = all_of(ask(http, QUESTIONS["compare"]), "p", class_="formula")
    assert text_of(formula) == "差：1,966,770千円 − 40,500千円 ＝ 1,926,270千円"


def test_what_a_sum_left_out_is_named(http: httpx.Client) -> None:
    """Children of a counted parent are not counted again, and the page says which."""
    shown = text_of(ask(http, QUESTIONS["group"]))
    assert "計算から除いたもの 2件" in shown
    assert "軽井沢少年自然の家の解体" in shown


def test_the_citation_names_book_page_and_address(http: httpx.Client) -> None:
    (cited,) = all_of(ask(http, QUESTIONS["answered"]), "p", id="answer-citation")
    words = text_of(cited)
    assert "4,050万円" in words
    assert "出典：千代田区" in words
    assert "156頁" in words
    assert words.count("/ask?q=ホームタウンちよだ応援事業の予算はいくらですか") == 1


def test_the_box_over_results_is_short_and_leads_on(http: httpx.Client) -> None:
    root = tree(http.get("/search", params={"q": QUESTIONS["list"]}))
    (table,) = all_of(root, "table", class_="answer-rows")
    assert len(all_of(table, "tr")) == 6
    assert "19件" in text_of(table)
    assert any(
        unquote(link.get("href") or "") == f"/ask?q={QUESTIONS['list']}"
        for link in all_of(root, "a", class_="more")
    )


def test_a_corrected_premise_is_said_once(http: httpx.Client) -> None:
    shown = text_of(all_of(ask(http, QUESTIONS["partial"]), "div", class_="answer-partial")[0])
    assert shown.count("「デジタル政策課」ではなく「総務課」です") == 2  # the answer, the citation


@pytest.mark.parametrize(
    ("question", "year", "expected"),
    [
        # no year: the year goes before it
        ("防災の予算は？", 2024, "令和6年度の防災の予算は？"),
        # a year written in any form is exchanged
        ("令和7年度の防災の予算は？", 2024, "令和6年度の防災の予算は？"),
        ("R7の防災の予算は？", 2024, "令和6年度の防災の予算は？"),
        ("今年度の防災の予算は？", 2024, "令和6年度の防災の予算は？"),
        # a comparison is no year of the book
        ("防災は昨年より増えた？", 2024, "令和6年度の防災は昨年より増えた？"),
        # two years: which one is meant is not guessed
        ("令和6年度と令和7年度の差は？", 2023, None),
    ],
)
def test_the_same_question_of_another_year(question: str, year: int, expected: str | None) -> None:
    assert with_year(question, year) == expected


def test_an_address_as_people_quote_it() -> None:
    """Japanese stays, everything that could end or break an address is escaped."""
    assert readable_ask_url('防災 の&予算"？') == "/ask?q=防災%20の%26予算%22%EF%BC%9F"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("防災の予算はいくら", True),
        ("総務課の事業は何件ですか", True),
        ("一番予算が多い事業", True),
        ("担当課はどこ", True),
        ("防災", False),
        ("生成AI 新規", False),
        ("1億円以上 総務課", False),
    ],
)
def test_what_counts_as_a_question(text: str, asks: bool) -> None:
    assert looks_like_question(text) is asks
