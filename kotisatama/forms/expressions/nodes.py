"""The instance that expressions read: a tree of named nodes with texts."""

import json
from collections.abc import Iterator


class Node:
    """One element: a name, a text and children. A repeat is several children of one name."""

    __slots__ = ("children", "name", "parent", "repeated", "text")

    def __init__(self, name: str, text: str = "", *, repeated: bool = False) -> None:
        self.name = name
        self.text = text
        self.repeated = repeated
        self.parent: Node | None = None
        self.children: list[Node] = []

    def add(self, child: "Node") -> "Node":
        """Hang the child under this node and return it."""
        child.parent = self
        self.children.append(child)
        return child

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def ancestors(self) -> Iterator["Node"]:
        """This node, its parent and so on up to the document."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def position(self) -> int:
        """Which of its siblings of the same name this is, counted from 1."""
        siblings = [node for node in self.parent.children if node.name == self.name] if self.parent else [self]
        return next((number for number, node in enumerate(siblings, 1) if node is self), 1)

    def __repr__(self) -> str:
        return f"Node({self.name!r}, {json.dumps(self.text)})"


Value = str | float | bool | list[Node]
