"""Are the facts of the sample chapter the index's facts? Counted by hand in the printed book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.library import Library, SearchRequest, Sort
from indexer.model import Role
from indexer.pipeline import update_index

CORPUS = Path(__file__).parent.parent / "corpus"
THOUSAND = 1_000


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    index = tmp_path_factory.mktemp("facts") / "index"
    update_index(index, [CORPUS])
    with Library.open(index, follow=False) as opened:
        yield opened


def test_total_without_double_counting(library: Library) -> None:
    """12 named entries; 2,826,344千円, and not 2,866,344 (parent and children both)."""
    response = library.search(SearchRequest())
    assert response.total == 12
    assert response.total_yen == 2_826_344 * THOUSAND


# Each facet's money, as printed in the chapter (thousand yen).
@pytest.mark.parametrize(
    ("facet", "value", "count", "thousand_yen"),
    [
        ("section", "政策経営部", 12, 2_826_344),
        # Three blocks of new programmes; the parent's two children are programmes of their own.
        ("status", "新規", 5, 90_001),
        ("status", "拡充", 7, 2_736_343),
        ("department", "情報システム課", 2, 2_100_883),
        ("department", "デジタル政策課", 4, 583_446),
        ("department", "災害対策・危機管理課", 1, 52_014),
        ("department", "総務課", 1, 40_500),
        ("department", "施設経営課", 3, 40_000),
        ("department", "企画課", 1, 9_501),
        ("policy_goal", "基本構想の実現に向けて", 11, 2_774_330),
        ("fiscal_year", "2025", 12, 2_826_344),
        ("publisher", "千代田区", 12, 2_826_344),
        ("account", "一般会計", 12, 2_826_344),
    ],
)
def test_facet(library: Library, facet: str, value: str, count: int, thousand_yen: int) -> None:
    """The facet's count and sum, and the same from the filter it links to."""
    facets = library.search(SearchRequest()).facets
    if facet in facets:
        row = next(row for row in facets[facet] if str(row.value) == value)
        assert (row.count, row.yen) == (count, thousand_yen * THOUSAND)
    filtered = library.search(SearchRequest(filters={facet: (value,)}))
    assert (filtered.total, filtered.total_yen) == (count, thousand_yen * THOUSAND)


def test_child_counts_when_it_alone_matches(library: Library) -> None:
    """A search that finds a child without its parent counts the child."""
    response = library.search(SearchRequest(filters={"role": ("child",)}))
    assert (response.total, response.total_yen) == (2, 40_000 * THOUSAND)


def test_largest_first(library: Library) -> None:
    """Sorted by amount: 全庁LANの保守管理, 1,966,770千円."""
    hits = library.search(SearchRequest(sort=Sort.AMOUNT, limit=3)).hits
    assert [hit.program.title for hit in hits] == [
        "全庁LANの保守管理",
        "デジタル化の推進に向けた環境整備",
        "手続きの利便性向上",
    ]


def test_overview(library: Library) -> None:
    """The home page's figures are the search's figures; a child never stands beside its parent."""
    overview = library.overview()
    assert (overview.programs, overview.total_yen) == (12, 2_826_344 * THOUSAND)
    assert [program.title for program in overview.most_increased][:2] == [
        "デジタル化の推進に向けた環境整備",
        "手続きの利便性向上",
    ]
    assert [p.title for p in overview.most_decreased] == ["情報セキュリティ対策の推進"]
    assert all(program.role is not Role.CHILD for program in overview.largest)
    assert len(overview.documents) == 1


def test_group_is_shown_and_not_searched(library: Library) -> None:
    """The group without a printed title has a page, and members that point to it."""
    members = [p for p in library.matching(SearchRequest()) if p.role is Role.MEMBER]
    assert len(members) == 4
    assert members[0].group_id is not None
    group = library.program(members[0].group_id)
    assert group is not None
    assert group.role is Role.GROUP
    assert group.child_ids == tuple(member.id for member in members)
    assert all(member.title in group.title for member in members)
