"""Proof of the label model: what it foretells of real labels held out, and its speed beside the usual libraries.

    python benchmarks/quality.py --quick [--json] [--gold FOLDER]  the figures, in a minute
    python benchmarks/quality.py [--gold FOLDER]                   all of it, and writes docs/quality.md

Items of nine public sets are halved, three times; the model is fitted to one half and foretells the other, both ways.
k3_mae, k5_mae, k5_max: error of the accuracy of the majority of 3 and 5 labels, in percentage points, mean and greatest
of the sets' absolute errors, where a set's error is the mean of its six halves.  k5_mae_independent: the same where
errors are taken to be independent.  alpha_mae, icc_mae: of nominal alpha and of the intraclass correlation of errors,
plain numbers.  new_worker_k3_within_3: of how many of four sets (web, rte, temp, dog) the majority of three is foretold
within 3 points where workers are held out too.
ratio_crowdkit_ds_100k: CPU seconds of crowd-kit's Dawid-Skene over ours, 100,000 labels, both with the coding of names.
ratio_krippendorff_1m: those of `krippendorff` over ours, from a million labels to nominal alpha, through the matrix of
workers and items that its documentation begins with.  One run of each.

FOLDER: ../shared/data/gold beside the project unless told.  Where sets are missing their figures are null, and the exit
code is 3; where the rivals are missing (`make rivals`, or LABELCAST_RIVALS) the ratios are null.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import agreement
import rival_python
import workers
from foretold import MODELS, NEW, NEW_MODEL, Task, mae, measured, missing, tasks, within, worst

from labelcast.calibration.workers.heldout import HeldOut

ROOT = Path(__file__).parents[1]
QUICK_DIVISIONS, DIVISIONS = 3, 40
"""Of workers and items: a half's few heavy workers make it noisy."""

Found = dict[str, dict[str, HeldOut]]


def foretold(wanted: list[Task], processes: int) -> Found:
    """Figures by model and set."""
    found: Found = {}
    for number, (task, one) in enumerate(measured(wanted, processes), 1):
        found.setdefault(task.model, {})[task.name] = one
        print(f"{number}/{len(wanted)} {task.model}: {task.name}", file=sys.stderr)
    return found


def figures(found: Found | None, fit: dict[str, Any] | None, alpha: dict[str, Any] | None) -> dict[str, float | None]:
    """What --quick prints. found: None where sets are missing.  fit, alpha: ratios, None where rivals are."""

    def of(model: str, told: Any, *words: str) -> Any:
        return None if found is None else told(found[model], *words)

    return {
        "k3_mae": of("ours", mae, "k3"),
        "k5_mae": of("ours", mae, "k5"),
        "k5_max": of("ours", worst, "k5"),
        "alpha_mae": of("ours", mae, "alpha"),
        "icc_mae": of("ours", mae, "icc"),
        "k5_mae_independent": of("independent", mae, "k5"),
        "new_worker_k3_within_3": of(NEW_MODEL, within),
        "ratio_crowdkit_ds_100k": None if fit is None else fit["ratio_cpu"],
        "ratio_krippendorff_1m": None if alpha is None else alpha["reliability_over_alpha"],
    }


def quick(folder: Path, there: bool, rival: bool, processes: int) -> dict[str, float | None]:
    """The figures. there: whether all sets are.  rival: whether the rivals are."""
    wanted = tasks(folder, ("ours", "independent"), NEW, QUICK_DIVISIONS)
    found = foretold(wanted, processes) if there else None
    if not rival:
        return figures(found, None, None)
    table = workers.both("dawid_skene", workers.synthetic(100_000))
    alphas = agreement.measured(1_000_000, ways=("alpha", "reliability"))
    return figures(found, workers.ratios(table), agreement.ratios(alphas))


def main() -> None:
    """Reads the command line, measures, prints or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the figures alone, in a minute")
    parser.add_argument("--json", action="store_true", help="the figures as one line of JSON")
    parser.add_argument("--gold", type=Path, default=ROOT.parent / "shared" / "data" / "gold")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    gone, rival = missing(asked.gold), rival_python.found() is not None
    if gone:
        print(f"{asked.gold} has no {', '.join(gone)}: name the folder of the sets by --gold", file=sys.stderr)
    if not rival:
        print(rival_python.HOW, file=sys.stderr)
    if asked.quick:
        told = quick(asked.gold, not gone, rival, asked.processes)
    elif gone or not rival:
        sys.exit(3)
    else:
        import quality_page
        from page import machine

        proved = machine(("numba", "numpy"))
        sets = [*NEW, *(name for name in workers.GOLD if name not in NEW)]
        found = foretold(tasks(asked.gold, MODELS, sets, DIVISIONS), asked.processes)
        speed = quality_page.Speed.measured(asked.gold)
        told = figures(found, speed.fits[100_000], speed.alpha_ratios)
        quality_page.write(proved, told, found, speed, ROOT / "docs")
    if asked.json:
        print(json.dumps(told))
    else:
        for name, value in told.items():
            print(f"{name:<24} {'not measured' if value is None else format(value, '.4g')}")
    sys.exit(3 if gone else 0)


if __name__ == "__main__":
    main()
