"""Investments for a terminal: the verdicts, what they are worth, what they do to the work, and their months."""

from __future__ import annotations

import math

import numpy as np

from ...sim.line import MICRO
from .. import numbers
from ..columns import columns
from ..tables import plain_text
from .notes import notes
from .verdict import chance, covers, spread, verdict
from .whole import ACCURACY, DELIVERED, FINISH, IDLE_COST, Fan, Found, Outcome

Rows = list[tuple[str, ...]]

KPIS = {
    FINISH: ("finish", "days"),
    ACCURACY: ("accuracy", numbers.SHARE),
    DELIVERED: ("items delivered", "items"),
    IDLE_COST: ("paid idle time", ""),
}


def investment_text(whole: Outcome) -> str:
    """Sentences, then tables."""
    line, currency = whole.line, whole.line.currency
    rate = numbers.significant(100 * whole.asked.rate)
    span = f"{whole.months[0]} to {whole.months[-1]}"
    told = [f"{line.name}: worth in {whole.months[0]}, of {span}, at {rate}% a year. {covers(whole)}".rstrip(), ""]
    for one in whole.found:
        told += [verdict(one, whole), ""]
    told += [f"Money, {currency}:", *columns(_money(whole)), ""]
    told += ["Net present value and payback:", *columns(value_rows(whole)), ""]
    told += ["What it does to the work, with it less without it:", *columns(_work(whole)), ""]
    last = whole.found[-1]
    if last.reached.count:
        told += [f"By month, {last.name}, {currency}:", *columns(_months(last, whole)), ""]
    told += ["To know:", *(f"- {one}" for one in notes(whole))]
    return plain_text("\n".join(told).replace(numbers.PLUS_MINUS, "+/-"))


def _money(whole: Outcome) -> Rows:
    rows: Rows = [("", "spent on changes", "saved elsewhere", "NPV: mean", "error (95%)", "P10", "P50", "P90")]
    for one in whole.found:
        spent, saved, npv = (_mean(fan, whole) for fan in (one.spent, one.saved, one.npv))
        half = (one.npv.high - one.npv.low) / 2
        error = "" if math.isnan(half) else f"{numbers.PLUS_MINUS} {_amount(half, whole)}"
        tenths = (_amount(value, whole) for value in (one.npv.p10, one.npv.p50, one.npv.p90))
        rows.append((one.name, spent, saved, npv, error, *tenths))
    return rows


def value_rows(whole: Outcome) -> Rows:
    """A row an investment, under their header: how likely it pays, and when it is paid back."""
    rows: Rows = [("", "NPV above 0", "paid back, discounted: P10", "P50", "P90", "undiscounted: P50")]
    for one in whole.found:
        pays = chance(one.pays.share, one.pays.low, one.pays.high)
        rows.append((one.name, pays, *spread(one.discounted, whole), spread(one.simple, whole)[1]))
    return rows


def _work(whole: Outcome) -> Rows:
    known = [kpi for kpi in KPIS if any(kpi in one.effects for one in whole.found)]
    rows: Rows = [("", *(KPIS[kpi][0] for kpi in known))]
    currency = whole.line.currency
    rows += [(one.name, *(_effect(one, kpi, currency) for kpi in known)) for one in whole.found]
    return rows


def _effect(one: Found, kpi: str, currency: str) -> str:
    effect = one.effects.get(kpi)
    if effect is None:
        return numbers.NOT_COMPUTED
    found = effect.difference
    text = numbers.difference(found.mean, found.low, found.high, KPIS[kpi][1] or currency)
    return f"{text} *" if effect.stands else text


def _months(one: Found, whole: Outcome) -> Rows:
    """Means of the months in which anything differs, and the discounted sum so far."""
    rows: Rows = [("", "flow: mean", "so far, discounted: mean", "P10", "P90")]
    sums = one.so_far(whole.asked.rate) / MICRO
    differs = np.flatnonzero((one.flows != 0).any(axis=0))
    for at in range(int(differs[0]), int(differs[-1]) + 1):
        here = sums[:, at]
        tenths = (float(np.quantile(here, q, method="inverted_cdf")) for q in (0.1, 0.9))
        values = (float(one.flows[:, at].mean()) / MICRO, float(here.mean()), *tenths)
        rows.append((whole.months[at], *(_amount(value, whole) for value in values)))
    return rows


def _mean(fan: Fan, whole: Outcome) -> str:
    return _amount(fan.mean, whole)


def _amount(value: float, whole: Outcome) -> str:
    """Whole units of the currency, and its coins where all is small."""
    largest = max(max(abs(one.npv.mean), abs(one.spent.mean), abs(one.saved.mean)) for one in whole.found)
    return numbers.plain(value, numbers.coins(whole.line.currency) if largest < 1_000 else 0)
