"""How severely lots are inspected: normal, tightened or reduced, and what changes that.

From normal to tightened: two of five or fewer consecutive lots are rejected.  Back: five in a row are accepted.  From
normal to reduced: the switching score reaches 30.  Back: one lot is rejected.  When five lots have been rejected since
inspection was tightened, inspection by samples is discontinued: here, so many further lots are inspected as a whole,
which stands for the time that the people who label need to mend their ways; then inspection resumes, tightened.
Source: ISO 2859-1:1999, 9.3 and 9.4; score: 9.3.3.2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .line import Lot, SamplePlan

NORMAL, TIGHTENED, REDUCED, WHOLE = range(4)
"""Severities; WHOLE: inspection by samples is discontinued."""

SEVERITIES = ("normal", "tightened", "reduced", "whole")

NUMBERS = (0, 1, 2, 3, 5, 7, 10, 14, 21, 30, 44)
"""Acceptance numbers of the standard's plans for normal inspection: for one size of sample, each belongs to a quality
limit one step above that of the one before."""

WINDOW = 5
"""Consecutive lots of which two are rejected; lots accepted in a row; lots rejected while tightened."""

ENOUGH = 30
"""A score at which inspection is reduced."""


@dataclass(frozen=True)
class Standing:
    """What counts for the next switch. clear: lots accepted since the last that was rejected, WINDOW - 1 at most (and
    at the start) where inspection is normal; lots inspected as a whole.  score: the switching score.  refused: lots
    rejected since inspection was tightened."""

    severity: int = NORMAL
    clear: int = WINDOW - 1
    score: int = 0
    refused: int = 0


def plans(lot: Lot) -> tuple[SamplePlan, SamplePlan, SamplePlan, SamplePlan]:
    """The plan of each severity. One that the lot does not have is that of normal inspection."""
    normal, rules = SamplePlan(lot.sample, lot.accept), lot.switching
    whole = SamplePlan(lot.size, lot.size)
    if rules is None:
        return normal, normal, normal, whole
    return normal, rules.tightened, rules.reduced or normal, whole


def tighter(accept: int) -> int:
    """A lot with more faulty items than this adds nothing to the score: of two acceptance numbers that are below 2, the
    number itself, else that of the quality limit one step below."""
    return accept if accept < 2 else max(number for number in NUMBERS if number < accept)


def after(standing: Standing, lot: Lot, faulty: int) -> Standing:
    """The standing after a lot of which so many inspected items were rejected."""
    assert lot.switching is not None
    accepted = faulty <= plans(lot)[standing.severity].accept
    if standing.severity == NORMAL:
        return _after_normal(standing, lot, faulty, accepted)
    if standing.severity == TIGHTENED:
        return _after_tightened(standing, accepted)
    if standing.severity == REDUCED:
        return standing if accepted else Standing()
    clear = standing.clear + 1
    return _tightened() if clear >= lot.switching.screened else replace(standing, clear=clear)


def _after_normal(standing: Standing, lot: Lot, faulty: int, accepted: bool) -> Standing:
    if not accepted and standing.clear < WINDOW - 1:
        return _tightened()
    if not accepted:
        return replace(standing, clear=0, score=0)
    assert lot.switching is not None
    score = 0
    if lot.switching.reduced is not None and faulty <= tighter(lot.accept):
        score = standing.score + (2 if lot.accept < 2 else 3)
    if score >= ENOUGH:
        return Standing(REDUCED, 0)
    return replace(standing, clear=min(standing.clear + 1, WINDOW - 1), score=score)


def _after_tightened(standing: Standing, accepted: bool) -> Standing:
    if accepted and standing.clear == WINDOW - 1:
        return Standing()
    if accepted:
        return replace(standing, clear=standing.clear + 1)
    if standing.refused == WINDOW - 1:
        return Standing(WHOLE, 0)
    return replace(standing, clear=0, refused=standing.refused + 1)


def _tightened() -> Standing:
    return Standing(TIGHTENED, 0)
