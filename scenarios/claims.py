"""What every plan of a search must keep, as it is written: "p_deadline >= 90%", "P(cost <= 60_000 EUR) >= 80%"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from .aims import percent
from .dates import DATE
from .problems import quoted
from .readers import PATTERN
from .written import JsonSchema, text_of

_KPI = r"[^\s()<>=]+"

LONGEST = 300
"""Characters of a claim."""

_CLAIM = rf"({_KPI})\s*(>=|<=)\s*([^()<>=\s][^()<>=]*?)"
_PLAIN = re.compile(rf"\s*{_CLAIM}\s*")
_CHANCE = re.compile(rf"\s*P\(\s*{_CLAIM}\s*\)\s*>=\s*([^()<>=]+)")
_FORM = 'Write it like "accuracy >= 97%", "p_deadline >= 90%" or "P(cost <= 60_000 EUR) >= 80%".'


@dataclass(frozen=True)
class Claim:
    """A claim on a KPI. kpi: as it was written, or short.  bound: a number with its unit, or a date.  chance: what
    share of the replications must meet it; None where it holds for the mean."""

    text: str
    kpi: str
    relation: Literal[">=", "<="]
    bound: str
    chance: float | None = None


def claim(value: object) -> Claim:
    """Reads a claim. ValueError: the rule, what was found, how to mend it."""
    text = " ".join(text_of(value, "a KPI and its bound", "accuracy >= 97%").split())
    plain, chance = (None if len(text) > LONGEST else form.fullmatch(text) for form in (_PLAIN, _CHANCE))
    if plain is not None:
        kpi, relation, bound = plain.groups()
        return Claim(text, kpi, _relation(relation), bound)
    if chance is not None:
        kpi, relation, bound, share = chance.groups()
        return Claim(text, kpi, _relation(relation), bound, percent(share))
    raise ValueError(f"must be a KPI with <= or >= and its bound, but got {quoted(text)}. {_FORM}")


def _relation(text: str) -> Literal[">=", "<="]:
    return ">=" if text == ">=" else "<="


_BOUND = rf"({DATE}|[+-]?{PATTERN} *[A-Za-z%/ ]*)"
_WORDS = rf"{_KPI} *(>=|<=) *{_BOUND}"
CLAIM_SCHEMA: JsonSchema = {
    "type": "string",
    "pattern": rf"^ *({_WORDS}|P\( *{_WORDS} *\) *>= *{PATTERN} *%) *$",
    "examples": ["p_deadline >= 90%"],
}
