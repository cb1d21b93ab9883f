"""Numbers with units, exactly: text -> Decimal in the unit that a field asks for.

The units are ours and few, so that the registry is made in a moment and a misspelt unit is never read as some other
science's. Months and years are left out, because they are not all equally long.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from .problems import guess, quoted

CURRENCIES = frozenset(
    re.findall(
        "[A-Z]{3}",
        """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR
    ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND
    VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """,
    )
)
"""Codes of ISO 4217 that money is counted in."""

DEFINITIONS = """
second = [time] = s = sec
millisecond = 0.001 second = ms = msec
minute = 60 second = min
hour = 60 minute = h = hr
day = 24 hour = d
week = 7 day = wk
item = [item]
person = [person] = _ = people
label = [label]
task = [task]
session = [session]
lot = [lot]
percent = 0.01
"""

KNOWN = re.findall(
    r"[^ ]+",
    "ms s sec second seconds min minute minutes h hour hours day days week weeks item items person people label labels "
    "task tasks session sessions lot lots items/week items/day items/h %",
)
"""Unit words that a misspelt one is compared with."""

UNLIKE = {"m": ' Did you mean "min"?'} | dict.fromkeys(
    ("month", "months", "year", "years"), " Months and years are not all equally long: write days or weeks."
)
"""Hints for units that we do not have."""

COUNTED = (*(f"{one}{s}" for one in ("item", "label", "task", "lot", "person") for s in ("", "s")), "people")
"""Units of which there are only whole ones."""

NUMBER = r"[+-]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?:[eE][+-]?[0-9]{1,3})?"
"""A number: digits, which underscores may group, a decimal point, an exponent."""

_QUANTITY = re.compile(rf"\s*({NUMBER})\s*(\S.*)?", re.ASCII | re.DOTALL)
_UNIT = re.compile(r"(?:%|[A-Za-z]{1,20})(?:\s*/\s*[A-Za-z]{1,20})?", re.ASCII)
_NOT_FINITE = re.compile(r"\s*[+-]?\.?(?:nan|inf|infinity)\b.*", re.IGNORECASE | re.DOTALL)
_COMMA = re.compile(r"\s*[+-]?[0-9.]*,[0-9][0-9,.]*.*", re.DOTALL)


def number(text: str, example: str) -> tuple[Decimal, str]:
    """The number that a text begins with, and the unit after it, "" for none. ValueError when it is no number."""
    match = _QUANTITY.fullmatch(text) if len(text) <= 80 else None
    if match and (not match[2] or match[2][0] == "%" or match[2][0].isalpha()):
        return Decimal(match[1].replace("_", "")), (match[2] or "").strip()
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"must be a finite number, but got {quoted(text)}. Write it like {quoted(example)}.")
    if _COMMA.fullmatch(text):
        hint = "the decimal sign is a point, digits are grouped by _"
        raise ValueError(f"must be a number, but got {quoted(text)}; {hint}. Write it like {quoted(example)}.")
    raise ValueError(f"must be a number, but got {quoted(text)}. Write it like {quoted(example)}.")


_GROUPED = re.compile(r"\s*[+-]?[1-9][0-9]{0,2}\.[0-9][0-9]0\s*[A-Z]{3}.*", re.ASCII | re.DOTALL)


def grouped(text: str) -> str | None:
    """Why an amount such as 25.000 EUR is not read: a point that may group thousands. None where it cannot."""
    if not _GROUPED.fullmatch(text):
        return None
    value, unit = number(text, "25_000 EUR")
    thousands = f"{int(value * 1000):_} {unit}"
    rule = f"might be {thousands} or {value.normalize():f} {unit}: the decimal sign is a point, digits are grouped by _"
    return f"{rule}, but got {quoted(text)}. Write {thousands}, or {value:.2f} {unit}."


def quantity(text: str, unit: str, what: str, example: str) -> Decimal:
    """The text as a number of `unit`s. ValueError: no number, no unit, or a unit of something else.

    what: the rule for messages, such as "a time".  example: how it is written.
    """
    value, given = number(text, example)
    if not given:
        raise ValueError(f"{what} needs a unit, but got {quoted(text)}. Write it like {quoted(example)}.")
    factor = _factor(given, unit) if _UNIT.fullmatch(given) else "unknown"
    if factor == "unknown":
        near = UNLIKE.get(given) or guess(given, CURRENCIES if given.upper() in CURRENCIES else KNOWN)
        raise ValueError(f"no unit is named {quoted(given)}.{near} Write it like {quoted(example)}.")
    if not isinstance(factor, Decimal):
        if unit.split("/")[0] in CURRENCIES and given.split("/")[0].strip() in CURRENCIES:
            currency = unit.split("/")[0]
            rule = f"must be in {currency}, the scenario's currency, but got {quoted(text)}"
            raise ValueError(f"{rule}. Write the amount in {currency}, or change `currency`.")
        raise ValueError(f"must be {what}, but got {quoted(text)}. Write it like {quoted(example)}.")
    return value * factor


@lru_cache(maxsize=512)
def _factor(given: str, unit: str) -> Decimal | str:
    """How many `unit`s one `given` unit is; "unknown" or "other" when it cannot be one."""
    import pint

    names = [name.replace("%", "percent") for name in (given.replace(" ", ""), unit)]
    registry = _registry()
    try:
        one, target = (registry.parse_units(name) for name in names)
        return Decimal(registry.Quantity(Decimal(1), one).to(target).magnitude)
    except pint.DimensionalityError:
        return "other"
    except (pint.UndefinedUnitError, pint.DefinitionSyntaxError):
        return "unknown"


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    money = [f"{code} = [{code}]" for code in sorted(CURRENCIES)]
    return pint.UnitRegistry([*DEFINITIONS.strip().splitlines(), *money], non_int_type=Decimal, cache_folder=None)
