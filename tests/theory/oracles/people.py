"""People who leave and are replaced, who are tested, and who hold a task too long."""

from __future__ import annotations

import math

from scipy import integrate


def present(hazard: float, lead: float, training: float) -> tuple[float, float]:
    """Shares of the time that a place is filled by someone at work, and by someone in training, in the long run.

    hazard: rate at which its holder leaves.  lead: from leaving to the next one's first day.  training: at the start of
    each holder's time, or all of it. An alternating renewal process.
    Source: Ross, Introduction to Probability Models, section on alternating renewal processes.
    """
    cycle = 1.0 / hazard + lead
    trained = (1.0 - math.exp(-hazard * training)) / hazard
    return (1.0 / hazard - trained) / cycle, trained / cycle


def sent_home(p: float, below: float, after: int, questions: int) -> float:
    """Chance that someone who answers right with chance p is sent home by so many test questions: at the first of them
    from the `after`-th on at which the share of right answers is lower than `below`. By recursion over the right ones.
    """
    chances, gone = {0: 1.0}, 0.0
    for asked in range(1, questions + 1):
        after_it: dict[int, float] = {}
        for right, chance in chances.items():
            after_it[right + 1] = after_it.get(right + 1, 0.0) + chance * p
            after_it[right] = after_it.get(right, 0.0) + chance * (1.0 - p)
        for right in list(after_it):
            if asked >= after and right < below * asked:
                gone += after_it.pop(right)
        chances = after_it
    return gone


def issued_again(mean: float, lock: float) -> tuple[float, float]:
    """(mean number of times that a task is issued, mean time until its first result) where it is issued again after
    each `lock` without a result, to someone who is free, and takes an exponential time each time.

    After the j-th lock the attempts have had j, j - 1, .. 1 locks of time: the chance of no result is exp(-lock / mean
    x j (j + 1) / 2).
    """

    def nothing(time: float) -> float:
        attempts = int(time // lock)
        worked = sum(time - lock * attempt for attempt in range(attempts + 1))
        return math.exp(-worked / mean)

    issues = sum(math.exp(-lock / mean * j * (j + 1) / 2) for j in range(50))
    time = sum(float(integrate.quad(nothing, lock * j, lock * (j + 1))[0]) for j in range(50))
    return issues, time
