"""What the estimates of a line leave out or take for granted, in a planner's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..line import MACHINE, Line, Stage
from .load import FLEXIBLE

APPROXIMATE = "Rejections are those of typical people on typical items; a simulation draws each."
WAITS = "Waits are means of a steady stream, in time on shift: nights and free days are not in them."


def left_out(line: Line) -> tuple[str, ...]:
    """One sentence for each mechanism of the line that the estimates do not follow."""
    told = [*_of_people(line), *_of_stages(line), *_of_work(line)]
    if len(line.epochs):
        told.append("Changes at later dates: all but headcounts and calendars in the date of the backlog.")
    if line.wip is not None:
        told.append("The limit on items in the line.")
    return tuple(told)


def _of_people(line: Line) -> Iterable[str]:
    named = [pool for pool in line.pools if any(pool.name in dict(stage.pools) for stage in line.stages)]
    found = {
        "Waits for a crowd: {} come as they like.": [p.name for p in named if p.sessions is not None],
        "That fewer of {} come where less is on offer: they are taken to come at the whole rate.": [
            p.name for p in named if p.sessions is not None and p.sessions.pull
        ],
        "That fewer of {} come the longer ago work was posted: as many as an hour after it are taken to come.": [
            p.name for p in named if p.sessions is not None and p.sessions.fade
        ],
        "That more or fewer of {} come in one run than in another: as many as in the median run are taken to come.": [
            p.name for p in named if p.sessions is not None and p.sessions.spread
        ],
        "What practice gained on the way does to {}: they are as at the start.": [
            p.name for p in named if p.learning.exponent or p.learning.gain
        ],
        "Tiring of {}.": [p.name for p in named if p.fatigue.slower or p.fatigue.logits],
        "How the skill of each of {} wanders: it is as at the start.": [p.name for p in named if p.drift.walk],
        "That wrong labels of {} gather less on one class where they come of people who do not look.": [
            p.name for p in named if p.spammers.share
        ],
        "People of {} who leave and are replaced, their training and mentoring.": [
            p.name for p in named if p.turnover.hazard_per_year or p.mentoring.hours_per_week
        ],
        "That only a part of {} may work on some segments.": [p.name for p in named if p.masters],
        "That {} take the shortest tasks first: waits are as first come, first served.": [
            p.name for p in named if p.discipline == "shortest"
        ],
        "That {} share their time among segments by weight: waits are as first come, first served.": [
            p.name for p in named if p.discipline == "fair"
        ],
        "That more or fewer of {} are on shift at different hours: a mean number is there throughout.": [
            p.name for p in named if any(c.name == p.calendar and c.availability is not None for c in line.calendars)
        ],
        "That what others hand on is on its way to {} for a while.": [p.name for p in named if any(p.delays.values())],
        "Training days of {}.": sorted({training.pool for training in line.trainings}),
    }
    yield from (text.format(", ".join(names)) for text, names in found.items() if names)
    if len({pool.calendar for pool in named} | {s.arrivals.calendar for s in line.segments if s.arrivals}) > 1:
        yield "Waits of work that comes, or is handed on, while nobody of its pool is on shift."


def _of_stages(line: Line) -> Iterable[str]:
    rules: dict[str, Callable[[Stage], object]] = {
        "Waits for a batch to fill, or for its results, at {}.": lambda s: s.gather.size > 1 or s.batch.size > 1,
        "Waits of {} for a free machine.": lambda s: s.kind in MACHINE and s.servers is not None,
        "That labels of one item queue behind each other at {}: waits there are told up to 40% too low.": lambda s: (
            s.kind == "annotate" and (s.labels_per_item > 1 or s.consensus.rule == "lead")
        ),
        "Labels that {} asks for until it is sure: as many as at first are counted.": lambda s: (
            s.kind == "annotate" and s.consensus.rule == "posterior"
        ),
        "Lots at {}: each item is taken to be inspected and none goes back for another's fault.": lambda s: (
            s.kind == "inspect"
        ),
        "That {} sends rework to its author: it is taken to wait for anybody.": lambda s: (
            s.kind == "annotate"
            and s.rework_by == "author"
            and any(other.rounds for other in line.stages)
            and any("rejected" in other.next for other in line.stages)
        ),
        "Common queues of the pools of {}: each pool gets a share by its hours, with a queue of its own.": lambda s: (
            s.route in FLEXIBLE and len(s.pools) > 1
        ),
        "More reviews of beginners at {}.": lambda s: s.tenure_fractions,
        "That {} reviews some labels more than others: as many of each as of the rest.": lambda s: s.class_fractions,
        "That {} reviews the labels at risk: as many, any of them.": lambda s: s.kind == "review" and s.risk.auc > 0.5,
        "Tasks of {} that are held too long and issued again.": lambda s: s.lock_s is not None,
        "What people look over at {} before they hand it in: its time, and the errors they find.": lambda s: (
            s.self_check is not None
        ),
        "Looks at tasks of {} that are left to somebody else.": lambda s: s.skip.chance and s.skip.answer is None,
        "Questions at {}, and waits for answers to them.": lambda s: s.skip.chance and s.skip.answer is not None,
        "Items that {} sends elsewhere when they have waited too long.": lambda s: s.escalation is not None,
        "That only some of the people work at {} in a period.": lambda s: s.rotation is not None,
        "The limit on tasks at {}.": lambda s: s.wip is not None,
        "Tasks of {} that are begun anew after a shift, or finished in overtime.": lambda s: (
            s.kind not in MACHINE and s.shift_end != "pause"
        ),
        "People sent home, or trained, after test questions at {}.": lambda s: s.gold.ban_below is not None,
    }
    for text, applies in rules.items():
        names = [stage.name for stage in line.stages if applies(stage)]
        if names:
            yield text.format(", ".join(names))


def _of_work(line: Line) -> Iterable[str]:
    streams = [segment for segment in line.segments if segment.arrivals is not None]
    if len({segment.priority for segment in line.segments}) > 1:
        yield "Priorities: waits are means over all segments."
    if any(s.arrivals is not None and s.arrivals.growth_per_week for s in streams):
        yield "Growth of the streams: they are as at the start."
    if any(s.arrivals is not None and s.arrivals.shape is not None for s in streams):
        yield "Busy and quiet hours of the streams: items come evenly over their open hours."
    if streams and any(segment.backlog or segment.releases for segment in line.segments):
        yield "What the backlog and releases do to waits: these are of the stream alone, once they are worked off."
    if line.relabels:
        yield "Items that are sent back after delivery."
    if any(segment.doubt > 0.0 for segment in line.segments):
        yield "That items which a model doubts are harder than others: the sample is taken to be like the rest."
    if line.initial:
        yield "How far work under way has come: it is counted as if it came fresh."
