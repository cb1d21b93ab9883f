"""The long proof that logs simulated from random lines come back within intervals, for every kind of parameter.

    python -m recovery.prove [--size N] [--only WORD] [--to FILE]

Writes docs/recovery.md: of each kind what the truth is, how many logs told it, and in how many the 95% interval holds
the truth, with the commit that was proved. Ends with 1 where a share is not consistent with 95%.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from theory.prove import ROOT, commit

from .kinds import CAUTIONS, SOURCES, UNCLAIMED, WHOLE
from .told import LEVEL, Count, counted


@dataclass(frozen=True)
class Row:
    """A kind of parameter: what its truth is, how many logs were drawn, and what they told."""

    kind: str
    truth: str
    drawn: int
    count: Count

    @property
    def verdict(self) -> str:
        """Whether the exact 99% interval of the share holds 95%; of whole numbers, more may be."""
        share = self.count.share
        if not self.count.told:
            return "**NOT TOLD**"
        if share.low <= LEVEL <= share.high:
            return "95%"
        if share.high < LEVEL:
            return "**FEWER**"
        return "more, as of whole numbers" if self.kind.split(": ")[0] in WHOLE else "**MORE**"

    @property
    def holds(self) -> bool:
        """Whether the verdict is none in bold."""
        return "**" not in self.verdict


def page(rows: list[Row], proved: str, minutes: float) -> str:
    """docs/recovery.md. proved: the commit."""
    held = sum(row.holds for row in rows)
    lines = [
        "# Recovery",
        "",
        "Written by `make prove`; do not edit. Random lines of known truth are simulated, their logs fitted, and the",
        "95% intervals of the profile's parameters held against the truth.",
        "",
        f"- Proved: commit `{proved}`, labelcast {version('labelcast')}, in {minutes:.0f} minutes.",
        f"- {held} of {len(rows)} rows are consistent with 95%; each is of logs of its own lines and luck.",
        "",
        "Logs: those that told the parameter with an interval, of those drawn. Share: of these intervals, that hold",
        "the truth, with the exact 99% interval of the share (Clopper and Pearson), which must hold 95%: of a hundred",
        "honest rows one fails by chance at most. Below, above: intervals that lie below and above the truth. Lines,",
        "sizes and seeds: `tests/recovery`.",
        "",
        "| Parameter | Truth | Logs | Inside | Share | 99% interval | Below | Above | Verdict |",
        "|---|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    lines += [_row(row) for row in rows]
    lines += ["", "## Not consistent with 95%", ""]
    failed = [f"- `{row.kind}`: {_percent(row)}, {row.verdict.strip('*').lower()}." for row in rows if not row.holds]
    lines += failed or ["None."]
    lines += ["", "## Not claimed", ""]
    lines += [f"- `{kind}`: {why}" for kind, why in UNCLAIMED.items()]
    lines += ["", "## Cautions", "", *(f"- {one}" for one in CAUTIONS), ""]
    return "\n".join(lines)


def _row(row: Row) -> str:
    one = row.count
    logs = f"{one.told}" if one.told == row.drawn else f"{one.told} of {row.drawn}"
    interval = f"{one.share.low:.1%} to {one.share.high:.1%}"
    cells = [f"`{row.kind}`", row.truth, logs, one.inside, _percent(row), interval, one.below, one.above, row.verdict]
    return f"| {' | '.join(map(str, cells))} |"


def _percent(row: Row) -> str:
    return f"{row.count.share.mean:.1%}" if row.count.told else "none"


def main() -> int:
    """The proof, and its page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=1.0, help="times the logs of each source")
    parser.add_argument("--only", default="", help="a word of the sources that are run; writes no page")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "recovery.md")
    given = parser.parse_args()
    proved, begun, rows = (
        commit("calibration", "sim", "tests/recovery", "tests/crowd_log.py", "tests/numpy_line.py"),
        time.monotonic(),
        [],
    )
    for source in SOURCES:
        if given.only not in source.name:
            continue
        logs, since = max(1, round(given.size * source.logs)), time.monotonic()
        counts = counted(source, logs)
        print(f"{source.name}: {logs} logs in {time.monotonic() - since:.0f} s", file=sys.stderr)
        for kind, truth in source.kinds.items():
            rows.append(Row(kind, truth, logs, counts.get(kind, Count())))
            print(f"  {_row(rows[-1])}", file=sys.stderr)
    if not given.only:
        given.to.write_text(page(rows, proved, (time.monotonic() - begun) / 60), encoding="utf-8")
    failed = [f"{row.kind}: {_percent(row)}" for row in rows if not row.holds]
    print("\n".join([f"not consistent with 95%: {what}" for what in failed] or ["all come back"]))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
