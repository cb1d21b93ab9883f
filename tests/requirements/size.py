"""What a large line takes: ten stages, 200 people, as many items as asked for.

    PYTHONPATH=tests:benchmarks python -m requirements.size ITEMS

Prints processor seconds of one replication, once the engine is compiled, and the most memory that the process held.
"""

from __future__ import annotations

import json
import sys
import time

from lines import ALWAYS, WEEK, constant, exponential, logit, queue
from memory import peak_mb

from labelcast.sim.engines import ENGINES, prepare
from labelcast.sim.line import (
    Arrivals,
    Batch,
    Contract,
    Dedup,
    Line,
    Lot,
    Model,
    Pool,
    Segment,
    Stage,
    Suggestion,
    Tier,
)
from labelcast.sim.replicate import replicate

PEOPLE = {"crew": 62, "labellers": 104, "judges": 34}
RATE = 0.9
"""Items a second, which keeps each pool about 80% busy."""


def large(items: int) -> Line:
    """The line: duplicates out, suggestions, triage, cleaning, labels by a majority of two and adjudication, two
    reviews, packing, and lots by sample."""

    def stage(name: str, kind: str, pool: str, seconds: float, ways: dict[str, object], **more: object) -> Stage:
        return Stage(name, kind, ((pool, 1.0),), exponential(seconds), ways, **more)  # type: ignore[arg-type]

    stages = (
        Stage("dedup", "dedup", (), constant(5.0), {"kept": "suggest"}, batch=Batch(50), dedup=Dedup(0.9)),
        Stage("suggest", "prelabel", (), constant(10.0), {"suggested": "triage"}, batch=Batch(50), model=Model(1.5)),
        stage("triage", "work", "crew", 20.0, {"done": (("clean", 0.3), ("annotate", 0.7))}),
        stage("clean", "work", "crew", 60.0, {"done": "annotate"}),
        stage(
            "annotate",
            "annotate",
            "labellers",
            50.0,
            {"labelled": "review", "tied": "adjudicate"},
            labels_per_item=2,
            suggestion=Suggestion(0.2),
        ),
        stage("adjudicate", "adjudicate", "judges", 40.0, {"decided": "review"}),
        stage(
            "review",
            "review",
            "judges",
            15.0,
            {"accepted": "second", "rejected": "annotate", "exhausted": "second"},
            rounds=1,
        ),
        stage(
            "second",
            "review",
            "judges",
            15.0,
            {"accepted": "pack", "rejected": "annotate", "exhausted": "pack"},
            rounds=1,
            fraction=0.3,
        ),
        stage("pack", "work", "crew", 20.0, {"done": "lots"}),
        stage(
            "lots",
            "inspect",
            "judges",
            15.0,
            {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"},
            rounds=1,
            lot=Lot(100, 10, 3, wait_s=3600.0),
        ),
    )
    pay = {"crew": Contract(hourly=20_000_000), "labellers": Contract(per_label=(Tier(None, 90_000),))}
    pools = tuple(
        Pool(
            name,
            many,
            "always",
            speed_sd=0.2,
            skill_mean=logit(0.9),
            skill_sd=0.4,
            contract=pay.get(name, Contract(hourly=30_000_000)),
        )
        for name, many in PEOPLE.items()
    )
    segment = Segment(
        "items",
        arrivals=Arrivals(RATE * WEEK, "always", items=items),
        classes={"car": 0.6, "truck": 0.3, "bus": 0.1},
        difficulty_sd=0.8,
        attractor=3.0,
        duplicates=0.05,
    )
    parts = {"segments": (segment,), "pools": pools, "stages": stages, "first": "dedup", "calendars": (ALWAYS,)}
    return queue(1, 0, 0, constant(1.0), **parts)


def measured(items: int) -> dict[str, float]:
    """seconds: processor time of one replication.  megabytes: the most that this process ever held; and what became of
    the items, and how busy the pools were."""
    prepare(ENGINES[0])
    before = time.process_time()
    found = replicate(large(items), 1, processes=1).kpis.iloc[0]
    seconds = time.process_time() - before
    names = ["items_delivered", "items_dropped", *(f"utilisation.{pool}" for pool in PEOPLE)]
    return {
        "seconds": round(seconds, 2),
        "megabytes": round(peak_mb(), 1),
        **{name: float(found[name]) for name in names},
    }


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
