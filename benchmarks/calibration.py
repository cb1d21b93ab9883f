"""Proof of calibration: what the fit of a log's first part foretells of the rest, and of service times held out.

    python benchmarks/calibration.py --quick [--json] [--sets FOLDER]   the figures, in a minute
    python benchmarks/calibration.py [--sets FOLDER]                    all of it, and writes docs/calibration.md

Ten public logs are cut in half by their batches (`labelcast backtest`); the calibrated line, a flat average rate and a
replay of the first half forecast the second half's batches and days.
logs: how many were there.  beats_flat_rate, beats_replay: on how many of them the line came nearer in batch makespans
and in daily throughput, both by mean continuous ranked probability score.  coverage80: share of all batches and days
ahead that lay within their 80% bands.  ks_at_most_05: on how many of the ten the service times of half of each
worker's pages lie within .05 (Kolmogorov-Smirnov) of what the other half foretells.  rows_per_s: rows of a made-up
CrowdFlower report read, cleaned and fitted in a second of wall time; 200,000 rows with --quick, else a million.

FOLDER: ../shared/data/annotation beside the project unless told. Where sets are missing the exit code is 3, and the
page is not written.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import calibration_page
import made_up
import service
from page import machine

from labelcast.calibration.backtest.backtest import backtest
from labelcast.calibration.backtest.badge import badge
from labelcast.calibration.calibrate import calibrate
from labelcast.sim.engines import ENGINES, prepare

ROOT = Path(__file__).parents[1]

QUICK, WHOLE = 100, 200
"""Replications of each batch: with few of them luck would say which forecast is nearer."""

SPLITS = (0.35, 0.5, 0.65)
"""Where the whole proof cuts; --quick in the middle alone."""

ROWS_QUICK, ROWS = 200_000, 1_000_000


@dataclass(frozen=True)
class Task:
    """A set at a cut, or its service times (share 0)."""

    name: str
    share: float


def done(task: Task, sets: Path, replications: int, quick: bool) -> dict[str, Any]:
    """The figures of one task."""
    path = sets / f"{task.name}.parquet"
    if task.share == 0.0:
        return service.figures(service.of_set(path), quick=quick)
    found = backtest([path], share=task.share, replications=replications)
    given = badge(found)
    return {
        "past": len(found.cut.past),
        "ahead": len(found.cut.ahead),
        "days": len(found.truth.labels),
        "makespan": [one.makespan for one in (found.line, found.flat, found.replay)],
        "daily": [one.daily for one in (found.line, found.flat, found.replay)],
        "circadian": [one.circadian for one in (found.line, found.flat, found.replay)],
        "cycle": [one.cycle for one in (found.line, found.flat, found.replay)],
        "within": {str(level): int(hits.sum()) for level, hits in found.line.within.items()},
        "days_within": {str(level): int(hits.sum()) for level, hits in found.line.days_within.items()},
        "beats_flat_rate": found.beats_flat_rate,
        "beats_replay": found.beats_replay,
        "grade": given.grade,
        "drift": [f"{one.what} x{one.factor:.2f}" for one in found.drifts if one.told],
    }


def measured(tasks: Sequence[Task], sets: Path, replications: int, quick: bool) -> dict[Task, dict[str, Any]]:
    """All tasks, on two cores."""
    work = partial(done, sets=sets, replications=replications, quick=quick)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return dict(zip(tasks, pool.map(work, tasks), strict=True))


def speed(rows: int) -> dict[str, float]:
    """Rows a second of reading, cleaning and fitting a made-up report, and the peak memory of this process, MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.csv"
        made_up.write_report(path, rows)
        begun = time.perf_counter()
        fit = calibrate([path])
        seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": fit.rows_read, "seconds": seconds, "rows_per_s": fit.rows_read / seconds, "peak_mb": peak}


def figures(found: dict[Task, dict[str, Any]], rate: dict[str, float]) -> dict[str, Any]:
    """What --quick prints."""
    tests = [one for task, one in found.items() if task.share == 0.5]
    held = sum(one["within"]["0.8"] + one["days_within"]["0.8"] for one in tests)
    of = sum(one["ahead"] + one["days"] for one in tests)
    times = {task.name: one["half"]["ks"] for task, one in found.items() if task.share == 0.0}
    return {
        "logs": len(tests),
        "beats_flat_rate": sum(one["beats_flat_rate"] for one in tests),
        "beats_replay": sum(one["beats_replay"] for one in tests),
        "coverage80": held / of if of else None,
        "ks_at_most_05": sum(times[name] <= 0.05 for name in service.SETS if name in times),
        "rows_per_s": rate["rows_per_s"],
    }


def main(arguments: Sequence[str]) -> int:
    """Prints the figures, or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=Path, default=ROOT.parent / "shared" / "data" / "annotation")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "calibration.md", help="where to write all of it")
    told = parser.parse_args(arguments)
    missing = [one for one in (*service.SETS, service.TIMES_ONLY) if not (told.sets / f"{one}.parquet").exists()]
    if missing:
        print(f"not in {told.sets}: {', '.join(missing)}", file=sys.stderr)
        if not told.quick:
            return 3
    names = [name for name in service.SETS if name not in missing]
    prepare(ENGINES[0])
    shares = (0.5, 0.0) if told.quick else (*SPLITS, 0.0)
    timed = [name for name in (*names, service.TIMES_ONLY) if name not in missing]
    tasks = [Task(name, share) for share in shares for name in (timed if share == 0.0 else names)]
    proved = machine(("numba", "numpy", "simpy")) if not told.quick else ""
    found = measured(tasks, told.sets, QUICK if told.quick else WHOLE, told.quick)
    rate = speed(ROWS_QUICK if told.quick else ROWS)
    whole = figures(found, rate)
    print(json.dumps(whole) if told.json else "\n".join(f"{key}: {value}" for key, value in whole.items()))
    if not told.quick:
        rows = [(task.name, task.share, one) for task, one in found.items()]
        calibration_page.write(told.page, rows, rate, proved, WHOLE)
    return 3 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
