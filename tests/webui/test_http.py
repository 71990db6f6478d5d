"""Errors, caching and weight: how the server answers when it does not send a page."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from webui.headers import CONTENT_SECURITY_POLICY


def test_people_get_a_japanese_page(http: httpx.Client) -> None:
    for path, status in (("/nowhere", 404), ("/search?page=x", 400), ("/programs/none", 404)):
        response = http.get(path)
        assert response.status_code == status
        assert response.headers["content-type"].startswith("text/html")
        assert re.search(r"[ぁ-ん]{3}", response.text)
    assert "「x」" in http.get("/search?page=x").text, "the value is named"


def test_problems_are_told_in_the_language_of_the_page(http: httpx.Client) -> None:
    """To people and to programs; the language of the answer is stated."""
    for path in ("/search?page=x", "/search?sort=x", "/compare?" + "&id=a" * 3, "/nowhere"):
        joint = "&" if "?" in path else "?"
        page = http.get(f"{path}{joint}lang=en")
        lead = re.findall(r'<p class="lead">([^<]+)</p>', page.text)
        assert len(lead) == 1
        assert re.sub("[“”]", "", lead[0]).isascii(), lead
    asked = "/api/v1/search?min_amount=abc"
    assert "読み取れませんでした" in http.get(asked).json()["detail"]
    told = http.get(asked, headers={"Accept-Language": "en"})
    assert told.json()["detail"].startswith("The amount “abc”")
    assert told.headers["content-language"] == "en"


def test_programs_get_a_problem(http: httpx.Client) -> None:
    """RFC 9457: stable type, the status, a sentence, and the parameter that does not fit."""
    response = http.get("/api/v1/search?min_amount=abc")
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["type"] == "/problems/bad-request"
    assert told["status"] == 400
    assert told["parameter"] == "min_amount"
    assert "abc" in told["detail"]
    assert http.get("/api/v1/programs/none").json()["status"] == 404
    assert http.post("/api/v1/search").json()["status"] == 405
    assert http.get("/nowhere", headers={"Accept": "application/json"}).json()["status"] == 404


def test_an_unchanged_page_is_not_sent_again(http: httpx.Client) -> None:
    first = http.get("/search?q=防災")
    again = http.get("/search?q=防災", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    other = http.get("/search?q=生成AI", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_languages_have_tags_of_their_own(http: httpx.Client) -> None:
    japanese = http.get("/search", headers={"Accept-Language": "ja"})
    english = http.get("/search", headers={"Accept-Language": "en"})
    assert japanese.headers["etag"] != english.headers["etag"]
    assert "Accept-Language" in japanese.headers["vary"]


def test_assets_are_kept_for_good(http: httpx.Client) -> None:
    address = re.findall(r'href="(/static/style.css\?v=[^"]+)"', http.get("/").text)[0]
    response = http.get(address)
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-encoding"] == "gzip"


def test_an_address_without_a_version_is_not_kept(http: httpx.Client) -> None:
    """Its content is another one after an upgrade, and so is that of a version made up."""
    for address in ("/static/style.css", "/static/script.js?v=1", "/static/icon.svg?v="):
        response = http.get(address)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-cache", address


def test_a_page_of_twenty_hits_is_light(http: httpx.Client) -> None:
    """HTML, stylesheet, script and icon together, as sent."""
    page = http.get("/search?q=見本")
    assert page.text.count('<li class="hit">') == 20
    total = page.num_bytes_downloaded
    for address in set(re.findall(r'"(/static/[^"]+)"', page.text)):
        total += http.get(address).num_bytes_downloaded
    assert total <= 60 * 1024
    assert page.num_bytes_downloaded <= 30 * 1024


def test_the_script_is_small() -> None:
    script = Path(__file__).parents[2] / "webui/static/script.js"
    assert script.stat().st_size <= 5 * 1024
