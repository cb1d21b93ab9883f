"""Pools that a column of the export tells: who is of which, what comes back of each, what thin ones borrow."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from routed import events, labelled, scenario_of, whole
from scipy import stats
from typer.testing import CliRunner

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.calibration.fit import Fit
from labelcast.calibration.pools.given import Column
from labelcast.calibration.pools.pace import fit_pace
from labelcast.calibration.pools.together import together
from labelcast.calibration.profile import read, write
from labelcast.calibration.readers.sheet import Sheet
from labelcast.calibration.service.fit import Timed
from labelcast.cli import app
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run


@pytest.fixture(scope="module")
def teams(line, truth, tmp_path_factory):
    """A CrowdFlower report of three teams, and what each is made of: the last has two people and thirty pages."""
    made = {
        "In-house": truth(headcount=14, items=700, median=60.0, speed=0.3, skill=2.0, labels_per_item=2),
        "Vendor A": truth(headcount=9, items=400, median=110.0, speed=0.4, skill=1.2, labels_per_item=2),
        "Vendor B": truth(headcount=2, items=15, median=200.0, speed=0.4, skill=1.6, labels_per_item=2, gold=1.0),
    }
    folder = tmp_path_factory.mktemp("teams")
    tables = []
    for number, (name, one) in enumerate(made.items()):
        write_export(line(one, 21 + number), folder / "one.csv")
        table = pd.read_csv(folder / "one.csv", dtype="str", keep_default_na=False)
        for column in ("_worker_id", "_unit_id", "_id"):
            table[column] = f"{number}" + table[column]
        tables.append(table.assign(team=name))
    return made, pd.concat(tables, ignore_index=True)


def fitted(table: pd.DataFrame, folder: Path, column: str = "team") -> Fit:
    """The fit of a report, its workers being a staff."""
    table.to_csv(folder / "report.csv", index=False)
    return calibrate([folder / "report.csv"], pools=column, people="staff")


@pytest.fixture(scope="module")
def found(teams, tmp_path_factory) -> Fit:
    """The fit of `teams` with a pool each."""
    return fitted(teams[1], tmp_path_factory.mktemp("fit"))


def untested(table: pd.DataFrame) -> pd.DataFrame:
    """A report without test questions, of which nothing is told of skill, and that is fitted quickly."""
    return table.assign(_golden="false", _missed="", label_gold="")


def _inside(fit: Fit, path: str, value: float) -> None:
    one = fit.parameter(path)
    assert one is not None, path
    low, high = one.value + 1.7 * (one.low - one.value), one.value + 1.7 * (one.high - one.value)
    assert low <= value <= high, (one, value)


def test_pools_come_back(teams, found: Fit) -> None:
    """Time, pace, skill and their spreads of each pool lie in the 99.9% interval (1.7 times the 95%), seeds fixed;
    people and shares are counted."""
    made, table = teams
    pools = {"in-house": "In-house", "vendor-a": "Vendor A", "vendor-b": "Vendor B"}
    main = made["In-house"]
    assert found.pool == "in-house"
    _inside(found, "stages.annotate.time.lognormal.median", main.median)
    _inside(found, "stages.annotate.time.lognormal.sigma", main.sigma)
    for pool, name in pools.items():
        one = made[name]
        assert found.parameter(f"pools.{pool}.headcount").value == one.headcount
        share = float((table["team"] == name).mean())
        assert found.parameter(f"stages.annotate.pools.{pool}").value == pytest.approx(share)
        _inside(found, f"pools.{pool}.speed.spread", one.speed)
        _inside(found, f"pools.{pool}.skill.mean", one.skill)
        _inside(found, f"pools.{pool}.skill.spread", one.skill_spread)
        if pool != "in-house":
            _inside(found, f"pools.{pool}.speed.factor", one.median / main.median)
    assert found.parameter("pools.in-house.speed.factor") is None
    slow = found.parameter("pools.vendor-a.speed.factor")
    right = [found.parameter(f"pools.{pool}.skill.mean") for pool in ("in-house", "vendor-a")]
    assert slow.low > 1
    assert right[1].value < right[0].value


def test_a_thin_pool_borrows_and_says_so(teams, found: Fit) -> None:
    """Two people with thirty pages get a pace between their own and that of all, nearer to it than the pool of nine
    does, and a note says how much of each number is of all."""
    table = teams[1]
    seconds = (pd.to_datetime(table["_created_at"]) - pd.to_datetime(table["_started_at"])).dt.total_seconds()
    log = np.log(seconds).groupby([table["team"], table["_worker_id"]]).mean().groupby("team").mean()
    own = float(np.exp(log["Vendor B"] - log["In-house"]))
    factor = found.parameter("pools.vendor-b.speed.factor")
    assert 1 < factor.value < own
    (note,) = [one for one in found.notes if one.startswith("vendor-b is thin (2 workers, ")]
    shares = {pool: _borrowed(found, pool) for pool in ("in-house", "vendor-a", "vendor-b")}
    assert shares["in-house"] < shares["vendor-a"] < shares["vendor-b"] > 0.1
    assert f"{shares['vendor-b']:.0%} of its mean skill" in note
    wide = {pool: found.parameter(f"pools.{pool}.speed.factor") for pool in ("vendor-a", "vendor-b")}
    assert wide["vendor-b"].high / wide["vendor-b"].low > wide["vendor-a"].high / wide["vendor-a"].low


def _borrowed(fit: Fit, pool: str) -> float:
    """The share of all in a pool's mean skill, as the method of it says."""
    method = fit.parameter(f"pools.{pool}.skill.mean").method
    return float(method.split("summed over), ")[1].split("%")[0]) / 100


def test_a_profile_with_pools_loads_and_runs(teams, found: Fit, tmp_path: Path) -> None:
    """The scenario has each pool with its numbers, a run has work of all, and the log knows whose each label is."""
    built = scenario_of(found, tmp_path)
    pools = {one.name: one for one in built.pools}
    assert set(pools) == {"in-house", "vendor-a", "vendor-b"}
    for name, one in pools.items():
        factor = found.parameter(f"pools.{name}.speed.factor")
        assert one.speed == pytest.approx(1.0 if factor is None else factor.value, rel=1e-3)
        assert one.speed_sd == pytest.approx(found.parameter(f"pools.{name}.speed.spread").value, rel=1e-3)
        assert one.skill_mean == pytest.approx(found.parameter(f"pools.{name}.skill.mean").value, rel=1e-3)
    log = run(Plan.of(built), seed=1, replication=0)
    assert log.tasks["pool"].astype(str).value_counts().index[0] == "in-house"
    assert log.items["delivered_at"].notna().all()
    real = found.log.tasks["pool"].astype(str).value_counts()
    assert real.to_dict() == {"in-house": 1400, "vendor-a": 800, "vendor-b": 30}
    write(found, tmp_path / "team.profile.yaml")
    assert read(tmp_path / "team.profile.yaml").provenance["pools"] == "team"


def test_a_backtest_keeps_no_badge_of_another_line(teams, found: Fit, tmp_path: Path) -> None:
    """A profile whose pools a column told is refused by `backtest --profile`, before any work, with the reason."""
    teams[1].to_csv(tmp_path / "report.csv", index=False)
    write(found, tmp_path / "team.profile.yaml")
    files = [str(tmp_path / "report.csv")]
    result = CliRunner().invoke(app, ["backtest", *files, "--profile", str(tmp_path / "team.profile.yaml")])
    assert isinstance(result.exception, DataRefused)
    assert "team.profile.yaml: its pools are those of the column 'team', and a backtest" in str(result.exception)


def test_a_column_that_is_not_there(teams, tmp_path: Path) -> None:
    """The error names the file, what is near, and the columns that there are."""
    with pytest.raises(
        Exception, match=r"report.csv has no column 'taem'. Did you mean 'team'\? There are: _unit_id, "
    ):
        fitted(teams[1], tmp_path, "taem")
    with pytest.raises(ScenarioRefused, match=r"'_id' has 2230 values for 2230 workers"):
        fitted(teams[1].assign(_worker_id=teams[1]["_id"]), tmp_path, "_id")
    with pytest.raises(ScenarioRefused, match=r"the column 'nobody' is blank"):
        fitted(teams[1].assign(nobody=" "), tmp_path, "nobody")


def test_a_mapped_column_and_records_of_several_workers(tmp_path: Path) -> None:
    """A column may go by the name that a map gives it; of a record that holds several workers' judgements each has
    its own worker's value."""
    table = labelled(1).query("stage == 'annotate'").drop(columns="stage")
    table["firm"] = np.where(table["worker"] == table["worker"].iloc[0], "One", "Rest")
    names = [one for one in table.columns if one != "firm"]
    lines = [f"  {one}: {one}" for one in names] + ["  role: firm"]
    (tmp_path / "map.yaml").write_text("columns:\n" + "\n".join(lines) + "\n")
    fit = calibrate([whole(table, tmp_path)], pools="role", people="staff", map=tmp_path / "map.yaml")
    assert set(fit.scenario["pools"]) == {"one", "rest"}
    columns = pd.DataFrame({"worker": ["a", "b", "a"], "team": ["X", "Y", "X "]}, dtype="str")
    column = Column("Team")
    column.look([Sheet("r.json", "", ("worker", "team"), columns, np.array([1, 1, 2]), (), np.zeros(0, np.int64))])
    judgements = pd.DataFrame({"source": 0, "row": [2, 1, 1], "worker": ["a", "b", "a"]})
    assert column.values(judgements).tolist() == ["X", "Y", "X"]


def test_one_value_is_one_pool(teams, tmp_path: Path) -> None:
    """A column that says the same of everybody gives the fit without it, the pool by its name, and a note."""
    table = untested(teams[1][teams[1]["team"] == "In-house"])
    fit = fitted(table, tmp_path)
    plain = calibrate([tmp_path / "report.csv"], pool="in-house", people="staff")
    assert fit.parameters == plain.parameters
    assert fit.scenario == plain.scenario
    assert set(fit.notes) - set(plain.notes) == {
        "The column 'team' tells one pool only: in-house ('In-house', 14 workers); it is fitted as a line of one pool."
    }


def test_who_has_no_value_is_of_the_rest(teams, tmp_path: Path) -> None:
    """Blank in some rows: the worker's others tell. Blank in all: a pool named as --pool says, counted.
    Several: that of most."""
    table = untested(teams[1][teams[1]["team"] != "Vendor B"]).reset_index(drop=True)
    first = table["_worker_id"].unique()
    lost = table["_worker_id"].isin(first[:3])
    rows = table.index[table["_worker_id"] == first[4]]
    table.loc[lost, "team"] = ""
    table.loc[rows[:5], "team"] = ""
    table.loc[rows[5:9], "team"] = "vendor a"
    fit = fitted(table, tmp_path)
    assert set(fit.scenario["pools"]) == {"in-house", "vendor-a", "annotators"}
    assert f"3 workers, with {lost.sum()} rows, have no value in 'team': they are a pool of their own, annotators." in (
        fit.notes
    )
    assert "5 rows have no value in 'team', and their workers have one in others: that is taken." in fit.notes
    (several,) = [one for one in fit.notes if "several values" in one]
    assert several.endswith("each is of the pool of most of their rows, the 4 others with them.")


def test_a_column_stands_for_roles_in_a_log_of_several_steps(tmp_path: Path) -> None:
    """Where stages have pools of their own, the column says whose they are as a role would."""
    table = events(300)
    site = table["worker"].map(lambda one: "North" if one in ("w0", "c0") else "South")
    known = calibrate([whole(table.assign(role=site), tmp_path)], pool="staff")
    fit = calibrate([whole(table.assign(site=site), tmp_path)], pool="staff", pools="site")
    assert fit.scenario == known.scenario
    assert {name for stage in scenario_of(fit, tmp_path).stages for name, _ in stage.pools} == {"staff", "north"}


def test_a_pool_too_small_for_an_items_labels(tmp_path: Path) -> None:
    """A pool of one where two people label an item is told among the parameters, and is in no scenario."""
    table = labelled(2).query("stage == 'annotate'").drop(columns="stage")
    solo = table["worker"] == table["worker"].iloc[0]
    fit = calibrate([whole(table.assign(team=np.where(solo, "Solo", "All")), tmp_path)], pools="team", people="staff")
    assert fit.parameter("pools.solo.shrinkage") is not None
    assert set(fit.scenario["pools"]) == {"all"}
    assert fit.scenario["stages"]["annotate"]["pools"] == ["all"]
    assert "Not in the scenario: solo, with fewer people than the 2 who label an item; the others have their share of the work." in fit.notes  # fmt: skip  # noqa: E501


def test_units_of_a_page_are_told_and_not_written(line, truth, tmp_path: Path) -> None:
    """Units that share stamps come back as their number, with an interval; a page of one says nothing, and the
    scenario's stage has no batch."""
    log = line(truth(items=300), 3)
    for units in (1, 5):
        write_export(log, tmp_path / "paged.csv", units_per_page=units)
        fit = calibrate([tmp_path / "paged.csv"])
        told = fit.parameter("stages.annotate.page.units")
        assert (told is None) == (units == 1)
        assert "batch" not in fit.scenario["stages"]["annotate"]
    assert (told.value, told.low, told.high) == (5, 5, 5)
    assert told.n == fit.counts["pages"]


def test_numbers_drawn_together() -> None:
    """By the formula for a given spread between pools: of one pool nothing is lent; of pools that are known exactly
    nothing; one that tells nothing is where the others are, no nearer than they differ."""
    alone = together(np.array([2.0]), np.array([0.3]), 1.0)
    assert alone.of(0) == pytest.approx((2.0, 2.0 - 1.96 * 0.3, 2.0 + 1.96 * 0.3), abs=1e-3)
    exact = together(np.array([1.0, 2.0, 4.0]), np.full(3, 1e-4), 1.0)
    assert [exact.of(k)[0] for k in range(3)] == pytest.approx([1.0, 2.0, 4.0], abs=1e-3)
    found = together(np.array([1.0, 3.0, 99.0]), np.array([0.1, 0.1, math.inf]), 1.0)
    assert found.borrowed(2) == pytest.approx(1.0)
    value, low, high = found.of(2)
    assert value == pytest.approx(2.0, abs=1e-6)
    assert low < 1.0 < 3.0 < high
    assert together(np.zeros(2), np.full(2, math.inf), 1.0) is None


def _drawn(rng: np.random.Generator, tau: float) -> tuple[Timed, np.ndarray, np.ndarray, np.ndarray]:
    """Times of 2 to 5 pools of 2 to 24 people of 3 to 119 pages; pool of each; their means and spreads."""
    pools = int(rng.integers(2, 6))
    pool = np.repeat(np.arange(pools), rng.integers(2, 25, pools))
    means, spreads = rng.normal(4.5, tau, pools), np.exp(rng.normal(math.log(0.35), 0.3, pools))
    pages = rng.integers(3, 120, len(pool))
    worker = np.repeat(np.arange(len(pool)), pages)
    effect = means[pool] + rng.normal(size=len(pool)) * spreads[pool]
    before = np.log1p(np.concatenate([np.arange(n, dtype=float) for n in pages]))
    log_seconds = effect[worker] + rng.normal(0, 0.5, len(worker))
    names = tuple(map(str, range(len(pool))))
    return Timed(log_seconds, worker, before, np.zeros(len(worker)), names), pool, means, spreads


@pytest.mark.verify
@pytest.mark.parametrize("tau", [0.1, 0.4])
def test_intervals_of_pools_cover(tau: float) -> None:
    """Over 250 drawn logs one pool's factor and one pool's spread lie in their 95% intervals at least as often as the
    99% interval of a binomial with 95% allows (228 of 250): one false alarm in 200 each, were the seed not fixed."""
    rng = np.random.default_rng(17)
    hits = np.zeros(2, int)
    for _ in range(250):
        data, pool, means, spreads = _drawn(rng, tau)
        pace = fit_pace(data, pool)
        last = len(means) - 1
        factor, spread = pace.factor(last, 0), pace.spread[last]
        hits += [factor[1] <= math.exp(means[last] - means[0]) <= factor[2], spread[1] <= spreads[last] <= spread[2]]
    assert hits.min() >= stats.binom.ppf(0.005, 250, 0.95), hits
