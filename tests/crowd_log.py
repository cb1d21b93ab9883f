"""Logs of batches that a crowd of known truth worked on, made by our own engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from labelcast.calibration.crowd.batches import Batch, batches
from labelcast.calibration.crowd.level import Level
from labelcast.calibration.crowd.model import Crowd, Service
from labelcast.calibration.crowd.stays import Stays
from labelcast.calibration.crowd.visits import Coming
from labelcast.sim.engines import engine, ready
from labelcast.sim.line import Distribution
from labelcast.sim.plan import Plan

MONDAY = 1_767_571_200_000  # 2026-01-05 00:00 UTC
HOUR = 3_600_000
EVERY_H = 48.0


@dataclass(frozen=True)
class Truth:
    """A crowd. rate: visits an hour while `offer` labels wait.  pull, fade, returning: as of sessions.  own: sd of
    batches' levels.  tasks: labels of a visit, always; wanted: their distribution where they differ.  items, each: of a
    batch.  median, sigma: seconds of a label."""

    rate: float = 20.0
    pull: float = 0.4
    fade: float = 0.2
    offer: int = 150
    returning: float = 0.2
    own: float = 0.3
    tasks: float = 6.0
    items: int = 30
    each: int = 5
    median: float = 30.0
    sigma: float = 0.5
    wanted: Distribution | None = None

    def crowd(self, hours: np.ndarray | None = None) -> Crowd:
        """As the model has it."""
        flat = np.ones(24) if hours is None else hours
        none = np.zeros(0)
        coming = Coming((self.pull,) * 3, (self.fade,) * 3, flat, self.offer, none.astype(np.int64), none)
        level = Level(float(np.log(self.rate)), 0.0, self.own, 0.0, 1, (self.own, self.own))
        tasks = self.wanted or Distribution("constant", {"value": self.tasks})
        stays = Stays(tasks, (self.tasks,) * 3, 1, (self.returning,) * 3, 1)
        time = Distribution("lognormal", {"median": self.median, "sigma": self.sigma})
        return Crowd(coming, level, stays, Service(time, 0.2, 0.1), "UTC")


def read_back(table: pd.DataFrame, every_h: float | None = None) -> list[Batch]:
    """Batches of a table of labels, as cleaning would give them. every_h: how far apart batches were posted, where the
    log tells that; None: where it does not."""
    frame = table.rename(columns={"batch": "project"}).assign(golden=False, posted_at=pd.NaT)
    for ours, theirs in (("begin_ms", "started_at"), ("end_ms", "submitted_at")):
        frame[ours] = frame[theirs].dt.tz_localize(None).astype("datetime64[ms]").astype("int64")
    if every_h is not None:
        number = pd.factorize(frame["project"], sort=True)[0]
        frame["posted_at"] = pd.to_datetime(MONDAY + np.round(number * every_h * HOUR).astype(np.int64), unit="ms")
    frame["posted_at"] = frame["posted_at"].astype("datetime64[ms]")
    return batches(frame)


def crowd_log(truth: Truth, levels: Sequence[float], seed: int, every_h: float = EVERY_H) -> pd.DataFrame:
    """A table of labels: batch, item, worker, started_at, submitted_at, label. levels: of each batch, logarithms added
    to that of the rate; batches come `every_h` hours apart."""
    crowd, rows = truth.crowd(), []
    run = engine("fast" if ready("fast") else "reference")
    for number, level in enumerate(levels):
        begin = MONDAY + round(number * every_h * HOUR)
        line = crowd.line(truth.items, truth.each, begin, float(np.log(truth.rate)) + level, 0.0)
        tasks = run(Plan.of(line), seed, number).tasks
        rows.append(
            pd.DataFrame(
                {
                    "batch": f"batch {number:02}",
                    "item": [f"{number}-{item}" for item in tasks["item"]],
                    "worker": [f"{number}-w{worker}" for worker in tasks["worker"].to_numpy()],
                    "started_at": begin + tasks["started_at"].to_numpy(dtype=np.int64),
                    "submitted_at": begin + tasks["finished_at"].to_numpy(dtype=np.int64),
                    "label": "yes",
                }
            )
        )
    table = pd.concat(rows, ignore_index=True)
    for name in ("started_at", "submitted_at"):
        table[name] = pd.to_datetime(table[name], unit="ms", utc=True)
    return table


def levels(truth: Truth, number: int, rng: np.random.Generator) -> np.ndarray:
    """Of so many batches about a level that stays."""
    return rng.normal(0.0, truth.own, number)
