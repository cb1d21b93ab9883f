"""An explanation as text, as JSON and as CSV."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from ...sim.line import MICRO
from ...sim.registry import MONEY, unit_of
from ...sim.store import shielded
from .. import numbers
from ..columns import left
from ..tables import plain_text, table
from .rows import finite, withheld
from .whole import Explanation

MOST = 30
"""Rows of a table that text shows; --json and --csv have all."""

GENERATOR = (
    "Philox4x32-10: each number is a function of the seed, the replication, the item or worker, and what it is for"
)

FOUND = {"stated": "the scenario", "fitted": "the profile, fitted", "default": "nobody: assumed"}


def explanation_json(one: Explanation) -> dict[str, Any]:
    """All of it, as a dict that JSON can hold."""
    manifest, rows = one.saved.manifest, one.rows
    told: dict[str, Any] = {
        "run": one.saved.name,
        "scenario": manifest.name,
        "kpi": one.kpi,
        "unit": _unit(one),
        "value": {name: finite(value) for name, value in vars(one.summary).items()},
        "formula": {
            "meaning": one.entry.sentence,
            "needs": list(one.entry.columns),
            "better": one.entry.better,
            "over_replications": over_replications(one),
        },
        "inputs": [{"path": each.path, "value": each.value, "said_by": each.origin} for each in one.inputs],
        "files": dict(manifest.files),
        "seeds": {"seed": manifest.asked.seed, "replications": manifest.replications, "generator": GENERATOR},
        "digest": manifest.digest,
        "engine": manifest.asked.engine,
        "versions": dict(manifest.versions),
        "rows": _plain(_frame(one)),
    }
    if rows.ledger is not None:
        told["ledger"] = _plain(_book(rows.ledger))
    if one.log is not None:
        told["log"] = {
            "file": str(one.log.path),
            "replication": one.log.replication,
            "columns": {name: {"rows": n, "recorded": known} for name, (n, known) in one.log.columns.items()},
            "value": finite(one.log.value),
        }
    return told


def explanation_csv(one: Explanation) -> str:
    """The rows behind the number: entries of the ledger, or of what is no money the value of each replication."""
    rows = _frame(one) if one.rows.ledger is None else _book(one.rows.ledger)
    safe = {name: [shielded(x) if isinstance(x, str) else x for x in rows[name].tolist()] for name in rows.columns}
    return str(pd.DataFrame(safe).to_csv(index=False, lineterminator="\n"))


def explanation_text(one: Explanation) -> str:
    """For a terminal."""
    parts = [*_value(one), "", *_formula(one), "", *_inputs(one), "", *_provenance(one), "", *_rows(one)]
    return plain_text("\n".join(parts))


def over_replications(one: Explanation) -> str:
    """How the number is made of what the replications gave."""
    rows, level = one.rows, numbers.significant(100 * one.saved.runs.level)
    many = rows.gave.size
    if rows.met is not None:
        met = f"{int(rows.met.sum())} of {many} replications have {rows.of} {rows.bound}"
        return f"share of the replications that meet the goal: {met}; error: Wilson's {level}% interval"
    if many == 1:
        return "one replication: it has no interval, and its percentiles are itself"
    error = f"error: its {level}% t interval"
    risk = "risk: P5, P50, P80 and P95 are values of replications (inverted distribution function)"
    return f"mean of {many} replications; {error}; {risk}"


def _unit(one: Explanation) -> str:
    return unit_of(one.kpi, one.saved.line.currency)


def _value(one: Explanation) -> Iterator[str]:
    unit, summary = _unit(one), one.summary
    why = withheld(one.rows)
    yield f"{one.kpi} of {one.saved.name}: {why or _exact(summary.mean, unit)}"
    if math.isfinite(summary.low):
        level = numbers.significant(100 * one.saved.runs.level)
        yield f"  error: {level}% interval {_exact(summary.low, unit)} to {_exact(summary.high, unit)}"
    if not math.isnan(summary.p50):
        ends = [("P5", summary.p5), ("P50", summary.p50), ("P80", summary.p80), ("P95", summary.p95)]
        yield "  risk: " + ", ".join(f"{name} {_exact(value, unit)}" for name, value in ends)


def _formula(one: Explanation) -> Iterator[str]:
    yield "Formula"
    yield f"  {one.entry.sentence}"
    yield f"  Over replications: {over_replications(one)}."
    if one.rows.ledger is not None:
        by = f", divided by {one.rows.per}" if one.rows.per else ""
        yield f"  In a replication: sum of `amount` over entries of the ledger, {one.rows.which}{by}."
    if one.entry.columns:
        yield f"  Needs: {', '.join(one.entry.columns).replace(MONEY, one.saved.line.currency)}."


def _inputs(one: Explanation) -> Iterator[str]:
    yield f"Inputs: {len(one.inputs)} values of the scenario, and who said them"
    rows = [["path", "said by", "value"], *([each.path, FOUND[each.origin], each.value] for each in one.inputs)]
    yield left(rows)


def _provenance(one: Explanation) -> Iterator[str]:
    manifest = one.saved.manifest
    last = manifest.replications - 1
    yield "Seeds and versions"
    yield f"  seed {manifest.asked.seed}, replications 0 to {last}. {GENERATOR}."
    yield f"  engine {manifest.asked.engine}; line {manifest.digest}"
    for name, digest in manifest.files.items():
        yield f"  {name}: SHA-256 {digest}"
    yield "  " + ", ".join(f"{name} {number}" for name, number in manifest.versions.items())


def _rows(one: Explanation) -> Iterator[str]:
    rows = _frame(one)
    yield f"Rows: {len(rows)} replications"
    yield table([[*rows.columns], *([_cell(x) for x in row] for row in rows[:MOST].itertuples(index=False))])
    if len(rows) > MOST:
        yield f"and {len(rows) - MOST} more: --csv or --json has all."
    if one.rows.ledger is not None:
        yield from _ledger(one, one.rows.ledger)
    if one.log is not None:
        yield ""
        yield f"Log {one.log.path}, replication {one.log.replication}"
        for name, (count, known) in one.log.columns.items():
            yield f"  {name}: {count:,} rows, {known:,} of them recorded"
        there = float(one.rows.gave[one.log.replication])
        same = one.log.value == there or (math.isnan(one.log.value) and math.isnan(there))
        told = "as above" if same else f"but {_cell(there)} above: the log and the run do not agree"
        yield f"  {one.rows.of} worked out from these rows: {_cell(one.log.value)}, {told}"


def _ledger(one: Explanation, ledger: pd.DataFrame) -> Iterator[str]:
    """Entries summed over months and replications, as means by replication."""
    many = one.rows.gave.size
    keys = ["activity", "segment", "pool", "unit"]
    sums = ledger.groupby(keys, sort=True)[["quantity", "amount"]].sum().reset_index()
    yield ""
    yield f"Ledger: {len(ledger):,} entries; by replication they come on average to"
    rows = [[*keys, "quantity", f"amount {one.saved.line.currency}"]]
    for row in sums.to_dict("records"):
        amount = numbers.plain(int(row["amount"]) / MICRO / many, 2)
        rows.append([*(str(row[key]) or "-" for key in keys), f"{float(row['quantity']) / many:,.2f}", amount])
    rows.append(["all", "", "", "", "", numbers.plain(int(sums["amount"].sum()) / MICRO / many, 2)])
    yield table(rows)


def _frame(one: Explanation) -> pd.DataFrame:
    """A row a replication: value, and what it is made of."""
    rows = one.rows
    found: dict[str, Any] = {"replication": range(rows.gave.size), rows.of: rows.gave}
    if rows.met is not None:
        found["met"] = rows.met.astype(int)
    if rows.divisor is not None:
        found |= {"amount": rows.amounts, rows.per.replace(" ", "_"): rows.divisor}
    return pd.DataFrame(found)


def _book(ledger: pd.DataFrame) -> pd.DataFrame:
    """The entries, amounts in currency units, exact as text."""
    return ledger.assign(
        amount=[decimal(int(x)) for x in ledger["amount"]], billed=[decimal(int(x)) for x in ledger["billed"]]
    ).reset_index(drop=True)


def decimal(micro: int) -> str:
    """Micro-units as an exact decimal number of currency units."""
    whole, rest = divmod(abs(micro), MICRO)
    return f"{'-' if micro < 0 else ''}{whole}.{rest:06}"


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    found = frame.to_dict("records")
    return [{str(k): finite(v) if isinstance(v, float) else v for k, v in row.items()} for row in found]


def _cell(value: object) -> str:
    return f"{value:.9g}" if isinstance(value, float) else str(value)


def _exact(value: float, unit: str) -> str:
    """With as many digits as help to find it again among the rows."""
    if not math.isfinite(value):
        return numbers.plain(value)
    return numbers.with_unit(f"{100 * value:.6g}" if unit == numbers.SHARE else f"{value:.9g}", unit)
