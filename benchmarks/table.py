"""The table of engines: what each is called, and how it is made ready to run a model."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Run = Callable[[int], Any]
"""Simulates once under a seed; gives the log of ours, the mean cycle time in minutes of a rival."""


@dataclass(frozen=True)
class Engine:
    """title: in tables.  module, function: where it stands.  ours: takes a plan, a seed and a replication and gives a
    log, or what would come out of it; a rival takes a number of items and a seed.  most: items of the common model that
    it is asked for at most, since it takes too long, or too much memory, for more.  needs: a package.  ready: what is
    called once for a plan, before it is timed; "" for nothing."""

    title: str
    module: str
    function: str
    ours: bool = False
    ready: str = ""
    most: int = 10_000_000
    needs: str = "numpy"

    @property
    def there(self) -> bool:
        """Whether what it needs is installed."""
        return importlib.util.find_spec(self.needs) is not None


RIVAL = "mean_cycle_time_min"

ENGINES = {
    "kernel": Engine("labelcast, kernel, with log", "labelcast.sim.kernel", "run", ours=True, most=1_000_000),
    "stream": Engine("labelcast, kernel, without log", "streamed", "replication", ours=True, ready="ready"),
    "reference": Engine("labelcast, reference", "labelcast.sim.reference", "run", ours=True, most=1_000_000),
    "heap": Engine("plain heapq loop", "heap_loop", RIVAL),
    "callback": Engine("SimPy, callbacks only", "callbacks", RIVAL),
    "idiomatic": Engine("SimPy, a process an item", "idiomatic", RIVAL, most=1_000_000),
    "ciw": Engine("Ciw", "in_ciw", RIVAL, most=1_000_000, needs="ciw"),
    "salabim": Engine("salabim", "in_salabim", RIVAL, most=100_000, needs="salabim"),
}


def common(engine: Engine, items: int, at_once: bool = False) -> Run:
    """The common model of so many items, ready to run; what is done once for many runs is done here. at_once: all are
    there at the start, which only ours are asked for."""
    function = getattr(importlib.import_module(engine.module), engine.function)
    if not engine.ours:
        return lambda seed: function(items, seed)
    from labelcast.scenarios.library import scenarios
    from labelcast.scenarios.load import load
    from labelcast.sim.plan import Plan

    line = load(scenarios()["common-model"])
    segment = line.segments[0]
    if at_once:
        segment = dataclasses.replace(segment, backlog=items, arrivals=None)
    else:
        assert segment.arrivals is not None
        segment = dataclasses.replace(segment, arrivals=dataclasses.replace(segment.arrivals, items=items))
    line = dataclasses.replace(line, segments=(segment,), horizon_s=60.0 * (2 * items + 10_000))
    plan = Plan.of(line)
    if engine.ready:
        getattr(importlib.import_module(engine.module), engine.ready)(plan)
    return lambda seed: function(plan, seed, 0)


def full(engine: Engine, workers: int, items: int, tick_s: float = 0.001) -> Run:
    """The full line, ready to run. Only ours can."""
    from full_line import full_line

    from labelcast.sim.plan import Plan

    function = getattr(importlib.import_module(engine.module), engine.function)
    plan = Plan.of(full_line(workers, items, tick_s))
    if engine.ready:
        getattr(importlib.import_module(engine.module), engine.ready)(plan)
    return lambda seed: function(plan, seed, 0)
