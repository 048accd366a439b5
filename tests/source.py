"""The project's own files as the guards read them: paths, parsed Python, the lines of the apps."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kotisatama"
NOT_OURS = frozenset({"vendor", "node_modules", "__pycache__", "locale"})


@cache
def project() -> dict[str, Any]:
    """Return pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def lines() -> dict[str, int]:
    """Return the line of each app in the order of import-linter; a smaller number stands higher."""
    (contract,) = (each for each in project()["tool"]["importlinter"]["contracts"] if each["id"] == "layers")
    return {name: number for number, layer in enumerate(contract["layers"]) for name in re.findall(r"\w+", layer)}


def may_use(app: str, other: str) -> bool:
    """Whether `app` may know `other`: itself, or one on a line below its own."""
    return app == other or lines()[app] < lines()[other]


def files(*suffixes: str, under: Path = PACKAGE) -> Iterator[Path]:
    """Yield our own files with one of the suffixes, in the order of their paths."""
    for path in sorted(under.rglob("*")):
        if path.suffix in suffixes and NOT_OURS.isdisjoint(path.relative_to(under).parts):
            yield path


@cache
def parsed(path: Path) -> ast.Module:
    """Return the file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def app_of(path: Path) -> str:
    """Return the app in which a file of the package stands; empty for the package's own files."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def name_of(path: Path) -> str:
    """Return the path as people write it."""
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line number, dotted name) of everything that the file imports, `from a import b` as `a.b`."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def templates() -> dict[str, Path]:
    """Return our templates by the name under which Django loads them."""
    found = {}
    for path in files(".html", ".txt"):
        parts = path.relative_to(PACKAGE).parts
        if "templates" in parts:
            found["/".join(parts[parts.index("templates") + 1 :])] = path
    return found
