"""Every kind of page, the home page and the languages: valid, whole, and of one piece."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import html5lib
import httpx

from indexer.library import Library
from tests.webui.conftest import Ids, page_kinds
from tests.webui.reading import all_of, amounts, text_of, tree
from webui.parameters import read_search

SVG = "{http://www.w3.org/2000/svg}"


def test_every_page_is_valid_html(http: httpx.Client, ids: Ids) -> None:
    """A strict parse: no unclosed, misplaced or unknown syntax on any kind of page."""
    for name, path in page_kinds(ids).items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(http.get(path).text)
        assert not parser.errors, (name, parser.errors[:3])


def test_every_page_is_well_built(http: httpx.Client, ids: Ids) -> None:
    """One main heading, unique ids, a label for every field, links that say where they go."""
    for name, path in page_kinds(ids).items():
        root = tree(http.get(path))
        assert len(all_of(root, "h1")) == 1, name
        assert all_of(root, "title")[0].text, name
        found = [given for element in root.iter() if (given := element.get("id"))]
        assert len(found) == len(set(found)), (name, sorted(found))
        for link in all_of(root, "a"):
            assert text_of(link) or link.get("aria-label"), (name, link.attrib)


class LinkParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links.extend(value for name, value in attrs if name in ("href", "src") and value)


def test_no_link_is_broken(http: httpx.Client, ids: Ids) -> None:
    """Every address of ours that any kind of page names is answered with 200."""
    addresses: set[str] = set()
    for path in page_kinds(ids).values():
        parser = LinkParser()
        parser.feed(http.get(path).text)
        addresses.update(link.partition("#")[0] for link in parser.links)
    ours = {address for address in addresses if address.startswith("/")}
    assert len(ours) > 100
    bad = {address: http.get(address).status_code for address in sorted(ours)}
    # The error pages name themselves in another language.
    expected = {a for a in ours if a.startswith("/nowhere") or "abc" in a or "page=400" in a}
    assert {a for a, status in bad.items() if status != 200} == expected


def test_line_anchors_exist(http: httpx.Client, ids: Ids) -> None:
    """Every #L… that a programme page points to stands on the document page."""
    page = http.get(f"/programs/{ids.lan}").text
    wanted = set(re.findall(rf"/documents/{ids.book}#(L\d+)", page))
    anchors = set(re.findall(r'id="(L\d+)"', http.get(f"/documents/{ids.book}").text))
    assert wanted
    assert wanted <= anchors


def test_nothing_is_loaded_from_elsewhere(http: httpx.Client, ids: Ids) -> None:
    """At most five requests for a page, all of them to this server."""
    for name, path in page_kinds(ids).items():
        root = tree(http.get(path))
        loaded = [e.get("src") for e in root.iter() if e.get("src")]
        loaded += [
            e.get("href") for e in all_of(root, "link") if e.get("rel") in ("stylesheet", "icon")
        ]
        assert len(loaded) + 1 <= 5, name
        assert all((address or "").startswith("/static/") for address in loaded), name


def test_home_figures_are_those_of_their_links(http: httpx.Client, library: Library) -> None:
    """Every figure that links to a search is what that search adds up to."""
    root = tree(http.get("/?publisher=千代田区&fiscal_year=2025"))
    checked = 0
    for link in all_of(root, "a"):
        address = link.get("href") or ""
        shown = amounts(link)
        if not shown or not address.startswith("/search?"):
            continue
        asked = read_search(parse_qsl(urlsplit(address).query))
        assert library.search(asked).total_yen == shown[0], address
        checked += 1
    assert checked >= 3


def test_home_shows_the_sample_without_counting_twice(http: httpx.Client) -> None:
    text = text_of(tree(http.get("/?publisher=千代田区&fiscal_year=2025")))
    # Parent and children both would be 2,866,344千円.
    assert "2,826,344千円" in text
    assert "28億2,634万4千円" in text
    assert "90,001千円" in text
    assert "2,736,343千円" in text


def test_home_begins_with_the_newest_year(http: httpx.Client) -> None:
    """Years are never added up: without a choice the newest one is shown, and said."""
    text = text_of(tree(http.get("/")))
    assert "令和7年度" in text
    assert "昨年度" not in text


def test_home_tables_equal_their_charts(http: httpx.Client) -> None:
    root = tree(http.get("/?publisher=千代田区&fiscal_year=2025"))
    drawn = [e.get("data-yen") for e in root.iter(f"{SVG}rect") if e.get("data-yen")]
    (table,) = all_of(root, "table", **{"data-chart": "stack"})
    told = [row.get("data-yen") for row in all_of(table, "tr") if row.get("data-yen")]
    assert drawn
    assert drawn == told
    assert told == [str(amounts(row)[0]) for row in all_of(table, "tr") if row.get("data-yen")]


def test_english_labels_keep_the_book_japanese(http: httpx.Client, ids: Ids) -> None:
    response = http.get(f"/programs/{ids.new}", headers={"Accept-Language": "en-GB,en"})
    assert response.headers["content-language"] == "en"
    root = tree(response)
    (title,) = all_of(root, "h1")
    assert title.get("lang") == "ja"
    assert text_of(title) == "ホームタウンちよだ応援事業"
    assert "¥40,500,000" in text_of(root)


def test_a_language_chosen_is_kept_by_links(http: httpx.Client) -> None:
    root = tree(http.get("/search?q=防災&lang=en"))
    for link in all_of(root, "a"):
        address = link.get("href") or ""
        if address.startswith(("/search", "/programs", "/documents", "/ask")):
            if link.get("class") == "language" or "/card" in address:
                continue
            assert "lang=en" in address, address
