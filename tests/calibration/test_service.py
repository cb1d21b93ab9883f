"""Service time: families against the engines', likelihood against mathematics, choice against what was simulated."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from labelcast.calibration.durations import fit_service_time
from labelcast.calibration.service import look
from labelcast.calibration.service.choose import blups, choose, fit_family
from labelcast.calibration.service.empirical import QUANTILES
from labelcast.calibration.service.families import FAMILIES, Family
from labelcast.calibration.service.fit import Service, Timed, fit_service, sampled
from labelcast.calibration.service.marginal import Effects, Sample, nodes, posterior
from labelcast.calibration.service.practice import fit_practice
from labelcast.calibration.service.thin import drawn
from labelcast.calibration.service.words import distribution, parameters
from labelcast.sim.estimates.times import mean, quantiles
from labelcast.sim.line import Distribution

SHAPES: list[tuple[Family, list[float]]] = [
    (FAMILIES["lognormal"], [-0.7]),
    (FAMILIES["gamma"], [0.9]),
    (FAMILIES["weibull"], [0.4]),
    (FAMILIES["loglogistic"], [1.2]),
    (FAMILIES["shifted"], [-0.5, -1.0]),
    (FAMILIES["mixture"], [-1.2, 0.9, -1.0, -0.5]),
    (QUANTILES, np.linspace(-1.1, 1.3, 13).tolist()),
]


def simulated(family: Family, free: list[float], seed: int, workers: int = 40, pages: int = 60) -> Timed:
    """Pages of workers who differ by 0.4, without practice."""
    luck = np.random.default_rng(seed)
    of = Distribution(family.name, family.words(math.log(40), np.array(free)))  # type: ignore[arg-type]
    worker = np.repeat(np.arange(workers), pages)
    y = np.log(quantiles(of, luck.random(len(worker)))) + luck.normal(0, 0.4, workers)[worker]
    practised = np.log1p(np.tile(np.arange(pages), workers))
    return Timed(y, worker, practised, np.zeros(len(y)), tuple(map(str, range(workers))))


@pytest.mark.parametrize(("family", "free"), SHAPES, ids=lambda one: getattr(one, "name", ""))
def test_families_are_those_of_the_engines(family: Family, free: list[float]) -> None:
    """The words of a family, drawn as the engines draw them, have its distribution; its density is the derivative."""
    point = np.array(free)
    of = Distribution(family.name, family.words(math.log(40), point))  # type: ignore[arg-type]
    u = np.array([0.003, 0.05, 0.25, 0.5, 0.81, 0.97, 0.999])
    z = np.log(quantiles(of, u)) - math.log(40)
    assert family.cdf(z, point) == pytest.approx(u, abs=1e-9)
    if family is not QUANTILES:
        fine = np.linspace(-30, 12, 200_001)
        assert family.centre(point) == pytest.approx(
            float((fine * np.exp(family.logpdf(fine, point))).sum() * (fine[1] - fine[0])), abs=1e-5
        )
    for low, high in [(z[0], z[2]), (z[2], z[4]), (z[4], z[6])]:
        knots = [x for x in free if low < x < high] if family is QUANTILES else None
        area = integrate.quad(lambda x: float(np.exp(family.logpdf(np.array(x), point))), low, high, points=knots)[0]
        assert area == pytest.approx(float(family.cdf(high, point) - family.cdf(low, point)), abs=1e-7)


def test_quadrature_is_the_normal_likelihood() -> None:
    """Of normal log times the likelihood with workers integrated out is that of a multivariate normal, exactly."""
    luck = np.random.default_rng(2)
    worker = np.repeat(np.arange(6), [1, 2, 5, 9, 30, 3])
    y = 3.0 + luck.normal(0, 0.5, 6)[worker] + luck.normal(0, 0.6, len(worker))
    sample = Sample(y, worker, 6, 0.5)
    effects: Effects = nodes(*blups(sample, 2.9, 0.7), 0.5)
    found = posterior(FAMILIES["lognormal"], sample, 2.9, np.array([math.log(0.7)]), effects)
    wanted = [
        stats.multivariate_normal(np.full(n, 2.9), 0.49 * np.eye(n) + 0.25).logpdf(y[worker == i])
        for i, n in enumerate(np.bincount(worker))
    ]
    assert np.log(np.exp(found).sum(axis=1)) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("family", "free"),
    [one for one in SHAPES if one[0].name in ("lognormal", "weibull", "shifted", "mixture")],
    ids=lambda one: getattr(one, "name", ""),
)
def test_the_family_comes_back(family: Family, free: list[float]) -> None:
    """Of 2,400 pages the family is found that they were simulated from; each of its parameters lies within 1.7 times
    its 95% interval (99.9%); seeds fixed."""
    service = fit_service(simulated(family, free, seed=5))
    assert service.chosen is not None
    assert service.chosen.family.name == family.name
    wanted = family.words(math.log(40), np.array(free))
    for one in parameters(service, "p", "s"):
        if ".time." in one.path:
            value = math.log(wanted[one.path.rsplit(".", 1)[1]])
            found, low, high = (math.log(x) for x in (one.value, one.low or 0, one.high or 0))
            assert found - 1.7 * (found - low) <= value <= found + 1.7 * (high - found), one
    assert distribution(service).family == family.name


def test_a_fit_that_holds_looks_so() -> None:
    """Two kinds of task under one name: dots of the right family lie on the diagonal and the distance is one that its
    own logs have; a lognormal put on the same log lies farther off than any of its own."""
    service = fit_service(simulated(*SHAPES[5], seed=3))
    gap, usual = look.distance(service)
    assert gap <= usual
    dots = look.qq_points(service)
    assert np.abs(dots[20:-20, 0] - dots[20:-20, 1]).max() < 0.12
    fit = service.effects
    plain = fit_family(
        FAMILIES["lognormal"], service.sample, fit.mu[0], fit.within[0], blups(service.sample, fit.mu[0], fit.within[0])
    )
    choice = type(service.choice)(plain, service.choice.gains, service.choice.pages)
    gap, usual = look.distance(Service(service.timed, None, fit, choice, service.sample))
    assert gap > usual


def test_spread_within_and_between_workers_add_as_squares() -> None:
    """The curve of a lognormal with alike-distributed workers is the normal density of both spreads, and has no more
    and no less than all of its mass."""
    service = fit_service(simulated(*SHAPES[0], seed=8))
    x, density = look.curve(service).T
    sd = math.hypot(service.effects.within[0], service.effects.between[0])
    assert density == pytest.approx(stats.norm(service.chosen.location, sd).pdf(x), abs=0.02)


def test_the_quick_who_do_most_are_not_the_practised() -> None:
    """Workers of whom the quicker do more, none getting quicker: the interval of the exponent holds 0. The same with
    (1 + n)^-0.2: it holds 0.2 and not 0."""
    luck = np.random.default_rng(4)
    speed = luck.normal(0, 0.5, 60)
    pages = np.maximum(2, (40 * np.exp(-1.5 * speed)).astype(int))
    worker = np.repeat(np.arange(60), pages)
    n = np.log1p(np.concatenate([np.arange(k) for k in pages]))
    y = 3 + speed[worker] + luck.normal(0, 0.5, len(worker))
    flat, steep = fit_practice(y, worker, n), fit_practice(y - 0.2 * n, worker, n)
    assert flat.low <= 0 <= flat.high
    assert not flat.told
    assert steep.low <= 0.2 <= steep.high
    assert steep.told
    assert steep.exponent - flat.exponent == pytest.approx(0.2)


def test_a_limit_and_open_tasks_do_not_shorten_the_time() -> None:
    """Lognormal times (median 40 s, sigma 0.61) of which those beyond 60 s were taken away, or were still open at 60 s:
    with the limit told, or the open tasks given, the median comes back within 10% and sigma within 15%; with neither
    both are too small."""
    whole = simulated(FAMILIES["lognormal"], [-0.5], seed=6, workers=30, pages=150)
    limit = math.log(60)
    ended = whole.log_seconds <= limit

    def fitted(data: Timed) -> tuple[float, float]:
        sample = sampled(data, 0.0, 0.4)
        found = fit_family(FAMILIES["lognormal"], sample, 3.5, 0.6, blups(sample, 3.5, 0.6))
        return math.exp(found.location), math.exp(found.free[0])

    def told(mask: np.ndarray, **other: np.ndarray) -> Timed:
        y = np.minimum(whole.log_seconds, limit)[mask]
        return Timed(y, whole.worker[mask], np.zeros(mask.sum()), np.zeros(mask.sum()), whole.names, **other)

    truth = (fitted(whole)[0], math.exp(-0.5))
    blind = fitted(told(ended))
    assert blind[0] < 0.9 * truth[0]
    assert blind[1] < 0.85 * truth[1]
    everything = np.ones(len(ended), bool)
    for data in (told(ended, limit=np.full(ended.sum(), limit)), told(everything, open=~ended)):
        median, sigma = fitted(data)
        assert median == pytest.approx(truth[0], rel=0.1)
        assert sigma == pytest.approx(truth[1], rel=0.15)


def test_thin_data_are_drawn_to_the_usual() -> None:
    """With two degrees of freedom half of a spread is what public logs show; with many, none; and it says so."""
    value, low, high, note = drawn((1.0, 0.4, 6.0), 2)
    assert value == pytest.approx(math.sqrt(0.5))
    assert low < value < high
    assert "50%" in note
    assert drawn((1.0, 0.4, 6.0), 50) == (1.0, 0.4, 6.0, "")


def test_what_is_fitted_can_be_said() -> None:
    """A log-logistic without a variance, of shape 1.5, is never chosen; each family that is chosen can be drawn and has
    a mean, whatever it was fitted to: uniform times, all but equal ones, times of a tenth of a second, heavy tails."""
    luck = np.random.default_rng(9)
    worker = np.repeat(np.arange(10), 60)
    zeros = np.zeros(600)
    heavy = luck.logistic(3, 1 / 1.5, 600)
    for y in (
        heavy,
        np.log(luck.uniform(0.01, 40, 600)),
        luck.normal(3, 1e-3, 600),
        heavy - 6,
        np.tile([1.0, 4.0], 300),
    ):
        service = fit_service(Timed(y, worker, zeros, zeros, tuple("abcdefghij")))
        of = distribution(service)
        assert np.isfinite(mean(of))
        assert (np.diff(quantiles(of, np.linspace(0.01, 0.99, 50))) > 0).all()
        assert of.family != "loglogistic" or of.parameters["shape"] > 2


def test_few_pages_choose_nothing() -> None:
    """Below 200 pages the family is the lognormal, with the restricted likelihood's numbers."""
    data = simulated(FAMILIES["weibull"], [0.4], seed=1, workers=10, pages=10)
    service = fit_service(data)
    assert service.choice.gains == {}
    assert service.chosen.location == fit_service_time(data.log_seconds, data.worker).mu[0]
    assert choose(service.sample, 3.0, 0.5).chosen.family.name == "lognormal"
