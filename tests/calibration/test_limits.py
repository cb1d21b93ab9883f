"""Limits of platforms and work under way: what cleaning makes of them, and the fit."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.cleaning import Cleaned, clean
from labelcast.calibration.readers.judgements import COLUMNS, Refusals, typed
from labelcast.calibration.readers.recognise import read
from labelcast.calibration.service import look
from labelcast.calibration.service.fit import Timed, fit_service, timed
from labelcast.calibration.service.notes import notes
from labelcast.calibration.service.words import distribution, parameters
from labelcast.sim.estimates.times import mean

DAY = "2026-01-05T"
MOMENT = pd.Timestamp("2026-01-05 09:00:00")


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def cleaned(
    rows: list[tuple[str, int, int]], open_rows: list[tuple[str, int]], end: int, limit: float | None = None
) -> Cleaned:
    """Of (worker, start s, submit s) and (worker, start s) under way at `end` s, all with a limit."""

    def table(workers: list[str], starts: list[int], ends: list[int], outcome: str) -> pd.DataFrame:
        return typed(
            pd.DataFrame(
                {
                    "worker": workers, "item": [f"i{n}" for n in range(len(workers))], "source": 0, "outcome": outcome,
                    "row": range(2, len(workers) + 2), "limit_seconds": limit,
                    "started_at": [MOMENT + pd.Timedelta(seconds=one) for one in starts],
                    "submitted_at": [MOMENT + pd.Timedelta(seconds=one) for one in ends],
                }
            )
        )  # fmt: skip

    done = table(*map(list, zip(*rows, strict=True)), "accepted")  # type: ignore[arg-type]
    begun = table([w for w, _ in open_rows], [s for _, s in open_rows], [end] * len(open_rows), "active")
    return clean(done, Refusals(["a.csv"]), (), begun if open_rows else None)


def steady(worker: str, pages: int, seconds: int = 60, start: int = 0) -> list[tuple[str, int, int]]:
    """Pages one after the other, of a second less or more."""
    return [(worker, start + n * seconds, start + (n + 1) * seconds - [0, 3, 1, 4, 2][n % 5]) for n in range(pages)]


def told(out: Cleaned) -> dict[str, int]:
    return {one.reason.split(":")[0]: one.rows for one in out.set_apart.summary()}


def test_what_is_under_way_is_censored_within_the_cut() -> None:
    """By hand, at 3,600 s: 40 s since the start; 102 s since the submit before, though begun earlier; of two at once
    only the later; two rows of one page are one; left beyond the cut; nothing told by what began just now."""
    pages = [row for who in "abcde" for row in steady(who, 50)] + steady("f", 50, start=500)
    out = cleaned(
        pages,
        [("a", 3560), ("f", 3000), ("b", 3500), ("b", 3540), ("c", 3590), ("c", 3590), ("d", 3005), ("new", 3600)],
        3600,
    )
    assert out.under_way[["worker", "units", "seconds"]].to_numpy().tolist() == [
        ["a", 1, 40.0], ["b", 1, 60.0], ["c", 2, 5.0], ["f", 1, 102.0],
    ]  # fmt: skip
    assert told(out) == {
        "under way when the log ended": 5, "under way beside a later one of the same worker": 1,
        "left open when the log ended (idle)": 1, "begun at the last moment that its file knows": 1,
    }  # fmt: skip
    assert out.left == pytest.approx(1 / 301)
    data = timed(out.pages, out.under_way, out.left)
    assert data.open is not None
    assert data.open.sum() == 4
    assert np.exp(data.practised[data.open]).tolist() == pytest.approx([51, 51, 51.5, 51])
    assert np.diff(data.worker).min() >= 0
    assert len(data.ended.worker) == 300


def test_work_goes_on_until_the_limit_only() -> None:
    """What is older than the platform's limit has been taken away, and is no longer under way."""
    out = cleaned(steady("a", 50) + steady("b", 50), [("a", 3300), ("b", 3400)], 3600, limit=250.0)
    assert out.under_way["worker"].tolist() == ["b"]
    assert told(out)["not handed in within the platform's limit"] == 1


def test_limits_run_from_the_start_that_the_platform_knows() -> None:
    """Of an assignment taken 100 s before its worker turned to it, 200 of 300 s are left to work; a page that took
    longer than its limit had none; where many did, the file has none; and what was begun within the limit of a last
    moment at which work was under way could not yet be taken away."""
    pages = [*steady("a", 200), ("b", 0, 100), ("b", 0, 130)]
    limit = cleaned(pages, [], 0, limit=300.0).pages.set_index(["worker", "end_ms"])["limit_seconds"]
    assert limit["b"].tolist() == [300.0, 200.0]
    out = cleaned([*steady("a", 200), ("b", 0, 250), ("c", 0, 310)], [], 0, limit=300.0)
    assert out.pages.loc[out.pages["limit_seconds"].isna(), "worker"].tolist() == ["c"]
    assert told(out)["took longer than the platform's limit"] == 1
    out = cleaned([*steady("a", 50), ("c", 0, 310)], [], 0, limit=300.0)
    assert out.pages["limit_seconds"].isna().all()
    assert told(out)["the platform's limit was not kept in this file"] == 51
    out = cleaned(steady("a", 50), [("b", 2990)], 3000, limit=300.0)
    assert out.pages["limit_seconds"].isna().to_numpy().tolist() == [begin > 2700 for _, begin, _ in steady("a", 50)]


def lines(seed: int, spread: float = 0.35, sigma: float = 0.55) -> Timed:
    """Times of 20 to 30 workers with 25 to 120 pages each, median 60 s."""
    luck = np.random.default_rng(seed)
    workers = int(luck.integers(20, 31))
    worker = np.repeat(np.arange(workers), np.round(np.exp(luck.uniform(3.2, 4.8, workers))).astype(int))
    y = math.log(60) + luck.normal(0, spread, workers)[worker] + luck.normal(0, sigma, len(worker))
    zeros = np.zeros(len(worker))
    return Timed(y, worker, zeros, zeros, tuple(map(str, range(workers))))


TRUTH = {"time.lognormal.median": 60.0, "time.lognormal.sigma": 0.55, "speed.spread": 0.35}


def fitted(data: Timed) -> dict[str, tuple[float, float, float]]:
    """(value, low, high) of each parameter by its path below pool or stage."""
    return {
        one.path.split(".", 2)[2]: (one.value, one.low or 0.0, one.high or 0.0)
        for one in parameters(fit_service(data), "p", "s")
    }


def cut_at(whole: Timed, limit: float, way: str) -> Timed:
    """The log of which times beyond `limit` were taken away, the limit handed on or not, or were still under way."""
    ended = whole.log_seconds <= limit
    if way == "open":
        return replace(whole, log_seconds=np.minimum(whole.log_seconds, limit), open=~ended)
    kept = whole.pick(ended)
    return replace(kept, limit=np.full(len(kept.worker), limit)) if way == "limit" else kept


@pytest.mark.verify
@pytest.mark.parametrize("way", ["limit", "open"])
def test_lines_cut_short_come_back(way: str) -> None:
    """Over 12 random lines of which the longest fifth was taken away, or was still under way, the 95% intervals of
    median, sigma and spread hold the truth as often as the 99% interval of a binomial with 95% allows (9 of 12), and
    the mean of the 12 of each is within 8% of what the lines give that were not cut."""
    hits: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    values: dict[str, list[float]] = {name: [] for name in TRUTH}
    uncut: dict[str, list[float]] = {name: [] for name in TRUTH}
    for seed in range(12):
        whole = lines(seed)
        for name, (value, _, _) in fitted(whole).items():
            if name in TRUTH:
                uncut[name].append(value)
        for name, (value, low, high) in fitted(cut_at(whole, float(np.quantile(whole.log_seconds, 0.8)), way)).items():
            if name in TRUTH:
                seen[name] += 1
                hits[name] += low <= TRUTH[name] <= high
                values[name].append(value)
    print(hits, seen, {name: np.mean(one) for name, one in values.items()})
    assert min(seen[name] for name in TRUTH) >= 9
    assert {name for name in seen if hits[name] < int(stats.binom.ppf(0.005, seen[name], 0.95))} == set()
    for name in TRUTH:
        assert np.mean(values[name]) == pytest.approx(np.mean(uncut[name]), rel=0.08)


def test_a_cut_that_is_not_told_biases_the_fit() -> None:
    """One line of which times beyond 90 s were taken away, or were under way at 90 s: told so, median, sigma and spread
    lie in their intervals; not told, the median is more than 15% too small and the spread more than 20%."""
    whole = lines(3)
    for way in ("limit", "open"):
        found = fitted(cut_at(whole, math.log(90), way))
        assert [name for name, truth in TRUTH.items() if not found[name][1] <= truth <= found[name][2]] == []
    service = fit_service(cut_at(whole, math.log(90), "blind"))
    assert math.exp(service.effects.mu[0]) < 0.85 * 60
    assert service.effects.between is not None
    assert service.effects.between[0] < 0.8 * 0.35


def test_a_limit_that_nobody_nears_changes_nothing() -> None:
    """With a limit far beyond all times, and one page of 2,000 under way, all numbers are those of the log without."""
    whole = lines(4)
    far = replace(whole, limit=np.full(len(whole.worker), math.log(7200)))
    one = np.zeros(len(whole.worker), bool)
    one[17] = True
    assert fitted(far) == fitted(whole)
    assert fitted(replace(whole, open=one)) == fitted(whole.pick(~one))
    assert not far.cut_short
    assert replace(whole, limit=np.full(len(whole.worker), math.log(120))).cut_short


def test_tasks_left_for_good_are_no_long_work() -> None:
    """Of a log in which 3% of pages are left for good, those under way at its end are some work and some left. With the
    share told, sigma lies in its interval; without, long work is made of them: sigma is a tenth too large."""
    luck = np.random.default_rng(5)
    whole = lines(5)
    left = luck.random(len(whole.worker)) < 0.03
    age = luck.uniform(math.log(60), math.log(600), len(left))
    data = replace(whole.pick(~left | (age < 9)), left=0.03)
    mine = left[~left | (age < 9)]
    data = replace(data, log_seconds=np.where(mine, age, whole.log_seconds), open=mine)
    value, low, high = fit_service(data).effects.within or (0.0, 0.0, 0.0)
    assert low <= 0.55 <= high
    assert (fit_service(replace(data, left=0.0)).effects.within or (0.0,))[0] > 1.1 * value


def test_the_look_of_a_fit_knows_its_limit() -> None:
    """Times cut at a limit lie on the diagonal of a fit that knows it, and no farther off than its own logs do."""
    service = fit_service(cut_at(lines(6), math.log(90), "limit"))
    gap, usual = look.distance(service) or (1.0, 0.0)
    assert gap <= usual
    dots = look.qq_points(service)
    assert np.abs(dots[20:-20, 0] - dots[20:-20, 1]).max() < 0.12


@pytest.mark.parametrize("workers", [1, 10])
def test_a_limit_that_most_work_runs_into_tells_no_tail(workers: int) -> None:
    """Of times that pile up at the limit, or are uniform up to it, no fit makes means beyond all that was seen: it says
    that nothing can be told, and gives the times of what ended. Times far from it are told as ever."""
    luck = np.random.default_rng(8)
    worker, zeros = np.repeat(np.arange(workers), 600 // workers), np.zeros(600)
    for y in (np.log(luck.uniform(0.5, 100, 600)), math.log(100) - luck.exponential(0.3, 600)):
        data = Timed(y, worker, zeros, zeros, tuple(map(str, range(workers))), np.full(600, math.log(100)))
        service = fit_service(data)
        assert service.untold is data
        assert mean(distribution(service)) == pytest.approx(np.exp(y).mean(), rel=0.1)
        pages = pd.DataFrame({"timed": True, "seconds": np.exp(y), "units": 1})
        said = notes(service, pages, pd.DataFrame({"timed": [False], "units_on_page": [1]}))
        assert sum("cannot be told: more than half" in note for note in said) == 1
    assert fit_service(cut_at(lines(6), math.log(90), "limit")).untold is None


def line_of(seed: int, limit: int, end: int) -> str:
    """A table of 60 workers at work from 9:00 on, each page after the other, whose platform takes work away after
    `limit` s; exported after `end` s with what is under way then. Median 100 s, sigma 0.5, spread 0.2."""
    luck = np.random.default_rng(seed)
    out = "item,worker,started_at,submitted_at,label,limit_seconds\n"
    item = 0
    for worker in range(60):
        clock, speed = float(luck.uniform(0, 60)), math.exp(luck.normal(0, 0.2))
        while clock < end:
            took = 100 * speed * math.exp(luck.normal(0, 0.5))
            item += 1
            start, ended = f"{(MOMENT + pd.Timedelta(seconds=round(clock, 3))).isoformat()}Z", ""
            if took <= limit and clock + took <= end:
                ended = f"{(MOMENT + pd.Timedelta(seconds=round(clock + took, 3))).isoformat()}Z"
            if ended or (clock + took > end and end - clock < limit):
                out += f"{item},w{worker},{start},{ended},{'cat' if ended else ''},{limit}\n"
            clock += min(took, limit)
    return out


def test_from_a_file_to_the_fit(tmp_path: Path) -> None:
    """Of a short log with a limit that takes a tenth of the work and some 60 pages under way at its end: with both, the
    median and sigma of its making lie in their intervals, and counts and notes tell of them; with the limit's column
    and open rows taken out the median is a tenth too small."""
    text = line_of(1, 180, 1200)
    fit = calibrate([written(tmp_path / "x.csv", text)])
    found = {one.path: one for one in fit.parameters}
    for path, truth in (
        ("stages.annotate.time.lognormal.median", 100.0),
        ("stages.annotate.time.lognormal.sigma", 0.5),
    ):
        assert (found[path].low or 0) <= truth <= (found[path].high or 0), found[path]
    assert 30 <= fit.counts["under_way"] <= 60
    assert any("took work away after at most 180 s" in note for note in fit.notes)
    assert any(f"{fit.counts['under_way']} pages were under way at the end" in note for note in fit.notes)
    assert fit.rows_read == fit.rows_used + sum(one.rows for one in fit.refused)
    rows = [line.rsplit(",", 1)[0] for line in text.splitlines() if ",," not in line]
    blind = read([written(tmp_path / "x.csv", "\n".join(rows) + "\n")])
    out = clean(blind.judgements, blind.refusals, (), blind.under_way)
    assert out.under_way.empty
    assert math.exp(fit_service(timed(out.pages, out.under_way)).effects.mu[0]) < 90


def test_spoiled_limits_and_open_rows(tmp_path: Path) -> None:
    """Of a file with limits and open rows, 24 times with three cells of any text: a table whose rows, with those under
    way among the refused, are all counted, and a fit or a refusal that names the file."""
    words = ["", "-1", "0", "1e308", "nan", "inf", "x", "active", f"{DAY}09:00:00Z", "2031-01-01T00:00:00Z", "w1", "é"]
    rows = [line.split(",") for line in line_of(2, 180, 150).splitlines()]
    fits = 0
    for seed in range(24):
        luck = np.random.default_rng(seed)
        spoiled = [list(row) for row in rows]
        for _ in range(3):
            where = 1 + int(luck.integers(len(rows) - 1))
            spoiled[where][int(luck.integers(6))] = words[int(luck.integers(len(words)))]
        path = written(tmp_path / "x.csv", "".join(",".join(row) + "\n" for row in spoiled))
        export = read([path])
        left = sum(one.rows for one in export.refusals.summary())
        assert len(export.judgements) + left == len(rows) - 1
        assert export.under_way.dtypes.astype(str).to_dict() == COLUMNS
        assert 0 < len(export.under_way) <= left
        out = clean(export.judgements, export.refusals, (), export.under_way)
        counted = sum(n for reason, n in told(out).items() if "under way" in reason or "left open when" in reason)
        assert counted >= len(out.under_way)
        fits += fit_service(timed(out.pages, out.under_way, out.left)).chosen is not None if seed % 8 == 0 else 0
    assert fits == 3
