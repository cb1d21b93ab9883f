"""The engine against queueing theory. `make verify`.

Each case: REPLICATIONS runs from empty of ITEMS items, seed 1. Theory must lie in the 99.9% t interval of the mean over
replications (false alarm one in a thousand for a true engine; seeds are fixed, so the verdict never changes), and the
interval must be narrower than 10% of the theory on either side, so that it can fail: each oracle is also shown failing
on a fault planted in the engine.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from lines import ALWAYS, MINUTE, WEEK, constant, exponential, full, queue
from scipy import stats

from labelcast.sim import reference
from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import ledger
from labelcast.sim.line import Distribution, Line, Pool, Stage
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference import engine, floor

pytestmark = pytest.mark.verify

REPLICATIONS = 24
ITEMS = 20_000
PER_WEEK = WEEK / MINUTE  # one arrival a minute


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting in M/M/c. load: arrival rate x mean service time, below servers.
    Source: Gross et al., Fundamentals of Queueing Theory, section on M/M/c."""
    terms = [load**n / math.factorial(n) for n in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last)


def wait_mmc(servers: int, mean_s: float) -> float:
    """Mean wait in M/M/c with one arrival a minute, seconds."""
    load = mean_s / MINUTE
    return erlang_c(servers, load) * mean_s / (servers - load)


def wait_mg1(mean_s: float, variance: float) -> float:
    """Mean wait in M/G/1 with one arrival a minute, seconds (Pollaczek-Khinchine)."""
    rate = 1 / MINUTE
    return rate * (variance + mean_s**2) / (2 * (1 - rate * mean_s))


def waits(line: Line) -> np.ndarray:
    """Mean wait of each replication, seconds."""
    plan = Plan.of(line)
    logs = (reference.run(plan, 1, replication) for replication in range(REPLICATIONS))
    return np.array([float((log.tasks["started_at"] - log.tasks["ready_at"]).mean()) / 1000 for log in logs])


def half_width(values: np.ndarray) -> float:
    """Half-width of the 99.9% interval of the mean."""
    return float(stats.t.ppf(0.9995, values.size - 1) * values.std(ddof=1) / math.sqrt(values.size))


def agrees(values: np.ndarray, theory: float) -> bool:
    """Whether theory lies in the 99.9% interval."""
    return bool(abs(values.mean() - theory) <= half_width(values))


def lognormal(mean_s: float, sigma: float) -> Distribution:
    return Distribution("lognormal", {"median": mean_s * math.exp(-(sigma**2) / 2), "sigma": sigma})


CASES: dict[str, tuple[Line, float]] = {
    "M/M/1, load 0.6": (queue(1, PER_WEEK, ITEMS, exponential(36)), wait_mmc(1, 36)),
    "M/M/3, load 0.7": (queue(3, PER_WEEK, ITEMS, exponential(126)), wait_mmc(3, 126)),
    "M/M/6, load 0.65": (queue(6, PER_WEEK, ITEMS, exponential(234)), wait_mmc(6, 234)),
    "M/D/1, load 0.7": (queue(1, PER_WEEK, ITEMS, constant(42)), wait_mg1(42, 0)),
    "M/G/1 lognormal, load 0.7": (
        queue(1, PER_WEEK, ITEMS, lognormal(42, 0.5)),
        wait_mg1(42, 42**2 * (math.exp(0.25) - 1)),
    ),
    "M/G/1 gamma, load 0.6": (
        queue(1, PER_WEEK, ITEMS, Distribution("gamma", {"mean": 36.0, "shape": 0.5})),
        wait_mg1(36, 36**2 / 0.5),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_mean_wait_is_the_theorys(case: str) -> None:
    """M/M/1, M/M/c (Erlang C), M/D/1 and M/G/1 (Pollaczek-Khinchine)."""
    line, theory = CASES[case]
    values = waits(line)
    assert half_width(values) < 0.1 * theory
    assert agrees(values, theory)


@pytest.mark.parametrize("case", CASES)
def test_the_oracle_sees_ten_percent_longer_service(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: every task takes 10% longer than drawn."""
    true = engine.service_ms
    monkeypatch.setattr(engine, "service_ms", lambda *a: round(true(*a) * 1.1))
    line, theory = CASES[case]
    assert not agrees(waits(line), theory)


def test_the_oracle_sees_a_worker_who_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: worker 0 is never on shift."""
    true = floor.Floor.on_shift
    monkeypatch.setattr(floor.Floor, "on_shift", lambda self, worker: worker != 0 and true(self, worker))
    line, theory = CASES["M/M/6, load 0.65"]
    assert not agrees(waits(line), theory)


def in_line(log: Log) -> int:
    """The integral of the number of items in the line, in item-milliseconds, counted event by event from the tasks
    alone: an item is in the line while one of its tasks is ready and not finished."""
    steps = [(int(t), 1) for t in log.tasks["ready_at"]] + [(int(t), -1) for t in log.tasks["finished_at"]]
    area = inside = before = 0
    for now, step in sorted(steps):
        area += inside * (now - before)
        inside, before = inside + step, now
    return area


def times_in_line(log: Log) -> int:
    """The sum of the items' cycle times, in item-milliseconds, from the items alone."""
    return int((log.items["delivered_at"] - log.items["arrived_at"]).sum())


def rework_line() -> Line:
    """Two stages with breaks, rework and priorities, one label an item."""
    line = full(400)
    stages = (dataclasses.replace(line.stages[0], labels_per_item=1), *line.stages[1:])
    return dataclasses.replace(line, stages=stages)


def test_littles_law_holds_exactly_on_every_log() -> None:
    """L T = sum of W, as integers: the number of items in the line, integrated, is the sum of their cycle times, since
    no item is lost or idle between stages; and by stage, the mean queue times the run is the sum of waits."""
    for line in (rework_line(), CASES["M/M/3, load 0.7"][0]):
        log = reference.run(Plan.of(line), 1, 0)
        assert in_line(log) == times_in_line(log)
        measured = kpis(log, ledger(log, {}))
        for stage, tasks in log.tasks.groupby("stage", observed=True):
            waited = (tasks["started_at"] - tasks["ready_at"]).sum()
            assert measured[f"queue.{stage}"] * log.provenance.ended_at == pytest.approx(int(waited), rel=1e-9)


def test_littles_law_sees_an_item_that_is_late_at_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: an item's task becomes ready a second after the item came."""
    true = reference.Task

    def late(item: object, stage: int, round_: int, replica: int, pool: int, enqueued: int, ready: int, wanted: object):  # type: ignore[no-untyped-def]
        return true(item, stage, round_, replica, pool, enqueued, ready + 1000, wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(reference, "Task", late)
    log = reference.run(Plan.of(rework_line()), 1, 0)
    assert in_line(log) != times_in_line(log)


@pytest.mark.parametrize("k", [1, 3, 5, 7])
def test_consensus_of_independent_workers_is_binomial(k: int) -> None:
    """Without spread of difficulty or skill, the majority of k labels of two classes is right with the binomial chance;
    6,000 items, 99.9% binomial interval; and with difficulty spread 1.5 (the planted fault) it is not."""
    p = 0.8
    skill = math.log(p / (1 - p))
    expected = float(stats.binom.sf(k // 2, k, p))

    def right(spread: float) -> int:
        pools = (Pool("annotators", k, "always", skill_mean=skill),)
        after = {"labelled": "deliver", "tied": "deliver"}
        stages = (Stage("annotate", "annotate", (("annotators", 1.0),), constant(10), after, labels_per_item=k),)
        line = queue(1, 0, 0, constant(10), pools=pools, stages=stages, calendars=(ALWAYS,))
        segment = type(line.segments[0])("items", backlog=6000, difficulty_sd=spread)
        items = reference.run(Plan.of(Line(**(line.__dict__ | {"segments": (segment,)}))), 1, 0).items
        return int((items["final_label"].astype(str) == items["truth"].astype(str)).sum())

    low, high = stats.binom.interval(0.999, 6000, expected)
    assert low <= right(0.0) <= high
    assert not low <= right(1.5) <= high
