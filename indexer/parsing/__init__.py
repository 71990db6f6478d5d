"""Which programmes do these lines describe, and what could not be read?"""

from __future__ import annotations

from indexer.parsing.dispatch import parse

__all__ = ["parse"]
