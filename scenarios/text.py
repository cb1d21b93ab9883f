"""A scenario file as nodes with positions: every scalar is text, and the field decides later what it means.

A YAML library would read `50_000`, `09:00` and `2027-01-04` as numbers and dates. And a file may be hostile, so its
events are read one by one and counted: what nests too deep or grows too large by aliases is refused before it is built.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from .composer import FORBIDDEN, Composer, Stop
from .nodes import Mapping
from .problems import Mark, Problems, quoted

LARGEST = 1 << 20
"""Bytes of a file."""
LONGEST_LINE = 10_000
"""Characters of a line; the parser's time grows with the square of some of them."""

_TOLD = 10
"""Bad characters that are told, of a file that may have a million."""


def read(path: Path, largest: int = LARGEST, ending: str = ".yaml") -> bytes:
    """The bytes of a file, at most `largest`. ending: of such files, for messages. ValueError: why there are none."""
    try:
        kind = os.lstat(path).st_mode
        if stat.S_ISLNK(kind):
            target = quoted(os.readlink(path))
            raise ValueError(f"must be a file of its own, but this is a link to {target}. Name that.")
        if not stat.S_ISREG(kind):
            what = "a folder" if stat.S_ISDIR(kind) else "a device or a pipe"
            raise ValueError(f"must be a file, but this is {what}. Name a {ending} file.")
        with path.open("rb") as stream:
            data = stream.read(largest + 1)
    except FileNotFoundError:
        raise ValueError("there is no such file. Mend the name.") from None
    except OSError as error:
        raise ValueError(f"the file cannot be read: {error.strerror or error}.") from error
    if len(data) > largest:
        raise ValueError(f"a file has at most {largest:,} bytes, but this one has more.")
    return data


def compose(data: bytes, file: str, problems: Problems) -> Mapping | None:
    """The mapping that a file holds, None when it cannot be had. Its problems are added to `problems`."""
    text = _decoded(data, file, problems)
    if text is None:
        return None
    composer = Composer(file, problems)
    try:
        for event in _events(text):
            composer.feed(event)
    except Stop as stop:
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
    bad = [*FORBIDDEN.finditer(text), *re.finditer("\t", text)]
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
    except (Stop, YAMLError):
        raise
    except Exception as error:
        raise YAMLError(f"the parser gives up ({type(error).__name__}: {error})") from error


def _reason(error: MarkedYAMLError) -> str:
    problem = " ".join(str(error.problem or error.context).split())
    if "mapping values are not allowed" in problem:
        return 'a ": " stands where no key may be; put the text in quotation marks, or mend the indentation'
    context = f", {' '.join(str(error.context).split())}" if error.context and error.problem else ""
    return (problem + context)[:200]
