"""Servers that share one queue and Poisson arrivals: Erlang's formulas, and how many people a load asks for."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from .network import Floats


def erlang_b(servers: float, offered_load: float) -> float:
    """Probability that all servers of M/M/c/c are busy.

    servers: c, at least 0, not necessarily whole: people who are there on average.  offered_load: a, above 0.
    Source: Jagerman, Some properties of the Erlang loss function, Bell System Technical Journal 1974: the inverse is
    a e^a times the integral of e^(-a t) t^c from 1 on, an incomplete gamma function.
    """
    log = servers * math.log(offered_load) - offered_load - special.gammaln(servers + 1.0)
    above = special.gammaincc(servers + 1.0, offered_load)
    return math.exp(log) / float(above) if above > 0.0 else 1.0 - servers / offered_load


def erlang_c(servers: float, offered_load: float) -> float:
    """Probability that an arriving task must wait in M/M/c.

    servers: c, above 0, not necessarily whole.  offered_load: a = arrival rate x mean service time, 0 <= a < c.
    Raises ValueError when a >= c: the queue has no steady state.
    Source: Gross et al., Fundamentals of Queueing Theory, section on M/M/c.
    """
    if not offered_load < servers:
        raise ValueError(f"no steady state: offered load {offered_load:g}, servers {servers:g}")
    if offered_load <= 0.0:
        return 0.0
    blocked = erlang_b(servers, offered_load)
    return servers * blocked / (servers - offered_load * (1.0 - blocked))


def mmc_wait(servers: float, offered_load: float, mean: float) -> float:
    """Mean wait in M/M/c, in the unit of `mean`, the mean service time. Errors and source: as erlang_c."""
    return erlang_c(servers, offered_load) * mean / (servers - offered_load)


def mean_waits(servers: Floats, offered_load: Floats, mean: Floats) -> Floats:
    """mmc_wait of many queues at once, in the unit of `mean`; arrays broadcast, and every load is below its servers.
    A queue without load has no wait. Source: as erlang_b, by its logarithm."""
    load = np.where(offered_load > 0.0, offered_load, 1e-9)
    log = servers * np.log(load) - load - special.gammaln(servers + 1.0)
    blocked = np.exp(log - np.log(np.maximum(special.gammaincc(servers + 1.0, load), 1e-300)))
    waiting = servers * blocked / (servers - load * (1.0 - blocked))
    found: Floats = np.where(offered_load > 0.0, waiting * mean / (servers - load), 0.0)
    return found


def halfin_whitt(beta: float) -> float:
    """Limit of the probability of waiting where a + beta sqrt(a) servers meet an offered load a; beta above 0.
    Source: Halfin and Whitt, Heavy-traffic limits for queues with many exponential servers, Operations Research 1981.
    """
    density = math.exp(-beta * beta / 2.0) / math.sqrt(2.0 * math.pi)
    return 1.0 / (1.0 + beta * float(special.ndtr(beta)) / density)


def square_root_staffing(offered_load: float, waiting: float) -> float:
    """How many servers, not rounded, let only the share `waiting` of the tasks wait: a + beta sqrt(a).

    waiting: in (0, 1).  Within one server of the exact number, see docs/estimates.md.  Source: as halfin_whitt.
    """
    low, high = 0.0, 30.0
    for _ in range(60):
        beta = (low + high) / 2.0
        low, high = (beta, high) if halfin_whitt(beta) > waiting else (low, beta)
    return offered_load + high * math.sqrt(offered_load)
