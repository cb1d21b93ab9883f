"""Every move of an item between stages with its moment, from a log."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...sim.log import Log
from ...sim.tables import NULL, ints, names
from ..lead.flows import visits_of


def moves_of(log: Log) -> pd.DataFrame:
    """A row a move: start, to (nodes as in lead/flows.py: 0 what comes in, 1, .. the stages, then delivered and
    dropped) and at_ms, in order of time.

    An item comes to a stage when the first of its tasks there is ready, and ends when it is delivered or dropped. One
    that a rollback recalls was delivered when its last task before was finished. Test questions are left out; so is
    what comes to a stage where nothing is ready yet.
    """
    delivered = len(names(log.tasks["stage"])) + 1
    question = (log.items["gold"].fillna(False) & log.items["delivered_at"].isna()).to_numpy(dtype=np.bool_)
    visits = visits_of(log, question)
    at, node, rolled, came, went = (
        visits[name].to_numpy(np.int64) for name in ("at", "node", "rolled", "came", "went")
    )
    many = len(at)
    first = np.ones(many, np.bool_)
    first[1:] = at[1:] != at[:-1]
    before, rolled_before, went_before = (np.append(0, one[:-1])[:many] for one in (node, rolled, went))
    recalled = ~first & (rolled > rolled_before)
    last = np.append(first[1:], True)[:many]
    ends = {delivered: ints(log.items["delivered_at"]), delivered + 1: ints(log.items["dropped_at"])}
    found = [
        (np.where(first, 0, np.where(recalled, delivered, before)), node, came),
        (before[recalled], np.full(int(recalled.sum()), delivered), went_before[recalled]),
    ]
    untouched = np.setdiff1d(np.flatnonzero(~question), at)
    for end, moments in ends.items():
        found.append((node[last], np.full(int(last.sum()), end), moments[at[last]]))
        found.append((np.zeros(len(untouched), np.int64), np.full(len(untouched), end), moments[untouched]))
    start, to, moment = (np.concatenate([each[k] for each in found]) for k in range(3))
    known = moment != NULL
    table = pd.DataFrame({"start": start[known], "to": to[known], "at_ms": moment[known]})
    return table.sort_values(["at_ms", "start", "to"], kind="stable").reset_index(drop=True)
