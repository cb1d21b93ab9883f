"""Sentences of a command's output, folded to the width of a page; tables stay as they are and scroll."""

from __future__ import annotations

import re
import textwrap

WIDTH = 104
"""Characters of a line of output that fit beside the menus."""

_OUTPUT = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def folded(text: str) -> str:
    """A page with the sentences of its blocks `text` folded; a line with a gap of two spaces in it is of a table."""
    return _OUTPUT.sub(lambda found: "```text\n" + "".join(map(_line, found[1].splitlines())) + "```", text)


def _line(line: str) -> str:
    if len(line) <= WIDTH or "  " in line.strip():
        return line + "\n"
    return textwrap.fill(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) + "\n"
