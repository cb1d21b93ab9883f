"""Properties of any log, also one that breaks laws: exact sums, counting gives the same, disk gives it back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.sim.curves import HOUR_MS, curves
from labelcast.sim.kpis.flow import of_queues
from labelcast.sim.kpis.outside import outside_of
from labelcast.sim.log import Log, Provenance
from labelcast.sim.staff import staff_of_log
from labelcast.sim.store import read_log, write_log
from labelcast.sim.tables import NULL, make_log
from labelcast.sim.tally import shape_of, tally_of
from labelcast.sim.tally import sums as n
from labelcast.sim.waits import off_shift

CATEGORIES = {
    "segment": ["s"],
    "stage": ["annotate", "review"],
    "pool": ["a", "b"],
    "label": ["yes", "no"],
    "outcome": ["done"],
    "kind": ["working", "training", "session"],
}
KINDS = np.array(["working", "training", "session"])
ENDED = 12
TIMES = st.integers(-4, ENDED)


@st.composite
def logs(draw: st.DrawFn, unit: int = 1) -> Log:
    """Small logs whose times are whole numbers of `unit` milliseconds; tasks keep enqueued <= ready <= started <=
    finished, the rest is free: people overlap, work off shift, and items may be missing."""
    tasks = draw(
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.integers(0, 1),
                st.integers(0, 1),
                st.one_of(st.none(), st.integers(0, 2)),
                st.lists(TIMES, min_size=4, max_size=4).map(sorted),
                st.integers(0, 4),
            ),
            max_size=10,
        )
    )
    people = draw(
        st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), TIMES, TIMES, st.integers(0, 2)), max_size=8)
    )
    delivered = draw(st.lists(st.one_of(st.none(), st.integers(0, ENDED)), min_size=4, max_size=4))
    dropped = draw(st.lists(st.one_of(st.none(), st.integers(0, ENDED)), min_size=4, max_size=4))
    # known: of the four times, how many are recorded
    times = np.array([[t * unit if k < known else NULL for k, t in enumerate(row)] for *_, row, known in tasks])
    times = times.reshape(-1, 4).astype(np.int64)
    column = [np.array([task[i] for task in tasks], np.int64) for i in range(3)]
    worker = np.array([NULL if task[3] is None else task[3] for task in tasks], np.int64)
    presence = [np.array([one[i] for one in people], np.int64) for i in range(5)]
    return make_log(
        {
            "item": np.arange(4),
            "segment": np.zeros(4, np.int64),
            "delivered_at": np.array([NULL if at is None else at * unit for at in delivered], np.int64),
            "dropped_at": np.array([NULL if at is None else at * unit for at in dropped], np.int64),
        },
        {
            "item": column[0],
            "stage": column[1],
            "round": column[0] * 0,
            "replica": np.arange(len(tasks)),
            "pool": column[2],
            "worker": worker,
            **{name: times[:, k] for k, name in enumerate(("enqueued_at", "ready_at", "started_at", "finished_at"))},
            "active_ms": np.where(times[:, 3] == NULL, NULL, times[:, 3] - times[:, 2]),
        },
        {
            "pool": presence[0],
            "worker": presence[1],
            "from": presence[2] * unit,
            "to": presence[3] * unit,
            "kind": presence[4],
        },
        CATEGORIES,
        Provenance(
            "0",
            "d",
            "reference",
            "2027-01-04T09:00:00+01:00",
            "Europe/Paris",
            ENDED * unit,
            {"annotate": "annotate", "review": "review"},
            draw(st.one_of(st.none(), st.integers(0, 2**40))),
        ),
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts of Python values, None for null."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _on_shift(log: Log) -> dict[tuple[str, int], set[int]]:
    """The milliseconds at which each worker takes tasks."""
    there: dict[tuple[str, int], set[int]] = {}
    for row in _rows(log.presence):
        mine = there.setdefault((row["pool"], row["worker"]), set())
        if row["kind"] in ("working", "session"):
            mine |= set(range(row["from"], row["to"]))
    return there


@settings(deadline=None)
@given(logs())
def test_parts_of_a_wait(log: Log) -> None:
    """Time off shift equals a count of single milliseconds, task by task; the parts of all waits of a stage are not
    negative, equal the count, and sum to the waits."""
    off = off_shift(log)
    open_: dict[str, set[int]] = {}
    for (pool, _), there in _on_shift(log).items():
        open_.setdefault(pool, set()).update(there)
    waited = {stage: [0, 0, 0, 0] for stage in CATEGORIES["stage"]}
    for k, row in enumerate(_rows(log.tasks)):
        if row["started_at"] is None:
            assert off[k] == 0
            continue
        counted = sum(t not in open_.get(row["pool"], set()) for t in range(row["ready_at"], row["started_at"]))
        assert off[k] == counted
        parts = row["ready_at"] - row["enqueued_at"], counted, row["started_at"] - row["ready_at"] - counted
        for place, part in enumerate((1, *parts)):
            assert part >= 0
            waited[row["stage"]][place] += part
    shape = shape_of(log)
    for code, stage in enumerate(shape.stages):
        row = tally_of(log, shape).sums.by_stage[code]
        parts = [row[part] for part in (n.CONSENSUS_MS, n.OFF_SHIFT_MS, n.CONTENTION_MS)]
        assert [row[n.STARTED], *parts] == waited[stage]
        assert row[n.TOTAL_MS] == sum(parts)


@settings(deadline=None)
@given(logs())
def test_time_of_people(log: Log) -> None:
    """busy + idle = on shift and paid + off = headcount x run, exactly; busy and training equal a count of
    milliseconds."""
    there = _on_shift(log)
    run = set(range(ENDED))
    for pool, time in staff_of_log(log).times.items():
        team = {who: moments & run for who, moments in there.items() if who[0] == pool}
        busy = 0
        for who, moments in team.items():
            held: set[int] = set()
            for row in _rows(log.tasks):
                if (row["pool"], row["worker"]) == who and row["started_at"] is not None:
                    held |= set(range(row["started_at"], ENDED if row["finished_at"] is None else row["finished_at"]))
            busy += len(held & moments)
        assert time.headcount == len(team)
        assert time.on_shift == sum(map(len, team.values())) == time.busy + time.idle
        assert time.headcount * ENDED == time.paid + time.off
        assert time.paid == time.on_shift + time.training + time.absent
        trained: dict[int, set[int]] = {}
        for row in _rows(log.presence):
            if (row["pool"], row["kind"]) == (pool, "training"):
                trained.setdefault(row["worker"], set()).update(range(row["from"], row["to"]))
        assert time.training == sum(len((when & run) - team[pool, who]) for who, when in trained.items())
        assert time.busy == busy


@settings(deadline=None)
@given(logs(unit=HOUR_MS))
def test_curves_and_queues(log: Log) -> None:
    """Curves equal counting at each hour, and the mean of a queue is the area under its curve."""
    found = curves(log, ENDED + 2)
    assert found.hours.tolist() == list(range(ENDED + 3))
    rows = [row for row in _rows(log.tasks) if row["ready_at"] is not None]
    deliveries = _column(log.items, "delivered_at")
    works = _works(log)
    courses = _courses(log)
    for hour in found.hours.tolist():
        at = hour * HOUR_MS
        assert found.delivered[hour] == sum(d is not None and d <= at for d in deliveries)
        assert found.worked[hour] == sum(active for over, active in works if over is not None and over <= at)
        assert found.trained[hour] == sum(min(close, at) - begin for begin, close in courses if begin < at)
        for stage in ("annotate", "review"):
            waiting = [
                row
                for row in rows
                if row["stage"] == stage
                and row["ready_at"] <= at
                and (row["started_at"] is None or row["started_at"] > at)
            ]
            assert found.waiting[stage][hour] == len(waiting)
    shape = shape_of(log)
    measured = of_queues(tally_of(log, shape), shape, outside_of(log))
    for stage in ("annotate", "review"):
        area = found.waiting[stage][:ENDED].sum()
        assert measured[f"queue.{stage}"] == area / ENDED  # nothing changes between whole hours here
        assert measured[f"queue_max.{stage}"] == found.waiting[stage][:ENDED].max(initial=0)


def _works(log: Log) -> list[tuple[int | None, int]]:
    """Of each task, when its item was over, and its active time."""
    ends = ((row["item"], row["delivered_at"], row["dropped_at"]) for row in _rows(log.items))
    over = {item: dropped if delivered is None else delivered for item, delivered, dropped in ends}
    return [(over[row["item"]], row["active_ms"]) for row in _rows(log.tasks) if row["active_ms"] is not None]


def _courses(log: Log) -> list[tuple[int, int]]:
    """Hours in which somebody is in training and takes no task: begin and end of each."""
    found = []
    rows = _rows(log.presence)
    for who in {(row["pool"], row["worker"]) for row in rows}:
        mine = [row for row in rows if (row["pool"], row["worker"]) == who]
        for hour in range(ENDED):
            at = hour * HOUR_MS
            kinds = {row["kind"] for row in mine if row["from"] <= at < row["to"]}
            if "training" in kinds and not kinds & {"working", "session"}:
                found.append((at, at + HOUR_MS))
    return found


def _column(frame: pd.DataFrame, name: str) -> list[Any]:
    return [row[name] for row in _rows(frame)]


@settings(max_examples=40, deadline=None)
@given(logs())
def test_back_from_disk(log: Log) -> None:
    """Any log comes back from disk as it was."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.parquet"
        write_log(file, [log])
        again = read_log(file)
    for table in ("items", "tasks", "presence"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(log, table), check_exact=True)
    assert again.provenance == log.provenance


def test_curves_of_ten_items(trace: Any) -> None:
    """Ten items by hand: delivered and waiting at minutes 0, 60, .. 360, events of the very minute included."""
    found = curves(trace.log(), 6)
    assert found.hours.dtype == found.delivered.dtype == found.waiting["review"].dtype == np.int64
    # Delivered at 70, 80, 100, 100, 110, 190, 200, 235, 260.
    assert found.delivered.tolist() == [0, 0, 5, 5, 8, 9, 9]
    # At 0 six tasks are ready and two start; at 60 five of 3-7 wait, and item 3 starts at that minute; at 120 and 180
    # item 8; at 240 and after it the second task of item 9.
    assert found.waiting["annotate"].tolist() == [4, 4, 1, 1, 1, 1, 1]
    assert found.waiting["review"].tolist() == [0, 1, 0, 0, 0, 0, 0]  # item 1, ready at 50; item 0 starts at 60
    assert found.waiting["adjudicate"].tolist() == [0, 0, 1, 1, 0, 0, 0]  # item 2, from 70 to 240


def test_what_is_not_known_to_be_ready_never_waits(trace: Any) -> None:
    """Where one task's ready_at is not recorded, it is in no queue, whenever it started; the others are counted."""
    before = curves(trace.log(), 6).waiting["annotate"]
    trace.tasks[16]["ready_at"] = None  # item 8, which waits from 100 to 190
    assert (before - curves(trace.log(), 6).waiting["annotate"]).tolist() == [0, 0, 1, 1, 0, 0, 0]
