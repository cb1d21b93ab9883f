"""A crowd as fitted, and the line of one batch of it: what a forecast of a batch simulates."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.engines import ends, ready
from ...sim.intensity import EARLY_H
from ...sim.line import Calendar, Distribution, Learning, Line, Pool, Segment, Sessions, Stage
from ...sim.plan import Plan
from ...sim.tables import NULL
from ...sim.trace import Ends
from .batches import Batch
from .level import Level
from .stays import Stays
from .visits import HOUR_MS, Coming

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PATIENCE_S = 60.0
"""A visitor without a task leaves after it. No export shows it, and where most are served at once it hardly matters."""

LONGEST = 12.0
"""Times what a fluid takes, after which a batch is given up."""

HOURS_PER_WEEK = 168.0
DAY_S = 86_400.0


@dataclass(frozen=True)
class Service:
    """How long one label takes. time: active seconds of the typical worker's first task.  speed_sd: of the logarithm,
    over workers.  shrinkage: share of a visit that is not spent on labels.  learning: what practice does."""

    time: Distribution
    speed_sd: float
    shrinkage: float
    learning: Learning = field(default_factory=Learning)


@dataclass(frozen=True, eq=False)
class Crowd:
    """coming, level, stays: of visits.  service: of labels.  matched: what is added to levels, in logarithms, so that
    simulated batches of the past take as long as they did (see matched.py); matched_sd: its standard error.  timezone:
    of the hours of coming."""

    coming: Coming
    level: Level
    stays: Stays
    service: Service
    timezone: str
    matched: float = 0.0
    matched_sd: float = 0.0

    def hours_of(self, labels: int, level: float, since_h: float = 0.0) -> float:
        """About how long so many labels take that were posted `since_h` hours before, by a fluid: labels an hour are
        rate * mean * (w / offer)^pull, and fade."""
        pull, fade = min(self.coming.pull[0], 0.95), min(self.coming.fade[0], 0.95)
        rate = math.exp(level + self.matched) * self.stays.mean[0]
        wanted = self.coming.offer**pull * labels ** (1.0 - pull) / ((1.0 - pull) * rate)
        begin, power = since_h + EARLY_H, 1.0 - fade
        end = (wanted * power / (1.0 + EARLY_H) ** fade + begin**power) ** (1.0 / power)
        return float(end - begin)

    def line(
        self, items: int, labels_per_item: int, begin_ms: int, level: float, spread: float, since_ms: int = 0
    ) -> Line:
        """The line of a batch that stands ready at `begin_ms`. level, spread: of its crowd, logarithms.  since_ms: how
        long before it was posted."""
        expected = self.hours_of(items * labels_per_item, level, since_ms / HOUR_MS)
        horizon = max(DAY_S, LONGEST * 3600.0 * expected * math.exp(2.5 * spread))
        local = pd.Timestamp(begin_ms, unit="ms", tz="UTC").tz_convert(self.timezone).tz_localize(None).floor("s")
        always = tuple((day, 0, 86_400) for day in range(7))
        hours = tuple(float(one) for one in np.tile(self.coming.hours, 7))
        sessions = Sessions(
            per_week=math.exp(level + self.matched) * HOURS_PER_WEEK,
            calendar="always",
            tasks=self.stays.tasks,
            shape=hours,
            returning=self.stays.returning[0],
            patience_s=PATIENCE_S,
            pull=self.coming.pull[0],
            offer=self.coming.offer,
            spread=spread,
            fade=self.coming.fade[0],
            since_s=since_ms / 1000.0,
        )
        pool = Pool(
            "crowd",
            0,
            "always",
            sessions=sessions,
            shrinkage=self.service.shrinkage,
            speed_sd=self.service.speed_sd,
            learning=self.service.learning,
        )
        stage = Stage(
            "annotate",
            "annotate",
            (("crowd", 1.0),),
            self.service.time,
            {"labelled": "deliver", "tied": "deliver"},
            labels_per_item=labels_per_item,
        )
        return Line(
            name="batch",
            start=local.to_pydatetime(),
            timezone=self.timezone,
            currency="USD",
            horizon_s=float(horizon),
            segments=(Segment("items", backlog=items, classes={"any": 1.0}),),
            calendars=(Calendar("always", self.timezone, always),),
            pools=(pool,),
            stages=(stage,),
            first="annotate",
        )


@dataclass(frozen=True, eq=False)
class Came:
    """When labels of a simulated batch came, and when each item had all of its own, milliseconds since 1970, sorted.
    whole: all came before the run ended."""

    ends: Ints
    items: Ints
    whole: bool


def simulate(line: Line, begin_ms: int, replications: int, seed: int) -> list[Came]:
    """Replications of a batch; by the compiled engine if it is there, else by the reference: they say the same."""
    run = ends("fast" if ready("fast") else "reference")
    plan = Plan.of(line)
    return [_came(run(plan, seed, number), begin_ms) for number in range(replications)]


def _came(ends: Ends, begin_ms: int) -> Came:
    done, over = np.sort(ends.finished[ends.finished != NULL]), np.sort(ends.delivered[ends.delivered != NULL])
    return Came(done + begin_ms, over + begin_ms, len(over) == len(ends.delivered))


def left_of(batch: Batch, now: int) -> tuple[int, int]:
    """(items, labels an item) that stand for what a batch still wants at a moment."""
    left = batch.labels - int(np.searchsorted(batch.begins, now, side="right"))
    items = min(batch.items, max(1, left))
    each = max(1, round(left / items))
    return max(1, round(left / each)), each
