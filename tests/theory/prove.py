"""The long proof: every case of theory with more replications, and the coverage of intervals; `make prove`.

    python -m theory.prove [--size N] [--experiments N] [--processes N] [--to FILE]

Writes docs/verification.md: theory, simulated value, interval and verdict of every quantity, and of each what a planted
fault makes of it; with the commit that was proved. Ends with 1 where anything disagrees.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from labelcast.sim.processes import in_order

from . import cases
from .case import CASES, FAULTY, LEVEL, Estimate, Quantity, agrees, estimates, under_fault
from .coverage import ITEMS, REPLICATIONS, Covered, covered, holds

ROOT = Path(__file__).parents[2]
SEED = 2
"""Another one than that of `make verify`."""

assert cases.__all__


@dataclass(frozen=True)
class Row:
    """A quantity of a case, what was simulated, and what it is under the first fault that it sees."""

    case: str
    quantity: Quantity
    found: Estimate
    fault: str | None
    faulty: Estimate | None

    @property
    def proven(self) -> bool:
        """Agrees with theory, and was seen to disagree under a fault."""
        return agrees(self.quantity, self.found) and self.fault is not None


Result = tuple[Estimate, str | None, Estimate | None]
"""What was simulated; the first fault that is seen, and what it makes of it."""


def prove(size: float, number: int) -> list[Result]:
    """The result of each quantity of a case. size: times as many replications as `make verify`."""
    case = CASES[list(CASES)[number]]()
    found = estimates(case, round(case.replications * size), SEED)
    seen: dict[int, tuple[str, Estimate]] = {}
    for fault in case.faults:
        if len(seen) < len(found):
            for place, (quantity, one) in enumerate(
                zip(case.quantities, under_fault(case, fault, FAULTY, SEED), strict=True)
            ):
                if not agrees(quantity, one):
                    seen.setdefault(place, (fault, one))
    return [(one, *seen.get(place, (None, None))) for place, one in enumerate(found)]


def all_rows(size: float, processes: int) -> Iterator[Row]:
    """The rows of all cases, in order."""
    for number, results in enumerate(in_order(prove, size, len(CASES), processes)):
        name = list(CASES)[number]
        print(f"{number + 1}/{len(CASES)} {name}", file=sys.stderr)
        for quantity, result in zip(CASES[name]().quantities, results, strict=True):
            row = Row(name, quantity, *result)
            seen = f"under fault {_estimate(row.faulty)}" if row.faulty else "NO FAULT SEEN"
            told = "agrees" if agrees(row.quantity, row.found) else "DISAGREES"
            print(
                f"  {row.quantity.name}: {_theory(row.quantity)}, {_estimate(row.found)} {told}, {seen}",
                file=sys.stderr,
            )
            yield row


def commit(*folders: str) -> str:
    """The commit that is proved, and whether the tree differs from it in `folders` or, without any, in the engines."""

    def git(*words: str) -> str:
        return subprocess.run(("git", *words), cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    folders = folders or ("sim", "tests/theory", "tests/lines.py")
    changed = git("status", "--porcelain", "--untracked-files=no", "--", *folders)
    return git("rev-parse", "HEAD") + (" with changes that are not committed" if changed else "")


def page(rows: list[Row], coverages: list[Covered], size: float, experiments: int, proved: str) -> str:
    """docs/verification.md. proved: the commit."""
    proven = sum(row.proven for row in rows)
    kept = sum(holds(one.share) and not holds(one.halved) for one in coverages)
    lines = [
        "# Verification",
        "",
        "Written by `make prove`; do not edit. The engines against what queueing theory and probability know.",
        "",
        f"- Proved: commit `{proved}`, labelcast {version('labelcast')}, engine `kernel` (equal to the reference,",
        f"  row for row: docs/equality.md), seed {SEED}.",
        f"- {proven} of {len(rows)} quantities of {len(CASES)} cases agree with theory, each seen to fail on a fault",
        f"  planted in the reference engine; {kept} of {len(coverages)} coverages are what 95% intervals promise.",
        f"- Size: {size:g} times the replications of `make verify`; {experiments} experiments for the coverage.",
        "",
        f"Simulated: the mean over replications with its {LEVEL:.1%} t interval. Theory must lie in the interval;",
        "where it is a bound or an approximation the whole interval must lie in the range given. With a true engine",
        "one row in a thousand fails by chance, a few more where waits are skewed; rows that share a line share their",
        "luck. Cases, sources and faults: `tests/theory`. The last columns: the same quantity with a fault planted in",
        f"the reference engine ({FAULTY} replications), which must be seen.",
        "",
    ]
    for family in dict.fromkeys(row.case.split(": ")[0] for row in rows):
        lines += _table(family, [row for row in rows if row.case.split(": ")[0] == family])
    return "\n".join([*lines, *_coverage(coverages, experiments), ""])


def _table(family: str, rows: list[Row]) -> list[str]:
    lines = [
        f"## {family.capitalize()}",
        "",
        "| Case | Quantity | Unit | Theory | Simulated | Verdict | Planted fault | Then |",
        "|---|---|---|---:|---:|---|---|---:|",
    ]
    before = ""
    for row in rows:
        case = row.case.split(": ", 1)[1]
        verdict = "agrees" if agrees(row.quantity, row.found) else "**DISAGREES**"
        cells = ["" if case == before else case, row.quantity.name, row.quantity.unit or "share"]
        cells += [_theory(row.quantity), _estimate(row.found), verdict]
        cells += [row.fault or "**NOT SEEN**", "" if row.faulty is None else _estimate(row.faulty)]
        lines.append(f"| {' | '.join(cells)} |")
        before = case
    return [*lines, ""]


def _theory(quantity: Quantity) -> str:
    if quantity.exact:
        return f"{quantity.theory:.4g}"
    if quantity.low is None:
        return f"below {quantity.high:.4g}"
    return f"{quantity.low:.4g} to {quantity.high:.4g}"


def _estimate(found: Estimate) -> str:
    return f"{found.mean:.4g} ± {found.half:.2g}"


def _coverage(coverages: list[Covered], experiments: int) -> list[str]:
    lines = [
        "## Coverage of 95% intervals",
        "",
        f"{experiments} experiments of {REPLICATIONS} replications of {ITEMS} items each, from empty; the share of the",
        "95% intervals of the mean that hold the truth, with the exact 99% interval of that share, which must hold",
        "95%; the share itself must lie between 93% and 97%. Last: intervals half as wide, which must be seen to fail.",
        "",
        "| Quantity | Truth | Share | 99% interval | Verdict | Half as wide |",
        "|---|---:|---:|---|---|---:|",
    ]
    for one in coverages:
        share, verdict = one.share, "kept" if holds(one.share) else "**BROKEN**"
        seen = f"{one.halved.mean:.1%}" + ("" if not holds(one.halved) else " **NOT SEEN**")
        interval = f"{share.low:.1%} to {share.high:.1%}"
        lines.append(f"| {one.name} | {one.truth:.5g} | {share.mean:.1%} | {interval} | {verdict} | {seen} |")
    return lines


def main() -> None:
    """Proves, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=float, default=4.0, help="times the replications of `make verify`")
    parser.add_argument("--experiments", type=int, default=1000, help="for the coverage of intervals")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "verification.md")
    given = parser.parse_args()
    proved = commit()
    rows = list(all_rows(given.size, given.processes))
    coverages = covered(given.experiments, given.processes)
    given.to.write_text(page(rows, coverages, given.size, given.experiments, proved), encoding="utf-8")
    failed = [f"{row.case}: {row.quantity.name}" for row in rows if not row.proven]
    failed += [one.name for one in coverages if not holds(one.share) or holds(one.halved)]
    print("\n".join([f"not proven: {what}" for what in failed] or ["all is proven"]))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
