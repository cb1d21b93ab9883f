"""Control charts: how soon a change is seen, and what ships until then, in words."""

from __future__ import annotations

import math

from ..sim.line import Chart
from . import words
from .assumptions.phrases import date_of
from .reading import Reading


def chart_sentences(reading: Reading) -> list[str]:
    """For each control chart what it found, and what shipped meanwhile."""
    return [_sentence(reading, chart) for chart in reading.line.charts]


def _sentence(reading: Reading, chart: Chart) -> str:
    def of(kpi: str) -> str:
        return words.mean(reading, f"{kpi}.{chart.name}")

    seen = f"chart {chart.name}: {of('charted')}, {of('false_alarms')} that are false"
    if chart.since_s is None:
        return f"{seen}; no change is stated, so every alarm is false"
    summary = reading.kpi(f"detected.{chart.name}")
    if summary is None or math.isnan(summary.mean):
        return f"{seen}; the change is not told of, since a run ends before it"
    runs = f"{round(summary.mean * reading.replications)} of {reading.replications} runs"
    change = f"the change of {date_of(reading.line, chart.since_s)}"
    found = f"{change} is seen in {runs}, after {of('detection_days')}"
    return f"{seen}; {found} (to the end of the run where it is not), while {of('shipped_wrong')} ship wrong"
