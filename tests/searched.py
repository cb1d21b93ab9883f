"""Lines whose replications a search would want, and what `replicate` says of them."""

from __future__ import annotations

from dataclasses import replace

from lines import exponential, queue

from labelcast.sim.engines import ENGINES
from labelcast.sim.line import Contract, Line
from labelcast.sim.replicate import replicate
from labelcast.sim.statistics import Floats

KPIS = ("finish_days", "cost", "no_such_kpi", "wait_h.annotate")


def line(servers: int = 3, items: int = 12) -> Line:
    """A queue whose cost and finish differ from run to run."""
    made = queue(servers, 5_000.0, items, exponential(300.0))
    return replace(made, pools=tuple(replace(pool, contract=Contract(hourly=30_000_000)) for pool in made.pools))


def expected(of: Line, seed: int, replications: range, engine: str = ENGINES[0]) -> Floats:
    """KPIS of these replications, as `replicate` gives them."""
    kpis = replicate(of, replications.stop, seed, 1, engine=engine).kpis
    found: Floats = kpis.reindex(columns=list(KPIS)).to_numpy()[replications.start :]
    return found
