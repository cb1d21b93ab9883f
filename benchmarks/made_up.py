"""A made-up CrowdFlower report of any size: batches of 100 items with 15 labels each, by people who stay a while."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

ITEMS, LABELS = 100, 15
PEOPLE = 3000
VISIT = 20
"""Labels of a visit."""


def write_report(path: Path, rows: int, seed: int = 5) -> None:
    """Writes about so many rows: whole batches."""
    rng = np.random.default_rng(seed)
    batches = max(1, rows // (ITEMS * LABELS))
    per = ITEMS * LABELS
    visits = per // VISIT
    slot = np.arange(per) // VISIT
    place = np.arange(per) % VISIT
    speed = np.exp(rng.normal(3.4, 0.5, PEOPLE))
    frames = []
    for batch in range(batches):
        people = rng.choice(PEOPLE, visits, replace=False)
        begin = np.sort(rng.exponential(6 * 3600.0, visits))
        taken = np.ceil(speed[people][slot] * np.exp(rng.normal(0, 0.6, per)))
        passed = taken.reshape(visits, VISIT).cumsum(axis=1).ravel()
        start = batch * 30_000.0 + begin[slot] + passed - taken
        # Each visit takes the next VISIT of the items, so that nobody labels one twice.
        item = (slot * VISIT + place) % ITEMS + batch * ITEMS
        frames.append(
            pd.DataFrame(
                {
                    "_unit_id": item,
                    "_created_at": start + taken,
                    "_golden": "false",
                    "_id": np.arange(per) + batch * per,
                    "_started_at": start,
                    "_tainted": "false",
                    "_channel": "made-up",
                    "_trust": 1.0,
                    "_worker_id": people[slot],
                    "_country": "",
                    "label": rng.choice(["yes", "no", "unsure"], per),
                }
            )
        )
    table = pd.concat(frames, ignore_index=True)
    origin = pd.Timestamp(2024, 1, 1)
    for name in ("_created_at", "_started_at"):
        moments = origin + pd.to_timedelta(table[name].round(), unit="s")
        table[name] = moments.dt.strftime("%m/%d/%Y %H:%M:%S")
    table.to_csv(path, index=False)
