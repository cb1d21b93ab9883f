"""The results of a run for scripts: plain numbers, null where a number is withheld."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Any

import numpy as np

from .kpis import unit_of
from .line import digest
from .replicate import Runs, summaries
from .statistics import Summary


def results(runs: Runs) -> dict[str, Any]:
    """The run as a dict that JSON can hold.

    kpis: by name, mean, low, high (error of the mean at `level`), p5, p50, p80, p95 (risk over replications) and unit.
    Withheld numbers are None; where replications never finished, `never` is their share.
    """
    line = runs.line
    found = {}
    for name, summary in summaries(runs).items():
        found[name] = _numbers(summary) | {"unit": unit_of(name, line.currency)}
        if name in runs.kpis.columns and np.isinf(runs.kpis[name]).any():
            found[name]["never"] = float(np.isinf(runs.kpis[name]).mean())
    return {
        "scenario": line.name,
        "version": version("labelcast"),
        "engine": runs.engine,
        "digest": digest(line),
        "seed": runs.seed,
        "replications": len(runs.kpis),
        "level": runs.level,
        "kpis": found,
    }


def _numbers(summary: Summary) -> dict[str, Any]:
    return {name: value if math.isfinite(value) else None for name, value in vars(summary).items()}
