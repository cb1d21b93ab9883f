"""Queues by hour of the week are those of the log's rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from labelcast.reports.lead.queue_week import SHADES, hours_of_week, queue_week, queue_week_words, shades
from labelcast.reports.reading import read
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.replicate import Runs, runs_of
from labelcast.sim.replication import Job, one
from labelcast.sim.tables import NULL, ints
from labelcast.sim.waits import left_queue

BuildLine = Callable[..., Line]


@pytest.fixture(scope="module")
def ran(make_line: BuildLine) -> tuple[Runs, list[Log]]:
    """Three replications of 240 items with their logs."""
    line = make_line(backlog=240)
    found = [one(Job(line, 1, "fast", keep_log=True), number) for number in range(3)]
    logs = [each.log for each in found if each.log is not None]
    return runs_of(line, 1, found), logs


def test_hours_are_means_of_the_queues_that_rows_tell(ran: tuple[Runs, list[Log]]) -> None:
    """Each cell is the mean over replications and whole weeks of the queue at the hour's two ends, counted from rows,
    hour after hour, by the clock on the wall of the line's place; nothing waits before the first and after the last."""
    runs, logs = ran
    found = queue_week(read([runs])[0])
    zone = ZoneInfo(runs.line.timezone)
    for stage in found.mean:
        sums, weights = np.zeros(168), np.zeros(168)
        for log in logs:
            rows = (log.tasks["stage"] == stage).to_numpy()
            ready = ints(log.tasks["ready_at"])[rows]
            left = left_queue(log, log.provenance.ended_at + 1)[rows]
            for hour in range(-(-log.provenance.ended_at // 3_600_000)):
                queues = [
                    int(((ready != NULL) & (ready <= at) & (left > at)).sum())
                    for at in (hour * 3_600_000, (hour + 1) * 3_600_000)
                ]
                middle = (runs.line.origin.astimezone(ZoneInfo("UTC")) + timedelta(hours=hour + 0.5)).astimezone(zone)
                cell = 24 * middle.weekday() + middle.hour
                weight = min(1.0, log.provenance.ended_at / 3_600_000 - hour)
                sums[cell] += weight * sum(queues) / 2
                weights[cell] += weight
                if hour == 0:
                    weights[:cell] += 1
            weights[cell] += 1 - weight
            weights[cell + 1 :] += 1
        np.testing.assert_allclose(found.hours, weights, atol=1e-6)
        np.testing.assert_allclose(
            np.nan_to_num(found.mean[stage]), sums / np.where(weights > 0, weights, 1), atol=1e-6
        )
        assert (weights >= len(logs)).all()


def test_hours_average_to_the_mean_queue(ran: tuple[Runs, list[Log]]) -> None:
    """By the hours of the runs themselves, the week's cells average to the KPI of the mean queue: within 2%, because
    they count whole hours, and runs of unequal length by their hours."""
    found = queue_week(read([ran[0]])[0])
    waited = float((found.mean["annotate"] * found.hours).sum())
    whole = waited / sum(log.provenance.ended_at / 3_600_000 for log in ran[1])
    assert whole == pytest.approx(found.overall["annotate"], rel=0.02)
    assert found.overall["annotate"] == ran[0].kpis["queue.annotate"].mean()


def test_of_what_is_left_at_the_horizon_nothing_is_known_afterwards(make_line: BuildLine) -> None:
    """Hours after a run that does not finish are of no week; those before it began are."""
    line = make_line(backlog=240)
    short = replace(line, horizon_s=2 * 3600.0)
    runs = runs_of(short, 1, [one(Job(short, 1, "fast"), 0)])
    assert not np.isfinite(runs.kpis["finish_days"]).any()
    found = queue_week(read([runs])[0])
    begin = int(hours_of_week(short, [0.5])[0])
    assert found.hours.tolist() == [1.0] * (begin + 2) + [0.0] * (168 - begin - 2)
    assert not found.mean["annotate"][:begin].any()
    assert np.isnan(found.mean["annotate"][begin + 2 :]).all()


def test_an_hour_that_the_clock_skips_or_repeats_keeps_its_name(make_line: BuildLine) -> None:
    """On 28 March 2027 in Paris 02:00 is 03:00; on 31 October 02:00 comes twice. Days of the week follow the place."""
    spring = replace(make_line(), start=datetime(2027, 3, 28, 0))
    assert hours_of_week(spring, [0.5, 1.5, 2.5, 3.5]).tolist() == [144, 145, 147, 148]
    autumn = replace(make_line(), start=datetime(2027, 10, 31, 0))
    assert hours_of_week(autumn, [1.5, 2.5, 3.5, 23.5, 24.5]).tolist() == [145, 146, 146, 166, 167]


def test_a_line_that_starts_at_half_past_counts_by_the_middle_of_its_hours(make_line: BuildLine) -> None:
    """09:30 to 10:30 is of the hour from 10:00, in which its middle lies."""
    assert hours_of_week(replace(make_line(), start=datetime(2027, 1, 4, 9, 30)), [0.5]).tolist() == [10]


def test_shades_cover_what_waits_and_nothing_else() -> None:
    """Full colour is the peak, an hour without a queue has none, and no hour has two."""
    mean = np.full(168, math.nan)
    mean[:6] = [0.0, 1.0, 8.0, 8.0, 0.01, 4.0]
    assert shades(mean) == {1: [(1, 2), (4, 5)], 4: [(5, 6)], SHADES: [(2, 4)]}
    assert shades(np.zeros(168)) == {}


def test_words_say_when_most_waits(ran: tuple[Runs, list[Log]]) -> None:
    """The peak with its hour, read aloud."""
    told = queue_week_words(read([ran[0]])[0])
    assert "by local hour of the week (Europe/Paris)" in told
    assert "annotate: " in told
    assert "most on Mon 09:00" in told
