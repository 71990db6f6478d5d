"""How does each kind of line look? Every pattern of the parser, in one place.

All patterns run over folded lines (see ``characters.fold_line``): half-width digits, brackets and
colons, every dash as ``-``. Over each stands a line it matches and one it must not match. None of
them backtracks over more than it consumes: what repeats is separated by what it cannot match.
"""

from __future__ import annotations

import re

OPENING = "([〔【『「〈《<{"
CLOSING = ")]〕】』」〉》>}"
CLOSING_OF = dict(zip(OPENING, CLOSING, strict=True))

LEADER_CHARACTERS = "…‥⋯.・･-_─ー"
SENTENCE_ENDS = "。.!?！？．"

# matches:  52,014 / 33兆97,23億 (read, then refused as misprinted)   not: の
DIGITS = r"(?<![\d,.])(?>\d[\d,.]*)(?:, \d{3}(?!\d))?"
# matches:  八百五十 / 二・三 / 数 / 十五   not: 千 of 千円 (a unit, not a figure)
KANJI_DIGITS = (
    r"(?<![〇零一二三四五六七八九十百千数])(?:[〇零一二三四五六七八九数]|[十百千](?=[一二三四五六七八九]))"
    r"(?>[〇零一二三四五六七八九十百千・数]*)"
)

# An amount with its unit: one or more figures, each with its scale, closed by 円.
# matches:  14億5,574万8千円 / 2億 2,454万円 / 40 百万円 / 八百五十億円   not: 100% / 156 / 円滑
AMOUNT = re.compile(
    rf"(?P<sign>[△▲+±-] ?)?"
    rf"(?P<figure>(?:(?:{DIGITS}|{KANJI_DIGITS}) *[兆億万千百十]{{0,3}} {{0,2}}){{1,6}})"
    r"円(?!滑|卓|形|周|熟|環|盤)"
)
# One figure and its scale inside an amount.
# matches:  5,574万 / 8千   not: 円
AMOUNT_PART = re.compile(rf"(?P<number>{DIGITS}|{KANJI_DIGITS}) *(?P<scale>[兆億万千百十]{{0,3}})")
# Where a 1 is meant before a small scale: 3億千万 is 3億1千万.
# matches:  億千万   not: 億5千万
SCALE_AFTER_LARGE = re.compile(r"(?<=[兆億万])(?=[千百十])")
# Where a 1 is meant in a typed amount that is a scale alone: 百万.
# matches:  百万円 / △千万円   not: 5百万円 / 千五百万円 / 億円
SCALE_ALONE = re.compile(r"(?:^|(?<=^[△▲-]))(?=[千百十]{1,2}[兆億万]?円)")
# A dash or 0-less cell with its unit, or a dash standing alone where an amount would.
# matches:  - 千円 / (-) / 見込額:-   not: 2020-2021 / 156-2
DASH_AMOUNT = re.compile(
    r"(?<![^\s(\[〔【「:/])(?P<dash>-{1,3})(?: *(?P<unit>[兆億万千百十]{0,2}円))?"
    r"(?=[\s()\[\]〔〕】」/、,]|$|R)"
)
# A misprinted or misread figure that still is an amount of the book.
# matches:  262,フ73,622千円   not: 令和7年度
BROKEN_AMOUNT = re.compile(r"\d[\d,.]*[フ一ーOoIl|][\d,.]*\d *[兆億万千百十]{0,2}円")
# A figure without a unit: the header or the manifest says the unit.
# matches:  52,014 / (33,706) / △ 25   not: 令和7年度 / 156頁 / 100% / 3か所 / R8
BARE_NUMBER = re.compile(
    r"(?<![^\s(\[〔…‥:・.-])(?P<sign>[△▲+±] ?|-)?(?P<number>\d[\d,.]*)(?=[\s()\]\[〔〕]|$)"
)
# matches:  (+8.2%) / 101.0%   not: 8.2
RATE = re.compile(r"[△▲+±-]? ?\d[\d,]*(?:\.\d+)? ?%")
# matches:  約 before an amount   not: 約束
QUALIFIER_BEFORE = re.compile(r"(?:約|およそ|概ね|おおむね|最大|上限|ほぼ) *$")
# matches:  程度 / 余り after an amount   not: 予
QUALIFIER_AFTER = re.compile(r" *(?:余り|余|程度|以上|以内|未満|以下|超|前後|上限|強|弱)(?![\w])")
# Units as a book declares them.
# matches:  (単位 千円) / 単位:千円、% / (単位:百万円)   not: 単位制高校
UNIT_DECLARATION = re.compile(r"単位 *[:は]? *(?P<unit>[兆億万千百十]{0,2}円)")
# matches:  (千円)   not: 5千円
UNIT_ALONE = re.compile(r"^\s*[(\[〔]? *(?:金額 *)?(?P<unit>[兆億万千百十]{0,2}円) *[)\]〕]?\s*$")

# Marks of the conversion to Markdown before a line.
# matches:  "- 1 基本構想…" / "## 5 政策経営部"   not: "-" / "△ 25"
CONVERSION_MARK = re.compile(r"\s*(?:#{1,6}\s+|[-*+>]\s+(?=[^\s(])(?![兆億万千百十]{0,2}円))")
# matches:  "1 旧箱根千代田荘の解体" / "(2) 子育て" / "① 相談" / "ア 周知"   not: 100歳のお祝い
NUMBER_MARK = re.compile(
    r"(?P<mark>\((?P<round>\d{1,3}|[ア-ン]|[a-z])\)\s*|(?P<circled>[①-⑳㉑-㉟❶-❿])\s*"
    r"|第(?P<ordinal>\d{1,2})(?=\s)\s*|(?P<path>\d{1,2}(?:-\d{1,3}){1,3})[\s.:]\s*"
    r"|(?P<plain>\d{1,3})(?:[.、)](?!\d)\s*|[\t ]\s*)|(?P<kana>[ア-ン])[\t .、)]\s*"
    r"|(?P<roman>[Ⅰ-Ⅻⅰ-ⅻ])[\t .、)]?\s*|(?:No|no|NO|№)\.?\s?(?P<no>\d{1,3})[\t .:]\s*)"
)

# A bare word that may be a status.
# matches:  新規 of "新規 ▶企画課"   not: ▶企画課
STATUS_WORD = re.compile(r"[^\s▶►▷▸()【\[〔『「:]{1,14}")
# matches:  区分: of "区分:拡充"   not: 区分所有
STATUS_LABEL = re.compile(r"(?:事業)?区分 ?: ?")
# Words that may be the names of departments.
# matches:  指導課、学務課   not: 指導を行います。
NAME_WORDS = re.compile(r"[^\s。、▶()【】:]{2,30}(?:[・、,][^\s。、▶()【】:]{2,30})*")
# A figure that is the change: the word after it says the direction.
# matches:  増 of "18,308千円増" / の減   not: 増額
CHANGE_AFTER = re.compile(r" ?の?(?P<direction>増|減)(?![\w])")
# What may follow the figures of a head without being one.
# matches:  再掲 / 皆増 / ※1 / p.12   not: 再掲載
REMARK = re.compile(r"再掲(?!載)|皆増|皆減|※\d?|p\.? ?\d{1,4}(?=\s|$)")
# Two kinds of bracket in one pair, as extraction leaves them.
# matches:  〔33,706千円)   not: (33,706
MIXED_BRACKET = re.compile(r"[(\[〔【<〈{][^()\[\]〔〕【】]{1,40}[)\]〕】>〉}]")

# Accounts.
# matches:  <一般会計> / 〔国民健康保険事業会計〕 / 介護保険特別会計   not: 公会計の整備 / 会計室
ACCOUNT = re.compile(
    r"^\s*(?:\d{1,2}[\s.]\s*)?(?:会計(?:名|区分)?\s*:\s*)?(?P<name>[^\s。、:\d]{0,24}会計(?:\([^()]{1,16}\))?)\s*$"
)
# matches (without brackets):  一般会計 / 後期高齢者医療特別会計   not: 公会計
ACCOUNT_BARE = re.compile(
    r"^(?:一般会計|.{1,20}(?:特別|企業|事業|保険|医療)会計(?:\([^()]{1,16}\))?|特別会計.{1,20})$"
)
# Bureaus and departments as chapters.
# matches:  "5 政策経営部" / "第5章 保健福祉部" / "Ⅱ 教育委員会事務局"   not: "1 相談窓口の開設"
SECTION = re.compile(
    r"^\s*(?:(?:第\s*(?P<chapter>\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:章|編|部|節)?|(?P<plain>\d{1,2})"
    r"|\((?P<round>\d{1,2})\)|(?P<roman>[Ⅰ-Ⅻ])|(?P<kanji>[一二三四五六七八九十]{1,3})(?=[\s.、]))[\s.、:]*)?"
    r"(?P<name>[^\s。、:()\d][^\s。、:()]{0,24}?(?:部|局|室|委員会|事務局|議会|本部|庁|省|課|消防署|病院|会計管理者|管理者))\s*$"
)
# matches:  総務部 防災課 / 3 子ども部 子育て推進課   not: 総務部の防災課
SECTION_AND_DIVISION = re.compile(
    r"^(?P<section>.{0,8}?[^\s。、]{1,20}(?:部|局|委員会))\s+(?P<division>[^\s。、\d]{1,20}(?:課|室|係))$"
)
# matches:  第3款 民生費 / 3款 民生費 / (款)3 民生費   not: 3 民生費の概要
KAN = re.compile(
    r"^\s*(?:第?\s*(?P<number>\d{1,2})\s*款|\(款\)\s*(?P<after>\d{1,2}))[\s.:]*(?P<name>[^\s。:()\d]{1,20}費?)\s*$"
)
# matches:  2款 総務費 1項 総務管理費 / 第3款 民生費 第1項 社会福祉費   not: 3款 民生費
KAN_KOU = re.compile(
    r"^(?P<kan>\s*(?:第?\s*\d{1,2}\s*款|\(款\)\s*\d{1,2})[\s.:]*[^\s。:()\d]{1,20}費?)[\s>、・]+"
    r"(?=第?\s*\d{1,2}\s*項|\(項\))[^。]{2,30}$"
)
# A count behind a heading.
# matches:  (3事業) at the end of 2款 総務費(3事業)   not: (3事業所)
HEADING_COUNT = re.compile(r"\s*[(〔\[](?:全|計)?\s*(?P<count>\d{1,3})\s*(?:事業|件)[)〕\]]\s*$")
# matches:  第1項 総務管理費 / (目)2 文書費   not: 項目の整理
KOU_MOKU = re.compile(
    r"^\s*(?:第?\s*\d{1,2}\s*[項目節]|\([項目節]\)\s*\d{1,2})[\s.:]*[^\s。:]{1,24}\s*$"
)
# Goals that name themselves.
# matches:  基本目標1 安心して暮らせるまち / 施策の柱 2 子育て   not: 目標値は80%です。
GOAL = re.compile(
    r"^\s*(?:基本目標|政策目標|重点目標|まちづくりの目標|目標|施策の柱|政策の柱|柱|基本方針|重点分野|重点施策"
    r"|基本政策|基本施策|政策|施策|分野)\s*(?P<number>\d{1,2}|[Ⅰ-Ⅻ]|[一二三四五六七八九十])[\s:.、]*(?P<name>[^\s\d].*)$"
)
# Themes over programmes, where no word says goal or policy.
# matches:  １　子ども・教育 / Ⅱ 防災 / 【政策１】 支える福祉 / 産業課関係   not: 1 講座を開く。
THEME = re.compile(
    r"^\s*(?:(?P<roman>[Ⅰ-Ⅻ])[\s.、]+|(?P<plain>\d{1,2})[\s.、]+"
    r"|(?P<kanji>[一二三四五六七八九十])[\s.、]+"
    r"|第\s*(?P<chapter>\d{1,2}|[一二三四五六七八九十])\s*[章節編][\s.、:]*"
    r"|(?P<framed>[【\[<〔(](?:政策|施策|柱|目標|分野|重点)?\s*\d{1,2}[】\]>〕)])\s*"
    r"|(?=(?P<about>.{2,20}(?:関係|関連|分野)$)))"
    r"(?P<name>[^\s\d(【\[][^。、:]*)$"
)
# matches:  目次 / もくじ / 主要事業一覧   not: 目次の見直し
CONTENTS_TITLE = re.compile(
    r"^\s*[(\[【<〔]?\s*(?:目\s*次|も\s*く\s*じ|事業一覧|主要事業一覧|掲載事業一覧|事業目次|主要事業目次)\s*[)\]】>〕]?\s*$"
)
# Page number at the end of a contents line.
# matches:  防災意識の普及・啓発……………156 / …… p.156 / ……(156)   not: 156千円
PAGE_AT_END = re.compile(
    r"(?:[pP]{1,2}\.? ?)?"
    r"(?:\((?:[pP]\.?)? ?(?P<bracketed>\d{1,4}) ?(?:頁|ページ)?\)|(?P<page>\d{1,4}))"
    r" ?(?:頁|ページ)?\s*$"
)
# A page number alone.
# matches:  - 168 - / -8- / 156 / 156ページ / p.12   not: 168千円
PAGE_LINE = re.compile(
    r"^\s*(?:[-・~] ?(?P<dashed>\d{1,4}) ?[-・~]|[pP]\.? ?(?P<p>\d{1,4})"
    r"|(?P<bare>\d{1,4}) ?(?:頁|ページ)?)\s*$"
)
# Declared counts.
# matches:  全12事業 / 事業数 12 / 12事業   not: 12事業者に委託します。
DECLARED_COUNT = re.compile(
    r"(?:全|計|合計)? ?(?P<before>\d{1,4}) ?(?:事業|件)(?!\w)|事業数 ?:? ?(?P<after>\d{1,4})"
)

# A fiscal year as forecasts print it.
# matches:  R8 / 令和8年度 / 8年度 / 2026年度   not: 8月
YEAR_LABEL = re.compile(
    r"(?P<label>(?:令和|平成|[RH]) ?(?:\d{1,2}|元) ?(?:年度|年)?|20\d\d ?年度"
    r"|(?<!\d)\d{1,2} ?年度)(?!\d|月)"
)
# One value of a forecast line.
# matches:  1,692 / 完了 / -   not: / R9
FORECAST_VALUE = re.compile(r"[△▲-]?\d[\d,.]*|[^\s/、,()\[\]【】:;]+")
# A year right before a figure or its label.
# matches:  令和7年度 at the end of "防災の推進 令和7年度"   not: 令和7年度は
YEAR_BEFORE_FIGURE = re.compile(
    r"(?:^|(?<=[\s(【\[:]))"
    r"(?:(?:令和|平成|[RH]) ?(?:\d{1,2}|元) ?(?:年度|年)?|20\d\d ?年度)$"
)
# A year range.
# matches:  ~R10   not: ~
YEAR_RANGE = re.compile(r" ?(?:~|から|-) ?((?:令和|[RH])? ?\d{1,2} ?(?:年度|年)?)(?:まで)?")

# Legends.
# matches:  ★:新規事業 ☆:拡充事業 / ◎は新規 / 【新】=新規   not: ★子ども広場
LEGEND = re.compile(
    r"(?P<mark>[★☆◎●○◆◇■□▲▼※]|[【『\[〔(][^】』\]〕)]{1,6}[】』\]〕)])\s*(?::|は|=|…+|-|印は|印:|マークは)\s*[「『]?(?P<word>[^\s、。,」』★☆◎●○◆◇■□()【】]{1,10})"
)
# matches:  「-」は他の事業に計上 / -:計上なし   not: R8 見込額:-
DASH_LEGEND = re.compile(
    r"[「『(\"]?-[」』)\"]?\s*(?:印)?(?:は|:|=)\s*(?P<meaning>[^\s。、][^。]{0,40})"
)
# What each of several figures is that stand one under another.
# matches:  上段:27年度当初予算額 / 下段は前年度   not: 上段の写真
STACK_LEGEND = re.compile(r"(?P<place>[上中下]段) ?(?::|は|=|…+) ?(?P<meaning>[^\s、。()]{2,20})")
# A note of the book, under no programme.
# matches:  ※ 財源は繰越金です。 / (注1) 端数は四捨五入 / 注)   not: 注射器の購入
NOTE_LINE = re.compile(r"^\s*(?:※|\(?注\s?\d{0,2}[):]|\(注\))")
# A department behind the last sentence of a text.
# matches:  <保育課> of "預かります。<保育課>" / "…整備します。  (総務課)"   not: 市民(総務課)
DEPARTMENT_AT_END = re.compile(
    r"(?:。|\s\s)\s?(?P<bracket>[(\[〔【<〈《{][^()\[\]〔〕【】<>〈〉《》{}\s]{2,30}[)\]〕】>〉》}])$"
)
# What a figure in brackets behind the amount is.
# matches:  ( )内は前年度との増減額 / 括弧書きは一般財源   not: (うち国庫)
BRACKET_LEGEND = re.compile(
    r"(?:\( *\)|括弧|カッコ|かっこ) *(?:内|書き?)?(?:の(?:数値|金額|数字|額))?(?:は|:)"
    r"(?P<meaning>[^。]{2,40})"
)
# matches:  「0」は単位未満 / 0:表示単位未満   not: 10は単位
ZERO_LEGEND = re.compile(r"[「『(\"]?(?<!\d)0[」』)\"]?\s*(?:は|:|=)\s*[^。]{0,12}単位未満")

# Running heads and other lines that belong to the page.
# matches:  令和7年度 千代田区予算案の概要   not: 令和7年度は、イベントを実施します。
BOOK_TITLE = re.compile(
    r"(?:年度|R\d{1,2}).{0,24}(?:予算|事業|施策|取組)|(?:予算|事業).{0,12}(?:概要|説明書|説明|書|案|一覧|のあらまし|の概要)"
)
# matches:  千代田区 in a title line   not: 区は、
PUBLISHER = re.compile(
    r"(?P<name>[一-鿿ヶケ々ノツ]{1,6}(?:都|道|府|県|市|区|町|村)|[一-鿿]{1,8}(?:省|庁))"
)
# matches:  ・周知 / ※注 / (注) / 【目的】 / ア 周知   not: 区は、
LIST_ITEM = re.compile(
    r"^\s*(?:[・※*●○◎◇◆■□▪•→⇒▼▽]|[-+] |\(?[0-9ア-ン]{1,2}[).、 ]|\([0-9ア-ン注]{1,2}\)"
    r"|[①-⑳]|注\d?[):]|[【<《〈].{1,30}[】>》〉])"
)
# A line of a rule or of decoration only.
# matches:  ------ / =====   not: -
RULE = re.compile(r"^\s*[-=_*~|+:─━═]{3,}\s*$")
