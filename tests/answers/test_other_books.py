"""Questions to books that are no original budget, or that print the change and no last year."""

from __future__ import annotations

import pytest

from indexer.answers.answer import Answer
from indexer.answers.verification import untraced_numbers
from indexer.parsing import parse
from indexer.sources.document import ManifestEntry, SourceDocument
from tests.answers.indexed import Books, answerer_of

SUPPLEMENT = """（単位：千円）
| 事業名 | 補正前の額 | 補正額 | 計 | 担当課 |
|---|---:|---:|---:|---|
| 道路の災害復旧 | － | 45,800 | 45,800 | 道路課 |
| 公園遊具の更新 | 32,000 | △4,150 | 27,850 | 公園緑地課 |
"""
CHANGES = """事業名\t予算額（百万円）\t対前年度増減額（百万円）\t区分
証明書のコンビニ交付\t35.5\t5.5\t拡充
窓口の民間委託\t120\t△12\t継続
計画の改定\t14\t皆増\t新規
"""


def ask(text: str, question: str) -> Answer:
    manifest = ManifestEntry(
        file="a.txt", id="a", title="架空の本", publisher="架空市", fiscal_year=2025
    )
    lines = tuple(text.split("\n"))
    book = SourceDocument(
        path="a.txt",
        format="text",
        fingerprint="f",
        sha256="s",
        encoding="utf-8",
        document_key="a",
        manifest=manifest,
        lines=lines,
    )
    answer = answerer_of(Books((parse(book),))).ask(question)
    assert not untraced_numbers(answer, question)
    return answer


@pytest.mark.parametrize(
    ("text", "question", "status", "number"),
    [
        # 補正額 is what the book prints, by its own name or called 予算
        (SUPPLEMENT, "道路の災害復旧の補正額は", "answered", 45_800_000),
        (SUPPLEMENT, "公園遊具の更新の予算はいくら", "answered", -4_150_000),
        (SUPPLEMENT, "補正額の合計は", "answered", 41_650_000),
        # what was before the supplement is no last year's budget
        (SUPPLEMENT, "公園遊具の更新は前年度からいくら減りましたか", "abstained", None),
        # the printed change answers; last year's column itself is not printed
        (CHANGES, "窓口の民間委託はいくら減りましたか", "answered", -12_000_000),
        (CHANGES, "証明書のコンビニ交付は何％増ですか", "answered", 18.3),
        (CHANGES, "一番減った事業は", "answered", -12_000_000),
        (CHANGES, "窓口の民間委託の前年度予算額は", "abstained", None),
        (CHANGES, "計画の改定は何％増ですか", "abstained", None),
    ],
)
def test_amounts_are_called_what_they_are(
    text: str, question: str, status: str, number: float | None
) -> None:
    answer = ask(text, question)
    assert answer.status == status
    assert (answer.value.number if answer.value else None) == number


def test_a_supplement_is_never_called_an_original_budget() -> None:
    """Neither in the sentence, nor in the basis; and totals say what they hold."""
    answer = ask(SUPPLEMENT, "道路の災害復旧の予算額は")
    assert answer.value is not None
    assert answer.value.basis == "補正予算"
    assert "補正額" in answer.text
    assert any("補正" in warning for warning in ask(SUPPLEMENT, "予算の合計は").warnings)
