"""Speed and learning are those of the log's rows, and tell nobody's name unasked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from labelcast.reports import style
from labelcast.reports.inline import inline
from labelcast.reports.lead.speed import LEAST, Speed, busiest_stage, speed_of
from labelcast.reports.lead.speed_figure import draw_speed, speed_words
from labelcast.scenarios.load import load
from labelcast.sim.log import Log
from labelcast.sim.replication import Job, one

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def log() -> Log:
    """A team that learns: exponent 0.1, so that each doubling of experience saves 6.7% of the time."""
    found = one(Job(load(EXAMPLES / "quality.yaml"), 1, "fast", keep_log=True), 0).log
    assert found is not None
    return found


def test_means_are_of_the_rows(log: Log) -> None:
    """Each worker's mean and number of tasks are those of their finished rows; all workers sum to the stage's rows."""
    found = speed_of(log, "annotate")
    tasks = log.tasks[(log.tasks["stage"] == "annotate") & (log.tasks["outcome"] == "done")]
    assert found.workers["tasks"].sum() == len(tasks)
    assert busiest_stage(log) == "annotate"
    for row in found.workers.itertuples():
        mine = tasks[(tasks["pool"] == row.pool) & (tasks["worker"] == row.worker)]
        assert row.tasks == len(mine) >= LEAST
        assert row.seconds == pytest.approx(mine["active_ms"].mean() / 1_000)
    assert found.workers["seconds"].is_monotonic_increasing


def test_steps_are_of_the_same_people(log: Log) -> None:
    """Each step is the mean over those who did all of them, of their tasks of these numbers in the order of starts."""
    found = speed_of(log, "annotate")
    tasks = log.tasks[(log.tasks["stage"] == "annotate") & (log.tasks["outcome"] == "done")]
    last = found.steps[-1][1]
    able = found.workers[found.workers["tasks"] >= last]
    assert found.learners == len(able) >= len(found.workers) / 2
    for first, end, told in found.steps:
        means = []
        for row in able.itertuples():
            mine = tasks[(tasks["pool"] == row.pool) & (tasks["worker"] == row.worker)].sort_values("started_at")
            means.append(mine["active_ms"].to_numpy(np.float64)[first - 1 : end].mean() / 1_000)
        assert told.mean == pytest.approx(np.mean(means))
    assert [first for first, _, _ in found.steps] == [2**k for k in range(len(found.steps))]


def test_who_learns_is_seen_to(log: Log) -> None:
    """With exponent 0.1 tasks 512 to 1,023 take less than 0.85 of tasks 8 to 15, where 0.66 is expected."""
    steps = {first: told.mean for first, _, told in speed_of(log, "annotate").steps}
    assert steps[512] < 0.85 * steps[8]


def test_objects_share_the_time_of_a_task(log: Log) -> None:
    """Of items with two objects each, a unit takes half of the task."""
    twofold = replace(log, items=log.items.assign(objects=2))
    half, whole = speed_of(twofold).workers, speed_of(log).workers
    np.testing.assert_allclose(half["seconds"], whole["seconds"] / 2)


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
def test_nobody_is_named(log: Log, width: int) -> None:
    """Numbers of workers stand nowhere; names of pools are no markup; equal bytes."""
    found = speed_of(log)
    hostile = Speed("<b>$_$</b>", found.workers.assign(pool="<img src=x>", worker=7_777), found.steps, found.learners)
    svg = style.svg(draw_speed(hostile, width))
    assert svg == style.svg(draw_speed(hostile, width))
    ElementTree.fromstring(svg.encode())
    assert "7777" not in svg + speed_words(hostile)
    assert "<img" not in svg + inline(svg, speed_words(hostile), "wide")


def test_too_few_say_nothing_of_learning(log: Log) -> None:
    """Three inspectors are shown, but no learning; nobody at all is said to be nobody."""
    few = speed_of(log, "inspect")
    assert (few.steps, few.learners) == ((), 0)
    assert "too few people" in style.svg(draw_speed(few))
    nobody = Speed("review", few.workers.iloc[:0], (), 0)
    assert speed_words(nobody).startswith("Nobody has done enough tasks")
    assert style.svg(draw_speed(nobody))
