"""One station: M/M/c, M/G/1, GI/M/c, G/G/c, last come first served."""

from __future__ import annotations

import dataclasses
import math
from functools import partial

import numpy as np
from lines import constant, exponential, queue

from labelcast.sim.line import Distribution, Line, Release, Segment

from ..case import Case, Quantity, case
from ..measures import wait, wait_square, waits_longer
from ..oracles import single
from .parts import ITEMS, PER_WEEK, RATE, gamma, lognormal

SLOWER = "every task takes 10% longer than drawn"
AWAY = "worker 0 is never on shift"
LONG = "every task takes 40% longer than drawn"


def _mmc(servers: int, mean: float) -> Case:
    """Mean wait, and the tail of its distribution."""
    long = single.mmc_wait(servers, RATE, mean)
    return Case(
        queue(servers, PER_WEEK, ITEMS, exponential(mean)),
        (
            Quantity("mean wait", "s", single.mmc_wait(servers, RATE, mean), wait()),
            Quantity("has to wait", "", single.erlang_c(servers, RATE * mean), waits_longer(0.0)),
            Quantity(
                "waits longer than the mean", "", single.mmc_waits_longer(servers, RATE, mean, long), waits_longer(long)
            ),
        ),
        (SLOWER,) if servers == 1 else (SLOWER, AWAY),
        replications=16 if servers == 1 else 32,
    )


for c, mean_s in ((1, 36.0), (3, 126.0), (6, 234.0)):
    case(f"stations: M/M/{c}, load {mean_s * RATE / c:.2f}")(partial(_mmc, c, mean_s))


def _mg1(time: Distribution, mean: float, variance: float) -> Case:
    theory = single.mg1_wait(RATE, mean, variance + mean**2)
    return Case(queue(1, PER_WEEK, ITEMS, time), (Quantity("mean wait", "s", theory, wait()),), (SLOWER,))


case("stations: M/D/1, load 0.70")(partial(_mg1, constant(42), 42.0, 0.0))
case("stations: M/G/1 lognormal, load 0.70")(partial(_mg1, lognormal(42, 0.5), 42.0, 42**2 * (math.exp(0.25) - 1)))
case("stations: M/G/1 gamma, load 0.60")(partial(_mg1, gamma(36.0, 0.5), 36.0, 36**2 / 0.5))


@case("stations: M/M/1 last come first served, load 0.40")
def _last() -> Case:
    """The mean wait is that of the first come; its square is 1 / 0.6 times as much at load 0.4."""
    mean = 24.0
    line = queue(1, PER_WEEK, ITEMS, exponential(mean))
    pools = tuple(dataclasses.replace(pool, discipline="last") for pool in line.pools)
    return Case(
        dataclasses.replace(line, pools=pools),
        (
            Quantity("mean wait", "s", single.mmc_wait(1, RATE, mean), wait()),
            Quantity("mean square of the wait", "s2", single.mm1_wait_square(RATE, mean, last_first=True), wait_square),
        ),
        (SLOWER, "every discipline is first come, first served"),
        replications=24,
    )


def _renewal(servers: int, gaps: str, time: Distribution, replication: int) -> Line:
    """Arrivals that are no Poisson stream, as releases of one item: Erlang of two stages, or constant gaps."""
    chance = np.random.default_rng(replication)
    every = chance.gamma(2.0, 0.5 / RATE, ITEMS // 2) if gaps == "erlang" else np.full(ITEMS // 2, 1.0 / RATE)
    releases = tuple(Release(float(at), 1) for at in np.cumsum(every))
    return queue(servers, 0, 0, time, segments=(Segment("items", releases=releases),))


def _gimc(servers: int, gaps: str, mean: float) -> Case:
    transform = single.erlang_transform(2, 1 / RATE) if gaps == "erlang" else single.constant_transform(1 / RATE)
    theory = single.gimc_wait(servers, transform, mean)
    line = partial(_renewal, servers, gaps, exponential(mean))
    return Case(line, (Quantity("mean wait", "s", theory, wait()),), (SLOWER,), replications=24)


case("stations: D/M/1, load 0.70")(partial(_gimc, 1, "constant", 42.0))
case("stations: E2/M/1, load 0.70")(partial(_gimc, 1, "erlang", 42.0))
case("stations: E2/M/3, load 0.75")(partial(_gimc, 3, "erlang", 135.0))


def _ggc(servers: int, mean: float) -> Case:
    """Gamma services of shape 2: exact by phases; Kraemer and Langenbach-Belz within 20%; one server: Kingman."""
    exact = single.erlang_erlang_number(servers, RATE, mean, 2, 2, 200) / RATE - mean
    near = single.kraemer_langenbach_belz(servers, RATE, mean, 0.5, 0.5)
    quantities = [
        Quantity("mean wait (by phases)", "s", exact, wait()),
        Quantity("mean wait (Kraemer, Langenbach-Belz, 20%)", "s", near, wait(), 0.8 * near, 1.2 * near),
    ]
    if servers == 1:
        bound = single.kingman(RATE, mean, 0.5, 0.5)
        quantities.append(Quantity("mean wait below Kingman's bound", "s", bound, wait(), high=bound))
    return Case(
        partial(_renewal, servers, "erlang", gamma(mean, 2.0)), tuple(quantities), (SLOWER, LONG), replications=24
    )


case("stations: E2/E2/1, load 0.70")(partial(_ggc, 1, 42.0))
case("stations: E2/E2/3, load 0.75")(partial(_ggc, 3, 135.0))


@case("stations: M/G/3 lognormal, load 0.70")
def _mgc() -> Case:
    mean, sigma = 126.0, 0.6
    theory = single.allen_cunneen(3, RATE, mean, 1.0, math.exp(sigma**2) - 1)
    quantity = Quantity("mean wait (Allen-Cunneen, 20%)", "s", theory, wait(), 0.8 * theory, 1.2 * theory)
    return Case(queue(3, PER_WEEK, ITEMS, lognormal(mean, sigma)), (quantity,), (SLOWER, AWAY), replications=24)
