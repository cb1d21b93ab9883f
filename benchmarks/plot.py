"""The plot of the engines: events a second on the common model, and memory by the number of items."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import matplotlib as mpl
from common import EVENTS
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from table import ENGINES

OURS, RIVAL = "#1b6ca8", "#9aa5b1"

APART = 1.4
"""Least ratio of the heights of two names on the axis of memory, so that they can be read."""


def write(figures: dict[str, Any], path: Path) -> None:
    """Writes the plot, the same bytes for the same figures."""
    with mpl.rc_context({"svg.hashsalt": "engines", "font.size": 9, "svg.fonttype": "none"}):
        figure = Figure(figsize=(10, 3.6), layout="constrained")
        speed, memory = figure.subplots(1, 2)
        _speed(speed, figures["common"])
        _memory(memory, figures)
        figure.savefig(path, metadata={"Date": None, "Creator": None})


def _speed(axes: Axes, common: dict[int, dict[str, list[dict[str, Any]]]]) -> None:
    """A bar an engine, of the largest number of items that it ran."""
    largest = {name: items for items, by_engine in sorted(common.items()) for name in by_engine}
    rates = {
        name: EVENTS * items / statistics.median(measure["cpu_s"] for measure in common[items][name])
        for name, items in largest.items()
    }
    order = sorted(rates, key=rates.__getitem__)
    # Points, since a bar on a logarithmic axis has no length that means anything.
    for place, name in enumerate(order):
        axes.plot(rates[name], place, "o", color=OURS if ENGINES[name].ours else RIVAL)
        axes.annotate(f"{rates[name]:,.0f}", (rates[name], place), xytext=(8, -3), textcoords="offset points")
    axes.set_yticks(range(len(order)), [ENGINES[name].title for name in order])
    axes.set_xscale("log")
    axes.set_xlim(right=max(rates.values()) * 10)
    axes.set_xlabel("logical events a CPU second, common model")
    axes.spines[["top", "right"]].set_visible(False)


def _memory(axes: Axes, figures: dict[str, Any]) -> None:
    """A line an engine; ours, as measured for memory alone."""
    peaks = {
        name: {
            items: statistics.median(m["peak_mb"] for m in by[name])
            for items, by in figures["common"].items()
            if name in by
        }
        for name in ENGINES
    }
    lines = {name: by_items for name, by_items in (peaks | figures["memory"]).items() if len(by_items) > 1}
    height = 0.0
    for name in sorted(lines, key=lambda name: lines[name][max(lines[name])]):
        by_items, largest = lines[name], max(lines[name])
        axes.plot(list(by_items), list(by_items.values()), marker="o", color=OURS if ENGINES[name].ours else RIVAL)
        height = max(by_items[largest], height * APART)
        axes.annotate(ENGINES[name].title, (largest, height), xytext=(8, -3), textcoords="offset points")
    sizes = sorted({items for by_items in lines.values() for items in by_items})
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(sizes, [f"{items // 1000}k" if items < 1_000_000 else f"{items // 1_000_000}M" for items in sizes])
    axes.minorticks_off()
    axes.set_xlim(right=max(sizes) * 300)
    axes.set_xlabel("items, common model")
    axes.set_ylabel("most memory, MB")
    axes.spines[["top", "right"]].set_visible(False)
