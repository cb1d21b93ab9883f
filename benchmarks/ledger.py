"""What the ledger costs and how far it can be trusted: contracts worked out by hand that it bills to the cent, and the
time it takes beside a run without any ledger.

    python benchmarks/ledger.py [--items N] [--json]

The overhead is the ratio of processor times of one full line, with its ledger and without one, run in turn, the median
of the turns. It has every kind of contract: tiers by the month over a shared account, salaries, overtime, minimums,
quality.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from unittest import mock

from full_line import full_line

from labelcast.sim import streaming
from labelcast.sim.engines import prepare
from labelcast.sim.ledger import COLUMNS
from labelcast.sim.line import Contract, Exchange, Index, Line, Minimum, Steps, Tier
from labelcast.sim.replication import Job, one

ROOT = Path(__file__).resolve().parents[1]
TURNS = 15
"""Pairs of runs, with and without."""


def paid(line: Line) -> Line:
    """The line with a contract of every kind: those of one role share one."""
    tiers = (Tier(2_000, 420_000), Tier(8_000, 380_000), Tier(None, 350_000))
    quality = Steps(((0.0, -0.1), (0.9, 0.0), (0.98, 0.02)))
    contracts = {
        "annotators": Contract(
            per_label=tiers, count="month", minimum=Minimum(10**9, "quarter", 2), currency="USD", accuracy=quality,
            on_time=quality, account="acme", rush=((86_400.0, 1.25),),
        ),
        "reviewers": Contract(salary=3_800 * 10**6, seat=45 * 10**6, tax=0.07, account="staff"),
        "adjudicators": Contract(hourly=34 * 10**6, overtime=1.5, index=Index(0.03)),
    }  # fmt: skip
    pools = tuple(replace(pool, contract=contracts[pool.name.split("-")[0]]) for pool in line.pools)
    return replace(line, pools=pools, exchange=(Exchange("USD", 0.0, 0.92),))


def overhead(items: int) -> float:
    """How much longer, as a share, a run takes of which a ledger is kept."""
    free = full_line(60, items)
    jobs = [Job(line, 1, "fast") for line in (free, paid(free))]
    spent: list[list[float]] = [[], []]
    for turn in range(-1, TURNS):
        for job, times in zip(jobs, spent, strict=True):
            nothing = mock.patch.object(streaming, "_books", return_value=dict.fromkeys(COLUMNS, ()))
            with nothing if job is jobs[0] else nullcontext():
                begin = time.process_time()
                one(job, max(turn, 0))
            if turn >= 0:  # the first only warms up
                times.append(time.process_time() - begin)
    return statistics.median(b / a for a, b in zip(*spent, strict=True)) - 1.0


def to_the_cent() -> tuple[int, int]:
    """How many of the contracts of tests/cases/contracts are billed as was worked out by hand, and of how many."""
    sys.path.append(str(ROOT / "tests"))
    from contracts import billed, case, cases, expected

    with tempfile.TemporaryDirectory() as folder:
        found = [billed(case(name), Path(folder)) == expected(case(name)) for name in cases()]
    return sum(found), len(found)


def proved() -> float:
    """In what share of projects the P80 of a budget held, as docs/promises.md says that it was last proved."""
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| all | drawn |"))
    of, held = (int(cell) for cell in row.split("|")[3:5])
    return held / of


def main() -> None:
    """Measures, prints."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    prepare("fast")
    right, whole = to_the_cent()
    figures = {
        "contracts_to_the_cent": right,
        "contracts": whole,
        "p80_coverage": round(proved(), 3),
        "ledger_overhead": round(overhead(asked.items), 4),
    }
    print(json.dumps(figures) if asked.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
