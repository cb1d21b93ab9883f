"""What a run says of its control charts, and of what its sample saved, in words."""

from __future__ import annotations

import dataclasses

from flows import annotate, line_of, people, review

from labelcast.reports.assumptions import assumptions
from labelcast.reports.page import report
from labelcast.reports.tables import run_text
from labelcast.sim.line import Chart, Contract, Epoch, Segment
from labelcast.sim.replicate import replicate

DAY = 86_400.0
CHARTS = (
    Chart("verdicts", "review", 0.05, 0.5, None, 5, 0.01 * DAY),
    Chart("never", "review", 0.05, 0.5, None, 90_000, 0.01 * DAY),
    Chart("idle", "review", 0.05, 0.5, None, 90_000),
    Chart("late", "review", 0.05, 0.5, since_s=10 * DAY),
)


def test_a_run_tells_when_each_chart_saw_the_change() -> None:
    """A chart that saw it in both runs and one that never did; one without a change, and one whose change comes after
    the end. The same in the text and on the page; the table of assumptions says at which score each alarms."""
    team, judges = people("annotators", 3, contract=Contract(hourly=10_000_000)), people("reviewers", sensitivity=1.0)
    worse = dataclasses.replace(team, skill_mean=-5.0)
    line = line_of(0, (annotate(to="review"), review(fraction=1.0, rounds=0)), team, judges, charts=CHARTS)
    segments = (Segment("items", backlog=200, sample=0.5),)
    line = dataclasses.replace(line, segments=segments, epochs=(Epoch(0.01 * DAY, pools=(worse, judges)),))
    runs = replicate(line, 2, processes=1)
    text = run_text(runs)
    told = {name: next(one for one in text.splitlines() if one.startswith(f"chart {name}:")) for name in told_of()}
    assert "seen in 2 of 2 runs, after 0.0" in told["verdicts"]
    assert "seen in 0 of 2 runs" in told["never"]
    assert told["idle"].endswith("no change is stated, so every alarm is false")
    assert told["late"].endswith("the change is not told of, since a run ends before it")
    page = report([runs], None)
    assert all(one.removeprefix("chart ")[:12] in page for one in told.values())
    assert "labels saved by the sample" in text
    assert "cost saved by the sample" in text
    rows = {one.path: one.value for one in assumptions(line)}
    assert "a wrong result adds" in rows["charts.verdicts.limit"]
    assert "alarm at 5:" in rows["charts.verdicts.limit"]


def told_of() -> list[str]:
    """Names of the charts."""
    return [chart.name for chart in CHARTS]
