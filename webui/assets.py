"""Which files does a page load? The stylesheet, one small script and the icon, from memory.

They are read once; their address carries a hash of their content, so browsers keep them for good.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPES = {
    "style.css": "text/css; charset=utf-8",
    "script.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml; charset=utf-8",
}

FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as served."""

    content: bytes
    media_type: str
    url: str


@cache
def assets() -> dict[str, Asset]:
    """Every file of ``static/``, by name."""
    loaded: dict[str, Asset] = {}
    for name, media_type in MEDIA_TYPES.items():
        content = resources.files("webui").joinpath(f"static/{name}").read_bytes()
        version = hashlib.sha256(content).hexdigest()[:10]
        loaded[name] = Asset(content, media_type, f"/static/{name}?v={version}")
    return loaded


def serve_asset(request: Request) -> Response:
    """``/static/{name}``: a name of the table above, never a path."""
    asset = assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    # Without the hash of its content the address is that of another file tomorrow.
    is_versioned = request.url.query == asset.url.partition("?")[2]
    headers = {"Cache-Control": FOR_GOOD if is_versioned else "no-cache"}
    return Response(asset.content, media_type=asset.media_type, headers=headers)


def icon(request: Request) -> Response:
    """``/favicon.ico``: browsers that ask for it get the SVG icon."""
    del request
    asset = assets()["icon.svg"]
    return Response(asset.content, media_type=asset.media_type)
