"""The reference engine on the common model: its mean cycle time, and its speed against an idiomatic SimPy model.

    python benchmarks/line.py [--json] [--replications N]

Both engines run in this process in turn, A B A B .., timed by CPU seconds; the ratio is the median of the pairs' ratios
(above 1: the reference is faster). The mean cycle time is over all items of N replications of 20,000, from empty, with
its 95% t interval; theory has no closed form, 2 million items of other engines gave 19.44 +- 0.07 minutes.
`demo_seconds` is what the demo recorded in out/demo/demo.json, null before `make demo`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

from idiomatic import mean_cycle_time_min

from labelcast.scenarios.library import scenarios
from labelcast.scenarios.load import load
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run
from labelcast.sim.statistics import summarise

ITEMS = 20_000
ROOT = Path(__file__).parents[1]


def measure(replications: int) -> dict[str, float | None]:
    """All figures of this benchmark."""
    plan = Plan.of(load(scenarios()["common-model"]))
    run(plan, seed=0, replication=0)  # compiles, or loads what was compiled
    means, ratios = [], []
    for replication in range(replications):
        begin = time.process_time()
        log = run(plan, seed=1, replication=replication)
        middle = time.process_time()
        mean_cycle_time_min(ITEMS, seed=replication)
        end = time.process_time()
        assert len(log.items) == ITEMS
        ratios.append((end - middle) / (middle - begin))
        means.append(float((log.items["delivered_at"] - log.items["arrived_at"]).mean()) / 60_000)
        print(f"{replication + 1}/{replications}: ratio {ratios[-1]:.2f}", file=sys.stderr)
    summary = summarise(means)
    demo = ROOT / "out" / "demo" / "demo.json"
    seconds = json.loads(demo.read_text())["demo_seconds"] if demo.exists() else None
    return {
        "common_cycle_time_min": round(summary.mean, 4),
        "low": round(summary.low, 4),
        "high": round(summary.high, 4),
        "reference_over_idiomatic": round(statistics.median(ratios), 3),
        "demo_seconds": seconds,
    }


def main() -> None:
    """Prints the figures, as JSON or a line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--replications", type=int, default=40)
    arguments = parser.parse_args()
    figures = measure(arguments.replications)
    if arguments.json:
        print(json.dumps(figures))
    else:
        print("\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
