"""Where two scenarios cost the same: sentences, table, picture and JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..scenarios.breakeven import BreakEven, Crossing, means_of
from ..sim.statistics import summarise
from . import numbers, palette, style
from .keys import key_words
from .tables import plain_text, table

if TYPE_CHECKING:
    from .drawing import Drawing


def break_even_text(found: BreakEven) -> str:
    """The verdict, then costs and their difference at each value."""
    many = found.costs.shape[2]
    over = "one replication" if many == 1 else f"{many} replications with common random numbers"
    notes = [f"Means over {over}, in {found.currency}.", *kept(found)]
    return plain_text("\n".join([*verdict(found), "", table(cost_rows(found)), "", *notes, ""]))


def cost_rows(found: BreakEven) -> list[list[str]]:
    """A row a value, under their header."""
    names = [style.name(name) for name in found.names]
    rows = [[found.over.path, *names, f"{names[1]} costs more", "error (95%)"]]
    for place, (value, (mean, low, high)) in enumerate(zip(found.values, means_of(found), strict=True)):
        costs = [float(found.costs[which, place].mean()) for which in (0, 1)]
        half = (high - low) / 2
        told = [numbers.plain(cost, 2) for cost in costs]
        error = f"\N{PLUS-MINUS SIGN} {numbers.plain(half, 2)}" if half == half else ""
        rows.append([_told(found, value), *told, numbers.plain(mean, 2), error])
    return rows


def kept(found: BreakEven) -> list[str]:
    """What does not hang on the key."""
    return [
        f"{name} has no {found.over.path}: it keeps what it says at all values."
        for name, varied in zip(found.names, found.varied, strict=True)
        if not varied
    ]


def verdict(found: BreakEven) -> list[str]:
    """What the costs say, and no more."""
    if found.crossings:
        return [_crossing(found, one) for one in found.crossings]
    low, high = (_told(found, value) for value in (found.values[0], found.values[-1]))
    if not found.differences.any():
        return [f"Both cost the same at all values from {low} to {high}: does {found.over.path} matter to the cost?"]
    alone = found.costs.shape[2] == 1  # whose interval is not known
    bounds = ((mean, mean) if alone else (lower, higher) for mean, lower, higher in means_of(found))
    signs = {(lower > 0) - (higher < 0) for lower, higher in bounds}
    idle = []
    if (found.costs == found.costs[:, :1]).all():
        idle = [f"{found.over.path} changes the cost of neither: name a key that does, with --over."]
    if signs == {1} or signs == {-1}:
        cheaper = found.names[0] if signs == {1} else found.names[1]
        return [f"{cheaper} costs less at all values from {low} to {high}: there is no break-even between them.", *idle]
    return [f"From {low} to {high} neither crosses the other, and at some values no difference can be seen.", *idle]


def _crossing(found: BreakEven, one: Crossing) -> str:
    cheaper, dearer = found.names[one.then], found.names[1 - one.then]
    if one.jump is not None and not found.over.whole:
        before, after = (_told(found, value) for value in one.jump)
        return f"From {after} on {cheaper} costs less than {dearer}: costs jump, and at {before} it still costs more."
    if found.costs.shape[2] == 1:
        band = "one replication tells no interval"
    elif one.low == one.high == one.at:
        band = "exactly" if found.over.whole or one.at in found.values else "in every replication"
    else:
        low = f"below {_told(found, found.values[0])}" if one.low is None else _from(found, one, one.low)
        high = f"beyond {_told(found, found.values[-1])}" if one.high is None else _from(found, one, one.high)
        band = f"95% interval: {low} to {high}"
    if one.at in found.values and not found.differences[found.values.index(one.at)].any():
        return f"At {_told(found, one.at)} ({band}) both cost the same; above it {cheaper} costs less than {dearer}."
    return f"From {_from(found, one, one.at)} on ({band}) {cheaper} costs less than {dearer}."


def _from(found: BreakEven, one: Crossing, value: float) -> str:
    """The first value that can be written from a crossing on; of what is no whole number as many digits as its interval
    bears: one more than the first of its width."""
    if found.over.whole:
        return _told(found, math.ceil(value - 1e-9))
    apart = 0.0 if one.low is None or one.high is None else one.high - one.low
    digits = 6 if apart < 1e-6 else min(6, max(0, 1 - math.floor(math.log10(apart))))
    return _told(found, found.over.at(round(value, digits)))


def _told(found: BreakEven, value: float) -> str:
    number, unit = (found.over.text(value) + " ").split(" ", 1) if found.over.whole else (found.over.text(value), "")
    return f"{int(number):,} {unit}".strip() if number.isdigit() else number


def break_even_json(found: BreakEven) -> dict[str, Any]:
    """All of it as plain data."""
    return {
        "over": found.over.path,
        "unit": found.over.unit,
        "currency": found.currency,
        "scenarios": list(found.names),
        "varied": [name for name, varied in zip(found.names, found.varied, strict=True) if varied],
        "replications": int(found.costs.shape[2]),
        "crossings": [
            {
                "at": one.at,
                "low": one.low,
                "high": one.high,
                "jump": None if one.jump is None else list(one.jump),
                "cheaper_above": found.names[one.then],
            }
            for one in found.crossings
        ],
        "points": [
            {
                "value": value,
                "cost": {name: float(found.costs[which, place].mean()) for which, name in enumerate(found.names)},
                "difference": {"mean": mean, "low": _or_none(low), "high": _or_none(high)},
            }
            for place, (value, (mean, low, high)) in enumerate(zip(found.values, means_of(found), strict=True))
        ],
    }


def _or_none(value: float) -> float | None:
    return None if value != value else value


def draw_break_even(found: BreakEven, width: int = style.WIDE) -> Drawing:
    """Costs of both over the values, means in the band of P5 to P95, a line at each crossing."""
    with style.canvas("break-even", width, 330) as figure:
        top = float(found.costs.max())
        axes = style.frame(figure, style.margin(numbers.plain(top)), 24, 22, 44)
        dearer = int(found.costs[1, -1].mean() > found.costs[0, -1].mean())
        for which, name in enumerate(found.names):
            rows = [summarise(row) for row in found.costs[which]]
            colour = palette.series(which)
            axes.fill_between(found.values, [r.p5 for r in rows], [r.p95 for r in rows], color=colour, alpha=0.15, lw=0)
            axes.plot(found.values, [row.mean for row in rows], color=colour, marker="o", markersize=3.5)
            axes.annotate(
                style.name(name), (found.values[-1], rows[-1].mean), (-4, 8 if which == dearer else -16),
                textcoords="offset points", ha="right", color=colour,
            )  # fmt: skip
        for one in found.crossings:
            if one.low is not None and one.high is not None:
                axes.axvspan(one.low, one.high, color=palette.RULE, alpha=0.5, lw=0)
            axes.axvline(one.at, color=palette.MUTED, lw=1, ls=(0, (4, 3)))
            axes.annotate(
                _from(found, one, one.at), (one.at, 1), (4, -2), xycoords=("data", "axes fraction"),
                textcoords="offset points", va="top", color=palette.MUTED,
            )  # fmt: skip
        scale = ""
        if found.values[0] > 0 and found.values[-1] / found.values[0] > 4:
            style.by_factors(axes, "x", found.values[0], found.values[-1])
            scale = " (logarithmic)"
        axes.set_ylim(0, 1.08 * top)
        axes.xaxis.set_major_formatter(lambda value, _: numbers.significant(value))
        axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        axes.set_xlabel(f"{key_words(found.over.path)}{', ' + found.over.unit if found.over.unit else ''}{scale}")
        axes.set_ylabel(f"cost, {found.currency}")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
    return figure
