"""How items move between stages: counted from a log, first pass and again, to delivery or out of the line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.log import ATTEMPTS, Log
from ...sim.tables import NULL, codes, ints, names

Ints = npt.NDArray[np.int64]

NO_RESULT = (*ATTEMPTS, "surplus")
"""Outcomes after which the same task is done once more, or that count for nothing: no visit of their own."""


LATE = np.iinfo(np.int64).max
"""Later than any millisecond."""


@dataclass(frozen=True)
class Flow:
    """Items between nodes. Node 0: what comes.  1, ..: stages, in the order of the log.  Then `delivered`, `dropped`
    and `still_there`, where an item is at the end.

    names: of each node.  links: items by (from, to, again); again: whether the visit that they go to, or come from at
    the end, is rework or follows a rollback.  questions: test questions, which are not counted.
    """

    names: tuple[str, ...]
    links: Mapping[tuple[int, int, bool], int]
    questions: int = 0

    @property
    def stages(self) -> range:
        """Nodes that are stages."""
        return range(1, len(self.names) - 3)

    @property
    def delivered(self) -> int:
        """The node of what is delivered. What a rollback calls back leaves it again."""
        return len(self.names) - 3

    @property
    def dropped(self) -> int:
        """The node of what left the line without being delivered."""
        return len(self.names) - 2

    @property
    def still_there(self) -> int:
        """The node of what is in the line, or before it, at the end."""
        return len(self.names) - 1

    def into(self, node: int, *, again: bool | None = None) -> int:
        """Items that come to a node, each as often as it comes. again: only rework, or only not."""
        return sum(n for (_, to, more), n in self.links.items() if to == node and again in (None, more))

    def out_of(self, node: int) -> int:
        """Items that leave a node."""
        return sum(n for (start, _, _), n in self.links.items() if start == node)

    @property
    def back(self) -> dict[tuple[int, int], int]:
        """Items that go back to a stage at or before the one that they leave, by (from, to)."""
        found: dict[tuple[int, int], int] = {}
        for (start, to, _), many in self.links.items():
            if start and to <= start and to in self.stages:
                found[start, to] = found.get((start, to), 0) + many
        return found


def flow_of(log: Log) -> Flow:
    """The flow of a log's items, test questions apart.

    A visit is all tasks of an item at a stage in one round; what is done there again after a result in the same round
    is one more. Of a stage that inspects lots, items of a lot pass it whether they were looked at or not.
    """
    stages = names(log.tasks["stage"])
    question = (log.items["gold"].fillna(False) & log.items["delivered_at"].isna()).to_numpy(dtype=np.bool_)
    visits = _through_lots(log, visits_of(log, question))
    ends = np.select([_there(log, "delivered_at"), _there(log, "dropped_at")], [0, 1], 2) + len(stages) + 1
    return Flow(
        ("come in", *stages, "delivered", "dropped", "still there"),
        _links(visits, ends, ~question, delivered=len(stages) + 1),
        int(question.sum()),
    )


def _there(log: Log, column: str) -> npt.NDArray[np.bool_]:
    return np.asarray(ints(log.items[column]) != NULL)


def visits_of(log: Log, question: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """A row a visit, in the order of items and times. at: the item's row.  node: the stage's.  sent, rolled: its round,
    and how often rollbacks sent it back before.  turn: how often it was there in this round before.  refused: whether a
    judge rejected it there, or it went to another queue.  came, went: milliseconds at which the first of its tasks was
    ready, and the last was finished; NULL where none is.
    """
    tasks, rolled = log.tasks, ints(log.tasks["rollbacks"])
    outcome = tasks["outcome"]
    rows = pd.DataFrame(
        {
            "at": np.searchsorted(ints(log.items["item"]), ints(tasks["item"])),
            "node": codes(tasks["stage"]).astype(np.int64) + 1,
            "sent": ints(tasks["round"]),
            "rolled": np.where(rolled == NULL, 0, rolled),
            "replica": ints(tasks["replica"]),
            "result": (outcome.notna() & ~outcome.isin(NO_RESULT)).to_numpy(np.int64),
            "refused": outcome.isin(["rejected", "escalated"]).to_numpy(np.int64),
            "came": np.where(ints(tasks["ready_at"]) == NULL, LATE, ints(tasks["ready_at"])),
            "went": ints(tasks["finished_at"]),
        }
    )
    rows = rows.iloc[np.lexsort((ints(tasks["enqueued_at"]), rows["at"].to_numpy()))]
    rows = rows[~question[rows["at"].to_numpy()]]
    where = ["at", "node", "sent", "rolled"]
    rows["turn"] = rows.groupby([*where, "replica"])["result"].cumsum() - rows["result"]
    visits: pd.DataFrame = rows.groupby([*where, "turn"], sort=False, as_index=False).agg(
        refused=("refused", "max"), came=("came", "min"), went=("went", "max")
    )
    visits["came"] = visits["came"].where(visits["came"] < LATE, NULL)
    return visits


def _through_lots(log: Log, visits: pd.DataFrame) -> pd.DataFrame:
    """The visits with those to the one stage that inspects, of items of a lot that nobody looked at there: wherever an
    item was before that stage, was not refused there, and next is beyond it, delivered, or back."""
    roles = [log.provenance.roles[name] for name in names(log.tasks["stage"])]
    lots, delivered = _there(log, "lot"), _there(log, "delivered_at")
    if roles.count("inspect") != 1 or not lots.any() or visits.empty:
        return visits
    gate = roles.index("inspect") + 1
    at, node = visits["at"].to_numpy(), visits["node"].to_numpy()
    last = np.append(at[1:] != at[:-1], True)
    to = np.where(last, len(roles) + 1, np.append(node[1:], 0))
    passed = (node < gate) & lots[at] & (delivered[at] | ~last) & ((to > gate) | (to <= node))
    unseen = visits[passed & (visits["refused"].to_numpy() == 0)].assign(node=gate)
    whole: pd.DataFrame = pd.concat([visits, unseen]).sort_index(kind="stable").reset_index(drop=True)
    return whole


def _links(
    visits: pd.DataFrame, ends: Ints, counted: npt.NDArray[np.bool_], delivered: int
) -> dict[tuple[int, int, bool], int]:
    """Items by (from, to, again). ends: of each item the node where it ends.  counted: which items count."""
    at, node, rolled = (visits[name].to_numpy(np.int64) for name in ("at", "node", "rolled"))
    again = (visits[["sent", "rolled", "turn"]] > 0).any(axis=1).to_numpy()
    first, last = np.append(True, at[1:] != at[:-1])[: len(at)], np.append(at[1:] != at[:-1], True)[: len(at)]
    before = np.where(first, 0, np.append(0, node[:-1])[: len(node)])
    recalled = ~first & (rolled > np.append(0, rolled[:-1])[: len(rolled)])
    unseen = np.setdiff1d(np.flatnonzero(counted), at)
    found = [
        (np.where(recalled, delivered, before), node, again),
        (before[recalled], np.full(int(recalled.sum()), delivered), again[np.flatnonzero(recalled) - 1]),
        (node[last], ends[at[last]], again[last]),
        (np.zeros(len(unseen), np.int64), ends[unseen], np.zeros(len(unseen), np.bool_)),
    ]
    start, to, more = (np.concatenate([each[k] for each in found]) for k in range(3))
    links: dict[tuple[int, int, bool], int] = {}
    keys, counts = np.unique(np.column_stack([start, to, more.astype(np.int64)]), axis=0, return_counts=True)
    for (a, b, c), many in zip(keys.tolist(), counts.tolist(), strict=True):
        links[a, b, bool(c)] = many
    return links
