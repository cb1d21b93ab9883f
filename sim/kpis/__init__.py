"""The values of the KPIs of a run. Real and simulated logs, and runs without a log, are measured alike; names and
meaning: sim/registry."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..line import Chart, Window
from ..log import Log
from ..registry import REGISTRY, Kpi, kpi_of, unit_of
from ..strain import Caps
from ..tally import Shape, Tally, shape_of, tally_of
from .ages import of_ages
from .facts import NAN
from .flow import of_promises, of_queues, of_waits
from .gates import of_gates
from .items import of_items
from .labels import ErrorCosts, confusion_of, of_errors, of_labels
from .money import of_money
from .outside import Outside, outside_of
from .recorded import recorded
from .windows import of_windows

__all__ = [
    "REGISTRY",
    "ErrorCosts",
    "Kpi",
    "Outside",
    "confusion",
    "confusion_of",
    "kpi_of",
    "kpis",
    "kpis_of",
    "missing",
    "outside_of",
    "unit_of",
]


_COLUMNS = tuple(dict.fromkeys(column for kpi in REGISTRY for column in kpi.columns))
_ORDER = {kpi.name: place for place, kpi in enumerate(REGISTRY)}


def missing(log: Log, name: str) -> str:
    """Which column a KPI lacks, in words; "" when the log records all that it needs."""
    shape = shape_of(log, hours=0)
    tally, outside = tally_of(log, shape), outside_of(log, people={})
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
    """Every KPI of one run, by name, in the order of the registry; see `kpis_of`. caps: of utilisation, by pool."""
    shape = shape_of(log, hours=0)
    outside = outside_of(log, windows, caps=caps, charts=charts)
    return kpis_of(tally_of(log, shape), shape, outside, ledger, windows, error_costs)


def kpis_of(
    tally: Tally,
    shape: Shape,
    outside: Outside,
    ledger: pd.DataFrame | None,
    windows: Sequence[Window] = (),
    error_costs: ErrorCosts | None = None,
) -> dict[str, float]:
    """Every KPI of one run, by name, in the order of the registry.

    ledger: of sim.ledger, costs are 0 if it has no rows; None where nothing is ever paid, then there are no costs, see
    Terms.pays.  windows: dates on which numbers of items are wanted, those of `outside`.
    error_costs: of the segments; without them every error costs 1.
    NaN: cannot be computed, or withheld; see `missing`.  inf: never finished, or never ready.
    """
    found = {
        **of_items(tally, shape, outside.ended),
        **of_labels(tally, shape),
        **of_errors(tally, shape, error_costs or {}),
        **of_ages(tally),
        **of_gates(tally, shape),
        **of_waits(tally, shape),
        **of_queues(tally, shape, outside),
        **of_promises(tally, shape),
        **outside.people,
        **outside.charts,
        **of_money(tally, shape, ledger),
        **of_windows(windows, outside.ready_at),
    }
    lacked = {column for column in _COLUMNS if not recorded(tally, shape, outside, column)}
    lacking = {kpi.name for kpi in REGISTRY if lacked.intersection(kpi.columns)}
    of = {name: kpi_of(name).name for name in found}
    names_in_order = sorted(found, key=lambda name: _ORDER[of[name]])
    return {name: NAN if of[name] in lacking else found[name] for name in names_in_order}
