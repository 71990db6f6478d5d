"""Every kind of page, the home page and the languages: valid, whole, and of one piece."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import html5lib
import httpx

from tests.webui.conftest import Ids, page_kinds
from tests.webui.reading import all_of, text_of, tree


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
