"""Budget books that nobody printed: made from a plan, printed in many styles, with known contents.

A plan says what the book holds; a style says how it is printed. Whatever the style, the parser
must give the plan back. Names are put together from common words so that no two books are alike.
"""

# Printed lines and their readings stay on one line each.
# ruff: noqa: E501

from __future__ import annotations

import random
from dataclasses import dataclass, field

SECTIONS = (
    "保健福祉部", "子ども部", "環境まちづくり部", "教育委員会事務局", "地域振興部", "都市整備部", "会計室",
    "区議会事務局", "総務局", "危機管理室",
)[:9]  # fmt: skip
SUBJECTS = (
    "高齢者", "子育て世帯", "保育所", "公園", "橋梁", "図書館", "商店街", "防犯カメラ", "災害用備蓄", "学校給食",
    "がん検診", "自転車駐車場", "町会・自治会", "ひとり親家庭", "若者", "外国人住民", "AI・ICT", "ごみ",
    "空き家", "文化財", "区民プール", "地下通路", "産後ケア", "介護人材", "緑化", "温暖化対策", "スポーツ",
)  # fmt: skip
ACTIONS = (
    "支援の充実", "の整備", "の長寿命化", "の適正管理", "に向けた環境づくり", "の運営", "の改修工事", "の普及・啓発",
    "活用事業", "相談窓口の開設", "補助制度の創設", "の見直し", "の推進", "ネットワークの強化",
)  # fmt: skip
DEPARTMENTS = (
    "高齢介護課", "子育て推進課", "道路公園課", "企画課", "安全生活課", "商工観光課", "児童・家庭支援センター",
    "指導課", "健康推進課", "環境政策課", "まちづくり担当課", "住宅課", "会計課",
)  # fmt: skip
STATUSES = ("新規", "拡充", "継続", "見直し", "縮小", "廃止")
GOALS = (
    "誰もが健やかに暮らせるまちをつくります。", "子どもがのびのびと育つ環境の整備", "快適な都市基盤の形成",
    "多様な主体が支えあうまちになっています。", "行財政運営の効率化に向けて", "みどりと水辺の再生",
)  # fmt: skip
SENTENCES = (
    "区は、これまで{}に取り組んできました。", "令和7年度は、{}をさらに進めるため、関係機関と連携して実施します。",
    "また、{}について、利用者の声を踏まえた改善を図ります。", "これにより、{}の質の向上につなげます。",
    "さらに、専門の相談員を2名配置し、{}の体制を整えます。", "なお、{}の対象者は約1,200人を見込んでいます。",
)  # fmt: skip


@dataclass
class Planned:
    """A programme as planned; amounts in thousand yen, ``None`` for a dash."""

    title: str
    amount: int
    previous: int | None
    page: int
    role: str = "standalone"
    number: str | None = None
    status: str | None = None
    department: str | None = None
    goal: str | None = None
    section: str = ""
    forecasts: list[tuple[int, str, int | None]] = field(default_factory=list)
    """Western year, state, yen."""
    paragraphs: list[str] = field(default_factory=list)
    members: list[Planned] = field(default_factory=list)


@dataclass
class Style:
    """How the book is printed."""

    wide_digits: bool
    leader: str
    listed: bool
    bullets: bool
    one_line: str
    """Between title and amount: a line break, spaces or a tab."""
    brackets: tuple[str, str]
    dash: str
    labels: str
    department: tuple[str, str]
    forecast: str
    forecast_break: str
    number: str
    blank: str
    indent: str
    starred: bool
    wrapped: int
    pages: bool
    unit: str
    wrapped_titles: bool
    member_between: str
    word: dict[str, str]
    goal_pages: bool
    second_account: bool


def make_style(rng: random.Random) -> Style:
    return Style(
        wide_digits=rng.random() < 0.3,
        leader=rng.choice(
            ["……………", "・・・・・・", "‥‥‥‥", "······", " ........ ", " ------ ", "\t", " ", "…"]
        ),
        listed=rng.random() < 0.8,
        bullets=rng.random() < 0.5,
        one_line=rng.choice(["\n", "\n\n", " ", "　　", "\t"]),
        brackets=rng.choice([("(", ")"), ("（", "）"), ("（", ")"), ("〔", "〕")]),
        dash=rng.choice("—－―-‐–─"),
        labels=rng.choice(["own", "same", "brackets", "before", "after"]),
        department=rng.choice(
            [("▶", ""), ("▶ ", ""), ("【", "】"), ("所管：", ""), ("（担当：", "）")]
        ),
        forecast=rng.choice(
            ["R{} 見込額：{}", "Ｒ{}　見込額：{}", "令和{}年度見込額 {}", "R{}見込額:{}"]
        ),
        forecast_break=rng.choice([" ", "　", "\n", "／", "、"]),
        number=rng.choice(["{} ", "{}．", "({}) ", "（{}）", "{}　"]),
        blank=rng.choice(["\n", "\n\n", "\n\n\n"]),
        indent=rng.choice(["", "　"]),
        starred=rng.random() < 0.2,
        wrapped=rng.choice([0, 0, 32, 40]),
        pages=rng.random() < 0.3,
        unit=rng.choice(["千円", "千円", "mixed", " 千円"]),
        wrapped_titles=rng.random() < 0.25,
        member_between=rng.choice(["\t", " ", "　　", "…"]),
        word=rng.choice(
            [{}, {"拡充": "充実", "新規": "新", "見直し": "見直"}, {"拡充": "レベルアップ"}]
        ),
        goal_pages=rng.random() < 0.2,
        second_account=rng.random() < 0.2,
    )


class Planner:
    """Makes plans: titles never repeat inside one book."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        pairs = [subject + action for subject in SUBJECTS for action in ACTIONS]
        rng.shuffle(pairs)
        self.titles = iter(pairs)
        self.page = rng.randint(20, 400)

    def book(self) -> list[tuple[str, str, list[tuple[str, str, list[Planned]]]]]:
        """Chapters: number, name, goals: number, title, programmes."""
        count = self.rng.choice([1, 1, 2, 3])
        first = self.rng.randint(1, 9)
        names = self.rng.sample(SECTIONS, count)
        return [self._chapter(str(first + i), name) for i, name in enumerate(names)]

    def _chapter(
        self, number: str, name: str
    ) -> tuple[str, str, list[tuple[str, str, list[Planned]]]]:
        goals = self.rng.sample(GOALS, self.rng.randint(1, 3))
        planned = []
        for index, goal in enumerate(goals, start=1):
            programs = [self._program(name, goal) for _ in range(self.rng.randint(1, 4))]
            planned.append((str(index), goal, programs))
        return number, name, planned

    def _program(self, section: str, goal: str) -> Planned:
        kind = self.rng.choices(["standalone", "parent", "group"], [6, 1, 1])[0]
        self.page += self.rng.randint(0, 1)
        program = self._one(section, goal)
        program.status = self.rng.choice(STATUSES)
        program.department = self.rng.choice(DEPARTMENTS)
        program.paragraphs = self._text(program.title)
        program.forecasts = [self._forecast(2026), self._forecast(2027)]
        if kind == "standalone":
            return program
        size = self.rng.randint(2, 4)
        members = [self._one(section, goal) for _ in range(size)]
        for index, member in enumerate(members, start=1):
            member.number = str(index)
            member.status, member.department = program.status, program.department
            member.role = "child" if kind == "parent" else "member"
        program.role, program.members = kind, members
        if kind == "parent":
            program.amount = sum(member.amount for member in members)
        else:
            for member in members:
                member.paragraphs = self._text(member.title)
        return program

    def _one(self, section: str, goal: str) -> Planned:
        amount = self.rng.choice([self.rng.randint(1, 999), self.rng.randint(1000, 3_000_000)])
        previous = self.rng.choice([None, 0, self.rng.randint(1, 2_000_000)])
        return Planned(next(self.titles), amount, previous, self.page, goal=goal, section=section)

    def _forecast(self, year: int) -> tuple[int, str, int | None]:
        state = self.rng.choice(["value", "value", "value", "undetermined", "completed"])
        return year, state, self.rng.randint(1, 5000) * 1_000_000 if state == "value" else None

    def _text(self, title: str) -> list[str]:
        return [
            sentence.format(title[:9])
            for sentence in self.rng.sample(SENTENCES, self.rng.randint(1, 3))
        ]


class Printer:
    """Prints a plan in a style."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.out: list[str] = []

    def print(self, book: list[tuple[str, str, list[tuple[str, str, list[Planned]]]]]) -> str:
        self.out = ["<一般会計>"]
        for index, (number, name, goals) in enumerate(book):
            if index and self.style.second_account:
                self.out.append("〔国民健康保険事業会計〕")
            self.out.append(f"{self._digits(number)} {name}")
            if self.style.listed:
                self._contents(goals)
            for _, _, programs in goals:
                for program in programs:
                    self._block(program)
        return self.style.blank.join(self.out)

    def _contents(self, goals: list[tuple[str, str, list[Planned]]]) -> None:
        lines = []
        for number, title, programs in goals:
            page = f"……{programs[0].page}" if self.style.goal_pages else ""
            mark = "- " if self.style.bullets else ""
            lines.append(f"{mark}{self._digits(number)} {title}{page}")
            for program in programs:
                entries = [program] if program.role != "group" else []
                for entry in [*entries, *program.members]:
                    mark = " - " if self.style.bullets else ""
                    page = self._digits(str(entry.page))
                    title_ = self._wrap(entry.title)
                    lines.append(f"{mark}{title_}{self.style.leader}{page}")
        self.out.append("\n".join(lines))

    def _block(self, program: Planned) -> None:
        if program.role == "group":
            self.out.append(
                "\n".join(self._head(m, self.style.member_between) for m in program.members)
            )
        elif program.role == "parent":
            self.out.append(self._head(program, " "))
            self.out += [self._number(m) + self._head(m, " ") for m in program.members]
        elif self.style.labels == "before":
            self.out.append(
                f"【{self._status(program)}】{self._head(program, self.style.one_line)}"
            )
        elif self.style.labels == "after":
            self.out.append(
                self._head(program, self.style.one_line) + f"（{self._status(program)}）"
            )
        else:
            self.out.append(self._head(program, self.style.one_line))
        self._labels(program)
        self._paragraphs(program)
        if program.role == "group":
            for member in program.members:
                self.out.append(self._number(member) + member.title)
                self._paragraphs(member)
        forecasts = [self._forecast(*forecast) for forecast in program.forecasts]
        self.out.append(self.style.forecast_break.join(forecasts))
        if self.style.pages:
            self.out.append(f"- {program.page} -")

    def _labels(self, program: Planned) -> None:
        opening, closing = self.style.department
        department = f"{opening}{program.department}{closing}"
        joint = self.style.labels in ("before", "after") and program.role == "standalone"
        if joint:
            self.out.append(department)
        elif self.style.labels == "own":
            self.out += [self._status(program), department]
        elif self.style.labels == "brackets":
            self.out.append(f"【{self._status(program)}】{department}")
        else:
            self.out.append(f"{self._status(program)} {department}")

    def _status(self, program: Planned) -> str:
        return self.style.word.get(str(program.status), str(program.status))

    def _head(self, program: Planned, between: str) -> str:
        opening, closing = self.style.brackets
        amount = self._amount(program.amount)
        dash = self.style.dash
        last = f"{dash} 千円" if program.previous is None else self._amount(program.previous)
        title = self._wrap(program.title) if between.startswith("\n") else program.title
        gap = between if between == "\t" else " "
        return f"{title}{between}{amount}{gap}{opening}{last}{closing}"

    def _wrap(self, title: str) -> str:
        """A title too long for its line."""
        half = max(8, len(title) // 2)
        wrapped = self.style.wrapped_titles and len(title) > 11
        return f"{title[:half]}\n{title[half:]}" if wrapped else title

    def _amount(self, thousand: int) -> str:
        """``1455748`` → ``1,455,748千円`` or ``14億5,574万8千円``."""
        if self.style.unit == "mixed" and thousand >= 10:
            high, rest = divmod(thousand, 100_000)
            middle, low = divmod(rest, 10)
            parts = [(high, "億"), (middle, "万"), (low, "千")]
            return self._digits("".join(f"{n:,}{u}" for n, u in parts if n)) + "円"
        figure = self._digits(f"{thousand:,}")
        marked = f"**{figure}**" if self.style.starred else figure
        return marked + self.style.unit.replace("mixed", "千円")

    def _number(self, program: Planned) -> str:
        return self.style.number.format(self._digits(str(program.number)))

    def _paragraphs(self, program: Planned) -> None:
        for paragraph in program.paragraphs:
            text, width = self.style.indent + paragraph, self.style.wrapped
            if width and self.style.blank != "\n":
                text = "\n".join(text[i : i + width] for i in range(0, len(text), width))
            self.out.append(text)

    def _forecast(self, year: int, state: str, yen: int | None) -> str:
        value = {"undetermined": self.style.dash, "completed": "完了"}.get(state, "")
        if yen is not None:
            value = self._digits(f"{yen // 1_000_000:,}") + "百万円"
        return self.style.forecast.format(self._digits(str(year - 2018)), value)

    def _digits(self, text: str) -> str:
        wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
        return text.translate(wide) if self.style.wide_digits else text
