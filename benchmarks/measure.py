"""One measurement in a process of its own, so that no engine inherits memory, compiled code or garbage of another.

    python benchmarks/measure.py common|backlog ENGINE ITEMS SEED [RUNS]
    python benchmarks/measure.py full ENGINE WORKERS ITEMS SEED

Prints JSON. backlog: the common model with all items there at the start.  cpu_s: CPU seconds of one run, of all
threads, after a small run that compiles, or loads what was compiled; short runs are repeated for at least `LEAST_S`,
each under its own seed, and averaged.  peak_mb: most memory that the process ever held, of which `idle_mb` before the
run that is measured.  mean_min: mean cycle time, where the engine gives it.  events: arrivals and completed tasks of
the run, where there is a log to count them in.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import Any

from memory import peak_mb
from table import ENGINES, Run, common, full

LEAST_S = 0.3
WARM_UP = 1000


def timed(run: Run, seed: int, runs: int | None) -> tuple[float, Any]:
    """CPU seconds of one run, and what the last one gave. runs: how many, or None for LEAST_S seconds of them."""
    spent, done, found = 0.0, 0, None
    while done < (runs or 1) or (runs is None and spent < LEAST_S):
        found = None  # a result is not kept while the next is made
        gc.collect()  # nor what a run has left in circles
        begin = time.process_time()
        found = run(seed + done)
        spent += time.process_time() - begin
        done += 1
    return spent / done, found


def measured(run: Run, seed: int, runs: int | None) -> dict[str, float | None]:
    """The figures of one model on one engine."""
    idle = peak_mb()
    cpu_s, found = timed(run, seed, runs)
    peak = peak_mb()
    mean_min, events = (found, None) if isinstance(found, float) else _of_log(found)
    return {"cpu_s": cpu_s, "peak_mb": peak, "idle_mb": idle, "mean_min": mean_min, "events": events}


def _of_log(found: Any) -> tuple[float | None, int | None]:
    """Mean cycle time in minutes, and events, which only a log tells."""
    from labelcast.sim.log import Log

    if not isinstance(found, Log):
        return 60.0 * found.kpis["cycle_time_h"], None
    items, tasks = found.items, found.tasks
    mean_min = float((items["delivered_at"] - items["arrived_at"]).mean()) / 60_000
    return mean_min, len(items) + int((tasks["outcome"].notna() & tasks["started_at"].notna()).sum())


def main() -> None:
    """Reads the command line, measures, prints."""
    model, name, *numbers = sys.argv[1:]
    engine = ENGINES[name]
    sizes = [int(number) for number in numbers]
    if model in ("common", "backlog"):
        items, seed, *runs = sizes
        at_once = model == "backlog"
        common(engine, WARM_UP, at_once)(0)
        figures = measured(common(engine, items, at_once), seed, runs[0] if runs else None)
    else:
        workers, items, seed = sizes
        full(engine, 60, WARM_UP)(0)
        figures = measured(full(engine, workers, items), seed, 1)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
