"""How is a book described to search engines for data? A schema.org Dataset, as JSON-LD.

The properties are those that dataset search requires (name, description of 50 characters or
more) and recommends; what a book does not say is left out.
"""

from __future__ import annotations

from indexer.library import SearchRequest
from indexer.model import Document
from webui import links
from webui.rendering import Page

_FORMATS = (
    ("CSV", "text/csv", "/export.csv"),
    ("JSON Lines", "application/x-ndjson", "/export.jsonl"),
)


def dataset(document: Document, programs: int, page: Page) -> dict[str, object]:
    """The description of one book of ``programs`` programmes."""
    everything = SearchRequest(filters={"document": (document.id,)})
    address = page.absolute(links.document_url(document.id))
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": document.title,
        "description": page.say.words.documents.dataset.format(document.title, programs),
        "identifier": document.id,
        "inLanguage": "ja",
        "isAccessibleForFree": True,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": page.say.words.site.name},
        "variableMeasured": [page.say.words.figure.amount, page.say.words.figure.previous],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "encodingFormat": media_type,
                "contentUrl": page.absolute(links.search_url(everything, path)),
            }
            for name, media_type, path in _FORMATS
        ],
    }
    return described | _origin(document)


def _origin(document: Document) -> dict[str, object]:
    """Who published it, for when and where, on which terms and from where it was taken."""
    described: dict[str, object] = {}
    if document.publisher:
        publisher = {"name": document.publisher.name}
        if document.publisher.code:
            publisher["identifier"] = document.publisher.code
        described["creator"] = described["publisher"] = {"@type": "Organization", **publisher}
        described["spatialCoverage"] = {"@type": "Place", **publisher}
    if document.fiscal_year is not None:
        year = document.fiscal_year
        described["temporalCoverage"] = f"{year}-04-01/{year + 1}-03-31"
    if document.licence:
        is_address = document.licence.startswith(("http://", "https://"))
        work = {"@type": "CreativeWork", "name": document.licence}
        described["license"] = document.licence if is_address else work
    if (document.source_url or "").startswith(("http://", "https://")):
        described["isBasedOn"] = document.source_url
    return described
