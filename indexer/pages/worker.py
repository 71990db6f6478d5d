"""The process in which a PDF is opened: file on the standard input, pages as JSON on the output.

A file made to do harm can bring down this process and no other. Its limits are set before the
file is looked at, on systems that have them.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from typing import Any

import orjson

from indexer.settings import (
    PDF_CHARACTERS_MAXIMUM,
    PDF_MEMORY_BYTES,
    PDF_PAGES_MAXIMUM,
    PDF_RESULT_BYTES,
    PDF_SECONDS_MAXIMUM,
)


def main() -> None:
    """Read, and write either ``{"pages": …}`` or ``{"fault": …}``."""
    _limit_self()
    data = sys.stdin.buffer.read()
    sys.stdout.buffer.write(orjson.dumps(read(data)))


def read(data: bytes) -> Mapping[str, Any]:
    """The pages, or the fault that keeps them from being read."""
    from indexer.pages.furniture import set_apart
    from indexer.pages.glyphs import PagesError, draw_pages
    from indexer.pages.layout import read_page

    try:
        drawings = draw_pages(data, PDF_PAGES_MAXIMUM, PDF_CHARACTERS_MAXIMUM)
        pages = [page for drawing in drawings for page in read_page(drawing)]
        return {"pages": set_apart(pages)}
    except PagesError as error:
        return {"fault": str(error)}
    except MemoryError:
        return {"fault": "memory"}


def _limit_self() -> None:
    try:
        import resource
    except ImportError:  # no such limits on Windows; the parent still watches the clock
        return
    for kind, limit in (
        (resource.RLIMIT_AS, PDF_MEMORY_BYTES),
        (resource.RLIMIT_CPU, PDF_SECONDS_MAXIMUM),
        (resource.RLIMIT_FSIZE, PDF_RESULT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is already set
            resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main()
