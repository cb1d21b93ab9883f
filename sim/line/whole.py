"""The line: everything needed to simulate, with every default written out. The machine form of a scenario.

Times are seconds from the line's start, shares and chances lie in [0, 1], skills and effects are logits, money is in
integer micro-units (millionths) of the line's currency. Input was checked at the door (scenarios/load.py); here only
the laws that simulation itself needs are asserted.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from .flow import Stage
from .money import Exchange
from .people import Calendar, Pool
from .work import Sampling, Segment


@dataclass(frozen=True)
class Goal:
    """A goal on a KPI. For `probability` None it holds for the mean, else for a chance of at least `probability`.

    kpi: cost (currency units), finish_days, accuracy, on_time, ...  relation: ">=" or "<=".
    """

    kpi: str
    relation: Literal[">=", "<="]
    value: float
    probability: float | None = None


@dataclass(frozen=True)
class OpenTask:
    """A task that waits or is in progress at time zero; its item arrived at `arrived_s` (zero or before).

    Items are told apart by (segment, item). labels: (pool, slot, label) of the round so far, for replicas already
    finished at this or an earlier stage; a label "" is not known and is drawn anew, as the worker would give it.
    slot None: waiting.  Else the worker has `remaining_s` active seconds to go.
    """

    segment: str
    item: int
    stage: str
    arrived_s: float = 0.0
    enqueued_s: float = 0.0
    round: int = 0
    replica: int = 0
    labels: tuple[tuple[str, int, str], ...] = ()
    pool: str | None = None
    slot: int | None = None
    started_s: float | None = None
    remaining_s: float | None = None


@dataclass(frozen=True)
class Window:
    """A date on which a number of items is wanted: a training window. segment: None counts items of all segments."""

    name: str
    at_s: float
    items: int
    segment: str | None = None


GOLD = "gold"
"""What a chart watches that sees test questions."""


@dataclass(frozen=True)
class Chart:
    """A control chart of results that are right or wrong, see sim/control.py; it changes nothing.

    watch: GOLD for labels of test questions, or the name of the stage whose rejections count as wrong.  in_control,
    out_of_control: shares of wrong results.  false_alarm_every: mean number of results between false alarms at least;
    limit: or the score at which it alarms.  since_s: when the change comes from which the delay counts, None for none.
    """

    name: str
    watch: str
    in_control: float
    out_of_control: float
    false_alarm_every: float | None = 1000.0
    limit: int | None = None
    since_s: float | None = None


@dataclass(frozen=True)
class Epoch:
    """What the line is from `at_s` on: the parts that are given take the place of those before, by position; names,
    kinds, classes and their number stay. A part holds for what is decided from then on: an item that enters a stage, a
    task that starts, a label that is given, a price of what is finished."""

    at_s: float
    segments: tuple[Segment, ...] | None = None
    calendars: tuple[Calendar, ...] | None = None
    pools: tuple[Pool, ...] | None = None
    stages: tuple[Stage, ...] | None = None


@dataclass(frozen=True)
class Training:
    """On-shift time of everyone of a pool, from `at_s` on, that is spent on training; paid as work is."""

    at_s: float
    pool: str
    hours: float


@dataclass(frozen=True)
class Relabel:
    """A rollback: at `at_s`, a share of the items delivered since `since_s` goes back to the stage `to`.
    segment: None for all."""

    at_s: float
    to: str
    share: float = 1.0
    since_s: float = 0.0
    segment: str | None = None


@dataclass(frozen=True)
class OneOff:
    """A cost that falls due once: micro-units of the line's currency."""

    at_s: float
    amount: int
    why: str


@dataclass(frozen=True)
class Running:
    """A cost of each calendar month that the run touches from `at_s` on: micro-units of the line's currency."""

    at_s: float
    monthly: int
    why: str


@dataclass(frozen=True)
class Line:
    """A labelling line. start: local wall-clock time in `timezone`, without offset.  horizon_s: the run ends there at
    the latest, exclusive.  first: the stage at which items enter.  tick_s: all times are whole multiples of it.

    wip: so many items are in the line at most; others wait before it, in order.  epochs: in order of their dates.
    exchange: in order of their dates, of each currency that a contract has besides the line's.
    """

    name: str
    start: datetime
    timezone: str
    currency: str
    horizon_s: float
    segments: tuple[Segment, ...]
    calendars: tuple[Calendar, ...]
    pools: tuple[Pool, ...]
    stages: tuple[Stage, ...]
    first: str
    goals: tuple[Goal, ...] = ()
    initial: tuple[OpenTask, ...] = ()
    tick_s: float = 0.001
    sampling: Sampling | None = None
    windows: tuple[Window, ...] = ()
    charts: tuple[Chart, ...] = ()
    wip: int | None = None
    epochs: tuple[Epoch, ...] = ()
    trainings: tuple[Training, ...] = ()
    relabels: tuple[Relabel, ...] = ()
    one_offs: tuple[OneOff, ...] = ()
    running: tuple[Running, ...] = ()
    exchange: tuple[Exchange, ...] = ()
    assumed: tuple[str, ...] = ()
    """Scenario paths whose value is a default of ours on which the answer rests: neither written by the planner nor
    fitted. For the report."""
    fitted: tuple[str, ...] = ()
    """Scenario paths whose value comes from a profile."""
    stated: tuple[str, ...] | None = None
    """Scenario paths that the planner wrote, lists as one; None for a line that is of no file, whose values are all
    stated that are not named above."""
    backtest: str = ""
    """What a backtest said of forecasts from that profile, "" without one. For whoever reads a forecast."""

    @property
    def origin(self) -> datetime:
        """The start as an aware moment."""
        return self.start.replace(tzinfo=ZoneInfo(self.timezone))


def machine_form(line: Line) -> dict[str, Any]:
    """The line as plain dicts, lists, strings and numbers, every default written out; infinities as "inf"."""
    return _plain(dataclasses.asdict(line))  # type: ignore[no-any-return]


def anonymous(line: Line) -> Line:
    """The line without a word on who said its numbers: equal for lines that simulate alike."""
    return replace(line, stated=None, assumed=(), fitted=())


def digest(line: Line) -> str:
    """SHA-256 of the machine form, in hexadecimal: equal for lines that simulate alike and are reported alike."""
    text = json.dumps(machine_form(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value
