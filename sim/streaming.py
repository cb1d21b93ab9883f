"""A replication without a log: its rows are tallied as items are over, in memory that grows with work in progress.

What comes out is what comes out of the log of the same run; see replication.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from .curves import HOUR_MS
from .kernel.accounts import PRICED, REWORK_PAID, UNIT
from .kernel.memory import NONE
from .kernel.stream import Asked, Streamed, stream
from .kernel.tables import fixed
from .kpis.charts import Charted
from .kpis.outside import Outside, queue_max, ready_at
from .kpis.people import of_people
from .ledger import (
    ACTIVITIES,
    Account,
    Books,
    Counted,
    Prices,
    Stretches,
    Terms,
    accounts,
    activity_codes,
    books_of,
    fold_labels,
    lots_table,
    nothing,
    prices,
    refused_rows,
    spent_of,
    stretches,
)
from .log import ATTEMPTS, OUTCOMES
from .paid import Present
from .plan import Plan
from .staff import staff_of_tables
from .strain import caps_of, strains
from .tables import NULL, Ints
from .tally import Shape, Tally, columns, fold
from .trained import by_hour

_ATTEMPTS = np.array([name in ATTEMPTS for name in OUTCOMES], np.int64)


@dataclass(frozen=True, eq=False)
class Setting:
    """What all replications of a line share: names and kinds, and time as the ledger cuts it, up to the horizon."""

    plan: Plan
    terms: Terms
    shape: Shape
    parts: Stretches
    all_accounts: list[Account]
    price: Prices
    activity: Ints
    asked: Asked

    @staticmethod
    def of(plan: Plan, terms: Terms) -> Setting:
        """The setting of a line's plan."""
        line = plan.line
        shape = Shape(
            segments=tuple(segment.name for segment in plan.segments),
            stages=tuple(stage.name for stage in plan.stages),
            kinds=tuple(stage.kind for stage in line.stages),
            pools=tuple(pool.name for pool in plan.pools),
            classes=tuple(plan.classes),
            promises={stage.name: round(stage.sla_s * 1000) for stage in line.stages if stage.sla_s is not None},
            hours=-(-plan.horizon // HOUR_MS),
        )
        parts = stretches(terms, line.origin.astimezone(ZoneInfo(line.timezone)), 0, plan.horizon + terms.notice_ms)
        price, activity = prices(terms, parts, shape.pools), activity_codes(shape.kinds)
        segments = {name: code for code, name in enumerate(shape.segments)}
        asked = Asked(
            edges=parts.edges[:-1],
            activity=activity,
            activities=len(ACTIVITIES),
            terms=price.counted @ np.array([PRICED, REWORK_PAID], np.int64) + UNIT * price.unit,
            tiers=bool(price.number_matters.any()),
            account=price.account,
            counting=price.counting,
            load=bool(caps_of(line.pools)),
            windows=[(NONE if one.segment is None else segments[one.segment], one.items) for one in line.windows],
        )
        fixed(plan)  # now, not while a replication waits
        return Setting(plan, terms, shape, parts, accounts(terms, shape.pools), price, activity, asked)


@dataclass(frozen=True, eq=False)
class Found:
    """What a run without a log gives: its tally, what no item can tell alone, and the ledger, when it is asked for."""

    tally: Tally
    outside: Outside
    books: Callable[[], Books]


def run(setting: Setting, seed: int, replication: int) -> Found:
    """Runs one replication of a setting."""
    plan, shape = setting.plan, setting.shape
    tally, price, parts = Tally.empty(shape), setting.price, setting.parts
    found = nothing(setting.terms, parts, price, len(shape.segments))
    rows, paid = (
        _Rows(plan, shape, price.account if found.lots.size else None),
        bool(price.up_to.any() or found.quality.size),
    )
    given = parts.edges, price.up_to, price.unit, price.rush, parts.month
    tables = *given, found.labels, found.quality, found.refunds

    def take(items: Ints, tasks: Ints, ended: int) -> None:
        fold(tally, shape, items, tasks, ended)
        if paid:
            fold_labels(items, tasks, setting.activity, _ATTEMPTS, *tables)
        rows.keep(items, tasks)

    left = stream(plan, seed, replication, setting.asked, take)
    return Found(tally, _outside(setting, left, rows), cache(lambda: _books(setting, left, rows, found)))


class _Rows:
    """The few columns of rows that are kept to the end, of lines for which the run itself cannot tell.

    Where locks run out or items escalate, a task that waits may turn out never to have been one, so that only its row
    says whether it waited. Where items go back after their delivery the last one counts. A lot is over with its last
    item, and is paid back once. account: of prices, None where nothing is.
    """

    def __init__(self, plan: Plan, shape: Shape, account: Ints | None) -> None:
        rules = [stage for stand in plan.stands for stage in stand.stages]
        self.waits = any(stage.lock != NONE or stage.escalate is not None for stage in rules)
        self.deliveries = bool(plan.line.relabels)
        self.charts = Charted(plan.line.charts, shape)
        self.account = account
        self.refused: list[Ints] = []
        self._waits: list[Ints] = []
        self._deliveries: list[Ints] = []

    def keep(self, items: Ints, tasks: Ints) -> None:
        """Keeps what is needed of rows."""
        if self.account is not None:
            self.refused.append(refused_rows(items, tasks, self.account))
        if self.waits:
            places = [columns.STAGE, columns.READY_AT, columns.STARTED_AT, columns.FINISHED_AT]
            self._waits.append(tasks[:, places])
        if self.deliveries:
            self._deliveries.append(items[:, [columns.SEGMENT, columns.DELIVERED_AT]])
        self.charts.keep(items, tasks)

    def queue_max(self, stages: int, ended: int) -> list[int]:
        """The greatest number of tasks that waited at once, by stage."""
        stage, ready, started, finished = np.concatenate(self._waits).T
        left = np.where(started != NULL, started, np.where(finished != NULL, finished, ended))
        return queue_max(stages, stage, ready, left, ended)

    def ready_at(self, setting: Setting) -> list[int]:
        """When the windows of a line were full."""
        segment, delivered = np.concatenate(self._deliveries).T
        names = setting.shape.segments
        return [ready_at(window, names, segment, delivered) for window in setting.plan.line.windows]


def _outside(setting: Setting, left: Streamed, rows: _Rows) -> Outside:
    ended, stages = left.ended_at, len(setting.shape.stages)
    return Outside(
        ended=ended,
        presence=len(left.presence) > 0,
        queue_max=lambda: rows.queue_max(stages, ended) if rows.waits else left.queue_max.tolist(),
        training=lambda: by_hour(Present(*left.presence.T), len(left.pool), ended),
        ready_at=lambda: rows.ready_at(setting) if rows.deliveries else _ready_at(setting, left),
        people=lambda: _people(setting, left),
        charts=lambda: rows.charts.found(ended),
    )


def _ready_at(setting: Setting, left: Streamed) -> list[int]:
    wanted = zip(setting.asked.windows, left.windows.tolist(), strict=True)
    return [0 if items <= 0 else at for (_, items), at in wanted]


def _people(setting: Setting, left: Streamed) -> dict[str, float]:
    pools, there, ended = setting.shape.pools, Present(*left.presence.T), left.ended_at
    busy = left.busy.sum(axis=(1, 2, 3))
    staff = staff_of_tables(*there, left.pool, busy, left.done, left.spent, left.many, ended, pools)
    return of_people(staff, pools, strains(left.load, there, left.pool, pools, caps_of(setting.plan.line.pools), ended))


def _books(setting: Setting, left: Streamed, rows: _Rows, found: Counted) -> Books:
    shape, parts, terms, there = setting.shape, setting.parts, setting.terms, Present(*left.presence.T)
    made = found._replace(lots=lots_table(rows.refused, parts, found))
    spent = spent_of(terms, parts, shape.pools, left.busy, there, left.pool, made, left.ended_at)
    return books_of(spent, terms, setting.plan.line.currency, setting.all_accounts, shape.segments, left.ended_at)
