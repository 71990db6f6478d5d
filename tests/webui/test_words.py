"""The words of the pages: the same in both languages, all used, none of them missing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from indexer import wording
from webui.language import choose_language, language, reading_in_english, yen_in_english
from webui.parameters import FACET_LIMIT, SEARCH_PARAMETERS

WEBUI = Path(__file__).parents[2] / "webui"
TEMPLATES = sorted((WEBUI / "templates").glob("*.html"))
SHARED = {"facet", "role", "match", "flag", "state", "parameter"}
"""Tables that the Japanese pages take from ``indexer.wording`` and ``webui.parameters``."""


def table(code: str) -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = tomllib.loads(
        (WEBUI / "words" / f"{code}.toml").read_text(encoding="utf-8")
    )
    return loaded


def keys(words: dict[str, dict[str, object]]) -> set[str]:
    return {f"{group}.{key}" for group, entries in words.items() for key in entries}


def test_both_languages_have_the_same_words() -> None:
    english = {key for key in keys(table("en")) if key.split(".")[0] not in SHARED}
    assert english == keys(table("ja"))


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("facet", wording.FACETS),
        ("role", wording.ROLES),
        ("match", wording.MATCHES),
        ("flag", wording.FLAGS),
        ("state", [str(state) for state in wording.STATES]),
        ("parameter", [item.name for item in (*SEARCH_PARAMETERS, FACET_LIMIT)]),
    ],
)
def test_english_names_everything_that_the_model_has(group: str, names: list[str]) -> None:
    assert set(names) <= set(table("en")[group])


@pytest.mark.parametrize("code", ["ja", "en"])
def test_placeholders_agree(code: str) -> None:
    """``{}`` of one language stand in the other as well, or a page breaks in that language."""
    other = table("en" if code == "ja" else "ja")
    for group, entries in table(code).items():
        for key, text in entries.items():
            if isinstance(text, str) and group not in SHARED:
                count = len(re.findall(r"\{[^}]*\}", text))
                assert count == len(re.findall(r"\{[^}]*\}", str(other[group][key]))), key


def test_every_word_used_exists_and_every_word_is_used() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    source += "".join(path.read_text(encoding="utf-8") for path in WEBUI.rglob("*.py"))
    named = set(re.findall(r"\bw(?:ords)?\.([a-z0-9]+\.[a-z0-9_]+)", source))
    known = keys(table("ja"))
    looked_up = {  # groups and prefixes that a page looks up by a name it is given
        *re.findall(r"\bw\.([a-z0-9]+) \| attr", source)
    } | {"field", "bounds", "figure", "asked", "operation", "problem"}
    assert not {n for n in named if n.split(".")[0] not in SHARED and n not in known}
    assert not {k for k in known if k not in named and k.split(".")[0] not in looked_up}


def test_every_problem_is_told_and_can_be_told() -> None:
    """Its sentence is looked up by a name in the code, or by the status of the answer."""
    source = "".join(path.read_text(encoding="utf-8") for path in WEBUI.rglob("*.py"))
    raised = set(re.findall(r'ParameterError\(\s*[^,]+, "([a-z_]+)"', source))
    raised |= set(re.findall(r"words\.problem\.([a-z]+)\b", source))
    known = set(table("ja")["problem"])
    assert raised <= known
    assert all(name in raised or name.startswith("status_") for name in known)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_never_switch_escaping_off(path: Path) -> None:
    """A budget book is somebody else's text: nothing of it may become markup."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", text)
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=", text), "the policy allows no inline style"
    assert "http://" not in text.replace('("https://", "http://")', "")


@pytest.mark.parametrize(
    ("asked", "accepted", "code"),
    [
        # the address wins over the browser
        ("en", "ja", "en"),
        ("ja", "en", "ja"),
        # the browser's order of preference
        ("", "en-GB,en;q=0.9,ja;q=0.8", "en"),
        ("", "ja,en;q=0.9", "ja"),
        ("", "fr,de;q=0.9,en;q=0.1", "en"),
        # nothing of ours: Japanese
        ("", "fr", "ja"),
        ("", "", "ja"),
        ("xx", "", "ja"),
        # what cannot be read is no preference
        ("", "en;q=nan, ja;q=oops, ;;;,,", "ja"),
    ],
)
def test_language_chosen(asked: str, accepted: str, code: str) -> None:
    assert choose_language(asked, accepted).code == code


def test_english_money_is_exact() -> None:
    assert yen_in_english(-9_000_000) == "−¥9,000,000"
    assert reading_in_english(40_500_000) == "40.5 million yen"
    # The exact figure stands beside it: three decimals are read, seven are not.
    assert reading_in_english(2_826_344_000) == "about 2.826 billion yen"
    assert reading_in_english(0) == "0 yen"


@pytest.mark.parametrize(
    ("yen", "words"),
    [
        (1_966_770_000, "19.7億円"),
        (40_500_000, "4,050万円"),
        (9_501_000, "950万円"),
        (-300_000_000, "−3.0億円"),
        (0, "0円"),
    ],
)
def test_short_figures_for_charts(yen: int, words: str) -> None:
    assert language("ja").short(yen) == words
