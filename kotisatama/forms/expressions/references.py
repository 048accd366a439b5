"""What a tree points at: for the order of calculation and for checks before publishing."""

from collections.abc import Iterator

from kotisatama.forms.expressions.parser import Tree


def dependencies(tree: Tree) -> frozenset[str]:
    """Names of all elements that the tree may read.

    A plain name inside `instance('list')/…[…]` is a column of that list and not counted, nor is the node itself (`.`).
    """
    return frozenset(_names(tree, foreign=False))


def patterns(tree: Tree) -> Iterator[str]:
    """Patterns that are written out in calls of regex()."""
    if tree[:2] == ["call", "regex"] and tree[3][0] == "str":
        yield tree[3][1]
    for part in tree:
        if isinstance(part, list):
            yield from patterns(part) if part else ()


def calls(tree: Tree) -> frozenset[str]:
    """Names of all functions that the tree calls."""
    found = {tree[1]} if tree[:1] == ["call"] else set()
    return frozenset(found.union(*(calls(part) for part in tree if isinstance(part, list))))


def _names(tree: Tree, *, foreign: bool) -> Iterator[str]:
    match tree:
        case ["ref", name]:
            yield name
        case ["call", "jr:choice-name", value, ["str", name]]:
            yield name
            yield from _names(value, foreign=foreign)
        case ["path", base, steps]:
            yield from _names(base, foreign=foreign)
            yield from _step_names(steps, foreign=_is_foreign(base, foreign))
        case ["filter", base, predicates]:
            yield from _names(base, foreign=foreign)
            for predicate in predicates:
                yield from _names(predicate, foreign=_is_foreign(base, foreign))
        case [_, *parts]:
            for part in parts:
                if isinstance(part, list):
                    yield from _names(part, foreign=foreign)


def _is_foreign(base: Tree, foreign: bool) -> bool:
    match base:
        case ["call", "instance", *_]:
            return True
        case ["filter" | "path", inner, _]:
            return _is_foreign(inner, foreign)
        case ["here"]:
            return foreign
    return False


def _step_names(steps: list[Tree], *, foreign: bool) -> Iterator[str]:
    for _, name, predicates in steps:
        if not foreign and name != "*":
            yield name
        for predicate in predicates:
            yield from _names(predicate, foreign=foreign)
