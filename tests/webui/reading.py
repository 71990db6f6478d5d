"""What stands on a page? Small readers of parsed HTML, for the tests."""

from __future__ import annotations

from xml.etree import ElementTree

import html5lib
import httpx

XHTML = "{http://www.w3.org/1999/xhtml}"


def tree(response: httpx.Response) -> ElementTree.Element:
    parsed: ElementTree.Element = html5lib.parse(response.text)
    return parsed


def all_of(root: ElementTree.Element, tag: str, **attributes: str) -> list[ElementTree.Element]:
    """Elements with this tag; ``class_`` matches one of the classes."""
    wanted_class = attributes.pop("class_", None)
    return [
        element
        for element in root.iter(f"{XHTML}{tag}")
        if all(element.get(name.rstrip("_")) == value for name, value in attributes.items())
        and (wanted_class is None or wanted_class in (element.get("class") or "").split())
    ]


def text_of(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def heading(response: httpx.Response) -> str:
    return text_of(all_of(tree(response), "h1")[0])


def amounts(element: ElementTree.Element) -> list[int]:
    """The amounts of money shown within, in yen."""
    return [int(data.get("value") or "") for data in all_of(element, "data", class_="figure")]


def shown_figures(element: ElementTree.Element) -> set[tuple[str, str]]:
    """Every figure shown within: (``figure``, ``count``, ``difference`` …, its value)."""
    return {(data.get("class") or "", data.get("value") or "") for data in all_of(element, "data")}
