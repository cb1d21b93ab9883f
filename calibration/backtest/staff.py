"""The line of a staff: all batches ahead in one run, worked on by the people whom the part before the cut shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...sim.engines import ends, ready
from ...sim.line import Calendar, Line, Pool, Release, Segment, Stage
from ...sim.plan import Plan
from ...sim.tables import NULL
from ..availability import Availability
from ..crowd.batches import Batch
from ..crowd.model import Service, left_of
from .ahead import Told

DAY_S = 86_400.0

LONGEST = 10.0
"""Times the length of the part ahead, after which work is given up."""


def by_staff(
    availability: Availability,
    service: Service,
    ahead: Sequence[Batch],
    now: int,
    timezone: str,
    replications: int,
    seed: int,
) -> list[Told]:
    """The calibrated line. All batches get as many labels an item as most of them do; what is left of one under way
    stands as items of its own, before what comes later."""
    each = int(np.median([one.labels_per_item for one in ahead]))
    waiting = [one.posted <= now for one in ahead]
    items = [
        max(1, round(left_of(one, now)[0] * left_of(one, now)[1] / each)) if here else max(1, round(one.labels / each))
        for one, here in zip(ahead, waiting, strict=True)
    ]
    line = _line(availability, service, ahead, items, waiting, each, now, timezone)
    plan, run = Plan.of(line), ends("fast" if ready("fast") else "reference")
    bounds = np.concatenate([[0], np.cumsum(items)])
    told: list[Told] = [Told([], [], []) for _ in ahead]
    for number in range(replications):
        item, finished, delivered = run(plan, seed, number)
        batch = np.searchsorted(bounds, item, side="right") - 1
        for place, one in enumerate(told):
            mine = finished[(batch == place) & (finished != NULL)]
            one.ends.append(np.sort(mine) + now)
            mine = delivered[bounds[place] : bounds[place + 1]]
            one.items.append(np.sort(mine[mine != NULL]) + now)
            one.whole.append(bool((mine != NULL).all()))
    return told


def _line(
    availability: Availability,
    service: Service,
    ahead: Sequence[Batch],
    items: Sequence[int],
    waiting: Sequence[bool],
    each: int,
    now: int,
    timezone: str,
) -> Line:
    local = pd.Timestamp(now, unit="ms", tz="UTC").tz_convert(timezone).tz_localize(None).floor("s")
    shares = tuple(float(slots) / availability.headcount for slots in availability.on_shift.ravel())
    span = (max(one.last for one in ahead) - now) / 1000.0
    releases = tuple(
        Release((one.posted - now) / 1000.0, count)
        for one, count, here in zip(ahead, items, waiting, strict=True)
        if not here
    )
    return Line(
        name="staff",
        start=local.to_pydatetime(),
        timezone=timezone,
        currency="USD",
        horizon_s=max(14 * DAY_S, LONGEST * span),
        segments=(
            Segment(
                "items",
                backlog=sum(count for count, here in zip(items, waiting, strict=True) if here),
                releases=releases,
                classes={"any": 1.0},
            ),
        ),
        calendars=(Calendar("hours", timezone, availability=shares),),
        pools=(
            Pool(
                "staff",
                availability.headcount,
                "hours",
                speed_sd=service.speed_sd,
                shrinkage=service.shrinkage,
                learning=service.learning,
            ),
        ),
        stages=(
            Stage(
                "annotate",
                "annotate",
                (("staff", 1.0),),
                service.time,
                {"labelled": "deliver", "tied": "deliver"},
                labels_per_item=each,
            ),
        ),
        first="annotate",
    )
