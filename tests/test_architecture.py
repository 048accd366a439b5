"""The shape of the code: docs/decisions/0001, CONTRIBUTING.md."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

from tests import source

PUBLIC_MODULES = frozenset({"actions", "queries", "access", "models", "registry"})
GROUND_FLOOR = frozenset({"kernel", "web"})
# Modules that are public beside the five: words and shapes that others name, with no behaviour of their own,
# and the engine and the builder of e-forms (docs/decisions/0004): pure functions over a definition or its rows.
ALSO_PUBLIC = frozenset(
    {
        "staff.permissions",
        "translation.languages",
        "forms.structure",
        "forms.filling",
        "forms.preview",
        "forms.building",
        "forms.merging",
    }
)
LONGEST_FILE = 400
LONGEST_VIEW = 25
MOST_DEPENDENCIES = 25
FRAMES = {"web/public.html": "web/page.html", "web/desk.html": "web/page.html", "web/error.html": "web/public.html"}


def uses_of_private_modules(path: Path) -> Iterator[str]:
    app = source.app_of(path)
    for number, name in source.imports(path):
        _package, other, module = ([*name.split("."), "", ""])[:3]
        if not name.startswith("kotisatama.") or other in GROUND_FLOOR | {app} or not module:
            continue
        if module not in PUBLIC_MODULES and f"{other}.{module}" not in ALSO_PUBLIC:
            yield f"{source.name_of(path)}:{number} uses {name}"


def test_apps_meet_at_their_public_modules_only() -> None:
    """`config` puts the whole together, and tests make rows with other apps' factories."""
    faults = [
        fault
        for path in source.files(".py")
        if source.app_of(path) not in {"config", ""} and "tests" not in path.parts
        for fault in uses_of_private_modules(path)
    ]
    assert not faults, "\n".join(faults)


def test_tests_use_of_other_apps_only_what_code_may_use_and_their_factories() -> None:
    faults = [
        fault
        for path in source.files(".py")
        if "tests" in path.parts and source.app_of(path) != "config"
        for fault in uses_of_private_modules(path)
        if not re.search(r"\.(tests|factories|config)\b", fault.split(" uses ")[1])
    ]
    assert not faults, "\n".join(faults)


def test_every_app_has_its_line() -> None:
    packages = {path.parent.name for path in source.PACKAGE.glob("*/__init__.py")}
    installed = {
        config.name.split(".")[1] for config in apps.get_app_configs() if config.name.startswith("kotisatama.")
    }
    assert packages == installed
    assert packages <= source.lines().keys()


def package_of(model: type[models.Model]) -> str:
    """Return the app's package; its label differs where Django has an app of the same name."""
    return model.__module__.split(".")[1]


def relations(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    """Yield (name, model pointed at) of the model's own foreign keys, many-to-many relations included."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if field.remote_field and isinstance(field.related_model, type):
            yield field.name, field.related_model


def test_foreign_keys_point_downwards() -> None:
    ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("kotisatama.")]
    found = [(model, name, other) for model in ours for name, other in relations(model)]
    faults = [
        f"{model._meta.label}.{name} points up or sideways at {other._meta.label}"
        for model, name, other in found
        if other.__module__.startswith("kotisatama.") and not source.may_use(package_of(model), package_of(other))
    ]
    assert found
    assert not faults, "\n".join(faults)


def test_no_generic_relations_hide_a_direction() -> None:
    faults = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("kotisatama.") and model._meta.private_fields
    ]
    assert not faults


def view_files() -> list[Path]:
    return [path for path in source.files(".py") if path.stem.endswith("views") or path.parent.name == "views"]


def test_views_read_rows_through_queries_and_access() -> None:
    doors = {"objects", "_default_manager", "_base_manager"}
    faults = [
        f"{source.name_of(path)}:{node.lineno} reads .{node.attr}"
        for path in view_files()
        for node in ast.walk(source.parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in doors
    ]
    assert view_files()
    assert not faults, "\n".join(faults)


def test_a_view_has_at_most_25_lines() -> None:
    faults = [
        f"{source.name_of(path)}:{node.lineno} {node.name} has {length} lines"
        for path in view_files()
        for node in ast.walk(source.parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_VIEW
    ]
    assert not faults, "\n".join(faults)


def test_a_file_has_at_most_400_lines() -> None:
    folders = [source.PACKAGE, source.ROOT / "tests", source.ROOT / "e2e", source.ROOT / "bench"]
    suffixes = (".py", ".html", ".css", ".js", ".txt")
    faults = [
        f"{source.name_of(path)} has {length} lines"
        for folder in folders
        for path in source.files(*suffixes, under=folder)
        if "migrations" not in path.parts and (length := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
    ]
    assert not faults, "\n".join(faults)


def test_no_signals() -> None:
    faults = [
        f"{source.name_of(path)}:{number} imports {name}"
        for path in source.files(".py")
        for number, name in source.imports(path)
        if name.startswith("django.dispatch") or "signals" in name.split(".")
    ]
    assert not faults, "\n".join(faults)


def patterns_not_written_here(path: Path) -> Iterator[str]:
    """Yield the calls of Python's `re` whose pattern is not a text that stands in the call itself."""
    for node in ast.walk(source.parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "re":
            yield f"{source.name_of(path)}:{node.lineno} imports from re"
        if not isinstance(node, ast.Call) or not ast.unparse(node.func).startswith("re."):
            continue
        if not (node.args and isinstance(node.args[0], ast.Constant)):
            yield f"{source.name_of(path)}:{node.lineno} {ast.unparse(node)[:60]}"


def test_patterns_of_form_authors_never_meet_pythons_own_engine() -> None:
    """A pattern that a form author wrote took `re` 9 s and re2 0.03 ms (docs/decisions/0004)."""
    paths = list(source.files(".py", under=source.PACKAGE / "forms"))
    faults = [fault for path in paths if "tests" not in path.parts for fault in patterns_not_written_here(path)]
    assert any(name == "re2" for path in paths for _, name in source.imports(path))
    assert not faults, "\n".join(faults)


def tags(path: Path, tag: str) -> list[str]:
    return re.findall(rf"{{%\s*{tag}\s+([^%]*?)\s*%}}", path.read_text(encoding="utf-8"))


def test_a_template_extends_one_frame_and_frames_extend_the_bare_page() -> None:
    faults = []
    for name, path in source.templates().items():
        parents = tags(path, "extends")
        allowed = {FRAMES[name]} if name in FRAMES else set(FRAMES)
        if len(parents) > 1 or not {parent.strip("\"'") for parent in parents} <= allowed:
            faults.append(f"{source.name_of(path)} extends {parents}")
    assert not faults, "\n".join(faults)


def rendered() -> Iterator[tuple[str, str]]:
    """Yield (file, template) of each whole page that a view renders by name."""
    for path in view_files():
        for node in ast.walk(source.parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "render":
                names = (str(each.value) for each in node.args if isinstance(each, ast.Constant))
                yield from ((source.name_of(path), name) for name in names if name.endswith(".html"))


def test_every_page_that_a_view_renders_stands_in_a_frame() -> None:
    """A part that a script puts into a page says so by its folder: `<app>/parts/`."""
    templates = source.templates()
    pages = [(view, name) for view, name in rendered() if "/parts/" not in name]
    faults = [f"{view} renders {name}" for view, name in pages if not tags(templates[name], "extends")]
    assert pages
    assert not faults, "\n".join(faults)


def test_templates_use_parts_of_lower_apps_only() -> None:
    faults = [
        f"{source.name_of(path)} uses {used}"
        for path in source.templates().values()
        for tag in ("extends", "include")
        for used in (each.split()[0].strip("\"'") for each in tags(path, tag))
        if used in source.templates() and used.split("/")[0] in source.lines()
        if not source.may_use(source.app_of(path), used.split("/")[0])
    ]
    assert not faults, "\n".join(faults)


def test_templates_hold_nothing_that_the_content_security_policy_refuses() -> None:
    refused = re.compile(
        r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\b(?:src=|type=\"application/json\"))|javascript:|\|\s*safe\b"
    )
    faults = [
        f"{source.name_of(path)}:{number} {line.strip()}"
        for path in source.templates().values()
        if path.suffix == ".html"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if refused.search(line)
    ]
    assert not faults, "\n".join(faults)


def test_pages_ask_no_third_party_for_anything() -> None:
    asks = re.compile(r"(src|href|action|@import|url\()\s*[=(]?\s*[\"']?(https?:)?//(?!www\.w3\.org)")
    faults = [
        f"{source.name_of(path)}:{number}"
        for path in source.files(".html", ".css", ".js")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if asks.search(line) and "<a " not in line
    ]
    assert not faults, "\n".join(faults)


def test_at_most_25_dependencies_each_with_its_reason() -> None:
    text = (source.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.split("\ndependencies = [\n")[1].split("\n]\n")[0].splitlines()
    assert 0 < len(source.project()["project"]["dependencies"]) <= MOST_DEPENDENCIES
    assert len(block) == len(source.project()["project"]["dependencies"])
    assert not [line for line in block if not re.search(r'",\s+# \w.{15,}', line)]
