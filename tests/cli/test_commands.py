"""Does every command keep its contract: data on stdout, talk on stderr, the exit code?"""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import orjson
import pytest

from indexer.cli import COMMANDS
from tests.cli.conftest import BOOK, CORPUS, Process, Yosan, read_json


def first_id(yosan: Yosan, index: Path, query: str) -> str:
    found = read_json(yosan("search", query, "--index", index, "--json"))
    program_id: str = found["hits"][0]["program"]["id"]
    return program_id


class TestSearch:
    """``yosan search``."""

    # The two searches that the product has to get right before anything else.
    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ("生成AI", "デジタル化の推進に向けた環境整備"),
            ("ふるさと納税", "ホームタウンちよだ応援事業"),
        ],
    )
    def test_finds_first(self, yosan: Yosan, sample_index: Path, query: str, first: str) -> None:
        """The programme a reader means stands first, with a marked snippet."""
        hit = read_json(yosan("search", query, "--index", sample_index, "--json"))["hits"][0]
        assert hit["program"]["title"] == first
        assert any(snippet["ranges"] for snippet in hit["snippets"])

    def test_json_has_the_contract_keys(self, yosan: Yosan, sample_index: Path) -> None:
        """Other programs read these names."""
        found = read_json(yosan("search", "ふるさと納税", "--index", sample_index, "--json"))
        assert {"query", "total", "total_yen", "hits", "facets", "did_you_mean", "took_ms"} <= set(
            found
        )
        assert {"text", "filters", "sort", "remarks"} <= set(found["query"])
        assert {"program", "score", "snippets", "why"} <= set(found["hits"][0])
        assert {"section", "status", "department", "fiscal_year", "publisher"} <= set(
            found["facets"]
        )
        assert {"value", "count", "yen", "selected"} <= set(found["facets"]["status"][0])

    # Every way of writing one filter finds the same programmes.
    @pytest.mark.parametrize(
        "options",
        [
            ("--fiscal-year", "2025"),  # as the facet holds it
            ("--fiscal-year", "令和7年度"),  # as the book prints it
            ("--fiscal-year", "R7"),  # as officials write it
            ("--fiscal-year", "令和７年度"),  # as an input method leaves it
            ("--publisher", "千代田区"),
            ("--section", "政策経営部"),
            ("--account", "一般会計"),
            ("--status", "新規", "--status", "拡充"),  # OR inside one facet
            ("--min-amount", "1円"),
        ],
    )
    def test_filters_that_keep_everything(
        self, yosan: Yosan, sample_index: Path, options: tuple[str, ...]
    ) -> None:
        """All twelve named programmes of the sample, 28億2,634万4千円 without counting twice."""
        found = read_json(yosan("search", *options, "--index", sample_index, "--json"))
        assert (found["total"], found["total_yen"]) == (12, 2_826_344_000)

    # Amounts as people write them; the rows differ by one programme or one unit.
    @pytest.mark.parametrize(
        ("options", "total"),
        [
            (("--min-amount", "1億円"), 4),
            (("--min-amount", "10億円"), 1),
            (("--min-amount", "1,966,770千円", "--max-amount", "1966770000"), 1),
            (("--status", "新規", "--max-amount", "1千万円"), 1),
            (("--status", "新規", "--department", "総務課"), 1),  # AND across facets
        ],
    )
    def test_amounts_and_facets(
        self, yosan: Yosan, sample_index: Path, options: tuple[str, ...], total: int
    ) -> None:
        """Bounds are inclusive and read in any unit."""
        found = read_json(yosan("search", *options, "--index", sample_index, "--json"))
        assert found["total"] == total

    def test_pages(self, yosan: Yosan, sample_index: Path) -> None:
        """Pages of a sorted list follow one another without gap or repetition."""
        options = ("--sort", "amount", "--limit", "5", "--index", sample_index, "--json")
        pages = [
            read_json(yosan("search", *options, "--offset", offset)) for offset in ("0", "5", "10")
        ]
        yen = [hit["program"]["amount"]["yen"] for page in pages for hit in page["hits"]]
        assert len(yen) == 12
        assert yen == sorted(yen, reverse=True)

    def test_words_need_no_quotes(self, yosan: Yosan, sample_index: Path) -> None:
        """Two words typed side by side are the two words in quotes."""
        apart = read_json(yosan("search", "生成AI", "活用", "--index", sample_index, "--json"))
        quoted = read_json(yosan("search", "生成AI 活用", "--index", sample_index, "--json"))
        assert apart["total"] >= 1
        assert apart["query"] == quoted["query"]

    def test_for_people(self, yosan: Yosan, sample_index: Path) -> None:
        """Count and sum first; amounts as printed with last year beside them; no colour codes."""
        result = yosan("search", "生成AI", "--index", sample_index)
        assert result.exit_code == 0
        assert re.match(r"[1-9][0-9]*件　合計 [0-9]+億[0-9,]+万", result.stdout)
        assert "314,060千円（前年度 127,237千円、+186,823千円 +146.8%）" in result.stdout
        assert "\x1b" not in result.stdout

    def test_nothing_found(self, yosan: Yosan, sample_index: Path) -> None:
        """Exit code 3, an empty stdout, and a way forward."""
        result = yosan("search", "南極観測船", "--index", sample_index)
        assert result.exit_code == 3
        assert result.stdout == ""
        assert "見つかりませんでした" in result.stderr
        assert "・" in result.stderr

    def test_nothing_found_is_still_one_json_document(
        self, yosan: Yosan, sample_index: Path
    ) -> None:
        """A program reads the empty result like any other."""
        result = yosan("search", "南極観測船", "--index", sample_index, "--json")
        assert result.exit_code == 3
        assert read_json(result)["total"] == 0


class TestShow:
    """``yosan show``."""

    def test_json(self, yosan: Yosan, sample_index: Path) -> None:
        """The contract's programme, with its printed lines."""
        program_id = first_id(yosan, sample_index, "ふるさと納税")
        program = read_json(yosan("show", program_id, "--index", sample_index, "--json"))
        assert program["id"] == program_id
        assert program["amount"] == {
            "yen": 40_500_000,
            "state": "value",
            "raw": "40,500千円",
            "unit": "千円",
            "line": 40,
        }
        assert program["previous_amount"]["state"] == "none"
        assert (program["change_yen"], program["change_ratio"]) == (None, None)
        assert program["printed"]["40"] == BOOK.read_text(encoding="utf-8").splitlines()[39]

    def test_for_people(self, yosan: Yosan, sample_index: Path) -> None:
        """Facts in words, then the lines as printed with their numbers."""
        program_id = first_id(yosan, sample_index, "ふるさと納税")
        shown = yosan("show", program_id, "--index", sample_index).stdout
        assert "40,500千円" in shown
        assert "   40 │ " in shown

    def test_executed_money_is_shown_with_its_year(self, yosan: Yosan, tmp_path: Path) -> None:
        """A sheet of 2020 tells what was spent in 2019 and 2018."""
        years = (("年度", 2018, 2019, 2020), ("執行額", 3.0, 2.5, None), ("当初予算", 4, 5, 6))
        sheet = {"公開年度": 2020, "府省庁": "総務省", "事業番号": "1", "事業名": "統計調査"}
        sheet |= {"開始年度": 1957, "終了年度": 2024, "担当部局庁": "統計局", "担当課室": "調査課"}
        sheet["予算"] = [{name: row[n] for name, *row in years} for n in range(3)]
        (tmp_path / "sheets.ndjson").write_bytes(orjson.dumps(sheet))
        index = tmp_path / "index"
        yosan("index", tmp_path / "sheets.ndjson", "--index", index)
        shown = yosan("show", first_id(yosan, index, "統計調査"), "--index", index).stdout
        lines = [" ".join(line.split()) for line in shown.splitlines()]
        assert "執行額 令和元年度（2019） 2,500,000円" in lines
        assert "平成30年度（2018） 3百万円" in lines
        assert "事業開始年度 昭和32年度（1957）" in lines
        assert "事業終了（予定）年度 令和6年度（2024）" in lines

    def test_unknown_id_is_answered_with_candidates(self, yosan: Yosan, sample_index: Path) -> None:
        """A title typed instead of an id leads to the id."""
        result = yosan("show", "ホームタウンちよだ応援事業", "--index", sample_index)
        assert result.exit_code == 3
        assert first_id(yosan, sample_index, "ふるさと納税") in result.stderr


class TestExport:
    """``yosan export``."""

    def test_jsonl_has_every_programme(self, yosan: Yosan, sample_index: Path) -> None:
        """One record a line, no page limit; groups only when asked for."""
        lines = yosan("export", "--index", sample_index).stdout_bytes.splitlines()
        assert len(lines) == 12
        with_groups = yosan("export", "--groups", "--index", sample_index).stdout_bytes
        roles = [orjson.loads(line)["role"] for line in with_groups.splitlines()]
        assert (len(roles), roles.count("group")) == (13, 1)

    def test_csv_is_numbers_beside_print(self, yosan: Yosan, sample_index: Path) -> None:
        """A BOM, whole yen, the printed text and its unit in cells of their own."""
        data = yosan(
            "export", "ふるさと納税", "--format", "csv", "--index", sample_index
        ).stdout_bytes
        assert data.startswith(b"\xef\xbb\xbf")
        row = next(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert (row["amount_yen"], row["amount_raw"], row["amount_unit"]) == (
            "40500000",
            "40,500千円",
            "千円",
        )
        assert (row["previous_amount_yen"], row["previous_amount_state"]) == ("", "none")

    def test_round_trip(self, yosan: Yosan, sample_index: Path, tmp_path: Path) -> None:
        """Export → index → export gives the same bytes: nothing is lost on the way out."""
        out = yosan("export", "--groups", "--index", sample_index).stdout_bytes
        (tmp_path / "all.jsonl").write_bytes(out)
        index = tmp_path / "second"
        assert yosan("index", tmp_path / "all.jsonl", "--index", index).exit_code == 0
        again = yosan("export", "--groups", "--index", index).stdout_bytes
        assert again == out

    def test_nothing_to_export(self, yosan: Yosan, sample_index: Path) -> None:
        """Exit code 3, and JSON that is still a document."""
        result = yosan("export", "南極観測船", "--json", "--index", sample_index)
        assert (result.exit_code, read_json(result)) == (3, [])


class TestIndex:
    """``yosan index``."""

    def test_json(self, yosan: Yosan, tmp_path: Path) -> None:
        """The contract's counts."""
        report = read_json(yosan("index", CORPUS, "--index", tmp_path / "i", "--json"))
        assert report["documents"] == 1
        assert report["programs"] == 12
        assert report["changed"] == 1
        assert report["removed"] == 0
        assert {"generation", "problems", "seconds"} <= set(report)

    def test_default_is_the_corpus_folder(self, process: Process, tmp_path: Path) -> None:
        """Without a path: ``corpus`` in the current folder."""
        (tmp_path / "corpus").mkdir()
        (tmp_path / "corpus" / "book.md").write_bytes(BOOK.read_bytes())
        done = process("index", "--json")
        assert done.returncode == 0, done.stderr.decode()
        assert orjson.loads(done.stdout)["programs"] == 12
        assert (tmp_path / ".yosan").is_dir()

    def test_index_folder_from_environment(self, process: Process, tmp_path: Path) -> None:
        """YOSAN_INDEX says where the index lies."""
        environment = {"YOSAN_INDEX": str(tmp_path / "elsewhere")}
        assert process("index", CORPUS, env=environment).returncode == 0
        assert process("search", "生成AI", env=environment).returncode == 0
        assert not (tmp_path / ".yosan").exists()

    def test_index_folder_before_the_command(self, yosan: Yosan, sample_index: Path) -> None:
        """``yosan --index DIR search …`` is the same as after the command."""
        assert yosan("--index", sample_index, "search", "生成AI").exit_code == 0


class TestCheckAndRollback:
    """``yosan check`` and ``yosan rollback``."""

    def test_check_reports_reconciliation(self, yosan: Yosan, sample_index: Path) -> None:
        """Every check of the sample book agrees; the report says which there are."""
        report = read_json(yosan("check", "--index", sample_index, "--json"))
        (document,) = report["documents"]
        assert document["checks"]
        assert all(check["ok"] for check in document["checks"])
        assert document["programs"] >= 12
        people = yosan("check", "--index", sample_index)
        assert people.exit_code == 0
        assert "壊れていません" in people.stdout

    def test_damaged_vectors_are_said_and_searched_without(
        self, yosan: Yosan, sample_index: Path, tmp_path: Path
    ) -> None:
        """Words are still found; a search says what is missing, and ``check`` calls it damage."""
        index = tmp_path / "i"
        shutil.copytree(sample_index, index)
        (vectors,) = index.rglob("*.vectors")
        vectors.write_bytes(b"x" + vectors.read_bytes()[1:])
        found = yosan("search", "生成AI", "--index", index)
        assert found.exit_code == 0
        assert f"「{vectors.name}」がないか壊れている" in found.stderr
        checked = yosan("check", "--index", index)
        assert checked.exit_code == 4
        assert "第1世代は壊れていません" not in checked.stdout
        assert vectors.name in checked.stderr

    def test_rollback_goes_back_one(self, yosan: Yosan, tmp_path: Path) -> None:
        """The index of before answers again, and the number says so."""
        book, index = tmp_path / "book.md", tmp_path / "i"
        text = BOOK.read_text(encoding="utf-8")
        book.write_text(text, encoding="utf-8")
        first = read_json(yosan("index", book, "--index", index, "--json"))["generation"]
        book.write_text(text.replace("40,500千円", "40,600千円"), encoding="utf-8")
        assert yosan("index", book, "--index", index).exit_code == 0
        assert read_json(yosan("rollback", "--index", index, "--json")) == {"generation": first}
        hit = read_json(yosan("search", "ふるさと納税", "--index", index, "--json"))["hits"][0]
        assert hit["program"]["amount"]["yen"] == 40_500_000

    def test_nothing_to_roll_back_to(self, yosan: Yosan, tmp_path: Path) -> None:
        """A first generation has none before it: one sentence, exit 2, still served."""
        index = tmp_path / "i"
        yosan("index", CORPUS, "--index", index)
        result = yosan("rollback", "--index", index)
        assert result.exit_code == 2
        assert len(result.stderr.strip().splitlines()) == 1
        assert yosan("search", "生成AI", "--index", index).exit_code == 0


class TestAskAndEval:
    """``yosan ask`` and ``yosan eval``."""

    def test_answer_with_its_printed_line(self, yosan: Yosan, sample_index: Path) -> None:
        """The contract's answer: yen, the verbatim quote, the line."""
        question = "ホームタウンちよだ応援事業の予算はいくらですか"
        answer = read_json(yosan("ask", question, "--index", sample_index, "--json"))
        assert answer["status"] == "answered"
        assert answer["value"]["number"] == 40_500_000
        (line,) = {item["line"] for item in answer["evidence"]}
        assert answer["evidence"][0]["quote"] in BOOK.read_text("utf-8").splitlines()[line - 1]

    def test_refusal(self, yosan: Yosan, sample_index: Path) -> None:
        """No answer is exit code 3, with the reason and examples of what can be asked."""
        result = yosan("ask", "明日の天気は？", "--index", sample_index, "--json")
        assert result.exit_code == 3
        assert read_json(result)["abstention"]["code"] == "OUT_OF_DOMAIN"
        people = yosan("ask", "明日の天気は？", "--index", sample_index)
        assert "・" in people.stderr

    @pytest.mark.parametrize(
        ("question", "status"),
        [
            # whether it is safe, no column and no sentence decides
            ("生成AIは安全ですか", "shown"),
            # an opinion is refused, what the book says of the programme is not
            ("ホームタウンちよだ応援事業は成功していますか", "abstained"),
        ],
    )
    def test_lines_near_a_question(
        self, yosan: Yosan, sample_index: Path, question: str, status: str
    ) -> None:
        """Printed lines that are no answer: exit code 3, each as printed, with the amount of its
        programme named as that."""
        result = yosan("ask", question, "--index", sample_index, "--json")
        answer = read_json(result)
        assert (result.exit_code, answer["status"], answer["value"]) == (3, status, None)
        assert 1 <= len(answer["passages"]) <= 3
        people = yosan("ask", question, "--index", sample_index)
        assert people.exit_code == 3
        printed = BOOK.read_text("utf-8").splitlines()
        for passage in answer["passages"]:
            place = f"{BOOK.name}:{passage['line']} {passage['page']}頁"
            assert f"{place} │ {passage['quote']}" in people.stdout
            assert passage["quote"][:12] in printed[passage["line"] - 1]
            amount = passage["amount"]["raw"]
            assert f"「{passage['title']}」（この事業全体の予算額 {amount}）" in people.stdout

    def test_eval(self, yosan: Yosan, sample_index: Path, tmp_path: Path) -> None:
        """Right and wrong expectations are told apart; a wrong one is exit code 1."""
        question = {"question": "総務課の予算は", "group": "sum"}
        right = {**question, "expect": {"number": 40_500_000}}
        wrong = {**question, "expect": {"number": 1}}
        path = tmp_path / "questions.jsonl"
        path.write_bytes(orjson.dumps(right))
        assert yosan("eval", path, "--index", sample_index).exit_code == 0
        path.write_bytes(orjson.dumps(right) + b"\n" + orjson.dumps(wrong))
        result = yosan("eval", path, "--index", sample_index, "--json")
        assert result.exit_code == 1
        assert read_json(result)["accuracy"] == 0.5
        path.write_text("not json", encoding="utf-8")
        assert yosan("eval", path, "--index", sample_index).exit_code == 2


class TestHelp:
    """The help that a person meets first."""

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_command_shows_an_example(self, yosan: Yosan, command: str) -> None:
        """An example is worth more than the list of options."""
        result = yosan(command, "--help")
        assert result.exit_code == 0
        assert f"yosan {command}" in result.stdout.partition("例:")[2]

    @pytest.mark.parametrize("command", [name for name in COMMANDS if name != "serve"])
    def test_every_result_has_json(self, yosan: Yosan, command: str) -> None:
        """``--json`` on every command that prints a result."""
        assert "--json" in yosan(command, "--help").stdout

    def test_completion_script(self, process: Process) -> None:
        """click's shell completion works for the installed name."""
        done = process(env={"_YOSAN_COMPLETE": "bash_source"})
        assert b"_yosan_completion" in done.stdout

    def test_completion_of_facet_values(self, process: Process, sample_index: Path) -> None:
        """Values come from the index: 新 → 新規."""
        words = f"yosan search --index {sample_index} --status 新"
        done = process(
            env={"_YOSAN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "5"}
        )
        assert "新規" in done.stdout.decode()
