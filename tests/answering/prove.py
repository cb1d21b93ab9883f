"""The long proof of the answers: python -m answering.prove [--experiments N] [--only WORD] [--to FILE]; `make prove`.

Writes docs/answers.md: what each answer promises, what a thousand experiments found, and the commit that was proved.
Ends with 1 where a promise is not kept. A new answer adds a section to SECTIONS; benchmarks/answers.py reads the page.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from theory.prove import ROOT, commit

from . import alike, bottlenecks, chosen, live, luck, stopping
from .section import Section, table

SECTIONS: dict[str, Callable[[int, int], Section]] = {
    "alike": alike.proved,
    "stopping": lambda experiments, processes: stopping.proved(max(1, 3 * experiments // 10), processes),
    "chosen": lambda experiments, processes: chosen.proved(max(1, experiments // 10), processes),
    "bottlenecks": lambda experiments, processes: bottlenecks.proved(max(1, experiments // 5), processes),
    "live": lambda experiments, processes: live.proved(max(1, experiments // 2), max(1, experiments // 5), processes),
    "luck": lambda experiments, _: luck.proved(max(2, 2 * experiments // 5), None),  # short runs: here is quicker
}
"""By a word for --only: (experiments, processes) -> section."""


def page(sections: list[Section], proved: str, minutes: float, experiments: int) -> str:
    """docs/answers.md. proved: the commit."""
    figures = [figure for section in sections for figure in section.figures]
    lines = [
        "# Answers",
        "",
        "Written by `make prove`; do not edit. What answers promise, and how often they keep it.",
        "",
        f"- Proved: commit `{proved}`, labelcast {version('labelcast')}, in {minutes:.0f} minutes; --experiments "
        f"{experiments}.",
        f"- {sum(figure.holds for figure in figures)} of {len(figures)} promises are kept.",
        "",
        *table(figures),
    ]
    for section in sections:
        lines += ["", f"## {section.title}", "", *section.lines]
    return "\n".join([*lines, ""])


def main() -> int:
    """The proof, and its page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--experiments", type=int, default=1_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", choices=[*SECTIONS], help="one section alone; prints it and writes no page")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "answers.md")
    given = parser.parse_args()
    proved = commit("sim", "calibration", "scenarios", "tests/answering", "tests/lines.py", "tests/cut.py")
    begun, sections = time.monotonic(), []
    for word, of in SECTIONS.items():
        if given.only in (None, word):
            sections.append(of(given.experiments, given.processes))
            print(f"{word}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    text = page(sections, proved, (time.monotonic() - begun) / 60, given.experiments)
    if given.only:
        print(text)
    else:
        given.to.write_text(text, encoding="utf-8")
    failed = [f"{one.name}: {one.text}" for section in sections for one in section.figures if not one.holds]
    print("\n".join([f"not kept: {what}" for what in failed] or ["all promises are kept"]), file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
