"""Do records come together as documents, and is a record of another shape named?"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.contract import program_to_json
from indexer.errors import SourceError
from indexer.model import Document, Money, MoneyState, Program
from indexer.sources import records
from indexer.sources.discovery import find_files
from indexer.sources.document import SourceDocument, UnchangedDocument
from indexer.sources.reading import read_changed, read_documents
from tests.sources.helpers import outcome, read

Record = dict[str, Any]
DROP = object()


def sheet(
    number: str = "0001", year: int = 2020, ministry: str = "厚生労働省", **more: Any
) -> Record:
    record: Record = {
        "公開年度": year,
        "事業番号": number,
        "事業名": f"事業{number}",
        "開始年度": 2013,
        "終了年度": None,
        "府省庁": ministry,
        "担当部局庁": "大臣官房",
        "担当課室": "総務課",
        "会計区分": ["一般会計"],
        "事業目的": "目的",
        "事業概要": "概要",
        "主要施策": None,
        "予算": [{"年度": year, "当初予算": 63.68}, {"年度": year + 1, "要求額": 1}],
    }
    return changed(record, more)


def exported(identifier: str = "p1", document_id: str = "d1", **more: Any) -> Record:
    program = Program(
        id=identifier,
        document_id=document_id,
        title="事業",
        amount=Money(1000, MoneyState.VALUE, "1千円", "千円", 3),
        first_line=1,
        last_line=3,
    )
    record = program_to_json(program, Document(document_id, "本", "a.md"), ["事業", "", "1千円"])
    return changed(record, more)


def changed(record: Record, more: Mapping[str, Any]) -> Record:
    """A record with other values; ``a__b`` reaches into ``a``, ``DROP`` takes a key out."""
    for key, value in more.items():
        target, *inner = key.split("__")
        place = record[target] if inner else record
        name = inner[0] if inner else target
        if value is DROP:
            del place[name]
        else:
            place[name] = value
    return record


def write(tmp_path: Path, *items: Any, name: str = "r.jsonl") -> Path:
    path = tmp_path / name
    lines = [item if isinstance(item, bytes) else orjson.dumps(item) for item in items]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def refusal(path: Path) -> SourceError:
    """The error, which comes before any document has been handed out."""
    (file,) = find_files([path])
    with pytest.raises(SourceError) as caught:
        next(iter(read_documents(file)))
    return caught.value


def test_sheets_come_together_by_ministry_and_year(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        sheet("1", 2019),
        sheet("2", 2019),
        sheet("1", 2020),
        sheet("1", 2020, "外務省"),
        # a file that is not sorted
        sheet("3", 2019),
    )
    documents = read(path)
    assert [item.document_key for item in documents] == [
        "review-sheets-2019-厚生労働省",
        "review-sheets-2020-厚生労働省",
        "review-sheets-2020-外務省",
    ]
    assert [[r["事業番号"] for r in item.records] for item in documents] == [
        ["1", "2", "3"],
        ["1"],
        ["1"],
    ]
    assert [item.record_lines for item in documents] == [(1, 2, 5), (3,), (4,)]
    assert {(item.format, item.path, item.lines) for item in documents} == {
        ("review_sheets", "r.jsonl", ())
    }


def test_exports_come_together_by_document(tmp_path: Path) -> None:
    path = write(tmp_path, exported("a", "x"), exported("b", "y"), exported("c", "x"))
    documents = read(path)
    assert [(item.document_key, item.format) for item in documents] == [
        ("x", "export"),
        ("y", "export"),
    ]
    assert [r["id"] for r in documents[0].records] == ["a", "c"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        # plain, compressed, and with the mark of Windows editors
        ("r.ndjson", orjson.dumps(sheet()) + b"\n"),
        ("r.ndjson.gz", gzip.compress(orjson.dumps(sheet()) + b"\n")),
        ("r.jsonl", b"\xef\xbb\xbf" + orjson.dumps(sheet())),
        # blank lines and Windows line ends
        ("r.jsonl", b"\r\n" + orjson.dumps(sheet()) + b"\r\n\r\n"),
        # a list, as open data portals write it
        ("r.json", orjson.dumps([sheet()], option=orjson.OPT_INDENT_2)),
        ("r.json.gz", gzip.compress(orjson.dumps([sheet()]))),
        # another name: the first line tells
        ("r.txt", orjson.dumps(sheet()) + b"\n"),
    ],
)
def test_records_in_every_wrapping(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    (document,) = read(path)
    assert document.records == (sheet(),)
    assert document.format == "review_sheets"


def test_a_text_that_begins_with_a_brace_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    path.write_text("{一般会計}\n事業 1千円\n", encoding="utf-8")
    assert read(path)[0].format == "text"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        # nothing known
        ({"a": 1}, "事業の記録でもレビューシートの記録でもない"),
        ([1], "事業の記録でもレビューシートの記録でもない"),
        (b"null", "事業の記録でもレビューシートの記録でもない"),
        # broken JSON, with its place
        (b'{"a": }', "JSONとして読めない（7字目）"),
        (b'{"title": "\xff"}', "JSONとして読めない"),
        (b'{"a": NaN}', "JSONとして読めない"),
        # another kind than the line before
        (exported(), "別の種類の記録"),
        # keys that are missing or hold something else
        (sheet(事業名=DROP), "キー 事業名 がない"),
        (sheet(予算=DROP), "キー 予算 がない"),
        (sheet(事業名=" "), "事業名 は空でない文字列"),
        (sheet(府省庁=None), "府省庁 は空でない文字列"),
        (sheet(公開年度="2020"), "公開年度 は西暦の年"),
        (sheet(公開年度=20200), "公開年度 は西暦の年"),
        (sheet(公開年度=True), "公開年度 は西暦の年"),
        (sheet(会計区分="一般会計"), "会計区分 は文字列の配列"),
        (sheet(予算={}), "予算 は年度ごとの記録の配列"),
        (sheet(予算=[1]), "予算 は年度ごとの記録の配列"),
        (sheet(予算=[{"当初予算": 1}]), "キー 予算[0].年度 がない"),
        (sheet(予算=[{"年度": 2020, "当初予算": "1"}]), "予算[0].当初予算 は"),
        (sheet(予算=[{"年度": 2020, "当初予算": True}]), "予算[0].当初予算 は"),
        (sheet(予算=[{"年度": 2020, "当初予算": 1e300}]), "予算[0].当初予算 は"),
        (sheet(予算=[{"年度": 2020}, {"年度": 2020}]), "一つの年度につき一つ"),
        # one programme twice
        (sheet(), "1行目にもある"),
    ],
)
def test_a_wrong_sheet_names_line_and_key(tmp_path: Path, record: Any, said: str) -> None:
    error = refusal(write(tmp_path, sheet(), record))
    assert said in str(error)
    assert str(error).startswith("「r.jsonl」の2行目")
    assert str(error).endswith("ください。")
    assert error.line == 2


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (exported("p2", id=DROP), "キー id がない"),
        (exported("p2", id="a b"), "id は空白や / を含まない"),
        (exported("p2", id="../x"), "id は空白や / を含まない"),
        (exported("p2", id=7), "id は"),
        (exported("p2", title=""), "title は空でない文字列"),
        (exported("p2", document="d1"), "document は文書の記録"),
        (exported("p2", document__id=DROP), "キー document.id がない"),
        (exported("p2", document__fiscal_year="2025"), "document.fiscal_year は西暦の年"),
        (exported("p2", document__sections=[{"title": "a"}]), "document.sections は見出し"),
        # the same document, stated otherwise
        (exported("p2", document__title="別の本"), "前の記録と内容が違う"),
        (exported("p2", role="boss"), "role は"),
        (exported("p2", section=5), "section は文字列"),
        (exported("p2", description="text"), "description は文字列の配列"),
        (exported("p2", description=["a"]), "description_lines は段落と同じ数"),
        (exported("p2", child_ids=[1]), "child_ids は文字列の配列"),
        (exported("p2", page=1.5), "page は整数"),
        (exported("p2", page=2**60), "page は整数"),
        (exported("p2", printed={"x": "a"}), "printed は行番号から行"),
        (exported("p2", printed={"99999999": "a"}), "printed は行番号から行"),
        (exported("p2", evidence=[{"field": "title"}]), "evidence は"),
        (exported("p2", source__first_line=-1), "source は"),
        (exported("p2", forecasts=[{"fiscal_year": 2026}]), "forecasts は"),
        # money: only value and zero have a number
        (exported("p2", amount="1千円"), "amount は金額の記録"),
        (exported("p2", amount__state="guess"), "amount.state は"),
        (exported("p2", amount__state="none"), "amount.yen は円の整数"),
        (exported("p2", amount__yen=None), "amount.yen は円の整数"),
        (exported("p2", amount__yen=1.5), "amount.yen は円の整数"),
        (exported("p2", amount__yen=True), "amount.yen は円の整数"),
        (exported("p2", amount__yen=2**63), "amount.yen は円の整数"),
        (exported("p2", amount__state="zero"), "amount.yen は0"),
        (exported("p2", amount__raw=DROP), "キー amount.raw がない"),
        # one programme twice
        (exported("p1"), "1行目にもある"),
    ],
)
def test_a_wrong_export_names_line_and_key(tmp_path: Path, record: Record, said: str) -> None:
    error = refusal(write(tmp_path, exported("p1"), record))
    assert said in str(error)
    assert str(error).startswith("「r.jsonl」の2行目")
    assert error.line == 2


def test_in_a_list_the_place_is_counted_by_records(tmp_path: Path) -> None:
    error = refusal(write(tmp_path, [sheet(), sheet(事業名=1)], name="r.json"))
    assert str(error).startswith("「r.json」の2件目の 事業名")


@pytest.mark.parametrize("data", [b"[", b'[{"a":1},]', b"[]", b"\n\n", b"{", b"[" * 5000])
def test_files_without_a_record(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(data)
    assert str(refusal(path)).startswith("「r.json」")


def test_a_line_without_end_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "RECORD_BYTES_MAXIMUM", 2000)
    path = write(tmp_path, sheet(), sheet("2", 事業概要="長" * 1000))
    assert refusal(path).line == 2


def test_a_broken_record_at_the_end_refuses_the_file_before_its_first_document(
    tmp_path: Path,
) -> None:
    many = [sheet(str(n), 2015 + n % 5) for n in range(50)]
    assert refusal(write(tmp_path, *many, b'{"cut')).line == 51


def test_a_changed_record_changes_the_fingerprint_of_its_document_alone(tmp_path: Path) -> None:
    before = read(write(tmp_path, sheet("1", 2019), sheet("1", 2020), sheet("2", 2020)))
    after = read(write(tmp_path, sheet("1", 2019), sheet("1", 2020), sheet("2", 2020, 事業名="別")))
    same = [a.fingerprint == b.fingerprint for a, b in zip(before, after, strict=True)]
    assert same == [True, False]
    # blank lines between records are no change
    spaced = read(write(tmp_path, sheet("1", 2019), b"", sheet("1", 2020), b"", sheet("2", 2020)))
    assert [item.fingerprint for item in spaced] == [item.fingerprint for item in before]


def test_documents_known_by_their_fingerprint_are_named_and_not_checked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read(write(tmp_path, sheet("1", 2019), sheet("1", 2020), sheet("2", 2020)))
    path = write(tmp_path, sheet("1", 2019), sheet("1", 2020), sheet("2", 2020, 事業名="別"))
    checked: list[str] = []
    monkeypatch.setattr(records, "check_review_sheet", lambda r: checked.append(r["事業名"]))
    (file,) = find_files([path])
    known = {item.document_key: item.fingerprint for item in before}
    first, second = read_changed(file, known)
    assert first == UnchangedDocument("review-sheets-2019-厚生労働省")
    assert isinstance(second, SourceDocument)
    assert [record["事業名"] for record in second.records] == ["事業1", "別"]
    assert checked == ["事業1", "別"]


def test_a_mistake_in_a_changed_document_refuses_the_file(tmp_path: Path) -> None:
    before = read(write(tmp_path, sheet("1", 2019), sheet("1", 2020)))
    path = write(tmp_path, sheet("1", 2019), sheet("1", 2020, 予算={}))
    (file,) = find_files([path])
    with pytest.raises(SourceError, match="2行目の 予算"):
        next(iter(read_changed(file, {item.document_key: item.fingerprint for item in before})))


def test_a_manifest_id_begins_the_keys_of_its_sheets(tmp_path: Path) -> None:
    write(tmp_path, sheet())
    (tmp_path / "manifest.toml").write_text(
        '[books."r.jsonl"]\nid = "mhlw"\nlicence = "CC BY 4.0"\n', encoding="utf-8"
    )
    (document,) = read(tmp_path)
    assert document.document_key == "mhlw-2020-厚生労働省"
    assert document.manifest is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(
    base=st.sampled_from([sheet(), exported()]),
    key=st.sampled_from([*sheet(), *exported()]),
    value=JSON,
)
def test_a_record_with_any_value_in_any_place_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, base: Record, key: str, value: Any
) -> None:
    try:
        line = orjson.dumps({**base, key: value})
    except TypeError:  # an integer beyond 64 bits cannot be written
        return
    path = write(tmp_path_factory.getbasetemp(), line)
    found = outcome(path)
    assert found
    assert isinstance(found, list) or str(found).startswith("「r.jsonl」の1行目")
