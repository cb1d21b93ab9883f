"""What a log, or a run without one, comes to before it is priced: time and labels, counted in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..employment import Moves, employed, employment, moves
from ..log import ATTEMPTS, Log
from ..paid import Paid, Present, busy_table, paid_tables
from ..staff import people, presence_of, work_of
from ..tables import NULL, Ints, codes, ints, names
from .activities import ACTIVITIES, activity_codes
from .counted import Counted, lots_table, nothing
from .labels import ROOM, Made, fold_made, numbers
from .prices import Prices, prices
from .stretches import Stretches, stretches
from .terms import Terms


@dataclass(frozen=True, eq=False)
class Spent:
    """Tables of int64. Activities are in the order of ACTIVITIES, segments in the order of the log's categories and one
    last for what is not recorded.

    busy: [pool, stretch, activity, segment] milliseconds on shift that tasks took.  paid: of [pool, stretch].
    employed: [pool, stretch] days, and seats: [pool, month] people, see `employment.employed`; moves: who came and
    left. Zero where nobody is paid by them.
    labels: [pool, stretch, rush, slot, activity, segment] pieces of tasks finished with a result, late ones too. Slot
    0: not paid; slot j: paid by the j-th tier of the price list of that time. Where a pool has no price per label, its
    labels are not in the table.
    refunds: [month, pool, stretch, rush, slot, 1, segment] of these, paid pieces of lots that were refused in a month,
    by when they were finished; lots: [pool, month] such lots with paid pieces, at the first pool of their account.
    Without months where no contract asks.
    quality: [pool, stretch, 4] labels, see labels.KNOWN; without stretches where no contract asks.
    """

    stretches: Stretches
    busy: Ints
    paid: Paid
    employed: Ints
    seats: Ints
    moves: Moves
    labels: Ints
    quality: Ints
    refunds: Ints
    lots: Ints


def spent(log: Log, terms: Terms) -> Spent:
    """What the work of a log comes to under the periods of these terms.

    Paid time counts up to the end of the log; a task in progress takes time until then. Work off shift is not on the
    account, and where recorded tasks of one worker overlap, the one started first has the time.
    """
    pools, segments = names(log.tasks["pool"]), names(log.items["segment"])
    parts = _stretches(log, terms)
    who, ended = people(log), log.provenance.ended_at
    activity, segment = _activity(log), _segment(log, len(segments))
    there = presence_of(log, who)
    lines = len(ACTIVITIES), len(segments) + 1
    took = work_of(log, who, activity * lines[1] + segment)
    busy = busy_table(took, there, who.pool, len(pools), lines[0] * lines[1], parts.edges, ended)
    made = _labels(log, terms, prices(terms, parts, pools), parts, activity, segment)
    return spent_of(terms, parts, pools, busy.reshape(*busy.shape[:2], *lines), there, who.pool, made, ended)


def spent_of(
    terms: Terms,
    parts: Stretches,
    pools: Sequence[str],
    busy: Ints,
    there: Present,
    pool_of: Ints,
    made: Counted,
    ended: int,
) -> Spent:
    """What was spent, from tables of tasks and labels and the presence of people. pools: names.  pool_of: of
    each worker."""
    days, seats, moved = _employed(terms, parts, pools, there, pool_of, ended)
    return Spent(
        stretches=parts,
        busy=busy,
        paid=paid_tables(*there, pool_of, len(pools), parts.edges, ended),
        employed=days,
        seats=seats,
        moves=moved,
        labels=made.labels,
        quality=made.quality,
        refunds=made.refunds,
        lots=made.lots,
    )


def _employed(
    terms: Terms, parts: Stretches, pools: Sequence[str], there: Present, pool_of: Ints, ended: int
) -> tuple[Ints, Ints, Moves]:
    """Days, people a month and moves, as of Spent; what nobody is paid by is not worked out."""
    nobody = np.zeros((len(pools), len(parts.month)), np.int64)
    none = Moves(nobody, nobody, nobody, nobody)
    contracts = [contract for period in terms.periods for contract in period.contracts.values()]
    salaries, seats = any(one.salary is not None for one in contracts), any(one.seat for one in contracts)
    moved = any(one.hiring or one.leaving or one.notice_days for one in contracts)
    if not (salaries or seats or moved):
        return nobody, nobody, none
    of = employment(there, len(pool_of), parts.days, ended)
    months = np.append(parts.edges[np.unique(parts.month, return_index=True)[1]], parts.edges[-1])
    listed = [[period.contract(pool).notice_days for period in terms.periods] for pool in pools]
    notice = np.array(listed, np.int64).reshape(len(pools), len(terms.periods))[:, parts.period]
    return (
        employed(of, pool_of, len(pools), parts.edges, parts.days)[0],
        employed(of, pool_of, len(pools), months, parts.days)[1],
        moves(of, there, pool_of, len(pools), parts.edges, parts.days, ended, notice) if moved else none,
    )


def _stretches(log: Log, terms: Terms) -> Stretches:
    """Those that anything on the account of the log touches."""
    columns = (log.tasks["started_at"], log.tasks["finished_at"], log.presence["from"])
    due = [at for at, _ in terms.one_offs]
    times = np.concatenate([*map(ints, columns), np.array([0, log.provenance.ended_at, *due], np.int64)])
    known = times[times != NULL]
    return stretches(terms, log.provenance.moment, int(known.min()), int(known.max()) + terms.notice_ms)


def _activity(log: Log) -> Ints:
    """Of each task."""
    of_stage = activity_codes([log.provenance.roles[stage] for stage in names(log.tasks["stage"])])
    gold = log.items["gold"].to_numpy(dtype=np.bool_, na_value=False)
    question = (gold & (ints(log.items["delivered_at"]) == NULL)).astype(np.int64)
    later = ints(log.tasks["round"]) > 0
    again = np.where(later, 1 + (ints(log.tasks["rollbacks"]) > 0), 0)
    found: Ints = of_stage[codes(log.tasks["stage"]), again, question[_item(log)]]
    return found


def _segment(log: Log, unknown: int) -> Ints:
    """Of each task's item."""
    code = codes(log.items["segment"]).astype(np.int64)
    return np.where(code < 0, unknown, code)[_item(log)]


def _item(log: Log) -> Ints:
    """Row of each task's item."""
    return np.searchsorted(ints(log.items["item"]), ints(log.tasks["item"])).astype(np.int64)


def _labels(log: Log, terms: Terms, price: Prices, parts: Stretches, activity: Ints, segment: Ints) -> Counted:
    found = nothing(terms, parts, price, len(names(log.items["segment"])))
    if not (price.up_to.any() or found.quality.size):
        return found
    made = _made(log, price, parts, activity, segment)
    tables = found.labels, found.quality, found.refunds
    fold_made(*made, parts.edges, price.up_to, price.unit, price.rush, parts.month, *tables)
    refused = (made.refused_at != NULL) & (made.number > 0)
    rows = np.stack([price.account[made.pool], made.refused_lot, made.refused_at], axis=1)[refused]
    return found._replace(lots=lots_table([rows], parts, found))


def _made(log: Log, price: Prices, parts: Stretches, activity: Ints, segment: Ints) -> Made:
    """The labels of a log, numbered. What is broken off without a result is time, but no label."""
    attempt = np.array([name in ATTEMPTS for name in names(log.tasks["outcome"])] + [False])
    finished, pool = ints(log.tasks["finished_at"]), codes(log.tasks["pool"]).astype(np.int64)
    rows = np.flatnonzero((finished != NULL) & (pool >= 0) & ~attempt[codes(log.tasks["outcome"])])
    pool, finished, activity, item = pool[rows], finished[rows], activity[rows], _item(log)[rows]
    first = ((ints(log.tasks["round"]) == 0) & (ints(log.tasks["replica"]) == 0)).astype(np.int64)[rows]
    objects, due = (ints(log.items[name])[item] for name in ("objects", "due_at"))
    objects = np.where(objects == NULL, 1, objects)
    room = np.where(due == NULL, ROOM, due - ints(log.items["arrived_at"])[item])
    truth, label = codes(log.items["truth"])[item], codes(log.tasks["label"])[rows]
    right = np.where((truth < 0) | (label < 0), -1, truth == label).astype(np.int64)
    number = numbers(pool, finished, activity, parts.at(finished), first, objects, price)
    late = ((due != NULL) & (finished > due)).astype(np.int64)
    refused_lot, refused_at = (ints(log.items[name])[item] for name in ("refused_lot", "refused_at"))
    by_then = finished <= refused_at
    back = np.where(by_then, refused_lot, NULL), np.where(by_then, refused_at, NULL)
    return Made(pool, finished, activity, segment[rows], number, first, objects, room, late, right, *back)
