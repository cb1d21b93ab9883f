"""Krippendorff's alpha of a million labels, ours against the `krippendorff` library, each in a process of its own.

    python benchmarks/agreement.py [--labels N] [--workers N] [--json]

Both start from the same labels, as worker, item and label of each row: 10 classes, 10 labels an item, 1,000 workers
unless --workers says otherwise. Of ours, `alpha` is counting and the value; `every` is all measures that need no
workers, with their intervals.  The library takes a matrix of workers x items (`reliability`, as its documentation
begins; it grows with workers), which has to be filled, or a matrix of counts of items x labels (`counts`), which
whoever calls it has to count; counting there is NumPy's bincount.
Figures: CPU seconds, the least of the repeats, and peak memory. The rival's interpreter: rival_python.py.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rival_python

CLASSES, PER_ITEM, WORKERS = 10, 10, 1_000
OURS, RIVALS = ("alpha", "every"), ("reliability", "counts")
REPEATS = {"alpha": 9, "every": 5, "reliability": 1, "counts": 5}


def labels_of(many: int, workers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """worker, item and label of so many labels, four of five right, each item by ten workers in a row of all."""
    rng = np.random.default_rng(1)
    items = many // PER_ITEM
    true = rng.integers(0, CLASSES, items)
    right = rng.random((items, PER_ITEM)) < 0.8
    label = np.where(right, true[:, None], rng.integers(0, CLASSES, (items, PER_ITEM)))
    worker = (rng.integers(0, workers, items)[:, None] + np.arange(PER_ITEM)) % workers
    return worker.ravel(), np.repeat(np.arange(items), PER_ITEM), label.ravel()


def _way(name: str, worker: np.ndarray, item: np.ndarray, label: np.ndarray) -> Callable[[], float]:
    """What is timed: from labels to alpha."""
    items = int(item.max()) + 1
    if name in OURS:
        from labelcast.sim.agreement import agreement, counts_of, krippendorff_alpha

        if name == "every":
            return lambda: float(agreement(item, label).alpha.value or np.nan)
        return lambda: krippendorff_alpha(counts_of(item, label, items, CLASSES))
    import krippendorff

    def reliability() -> float:
        matrix = np.full((int(worker.max()) + 1, items), np.nan)
        matrix[worker, item] = label
        return float(krippendorff.alpha(reliability_data=matrix, level_of_measurement="nominal"))

    def counts() -> float:
        table = np.bincount(item * CLASSES + label, minlength=items * CLASSES).reshape(items, CLASSES)
        return float(krippendorff.alpha(value_counts=table, level_of_measurement="nominal"))

    return reliability if name == "reliability" else counts


def child(name: str, many: int, workers: int) -> dict[str, float]:
    """The figures of one way, in this process."""
    from measure import peak_mb

    run = _way(name, *labels_of(many, workers))
    if name in OURS:
        run()  # compiles, or loads what was compiled
    spent, found = [], float("nan")
    for _ in range(REPEATS[name]):
        begin = time.process_time()
        found = run()
        spent.append(time.process_time() - begin)
    return {"cpu_s": min(spent), "peak_mb": peak_mb(), "alpha": found}


def measured(
    many: int, workers: int = WORKERS, ways: tuple[str, ...] = (*OURS, *RIVALS)
) -> dict[str, dict[str, float]]:
    """Figures of each way that can be run here, by its name. All agree on alpha."""
    found = {}
    for name in ways:
        python = sys.executable if name in OURS else rival_python.found()
        if python is None:
            continue
        command = [str(python), str(Path(__file__)), "--child", name, "--labels", str(many)]
        command += ["--workers", str(workers)]
        done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr.strip()}")
        found[name] = json.loads(done.stdout)
    alphas = [one["alpha"] for one in found.values()]
    assert max(alphas) - min(alphas) < 1e-9, f"alphas differ: {found}"
    return found


def ratios(found: dict[str, dict[str, float]]) -> dict[str, float]:
    """CPU seconds of the library over ours, by its input and our result."""
    return {
        f"{rival}_over_{ours}": found[rival]["cpu_s"] / found[ours]["cpu_s"]
        for rival in RIVALS
        for ours in OURS
        if rival in found and ours in found
    }


def main() -> None:
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--json", action="store_true", help="all figures, as JSON")
    parser.add_argument("--child", choices=(*OURS, *RIVALS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(child(asked.child, asked.labels, asked.workers)))
        return
    found = measured(asked.labels, asked.workers)
    if asked.json:
        print(json.dumps({"labels": asked.labels, "workers": asked.workers, **found, "ratios": ratios(found)}))
        return
    for name, one in found.items():
        print(f"{name:<12} {one['cpu_s']:9.4f} s CPU  {one['peak_mb']:7.0f} MB  alpha {one['alpha']:.6f}")
    for name, ratio in ratios(found).items():
        print(f"{name:<26} {ratio:7.0f}")
    if rival_python.found() is None:
        print(rival_python.HOW, file=sys.stderr)


if __name__ == "__main__":
    main()
