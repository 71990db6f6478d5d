"""The whole search: totals, reasons, snippets, suggestions, ways forward, relatives."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engine.reader import EngineReader
from indexer.errors import UsageError
from indexer.search.request import Fold, SearchRequest, Sort
from indexer.search.response import Hit, MatchKind, SearchResponse
from indexer.search.searcher import FACETS, Searcher


def _search(searcher: Searcher, text: str, **options: object) -> SearchResponse:
    return searcher.search(replace(SearchRequest(text=text), **options))  # type: ignore[arg-type]


def _texts(hit: Hit) -> set[str]:
    program, document = hit.program, hit.document
    publisher = document.publisher.name if document.publisher else ""
    return {
        program.title,
        *(paragraph.text for paragraph in program.description),
        *filter(None, (program.department, program.section, program.policy_goal)),
        *filter(None, (program.status, program.status_raw, program.account, document.account)),
        publisher,
    }


WHY = [
    # text, title of the hit, kind, what is printed
    ("生成AI", "デジタル化の推進に向けた環境整備", MatchKind.EXACT, "生成AI"),
    ("こども", "防災意識の普及・啓発", MatchKind.VARIANT, "子ども"),
    ("セキュリティー", "情報セキュリティ対策の推進", MatchKind.VARIANT, "セキュリティ"),
    ("まどぐち", "書かない窓口の開設", MatchKind.READING, "窓口"),
    ("furusatonouzei", "ホームタウンちよだ応援事業", MatchKind.READING, "ふるさと納税"),
    ("街灯", "街路灯のLED化", MatchKind.SYNONYM, "街路灯"),
    ("リテラシ", "情報セキュリティ対策の推進", MatchKind.VARIANT, "リテラシー"),
    ("健", "地域のスマート化の推進", MatchKind.SUBSTRING, "健"),
    ("無電中化", "無電柱化の推進", MatchKind.FUZZY, "無電柱化"),
    ("水産課 漁港", "漁港の改良", MatchKind.EXACT, "漁港"),
]


@pytest.mark.parametrize(("text", "title", "kind", "printed"), WHY)
def test_reasons(searcher: Searcher, text: str, title: str, kind: MatchKind, printed: str) -> None:
    hit = next(h for h in _search(searcher, text).hits if h.program.title == title)
    assert (kind, printed) in {(reason.kind, reason.matched) for reason in hit.why}
    marked = {s.text[start:end] for s in hit.snippets for start, end in s.ranges}
    assert printed in marked


def test_a_sound_is_not_a_character(searcher: Searcher) -> None:
    # meilisearch#4561: 健 found 見.
    for hit in _search(searcher, "健").hits:
        assert any("健" in text for text in _texts(hit))


def test_exact_matches_come_before_every_widening(searcher: Searcher) -> None:
    # ふるさと納税 stands in one text; ふるさと寄附金 is a synonym in another one's title.
    kinds = [hit.why[0].kind for hit in _search(searcher, "ふるさと納税").hits]
    assert kinds == [MatchKind.EXACT, MatchKind.SYNONYM]


queries = st.one_of(
    st.sampled_from(
        [
            "防災",
            "保育",
            "新規",
            "子ども 支援",
            "1億円以上",
            "ふるさと",
            "デジタル化",
            "-事業",
            "AI",
        ]
    ),
    st.text(st.sampled_from('防災新規課部令和7年度円億1-"「」()OR ふるさとAIβ\0'), max_size=12),
    st.text(max_size=30),
)
quick = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(queries)
@quick
def test_whatever_is_typed_the_response_holds_together(searcher: Searcher, text: str) -> None:
    response = _search(searcher, text)
    limit = response.request.limit
    assert len(response.hits) == min(response.total + response.near_total, limit)
    complete = [hit.complete for hit in response.hits]
    assert complete == sorted(complete, reverse=True)
    assert sum(complete) == min(response.total, limit)
    assert set(response.facets) == set(FACETS)
    assert bool(response.next_steps) == (response.total == 0)
    for facet, values in response.facets.items():
        if facet not in {item.facet for item in response.understood}:
            assert sum(value.count for value in values) <= response.total_rows
    for hit in response.hits:
        printed = _texts(hit)
        for snippet in hit.snippets:
            assert any(snippet.text in text for text in printed)
            last = 0
            for start, end in snippet.ranges:
                assert last <= start < end <= len(snippet.text)
                last = end


@given(queries)
@quick
def test_matching_is_every_hit_of_the_search(searcher: Searcher, text: str) -> None:
    request = SearchRequest(text=text, limit=100, fold=Fold.NONE)
    found = [program.id for program in searcher.matching(request)]
    response = searcher.search(request)
    assert len(found) == response.total == response.total_rows
    assert found[:100] == [hit.program.id for hit in response.hits if hit.complete]


def test_totals_agree_with_the_rows(searcher: Searcher) -> None:
    response = _search(searcher, "若葉市 R7 新規", limit=100)
    rows = [hit.program for hit in response.hits]
    assert response.total == len(rows) == 16
    assert response.total_yen == sum(program.amount.yen or 0 for program in rows)
    assert {program.status for program in rows} == {"新規"}


def test_the_chapter_adds_up_without_counting_twice(searcher: Searcher) -> None:
    response = _search(searcher, "", filters={"publisher": ("千代田区",)})
    assert (response.total, response.total_yen) == (12, 2_826_344_000)
    sections = {value.value: value.yen for value in response.facets["section"] if value.count}
    assert sections == {"政策経営部": 2_826_344_000}
    status = {value.value: value.yen for value in response.facets["status"] if value.count}
    assert status == {"新規": 90_001_000, "拡充": 2_736_343_000}


def test_narrowing_never_changes_how_words_are_read(searcher: Searcher) -> None:
    # 保育園 is widened by 保育所; a facet's count must be what clicking it shows.
    for value in _search(searcher, "保育園").facets["status"]:
        narrowed = _search(searcher, "保育園", filters={"status": (str(value.value),)})
        assert narrowed.total == value.count


def test_sorting(searcher: Searcher) -> None:
    amounts = [
        hit.program.amount.yen for hit in _search(searcher, "", sort=Sort.AMOUNT, limit=30).hits
    ]
    assert amounts == sorted(amounts, key=lambda yen: -(yen or 0))
    titles = [hit.program.title for hit in _search(searcher, "", sort=Sort.TITLE).hits]
    assert titles == sorted(titles)


def test_the_strict_door_raises_what_the_forgiving_one_remarks(searcher: Searcher) -> None:
    assert "閉じていません" in _search(searcher, "「防災").remarks[0]
    with pytest.raises(UsageError, match="閉じていません"):
        searcher.search(SearchRequest(text="「防災"), strict=True)


@pytest.mark.parametrize("year", ["2024", "R6", "令和6年度"])
def test_a_year_filter_is_read_in_any_form(searcher: Searcher, year: str) -> None:
    found = _search(searcher, "", filters={"fiscal_year": (year,)})
    assert {hit.document.fiscal_year for hit in found.hits} == {2024}


def test_a_year_filter_that_is_none_finds_nothing(searcher: Searcher) -> None:
    assert _search(searcher, "", filters={"fiscal_year": ("来世",)}).total == 0


def test_literal_takes_the_words_as_typed(searcher: Searcher) -> None:
    assert _search(searcher, "1億円以上").understood
    assert not _search(searcher, "1億円以上", literal=True).understood


SUGGESTED = [
    # text, what must be offered: printed beginning, reading, half-typed kana, romaji, inside.
    ("防災", "防災意識の普及・啓発"),
    ("ぼうさい", "防災意識の普及・啓発"),
    ("ふるさとのう", "ふるさと納税"),
    ("ふるさときf", "ふるさと寄附金の推進"),
    ("ほーむたう", "ホームタウンちよだ応援事業"),
    ("むでんちゅうk", "無電柱化の推進"),
    ("tsunami", "津波避難タワーの建設"),
    ("ハザード", "洪水ハザードマップの改訂"),
    ("水産", "水産課"),
    # Romaji however short, half a syllable at its end, or in two pieces.
    ("mu", "無電柱化の推進"),
    ("muden", "無電柱化の推進"),
    ("tokushus", "特殊詐欺被害の防止"),
    ("kosodate s", "子育て支援課"),
    # Kanji with the kana of the next word behind them, and with half a syllable.
    ("特殊さ", "特殊詐欺被害の防止"),
    ("無電c", "無電柱化の推進"),
]


@pytest.mark.parametrize(("text", "expected"), SUGGESTED)
def test_suggestions(searcher: Searcher, text: str, expected: str) -> None:
    found = [item.text for item in searcher.suggest(text, 10)]
    assert expected in found


def test_only_what_is_printed_is_suggested(searcher: Searcher, reader: EngineReader) -> None:
    # The dictionary's normal form of ふるさと is 古里, which nobody printed.
    printed = (
        "\n".join(
            text
            for program in reader.all_programs()
            for text in (
                program.title,
                program.department or "",
                program.section or "",
                program.policy_goal or "",
                *(paragraph.text for paragraph in program.description),
            )
        )
        + "千代田区若葉市汐見町"
    )
    entries = searcher.lexicon.entries
    assert entries
    assert all(entry.text in printed for entry in entries)
    assert not searcher.suggest("古里")


NEXT_STEPS = [
    # A compound of which a part is printed: the part.
    (SearchRequest("宇宙防災"), "「防災」だけで探す"),
    (SearchRequest("生ごみ"), "「ごみ」だけで探す"),
    # An empty result by a filter: without it.
    (SearchRequest("漁港", {"publisher": ("若葉市",)}), "発行者「若葉市」の絞り込みを外して探す"),
    # By a year: the others.
    (SearchRequest("津波", {"fiscal_year": ("2024",)}), "ほかの年度も含めて探す"),
    (SearchRequest("令和6年度 津波"), "ほかの年度も含めて探す"),
    # By an amount.
    (SearchRequest("津波", min_amount=10**12), "予算額の絞り込みを外して探す"),
    (SearchRequest("津波 10兆円以上"), "「10兆円以上」を外して"),
    # A year that the index does not have.
    (SearchRequest("令和2年度"), "で探す"),
    # By one word of two that excludes the other.
    (SearchRequest("津波 -タワー"), "「-タワー」を外して探す"),
    # Nothing near: the whole list.
    (SearchRequest("ヤングケアラー"), "すべての事業の一覧を見る"),
]


@pytest.mark.parametrize(("request_", "message"), NEXT_STEPS)
def test_nothing_found_leads_on(searcher: Searcher, request_: SearchRequest, message: str) -> None:
    response = searcher.search(request_)
    assert response.total == 0
    assert any(message in step.message for step in response.next_steps)
    assert all(searcher.search(step.request).total for step in response.next_steps)


RELATED = [
    # The same title in the former book.
    ("wakaba-2025-12", "wakaba-2024-02"),
    # Renamed: 産後ケア事業, known by department and money.
    ("wakaba-2025-04", "wakaba-2024-01"),
    # Renamed further: 図書館電算機器の借上げ.
    ("wakaba-2025-09", "wakaba-2024-04"),
    # And back.
    ("wakaba-2024-04", "wakaba-2025-09"),
]


@pytest.mark.parametrize(("program_id", "same"), RELATED)
def test_the_same_programme_of_another_year_comes_first(
    searcher: Searcher, program_id: str, same: str
) -> None:
    assert searcher.related(program_id)[0].id == same


def test_similar_programmes_of_another_publisher_are_no_lineage(searcher: Searcher) -> None:
    found = searcher.related("shiomi-2025-02")  # 保育園の民営化
    assert any("保育" in program.title for program in found)
    assert "shiomi-2025-02" not in {program.id for program in found}
    assert searcher.related("nothing") == ()


SPELLINGS = [
    # typed, printed: the nearest piece of print is asked back
    ("情報セキリュティ対策", "情報セキュリティ対策"),
    ("帯状泡疹", "帯状疱疹"),
    ("公園の再正備", "公園の再整備"),
]


@pytest.mark.parametrize(("typed", "printed"), SPELLINGS)
def test_a_near_spelling_is_asked_back(searcher: Searcher, typed: str, printed: str) -> None:
    response = _search(searcher, typed)
    assert printed in response.did_you_mean
    assert MatchKind.FUZZY in {reason.kind for reason in response.hits[0].why}


@given(
    st.text(st.sampled_from("防災公園の再整備情報セキュリティ対策ー体2"), min_size=2, max_size=14)
)
@quick
def test_what_is_asked_back_leads_somewhere(searcher: Searcher, text: str) -> None:
    for proposed in _search(searcher, text).did_you_mean:
        assert proposed != text
        assert _search(searcher, proposed).total


def test_a_filter_word_is_a_word_where_only_so_something_is_found(searcher: Searcher) -> None:
    # 保育所整備費補助 is 若葉市's; 汐見町's books hold no such programme, and no text both words.
    assert _search(searcher, "汐見町 保育所整備費補助").total == 0
    # 水産課 is a department, and a word of no programme: the filter is kept.
    assert [item.value for item in _search(searcher, "水産課 漁港").understood] == ["水産課"]
    # A title that holds a filter's word is a title when it is all that was typed.
    typed = "市制施行70周年記念式典"
    assert _search(searcher, typed).hits[0].program.title == typed


def test_repeated_words_cost_and_change_nothing(searcher: Searcher) -> None:
    once, often = _search(searcher, "防災"), _search(searcher, "防災 " * 30)
    assert [hit.program.id for hit in once.hits] == [hit.program.id for hit in often.hits]


def test_a_lone_surrogate_is_never_shown(searcher: Searcher) -> None:
    response = _search(searcher, "\ud800")
    assert all(remark.isprintable() for remark in response.remarks)
