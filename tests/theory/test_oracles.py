"""The oracles against each other and against numbers that books print: an oracle that is wrong proves nothing."""

from __future__ import annotations

import math

import pytest
from theory.oracles import (
    bulk,
    crowds,
    daily,
    forks,
    labels,
    markov,
    networks,
    patience,
    people,
    priority,
    routing,
    single,
)

RATE = 1 / 60


def chain(servers: int, rate: float, mean: float, most: int = 300) -> float:
    """Mean number in M/M/c by its chain."""

    def moves(n: int) -> list[tuple[int, float]]:
        return [(n + 1, rate)] * (n < most) + [(n - 1, min(n, servers) / mean)] * (n > 0)

    return markov.mean_of(markov.stationary(0, moves), float)


@pytest.mark.parametrize(("servers", "mean"), [(1, 36.0), (3, 126.0), (6, 234.0)])
def test_erlang_c_is_the_chains(servers: int, mean: float) -> None:
    """M/M/c by formula, by its Markov chain, and as GI/M/c with exponential gaps."""
    wait = single.mmc_wait(servers, RATE, mean)
    assert single.mmc_number(servers, RATE, mean) == pytest.approx(chain(servers, RATE, mean), rel=1e-6)
    assert single.gimc_wait(servers, single.erlang_transform(1, 60.0), mean) == pytest.approx(wait, rel=1e-9)


def test_erlang_c_is_the_tables() -> None:
    """Erlang C of 2 servers at load 1 is 1/3; of 3 at load 2, 4/9 (by hand from the definition)."""
    assert single.erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert single.erlang_c(3, 2.0) == pytest.approx(4 / 9)


def test_first_waits_begin_at_none_and_end_at_erlangs() -> None:
    """The first two of M/M/2 wait for nobody; the second of M/M/1 waits for the first with chance rate mean / (1 + rate
    mean); after a long time the mean is Erlang's."""
    assert single.first_waits(2, RATE, 60.0, 2) == 0.0
    assert single.first_waits(1, RATE, 60.0, 2) == pytest.approx(0.5 * 60.0 / 2)
    assert single.first_waits(1, RATE, 30.0, 700) == pytest.approx(single.mmc_wait(1, RATE, 30.0), rel=0.01)


def test_phases_are_the_formulas() -> None:
    """E_j/E_k/c by phases: Pollaczek-Khinchine for j = 1 and c = 1, Takacs for k = 1."""
    one = single.erlang_erlang_number(1, RATE, 42.0, 1, 2, 200) / RATE - 42.0
    assert one == pytest.approx(single.mg1_wait(RATE, 42.0, 1.5 * 42.0**2), rel=1e-6)
    three = single.erlang_erlang_number(3, RATE, 135.0, 2, 1, 200) / RATE - 135.0
    assert three == pytest.approx(single.gimc_wait(3, single.erlang_transform(2, 60.0), 135.0), rel=1e-6)


@pytest.mark.parametrize("mean", [42.0, 48.0])
def test_approximations_are_as_near_as_they_say(mean: float) -> None:
    """Allen-Cunneen and Kraemer-Langenbach-Belz against exact queues, for one server and three; Kingman bounds them."""
    for servers in (1, 3):
        time = servers * mean
        poisson = single.erlang_erlang_number(servers, RATE, time, 1, 2, 200) / RATE - time
        assert single.allen_cunneen(servers, RATE, time, 1.0, 0.5) == pytest.approx(poisson, rel=0.05)
        exact = single.erlang_erlang_number(servers, RATE, time, 2, 2, 200) / RATE - time
        assert single.allen_cunneen(servers, RATE, time, 0.5, 0.5) == pytest.approx(exact, rel=0.25)
        near = single.kraemer_langenbach_belz(servers, RATE, time, 0.5, 0.5)
        assert near == pytest.approx(exact, rel=0.05 if servers == 1 else 0.15)
        if servers == 1:
            assert exact < single.kingman(RATE, time, 0.5, 0.5) < 2 * exact


def test_priorities_with_one_kind_are_none() -> None:
    """One kind: Cobham is M/M/c, with or without interruption; two kinds keep the mean over all, and the sum."""
    for servers, mean in ((1, 42.0), (3, 135.0)):
        wait = single.mmc_wait(servers, RATE, mean)
        assert priority.cobham(servers, [RATE], mean) == pytest.approx([wait])
        assert priority.preemptive(servers, [RATE], mean) == pytest.approx([wait + mean])
        rates = [0.4 * RATE, 0.6 * RATE]
        first, second = priority.cobham(servers, rates, mean)
        assert 0.4 * first + 0.6 * second == pytest.approx(wait)
    square = 2 * 42.0**2
    assert priority.preemptive_one(rates, [42.0] * 2, [square] * 2) == pytest.approx(
        priority.preemptive(1, rates, 42.0)
    )
    assert priority.cobham_one(rates, [42.0] * 2, [square] * 2) == pytest.approx(priority.cobham(1, rates, 42.0))
    means, squares = [20.0, 50.0], [800.0, 5000.0]
    waits = priority.cobham_one(rates, means, squares)
    loads = [rate * mean for rate, mean in zip(rates, means, strict=True)]
    assert sum(load * one for load, one in zip(loads, waits, strict=True)) == pytest.approx(
        priority.conserved(rates, means, squares)
    )


def test_networks_are_chains() -> None:
    """Jackson of one station with feedback p is M/M/c with rate / (1 - p); the closed circle and the tandems without a
    limit are what their chains say."""
    assert networks.traffic([1.0], [[0.25]]) == pytest.approx([4 / 3])
    assert networks.jackson([RATE], [[0.25]], [2], [60.0]) == pytest.approx([single.mmc_number(2, RATE / 0.75, 60.0)])

    def repair(broken: int) -> list[tuple[int, float]]:
        return [(broken + 1, (7 - broken) / 300)] * (broken < 7) + [(broken - 1, min(broken, 2) / 80)] * (broken > 0)

    rate, numbers = networks.closed(7, [300.0, 80.0], [7, 2])
    chances = markov.stationary(0, repair)
    assert numbers[1] == pytest.approx(markov.mean_of(chances, float))
    assert rate == pytest.approx(markov.mean_of(chances, lambda broken: (7 - broken) / 300))
    apart = [single.mmc_number(1, RATE, mean) for mean in (24.0, 30.0)]
    assert networks.blocking_tandem(RATE, (24.0, 30.0), 60, 60) == pytest.approx(apart, rel=1e-3)
    outside, inside = networks.limited_tandem(RATE, (24.0, 30.0), 80, 80)
    assert (outside, inside) == pytest.approx((0.0, sum(apart)), abs=1e-3)
    assert networks.limited_tandem(RATE, (24.0, 30.0), 1, 500)[1] == pytest.approx(54 / 60)  # one at a time: its load


def test_forks_meet() -> None:
    """Flatto and Hahn's mean lies within the bounds, and is Nelson and Tantawi's for k = 2; with next to no load the
    time is the greatest of k exponentials; and numbers of the paper: k = 2, load 0.5 gives 1.4375 times M/M/1."""
    assert forks.two(0.5, 1.0) / 2.0 == pytest.approx(1.4375)
    for k in (2, 5):
        low, high = forks.bounds(k, RATE, 36.0)
        assert low < forks.nelson_tantawi(k, RATE, 36.0) < high
        assert forks.nelson_tantawi(k, 1e-9, 36.0) == pytest.approx(forks.greatest_of_exponentials(k, 36.0))
    assert forks.nelson_tantawi(2, RATE, 36.0) == pytest.approx(forks.two(RATE, 36.0))
    assert forks.spread_of_exponentials(2, 60.0) == pytest.approx(60.0)


def test_days_without_hours_are_steady() -> None:
    """A constant rate: M/M/c at every hour; M/G/infinity has rate x mean; and a rate that is on one hour of the day,
    served for one hour each, is all there an hour later."""
    assert daily.numbers([10.0] * 24, [5] * 24, 0.4, 100) == pytest.approx(
        [single.mmc_number(5, 10.0, 0.4)] * 24, rel=1e-3
    )
    assert daily.in_service([10.0] * 24, lambda h: math.exp(-h / 2), 3.5, 60.0) == pytest.approx(20.0, rel=1e-6)
    assert daily.in_service([24.0] + [0.0] * 23, lambda h: float(h < 1), 1.0, 1.0) == pytest.approx(24.0)
    many = daily.numbers([6.0, 12.0] * 12, [80] * 24, 0.5, 80)
    plenty = daily.in_service([6.0, 12.0] * 12, lambda h: math.exp(-h / 0.5), 8.0, 20.0)
    assert many[8] == pytest.approx(plenty, rel=1e-4)


def test_batches_of_one_are_none() -> None:
    """Batches of one are M/M/c; people who take several without a set-up are M/M/1, first come first served."""
    wait = single.mmc_wait(1, RATE, 36.0)
    assert bulk.full_batches(1, RATE, 36.0, 1) == pytest.approx(wait)
    assert bulk.up_to(RATE, 36.0, 1, 300) == pytest.approx(RATE * wait)
    assert bulk.one_by_one(RATE, 36.0, 0.0, 1, 300) == pytest.approx(wait)
    assert bulk.one_by_one(RATE, 36.0, 0.0, 5, 300) == pytest.approx(wait)
    # One at a time with a set-up: M/G/1 with a constant and an exponential.
    with_setup = single.mg1_wait(RATE, 46.0, 46.0**2 + 36.0**2)
    assert bulk.one_by_one(RATE, 36.0, 10.0, 1, 400) == pytest.approx(with_setup, rel=1e-6)


def test_routes_to_equals_are_one_queue() -> None:
    """Two equal servers with one queue are M/M/2; queues apart are slower than one, and faster than by chance."""
    together = single.mmc_number(2, RATE, 84.0)
    assert routing.fastest_first(RATE, (84.0, 84.0), 300) == pytest.approx(together)
    assert together < routing.shortest_queue(RATE, 84.0, 60) < 2 * single.mmc_number(1, RATE / 2, 84.0)


def test_endless_patience_is_none() -> None:
    """M/M/3 whose customers wait for ever, and for no time: Erlang C and Erlang B."""
    assert patience.constant_patience(3, RATE, 126.0, 1e5)[1] == pytest.approx(single.mmc_wait(3, RATE, 126.0))
    load = RATE * 126.0
    lost = load**3 / 6 / sum(load**n / math.factorial(n) for n in range(4))
    assert patience.constant_patience(3, RATE, 126.0, 1e-9)[0] == pytest.approx(lost)


def test_counts() -> None:
    """The ruin without a limit is p^2 / (p^2 + q^2); a lead of one is one label; majorities and lots by hand; Simon."""
    assert labels.led(0.8, 2, 1000)[0] == pytest.approx(0.64 / 0.68)
    assert labels.led(0.8, 1, 7) == pytest.approx((0.8, 1.0))
    assert labels.led(0.8, 2, 3) == pytest.approx((0.896, 2.32))  # two of three, the third when they differ
    assert labels.majority_right(3, 0.8) == pytest.approx(0.896)
    assert labels.accepted(20, 2, 10, 0) == pytest.approx(10 * 9 / (20 * 19))
    assert labels.accepted_in_the_long_run(10, 0, 0.1) == pytest.approx(0.9**10)
    assert crowds.in_progress(2.0, 3.0) == 6.0
    assert crowds.people(11, 0.7) == pytest.approx(4.0)
    assert crowds.once(0.0) == 1.0


def test_people_come_and_go() -> None:
    """Without lead and training everybody is there; without patience with errors the binomial; without a lock that is
    ever reached, one issue and its mean."""
    assert people.present(2.0, 0.0, 0.0) == pytest.approx((1.0, 0.0))
    assert people.present(2.0, 0.5, 1e9) == pytest.approx((0.0, 0.5))
    assert people.sent_home(0.7, 0.65, 10, 10) == pytest.approx(
        sum(math.comb(10, right) * 0.7**right * 0.3 ** (10 - right) for right in range(7))
    )
    assert people.issued_again(60.0, 6000.0) == pytest.approx((1.0, 60.0))
    assert people.issued_again(60.0, 60.0)[0] == pytest.approx(1 + math.exp(-1) + math.exp(-3) + math.exp(-6), abs=1e-4)
