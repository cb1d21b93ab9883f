"""Where a log is cut: what was known at a moment, and what came after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...sim.errors import DataRefused
from ..cleaning import Cleaned, clean
from ..crowd.batches import Batch, batches, promised
from ..readers.judgements import Refusals
from ..readers.recognise import Export

FEWEST = 30
"""Labels on either side of a cut, below which nothing can be fitted or told."""


@dataclass(frozen=True, eq=False)
class Split:
    """A log cut at a moment (`now`, milliseconds since 1970).

    known: what had been submitted by then, cleaned as if there were no more.  past: its batches, with the items and
    labels that were really wanted of each.  ahead: the batches of the whole log that still wanted labels then, under
    way or posted later, in the order of posting.
    """

    now: int
    known: Cleaned
    past: tuple[Batch, ...]
    ahead: tuple[Batch, ...]

    def under_way(self, batch: Batch) -> bool:
        """Whether a batch had been posted by then."""
        return batch.posted < self.now


def split(export: Export, share: float) -> Split:
    """Cuts a log after `share` of its batches, where the next one is posted; a log of one batch after `share` of its
    labels. Raises DataRefused where too little lies on either side."""
    whole = clean(export.judgements, Refusals(export.refusals.names, units=export.refusals.units))
    every = batches(whole.judgements)
    now = moment(every, share)
    judgements = export.judgements
    submitted = _ms(judgements["submitted_at"])
    early = judgements[submitted <= now]
    ahead = tuple(one for one in every if one.last > now)
    after = sum(int((one.ends > now).sum()) for one in ahead)
    if len(early) < FEWEST or after < FEWEST:
        raise DataRefused(
            f"A backtest needs at least {FEWEST} labels before the cut and after it; cut at "
            f"{pd.Timestamp(now, unit='ms')} UTC there are {len(early)} and {after}. Give a longer log, or move the "
            "cut with --split."
        )
    known = clean(early, Refusals(export.refusals.names, units=export.refusals.units))
    return Split(now, known, tuple(promised(batches(known.judgements), every)), ahead)


def moment(every: list[Batch], share: float) -> int:
    """When to cut."""
    if len(every) > 1:
        place = min(max(1, round(share * len(every))), len(every) - 1)
        # Batches that were posted at the same moment stay together.
        later = [one.posted for one in every if one.posted > every[place - 1].posted]
        if later:
            return max(every[place].posted, later[0]) - 1
    ends = np.sort(np.concatenate([one.ends for one in every]))
    return int(ends[min(len(ends) - 1, int(share * len(ends)))])


def _ms(stamps: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    return stamps.astype("datetime64[ms]").astype("int64")
