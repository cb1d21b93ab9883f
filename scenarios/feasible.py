"""Whether a line can finish at all: what is checked when everything else is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..sim.line import DELIVER, JUDGES, Calendar, Line, Pool, Stage, targets
from .distinct import ever_on_shift, too_few
from .others import others_take
from .problems import listed
from .resolve.work import expected_items
from .routing import Broken, reach
from .shut import never_open
from .views import views
from .wanted import too_many

MOST_ITEMS = 10_000_000
"""Of a run; each is a row of its log."""

MOST_CHANCE = 0.9
"""Of coming back to a stage: one item in 10^11 then comes there over 250 times, and the engine has luck for 256."""


def infeasible(line: Line) -> list[Broken]:
    """Why the line can never finish; empty when it can."""
    broken = [*_work(line), *never_open(line)]
    nobody: set[str] | None = None
    for words, view in views(line):
        stages = {stage.name: stage for stage in view.stages}
        if nobody is None:  # the largest headcounts of all the time
            nobody = {pool.name for pool in view.pools if pool.headcount == 0}
        found = [*_people(view, nobody), *_ways(view, stages), *_labels(view, stages)] or list(too_few(view))
        broken += [(loc, f"{words}{message}") for loc, message in found if loc not in {one for one, _ in broken}]
    return broken


def _work(line: Line) -> Iterator[Broken]:
    total = 0.0
    calendars = {calendar.name: calendar for calendar in line.calendars}
    for segment in line.segments:
        count = expected_items(segment, line.horizon_s)
        if count <= 0:
            yield ("work", segment.name), "has no items. Write `backlog: 40_000 items`, or `arrivals`."
        stream = segment.arrivals
        if stream is not None and stream.shape is not None and not _meet(stream.shape, calendars[stream.calendar]):
            message = f"has no weight in any open hour of {stream.calendar}, so nothing arrives. Mend one of them."
            yield ("work", segment.name, "arrivals", "shape"), message
        total += count
    if total > MOST_ITEMS:
        yield ("work",), f"a run holds at most {MOST_ITEMS:,} items, but {total:,.0f} are expected. Ask for fewer."
    yield from too_many(line)


def _meet(shape: tuple[float, ...], calendar: Calendar) -> bool:
    """Whether a weekly shape has weight while a calendar is open."""
    return any(
        shape[day * 24 + hour] > 0
        for day, start, end in calendar.intervals
        for hour in range(start // 3600, (end + 3599) // 3600)
    )


def _people(view: Line, nobody: set[str]) -> Iterator[Broken]:
    """Every pool that a stage names has somebody, from this time on, or others take its work. nobody: pools in which
    nobody ever is."""
    calendars = {calendar.name: calendar for calendar in view.calendars}
    for pool in view.pools:
        at = ("pools", pool.name)
        if pool.sessions is not None:
            yield from _visits(pool, calendars[pool.calendar])
            continue
        naming = [stage for stage in view.stages if pool.name in dict(stage.pools)]
        if pool.headcount == 0:
            needing = [stage for stage in naming if not others_take(view, stage, pool, pool.name not in nobody)]
            if needing:
                yield (*at, "headcount"), _needed(view, pool, needing)
        elif naming and not ever_on_shift(pool, calendars[pool.calendar]):
            yield (*at, "calendar"), f"{pool.calendar} is never open for any of {pool.headcount} people."


def _needed(view: Line, pool: Pool, needing: list[Stage]) -> str:
    names, mend = listed(stage.name for stage in needing), "give its share there to other pools"
    if all(others_take(view, stage, pool, False) for stage in needing):
        mend = "write `rework_by: anyone` there: what is sent back waits for its author's pool"
    return f"must be at least 1, because {names} needs this pool, but got 0. Raise it, or {mend}."


def _visits(pool: Pool, calendar: Calendar) -> Iterator[Broken]:
    assert pool.sessions is not None
    if pool.sessions.shape is not None and not _meet(pool.sessions.shape, calendar):
        message = f"has no weight in any open hour of {calendar.name}, so nobody comes. Mend one of them."
        yield ("pools", pool.name, "sessions", "shape"), message


def _ways(line: Line, stages: Mapping[str, Stage]) -> Iterator[Broken]:
    """Every stage is reached, and no outcomes that a stage may give keep an item for ever: a way back is a rejection,
    which rounds limit, or a chance below one."""
    ahead = {name: [to for way in _outcomes(stage, True) for to in way] for name, stage in stages.items()}
    reached = reach(line.first, ahead)
    for name in stages:
        if name not in reached:
            yield ("stages", name), f"no item comes here from {line.first}, where they enter. Lead one here by `next`."
    kept = _kept({name: stage for name, stage in stages.items() if name in reached})
    round_ = [name for name, ways in kept.items() if any(name in reach(to, _flat(kept)) for to in _flat(kept)[name])]
    if not round_:
        yield from _often(stages)
        return
    mend = f"Lead one of them on to {DELIVER}."
    if any(len(way) > 1 for name in round_ for way in kept[name]):
        yield ("stages", round_[0]), f"items that come to {listed(round_)} never leave. {mend}"
        return
    way = [round_[0]]
    while way[-1] not in way[:-1]:
        way.append(next(to for to in _flat(kept)[way[-1]] if to in round_))
    circle = way[way.index(way[-1]) :]
    rule = "items may go back only when a review rejects them, which `rounds` limits, or by a chance below 100%"
    yield ("stages", circle[0]), f"{rule}, but {' -> '.join(circle)} goes round without end. {mend}"


def _often(stages: Mapping[str, Stage]) -> Iterator[Broken]:
    """Stages to which items come back too often, other than by a rejection."""
    ways = {
        name: [targets(way) for outcome, way in stage.next.items() if outcome != "rejected"]
        + ([] if stage.escalation is None else [targets(stage.escalation.to)])
        for name, stage in stages.items()
    }
    for name in stages:
        if (chance := _coming_back(name, ways)) > MOST_CHANCE + 1e-9:
            rule = f"items may come back here with a chance of at most {MOST_CHANCE:.0%}"
            yield ("stages", name), f"{rule}, but it is up to {100 * chance:.4g}%. Lower the chance of the way back."
            return


def _coming_back(name: str, ways: Mapping[str, list[tuple[tuple[str, float], ...]]]) -> float:
    """The chance that an item comes back to a stage, when people's outcomes fall as badly as they may; from below."""
    chance = dict.fromkeys(ways, 0.0)
    for _ in range(1_000):
        ahead = {**chance, name: 1.0, DELIVER: 0.0}
        new = {one: max((sum(p * ahead[to] for to, p in way) for way in own), default=0.0) for one, own in ways.items()}
        if max(abs(new[one] - chance[one]) for one in ways) < 1e-9:
            break
        chance = new
    return chance[name]


def _labels(line: Line, stages: Mapping[str, Stage]) -> Iterator[Broken]:
    """Nobody reviews an item before it has a label."""
    ahead = {}
    for name, stage in stages.items():
        ways = _outcomes(stage, True)
        if stage.kind in ("annotate", "adjudicate"):
            ways = [] if stage.escalation is None else [[stage.escalation.to]]
        ahead[name] = [to for way in ways for to in way]
    for name in sorted(reach(line.first, ahead)):
        if stages[name].kind in JUDGES:
            rule = f"{stages[name].kind} needs a label, but items may come here without one"
            yield ("stages", name), f"{rule}. Lead them through a stage of kind annotate or adjudicate first."


def _outcomes(stage: Stage, rejected: bool = False) -> list[list[str]]:
    """For each thing that may happen to an item at a stage, the stages that it may lead to."""
    ways = [
        [name for name, _ in targets(way)] for outcome, way in stage.next.items() if rejected or outcome != "rejected"
    ]
    return ways if stage.escalation is None else [*ways, [stage.escalation.to]]


def _kept(stages: Mapping[str, Stage]) -> dict[str, list[list[str]]]:
    """Stages at which something may happen, time and again, that surely leads to another of them; with these ways."""
    left = {name: _outcomes(stage) for name, stage in stages.items()}
    while True:
        kept = {name: [way for way in ways if set(way) <= set(left)] for name, ways in left.items()}
        kept = {name: ways for name, ways in kept.items() if ways}
        if kept == left:
            return kept
        left = kept


def _flat(ways: Mapping[str, list[list[str]]]) -> dict[str, list[str]]:
    """The stages ahead of each, whatever happens."""
    return {name: [to for way in own for to in way] for name, own in ways.items()}
