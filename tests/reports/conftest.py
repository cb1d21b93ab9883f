"""Runs made by hand: no engine, known numbers, any names. Fixtures give builders, because tests import no test file."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from labelcast.scenarios.compare import Comparison, compare
from labelcast.sim.curves import Curves
from labelcast.sim.line import (
    Calendar,
    Contract,
    Distribution,
    Goal,
    Line,
    Pool,
    Segment,
    Stage,
    Tier,
)
from labelcast.sim.replicate import Runs

BuildLine = Callable[..., Line]
BuildRuns = Callable[..., Runs]

OFFICE = tuple((day, *span) for day in range(5) for span in ((32_400, 46_800), (50_400, 64_800)))


def _line(name: str = "in-house", backlog: int = 600, goals: bool = True, labeller: str = "annotators") -> Line:
    hourly = Contract(hourly=31_000_000)
    tiers = Contract(per_label=(Tier(50_000, 420_000), Tier(None, 350_000)))
    return Line(
        name=name,
        start=datetime(2027, 1, 4, 9),
        timezone="Europe/Paris",
        currency="EUR",
        horizon_s=52 * 7 * 86_400.0,
        segments=(
            Segment("street", backlog, classes={"car": 0.7, "bus": 0.3}, difficulty_sd=0.8, due_s=15 * 86_400.0),
        ),
        calendars=(Calendar("office", "Europe/Paris", OFFICE),),
        pools=(
            Pool(labeller, 6, "office", speed_sd=0.3, shrinkage=0.18, contract=hourly if "in" in name else tiers),
            Pool("reviewers", 2, "office", contract=hourly),
        ),
        stages=(
            Stage(
                "annotate",
                "annotate",
                ((labeller, 1.0),),
                Distribution("lognormal", {"median": 42.0, "sigma": 0.8}),
                {"labelled": "review", "tied": "review"},
                labels_per_item=3,
            ),
            Stage(
                "review",
                "review",
                (("reviewers", 1.0),),
                Distribution("lognormal", {"median": 12.0, "sigma": 0.7}),
                {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"},
                fraction=0.2,
            ),
        ),
        first="annotate",
        goals=(Goal("finish_days", "<=", 5.625), Goal("accuracy", ">=", 0.95)) if goals else (),
        assumed=("work.street.difficulty.attractor", "stages.review.on_reject.rounds"),
        fitted=("stages.annotate.time", f"pools.{labeller}.speed.spread"),
    )


def _runs(line: Line, *, replications: int = 12, rate: float = 120.0, cost: float = 824.0, unfinished: int = 0) -> Runs:
    """Items delivered at about `rate` per working day; the first `unfinished` replications never end."""
    rng = np.random.default_rng(7)
    n = line.segments[0].backlog
    hours = np.arange(24 * 15, dtype=np.int64)
    open_hours = ((hours + 9) // 24 % 7 < 5) & ((hours + 9) % 24 >= 9) & ((hours + 9) % 24 < 18)
    rows, money, curves = [], [], []
    for replication in range(replications):
        late = replication < unfinished
        made = np.floor(np.cumsum(open_hours * rate * rng.normal(1, 0.05) / 9)).astype(np.int64)
        delivered = np.minimum(made, n - 20 if late else n)
        finish = math.inf if late else float(np.argmax(delivered >= n)) / 24
        waiting = {stage.name: (n - delivered) // (1 + place) for place, stage in enumerate(line.stages)}
        curves.append(Curves(hours, delivered, waiting, 60_000 * delivered, 0 * hours))
        spent = round(cost * rng.normal(1, 0.02) * 1e6)
        for activity, share in (("annotate", 6), ("review", 2), ("idle", 2)):
            money.append((replication, "2027-01", activity, "street", "reviewers", 1.0, "h", spent * share // 10))
        rows.append(_kpis(line, spent / 1e6, finish, int(delivered[-1]), rng))
    columns = ["replication", "month", "activity", "segment", "pool", "quantity", "unit", "amount"]
    index = pd.RangeIndex(replications, name="replication")
    return Runs(line, 1, 0.95, pd.DataFrame(rows, index=index), pd.DataFrame(money, columns=columns), curves)


def _kpis(line: Line, cost: float, finish: float, delivered: int, rng: np.random.Generator) -> dict[str, float]:
    n = line.segments[0].backlog
    accuracy = float(rng.normal(0.961, 0.004))
    found = {
        "cost": cost,
        "cost_per_label": cost / (3 * n),
        "cost_per_accepted_label": cost / delivered,
        "cost_per_correct_label": cost / delivered / accuracy,
        "finish_days": finish,
        "cycle_time_h": float(rng.normal(50, 2)),
        "accuracy": accuracy,
        "agreement": float(rng.normal(0.87, 0.005)),
        "alpha": float(rng.normal(0.74, 0.01)),
        "on_time": 1.0,
        "rework_rate": float(rng.normal(0.05, 0.003)),
        "rework_per_touch": 0.02,
        "first_pass_yield": float(rng.normal(0.9, 0.01)),
        "throughput_per_week": 7 * delivered / min(finish, 15.0),
        "items_delivered": float(delivered),
        "unfinished_share": 1 - delivered / n,
    }
    for stage in line.stages:
        parts = {"contention": 20.0, "off_shift": 18.0, "consensus": 2.0}
        found[f"wait_h.{stage.name}"] = sum(parts.values())
        found |= {f"wait_h.{stage.name}.{part}": hours for part, hours in parts.items()}
        found[f"queue.{stage.name}"] = 40.0
    for pool in line.pools:
        found |= {f"utilisation.{pool.name}": 0.8, f"busy_h.{pool.name}": 80.0}
        found |= {f"idle_h.{pool.name}": 20.0, f"off_h.{pool.name}": 260.0}
    return found


@pytest.fixture(scope="session")
def make_line() -> BuildLine:
    """A builder of lines with a backlog, two stages and two pools."""
    return _line


@pytest.fixture(scope="session")
def make_runs() -> BuildRuns:
    """A builder of runs of a line."""
    return _runs


@pytest.fixture(scope="session")
def one() -> Runs:
    """Runs of one scenario with goals."""
    return _runs(_line())


@pytest.fixture(scope="session")
def three() -> tuple[list[Runs], Comparison]:
    """Runs of three scenarios, and their true comparison."""
    runs = [
        _runs(_line()),
        _runs(_line("vendor", labeller="vendor-b"), rate=180, cost=990),
        _runs(_line("mixed"), rate=150, cost=890),
    ]
    return runs, compare(runs)


@pytest.fixture(scope="session")
def hostile() -> list[Runs]:
    """Two scenarios whose every name tries to break out of the page or of the figure."""
    names = ('<script>alert("in")</script>', "$x_1$ ^{\\frac{a}{b}} & 'co' in שלום \N{GRINNING FACE} {{ 7 * 7 }}")
    made = []
    for name in names:
        line = _line(name, labeller="</text><img src=x onerror=alert(1)>")
        segment = replace(line.segments[0], name="<b>street</b> $_$")
        stage = replace(line.stages[0], name='"annotate" $a_b$')
        review = replace(line.stages[1], next={"accepted": "deliver", "rejected": stage.name, "exhausted": "deliver"})
        changed = replace(line, segments=(segment,), stages=(stage, review), first=stage.name)
        made.append(_runs(changed, rate=140))
    return made
