"""A forecast from today for a terminal: when it ends and what it costs, where it stands, and how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ...scenarios.chances import chances_of, missed, share_words
from ...scenarios.earlier import AHEAD_DAYS
from ...scenarios.forecast import Forecast, WhatIf, band, by_month
from ...scenarios.problems import listed
from ...scenarios.when import short
from ...sim.line import JUDGES, MICRO
from ...sim.paired import difference
from .. import numbers, style
from ..days import local_moment, moment
from ..tables import plain_text, table
from .ahead import days_ahead, values_at
from .pace import paces
from .standing import stands

FINE_DAYS = 3.0
"""Width of a band below which its ends are told with the time of day."""

FAR = 1.15
"""Factor between the times of a log and of a line from which a reader is warned."""


def forecast_text(found: Forecast) -> str:
    """Sentences, then tables."""
    out = [
        *sentences(found),
        "",
        "Where it stands:",
        table(standing_rows(found)),
        "",
        "What comes:",
        table(ahead_rows(found)),
    ]
    if found.spent is not None:
        out += ["", f"What it costs by month, {found.line.currency}:", table(_months(found))]
    if found.what_ifs:
        out += ["", "What if, from today on (differences on the same luck):", table(_what_ifs(found))]
    if found.earlier is not None and found.earlier.checks:
        out += ["", "From earlier dates of this log, items delivered since then:", table(_earlier(found))]
    out += ["", *(f"- {one}" for one in notes(found))]
    return plain_text("\n".join([*out, ""]))


def when(found: Forecast, day: float, fine: bool = False) -> str:
    """A day of the line as a date, with the time of day where that is told too; words for one beyond its horizon."""
    if math.isinf(day):
        return "not by the horizon" if day > 0 else "any time"
    local = moment(found.line, day)
    return local_moment(local) if fine else short(local.date(), year=True)


def sentences(found: Forecast) -> Iterator[str]:
    """What a manager reads aloud."""
    name, runs = style.name(found.line.name), found.runs
    done = sum(found.today.standing.delivered.values())
    stood = local_moment(moment(found.line, found.day))
    yield f"{name} on {stood}: {done:,} items delivered, {len(found.today.standing.waits):,} under way."
    finish = runs.kpis["finish_days"].to_numpy(np.float64)
    if not np.isnan(finish).any():
        low, middle, high = band(finish)
        ends = [when(found, day, high - low < FINE_DAYS) for day in (middle, low, high)]
        yield f"It ends on {ends[0]} (80% band: {ends[1]} to {ends[2]})."
    if found.spent is not None:
        low, middle, high = band(runs.kpis["cost"].to_numpy(np.float64))
        spent = sum(found.spent.values()) / MICRO
        currency = found.line.currency
        yield (
            f"It costs {numbers.number(middle, currency, (high - low) / 2)} in all (80% band: "
            f"{numbers.interval(low, high, currency)}), of which {numbers.number(spent, currency)} are spent."
        )
    for chance in chances_of(runs).values():
        if chance.met is not None and chance.name != "p_accuracy":
            yield f"It {missed(chance.goal, found.line)} with probability {share_words(chance)}."
    holds = {stage: share for stage, share in found.next.items() if share > 0}
    if holds:
        ranked = sorted(holds.items(), key=lambda one: -one[1])
        told = listed([f"{style.name(stage)} in {share:.0%} of the runs" for stage, share in ranked], 4)
        yield f"Over the next {AHEAD_DAYS} days the line is held up by {told}."
    yield trust(found)


def trust(found: Forecast) -> str:
    """How forecasts from earlier dates did."""
    tried = found.earlier
    if tried is None:
        return "How forecasts from earlier dates did was not asked for."
    if not tried.checks:
        return "This log is too short to try forecasts from earlier dates."
    count, (right, stages) = len(tried.checks), tried.stages
    held_up = f", and the stage that held the line up was the one that was told {_times(right)} of {stages}"
    return (
        f"From {count} earlier date{'s' if count > 1 else ''} of this log, what was delivered by today lay within its "
        f"80% band {_times(tried.held)}{held_up if stages else ''}."
    )


def _times(count: int) -> str:
    return f"{count} time{'s' if count != 1 else ''}"


def standing_rows(found: Forecast) -> list[list[str]]:
    """Where it stands: what waits at each stage, in whose hands, and for how long."""
    rows = [["", "waiting", "in hand", "middle has stood", "oldest has stood"]]
    for one in stands(found):
        ages = [
            numbers.duration(3600 * hours) if math.isfinite(hours) else "" for hours in (one.middle_h, one.oldest_h)
        ]
        name = style.name(one.stage) if one.stage else "not begun"
        rows.append([name, f"{one.waiting:,}", f"{one.in_hand:,}" if one.stage else "", *ages])
    return rows


def ahead_rows(found: Forecast) -> list[list[str]]:
    """What comes: dates, items delivered and what waits, each with its 80% band."""
    stages = [*found.runs.curves[0].waiting]
    rows = [["", "items delivered", *(f"waiting: {style.name(stage, 20)}" for stage in stages)]]
    for day in days_ahead(found):
        rows.append([when(found, day), *(_range(band(values)) for values in values_at(found, day).values())])
    return rows


def _range(told: tuple[float, float, float]) -> str:
    low, middle, high = told
    if low == high:
        return f"{middle:,.0f}"
    return f"{middle:,.0f} ({numbers.plain(low)} to {numbers.plain(high)})"


def _months(found: Forecast) -> list[list[str]]:
    months, costs = by_month(found.runs)
    spent = found.spent or {}
    rows = [["", "spent so far", "in all, median", "80% band"]]
    for number, month in enumerate(months):
        low, middle, high = band(costs[:, number])
        rows.append([month, _money(spent.get(month, 0) / MICRO), _money(middle), f"{_money(low)} to {_money(high)}"])
    low, middle, high = band(costs.sum(axis=1))
    total = sum(spent.values()) / MICRO
    return [*rows, ["all", _money(total), _money(middle), f"{_money(low)} to {_money(high)}"]]


def _money(value: float) -> str:
    return numbers.plain(value) if math.isfinite(value) else ""


def _what_ifs(found: Forecast) -> list[list[str]]:
    paid = found.spent is not None
    rows = [["", "ends, median", "finish, days", *([f"cost, {found.line.currency}"] if paid else [])]]
    for one in found.what_ifs:
        middle = band(one.runs.kpis["finish_days"].to_numpy(np.float64))[1]
        rows.append(
            [one.text, when(found, middle), apart(found, one, "finish_days"), *([apart(found, one, "cost")] * paid)]
        )
    return rows


def apart(found: Forecast, one: WhatIf, kpi: str) -> str:
    """By how much a what-if differs, with the 95% interval of the mean difference."""
    theirs, ours = (runs.kpis[kpi].to_numpy(np.float64) for runs in (one.runs, found.runs))
    if not (np.isfinite(theirs).all() and np.isfinite(ours).all()):
        return "not in every run by the horizon"
    told = difference(theirs, ours)
    if told.low <= 0.0 <= told.high and not told.low == told.high == 0.0:
        return f"no difference seen ({numbers.interval(told.low, told.high)})"
    return numbers.difference(told.mean, told.low, told.high)


def _earlier(found: Forecast) -> list[list[str]]:
    assert found.earlier is not None
    rows = [["", "delivered since", "as forecast then", "80% band", "", "held up by", "as told then"]]
    for one in found.earlier.checks:
        held = "held" if one.held else "too low" if one.delivered > one.high else "too high"
        delivered = [f"{one.delivered:,}", f"{one.middle:,}", f"{one.low:,} to {one.high:,}", held]
        rows.append([when(found, one.day), *delivered, style.name(one.held_up), style.name(one.told_up)])
    return rows


def of_today(found: Forecast) -> str:
    """What a reader of the whole project's report should know."""
    stood = local_moment(moment(found.line, found.day))
    return (
        f"Up to {stood} this is what a log shows, and after it a forecast. Accuracy is of what is delivered after it, "
        "as the log does not tell what is true."
    )


def _not_in_the_log(found: Forecast) -> Iterator[str]:
    """Where the log shows less than the scenario has, or more: it is the reader's to mend."""
    standing, known = found.today.standing, {one.stage for one in found.today.walked.done}
    for stage in found.line.stages:
        here = sum(one.stage == stage.name for one in standing.waits)
        if here and stage.kind in JUDGES and stage.name not in known:
            name = style.name(stage.name)
            yield (
                f"No row of the log is of {name}: {here:,} items are taken to wait for it. Add its log, if there is "
                "one."
            )
    for segment in found.line.segments:
        begun = standing.begun.get(segment.name, 0)
        planned = segment.backlog + sum(one.items for one in segment.releases)
        if segment.arrivals is None and segment.sample >= 1.0 and begun > planned:
            yield (
                f"The log shows {begun:,} items of {style.name(segment.name)}, and the scenario has {planned:,}: no "
                "more are taken to come. Write the project's whole work into the scenario."
            )


def notes(found: Forecast) -> Iterator[str]:
    """What the numbers rest on."""
    runs, walked = found.runs, found.today.walked
    band_words = "of which the next one lies within the band with chance 80%"
    yield f"{len(runs.kpis)} runs from today, seed {runs.seed}, {band_words}; the past is the same in all."
    if found.drawn:
        yield f"Each run draws what the profile's fit does not know: {listed(list(found.drawn), 4)}."
        if found.earlier is not None and found.earlier.checks:
            yield "A profile that was fitted to this same log has seen the days that earlier dates were tried on."
    for one in paces(found):
        if max(one.factor, 1 / one.factor) > FAR:
            yield (
                f"At {style.name(one.stage)} this log's tasks take {one.factor:.2f} times as long as the scenario "
                "says; people's own pace is taken as far as the spread of speeds allows. Better fit it: `labelcast "
                "calibrate`."
            )
    yield from _not_in_the_log(found)
    if walked.off:
        yield (
            f"{walked.off:,} rows were labels more than the scenario asks for, or at a stage where its ways do not "
            "lead; the log was believed."
        )
    if found.spent is not None:
        yield "What is spent is the log's work at the scenario's prices; hours paid are those of its shifts."
    left = sum(one.rows for one in found.left_out)
    if left:
        reasons = listed([f"{one.rows} x {one.reason}" for one in found.left_out], 3)
        yield f"{left:,} rows of the log tell nothing here: {reasons}."
