"""Are sentences kept, encoded once, found by meaning, and done without when a file is broken?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.engine.encoding import JOURNAL_FILE
from indexer.engine.interface import Change
from indexer.engine.sentences import DIMENSIONS
from indexer.engine.store import Store
from indexer.errors import IndexWriteError
from tests.engine.corpus import ANALYZER, added, book, program

ENCODER = "tests.engine.test_meaning:CountingEncoder"


class CountingEncoder:
    """A vector for every first character; remembers what it was asked."""

    version = "counting 1"
    asked: list[str] = []  # noqa: RUF012  # one list for all, that is its purpose
    fails_after: int | None = None

    def encode_small(self, texts: Sequence[str]) -> NDArray[np.int8]:
        type(self).asked += texts
        if self.fails_after is not None and len(type(self).asked) > self.fails_after:
            raise OSError("cut off")
        found = np.full((len(texts), DIMENSIONS), -1, dtype=np.int8)
        for row, text in enumerate(texts):
            found[row, ord(text[0]) % DIMENSIONS] = 100
        return found


@pytest.fixture(autouse=True)
def counting() -> None:
    CountingEncoder.asked = []
    CountingEncoder.fails_after = None


def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "index", analyzer=ANALYZER, encoder=ENCODER, processes=1)


def vector_of(text: str) -> list[float]:
    """Of length 1, as a real encoder makes it."""
    vector = CountingEncoder().encode_small([text])[0].astype(np.float64)
    return [float(one) for one in vector / np.linalg.norm(vector)]


BRIDGE = program(1, "橋", "古い橋を直す。道も直す。")
ROAD = program(2, "道路", "道も直す。")


def test_every_distinct_sentence_is_encoded_once_and_never_again(tmp_path: Path) -> None:
    index = store(tmp_path)
    index.write(added(book("book", [BRIDGE, ROAD])))
    assert sorted(CountingEncoder.asked) == sorted(["橋", "古い橋を直す。", "道も直す。", "道路"])
    CountingEncoder.asked = []
    changed = book("book", [BRIDGE, program(2, "道路", "道も直す。川も直す。")], fingerprint="b")
    index.write(added(changed))
    assert CountingEncoder.asked == ["川も直す。"]


def test_sentences_are_as_printed_the_title_first(tmp_path: Path) -> None:
    index = store(tmp_path)
    index.write(added(book("book", [BRIDGE, ROAD])))
    with index.open() as reader:
        assert reader.passages(["book-2", "book-1", "nobody"]) == (
            ("道路", "道も直す。"),
            ("橋", "古い橋を直す。", "道も直す。"),
            (),
        )


def test_the_nearest_sentence_is_found_in_whatever_programme(tmp_path: Path) -> None:
    index = store(tmp_path)
    index.write(added(book("a", [program(1, "橋", "古い橋。", document="a")])))
    index.write(added(book("b", [program(1, "川", "深い川。", document="b")])))
    with index.open() as reader:
        vector = vector_of("深いところ")
        assert reader.nearest(vector, 1)[0][0] == "b-1"
        compared = reader.compare(["a-1", "b-1"], {}, vector)
        assert compared.likeness is not None
        assert compared.closest[1] == compared.likeness[3] == pytest.approx(1.0)
        assert compared.closest[0] < 0.9


def test_pairs_of_characters_are_weighed_by_sentence_before_warming_and_after(
    tmp_path: Path,
) -> None:
    pairs = {"古い": 0.5, "橋を": 0.25, "道路": 0.125, "𠮷野": 0.0625}
    index = store(tmp_path)
    other = program(3, "𠮷野の橋", "古い橋、古い橋。橋を、直す。")
    index.write(added(book("book", [BRIDGE, ROAD, other])))
    with index.open() as reader:
        for _ in range(2):
            found = reader.compare(["book-2", "book-3", "nobody", "book-1"], pairs, None)
            assert found.bounds.tolist() == [0, 2, 5, 5, 8]
            # 道路 | 道も直す。 || 𠮷野の橋 | 古い…… | 橋を…… || 橋 | 古い橋を直す。 | 道も直す。
            assert found.shares.tolist() == [0.125, 0, 0.0625, 0.5, 0.25, 0, 0.75, 0]
            assert found.pairs.tolist() == [0.125, 0.8125, 0, 0.75]
            assert found.sentence.tolist() == [0, 0.5, 0, 0.75]
            assert found.title.tolist() == [0.125, 0.0625, 0, 0]
            assert found.named.tolist() == [1, pytest.approx(1 / 3), 0, 0]
            assert found.likeness is None
            reader.warm()


def test_merged_segments_keep_their_sentences_and_vectors(tmp_path: Path) -> None:
    """Eight small segments are joined by the next write; nothing is encoded for it."""
    index = store(tmp_path)
    for number in range(10):
        name = f"book{number}"
        index.write(added(book(name, [program(1, f"{number}番", "道も直す。", document=name)])))
    assert CountingEncoder.asked.count("道も直す。") == 1
    with index.open() as reader:
        assert reader.encoder == CountingEncoder.version
        assert reader.passages(["book3-1", "book9-1"]) == (
            ("3番", "道も直す。"),
            ("9番", "道も直す。"),
        )


@pytest.mark.parametrize("damage", ["removed", "flipped"])
def test_without_sound_vectors_the_index_opens_says_so_and_mends(
    tmp_path: Path, damage: str
) -> None:
    index = store(tmp_path)
    index.write(added(book("book", [BRIDGE])))
    (vectors,) = (tmp_path / "index").rglob("*.vectors")
    if damage == "removed":
        vectors.unlink()
    else:
        data = bytearray(vectors.read_bytes())
        data[0] ^= 1
        vectors.write_bytes(data)
    with index.open() as reader:
        assert reader.encoder is None
        assert reader.nearest(vector_of("橋"), 3) == ()
        assert vectors.name in str(reader.vectors_problem)
    index.write(Change(added=()))
    with index.open() as reader:
        assert reader.encoder == CountingEncoder.version


def test_an_interrupted_run_goes_on_where_it_was(tmp_path: Path) -> None:
    """Two batches: the second one fails, the first is in the journal and not encoded again."""
    index = store(tmp_path)
    many = book("book", [program(n, f"{n}", f"{n}番の道。") for n in range(200)])
    CountingEncoder.fails_after = 300
    with pytest.raises(IndexWriteError):
        index.write(added(many))
    assert (tmp_path / "index" / JOURNAL_FILE).exists()
    CountingEncoder.asked, CountingEncoder.fails_after = [], None
    index.write(added(many))
    assert 0 < len(CountingEncoder.asked) < 200
    assert not (tmp_path / "index" / JOURNAL_FILE).exists()


def test_without_an_encoder_there_are_sentences_and_no_vectors(tmp_path: Path) -> None:
    index = Store(tmp_path / "index", analyzer=ANALYZER, processes=1)
    index.write(added(book("book", [BRIDGE])))
    with index.open() as reader:
        assert reader.encoder is None
        assert reader.vectors_problem is None
        assert len(reader.passages(["book-1"])[0]) == 3
