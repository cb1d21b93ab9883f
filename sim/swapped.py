"""Two lines of the same stages, pools and segments, part by part: one with some kinds of parts taken from the other.

What a line is made of falls into KINDS, every field into one: how much work, which work, how quick, what is right and
what is done again, who is there, what is paid, and the rest. With all kinds from the other it is the other line.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from .line import Calendar, Epoch, Line, Pool, Segment, Stage

KINDS = ("volume", "mix", "speed", "rework", "staffing", "price", "rest")

POOL: Mapping[str, str] = {
    **dict.fromkeys(
        ("headcount", "calendar", "shrinkage", "sessions", "absence", "turnover", "overtime_s"), "staffing"
    ),
    "overtime_cap_s": "staffing",
    "utilisation_cap": "rest",
    **dict.fromkeys(("elasticity", "discipline", "preempts", "pick", "cleared", "masters", "weights"), "staffing"),
    **dict.fromkeys(
        ("delays", "speed_sd", "speed", "segment_times", "learning", "fatigue", "mentoring", "hurry", "known"), "speed"
    ),
    **dict.fromkeys(("skill_mean", "skill_sd", "class_effects", "segment_effects", "spammers", "drift"), "rework"),
    **dict.fromkeys(("sensitivity", "false_alarm", "sensitivity_sd", "false_alarm_sd"), "rework"),
    "contract": "price",
}
"""Kind of each field of a pool, its name apart."""

STAGE: Mapping[str, str] = {
    **dict.fromkeys(("time", "handoff", "batch", "gather", "lock_s", "servers", "skip"), "speed"),
    **dict.fromkeys(("pools", "route", "route_error", "rotation", "shift_end", "wip"), "staffing"),
    **dict.fromkeys(("next", "labels_per_item", "rework_by", "fraction", "rounds", "consensus"), "rework"),
    **dict.fromkeys(("segment_fractions", "class_fractions", "tenure_fractions", "risk"), "rework"),
    **dict.fromkeys(("lot", "gold", "model", "suggestion"), "rework"),
    **dict.fromkeys(("dedup", "escalation", "sla_s", "self_check"), "rework"),
}
"""Kind of each field of a stage, its name and kind apart."""

SEGMENT: Mapping[str, str] = {
    **dict.fromkeys(("classes", "class_effects", "confusions", "difficulty_sd", "attractor", "hard"), "mix"),
    **dict.fromkeys(("priority", "due_s", "due_at_s", "sample", "duplicates", "time_factor", "objects"), "mix"),
    **dict.fromkeys(("sensitive", "error_costs", "doubt"), "mix"),
    "price_factor": "price",
}
"""Kind of each field of a segment, apart from its name and when and how many items come."""

LINE: Mapping[str, str] = {
    "sampling": "volume",
    "wip": "staffing",
    "trainings": "staffing",
    "relabels": "rework",
    **dict.fromkeys(("exchange", "one_offs", "running"), "price"),
    **dict.fromkeys(("horizon_s", "first", "goals", "initial", "tick_s", "windows", "charts"), "rest"),
}
"""Kind of each field of a line that is no list of parts, apart from what both lines have alike and who said what."""

T = TypeVar("T", Pool, Stage)


def unlike(one: Line, other: Line) -> Iterator[str]:
    """Why two lines cannot be taken apart: sentences; none where they can."""
    for what, of in (("pools", _names_of_pools), ("stages", _names_of_stages), ("segments", _names_of_segments)):
        if of(one) != of(other):
            yield f"{what} differ: {', '.join(of(one))} here, {', '.join(of(other))} there"
    for what in ("start", "timezone", "currency"):
        if getattr(one, what) != getattr(other, what):
            yield f"{what} differs: {getattr(one, what)} here, {getattr(other, what)} there"


def _names_of_pools(line: Line) -> list[str]:
    return [one.name for one in line.pools]


def _names_of_stages(line: Line) -> list[str]:
    return [f"{one.name} ({one.kind})" for one in line.stages]


def _names_of_segments(line: Line) -> list[str]:
    return [one.name for one in line.segments]


def swapped(one: Line, other: Line, kinds: Collection[str]) -> Line:
    """`one` with parts of these kinds from `other`; both alike in names."""
    lines = (one, other)
    whole = {name: getattr(lines[kind in kinds], name) for name, kind in LINE.items()}
    dates = sorted({epoch.at_s for line in lines for epoch in line.epochs})
    begun = _parts([_at(line, -1.0) for line in lines], kinds)
    epochs = []
    for at in dates:
        segments, calendars, pools, stages = _parts([_at(line, at) for line in lines], kinds)
        epochs.append(Epoch(at, segments, calendars, pools, stages))
    segments, calendars, pools, stages = begun
    return replace(
        one, segments=segments, calendars=calendars, pools=pools, stages=stages, epochs=tuple(epochs), **whole
    )


def differ(one: Line, other: Line) -> list[str]:
    """The kinds in which two lines are not the same."""
    plain = swapped(one, other, ())
    return [kind for kind in KINDS if swapped(one, other, (kind,)) != plain]


_State = tuple[tuple[Segment, ...], tuple[Calendar, ...], tuple[Pool, ...], tuple[Stage, ...]]


def _at(line: Line, at_s: float) -> _State:
    """What holds at a moment."""
    state: list[Any] = [line.segments, line.calendars, line.pools, line.stages]
    for epoch in line.epochs:
        if epoch.at_s <= at_s:
            now = (epoch.segments, epoch.calendars, epoch.pools, epoch.stages)
            state = [old if new is None else new for old, new in zip(state, now, strict=True)]
    return state[0], state[1], state[2], state[3]


def _parts(states: Sequence[_State], kinds: Collection[str]) -> _State:
    """The parts of both lines at one moment, of each kind from its own."""
    (segments, calendars, pools, stages), others = states
    people, more = (others[1], calendars) if "staffing" in kinds else (calendars, others[1])
    known = {one.name for one in people}
    return (
        _segments(segments, others[0], kinds),
        (*people, *(one for one in more if one.name not in known)),
        tuple(_mixed(a, b, POOL, kinds) for a, b in zip(pools, others[2], strict=True)),
        tuple(_mixed(a, b, STAGE, kinds) for a, b in zip(stages, others[3], strict=True)),
    )


def _mixed(one: T, other: T, of: Mapping[str, str], kinds: Collection[str]) -> T:
    return replace(one, **{name: getattr(other, name) for name, kind in of.items() if kind in kinds})


def _segments(ours: tuple[Segment, ...], theirs: tuple[Segment, ...], kinds: Collection[str]) -> tuple[Segment, ...]:
    """How many items in all, and when, is volume; what share of them each segment has, and what they are like, mix."""
    when = theirs if "volume" in kinds else ours
    share = theirs if "mix" in kinds else ours
    backlog = _shared(sum(one.backlog for one in when), [one.backlog for one in share])
    found = []
    for place, (a, b) in enumerate(zip(ours, theirs, strict=True)):
        timed, like = (b if "volume" in kinds else a), (b if "mix" in kinds else a)
        found.append(
            replace(
                a,
                backlog=backlog[place],
                releases=timed.releases,
                arrivals=timed.arrivals,
                **{name: getattr(like, name) for name, kind in SEGMENT.items() if kind == "mix"},
                price_factor=(b if "price" in kinds else a).price_factor,
            )
        )
    return tuple(found)


def _shared(whole: int, weights: Sequence[int]) -> list[int]:
    """The whole by weights, in whole numbers, by largest remainder; alike where there is no weight."""
    total = sum(weights)
    weights = weights if total else [1] * len(weights)
    total = total or len(weights)
    parts = [whole * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda k: (-(whole * weights[k] % total), k))
    for k in order[: whole - sum(parts)]:
        parts[k] += 1
    return parts


def shapley(values: Mapping[frozenset[str], Any], kinds: Sequence[str]) -> dict[str, Any]:
    """What each kind changes on average over all orders; together they are the whole difference, but for rounding.

    values: of each set of kinds that are taken from the other line: a number or an array.
    Source: Shapley, A value for n-person games, 1953; Shorrocks, Journal of Economic Inequality 2013.
    """
    many = len(kinds)
    found = {}
    for kind in kinds:
        others = [one for one in kinds if one != kind]
        part: Any = 0.0
        for mask in range(1 << len(others)):
            taken = frozenset(one for k, one in enumerate(others) if mask >> k & 1)
            weight = math.factorial(len(taken)) * math.factorial(many - len(taken) - 1) / math.factorial(many)
            part = part + weight * (values[taken | {kind}] - values[taken])
        found[kind] = part
    return found


def mapped(kind: type, of: Mapping[str, str], besides: Collection[str]) -> bool:
    """Whether every field of a class has a kind, but for those besides."""
    return {one.name for one in dataclasses.fields(kind)} == {*of, *besides}
