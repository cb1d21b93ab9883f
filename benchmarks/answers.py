"""Figures of the answers: what common random numbers buy, measured now, and how often intervals hold, as last proved.

    python benchmarks/answers.py --quick [--json]    in under a minute
    python benchmarks/answers.py                     all of it anew, as in `make prove`; writes docs/answers.md

crn_variance_ratio: variance of the effect of one more worker on independent seeds over that on common random numbers,
throughput of backlogs of 3, 5, 10 and 20 equal workers, the least of the four; 100 replications each.
independent_coverage, family_wise_error, stopped_coverage and what other answers promise: read from docs/answers.md,
which says what they are and which commit was proved. A figure that nothing proves yet is left out.
requirements_met, requirements_missing: how many rows of docs/coverage.md are met, and which are not, or only in part.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

PAGE = ROOT / "docs" / "answers.md"
_ROW = re.compile(r"\| `(\w+)` \|.*\| ([-+.\deinf]+) \| (?:kept|\*\*BROKEN\*\*) \|")

REPLICATIONS = 100


def proved(page: str) -> dict[str, float]:
    """The figures of docs/answers.md by name."""
    return {match[1]: float(match[2]) for match in map(_ROW.fullmatch, page.splitlines()) if match is not None}


def measured() -> float:
    """The ratio of variances, measured now."""
    from answering.luck import Loaded
    from answering.luck import backlog as line
    from answering.luck import measured as ratios

    found = [
        ratios(Loaded(f"{workers}", line(workers), "annotators", True), REPLICATIONS, 1) for workers in (3, 5, 10, 20)
    ]
    return min(one["throughput_per_week"].ratio for one in found)


def main() -> int:
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the figures alone, in a minute")
    parser.add_argument("--json", action="store_true", help="the figures as one line of JSON")
    asked = parser.parse_args()
    if not asked.quick:
        done = subprocess.run([sys.executable, "-m", "answering.prove"], cwd=ROOT / "tests", check=False).returncode
        if done:
            return done
    from requirements.rows import met

    told: dict[str, Any] = {**proved(PAGE.read_text(encoding="utf-8")), "crn_variance_ratio": measured()}
    told["requirements_met"], told["requirements_missing"] = met()
    if asked.json:
        print(json.dumps(told))
    else:
        for name, value in told.items():
            shown = ", ".join(value) if isinstance(value, list) else format(value, ".4g")
            print(f"{name:<24} {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
