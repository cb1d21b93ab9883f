"""How long people were in training and mentoring, hour by hour."""

from __future__ import annotations

import numpy as np

from .log import PRESENCE, Log
from .paid import Present, paid_tables
from .staff import people, presence_of
from .tables import Ints

HOUR_MS = 3_600_000

_TRAINING = PRESENCE.index("training")


def training_of(log: Log) -> Ints:
    """`by_hour`, of a log."""
    who = people(log)
    return by_hour(presence_of(log, who), len(who.pool), log.provenance.ended_at)


def by_hour(present: Present, workers: int, ended: int) -> Ints:
    """Milliseconds of all people in training, and not at tasks meanwhile, in each hour from the origin to the end of
    the run. workers: how many there are."""
    hours = max(-(-ended // HOUR_MS), 0)
    if not (present.kind == _TRAINING).any():
        return np.zeros(hours, np.int64)
    paid = paid_tables(*present, np.zeros(workers, np.int64), 1, np.arange(hours + 1) * HOUR_MS, ended)
    found: Ints = (paid.or_training - paid.on_shift)[0]
    return found
