"""A budget for scripts, and its ledger as CSV that comes back as actuals."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import pandas as pd

from ...sim.ledger import decimal_amount
from ...sim.line import Line, digest
from ...sim.statistics import Difference, Summary
from ..numbers import coins
from .amounts import RISKS, Fan
from .notes import notes
from .traced import Traced, priced_by, traced, use
from .whole import Budget, Month

LEDGER = (
    "scenario",
    "kind",
    "month",
    "activity",
    "segment",
    "pool",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "currency",
    "billed",
    "billed_currency",
    "p50",
    "p80",
    "p95",
    "priced_by",
)
"""Columns of the tidy ledger. kind: actual or forecast.  quantity, amount and billed: means over replications, amounts
in whole minor units; their sums are those of the budget.  unit_price: by unit of quantity, before that rounding.
billed: in the contract's own currency.  p50 to p95: of the row alone, which do not add up.  priced_by: keys of the
scenario that price it. Empty where something is not known."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""


def budget_json(found: Budget) -> dict[str, Any]:
    """The budget as a dict that JSON can hold: units of the currency; null for what is not known."""
    runs, risk, worth, marginal = found.runs, found.risk, found.worth, found.marginal
    return {
        "scenario": found.line.name,
        "version": version("labelcast"),
        "engine": runs.engine,
        "digest": digest(found.line),
        "against": None
        if found.against is None
        else {"scenario": found.against.line.name, "digest": digest(found.against.line)},
        "seed": runs.seed,
        "replications": len(runs.kpis),
        "level": runs.level,
        "currency": found.line.currency,
        "months": _months(found.outlook),
        "plan": _months(found.plan),
        "quarters": _months(found.quarters),
        "years": _months(found.years),
        "spent": _amount(found.spent),
        "last_actual": found.cut or None,
        "estimate_at_completion": _fan(found.estimate),
        "estimate_to_complete": _fan(found.to_complete),
        "later": _fan(found.later),
        "contingency_over_p50": _amount(found.estimate.p80 - found.estimate.p50),
        "budget": None
        if risk is None
        else {
            "amount": _amount(risk.budget),
            "told_by": risk.told_by,
            "p_over": risk.chance,
            "low": risk.low,
            "high": risk.high,
            "at_risk": _amount(risk.at_risk),
            "contingency": _amount(risk.contingency),
        },
        "commitments": [
            {
                "account": one.account,
                "period": one.period,
                "committed": _amount(one.committed),
                "actual": _amount(one.actual),
                "forecast": _amount(one.forecast),
                "shortfall": _amount(one.shortfall),
                "p_shortfall": one.chance,
                "owed": one.owed,
            }
            for one in found.commitments
        ],
        "bridges": [
            {
                "bridge": title,
                "begin": _amount(one.begin),
                "end": _amount(one.end),
                "items": None if one.items is None else list(one.items),
                "parts": {name: _amount(part) for name, part in one.parts},
            }
            for title, one in found.bridges
        ],
        "cash": None if found.cash_later is None else _months(found.cash),
        "cash_later": None if found.cash_later is None else _fan(found.cash_later),
        "unit_costs": {name: _summary(one) for name, one in worth.by_label.items()},
        "quality": {name: _fan(one) for name, one in worth.quality.items()},
        "cost_of_poor_quality": _fan(worth.poor),
        "harm": _summary(worth.harm),
        "harm_paid": None if worth.harm_paid is None else _fan(worth.harm_paid),
        "adds_value": _summary(worth.value),
        "idle": _summary(worth.idle),
        "next_thousand": None
        if marginal is None
        else {"cost": _difference(marginal.cost), "delivered": _difference(marginal.delivered)},
        "assumptions": [_assumption(one) for one in traced(found)],
        "profile": _profile(found),
        "notes": list(notes(found)),
    }


def _assumption(one: Traced) -> dict[str, Any]:
    return {
        "path": one.row.path,
        "value": one.row.value,
        "source": one.row.origin,
        "written": [vars(value) for value in (*one.written, *one.inherited)],
        "fitted": list(one.fitted),
    }


def _profile(found: Budget) -> dict[str, Any] | None:
    """The profile's own data and every parameter that it tells, in the fit's units."""
    known = found.asked.provenance
    if known is None or known.profile is None:
        return None
    told = known.profile
    return {
        "name": told.name,
        "sha256": known.profile_sha256,
        "first": told.first or None,
        "last": told.last or None,
        "sources": [vars(one) for one in told.sources],
        "parameters": [{"path": path, **vars(one), "use": use(found, path)} for path, one in told.fitted.items()],
    }


def ledger_rows(found: Budget) -> list[dict[str, Any]]:
    """Rows of the tidy ledger by LEDGER: actuals, then the forecast of later months. Amounts are micro-units, None for
    what is not known; text is as it is."""
    name, home = found.line.name, found.line.currency
    rows = []
    if found.asked.actuals is not None:
        rows += [_actual(row) for row in _records(found.asked.actuals.rows)]
    later = found.ledger[found.ledger["month"] > found.cut]
    rows += [_forecast(row, found.line) for row in _records(later)]
    shared = {"scenario": name, "currency": home}
    return [{column: (row | shared)[column] for column in LEDGER} for row in rows]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _actual(row: dict[str, Any]) -> dict[str, Any]:
    quantity = None if math.isnan(row["quantity"]) else row["quantity"]
    told: dict[str, Any] = {"kind": "actual", "quantity": quantity, "billed_currency": row["currency"]}
    told["unit_price"] = row["amount"] / quantity if quantity else None
    return row | told | {f"p{percent}": row["amount"] for percent in RISKS} | {"priced_by": None}


def _forecast(row: dict[str, Any], line: Line) -> dict[str, Any]:
    price = None if math.isnan(row["price"]) else row["price"]
    told = {"kind": "forecast", "billed_currency": row["currency"] or line.currency, "unit_price": price}
    return row | told | {"priced_by": priced_by(line, row["pool"], row["activity"], row["unit"])}


def ledger_csv(found: Budget) -> str:
    """The tidy ledger as CSV: amounts exact, text that a spreadsheet would take for a formula behind an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LEDGER)
    writer.writerows(_cells(row) for row in ledger_rows(found))
    return out.getvalue()


def _cells(row: dict[str, Any]) -> Sequence[str]:
    money = {"amount", "billed", *(f"p{percent}" for percent in RISKS)}
    cells = []
    for column, value in row.items():
        if value is None:
            cells.append("")
        elif column in money:
            cells.append(_exact(value, coins(row["currency"])))
        elif column == "unit_price":
            cells.append(f"{value / 1e6:.6f}")
        elif column == "quantity":
            cells.append(repr(float(value)))
        else:
            cells.append(guarded(str(value)))
    return cells


def _exact(micro: int, places: int) -> str:
    """The amount with the currency's decimals, and more where it has more."""
    whole, _, part = f"{decimal_amount(micro):.6f}".partition(".")
    part = part.rstrip("0").ljust(places, "0")
    return f"{whole}.{part}" if part else whole


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _months(months: Sequence[Month]) -> list[dict[str, Any]]:
    return [{"name": one.name, "actual": one.actual, **_fan(one.sum), "so_far": _fan(one.so_far)} for one in months]


def _fan(one: Fan) -> dict[str, float]:
    return {name: _amount(value) for name, value in vars(one).items()}


def _amount(micro: int) -> float:
    return float(decimal_amount(micro))


def _summary(one: Summary) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in vars(one).items()}


def _difference(one: Difference) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in vars(one).items() if name != "p_value"}
