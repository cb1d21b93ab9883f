"""The reference engine on traces worked by hand, and its laws of order, distinctness and determinism."""

from __future__ import annotations

import dataclasses
import itertools

import pandas as pd
import pytest
from lines import ALWAYS, OFFICE, constant, exponential, full, queue
from twins import run

from labelcast.sim.laws import check
from labelcast.sim.line import Arrivals, Calendar, Known, Line, OpenTask, Pool, Segment, Stage
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference.floor import Floor
from labelcast.sim.reference.record import Task


def simulate(line: Line, seed: int = 1, replication: int = 0) -> Log:
    log = run(Plan.of(line), seed, replication)
    assert check(log) == []
    return log


def rows(log: Log, *columns: str) -> list[tuple[object, ...]]:
    return list(log.tasks[list(columns)].itertuples(index=False, name=None))


def same(a: Log, b: Log) -> bool:
    return all(getattr(a, t).equals(getattr(b, t)) for t in ("items", "tasks", "presence"))


def backlog(items: int, **more: object) -> tuple[Segment, ...]:
    return (Segment("items", backlog=items, **more),)  # type: ignore[arg-type]


SURE = {"skill_mean": float("inf")}
"""Never a wrong label."""


def test_two_workers_share_a_backlog_in_order() -> None:
    """Three items of 60 s, two workers: items 0 and 1 at once by workers 0 and 1; worker 0 takes item 2, since both are
    free at 60 s and worker 0's completion has the lower key."""
    line = queue(2, 0, 0, constant(60), segments=backlog(3))
    log = simulate(line)
    assert rows(log, "item", "worker", "ready_at", "started_at", "finished_at") == [
        (0, 0, 0, 0, 60_000),
        (1, 1, 0, 0, 60_000),
        (2, 0, 0, 60_000, 120_000),
    ]
    assert log.provenance.ended_at == 120_000


def test_the_longest_idle_worker_gets_the_next_task() -> None:
    """Two workers label the two items that are there at first; when the third arrives later, whoever finished first has
    been idle longer and takes it."""
    segments = (
        Segment("items", backlog=2),
        Segment("late", arrivals=Arrivals(per_week=7 * 86_400 / 60, calendar="always", items=1)),
    )
    line = queue(2, 0, 0, exponential(20), segments=segments)
    looked = 0
    for seed in range(1, 9):
        log = simulate(line, seed)
        first, second, third = log.tasks.itertuples(index=False)
        if third.ready_at >= max(first.finished_at, second.finished_at):
            assert third.worker == (first if first.finished_at < second.finished_at else second).worker
            looked += 1
    assert looked >= 3


def test_priority_goes_before_order_of_arrival() -> None:
    """One worker: of two segments there from the start, priority 1 is served before priority 2."""
    segments = (Segment("later", backlog=2, priority=2), Segment("urgent", backlog=2, priority=1))
    log = simulate(queue(1, 0, 0, constant(10), segments=segments))
    order = log.tasks.sort_values("started_at").merge(log.items, on="item")["segment"].tolist()
    assert order == ["urgent", "urgent", "later", "later"]


def test_work_pauses_at_the_end_of_a_shift() -> None:
    """Monday 09:00-13:00, 14:00-18:00: two items of three hours end at 12:00 and 16:00; the second pauses for the
    break. A third of three hours begun at 16:00 ends on Tuesday at 10:00. Active time is three hours each."""
    pools = (Pool("annotators", 1, "office"),)
    line = queue(1, 0, 0, constant(3 * 3600), segments=backlog(3), pools=pools, calendars=(ALWAYS, OFFICE))
    hour = 3_600_000
    assert rows(simulate(line), "started_at", "finished_at", "active_ms") == [
        (9 * hour, 12 * hour, 3 * hour),
        (12 * hour, 16 * hour, 3 * hour),
        (16 * hour, 34 * hour, 3 * hour),
    ]


def test_shrinkage_stretches_tasks() -> None:
    """With 20% of time off tasks, 60 active seconds take 75."""
    pools = (Pool("annotators", 1, "always", shrinkage=0.2),)
    line = queue(1, 0, 0, constant(60), segments=backlog(1), pools=pools)
    assert rows(simulate(line), "finished_at", "active_ms") == [(75_000, 60_000)]


def reviewed(annotators: int, sensitivity: float, false_alarm: float, by: str, **skill: float) -> Line:
    """Two items, annotate 60 s, review 10 s by one reviewer, two rounds of rework, then deliver."""
    return queue(
        1,
        0,
        0,
        constant(60),
        segments=backlog(2),
        pools=(
            Pool("annotators", annotators, "always", **skill),  # type: ignore[arg-type]
            Pool("reviewers", 1, "always", sensitivity=sensitivity, false_alarm=false_alarm),
        ),
        stages=(
            Stage(
                "annotate",
                "annotate",
                (("annotators", 1.0),),
                constant(60),
                {"labelled": "review", "tied": "review"},
                rework_by=by,  # type: ignore[arg-type]
            ),
            Stage(
                "review",
                "review",
                (("reviewers", 1.0),),
                constant(10),
                {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"},
                rounds=2,
            ),
        ),
    )


def test_rework_goes_first_and_back_to_its_author() -> None:
    """Two annotators, every review rejects, two rounds. Item 0 by worker 0, item 1 by worker 1; both are reviewed one
    after the other and go back to their authors, who are idle; after two rounds both are delivered as they are."""
    log = simulate(reviewed(2, 1.0, 1.0, "author", **SURE))
    tasks = log.tasks[log.tasks["item"] == 1]
    trace = list(tasks[["stage", "round", "worker", "started_at", "finished_at"]].itertuples(index=False, name=None))
    assert trace == [
        ("annotate", 0, 1, 0, 60_000),
        ("review", 0, 0, 70_000, 80_000),
        ("annotate", 1, 1, 80_000, 140_000),
        ("review", 1, 0, 140_000, 150_000),
        ("annotate", 2, 1, 150_000, 210_000),
        ("review", 2, 0, 210_000, 220_000),
    ]
    assert log.tasks.loc[log.tasks["stage"] == "review", "outcome"].tolist() == ["rejected"] * 6


def test_rework_goes_ahead_of_new_work() -> None:
    """One annotator, ten items: the rejected first item is taken as soon as the annotator is free."""
    line = dataclasses.replace(reviewed(1, 1.0, 1.0, "anyone", **SURE), segments=backlog(10))
    tasks = simulate(line).tasks
    annotate = tasks[tasks["stage"] == "annotate"].sort_values("started_at")
    assert list(zip(annotate["item"], annotate["round"], strict=True))[:5] == [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2)]


def test_no_errors_and_no_false_alarms_mean_no_rework() -> None:
    """Perfect labels and a reviewer without false alarms: every item passes at once."""
    log = simulate(reviewed(2, 0.5, 0.0, "author", **SURE))
    assert (log.tasks["round"] == 0).all()
    assert (log.items["final_label"].astype(str) == log.items["truth"].astype(str)).all()


def test_a_rejected_item_is_right_in_the_end() -> None:
    """Always wrong labels, a perfect reviewer: every review rejects and the delivered label is wrong; the adjudicator
    would have been needed."""
    log = simulate(reviewed(2, 1.0, 0.0, "author", skill_mean=float("-inf")))
    assert log.tasks["outcome"].tolist().count("rejected") == 6
    assert (log.items["final_label"].astype(str) != log.items["truth"].astype(str)).all()


def consensus(k: int, workers: int, **more: object) -> Line:
    stages = (
        Stage(
            "annotate",
            "annotate",
            (("annotators", 1.0),),
            constant(60),
            {"labelled": "deliver", "tied": "adjudicate"},
            labels_per_item=k,
        ),
        Stage("adjudicate", "adjudicate", (("reviewers", 1.0),), constant(90), {"decided": "deliver"}),
    )
    pools = (Pool("annotators", workers, "always", **more), Pool("reviewers", 1, "always", **SURE))  # type: ignore[arg-type]
    return queue(1, 0, 0, constant(60), segments=backlog(12), pools=pools, stages=stages)


def test_replicas_have_distinct_workers_and_ties_are_adjudicated() -> None:
    """Two labels an item at even odds: items whose labels differ, and only those, are adjudicated; the adjudicator's
    label is final. The second label waits for another worker even when the first worker is free."""
    log = simulate(consensus(2, 3, skill_mean=0.0))
    labels = log.tasks[log.tasks["stage"] == "annotate"].groupby("item")["label"].nunique()
    tied = set(labels.index[labels == 2])
    assert 0 < len(tied) < 12
    adjudicated = log.tasks[log.tasks["stage"] == "adjudicate"]
    assert set(adjudicated["item"]) == tied
    assert (
        log.items.set_index("item").loc[adjudicated["item"], "final_label"].to_numpy() == adjudicated["label"]
    ).all()


def test_the_next_stage_waits_for_the_last_replica() -> None:
    """k = 2 with two workers, one item: the adjudication is enqueued at the first label and ready at the second."""
    pools = (Pool("annotators", 2, "always", speed_sd=0.5, skill_mean=0.0), Pool("reviewers", 1, "always"))
    for seed in itertools.count(1):
        log = simulate(dataclasses.replace(consensus(2, 2), segments=backlog(1), pools=pools), seed)
        if len(log.tasks) == 3:
            break
    ends = sorted(log.tasks["finished_at"][:2])
    assert ends[0] < ends[1]
    assert rows(log, "enqueued_at", "ready_at", "started_at")[2] == (ends[0], ends[1], ends[1])


def test_shares_split_items_between_pools_and_keep_them() -> None:
    """About 30% of 2,000 items go to the first pool (4 standard errors), all tasks of an item at a stage to one pool,
    and a larger headcount moves no item."""
    line = full(400)
    stages = (dataclasses.replace(line.stages[0], pools=(("team", 0.3), ("vendor", 0.7))), *line.stages[1:])
    line = dataclasses.replace(line, stages=stages)
    annotate = simulate(line).tasks.query("stage == 'annotate'")
    by_item = annotate.groupby("item")["pool"].nunique()
    assert (by_item == 1).all()
    share = (annotate.drop_duplicates("item")["pool"] == "team").mean()
    assert abs(share - 0.3) < 4 * (0.21 / 800) ** 0.5
    more = dataclasses.replace(line, pools=(dataclasses.replace(line.pools[0], headcount=9), *line.pools[1:]))
    again = simulate(more).tasks.query("stage == 'annotate'")
    assert again.drop_duplicates("item")["pool"].tolist() == annotate.drop_duplicates("item")["pool"].tolist()


def test_luck_stays_with_the_item() -> None:
    """One more reviewer changes no truth, no first-round service time and no arrival: common random numbers."""
    line = full(80)
    more = dataclasses.replace(line, pools=(*line.pools[:2], dataclasses.replace(line.pools[2], headcount=8)))
    a, b = simulate(line), simulate(more)
    assert a.items[["arrived_at", "truth"]].equals(b.items[["arrived_at", "truth"]])
    key = ["item", "stage", "round", "replica"]
    both = a.tasks.query("stage == 'review'").merge(b.tasks.query("stage == 'review'"), on=key)
    same_worker = both[both["worker_x"] == both["worker_y"]]
    assert len(same_worker) > 10
    assert (same_worker["active_ms_x"] == same_worker["active_ms_y"]).all()


@pytest.mark.parametrize("tick_s", [0.001, 60.0])
@pytest.mark.parametrize("seed", range(4))
def test_every_law_of_the_log_holds_on_the_full_line(seed: int, tick_s: float) -> None:
    """All mechanisms together, at millisecond and at one-minute ticks, where most neighbours share a tick."""
    log = simulate(full(150, tick_s=tick_s), seed)
    assert log.items["delivered_at"].notna().all()
    stamps = log.tasks[["started_at", "finished_at"]].to_numpy(dtype="int64")
    assert (stamps % round(tick_s * 1000) == 0).all()


def test_same_seed_same_log_other_seed_other_log() -> None:
    """A run is a function of plan, seed and replication."""
    plan = Plan.of(full(40))
    assert same(run(plan, 5, 2), run(plan, 5, 2))
    assert same(run(plan, 5, 2), run(Plan.of(full(40)), 5, 2))
    assert not same(run(plan, 5, 2), run(plan, 5, 3))
    assert not same(run(plan, 5, 2), run(plan, 6, 2))


def test_the_horizon_is_exclusive() -> None:
    """Work that would end at the horizon is not finished; arrivals after it do not exist."""
    line = queue(1, 0, 0, constant(60), segments=backlog(3), horizon_s=120.0)
    log = simulate(line)
    assert log.provenance.ended_at == 120_000
    assert log.items["delivered_at"].notna().tolist() == [True, False, False]
    assert log.tasks["finished_at"].notna().tolist() == [True, False, False]
    longer = simulate(dataclasses.replace(line, horizon_s=120.001))
    assert longer.items["delivered_at"].notna().sum() == 2


def test_an_empty_line_ends_at_once() -> None:
    """No items: nothing happens, and the log is empty and lawful."""
    log = simulate(queue(1, 0, 0, constant(60)))
    assert len(log.items) == len(log.tasks) == log.provenance.ended_at == 0


def test_todays_state_is_taken_up() -> None:
    """Worker 0 has 30 s to go on an item that arrived an hour ago; another item waits since ten minutes. Both are
    finished by 90 s: worker 0 continues, then takes the waiting one, before the backlog."""
    waiting = OpenTask("items", 7, "annotate", arrived_s=-1200.0, enqueued_s=-600.0)
    running = OpenTask(
        "items",
        3,
        "annotate",
        arrived_s=-3600.0,
        enqueued_s=-60.0,
        pool="annotators",
        slot=0,
        started_s=-30.0,
        remaining_s=30.0,
    )
    line = queue(1, 0, 0, constant(60), segments=backlog(1), initial=(waiting, running))
    log = simulate(line)
    assert log.items["arrived_at"].tolist() == [-3_600_000, -1_200_000, 0]
    assert rows(log, "item", "enqueued_at", "started_at", "finished_at", "active_ms") == [
        (0, -60_000, -30_000, 30_000, 60_000),
        (1, -600_000, 30_000, 90_000, 60_000),
        (2, 0, 90_000, 150_000, 60_000),
    ]


def test_a_review_under_way_knows_its_authors() -> None:
    """An item that waits for review with its label takes that label on."""
    line = dataclasses.replace(
        reviewed(2, 1.0, 0.0, "author", **SURE),
        segments=backlog(0),
        initial=(OpenTask("items", 0, "review", labels=(("annotators", 1, "yes"),)),),
    )
    truths = {}
    for seed in range(6):
        log = simulate(line, seed)
        truth = str(log.items["truth"].iloc[0])
        first = log.tasks[log.tasks["stage"] == "review"].iloc[0]["outcome"]
        assert first == ("accepted" if truth == "yes" else "rejected")
        rework = log.tasks[log.tasks["stage"] == "annotate"]
        assert (rework["worker"] == 1).all()
        truths[truth] = pd.notna(log.items["delivered_at"].iloc[0])
    assert set(truths) == {"yes", "no"}


def test_labels_that_are_not_known_are_given_anew_as_their_workers_would() -> None:
    """400 items wait for a reviewer who is never wrong, with a label each that nobody knows. The annotator is right in
    nine of ten: from 22 to 61 of 400 rejected lie within the 99.9% interval of that."""
    line = dataclasses.replace(
        reviewed(2, 1.0, 0.0, "author"),
        segments=backlog(0),
        initial=tuple(OpenTask("items", n, "review", labels=(("annotators", 1, ""),)) for n in range(400)),
    )
    log = simulate(line)
    first = log.tasks[log.tasks["stage"] == "review"].drop_duplicates("item")
    assert 22 <= (first["outcome"] == "rejected").sum() <= 61
    assert (log.tasks[log.tasks["stage"] == "annotate"]["worker"] == 1).all()


def test_who_is_known_to_be_quick_is_quick() -> None:
    """Speeds differ by a standard deviation of 0.5 in the logarithm; the person of slot 0 is known to be two of them
    slow, for certain, and needs 60 s times e."""
    line = queue(1, 0, 0, constant(60), segments=backlog(3))
    known = dataclasses.replace(line.pools[0], speed_sd=0.5, known=(Known(0, 7, 2.0, 0.0),))
    log = simulate(dataclasses.replace(line, pools=(known,)))
    assert log.tasks["active_ms"].tolist() == [163_097] * 3


def test_who_is_known_to_be_skilled_is_skilled() -> None:
    """Skills differ by 2 logits about 0; the person of slot 0 is known to be three of them above, 6 logits, for
    certain, and errs in 1 of 404 labels. Fewer than 5 errors in 400 have a chance of 99.7%."""
    line = queue(1, 0, 0, constant(60), segments=backlog(400))
    known = dataclasses.replace(line.pools[0], skill_mean=0.0, skill_sd=2.0, known=(Known(0, 0, 0.0, 1.0, 3.0, 0.0),))
    log = simulate(dataclasses.replace(line, pools=(known,)))
    truth = log.tasks["item"].map(log.items.set_index("item")["truth"].astype(str))
    assert (log.tasks["label"].astype(str) != truth).sum() < 5


def test_nobody_looks_twice_at_a_task_they_may_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people on shift all night, a third for an hour a day, and every item needs three labels: what waits for the
    third grows to the whole backlog, and the two ask of each task at most once whether they may take it."""
    asked: list[int] = []
    true = Floor.barred

    def counted(self: Floor, worker: int, task: Task) -> bool:
        asked.append(worker)
        return true(self, worker, task)

    monkeypatch.setattr(Floor, "barred", counted)
    hours = tuple(1.0 if h % 24 == 12 else 0.6 for h in range(168))
    line = queue(1, 0, 0, constant(60), segments=backlog(300), calendars=(Calendar("few", "UTC", availability=hours),))
    stage = dataclasses.replace(line.stages[0], labels_per_item=3)
    line = dataclasses.replace(line, pools=(Pool("annotators", 3, "few"),), stages=(stage,))
    log = simulate(line)
    assert log.items["delivered_at"].notna().all()
    assert len(log.tasks) <= len(asked) <= 2 * 3 * len(log.tasks)
