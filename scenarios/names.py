"""Names in a scenario file: of stages and pools, of classes, of files, currencies and time zones."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, WithJsonSchema

from .problems import guess, quoted
from .units import CURRENCIES
from .written import text_of

_NAME = re.compile(r"\w[\w-]{0,59}")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-/]{0,63}", re.ASCII)

_LOCAL_ZONES = frozenset({"localtime", "posixrules", "Factory"})
"""Names that mean another zone on every machine."""


def _name(value: object) -> str:
    text = text_of(value, "a name", "team-a")
    if not _NAME.fullmatch(text):
        rule = "a name has letters, digits, - and _, at most 60 of them"
        raise ValueError(f"{rule}, but got {quoted(text)}. Paths are made of names, so no blank and no point.")
    return text


def _label(value: object) -> str:
    text = text_of(value, "a name", "car")
    if not text.strip() or len(text) > 200 or not text.isprintable():
        raise ValueError(f"a class has a printable name of at most 200 characters, but got {quoted(text)}.")
    return text


def several(value: object) -> tuple[str, ...]:
    """Reads a list of names."""
    if not isinstance(value, list) or not value:
        raise ValueError("must be a list of names, but is none. Write it like [team].")
    return tuple(dict.fromkeys(_name(one) for one in value))


def _key_path(value: object) -> str:
    text = text_of(value, "a path", "stages.annotate.time").strip()
    if not text or len(text) > 300 or not text.isprintable() or not all(text.split(".")):
        rule = "a path is made of keys with points between"
        raise ValueError(f"{rule}, but got {quoted(text)}. Write it like stages.annotate.time.")
    return text


def _path(value: object) -> str:
    text = text_of(value, "the name of a file", "base.yaml")
    if not text.strip() or len(text) > 1000 or not text.isprintable():
        raise ValueError(f"must be the name of a file, but got {quoted(text)}.")
    return text


def _title(value: object) -> str:
    text = text_of(value, "a name", "in-house")
    if not text.strip() or len(text) > 100 or not text.isprintable():
        raise ValueError(f"a scenario has a printable name of at most 100 characters, but got {quoted(text)}.")
    return text


def _currency(value: object) -> str:
    text = text_of(value, "a currency", "EUR").strip()
    if text in CURRENCIES:
        return text
    near = guess(text, CURRENCIES)
    raise ValueError(f"must be a currency code of ISO 4217, such as EUR or USD, but got {quoted(text)}.{near}")


def _zone(value: object) -> str:
    text = text_of(value, "a time zone", "Europe/Paris").strip()
    if known_zone(text):
        return text
    zones = sorted(available_timezones() - _LOCAL_ZONES)
    cities = {zone.rpartition("/")[2]: zone for zone in reversed(zones)}
    near = cities.get(text, "")
    hint = f' Did you mean "{near}"?' if near else guess(text, zones)
    raise ValueError(f"must be a time zone of the IANA database, such as Europe/Paris, but got {quoted(text)}.{hint}")


@lru_cache(maxsize=256)
def known_zone(name: str) -> bool:
    """Whether the IANA database has a zone of this name."""
    if not _ZONE.fullmatch(name) or name in _LOCAL_ZONES:
        return False
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return True


def _version(value: object) -> int:
    text = text_of(value, "the version of the format", "1").strip()
    if text != "1":
        raise ValueError(f"must be 1, the version of the format that this labelcast reads, but got {quoted(text)}.")
    return 1


_NAMES = {"type": "string", "pattern": r"^[^\s.]{1,60}$"}
_TEXT = {"type": "string", "minLength": 1}

NAME_SCHEMA = _NAMES
Name = Annotated[str, BeforeValidator(_name), WithJsonSchema(_NAMES)]
Label = Annotated[str, BeforeValidator(_label), WithJsonSchema(_TEXT)]
FilePath = Annotated[str, BeforeValidator(_path), WithJsonSchema(_TEXT)]
Path = Annotated[
    str, BeforeValidator(_key_path), WithJsonSchema({"type": "string", "examples": ["stages.annotate.time"]})
]
Title = Annotated[str, BeforeValidator(_title), WithJsonSchema({"type": ["string", "number"]})]
Currency = Annotated[str, BeforeValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]
Zone = Annotated[str, BeforeValidator(_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Paris"]})]
Version = Annotated[int, BeforeValidator(_version), WithJsonSchema({"const": 1})]
