"""Judgements as the log that simulated lines share: items, tasks and sessions, in milliseconds from the first start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..sim.log import ITEM_COLUMNS, PRESENCE_COLUMNS, TASK_COLUMNS, Log, Provenance
from .classes import majorities

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
) -> Log:
    """The log of cleaned judgements.

    judgements: of Cleaned; only those that count become tasks, so that replicas have distinct workers.  items: item,
    arrived_ms.  sessions: of Availability.  The origin is the full local hour before the first arrival. A task's
    active time is its share of the page, null where the page was left idle. An item is delivered with its last
    judgement; its final label is the majority, null where labels tie.
    """
    used = judgements[judgements["counts"]]
    items = items[items["item"].isin(used["item"])].reset_index(drop=True)
    origin = int(items["arrived_ms"].min()) // HOUR_MS * HOUR_MS
    workers = pd.Index(sorted(judgements["worker"].unique()))
    last = max(int(judgements["end_ms"].max()), int(sessions["to_ms"].max()))
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
    return Log(
        items=_ordered(_items(used, items, origin, names), ITEM_COLUMNS, ["item"]),
        tasks=_ordered(_tasks(used, items, origin, workers, names), TASK_COLUMNS, ["item", "enqueued_at", "replica"]),
        presence=_ordered(_presence(sessions, origin, workers, names), PRESENCE_COLUMNS, ["worker", "from"]),
        provenance=provenance,
    )


def _items(used: pd.DataFrame, items: pd.DataFrame, origin: int, names: Names) -> dict[str, object]:
    by_item = used.groupby("item")
    final = majorities(used[used["label"].notna()]) if used["label"].notna().any() else None
    key = items["item"]
    return {
        "item": np.arange(len(items), dtype=np.int64),
        "segment": names.segment,
        "arrived_at": items["arrived_ms"] - origin,
        "delivered_at": key.map(by_item["end_ms"].max()) - origin,
        "final_label": None if final is None else key.map(final),
        "truth": key.map(by_item["gold"].first()),
        "gold": key.map(by_item["golden"].any()),
    }


def _tasks(used: pd.DataFrame, items: pd.DataFrame, origin: int, workers: pd.Index, names: Names) -> dict[str, object]:
    frame = used.sort_values(["item", "end_ms", "begin_ms", "source", "row"], ignore_index=True)
    number = pd.Series(np.arange(len(items)), index=items["item"])
    arrived = pd.Series(items["arrived_ms"].to_numpy() - origin, index=items["item"])
    active = (frame["end_ms"] - frame["begin_ms"]).where(frame["timed"]).astype("Int64")
    return {
        "item": frame["item"].map(number),
        "stage": names.stage,
        "round": 0,
        "replica": frame.groupby("item").cumcount(),
        "pool": names.pool,
        "worker": workers.get_indexer(pd.Index(frame["worker"])),
        "enqueued_at": frame["item"].map(arrived),
        "ready_at": frame["item"].map(arrived),
        "started_at": frame["begin_ms"] - origin,
        "finished_at": frame["end_ms"] - origin,
        "active_ms": active,
        "label": frame["label"],
        "outcome": "done",
    }


def _presence(sessions: pd.DataFrame, origin: int, workers: pd.Index, names: Names) -> dict[str, object]:
    return {
        "pool": names.pool,
        "worker": workers.get_indexer(pd.Index(sessions["worker"])),
        "from": sessions["from_ms"] - origin,
        "to": sessions["to_ms"] - origin,
        "kind": "session",
    }


def _ordered(columns: dict[str, object], dtypes: dict[str, str], order: list[str]) -> pd.DataFrame:
    length = max(len(value) for value in columns.values() if isinstance(value, pd.Series | np.ndarray))
    frame = {name: _column(columns.get(name), dtype, length) for name, dtype in dtypes.items()}
    return pd.DataFrame(frame).sort_values(order, ignore_index=True)


def _column(value: object, dtype: str, length: int) -> pd.Series:
    values: npt.ArrayLike | None = None if value is None else np.asarray(value, dtype=object)
    series = pd.Series(values, index=range(length), dtype=object)
    if dtype == "category":
        return series.where(series.notna(), None).astype("category")
    return series.astype(dtype)  # type: ignore[call-overload, no-any-return]
