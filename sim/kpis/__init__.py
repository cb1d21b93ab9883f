"""The values of the KPIs of a run. Real and simulated logs, and runs without a log, are measured alike; names and
meaning: sim/registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress

import pandas as pd

from ..line import Chart, Window
from ..log import Log
from ..registry import REGISTRY, Kpi, kpi_of, unit_of
from ..strain import Caps
from ..tally import shape_of, tally_of
from .facts import NAN, Found
from .groups import GROUPS, Told
from .labels import ErrorCosts, confusion_of
from .outside import Outside, outside_of
from .recorded import recorded

__all__ = [
    "REGISTRY",
    "ErrorCosts",
    "Kpi",
    "Outside",
    "Told",
    "confusion",
    "confusion_of",
    "kpi_of",
    "kpis",
    "kpis_of",
    "missing",
    "outside_of",
    "some_of",
    "unit_of",
]


_ORDER = {kpi.name: place for place, kpi in enumerate(REGISTRY)}

_group_of: dict[str, int] = {}
"""Which of GROUPS gives a family of KPIs, as far as any run has shown."""


def missing(log: Log, name: str) -> str:
    """Which column a KPI lacks, in words; "" when the log records all that it needs."""
    shape = shape_of(log, hours=0)
    tally, outside = tally_of(log, shape), outside_of(log)
    lacks = [column for column in kpi_of(name).columns if not recorded(tally, shape, outside, column)]
    return f"{name} needs {' and '.join(lacks)}, which this log does not record" if lacks else ""


def confusion(log: Log) -> pd.DataFrame:
    """`confusion_of` a log."""
    shape = shape_of(log, hours=0)
    return confusion_of(tally_of(log, shape), shape)


def kpis(
    log: Log,
    ledger: pd.DataFrame | None,
    windows: Sequence[Window] = (),
    error_costs: ErrorCosts | None = None,
    charts: Sequence[Chart] = (),
    caps: Caps | None = None,
) -> dict[str, float]:
    """Every KPI of a log, by name, in the order of the registry; see `kpis_of`.

    ledger: of sim.ledger, costs are 0 if it has no rows; without one there are no costs.  windows: dates on which
    numbers of items are wanted.  error_costs: of the segments; without them every error costs 1.
    caps: of utilisation, by pool.
    """
    shape = shape_of(log)
    outside = outside_of(log, windows, caps, charts)
    books = None if ledger is None else {str(name): ledger[name].tolist() for name in ledger}
    get = None if books is None else lambda: books
    return kpis_of(Told(tally_of(log, shape), shape, outside, get, windows, error_costs or {}))


def kpis_of(told: Told) -> Found:
    """Every KPI of one run, by name, in the order of the registry. NaN: cannot be computed, or withheld; see `missing`.
    inf: never finished, or never ready."""
    found = _as_recorded(told, {name: value for group in GROUPS for name, value in group(told).items()})
    return {name: found[name] for name in sorted(found, key=lambda name: _ORDER[kpi_of(name).name])}


def some_of(told: Told, names: Sequence[str]) -> list[float]:
    """These KPIs of one run, as `kpis_of` gives them, NaN where it gives none; other groups are not worked out. A
    family that no run has had so far is looked for in all."""
    groups = [_group_of.get(family) for family in _families(names)]
    found: Found = {}
    for place, group in enumerate(GROUPS):
        if place in groups:
            found |= group(told)
        elif None in groups:
            given = group(told)
            _group_of.update(dict.fromkeys(_families(given), place))
            found |= given
    recorded = _as_recorded(told, {name: found[name] for name in names if name in found})
    return [recorded.get(name, NAN) for name in names]


def _families(names: Iterable[str]) -> list[str]:
    """Of KPIs, as the registry names them; other names are left out."""
    found = []
    for name in names:
        with suppress(KeyError):
            found.append(kpi_of(name).name)
    return found


def _as_recorded(told: Told, found: Found) -> Found:
    """KPIs, NaN for those that need a column which is not recorded."""
    needs = {name: kpi_of(name).columns for name in found}
    columns = dict.fromkeys(column for some in needs.values() for column in some)
    there = {column for column in columns if recorded(told.tally, told.shape, told.outside, column)}
    return {name: value if there.issuperset(needs[name]) else NAN for name, value in found.items()}
