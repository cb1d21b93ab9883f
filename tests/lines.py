"""Small lines that tests share."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from typing import Any

from labelcast.sim.line import (
    Absence,
    Arrivals,
    Batch,
    Calendar,
    Consensus,
    Dedup,
    Distribution,
    Drift,
    Epoch,
    Escalation,
    Fatigue,
    Gather,
    Gold,
    Hard,
    Learning,
    Line,
    Lot,
    Mentoring,
    Model,
    Pool,
    Relabel,
    Release,
    Rotation,
    SamplePlan,
    Segment,
    Sessions,
    Spammers,
    Stage,
    Suggestion,
    Switching,
    Training,
    Turnover,
    Window,
)

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


def whole(items: int = 60, **more: Any) -> Line:
    """Every mechanism of the line at once: what two engines must agree on, and every law must hold for."""
    office = dataclasses.replace(OFFICE, timezone="Europe/Paris", closed=("2027-03-29",))
    segments = (
        Segment(
            "street",
            backlog=items,
            releases=(Release(2 * 86_400.0, items // 4),),
            classes={"car": 0.6, "truck": 0.3, "bus": 0.1},
            class_effects={"bus": -0.5},
            difficulty_sd=0.8,
            attractor=3.0,
            priority=2,
            due_s=3 * 86_400.0,
            sample=0.9,
            duplicates=0.1,
            time_factor=1.2,
            price_factor=1.5,
            objects=Distribution("exponential", {"mean": 1.5}),
        ),
        Segment(
            "night",
            arrivals=Arrivals(
                40.0 * items, "office", items=items, growth_per_week=0.1, shape=tuple(1.0 + h % 24 for h in range(168))
            ),
            classes={"car": 0.5, "truck": 0.5},
            difficulty_sd=1.0,
            hard=Hard(0.2, 1.5, 0.5),
            due_at_s=6 * 86_400.0,
            sensitive=True,
        ),
    )
    staff = Pool(
        "team",
        5,
        "office",
        speed_sd=0.3,
        skill_mean=1.5,
        skill_sd=0.5,
        shrinkage=0.1,
        absence=Absence(0.1, paid=True),
        learning=Learning(exponent=0.1, gain=0.5, half=20, experience=10),
        fatigue=Fatigue(slower=0.02, logits=0.05),
        drift=Drift(0.3),
        turnover=Turnover(hazard_per_year=4.0, lead_s=2 * 86_400.0, training_s=3600.0),
        mentoring=Mentoring(hours_per_week=1.0, gain=2.0),
        overtime_s=1800.0,
        hurry=0.9,
        elasticity=0.3,
        masters={"night": 0.6},
        preempts=True,
        cleared=True,
        pick="past",
    )
    crowd = Pool(
        "crowd",
        0,
        "always",
        skill_mean=0.8,
        skill_sd=0.6,
        spammers=Spammers(0.1, "same"),
        sessions=Sessions(400.0, "always", Distribution("lognormal", {"median": 6.0, "sigma": 1.0}), patience_s=120.0),
        discipline="due",
    )
    judges = Pool(
        "judges",
        9,
        "offshore",
        skill_mean=2.5,
        sensitivity=0.9,
        false_alarm=0.1,
        sensitivity_sd=0.5,
        false_alarm_sd=0.3,
        cleared=True,
        pick="skill",
        speed=0.8,
    )
    stages = (
        Stage("dedup", "dedup", (), constant(5.0), {"kept": "suggest"}, dedup=Dedup(0.8, 0.95)),
        Stage(
            "suggest",
            "prelabel",
            (),
            constant(20.0),
            {"suggested": (("annotate", 0.9), ("clean", 0.1))},
            gather=Gather(4, 600.0),
            batch=Batch(8),
            servers=1,
            model=Model(1.0, {"bus": -1.0}),
        ),
        Stage("clean", "work", (("team", 1.0),), exponential(40.0), {"done": (("clean", 0.2), ("annotate", 0.8))}),
        Stage(
            "annotate",
            "annotate",
            (("crowd", 0.5), ("team", 0.5)),
            Distribution("lognormal", {"median": 200.0, "sigma": 0.6}),
            {"labelled": "review", "tied": "adjudicate"},
            route="difficulty",
            route_error=0.5,
            consensus=Consensus("lead", lead=2, most=4),
            gold=Gold(0.05, ban_below=0.5, after=4),
            suggestion=Suggestion(0.3, 0.6, 1.3),
            lock_s=1200.0,
            batch=Batch(3, setup_s=30.0),
            handoff=exponential(300.0),
        ),
        Stage(
            "review",
            "review",
            (("judges", 1.0),),
            exponential(60.0),
            {"accepted": "second", "rejected": "annotate", "exhausted": "adjudicate"},
            fraction=0.7,
            segment_fractions={"night": 1.0},
            tenure_fractions=((5, 1.0),),
            rounds=2,
            shift_end="finish",
            rotation=Rotation(86_400.0, 6),
            wip=30,
            escalation=Escalation(2 * 86_400.0, "adjudicate"),
            sla_s=86_400.0,
        ),
        Stage(
            "second",
            "inspect",
            (("judges", 1.0),),
            exponential(50.0),
            {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"},
            rounds=2,
            lot=Lot(12, 3, 0, 86_400.0, Switching(SamplePlan(5, 0), SamplePlan(2, 1), 2)),
            shift_end="return",
        ),
        Stage("adjudicate", "adjudicate", (("judges", 1.0),), constant(90.0), {"decided": "deliver"}),
    )
    changed = tuple(
        dataclasses.replace(pool, headcount=7, skill_mean=1.8) if pool.name == "team" else pool
        for pool in (staff, crowd, judges)
    )
    base = {
        "name": "whole",
        "start": datetime(2027, 3, 25, 8),
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "horizon_s": 12 * WEEK,
        "segments": segments,
        "calendars": (office, Calendar("offshore", "Asia/Kolkata", full().calendars[1].intervals), ALWAYS),
        "pools": (staff, crowd, judges),
        "stages": stages,
        "first": "dedup",
        "wip": 2 * items,
        "epochs": (Epoch(4 * 86_400.0, pools=changed),),
        "trainings": (Training(5 * 86_400.0, "team", 1.0),),
        "relabels": (Relabel(12 * 86_400.0, "annotate", 0.2),),
        "windows": (Window("june", 20 * 86_400.0, items),),
    }
    return Line(**(base | more))
