"""What every figure of a budget goes back to: of each row of the ledger the key of the scenario that prices it, and of
each assumption what the file says and where, or how well the profile knows it and from which data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...scenarios.provenance import Provenance, Written
from ...scenarios.shelf import Known
from ...sim.ledger.activities import (
    AGAIN,
    BONUS,
    CREDIT,
    FEE,
    HIRING,
    LATE_CREDIT,
    LEAVING,
    LOT_CREDIT,
    MALUS,
    MANAGEMENT,
    NOTICE,
    SHORTFALL,
    TAX,
)
from ...sim.line import Contract, Line
from .. import numbers
from ..assumptions import Assumption, assumptions, behind
from .whole import Budget

PRICES = {"h": "hourly", "seats": "seat", "labels": "per_label", "items": "per_label", "objects": "per_label"}
"""Key of a contract that prices a unit, whatever the activity."""

OF_ACTIVITY = {
    (FEE, "months"): "monthly",
    (MANAGEMENT, "months"): "management",
    (FEE, "once"): "set_up",
    (TAX, "months"): "tax",
    (SHORTFALL, "periods"): "minimum",
    (CREDIT, "periods"): "minimum",
    (MALUS, "periods"): "accuracy",
    (LATE_CREDIT, "periods"): "on_time",
    (HIRING, "people"): "hiring",
    (LEAVING, "people"): "leaving",
}
"""Key of a contract that prices a unit of an activity."""

LONG = 30
"""Characters of each of several values that are told side by side."""

SHOWN = 6
"""Values behind one row of assumptions that are told in words; a profile's parameters are all listed besides."""


@dataclass(frozen=True)
class Traced:
    """An assumption and what is behind it: what files say, parameters of a profile by path, and what else the profile
    says."""

    row: Assumption
    written: tuple[Written, ...]
    fitted: Mapping[str, Known]
    inherited: tuple[Written, ...]


def priced_by(line: Line, pool: str, activity: str, unit: str) -> str:
    """The key of the scenario that prices a row of the ledger; of a contract as a whole where several keys do. A key
    that changes on a date has a row of `changes` as well."""
    if not pool:
        return "changes"
    contract = next((one.contract for one in line.pools if one.name == pool), None)
    if contract is None:
        return ""
    home = f"contracts.{contract.account}" if contract.account else f"pools.{pool}.pay"
    keys = list(_keys(contract, activity, unit))
    return ", ".join(f"{home}.{key}" for key in keys) or home


def _keys(contract: Contract, activity: str, unit: str) -> Iterator[str]:
    if (activity, unit) in OF_ACTIVITY:
        yield OF_ACTIVITY[activity, unit]
    elif activity == BONUS:
        yield from (key for key in ("accuracy", "on_time") if getattr(contract, key) is not None)
    elif activity == LOT_CREDIT:
        yield "lots"
    elif activity == NOTICE:
        yield from ("salary" if unit == "months" else "hourly", "notice")
    elif unit == "months":
        yield "salary"
    elif unit == "audits":
        yield "audit"
    elif unit in PRICES:
        yield PRICES[unit]
        if activity in AGAIN and PRICES[unit] == "per_label":
            yield "rework_paid"


def traced(found: Budget) -> tuple[Traced, ...]:
    """Every assumption of the budget's line with what is behind it; nothing where nobody told of the files."""
    known = found.asked.provenance or Provenance({})
    parameters = _used(found.line, known)
    others = {path: one for path, one in known.inherited.items() if one.path not in parameters}
    return tuple(
        Traced(
            row,
            tuple(known.written[path] for path in _said(row.path, known.written)),
            {path: parameters[path] for path in behind(row.path, parameters)},
            tuple(others[path] for path in behind(row.path, others)),
        )
        for row in assumptions(found.line)
    )


def _said(path: str, written: Mapping[str, Written]) -> list[str]:
    """Of a value that changes on a date what `changes` says, and not what holds before."""
    found = list(behind(path, written))
    return ["changes"] if "changes" in found and path.startswith("changes.") else found


def _used(line: Line, known: Provenance) -> dict[str, Known]:
    """Parameters of the profile whose values the line has."""
    fitted = {} if known.profile is None else known.profile.fitted
    return {path: one for path, one in fitted.items() if path in line.fitted}


def basis(one: Traced) -> str:
    """What is behind an assumption in words: what the file says and where, what the fit knows and from how much."""
    many = len(one.written) + len(one.inherited) > 2
    told = [_placed(value, one.row.path, many) for value in one.written]
    told += [_part(path, one.row.path, interval(known)) for path, known in one.fitted.items()]
    told += [_placed(value, one.row.path, many) for value in one.inherited]
    return "; ".join(told[:SHOWN]) + (f"; and {len(told) - SHOWN} more" if len(told) > SHOWN else "")


def _placed(value: Written, row: str, many: bool) -> str:
    """What a file says and where. many: values stand side by side, and long ones, as of hours, are cut."""
    text = f"{value.text[:LONG]}..." if many and len(value.text) > LONG else value.text
    return _part(value.path, row, f"{text} ({value.where})")


def _part(path: str, row: str, text: str) -> str:
    """What stands at a path, named as far as the row does not name it."""
    steps, own = path.split("."), row.removeprefix("changes.").split(".")
    while steps and own and steps[0] == own[0]:
        steps, own = steps[1:], own[1:]
    return f"{'.'.join(steps)}: {text}" if steps else text


def interval(one: Known) -> str:
    """87.15 s, 95%: 74.37 to 102.1, n = 7,150."""
    ends = "" if one.low is None or one.high is None else f", 95%: {_number(one, one.low)} to {_number(one, one.high)}"
    unit = f" {one.unit}" if one.unit not in ("", "share") else ""
    return f"{_number(one, one.value)}{unit}{ends}" + ("" if one.n is None else f", n = {one.n:,}")


def _number(one: Known, value: float) -> str:
    return f"{numbers.significant(100 * value)}%" if one.unit == "share" else numbers.significant(value)


def use(found: Budget, path: str) -> str:
    """What a budget makes of a parameter of its profile: not used is what the scenario says itself or does not need."""
    if found.asked.drawn is not None and path in found.asked.drawn[0]:
        return "drawn from its interval"
    return "taken as fitted" if path in found.line.fitted else "not used"
