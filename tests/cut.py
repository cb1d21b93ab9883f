"""A simulated project as a platform shows it at a moment: one row a task, those in hand without an end."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from labelcast.sim.log import Log


def shown(log: Log, now: int | None = None) -> pd.DataFrame:
    """Tasks that were begun by `now`, milliseconds from the log's origin: item, project (its segment), stage, worker
    ("pool-number"), posted_at, started_at, submitted_at ("" for those in hand), outcome. None: all of the log."""
    now = log.provenance.ended_at if now is None else now
    tasks = log.tasks[log.tasks["started_at"].notna() & (log.tasks["started_at"] <= now)]
    tasks = tasks[tasks["worker"].notna()]
    ended = tasks["finished_at"].notna() & (tasks["finished_at"] <= now)
    items = log.items.set_index("item")
    origin = pd.Timestamp(log.provenance.moment).tz_convert("UTC").tz_localize(None)

    def moment(ms: pd.Series[int]) -> pd.Series[str]:
        stamps = origin + pd.to_timedelta(ms.fillna(0).astype("int64"), unit="ms")
        return stamps.dt.strftime("%Y-%m-%dT%H:%M:%S.%f").str.slice(0, 23)

    verdict = tasks["outcome"].astype("str").where(tasks["outcome"].isin(["accepted", "rejected"]), "accepted")
    return pd.DataFrame(
        {
            "item": "item-" + tasks["item"].astype("str"),
            "project": tasks["item"].map(items["segment"]).astype("str"),
            "stage": tasks["stage"].astype("str"),
            "worker": tasks["pool"].astype("str") + "-" + tasks["worker"].astype("str"),
            "posted_at": moment(tasks["item"].map(items["arrived_at"])),
            "started_at": moment(tasks["started_at"]),
            "submitted_at": np.where(ended, moment(tasks["finished_at"]), ""),
            "outcome": np.where(ended, verdict, "in progress"),
        }
    ).sort_values(["started_at", "item"], ignore_index=True)


def write_shown(log: Log, path: Path, now: int | None = None) -> Path:
    """`shown` as CSV."""
    shown(log, now).to_csv(path, index=False, lineterminator="\n")
    return path
