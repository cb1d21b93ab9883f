"""Our kernel, our reference and other simulators on one machine in one run: speed, memory, equality, start-up.

    python benchmarks/engines.py                  measures everything (a quarter of an hour), writes docs/engines.md
    python benchmarks/engines.py --quick --json   prints the figures of the issue in under a minute

Each measurement is a process of its own (measure.py), the engines in turn, A B A B; a ratio is the median over the
rounds of the ratio within a round, with its range. CPU seconds of all threads, after compiling.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from common import EVENTS
from page import write
from startup import startup
from table import ENGINES

HERE = Path(__file__).parent
Figures = dict[str, Any]

QUICK = {"idiomatic": 20_000, "callback": 100_000, "ciw": 15_000}
"""Items of the common model in the quick run; ours runs 100,000."""


def child(script: str, *arguments: object) -> Figures:
    """What a script of this folder prints, run in a process of its own."""
    words = [str(argument) for argument in arguments]
    print(" ".join([script, *words]), file=sys.stderr)
    command = [sys.executable, str(HERE / script), *words]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)  # type: ignore[no-any-return]


def in_turn(model: str, sizes: dict[str, tuple[int, ...]], rounds: int) -> dict[str, list[Figures]]:
    """Measures of each engine on its size of a model, one a round; the same seed for all engines of a round."""
    found: dict[str, list[Figures]] = {name: [] for name in sizes}
    for seed in range(1, rounds + 1):
        for name, size in sizes.items():
            found[name].append(child("measure.py", model, name, *size, 1000 * seed))
    return found


def ratio(slow: list[float], fast: list[float]) -> tuple[float, float, float]:
    """Median, least and greatest of the rounds' ratios of CPU seconds."""
    ratios = [one / other for one, other in zip(slow, fast, strict=True)]
    return statistics.median(ratios), min(ratios), max(ratios)


def per_item(measures: list[Figures], items: int) -> list[float]:
    """CPU seconds an item, of each round."""
    return [measure["cpu_s"] / items for measure in measures]


FASTEST = "stream"
"""Our engine without a log, as the rivals keep none."""


def quick() -> Figures:
    """The figures of the issue, in under a minute."""
    ours = FASTEST
    items = {ours: 100_000, **QUICK}
    common = in_turn("common", {name: (size,) for name, size in items.items()}, rounds=3)
    costs = {name: per_item(measures, items[name]) for name, measures in common.items()}
    pairs = in_turn("full", {ours: (600, 10_000), "reference": (600, 10_000)}, rounds=2)
    line = [[measure["cpu_s"] for measure in pairs[name]] for name in ("reference", ours)]
    counted = child("measure.py", "full", "kernel", 600, 100_000, 1)
    full = counted if ours == "kernel" else child("measure.py", "full", ours, 600, 100_000, 1)
    hundred = child("measure.py", "common", ours, 10_000, 1, 100)
    with ThreadPoolExecutor(2) as both:  # neither is timed
        peak = both.submit(child, "measure.py", "common", ours, 1_000_000, 1)
        rows = both.submit(child, "equality.py", "kernel", "reference", 60, 1500, 1)
    return {
        "ratio_idiomatic_simpy": ratio(costs["idiomatic"], costs[ours])[0],
        "ratio_callback_simpy": ratio(costs["callback"], costs[ours])[0],
        "ratio_ciw": ratio(costs["ciw"], costs[ours])[0],
        "ratio_reference_full_line": ratio(*line)[0],
        "logical_events_per_s_common": EVENTS / statistics.median(costs[ours]),
        "events_per_s_full_600": counted["events"] / full["cpu_s"],
        "cpu_s_100x10k": 100 * hundred["cpu_s"],
        "peak_mb_1m": peak.result()["peak_mb"],
        **rows.result(),
    }


ROUNDS = {10_000: 5, 100_000: 3, 1_000_000: 2, 10_000_000: 0}
"""By items of the common model; for 10 million only memory is measured."""

MODELS = ("common", "backlog")
"""Items that arrive one by one; and the same number of them at the start."""

SIZES = (60, 600, 2400)
"""Workers of the full line."""


def everything(largest: int) -> Figures:
    """All measurements, by what they measure. largest: items of the common model at most."""
    here = [name for name, engine in ENGINES.items() if engine.there]
    compiled = [name for name in here if ENGINES[name].ours and name != "reference"]
    ours = [*compiled, "reference"]
    rounds = {items: count for items, count in ROUNDS.items() if items <= largest}
    common = {
        items: in_turn("common", {name: (items,) for name in here if items <= ENGINES[name].most}, count)
        for items, count in rounds.items()
        if count
    }
    full = {workers: in_turn("full", dict.fromkeys(ours, (workers, 10_000)), rounds=3) for workers in SIZES}
    long = {workers: in_turn("full", dict.fromkeys(compiled, (workers, 200_000)), rounds=3) for workers in SIZES}
    memory = {
        name: {
            items: child("measure.py", "common", name, items, 1, 1)["peak_mb"]
            for items in rounds
            if items <= ENGINES[name].most
        }
        for name in compiled
    }
    hundred = {name: child("measure.py", "common", name, 10_000, 1, 100) for name in (*ours, "idiomatic")}
    at_once = {model: child("measure.py", model, FASTEST, min(largest, 1_000_000), 1) for model in MODELS}
    return {
        "fastest": FASTEST,
        "at_once": at_once,
        "common": common,
        "full": full,
        "long": long,
        "memory": memory,
        "hundred": hundred,
        "equality": child("equality.py", "kernel", "reference", 60, 5000, 1, 2, 3),
        "startup": startup("kernel", repeats=5),
    }


def main() -> None:
    """Prints the quick figures, or measures everything and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the figures of the issue only, written nowhere")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--largest", type=int, default=max(ROUNDS), help="items of the common model at most")
    arguments = parser.parse_args()
    figures = quick() if arguments.quick else everything(arguments.largest)
    if not arguments.quick:
        write(figures, HERE.parent / "docs")
    if arguments.json:
        print(json.dumps(figures))
    elif arguments.quick:
        print("\n".join(f"{name}: {value:,.4g}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
