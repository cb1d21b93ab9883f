"""Makes the tables of truths: python -m searching.truth lognormal; one core, some minutes.

No plan cheaper than the best one keeps the limit, and which of those that cost a little more do: first each pool alone
is made small beside plenty of all others, which settles most plans; then every plan that nothing settles is simulated,
dear ones first among the cheaper, cheap ones first among the dearer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from theory.prove import commit

from labelcast.scenarios.search.question import Plan, Question

from . import lognormal
from .book import CLEAR, FOLDER, Book, write
from .problem import plans, told

DEARER = 1.05
"""All plans up to so many times the cost of the best one are settled."""

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
            book.holds(plan)
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
    near = [sum(one <= more for one in kept) for more in (0.01, 0.02, 0.05)]
    print(f"\nof {plans(book.question)} plans, keep the limit within 1%, 2%, 5% of the cost of the best: {near}")


def main() -> None:
    """The table of one problem."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problem", choices=["lognormal"])
    given = parser.parse_args()
    path = FOLDER / f"{given.problem}.csv"
    with tempfile.TemporaryDirectory() as folder:
        book = Book(lognormal.problem().question(Path(folder)), len(lognormal.POOLS))
        settle(book, lognormal.BEST, lognormal.cost)
    known = sorted(book.known.items(), key=lambda one: (lognormal.cost(one[0]), one[0]))
    proved = commit("sim", "scenarios", "tests/searching")
    made = f"python -m searching.truth {given.problem}; commit {proved}; {book.runs} runs; to {CLEAR:g} errors"
    write(path, book.question, known, made)


if __name__ == "__main__":
    main()
