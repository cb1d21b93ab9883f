"""Quality gates: what judges accept, reject and miss, how much they see, and the lots that are inspected."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..line import JUDGES
from ..tables import NULL, Ints
from .facts import NAN, Bools, Facts, Found, over

LATER = 2**62
"""After every moment."""


def of_gates(facts: Facts) -> Found:
    """KPIs of the stages that judge labels."""
    stages = [(code, stage) for code, stage in enumerate(facts.stages) if facts.kind(stage) in JUDGES]
    rejected = facts.came_to("rejected")
    judged = rejected | facts.came_to("accepted")
    seen = np.zeros(len(facts.delivered), np.bool_)
    yields, found = [], {}
    for code, stage in stages:
        rows = np.flatnonzero(judged & (facts.stage == code))
        item, bad = facts.place[rows], rejected[rows]
        new = np.concatenate([[True], item[1:] != item[:-1]])[: len(item)]
        last = np.concatenate([item[1:] != item[:-1], [True]])[: len(item)]
        here = np.zeros(len(seen), np.bool_)
        here[item] = True
        seen |= here
        yields.append(over(int((new & ~bad).sum()), int(new.sum())))
        found[f"first_pass_yield.{stage}"] = yields[-1]
        found[f"reject_rate.{stage}"] = over(int(bad.sum()), len(rows))
        found[f"reviewed_share.{stage}"] = _share(facts, here)
        passed = item[last & ~bad]
        missed = facts.known[passed] & ~facts.right[passed]
        found[f"errors_missed.{stage}"] = float(missed.sum())
        if facts.kind(stage) == "inspect":
            inspected, refused = _lots(facts, np.flatnonzero(facts.stage == code), judged, rejected)
            found |= {f"lots_inspected.{stage}": inspected, f"lots_rejected.{stage}": refused}
    in_lots = facts.judged & (facts.item("lot") != NULL)
    return found | {
        "rolled_yield": math.prod(yields) if yields else NAN,
        "reviewed_share": _share(facts, seen) if stages else NAN,
        "aoq": over(int((in_lots & ~facts.right).sum()), int(in_lots.sum())),
    }


def _share(facts: Facts, seen: Bools) -> float:
    return over(int((seen & facts.delivered).sum()), int(facts.delivered.sum()))


def _lots(facts: Facts, rows: NDArray[np.intp], judged: Bools, rejected: Bools) -> tuple[float, float]:
    """How many lots were inspected, and rejected, as their inspections tell.

    rows: the inspections.  Those of a lot are asked for at one moment; one that is broken off and begun again belongs
    to the lot of its first try. A lot with an inspection that is open is not judged yet, and not counted. A lot was
    rejected if an item that was accepted itself went back with it, or if nothing of the sample was accepted.
    """
    if not len(rows):
        return 0.0, 0.0
    handoff, ready = facts.task("handoff_ms")[rows], facts.task("ready_at")[rows]
    asked = ready - np.where((handoff == NULL) | (ready == NULL), 0, handoff)
    _, inspection = np.unique(_by_round(facts)[rows], return_inverse=True)
    drawn = np.full(int(inspection.max()) + 1, LATER)
    np.minimum.at(drawn, inspection, asked)
    lots, lot = np.unique(np.stack([facts.segment[facts.place[rows]], drawn[inspection]]), axis=1, return_inverse=True)
    lot = lot.reshape(-1)
    over_, bad = judged[rows], rejected[rows]
    open_to = np.zeros(lots.shape[1], np.bool_)
    open_to[lot[~facts.finished[rows]]] = True
    verdict = np.full(lots.shape[1], NULL)
    np.maximum.at(verdict, lot, np.where(over_, facts.task("finished_at")[rows], NULL))
    refused = np.ones(lots.shape[1], np.bool_)
    good = over_ & ~bad
    refused[lot[good]] = False
    refused[lot[good & _went_back(facts, rows, verdict[lot])]] = True
    counted = ~open_to & (verdict != NULL)
    return float(counted.sum()), float((refused & counted).sum())


def _by_round(facts: Facts) -> Ints:
    """A number for each task's item and round; the next round's is one more."""
    rounds = facts.task("round")
    return np.asarray(facts.place * (int(rounds.max(initial=0)) + 2) + rounds)


def _went_back(facts: Facts, rows: NDArray[np.intp], by: Ints) -> Bools:
    """Which of these tasks' items have a task of the next round that was asked for up to a moment."""
    key, enqueued = _by_round(facts), facts.task("enqueued_at")
    wanted = key[rows] + 1
    later = np.flatnonzero(np.isin(key, wanted))
    order = np.lexsort((enqueued[later], key[later]))
    later = later[order]
    at = np.minimum(np.searchsorted(key[later], wanted), max(len(later) - 1, 0))
    if not len(later):
        return np.zeros(len(rows), np.bool_)
    return np.asarray((key[later][at] == wanted) & (enqueued[later][at] <= by))
