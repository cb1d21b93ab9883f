"""Judgements as the log that simulated lines share: items, tasks and sessions, in milliseconds from the first start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..sim.log import Log, Provenance
from ..sim.tables import NULL, make_log
from .classes import majorities

Columns = dict[str, NDArray[Any]]

HOUR_MS = 3_600_000


@dataclass(frozen=True)
class Names:
    """What the log calls the parts of the line that it was recorded on."""

    pool: str
    segment: str
    stage: str
    timezone: str


def record(
    judgements: pd.DataFrame,
    items: pd.DataFrame,
    sessions: pd.DataFrame,
    names: Names,
    *,
    version: str,
    digest: str,
    engine: str,
    pools: pd.Series[str] | None = None,
) -> Log:
    """The log of cleaned judgements.

    judgements: of Cleaned; only those that count become tasks, so that replicas have distinct workers.  items: item,
    arrived_ms.  sessions: of Availability; people without judgements are left out.  pools: of each worker, by worker;
    None where all are of one, which names have.  The origin is the full local hour
    before the first arrival. A task's active time is its share of the page, null where the
    page was left idle. An item is delivered with its last judgement; its final label is the majority, null where labels
    tie.
    """
    used = judgements[judgements["counts"]]
    items = items[items["item"].isin(used["item"])].reset_index(drop=True)
    origin = int(items["arrived_ms"].min()) // HOUR_MS * HOUR_MS
    workers = pd.Index(sorted(judgements["worker"].unique()))
    sessions = sessions[sessions["worker"].isin(workers)]  # of a pool that has other stages too, some never work here
    team = pd.Categorical(["" if pools is None else pools[one] for one in workers])
    pool_of = team.codes.astype(np.int64)
    last = max(int(judgements["end_ms"].max()), int(sessions["to_ms"].max()))
    there = workers.get_indexer(pd.Index(sessions["worker"]))
    moment = pd.Timestamp(origin, unit="ms", tz="UTC").tz_convert(names.timezone)
    provenance = Provenance(
        version=version,
        digest=digest,
        engine=engine,
        origin=moment.isoformat(),
        timezone=names.timezone,
        ended_at=last - origin,
        roles={names.stage: "annotate"},
    )
    labels = sorted({*used["label"].dropna(), *used["gold"].dropna()})
    categories = {
        "segment": [names.segment],
        "stage": [names.stage],
        "pool": [names.pool] if pools is None else [str(one) for one in team.categories],
        "label": labels,
        "outcome": ["done"],
        "kind": ["session"],
    }
    label = pd.Index(labels, dtype="str")
    return make_log(
        _items(used, items, origin, label),
        _tasks(used, items, origin, workers, pool_of, label),
        {
            "pool": pool_of[there],
            "worker": there,
            "from": sessions["from_ms"].to_numpy() - origin,
            "to": sessions["to_ms"].to_numpy() - origin,
            "kind": np.zeros(len(sessions), np.int64),
        },
        categories,
        provenance,
    )


def _items(used: pd.DataFrame, items: pd.DataFrame, origin: int, label: pd.Index) -> Columns:
    by_item = used.groupby("item")
    key = items["item"]
    final = majorities(used[used["label"].notna()])
    return {
        "item": np.arange(len(items), dtype=np.int64),
        "segment": np.zeros(len(items), np.int64),
        "arrived_at": items["arrived_ms"].to_numpy() - origin,
        "delivered_at": np.asarray(key.map(by_item["end_ms"].max()), dtype=np.int64) - origin,
        "final_label": label.get_indexer(pd.Index(key.map(final))),
        "truth": label.get_indexer(pd.Index(key.map(by_item["gold"].first()))),
        "gold": np.asarray(key.map(by_item["golden"].any()), dtype=np.bool_),
    }


def _tasks(
    used: pd.DataFrame,
    items: pd.DataFrame,
    origin: int,
    workers: pd.Index,
    pools: NDArray[np.int64],
    label: pd.Index,
) -> Columns:
    frame = used.sort_values(["item", "end_ms", "begin_ms", "source", "row"], ignore_index=True)
    number = pd.Index(items["item"]).get_indexer(pd.Index(frame["item"]))
    arrived = items["arrived_ms"].to_numpy()[number] - origin
    begin, end = (np.asarray(frame[name], dtype=np.int64) for name in ("begin_ms", "end_ms"))
    same = np.zeros(len(frame), np.int64)
    who = workers.get_indexer(pd.Index(frame["worker"]))
    return {
        "item": number.astype(np.int64),
        "stage": same,
        "round": same,
        "replica": np.asarray(frame.groupby("item").cumcount(), dtype=np.int64),
        "pool": pools[who],
        "worker": who,
        "enqueued_at": arrived,
        "ready_at": arrived,
        "started_at": begin - origin,
        "finished_at": end - origin,
        "active_ms": np.where(frame["timed"], end - begin, NULL),
        "label": label.get_indexer(pd.Index(frame["label"])),
        "outcome": same,
    }
