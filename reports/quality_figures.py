"""Pictures of the quality of labels: what majorities deliver, how right workers are, what is taken for what.

Each function returns SVG text of `width` CSS pixels; none writes a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..calibration.workers.quality import Accuracy
from ..sim.estimates.consensus import Majority
from . import numbers, palette, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MODEL, ALONE, SEEN = palette.series(0), palette.series(1), palette.INK

MOST_CLASSES = 12
"""Classes of a confusion table that is still readable as a picture."""


def majorities(accuracy: Accuracy, width: int = style.WIDE) -> str:
    """Accuracy of a majority of k labels: forecast with its interval, what was seen, and were errors independent."""
    odd = [one for one in accuracy.forecasts if isinstance(one.rule, Majority) and one.rule.labels % 2]
    k = np.array([one.rule.labels for one in odd if isinstance(one.rule, Majority)])
    right = 100 * np.array([(one.low, one.accuracy, one.high, one.independent) for one in odd])
    with style.canvas("majorities", width, 300) as figure:
        axes = style.frame(figure, 52, 56, 16, 44)
        axes.fill_between(k, right[:, 0], right[:, 2], color=MODEL, alpha=0.18, linewidth=0)
        axes.plot(k, right[:, 1], color=MODEL)
        axes.plot(k, right[:, 3], color=ALONE, dashes=(4, 3))
        seen = [(one, each) for one, each in zip(k.tolist(), odd, strict=True) if each.observed is not None]
        if seen:
            axes.plot(
                [one for one, _ in seen],
                [100 * (each.observed or 0.0) for _, each in seen],
                "o",
                color=SEEN,
                markersize=5,
            )
        low = (
            float(min(right.min(), *(100 * (each.observed or 1.0) for _, each in seen))) if seen else float(right.min())
        )
        axes.set_ylim(low - 0.08 * (101 - low), 101)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}%")
        axes.set_xticks(k)
        axes.set_xlabel("labels an item, the most frequent one counts")
        axes.set_ylabel("items with the right label")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        _heading(axes, "broken line: if errors were independent", ALONE, 36)
        _heading(axes, "line: forecast, with its 95% interval", MODEL, 20)
        if seen:
            _heading(axes, "dots: seen in these labels", SEEN, 4)
        return style.svg(figure)


def workers(accuracy: Accuracy, width: int = style.WIDE) -> str:
    """Accuracy of each worker with its interval against the labels it gave."""
    known = accuracy.workers[accuracy.workers["accuracy"].notna()]
    labels = known["labels"].to_numpy(np.float64)
    low, mean, high = (100 * known[name].to_numpy(np.float64) for name in ("low", "accuracy", "high"))
    with style.canvas("worker-accuracy", width, 280) as figure:
        axes = style.frame(figure, 52, 30, 16, 44)
        axes.vlines(labels, low, high, color=MODEL, alpha=0.35, linewidth=1.2)
        axes.plot(labels, mean, "o", color=MODEL, markersize=3.5, markeredgewidth=0)
        axes.set_xscale("log")
        axes.set_xlim(labels.min() / 1.3, labels.max() * 1.3)
        ticks = [
            t
            for t in (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000)
            if labels.min() / 1.3 <= t <= labels.max() * 1.3
        ]
        axes.set_xticks(ticks, [numbers.plain(t) for t in ticks])
        axes.set_xticks([], minor=True)
        axes.set_ylim(max(0.0, float(low.min()) - 4), 101)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}%")
        axes.set_xlabel("labels given (logarithmic)")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        _heading(axes, "accuracy of each worker, with its 95% interval", palette.INK, 6)
        return style.svg(figure)


def confusion(accuracy: Accuracy, classes: tuple[str, ...], width: int = style.WIDE) -> str:
    """Share of each label at items of each true class; rows sum to 100%."""
    from matplotlib.patches import Rectangle

    table = accuracy.confusion / np.maximum(accuracy.confusion.sum(axis=1, keepdims=True), 1)
    count = len(classes)
    names = [style.name(one, 14) for one in classes]
    left = 20 + 7 * max(len(one) for one in names)
    cell = min(64.0, (width - left - 16) / count)
    high = min(36.0, cell)
    with style.canvas("confusion", width, 64 + high * count + 30) as figure:
        axes = style.frame(figure, left, 48, width - left - cell * count, 46)
        words = "label given (above), by true class (left); rows sum to 100%"
        figure.text(0.0, 0.0, words, ha="left", va="bottom", size=style.SMALL)
        for (true, given), share in np.ndenumerate(table):
            colour = palette.series(2) if true == given else ALONE
            axes.add_patch(
                Rectangle(
                    (given + 0.02, true + 0.03),
                    0.96,
                    0.94,
                    facecolor=colour,
                    alpha=round(0.03 + 0.75 * float(share), 3),
                    linewidth=0,
                )
            )
            if share >= 0.005 and cell >= 30:
                axes.text(given + 0.5, true + 0.5, f"{100 * share:.0f}%", ha="center", va="center", size=style.SMALL)
        axes.set_xlim(0, count)
        axes.set_ylim(count, 0)
        turn = 0 if cell > 7 * max(len(one) for one in names) else 90
        axes.set_xticks(np.arange(count) + 0.5, names, rotation=turn)
        axes.set_yticks(np.arange(count) + 0.5, names)
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        return style.svg(figure)


def _heading(axes: Axes, words: str, colour: str, above: int) -> None:
    axes.annotate(
        words, (0, 1), xycoords="axes fraction", xytext=(0, above), textcoords="offset points", va="bottom",
        color=colour, size=style.SMALL,
    )  # fmt: skip
