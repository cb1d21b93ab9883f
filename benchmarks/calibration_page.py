"""What the proof of calibration says, as a page: docs/calibration.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import service
from page import table

Row = tuple[str, float, dict[str, Any]]
"""Name of a set, where it was cut (0: its service times), and its figures."""

HEAD = """# Calibration

Written by `python benchmarks/calibration.py`; do not edit. {machine}

{goals}

## Does the fit of the past foretell what came?

Each log is cut where a batch was posted; the line is fitted to what had been submitted by then, as if there were no
more, and forecasts what was still to come, from what was left of each batch then, with the items and times of posting
that there really were (`labelcast backtest`). A log without times of posting has its batches' first starts in their
place. Flat rate: labels by the hour as they came on average while a batch was open. Replay: a batch of the past, any
being as likely, happens again, from the share of labels that is there already. Makespan: hours from posting, or the
first start, to the last label; daily: labels of a local day (UTC) on which a batch was open; clock: hours by which
labels would have to be moved on the clock; cycle: hours by which items would have to be moved for their times from
posting to the last label to agree. The first two are mean continuous ranked probability scores, which for a forecast
of one value (the flat rate) are its mean absolute error. Smaller is nearer; bold: the line came nearest. A log of two
batches can be cut in one place only, whatever is asked for.
{replications} replications.
"""

TIMES = """
## Service times held out

Half of each worker's pages, at random, are fitted after cleaning, and foretell the other half: the greatest gap between
the cumulative shares (KS). Spread: sd of workers' effects on log time, fitted on one half by actual on the other.
"""

SPEED = """
## Speed

A made-up CrowdFlower report (`benchmarks/made_up.py`) of {rows:,} rows was read, cleaned and fitted in {seconds:.0f} s
of wall time ({rate:,.0f} rows a second); the process held {peak:,.0f} MB at most, libraries and Numba included.
"""


def write(path: Path, rows: Sequence[Row], rate: dict[str, float], proved: str, replications: int) -> None:
    """Writes the page. proved: machine and commit, from before it was measured."""
    shares = sorted({share for _, share, _ in rows if share > 0.0})
    parts = [HEAD.format(machine=proved, goals=_goals(rows, rate), replications=replications)]
    for share in shares:
        parts.append(f"\n### Cut after {share:.0%} of the batches\n\n{_cut([r for r in rows if r[1] == share])}")
    parts.append(TIMES)
    parts.append("\n" + _times([row for row in rows if row[1] == 0.0]))
    parts.append(
        SPEED.format(rows=int(rate["rows"]), seconds=rate["seconds"], rate=rate["rows_per_s"], peak=rate["peak_mb"])
    )
    path.write_text("\n".join(part.rstrip("\n") + "\n" for part in parts), encoding="utf-8")


def interval(hits: int, of: int) -> str:
    """Share and its 99% binomial interval."""
    from labelcast.calibration.backtest.backtest import binomial_interval

    low, high = binomial_interval(hits, of, 0.99)
    return f"{hits} of {of} = {hits / of:.2f} ({low:.2f} to {high:.2f})"


def _goals(rows: Sequence[Row], rate: dict[str, float]) -> str:
    middle = [one for _, share, one in rows if share == 0.5]
    times = {name: one for name, share, one in rows if share == 0.0}
    sets, only = [name for name in times if name != service.TIMES_ONLY], times[service.TIMES_ONLY]
    batches, days = sum(one["ahead"] for one in middle), sum(one["days"] for one in middle)
    held, of_days = (sum(one[key]["0.8"] for one in middle) for key in ("within", "days_within"))
    ratios = [abs(times[name]["ratio"] - 1) <= 0.15 for name in sets]
    return table(
        ("What", "Asked", "Found"),
        [
            ("logs, cut in the middle", "", str(len(middle))),
            ("nearer than a flat rate, in makespans and days", "at least 9", str(_count(middle, "beats_flat_rate"))),
            ("nearer than a replay, in makespans and days", "at least 6", str(_count(middle, "beats_replay"))),
            ("80% bands, batches and days", "99% interval has .80", interval(held + of_days, batches + days)),
            ("80% bands, batches", "", interval(held, batches)),
            ("80% bands, days", "", interval(of_days, days)),
            ("service times: KS at most .05, of ten sets", "at least 7", str(_at_most(times, sets))),
            (f"service times: KS, {service.TIMES_ONLY}", "at most .05", f"{only['half']['ks']:.3f}"),
            ("service times: spread within 15%, of ten sets", "", str(sum(ratios))),
            ("a million rows: seconds", "under 60", f"{rate['seconds']:.0f}"),
            ("a million rows: peak memory, MB", "under 2,000", f"{rate['peak_mb']:,.0f}"),
        ],
    )


def _count(found: Sequence[dict[str, Any]], key: str) -> int:
    return sum(bool(one[key]) for one in found)


def _at_most(times: dict[str, dict[str, Any]], sets: Sequence[str]) -> int:
    return sum(times[name]["half"]["ks"] <= 0.05 for name in sets)


def _cut(rows: Sequence[Row]) -> str:
    who = ("line", "flat rate", "replay")
    head = (
        *("set", "batches before", "ahead", "days"),
        *(f"{what}: {one}" for what in ("makespan", "daily", "clock", "cycle") for one in who),
        *("in 80%: batches", "days", "badge"),
    )
    body = []
    for name, _, one in rows:
        three = [cell for key in ("makespan", "daily", "circadian", "cycle") for cell in _three(one[key])]
        held = (f"{one['within']['0.8']}/{one['ahead']}", f"{one['days_within']['0.8']}/{one['days']}")
        told = one["grade"] + (f" ({', '.join(one['drift'])})" if one["drift"] else "")
        body.append((name, str(one["past"]), str(one["ahead"]), str(one["days"]), *three, *held, told))
    flat, replay = (_count([one for _, _, one in rows], key) for key in ("beats_flat_rate", "beats_replay"))
    return (
        f"{table(head, body)}\n\nNearer in both: than the flat rate on {flat}, the replay on {replay} of {len(rows)}.\n"
    )


def _three(values: Sequence[float]) -> list[str]:
    texts = [f"{one:.3g}" for one in values]
    return [f"**{texts[0]}**" if values[0] < min(values[1:]) else texts[0], *texts[1:]]


def _times(rows: Sequence[Row]) -> str:
    head = ("set", "pages", "family", "KS, known workers", "new workers", "later", "spread fitted", "actual", "ratio")
    body = []
    for name, _, one in rows:
        new, later = (f"{one[key]['ks']:.3f}" if key in one else "" for key in ("new_workers", "later"))
        spread, half = one["spread"], one["half"]
        told = (f"{one['pages']:,}", half["family"], f"{half['ks']:.3f}", new, later)
        body.append((name, *told, f"{spread['fitted']:.3f}", f"{spread['actual']:.3f}", f"{one['ratio']:.2f}"))
    return table(head, body)
