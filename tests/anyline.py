"""Small lines out of all mechanisms, for Hypothesis: what two engines must agree on, and what every law must hold for.

Times are few and round, so that many things happen in one tick; people are few, so that they are short. A line has at
most about thirty items, and everything on it can be done by someone: `certain` lines are sure to end, since nobody is
sent home for good, no task is issued twice, and what is returned at the end of a shift fits into one: begun anew it
takes as long as before.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from anystage import DAY, HOUR, one_of, rules
from hypothesis import strategies as st
from lines import ALWAYS, OFFICE, WEEK, constant

from labelcast.sim.line import (
    DELIVER,
    Absence,
    Arrivals,
    Calendar,
    Distribution,
    Drift,
    Epoch,
    Fatigue,
    Hard,
    Known,
    Learning,
    Line,
    Mentoring,
    OpenTask,
    Pool,
    Relabel,
    Release,
    Sampling,
    Segment,
    Sessions,
    Spammers,
    Stage,
    Training,
    Turnover,
)

CLASSES = {"car": 0.5, "truck": 0.3, "bus": 0.2}

CALENDARS = (
    ALWAYS,
    dataclasses.replace(OFFICE, timezone="Europe/Paris", closed=("2027-03-29",)),
    Calendar("nights", "Asia/Kolkata", tuple((d, s, e) for d in range(7) for s, e in ((0, 21_600), (79_200, 86_400)))),
    Calendar("varying", "UTC", availability=tuple(0.4 + 0.6 * (8 <= h % 24 < 18) for h in range(168))),
)

ARRIVALS = st.builds(
    Arrivals,
    one_of(100.0, 2000.0),
    one_of("always", "office"),
    items=st.integers(1, 6),
    shape=one_of(None, tuple(1.0 + h % 24 for h in range(168))),
    growth_per_week=one_of(0.0, 0.5),
)


def segments(name: str) -> st.SearchStrategy[Segment]:
    return st.builds(
        Segment,
        st.just(name),
        backlog=st.integers(0, 6),
        releases=one_of((), (Release(60.0, 2),), (Release(HOUR, 1), Release(2 * DAY, 3))),
        arrivals=st.none() | ARRIVALS,
        classes=st.just(CLASSES),
        class_effects=one_of({}, {"bus": -0.5}),
        difficulty_sd=one_of(0.0, 1.0),
        hard=one_of(Hard(), Hard(0.3, 2.0, 0.0), Hard(0.5, 1.0, 0.5)),
        attractor=one_of(float("inf"), 3.0),
        priority=one_of(1, 2, 3),
        due_s=one_of(None, HOUR, DAY),
        due_at_s=one_of(None, 2 * DAY),
        sample=one_of(1.0, 0.7),
        doubt=one_of(0.0, 0.8),
        duplicates=one_of(0.0, 0.3),
        time_factor=one_of(1.0, 2.0),
        objects=one_of(None, Distribution("exponential", {"mean": 1.5})),
        sensitive=st.booleans(),
    )


def staff(name: str, headcount: int, masters: bool = False) -> st.SearchStrategy[Pool]:
    """A pool that is cleared; with `masters`, half of its people may be the only ones for the first segment."""
    return st.builds(
        Pool,
        st.just(name),
        st.just(headcount),
        one_of(*(calendar.name for calendar in CALENDARS)),
        cleared=st.just(True),
        skill_mean=one_of(1.0, 2.0),
        skill_sd=one_of(0.0, 0.5),
        speed=one_of(1.0, 0.5),
        speed_sd=one_of(0.0, 0.3),
        shrinkage=one_of(0.0, 0.2),
        sensitivity=one_of(0.8, 1.0),
        false_alarm=one_of(0.0, 0.3),
        sensitivity_sd=one_of(0.0, 1.5),
        false_alarm_sd=one_of(0.0, 1.5),
        segment_effects=one_of({}, {"first": 0.5}),
        segment_times=one_of({}, {"first": 2.0}),
        masters=one_of({}, {"first": 0.5}) if masters else st.just({}),
        absence=one_of(Absence(), Absence(0.2), Absence(0.2, paid=False)),
        known=one_of((), (Known(2, 4, -0.7, 0.4, 1.2, 0.3), Known(0, 0, 1.5, 0.0, -2.0, 0.0))),
        learning=one_of(Learning(), Learning(0.2, 1.0, 3, tasks=6), Learning(0.2, 1.0, 3, experience=2)),
        fatigue=one_of(Fatigue(), Fatigue(0.1, 0.2)),
        spammers=one_of(Spammers(), Spammers(0.3), Spammers(0.3, "same")),
        drift=one_of(Drift(), Drift(2.0)),
        turnover=one_of(Turnover(), Turnover(20.0, DAY, HOUR)),
        mentoring=one_of(Mentoring(), Mentoring(2.0, 1, 3.0)),
        hurry=one_of(1.0, 0.8),
        elasticity=one_of(0.0, 0.5),
        overtime_s=one_of(0.0, 1800.0),
        delays=one_of({}, {"team": 60.0, "judges": HOUR}, {"others": 600.0}),
        overtime_cap_s=one_of(None, 0.0, 2400.0),
        utilisation_cap=one_of(None, 0.0, 0.3),
        discipline=one_of("first", "last", "due", "shortest", "fair"),
        preempts=st.booleans(),
        pick=one_of("idle", "skill", "past"),
        weights=one_of({}, {"first": 3.0}, {"second": 2.5}),
    )


def crowds(name: str, certain: bool = False) -> st.SearchStrategy[Pool]:
    """certain: visits do not thin out, so that somebody else than those who were there comes in time."""
    sessions = st.builds(
        Sessions,
        one_of(60.0, 300.0),
        one_of("always", "office"),
        one_of(constant(2.0), Distribution("lognormal", {"median": 4.0, "sigma": 1.0})),
        returning=one_of(0.7, 0.0, 0.95),
        patience_s=one_of(0.0, 100.0, 2 * HOUR),
        pull=one_of(0.0, 0.0 if certain else 0.5),
        offer=one_of(1, 20),
        spread=one_of(0.0, 0.5),
        fade=one_of(0.0, 0.0 if certain else 0.3),
        since_s=one_of(0.0, HOUR),
    )
    return st.builds(
        Pool,
        st.just(name),
        st.just(0),
        st.just("always"),
        sessions=sessions,
        cleared=st.booleans(),
        skill_sd=one_of(0.0, 0.5),
        spammers=one_of(Spammers(), Spammers(0.3), Spammers(0.3, "same")),
        drift=one_of(Drift(), Drift(2.0)),
        learning=one_of(Learning(), Learning(0.2, 1.0, 3, tasks=6)),
        discipline=one_of("first", "last", "due", "shortest", "fair"),
        preempts=st.booleans(),
        pick=one_of("idle", "skill", "past"),
        weights=one_of({}, {"first": 3.0}, {"second": 2.5}),
    )


POOLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "dedup": ((),),
    "prelabel": ((),),
    "work": (("team",), ("team", "others")),
    "annotate": (("team",), ("team", "others")),
    "review": (("judges",),),
    "inspect": (("judges",),),
    "adjudicate": (("judges",),),
}


@st.composite
def ways(draw: st.DrawFn, kind: str, name: str, then: str, back: str) -> dict[str, Any]:
    """Where the outcomes of a stage lead; `then` is the stage after it, `back` the one for rework."""
    end = draw(one_of("adjudicate", DELIVER))
    match kind:
        case "dedup":
            return {"kept": then}
        case "prelabel":
            return {"suggested": then}
        case "work":
            return {"done": draw(one_of(then, ((name, 0.3), (then, 0.7))))}
        case "annotate":
            part = ((then, 0.6), (DELIVER, 0.4))
            return {
                "labelled": then if then == DELIVER else draw(one_of(then, part)),
                "tied": draw(one_of(then, "adjudicate")),
            }
        case "adjudicate":
            return {"decided": DELIVER}
    return {"accepted": then, "rejected": back, "exhausted": end}


def fitting(stage: Stage) -> Stage:
    """The stage, with a time far below a shift where its tasks are returned at the end of one."""
    return dataclasses.replace(stage, time=constant(60.0)) if stage.shift_end == "return" else stage


@st.composite
def stages(draw: st.DrawFn, certain: bool) -> tuple[Stage, ...]:
    """A chain of stages through an annotate stage, and an adjudicate stage beside it."""
    before = draw(one_of((), ("dedup",), ("prelabel",), ("work",), ("dedup", "prelabel"), ("prelabel", "work")))
    after = draw(one_of((), ("review",), ("inspect",), ("review", "inspect"), ("review", "review")))
    kinds = (*before, "annotate", *after)
    names = [f"{kind}-{number}" if kind == "review" else kind for number, kind in enumerate(kinds)]
    back = draw(one_of("annotate", "work")) if "work" in kinds else "annotate"
    chain = []
    for kind, name, then in zip((*kinds, "adjudicate"), (*names, "adjudicate"), (*names[1:], DELIVER, ""), strict=True):
        pools = draw(one_of(*POOLS[kind]))
        shares = tuple((pool, 1.0 / len(pools)) for pool in pools)
        next_ = draw(ways(kind, name, then, back))
        chain.append(Stage(name, kind, shares, next=next_, **draw(rules(kind, certain))))  # type: ignore[arg-type]
    return tuple(fitting(stage) if certain else stage for stage in chain)


@st.composite
def epochs(draw: st.DrawFn, line: Line, certain: bool) -> tuple[Epoch, ...]:
    """Up to two dates on which parts of the line change; who is there stays enough for every item."""
    moments = draw(st.lists(one_of(HOUR, DAY, 30 * HOUR, 3 * DAY), unique=True, max_size=2))
    found = []
    for at in sorted(moments):
        pools = tuple(
            dataclasses.replace(pool, headcount=draw(one_of(8, 10, 11)) if pool.name == "team" else pool.headcount)
            for pool in (_like(draw, pool, certain) for pool in line.pools)
        )
        new = tuple(dataclasses.replace(stage, **draw(rules(stage.kind, certain))) for stage in line.stages)
        new = tuple(fitting(stage) if certain else stage for stage in new)
        there = tuple(
            dataclasses.replace(one, priority=draw(one_of(1, 2)), time_factor=draw(one_of(1.0, 3.0)))
            for one in line.segments
        )
        open_ = tuple(dataclasses.replace(one, closed=draw(one_of((), ("2027-03-30",)))) for one in line.calendars)
        found.append(
            Epoch(
                at,
                segments=draw(one_of(None, there)),
                calendars=draw(one_of(None, open_)),
                pools=draw(one_of(None, pools)),
                stages=draw(one_of(None, new)),
            )
        )
    return tuple(found)


def _like(draw: st.DrawFn, pool: Pool, certain: bool) -> Pool:
    """Another pool of that name: staff stay staff, and a crowd a crowd."""
    if pool.sessions is not None:
        return dataclasses.replace(draw(crowds(pool.name, certain)), cleared=pool.cleared)
    return draw(staff(pool.name, pool.headcount, masters=bool(pool.masters)))


@st.composite
def lines(draw: st.DrawFn, certain: bool = False, tick_s: float = 0.001) -> Line:
    """A line; see the head of this file."""
    chain = draw(stages(certain))
    named = tuple(draw(segments(name)) for name in ("first", "second")[: draw(st.integers(1, 2))])
    line = Line(
        name="any",
        start=datetime(2027, 3, 25, 8),
        timezone="Europe/Paris",
        currency="EUR",
        horizon_s=8 * WEEK,
        segments=named,
        calendars=CALENDARS,
        pools=(
            draw(staff("team", 10, masters=True)),
            draw(staff("others", 5) | crowds("others", certain)),
            draw(staff("judges", 12)),
        ),
        stages=chain,
        first=chain[0].name,
        tick_s=tick_s,
        wip=draw(one_of(None, 1, 4)),
        sampling=draw(one_of(None, Sampling(8), Sampling(5, "random"), Sampling(6, "neyman"), Sampling(6, "doubt"))),
        trainings=draw(one_of((), (Training(DAY, "team", 2.0),))),
        relabels=draw(one_of((), (Relabel(5 * DAY, "annotate", 0.5),), (Relabel(DAY, "annotate", segment="first"),))),
        initial=draw(one_of((), *_UNDER_WAY)),
    )
    return dataclasses.replace(line, epochs=draw(epochs(line, certain)))


_WAITING = OpenTask("first", 3, "annotate", -600.0, -300.0)
_RUNNING = OpenTask("first", 7, "annotate", -1200.0, -900.0, pool="team", slot=7, started_s=-60.0, remaining_s=120.0)
_LABELLED = OpenTask("first", 5, "annotate", -900.0, -720.0, replica=1, labels=(("team", 2, ""),))
_UNDER_WAY = ((_WAITING,), (_RUNNING, _WAITING), (_WAITING, _LABELLED))
