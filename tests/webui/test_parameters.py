"""An address and the search it asks for: read one from the other, both ways."""

from __future__ import annotations

import contextlib
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import settings
from indexer.library import SearchRequest, Sort
from webui import links
from webui.language import language
from webui.parameters import (
    FILTERS,
    SEARCH_PARAMETERS,
    ParameterError,
    clean,
    read_amount,
    read_integer,
    read_search,
)


def reread(address: str) -> SearchRequest:
    return read_search(parse_qsl(urlsplit(address).query, keep_blank_values=True))


@pytest.mark.parametrize(
    ("typed", "yen"),
    [
        # as the placeholder of the field shows it
        ("1億円", 100_000_000),
        # as the page itself writes an amount back into the field
        ("28億2,634万4千円", 2_826_344_000),
        ("−900万円", -9_000_000),
        # bare digits are yen, as the contract says
        ("40500000", 40_500_000),
        # a form sends every field, empty ones too
        ("", None),
        ("   ", None),
        # wide digits come out of a Japanese keyboard
        ("１億円", 100_000_000),
    ],
)
def test_amounts_as_typed(typed: str, yen: int | None) -> None:
    assert read_amount("min_amount", typed) == yen


# A control character is no blank: what was given is not taken for nothing.
@pytest.mark.parametrize(
    "typed", ["abc", "1e9", "\x84", "8\x15", "9" * 60, "億円", "--1", "\N{SNOWMAN}", "１" * 41]
)
def test_an_amount_that_cannot_be_read_is_named(typed: str) -> None:
    """Never read as something else, never dropped: the sentence quotes it."""
    with pytest.raises(ParameterError) as caught:
        read_amount("min_amount", typed)
    assert clean(typed[:20]) in str(caught.value)
    assert caught.value.name == "min_amount"


@pytest.mark.parametrize("typed", ["0", "-1", "1.5", "abc", "9" * 20, "1 2", "", " ", "\0"])
def test_a_page_number_that_is_none(typed: str) -> None:
    with pytest.raises(ParameterError, match="page"):
        read_integer([("page", typed)], "page", 1, 500, 1)


def test_a_page_number_as_typed() -> None:
    assert read_integer([], "page", 1, 500, 7) == 7
    assert read_integer([("page", " １２ ")], "page", 1, 500, 1) == 12


def test_a_page_deeper_than_any_is_not_found() -> None:
    """A page number that there is, but not with so many hits a page."""
    assert read_search([("page", "100"), ("limit", "100")]).offset == 9_900
    with pytest.raises(ParameterError, match="100ページ目まで") as caught:
        read_search([("page", "101"), ("limit", "100")])
    assert caught.value.status == 404


def test_a_sentence_in_either_language_quotes_little_of_a_long_value() -> None:
    error = ParameterError("min_amount", "amount", value="{0}" * 1_000)
    for code in ("ja", "en"):
        said = error.said_in(language(code))
        assert "{0}{0}" in said
        assert len(said) < 200


@pytest.mark.parametrize(
    "pairs",
    [
        # there is no such order
        [("sort", "price")],
        [("order", "up")],
        # the wrong way round
        [("min_amount", "2億円"), ("max_amount", "1億円")],
        # deeper than the engine is asked to go
        [("page", "501")],
        [("limit", str(settings.PAGE_SIZE_MAXIMUM + 1))],
        # a filter with more values than anyone chose by hand
        [("section", f"{n}部") for n in range(51)],
    ],
)
def test_what_does_not_fit_is_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(ParameterError):
        read_search(pairs)


def test_repeated_values_are_either_or() -> None:
    asked = read_search(
        [("status", "新規"), ("status", "拡充"), ("status", "新規"), ("status", "")]
    )
    assert asked.filters == {"status": ("新規", "拡充")}


def test_the_last_of_a_repeated_single_value_counts() -> None:
    assert read_search([("q", "防災"), ("q", "子育て")]).text == "子育て"


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=30
).map(str.strip)
YEN = st.none() | st.integers(-(10**15), 10**15)


@given(
    text=TEXT,
    filters=st.dictionaries(
        st.sampled_from(FILTERS),
        st.lists(TEXT.filter(bool), min_size=1, max_size=4, unique=True).map(tuple),
    ),
    sort=st.sampled_from(Sort),
    ascending=st.booleans(),
    literal=st.booleans(),
    bounds=st.tuples(YEN, YEN),
    page=st.integers(1, 500),
)
def test_an_address_gives_back_its_search(
    text: str,
    filters: dict[str, tuple[str, ...]],
    sort: Sort,
    ascending: bool,
    literal: bool,
    bounds: tuple[int | None, int | None],
    page: int,
) -> None:
    """Every state of the result page is in its address."""
    low, high = bounds
    if low is not None and high is not None and low > high:
        low, high = high, low
    asked = SearchRequest(
        text=text,
        filters=filters,
        min_amount=low,
        max_amount=high,
        sort=sort,
        ascending=ascending,
        literal=literal,
        offset=(page - 1) * settings.PAGE_SIZE,
    )
    assert reread(links.search_url(asked, page=page)) == asked


@given(st.text(max_size=50))
def test_clean_text_can_be_sent(text: str) -> None:
    """No NUL, no lone surrogate: what is left can stand on a page and in UTF-8."""
    cleaned = clean(text)
    assert "\0" not in cleaned
    cleaned.encode("utf-8")


@given(st.lists(st.tuples(st.sampled_from([p.name for p in SEARCH_PARAMETERS]), st.text())))
def test_reading_raises_nothing_else(pairs: list[tuple[str, str]]) -> None:
    with contextlib.suppress(ParameterError):
        read_search(pairs)


def test_toggling_twice_changes_nothing() -> None:
    asked = SearchRequest(text="防災", filters={"status": ("新規",)})
    once = links.toggled(asked, "section", "総務部")
    assert once.filters == {"status": ("新規",), "section": ("総務部",)}
    assert links.toggled(once, "section", "総務部") == asked


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (38, "/documents/d#L38"),
        (links.LINES_PER_PART, f"/documents/d#L{links.LINES_PER_PART}"),
        # the first line of the second part
        (links.LINES_PER_PART + 1, f"/documents/d?part=2#L{links.LINES_PER_PART + 1}"),
        (None, "/documents/d"),
    ],
)
def test_a_line_has_an_address(line: int | None, address: str) -> None:
    assert links.document_url("d", line) == address
