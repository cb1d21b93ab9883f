"""What a reader of a budget should know: how its numbers were made, and what is not in them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from ...scenarios.problems import listed
from ...sim.line import MICRO
from .. import numbers
from .bridge import REST
from .whole import Budget


def notes(found: Budget) -> tuple[str, ...]:
    """Sentences, the most important first."""
    return (*_left_out(found), *_taken(found), *_made(found), *found.notes, *_of_parts(found))


def _taken(found: Budget) -> Iterator[str]:
    """What is taken as known."""
    drawn, bare = found.asked.drawn or ((), ())
    ranges = [one for one in drawn if one.startswith("changes ")]
    many = len(drawn) - len(ranges)
    if many:
        without = f"; without an interval, and taken as known: {listed(bare, 4)}" if bare else ""
        yield (
            f"P50, P80 and P95 hold what the profile does not know: {many} fitted parameters are drawn from their 95% "
            f"intervals in each replication{without}. What the scenario says itself, people and labels per item are "
            "taken as known."
        )
    elif found.line.fitted:
        yield (
            "What was fitted is taken as known: P80 is the risk of the plan, and not how uncertain the profile is. A "
            "log of a few days makes a profile whose risk is larger than this."
        )
    if ranges:
        named = listed([one.removeprefix("changes ") for one in ranges], 4)
        yield f"What `changes` says by a range is drawn in each replication: {named}."


def _left_out(found: Budget) -> Iterator[str]:
    """What is in none of the numbers."""
    currency, last = found.line.currency, found.months[-1]
    if found.later.mean or found.later_share:
        mean, p80 = numbers.plain(found.later.mean / MICRO), numbers.plain(found.later.p80 / MICRO)
        yield (
            f"After {last}, {mean} {currency} more falls due on average (P80 {p80}); it is in no other number here. "
            "Ask for more --months."
        )
    ends = found.line.horizon_s + found.line.origin.timestamp()
    over = _month_of(found, ends)
    open_share = float((found.runs.kpis["items_open"] > 0).mean())
    if over < last and open_share > 0:
        yield (
            f"The scenario ends within {over} (its `horizon`), and work is left in "
            f"{numbers.number(open_share, numbers.SHARE)} of the replications: later months show no cost because "
            "nothing is simulated there."
        )
    elif over < last:
        yield f"The scenario ends within {over} (its `horizon`): months after it are 0, for nothing is simulated there."


def _month_of(found: Budget, timestamp: float) -> str:
    """The month in which the last moment before a timestamp lies."""
    moment = datetime.fromtimestamp(timestamp - 0.001, found.line.origin.tzinfo)
    return f"{moment:%Y-%m}"


def _made(found: Budget) -> Iterator[str]:
    """How the numbers were made."""
    count = len(found.runs.kpis)
    yield (
        f"{count} replications, seed {found.runs.seed}. P50, P80 and P95 are of the replications' own sums, so they do "
        "not add up over months; means do."
    )
    if count < 20:
        yield f"With {count} replications P95 is little more than the highest of them. Say --replications 100."
    if found.cut:
        first = found.months[0]
        spent = found.cut if found.cut == first else f"{first} to {found.cut}"
        yield f"{spent}: actuals, 0 where there are none. Later months are those of the plan."
    if (file := found.asked.actuals) is not None:
        rows = "the one row" if len(file.rows) == 1 else f"the {numbers.plain(len(file.rows))} rows"
        yield f"Actuals are {rows} of {file.name}, whose SHA-256 begins with {file.digest}."
    if found.asked.paid_after is not None:
        named = [f"{pool or 'all others'} {days} days" for pool, days in found.asked.paid_after.items()]
        yield f"Cash: an invoice is dated the last day of its month and paid so many days later: {', '.join(named)}."
    if found.line.backtest:
        yield found.line.backtest
    if not any(".skill" in path for path in found.line.fitted):
        yield "Costs per correct label and of poor quality rest on skills that are assumed, not fitted."


def _of_parts(found: Budget) -> Iterator[str]:
    """What belongs to single tables."""
    if found.bridges:
        yield (
            "Bridge: each factor is exchanged for that of the other ledger in every order, and its part is what that "
            "changes on average (Shapley); parts add up exactly. The same people paid for more work in the same hours: "
            "what speed adds, idle time takes off."
        )
        if any(part for _, one in found.bridges for name, part in one.parts if name == REST):
            yield "rest: fees, shortfalls, credits, tax, costs that fall due once, and rows without a quantity."
    if found.cut and found.asked.delivered is None:
        yield "The actuals do not tell how many items they delivered, so volume is in speed. Say --delivered N."
    if found.commitments:
        yield (
            "Commitments: use is hours, salaries and labels. A line that is done before a period owes nothing in it; a "
            "period that ends after the last month is told as a whole."
        )
    if not any(segment.error_costs for segment in found.line.segments):
        yield "Harm: each error delivered counts as 1, since no segment has `error_costs`."
    if found.asked.harm_price is None:
        yield (
            "Cost of poor quality is rework less what contracts give back for wrong labels. Say --harm MONEY, what a "
            "unit of harm costs, to add errors."
        )
    elif math.isnan(found.worth.harm.mean):
        yield "The harm of errors delivered is not known, so cost of poor quality has none of it."
    yield "Adds value: annotate, adjudicate and work. Prevention is training; appraisal is review and test questions."
    if found.marginal is not None and found.marginal.unfinished > 0:
        share = numbers.number(found.marginal.unfinished, numbers.SHARE)
        yield f"With 1,000 more items, work is left at the horizon in {share} of the replications: they cost more yet."
