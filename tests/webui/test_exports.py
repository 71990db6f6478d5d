"""What readers and programs take away: exact, complete, harmless."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx
import orjson
import pytest

from indexer.contract import program_to_json
from indexer.exports import COLUMNS
from indexer.library import Library, SearchRequest
from tests.webui.books import FORMULAS
from tests.webui.conftest import Ids
from webui import exports

ATOM = "{http://www.w3.org/2005/Atom}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(response: httpx.Response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def test_csv_opens_in_a_spreadsheet(http: httpx.Client) -> None:
    response = http.get("/export.csv")
    assert response.content.startswith(b"\xef\xbb\xbf"), "without the mark kanji are garbled"
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    assert not http.get("/export.csv?bom=0").content.startswith(b"\xef")


def test_csv_is_the_search(http: httpx.Client, library: Library) -> None:
    """Every match, not only a page; money as whole yen beside the printed text and its unit."""
    rows = rows_of(http.get("/export.csv?document=many-2025&sort=amount"))
    assert len(rows) == 40
    yen = [int(row["amount_yen"]) for row in rows]
    assert yen == sorted(yen, reverse=True)
    found = library.search(SearchRequest(filters={"document": ("many-2025",)}))
    assert sum(yen) == found.total_yen
    assert rows[0]["amount_raw"] == "40,000千円"
    assert rows[0]["amount_unit"] == "千円"
    assert rows[0]["fiscal_year"] == "2025"
    assert rows[0]["publisher_code"] == "999999"


def test_formulas_are_neutralised_and_numbers_are_not(http: httpx.Client) -> None:
    rows = rows_of(http.get("/export.csv?document=hostile-2023"))
    titles = {row["title"] for row in rows}
    for formula in FORMULAS:
        assert f"'{formula}" in titles
    for row in rows:
        assert int(row["amount_yen"]) < 0, "a negative amount stays a number"
        for name, cell in row.items():
            if not name.endswith(("_yen", "_ratio")):
                assert not cell.startswith(("=", "+", "-", "@", "＝", "\t", "\r")), name


def test_jsonl_is_the_contract(http: httpx.Client, library: Library, ids: Ids) -> None:
    lines = http.get("/export.jsonl", params={"q": "生成AI"}).content.splitlines()
    records: list[dict[str, Any]] = [orjson.loads(line) for line in lines]
    assert [r["id"] for r in records] == [
        program.id for program in library.matching(SearchRequest(text="生成AI"))
    ]
    program = library.program(ids.member)
    indexed = library.document(ids.book)
    assert program is not None
    assert indexed is not None
    assert records[0] == program_to_json(program, indexed.document, indexed.lines)


def test_groups_are_listed_when_asked_for(http: httpx.Client, ids: Ids) -> None:
    params = {"document": ids.book}
    plain = {r["id"] for r in rows_of(http.get("/export.csv", params=params))}
    with_groups = {r["id"] for r in rows_of(http.get("/export.csv?groups=1", params=params))}
    assert with_groups - plain == {ids.group} or ids.group not in plain


def test_spreadsheet_has_numbers_and_no_formulas(http: httpx.Client) -> None:
    response = http.get("/export.xlsx?document=hostile-2023")
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        assert not any("hyperlink" in name or "external" in name for name in book.namelist())
    assert not list(sheet.iter(f"{SHEET}f")), "no cell is a formula"
    texts = ["".join(t.itertext()) for t in sheet.iter(f"{SHEET}is")]
    assert set(FORMULAS) <= set(texts)
    header = texts[: len(COLUMNS)]
    assert header == [name for name, _ in COLUMNS]
    column = header.index("amount_yen")
    for row in list(sheet.iter(f"{SHEET}row"))[1:]:
        letters = _letters(column)
        (cell,) = [c for c in row if (c.get("r") or "").rstrip("0123456789") == letters]
        assert cell.get("t") in (None, "n")


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else f"{chr(64 + column // 26)}{chr(65 + column % 26)}"


def test_one_programme_as_csv(http: httpx.Client, ids: Ids) -> None:
    response = http.get(f"/programs/{ids.new}/data.csv")
    (row,) = rows_of(response)
    assert row["amount_yen"] == "40500000"
    assert row["previous_amount_state"] == "none"
    assert "filename*=UTF-8''" in response.headers["content-disposition"]


def test_a_hostile_title_stays_inside_its_header(http: httpx.Client) -> None:
    for n in range(20):
        response = http.get(f"/programs/hostile-{n}/data.csv")
        header = response.headers["content-disposition"]
        assert header.isascii()
        assert not set(header) & set("\r\n<>")


def test_feed_is_the_search(http: httpx.Client, library: Library) -> None:
    response = http.get("/feed.atom", params={"q": "見本"})
    assert f"<updated>{library.written.isoformat(timespec='seconds')}</updated>" in response.text
    assert response.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    found = library.search(SearchRequest(text="見本"))
    assert titles == [hit.program.title for hit in found.hits]
    ids = [entry.findtext(f"{ATOM}id") or "" for entry in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    assert all(item.startswith("tag:") for item in ids)


def test_hostile_text_keeps_xml_well_formed(http: httpx.Client) -> None:
    for path in ("/feed.atom?document=hostile-2023", "/sitemap.xml", "/opensearch.xml"):
        ElementTree.fromstring(http.get(path).content)


def test_browsers_can_search_from_their_own_box(http: httpx.Client, site: str) -> None:
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ElementTree.fromstring(http.get("/opensearch.xml").content)
    assert len(root.findtext(f"{space}ShortName") or "") <= 16
    addresses = {url.get("type"): url.get("template") or "" for url in root.iter(f"{space}Url")}
    assert addresses["text/html"] == f"{site}/search?q={{searchTerms}}"
    for address in addresses.values():
        assert http.get(address.replace("{searchTerms}", "防災")).status_code == 200


def test_sitemap_lists_books_and_programmes(http: httpx.Client, ids: Ids, site: str) -> None:
    text = http.get("/sitemap.xml").text
    assert f"{site}/documents/{ids.book}" in text
    assert f"{site}/programs/{ids.lan}" in text
    assert "/search" not in text


def test_robots_leave_endless_addresses_alone(http: httpx.Client) -> None:
    text = http.get("/robots.txt").text
    for path in ("/search", "/ask", "/export", "/compare"):
        assert f"Disallow: {path}\n" in text
    assert "Sitemap: http" in text


# --- the JSON API ------------------------------------------------------------------------------


def test_search_json_is_the_contract(http: httpx.Client) -> None:
    told = http.get("/api/v1/search", params={"q": "生成AI", "section": "政策経営部"}).json()
    assert told["query"]["text"] == "生成AI"
    assert told["query"]["filters"] == {"section": ["政策経営部"]}
    assert told["hits"][0]["program"]["title"] == "デジタル化の推進に向けた環境整備"
    marked = [
        snippet["text"][start:end]
        for snippet in told["hits"][0]["snippets"]
        for start, end in snippet["ranges"]
    ]
    assert "生成AI" in marked
    (value,) = [v for v in told["facets"]["section"] if v["selected"]]
    assert value["value"] == "政策経営部"
    assert "section" not in value["toggle_url"]
    assert http.get(value["toggle_url"]).status_code == 200


def test_programme_json_carries_its_printed_lines(http: httpx.Client, ids: Ids) -> None:
    told = http.get(f"/api/v1/programs/{ids.new}").json()
    assert told["amount"]["yen"] == 40_500_000
    assert told["previous_amount"] == {
        "yen": None,
        "state": "none",
        "raw": "— 千円",
        "unit": "千円",
        "line": 40,
    }
    assert told["printed"]["40"] == "40,500千円 (— 千円)"


def test_document_json_says_what_was_not_read(http: httpx.Client, ids: Ids) -> None:
    told = http.get(f"/api/v1/documents/{ids.book}").json()
    assert told["lines"][39] == "40,500千円 (— 千円)"
    assert len(told["program_ids"]) >= 12
    assert isinstance(told["problems"], list)
    assert {d["id"] for d in http.get("/api/v1/documents").json()["documents"]} >= {ids.book}


def test_ask_json_has_evidence(http: httpx.Client) -> None:
    told = http.get(
        "/api/v1/ask", params={"q": "ホームタウンちよだ応援事業の予算はいくら？"}
    ).json()
    assert told["status"] == "answered"
    assert told["value"]["number"] == 40_500_000
    assert told["evidence"][0]["line"] == 40
    assert http.get("/api/v1/ask").status_code == 400


def test_suggestions_have_the_browser_form(http: httpx.Client) -> None:
    typed, found = http.get("/api/v1/suggest", params={"q": "ホームタウン"}).json()
    assert typed == "ホームタウン"
    assert "ホームタウンちよだ応援事業" in found
    assert http.get("/api/v1/suggest").json() == ["", []]


def test_openapi_names_every_address(http: httpx.Client) -> None:
    told = http.get("/openapi.json").json()
    for path in ("search", "programs/{id}", "documents/{id}", "documents", "ask", "suggest"):
        operation = told["paths"][f"/api/v1/{path}"]["get"]
        assert "200" in operation["responses"]
    names = {p["name"] for p in told["paths"]["/api/v1/search"]["get"]["parameters"]}
    assert {"q", "section", "status", "department", "fiscal_year", "min_amount", "sort"} <= names
    page = http.get("/api").text
    assert all(f"<code>{name}</code>" in page for name in names)


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 200


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("見出し\r\nX-Evil: 1", "見出しX-Evil: 1"),
        ("表\x00\x1b[31m\x9b", "表[31m"),
        ("\u202evsc.exe", "vsc.exe"),  # would be read as exe.csv from the right
        ("上/../下\\表", "上／..／下＼表"),
        ("長" * 300, "長" * 80),
        ("半\ud800分", "半分"),
    ],
    ids=ascii,
)
def test_names_of_files_hold_no_controls(title: str, name: str) -> None:
    header = exports._attachment(f"{title}.csv")["Content-Disposition"]
    assert header.isascii()
    assert len(header) < 2_000
    assert unquote(header.partition("UTF-8''")[2]) == f"{name}.csv"
