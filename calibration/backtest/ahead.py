"""What each forecast says of the batches ahead: when their labels come, many times over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..crowd.batches import Batch
from ..crowd.fit import CrowdFit
from ..crowd.model import left_of, simulate
from ..crowd.visits import HOUR_MS

Ints = npt.NDArray[np.int64]

DRAWS = 200
"""Of the replay."""


@dataclass(frozen=True, eq=False)
class Told:
    """One forecast of one batch. ends: for each replication, when its labels still to come end, milliseconds since
    1970, sorted.  items: for each, when items that still wanted some have all.  whole: for each, whether all of them
    came; if not, the batch is told to end later than any."""

    ends: list[Ints]
    items: list[Ints]
    whole: list[bool]

    def makespans(self, batch: Batch) -> npt.NDArray[np.float64]:
        """float64[replications]: hours from posting to the last label; infinity where it never came."""
        last = [
            float(one[-1]) if whole and len(one) else np.inf for one, whole in zip(self.ends, self.whole, strict=True)
        ]
        return (np.array(last) - batch.posted) / HOUR_MS


def by_crowd(fit: CrowdFit, ahead: Sequence[Batch], now: int, replications: int, seed: int) -> list[Told]:
    """The calibrated line: each batch is simulated with a crowd of its own, from what was left of it at `now`."""
    crowd, past = fit.crowd, {one.name: number for number, one in enumerate(fit.batches)}
    out = []
    for number, batch in enumerate(ahead):
        level, spread = crowd.level.centre, crowd.level.ahead_sd
        items, each, begin = max(1, round(batch.labels / batch.labels_per_item)), batch.labels_per_item, batch.posted
        if batch.posted <= now:
            items, each = left_of(batch, now)
            begin = now
            place = past.get(batch.name)
            if place is not None:
                seen, variance = float(crowd.coming.level[place]), float(crowd.coming.variance[place])
                level, spread = crowd.level.of_one_under_way(seen, variance)
        line = crowd.line(items, each, begin, level, spread, begin - batch.posted)
        ends = simulate(line, begin, replications, seed + number)
        out.append(Told([one.ends for one in ends], [one.items for one in ends], [one.whole for one in ends]))
    return out


def by_flat_rate(past: Sequence[Batch], ahead: Sequence[Batch], now: int) -> list[Told]:
    """Labels by the hour as they came on average while a batch was open, the same in every hour."""
    labels = sum(len(one.ends) for one in past)
    hours = sum((one.last if one.over else now) - one.posted for one in past) / HOUR_MS
    gap = HOUR_MS * hours / max(labels, 1)
    out = []
    for batch in ahead:
        begin, left = max(batch.posted, now), batch.labels - int((batch.ends <= now).sum())
        ends = np.round(begin + gap * np.arange(1, left + 1)).astype(np.int64)
        items = int((batch.whole > now).sum())
        out.append(Told([ends], [ends[spread(left, items)]], [True]))
    return out


def by_replay(past: Sequence[Batch], ahead: Sequence[Batch], now: int, seed: int) -> list[Told]:
    """A batch of the past happens again, any being as likely: from the share of labels that the batch ahead has at
    `now`, its labels come when they came, as many as are wanted."""
    over = [one for one in past if one.over] or list(past)
    rng = np.random.default_rng(seed)
    out = []
    for batch in ahead:
        done = int((batch.ends <= now).sum())
        begin, left = max(batch.posted, now), batch.labels - done
        ends, items, open_ = [], [], int((batch.whole > now).sum())
        for pick in rng.integers(len(over), size=DRAWS).tolist():
            model = over[pick]
            since = model.posted
            if done:
                since = int(model.ends[min(len(model.ends) - 1, int(done / batch.labels * len(model.ends)))])
            ends.append(begin + _again(model.ends, since, left))
            items.append(begin + _again(model.whole, since, open_))
        out.append(Told(ends, items, [True] * DRAWS))
    return out


def _again(moments: Ints, since: int, wanted: int) -> Ints:
    """Milliseconds after `since` of so many events, as those moments of the past had them."""
    rest = moments[moments >= since] - since
    found: Ints = rest[spread(len(rest), wanted)]
    return found


def spread(there: int, wanted: int) -> Ints:
    """So many places among those that are there, in order and evenly, the last the last one."""
    return -(-np.arange(1, wanted + 1) * there // max(wanted, 1)) - 1
