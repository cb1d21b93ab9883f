"""Single stations: what has a closed form is met exactly, what was published is met to its printed digits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from theory.oracles import single

from labelcast.sim.estimates.erlang import erlang_b, erlang_c, halfin_whitt, mmc_wait, square_root_staffing
from labelcast.sim.estimates.station import allen_cunneen, wait


@pytest.mark.parametrize(
    ("servers", "load", "blocked"),
    [(1, 1.0, 0.5), (2, 1.0, 0.2), (3, 2.0, 4 / 19), (5, 1.361, 0.010), (10, 4.461, 0.010), (20, 12.031, 0.010)],
)
def test_erlang_b_is_the_table(servers: int, load: float, blocked: float) -> None:
    """Erlang's loss formula gives the traffic tables: 10 lines carry 4.461 erlangs at one per cent blocked."""
    assert erlang_b(servers, load) == pytest.approx(blocked, abs=1e-5)


@pytest.mark.parametrize(("servers", "load", "waits"), [(1, 0.6, 0.6), (2, 1.5, 9 / 14), (3, 2.0, 4 / 9)])
def test_erlang_c_by_hand(servers: int, load: float, waits: float) -> None:
    """The chance of waiting, worked out by hand from the definition."""
    assert erlang_c(servers, load) == pytest.approx(waits, rel=1e-12)


@given(st.integers(1, 120), st.floats(0.01, 0.999))
def test_erlang_c_is_its_sum(servers: int, busy: float) -> None:
    """The integral form is the textbook's sum for whole numbers of servers."""
    assert erlang_c(servers, busy * servers) == pytest.approx(single.erlang_c(servers, busy * servers), rel=1e-9)


@given(st.floats(0.5, 60.0), st.floats(0.05, 0.98))
def test_more_people_wait_less(servers: float, busy: float) -> None:
    """Also a part of a person shortens waits, between the whole numbers beside it."""
    load = busy * servers
    waits = [mmc_wait(count, load, 1.0) for count in (servers, servers + 0.25, servers + 1.0)]
    assert waits[0] >= waits[1] >= waits[2] >= 0.0


def test_no_steady_state_is_said() -> None:
    """At a load of as much as the servers, or more, there is no answer."""
    for load in (3.0, 4.0):
        with pytest.raises(ValueError, match="no steady state"):
            erlang_c(3, load)


def test_one_server_is_pollaczek_khinchine() -> None:
    """With Poisson arrivals the mean wait of one server is exact, whatever the service times."""
    for scv in (0.0, 0.25, 1.0, 2.25, 9.0):
        exact = single.mg1_wait(0.8, 1.0, 1.0 + scv)
        assert wait(1, 0.8, 1.0, 1.0, scv) == pytest.approx(exact, rel=1e-12)
        assert allen_cunneen(1, 0.8, 1.0, 1.0, scv) == pytest.approx(exact, rel=1e-12)


def test_exponential_servers_are_exact() -> None:
    """M/M/c needs no correction."""
    for servers in (1, 2, 5, 40):
        load = 0.9 * servers
        assert wait(servers, load, 2.0, 1.0, 1.0) == pytest.approx(single.mmc_wait(servers, load / 2.0, 2.0), rel=1e-9)


def test_even_arrivals_and_services() -> None:
    """E2/E2/c, which a Markov chain of phases solves: within 5% where Allen and Cunneen are off by up to 25%."""
    for servers, busy in ((1, 0.7), (1, 0.9), (3, 0.8)):
        rate = busy * servers
        exact = single.erlang_erlang_number(servers, rate, 1.0, 2, 2, 120) / rate - 1.0
        assert wait(servers, rate, 1.0, 0.5, 0.5) == pytest.approx(exact, rel=0.05)


@given(st.floats(0.1, 0.98), st.floats(0.0, 1.0), st.floats(0.05, 9.0))
def test_one_server_is_kraemer_and_langenbach_belz(busy: float, arrivals: float, services: float) -> None:
    """The factor of arrivals more regular than Poisson, as the oracles of theory have it."""
    told = single.kraemer_langenbach_belz(1, busy, 1.0, arrivals, services)
    assert wait(1, busy, 1.0, arrivals, services) == pytest.approx(told)


@pytest.mark.parametrize(("servers", "busy"), [(2, 0.7), (5, 0.8), (20, 0.95)])
def test_constant_service_is_cosmetatos(servers: int, busy: float) -> None:
    """M/D/c. Source: Cosmetatos, Approximate explicit formulae for the average queueing time in the processes M/D/r and
    D/M/r, INFOR 1975."""
    more = (1 - busy) * (servers - 1) * (math.sqrt(4 + 5 * servers) - 2) / (16 * busy * servers)
    plain = mmc_wait(servers, busy * servers, 1.0)
    assert wait(servers, busy * servers, 1.0, 1.0, 0.0) == pytest.approx(plain * (1 + more) / 2)


def test_halfin_whitt_is_the_limit() -> None:
    """The limit of Erlang C as servers and load grow at a distance of beta roots; half of all wait at beta 0.506."""
    assert halfin_whitt(0.5061) == pytest.approx(0.5, abs=1e-3)
    for beta in (0.3, 1.0, 2.0):
        load = 1e6
        assert erlang_c(load + beta * math.sqrt(load), load) == pytest.approx(halfin_whitt(beta), rel=5e-3)


@given(st.floats(0.5, 300.0), st.sampled_from([0.05, 0.2, 0.5]))
def test_square_root_staffing_is_within_one_server(load: float, waiting: float) -> None:
    """Against the least number of servers with which no more wait."""
    exact = math.floor(load) + 1
    while erlang_c(exact, load) > waiting:
        exact += 1
    assert abs(math.ceil(square_root_staffing(load, waiting)) - exact) <= 1
