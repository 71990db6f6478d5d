"""Which address is answered by what? The web application over one library."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib import resources

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from indexer.errors import YosanError
from indexer.library import Library
from webui import api, exports, feeds, problems
from webui.assets import icon, serve_asset
from webui.headers import HeadersMiddleware
from webui.holding import HoldingMiddleware
from webui.pages import (
    about,
    comparison,
    documents,
    facets,
    home,
    programs,
    questions,
    results,
)
from webui.queues import make_queues, queued, queued_if

PAGES = (
    Route("/", home.home),
    Route(
        "/search",
        queued_if(results.asks, "questions", results.answered_results, results.results),
    ),
    Route("/search/values/{facet}", facets.facet_page),
    Route("/programs/{id}", programs.program_page),
    Route("/programs/{id}/card", programs.card),
    Route("/programs/{id}/data.csv", exports.program_csv),
    Route("/documents", documents.documents_page),
    Route("/documents/{id}", documents.document_page),
    Route("/ask", queued("questions", questions.ask)),
    Route("/compare", comparison.compare_programs),
    Route("/compare/documents", comparison.compare_documents),
    Route("/api", about.api_page),
    Route("/accessibility", about.accessibility_page),
    Route("/export.csv", exports.export_csv),
    Route("/export.jsonl", exports.export_jsonl),
    Route("/export.xlsx", queued("workbooks", exports.export_xlsx)),
    Route("/feed.atom", feeds.feed),
    Route("/opensearch.xml", feeds.opensearch),
    Route("/robots.txt", feeds.robots),
    Route("/sitemap.xml", feeds.sitemap),
    Route("/sitemap-{part:int}.xml", feeds.sitemap_part),
    Route("/static/{name}", serve_asset),
    Route("/favicon.ico", icon),
)
"""Everything that is not the JSON API."""


def create_app(library: Library) -> FastAPI:
    """The application. It holds no state but ``library``, which follows the index by itself."""
    app = FastAPI(
        title="yosan",
        description="予算書の検索と質問応答。金額はすべて円の整数です。",
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.library = library
    app.state.queues = make_queues()
    app.router.routes.extend(PAGES)
    app.include_router(api.router)
    app.add_api_route("/livez", livez, include_in_schema=False)
    app.add_api_route("/readyz", readyz, include_in_schema=False)
    app.add_exception_handler(HTTPException, problems.on_http_exception)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(YosanError, problems.on_yosan_error)
    app.add_exception_handler(Exception, problems.on_failure)
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=5)
    api.describe_schemas(app)
    version = _version()
    app.add_middleware(
        HeadersMiddleware,
        tag=lambda held: f"{held.content} {version} {date.today()}",
        refuse=problems.problem,
    )
    # The last one added is the first to see a request.
    app.add_middleware(HoldingMiddleware, library=library)
    return app


def livez(request: Request) -> Response:
    """Whether the process answers at all."""
    del request
    return api.json_response({"status": "ok"})


def readyz(request: Request) -> Response:
    """Whether a sound generation is being served: 200 or 503."""
    library: Library = request.app.state.library
    trouble = library.trouble()
    if trouble is not None:
        return problems.not_ready(request, trouble)
    return api.json_response(
        {"status": "ready", "generation": library.generation, "warm": library.warm()}
    )


def on_invalid(request: Request, error: Exception) -> Response:
    """A parameter that the framework itself refused."""
    del error
    return problems.problem(request, 400)


def _version() -> str:
    """A hash of the templates and words: pages change with them, too."""
    digest = hashlib.sha256()
    for folder in ("templates", "words", "static"):
        files = resources.files("webui").joinpath(folder).iterdir()
        for file in sorted(files, key=lambda item: item.name):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
