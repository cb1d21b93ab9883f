"""Writing files so that nothing is ever half-written, nor anywhere but where it is said."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`: moved onto it when the block ends well, deleted when it raises."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(descriptor)
    part = Path(name)
    try:
        yield part
        umask = os.umask(0)
        os.umask(umask)
        part.chmod(0o666 & ~umask)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes `text` as UTF-8 to `path`, all of it or nothing."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def plain_name(name: str, otherwise: str, most: int = 60) -> str:
    """What a planner calls something as part of a file's name: letters, digits, - and _. otherwise: what to say where
    nothing is left.  most: characters."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)[:most].strip("-") or otherwise
