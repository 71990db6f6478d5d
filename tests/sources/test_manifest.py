"""Does a manifest say what it means, and is every mistake in it named once and clearly?"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.document import ManifestEntry
from indexer.sources.manifest import Fault, Manifest, load_manifest
from indexer.sources.municipality import check_digit, is_municipality_code


def load(tmp_path: Path, text: str | bytes) -> Manifest:
    path = tmp_path / "manifest.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_manifest(path, "books/manifest.toml")


def fault_of(manifest: Manifest, file: str = "a.md") -> Fault:
    assert file not in manifest.entries
    return manifest.faults[file]


def test_an_entry_with_every_key(tmp_path: Path) -> None:
    manifest = load(
        tmp_path,
        """
        [books."a.md"]
        id = "chiyoda-2025"
        title = " 令和7年度予算 "
        publisher = "千代田区"
        publisher_code = "131016"
        fiscal_year = "令和７年度"
        account = "一般会計"
        amount_unit = "千円"
        forecast_unit = "百万円"
        kind = "概要"
        licence = "CC BY 4.0"
        source_url = "https://example.jp/a"
        profile = "generic"
        """,
    )
    assert manifest.fault is None
    assert not manifest.faults
    assert manifest.entries["a.md"] == ManifestEntry(
        file="a.md",
        id="chiyoda-2025",
        title="令和7年度予算",
        publisher="千代田区",
        publisher_code="131016",
        fiscal_year=2025,
        account="一般会計",
        amount_unit="千円",
        forecast_unit="百万円",
        kind="概要",
        licence="CC BY 4.0",
        source_url="https://example.jp/a",
        profile="generic",
    )


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        # a year as a number, as people write it in TOML
        ("fiscal_year = 2025", "fiscal_year", 2025),
        # one year, two names
        ('fiscal_year = "平成31年度"', "fiscal_year", 2019),
        # a code without a leading zero may be a number
        ("publisher_code = 131016", "publisher_code", "131016"),
        # 小樽市: the leading zero needs quotes
        ('publisher_code = "012033"', "publisher_code", "012033"),
        # full-width digits from a Japanese input method
        ('publisher_code = "１３１０１６"', "publisher_code", "131016"),
        # an id may be Japanese
        ('id = "千代田-2025"', "id", "千代田-2025"),
    ],
)
def test_values_as_people_write_them(tmp_path: Path, line: str, field: str, value: object) -> None:
    manifest = load(tmp_path, f'[books."a.md"]\n{line}\n')
    assert not manifest.faults
    assert getattr(manifest.entries["a.md"], field) == value


@pytest.mark.parametrize(
    ("line", "said"),
    [
        # a slip of the finger: the key that was meant is named
        ('fiscal_yaer = "令和7年度"', "fiscal_year の書き間違い"),
        ('publishr = "千代田区"', "publisher の書き間違い"),
        # nothing near: all keys are listed
        ('xyz = "1"', "使えるキー（id、title"),
        # wrong types
        ("title = 7", "文字列で書くところが数"),
        ("title = true", "文字列で書くところが真偽値"),
        ('title = ["a"]', "文字列で書くところが配列"),
        ("title = { a = 1 }", "文字列で書くところが表"),
        ("fiscal_year = 2025-04-01", "文字列で書くところが日付"),
        ("fiscal_year = true", "文字列で書くところが真偽値"),
        # empty is not a statement
        ('title = "  "', "空なので"),
        # a year that is none
        ('fiscal_year = "来年度"', "「来年度」は年度として読めない"),
        ('fiscal_year = "令和0年度"', "年度として読めない"),
        ("fiscal_year = 7", "「7」は年度として読めない"),
        # two forms that disagree
        ('fiscal_year = "令和7年度（2024年度）"', "年度として読めない"),
        # the check digit of 131016 is 6
        ('publisher_code = "131017"', "検査数字が合わない（13101 なら 6）"),
        # five digits, as statistics use them: the sixth is offered
        ('publisher_code = "13101"', "6桁（131016）"),
        ('publisher_code = "千代田"', "団体コードではない"),
        # units
        ('amount_unit = "ドル"', "使えない単位"),
        ('amount_unit = "1000"', "千円"),
        # an id that cannot stand in an address
        ('id = "a/b"', "アドレスになる"),
        ('source_url = "www.example.jp"', "https:// から"),
        ('title = "a\\nb"', "制御文字"),
    ],
)
def test_a_mistake_names_manifest_line_book_and_way_out(
    tmp_path: Path, line: str, said: str
) -> None:
    manifest = load(tmp_path, f'# books\n[books."a.md"]\n{line}\n\n[books."b.md"]\ntitle = "B"\n')
    fault = fault_of(manifest)
    assert fault.message.startswith("マニフェスト books/manifest.toml の3行目にある「a.md」の ")
    assert said in fault.message
    assert fault.message.endswith("ください。")
    assert fault.message.count("。") == 1
    assert fault.line == 3
    # the other book is none the worse
    assert manifest.entries["b.md"].title == "B"


def test_one_id_for_two_books_refuses_both(tmp_path: Path) -> None:
    manifest = load(
        tmp_path,
        '[books."a.md"]\nid = "x"\n[books."b.md"]\nid = "x"\n[books."c.md"]\nid = "y"\n',
    )
    assert "「b.md」と同じ" in fault_of(manifest, "a.md").message
    assert "「a.md」と同じ" in fault_of(manifest, "b.md").message
    assert fault_of(manifest, "b.md").line == 4
    assert list(manifest.entries) == ["c.md"]


@pytest.mark.parametrize(
    ("text", "file", "said"),
    [
        # TOML reads the dot as a table inside a table
        ('[books.a.md]\ntitle = "A"', "a.md", '[books."a.md"]'),
        # an entry outside of the folder would make a folder speak for another
        ('[books."../a.md"]\ntitle = "A"', "../a.md", "フォルダの中"),
        # not a table
        ('[books]\n"a.md" = "A"', "a.md", "キーを並べて"),
        # the same file in two spellings
        ('[books."a.md"]\ntitle = "A"\n[books."./a.md"]\ntitle = "B"', "a.md", "二つある"),
    ],
)
def test_entries_that_name_no_file(tmp_path: Path, text: str, file: str, said: str) -> None:
    assert said in fault_of(load(tmp_path, text), file).message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # a quote that is not closed
        ('[books."a.md"]\ntitle = "A\n', 2),
        # one table twice
        ('[books."a.md"]\n\n[books."a.md"]\n', 3),
        # a table under another name would be lost in silence
        ('[book."a.md"]\ntitle = "A"\n', 1),
        # keys without their book
        ('title = "A"\n', 1),
        ("books = 1\n", 1),
        # TOML has no leading zeros
        ('[books."a.md"]\npublisher_code = 012033\n', 2),
    ],
)
def test_a_manifest_that_cannot_be_read_is_one_fault(tmp_path: Path, text: str, line: int) -> None:
    manifest = load(tmp_path, text)
    assert manifest.fault is not None
    assert manifest.fault.line == line
    assert f"マニフェスト books/manifest.toml の{line}行目" in manifest.fault.message
    assert manifest.fault.message.endswith("ください。")
    assert not manifest.entries


@pytest.mark.parametrize(
    "data",
    [
        # saved by an older Notepad: byte order mark and CRLF
        b"\xef\xbb\xbf" + '[books."a.md"]\r\ntitle = "予算"\r\n'.encode(),
        # saved as Shift_JIS
        '[books."a.md"]\ntitle = "予算"\n'.encode("cp932"),
    ],
)
def test_other_encodings_are_read(tmp_path: Path, data: bytes) -> None:
    assert load(tmp_path, data).entries["a.md"].title == "予算"


def test_a_manifest_that_is_a_folder_or_binary_is_one_fault(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for manifest in (load_manifest(tmp_path / "x", "x"), load(tmp_path, bytes(range(256)))):
        assert manifest.fault is not None


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.sampled_from(
                ["[books.", '"a.md"', "]", "\n", "title", "=", '"x"', "{", "}", "[", "id", "'", "1"]
            ),
            max_size=20,
        ).map(lambda parts: "".join(parts).encode()),
    )
)
def test_no_manifest_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("manifest")
    manifest = load(folder, data)
    assert manifest.fault is None or not manifest.entries


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        # 千代田区, 小樽市, 札幌市, 茨城県, 福岡市, 大島町, 与那国町
        ("131016", True),
        ("012033", True),
        ("011002", True),
        ("080004", True),
        ("401307", True),
        ("133612", True),
        ("473821", True),
        # digits of another length, and other digits
        ("13101", False),
        ("1310166", False),
        ("13101６", False),
        ("131010", False),
        ("", False),
    ],
)
def test_municipality_codes(code: str, fits: bool) -> None:
    assert is_municipality_code(code) is fits


@given(st.integers(min_value=0, max_value=99_999))
def test_only_one_sixth_digit_fits(number: int) -> None:
    fitting = [digit for digit in range(10) if is_municipality_code(f"{number:05}{digit}")]
    assert fitting == [check_digit(f"{number:05}")]
