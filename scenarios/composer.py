"""Nodes from the events of a YAML parser, one by one and counted: a file may be hostile."""

from __future__ import annotations

import re
from typing import Any

from .nodes import Listing, Mapping, Node, Scalar
from .problems import Mark, Problems, quoted

DEEPEST = 40
"""Levels of nesting."""
MOST_NODES = 20_000
"""Values of a file, with every alias written out."""
MOST_ALIASES = 100

# C0 and C1 controls, line separators that only some editors count, marks that turn the order of text around,
# surrogates (by escapes) and what is no character.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


class Stop(Exception):
    """The file cannot be read further."""

    def __init__(self, mark: Mark, message: str) -> None:
        self.mark, self.message = mark, message
        super().__init__(message)


class Composer:
    """Builds nodes from events, without recursion."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0
        self.aliases = 0
        self.open: list[tuple[Mapping | Listing, str | None, int]] = []  # with anchor, and nodes before it
        self.key: list[Scalar | None] = []  # the key that waits for its value, by open container
        self.anchors: dict[str, tuple[Node, int]] = {}  # node, and how many nodes it holds

    def feed(self, event: Any) -> None:
        """Takes the next event."""
        mark = Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else None
        match type(event).__name__:
            case "DocumentStartEvent":
                assert mark is not None
                self.documents += 1
                if self.documents > 1:
                    raise Stop(mark, "a file holds one scenario, but a second document begins here. Split the file.")
                if event.version or event.tags:
                    raise Stop(Mark(self.file, 1, 1), "YAML directives (%...) are not allowed. Take them out.")
            case "ScalarEvent":
                assert mark is not None
                self._scalar(event, mark)
            case "MappingStartEvent" | "SequenceStartEvent":
                assert mark is not None
                self._begin(event, mark)
            case "MappingEndEvent" | "SequenceEndEvent":
                node, anchor, before = self.open.pop()
                self.key.pop()
                if anchor:
                    self.anchors[anchor] = (node, self.nodes - before)
            case "AliasEvent":
                assert mark is not None
                self._alias(str(event.anchor), mark)

    def _scalar(self, event: Any, mark: Mark) -> None:
        self._tag(event, mark)
        text = str(event.value)
        if bad := FORBIDDEN.search(text):
            found = f"U+{ord(bad[0]):04X}"
            raise Stop(mark, f"control characters are not allowed, but got {found} by an escape. Take it out.")
        empty = event.style in (None, "") and text in ("", "~", "null", "Null", "NULL")
        node = Scalar(mark, text, empty)
        self._count(1, mark)
        self._place(node, mark)
        if event.anchor:
            self.anchors[str(event.anchor)] = (node, 1)

    def _begin(self, event: Any, mark: Mark) -> None:
        self._tag(event, mark)
        if len(self.open) >= DEEPEST:
            raise Stop(mark, f"a scenario nests at most {DEEPEST} levels deep, but this goes deeper.")
        self._count(1, mark)
        node = Mapping(mark) if type(event).__name__ == "MappingStartEvent" else Listing(mark)
        self._place(node, mark)
        self.open.append((node, str(event.anchor) if event.anchor else None, self.nodes - 1))
        self.key.append(None)

    def _alias(self, name: str, mark: Mark) -> None:
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise Stop(mark, f"a scenario has at most {MOST_ALIASES} aliases, but this one has more.")
        if name not in self.anchors:
            raise Stop(mark, f"*{name[:40]} names no value that is complete above it. Write &{name[:40]} before one.")
        node, size = self.anchors[name]
        self._count(size, mark)
        self._place(node, mark)

    def _place(self, node: Node, mark: Mark) -> None:
        """Puts a node where it belongs: at the root, into a list, or as key or value of a mapping."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1][0]
        if isinstance(parent, Listing):
            parent.items.append(node)
            return
        key = self.key[-1]
        if key is None:
            if not isinstance(node, Scalar):
                raise Stop(mark, "a key must be a single word, but got a list or a mapping.")
            self.key[-1] = Scalar(mark, node.text)
            return
        self.key[-1] = None
        if key.text == "<<":
            self.problems.add(key.mark, "", "YAML 1.2 has no merge key `<<`. Write the values out, or use `extends`.")
        elif key.text in parent.entries:
            first = parent.keys[key.text]
            message = f"each key stands once, but {quoted(key.text)} stands in line {first.line} already. Take one out."
            self.problems.add(key.mark, "", message)
        else:
            parent.entries[key.text] = node
            parent.keys[key.text] = key.mark

    def _count(self, nodes: int, mark: Mark) -> None:
        self.nodes += nodes
        if self.nodes > MOST_NODES:
            raise Stop(mark, f"a scenario holds at most {MOST_NODES:,} values, aliases written out, but this has more.")

    def _tag(self, event: Any, mark: Mark) -> None:
        if event.ctag is not None:
            tag = str(event.ctag).replace("tag:yaml.org,2002:", "!!")
            raise Stop(mark, f"tags such as {quoted(tag)} are not allowed. Take it out.")
