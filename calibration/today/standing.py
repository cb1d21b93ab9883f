"""From where items stand and what people did to the state that a line begins with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...sim.line import DELIVER, Line
from ...sim.standing import InHand, Judged, Pace, Person, Standing, Waits
from ..readers.recognise import Export
from .hours import Hours
from .seen import GONE, Seen, seen
from .walk import Place, Walked, labels_of, walk
from .words import Words


@dataclass(frozen=True, eq=False)
class Today:
    """A line at a moment of its log. standing: what `ahead` takes up.  log: what was seen.  walked: where items stand,
    and every finished task in the line's words."""

    standing: Standing
    log: Seen
    walked: Walked


def today(line: Line, export: Export, words: Words, now: int) -> Today:
    """The line as its log shows it at `now`, milliseconds since 1970. Raises as `seen` does."""
    log = seen(line, export, words, now)
    walked = walk(line, log)
    begun = Counter(one.segment for one in walked.places if not one.test)
    delivered = Counter(one.segment for one in walked.places if one.stage == DELIVER and not one.test)
    hours = Hours.of(line)
    spent = _spent(line, log, hours)
    waits = tuple(_waits(line, one, spent) for one in walked.places if one.stage != DELIVER)
    return Today(Standing(log.now_ms, begun, delivered, waits, tuple(_people(log, walked, hours))), log, walked)


def _spent(line: Line, log: Seen, hours: Hours) -> dict[tuple[str, int], float]:
    """By who has a task in hand, active seconds of it so far: its time on shift, without what the pool does not spend
    on tasks."""
    there = np.nan_to_num(hours.on_shift(log.open.assign(end_ms=log.now_ms))) / 1000.0
    share = {pool.name: 1.0 - pool.shrinkage for pool in line.pools}
    whose = zip(log.open["pool"].tolist(), log.open["number"].tolist(), there.tolist(), strict=True)
    return {(pool, number): seconds * share[pool] for pool, number, seconds in whose}


def _waits(line: Line, place: Place, spent: Mapping[tuple[str, int], float]) -> Waits:
    """An item with the labels that it still needs: those in hand first."""
    stage = next(one for one in line.stages if one.name == place.stage)
    staff = {pool.name for pool in line.pools if pool.sessions is None}
    got = len(place.given) if stage.kind == "annotate" else 0
    need = max(labels_of(stage, place.round) - got, len(place.in_hand), 1)
    known = [(pool, who, begin) for pool, who, begin in place.in_hand if pool in staff and who < GONE]
    in_hand = tuple(InHand(got + n, pool, who, begin, spent[pool, who]) for n, (pool, who, begin) in enumerate(known))
    return Waits(
        item=place.item,
        segment=place.segment,
        stage=place.stage,
        came_ms=place.came_ms,
        since_ms=place.since_ms,
        round=place.round,
        given=tuple((pool, who) for pool, who in place.given if pool in staff and who < GONE),
        wanted=tuple(range(got + len(in_hand), got + need)),
        in_hand=in_hand,
    )


def _timed(log: Seen, hours: Hours) -> pd.DataFrame:
    """Rows of people with a slot whose time is known. What lasted over the end of a shift took its time on shift: such
    tasks are longer than others, and without them people would seem quicker than they are."""
    rows = log.rows[log.rows["number"] < GONE]
    there = hours.on_shift(rows)
    over = (there > 0) & (there < (rows["end_ms"] - rows["begin_ms"]).to_numpy(np.float64))
    seconds = np.where(over, there / 1000.0, rows["seconds"].to_numpy(np.float64))
    known = seconds > 0  # and not NaN
    rows, seconds = rows[known], seconds[known]
    return rows.assign(log_s=np.log(seconds), segment=log.items["segment"].to_numpy()[rows["item"]])


def _people(log: Seen, walked: Walked, hours: Hours) -> list[Person]:
    """The staff that is there, with the times of their tasks."""
    rows = _timed(log, hours)
    paces: dict[tuple[str, int], list[Pace]] = {}
    for key, part in rows.groupby(["pool", "number", "stage", "segment"]):
        pool, number, stage, segment = (str(one) for one in key)
        pace = Pace(stage, segment, len(part), float(part["log_s"].sum()), float(part["practised"].sum()))
        paces.setdefault((pool, int(number)), []).append(pace)
    judged: dict[tuple[str, int], list[Judged]] = {}
    for (of, who, by, on), (labels, rejected) in walked.verdicts.items():
        judged.setdefault((of, who), []).append(Judged(by, on, labels, rejected))
    there = log.people[log.people["number"] < GONE]
    return [
        Person(pool, number, tasks, tuple(paces.get((pool, number), ())), tuple(judged.get((pool, number), ())))
        for pool, number, tasks in zip(there["pool"], there["number"].tolist(), there["tasks"].tolist(), strict=True)
    ]
