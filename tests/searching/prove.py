"""The long proof of the search: python -m searching.prove [--only PART ...]; `make prove`.

Writes docs/search-proof.md: problems whose best plan is known, what the search and its rivals found of them on the same
budget, and how often it certified what it should not have; and docs/search-proof.json, the parts of that page, after
each part. Ends with 1 where a promise is not kept. With other numbers of seeds or cases than the proof has, or of the
rivals alone, it prints, and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from answering.section import Section
from answering.section import table as first_table
from theory.prove import ROOT, commit

from labelcast.scenarios.search.question import Plan
from labelcast.sim.processes import in_order

from . import beyond_proof, choices, exponential, lognormal, long_line
from .answers import OURS, Asked, Judge, Run, question_of, run
from .parts import Part, read, write
from .problem import Problem, Truth, plans, told
from .progress import draw
from .rivals import A_TRIAL, BUDGET, CURVE, POPULATION, RIVALS, left_out
from .summary import Row, curve, figures, methods, overall, row, table

PROBLEMS: dict[str, Callable[[], Problem]] = {
    "exponential": exponential.problem,
    "lognormal": lognormal.problem,
    "choices": choices.problem,
}

PARTS = (*PROBLEMS, "beyond", "seconds")

FIRST_SEED = 40_000
SEEDS, RIVAL_SEEDS, CASES = 100, 20, 500

PAGE = ROOT / "docs" / "search-proof.md"
KEPT = PAGE.with_suffix(".json")
PICTURE = ROOT / "docs" / "images" / "search-progress.svg"

OVERALL = [
    "feasible_of_returned is of all problems; gap_median, uncertified and tpe_gap_median are of those whose best plan",
    "no formula tells. Of TPE, feasible answers by its own rule count.",
]


def searched(problem: Problem, method: str, seeds: int, processes: int, budgets: Sequence[int] = CURVE) -> list[Run]:
    """A method on so many seeds."""
    asked = Asked(problem.name, problem.text, method, tuple(budgets))
    return list(in_order(run, asked, FIRST_SEED + seeds, processes, FIRST_SEED))


Rows = dict[tuple[str, int], Row]
"""By method and budget."""


def truths(problem: Problem, given: set[Plan], processes: int) -> dict[Plan, Truth]:
    """What is true of the best plan and of those given, each by itself, so that no verdict hangs on another."""
    assert problem.best is not None
    every = sorted({*given, problem.best})
    return dict(zip(every, in_order(truth, (problem.name, every), len(every), processes), strict=True))


def truth(asked: tuple[str, list[Plan]], number: int) -> Truth:
    """Of one of a problem's plans."""
    name, every = asked
    problem = PROBLEMS[name]()
    return problem.truth(question_of(problem.name, problem.text), every[number])


def proved(problem: Problem, seeds: int, rival_seeds: int, processes: int, ours: bool) -> tuple[Section, Rows]:
    """The section of a problem, and its rows. ours: else the rivals alone."""
    runs: dict[str, list[Run]] = {}
    if ours:
        runs[OURS] = searched(problem, OURS, seeds, processes, (BUDGET,))
        shorter = searched(problem, OURS, min(seeds, rival_seeds), processes, CURVE[:-1])
        runs[OURS] += shorter
    for rival in RIVALS:
        if rival not in left_out():
            runs[rival] = searched(problem, rival, rival_seeds, processes)
            print(f"{problem.name}: {rival}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        question = problem.question(Path(folder))
        given = {each.plan for found in runs.values() for one in found for each in one.answers.values() if each.plan}
        known = truths(problem, given, processes)
        judge = Judge(replace(problem, truth=lambda _, plan: known[plan]), question)
        rows: Rows = {}
        for name, found in runs.items():
            for method in methods(name):
                for budget in CURVE:
                    full = [one for one in found if (method, budget) in one.answers]
                    rows[method, budget] = row(method, budget, full, judge)
        assert problem.best is not None
        lines = [
            f"{plans(question):,} plans; the best: {told(question, problem.best)}. "
            f"Kept by every plan: {', '.join(one.text for one in question.constraints)}.",
            "",
            *(f"- {what}: {value}." for what, value in problem.facts),
            "",
            *table([rows[method, BUDGET] for method in dict.fromkeys(method for method, _ in rows)]),
            "",
            "After so many replications: the median gap of feasible answers, and in which share of the seeds there is "
            "one.",
            "",
            *curve(rows, CURVE),
        ]
    promised = figures(problem.name, rows[OURS, BUDGET]) if ours else []
    return Section(problem.name, lines, promised), rows


def page(parts: dict[str, Part]) -> str:
    """docs/search-proof.md, of parts by name."""
    sections = [part.section for part in parts.values()]
    rows = {name: parts[name].rows for name in PROBLEMS if name in parts}
    if rows.keys() == PROBLEMS.keys():
        sections.append(Section("All together", OVERALL, overall(rows, BUDGET)))
    promised = [figure for section in sections for figure in section.figures]
    held = [one for one in promised if one.promised != "-"]
    missing = [name for name in PARTS if name not in parts]
    out = "".join(f" {name} {why}." for name, why in left_out().items())
    lines = [
        "# The search, proved",
        "",
        "Written by `make prove`; do not edit. Problems whose best plan is known, and who finds it.",
        "",
        f"- {sum(one.holds for one in held)} of {len(held)} promises are kept.",
        *([f"- **Not proved yet**: {', '.join(missing)}."] if missing else []),
        f"- Budget: {BUDGET:,} replications; {SEEDS} seeds of ours, {RIVAL_SEEDS} of each rival.",
        f"- Rivals: Optuna's samplers, {A_TRIAL} replications a trial on common luck, constraints told to them;",
        f"  NSGA-II with a population of {POPULATION}, CMA-ES with a penalty.{out} Their answer is the cheapest trial",
        "  that kept the constraints on its replications; carefully, that kept them by 1.645 standard errors.",
        "- Feasible: by what is true of the plan, not by what its search saw. A gap is what a feasible plan costs more",
        "  than the best one; shares within a gap are of all seeds.",
        "",
        *first_table(promised),
        "",
        "![How many seeds are near the best plan after so many replications](images/search-progress.svg)",
    ]
    by = {part.section.title: part for part in parts.values()}
    for section in sections:
        lines += ["", f"## {section.title}", ""]
        if section.title in by:
            part = by[section.title]
            lines += [f"Proved: commit `{part.proved}`, in {part.minutes:.0f} minutes.", ""]
        lines += section.lines
    return "\n".join([*lines, ""])


def main() -> int:
    """The proof, and its page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--rival-seeds", type=int, default=RIVAL_SEEDS)
    parser.add_argument("--cases", type=int, default=CASES, help="in which the best plan lies just beyond")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="parts; the others stay as they are")
    parser.add_argument("--rivals-only", action="store_true", help="without ours")
    given = parser.parse_args()
    whole = (given.seeds, given.rival_seeds, given.cases) == (SEEDS, RIVAL_SEEDS, CASES) and not given.rivals_only
    parts = read(KEPT) if whole else {}
    for name in given.only:
        begun, rows, at = time.monotonic(), Rows(), commit("sim", "scenarios", "tests/searching")
        if name in PROBLEMS:
            of = PROBLEMS[name]()
            section, rows = proved(of, given.seeds, given.rival_seeds, given.processes, not given.rivals_only)
        elif name == "beyond":
            section = beyond_proof.proved(given.cases, given.processes)
        else:
            section = long_line.proved(given.processes)
        done = Part(section, rows, at, (time.monotonic() - begun) / 60)
        parts = {one: done if one == name else parts[one] for one in PARTS if one == name or one in parts}
        if whole:
            write(KEPT, parts)
            PAGE.write_text(page(parts), encoding="utf-8")
            PICTURE.write_text(draw({one: part.rows for one, part in parts.items() if part.rows}), encoding="utf-8")
    if not whole:
        print(page(parts))
    failed = [f"{one.name}: {one.text}" for part in parts.values() for one in part.section.figures if not one.holds]
    print("\n".join([f"not kept: {what}" for what in failed] or ["all promises are kept"]), file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
