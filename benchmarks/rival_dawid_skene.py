"""One fit of a model of workers to the labels of a file, by us or by crowd-kit, in a process of its own.

    python benchmarks/rival_dawid_skene.py labelcast|crowdkit dawid_skene|one_coin FILE.npz [ROUNDS]

FILE: arrays worker, item, label and, by item, truth (-1: not known), whole numbers from 0. No model sees a truth.
ROUNDS: so many, whatever they gain; else at most 100, and the model's own rule when to stop (1e-5 a label for both).

Prints JSON. cpu_s, wall_s: of the fit with the coding of names, from the columns to the answers, after a small fit that
compiles, or loads what was compiled.  fit_cpu_s: without the coding.  peak_mb: most memory that the process held, of
which `idle_mb` before the fit.  accuracy: the share of items of known truth that are answered right.  iterations:
rounds.  Needs crowd-kit's own environment only for crowd-kit (`make rivals`).
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from memory import peak_mb

Ints = Any
Fit = Callable[[Ints, Ints, Ints], tuple[Ints, int, float]]
"""Worker, item, label -> (label of each item, in the order of items' numbers; rounds; CPU seconds of the model)."""


def ours(model: str, rounds: int | None) -> Fit:
    """labelcast's fit."""
    coded = importlib.import_module("labelcast.calibration.workers.labelled").labelled
    fit = getattr(importlib.import_module(f"labelcast.calibration.workers.{model}"), model)
    stop = {} if rounds is None else {"most": rounds, "tolerance": -np.inf}

    def fitted(worker: Ints, item: Ints, label: Ints) -> tuple[Ints, int, float]:
        data = coded(worker, item, label)
        begin = time.process_time()
        found = fit(data, gold=False, **stop)
        spent = time.process_time() - begin
        answers = np.empty(len(data.items), np.int64)
        answers[np.fromiter(map(int, data.items), np.int64)] = np.array(data.classes, np.int64)[found.answers]
        return answers, found.iterations, spent

    return fitted


def crowdkit(model: str, rounds: int | None) -> Fit:
    """crowd-kit's fit."""
    pandas = importlib.import_module("pandas")
    aggregation = importlib.import_module("crowdkit.aggregation")
    kind = {"dawid_skene": aggregation.DawidSkene, "one_coin": aggregation.OneCoinDawidSkene}[model]

    def fitted(worker: Ints, item: Ints, label: Ints) -> tuple[Ints, int, float]:
        frame = pandas.DataFrame({"task": item, "worker": worker, "label": label})
        found = kind(n_iter=100) if rounds is None else kind(n_iter=rounds, tol=-np.inf)
        begin = time.process_time()
        found.fit(frame)
        spent = time.process_time() - begin
        return found.labels_.sort_index().to_numpy(), len(found.loss_history_), spent

    return fitted


def main() -> None:
    """Reads the command line, measures, prints."""
    engine, model, file, *rounds = sys.argv[1:]
    fit = {"labelcast": ours, "crowdkit": crowdkit}[engine](model, int(rounds[0]) if rounds else None)
    with np.load(file) as arrays:
        worker, item, label, truth = (arrays[name] for name in ("worker", "item", "label", "truth"))
    fit(np.array([0, 1, 2] * 2), np.repeat([0, 1], 3), np.array([0, 0, 1, 1, 1, 0]))
    gc.collect()
    idle = peak_mb()
    wall, cpu = time.perf_counter(), time.process_time()
    answers, iterations, fit_cpu_s = fit(worker, item, label)
    cpu_s, wall_s = time.process_time() - cpu, time.perf_counter() - wall
    known = truth >= 0
    figures = {
        "cpu_s": cpu_s,
        "wall_s": wall_s,
        "fit_cpu_s": fit_cpu_s,
        "peak_mb": peak_mb(),
        "idle_mb": idle,
        "accuracy": float((answers[known] == truth[known]).mean()),
        "iterations": iterations,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
