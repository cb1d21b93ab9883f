"""What the next labels do for a model, beside what they cost: sentences, table, picture and JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..calibration.learning_curve import Curve, Point
from . import numbers, palette, style
from .tables import plain_text, table

if TYPE_CHECKING:
    from .drawing import Drawing

NEXT = 1_000
"""Labels of the next thousand."""

FACTORS = (0.5, 1.0, 2.0, 4.0)
"""Of the labels there are, in the table."""

FAR = 2.0
"""Times the largest point, beyond which a curve is not to be trusted."""


@dataclass(frozen=True)
class Worth:
    """labels: there are.  noise: of further ones.  price: of a label, None if nobody says.  point: what one point (1%)
    of accuracy is worth, None if nobody says.  currency: of both.  source: who told price and noise."""

    labels: float
    noise: float
    price: float | None
    point: float | None
    currency: str
    source: str = ""


def worth_text(curve: Curve, asked: Worth) -> str:
    """The verdict, accuracy at several numbers of labels, and what a reader should know."""
    rows = worth_rows(curve, asked)
    out = [*verdict(curve, asked), "", table(rows), "", *(f"- {one}" for one in notes(curve, asked)), ""]
    return plain_text("\n".join(out))


def worth_rows(curve: Curve, asked: Worth) -> list[list[str]]:
    """A row a number of labels under a header: accuracy, and what the next thousand add, are worth and cost."""
    rows = [["labels", "accuracy (95%)", "the next 1,000 add (95%)", *(["worth", "cost"] if _priced(asked) else [])]]
    for factor in FACTORS:
        labels = factor * asked.labels
        accuracy, more = curve.at(labels, asked.noise), curve.more(labels, NEXT, asked.noise)
        told = [f"{labels:,.0f}", _share(*accuracy), _points(*more)]
        if asked.price is not None and asked.point is not None:
            told += [_money(100 * more[0] * asked.point, asked), _money(NEXT * asked.price, asked)]
        rows.append(told)
    return rows


def _priced(asked: Worth) -> bool:
    return asked.price is not None and asked.point is not None


def _share(value: float, low: float, high: float) -> str:
    return f"{100 * value:.2f}% ({100 * low:.2f} to {100 * high:.2f})"


def _points(value: float, low: float, high: float) -> str:
    return f"{100 * value:.3f} points ({100 * low:.3f} to {100 * high:.3f})"


def _money(value: float, asked: Worth) -> str:
    return numbers.with_unit(numbers.plain(value, 2 if abs(value) < 100 else 0), asked.currency)


def verdict(curve: Curve, asked: Worth) -> Iterator[str]:
    """Whether the next thousand pay, and up to where; no more than the interval bears."""
    value, low, high = curve.more(asked.labels, NEXT, asked.noise)
    yield f"Beyond {asked.labels:,.0f} labels the next 1,000 add {_points(value, low, high)} of accuracy."
    if asked.price is None or asked.point is None:
        yield "Whether they pay is told once you say what a point is worth and what a label costs: --worth, --price."
        return
    cost = NEXT * asked.price
    least, most = 100 * low * asked.point, 100 * high * asked.point
    gain = (
        f"They are worth {_money(100 * value * asked.point, asked)} ({_money(least, asked)} to {_money(most, asked)})"
    )
    said = "pay" if least > cost else "do not pay" if most < cost else "may pay or not: the points cannot tell"
    yield f"{gain} and cost {_money(cost, asked)}: they {said}."
    stop, first, last = curve.stop(asked.price, 100 * asked.point, asked.noise)
    if math.isinf(stop):
        yield "Labels cost nothing, so that each one pays."
    else:
        yield f"The last label that pays is number {stop:,.0f} ({first:,.0f} to {last:,.0f})."
        if stop > FAR * curve.most:
            yield f"That is far beyond the largest training ({curve.most:,.0f} labels): train on more to believe it."


def notes(curve: Curve, asked: Worth) -> Iterator[str]:
    """How the curve was made and what it takes for granted."""
    yield (
        f"Accuracy = {curve.top:.4f} - {curve.gap:.4f} x (clean labels / {curve.middle:,.0f}) ^ -{curve.rate:.3f}, "
        f"fitted to {curve.points} trainings; they scatter by {100 * curve.scatter:.2f} points about it."
    )
    if asked.noise > 0:
        how = "fitted to the points" if curve.power_fitted else "as theory has it: the points have one level of noise"
        keep = max(0.0, 1 - asked.noise * curve.classes / (curve.classes - 1)) ** curve.power
        worth = f"one is worth {keep:.2f} clean ones (power {curve.power:.2f}, {how})"
        yield f"With {asked.noise:.1%} of labels wrong, {worth}."
    if asked.source:
        yield asked.source
    yield "A curve holds for one model, one kind of data and one way of training: fit it anew when any of them changes."


def worth_json(curve: Curve, asked: Worth) -> dict[str, Any]:
    """All of it as plain data; null where it is not known."""
    value, low, high = curve.more(asked.labels, NEXT, asked.noise)
    names = ("labels", "low", "high")
    stop = (
        None if asked.price is None or asked.point is None else curve.stop(asked.price, 100 * asked.point, asked.noise)
    )
    return {
        "curve": {
            "top": curve.top, "gap": curve.gap, "rate": curve.rate, "power": curve.power,
            "power_fitted": curve.power_fitted, "middle": curve.middle, "scatter": curve.scatter,
            "points": curve.points,
        },
        "labels": asked.labels,
        "noise": asked.noise,
        "accuracy": dict(zip(("mean", "low", "high"), curve.at(asked.labels, asked.noise), strict=True)),
        "next_1000": {"accuracy": value, "low": low, "high": high},
        "price": asked.price,
        "worth_of_a_point": asked.point,
        "currency": asked.currency,
        "stop_at": None if stop is None or math.isinf(stop[0]) else dict(zip(names, stop, strict=True)),
        "verdict": list(verdict(curve, asked)),
    }  # fmt: skip


def draw_worth(curve: Curve, points: Sequence[Point], asked: Worth) -> Drawing:
    """The curve with its band, and the points."""
    with style.canvas("learning curve", style.WIDE, 320) as figure:
        axes = style.frame(figure, style.margin("100.0%"), 16, 22, 44)
        least = min(one.labels for one in points)
        labels = np.exp(np.linspace(math.log(least), math.log(max(FAR * curve.most, 2 * asked.labels)), 60))
        for place, noise in enumerate(sorted({one.noise for one in points})):
            band = np.array([curve.at(float(n), noise) for n in labels])
            colour = palette.series(place)
            axes.fill_between(labels, band[:, 1], band[:, 2], color=colour, alpha=0.15, lw=0)
            axes.plot(labels, band[:, 0], color=colour, lw=1.5)
            mine = [one for one in points if one.noise == noise]
            axes.plot([one.labels for one in mine], [one.accuracy for one in mine], "o", color=colour, markersize=4)
            axes.annotate(
                f"{noise:.0%} wrong", (labels[-1], band[-1, 0]), (-4, 8), textcoords="offset points", ha="right",
                color=colour,
            )  # fmt: skip
        style.by_factors(axes, "x", labels[0], labels[-1])
        axes.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.1f}%")
        axes.set_xlabel("labels")
        axes.set_ylabel("accuracy")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
    return figure


def worth_figure(curve: Curve, points: Sequence[Point], asked: Worth) -> str:
    """The curve with its band, and the points. SVG text."""
    return style.svg(draw_worth(curve, points, asked))
