"""Every field of the line that has a neutral setting, and those that have none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lines import ALWAYS, WEEK, constant

from labelcast.sim.line import (
    Arrivals,
    Batch,
    Chart,
    Consensus,
    Contract,
    Epoch,
    Escalation,
    Exchange,
    Gather,
    Goal,
    Gold,
    Known,
    OneOff,
    Relabel,
    Release,
    Rotation,
    Running,
    SamplePlan,
    Sampling,
    Suggestion,
    Switching,
    Tier,
    Training,
    Window,
)

DAY, HOUR = 86_400.0, 3600.0
LITTLE = 1e-15
"""A share, a spread or a number of logits that is as good as none, though its code runs."""

Place = tuple[str, str]

SAME = object()
"""The plain setting is the base line's own."""


@dataclass(frozen=True)
class Neutral:
    """plain: the setting without the mechanism.  settings: others that must give the same rows; a function is called
    with the plain value.  given: other fields that must be so for that, on both lines.  bases: names of the lines.
    without: columns that say what was asked for, and differ."""

    plain: Any
    settings: tuple[Any, ...]
    given: Mapping[Place, Any] = field(default_factory=dict)
    bases: tuple[str, ...] = ("full", "whole")
    without: tuple[str, ...] = ()


NO_REWORK = {("Stage", "rounds"): 0, ("Line", "relabels"): ()}
NO_HIRES = {("Turnover", "hazard_per_year"): 0.0, ("Line", "epochs"): ()}
NO_LEARNING = {("Learning", "exponent"): 0.0, ("Learning", "gain"): 0.0, ("Stage", "tenure_fractions"): ()}
NO_GOLD = {("Gold", "share"): 0.0}
ALL_DAY = {("Calendar", "intervals"): ALWAYS.intervals, ("Calendar", "availability"): None, ("Calendar", "closed"): ()}


def _slightly(value: float) -> float:
    return value * (1.0 + 2.5e-16)


NEUTRAL: dict[Place, Neutral] = {
    ("Line", "name"): Neutral(SAME, ("another",)),
    ("Line", "currency"): Neutral(SAME, ("JPY",)),
    ("Line", "goals"): Neutral((), ((Goal("accuracy", ">=", 0.9),),)),
    ("Line", "sampling"): Neutral(
        None, tuple(Sampling(10**6, how, {"street": 3.0}) for how in ("random", "proportional", "neyman", "doubt"))
    ),
    ("Line", "windows"): Neutral((), ((Window("one", DAY, 5),),)),
    ("Line", "charts"): Neutral((), ((Chart("one", "review", 0.05, 0.2, since_s=HOUR),),)),
    ("Line", "wip"): Neutral(None, (10**9,)),
    ("Line", "epochs"): Neutral((), ((Epoch(DAY),), (Epoch(HOUR), Epoch(2 * DAY)))),
    ("Line", "trainings"): Neutral((), (lambda _: (Training(HOUR, "team", 0.0),),)),
    ("Line", "relabels"): Neutral((), ((Relabel(HOUR, "annotate", 0.0),),)),
    ("Line", "exchange"): Neutral((), ((Exchange("USD", 0.0, 0.92),),)),
    ("Line", "one_offs"): Neutral((), ((OneOff(HOUR, 10**9, "a tool"),),)),
    ("Line", "running"): Neutral((), ((Running(HOUR, 10**8, "a licence"),),)),
    ("Line", "assumed"): Neutral((), (("pools.team.skill",),)),
    ("Line", "fitted"): Neutral((), (("pools.team.skill",),)),
    ("Line", "stated"): Neutral(None, ((), ("pools.team.skill.mean",))),
    ("Line", "backtest"): Neutral("", ("Backtest: holds.",)),
    ("Segment", "releases"): Neutral((), ((Release(HOUR, 0),),)),
    ("Segment", "arrivals"): Neutral(None, (Arrivals(400.0, "always", items=0),), bases=("whole",)),
    ("Segment", "class_effects"): Neutral({}, ({"car": 0.0},)),
    ("Segment", "difficulty_sd"): Neutral(0.0, (LITTLE,), without=("tier",)),
    ("Hard", "share"): Neutral(0.0, (LITTLE,)),
    ("Hard", "harder"): Neutral(2.0, (9.0,), {("Hard", "share"): 0.0}),
    ("Hard", "sd"): Neutral(1.0, (3.0,), {("Hard", "share"): 0.0}),
    ("Segment", "attractor"): Neutral(float("inf"), (1e14,)),
    ("Segment", "priority"): Neutral(SAME, (lambda value: value + 5,)),
    ("Segment", "due_s"): Neutral(None, (52 * WEEK,), {("Pool", "discipline"): "first"}, without=("due_at",)),
    ("Segment", "due_at_s"): Neutral(None, (52 * WEEK,), {("Pool", "discipline"): "first"}, without=("due_at",)),
    ("Segment", "sample"): Neutral(1.0, (1.0 - LITTLE,)),
    ("Segment", "doubt"): Neutral(0.0, (0.9,), {("Segment", "sample"): 1.0, ("Line", "sampling"): None}),
    ("Segment", "duplicates"): Neutral(0.0, (LITTLE,)),
    ("Segment", "time_factor"): Neutral(1.0, (_slightly,)),
    ("Segment", "price_factor"): Neutral(1.0, (7.0,)),
    ("Segment", "objects"): Neutral(None, (constant(1.0),), without=("objects",)),
    ("Segment", "sensitive"): Neutral(False, (True,), {("Pool", "cleared"): True}),
    ("Segment", "error_costs"): Neutral({}, ({"car": {"truck": 9.0}},)),
    ("Arrivals", "items"): Neutral(None, (10**9,), {("Arrivals", "until_s"): DAY}),
    ("Arrivals", "until_s"): Neutral(None, (12 * WEEK,)),
    ("Arrivals", "shape"): Neutral(None, ((2.0,) * 168,)),
    ("Arrivals", "growth_per_week"): Neutral(0.0, (LITTLE,)),
    ("Calendar", "availability"): Neutral(
        None, ((1.0,) * 168,), ALL_DAY | {("Segment", "arrivals"): None}, bases=("full", "one")
    ),
    ("Calendar", "closed"): Neutral((), (("2001-01-01",),)),
    ("Pool", "speed_sd"): Neutral(0.0, (LITTLE,)),
    ("Pool", "shrinkage"): Neutral(
        0.0, (1e-17,)
    ),  # more would be seen: what an interrupted task has done is rounded down
    ("Pool", "skill_sd"): Neutral(0.0, (LITTLE,), {("Pool", "pick"): "idle"}),
    ("Pool", "sensitivity_sd"): Neutral(0.0, (LITTLE,)),
    ("Pool", "false_alarm_sd"): Neutral(0.0, (LITTLE,)),
    ("Spammers", "share"): Neutral(0.0, (LITTLE,)),
    ("Spammers", "answers"): Neutral("any", ("same",), {("Spammers", "share"): 0.0}),
    ("Drift", "walk"): Neutral(0.0, (LITTLE,)),
    ("Sessions", "spread"): Neutral(0.0, (LITTLE,)),
    ("Sessions", "fade"): Neutral(0.0, (0.0,), {("Sessions", "since_s"): HOUR}),
    ("Sessions", "since_s"): Neutral(0.0, (HOUR,), {("Sessions", "fade"): 0.0}),
    ("Sessions", "offer"): Neutral(1, (50,), {("Sessions", "pull"): 0.0}),
    ("Pool", "class_effects"): Neutral({}, ({"car": 0.0},)),
    ("Pool", "contract"): Neutral(Contract(), (Contract(10**6, (Tier(None, 10**4),), rework_paid=True),)),
    ("Pool", "speed"): Neutral(SAME, (_slightly,)),
    ("Pool", "segment_effects"): Neutral({}, ({"street": 0.0},)),
    ("Pool", "segment_times"): Neutral({}, ({"street": 1.0, "night": 1.0},)),
    ("Pool", "masters"): Neutral({}, ({"street": 1.0, "night": 1.0},)),
    ("Pool", "hurry"): Neutral(1.0, (1.0 + LITTLE,), {("Pool", "elasticity"): 0.0}),
    ("Pool", "elasticity"): Neutral(0.0, (0.7,), {("Pool", "hurry"): 1.0}),
    ("Pool", "delays"): Neutral({}, ({"team": 0.0},)),
    ("Pool", "overtime_s"): Neutral(0.0, (1e-5,)),
    ("Pool", "overtime_cap_s"): Neutral(None, (1e6,)),
    ("Pool", "utilisation_cap"): Neutral(None, (0.5,)),
    ("Pool", "discipline"): Neutral(
        "first",
        ("due", "shortest", "fair"),
        {("Segment", "due_s"): None, ("Segment", "due_at_s"): None, ("Segment", "time_factor"): 1.0},
        bases=("one",),
    ),
    ("Pool", "weights"): Neutral({}, ({"street": 5.0},), {("Pool", "discipline"): "first"}),
    ("Pool", "preempts"): Neutral(False, (True,), {("Segment", "priority"): 1}),
    ("Pool", "pick"): Neutral("idle", ("skill",), {("Pool", "skill_sd"): 0.0} | NO_GOLD),
    ("Pool", "cleared"): Neutral(False, (True,), {("Segment", "sensitive"): False}),
    ("Sessions", "shape"): Neutral(None, ((2.0,) * 168,), bases=("whole",)),
    ("Absence", "share"): Neutral(0.0, (LITTLE,)),
    ("Absence", "paid"): Neutral(True, (False,), {("Absence", "share"): 0.0}),
    ("Pool", "known"): Neutral(
        (),
        ((Known(0), Known(1, 0, 2.0, 0.0, 1.0, 0.0)),),
        {("Pool", "speed_sd"): 0.0, ("Pool", "skill_sd"): 0.0, ("Learning", "experience"): 0},
    ),
    ("Learning", "exponent"): Neutral(0.0, (1e-17,)),
    ("Learning", "gain"): Neutral(0.0, (LITTLE,)),
    ("Learning", "half"): Neutral(200.0, (3.0,), {("Learning", "gain"): 0.0}),
    ("Learning", "tasks"): Neutral(5000, (5,), NO_LEARNING),
    ("Learning", "experience"): Neutral(0, (9,), NO_LEARNING),
    ("Fatigue", "slower"): Neutral(0.0, (1e-17,)),
    ("Fatigue", "logits"): Neutral(0.0, (LITTLE,)),
    ("Turnover", "hazard_per_year"): Neutral(0.0, (1e-12,)),
    ("Turnover", "lead_s"): Neutral(0.0, (DAY,), NO_HIRES),
    ("Turnover", "training_s"): Neutral(0.0, (HOUR,), NO_HIRES),
    ("Mentoring", "hours_per_week"): Neutral(0.0, (3.0,), NO_HIRES),
    ("Mentoring", "weeks"): Neutral(4, (9,), {("Mentoring", "hours_per_week"): 0.0, ("Mentoring", "gain"): 1.0}),
    ("Mentoring", "gain"): Neutral(1.0, (3.0,), NO_HIRES),
    ("Stage", "rework_by"): Neutral("author", ("anyone",), NO_REWORK),
    ("Stage", "fraction"): Neutral(1.0, (1.0 - LITTLE,)),
    ("Stage", "route"): Neutral("share", ("prefer", "shortest", "skill", "difficulty"), bases=("one",)),
    ("Stage", "route_error"): Neutral(0.0, (1.5,), {("Stage", "route"): "share"}),
    ("Stage", "segment_fractions"): Neutral({}, ({"street": 0.6},), {("Stage", "fraction"): 0.6}),
    ("Stage", "class_fractions"): Neutral(
        {},
        ({"car": 0.6, "truck": 0.6},),
        {("Stage", "fraction"): 0.6, ("Stage", "segment_fractions"): {}},
    ),
    ("Risk", "auc"): Neutral(0.5, (0.5 + 2.0 * LITTLE,)),
    ("Risk", "misses"): Neutral((), (("car",),), {("Risk", "auc"): 0.5}),
    ("Stage", "tenure_fractions"): Neutral((), (((0, 0.1),),)),
    ("Stage", "handoff"): Neutral(None, (constant(0.0),)),
    ("Stage", "gather"): Neutral(Gather(), (Gather(1, 3.0),)),
    ("Stage", "batch"): Neutral(Batch(), (Batch(1, 0.0, together=True),)),
    ("Stage", "gold"): Neutral(Gold(), (Gold(0.0, 0.99, 1, 60.0, 1.0), Gold(LITTLE, 0.99, 1, 60.0, 1.0))),
    ("Stage", "suggestion"): Neutral(Suggestion(), (Suggestion(0.9, 3.0, 3.0),), bases=("full", "one")),
    ("Stage", "consensus"): Neutral(
        Consensus(),
        (Consensus("weighted"), Consensus("lead", lead=1, most=1)),
        {("Stage", "labels_per_item"): 1},
    ),
    ("Stage", "escalation"): Neutral(None, (Escalation(11.9 * WEEK, "adjudicate"),)),
    ("Stage", "rotation"): Neutral(None, (Rotation(HOUR, 1000),)),
    ("Stage", "lock_s"): Neutral(None, (11.9 * WEEK,)),
    ("Skip", "chance"): Neutral(0.0, (LITTLE,)),
    ("Skip", "time"): Neutral(constant(10.0), (constant(99.0),), {("Skip", "chance"): 0.0}),
    ("Skip", "most"): Neutral(2, (1,), {("Skip", "chance"): 0.0}),
    ("Skip", "there"): Neutral({}, ({"team": 60.0},), {("Skip", "chance"): 0.0}),
    ("Skip", "back"): Neutral({}, ({"team": 60.0},), {("Skip", "chance"): 0.0}),
    ("Stage", "shift_end"): Neutral("pause", ("finish", "return"), ALL_DAY | NO_HIRES),
    ("Stage", "wip"): Neutral(None, (10**6,)),
    ("Stage", "sla_s"): Neutral(None, (HOUR,)),
    ("Stage", "servers"): Neutral(None, (10**6,)),
    ("Consensus", "lead"): Neutral(2, (5,), {("Consensus", "rule"): "majority"}),
    ("Consensus", "threshold"): Neutral(0.95, (0.1,), {("Consensus", "rule"): "majority"}),
    ("Consensus", "most"): Neutral(7, (99,), {("Consensus", "rule"): "majority"}),
    ("Gather", "wait_s"): Neutral(DAY, (3.0,), {("Gather", "size"): 1}),
    ("Batch", "together"): Neutral(False, (True,), {("Batch", "size"): 1}),
    ("Gold", "share"): Neutral(0.0, (LITTLE,)),
    ("Gold", "ban_below"): Neutral(None, (0.99,), NO_GOLD),
    ("Gold", "after"): Neutral(20, (1,), NO_GOLD),
    ("Gold", "retrain_s"): Neutral(0.0, (60.0,), NO_GOLD),
    ("Gold", "retrain_gain"): Neutral(0.0, (2.0,), NO_GOLD),
    ("Gold", "retrain_half_s"): Neutral(None, (60.0,), {("Gold", "retrain_gain"): 0.0}),
    ("Model", "class_effects"): Neutral({}, ({"car": 0.0},)),
    ("Suggestion", "anchoring"): Neutral(0.0, (LITTLE,)),
    ("Suggestion", "accept_time"): Neutral(1.0, (_slightly,)),
    ("Suggestion", "fix_time"): Neutral(1.0, (_slightly,)),
    ("Dedup", "precision"): Neutral(1.0, (0.5,), {("Dedup", "recall"): 0.0}),
    ("Lot", "wait_s"): Neutral(604_800.0, (60.0,), {("Lot", "size"): 1}),
    ("Lot", "switching"): Neutral(
        None,
        (Switching(SamplePlan(1, 0), SamplePlan(1, 0), screened=1),),
        {("Lot", "size"): 1, ("Lot", "sample"): 1, ("Lot", "accept"): 0},
    ),
}

ITSELF: dict[str, str] = {
    "Line": "start timezone horizon_s segments calendars pools stages first initial tick_s",
    "Segment": "name backlog classes confusions hard",
    "Arrivals": "per_week calendar",
    "Release": "at_s items",
    "Sampling": "items allocate spreads",
    "Calendar": "name timezone intervals",
    "Pool": "name headcount calendar skill_mean sensitivity false_alarm "
    "sessions absence learning fatigue spammers drift turnover mentoring",
    "Sessions": "per_week calendar tasks returning patience_s pull",
    "Stage": "name kind pools time next labels_per_item rounds lot model dedup risk skip self_check",
    "Skip": "answer calendar",
    "Consensus": "rule",
    "Gather": "size",
    "Batch": "size setup_s",
    "Lot": "size sample accept",
    "Model": "skill",
    "Dedup": "recall",
}
"""Fields that say what the line is, so that no setting is neutral, or whose parts stand above one by one."""

OPTIONAL = (
    *("Distribution", "Contract", "Tier", "Goal", "Window", "OpenTask", "Epoch", "Training", "Relabel", "OneOff"),
    "Running",
    *("Exchange", "Minimum", "Index", "Steps", "Audit", "Termination", "Refund"),
    *("Known", "Escalation", "Rotation", "SamplePlan", "SelfCheck", "Switching", "Chart"),
)
"""What is not there is neutral; that it may be there without effect is a setting of the field that holds it."""

Setting = Callable[[Any], Any]
