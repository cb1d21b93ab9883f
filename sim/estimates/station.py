"""One station with any arrivals and any service: mean waits in G/G/c by published approximations.

arrivals, services: squared coefficients of variation, of the times between arrivals and of service.
"""

from __future__ import annotations

import math

from .erlang import mmc_wait


def allen_cunneen(servers: float, offered_load: float, mean: float, arrivals: float, services: float) -> float:
    """Approximate mean wait in G/G/c, in the unit of `mean`; exact for M/M/c and M/G/1.
    Raises ValueError without a steady state.
    Source: Allen, Probability, Statistics, and Queueing Theory, section on GI/G/c."""
    return mmc_wait(servers, offered_load, mean) * (arrivals + services) / 2.0


def wait(servers: float, offered_load: float, mean: float, arrivals: float, services: float) -> float:
    """Approximate mean wait in G/G/c: Allen and Cunneen's with a factor, the Kraemer and Langenbach-Belz one for one
    server, which leaves M/G/1 exact, Whitt's for several. Unit and errors as allen_cunneen."""
    plain = allen_cunneen(servers, offered_load, mean, arrivals, services)
    if plain == 0.0:
        return 0.0
    busy = offered_load / servers
    if servers <= 1.0:
        return plain * kraemer_langenbach_belz(busy, arrivals, services)
    return plain * whitt(servers, busy, arrivals, services)


def kraemer_langenbach_belz(busy: float, arrivals: float, services: float) -> float:
    """Factor of one server on Allen and Cunneen's wait; `busy` is the utilisation.
    Source: Kraemer, Langenbach-Belz, Approximate formulae for the delay in the queueing system GI/G/1, ITC 8, 1976;
    for arrivals above 1 the factor is left out, as in Whitt, The queueing network analyzer, 1983."""
    if arrivals >= 1.0:
        return 1.0
    return math.exp(-2.0 * (1.0 - busy) / (3.0 * busy) * (1.0 - arrivals) ** 2 / (arrivals + services))


def whitt(servers: float, busy: float, arrivals: float, services: float) -> float:
    """Factor of c servers on Allen and Cunneen's wait; `busy` is the utilisation.
    Source: Whitt, Approximations for the GI/G/m queue, Production and Operations Management 1993, (2.24) to (2.26)."""
    m, rho = servers, busy
    gamma = min(0.24, (1.0 - rho) * (m - 1.0) * (math.sqrt(4.0 + 5.0 * m) - 2.0) / (16.0 * m * rho))
    phi_1 = 1.0 + gamma
    phi_3 = (1.0 - 4.0 * gamma) * math.exp(-2.0 * (1.0 - rho) / (3.0 * rho))
    phi_4 = min(1.0, (phi_1 + phi_3) / 2.0)
    middle = (arrivals + services) / 2.0
    psi = 1.0 if middle >= 1.0 else phi_4 ** (2.0 * (1.0 - middle))
    if arrivals >= services:
        below = 4.0 * arrivals - 3.0 * services
        return psi if below == 0.0 else (4.0 * (arrivals - services) * phi_1 + services * psi) / below
    return ((services - arrivals) * phi_3 + (services + 3.0 * arrivals) * psi) / (2.0 * (arrivals + services))
