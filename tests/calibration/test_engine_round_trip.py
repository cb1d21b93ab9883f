"""The engine's own line, exported and calibrated: the profile gives the line back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from golden import with_gold

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.sim.line import DELIVER, Calendar, Distribution, Line, Pool, Segment, Stage
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run

LINE = Line(
    name="round-trip",
    start=datetime(2027, 1, 4, 9),
    timezone="Europe/Paris",
    currency="EUR",
    horizon_s=20 * 7 * 86_400.0,
    segments=(Segment("items", backlog=3500, classes={"car": 0.6, "truck": 0.3, "bus": 0.1}, difficulty_sd=0.9),),
    calendars=(Calendar("office", "Europe/Paris", tuple((d, 9 * 3600, 12 * 3600) for d in range(5))),),
    pools=(Pool("team", 14, "office", speed_sd=0.3, skill_mean=1.6, skill_sd=0.5),),
    stages=(
        Stage(
            "annotate",
            "annotate",
            (("team", 1.0),),
            Distribution("lognormal", {"median": 100.0, "sigma": 0.45}),
            {"labelled": DELIVER, "tied": DELIVER},
            labels_per_item=3,
        ),
    ),
    first="annotate",
)


def test_the_engines_line_comes_back(tmp_path: Path) -> None:
    """Each parameter of the line lies within its 99.9% interval (1.7 times the fitted 95% one); one seed, fixed."""
    path = tmp_path / "team.csv.gz"
    write_export(with_gold(run(Plan.of(LINE), seed=3, replication=0), every=6), path)
    fit = calibrate([path], pool="team", timezone="Europe/Paris")
    wanted = {
        "work.items.classes.car": 0.6,
        "work.items.classes.bus": 0.1,
        "work.items.difficulty.spread": 0.9,
        "pools.team.skill.mean": 1.6,
        "pools.team.skill.spread": 0.5,
        "pools.team.speed.spread": 0.3,
        "stages.annotate.time.lognormal.median": 100.0,
        "stages.annotate.time.lognormal.sigma": 0.45,
    }
    for name, value in wanted.items():
        found = fit.parameter(name)
        low, high = (found.value + 1.7 * (end - found.value) for end in (found.low, found.high))
        assert low <= value <= high, found
    assert fit.parameter("pools.team.headcount").value == 14
    assert fit.parameter("stages.annotate.labels_per_item").value == 3
    on_shift = fit.evidence.on_shift
    assert on_shift[:5, 9:12].min() >= 13
    assert on_shift.sum() == on_shift[:5, 9:12].sum()
    assert np.isclose(
        on_shift.sum(), 14 * 15, rtol=0.04
    )  # the last day runs dry, and tasks that a shift end cut are lost
