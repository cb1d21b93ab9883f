"""Batches that crowds of known law worked on: how often they come, whether they return, how long they stay."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from crowd_log import Truth, crowd_log, levels, read_back
from scipy import stats

from labelcast.calibration.crowd import words
from labelcast.calibration.crowd.fit import fit_crowd
from labelcast.calibration.crowd.level import fit_level
from labelcast.calibration.crowd.visits import fit_coming
from labelcast.calibration.fit import Parameter
from labelcast.sim.line import Distribution

from .told import Source, Told


def _coming(rng: np.random.Generator) -> Iterator[Told]:
    """Twelve batches of 300 labels; nobody returns."""
    truth = Truth(
        rate=float(rng.uniform(30, 60)), pull=float(rng.uniform(0.1, 0.7)), fade=float(rng.uniform(0.05, 0.5)),
        returning=0.0, tasks=float(rng.integers(3, 9)), items=60, offer=300, own=float(rng.uniform(0.15, 0.6)),
    )  # fmt: skip
    past = read_back(crowd_log(truth, levels(truth, 12, rng), int(rng.integers(2**31))))
    found = fit_coming(past, truth.offer, "UTC")
    level = fit_level(found.level, found.variance)
    yield Told("pools.sessions.pull.exponent", truth.pull, *found.pull)
    yield Told("pools.sessions.fade.exponent", truth.fade, *found.fade)
    yield Told("pools.sessions.spread: of batches about their level", truth.own, level.own, *level.own_interval)


COMING = Source(
    "how often a crowd comes",
    {
        "pools.sessions.pull.exponent": "power (.1 to .7) of the labels on offer, of 12 batches of 300 labels",
        "pools.sessions.fade.exponent": "power (.05 to .5) by which visits fade with hours since posting",
        "pools.sessions.spread: of batches about their level": "sd (.15 to .6) of the logarithm of how strongly a batch draws",
    },
    200,
    0,
    _coming,
    71,
)


def _fitted(truth: Truth, batches: int, rng: np.random.Generator) -> dict[str, Parameter]:
    table = crowd_log(truth, levels(truth, batches, rng), int(rng.integers(2**31)))
    fit = fit_crowd(read_back(table), truth.crowd().service, "UTC")
    return {one.path.removeprefix("pools.p."): one for one in words.parameters(fit, "p")}


def _stays(rng: np.random.Generator) -> Iterator[Told]:
    """Batches of 1,000 labels, at work for days, so that hardly any visit ends for want of work and few are begun
    within half an hour of the same person's last."""
    median, sigma = float(rng.uniform(4, 12)), float(rng.uniform(0.4, 0.9))
    truth = Truth(
        rate=float(rng.uniform(5, 10)), pull=float(rng.uniform(0.0, 0.3)), fade=0.1, offer=1000, items=200, each=5,
        returning=float(rng.uniform(0.05, 0.4)), own=0.3, median=10.0,
        wanted=Distribution("lognormal", {"median": median, "sigma": sigma}),
    )  # fmt: skip
    found = _fitted(truth, 4, rng)
    yield Told.of("pools.sessions.rate", truth.rate, found["sessions.rate"])
    yield Told.of("pools.sessions.returning", truth.returning, found["sessions.returning"])
    for share in (0.1, 0.5, 0.9):
        wanted = max(1, round(median * float(np.exp(sigma * stats.norm.ppf(share)))))
        name = f"tasks_per_session.quantiles.p{100 * share:.0f}"
        yield Told.of(f"pools.{name}", wanted, found[name])


STAYS = Source(
    "how long a crowd stays",
    {
        "pools.sessions.rate": "visits an hour at the whole offer, an hour after posting; fruitless ones count",
        "pools.sessions.returning": "chance (5 to 40%) that a visit is by somebody who was there before",
        **{
            f"pools.tasks_per_session.quantiles.p{p}": f"the p{p} of the labels that visitors want (lognormal)"
            for p in (10, 50, 90)
        },
    },
    100,
    0,
    _stays,
    72,
)

SOURCES = (COMING, STAYS)
