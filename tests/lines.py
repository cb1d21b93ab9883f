"""Small lines that tests share."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from typing import Any

from labelcast.sim.line import Arrivals, Calendar, Distribution, Line, Pool, Segment, Stage

MINUTE = 60.0
WEEK = 7 * 86_400.0
ALWAYS = Calendar("always", "UTC", tuple((day, 0, 86_400) for day in range(7)))
OFFICE = Calendar("office", "UTC", tuple((d, h * 3600, (h + 4) * 3600) for d in range(5) for h in (9, 14)))


def constant(seconds: float) -> Distribution:
    return Distribution("constant", {"value": seconds})


def exponential(mean: float) -> Distribution:
    return Distribution("exponential", {"mean": mean})


def queue(servers: int, per_week: float, items: int, time: Distribution, **more: Any) -> Line:
    """One stage, `servers` workers always there, Poisson arrivals."""
    line = Line(
        name="queue",
        start=datetime(2027, 1, 4),
        timezone="UTC",
        currency="EUR",
        horizon_s=520 * WEEK,
        segments=(Segment("items", arrivals=Arrivals(per_week, "always", items=items)),),
        calendars=(ALWAYS,),
        pools=(Pool("annotators", servers, "always"),),
        stages=(
            Stage("annotate", "annotate", (("annotators", 1.0),), time, {"labelled": "deliver", "tied": "deliver"}),
        ),
        first="annotate",
    )
    return dataclasses.replace(line, **more)


def full(items: int = 60, **more: Any) -> Line:
    """Every mechanism of the engine: two segments, three pools, two on a stage by share, consensus, review of a
    fraction, rework, adjudication, calendars with breaks in two time zones, spread of speed, skill and difficulty."""
    base = {
        "name": "full",
        "start": datetime(2027, 3, 25, 8),
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "horizon_s": 12 * WEEK,
        "segments": (
            Segment(
                "street",
                backlog=items,
                classes={"car": 0.6, "truck": 0.3, "bus": 0.1},
                class_effects={"bus": -0.5},
                difficulty_sd=0.8,
                attractor=3.0,
                priority=2,
                due_s=3 * 86_400.0,
            ),
            Segment(
                "night",
                arrivals=Arrivals(40.0 * items, "office", items=items),
                classes={"car": 0.5, "truck": 0.5},
                difficulty_sd=1.0,
                priority=1,
            ),
        ),
        "calendars": (
            dataclasses.replace(OFFICE, timezone="Europe/Paris"),
            Calendar("offshore", "Asia/Kolkata", tuple((d, 10 * 3600, 19 * 3600) for d in range(6))),
            Calendar("varying", "UTC", availability=tuple(0.2 + 0.6 * (8 <= h % 24 < 18) for h in range(168))),
        ),
        "pools": (
            Pool("team", 4, "office", speed_sd=0.3, skill_mean=1.5, skill_sd=0.5, shrinkage=0.1),
            Pool("vendor", 5, "varying", speed_sd=0.4, skill_mean=1.0, skill_sd=0.6, class_effects={"truck": 0.3}),
            Pool("reviewers", 7, "offshore", speed_sd=0.2, skill_mean=2.5, sensitivity=0.9, false_alarm=0.1),
        ),
        "stages": (
            Stage(
                "annotate",
                "annotate",
                (("team", 0.4), ("vendor", 0.6)),
                Distribution("lognormal", {"median": 200.0, "sigma": 0.6}),
                {"labelled": "review", "tied": "adjudicate"},
                labels_per_item=3,
            ),
            Stage(
                "review",
                "review",
                (("reviewers", 1.0),),
                exponential(60.0),
                {"accepted": "deliver", "rejected": "annotate", "exhausted": "adjudicate"},
                fraction=0.7,
                rounds=2,
            ),
            Stage("adjudicate", "adjudicate", (("reviewers", 1.0),), constant(90.0), {"decided": "deliver"}),
        ),
        "first": "annotate",
    }
    return Line(**(base | more))


def logit(p: float) -> float:
    return math.log(p / (1 - p))
