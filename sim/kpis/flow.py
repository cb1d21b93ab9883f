"""How tasks waited: means, percentiles and parts of waits, queues, and what was promised."""

from __future__ import annotations

from ..tally import Shape, Tally
from ..tally import sums as n
from ..tally.bins import percentiles
from .facts import HOUR_MS, NAN, Found, over
from .outside import Outside

_PARTS = {
    "": n.TOTAL_MS,
    ".contention": n.CONTENTION_MS,
    ".off_shift": n.OFF_SHIFT_MS,
    ".batching": n.BATCHING_MS,
    ".consensus": n.CONSENSUS_MS,
    ".handoff": n.HANDOFF_MS,
}
"""Sums of a wait and of its parts, by what their names end in."""

_PERCENTS = (50, 95)


def of_waits(tally: Tally, shape: Shape) -> Found:
    """Mean waits of started tasks and their parts, by stage and by segment."""
    found, by_stage, by_segment = {}, tally.sums.by_stage.tolist(), tally.sums.by_segment.tolist()
    for code, stage in enumerate(shape.stages):
        row = by_stage[code]
        for suffix, part in _PARTS.items():
            found[f"wait_h.{stage}{suffix}"] = over(row[part], row[n.STARTED]) / HOUR_MS
    for code, segment in enumerate(shape.segments):
        found[f"wait_h.segment.{segment}"] = over(by_segment[code][n.WAIT_MS], by_segment[code][n.WAITS]) / HOUR_MS
    handoff, whole = (sum(row[part] for row in by_stage) for part in (n.HANDOFF_MS, n.TOTAL_MS))
    synced, delivered = (sum(row[part] for row in by_segment) for part in (n.SYNC_MS, n.DELIVERED))
    return found | {"handoff_share": over(handoff, whole), "sync_delay_h": over(synced, delivered) / HOUR_MS}


def of_long_waits(tally: Tally, shape: Shape) -> Found:
    """Percentiles of the waits of started tasks, by stage."""
    found = {}
    for stage, waits in zip(shape.stages, tally.sums.waits, strict=True):
        for percent, wait in zip(_PERCENTS, percentiles(waits, _PERCENTS), strict=True):
            found[f"wait_h_p{percent}.{stage}"] = wait / HOUR_MS
    return found


def of_queues(tally: Tally, shape: Shape, outside: Outside) -> Found:
    """Mean and greatest number of tasks that were ready and not started, from the origin to the end of the run, and how
    many of them starved."""
    found, ended, most = {}, outside.ended, outside.queue_max()
    for code, name in enumerate(shape.stages):
        area, hungry = int(tally.sums.by_stage[code, n.QUEUE_MS]), int(tally.sums.by_stage[code, n.STARVED])
        found[f"queue.{name}"] = area / ended if ended > 0 else NAN
        found[f"queue_max.{name}"] = float(most[code])
        found[f"starved.{name}"] = float(hungry)
    return found


def of_promises(tally: Tally, shape: Shape) -> Found:
    """By stage: tasks that were not finished in the promised time, given up or skipped, and the time that was lost;
    share of items that were escalated, or went to the wrong tier."""
    whole = tally.sums.by_stage.sum(axis=0).tolist()
    found = {"lost_h": whole[n.LOST_MS] / HOUR_MS}
    found |= {"skips": float(whole[n.SKIPS]), "skip_h": whole[n.SKIP_MS] / HOUR_MS}
    found |= {"questions": float(whole[n.ASKED]), "answer_h": over(whole[n.ANSWER_MS], whole[n.ANSWERED]) / HOUR_MS}
    for code, stage in enumerate(shape.stages):
        row = tally.sums.by_stage[code].tolist()
        found[f"attempts.{stage}"] = float(row[n.ATTEMPTS])
        found[f"lost_h.{stage}"] = row[n.LOST_MS] / HOUR_MS
        found[f"skips.{stage}"], found[f"skip_h.{stage}"] = float(row[n.SKIPS]), row[n.SKIP_MS] / HOUR_MS
        found[f"questions.{stage}"] = float(row[n.ASKED])
        found[f"answer_h.{stage}"] = over(row[n.ANSWER_MS], row[n.ANSWERED]) / HOUR_MS
        found[f"mistier_rate.{stage}"] = over(row[n.MISTIERED], row[n.TIERED])
        found[f"escalation_rate.{stage}"] = over(row[n.ESCALATED], row[n.CAME])
        found[f"sla_breaches.{stage}"] = float(row[n.BREACHES]) if stage in shape.promises else NAN
    return found
