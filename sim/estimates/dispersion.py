"""A network by the dispersion of its streams over time: what QNA does by one number, by a curve.

The variability that matters at a station is that on the station's own time scale: a lightly loaded station smooths what
passes through for a moment, not for the hours over which a queue builds up behind a busy one. So each stream carries
its index of dispersion, Var N(t) / E N(t) at all t; a station's wait is governed by it at the t that makes the workload
worst. Where the last station of a row is the busy one QNA misses by a quarter; docs/estimates.md has both errors.

Sources: Whitt and You, Using robust queueing to expose the impact of dependence in single-server queues, Operations
Research 2018 (the wait); the same, A robust queueing network analyzer based on indices of dispersion, Naval Research
Logistics 2022 (departures, splitting, superposition, elimination of near-immediate feedback). For several servers: the
departures of c busy servers disperse as those of each, and waits are by Whitt 1993.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from .network import OUTSIDE, Floats, Network
from .station import wait

POINTS = 200
ROUNDS = 200


def waits(network: Network) -> Floats:
    """float64[n]: mean wait of a task at each station. Raises ValueError where one has no steady state."""
    times = _times(network)
    leaving = departures(network, times)
    return np.array([_wait(network, i, times, leaving) for i in range(network.servers.size)])


def _times(network: Network) -> Floats:
    """Moments at which curves are known, from far below a service time to far above the longest relaxation."""
    speed = network.mean[~network.delay] / network.servers[~network.delay]
    slack = 1.0 - network.busy[~network.delay].max(initial=0.0)
    low, high = (speed.min(), speed.max()) if speed.size else (1.0, 1.0)
    spread = 1.0 + network.services.max(initial=1.0)
    return np.geomspace(1e-3 * low, 100.0 * spread * high / max(slack, 1e-3) ** 2, POINTS)


def departures(network: Network, times: Floats) -> Floats:
    """float64[n, times]: index of dispersion of what leaves each station, the fixed point of all stations together."""
    n, busy, rates = network.servers.size, network.busy, network.rates
    paces = np.where(network.delay, 1.0, np.maximum(busy, 1e-9) / np.maximum(network.mean, 1e-12))
    service = np.array([renewals(float(c), times * pace) for c, pace in zip(network.services, paces, strict=True)])
    arriving = leaving = np.ones((n, times.size))
    for _ in range(ROUNDS):
        scale = (1.0 - busy) ** 2 * rates / np.maximum(busy * (arriving[:, -1] + network.services), 1e-300)
        passed = np.where(network.delay[:, None], 1.0, passing(np.clip(scale[:, None] * times, 1e-12, 1e6)))
        leaving = passed * arriving + (1.0 - passed) * service
        before, arriving = arriving, _superposed(network, leaving, rates)
        if np.abs(arriving - before).max() < 1e-6:
            break
    return leaving


def _superposed(network: Network, leaving: Floats, rates: Floats) -> Floats:
    sums = np.zeros_like(leaving)
    for stream in network.streams:
        carried = 0.0 if stream.source == OUTSIDE else stream.carried * leaving[stream.source]
        sums[stream.target] += stream.rate / rates[stream.target] * (stream.own + carried)
    return sums


def _wait(network: Network, i: int, times: Floats, leaving: Floats) -> float:
    """Mean wait at one station, from which near-immediate feedback is taken out: what comes back over stations that are
    less busy counts as one longer service."""
    if network.delay[i] or network.rates[i] <= 0.0:
        return 0.0
    rates, busy = network.rates, float(network.busy[i])
    returning = _returning(network, i)
    share = returning.sum() / rates[i]
    kept = rates[i] * (1.0 - share)
    services = share + (1.0 - share) * float(network.services[i])
    arriving = np.zeros_like(times)
    flows = network.ways[:, i] * rates
    for stream in network.streams:
        if stream.target == i:
            left = 1.0
            if stream.source != OUTSIDE:
                left = 1.0 - returning[stream.source] / flows[stream.source]
            # A part of a stream is a random thinning of it: its dispersion comes nearer to one.
            carried = 0.0 if stream.source == OUTSIDE else stream.carried * leaving[stream.source]
            arriving += stream.rate * left / kept * (1.0 + left * (stream.own + carried - 1.0))
    step = float(network.mean[i]) / (1.0 - share) / float(network.servers[i])
    worst = np.max(np.sqrt(2.0 * times * (arriving + services) * step) - (1.0 - busy) / busy * times)
    arrivals = max(0.0, 2.0 * (1.0 - busy) / busy * worst / step - services)
    load = float(rates[i] * network.mean[i])
    return wait(float(network.servers[i]), load, float(network.mean[i]), arrivals, services)


def _returning(network: Network, i: int) -> Floats:
    """float64[n]: by station, the rate at which tasks come from it to station i that had been there and since then only
    at stations less busy."""
    ways, rates, busy = network.ways, network.rates, network.busy
    quiet = np.flatnonzero((busy < busy[i] - 1e-9) & (np.arange(busy.size) != i))
    came = np.zeros(busy.size)
    came[i] = rates[i]
    inner = np.eye(quiet.size) - ways[np.ix_(quiet, quiet)].T
    came[quiet] = np.linalg.solve(inner, rates[i] * ways[i, quiet])
    back = np.minimum(came * ways[:, i], ways[:, i] * rates)
    return back if back.sum() < 0.95 * rates[i] else np.zeros(busy.size)


def passing(t: Floats) -> Floats:
    """Share of the dispersion of arrivals that is that of departures too, at scaled time t: 1 - (1 - c(t)) / 2t, with c
    the correlation of reflected Brownian motion. Source: Whitt and You 2022, (29)."""
    root = np.sqrt(t)
    density = np.exp(-t / 2.0) / np.sqrt(2.0 * np.pi)
    exact = ((t * t + 2.0 * t - 1.0) * (1.0 - 2.0 * ndtr(-root)) + 2.0 * root * density * (1.0 + t) - t * t) / (2.0 * t)
    short, long = 8.0 * root / (3.0 * np.sqrt(2.0 * np.pi)), 1.0 - 1.0 / (2.0 * t)  # where differences cancel
    return np.where(t < 1e-4, short, np.where(t > 1e3, long, exact))


def renewals(scv: float, t: Floats) -> Floats:
    """Index of dispersion of an equilibrium renewal process of rate one with this squared coefficient of variation:
    from 1 at short times to scv at long ones; exact for hyperexponentials of balanced means and Erlang-2.
    Source: Cox, Renewal Theory, 1962, chapter 4."""
    fading = 2.0 / (scv + 1.0) if scv >= 1.0 else 2.0 / max(scv, 0.05)
    return scv + (1.0 - scv) * -np.expm1(-fading * t) / (fading * t)
