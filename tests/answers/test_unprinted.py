"""Questions that stand close to what a book prints, and that no sentence of it answers.

An answer is carried by printed words that match what is asked and of what it is asked. Each
refusal has a neighbour beside it that the same book does answer.
"""

from __future__ import annotations

import pytest

from tests.answers.test_other_books import ask

BOOK = """令和７年度　架空市　主要事業

【市民部】

○集会施設の改修　50,000千円（継続）
　築40年の中央会館は、令和7年6月から改修工事を行います。工事中は、旧北小学校を仮の会場として利用します。
　【施設課】

○防犯機器の貸出し　3,000千円（新規）
　高齢者が安心して暮らすことができるよう、見守りを進めます。通話録音機を200台購入し、65歳以上の市民に貸し出します。
　【生活安全課】

○公衆トイレの洋式化　9,000千円（継続）
　公園のトイレを洋式化します。市内4公園が対象です。
　【公園課】

○巡回バス「かぜ号」の運行　20,000千円（拡充）
　市内2路線で運行します。運賃は大人100円です。
　【交通課】

○学びの教室　4,000千円（新規）
　不登校の児童は増加しています。一人ひとりの状況に応じた支援を行います。指導員が学習を見ます。
　【教育課】

○電線の地中化　70,000千円（継続）
　市道第9号線ほか2路線で工事を行います。みなと橋の補強も行います。
　【道路課】

○移住の促進　8,000千円（新規）
　40歳未満の世帯に、住宅の取得費用を100万円を上限に補助します。体験住宅を1棟整備します。
　【企画課】

○混雑緩和の取組　2,000千円（新規）
　ＡＩを活用した混雑予測を公開します。
　【窓口課】

○物価高騰対策給付金の支給　90,000千円（新規）
　住民税非課税世帯に1世帯当たり3万円を給付します。
　【福祉課】
"""


@pytest.mark.parametrize(
    "question",
    [
        # who may: a sentence that only speaks of people tells not who is eligible
        "学びの教室には誰が通えますか",
        # … nor one about another thing of the same programme
        "体験住宅は誰が泊まれますか",
        # who does it is not whom it is for
        "通話録音機は誰が作っていますか",
        "かぜ号は誰が運転していますか",
        # uses are counted, and no programmes
        "防犯機器の貸出しは何件利用されましたか",
        # where: the words of the question themselves name no place, nor does a number of places
        "公衆トイレの洋式化はどこの公園ですか",
        # 一人ひとり counts nobody
        "不登校の児童は何人いますか",
        # a price of another person than the printed one
        "かぜ号の運賃は子どもはいくらですか",
        # per one of anything is no budget
        "学びの教室の教材は1食いくらですか",
        # what is given for a thing is not its price, nor is a unit price a number of things
        "住宅は1棟いくらですか",
        # 数 of people counts no programmes
        "学びの教室の利用児童数は何人でしたか",
        # what is asked stands at the end, and nowhere in the book
        "混雑予測を作った会社は",
        # a share of people is no share of the budget
        "不登校の児童のうち外国籍の割合は何％ですか",
    ],
)
def test_what_no_sentence_prints_is_refused(question: str) -> None:
    answer = ask(BOOK, question)
    assert answer.status in ("abstained", "shown"), answer.text
    assert answer.value is None


@pytest.mark.parametrize(
    ("question", "place"),
    [
        # used in passing: not the place whose works are paid
        ("旧北小学校の改修費はいくら", "旧北小学校"),
        # one of several: the amount is of all of them
        ("市道第9号線の予算額は", "市道第9号線"),
    ],
)
def test_a_place_mentioned_in_passing_has_no_amount(question: str, place: str) -> None:
    answer = ask(BOOK, question)
    assert answer.status != "answered"
    if answer.status == "partial":
        assert f"「{place}」だけの金額は予算書に書かれていません" in answer.text


@pytest.mark.parametrize(
    ("question", "printed"),
    [
        # beside the refusals above: the same forms, of what is printed
        ("通話録音機は誰が借りられますか", "65歳以上の市民に貸し出します"),
        ("学びの教室では誰が教えてくれますか", "指導員が"),
        ("補強する橋はどこの橋ですか", "みなと橋"),
        ("公衆トイレの洋式化は何公園が対象ですか", "4公園"),
        ("かぜ号の運賃は大人はいくらですか", "100円"),
        ("通話録音機は何台買いますか", "200台"),
        # … but it is what people ask for when they say so
        ("移住の促進では誰が補助を受けられますか", "40歳未満の世帯"),
        # いくつ and 何件 count programmes where programmes are spoken of
        ("新規事業はいくつありますか", "5件"),
        ("拡充は何件ありますか", "1件"),
        # 物価 is part of the title, and asks for no inflation
        ("物価高騰対策給付金は1世帯いくらですか", "3万円"),
    ],
)
def test_the_neighbours_are_answered(question: str, printed: str) -> None:
    answer = ask(BOOK, question)
    shown = " ".join(passage.quote for passage in answer.passages)
    assert printed in (shown if answer.status == "shown" else answer.text)
