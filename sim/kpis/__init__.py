"""The values of the KPIs of a log. Real and simulated logs are measured alike; names and meaning: sim/registry."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..line import Window
from ..log import Log
from ..registry import REGISTRY, Kpi, kpi_of, unit_of
from ..staff import staff_of_log
from .facts import NAN, Facts
from .flow import of_promises, of_queues, of_waits
from .gates import of_gates
from .items import of_items
from .labels import ErrorCosts, confusion, of_errors, of_labels
from .money import of_money
from .people import of_people
from .recorded import recorded
from .windows import of_windows

__all__ = ["REGISTRY", "ErrorCosts", "Kpi", "confusion", "kpi_of", "kpis", "missing", "unit_of"]


def missing(log: Log, name: str) -> str:
    """Which column a KPI lacks, in words; "" when the log records all that it needs."""
    facts = Facts(log)
    lacks = [column for column in kpi_of(name).columns if not recorded(facts, column)]
    return f"{name} needs {' and '.join(lacks)}, which this log does not record" if lacks else ""


def kpis(
    log: Log, ledger: pd.DataFrame | None, windows: Sequence[Window] = (), error_costs: ErrorCosts | None = None
) -> dict[str, float]:
    """Every KPI of one run, by name, in the order of the registry.

    ledger: of sim.ledger, costs are 0 if it has no rows; None where nothing is ever paid, then there are no costs, see
    Terms.pays.  windows: dates on which numbers of items are wanted.
    error_costs: of the segments; without them every error costs 1.
    NaN: cannot be computed, or withheld; see `missing`.  inf: never finished, or never ready.
    """
    facts = Facts(log)
    found = {
        **of_items(facts),
        **of_labels(facts),
        **of_errors(facts, error_costs or {}),
        **of_gates(facts),
        **of_waits(facts),
        **of_queues(facts),
        **of_promises(facts),
        **of_people(staff_of_log(log), facts.pools),
        **of_money(facts, ledger),
        **of_windows(facts, windows),
    }
    columns = dict.fromkeys(column for kpi in REGISTRY for column in kpi.columns)
    lacked = {column for column in columns if not recorded(facts, column)}
    lacking = {kpi.name for kpi in REGISTRY if lacked.intersection(kpi.columns)}
    order = {kpi.name: place for place, kpi in enumerate(REGISTRY)}
    of = {name: kpi_of(name).name for name in found}
    names_in_order = sorted(found, key=lambda name: order[of[name]])
    return {name: NAN if of[name] in lacking else found[name] for name in names_in_order}
