"""The KPIs of one log as a table."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..sim.registry import unit_of
from . import numbers, words
from .tables import plain_text, table


def kpis_text(found: Mapping[str, float]) -> str:
    """A row for each KPI that the log tells, under its name; and how many it does not."""
    rows = [["", "", "value"]]
    for name, value in found.items():
        if not math.isnan(value):
            rows.append([name, words.title(name), numbers.number(value, unit_of(name, ""))])
    withheld = len(found) - len(rows) + 1
    note = f"{withheld} more cannot be told from this log: it holds no prices, or lacks what they need (docs/kpis.md)."
    return plain_text("\n".join([table(rows), "", *([note] if withheld else []), ""]))
