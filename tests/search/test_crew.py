"""Whoever runs the replications of a search, and whatever dies meanwhile, the values are the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from lines import constant, queue

from labelcast.sim.crew import Crew
from labelcast.sim.engines import ENGINES
from labelcast.sim.line import Contract, Line
from labelcast.sim.replicate import replicate

KPIS = ("finish_days", "cost", "no_such_kpi", "accuracy")


def line(servers: int = 3) -> Line:
    """A line of few workers whose cost and finish differ from run to run."""
    made = queue(servers, 5_000.0, 12, constant(60.0))
    return replace(made, pools=tuple(replace(pool, contract=Contract(hourly=30_000_000)) for pool in made.pools))


def expected(of: Line, seed: int, replications: range, engine: str = ENGINES[0]) -> np.ndarray:
    """The same from `replicate`."""
    kpis = replicate(of, replications.stop, seed, 1, engine=engine).kpis
    return kpis.reindex(columns=list(KPIS)).to_numpy()[replications.start :]


@pytest.mark.parametrize("processes", [None, 1, 2])
def test_same(processes: int | None) -> None:
    with Crew(processes) as crew:
        for servers in (2, 3, 4):
            found = crew.values(line(servers), 5, range(3, 20), KPIS)
            np.testing.assert_array_equal(found, expected(line(servers), 5, range(3, 20)))
            assert np.unique(found[:, 0]).size == 17
