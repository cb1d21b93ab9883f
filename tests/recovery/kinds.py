"""Every kind of parameter that a profile can hold: which source proves it, or why none does."""

from __future__ import annotations

import re

from . import arrivals, crowd, lines, reviews, skills, staff, steps, times
from .told import Source

SOURCES: tuple[Source, ...] = tuple(
    one for module in (lines, times, staff, crowd, skills, arrivals, reviews, steps) for one in module.SOURCES
)

WHOLE = frozenset({"stages.labels_per_item", "pools.tasks_per_session.quantiles"})
"""Kinds whose truth is a small whole number: intervals that end at whole numbers hold it more often than they say."""

UNCLAIMED = {
    "pools.headcount": "the slots on shift at the peak hour are the greatest of the hours' means, rounded, and a "
    "greatest of noisy means lies above the truth; the interval is of the mean at that hour. Where people are there in "
    "all hours it must come back exactly (tests/calibration/test_round_trip.py). Reviewers are counted by their names.",
    "pools.tasks_per_session.constant": "has no interval: all visits of the log have as many labels.",
}
"""Kinds whose intervals nothing is claimed of, and why."""

CAUTIONS = (
    "Intervals of skill from fewer than 100 test questions are widened up to twice on purpose, since so few may not be "
    "like the work; they hold the truth of simulated ones more often than 95%.",
    "Spreads on fewer than 8 degrees of freedom are drawn towards what public logs show, and hold the truth in 95% of "
    "lines only where lines are as these are.",
    "`verdict_after` of a review whose people the log tells is the same fit as `handoff`.",
    "Of kinds that are one of several (families of service time, practice, effects of classes, hard items) those logs "
    "count in which the fit told that kind: the share is that of what a reader sees.",
)

_RULES = (
    (r"^(pools|stages|work)\.[^.]+\.", r"\1."),
    (r"\.quantiles\.p[0-9.]+$", ".quantiles"),
    (r"^stages\.verdict_after\.", "stages.handoff."),
    (r"^stages\.next\.done\..+", "stages.next.done"),
    (r"^stages\.pools\..+", "stages.pools"),
    (r"^stages\.rejected\.round_\d+$", "stages.rejected.round"),
    (r"^work\.classes\..+", "work.classes"),
    (r"^pools\.class_effects\..+", "pools.class_effects"),
    (r"^work\.arrivals\.(hour|weekday)\..+", r"work.arrivals.\1"),
)


def kind_of(path: str) -> str:
    """The kind of a profile's parameter: its path without names."""
    for pattern, by in _RULES:
        path = re.sub(pattern, by, path)
    return path


def proved() -> frozenset[str]:
    """Kinds that a source proves."""
    return frozenset(kind.split(": ")[0] for source in SOURCES for kind in source.kinds)
