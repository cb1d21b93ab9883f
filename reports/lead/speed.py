"""How quick people are and how they learn, counted from a log: of each worker, and by how much they had done before."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.log import Log
from ...sim.statistics import Summary, summarise
from ...sim.tables import NULL, ints, names
from .flows import NO_RESULT

LEAST = 5
"""Tasks of a worker without which nothing is said of their speed, and workers without whom nothing of learning."""


@dataclass(frozen=True, eq=False)
class Speed:
    """Of one stage. workers: a row a worker with LEAST tasks, the quickest first: pool, worker (number in it), tasks,
    seconds (mean active seconds of a unit: a task, or an object where items have objects).
    steps: (first task, last task, seconds of a unit) of the workers who did all of these tasks, the same in each step:
    their mean with its 95% interval over them; empty for fewer than LEAST workers.  learners: how many they are."""

    stage: str
    workers: pd.DataFrame
    steps: tuple[tuple[int, int, Summary], ...]
    learners: int


def busiest_stage(log: Log) -> str:
    """The stage with the most active time of people."""
    people = log.tasks[log.tasks["worker"].notna()]
    spent = people.groupby("stage", observed=False)["active_ms"].sum()
    return str(spent.index[int(np.argmax(spent.to_numpy(np.float64)))])


def speed_of(log: Log, stage: str | None = None) -> Speed:
    """The speed of a stage's people, of the busiest for None. Tasks without a result, and without active time, are left
    out; test questions are in, as work like any other.

    Steps double: the first task, the second and third, the next four, ..; as many as half of the workers have done.
    """
    stage = busiest_stage(log) if stage is None else stage
    assert stage in names(log.tasks["stage"]), "no such stage"
    units = _units(log, stage)
    whole = units.groupby(["pool", "worker"], sort=True, as_index=False).agg(
        tasks=("seconds", "size"), seconds=("seconds", "mean")
    )
    known = whole[whole["tasks"] >= LEAST].sort_values(["seconds", "pool", "worker"]).reset_index(drop=True)
    many = known["tasks"].to_numpy(np.int64)
    count = int(math.log2(np.sort(many)[len(many) // 2] + 1)) if len(many) else 0
    able = known[known["tasks"] >= 2**count - 1]
    if len(able) < LEAST:
        return Speed(stage, known, (), 0)
    mine = units.merge(able[["pool", "worker"]], on=["pool", "worker"])
    mine["step"] = np.floor(np.log2(mine["nth"] + 1)).astype(np.int64)
    means = mine[mine["step"] < count].groupby(["step", "pool", "worker"])["seconds"].mean()
    steps = tuple((2**k, 2 ** (k + 1) - 1, summarise(means.loc[k].to_numpy(np.float64))) for k in range(count))
    return Speed(stage, known, steps, len(able))


def _units(log: Log, stage: str) -> pd.DataFrame:
    """A row a task in the order of starts: pool, worker, seconds of a unit, nth (0 for the worker's first here)."""
    tasks = log.tasks
    there: npt.NDArray[np.bool_] = (
        (tasks["stage"] == stage)
        & tasks["worker"].notna()
        & tasks["outcome"].notna()
        & ~tasks["outcome"].isin(NO_RESULT)
        & (tasks["active_ms"] > 0).fillna(False)
    ).to_numpy(dtype=np.bool_)
    mine = tasks[there].sort_values(["started_at", "item", "replica"], kind="stable")
    objects = ints(log.items["objects"])[np.searchsorted(ints(log.items["item"]), ints(mine["item"]))]
    units = pd.DataFrame(
        {
            "pool": mine["pool"].astype(str).to_numpy(),
            "worker": ints(mine["worker"]),
            "seconds": ints(mine["active_ms"]) / 1_000 / np.where((objects == NULL) | (objects < 1), 1, objects),
        }
    )
    units["nth"] = units.groupby(["pool", "worker"]).cumcount()
    return units
