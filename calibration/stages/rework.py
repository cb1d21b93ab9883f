"""What becomes of rejected work: done again by the same worker, by another, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

WAYS = ("same", "other", "none")


@dataclass(frozen=True, eq=False)
class Rework:
    """way: of each rejection one of WAYS, in the order of submit.  open: rejections so late that they may still be done
    again (not in `way`).  rounds: most times that an item came back.  kept: rejections after that, when no more was
    done though time was left."""

    way: pd.Series[str]
    open: int
    rounds: int
    kept: int

    def count(self, way: str) -> int:
        """How many rejections ended so."""
        return int((self.way == way).sum())


def rework_of(rows: pd.DataFrame) -> Rework:
    """What followed each rejection in `rows` (of Verdicts): the first work on the item after it that was begun for it.

    Where items get several labels, work by others goes on anyway, so that only the same worker's next one counts as
    rework. A rejection is open while it is younger than the longest that a rework took.
    """
    several = bool(rows.groupby("item")["worker"].nunique().median() > 1) and not (rows["round"] > 1).any()
    frame = rows.sort_values(["item", "submitted_ms"], kind="stable", ignore_index=True)
    by_item = frame.groupby("item")
    later_worker = by_item["worker"].shift(-1)
    later_ms = by_item["submitted_ms"].shift(-1)
    if several:
        own = frame.groupby(["item", "worker"])
        later_worker, later_ms = own["worker"].shift(-1), own["submitted_ms"].shift(-1)
    rejected = frame["rejected"]
    way = pd.Series("none", index=frame.index, dtype="str")
    way[later_worker.notna()] = "other"
    way[later_worker == frame["worker"]] = "same"
    from_ms = frame["reviewed_ms"].fillna(frame["submitted_ms"])
    took = (later_ms - from_ms)[rejected & (way != "none")]
    longest = float(took.max()) if len(took) else 0.0
    last = int(frame["seen_until_ms"].max())
    young = rejected & (way == "none") & (last - from_ms < longest)
    again = int((frame.loc[rejected, "round"]).where(way[rejected] != "none").max()) if len(took) else 0
    kept = int((rejected & (way == "none") & ~young & (frame["round"] > again)).sum())
    ordered = frame[rejected & ~young].sort_values("submitted_ms", kind="stable").index
    return Rework(way[ordered].reset_index(drop=True), int(young.sum()), again, kept)
