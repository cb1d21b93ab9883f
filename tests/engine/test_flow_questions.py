"""Questions asked back: a look, a wait for the answer in its hours and over its ways, and then the work."""

from __future__ import annotations

import dataclasses
import math

import pytest
from flows import annotate, backlog, line_of, people, review, rows, simulate
from lines import ALWAYS, constant, exponential

from labelcast.sim.kpis import kpis
from labelcast.sim.line import Calendar, Line, Release, Skip, Stage
from labelcast.sim.log import Log

COLUMNS = ("item", "worker", "outcome", "enqueued_at", "handoff_ms", "ready_at", "started_at", "finished_at")

LATER = Calendar("later", "UTC", tuple((day, 300, 86_400) for day in range(7)))
"""Opens five minutes after midnight, at which lines start."""


def asked(chance: float = 1.0, **more: object) -> Skip:
    """A look of 10 s, an answer of 60 s."""
    return Skip(chance, constant(10.0), **{"most": 1, "answer": constant(60.0), "calendar": "always", **more})  # type: ignore[arg-type]


def line(count: int, skip: Skip, workers: int = 1) -> Line:
    """Annotators, 60 s an item."""
    return line_of(count, (annotate(skip=skip),), people("annotators", workers), calendars=(ALWAYS, LATER))


def test_a_question_waits_for_its_answer_while_its_asker_goes_on() -> None:
    """Two items, one worker: looks at both, 10 s each; the first answer is there at 70 s, the second at 80 s."""
    log = simulate(line(2, asked()))
    assert rows(log, *COLUMNS) == [
        (0, 0, "asked", 0.0, 0.0, 0.0, 0.0, 10.0),
        (0, 0, "done", 10.0, 60.0, 70.0, 70.0, 130.0),
        (1, 0, "asked", 0.0, 0.0, 0.0, 10.0, 20.0),
        (1, 0, "done", 20.0, 60.0, 80.0, 130.0, 190.0),
    ]
    found = kpis(log, None)
    assert (found["questions"], found["questions.annotate"]) == (2.0, 2.0)
    assert math.isclose(found["answer_h"], 60 / 3600)
    assert math.isclose(found["lost_h.annotate"], 20 / 3600)


def test_answers_come_in_their_hours_and_over_their_ways() -> None:
    """Asked at 10 s, there at 40 s; the calendar opens at 300 s; answered at 360 s and back at 380 s."""
    log = simulate(line(1, asked(calendar="later", there={"annotators": 30.0}, back={"annotators": 20.0})))
    assert rows(log, "outcome", "ready_at", "finished_at") == [("asked", 0.0, 10.0), ("done", 380.0, 440.0)]


def test_an_answer_that_never_comes_leaves_the_task_waiting() -> None:
    """At the horizon, and where nobody ever answers."""
    never = Calendar("later", "UTC", ())
    for calendars in ((ALWAYS, LATER), (ALWAYS, never)):
        one = dataclasses.replace(line(1, asked(calendar="later")), horizon_s=200.0, calendars=calendars)
        log = simulate(one)
        assert rows(log, "outcome", "ready_at") == [("asked", 0.0), (None, None)]
        assert log.items["delivered_at"].isna().all()
        assert math.isnan(kpis(log, None)["answer_h"])


def test_nobody_asks_twice_unless_they_may() -> None:
    """With `most` of 1 a task is asked about once, of 3 three times where the chance is 1; with none never."""
    for most, questions in ((1, 4), (3, 12)):
        assert kpis(simulate(line(4, asked(most=most))), None)["questions"] == questions
    plain, none = simulate(line(4, Skip())), simulate(line(4, asked(chance=0.0)))
    assert none.tasks.equals(plain.tasks)


def nobody_needs(to: str = "deliver", *, wip: int | None = None) -> Log:
    """An item whose label is done at 60 s by worker 0, without a question; worker 1, who got it too at 40 s, after its
    lock, asks at 50 s, and is answered at 110 s. Three more items come at 200 s. Items are prepared before, in no time
    to speak of where `wip` says how many may be labelled at once, and tidied after, if that is where they go."""
    tidy = Stage("tidy", "work", (("cleaners", 1.0),), constant(400), {"done": "deliver"})
    prepare = Stage("prepare", "work", (("cleaners", 1.0),), constant(0.001), {"done": "annotate"})
    stages = (*([prepare] if wip else []), annotate(to=to, lock_s=40.0, skip=asked(0.5), wip=wip), tidy)
    more = backlog(1, releases=(Release(200.0, 3),))
    return simulate(line_of(1, stages, people("annotators", 2), people("cleaners", 4), segments=more), seed=2)


@pytest.mark.parametrize("to", ["deliver", "tidy"])
def test_an_answer_that_nobody_needs_any_more_begins_nothing(to: str) -> None:
    """Whether the item is over by then or on its way: of the two worker 1 has been idle longest, since 50 s, when the
    next come."""
    found = rows(nobody_needs(to), "item", "worker", "outcome", "started_at", "finished_at", stage="annotate")
    assert found[:2] == [(0, 0, "done", 0.0, 60.0), (0, 1, "asked", 40.0, 50.0)]
    assert found[2][:2] + found[2][3:4] == (1, 1, 200.0)


def test_an_answer_that_nobody_needs_makes_no_room() -> None:
    """Where one item may be labelled at a time, no other is begun to be prepared before its label is there."""
    log = nobody_needs(wip=1)
    assert rows(log, "item", "outcome", stage="annotate")[:2] == [(0, "done"), (0, "asked")]
    prepared = rows(log, "started_at", stage="prepare")
    labelled = [at for outcome, at in rows(log, "outcome", "finished_at", stage="annotate") if outcome == "done"]
    assert len(prepared) == len(labelled) == 4
    assert all(done <= begun for (begun,), done in zip(sorted(prepared)[1:], sorted(labelled), strict=False))


def test_any_label_and_any_review_may_be_asked_about() -> None:
    """Three labels an item, and its review: each is a task of its own."""
    stages = (annotate(labels_per_item=3, to="review", skip=asked()), review(skip=asked(answer=constant(5.0))))
    log = simulate(line_of(2, stages, people("annotators", 3), people("reviewers", false_alarm=0.0)))
    found = kpis(log, None)
    assert (found["questions.annotate"], found["questions.review"]) == (6.0, 2.0)
    assert math.isclose(found["answer_h.review"], 5 / 3600)


def test_as_many_ask_as_their_chance_says() -> None:
    """Of 4,000 tasks 30%, within four standard errors (false alarm 6e-5; the seed is fixed), whoever works; answers of
    exponential length have their mean."""
    found = [kpis(simulate(line(4000, asked(0.3, answer=exponential(600.0)), workers)), None) for workers in (2, 7)]
    assert found[0]["questions"] == found[1]["questions"]
    assert abs(found[0]["questions"] - 1200) < 4 * (4000 * 0.3 * 0.7) ** 0.5
    assert abs(found[0]["answer_h"] - 1 / 6) < 4 / 6 / 1200**0.5
