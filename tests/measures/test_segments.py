"""What is told by segment sums to the whole, exactly, whatever the log."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import CATEGORIES, MINUTE, Rows

from labelcast.sim.kpis import confusion, kpis
from labelcast.sim.line import MICRO
from labelcast.sim.log import Log

SEGMENTS = ("street", "night", "sea")
HOUR_MS = 60 * MINUTE
FATES = ("delivered", "unsampled", "duplicate", "gold", "open")
OUTCOMES = ("done", "accepted", "rejected", "returned", "surplus", "escalated")


@st.composite
def logs(draw: st.DrawFn) -> Log:
    """Small logs of three segments in which every fate and outcome may be."""
    items, tasks = [], []
    for number in range(draw(st.integers(1, 8))):
        fate, at = draw(st.sampled_from(FATES)), draw(st.integers(0, 50))
        item: dict[str, Any] = {"item": number, "segment": draw(st.sampled_from(SEGMENTS)), "arrived_at": 0}
        item |= {"truth": draw(st.sampled_from(["car", "truck", None])), "due_at": draw(st.sampled_from([None, 20]))}
        if fate == "delivered":
            item |= {"delivered_at": at, "final_label": draw(st.sampled_from(["car", "truck"]))}
        elif fate != "open":
            item |= {"dropped_at": at, "dropped_as": fate, "gold": fate == "gold" or None}
        if draw(st.booleans()):
            item["duplicate_of"] = 0
        items.append(item)
    for number in range(draw(st.integers(0, 8))):
        times = sorted(draw(st.lists(st.integers(0, 50), min_size=4, max_size=4)))
        known = draw(st.integers(2, 4))
        named = zip(("enqueued_at", "ready_at", "started_at", "finished_at"), times, strict=True)
        task: dict[str, Any] = dict(list(named)[:known])
        task |= {"item": draw(st.integers(0, len(items) - 1)), "round": draw(st.integers(0, 1)), "replica": number}
        task |= {"stage": draw(st.sampled_from(["annotate", "review"])), "pool": "team", "worker": number}
        if known == 4:
            label = draw(st.sampled_from(["car", "truck", None]))
            task |= {"outcome": draw(st.sampled_from(OUTCOMES)), "label": label, "active_ms": draw(st.integers(0, 9))}
        tasks.append(task)
    categories = CATEGORIES | {
        "segment": SEGMENTS,
        "stage": ["annotate", "review"],
        "pool": ["team"],
        "label": ["car", "truck"],
        "outcome": OUTCOMES,
        "kind": ["working"],
    }
    return Rows(items, tasks, [], 60, categories, {"annotate": "annotate", "review": "review"}).log()


@st.composite
def ledgers(draw: st.DrawFn) -> pd.DataFrame:
    """Ledgers of amounts beyond what a float holds to the last micro-unit when they are added up one by one."""
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from([*SEGMENTS, ""]), st.sampled_from(["team", ""]), st.integers(0, 10**12)),
            min_size=1,
            max_size=6,
        )
    )
    return pd.DataFrame(rows, columns=["segment", "pool", "amount"])


@settings(max_examples=60, deadline=None)
@given(logs(), ledgers())
def test_segments_sum_to_the_whole(log: Log, ledger: pd.DataFrame) -> None:
    """Counts, hours and money by segment sum to the whole, exactly; items in are delivered, dropped or open."""
    found = kpis(log, ledger)
    where = ("", *(f".segment.{name}" for name in SEGMENTS))
    delivered_known = bool(log.items["delivered_at"].notna().any()) or bool(log.tasks["finished_at"].isna().any())
    for name in ("items_arrived", "items_delivered", "items_dropped", "items_open"):
        whole, *parts = (found[f"{name}{suffix}"] for suffix in where)
        if delivered_known or not len(log.tasks):
            assert whole == sum(parts), name
    for suffix in where:
        if found[f"items_arrived{suffix}"] == found[f"items_arrived{suffix}"]:
            assert found[f"items_arrived{suffix}"] == sum(
                found[f"items_{name}{suffix}"] for name in ("delivered", "dropped", "open")
            )
    if log.tasks["active_ms"].notna().any():
        whole, *parts = (round(found[f"active_h{suffix}"] * HOUR_MS) for suffix in where)
        assert whole == sum(parts) == int(log.tasks["active_ms"].sum())
    parts = [round(found[f"cost.segment.{name}"] * MICRO) for name in SEGMENTS]
    assert (
        round(found["cost"] * MICRO) == sum(parts) + round(found["cost_shared"] * MICRO) == int(ledger["amount"].sum())
    )


@settings(max_examples=60, deadline=None)
@given(logs(), ledgers())
def test_shares_are_the_mix_of_segments(log: Log, ledger: pd.DataFrame) -> None:
    """Accuracy, harm and cycle time of the whole are the means of the segments', weighted by their items."""
    found, counts = kpis(log, ledger), confusion(log)
    of = counts.groupby("segment")["items"].sum()
    for name in ("accuracy", "error_cost_per_1k"):
        mixed = sum(found[f"{name}.segment.{segment}"] * many for segment, many in of.items())
        if len(of):
            np.testing.assert_allclose(found[name] * of.sum(), mixed, rtol=1e-12)
    right = counts[counts["truth"] == counts["label"]]["items"].sum()
    if len(of):
        assert found["accuracy"] == right / of.sum()
        assert found["error_cost_per_1k"] == 1000 * ((of.sum() - right) / of.sum())
    times = [(found[f"cycle_time_h.segment.{name}"], found[f"items_delivered.segment.{name}"]) for name in SEGMENTS]
    mixed = sum(hours * many for hours, many in times if many > 0)
    if found["items_delivered"] > 0:
        np.testing.assert_allclose(found["cycle_time_h"] * found["items_delivered"], mixed, rtol=1e-12, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(logs(), ledgers())
def test_waits_of_segments(log: Log, ledger: pd.DataFrame) -> None:
    """All that tasks waited is the same by stage and by segment; what is marginal at one is not lost at the other."""
    found = kpis(log, ledger)
    started = log.tasks[log.tasks["started_at"].notna()].merge(log.items[["item", "segment"]], on="item")
    if not len(started):
        return
    waited = started.assign(wait=started["started_at"] - started["enqueued_at"])
    for key, prefix in (("stage", ""), ("segment", "segment.")):
        for name, rows in waited.groupby(key, observed=True):
            np.testing.assert_allclose(found[f"wait_h.{prefix}{name}"] * HOUR_MS, rows["wait"].mean(), rtol=1e-12)
