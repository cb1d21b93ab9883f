"""Dawid-Skene and one-coin, ours beside crowd-kit's, on the same labels in one run, each fit in a process of its own.

    python benchmarks/workers.py [ROWS ...] [--rounds N]  synthetic labels, 10 classes, 10 labels an item (100,000 rows)
    python benchmarks/workers.py --gold FOLDER            the sets of labels of a folder: worker, item, label, gold

Prints JSON, a line for each model and table: the figures of `rival_dawid_skene.py` of both, and for synthetic labels
`ratio_cpu`, `ratio_wall`, `ratio_fit_cpu` (crowd-kit's by ours), `ratio_peak` and `ratio_grown` (our memory by theirs,
all of it and that beyond what the process held before the fit). Rounds are each one's own by its own rule, or N.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rival_python import interpreter

HERE = Path(__file__).parent
MODELS = ("dawid_skene", "one_coin")
GOLD = (
    "zheng_dog", "zheng_face", "snow_rte", "snow_temp", "sp_amt", "ms_music_genre", "tias_web", "zheng_bluebird",
    "gal_adult2",
)  # fmt: skip

Figures = dict[str, Any]
Table = dict[str, Any]


def synthetic(rows: int, classes: int = 10, each: int = 10, seed: int = 1) -> Table:
    """`rows` labels, `each` an item, by one worker for every 500 labels, right in 35% to 85%; wrong labels lean to one
    class that is the worker's own. All truths are known to the benchmark, none to the models."""
    rng = np.random.default_rng(seed)
    items, workers = rows // each, max(rows // 500, 2 * each)
    truth = rng.integers(classes, size=items)
    accuracy = rng.uniform(0.35, 0.85, workers)
    confusion = 0.6 * rng.dirichlet(np.ones(classes), size=(workers, classes)) + 0.4 / classes
    item = np.repeat(np.arange(items), each)
    first, step = rng.integers(workers, size=items), rng.integers(1, workers // each, size=items)
    worker = (first[:, None] + step[:, None] * np.arange(each)).ravel() % workers
    label = (confusion[worker, truth[item]].cumsum(axis=1) < rng.random((len(item), 1))).sum(axis=1)
    label = np.where(rng.random(len(item)) < accuracy[worker], truth[item], np.minimum(label, classes - 1))
    mixed = rng.permutation(len(item))
    return {"worker": worker[mixed], "item": item[mixed], "label": label[mixed], "truth": truth}


def real(file: Path) -> Table:
    """A set of labels as numbers; of labels of one item by one worker the first counts."""
    rows = pd.read_parquet(file).drop_duplicates(["worker", "item"])
    classes = pd.Index(sorted(set(rows["label"]) | set(rows["gold"].dropna())))
    item, names = pd.factorize(rows["item"])
    gold = rows.dropna(subset=["gold"]).drop_duplicates("item").set_index("item")["gold"].reindex(names)
    return {
        "worker": pd.factorize(rows["worker"])[0],
        "item": item,
        "label": classes.get_indexer(rows["label"]),
        "truth": classes.get_indexer(gold),
    }


def both(model: str, table: Table, rounds: int | None = None) -> dict[str, Figures]:
    """What the fits of labelcast and crowd-kit print, of one table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "labels.npz"
        np.savez(file, **table)
        found = {}
        for engine, python in (("labelcast", sys.executable), ("crowdkit", str(interpreter()))):
            print(engine, model, len(table["label"]), "labels", file=sys.stderr)
            command = [python, str(HERE / "rival_dawid_skene.py"), engine, model, str(file)]
            command += [] if rounds is None else [str(rounds)]
            found[engine] = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return found


def ratios(found: dict[str, Figures]) -> Figures:
    """How much quicker we are, and which part of its memory we take."""
    we, they = found["labelcast"], found["crowdkit"]
    return {
        "ratio_cpu": they["cpu_s"] / we["cpu_s"],
        "ratio_wall": they["wall_s"] / we["wall_s"],
        "ratio_fit_cpu": they["fit_cpu_s"] / we["fit_cpu_s"],
        "ratio_peak": we["peak_mb"] / they["peak_mb"],
        "ratio_grown": (we["peak_mb"] - we["idle_mb"]) / (they["peak_mb"] - they["idle_mb"]),
    }


def main() -> None:
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", type=int, default=[100_000])
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--model", choices=MODELS, action="append")
    asked = parser.parse_args()
    for model in asked.model or MODELS:
        if asked.gold:
            for name in GOLD:
                found = both(model, real(asked.gold / f"{name}.parquet"), asked.rounds)
                print(json.dumps({"model": model, "set": name, **found}), flush=True)
        else:
            for rows in asked.rows:
                found = both(model, synthetic(rows), asked.rounds)
                print(json.dumps({"model": model, "rows": rows, **found, **ratios(found)}), flush=True)


if __name__ == "__main__":
    main()
