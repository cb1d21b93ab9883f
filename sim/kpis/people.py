"""How people spent their time, how many there were, and how they learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..staff import Staff
from ..strain import Strain
from ..tables import Ints
from .facts import HOUR_MS, NAN, Found, over

PROFICIENT = 0.9
"""The share of the speed reached in the end that counts as proficient."""

LEAST_WEEKS = 8
"""Weeks of work without which nothing is said of learning; the last four tell the speed reached in the end."""


def of_people(staff: Staff, pools: Sequence[str], strains: Mapping[str, Strain]) -> Found:
    """KPIs of each pool's people. pools: names, in the order of their codes.  strains: of pools with a cap."""
    found = {}
    for code, pool in enumerate(pools):
        time = staff.times[pool]
        found[f"utilisation.{pool}"] = over(time.busy, time.on_shift)
        for name, spent in (
            ("idle_h", time.idle),
            ("busy_h", time.busy),
            ("training_h", time.training),
            ("absent_h", time.absent),
            ("paid_h", time.paid),
        ):
            found[f"{name}.{pool}"] = spent / HOUR_MS
        crowd = code in staff.crowds
        found[f"off_h.{pool}"] = NAN if crowd else time.off / HOUR_MS  # a crowd is nobody's staff
        found[f"hires.{pool}"] = NAN if crowd else float(staff.hires[code])
        found[f"leavers.{pool}"] = NAN if crowd else float(staff.leavers[code])
        found[f"ramp_weeks.{pool}"] = _ramp(staff.spent[code], staff.many[code])
        strain = strains.get(pool)
        found[f"over_cap_h.{pool}"] = NAN if strain is None else strain.ms / HOUR_MS
        found[f"over_cap_weeks.{pool}"] = NAN if strain is None else float(strain.weeks)
    return found | _crowd(staff, pools)


def _crowd(staff: Staff, pools: Sequence[str]) -> Found:
    """How many people worked, and how unevenly."""
    found = {}
    for code, pool in enumerate(pools):
        mine = np.sort(staff.done[(staff.pool_of == code) & (staff.done > 0)])[::-1]
        found[f"people_seen.{pool}"] = float(len(mine))
        found[f"top_tenth_share.{pool}"] = over(int(mine[: -(-len(mine) // 10)].sum()), int(mine.sum()))
    return found


def _ramp(spent: Ints, many: Ints) -> float:
    """Weeks until the people of a pool are proficient: the first in which the mean active time of a label is no longer
    than that of the last four weeks, by PROFICIENT."""
    worked = np.flatnonzero(many)
    if len(worked) < LEAST_WEEKS:
        return NAN
    last = worked[-4:]
    level = spent[last].sum() / many[last].sum()
    quick = spent[worked] * PROFICIENT <= level * many[worked]
    return float(worked[int(np.argmax(quick))])
