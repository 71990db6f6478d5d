"""Does an answer belong to one generation, and its tag to what that generation holds?"""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx

from indexer.library import Library
from tests.webui.conftest import serve
from tests.webui.swapping import generations, swap_under_load, write_generations
from webui.app import create_app

SWAPS = 60


def test_no_answer_is_of_two_generations(tmp_path: Path) -> None:
    """Every route, asked for by several at once while generations take turns: each answer is, to
    the byte and with its tag, what one generation answers in quiet."""
    with generations(tmp_path) as (address, library, index):
        outcome = swap_under_load(address, library, index, SWAPS)
    assert (outcome.swaps, outcome.failed, outcome.mixed) == (SWAPS, [], [])
    assert min(outcome.by_generation[number] for number in (1, 2)) > 20


def test_a_folder_made_anew_has_tags_of_its_own(tmp_path: Path) -> None:
    """Its generations begin at 1 again: the number names other content then."""
    tags: list[str] = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        index = write_generations(tmp_path / name)
        with Library.open(index, follow=False) as library:
            serving = serve(create_app(library))
            with httpx.Client(base_url=next(serving)) as http:
                headers = {"Host": "localhost", "If-None-Match": ", ".join(tags)}
                answer = http.get("/api/v1/documents", headers=headers)
                assert answer.status_code == 200, "304 hides what is new"
                assert library.generation == 2
                tags.append(answer.headers["etag"])
            next(serving, None)
        shutil.rmtree(index)
    assert len(set(tags)) == 2
