"""Open networks drawn at random, each simulated by Ciw and by an engine of ours.

Two to four stations of one to four servers, first come first served; Poisson arrivals at the first; exponential,
lognormal or constant service; after it an item goes to any station, back to the same one too, or leaves, by chance.
Loads are drawn between 0.6 and 0.75. Times in seconds.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import ciw  # type: ignore[import-untyped]
import numpy as np
from in_ciw import Limited
from numpy.typing import NDArray
from theory.cases.parts import RATE, network, work
from theory.measures import time_in_line

from labelcast.sim.line import DELIVER, Distribution, Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan

Run = Callable[[Plan, int, int], Log]

Service = Literal["exponential", "lognormal", "constant"]
SERVICES: tuple[Service, ...] = get_args(Service)


@dataclass(frozen=True)
class Station:
    """servers; service: its kind, mean in seconds, and sigma where it is lognormal; ways: chances of the next station,
    by its number; what is left of one is the chance to leave."""

    servers: int
    service: Service
    mean_s: float
    sigma: float
    ways: tuple[float, ...]


Network = tuple[Station, ...]


def drawn(seed: int) -> Network:
    """The network of a seed."""
    chance = random.Random(seed)
    count = 2 + seed % 3
    ways = []
    for _ in range(count):
        weights = [chance.uniform(0.5, 1.0) for _ in range(count)]
        stay = chance.uniform(0.3, 0.5)
        ways.append([stay * weight / sum(weights) for weight in weights])
    entering = np.zeros(count)
    entering[0] = RATE
    rates = np.linalg.solve(np.eye(count) - np.array(ways).T, entering)
    stations = []
    for rate, row in zip(rates, ways, strict=True):
        servers = chance.randint(1, 4)
        mean_s = chance.uniform(0.6, 0.75) * servers / rate
        service = chance.choice(SERVICES)
        stations.append(Station(servers, service, float(mean_s), chance.uniform(0.4, 1.0), tuple(row)))
    return tuple(stations)


def quantities(stations: Network) -> list[str]:
    """Names of what both measure, in order."""
    return ["mean time in the line", *(f"mean queue at {number}" for number in range(len(stations)))]


def line_of(stations: Network, items: int) -> Line:
    """The network as a line of ours."""
    names = [f"station {number}" for number in range(len(stations))]
    stages = []
    for name, station in zip(names, stations, strict=True):
        ways = (*zip(names, station.ways, strict=True), (DELIVER, 1 - sum(station.ways)))
        stages.append(work(name, _distribution(station), ways))
    return network(tuple(stages), {name: station.servers for name, station in zip(names, stations, strict=True)}, items)


def _distribution(station: Station) -> Distribution:
    if station.service == "lognormal":
        median = station.mean_s * math.exp(-(station.sigma**2) / 2)
        return Distribution("lognormal", {"median": median, "sigma": station.sigma})
    return Distribution(station.service, {"value" if station.service == "constant" else "mean": station.mean_s})


def by_ours(run: Run, stations: Network, items: int, seed: int, replications: int) -> NDArray[np.float64]:
    """A row a replication, a column a quantity; from the rows of the log alone."""
    plan = Plan.of(line_of(stations, items))
    rows = []
    for replication in range(replications):
        log = run(plan, seed, replication)
        waits = (log.tasks["started_at"] - log.tasks["ready_at"]).groupby(log.tasks["stage"], observed=False).sum()
        queues = [float(waits[f"station {number}"]) / log.provenance.ended_at for number in range(len(stations))]
        rows.append([time_in_line()(log), *queues])
    return np.array(rows)


def by_ciw(stations: Network, items: int, seed: int, replications: int) -> NDArray[np.float64]:
    """The same by Ciw."""
    rows = []
    for replication in range(replications):
        ciw.seed(1000 * seed + replication)
        simulation = ciw.Simulation(_ciw_network(stations, items))
        simulation.simulate_until_max_customers(items, method="Complete")
        visits = [individual.data_records for individual in simulation.nodes[-1].all_individuals]
        end = max(one[-1].exit_date for one in visits)
        waits = np.zeros(len(stations))
        for one in visits:
            for visit in one:
                waits[visit.node - 1] += visit.waiting_time
        time = sum(one[-1].exit_date - one[0].arrival_date for one in visits) / items
        rows.append([time, *(waits / end)])
    return np.array(rows)


def _ciw_network(stations: Network, items: int) -> Any:
    return ciw.create_network(
        arrival_distributions=[Limited(RATE, items), *[None] * (len(stations) - 1)],
        service_distributions=[_ciw_distribution(station) for station in stations],
        routing=[list(station.ways) for station in stations],
        number_of_servers=[station.servers for station in stations],
    )


def _ciw_distribution(station: Station) -> Any:
    if station.service == "exponential":
        return ciw.dists.Exponential(rate=1 / station.mean_s)
    if station.service == "lognormal":
        return ciw.dists.Lognormal(math.log(station.mean_s) - station.sigma**2 / 2, station.sigma)
    return ciw.dists.Deterministic(value=station.mean_s)
