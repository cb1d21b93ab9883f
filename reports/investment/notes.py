"""What a reader of investments should know: how the numbers were made, and what is not in them."""

from __future__ import annotations

from collections.abc import Iterator

from ...scenarios.problems import listed
from .. import numbers
from .whole import TOGETHER, Outcome


def notes(whole: Outcome) -> tuple[str, ...]:
    """Sentences, the most important first."""
    return (*_left_out(whole), *_made(whole))


def _left_out(whole: Outcome) -> Iterator[str]:
    currency = whole.line.currency
    if whole.unpaid:
        yield "Nobody is paid in this scenario, so nothing can be saved. Write how, as in `pay: {hourly: 31 EUR}`."
    yield (
        "Only costs count: an item that is delivered sooner, later or not at all, and a label that is wrong, have no "
        "price here."
    )
    for one in whole.found:
        if one.later.p10 or one.later.p90:
            amount = numbers.plain(one.later.mean)
            yield (
                f"After {whole.months[-1]}, {one.name} saves {amount} {currency} more on average, which is in no "
                "number here. Ask for more --months."
            )


def _made(whole: Outcome) -> Iterator[str]:
    rate = numbers.significant(100 * whole.asked.rate)
    yield (
        f"{whole.replications:,} replications, seed {whole.seed}, each with and without on the same luck. A month's "
        f"flow is divided by {1 + whole.asked.rate:.6g}^(k/12) for the k months since {whole.months[0]}: {rate}% a "
        "year, compounded monthly. It counts in the month in which the ledger books it."
    )
    ranges = [one for one in whole.asked.drawn if one.startswith("changes ")]
    fitted = len(whole.asked.drawn) - len(ranges)
    if ranges:
        yield f"In each replication a value is drawn from each range that `changes` gives: {listed(ranges, 4)}."
    if fitted:
        yield f"In each replication {fitted} fitted parameters are drawn from their intervals, alike with and without."
    elif whole.line.fitted:
        yield "What was fitted is taken as known, however short its log was."
    if whole.replications < 20:
        yield f"With {whole.replications} replications P10 and P90 are little more than the ends. Say -n 100."
    yield (
        "Paid back: the first month from which on the sum so far stays at or above zero; discounted comes first, as it "
        "agrees with the NPV."
    )
    if any(effect.stands for one in whole.found for effect in one.effects.values()):
        yield "*: stands after Holm's correction, over all that is claimed here (5%)."
    if any(one.name == TOGETHER for one in whole.found):
        yield (
            "Each investment is held against the scenario without it and with all the others, so what each is worth "
            "need not add up to all together."
        )
    if whole.line.backtest:
        yield whole.line.backtest
