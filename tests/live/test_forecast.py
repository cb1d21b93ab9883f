"""Forecasts of projects that are known to their end: exact where nothing is left to chance; one log of both parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cut import write_shown

from labelcast.calibration.readers.recognise import read
from labelcast.calibration.today.history import history
from labelcast.calibration.today.standing import Today, today
from labelcast.calibration.today.words import words_of
from labelcast.scenarios.forecast import Asked, Forecast, band, forecast
from labelcast.scenarios.load import load
from labelcast.sim.engines import engine
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.forecast import deliveries
from labelcast.sim.joined import joined
from labelcast.sim.laws import check
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.replicate import replicate
from labelcast.sim.tables import NULL
from labelcast.sim.today import ahead

HOUR_MS = 3_600_000

CERTAIN = """
labelcast: 1
name: certain
start: 2027-01-29T09:00
timezone: Europe/Paris
currency: EUR
horizon: 60 days
work:
  street: {backlog: 300 items, releases: [{on: 2027-02-02, items: 150 items}], classes: {car: 60%, bus: 40%}}
pools:
  team: {headcount: 3, calendar: office, pay: {hourly: 30 EUR}, skill: {accuracy: 90%}}
  checkers:
    headcount: 1
    calendar: office
    pay: {per_label: {tiers: {200: 0.50 EUR, rest: 0.30 EUR}}, minimum: 120 EUR}
stages:
  annotate: {pools: [team], time: 10 min}
  review: {pools: [checkers], time: 3 min, fraction: 100%, on_reject: {to: annotate, rounds: 0, then: deliver}}
calendars: {office: {days: Mon-Fri, hours: "09:00-17:00"}}
goals: {deadline: 2027-02-05, budget: 4000 EUR}
"""

OF_RIGHTNESS = ("accuracy", "error", "yield", "reject", "correct")
"""Words in the names of KPIs that tell how right labels are, or what judges said of them."""

CHANCY = CERTAIN.replace("time: 10 min", "time: {lognormal: {median: 10 min, p95: 30 min}}").replace(
    "skill: {accuracy: 90%}", "skill: {accuracy: 80%, spread: 0.5}, speed: {spread: 0.3}"
)
CHANCY = CHANCY.replace("rounds: 0", "rounds: 2")


def written(folder: Path, text: str) -> tuple[Path, Line]:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return path, load(path)


def shown(folder: Path, log: Log, hours: float) -> Path:
    return write_shown(log, folder / f"live-{hours:g}.csv", round(hours * HOUR_MS))


def state(line: Line, export: Path, hours: float) -> Today:
    found = read([export])
    now = round(line.origin.timestamp() * 1000) + round(hours * HOUR_MS)
    return today(line, found, words_of(line, found.judgements), now)


@pytest.mark.parametrize("hours", [3.05, 7.9, 75.0, 97.3, 99.0])
def test_where_nothing_is_left_to_chance_the_forecast_is_what_comes(tmp_path: Path, hours: float) -> None:
    """From any moment of a project, at night too, over two months, with tiers and a monthly minimum: its end to the
    millisecond, its cost to the cent, and whatever else is measured but how right labels are, of which the log says
    nothing; what waits at every hour, that nobody had begun too."""
    path, line = written(tmp_path, CERTAIN)
    truth = replicate(line, 1, 1, 1)
    log = engine("fast")(Plan.of(line), 1, 0)
    asked = Asked(replications=9, processes=1, checks=0)
    found = forecast(path, [shown(tmp_path, log, hours)], asked)
    assert found.today.walked.off == 0
    ours, kpis = found.runs.kpis, truth.kpis.iloc[0]
    told = [name for name in kpis.index if not any(word in name for word in OF_RIGHTNESS) and not np.isnan(kpis[name])]
    assert len(told) > 70
    assert [name for name in told if not (ours[name] == kpis[name]).all()] == []
    for stage, waiting in truth.curves[0].waiting.items():
        assert [one.waiting[stage].tolist() for one in found.runs.curves] == [waiting.tolist()] * 9
    months = found.runs.ledger[found.runs.ledger["replication"] == 0].groupby("month")["amount"].sum()
    assert months.to_dict() == truth.ledger.groupby("month")["amount"].sum().to_dict()
    assert found.spent is not None
    assert 0 < sum(found.spent.values()) < months.sum()


@pytest.mark.parametrize("hours", [2.0, 30.0, 98.0])
def test_the_log_of_both_parts_keeps_the_laws_of_logs(tmp_path: Path, hours: float) -> None:
    """Every item and task of the past is in it once, with what became of them, and the laws hold."""
    _, line = written(tmp_path, CHANCY)
    log = engine("fast")(Plan.of(line), 3, 0)
    found = state(line, shown(tmp_path, log, hours), hours)
    past, standing = history(line, found), found.standing
    there = ahead(line, standing, np.random.default_rng(1))
    future = engine("fast")(Plan.of(there), 1, 0)
    whole = joined(past, future, line, standing)
    assert [one for one in check(whole) if "label" not in one] == []
    assert len(whole.items) == 450
    assert whole.items["item"].tolist() == list(range(450))
    at = standing.at_ms
    done = log.tasks[log.tasks["finished_at"].notna() & (log.tasks["finished_at"] <= at)]
    ours = whole.tasks[whole.tasks["finished_at"].notna() & (whole.tasks["finished_at"] <= at)]
    assert len(ours) == len(done)
    assert sorted(ours["finished_at"]) == sorted(done["finished_at"])
    assert (whole.items["delivered_at"] <= at).sum() == (log.items["delivered_at"] <= at).sum()
    assert len(whole.tasks) == len(past.tasks) + len(future.tasks)
    assert sorted(whole.items["arrived_at"].unique()) == sorted(log.items["arrived_at"].unique())


def test_both_engines_go_on_alike(tmp_path: Path) -> None:
    """From the same standing, row for row: labels that nobody knows, people who are known, tasks in hand."""
    _, line = written(tmp_path, CHANCY)
    log = engine("fast")(Plan.of(line), 3, 0)
    standing = state(line, shown(tmp_path, log, 4.3), 4.3).standing
    plan = Plan.of(ahead(line, standing, np.random.default_rng(1)))
    assert any(task.labels for task in plan.initial)
    assert any(task.slot is not None for task in plan.initial)
    one, other = (engine(name)(plan, 7, 0) for name in ("fast", "reference"))
    for name in ("items", "tasks", "presence"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def test_deliveries_are_those_of_the_runs(tmp_path: Path) -> None:
    """What `deliveries` tells is what the whole project's KPIs tell, and `until_ms` ends a run there."""
    path, line = written(tmp_path, CHANCY)
    export = shown(tmp_path, engine("fast")(Plan.of(line), 3, 0), 27.0)
    found = forecast(path, [export], Asked(replications=9, processes=1, checks=0))
    standing = found.today.standing
    ends = [one.max() / 86_400_000 for one in deliveries(line, standing, 9, 1)]
    assert ends == found.runs.kpis["finish_days"].tolist()
    until = standing.at_ms + 3 * HOUR_MS
    for short, whole in zip(
        deliveries(line, standing, 9, 1, until_ms=until), deliveries(line, standing, 9, 1), strict=True
    ):
        assert (short != NULL).sum() == (whole <= until).sum()


def test_a_what_if_is_on_the_luck_of_the_forecast(tmp_path: Path) -> None:
    """The same change as a scenario of its own; and no change is no difference in any run."""
    path, line = written(tmp_path, CHANCY)
    export = shown(tmp_path, engine("fast")(Plan.of(line), 3, 0), 27.0)
    asked = Asked(replications=9, processes=1, checks=0, what_ifs=("pools.team.headcount=3", "pools.team.headcount=6"))
    found = forecast(path, [export], asked)
    same, more = found.what_ifs
    pd.testing.assert_frame_equal(same.runs.kpis, found.runs.kpis)
    assert (more.runs.kpis["finish_days"] < found.runs.kpis["finish_days"]).all()


FIT = """labelcast_profile: 1
provenance: {digest: "d1", first: "2026-01-05T00:00:00+00:00", last: "2026-01-19T00:00:00+00:00"}
fitted: [{path: stages.annotate.time.gamma.mean, value: 600, low: 500, high: 720, n: 9, unit: s, method: m}]
scenario: {stages: {annotate: {time: {gamma: {mean: 600 s, shape: 9}}}}}
"""


def test_what_a_fit_does_not_know_is_drawn_with_a_what_if_too(tmp_path: Path) -> None:
    """Twice the people are later in no run, on the draws of the forecast, and sooner in those that wait for them and
    not for the reviewer. Drawing changes every run, but not by what the fit does not know, 10%: people's own pace is
    in the log."""
    (tmp_path / "fit.profile.yaml").write_text(FIT, encoding="utf-8")
    fitted = CERTAIN.replace("name: certain", "name: fitted\nprofile: fit.profile.yaml").replace(", time: 10 min", "")
    path, line = written(tmp_path, fitted)
    export = shown(tmp_path, engine("fast")(Plan.of(line), 1, 0), 5.0)
    asked = Asked(replications=9, processes=1, checks=0, what_ifs=("pools.team.headcount=6",))
    found = forecast(path, [export], asked)
    assert found.drawn == ("stages.annotate.time.gamma.mean",)
    ends, sooner = (one.kpis["finish_days"] for one in (found.runs, found.what_ifs[0].runs))
    assert (sooner <= ends).all()
    assert (sooner < ends).sum() >= 5
    plain = forecast(path, [export], Asked(replications=9, processes=1, checks=0, drawn=False))
    assert plain.drawn == ()
    hours, drawn = (one.runs.kpis["active_h.annotate"] for one in (plain, found))
    assert (hours != drawn).all()
    assert (abs(drawn / hours - 1) < 0.02).all()


def test_earlier_dates_see_what_was_known_then(tmp_path: Path) -> None:
    """Where nothing is left to chance, every band is the number that came, on all dates with enough done."""
    path, line = written(tmp_path, CERTAIN)
    export = shown(tmp_path, engine("fast")(Plan.of(line), 1, 0), 99.0)
    found = forecast(path, [export], Asked(replications=9, processes=1, checks=5)).earlier
    assert found is not None
    assert len(found.checks) + found.skipped == 5
    assert len(found.checks) >= 3
    for one in found.checks:
        assert one.low == one.middle == one.high == one.delivered


def _next(found: Forecast) -> dict[str, float]:
    return {stage: share for stage, share in found.next.items() if share > 0}


def test_the_next_bottleneck_is_where_work_piles_up(tmp_path: Path) -> None:
    """A reviewer who needs ten minutes for what three annotators label in ten holds the line up in every run."""
    path, line = written(tmp_path, CHANCY.replace("time: 3 min", "time: 12 min"))
    export = shown(tmp_path, engine("fast")(Plan.of(line), 3, 0), 75.0)
    found = forecast(path, [export], Asked(replications=9, processes=1, checks=0))
    assert _next(found) == {"review": 1.0}


def test_earlier_dates_tell_which_stage_would_hold_the_line_up(tmp_path: Path) -> None:
    """The slow reviewer had it up from every date, and every one of them told so; with a quick one it is the
    annotators."""
    for minutes, hours, stage in ((12, 190.0, "review"), (1, 98.0, "annotate")):
        path, line = written(tmp_path, CHANCY.replace("time: 3 min", f"time: {minutes} min"))
        export = shown(tmp_path, engine("fast")(Plan.of(line), 3, 0), hours)
        found = forecast(path, [export], Asked(replications=9, processes=1, checks=3)).earlier
        assert found is not None
        assert [(one.held_up, one.told_up) for one in found.checks] == [(stage, stage)] * len(found.checks)
        assert found.stages == (len(found.checks), len(found.checks))


def test_a_band_holds_the_next_one_with_its_chance() -> None:
    """Of 39, the 4th to the 36th: 32 of 40 places; of eight no band of 80% can be told."""
    assert band(range(1, 40)) == (4.0, 20.0, 36.0)
    assert band(range(8)) == (-np.inf, 3.0, np.inf)


def test_a_project_that_is_done_is_not_forecast(tmp_path: Path) -> None:
    """With how many items were delivered and planned."""
    path, line = written(tmp_path, CERTAIN)
    export = shown(tmp_path, engine("fast")(Plan.of(line), 1, 0), 2000.0)
    with pytest.raises(DataRefused, match="all of it is delivered: 450 items, and the scenario's work is 450"):
        forecast(path, [export])


def test_what_cannot_be_asked_is_refused(tmp_path: Path) -> None:
    """Words that are no what-if, one that makes another line, a date after the log, and one that is none."""
    path, line = written(tmp_path, CERTAIN)
    export = shown(tmp_path, engine("fast")(Plan.of(line), 1, 0), 75.0)
    for asked, told in (
        (Asked(what_ifs=("pools.team.headcount",)), "--what-if: must be KEY=VALUE"),
        (Asked(what_ifs=("pools.team.headcounts=4",)), "pools.team.headcounts=4"),
        (Asked(what_ifs=("start=2027-01-28",)), "goes on with the stages, pools, segments and start"),
        (Asked(now="2027-06-01"), "the log ends on 2027-02-01"),
        (Asked(now="soon"), "--now: "),
    ):
        with pytest.raises(ScenarioRefused, match=told):
            forecast(path, [export], asked)
