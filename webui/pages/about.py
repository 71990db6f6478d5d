"""What is this site, for programs and for readers? The API page and the accessibility statement."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse

from webui.parameters import FACET_LIMIT, SEARCH_PARAMETERS
from webui.rendering import render


def api_page(request: Request) -> HTMLResponse:
    """``/api``: the addresses for programs, for people."""
    return render(request, "api.html", {"parameters": (*SEARCH_PARAMETERS, FACET_LIMIT)})


def accessibility_page(request: Request) -> HTMLResponse:
    """``/accessibility``: what was tested, how, and with which result."""
    return render(request, "accessibility.html", {})
