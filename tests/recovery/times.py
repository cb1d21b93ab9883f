"""Service times of workers who differ and practise, of every family."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from scipy import stats

from labelcast.calibration.service.families import FAMILIES
from labelcast.calibration.service.fit import Timed, fit_service
from labelcast.calibration.service.words import parameters
from labelcast.sim.estimates.times import quantiles
from labelcast.sim.line import Distribution

from .told import Source, Told


def line(luck: np.random.Generator, of: Distribution, spread: float, exponent: float, more: float = 1.0) -> Timed:
    """Times of 12 to 30 workers, of whom the busiest does some ten times what the least busy does, in whole seconds.
    more: times as many pages."""
    return worked(luck, lambda n: quantiles(of, luck.random(n)), spread, exponent, more)


def worked(
    luck: np.random.Generator, draw: Callable[[int], np.ndarray], spread: float, exponent: float, more: float
) -> Timed:
    """`line`, of seconds that `draw` gives so many of."""
    workers = int(luck.integers(12, 31))
    pages = np.round(np.exp(luck.uniform(math.log(12), math.log(120), workers)) * more).astype(int)
    worker = np.repeat(np.arange(workers), pages)
    practised = np.log1p(np.concatenate([np.arange(n) for n in pages]))
    pace = np.exp(luck.normal(0, spread, workers)[worker] - exponent * practised)
    seconds = np.maximum(1.0, np.round(draw(len(worker)) * pace))
    return Timed(np.log(seconds), worker, practised, np.ones(len(worker)), tuple(map(str, range(workers))))


def _lognormal(rng: np.random.Generator) -> Iterator[Told]:
    median, sigma = float(rng.uniform(40, 160)), float(rng.uniform(0.3, 0.7))
    spread, exponent = float(rng.uniform(0.2, 0.6)), float(rng.uniform(0.15, 0.3))
    of = Distribution("lognormal", {"median": median, "sigma": sigma})
    truths = {"stages.time.lognormal.median": median, "stages.time.lognormal.sigma": sigma}
    truths |= {"pools.speed.spread": spread, "pools.learning.exponent": exponent}
    for one in parameters(fit_service(line(rng, of, spread, exponent)), "p", "s"):
        kind = one.path.replace("s.s.", "s.").replace("s.p.", "s.")
        if kind in truths:
            yield Told.of(kind, truths[kind], one)


LOGNORMAL = Source(
    "lognormal times with practice",
    {
        "stages.time.lognormal.median": "median (40 to 160 s) of a typical worker's first task",
        "stages.time.lognormal.sigma": "sd of log time within a worker (.3 to .7)",
        "pools.speed.spread": "sd of the logarithm of 12 to 30 workers' pace (.2 to .6)",
        "pools.learning.exponent": "power (.15 to .3) by which time falls with units done, where told",
    },
    100,
    0,
    _lognormal,
    61,
)

SHAPES: dict[str, Callable[[np.random.Generator], list[float]]] = {
    "gamma": lambda rng: [math.log(rng.uniform(1.2, 2.5))],
    "weibull": lambda rng: [rng.uniform(0.6, 1.1)],
    "loglogistic": lambda rng: [math.log(rng.uniform(2.3, 4.0))],
    "shifted": lambda rng: [math.log(rng.uniform(0.6, 1.1)), rng.uniform(-0.4, 0.4)],
    "mixture": lambda rng: [rng.uniform(-1.6, -0.6), rng.uniform(1.2, 1.6), rng.uniform(-1.4, -1.1), -0.7],
}
"""Free parameters of each family but the lognormal (see families.py), so that a log of some 3,000 pages tells it."""

WORDS = {
    "gamma": ("mean", "shape"),
    "weibull": ("scale", "shape"),
    "loglogistic": ("median", "shape"),
    "shifted": ("shift", "median", "sigma"),
    "mixture": ("median", "sigma", "share", "other_median", "other_sigma"),
}


def _family(family: str) -> Callable[[np.random.Generator], Iterator[Told]]:
    def draw(rng: np.random.Generator) -> Iterator[Told]:
        words = FAMILIES[family].words(math.log(rng.uniform(40, 160)), np.array(SHAPES[family](rng)))
        of = Distribution(family, words)  # type: ignore[arg-type]
        for one in parameters(fit_service(line(rng, of, float(rng.uniform(0.2, 0.6)), 0.0, more=3.0)), "p", "s"):
            if one.path.startswith(f"stages.s.time.{family}."):
                name = one.path.rsplit(".", 1)[1]
                yield Told.of(f"stages.time.{family}.{name}", words[name], one)

    return draw


FAMILY = tuple(
    Source(
        f"{family} times",
        {
            f"stages.time.{family}.{name}": f"as drawn, of about 3,000 pages, where the {family} is told"
            for name in words
        },
        50,
        0,
        _family(family),
        62 + number,
    )
    for number, (family, words) in enumerate(WORDS.items())
)


def _three_kinds(rng: np.random.Generator) -> Iterator[Told]:
    """Three kinds of task under one name, which no family but that of quantiles has."""
    median, apart = float(rng.uniform(40, 160)), float(rng.uniform(1.0, 1.3))
    shares, sds = np.array([0.35, 0.35, 0.3]), np.array([0.12, 0.12, 0.12])
    middles = math.log(median) + apart * np.arange(-1, 2)

    def draw(n: int) -> np.ndarray:
        kind = rng.choice(3, n, p=shares)
        return np.exp(middles[kind] + sds[kind] * rng.standard_normal(n))

    grid = np.linspace(middles[0] - 2, middles[2] + 2, 20_001)
    below = sum(p * stats.norm.cdf(grid, m, s) for p, m, s in zip(shares, middles, sds, strict=True))
    found = parameters(fit_service(worked(rng, draw, float(rng.uniform(0.1, 0.3)), 0.0, 3.0)), "p", "s")
    told = {one.path.rsplit(".", 1)[1]: one for one in found if ".time.quantiles." in one.path}
    for name in told.keys() & {"p10", "p50", "p90"}:
        truth = float(np.exp(np.interp(int(name[1:]) / 100, below, grid)))
        yield Told.of(f"stages.time.quantiles: {name}", truth, told[name])


QUANTILES = Source(
    "times of three kinds",
    {
        f"stages.time.quantiles: p{p}": "of a mixture of three lognormals, where quantiles are told"
        for p in (10, 50, 90)
    },
    60,
    0,
    _three_kinds,
    69,
)

SOURCES = (LOGNORMAL, *FAMILY, QUANTILES)
