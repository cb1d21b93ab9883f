"""What is wrong with a scenario file, and where: gathered first, told all at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ..sim.errors import Refused, ScenarioRefused

LONGEST = 60
"""Characters of a user's text that a message quotes."""

MOST = 100
"""Problems that are told, of a file that may have thousands."""


class Mark(NamedTuple):
    """A place in a file; line and column count from 1. Line 0: no file, but what a command was told."""

    file: str
    line: int
    column: int


@dataclass
class Problems:
    """The problems of one scenario. files: in the order in which they are told, the scenario's own first."""

    files: list[str] = field(default_factory=list)
    found: list[tuple[Mark, str, str]] = field(default_factory=list)

    def add(self, mark: Mark, path: str, message: str) -> None:
        """Notes a problem at `mark`; path: the key's place in the scenario, "" for the file as a whole."""
        if mark.file not in self.files:
            self.files.append(mark.file)
        self.found.append((mark, path, message))

    def stop(self, refused: type[Refused] = ScenarioRefused) -> None:
        """Raises `refused` with all problems, by position, if there are any."""
        if not self.found:
            return
        order = sorted(set(self.found), key=lambda one: (self.files.index(one[0].file), one[0][1:], one[1:]))
        more = [f"... and {len(order) - MOST} more problems."] if len(order) > MOST else []
        raise refused([told(*one) for one in order[:MOST]] + more)


def told(mark: Mark, path: str, message: str) -> str:
    """`file:line:column  path: message`."""
    place = f"{mark.file}:{mark.line}:{mark.column}" if mark.line else mark.file
    return f"{place}  {path}: {message}" if path else f"{place}  {message}"


def quoted(text: str) -> str:
    """A user's text in quotation marks, on one line, shortened."""
    flat = " ".join(text.split())
    return f'"{flat}"' if len(flat) <= LONGEST else f'"{flat[: LONGEST - 3]}..."'


def near(word: str, known: Iterable[str]) -> list[str]:
    """The known word that is nearest to `word`, in a list, if any is near."""
    words = {name.lower(): name for name in known}
    return [words[one] for one in difflib.get_close_matches(word[:LONGEST].lower(), list(words), n=1, cutoff=0.6)]


def guess(word: str, known: Iterable[str]) -> str:
    """` Did you mean "x"?` where a known word is near, else ""."""
    return "".join(f' Did you mean "{one}"?' for one in near(word, known))


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names in a row, the first `most` of them."""
    shown = list(names)
    rest = f", and {len(shown) - most} more" if len(shown) > most else ""
    return ", ".join(shown[:most]) + rest
