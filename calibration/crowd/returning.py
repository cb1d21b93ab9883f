"""How often a visit is by somebody who was there before, as the engines mean it: Simon's process, of which not all is
seen.

Each visit is by the person of an earlier one with chance r, each earlier visit being as likely (sim/sessions.py). Of a
log some of that is hidden. Who comes again within VISIT_GAP_MS of a visit goes on with it. And visits that found too
little on offer did not come about, though they are earlier ones to those after them: where a third does, a person of an
earlier visit was seen in hardly more than a third of the cases. So a visit that is seen is by somebody seen before with
chance

    r a g / (1 - r a + r a g)

a: share of the earlier visits, seen or not, that are by people who were seen; g: share of the visits seen so far that
are by people who have been gone for long enough. Source: Simon, Biometrika 42 (1955), for the process.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from .batches import VISIT_GAP_MS, Batch

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MOST = 0.999
"""Of the chance; at 1 nobody new would ever come."""

LEAST_CAME = 0.01
"""Share of visits that come about, as which less counts: nobody knows how many did not when hardly any did."""


def fit_returning(batches: Sequence[Batch], pull: float, offer: int) -> tuple[float, float, float]:
    """(estimate, low, high) of the chance that a visit is by the person of an earlier one of its batch; (0, 0, 1)
    where no batch has a second visit. By maximum likelihood, with the profile's interval.

    pull, offer: of w labels on offer a visit comes about with chance (w / offer)^pull.
    """
    told = [_seen(one, pull, offer) for one in batches if len(one.visits) > 1]
    if not told:
        return 0.0, 0.0, 1.0

    def cost(chance: float) -> float:
        return -sum(_likelihood(chance, *one) for one in told)

    best = float(optimize.minimize_scalar(cost, bounds=(0.0, MOST), method="bounded", options={"xatol": 1e-6}).x)
    best = min((0.0, best, MOST), key=cost)
    top = cost(best) + float(stats.chi2.ppf(0.95, 1)) / 2

    def over(chance: float) -> float:
        return cost(chance) - top

    low = 0.0 if over(0.0) < 0 else float(optimize.brentq(over, 0.0, best, xtol=1e-5))
    high = 1.0 if over(MOST) < 0 else float(optimize.brentq(over, best, MOST, xtol=1e-5))
    return best, low, high


def _seen(batch: Batch, pull: float, offer: int) -> tuple[Flags, Floats, Floats]:
    """Of each visit after the first: whether its person was seen before, share `gone`; of each but the last, `hidden`:
    visits that did not come about before the next, on average."""
    again, gone = np.zeros(len(batch.visits), bool), np.zeros(len(batch.visits))
    seen: dict[int, int] = {}
    away = 0
    here: list[tuple[int, int]] = []  # (from when on they are gone, person)
    until: dict[int, int] = {}
    for number, (begin, left, who) in enumerate(
        zip(batch.visits.tolist(), batch.left.tolist(), batch.who.tolist(), strict=True)
    ):
        while here and here[0][0] <= begin:
            when, person = heapq.heappop(here)
            if until[person] == when:
                away += seen[person]
        again[number], gone[number] = who in seen, away / max(number, 1)
        away -= seen.get(who, 0)
        seen[who] = seen.get(who, 0) + 1
        until[who] = left + VISIT_GAP_MS
        heapq.heappush(here, (until[who], who))
    waiting = batch.labels - np.searchsorted(batch.begins, batch.visits, side="left")
    came = np.maximum(np.minimum(np.maximum(waiting, 1) / offer, 1.0) ** pull, LEAST_CAME)
    return again[1:], gone[1:], (1.0 / came - 1.0)[:-1]


def _likelihood(chance: float, again: Flags, gone: Floats, hidden: Floats) -> float:
    """Log likelihood of who was seen before, of one batch."""
    known = chance * _share_of_known(chance, hidden)
    odds = known * gone
    with np.errstate(divide="ignore"):
        whole = np.log(1.0 - known + odds)
        return float((np.where(again, np.log(odds), np.log(1.0 - known)) - whole).sum())


def _share_of_known(chance: float, hidden: Floats) -> Floats:
    """a, at each visit after the first: of all visits before, those that are by people who were seen.

    Between two that are seen `hidden` others are by such people with the same chance as any: A[i+1] = A[i] + 1 +
    hidden[i] * chance * A[i] / N[i], solved by products.
    """
    total = np.cumsum(1.0 + hidden)
    growth = np.cumprod(1.0 + hidden * chance / np.concatenate([[1.0], total[:-1]]))
    known = growth * np.cumsum(1.0 / growth)
    return np.minimum(known / total, 1.0)
