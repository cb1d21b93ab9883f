"""Where a log is cut: what was known at a moment, and what came after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...sim.errors import DataRefused
from ..availability import sessions_of
from ..cleaning import Cleaned, clean
from ..crowd.batches import Batch, batches, naming, promised
from ..crowd.fit import enough
from ..people import People, people_of
from ..readers.judgements import Refusals
from ..readers.recognise import Export

FEWEST = 30
"""Labels on either side of a cut, below which nothing can be fitted or told."""


@dataclass(frozen=True, eq=False)
class Split:
    """A log cut at a moment (`now`, milliseconds since 1970).

    people: what its workers are.  known: what had been submitted by then, cleaned as if there were no more; whole: all.
    past: batches of the part known, with the items and labels that were really wanted of each.  ahead: the batches of
    the whole log that still wanted labels then, under way or posted later, in the order of posting.
    """

    now: int
    people: People
    known: Cleaned
    whole: Cleaned
    past: tuple[Batch, ...]
    ahead: tuple[Batch, ...]


def split(
    export: Export, share: float, timezone: str = "UTC", people: str = "auto", no_clean: Collection[str] = ()
) -> Split:
    """Cuts a log after `share` of its batches, where the next one is posted; a log of one batch after `share` of its
    labels. timezone: of the days that are batches of a staff whose log names none.  people, no_clean: as of calibrate.
    Raises DataRefused where too little lies on either side."""
    judgements = export.judgements

    def cleaned(part: pd.DataFrame) -> Cleaned:
        return clean(part, Refusals(export.refusals.names, units=export.refusals.units), no_clean)

    whole = cleaned(judgements)
    kind = people_of(sessions_of(whole.pages[whole.pages["timed"]]), people)
    if kind == "crowd" and not enough(batches(whole.judgements)):
        kind = "staff"
    named = naming(whole.judgements, timezone if kind == "staff" else None)
    every = batches(whole.judgements, named)
    now = moment(every, share)
    early = judgements[judgements["submitted_at"].astype("datetime64[ms]").astype("int64") <= now]
    ahead = tuple(one for one in every if one.last > now)
    after = sum(int((one.ends > now).sum()) for one in ahead)
    if len(early) < FEWEST or after < FEWEST:
        raise DataRefused(
            f"A backtest needs at least {FEWEST} labels before the cut and after it; cut at "
            f"{pd.Timestamp(now, unit='ms')} UTC there are {len(early)} and {after}. Give a longer log, or move the "
            "cut with --split."
        )
    known = cleaned(early)
    if not known.pages["timed"].any():
        raise DataRefused("No page before the cut has a usable service time. Give a longer log, or move --split.")
    past = promised(batches(known.judgements, named), every)
    if not past:
        raise DataRefused("There are only test questions before the cut. Give a longer log, or move --split.")
    return Split(now, kind, known, whole, tuple(past), ahead)


def moment(every: list[Batch], share: float) -> int:
    """When to cut."""
    if len(every) > 1:
        place = min(max(1, round(share * len(every))), len(every) - 1)
        # Batches that were posted at the same moment stay together.
        later = [one.posted for one in every if one.posted > every[place - 1].posted]
        if later:
            return later[0] - 1
    ends = np.sort(np.concatenate([one.ends for one in every]))
    return int(ends[min(len(ends) - 1, int(share * len(ends)))])
