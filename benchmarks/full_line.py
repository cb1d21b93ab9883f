"""A line that uses what a labelling programme has, in any size, busy alike in each.

Three segments of unlike priority and difficulty, of which only some people may do two; people of three sites around
the clock, with breaks, who differ in speed and skill, learn and tire; labels of three distinct annotators and their
majority; review of every item, rework ahead of new work, at most twice; adjudication of ties and of what is left.
"""

from __future__ import annotations

from datetime import datetime

from labelcast.sim.line import (
    Arrivals,
    Calendar,
    Distribution,
    Fatigue,
    Learning,
    Line,
    Pool,
    Segment,
    Stage,
)

HOUR = 3600
WEEK = 7 * 24 * HOUR
SITES = ("asia", "europe", "america")
SHARES = {"annotators": 0.7, "reviewers": 0.25, "adjudicators": 0.05}
"""Of the workers. Each is spread over the sites evenly."""

ITEMS_A_WEEK = 7000.0
"""Per 60 workers: what keeps annotators and reviewers about 85% busy."""

SEGMENTS = {"street": 0.5, "night": 0.3, "aerial": 0.2}
"""Of the items."""


def full_line(workers: int, items: int, tick_s: float = 0.001) -> Line:
    """The line with so many workers, a multiple of 60, until `items` items are delivered."""
    assert workers % 60 == 0
    pools = tuple(
        _pool(role, site, round(workers * share / len(SITES))) for role, share in SHARES.items() for site in SITES
    )
    return Line(
        name="full-line",
        start=datetime(2027, 1, 4),
        timezone="UTC",
        currency="EUR",
        horizon_s=52.0 * WEEK,
        segments=tuple(_segment(name, share, workers, items) for name, share in SEGMENTS.items()),
        calendars=(*(_site(number, name) for number, name in enumerate(SITES)), WEEKDAYS),
        pools=pools,
        stages=STAGES,
        first="annotate",
        tick_s=tick_s,
    )


WEEKDAYS = Calendar("weekdays", "UTC", tuple((day, 0, 24 * HOUR) for day in range(5)))


def _site(number: int, name: str) -> Calendar:
    """Eight hours with a break of half an hour; the sites follow one another."""
    start = 8 * number * HOUR
    halves = ((start, start + 4 * HOUR), (start + 4 * HOUR + HOUR // 2, start + 8 * HOUR))
    return Calendar(name, "UTC", tuple((day, *half) for day in range(5) for half in halves))


def _segment(name: str, share: float, workers: int, items: int) -> Segment:
    number = list(SEGMENTS).index(name)
    return Segment(
        name,
        arrivals=Arrivals(ITEMS_A_WEEK * workers / 60 * share, "weekdays", items=round(items * share)),
        classes={"car": 0.6, "truck": 0.3, "bus": 0.1},
        class_effects={"bus": -0.5},
        difficulty_sd=(0.6, 1.0, 0.8)[number],
        attractor=3.0,
        priority=(2, 1, 2)[number],
        due_s=3.0 * 24 * HOUR,
    )


def _pool(role: str, site: str, headcount: int) -> Pool:
    return Pool(
        f"{role}-{site}",
        headcount,
        site,
        speed_sd=0.25,
        shrinkage=0.1,
        skill_mean={"annotators": 1.8, "reviewers": 2.5, "adjudicators": 3.0}[role],
        skill_sd=0.5,
        sensitivity=0.85,
        false_alarm=0.05,
        segment_effects={"night": -0.3},
        masters={"night": 0.6, "aerial": 0.6} if role == "annotators" else {},
        learning=Learning(exponent=0.05, gain=0.3, half=100.0, tasks=500, experience=200),
        fatigue=Fatigue(slower=0.02, logits=0.03),
    )


def _at(role: str) -> tuple[tuple[str, float], ...]:
    return tuple((f"{role}-{site}", 1 / len(SITES)) for site in SITES)


STAGES = (
    Stage(
        "annotate",
        "annotate",
        _at("annotators"),
        Distribution("lognormal", {"median": 240.0, "sigma": 0.5}),
        {"labelled": "review", "tied": "adjudicate"},
        labels_per_item=3,
        route="prefer",
    ),
    Stage(
        "review",
        "review",
        _at("reviewers"),
        Distribution("gamma", {"mean": 270.0, "shape": 2.0}),
        {"accepted": "deliver", "rejected": "annotate", "exhausted": "adjudicate"},
        rounds=2,
        route="prefer",
        shift_end="finish",
    ),
    Stage(
        "adjudicate",
        "adjudicate",
        _at("adjudicators"),
        Distribution("lognormal", {"median": 1200.0, "sigma": 0.5}),
        {"decided": "deliver"},
        route="prefer",
        shift_end="return",
    ),
)
