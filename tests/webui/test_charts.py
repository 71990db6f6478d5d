"""The geometry of the charts: in proportion, inside the frame, never wrong about zero."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.model import Forecast, Money, MoneyState, Program
from webui import charts

YEN = st.integers(-(10**13), 10**13)
ROWS = st.lists(st.tuples(st.text(max_size=5), YEN), max_size=12)
LABELS = {"previous": "前年度予算額", "amount": "予算額", "forecast": "見込額"}


def money(yen: int | None) -> Money:
    return Money(yen, MoneyState.VALUE if yen is not None else MoneyState.NONE, "")


@given(ROWS)
def test_bars_are_in_proportion(rows: list[tuple[str, int]]) -> None:
    drawn = charts.bars(rows)
    longest = max((yen for _, yen in rows), default=0)
    for bar, (_, yen) in zip(drawn, rows, strict=True):
        assert bar.yen == yen
        assert 0 <= bar.width <= 100
        assert bar.width == pytest.approx(
            100 * max(yen, 0) / longest if longest > 0 else 0, abs=0.1
        )


@given(ROWS)
def test_shares_fill_the_whole_and_never_overlap(rows: list[tuple[str, int]]) -> None:
    slices = charts.shares(rows)
    end = 0.0
    for part in slices:
        assert part.start == pytest.approx(end, abs=0.15)
        end = part.start + part.width
    assert not slices or end == pytest.approx(100, abs=0.15)


@given(st.lists(st.tuples(st.text(max_size=5), YEN, YEN), max_size=12))
def test_slopes_stay_in_the_frame_and_labels_apart(rows: list[tuple[str, int, int]]) -> None:
    lines = charts.slopes(rows)
    for line in lines:
        assert charts.SLOPE_TOP <= line.y_after <= charts.SLOPE_HEIGHT
        assert charts.SLOPE_TOP <= line.y_before <= charts.SLOPE_HEIGHT
    labels = sorted(line.y_label for line in lines)
    assert all(b - a >= charts.LABEL_LINE - 0.2 for a, b in itertools.pairwise(labels))


def test_a_year_without_a_number_has_no_column() -> None:
    """R9 見込額：完了 is not a column of height 0 with a 0 on it."""
    program = Program(
        id="p",
        document_id="d",
        title="組織変革の推進",
        amount=money(9_501_000),
        previous_amount=money(None),
        forecasts=(
            Forecast(2026, "R8", money(8_000_000)),
            Forecast(2027, "R9", Money(None, MoneyState.COMPLETED, "完了")),
        ),
    )
    drawn = charts.figures(program, 2025, LABELS)
    assert [(c.label, c.yen) for c in drawn.columns] == [
        ("2024", None),
        ("2025", 9_501_000),
        ("2026", 8_000_000),
        ("2027", None),
    ]
    assert [c.height for c in drawn.columns] == [0, charts.PLOT_HEIGHT, pytest.approx(117.9), 0]
    assert [c.kind for c in drawn.columns] == ["previous", "amount", "forecast", "forecast"]


@pytest.mark.parametrize(
    ("amounts", "points"),
    [
        # two numbers are a change, which is said in words
        ([2, 1], ""),
        ([2, None, 1], ""),
        ([2, 1, 4], "2.0,12.0 50.0,17.0 98.0,2.0"),
        # a year without a number keeps its place
        ([2, None, 1, 4], "2.0,12.0 66.0,17.0 98.0,2.0"),
        # nothing to be as high as
        ([0, 0, 0], ""),
    ],
)
def test_sparklines(amounts: list[int | None], points: str) -> None:
    assert charts.sparkline(amounts) == points
