"""What queueing theory foretells of a policy's plans: all that varies but how many people a pool has is the policy, and
its load scales with people from there.

Of a line without a simulation: waits where work keeps coming, when a backlog is done, what it all costs by its main
prices, and how many labels are wrong, by typical people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...sim.estimates.drain import drained, drains
from ...sim.estimates.erlang import mean_waits
from ...sim.estimates.fluid import all_ends, hours
from ...sim.estimates.line import work_h
from ...sim.estimates.load import Load, items, load
from ...sim.line import Line, Pool
from ...sim.statistics import Floats

BUSY = 0.97
"""Utilisation above which waits go on as a straight line: beyond it theory has infinity, and a run has an end."""

SIZES = 12
"""Sizes of a pool for which it is worked out when its work is done; between them it is taken as straight over what one
person has to do."""

LEAST, LONGEST = 0.1, 1e4
"""Fewer people than that count as so many, and more days as so many."""

DAY_MS, DAY_S, MONTH_DAYS = 86_400_000.0, 86_400.0, 30.4375

FORETOLD = ("cost", "finish_days", "accuracy")
"""KPIs of which something is foretold."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Straight between points. x: float[n], rising.  y: float[n]."""

    x: Floats
    y: Floats

    def at(self, x: Floats) -> Floats:
        """Beyond the ends as at them."""
        found: Floats = np.interp(x, self.x, self.y)
        return found


NOTHING = Curve(np.ones(1), np.zeros(1))


@dataclass(frozen=True, eq=False)
class Price:
    """What a pool costs. hour: of a person on shift.  month: of a person employed.  fixed: once, with all its labels.
    In whole units of its currency."""

    hour: float = 0.0
    month: float = 0.0
    fixed: float = 0.0


@dataclass(frozen=True, eq=False)
class Policy:
    """The load of a policy, by pool, float[pools] each.

    heads: employed.  people: who are there, of one that is employed.  offered: people that its steady work keeps busy.
    tasks: a week.  mean: hours of a task.  services: its squared coefficient of variation.  work: hours of what has an
    end.  open: hours of a week.  items: a week.  wrong: share of the delivered.
    done: after how many days what has an end is worked off, over one by people employed.
    on_shift: open hours by days from the start.  prices: by pool.  ends: whether the run does, with all work.
    horizon: days.
    """

    heads: Floats
    people: Floats
    offered: Floats
    tasks: Floats
    mean: Floats
    services: Floats
    work: Floats
    open: Floats
    items: float
    wrong: float
    done: tuple[Curve, ...]
    on_shift: tuple[Curve, ...]
    prices: tuple[Price, ...]
    ends: bool
    horizon: float

    def days_of(self, place: int, employed: Floats) -> Floats:
        """Until what has an end is worked off by a pool of so many, float[n] each."""
        return self.done[place].at(1.0 / np.maximum(employed, LEAST))

    def days(self, employed: Floats) -> Floats:
        """The same of each pool, float[n, pools] each."""
        return np.column_stack([self.days_of(place, own) for place, own in enumerate(employed.T)])

    def features(self, employed: Floats) -> Floats:
        """float[n, features]: for each pool its waits by item, how far it is overloaded, the days of what there is an
        end of; the longest of these; person-days; hours of work of which there is an end, and by week; and the share of
        wrong labels."""
        people = employed * self.people
        there = np.maximum(people, 1e-6)
        busy = np.where(self.offered > 0.0, self.offered / there, 0.0)
        waits = mean_waits(np.maximum(there, self.offered / BUSY), self.offered, self.mean)
        waits *= (1.0 + self.services) / 2.0 * (1.0 + np.maximum(busy - BUSY, 0.0) / (1.0 - BUSY))
        days = self.days(employed)
        longest = days.max(axis=1, keepdims=True)
        fixed = np.array([*self.work, *(self.offered * self.open), self.wrong])
        own = np.tile(fixed, (len(people), 1))
        over = np.maximum(busy - 0.9, 0.0)
        return np.hstack([waits * self.tasks / self.items, over, days, longest, people * longest, own])

    def foretold(self, employed: Floats) -> Floats:
        """FORETOLD of plans, float[n, 3]."""
        longest = self.days(employed).max(axis=1)
        until = np.minimum(longest, self.horizon) if self.ends else np.full(len(employed), self.horizon)
        cost = np.zeros(len(employed))
        for place, price in enumerate(self.prices):
            each = price.hour * self.on_shift[place].at(until) + price.month * until / MONTH_DAYS
            cost += price.fixed + employed[:, place] * each
        return np.column_stack([cost, longest, np.full(len(employed), 1.0 - self.wrong)])


def policy(line: Line, names: Sequence[str], sizes: Mapping[int, Floats]) -> Policy:
    """Of a line whose pools have people; pools of the file that it does not have get no work. names: of the file's
    pools.  sizes: numbers of people that pools may have, by their place in the file, of those that vary."""
    found = load(line)
    tasks, heads = found.tasks.sum(axis=0), np.array([float(pool.headcount) for pool in line.pools])
    open_s = np.array([max(one.open_s, 1.0) for one in found.staff])
    places = [names.index(pool.name) for pool in line.pools]

    def spread(values: Floats, default: float = 0.0) -> Floats:
        """By pool of the file."""
        whole = np.full(len(names), default)
        whole[places] = values
        return whole

    done, on_shift, prices = [NOTHING] * len(names), [NOTHING] * len(names), [Price()] * len(names)
    curves = _done(line, found, [_some(sizes.get(place, heads[own : own + 1])) for own, place in enumerate(places)])
    for own, place in enumerate(places):
        done[place] = curves[own]
        there = hours(line, own, line.horizon_s * 1000.0)
        on_shift[place] = Curve(there.moments / DAY_MS, there.open_s / 3600.0)
        prices[place] = _price(line, found, own)
    return Policy(
        heads=spread(heads),
        people=spread(np.array([one.people for one in found.staff]) / np.maximum(heads, 1.0)),
        offered=spread(tasks * found.mean / open_s),
        tasks=spread(tasks),
        mean=spread(found.mean / 3600.0),
        services=spread(found.services),
        work=spread(np.nan_to_num([work_h(line, found, place) for place in range(len(line.pools))])),
        open=spread(open_s / 3600.0, 1.0),
        items=max(found.per_week, 1e-9),
        wrong=float(np.nan_to_num(found.wrong)),
        done=tuple(done),
        on_shift=tuple(on_shift),
        prices=tuple(prices),
        ends=drains(line) and all_ends(line),
        horizon=line.horizon_s / DAY_S,
    )


def _some(sizes: Floats) -> Floats:
    """SIZES of them at most, falling."""
    places = np.unique(np.linspace(0, len(sizes) - 1, SIZES).round().astype(int))
    some: Floats = np.maximum(np.sort(sizes[places])[::-1], LEAST)
    return some


def _done(line: Line, found: Load, people: Sequence[Floats]) -> list[Curve]:
    """By pool, days until its work is done, over one by people; beyond the horizon as if hours were always alike.
    people: numbers of each pool, falling."""
    heads = [max(float(pool.headcount), 1.0) for pool in line.pools]
    fluid, beyond = [np.full(some.size, np.inf) for some in people], 0.0
    if drains(line):
        fluid = drained(line, found, [(some / many).tolist() for some, many in zip(people, heads, strict=True)])
        beyond = line.horizon_s / DAY_S
    curves = []
    for place, (there, some) in enumerate(zip(found.staff, people, strict=True)):
        work = float(np.nan_to_num(work_h(line, found, place)))
        alike = work / np.maximum(some / heads[place] * there.people, LEAST) * 7.0 * 3600.0 / max(there.open_s, 1.0)
        done = np.where(np.isfinite(fluid[place]), fluid[place] / DAY_S, np.maximum(alike, beyond))
        curves.append(Curve(1.0 / some, np.minimum(done, LONGEST) if work > 0.0 else np.zeros(some.size)))
    return curves


def _price(line: Line, found: Load, place: int) -> Price:
    """By the hour, the month and the first price of a label; what else a contract says is not foretold."""
    pool: Pool = line.pools[place]
    contract = pool.contract
    labels = 0.0
    for part in found.parts:
        made = part.tasks(line)[:, place].reshape(-1, 2).sum(axis=0)
        count = part.sampled * items(part.segment, line.horizon_s)
        labels += count * float(made[0] + (made[1] if contract.rework_paid else 0.0))
    each = contract.per_label[0].price if contract.per_label else 0
    return Price((contract.hourly or 0) / 1e6, (contract.salary or 0) / 1e6, each / 1e6 * labels)
