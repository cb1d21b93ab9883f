"""Service times held out on the real sets: python benchmarks/service.py [--sets ../shared/data/annotation] [--json].

For each set: the gap between foretold and actual times where half of each worker's pages is held out, where workers are
new, and where pages come later; the family chosen; and the fitted spread of workers against the actual one.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from labelcast.calibration.cleaning import clean
from labelcast.calibration.readers.recognise import read
from labelcast.calibration.service.fit import Timed, timed
from labelcast.calibration.service.heldout import earlier, halves, held_out, new_workers, spread

SETS = (
    "odre_mturk",
    "odre_cf",
    "medrel_RelEx",
    "medrel_FactSpan",
    "medrel_RelDir",
    "novelty",
    "event_extraction",
    "nyt_relevance",
    "crisis_swdm2013",
    "crowdtruth_core_cf",
)
TIMES_ONLY = "cifar10n_times"
SEED = 1


def of_set(path: Path) -> Timed:
    """The service times of a set after cleaning."""
    if path.stem == TIMES_ONLY:
        return without_stamps(path)
    export = read([path])
    return timed(clean(export.judgements, export.refusals).pages)


def without_stamps(path: Path) -> Timed:
    """Batches of ten images with their seconds and workers, and no stamps: nothing to clean, no order of time."""
    table = pd.read_parquet(path).sort_values("worker", kind="stable")
    codes, names = pd.factorize(table["worker"], sort=True)
    zeros = np.zeros(len(table))
    return Timed(np.log(table["duration_s"].to_numpy(np.float64)), codes, zeros, zeros + 1.0, tuple(map(str, names)))


def figures(data: Timed, *, quick: bool = False) -> dict[str, object]:
    """Gaps, family, and spreads of one set; `quick`: the judged split alone."""
    mask = halves(data, SEED)
    half, service = held_out(data, mask)
    found = spread(service, data.pick(~mask))
    out: dict[str, object] = {"pages": len(data.worker), "half": asdict(half), "spread": asdict(found)}
    out["ratio"] = found.ratio
    if not quick:
        out["new_workers"] = asdict(held_out(data, new_workers(data, SEED))[0])
        if data.practised.any():
            out["later"] = asdict(held_out(data, earlier(data))[0])
    return out


def main(arguments: list[str]) -> None:
    """Prints a line a set, or all as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=Path("../shared/data/annotation"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="the judged split alone")
    told = parser.parse_args(arguments)
    found = {}
    for name in (*SETS, TIMES_ONLY):
        found[name] = one = figures(of_set(told.sets / f"{name}.parquet"), quick=told.quick)
        if not told.json:
            print(name, json.dumps(one), flush=True)
    ks = {name: one["half"]["ks"] for name, one in found.items()}  # type: ignore[index]
    ratios = {name: one["ratio"] for name, one in found.items()}
    whole = {
        "ks_at_most_05": sum(ks[name] <= 0.05 for name in SETS),
        "ks_of_times_only": ks[TIMES_ONLY],
        "spread_within_15": sum(abs(ratios[name] - 1) <= 0.15 for name in SETS),  # type: ignore[operator]
        "sets": found,
    }
    print(json.dumps(whole) if told.json else {name: value for name, value in whole.items() if name != "sets"})


if __name__ == "__main__":
    main(sys.argv[1:])
