"""A profile on disk: YAML that a person can read, that a scenario names, and that depends on nothing but the fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ..sim.errors import DataRefused
from ..sim.files import write_text
from .fit import Assumption, Fit, Parameter, Together

VERSION = 1
"""Of the profile's own format."""

LARGEST = 4_000_000
"""Bytes of a profile that we read; a fit of a thousand classes is far smaller."""

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_. %/+")
NUMERIC = re.compile(r"[0-9][0-9_.:eExXoObaAcCdDfF+-]*")
WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "~", ""})


@dataclass(frozen=True)
class Profile:
    """What a profile file holds. scenario: nested mappings of text, merged underneath a scenario that names it.
    provenance: version, digest, sources, rows, dates."""

    parameters: tuple[Parameter, ...]
    assumptions: tuple[Assumption, ...]
    notes: tuple[str, ...]
    provenance: Mapping[str, Any]
    scenario: Mapping[str, Any]
    together: tuple[Together, ...] = ()


def write(fit: Fit, path: Path) -> None:
    """Writes the profile of `fit`, whole or not at all; the same fit gives the same bytes."""
    write_text(path, text(fit))


def text(fit: Fit) -> str:
    """The profile of `fit` as YAML."""
    head = (
        "# Written by `labelcast calibrate`. A scenario names it with `profile:`; what the scenario says itself wins.\n"
        "# The work ahead, pay, currency, start and goals are the scenario's to say.\n"
    )
    return head + _yaml(
        {
            "labelcast_profile": VERSION,
            "provenance": _provenance(fit),
            "fitted": [_parameter(one) for one in fit.parameters],
            **({"together": [_pair(one) for one in fit.together]} if fit.together else {}),
            "assumed": [{"path": one.path, "value": _number(one.value), "why": one.why} for one in fit.assumptions],
            "notes": list(fit.notes),
            "scenario": fit.scenario,
        }
    )


def _provenance(fit: Fit) -> dict[str, Any]:
    def book(entries: Sequence[Any]) -> list[dict[str, Any]]:
        return [{"reason": one.reason, "rows": one.rows, "first": one.first} for one in entries]

    return {
        "version": metadata.version("labelcast"),
        "digest": fit.digest,
        "sources": [
            {
                "name": one.name,
                "format": one.format,
                "rows": one.rows,
                "label": fit.answer[one.name],
                "sha256": one.sha256,
            }
            for one in fit.sources
        ],
        "first": fit.first,
        "last": fit.last,
        "timezone": fit.timezone,
        **({"pools": fit.pools} if fit.pools else {}),
        "rows_read": fit.rows_read,
        "rows_used": fit.rows_used,
        "refused": book(fit.refused),
        "set_apart": book(fit.set_apart),
        "counts": dict(fit.counts),
    }


def _parameter(one: Parameter) -> dict[str, Any]:
    entry: dict[str, Any] = {"path": one.path, "value": _number(one.value)}
    entry |= {"low": _number(one.low), "high": _number(one.high), "n": one.n}
    return entry | ({"unit": one.unit} if one.unit else {}) | {"method": one.method}


def _pair(one: Together) -> dict[str, Any]:
    return {"first": one.first, "second": one.second, "correlation": round(one.correlation, 3)}


def _number(value: float | None) -> float | int | None:
    """Five digits that count: what a fit knows, and the same on every machine."""
    if value is None:
        return None
    short = float(f"{value:.5g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def block_text(block: Mapping[str, Any]) -> str:
    """A mapping as a profile writes it."""
    return _yaml(block)


def _yaml(value: Any, depth: int = 0) -> str:
    """Block style, two blanks a level, mappings in their own order."""
    pad = "  " * depth
    if isinstance(value, Mapping):
        return "".join(f"{pad}{_scalar(str(key))}:{_inside(inner, depth)}" for key, inner in value.items())
    lines = []
    for entry in value:
        if isinstance(entry, Mapping):
            block = _yaml(entry, depth + 1)
            lines.append(f"{pad}- {block[len(pad) + 2 :]}")
        else:
            lines.append(f"{pad}- {_scalar(entry)}\n")
    return "".join(lines)


def _inside(value: Any, depth: int) -> str:
    if isinstance(value, Mapping):
        return f"\n{_yaml(value, depth + 1)}" if value else " {}\n"
    if isinstance(value, list | tuple):
        return f"\n{_yaml(value, depth + 1)}" if value else " []\n"
    return f" {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return repr(value)
    word = str(value)
    if NUMERIC.fullmatch(word):
        return word if _canonical(word) else _quoted(word)
    safe = set(word) <= PLAIN and word.lower() not in WORDS and word[0] not in "-.%+ ~" and word[-1] != " "
    return word if safe else _quoted(word)


def _canonical(word: str) -> bool:
    """Whether YAML, reading a number or a date here, would give back the same text."""
    try:
        return word in (str(int(word)), str(float(word)))
    except ValueError:
        try:
            return word == str(float(word))
        except ValueError:
            return False


def _quoted(word: str) -> str:
    """Double-quoted YAML; signs that editors or YAML would not keep are escaped."""
    out = []
    for sign in word:
        if sign in '"\\':
            out.append("\\" + sign)
        elif sign.isprintable():
            out.append(sign)
        else:
            code = ord(sign)
            out.append(f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65_536 else f"\\U{code:08x}")
    return '"' + "".join(out) + '"'


def read(path: Path) -> Profile:
    """The profile at `path`. Raises DataRefused: unreadable, no profile, of a later format, or with parts missing."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataRefused(f"{path.name}: cannot be read: {error.strerror or error}.") from error
    if len(data) > LARGEST or data.count(b"&") + data.count(b"*") > 1000:
        raise DataRefused(f"{path.name}: is no profile that labelcast wrote (too large, or full of aliases).")
    try:
        tree = YAML(typ="safe", pure=True).load(data.decode("utf-8"))
    except (YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DataRefused(f"{path.name}: is not YAML: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(tree, dict) or "labelcast_profile" not in tree:
        raise DataRefused(f"{path.name}: is no profile: row 1 should begin with labelcast_profile: {VERSION}.")
    if tree["labelcast_profile"] != VERSION:
        raise DataRefused(
            f"{path.name}: labelcast_profile is {tree['labelcast_profile']!r}; this version reads {VERSION}. "
            "Calibrate again."
        )
    try:
        return _profile(tree)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataRefused(
            f"{path.name}: the profile is incomplete or was edited: {error!r}. Calibrate again."
        ) from error


def _profile(tree: Mapping[str, Any]) -> Profile:
    def optional(value: Any) -> float | None:
        return None if value is None else float(value)

    return Profile(
        parameters=tuple(
            Parameter(
                str(one["path"]), float(one["value"]), optional(one["low"]), optional(one["high"]), int(one["n"]),
                str(one["method"]), str(one.get("unit", "")),
            )
            for one in tree["fitted"]
        ),
        assumptions=tuple(Assumption(str(o["path"]), float(o["value"]), str(o["why"])) for o in tree["assumed"]),
        notes=tuple(str(one) for one in tree["notes"]),
        provenance=dict(tree["provenance"]),
        scenario=_texts(tree["scenario"]),
        together=tuple(
            Together(str(one["first"]), str(one["second"]), float(one["correlation"]))
            for one in tree.get("together", ())
        ),
    )  # fmt: skip


def _texts(block: Mapping[str, Any]) -> dict[str, Any]:
    """The scenario block with every scalar as text, as the fit had it."""
    out: dict[str, Any] = {}
    for name, value in block.items():
        if isinstance(value, Mapping):
            out[str(name)] = _texts(value)
        else:
            out[str(name)] = [str(one) for one in value] if isinstance(value, list) else str(value)
    return out
