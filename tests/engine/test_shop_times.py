"""How long a task takes its worker, and how right the worker is: every factor, by hand."""

from __future__ import annotations

import dataclasses
import math

import pytest
from flows import SURE, TRULY_YES, annotate, backlog, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS, constant

from labelcast.sim.draws import Purpose, name_key, stream, subject, where
from labelcast.sim.labels import is_right
from labelcast.sim.line import (
    Calendar,
    Epoch,
    Fatigue,
    Learning,
    Line,
    Mentoring,
    Model,
    Pool,
    Release,
    Segment,
    Stage,
    Suggestion,
    Turnover,
)
from labelcast.sim.log import Log

HOUR, DAY = 3600.0, 86_400.0


def actives(line: Line, stage: str = "annotate") -> list[float]:
    """Active seconds of the tasks, item by item."""
    return [row[0] for row in rows(simulate(line), "active_ms", stage=stage)]


def labels(count: int, seconds: float = 60.0, workers: int = 1, **pool: object) -> Line:
    """One stage, and a pool that is told more of."""
    return line_of(count, (annotate(seconds),), people("annotators", workers, **pool))


def test_practice_saves_time() -> None:
    """60 s times (1 + n)^-1: 60, 30, 20, 15, and 15 from there on, as practice counts to three."""
    assert actives(labels(6, learning=Learning(exponent=1.0, tasks=3))) == [60, 30, 20, 15, 15, 15]


def test_experience_is_practice_from_before() -> None:
    """Who has done one task before takes 30, 20 and 15 s; exponent 0.5 and three before: 60 / 2 and 60 / sqrt(5)."""
    assert actives(labels(3, learning=Learning(exponent=1.0, experience=1))) == [30, 20, 15]
    told = actives(labels(2, learning=Learning(exponent=0.5, experience=3)))
    assert told == [30, round(60 / math.sqrt(5), 3)]


def test_practice_is_each_workers_own_and_of_the_stage() -> None:
    """Two workers: 60, 60, then 30, 30. The same people at another stage begin anew: their first review takes 60 s."""
    pool = people("annotators", 2, learning=Learning(exponent=1.0))
    assert actives(line_of(4, (annotate(60),), pool)) == [60, 60, 30, 30]
    stages = (Stage("clean", "work", (("annotators", 1.0),), constant(60), {"done": "annotate"}), annotate(60))
    line = line_of(2, stages, dataclasses.replace(pool, headcount=1))
    assert actives(line, "clean") == [60, 30]
    assert actives(line) == [60, 30]


def test_what_is_stopped_is_no_practice() -> None:
    """100 s a day, tasks of 80 s that go back at its end: the second is begun at 80 s and again the next day, each time
    with the practice of one finished task, for 40 s; the third takes 80 / 3 s."""
    morning = Calendar("morning", "UTC", tuple((day, 0, 100) for day in range(7)))
    pool = Pool("annotators", 1, "morning", skill_mean=SURE, learning=Learning(exponent=1.0))
    line = line_of(3, (annotate(80, shift_end="return"),), pool, calendars=(ALWAYS, morning), horizon_s=9 * DAY)
    table = rows(simulate(line), "started_at", "finished_at", "outcome")
    assert table[:3] == [(0, 80, "done"), (80, 100, "returned"), (DAY, DAY + 40, "done")]
    assert table[3] == (DAY + 40, DAY + 66.667, "done")


def chance(p: float) -> float:
    return math.log(p / (1 - p))


def rights(log: Log) -> list[bool]:
    return (log.tasks["label"].astype(str) == "yes").tolist()


def drawn_right(item: int, logit: float, seed: int = 1) -> bool:
    """Whether the first label of an item of the backlog is right at this logit: the engine's draw, asked by hand."""
    key = subject(name_key("items"), item)
    place = where(Purpose.RIGHT, name_key("annotate 0"))
    return bool(is_right(stream(seed, 0), key, place, logit))


def test_practice_adds_skill() -> None:
    """gain 3 and half 2: a worker of skill -1 is at -1 + 3 (1 - 2^(-n / 2)) for the n-th label: -1, -0.12, 0.5, ..,
    near 2. Each label is right as the draw of its item says at that logit."""
    line = labels(40, skill_mean=-1.0, learning=Learning(gain=3.0, half=2.0))
    told = rights(simulate(line))
    assert told == [drawn_right(n, -1.0 + 3.0 * (1.0 - 2.0 ** (-n / 2))) for n in range(40)]
    assert told != [drawn_right(n, -1.0) for n in range(40)]


def test_skill_is_the_sum_of_its_parts() -> None:
    """A worker of mean 0.2, less 1 for the class, plus 0.5 for the segment, and the segment's own 0.3 for the class."""
    segments = backlog(40, class_effects={"yes": 0.3})
    pool = people("annotators", skill_mean=0.2, class_effects={"yes": -1.0}, segment_effects={"items": 0.5})
    told = rights(simulate(line_of(0, (annotate(1),), pool, segments=segments)))
    assert told == [drawn_right(n, 0.2 - 1.0 + 0.5 + 0.3) for n in range(40)]


def test_hurry_takes_skill() -> None:
    """Half the time, and ln(1/2) times an elasticity of 2 logits of skill: 1 - 1.386."""
    line = labels(40, skill_mean=1.0, hurry=0.5, elasticity=2.0)
    log = simulate(line)
    assert set(rows(log, "active_ms")) == {(30.0,)}
    assert rights(log) == [drawn_right(n, 1.0 + 2.0 * math.log(0.5)) for n in range(40)]


def test_hurry_without_elasticity_costs_nothing() -> None:
    """The same labels in half of the time."""
    plain, hurried = simulate(labels(40, skill_mean=1.0)), simulate(labels(40, skill_mean=1.0, hurry=0.5))
    assert rights(plain) == rights(hurried)
    assert hurried.provenance.ended_at * 2 == plain.provenance.ended_at


def test_fatigue_slows_by_the_hour_on_shift() -> None:
    """10% by each hour since the shift began at midnight. Tasks of an hour: 1 h; begun after 1 h, 1.1 h; begun after
    2.1 h, 1.21 h, from the end of which 3.31 h: 1.331 h."""
    told = actives(labels(4, seconds=HOUR, fatigue=Fatigue(slower=0.1)))
    assert told == [3600, 3960, 4356, pytest.approx(4791.6, abs=0.001)]


def test_a_new_shift_is_a_fresh_start() -> None:
    """Two hours a day, tasks of an hour, 50% slower by the hour: 1 h from midnight; 1.5 h from 1 h on, of which half an
    hour is done in the next shift; begun half an hour into that one, 1.25 h."""
    short = Calendar("short", "UTC", tuple((day, 0, 7200) for day in range(7)))
    pool = Pool("annotators", 1, "short", skill_mean=SURE, fatigue=Fatigue(slower=0.5))
    line = line_of(3, (annotate(HOUR),), pool, calendars=(ALWAYS, short), horizon_s=9 * DAY)
    assert rows(simulate(line), "started_at", "finished_at", "active_ms") == [
        (0, HOUR, HOUR),
        (HOUR, DAY + 1800, 5400),
        (DAY + 1800, DAY + 1800 + 4500, 4500),
    ]


def test_fatigue_takes_skill() -> None:
    """Two logits by the hour: the n-th label of a minute is begun n / 60 h into the shift, at skill 1 - n / 30."""
    told = rights(simulate(labels(60, skill_mean=1.0, fatigue=Fatigue(logits=2.0))))
    assert told == [drawn_right(n, 1.0 - n / 30) for n in range(60)]


def test_all_factors_multiply() -> None:
    """60 s, three objects, granularity 2, this pool on this segment 0.5, pool 1.5 times as slow, hurry 0.8, a practice
    of 1 / 2 (one task before): 60 x 3 x 2 x 0.5 x 1.5 x 0.8 x 0.5 = 108 s; elapsed, with a shrinkage of 0.2, 135 s."""
    pool = people(
        "annotators",
        speed=1.5,
        hurry=0.8,
        shrinkage=0.2,
        segment_times={"items": 0.5},
        learning=Learning(exponent=1.0, experience=1),
    )
    segments = backlog(1, objects=constant(3), time_factor=2.0)
    log = simulate(line_of(0, (annotate(60),), pool, segments=segments))
    assert rows(log, "finished_at", "active_ms") == [(135, 108)]
    assert log.items["objects"].tolist() == [3]


def test_objects_count_at_every_stage_and_granularity_at_labels() -> None:
    """Three objects of granularity 2: 60 x 6 s to label, 10 x 3 s to review."""
    stages = (annotate(60, to="review"), review(10, rounds=0))
    segments = backlog(1, objects=constant(3), time_factor=2.0)
    line = line_of(0, stages, people("annotators"), people("reviewers", false_alarm=0.0), segments=segments)
    assert rows(simulate(line), "stage", "active_ms") == [("annotate", 360), ("review", 30)]


def test_a_suggestion_makes_it_quicker_or_slower() -> None:
    """A model that is always right and people who keep what is suggested: half the time; a model that is always wrong
    and people who are never anchored and always right: 1.5 times."""
    for skill, anchoring, seconds in ((SURE, 1.0, 30.0), (-SURE, 0.0, 90.0)):
        model = Stage("suggest", "prelabel", (), constant(1), {"suggested": "annotate"}, model=Model(skill))
        stage = annotate(60, suggestion=Suggestion(anchoring, 0.5, 1.5))
        assert actives(line_of(1, (model, stage), people("annotators"))) == [seconds]


def test_who_is_mentored_learns_faster() -> None:
    """One person, and from 600 s on a second, who is mentored: each task counts three times. Tasks take 60 / (1 + n)
    seconds: 60 for the hire's first, then 60 / 4 and 60 / 7; for the other 60, 30, 20."""
    told = {"learning": Learning(exponent=1.0), "mentoring": Mentoring(0.0, 1, 3.0), "turnover": Turnover()}
    segments = (Segment("items", backlog=3, classes=TRULY_YES, releases=(Release(600, 30),)),)
    line = line_of(0, (annotate(60),), people("annotators", 1, **told), segments=segments)
    line = dataclasses.replace(line, epochs=(Epoch(600, pools=(people("annotators", 2, **told),)),))
    table = rows(simulate(line), "worker", "started_at", "active_ms")
    mine = sorted(row for row in table if row[0] == 1)
    assert [row[2] for row in mine[:3]] == [60, 15, pytest.approx(60 / 7, abs=0.001)]
    assert [row[2] for row in sorted(row for row in table if row[0] == 0)[:3]] == [60, 30, 20]


FACTORS = {
    "speed": st.sampled_from((0.5, 1.0, 3.0)),
    "hurry": st.sampled_from((0.5, 1.0)),
    "shrinkage": st.sampled_from((0.0, 0.5)),
    "segment_times": st.sampled_from(({}, {"items": 2.0})),
}


@given(st.fixed_dictionaries(FACTORS), st.integers(1, 3), st.sampled_from((1.0, 0.25)), st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_a_factor_scales_active_time_and_shrinkage_elapsed_time(
    factors: dict[str, object], objects: int, granularity: float, seed: int
) -> None:
    """Active time is 100 s times all factors; elapsed time that, divided by what is left beside shrinkage."""
    segments = backlog(2, objects=constant(objects), time_factor=granularity)
    line = line_of(0, (annotate(100),), people("annotators", **factors), segments=segments)
    log = simulate(line, seed)
    pool = line.pools[0]
    active = 100 * pool.speed * pool.hurry * pool.segment_times.get("items", 1.0) * objects * granularity
    assert log.tasks["active_ms"].tolist() == pytest.approx([1000 * active] * 2, abs=1)
    elapsed = log.tasks["finished_at"] - log.tasks["started_at"]
    assert elapsed.tolist() == pytest.approx([1000 * active / (1 - pool.shrinkage)] * 2, abs=1)


@pytest.mark.parametrize(
    "neutral",
    [
        {"learning": Learning(tasks=7, half=3.0)},
        {"fatigue": Fatigue()},
        {"mentoring": Mentoring(0.0, 9)},
        {"elasticity": 3.0},
        {"segment_times": {"items": 1.0}},
        {"segment_effects": {"items": 0.0}},
    ],
)
def test_neutral_factors_change_no_row(neutral: dict[str, object]) -> None:
    """A factor of one, an effect of nought, an elasticity without hurry."""
    plain, told = (
        simulate(labels(20, workers=3, **{"skill_mean": 0.5, "speed_sd": 0.3} | more)) for more in ({}, neutral)
    )
    assert all(getattr(plain, table).equals(getattr(told, table)) for table in ("items", "tasks", "presence"))
