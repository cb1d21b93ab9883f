"""The sentences about an investment that a manager can read aloud: they claim no more than the numbers do."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .. import numbers
from .whole import ACCURACY, DELIVERED, FINISH, IDLE_COST, Effect, Found, Outcome, Payback


def verdict(found: Found, whole: Outcome) -> str:
    """Whether it pays, by when, and what it does to the work, in a few sentences."""
    return " ".join([_worth(found, whole), *_payback(found, whole), *_work(found, whole), *_reached(found, whole)])


def covers(whole: Outcome) -> str:
    """What the runs cover, where that is less than was asked; else ""."""
    if whole.covered == len(whole.months):
        return ""
    why = "the horizon ends the simulation" if whole.unfinished else "all work is done"
    span = f"{whole.months[0]} to {whole.months[whole.covered - 1]}"
    return f"The runs cover {span}, for then {why}: what is saved or spent later is in no number here."


def _worth(found: Found, whole: Outcome) -> str:
    currency, npv = whole.line.currency, found.npv
    if not found.reached.count:
        return f"{found.name} changes no cash flow in any run: it is worth {numbers.number(0.0, currency)}."
    if whole.replications == 1:
        value = numbers.number(npv.mean, currency)
        return (
            f"{found.name} was run once: NPV {value}, of which one replication tells no interval; nothing is claimed."
        )
    if npv.low == npv.high:
        amount = f"NPV {numbers.number(npv.mean, currency)} in every run"
    else:
        amount = f"NPV {numbers.mean_half_width(npv.mean, npv.low, npv.high, currency)} on average"
    pays = f"above zero in {chance(found.pays.share, found.pays.low, found.pays.high)} of the runs"
    if found.npv_stands and npv.mean > 0:
        return f"{found.name} is worth more than it costs: {amount}, {pays}."
    if found.npv_stands:
        return f"{found.name} does not pay by {whole.months[whole.covered - 1]}: {amount}, {pays}."
    return f"Whether {found.name} pays cannot be told from {whole.replications:,} replications: {amount}, {pays}."


def chance(share: float, low: float, high: float) -> str:
    """A share with its interval: 92% (85% to 96%)."""
    shown, below, above = (numbers.plain(100 * value) for value in (share, low, high))
    return f"{shown}% ({below}% to {above}%)"


def _payback(found: Found, whole: Outcome) -> Iterator[str]:
    """By when half of the runs have it back, where it ever costs more than it has saved."""
    if whole.replications == 1 or not (found.flows.cumsum(axis=1) < 0).any():
        return
    runs = "the runs" if found.reached.count == whole.replications else "those in which it is made"
    if math.isfinite(found.discounted.p50):
        yield f"Half of {runs} have paid it back by {month(found.discounted.p50, whole)}, discounted."
    else:
        yield f"At least half of {runs} have not paid it back by {whole.months[whole.covered - 1]}."


def month(at: float, whole: Outcome) -> str:
    """A month of payback in words."""
    if math.isnan(at):
        return "nothing to pay back"
    return f"not by {whole.months[whole.covered - 1]}" if math.isinf(at) else whole.months[int(at)]


def spread(paid: Payback, whole: Outcome) -> tuple[str, str, str]:
    """P10, P50 and P90 of a payback in words."""
    return month(paid.p10, whole), month(paid.p50, whole), month(paid.p90, whole)


def _work(found: Found, whole: Outcome) -> Iterator[str]:
    """What it does to the work beside the money, as far as that stands."""
    delivered = found.effects[DELIVERED]
    if delivered.stands:
        fewer = delivered.difference.mean < 0
        told = amount(delivered, "items", "fewer" if fewer else "more")
        if fewer and found.npv.mean > 0:
            yield f"It delivers {told} in these months: some of what is saved is work not done."
        else:
            yield f"It delivers {told} in these months, and the NPV does not say what they are worth."
    finish, accuracy = found.effects.get(FINISH), found.effects.get(ACCURACY)
    if finish is not None and finish.stands:
        yield f"Work ends {amount(finish, 'days', 'earlier' if finish.difference.mean < 0 else 'later')}."
    if finish is not None and finish.never[0] != finish.never[1]:
        here, there = finish.never
        yield (
            f"Of {whole.replications:,} runs, {here:,} with it and {there:,} without it leave work at the horizon: "
            "their costs are of what was done by then."
        )
    if accuracy is not None and accuracy.stands:
        way = "less" if accuracy.difference.mean < 0 else "more"
        yield f"Labels are {amount(accuracy, numbers.SHARE, '')} {way} accurate, which the NPV does not count."
    idle = found.effects[IDLE_COST]
    if idle.stands and idle.difference.mean > 0:
        told = amount(idle, whole.line.currency, "more")
        yield f"{told} is paid for idle time: time that is saved saves money only where fewer hours are paid then."


def amount(effect: Effect, unit: str, way: str) -> str:
    """The size of a difference with its interval, and its direction in a word."""
    one = effect.difference
    low, high = sorted((abs(one.low), abs(one.high))) if one.low * one.high >= 0 else (one.low, one.high)
    text = numbers.mean_half_width(abs(one.mean), low, high, unit)
    text = f"{text.removesuffix('%')} points" if unit == numbers.SHARE else text
    return f"{text} {way}".strip()


def _reached(found: Found, whole: Outcome) -> Iterator[str]:
    """That it is not made in every run."""
    if 0 < found.reached.count < whole.replications:
        yield (
            f"Only in {chance(found.reached.share, found.reached.low, found.reached.high)} of the runs does it change "
            "any cash flow; the others end before."
        )
