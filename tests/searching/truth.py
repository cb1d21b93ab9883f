"""Makes the tables of truths: python -m searching.truth lognormal | choices | beyond; one core each.

Of the lognormal line: no plan cheaper than the best one keeps the limit, and which of those that cost a little more do.
First each pool alone is made small beside plenty of all others, which settles most plans; then every plan that nothing
settles is simulated, dear ones first among the cheaper, cheap ones first among the dearer. Of the project with choices:
all plans are screened.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from theory.prove import commit

from labelcast.scenarios.search.question import Plan, Question

from . import beyond, choices, lognormal
from .book import CLEAR, FOLDER, SEED, Book, write
from .problem import Problem, no_truth, plan_of, plans, told
from .screened import screened
from .trying import Trials

DEARER = 1.02
"""All plans up to so many times the cost of the best one are settled."""

NEAR = 1.05
"""Plans with choices that cost so many times the best one are simulated on, for the table."""

CHEAPER = 0.90
"""Below this share of it, plans are settled by the dearer of them."""


def small(question: Question, rising: int) -> Iterator[Plan]:
    """Plans with few people in one pool and as many as can be in all others, by each way of choosing the rest."""
    sizes = [len(one.nodes) for one in question.variables]
    for rest in product(*map(range, sizes[rising:])):
        for place, size in enumerate(sizes[:rising]):
            for few in range(size):
                heads = [most - 1 for most in sizes[:rising]]
                heads[place] = few
                yield (*heads, *rest)


def settle(book: Book, best: Plan, cost: Callable[[Plan], float]) -> None:
    """Settles all plans up to DEARER times the cost of the best one."""
    assert book.holds(best), "the best plan does not keep the limit"
    for plan in small(book.question, book.rising):
        if book.settled(plan) is None:
            book.glance(plan)
    print(f"{len(book.known)} plans at a glance", file=sys.stderr)
    least = cost(best)
    costs = {plan: cost(plan) for plan in product(*(range(len(one.nodes)) for one in book.question.variables))}
    cheaper = [plan for plan, price in costs.items() if CHEAPER * least <= price < least]
    dearer = [plan for plan, price in costs.items() if least <= price <= DEARER * least]
    for plan in (*sorted(cheaper, key=lambda one: -costs[one]), *sorted(dearer, key=lambda one: costs[one])):
        if book.settled(plan) is None:
            kept = book.holds(plan)
            assert not (kept and costs[plan] < least), f"a cheaper plan keeps the limit: {told(book.question, plan)}"
            print(f"\r{len(book.known)} plans, {book.runs} runs", end="", file=sys.stderr)
    kept = [costs[plan] / least - 1.0 for plan in dearer if book.holds(plan) and plan != best]
    near = [sum(one <= more for one in kept) for more in (0.005, 0.01, 0.02)]
    print(f"\nof {plans(book.question)} plans, keep the limit within 0.5%, 1%, 2% of the cost of the best: {near}")


def of_lognormal(folder: Path, made: str) -> None:
    """Table of the lognormal line."""
    book = Book(lognormal.asked().question(folder), len(lognormal.POOLS))
    settle(book, lognormal.BEST, lognormal.cost)
    known = sorted(book.known.items(), key=lambda one: (lognormal.cost(one[0]), one[0]))
    write(lognormal.TABLE, book.question, known, f"{made}; {book.runs} runs, to {CLEAR:g} standard errors")


def of_beyond(folder: Path, made: str) -> None:
    """Waits of the greatest plans of cases in which the best lies beyond."""
    found = {}
    for heads in beyond.GREATEST:
        question = Problem("beyond", beyond.text(heads, heads, 1.0), None, no_truth).question(folder)
        waits = Trials(question, SEED).values(plan_of(question, *map(str, heads)), 0, beyond.RUNS)[:, 1]
        found[heads] = float(waits.mean()), float(waits.std(ddof=1)) / math.sqrt(beyond.RUNS)
        print(f"\r{len(found)} of {len(beyond.GREATEST)}", end="", file=sys.stderr)
    beyond.write(FOLDER / "beyond.csv", found, made)


def of_choices(folder: Path, made: str) -> None:
    """Table of the project with choices."""
    question = choices.asked().question(folder)
    every = list(product(*(range(len(one.nodes)) for one in question.variables)))
    found = screened(question, every, SEED, NEAR)
    known = sorted(found.items(), key=lambda one: (one[1].cost, one[0]))
    runs = sum(one.replications for one in found.values())
    write(choices.TABLE, question, known, f"{made}; {runs} runs of plans that went beyond the first round")


TABLES: dict[str, Callable[[Path, str], None]] = {"lognormal": of_lognormal, "beyond": of_beyond, "choices": of_choices}


def main() -> None:
    """One table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=[*TABLES])
    given = parser.parse_args()
    proved = commit("sim", "scenarios", "tests/searching")
    with tempfile.TemporaryDirectory() as folder:
        TABLES[given.table](Path(folder), f"python -m searching.truth {given.table}; commit {proved}")


if __name__ == "__main__":
    main()
