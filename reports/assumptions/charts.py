"""Control charts as rows of the assumptions."""

from __future__ import annotations

from collections.abc import Iterator

from ...sim.control import limit, run_length, weight
from ...sim.line import GOLD, Chart, Line
from .. import numbers
from .phrases import date_of, share


def chart_words(line: Line) -> Iterator[tuple[str, str]]:
    """Rows of the control charts for the table of assumptions."""
    for chart in line.charts:
        at = f"charts.{chart.name}"
        yield f"{at}.watch", "labels of test questions" if chart.watch == GOLD else f"what {chart.watch} rejects"
        yield f"{at}.in_control", f"{share(chart.in_control)} of results are wrong while all is well"
        yield f"{at}.out_of_control", f"{share(chart.out_of_control)} are to be found out"
        m, high = weight(chart), limit(chart)
        rare = f"in control every {_mean(chart, chart.in_control)} results on average"
        soon = f"at {share(chart.out_of_control)} after {_mean(chart, chart.out_of_control)}"
        rule = f"a wrong result adds {m - 1}, a right one takes 1; alarm at {high}: {rare}, {soon}"
        yield f"{at}.{'false_alarm_every' if chart.limit is None else 'limit'}", rule
        if chart.since_s is not None:
            yield f"{at}.since", f"delay counts from {date_of(line, chart.since_s)}"


def _mean(chart: Chart, wrong: float) -> str:
    return numbers.plain(run_length(weight(chart), limit(chart), wrong))
