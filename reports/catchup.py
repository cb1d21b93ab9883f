"""When a change has made up for what it costs at first: sentences, table and JSON."""

from __future__ import annotations

import math
from typing import Any

from ..scenarios.catchup import CatchUp, net_by
from ..sim.statistics import Difference
from . import numbers, words
from .tables import plain_text, table

PERCENTS = (10, 50, 90)


def catch_up_text(found: CatchUp) -> str:
    """The verdict, and what it rests on."""
    before, after = found.names
    many = found.fall.week.size
    rows = [["", "P10", "P50", "P90"]]
    rows.append(["items behind, at most", *(_plain(value) for value in _percentiles(found.fall.deepest))])
    rows.append(["behind in all, item-weeks", *(_plain(value, 1) for value in _percentiles(found.fall.area))])
    rows.append(["caught up in week", *(_week(value) for value in _percentiles(found.fall.week))])
    rows.append(["net hours above zero from week", *(_week(value) for value in _percentiles(found.hours.week))])
    hours = [["over the run, hours", "after less before"]]
    for title, one in (("training and mentoring", found.training), ("saved on labels and reviews", found.saved),
                       ("net", found.net)):  # fmt: skip
        hours.append([title, numbers.difference(one.mean, one.low, one.high, "h")])
    items = numbers.difference(found.items.mean, found.items.low, found.items.high, "items")
    told = [*verdict(found), "", table(rows), "", table(hours), "", table(_weeks(found))]
    told += ["", f"Items delivered at the end: {items}."]
    told += ["", f"After: {after}; before: {before}; {many} replications of each on the same luck."]
    told.append("Week 1 begins at the start. It has caught up once it is never behind again, and ahead at some time.")
    told.append(
        "Where work comes in slower than people can do it, nobody gets far ahead: there net hours tell if it pays."
    )
    told.append("Saved: what people worked less on as many items as were delivered after; net: that, less training.")
    return plain_text("\n".join([*told, ""]))


def _weeks(found: CatchUp) -> list[list[str]]:
    """Mean net hours so far by the end of some weeks, with their interval."""
    last = math.ceil(float(found.hours.at[-1]))
    shown = [week for week in range(1, last + 1) if week in (1, 2, 3, 4, 6, 8, 13, 26, last) or week % 52 == 0]
    rows = [["net hours so far, by the end of", "after less before"]]
    for week in shown:
        one = net_by(found, week)
        rows.append([f"week {week}", numbers.difference(one.mean, one.low, one.high, "h")])
    return rows


def verdict(found: CatchUp) -> list[str]:
    """What the replications bear, and no more."""
    return [*_behind(found), *_paid_back(found)]


def _behind(found: CatchUp) -> list[str]:
    before, after = found.names
    chance = words.chance(found.even)
    if not found.fall.deepest.any():
        return [f"{after} is never behind {before} in items delivered."]
    half = _percentiles(found.fall.week)[1]
    if math.isinf(half):
        first = f"{after} does not catch up with {before} in items delivered in most runs"
    else:
        first = f"{after} catches up with {before} in items delivered in week {_week(half)} (median)"
    return [f"{first}: by the end it does with chance {chance}."]


def _paid_back(found: CatchUp) -> list[str]:
    if not (found.hours.training.any() or found.hours.saved.any()):
        return []
    told = []
    if found.net.low > 0 or found.net.high < 0:
        word = "saves" if found.net.mean > 0 else "costs"
        least, most = sorted((abs(found.net.low), abs(found.net.high)))
        span = numbers.interval(least, most, "h")
        told.append(f"Over the run it {word} {numbers.number(abs(found.net.mean), 'h')} net ({span}).")
    else:
        told.append("Whether it saves or costs hours, net, cannot be told from these runs.")
    half = _percentiles(found.hours.week)[1]
    if math.isinf(half):
        when = "In most runs its net hours do not come to stay above zero"
    else:
        when = f"From week {_week(half)} on (median) its net hours stay above zero"
    return [*told, f"{when}: by the end they do with chance {words.chance(found.pays)}."]


def _percentiles(values: Any) -> list[float]:
    import numpy as np

    return [float(np.quantile(values, percent / 100, method="inverted_cdf")) for percent in PERCENTS]


def _plain(value: float, places: int = 0) -> str:
    return numbers.plain(value, places)


def _week(value: float) -> str:
    """The week in which a moment lies, counted from 1; "never" for none, "never behind" for 0."""
    if math.isinf(value):
        return "never"
    return "never behind" if value == 0 else f"{math.floor(value) + 1}"


def catch_up_json(found: CatchUp) -> dict[str, Any]:
    """All of it as plain data; null for a week that never comes, and for what cannot be told."""
    return {
        "before": found.names[0],
        "after": found.names[1],
        "replications": int(found.fall.week.size),
        "caught_up": {"chance": found.even.mean, "low": found.even.low, "high": found.even.high},
        "weeks": [_finite(value) for value in found.fall.week.tolist()],
        "deepest": found.fall.deepest.tolist(),
        "area_item_weeks": found.fall.area.tolist(),
        "hours": {
            "training": _told(found.training),
            "saved": _told(found.saved),
            "net": _told(found.net),
        },
        "pays": {"chance": found.pays.mean, "low": found.pays.low, "high": found.pays.high},
        "paying_weeks": [_finite(value) for value in found.hours.week.tolist()],
        "net_by_week": [
            {"week": week, **_told(net_by(found, week))} for week in range(1, math.ceil(float(found.hours.at[-1])) + 1)
        ],
        "items": _told(found.items),
    }


def _told(one: Difference) -> dict[str, float | None]:
    return {name: _finite(getattr(one, name)) for name in ("mean", "low", "high")}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
