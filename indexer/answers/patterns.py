"""Which patterns do years, ranks, places and offices have in a question? All of them, here."""

from __future__ import annotations

import re

SIGN = re.compile(r"[\s・,、.。/:;!?()\[\]{}<>「」『』【】〔〕《》\"'`~…-]")
QUOTED = re.compile(r"[「『\"“](?P<inside>[^「」『』\"“”]{2,80})[」』\"”]")
KATAKANA, LATIN = re.compile(r"[ァ-ヺー]"), re.compile(r"[a-z]")
KANJI, HIRAGANA = re.compile(r"[一-鿿々]"), re.compile(r"[ぁ-ゖー]")
AFTER_WHAT = re.compile(r"[をがのにページぺ件課円年校人台名回月倍番度か%万億千割頁億階]")
# 「って何をする」 asks for more than what something is.
NOUN = re.compile(r"[一-鿿ァ-ヺ]")
COUNT = r"(?P<n>[0-9]{1,3}|[一二三四五六七八九十])"
# 上位5つ, トップ10, ワースト3, 上から3番目, 2番目, 3位. The number of a rank, never an amount.
RANK = re.compile(
    rf"(?P<side>上位|下位|トップ|ベスト|ワースト|上から|下から){COUNT}(?P<nth>番目|位)?(?:つ|件|個|事業|本|まで)?"
)
NTH = re.compile(rf"{COUNT}(?:番目|位)(?:に|の)?")
# この部で, うちの区の: of the book at hand, whichever it is.
AT_HAND = re.compile(
    r"(?:(?<!ど)この|(?<![一-鿿])当|うちの)(?:部|課|区|市|町|村|県|本|予算書|冊子)(?=で|の|に|は|が)"
)
HOW_MANY = re.compile(
    r"(?<![0-9,.])(?P<n>[0-9]{1,3}|[一二三四五六七八九十])\s?(?:つ|件|個|事業)(?:だけ|ほど)?(?![0-9])"
)
ERA_SHORT = re.compile(
    r"(?P<era>令和|平成|昭和|れいわ|へいせい)\s?(?P<n>[0-9]{1,2}|元|[一二三四五六七八九十]{1,3})(?:年度|年|ねんど|ねん)?"
)
SMALL_ERA = re.compile(r"(?<![a-z])[hs](?=[0-9])")
STATUS_SPLIT = re.compile(
    r"(?P<names>[一-鿿]{2}(?:[・と、,/]?[一-鿿]{2}){1,4}?)(?:の区分)?(?:別|ごと)"
)
BARE_FISCAL = re.compile(r"(?<![0-9])(?P<n>[0-9]{1,2})年度")
WESTERN = re.compile(r"(?<![0-9,.])(?P<n>(?:19|20)[0-9]{2})(?:年度|年)?(?![0-9,.]|千|万|百|円)")
PAGE = re.compile(r"(?P<n>[0-9]{1,4})\s?(?:ページ|頁|ぺーじ)")
PERCENT = re.compile(r"(?P<n>[0-9]+(?:\.[0-9]+)?)\s?(?:%|パーセント|割)")
# 横浜市, 長野県. Up to six letters before the suffix, and no compound behind it (市民, 市立).
PLACE = re.compile(
    r"(?P<name>[一-鿿々ヶケァ-ヺ]{1,6}?(?:[市区町村県府都省]|庁(?!舎)))(?![一-鿿々])"
)
# みどり市, つくば市: a run of kana before 市, but not うちの市.
KANA_PLACE = re.compile(
    r"(?<![ぁ-ゖ一-鿿])(?P<name>[いうえかきくけこさしすせそたちつてなぬねひふへほまみむめゆよらりるれろわんじずづびぶべがぎぐげござぜぞだどばぼっゃゅょあおやも]{2,5}[市町村])(?![一-鿿々])"
)
# 国の防災予算, 県の予算: another level of government, not 国の補助 (a column nobody prints).
STATE = re.compile(
    r"(?<![一-鿿])(?P<name>国|政府|県|都|府)(?=(?:の|で|は|が)(?!補助|負担|支出|支援金|制度|交付))"
)
# やさしい日本語 and romaji are written with gaps after particles.
GAP = re.compile(r"(?<=[ぁ-ゖー])[ 　](?=[ぁ-ゖァ-ヺ一-鿿])")
# 隣の区の予算: another place, though unnamed.
OTHER_PLACE = re.compile(
    r"(?:隣|となり|よそ|他|ほか|近隣|周辺)の(?:区|市|町|村|県|自治体)(?![一-鿿々])"
    r"|(?:他|隣)(?:区|市|町|村|県|自治体)(?=の|では|は)"
)
UNIT_NAME = re.compile(
    r"(?P<name>[一-鿿々ァ-ヺー・a-zいうえかきくけこさしすせそたちつてなぬねひふへほまみむめゆよらりるれろわんじずづびぶべ]{2,14}"
    r"(?:課|部|局|(?:対策|推進|企画|秘書|準備|事務|財政|広報)室))(?![一-鿿々分門品屋])"
)
# 何曜日, 何園: a number of something; 何 with what is counted.
WHAT_COUNT = re.compile(r"何(?P<unit>[一-鿿々ァ-ヶー]{1,4})(?=[^一-鿿々ァ-ヶー]|$)")
PER_ONE = re.compile(
    r"(?:(?:(?<![0-9第])1|(?<!第)一)(?:(?:か|カ|ヶ|箇)所|時間|(?![年月番位期次般部事定括])[一-鿿])"
    r"|ひと(?:人|り)|(?<![0-9今来先年毎々〇一二三四五六七八九十])月)"
    r"(?:につき|当たり|あたり|分)?(?:の|は|で|、)?$"
)
# The words that ask for money, of those that name it.
ASKING = re.compile(
    r"^(?:お?いくら|いかほど|なんぼ|何円|何[万億千百]|なんえん|ど[のれん]|.*かか|額$|お金|おかね)"
)
# 誰が借りられますか, 誰でも使える: asked who may, not who does it.
WHO_MAY = re.compile(
    r"(?:誰|だれ|(?:どんな|どういう|どのような)人)(?:が|でも|も|に|なら)?[^。]*"
    r"(?:でき|られ|もらえ|いただけ|使え|通え|行け|乗れ|入れ|なれ|申し込め|泊まれ|借りれ|住め|飲め|打て|買え|働け)(?:ま|る|ん)"
)
# 誰が作っていますか: who does it, not whom it is for.
WHO_DOES = re.compile(
    r"(?:誰|だれ)が(?:[一-鿿]{1,3}を)?"
    r"(?:(?!利用|参加|使用|受講|入居|応募|申請|対象|該当)[一-鿿]{2}(?:し|する|され)|作|つく|運営|教え|行[いうっな]|実施|対応|担|指導|助言|診断|選|決め|説明|管理"
    r"|[^。、]{0,6}[てで]くれ)"
)
# 1世帯いくら of a 給付金 is what a household gets; 補聴器は1台いくら asks for a price.
AID = re.compile(
    r"助成|補助|支給|給付|交付|上限|限度|まで|もら|いただ|受け|出[るすま]|戻|[^料]金|手当|謝礼|負担|褒賞|くれ"
)
# 駐輪場ができたら放置自転車は何台減りますか: what nobody can know yet.
WHAT_IF = re.compile(
    r"(?P<if>(?:でき|増え|減っ|上がっ|下がっ|やめ|なくし|廃止し|始め|始まっ|完成し)たら)(?!教|お|知|よ|助).*(?:何|どう|いくら|どれ|どの|どんな)"
)
