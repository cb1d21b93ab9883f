"""Rows of two engines' logs of the full line, side by side, in a process of its own.

    python benchmarks/equality.py ENGINE OTHER WORKERS ITEMS SEED ...

Prints JSON: rows_equal, rows_different, over items, tasks and presence, under each seed, with ticks of a millisecond
and of 60 seconds, at which most events share their tick with others.
"""

from __future__ import annotations

import json
import sys

import pandas as pd
from table import ENGINES, full

TICKS_S = (0.001, 60.0)
TABLES = ("items", "tasks", "presence")


def compared(one: pd.DataFrame, other: pd.DataFrame) -> tuple[int, int]:
    """Rows that are equal, place by place; and rows that differ in any column, or that only one table has."""
    assert list(one.columns) == list(other.columns)
    both = min(len(one), len(other))
    same = pd.Series(True, index=range(both))
    for column in one.columns:
        a, b = (table[column].iloc[:both].reset_index(drop=True).astype(object) for table in (one, other))
        same &= (a == b).fillna(False).astype(bool) | (a.isna() & b.isna())
    equal = int(same.sum())
    return equal, max(len(one), len(other)) - equal


def main() -> None:
    """Reads the command line, compares, prints."""
    first, second, *numbers = sys.argv[1:]
    workers, items, *seeds = (int(number) for number in numbers)
    equal = different = 0
    for tick_s in TICKS_S:
        runs = [full(ENGINES[name], workers, items, tick_s) for name in (first, second)]
        for seed in seeds:
            one, other = (run(seed) for run in runs)
            for table in TABLES:
                alike, unlike = compared(getattr(one, table), getattr(other, table))
                equal, different = equal + alike, different + unlike
    print(json.dumps({"rows_equal": equal, "rows_different": different}))


if __name__ == "__main__":
    main()
