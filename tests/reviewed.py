"""Lines with a review, run by our own engine, and what a platform would export of them: one row a label."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from labelcast.sim.line import DELIVER, Calendar, Distribution, Line, Pool, Segment, Stage
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run


def line(
    fraction: float = 0.4,
    *,
    rework_by: Literal["author", "anyone"] = "author",
    items: int = 3000,
    accuracy_logit: float = 1.5,
    people: int = 8,
    reviewers: int = 3,
    wait_s: float = 20_000.0,
    labels: int = 1,
) -> Line:
    """Annotate by `people`, then a share reviewed by `reviewers` after a lognormal wait, three returns at most."""
    return Line(
        name="reviewed",
        start=datetime(2027, 1, 4, 9),
        timezone="UTC",
        currency="EUR",
        horizon_s=30 * 7 * 86_400.0,
        segments=(Segment("items", backlog=items, classes={"car": 0.6, "bus": 0.4}, difficulty_sd=0.7),),
        calendars=(
            Calendar("office", "UTC", tuple((d, 9 * 3600, 12 * 3600) for d in range(5))),
            Calendar("always", "UTC", tuple((d, 0, 24 * 3600) for d in range(7))),
        ),
        pools=(
            Pool("team", people, "office", speed_sd=0.3, skill_mean=accuracy_logit, skill_sd=0.4),
            Pool("reviewers", reviewers, "always", speed_sd=0.2),
        ),
        stages=(
            Stage(
                "annotate",
                "annotate",
                (("team", 1.0),),
                Distribution("lognormal", {"median": 100.0, "sigma": 0.45}),
                {"labelled": "review", "tied": "review"},
                labels_per_item=labels,
                rework_by=rework_by,
            ),
            Stage(
                "review",
                "review",
                (("reviewers", 1.0),),
                Distribution("lognormal", {"median": 20.0, "sigma": 0.4}),
                {"accepted": DELIVER, "rejected": "annotate", "exhausted": DELIVER},
                fraction=fraction,
                handoff=Distribution("lognormal", {"median": wait_s, "sigma": 0.5}),
            ),
        ),
        first="annotate",
    )


def table(log: Log) -> pd.DataFrame:
    """The labels of `log` with the verdict on each, in the columns of a plain table."""
    done = log.tasks[log.tasks["outcome"].notna()].copy()
    for name in ("stage", "pool", "label", "outcome"):
        done[name] = done[name].astype(object)
    labels = done[done["stage"] == "annotate"]
    verdicts = done[done["stage"] == "review"].set_index(["item", "round"])
    key = pd.MultiIndex.from_frame(labels[["item", "round"]])
    found = verdicts.reindex(key)
    reviewer = found["worker"].astype("Int64")
    origin = pd.Timestamp(log.provenance.moment).tz_convert("UTC").tz_localize(None)

    def stamp(ms: pd.Series) -> pd.Series:
        return (origin + pd.to_timedelta(pd.Series(np.asarray(ms, float)), unit="ms")).dt.strftime("%FT%T.%f")

    return pd.DataFrame(
        {
            "item": labels["item"].to_numpy(),
            "worker": "w" + labels["worker"].astype(str).to_numpy(),
            "started_at": stamp(labels["started_at"]),
            "submitted_at": stamp(labels["finished_at"]),
            "label": labels["label"].to_numpy(),
            "outcome": np.where(found["outcome"].isin(["rejected", "exhausted"]), "rejected", "accepted"),
            "reviewer": np.where(reviewer.isna(), "", "r" + reviewer.astype("str")),
            "reviewed_at": stamp(found["finished_at"]).fillna(""),
        }
    )  # fmt: skip


def export(line: Line, path: Path, *, seed: int = 1, until: float | None = None) -> Log:
    """Runs `line` and writes its table to `path`; what happened after the share `until` of the run is not in it."""
    log = run(Plan.of(line), seed=seed, replication=0)
    found = table(log)
    if until is not None:
        stamps = pd.to_datetime(found["submitted_at"])
        cut = stamps.min() + until * (stamps.max() - stamps.min())
        late = pd.to_datetime(found["reviewed_at"]) > cut
        found.loc[late, ["outcome", "reviewer", "reviewed_at"]] = ["accepted", "", ""]
        found = found[stamps <= cut]
    found.to_csv(path, index=False)
    return log


def steps(log: Log) -> pd.DataFrame:
    """All tasks of `log` by stage, as an event log tells them: who did what when, and no verdict."""
    done = log.tasks[log.tasks["outcome"].notna()]
    origin = pd.Timestamp(log.provenance.moment).tz_convert("UTC").tz_localize(None)
    stamps = {
        name: (origin + pd.to_timedelta(done[of].astype("int64"), unit="ms")).dt.strftime("%FT%T.%f").to_numpy()
        for name, of in (("started_at", "started_at"), ("submitted_at", "finished_at"))
    }
    worker = done["pool"].astype(str) + "-" + done["worker"].astype(str)
    label = done["label"].astype(object).where(done["stage"] == "annotate", "")
    columns = {"item": done["item"], "stage": done["stage"].astype(str), "worker": worker, "label": label}
    return pd.DataFrame({name: column.to_numpy() for name, column in columns.items()} | stamps)
