"""Test questions: how often they come, and what happens to who fails them."""

from __future__ import annotations

import dataclasses
import math

from flows import NO, annotate, items, line_of, people, review, rows, simulate
from lines import ALWAYS, constant, logit

from labelcast.sim.line import Calendar, Gold, Line, Pool, Sessions, Stage
from labelcast.sim.log import Log

WRONG = {"skill_mean": 0.0, "class_effects": NO}
"""Always wrong where all is yes."""


def asking(count: int, gold: Gold, *pools: Pool, **more: object) -> Line:
    """Annotate, 60 s, with test questions; of several pools whoever of the first is free goes first."""
    shares = tuple((pool.name, 1 / len(pools)) for pool in pools)
    ways = {"labelled": "deliver", "tied": "deliver"}
    stage = Stage("annotate", "annotate", shares, constant(60), ways, gold=gold, route="prefer", **more)  # type: ignore[arg-type]
    return line_of(count, (stage,), *pools)


def trace(log: Log) -> list[tuple[object, ...]]:
    """Rows in order of start."""
    columns = ("started_at", "finished_at", "pool", "item", "label", "outcome")
    return sorted(row for row in rows(log, *columns) if row[0] is not None)


def test_a_test_question_comes_before_a_task() -> None:
    """A question before each of two items, one annotator: question, item 0, question, item 1, 60 s each. The questions
    are items of their own, numbers 2 and 3, that arrive as they are asked and leave the line when they are answered."""
    log = simulate(asking(2, Gold(share=1.0), people("team")))
    assert trace(log) == [
        (0.0, 60.0, "team", 2, "yes", "done"),
        (60.0, 120.0, "team", 0, "yes", "done"),
        (120.0, 180.0, "team", 3, "yes", "done"),
        (180.0, 240.0, "team", 1, "yes", "done"),
    ]
    assert items(log, "arrived_at", "delivered_at", "dropped_at", "dropped_as", "gold", "final_label") == [
        (0.0, 120.0, None, None, None, "yes"),
        (0.0, 240.0, None, None, None, "yes"),
        (0.0, None, 60.0, "gold", True, None),
        (120.0, None, 180.0, "gold", True, None),
    ]


def test_no_question_is_asked_where_none_is_due() -> None:
    """A share of nought changes no row."""
    with_none = simulate(asking(9, Gold(share=0.0, ban_below=0.9, after=1), people("team", 2, **WRONG)))
    assert with_none.tasks.equals(simulate(line_of(9, (annotate(by="team"),), people("team", 2, **WRONG))).tasks)


def test_questions_come_as_often_as_said_and_are_answered_as_labels_are() -> None:
    """3,000 tasks, a question before 20%, people right with chance 0.8: the share of questions per task, and of right
    answers, within four standard errors (false alarm 6e-5 each; the seed is fixed)."""
    log = simulate(asking(3000, Gold(share=0.2), people("team", 9, skill_mean=logit(0.8))))
    gold = log.items[log.items["gold"].notna()]
    assert abs(len(gold) / 3000 - 0.2) < 4 * (0.16 / 3000) ** 0.5
    answers = log.tasks.merge(gold, on="item")
    right = (answers["label"].astype(str) == answers["truth"].astype(str)).mean()
    assert abs(right - 0.8) < 4 * (0.16 / len(gold)) ** 0.5
    assert (gold["dropped_at"].to_numpy() == answers["finished_at"].to_numpy()).all()


def test_who_fails_is_sent_home_for_good() -> None:
    """A question before each task, ban below one half after three. The bad one answers at 60, 180 and 300 s, always
    wrong, with two tasks between, and goes home at 300 s, before the third task, item 4. The good one does items 1, 2
    and 3 meanwhile, by 120, 240 and 360 s, and item 4 at last, after a question of its own; two are wrong."""
    bad, good = people("bad", **WRONG), people("good")
    log = simulate(asking(5, Gold(share=1.0, ban_below=0.5, after=3), bad, good))
    assert [row for row in trace(log) if row[2] == "bad"] == [
        (0.0, 60.0, "bad", 5, "no", "done"),
        (60.0, 120.0, "bad", 0, "no", "done"),
        (120.0, 180.0, "bad", 7, "no", "done"),
        (180.0, 240.0, "bad", 2, "no", "done"),
        (240.0, 300.0, "bad", 9, "no", "done"),
    ]
    assert [row[:2] + row[3:4] for row in trace(log) if row[2] == "good" and row[3] < 5] == [
        (60.0, 120.0, 1),
        (180.0, 240.0, 3),
        (300.0, 360.0, 4),
    ]
    there = log.presence.set_index("pool")["to"]
    assert there["bad"] == 300_000
    assert there["good"] == 360_000


def test_the_share_of_right_answers_is_what_counts() -> None:
    """Ban below 0.6 after five: somebody right on three of five stays, on two of five goes. By the seed's draws:
    people who are right with chance 0.75 are gone just if, at some number of questions from the fifth on, less than 0.6
    were right."""
    team = people("team", 30, skill_mean=logit(0.75))
    log = simulate(asking(600, Gold(share=0.5, ban_below=0.6, after=5), team, people("rest")))
    gold = log.tasks.merge(log.items[log.items["gold"].notna()], on="item").query("pool == 'team'")
    gold = gold.sort_values(["worker", "started_at"])
    right = (gold["label"].astype(str) == gold["truth"].astype(str)).groupby(gold["worker"])
    gone = log.presence.query("pool == 'team'").set_index("worker")["to"] < log.provenance.ended_at
    seen_both = set()
    for worker, answers in right:
        shares = answers.expanding().mean().to_numpy()
        failed = [n for n, share in enumerate(shares, 1) if n >= 5 and share < 0.6]
        assert gone[worker] == bool(failed)
        assert failed in ([], [len(shares)])
        seen_both.add(bool(failed))
    assert seen_both == {True, False}


def test_who_fails_is_trained_and_counts_anew() -> None:
    """One who is always wrong, by 100 logits, is trained 120 s after each failure, and gains 200. The question at 0 s
    is wrong; training until 180 s; then the task whose question is answered, item 0, right; from there on all is
    right, and the next failure never comes."""
    rule = Gold(share=1.0, ban_below=0.5, after=1, retrain_s=120.0, retrain_gain=200.0)
    log = simulate(asking(2, rule, people("team", **WRONG)))
    assert trace(log) == [
        (0.0, 60.0, "team", 2, "no", "done"),
        (180.0, 240.0, "team", 0, "yes", "done"),
        (240.0, 300.0, "team", 3, "yes", "done"),
        (300.0, 360.0, "team", 1, "yes", "done"),
    ]
    times = [(row.kind, row._1 / 1000, row.to / 1000) for row in _presence(log)]
    assert times == [("working", 0.0, 60.0), ("training", 60.0, 180.0), ("working", 180.0, 360.0)]


def test_what_training_gained_is_lost_by_halves() -> None:
    """As above, but half of the 200 logits is lost after 50 s. The task begun at 180 s, as training ends, is right; of
    the question begun 60 s later 87 are left, of a need of 100: it is wrong, and so training goes on until 420 s. What
    is left then, 7, and another 200 are 90 at 480 s: wrong again. With a half-life of ages all goes on as without."""
    rule = Gold(share=1.0, ban_below=0.5, after=1, retrain_s=120.0, retrain_gain=200.0, retrain_half_s=50.0)
    log = simulate(asking(3, rule, people("team", **WRONG)))
    assert trace(log) == [
        (0.0, 60.0, "team", 3, "no", "done"),
        (180.0, 240.0, "team", 0, "yes", "done"),
        (240.0, 300.0, "team", 4, "no", "done"),
        (420.0, 480.0, "team", 1, "yes", "done"),
        (480.0, 540.0, "team", 5, "no", "done"),
        (660.0, 720.0, "team", 2, "yes", "done"),
    ]
    kept = [
        trace(simulate(asking(9, dataclasses.replace(rule, retrain_half_s=half), people("team", **WRONG))))
        for half in (None, 1e13)
    ]
    assert kept[0] == kept[1]


def test_as_a_judge_too_somebody_loses_what_training_gained() -> None:
    """Two who label wrong and find no error, by 100 logits. The first fails the question of the one item and is trained
    until 180 s; the other labels it until 120 s. When the first begins to review it 60 s after training, with 132 of
    200 logits left, the error is found; after 120 s, with 87, it is not."""
    rule = Gold(share=1.0, ban_below=0.5, after=1, retrain_s=120.0, retrain_gain=200.0, retrain_half_s=100.0)
    team = people("team", 2, sensitivity=math.exp(-100.0), **WRONG)
    for begun, outcome in ((240.0, "rejected"), (300.0, "accepted")):
        handed = review(10.0, "team", rounds=0, handoff=constant(begun - 120.0))
        log = simulate(line_of(1, (annotate(60.0, "team", to="review", gold=rule), handed), team))
        assert rows(log, "started_at", "outcome", stage="review") == [(begun, outcome)]


def _presence(log: Log) -> list:  # type: ignore[type-arg]
    return list(log.presence.rename(columns={"from": "_1"})[["kind", "_1", "to"]].itertuples(index=False))


def test_training_takes_time_on_shift_and_others_do_the_work() -> None:
    """Shifts of 100 s every 1,000 s: the failure at 60 s costs 120 s on shift, 40 s of the first shift and 80 s of
    the second, so that work goes on at 1,080 s. The task in hand waits meanwhile, and goes to whoever is free: here
    nobody."""
    shifts = Calendar("shifts", "UTC", tuple((day, s, s + 100) for day in range(7) for s in (0, 1000, 2000)))
    rule = Gold(share=1.0, ban_below=0.5, after=1, retrain_s=120.0, retrain_gain=200.0)
    line = asking(1, rule, dataclasses.replace(people("team", **WRONG), calendar="shifts"))
    log = simulate(dataclasses.replace(line, calendars=(ALWAYS, shifts)))
    assert trace(log)[1] == (1080.0, 2040.0, "team", 0, "yes", "done")
    times = [(row.kind, row._1 / 1000, row.to / 1000) for row in _presence(log)]
    assert times == [
        ("working", 0.0, 60.0),
        ("training", 60.0, 100.0),
        ("training", 1000.0, 1080.0),
        ("working", 1080.0, 1100.0),
        ("working", 2000.0, 2040.0),
    ]


def test_training_without_effect_is_pure_cost() -> None:
    """No gain: the same labels as without a rule, item by item, and later."""
    rule = Gold(share=1.0, ban_below=1.1, after=1, retrain_s=100.0)
    team = people("team", skill_mean=1.0)
    trained, plain = simulate(asking(12, rule, team)), simulate(asking(12, Gold(share=1.0), team))
    names = ["item", "label", "active_ms"]
    real = [log.tasks[log.tasks["item"] < 12][names].reset_index(drop=True) for log in (trained, plain)]
    assert real[0].equals(real[1])
    assert trained.provenance.ended_at == plain.provenance.ended_at + 12 * 100_000


def crowd(count: int, tasks: float, patience_s: float, rule: Gold) -> Log:
    """About so many sessions in the first ten minutes, each by someone new who is always wrong, good for so many tasks.
    30 items to label, and then 120 s of other work for each, so that the run goes on."""
    coming = Sessions(count, "early", constant(tasks), returning=0.0, patience_s=patience_s)
    early = Calendar("early", "UTC", ((0, 0, 600),))
    stage = annotate(by="crowd", to="tidy", gold=rule)
    tidy = Stage("tidy", "work", (("cleaners", 1.0),), constant(120), {"done": "deliver"})
    pools = (people("crowd", 0, sessions=coming, **WRONG), people("cleaners"))
    return simulate(line_of(30, (stage, tidy), *pools, calendars=(ALWAYS, early), horizon_s=7200.0))


def test_a_session_ends_when_its_worker_is_sent_home() -> None:
    """A question before every task, ban after the first: a session ends with its first answer. A task whose question
    has been asked has no second one, so who takes one that is left behind does it first: a session of n tasks lasts n
    times 60 s, and a question is the last of them."""
    log = crowd(20, 5.0, 0.0, Gold(share=1.0, ban_below=0.5, after=1))
    tasks = log.tasks[(log.tasks["stage"] == "annotate") & log.tasks["worker"].notna()].sort_values("started_at")
    sessions = log.presence[log.presence["pool"] == "crowd"].set_index("worker")
    assert len(sessions) > 10
    assert (sessions["to"] - sessions["from"]).to_dict() == (60_000 * tasks.groupby("worker").size()).to_dict()
    assert (tasks.groupby("worker")["item"].last() >= 30).all()


def test_a_session_goes_on_after_training_and_ends_as_others_do() -> None:
    """Training of 120 s in place of the ban, sessions of two tasks, patience of 30 s: who has done two is gone with
    the second; who finds nothing to do after a task or the training, 30 s after it. What is done after training is
    right."""
    log = crowd(40, 2.0, 30.0, Gold(share=1.0, ban_below=0.5, after=1, retrain_s=120.0, retrain_gain=200.0))
    tasks = log.tasks[(log.tasks["stage"] == "annotate") & log.tasks["label"].notna()]
    there = log.presence[log.presence["pool"] == "crowd"]
    ends = set()
    for worker, spans in there.groupby("worker"):
        own, trained = tasks[tasks["worker"] == worker], spans.loc[spans["kind"] == "training", "to"]
        assert (own.loc[own["started_at"] >= trained.max(), "label"] == "yes").all()
        done = int((own["item"] < 30).sum())
        last = max([spans["from"].min(), *own["finished_at"], *trained])
        assert spans["to"].max() == (last if done == 2 else last + 30_000)
        ends.add(done)
    assert 2 in ends
    assert len(ends) > 1


def test_a_question_is_new_to_everyone_and_the_same_whatever_the_line() -> None:
    """A worker's questions hang on the worker and on how many there were before: with twice the items, each one's first
    questions have the same truth, difficulty and luck."""
    logs = [simulate(asking(n, Gold(share=0.5), people("team", 3, skill_mean=0.5))) for n in (60, 120)]
    answers = []
    for log in logs:
        gold = log.tasks.merge(log.items[log.items["gold"].notna()], on="item").sort_values("started_at")
        answers.append([gold[gold["worker"] == worker]["label"].tolist() for worker in range(3)])
    for short, long in zip(*answers, strict=True):
        assert len(short) > 3
        assert long[: len(short)] == short
