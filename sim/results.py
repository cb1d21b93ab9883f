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
from .stopping import precise


def results(runs: Runs) -> dict[str, Any]:
    """The run as a dict that JSON can hold.

    kpis: by name, mean, low, high (error of the mean at `level`), p5, p50, p80, p95 (risk over replications) and unit.
    Withheld numbers are None; where replications never finished, `never` is their share.
    precision: where one was asked for; the half-widths reached are shares of the mean, None without one.
    """
    line = runs.line
    found = {}
    for name, summary in summaries(runs).items():
        found[name] = _numbers(summary) | {"unit": unit_of(name, line.currency)}
        if name in runs.kpis.columns and np.isinf(runs.kpis[name]).any():
            found[name]["never"] = float(np.isinf(runs.kpis[name]).mean())
    told = {
        "scenario": line.name,
        "version": version("labelcast"),
        "engine": runs.engine,
        "digest": digest(line),
        "seed": runs.seed,
        "replications": len(runs.kpis),
        "level": runs.level,
        "kpis": found,
    }
    if line.backtest:
        told["backtest"] = line.backtest
    if runs.precision is not None:
        told["precision"] = {
            "relative": runs.precision.relative,
            "reached": precise(runs.reached, runs.precision),
            "half_widths": {each.kpi: _finite(each.half) for each in runs.reached},
        }
    return told


def _numbers(summary: Summary) -> dict[str, Any]:
    return {name: _finite(value) for name, value in vars(summary).items()}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
