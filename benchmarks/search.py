"""Figures of the search: what it finds on the exponential line, now, and the rest as last proved.

    python benchmarks/search.py --quick [--json]    a minute and a half on two cores
    python benchmarks/search.py [--only PART ..] [--seeds N] [--rivals-only]    all of it anew, as in `make prove`

exponential_exact: share of 20 seeds that found the exact optimum, measured now.
All others are read from docs/search-proof.md, which says what they are and which commit each was proved at; a
figure that nothing proves yet is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

PAGE = ROOT / "docs" / "search-proof.md"
_ROW = re.compile(r"\| `(\w+)` \|.*\| ([-+.\deinf]+) \| (?:kept|\*\*BROKEN\*\*|-) \|")

SEEDS = 20


def proved(page: str) -> dict[str, float]:
    """The figures of docs/search-proof.md by name."""
    return {match[1]: float(match[2]) for match in map(_ROW.fullmatch, page.splitlines()) if match is not None}


def exact() -> float:
    """Share of the seeds in which the exact optimum of the exponential line is found."""
    from searching.answers import OURS
    from searching.exponential import problem
    from searching.prove import searched
    from searching.rivals import BUDGET

    asked = problem()
    runs = searched(asked, OURS, SEEDS, os.cpu_count() or 1, (BUDGET,))
    return sum(one.answers[OURS, BUDGET].plan == asked.best for one in runs) / SEEDS


def main() -> int:
    """Reads the command line, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="the figures alone, in two minutes")
    parser.add_argument("--json", action="store_true", help="the figures as one line of JSON")
    asked, passed_on = parser.parse_known_args()
    if not asked.quick:
        command = [sys.executable, "-m", "searching.prove", *passed_on]
        done = subprocess.run(command, cwd=ROOT / "tests", check=False).returncode
        if done or passed_on:
            return done
    elif passed_on:
        parser.error(f"unrecognised with --quick: {' '.join(passed_on)}")
    told = proved(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    told["exponential_exact"] = exact()
    if asked.json:
        print(json.dumps(told))
    else:
        for name, value in told.items():
            print(f"{name:<28} {value:.4g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
