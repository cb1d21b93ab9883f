"""Whether what a page shows is what a command prints.

A line `...` stands for any lines, none too; `...` at the end of a line for the rest of it. Runs of spaces are one. A
number may be off by one in its last digit, since the last bits of a fit hang on the processor; words may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def astray(shown: str, printed: str) -> str | None:
    """The first line of a page's block that is not printed there, and what is; None where all are."""
    lines = [line for line in printed.splitlines() if line.strip()]
    at, loose = 0, False
    parts = list(_parts(shown))
    for part in parts:
        if part is None:
            loose = True
            continue
        starts = range(at, len(lines)) if loose else range(at, at + 1)
        start = next((start for start in starts if _broken(part, lines, start) is None), None)
        if start is None:
            nearest = max(starts, key=lambda start: _broken(part, lines, start) or 0, default=at)
            bad = _broken(part, lines, nearest) or 0
            there = lines[nearest + bad] if nearest + bad < len(lines) else "nothing more"
            return f"the page shows {part[bad]!r}, where is printed {there!r}"
        at, loose = start + len(part), False
    if not loose and at < len(lines):
        return f"the page ends before {lines[at]!r}, without a line `...`"
    return None


def same(shown: str, printed: str) -> bool:
    """Whether a line of a page is a line that was printed."""
    whole = " ".join(shown.split())
    start = whole.removesuffix("...").rstrip()
    words, numbers = _NUMBER.split(start), _NUMBER.findall(start)
    pattern = f"({_NUMBER.pattern})".join(re.escape(word) for word in words)
    found = re.fullmatch(pattern + ("" if whole == start else ".*"), " ".join(printed.split()))
    return found is not None and all(map(_close, numbers, found.groups()))


def _parts(shown: str) -> Iterator[list[str] | None]:
    """Lines that follow one another, and None for lines that are left out."""
    part: list[str] = []
    for line in shown.splitlines():
        if line.strip() == "...":
            if part:
                yield part
            yield None
            part = []
        elif line.strip():
            part.append(line)
    if part:
        yield part


def _broken(part: Sequence[str], lines: Sequence[str], start: int) -> int | None:
    """Which line of a part is the first that is not there; None where all are."""
    for k, line in enumerate(part):
        if start + k >= len(lines) or not same(line, lines[start + k]):
            return k
    return None


def _close(one: str, other: str) -> bool:
    places = [len(text.partition(".")[2]) for text in (one, other)]
    return abs(float(one.replace(",", "")) - float(other.replace(",", ""))) <= 1.001 * 10.0 ** -min(places)
