"""The long proof that both engines are equal, and runs with and without a log; `make prove`.

    python -m both.prove [--rows N] [--to FILE]

Writes docs/equality.md: lines and rows that were compared, and the differences, with the commit that was proved. Ends
with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib.metadata import version
from pathlib import Path

from theory.prove import ROOT, commit

from .compared import TICKS, Compared, large_lines, random_lines, shared_streams, streams

RANDOM = 1500
"""Random lines at each tick."""


def main() -> int:
    """The comparison, and its page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows at least")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "equality.md")
    given = parser.parse_args()
    proved, begun = commit(), time.monotonic()
    parts = {f"random lines, tick of {tick_s:g} s": random_lines(tick_s, RANDOM, 21) for tick_s in TICKS}
    rest = given.rows - sum(one.rows for one in parts.values())
    for tick_s in TICKS:
        whole = parts[f"large lines, tick of {tick_s:g} s"] = Compared()
        for compared in large_lines(tick_s, 20_000, 100):
            whole.lines += compared.lines
            whole.rows += compared.rows
            whole.different += compared.different
            print(f"{tick_s:g} s: {whole.rows} rows, {len(whole.different)} differences", file=sys.stderr)
            if whole.rows >= rest / len(TICKS):
                break
    for tick_s in TICKS:
        parts[f"without a log, random lines, tick of {tick_s:g} s"] = random_lines(tick_s, RANDOM, 31, streams)
        name = f"without a log, contracts that pools share, tick of {tick_s:g} s"
        parts[name] = random_lines(tick_s, RANDOM // 3, 41, shared_streams)
    given.to.write_text(page(parts, proved, time.monotonic() - begun), encoding="utf-8")
    return 1 if any(one.different for one in parts.values()) else 0


def page(parts: dict[str, Compared], proved: str, seconds: float) -> str:
    """docs/equality.md. proved: the commit."""
    rows, lines = (sum(getattr(one, name) for one in parts.values()) for name in ("rows", "lines"))
    different = [sentence for one in parts.values() for sentence in one.different]
    table = [f"| {name} | {one.lines:,} | {one.rows:,} | {len(one.different)} |" for name, one in parts.items()]
    return "\n".join(
        [
            "# Two engines, one truth",
            "",
            "Written by `make prove`; do not edit. The kernel's log against the reference engine's, cell by cell; and",
            "KPIs, ledger and curves of the kernel's runs without a log against those from the log.",
            "",
            f"- Proved: commit `{proved}`, labelcast {version('labelcast')}, in {seconds / 60:.0f} minutes.",
            f"- {rows:,} rows of {lines:,} lines; {len(different)} columns or numbers of them differ.",
            "",
            "Random lines are drawn over all mechanisms of the scenario file (`tests/anyline.py`); the large ones have",
            "every mechanism at once, or fewer and more items. At a tick of a minute most events share their tick with",
            "others, so that ties are met. `tests/both` plants faults in one engine, and sees each.",
            "",
            "| Lines | Number | Rows | Differences |",
            "|---|---:|---:|---:|",
            *table,
            "",
            *(f"- {sentence[:300]}" for sentence in different[:20]),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
