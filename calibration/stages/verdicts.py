"""Which work got a verdict by a person, when, and which: one row a judgement, whatever platform told it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

DAY_MS = 86_400_000


@dataclass(frozen=True, eq=False)
class Verdicts:
    """rows: one a judgement handed in, in the order of submit:

    item, worker (str), reviewer (str, null where not told), submitted_ms, seen_until_ms (int64: until then it could
    have got a verdict), reviewed_ms (float64, NaN without a verdict by a person, or where its time is not told),
    reviewed (bool: a person gave a verdict), rejected, fixed (bool, among these), round (int64 from 1), place (int64
    from 0: how many the worker had handed in before), right (boolean, null where unknown).
    automatic: verdicts by the platform itself.  unsigned: rejected, nobody knows by whom or when: no verdicts here.
    backward: verdicts stamped before the submit, whose delay is not used.
    """

    rows: pd.DataFrame
    automatic: int
    unsigned: int
    backward: int

    @property
    def told(self) -> bool:
        """Whether the log holds any verdict by a person."""
        return bool(self.rows["reviewed"].any())


def verdicts_of(judgements: pd.DataFrame) -> Verdicts:
    """The verdicts on cleaned judgements (of Cleaned).

    A verdict is one by a person if the export tells who gave it, or when and not that the platform did. A round is the
    `attempt` where that is told; else one more than the rejections of the item's work that were handed in before, by
    anyone where items get one label each, by the same worker where they get several.
    """
    frame = judgements.sort_values(["submitted_at", "source", "row"], ignore_index=True)
    submitted = _ms(frame["submitted_at"])
    stamped = frame["reviewed_at"].notna().to_numpy()
    reviewed_ms = np.where(stamped, _ms(frame["reviewed_at"]), np.nan)
    automatic = frame["automatic"].to_numpy(bool)
    signed = (stamped | frame["reviewer"].notna().to_numpy()) & ~automatic
    outcome = frame["outcome"]
    backward = signed & (reviewed_ms < submitted)
    last = max(int(submitted.max()), int(np.nanmax(np.where(stamped, reviewed_ms, -np.inf))) if stamped.any() else 0)
    rejected = (outcome == "rejected").to_numpy() & signed
    rows = pd.DataFrame(
        {
            "item": frame["item"],
            "worker": frame["worker"],
            "reviewer": frame["reviewer"].where(signed),
            "submitted_ms": submitted,
            "seen_until_ms": np.where(automatic & stamped, reviewed_ms, last).astype(np.int64),
            "reviewed_ms": np.where(signed & ~backward, reviewed_ms, np.nan),
            "reviewed": signed,
            "rejected": rejected,
            "fixed": (outcome == "fixed").to_numpy() & signed,
            "place": frame.groupby("worker").cumcount().astype("int64"),
            "right": frame["correct"],
        }
    )
    rows["round"] = _rounds(rows, frame["attempt"])
    unsigned = int(((outcome == "rejected").to_numpy() & ~signed).sum())
    return Verdicts(rows, int(automatic.sum()), unsigned, int(backward.sum()))


def labels_each(rows: pd.DataFrame) -> int:
    """How many workers label an item: the median, of work that was not rejected."""
    kept = rows[~rows["rejected"]]
    return int(kept.groupby("item")["worker"].nunique().median()) if len(kept) else 1


def _rounds(rows: pd.DataFrame, attempt: pd.Series[int]) -> pd.Series[int]:
    by = ["item"] if labels_each(rows) == 1 else ["item", "worker"]
    before = rows["rejected"].astype("int64").groupby([rows[name] for name in by]).cumsum() - rows["rejected"]
    return attempt.fillna(before + 1).astype("int64")


def _ms(stamps: pd.Series[pd.Timestamp]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.asarray(stamps.astype("datetime64[ms]").astype("int64"), dtype=np.int64)
