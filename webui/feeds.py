"""How do other programs find and follow the books? Atom, OpenSearch, robots.txt, sitemap."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from indexer.library import Hit, Library
from webui import links
from webui.parameters import read_search
from webui.rendering import language_of, library_of, origin, pairs

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP_ADDRESSES = 50_000
"""The most addresses one sitemap file may hold (sitemaps.org)."""

_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

ROBOTS = """User-agent: *
Disallow: /search
Disallow: /ask
Disallow: /compare
Disallow: /export
Disallow: /feed.atom
Disallow: /api/v1/
Disallow: /programs/*/card
Disallow: /programs/*/data.csv
Allow: /

Sitemap: {origin}/sitemap.xml
"""


def feed(request: Request) -> Response:
    """``/feed.atom``: the programmes of any search, newest books first known by their ids."""
    asked = read_search(pairs(request))
    library = library_of(request)
    response = library.search(replace(asked, facet_limit=0, near=False))
    site = origin(request)
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "ja"})
    title = f"yosan 予算書検索：{asked.text}" if asked.text else "yosan 予算書検索"
    _child(root, "title", title)
    _child(root, "id", f"tag:yosan,2025:{links.search_url(asked)}")
    _child(root, "updated", library.written.isoformat(timespec="seconds"))
    author = ElementTree.SubElement(root, "author")
    _child(author, "name", "yosan")
    _link(root, "self", site + links.search_url(asked, "/feed.atom"), "application/atom+xml")
    _link(root, "alternate", site + links.search_url(asked), "text/html")
    for hit in response.hits:
        _entry(root, hit, site)
    return _xml(root, "application/atom+xml; charset=utf-8")


def opensearch(request: Request) -> Response:
    """``/opensearch.xml``: lets a browser search here from its own box."""
    site = origin(request)
    root = ElementTree.Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    _child(root, "ShortName", "yosan 予算書検索")
    _child(root, "Description", language_of(request).words.site.description)
    _child(root, "InputEncoding", "UTF-8")
    _child(root, "Language", "ja")
    _child(root, "Image", f"{site}/favicon.ico", type="image/svg+xml", width="16", height="16")
    for kind, path in (
        ("text/html", "/search"),
        ("application/atom+xml", "/feed.atom"),
        ("application/x-suggestions+json", "/api/v1/suggest"),
    ):
        template = f"{site}{path}?q={{searchTerms}}"
        ElementTree.SubElement(root, "Url", {"type": kind, "template": template})
    return _xml(root, "application/opensearchdescription+xml; charset=utf-8")


def robots(request: Request) -> Response:
    """``/robots.txt``: facet links are endless; books and programmes are not."""
    return Response(ROBOTS.format(origin=origin(request)), media_type="text/plain")


def sitemap(request: Request) -> Response:
    """``/sitemap.xml``: an index when one file cannot hold every address."""
    addresses = _addresses(request)
    parts = (len(addresses) - 1) // SITEMAP_ADDRESSES + 1
    if parts == 1:
        return _url_set(addresses, origin(request))
    root = ElementTree.Element("sitemapindex", {"xmlns": SITEMAP})
    for part in range(1, parts + 1):
        entry = ElementTree.SubElement(root, "sitemap")
        _child(entry, "loc", f"{origin(request)}/sitemap-{part}.xml")
    return _xml(root, "application/xml")


def sitemap_part(request: Request) -> Response:
    """``/sitemap-2.xml``: one part of a divided sitemap."""
    part: int = request.path_params["part"]
    addresses = _addresses(request)[(part - 1) * SITEMAP_ADDRESSES : part * SITEMAP_ADDRESSES]
    if part < 1 or not addresses:
        raise HTTPException(404)
    return _url_set(addresses, origin(request))


def _addresses(request: Request) -> list[str]:
    library = library_of(request)
    return library.keep("sitemap", lambda: _addresses_of(library))


def _addresses_of(library: Library) -> list[str]:
    """Every address worth finding; the same for as long as the generation is."""
    addresses = ["/", "/documents", "/api", "/accessibility"]
    addresses.extend(links.document_url(document.id) for document in library.documents())
    addresses.extend(map(links.program_url, library.program_ids()))
    return addresses


def _url_set(addresses: list[str], site: str) -> Response:
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP})
    for address in addresses:
        _child(ElementTree.SubElement(root, "url"), "loc", site + address)
    return _xml(root, "application/xml")


def _entry(root: ElementTree.Element, hit: Hit, site: str) -> None:
    program = hit.program
    entry = ElementTree.SubElement(root, "entry")
    _child(entry, "title", program.title)
    _child(entry, "id", f"tag:yosan,2025:program:{program.id}")
    _child(entry, "updated", f"{hit.document.fiscal_year or 1970}-04-01T00:00:00+09:00")
    _link(entry, "alternate", site + links.program_url(program.id), "text/html")
    parts = (program.section, program.department, program.status, program.amount.raw)
    _child(entry, "summary", " / ".join(part for part in parts if part))


def _child(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(parent, name, attributes).text = _NO_XML.sub("", text)


def _link(parent: ElementTree.Element, relation: str, address: str, media_type: str) -> None:
    attributes = {"rel": relation, "href": address, "type": media_type}
    ElementTree.SubElement(parent, "link", attributes)


def _xml(root: ElementTree.Element, media_type: str) -> Response:
    content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(content, media_type=media_type)
