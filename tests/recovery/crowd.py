"""Batches that crowds of known law worked on: how often they come, whether they return, how long they stay."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from crowd_log import EVERY_H, Truth, crowd_log, levels, read_back
from scipy import stats

from labelcast.calibration.crowd import words
from labelcast.calibration.crowd.fit import CrowdFit, fit_crowd
from labelcast.calibration.crowd.level import AHEAD, fit_level
from labelcast.calibration.crowd.stays import fit_stays
from labelcast.calibration.crowd.visits import fit_coming
from labelcast.calibration.fit import Parameter
from labelcast.sim.line import Distribution

from .told import Source, Told


def _by_path(fit: CrowdFit) -> dict[str, Parameter]:
    return {one.path.removeprefix("pools.p."): one for one in words.parameters(fit, "p")}


def _coming(rng: np.random.Generator, named: str) -> Iterator[Told]:
    """Twelve batches of 300 labels, whose level moves; nobody returns."""
    truth = Truth(
        rate=float(rng.uniform(30, 60)), pull=float(rng.uniform(0.1, 0.7)), fade=float(rng.uniform(0.05, 0.5)),
        returning=0.0, tasks=float(rng.integers(3, 9)), items=60, offer=300, own=float(rng.uniform(0.15, 0.6)),
    )  # fmt: skip
    step = float(np.exp(rng.normal(np.log(0.15), 0.5)))
    moved = levels(truth, 12, rng) + np.cumsum(rng.normal(0.0, step, 12))
    past = read_back(crowd_log(truth, moved, int(rng.integers(2**31))), EVERY_H if named == POSTED else None)
    coming = fit_coming(past, truth.offer, "UTC")
    level = fit_level(coming.level, coming.variance)
    found = _by_path(CrowdFit(dataclasses.replace(truth.crowd(), coming=coming, level=level), tuple(past), 0))
    yield Told.of(f"pools.sessions.pull.exponent: {named}", truth.pull, found["sessions.pull.exponent"])
    yield Told.of(f"pools.sessions.fade.exponent: {named}", truth.fade, found["sessions.fade.exponent"])
    ahead = float(np.sqrt(truth.own**2 + AHEAD * step**2 + level.centre_sd**2))
    yield Told.of(f"pools.sessions.spread: {named}", ahead, found["sessions.spread"])


POSTED, FIRST_START = "posting told", "first start stands for it"


def _comes(named: str, seed: int) -> Source:
    return Source(
        f"how often a crowd comes, {named}",
        {
            f"pools.sessions.pull.exponent: {named}": "power (.1 to .7) of the labels on offer, of 12 batches of 300",
            f"pools.sessions.fade.exponent: {named}": "power (.05 to .5) by which visits fade with hours since posting",
            f"pools.sessions.spread: {named}": "sd of the log level of a batch ahead: of batches (.15 to .6), of the "
            "level's moves (.06 to .4 a batch), of what is known of the last",
        },
        200,
        0,
        lambda rng: _coming(rng, named),
        seed,
    )


COMING, COMING_UNTOLD = _comes(POSTED, 71), _comes(FIRST_START, 74)


def _stays(rng: np.random.Generator) -> Iterator[Told]:
    """Four batches of 1,000 labels, at work for days, so that hardly any visit ends for want of work."""
    median, sigma = float(rng.uniform(4, 12)), float(rng.uniform(0.4, 0.9))
    truth = Truth(
        rate=float(rng.uniform(5, 10)), pull=float(rng.uniform(0.0, 0.6)), fade=0.1, offer=1000, items=200, each=5,
        returning=float(rng.uniform(0.05, 0.5)), own=0.3, median=10.0,
        wanted=Distribution("lognormal", {"median": median, "sigma": sigma}),
    )  # fmt: skip
    past = read_back(crowd_log(truth, levels(truth, 4, rng), int(rng.integers(2**31))))
    stays = fit_stays(past, fit_coming(past, truth.offer, "UTC").pull[0], truth.offer)
    found = _by_path(CrowdFit(dataclasses.replace(truth.crowd(), stays=stays), tuple(past), 0))
    yield Told.of("pools.sessions.returning", truth.returning, found["sessions.returning"])
    for share in (0.1, 0.5, 0.9):
        wanted = max(1, round(median * float(np.exp(sigma * stats.norm.ppf(share)))))
        name = f"tasks_per_session.quantiles.p{100 * share:.0f}"
        yield Told.of(f"pools.{name.replace('.p', ': p')}", wanted, found[name])


STAYS = Source(
    "how long a crowd stays",
    {
        "pools.sessions.returning": "chance (5 to 50%) that a visit is by someone of an earlier one, whatever the pull",
        **{
            f"pools.tasks_per_session.quantiles: p{p}": f"the p{p} of the labels that visitors want (lognormal)"
            for p in (10, 50, 90)
        },
    },
    150,
    20,
    _stays,
    72,
)


def _rate(rng: np.random.Generator) -> Iterator[Told]:
    """Ten batches of 150 labels, with people who return."""
    truth = Truth(
        rate=float(rng.uniform(15, 40)), pull=float(rng.uniform(0.1, 0.5)), fade=float(rng.uniform(0.05, 0.3)),
        returning=float(rng.uniform(0.0, 0.4)), tasks=float(rng.integers(3, 9)), items=30, offer=150,
        own=float(rng.uniform(0.15, 0.5)),
    )  # fmt: skip
    past = read_back(crowd_log(truth, levels(truth, 10, rng), int(rng.integers(2**31))))
    found = _by_path(fit_crowd(past, truth.crowd().service, "UTC"))
    yield Told.of("pools.sessions.rate", truth.rate, found["sessions.rate"])


RATE = Source(
    "visits an hour",
    {"pools.sessions.rate": "visits an hour (15 to 40) at the whole offer, those that find nothing to do among them"},
    100,
    0,
    _rate,
    73,
)

SOURCES = (COMING, COMING_UNTOLD, STAYS, RATE)
