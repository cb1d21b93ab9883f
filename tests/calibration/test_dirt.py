"""Dirt planted in clean logs: each step of cleaning finds its own at the rate stated, and leaves a clean log alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from labelcast.calibration.cleaning import STEPS, Cleaned, clean
from labelcast.calibration.idle import mixture
from labelcast.calibration.readers.judgements import Refusals, typed
from labelcast.sim.errors import ScenarioRefused

MOMENT = pd.Timestamp("2026-01-05 09:00:00")
WORKERS, PAGES = 20, 80

REASONS = {
    "zones": "start and submit told in two time zones",
    "clock": "begun before it was posted",
    "doubled": "measured time is twice what it can be",
    "active": "worked less than the page was open",
    "hoarding": "started before the worker's previous submit",
    "reopened": "left for another page and opened again",
    "idle": "left open (idle)",
    "fast": "worker at machine speed (bot)",
    "constant": "worker with constant times (bot)",
}


def log(seed: int, pages: int = PAGES) -> pd.DataFrame:
    """Clean work: workers who differ by 0.4, times of lognormal scatter 0.5 (median 40 s) with a rest of a few seconds
    to ten minutes after each, in whole seconds, posted a day before."""
    luck = np.random.default_rng(seed)
    worker = np.repeat(np.arange(WORKERS), pages)
    speed = luck.normal(0, 0.4, WORKERS)
    seconds = np.maximum(1, np.round(40 * np.exp(speed[worker] + luck.normal(0, 0.5, len(worker))))).astype(int)
    rest = np.round(np.exp(luck.uniform(np.log(2), np.log(600), len(worker)))).astype(int)
    after = pd.Series(seconds + rest).groupby(worker).cumsum().to_numpy()
    start = MOMENT + pd.to_timedelta(after - seconds - rest, unit="s")
    item = luck.permuted(np.tile(np.arange(pages), (WORKERS, 1)), axis=1).ravel()
    return pd.DataFrame(
        {
            "worker": [f"w{n}" for n in worker], "item": [f"i{n}" for n in item], "source": 0,
            "row": np.arange(2, len(worker) + 2), "outcome": "accepted", "started_at": start,
            "submitted_at": start + pd.to_timedelta(seconds, unit="s"), "posted_at": MOMENT - pd.Timedelta("1D"),
        }
    )  # fmt: skip


def cleaned(frame: pd.DataFrame, *skip: str) -> Cleaned:
    return clean(typed(frame), Refusals(["a.csv", "b.csv"]), skip)


def found(out: Cleaned, name: str) -> int:
    """Rows that were set apart for this reason."""
    return sum(one.rows for one in out.set_apart.summary() if one.reason.startswith(REASONS[name]))


def seconds(stamps: pd.Series) -> pd.Series:
    return stamps.dt.total_seconds()


def test_clean_logs_stay_as_they_are() -> None:
    """Of 32,000 clean pages of twenty logs, fewer than 1 in 2,000 are set apart, all of them as idle, and no start is
    moved."""
    idle = 0
    for seed in range(20):
        out = cleaned(log(seed))
        idle += found(out, "idle")
        assert [one.reason for one in out.set_apart.summary() if not one.reason.startswith(REASONS["idle"])] == []
        begin = out.judgements["started_at"].astype("datetime64[ms]").astype("int64")
        assert (out.judgements["begin_ms"] == begin).all()
    assert idle < 16


def zones(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Submits told 5:30 ahead of starts."""
    return frame.assign(submitted_at=frame["submitted_at"] + pd.Timedelta("330min")), frame["row"] > 0


def backward(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Submits told seven hours behind starts."""
    return frame.assign(submitted_at=frame["submitted_at"] - pd.Timedelta("7h")), frame["row"] > 0


def clock(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """A worker's computer two days slow, but for the posting."""
    here = frame["worker"] == "w3"
    shift = pd.to_timedelta(np.where(here, 48, 0), unit="h")
    return frame.assign(started_at=frame["started_at"] - shift, submitted_at=frame["submitted_at"] - shift), here


def hoarding(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Every fifth page accepted right after the start of the same worker's page before."""
    before = frame.groupby("worker")["started_at"].shift()
    here = (frame["row"] % 5 == 0) & before.notna()
    return frame.assign(started_at=frame["started_at"].mask(here, before + pd.Timedelta("1s"))), here


def reopened(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Every tenth page was begun ten minutes before the page before it."""
    before = frame.groupby("worker")["started_at"].shift()
    here = (frame["row"] % 10 == 0) & before.notna()
    return frame.assign(started_at=frame["started_at"].mask(here, before - pd.Timedelta("10min"))), here


def doubled(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Work without rests, whose starts are submits less a measured time that is doubled on every third page."""
    spent = seconds(frame["submitted_at"] - frame["started_at"])
    end = MOMENT + pd.to_timedelta(spent.groupby(frame["worker"]).cumsum(), unit="s")
    here = (frame["row"] % 3 == 0) & frame["worker"].duplicated()
    measured = spent.where(~here, 2 * spent)
    frame = frame.assign(submitted_at=end, started_at=end - pd.to_timedelta(measured, unit="s"))
    return frame.assign(active_seconds=measured), here


def idle(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Every fortieth page was left open for one to six hours more."""
    here = frame["row"] % 40 == 0
    hours = 1 + 5 * (frame["row"] % 7) / 7
    later = pd.to_timedelta(np.where(here, hours, 0.0), unit="h").round("s")
    ends = later.to_series(index=frame.index).groupby(frame["worker"]).cumsum()
    begin = frame["started_at"] + ends - later
    return frame.assign(started_at=begin, submitted_at=frame["submitted_at"] + ends), here


def fast(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """A worker who takes a second for everything."""
    here = frame["worker"] == "w7"
    return frame.assign(submitted_at=frame["submitted_at"].mask(here, frame["started_at"] + pd.Timedelta("1s"))), here


def constant(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """A script that waits 30 seconds before each answer, give or take none."""
    here = frame["worker"] == "w7"
    return frame.assign(submitted_at=frame["submitted_at"].mask(here, frame["started_at"] + pd.Timedelta("30s"))), here


Plant = Callable[[pd.DataFrame], tuple[pd.DataFrame, pd.Series]]


@pytest.mark.parametrize(
    ("name", "plant", "rate"),
    [("zones", zones, 1.0), ("zones", backward, 1.0), ("clock", clock, 1.0), ("hoarding", hoarding, 1.0),
     ("reopened", reopened, 0.95), ("doubled", doubled, 0.99), ("idle", idle, 1.0), ("fast", fast, 1.0),
     ("constant", constant, 1.0)],
)  # fmt: skip
def test_planted_dirt_is_found(name: str, plant: Plant, rate: float) -> None:
    """At least `rate` of the planted rows are set apart for their reason and, beside them, no more than 1 in 500."""
    dirty, here = plant(log(1))
    out = cleaned(dirty)
    assert rate * here.sum() <= found(out, name) <= here.sum() + len(dirty) / 500, out.set_apart.summary()


@pytest.mark.parametrize("plant", [zones, backward, clock, hoarding, doubled])
def test_what_is_mended_is_as_it_was(plant: Plant) -> None:
    """Where dirt moves stamps, service times after cleaning are those of the clean log: to the second, but for a
    hundredth of the pages (hoarders' rests count as work: there each is at most the rest longer)."""
    dirty, here = plant(log(2))
    mended = cleaned(dirty).judgements.set_index("row")["seconds"].sort_index()
    clean_times = cleaned(log(2)).judgements.set_index("row")["seconds"].sort_index()
    if plant is hoarding:
        mended, clean_times = (one[~here.to_numpy()] for one in (mended, clean_times))
    assert ((mended - clean_times).abs() <= 1.0).mean() > 0.99


@pytest.mark.parametrize("plant", [zones, clock, hoarding, reopened, doubled, idle, fast, constant])
def test_a_step_that_is_left_out_does_nothing(plant: Plant) -> None:
    """Without its step dirt is not set apart, and the profile can say so."""
    name = "bots" if plant in (fast, constant) else plant.__name__
    out = cleaned(plant(log(1))[0], name)
    assert found(out, plant.__name__) == 0
    assert out.skipped == (name,)


def test_pages_and_active_times_can_be_left_alone() -> None:
    """Three rows with one pair of stamps are three pages if pages are left out; measured time does not count if that
    is; a step's name is checked."""
    frame = log(3, pages=3).assign(started_at=MOMENT, submitted_at=MOMENT + pd.Timedelta("90s"), active_seconds=60.0)
    assert cleaned(frame).judgements["seconds"].unique().tolist() == [20.0]
    assert found(cleaned(frame), "active") == len(frame)
    assert cleaned(frame, "active").judgements["seconds"].unique().tolist() == [30.0]
    alone = cleaned(frame, "active", "pages", "hoarding").judgements["seconds"]
    assert alone.unique().tolist() == [90.0]
    with pytest.raises(ScenarioRefused, match=r"no step is named hords .there are: zones, clock, pages"):
        cleaned(frame, "hords")
    assert all(rule for rule in STEPS.values())


def test_real_work_is_not_taken_for_a_wrong_clock() -> None:
    """Work of an hour and more, with the scatter that work has, stays; so do rows begun before their posting by less
    than an hour, or by too few of a worker's."""
    frame = log(4)
    long = frame["started_at"] + (frame["submitted_at"] - frame["started_at"]) * 120
    assert found(cleaned(frame.assign(submitted_at=long), "hoarding"), "zones") == 0
    few = frame["row"] % 7 == 0
    posted = frame["posted_at"].mask(few, frame["started_at"] + pd.Timedelta("3h"))
    assert found(cleaned(frame.assign(posted_at=posted)), "clock") == 0
    soon = frame["started_at"] + pd.Timedelta("20min")
    assert found(cleaned(frame.assign(posted_at=soon)), "clock") == 0


def test_a_mixture_finds_the_same_idle_pages() -> None:
    """On a log with idle pages planted, the mixture's are the cut-off's, but for one in a hundred pages."""
    dirty, here = idle(log(5))
    out = cleaned(dirty)
    cut = ~out.pages["timed"].to_numpy()
    assert (mixture(out.pages) != cut).mean() < 0.01
    assert (cut.sum() - here.sum()) / len(cut) < 0.002
