"""A scenario file as nodes with positions: every scalar is text, and the field decides later what it means.

A YAML library would read `50_000`, `09:00` and `2027-01-04` as numbers and dates. And a file may be hostile, so its
events are read one by one and counted: what nests too deep or grows too large by aliases is refused before it is built.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from .problems import Mark, Problems, quoted

LARGEST = 1 << 20
"""Bytes of a file."""
DEEPEST = 40
"""Levels of nesting."""
MOST_NODES = 20_000
"""Values of a file, with every alias written out."""
MOST_ALIASES = 100
LONGEST_LINE = 10_000
"""Characters of a line; the parser's time grows with the square of some of them."""

_TOLD = 10
"""Bad characters that are told, of a file that may have a million."""

# C0 and C1 controls, line separators that only some editors count, marks that turn the order of text around,
# surrogates (by escapes) and what is no character.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as it was written. empty: nothing was written, or a bare `null` or `~`."""

    mark: Mark
    text: str
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values. keys: where each key stands."""

    mark: Mark
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)


Node = Scalar | Listing | Mapping


def read(path: Path) -> bytes:
    """The bytes of a scenario file. ValueError: why they cannot be had."""
    try:
        kind = os.lstat(path).st_mode
        if stat.S_ISLNK(kind):
            target = quoted(os.readlink(path))
            raise ValueError(f"must be a file of its own, but this is a link to {target}. Name that.")
        if not stat.S_ISREG(kind):
            what = "a folder" if stat.S_ISDIR(kind) else "a device or a pipe"
            raise ValueError(f"must be a file, but this is {what}. Name a .yaml file.")
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise ValueError("there is no such file. Mend the name.") from None
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST:
        raise ValueError(f"a file has at most {LARGEST:,} bytes, but this one has more.")
    return data


def compose(data: bytes, file: str, problems: Problems) -> Mapping | None:
    """The mapping that a file holds, None when it cannot be had. Its problems are added to `problems`."""
    text = _decoded(data, file, problems)
    if text is None:
        return None
    composer = _Composer(file, problems)
    try:
        for event in _events(text):
            composer.feed(event)
    except _Stop as stop:
        problems.add(stop.mark, "", stop.message)
        return None
    except MarkedYAMLError as error:
        at = error.problem_mark or error.context_mark
        mark = Mark(file, at.line + 1, at.column + 1) if at else Mark(file, 1, 1)
        problems.add(mark, "", f"is not YAML: {_reason(error)}.")
        return None
    except YAMLError as error:
        problems.add(Mark(file, 1, 1), "", f"is not YAML: {' '.join(str(error).split())[:160]}.")
        return None
    if composer.root is None:
        problems.add(Mark(file, 1, 1), "", "the file is empty. `labelcast init` writes one to start from.")
        return None
    if not isinstance(composer.root, Mapping):
        message = "a scenario must be a mapping (`key: value` lines), but this is not. Begin with `labelcast: 1`."
        problems.add(composer.root.mark, "", message)
        return None
    return composer.root


def _decoded(data: bytes, file: str, problems: Problems) -> str | None:
    """The text of a file, None if it holds what no scenario may hold."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add(Mark(file, 1, 1), "", "the file must be UTF-8, but this is UTF-16. Save it as UTF-8.")
        return None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        found = f"the byte 0x{data[error.start]:02x}"
        problems.add(_position(file, before, len(before)), "", f"the file must be UTF-8, but got {found}. Save it so.")
        return None
    text = text.replace("\r\n", "\n")
    bad = [*_FORBIDDEN.finditer(text), *re.finditer("\t", text)]
    for match in bad[:_TOLD]:
        if match[0] == "\t":
            message = "YAML is indented by blanks, but got a tab. Write blanks."
        else:
            message = f"control characters are not allowed, but got U+{ord(match[0]):04X}. Take it out."
        problems.add(_position(file, text, match.start()), "", message)
    if not bad and (long := re.search(f"[^\n]{{{LONGEST_LINE + 1}}}", text)):
        message = f"a line has at most {LONGEST_LINE:,} characters, but this one has more. Break it."
        problems.add(_position(file, text, long.start()), "", message)
        return None
    return None if bad else text


def _position(file: str, text: str, index: int) -> Mark:
    return Mark(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _events(text: str) -> Iterator[Any]:
    """The events of the text; faults of the parser itself on odd input come out as YAMLError, too."""
    yaml = YAML(typ="safe", pure=True)
    try:
        yield from yaml.parse(text)
    except (_Stop, YAMLError):
        raise
    except Exception as error:
        raise YAMLError(f"the parser gives up ({type(error).__name__}: {error})") from error


def _reason(error: MarkedYAMLError) -> str:
    problem = " ".join(str(error.problem or error.context).split())
    if "mapping values are not allowed" in problem:
        return 'a ": " stands where no key may be; put the text in quotation marks, or mend the indentation'
    context = f", {' '.join(str(error.context).split())}" if error.context and error.problem else ""
    return (problem + context)[:200]


class _Stop(Exception):
    """The file cannot be read further."""

    def __init__(self, mark: Mark, message: str) -> None:
        self.mark, self.message = mark, message
        super().__init__(message)


class _Composer:
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
                    raise _Stop(mark, "a file holds one scenario, but a second document begins here. Split the file.")
                if event.version or event.tags:
                    raise _Stop(Mark(self.file, 1, 1), "YAML directives (%...) are not allowed. Take them out.")
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
        if bad := _FORBIDDEN.search(text):
            found = f"U+{ord(bad[0]):04X}"
            raise _Stop(mark, f"control characters are not allowed, but got {found} by an escape. Take it out.")
        empty = event.style in (None, "") and text in ("", "~", "null", "Null", "NULL")
        node = Scalar(mark, text, empty)
        self._count(1, mark)
        self._place(node, mark)
        if event.anchor:
            self.anchors[str(event.anchor)] = (node, 1)

    def _begin(self, event: Any, mark: Mark) -> None:
        self._tag(event, mark)
        if len(self.open) >= DEEPEST:
            raise _Stop(mark, f"a scenario nests at most {DEEPEST} levels deep, but this goes deeper.")
        self._count(1, mark)
        node = Mapping(mark) if type(event).__name__ == "MappingStartEvent" else Listing(mark)
        self._place(node, mark)
        self.open.append((node, str(event.anchor) if event.anchor else None, self.nodes - 1))
        self.key.append(None)

    def _alias(self, name: str, mark: Mark) -> None:
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise _Stop(mark, f"a scenario has at most {MOST_ALIASES} aliases, but this one has more.")
        if name not in self.anchors:
            raise _Stop(mark, f"*{name[:40]} names no value that is complete above it. Write &{name[:40]} before one.")
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
                raise _Stop(mark, "a key must be a single word, but got a list or a mapping.")
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
            raise _Stop(
                mark, f"a scenario holds at most {MOST_NODES:,} values, aliases written out, but this has more."
            )

    def _tag(self, event: Any, mark: Mark) -> None:
        if event.ctag is not None:
            tag = str(event.ctag).replace("tag:yaml.org,2002:", "!!")
            raise _Stop(mark, f"tags such as {quoted(tag)} are not allowed. Take it out.")
