"""What does bad input get? One Japanese sentence, the documented exit code, the index untouched."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from click.testing import Result

from indexer.engine.store import Store
from tests.cli.conftest import BOOK, Process, Yosan, read_json

GOOD = BOOK.read_bytes()


def write(name: str, data: bytes) -> Callable[[Path], Path]:
    """A maker of one file with this name and content."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    return make


def two_of_one_id(folder: Path) -> Path:
    """A manifest that gives two files the same id."""
    (folder / "a.md").write_bytes(GOOD)
    (folder / "b.md").write_bytes(GOOD)
    (folder / "manifest.toml").write_text(
        '[books."a.md"]\nid = "same"\n\n[books."b.md"]\nid = "same"\n',
        encoding="utf-8",
    )
    return folder


REFUSED: list[tuple[Callable[[Path], Path], str]] = [
    # Neither UTF-8 nor any encoding Japanese books come in.
    (write("unreadable.txt", b"\xff\xfe\x00\xd8" + b"\x81" * 7), "unreadable.txt"),
    # A picture under the name of a book.
    (write("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4), "picture.txt"),
    # Saved before anything was written.
    (write("empty.md", b""), "empty.md"),
    # Nothing but blank lines is as empty as nothing.
    (write("blank.md", b"\n\n  \n"), "blank.md"),
    # A PDF of which only the beginning has come.
    (write("book.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), "book.pdf"),
    # A whole file on one line: a converter gone wrong, or no book.
    (write("line.txt", "あ".encode() * 200_000), "line.txt"),
    # Japanese text, and nothing of a budget in it.
    (write("novel.txt", "吾輩は猫である。\n名前はまだ無い。\n".encode()), "novel.txt"),
    # A record cut off in the middle.
    (write("export.jsonl", b'{"id": "a", "title": "x", "document": {"id": "d"'), "export.jsonl"),
]


@pytest.fixture
def served(yosan: Yosan, tmp_path: Path) -> Path:
    """An index that is being served, outside the folder the bad input comes from."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "served.md").write_bytes(GOOD)
    index = tmp_path / "index"
    assert yosan("index", home, "--index", index).exit_code == 0
    return index


def state(index: Path) -> tuple[int | None, dict[str, bytes]]:
    """The current generation and every file of the index but the lock."""
    files = {
        str(path.relative_to(index)): path.read_bytes()
        for path in sorted(index.rglob("*"))
        if path.is_file() and path.name != "write.lock"
    }
    return Store(index).current(), files


def sentences(result: Result) -> list[str]:
    """What was said on stderr, one sentence a line; never a stack trace."""
    assert "Traceback" not in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.stderr.strip().splitlines()


@pytest.mark.parametrize(("make", "name"), REFUSED, ids=[name for _, name in REFUSED])
def test_alone(
    yosan: Yosan, served: Path, tmp_path: Path, make: Callable[[Path], Path], name: str
) -> None:
    """Nothing readable: failure, a sentence that names the file, the served index unchanged."""
    before = state(served)
    folder = tmp_path / "bad"
    folder.mkdir()
    result = yosan("index", make(folder), "--index", served)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert name in sentences(result)[0]
    assert "。" in sentences(result)[0]
    assert state(served) == before


@pytest.mark.parametrize(("make", "name"), REFUSED, ids=[name for _, name in REFUSED])
def test_among_good_ones(
    yosan: Yosan, tmp_path: Path, make: Callable[[Path], Path], name: str
) -> None:
    """One bad file beside good ones: they are indexed, exit 6, the bad one named on stderr."""
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "good.md").write_bytes(GOOD)
    make(tmp_path / "books")
    result = yosan("index", tmp_path / "books", "--index", tmp_path / "i", "--json")
    assert result.exit_code == 6
    assert read_json(result)["programs"] == 12
    assert any(name in sentence for sentence in sentences(result))
    assert [item["path"] for item in read_json(result)["refused"]] == [name]


def test_one_among_a_hundred(yosan: Yosan, tmp_path: Path) -> None:
    """The other ninety-nine are indexed."""
    text = BOOK.read_text(encoding="utf-8")
    for number in range(99):
        book = text.replace("政策経営部", f"第{number}部")
        (tmp_path / f"{number:02}.md").write_text(book, encoding="utf-8")
    (tmp_path / "99.md").write_bytes(b"%PDF-1.7\n")
    result = yosan("index", tmp_path, "--index", tmp_path / "i", "--json")
    assert result.exit_code == 6
    report = read_json(result)
    assert (report["documents"], report["programs"]) == (99, 99 * 12)
    assert [sentence for sentence in sentences(result) if "99.md" in sentence]


def test_two_documents_with_one_id(yosan: Yosan, tmp_path: Path) -> None:
    """Neither replaces the other silently: the sentence names both files."""
    (tmp_path / "books").mkdir()
    result = yosan("index", two_of_one_id(tmp_path / "books"), "--index", tmp_path / "i")
    assert result.exit_code in (1, 6)
    said = "".join(sentences(result))
    assert "a.md" in said
    assert "b.md" in said
    assert "same" in said


def test_id_taken_by_an_indexed_file(yosan: Yosan, served: Path, tmp_path: Path) -> None:
    """An export of the index, indexed beside its own books, would count everything twice."""
    out = yosan("export", "--index", served).stdout_bytes
    (tmp_path / "all.jsonl").write_bytes(out)
    before = state(served)
    result = yosan("index", tmp_path / "all.jsonl", "--index", served)
    assert result.exit_code == 1
    assert "all.jsonl" in sentences(result)[0]
    assert "served.md" in sentences(result)[0]
    assert state(served) == before


def test_manifest_with_a_mistake(yosan: Yosan, served: Path, tmp_path: Path) -> None:
    """The sentence names the manifest and the line or the value."""
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "book.md").write_bytes(GOOD)
    (folder / "manifest.toml").write_text('[books."book.md"\n', encoding="utf-8")
    before = state(served)
    result = yosan("index", folder, "--index", served)
    assert result.exit_code == 1
    assert "manifest.toml" in sentences(result)[0]
    assert state(served) == before


def test_missing_folder(yosan: Yosan, served: Path, tmp_path: Path) -> None:
    """A path that does not exist is a mistake of the command line: exit 2."""
    before = state(served)
    result = yosan("index", tmp_path / "nowhere", "--index", served)
    assert result.exit_code == 2
    assert "nowhere" in sentences(result)[0]
    assert state(served) == before


def test_folder_without_books(yosan: Yosan, served: Path, tmp_path: Path) -> None:
    """An empty folder is told apart from a missing one."""
    (tmp_path / "empty").mkdir()
    before = state(served)
    result = yosan("index", tmp_path / "empty", "--index", served)
    assert result.exit_code == 1
    assert "ファイルがない" in sentences(result)[0]
    assert str(tmp_path / "empty") in sentences(result)[0]
    assert state(served) == before


def test_index_folder_that_is_a_file(yosan: Yosan, tmp_path: Path) -> None:
    """Root may write anywhere; a file in the way stops everyone."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = yosan("index", BOOK, "--index", tmp_path / "file" / "index")
    assert result.exit_code == 1
    assert "file" in sentences(result)[0]


def test_full_disk(process: Process, served: Path, tmp_path: Path) -> None:
    """A file size limit stands for the full disk: a sentence, exit 1, still serving the old."""
    text = BOOK.read_text(encoding="utf-8")
    for number in range(20):
        book = text.replace("政策経営部", f"第{number}部")
        (tmp_path / f"{number:02}.md").write_text(book, encoding="utf-8")
    before = state(served)
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    script = limit + "from indexer.cli import main; main()"
    done = process("index", *sorted(tmp_path.glob("*.md")), "--index", served, script=script)
    assert done.returncode == 1, done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert "ファイルの大きさの上限を超えた" in done.stderr.decode()
    assert done.stderr.decode().strip().endswith("。")
    assert state(served) == before


# A pointer that names no generation: torn, of another shape, or leading out of the folder.
@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00", b"[]", b'{"generation":"../..","manifest_sha256":""}', b"12"]
)
def test_broken_pointer(yosan: Yosan, served: Path, content: bytes) -> None:
    """Exit 4 with the way out, and the way out works."""
    (served / "CURRENT").write_bytes(content)
    for command in (("search", "生成AI"), ("check",), ("index", BOOK)):
        result = yosan(*command, "--index", served)
        assert result.exit_code == 4
        assert "--full" in sentences(result)[0]
    assert yosan("index", BOOK, "--full", "--index", served).exit_code == 0
    assert yosan("search", "生成AI", "--index", served).exit_code == 0


def test_second_writer(process: Process, served: Path) -> None:
    """The holder is named and the exit code is 5; nothing is waited for."""
    before = state(served)
    with Store(served).writer():
        done = process("index", BOOK, "--index", served)
    assert done.returncode == 5
    assert str(os.getpid()) in done.stderr.decode()
    assert state(served) == before


def test_damaged_index(yosan: Yosan, served: Path) -> None:
    """One flipped bit anywhere is found: exit 4 for check, and a way out that works."""
    victim = max(served.glob("generations/*/*"), key=lambda path: path.stat().st_size)
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.chmod(0o600)
    victim.write_bytes(bytes(data))
    result = yosan("check", "--index", served)
    assert result.exit_code == 4
    assert "--full" in sentences(result)[0]
    assert yosan("index", BOOK, "--full", "--index", served).exit_code == 0
    assert yosan("check", "--index", served).exit_code == 0


# Every command that reads says the same when there is no index yet.
@pytest.mark.parametrize(
    "command",
    [("search", "x"), ("show", "x"), ("export",), ("check",), ("rollback",), ("ask", "x")],
)
def test_no_index_yet(yosan: Yosan, tmp_path: Path, command: tuple[str, ...]) -> None:
    """The sentence says how to make one."""
    result = yosan(*command, "--index", tmp_path / "none")
    assert result.exit_code == 1
    assert "yosan index" in sentences(result)[0]
    assert not (tmp_path / "none").exists()


USAGE: list[tuple[tuple[str, ...], str]] = [
    # A value that no programme has: what there is instead.
    (("search", "--status", "新記"), "「新規」"),
    (("search", "--department", "総務"), "総務課"),
    (("search", "--fiscal-year", "令和99年度"), "2025"),
    # Amounts that are no amounts, and bounds the wrong way round.
    (("search", "--min-amount", "たくさん"), "1億円"),
    (("search", "--min-amount", "2億円", "--max-amount", "1億円"), "--max-amount"),
    # Options: unknown, unfit, out of range, without value.
    (("search", "--sorting", "amount"), "--sort"),
    (("search", "--sort", "size"), "relevance"),
    (("search", "--limit", "0"), "100"),
    (("search", "--limit", "ten"), "ten"),
    (("search", "--status"), "--status"),
    # Arguments: none, too many.
    (("show",), "ID"),
    (("ask",), "質問"),
    (("show", "a", "b"), "引用符"),
    # A command that is none.
    (("serach", "x"), "search のことですか"),
    (("export", "--format", "xlsx"), "csv"),
]


@pytest.mark.parametrize(("command", "helpful"), USAGE, ids=[" ".join(c) for c, _ in USAGE])
def test_usage(yosan: Yosan, sample_index: Path, command: tuple[str, ...], helpful: str) -> None:
    """Exit code 2 and one sentence in Japanese that contains the way out."""
    result = yosan("--index", sample_index, *command)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(sentences(result)) == 1
    assert helpful in result.stderr
    assert any("ぁ" <= character <= "ん" for character in result.stderr)


def test_port_in_use(process: Process, sample_index: Path) -> None:
    """One sentence with the way out, not a stack trace of the web server."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = process("serve", "--port", str(port), "--index", sample_index)
    assert done.returncode == 1
    said = done.stderr.decode().strip().splitlines()
    assert len(said) == 1
    assert str(port) in said[0]
    assert "--port" in said[0]


class TestTerminals:
    """Terminals and pipes that are not as one expects."""

    def test_reader_that_leaves(self, sample_index: Path, tmp_path: Path) -> None:
        """``yosan export | head -1`` ends quietly."""
        command = f"{sys.executable} -c 'from indexer.cli import main; main()'"
        line = f"set -o pipefail; for i in 1; do {command} export --index {sample_index}; done"
        done = subprocess.run(
            ["bash", "-c", f"{line} | head -c 10"], capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")

    # Output that cannot be written is a failure with a sentence; a closed stream is nobody's.
    @pytest.mark.parametrize(
        ("command", "code"),
        [
            ("search 生成AI >/dev/full", 1),
            ("search 生成AI --json >/dev/full", 1),
            ("export >/dev/full", 1),
            ("search --help >/dev/full", 1),
            ("search 生成AI >&-", 0),
            ("search 生成AI --json >&-", 0),
            ("search xyzqqq 2>&-", 3),
            ("--version <&- >&- 2>&-", 0),
        ],
    )
    def test_streams(self, sample_index: Path, command: str, code: int) -> None:
        """No stack trace, not even the one Python adds at exit."""
        program = f"{sys.executable} -c 'from indexer.cli import main; main()'"
        done = subprocess.run(
            ["bash", "-c", f"{program} {command}"],
            capture_output=True,
            check=False,
            env={**os.environ, "YOSAN_INDEX": str(sample_index)},
        )
        said = done.stderr.decode()
        assert (done.returncode, "Traceback" in said, "Exception" in said) == (code, False, False)
        assert "空きがない" in said if code == 1 else said == ""

    def test_fault_of_our_own(
        self, yosan: Yosan, sample_index: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A sentence that says what to do, and the stack trace for those who ask for it."""

        def fail(*_: object) -> object:
            raise KeyError("x")

        monkeypatch.setattr("indexer.library.Library.search", fail)
        result = yosan("search", "x", "--index", sample_index)
        assert result.exit_code == 1
        assert "YOSAN_DEBUG" in sentences(result)[0]
        monkeypatch.setenv("YOSAN_DEBUG", "1")
        assert isinstance(yosan("search", "x", "--index", sample_index).exception, KeyError)

    # Encodings that cannot hold what is printed: no kanji at all, no em dash, no minus sign.
    @pytest.mark.parametrize("encoding", ["ascii", "cp932", "latin-1"])
    def test_other_encodings(self, process: Process, sample_index: Path, encoding: str) -> None:
        """What cannot be shown is replaced; JSON stays UTF-8."""
        environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
        arguments = ("search", "生成AI", "--index", sample_index)
        assert process(*arguments, env=environment).returncode == 0
        done = process(*arguments, "--json", env=environment)
        assert orjson.loads(done.stdout)["total"] >= 1

    def test_bytes_that_are_no_text(self, process: Process, sample_index: Path) -> None:
        """An argument in another encoding is searched for as far as it can be read."""
        done = process(b"search".decode(), os.fsdecode(b"\xff\xfe"), "--index", sample_index)
        assert done.returncode in (0, 3)
        assert b"Traceback" not in done.stderr

    def test_no_colour_in_a_pipe(self, process: Process, sample_index: Path) -> None:
        """Escape codes are for terminals."""
        assert b"\x1b" not in process("search", "生成AI", "--index", sample_index).stdout


def test_interrupted(yosan: Yosan, served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of parsing: exit 130, and the index is what it was."""
    before = state(served)

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("indexer.changes.parse", interrupt)
    result = yosan("index", BOOK, "--index", served)
    assert result.exit_code == 130
    assert state(served) == before
