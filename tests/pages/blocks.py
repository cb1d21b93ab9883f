"""The fenced blocks of a page, and the commands in them.

A block without a language, or with `console`, holds commands. A block `text` right after it is what the last of them
prints. A block with `title="FILE"` is a file that a reader is to write. A block `python` is a script.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)(?: title=\"(?P<title>[^\"]+)\")?[ ]*\n(?P<text>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
_CODE = re.compile(r"exit code (\d+)")


@dataclass(frozen=True)
class Block:
    """line: of the page, counted from 1.  title: of a file, else "".  follows: right after the block before it."""

    language: str
    title: str
    text: str
    line: int
    follows: bool


@dataclass(frozen=True)
class Command:
    """words: as a shell would split them.  code: the exit code that its comment names, else 0.  into: where its output
    is sent, else ""."""

    words: tuple[str, ...]
    code: int
    into: str
    line: int

    def __str__(self) -> str:
        return shlex.join(self.words)


def blocks(text: str) -> list[Block]:
    """The blocks of a page in order."""
    found = []
    end = 0
    for fence in _FENCE.finditer(text):
        indent = len(fence["indent"])
        inside = "".join(line[indent:] or "\n" for line in fence["text"].splitlines(keepends=True))
        follows = end > 0 and not text[end : fence.start()].strip()
        line = text.count("\n", 0, fence.start()) + 1
        found.append(Block(fence["language"], fence["title"] or "", inside, line, follows))
        end = fence.end()
    return found


def commands(block: Block) -> list[Command]:
    """The commands of a block; none where it holds something else. Lines that end in a backslash go on."""
    if block.language not in ("", "console") or block.title:
        return []
    found: list[Command] = []
    whole = ""
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        whole += line.removesuffix("\\")
        if line.endswith("\\"):
            continue
        words = shlex.split(whole, comments=True)
        code = _CODE.search(whole.partition(" #")[2])
        whole = ""
        if not words or words[0] not in ("labelcast", "make", "python"):
            continue
        into = words[words.index(">") + 1] if ">" in words else ""
        told = words[: words.index(">")] if into else words
        found.append(Command(tuple(told), int(code[1]) if code else 0, into, number))
    return found
