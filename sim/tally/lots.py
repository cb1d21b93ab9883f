"""Lots that were inspected, gathered from their inspections.

The inspections of a lot are asked for at one moment; one that is broken off and begun again belongs to the lot of its
first try. What a lot's inspections say together is a least, a greatest or an "any" of what each says.
"""

from __future__ import annotations

import numpy as np

from ..tables import NULL
from .shape import Ints

FIELDS = 7
STAGE_OF, SEGMENT_OF, ASKED_AT, IS_OPEN, VERDICT_AT, IS_GOOD, BACK_AT = range(FIELDS)
"""A record: stage and segment of the item; when it was asked for; 1 where a try is not finished; the last verdict, NULL
for none; 1 where it accepted something; when what it accepted was first asked for in the next round, LATER for never.
"""

LATER = 2**62
"""After every moment."""


def by_lot(records: Ints) -> Ints:
    """One record for each lot, in order."""
    if not len(records):
        return records
    keys = records[:, : ASKED_AT + 1]
    records = records[np.lexsort(keys.T[::-1])]
    keys = records[:, : ASKED_AT + 1]
    first = np.flatnonzero(np.concatenate([[True], (keys[1:] != keys[:-1]).any(axis=1)]))
    found = records[first]
    for column in (IS_OPEN, VERDICT_AT, IS_GOOD):
        found[:, column] = np.maximum.reduceat(records[:, column], first)
    found[:, BACK_AT] = np.minimum.reduceat(records[:, BACK_AT], first)
    return found


def judged(lots: Ints, stage: int) -> tuple[int, int]:
    """How many lots a stage judged, and rejected.

    lots: of by_lot.  A lot with an inspection that is open is not judged yet, and not counted. A lot was rejected if an
    item that was accepted itself went back with it, or if nothing of the sample was accepted.
    """
    mine = lots[(lots[:, STAGE_OF] == stage) & (lots[:, IS_OPEN] == 0) & (lots[:, VERDICT_AT] != NULL)]
    refused = (mine[:, IS_GOOD] == 0) | (mine[:, BACK_AT] <= mine[:, VERDICT_AT])
    return len(mine), int(refused.sum())
