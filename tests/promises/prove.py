"""The long proof that a budget's P80 holds in 80% of projects, whose profiles are fitted from short logs.

    python -m promises.prove [--projects N] [--processes N] [--to FILE]

Writes docs/promises.md with the commit that was proved. Ends with 1 where the share is not consistent with 80%.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from theory.prove import ROOT, commit

from labelcast.sim.engines import ENGINES, prepare
from labelcast.sim.processes import in_order

from .projects import REPLICATIONS, Project, project
from .shares import P80, Share, share_of

PROJECTS = 500


def page(projects: Sequence[Project], proved: str, minutes: float) -> str:
    """docs/promises.md. proved: the commit."""
    whole = _rows("all", projects)
    kinds = [row for kind in dict.fromkeys(one.kind for one in projects) for row in _rows(kind, _of(projects, kind))]
    return "\n".join(
        [
            "# Promises kept",
            "",
            "Written by `make prove`; do not edit. Truths are drawn, a pilot of each is simulated, exported and",
            "calibrated, a plan names the profile, and `labelcast budget` tells its P80. The truth's next work then",
            "costs at most that in this share of projects, which should be 80%.",
            "",
            f"- Proved: commit `{proved}`, labelcast {version('labelcast')}, {len(projects)} projects in {minutes:.0f}",
            f"  minutes; a budget is {REPLICATIONS} replications.",
            "- Pilots of 250 to 699 items, 2 or 3 labels each, by 12 to 23 people, a quarter test questions; the next",
            "  work is 1,500 to 4,999 items with people drawn anew. Speeds, skills, difficulty, families of times,",
            "  idle time and classes are drawn. Lines and seeds: `tests/promises`.",
            "- Drawn: each replication draws what the profile does not know. As fitted: the profile is taken for the",
            "  truth.",
            "",
            "| Pay | Profile | Projects | At most P80 | Share | 99% interval | Verdict |",
            "|---|---|---:|---:|---:|---:|---|",
            *whole,
            *kinds,
            "",
        ]
    )


def _of(projects: Sequence[Project], kind: str) -> list[Project]:
    return [one for one in projects if one.kind == kind]


def _rows(kind: str, projects: Sequence[Project]) -> list[str]:
    drawn, fitted = (share_of(projects, known) for known in (False, True))
    return [_row(kind, "drawn", drawn), _row(kind, "as fitted", fitted)]


def _row(kind: str, how: str, one: Share) -> str:
    interval = f"{one.low:.1%} to {one.high:.1%}"
    verdict = "80%" if one.holds else "**not 80%**"
    return f"| {kind} | {how} | {one.of} | {one.held} | {one.share:.1%} | {interval} | {verdict} |"


def main() -> int:
    """The proof, and its page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=int, default=PROJECTS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "promises.md")
    given = parser.parse_args()
    prepare(ENGINES[0])
    proved, begun = commit("calibration", "sim", "scenarios", "reports/budget", "tests/promises"), time.monotonic()
    projects = []
    for number, one in enumerate(in_order(_numbered, None, given.projects, given.processes)):
        projects.append(one)
        print(f"{number + 1}/{given.projects} {one}", file=sys.stderr)
    given.to.write_text(page(projects, proved, (time.monotonic() - begun) / 60), encoding="utf-8")
    drawn = share_of(projects, known=False)
    print(f"P80 held in {drawn.held} of {drawn.of} = {drawn.share:.1%}; should be {P80:.0%}")
    return not drawn.holds


def _numbered(_: None, number: int) -> Project:
    return project(number)


if __name__ == "__main__":
    sys.exit(main())
