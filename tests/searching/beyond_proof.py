"""How often a plan is certified that does not keep its constraint, where the best plan lies just beyond it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from answering.section import Figure, Section

from labelcast.scenarios.search.question import Plan
from labelcast.sim.processes import in_order
from labelcast.sim.statistics import coverage

from .answers import OURS, Asked, run
from .beyond import BEYOND, GREATEST, HORIZON, case, problem
from .problem import Problem
from .rivals import BUDGET

MOST = 0.08
"""Of the upper 99% bound of the share of false certificates."""

FIRST_SEED = 70_000


@dataclass(frozen=True)
class Tried:
    """A case that was searched. certified: whether a plan was; false: one that does not keep the limit.
    used: replications."""

    number: int
    certified: bool
    false: bool
    used: int


def tried(budget: int, number: int) -> Tried:
    """A case on a seed of its own, searched and judged: what would break in judging breaks at the first cases."""
    made = problem(case(number))
    answer = run(Asked(made.name, made.text, OURS, (budget,)), FIRST_SEED + number).answers[OURS, budget]
    plan = answer.plan
    return Tried(number, plan is not None, plan is not None and not _holds(made, plan), answer.used)


def _holds(made: Problem, plan: Plan) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return made.truth(made.question(Path(folder)), plan).holds


def proved(cases: int, processes: int) -> Section:
    """The section of the page."""
    found = list(in_order(tried, BUDGET, cases, processes))
    kinds: dict[str, list[bool]] = {"no plan keeps the limit": [], "one person more may help": []}
    for one in found:
        kinds[list(kinds)[case(one.number).wider is not None]].append(one.false)
    rows, hits = [], 0
    for kind, false in kinds.items():
        share = coverage(sum(false), len(false))
        hits += sum(false)
        rows.append(
            f"| {kind} | {len(false)} | {sum(false)} | {share.mean:.1%} | {share.low:.1%} to {share.high:.1%} |"
        )
    whole = coverage(hits, cases)
    rows.append(f"| all | {cases} | {hits} | {whole.mean:.1%} | {whole.low:.1%} to {whole.high:.1%} |")
    used = sum(one.used for one in found) / cases
    certified = sum(one.certified for one in found)
    lines = [
        f"The exponential line for {HORIZON}, headcounts up to one of {len(GREATEST)} plans, and a limit {BEYOND:.0%} "
        "below the mean wait",
        "of that plan, which is known by long simulation: tests/searching/truths/beyond.csv. In half of the cases one",
        "pool may have one person more. A certificate is false where the plan does not keep the limit.",
        f"Certified in {certified} cases; {used:,.0f} replications each.",
        "",
        "| Cases | Number | False certificates | Share | 99% interval |",
        "|---|---:|---:|---:|---:|",
        *rows,
    ]
    figure = Figure(
        "false_certificates",
        "plans certified that do not keep their constraint, of cases whose best plan lies just beyond: upper 99% bound",
        f"below {MOST:.0%}",
        whole.high,
        f"{hits} of {cases}, at most {whole.high:.1%}",
        whole.high < MOST,
    )
    return Section("False certificates", lines, [figure])
