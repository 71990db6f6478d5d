"""How does a page become an answer? One template environment, escaping always on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer import wording
from indexer.library import Library
from webui import charts, links, parameters
from webui.assets import assets
from webui.holding import HELD
from webui.language import Language, choose_language
from webui.marking import marked


@cache
def environment() -> Environment:
    """The compiled templates. ``autoescape`` is on for every one; ``|safe`` is banned by a test."""
    templates = Environment(
        loader=PackageLoader("webui", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    templates.filters["search_address"] = links.search_url
    templates.globals.update(
        assets=assets(),
        charts=charts,
        wording=wording,
        document_path=links.document_url,
        program_path=links.program_url,
        search_path=links.search_url,
        toggled=links.toggled,
        only=links.only,
        ordered=links.ordered,
        facets=parameters.FACETS,
        marked=marked,
        signed=signed,
    )
    return templates


def signed(yen: int) -> str:
    """``up``, ``down`` or ``same``: which arrow goes with a change."""
    return "up" if yen > 0 else "down" if yen < 0 else "same"


@dataclass(frozen=True, slots=True)
class Page:
    """What every template knows of the request it answers."""

    request: Request
    say: Language

    def url(self, path: str) -> str:
        """An address of ours that keeps the language chosen in the address."""
        if not self.say.chosen or path.startswith("#"):
            return path
        address, mark, fragment = path.partition("#")
        joint = "&" if "?" in address else "?"
        return f"{address}{joint}lang={self.say.code}{mark}{fragment}"

    def absolute(self, path: str) -> str:
        """The full address, for feeds, citations and cards."""
        return f"{origin(self.request)}{path}"

    def in_language(self, code: str) -> str:
        """This very page in another language."""
        kept = [pair for pair in pairs(self.request) if pair[0] != "lang"]
        return f"{self.path}?{links.encode([*kept, ('lang', code)])}"

    @property
    def path(self) -> str:
        """The path asked for, as it stood in the address."""
        raw: bytes = self.request.scope.get("raw_path") or b"/"
        path = raw.decode("latin-1").partition("?")[0]
        # //elsewhere.example would be read as another site.
        return "/" + path.lstrip("/\\")

    @property
    def canonical(self) -> str:
        """The permanent address of this page: no language, no query."""
        return self.absolute(self.path)


def library_of(request: Request) -> Library:
    """The library as it was when the request came: one generation, from first to last."""
    library: Library = request.scope[HELD]
    return library


def language_of(request: Request) -> Language:
    """The language of the answer, from the address or from the browser."""
    asked = request.query_params.get("lang", "")
    return choose_language(asked, request.headers.get("accept-language", ""))


def pairs(request: Request) -> list[tuple[str, str]]:
    """The query string as pairs, repeated names kept."""
    return request.query_params.multi_items()


def origin(request: Request) -> str:
    """Scheme and host that the reader used; a host that is none becomes ``localhost``."""
    scheme = "https" if request.scope.get("scheme") == "https" else "http"
    host = request.headers.get("host", "")
    try:
        parts = urlsplit(f"{scheme}://{host}")
        is_plain = parts.netloc == host and "@" not in host and parts.port != 0
    except ValueError:
        is_plain = False
    allowed = all(letter.isascii() and (letter.isalnum() or letter in ".-:[]") for letter in host)
    return f"{scheme}://{host}" if host and is_plain and allowed else f"{scheme}://localhost"


def render(
    request: Request,
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page made from ``template``; lone surrogates, which UTF-8 cannot carry, become ``?``."""
    page = Page(request, language_of(request))
    values = {**context, "page": page, "say": page.say, "w": page.say.words}
    text = environment().get_template(template).render(values)
    sent = {"Content-Language": page.say.code, **(headers or {})}
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers=sent)
