"""JSON, as an array, one object a line, or one object in all: its records one by one, each with its number."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from ...sim.errors import DataRefused

BLANK = " \t\r\n\ufeff"
DECODER = json.JSONDecoder()


@dataclass(frozen=True, eq=False)
class Documents:
    """shape: "array": the records are its members; "lines": one a line; "object": the file is one record.

    broken: numbers of records that are no JSON object, filled while `records` runs.
    """

    name: str
    sha256: str
    text: str
    shape: Literal["array", "lines", "object"]
    broken: list[int] = field(default_factory=list)

    def records(self, tell: Callable[[float], None] | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
        """(number from 1, record); of "lines" the number of the line. tell: told the share that is done.

        Raises DataRefused where the file is cut off or, in an array, is not JSON.
        """
        self.broken.clear()
        for number, at, record in self._array() if self.shape == "array" else self._lines():
            if tell is not None and number % 1000 == 0:
                tell(at / len(self.text))
            if isinstance(record, dict):
                yield number, record
            else:
                self.broken.append(number)

    def _array(self) -> Iterator[tuple[int, int, Any]]:
        at = _past(self.text, self.text.index("[") + 1)
        number = 0
        if self.text[at : at + 1] == "]":
            return
        while True:
            number += 1
            record, at = _decoded(self.text, at, f"{self.name}: record {number}")
            yield number, at, record
            at = _past(self.text, at)
            sign = self.text[at : at + 1]
            if sign == "]":
                break
            if sign != ",":
                what = f"{sign!r} stands where a comma should" if sign else "the file is cut off after it"
                raise DataRefused(f"{self.name}: record {number}: {what}. Export it again.")
            at = _past(self.text, at + 1)
        if _past(self.text, at + 1) < len(self.text):
            raise DataRefused(f"{self.name}: record {number}: something follows the end of the JSON array.")

    def _lines(self) -> Iterator[tuple[int, int, Any]]:
        if self.shape == "object":
            yield 1, len(self.text), _decoded(self.text, _past(self.text, 0), f"{self.name}: record 1")[0]
            return
        start = number = 0
        while start < len(self.text):
            end = self.text.find("\n", start)
            line = self.text[start : end if end >= 0 else len(self.text)].strip(BLANK)
            number += 1
            if line:
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError) as error:
                    if end < 0:
                        raise DataRefused(f"{self.name}: record {number}: the file is cut off inside it.") from error
                    record = None
                yield number, start, record
            start = end + 1 if end >= 0 else len(self.text)


def documents(text: str, name: str, sha256: str) -> Documents:
    """The records of a file of JSON. Raises DataRefused where the first of them cannot be read."""
    start = _past(text, 0)
    if text[start] == "[":
        return Documents(name, sha256, text, "array")
    _, end = _decoded(text, start, f"{name}: record 1")
    shape: Literal["lines", "object"] = "lines" if _past(text, end) < len(text) else "object"
    return Documents(name, sha256, text, shape)


def members(text: str, name: str) -> Iterator[tuple[str, int, Any]]:
    """(key, number from 1, value) of a file that is one JSON object: of a list each member, of all else the value.

    So a file of a million members is never held as a whole. Raises DataRefused where it is cut off or not JSON.
    """
    at = _past(text, 0) + 1
    key, number = "", 0
    while True:
        at = _past(text, at)
        if text[at : at + 1] == "}" and not key:
            break
        key, at = _key(text, at, f"{name}: after {key!r}" if key else f"{name}: its beginning")
        if text[at : at + 1] == "[":
            at = _past(text, at + 1)
            number = 0
            while text[at : at + 1] != "]":
                number += 1
                where = f"{name}: member {number} of {key[:30]!r}"
                value, at = _decoded(text, at, where)
                yield key, number, value
                at = _past(text, at)
                if text[at : at + 1] == ",":
                    at = _past(text, at + 1)
                elif text[at : at + 1] != "]":
                    raise DataRefused(f"{where}: {_instead(text, at)}. Export it again.")
            at += 1
        else:
            value, at = _decoded(text, at, f"{name}: {key[:30]!r}")
            yield key, 1, value
        at = _past(text, at)
        if text[at : at + 1] == "}":
            break
        if text[at : at + 1] != ",":
            raise DataRefused(f"{name}: after {key[:30]!r}: {_instead(text, at)}. Export it again.")
        at += 1
    if _past(text, at + 1) < len(text):
        raise DataRefused(f"{name}: something follows the end of the JSON object.")


def _key(text: str, at: int, where: str) -> tuple[str, int]:
    """(a key, the place of its value)."""
    key, at = _decoded(text, at, where)
    at = _past(text, at)
    if not isinstance(key, str) or text[at : at + 1] != ":":
        raise DataRefused(f"{where}: {_instead(text, at)}. Export it again.")
    return key, _past(text, at + 1)


def _instead(text: str, at: int) -> str:
    sign = text[at : at + 1]
    return f"{sign!r} stands where a comma or an end should" if sign else "the file is cut off after it"


def _decoded(text: str, at: int, where: str) -> tuple[Any, int]:
    try:
        return DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        cut = _past(text, error.pos) >= len(text) or "Unterminated" in error.msg
        what = "the file is cut off inside it" if cut else f"not JSON: {error.msg} (line {error.lineno})"
        raise DataRefused(f"{where}: {what}. Export it again.") from error
    except (ValueError, RecursionError) as error:
        raise DataRefused(
            f"{where}: a number is too long, or brackets are nested too deep, to be an export."
        ) from error


def _past(text: str, at: int) -> int:
    """The place of the first sign from `at` on that is not blank."""
    while at < len(text) and text[at] in BLANK:
        at += 1
    return at


def text_of(value: Any) -> str:
    """A JSON value as one line of text: "" for null, several values joined by " | "."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " | ".join(filter(None, map(text_of, value)))
    if isinstance(value, dict):
        return " | ".join(filter(None, map(text_of, value.values())))
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
