"""The team lead's page: what holds the line up, what one more person would give, where work waits, who is idle."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ...scenarios.bottleneck import RANKED, Effects
from ...sim.log import Log
from ...sim.replicate import Runs
from ...sim.tables import ints
from ...sim.waits import PARTS
from .. import bottleneck, cells, floor, numbers, panels, style, words
from ..assumptions import assumptions, calendar_words
from ..cells import Cell, Group, Row, Table
from ..foot import level
from ..lead.flow_figure import draw_flow, flow_words
from ..lead.flows import flow_of
from ..lead.queue_week import draw_queue_week, queue_week_words
from ..lead.speed import speed_of
from ..lead.speed_figure import draw_speed, speed_words
from ..lead.stage_map import draw_stage_map, stage_map_words
from ..lead.time_figure import draw_time_use, time_use_words
from ..lead.wait_figure import draw_wait_parts, wait_parts_words, wait_splits
from ..reading import Reading, read
from ..replay.day import day_of
from .sheet import Drawn, Section, Sheet, Shown, listing

AGES = ("wip_age_h", "wip_age_h_p95", "cycle_time_h")


def lead_page(runs: Runs, found: Effects, log: Log | None = None, cautions: Sequence[str] = ()) -> Sheet:
    """The page of a line. runs: of it as it is.  found: what one more of everything would change.  log: of one
    replication, for the ways of items and the speed of people.  cautions: what a reader must be warned of besides."""
    (reading,) = read([runs])
    told = list(bottleneck.verdict(found))
    return Sheet(
        "The line for its lead",
        [reading.name],
        told[:1],
        [reading],
        Drawn(
            "levers",
            lambda width: bottleneck.draw_levers(found, width),
            _lever_words(found),
            "What each change would add to the items delivered a week, the whole run long.",
        ),
        [*(f"Goal: {one}." for one in words.goal_sentences(reading)), *told[1:], *_longest_wait(reading)],
        [*cautions, *_unsaid(found), *words.cautions([reading])],
        [*_sections(reading, found, log)],
    )


OF_PACE = ("shrinkage", "absence", "turnover", "learning", "fatigue", "overtime")
"""Keys of a pool that say how much its people get done."""


def _unsaid(found: Effects) -> Iterator[str]:
    """What nobody stated of the people who hold the line up."""
    pool = bottleneck.named(found)
    if pool is None:
        return
    paths = tuple(f"pools.{pool}.{key}" for key in OF_PACE)
    ours = [one for one in assumptions(found.base.line) if one.origin == "default" and one.path.startswith(paths)]
    if ours:
        told = "; ".join(f"{one.path.removeprefix(f'pools.{pool}.')}, {one.value}" for one in ours)
        yield f"The bottleneck hangs on what nobody stated of {style.name(pool)}: {told}."


def _longest_wait(reading: Reading) -> Iterator[str]:
    """Where a task waits longest and for what, with the hours of who works there."""
    waits = {row.title: row for row in wait_splits(reading) if row.whole > 0}
    if not waits:
        return
    row = max(waits.values(), key=lambda one: one.whole)
    stage = next(one for one in reading.line.stages if one.name == row.title)
    hours = _on_shift(reading, [name for name, _ in stage.pools])
    there = f"; on shift: {hours}" if hours else ""
    why = ", ".join(
        f"{size} as {words.WAITS[part]}" for part, size in zip(PARTS, row.sizes, strict=True) if size.strip("0.")
    )
    yield f"Longest wait: {row.told} a task at {style.name(row.title)}: {why}{there}."


def _lever_words(found: Effects) -> str:
    told = []
    for k in found.order:
        if claim := found.claim(k, RANKED):
            size = numbers.difference(claim.difference.mean, claim.low, claim.high, "items a week")
            told.append(f"{bottleneck.lever_words(found.levers[k])} {size}")
    return f"Items delivered a week more: {'; '.join(told) or 'nothing can be told'}."


def _sections(reading: Reading, found: Effects, log: Log | None) -> Iterator[Section]:
    yield _changes(found)
    yield _waits(reading)
    at = level(reading)
    told = (
        "Utilisation: busy time, with shrinkage, as a share of time on shift; mean of the runs' own shares ± "
        f"half-width of its {at} interval."
    )
    use = Drawn(
        "time-use",
        lambda width: draw_time_use(reading, width),
        time_use_words(reading),
        "Hours of all people of a pool together, by what they did.",
    )
    pools = Shown("Utilisation by pool", told, "pool", floor.pools([reading]))
    yield Section("Who is busy, who is idle", pictures=[use], tables=[pools])
    findings = floor.findings([reading])
    if findings.groups or log is not None:
        told = f"What the stages took, judged and lost; mean over runs ± half-width of its {at} interval."
        if "errors caught" in findings.columns:
            told += (
                " Caught: wrong labels that were rejected; missed: items delivered wrong that were seen. What is wrong "
                "of a hard item is caught less often than of a middling one. Active: on tasks, without shrinkage."
            )
        tables = [Shown("Findings by stage", told, "stage", findings)] if findings.groups else []
        yield Section("What comes back", pictures=_ways(log), tables=tables)
    if log is not None:
        yield from _people(log)
        yield from _day(log)


def _changes(found: Effects) -> Section:
    held = Shown(
        "Held up",
        "Which stage held the line up, of the hours in which tasks waited.",
        "stage",
        listing(bottleneck.held_rows(found)),
    )
    caption = "Each change by itself; in brackets where no difference could be seen."
    effects = Shown("Changes", caption, "change", listing(bottleneck.effect_rows(found, units_above=True)))
    line = Drawn(
        "map",
        lambda width: draw_stage_map(found, width),
        stage_map_words(found),
        "Stage by stage: what waits, who works there, and what one more of them would give. Two stages may hold the "
        "line up in the same hour.",
    )
    notes = [*bottleneck.notes(found, mapped=False)]
    return Section("What each change would give", pictures=[line], tables=[effects, held], notes=notes)


def _ways(log: Log | None) -> list[Drawn]:
    if log is None:
        return []
    flow = flow_of(log)
    caption = "Items of one run, as wide as they are many; back: rework and what is rolled back."
    return [Drawn("flow", lambda width: draw_flow(flow, width), flow_words(flow), caption)]


def _people(log: Log) -> Iterator[Section]:
    found = speed_of(log)
    if found.workers.empty:
        return
    caption = (
        f"At {found.stage}, in one run: people by speed, unnamed; and time by unit over the tasks that they had done."
    )
    picture = Drawn("speed", lambda width: draw_speed(found, width), speed_words(found), caption)
    yield Section("How quick people are, and what practice does", pictures=[picture])


def _day(log: Log) -> Iterator[Section]:
    if (ints(log.tasks["started_at"]) >= 0).any():
        told = "One run, on the day in which most tasks are started."
        yield Section("A day as it goes", [told], day=day_of(log))


def _waits(reading: Reading) -> Section:
    hours = _on_shift(reading, [pool.name for pool in reading.line.pools])
    week = Drawn(
        "queue-week",
        lambda width: draw_queue_week(reading, width),
        queue_week_words(reading),
        "Tasks waiting by local hour of the week, mean over all runs and whole weeks: nothing waits before the first "
        "day and after the last. The fuller, the nearer to the stage's own peak, which is a mean too: some weeks have "
        "more.",
    )
    split = Drawn(
        "wait-parts",
        lambda width: draw_wait_parts(reading, width),
        wait_parts_words(reading),
        "Hours that a task waits at each stage, by reason. Off shift has the nights that a backlog sits through: more "
        f"people make them fewer, as more hours do.{f' On shift: {hours}.' if hours else ''}",
    )
    queues = Drawn(
        "queues",
        lambda width: panels.draw_queues([reading], width),
        words.queue_words([reading]),
        "Tasks waiting, by stage. Line: median over replications; dark band: P20 to P80; light band: P5 to P95.",
    )
    parts = "; ".join(f"{part.replace('_', ' ')}: {words.WAITS[part]}" for part in floor.wait_parts([reading]))
    caption = (
        f"Hours that a task waits, by reason; of the whole the half-width of its {level(reading)} interval. {parts}. "
        "The parts add up to the wait."
    )
    waits = Shown("Waits by stage", caption, "stage", floor.waits([reading]))
    return Section("Where work waits, and for what", pictures=[split, queues, week], tables=[waits, _ages(reading)])


def _on_shift(reading: Reading, pools: Collection[str]) -> str:
    """When the staff of some pools is at work; "" where nobody is."""
    calendars = {one.name: calendar_words(one) for one in reading.line.calendars}
    staff = [pool for pool in reading.line.pools if pool.name in pools and pool.sessions is None]
    return "; ".join(f"{style.name(pool.name)} {calendars[pool.calendar]}" for pool in staff)


def _ages(reading: Reading) -> Shown:
    """How old the work in progress is, and how long an item takes."""
    rows = []
    for kpi in (kpi for kpi in AGES if kpi in reading.kpis):
        risks = cells.percentiles(reading, kpi)
        rows.append(Row(words.title(kpi), (Cell(words.bare(words.mean(reading, kpi), "h")), *risks[1:])))
    told = "Hours: mean ± error, and how it may turn out over runs."
    return Shown("Age of work", told, "", Table(("mean", "P50", "P80", "P95"), (Group("", tuple(rows)),)))
