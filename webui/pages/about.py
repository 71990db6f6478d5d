"""What is this site, for programs and for readers? The API page and the accessibility statement."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from indexer.library import AnswerStatus
from webui.parameters import FACET_LIMIT, SEARCH_PARAMETERS
from webui.rendering import render


def api_page(request: Request) -> HTMLResponse:
    """``/api``: the addresses for programs, for people."""
    context = {
        "parameters": (*SEARCH_PARAMETERS, FACET_LIMIT),
        "statuses": [str(status) for status in AnswerStatus],
    }
    return render(request, "api.html", context)


def accessibility_page(request: Request) -> HTMLResponse:
    """``/accessibility``: what was tested, how, and with which result."""
    return render(request, "accessibility.html", {"criteria": criteria()})


@cache
def criteria() -> tuple[dict[str, Any], ...]:
    """Every success criterion of WCAG 2.2, A and AA, with its result and how that was found."""
    file = resources.files("webui").joinpath("words/criteria.toml")
    return tuple(tomllib.loads(file.read_text(encoding="utf-8"))["criteria"])
