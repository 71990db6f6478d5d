"""Nothing typed ends in a 5xx, nothing printed becomes markup, and the headers hold."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import html5lib
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.library import Library
from tests.webui.books import FORMULAS, PAYLOADS
from tests.webui.conftest import Ids, page_kinds
from webui import exports
from webui.app import create_app
from webui.headers import CONTENT_SECURITY_POLICY
from webui.parameters import SEARCH_PARAMETERS

T = TypeVar("T")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
OTHER_PATHS = (
    "/api/v1/search",
    "/api/v1/ask?q=防災",
    "/api/v1/suggest?q=防",
    "/api/v1/documents",
    "/openapi.json",
    "/export.csv",
    "/export.jsonl",
    "/export.xlsx",
    "/feed.atom",
    "/opensearch.xml",
    "/robots.txt",
    "/sitemap.xml",
    "/livez",
    "/readyz",
    "/favicon.ico",
    "/static/none.css",
    "/api/v1/nowhere",
    "/api/v1/search?sort=x",
)
TAKING_SEARCHES = (
    "/",
    "/search",
    "/search/values/section",
    "/api/v1/search",
    "/export.csv",
    "/export.jsonl",
    "/export.xlsx",
    "/feed.atom",
    "/ask",
    "/api/v1/ask",
    "/api/v1/suggest",
    "/compare",
    "/compare/documents",
    "/documents",
    "/documents/many-2025",
)


def test_the_policy_is_the_agreed_one() -> None:
    assert CONTENT_SECURITY_POLICY == POLICY


def test_every_answer_carries_the_headers(http: httpx.Client, ids: Ids) -> None:
    for path in (*page_kinds(ids).values(), *OTHER_PATHS):
        headers = http.get(path).headers
        expected = POLICY
        if urlsplit(path).path.endswith("/card"):
            expected = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
        assert headers["content-security-policy"] == expected, path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert "cross-origin-opener-policy" in headers, path
        assert "set-cookie" not in headers, path
        assert "charset=utf-8" in headers["content-type"] or "text" not in headers["content-type"]


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` in a thread of its own: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def test_encrypted_sites_stay_encrypted(library: Library) -> None:
    """HSTS is sent behind TLS, and only there."""

    async def headers(scheme: str) -> httpx.Headers:
        transport = httpx.ASGITransport(create_app(library))
        async with httpx.AsyncClient(
            transport=transport, base_url=f"{scheme}://budget.example"
        ) as client:
            return (await client.get("/livez")).headers

    assert "strict-transport-security" in run_apart(headers("https"))
    assert "strict-transport-security" not in run_apart(headers("http"))


def test_our_own_fault_shows_nothing_of_itself(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that breaks says so in Japanese, without a trace, and with the headers."""

    async def broken() -> httpx.Response:
        monkeypatch.setattr(Library, "search", None)
        app = create_app(library)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/search", headers={"Accept": "text/html"})

    response = run_apart(broken())
    assert response.status_code == 500
    assert "不具合" in response.text
    assert "Traceback" not in response.text
    assert "NoneType" not in response.text
    assert response.headers["content-security-policy"] == POLICY


# --- hostile text in the books and in the query ------------------------------------------------


def scripts_and_handlers(page: str) -> list[str]:
    """Everything in a page that could run: script elements with code, handlers, odd addresses."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    found = []
    for element in root.iter():
        if callable(element.tag):  # a comment
            continue
        kind = element.get("type")
        if (
            element.tag == "script"
            and (element.text or "").strip()
            and kind != "application/ld+json"
        ):
            found.append(element.text or "")
        if element.tag in ("iframe", "object", "embed", "base"):
            found.append(element.tag)
        for name, value in element.attrib.items():
            if str(name).startswith("on") or name in ("style", "srcdoc"):
                found.append(f"{name}={value}")
            if name in ("href", "src", "action") and value.strip().lower().startswith(
                ("javascript:", "data:", "vbscript:")
            ):
                found.append(f"{name}={value}")
    return found


def test_hostile_books_run_nothing(http: httpx.Client) -> None:
    """Payloads in title, section, department, status, publisher, licence, address and text."""
    paths = ["/", "/?fiscal_year=2023", "/search?document=hostile-2023", "/documents"]
    paths += ["/documents/hostile-2023", "/compare/documents?after=hostile-2023"]
    paths += [f"/search/values/{facet}" for facet in ("section", "department", "status")]
    for n in range(len(PAYLOADS) + len(FORMULAS)):
        paths += [f"/programs/hostile-{n}", f"/programs/hostile-{n}/card"]
    for path in paths:
        assert not scripts_and_handlers(http.get(path).text), path


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/search", "q"),
        ("/search", "section"),
        ("/search", "min_amount"),
        ("/search", "sort"),
        ("/search", "page"),
        ("/ask", "q"),
        ("/documents/many-2025", "find"),
        ("/compare", "id"),
        ("/search/values/section", "find"),
        ("/search/values/section", "q"),
        ("/", "publisher"),
        ("/", "lang"),
    ],
)
def test_hostile_parameters_run_nothing(
    http: httpx.Client, path: str, name: str, payload: str
) -> None:
    response = http.get(path, params={name: payload})
    assert response.status_code < 500
    assert not scripts_and_handlers(response.text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_paths_run_nothing(http: httpx.Client, payload: str) -> None:
    for prefix in ("/", "/programs/", "/documents/", "/search/values/"):
        response = http.get(prefix + quote(payload, safe=""))
        assert response.status_code == 404
        assert not scripts_and_handlers(response.text)


@pytest.mark.parametrize(
    "host", ['evil.example"><script>', "a b", "x@y", "[", "localhost:99999999", "é", "a:b:c", ""]
)
def test_a_hostile_host_goes_nowhere(site: str, host: str) -> None:
    """What is no host name never stands in an address that we hand out."""
    for path in ("/", "/opensearch.xml", "/robots.txt", "/sitemap.xml", "/feed.atom"):
        headers = {"Host": host.encode("utf-8")}
        response = httpx.get(site + path, headers=headers)  # type: ignore[arg-type]
        assert response.status_code < 500, path
        assert 'evil.example"' not in response.text
        assert "<script>" not in response.text


# --- whatever is typed -------------------------------------------------------------------------

NAMES = [parameter.name for parameter in SEARCH_PARAMETERS]
NASTY = st.one_of(
    st.text(max_size=80),
    st.text('()[]{}"「」『』*?~^-+&|!:\\/ ＡＮＤＯＲ\u3000', max_size=120),
    st.sampled_from(
        [
            "\0",
            "%00",
            "\ufffe",
            "\u202e",
            "a" * 5000,
            "(" * 2000,
            "-" * 500,
            '"' * 301,
            "*",
            "?",
            "防" * 1000,
            "1億" * 200,
            "９" * 60,
            "−1",
            "nan",
            "inf",
            "1e400",
            "令和999999年度",
            "R0",
            "OR",
            "AND",
            "NOT",
            "-",
            "title:",
            "amount:[1 TO",
            "⼀⼆⽤",
            "㌔㍻",
            "ﾃﾞｼﾞﾀﾙ",
            "👨‍👩‍👧‍👦",
        ]
    ),
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(TAKING_SEARCHES),
    pairs=st.lists(
        st.tuples(
            st.sampled_from([*NAMES, "id", "find", "before", "after", "part", "lang"]), NASTY
        ),
        max_size=6,
    ),
)
def test_nothing_typed_is_our_fault(
    http: httpx.Client, path: str, pairs: list[tuple[str, str]]
) -> None:
    """Any parameters, repeated and mixed: an answer or a sentence, never a 5xx."""
    text = "&".join(
        f"{name}={quote(value.encode('utf-8', 'surrogatepass'), safe='')}" for name, value in pairs
    )
    response = http.get(f"{path}?{text}"[:60_000])
    assert response.status_code in (200, 400, 404, 414), (path, pairs, response.text[:500])


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(raw=st.binary(max_size=60))
def test_no_bytes_in_the_query_are_our_fault(http: httpx.Client, raw: bytes) -> None:
    """Broken percent-encoding, Shift_JIS, lone surrogates in UTF-8."""
    text = "".join(f"%{byte:02X}" for byte in raw)
    for path in ("/search?q=", "/api/v1/search?section=", "/ask?q=", "/programs/", "/documents/"):
        assert http.get(path + text).status_code in (200, 400, 404, 405)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.text(string.printable, max_size=40))
def test_no_plain_query_string_is_our_fault(http: httpx.Client, text: str) -> None:
    printable = "".join(c for c in text if 0x21 <= ord(c) < 0x7F and c != "#")
    assert http.get(f"/search?{printable}").status_code in (200, 400, 404)


def test_traversal_finds_nothing(http: httpx.Client) -> None:
    """No part of an address is ever a path of the file system."""
    steps = (
        "..",
        "%2e%2e",
        "..%2f",
        "%2e%2e%2f",
        "..%5c",
        "%c0%ae%c0%ae",
        "．．",
        "%252e%252e%252f",
    )
    tails = ("etc/passwd", "pyproject.toml", "%00.css", "webui/app.py")
    for base in ("/static/", "/documents/", "/programs/"):
        for step in steps:
            for tail in tails:
                url = f"{base}{step}/{step}/{tail}".replace("//", "/")
                response = http.get(url)
                assert response.status_code in (404, 400), url
                assert "root:" not in response.text
                assert "fastapi" not in response.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/search", "/api/v1/search", "/export.csv"])
def test_only_reading_is_possible(http: httpx.Client, method: str, path: str) -> None:
    response = http.request(method, path, content=b"x=1")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/", "/search?q=防災", "/api/v1/search", "/livez"])
def test_options_tell_what_is_possible(http: httpx.Client, path: str) -> None:
    response = http.options(path)
    assert response.status_code == 204
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert response.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("path", TAKING_SEARCHES)
def test_very_many_and_very_long_parameters(http: httpx.Client, path: str) -> None:
    """1,000 repeated filters, 3,000 unknown names, a value as long as the server reads."""
    many = "&".join(f"section={number}" for number in range(1000))
    unknown = "&".join(f"x{number}={number}" for number in range(3000))
    for query in (many, unknown, f"q={'a' * 60_000}", f"q={quote('あ') * 4000}", "q=%00%ED%A0%80"):
        assert http.get(f"{path}?{query}").status_code < 500, query[:40]


@pytest.mark.parametrize(
    "path", ["/search?q=", "/api/v1/search?q=", "/programs/", "/export.csv?q="]
)
def test_an_address_too_long_is_refused_and_not_repeated(http: httpx.Client, path: str) -> None:
    """A page links to itself a thousand times over: a long address would make a huge page."""
    address = f"{path}{'a' * 9_000}"
    for language, sentence in (("ja", "アドレスが長すぎます"), ("en", "The address is too long")):
        response = http.get(address, headers={"Accept-Language": language})
        assert response.status_code == 414
        assert sentence in response.text
        assert "aaaa" not in response.text
        assert ("problem+json" in response.headers["content-type"]) == path.startswith("/api/")
        assert response.headers["content-security-policy"] == POLICY
    assert http.get(f"{path}{'a' * 7_000}").status_code in (200, 404)


@pytest.mark.parametrize("year", ["¹", "²⁰²⁵", "٢٠٢٥", "2025", "9" * 4_000, "-1", "1e308", "令和"])
def test_odd_years_are_years_nobody_has(http: httpx.Client, year: str) -> None:
    """Digits that ``int`` does not read (Schemathesis found ¹), and far more than it reads."""
    for path in ("/search", "/api/v1/search", "/export.csv", "/feed.atom"):
        assert http.get(path, params={"fiscal_year": year}).status_code == 200, path
        assert http.get(path, params={"q": f"{year}年度", "limit": 1}).status_code == 200, path


def test_head_makes_no_file(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook takes seconds: whoever asks for the headers alone waits for none."""

    def never(*_: object) -> bytes:
        raise AssertionError("made")

    monkeypatch.setattr(exports, "spreadsheet", never)
    monkeypatch.setattr(exports, "csv_lines", never)
    monkeypatch.setattr(exports, "jsonl_lines", lambda items: map(never, items))
    for path in ("/export.xlsx", "/export.csv", "/export.jsonl"):
        response = http.head(path)
        assert response.status_code == 200
        assert "attachment" in response.headers["content-disposition"]
        assert "content-length" not in response.headers
    assert http.head("/export.xlsx?page=x").status_code == 400


def test_head_is_get_without_a_body(http: httpx.Client) -> None:
    for path in ("/", "/search?q=防災", "/api/v1/search", "/export.csv", "/livez"):
        response = http.head(path)
        assert response.status_code == 200
        assert response.content == b""
