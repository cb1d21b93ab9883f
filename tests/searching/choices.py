"""A project with a deadline and a share of right labels: who labels, how many times, in which batches, and what is
reviewed. Nothing here is exact, and choices have no order: what is true of the plans is in truths/choices.csv.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from labelcast.scenarios.search.question import Plan, Question

from .book import ASKED, FOLDER, Book, facts, read
from .problem import Problem, Truth, no_truth

SCENARIO = """\
labelcast: 1
name: choices
start: 2027-01-04T09:00
timezone: UTC
currency: EUR
horizon: 4 weeks
work:
  images: {backlog: 150 items, classes: {car: 60%, truck: 25%, bus: 15%}, difficulty: {spread: 0.8, attractor: 3}}
calendars:
  office: {days: Mon-Fri, hours: "09:00-17:00"}
pools:
  team: {headcount: 6, calendar: office, speed: {spread: 0.15}, skill: {accuracy: 93%}, pay: {hourly: 24 EUR}}
  vendor:
    headcount: 12
    calendar: office
    speed: {spread: 0.2}
    skill: {accuracy: 91%}
    pay: {per_label: 1.60 EUR}
  reviewers:
    headcount: 2
    calendar: office
    speed: {spread: 0.15}
    reviewing: {sensitivity: 88%, false_alarm: 3%}
    pay: {hourly: 36 EUR}
stages:
  annotate:
    pools: {team: 100%}
    labels_per_item: 1
    time: {lognormal: {median: 4 min, p95: 12 min}}
    batch: {size: 10 items, setup: 12 min, together: yes}
    rework_by: anyone
  review:
    pools: [reviewers]
    fraction: 100%
    time: {lognormal: {median: 2 min, p95: 6 min}}
    on_reject: {to: annotate, rounds: 2, then: deliver}
goals: {deadline: 2027-01-04T12:18}
search:
  minimise: cost
  subject_to: ["p_deadline >= 90%", "accuracy >= 97.2%"]
  vary:
    stages.annotate.labels_per_item: [1, {lead: 2, max: 3}, 3]
    stages.annotate.pools: [{team: 100%}, {team: 60%, vendor: 40%}, {team: 30%, vendor: 70%}]
    stages.annotate.batch.size: [1 items, 5 items, 10 items, 20 items]
    stages.review.fraction: [0%, 20%, 40%, 60%, 80%, 100%]
    pools.team.headcount: 3..8
    pools.reviewers.headcount: 1..5
"""


TABLE = FOLDER / "choices.csv"


def asked() -> Problem:
    """The problem as long as nothing is known of it."""
    return Problem("choices", SCENARIO, None, no_truth)


def problem() -> Problem:
    """The problem, with what is known of it: the best plan is the cheapest of its table that keeps the constraints."""
    with tempfile.TemporaryDirectory() as folder:
        table = read(TABLE, Book(asked().question(Path(folder)), exact=False))
    known = table.known
    best = min((plan for plan, one in known.items() if one.likely), key=lambda plan: known[plan].cost)
    book: Book | None = None

    def truth(question: Question, plan: Plan) -> Truth:
        nonlocal book
        book = book or read(TABLE, Book(question, exact=False, most=ASKED))
        return Truth(book.of(plan).cost, book.holds(plan))

    told = tuple(facts(table, best, lambda plan: known[plan].cost))
    return Problem("choices", SCENARIO, best, truth, told)
