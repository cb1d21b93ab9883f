"""Whether people err more by hour: the model by hand, false alarms, what tells nothing, and a line that comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from golden import with_gold
from scipy import optimize, special

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.cleaning import clean
from labelcast.calibration.export import write_export
from labelcast.calibration.fit import Parameter, Together
from labelcast.calibration.profile import write
from labelcast.calibration.readers.recognise import read
from labelcast.calibration.skill import Skill
from labelcast.calibration.tired.skill import Blunting, Truths, fit_blunting, link
from labelcast.calibration.tired.words import by_hour
from labelcast.calibration.workers.difficulty import Difficulty
from labelcast.scenarios.load import load
from labelcast.sim.line import DELIVER, Calendar, Distribution, Fatigue, Line, Pool, Segment, Stage
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run
from labelcast.sim.statistics import coverage

LINE = Line(
    name="erring",
    start=datetime(2027, 1, 4, 9),
    timezone="UTC",
    currency="EUR",
    horizon_s=20 * 7 * 86_400.0,
    segments=(Segment("items", backlog=1_000, classes={"car": 0.6, "bus": 0.4}, difficulty_sd=0.8),),
    calendars=(Calendar("office", "UTC", tuple((d, 9 * 3600, 15 * 3600) for d in range(5))),),
    pools=(Pool("team", 10, "office", skill_mean=2.5, skill_sd=0.4, fatigue=Fatigue(logits=0.3)),),
    stages=(
        Stage(
            "annotate",
            "annotate",
            (("team", 1.0),),
            Distribution("lognormal", {"median": 200.0, "sigma": 0.4}),
            {"labelled": DELIVER, "tied": DELIVER},
            labels_per_item=2,
        ),
    ),
    first="annotate",
)


def labels(
    rng: np.random.Generator, logits: float, *, together: bool, workers: int = 20, each: int = 80, items: int = 0
) -> Truths:
    """Of people who differ and get better with practice, 10 labels each in a session of four hours, in which skill is
    better or worse by chance. together: everybody gets an item at the same hour, as where labels of it are asked for at
    once; else at any. Items differ by an sd of 1.5 logits."""
    worker, place = np.repeat(np.arange(workers), each), np.tile(np.arange(each), workers)
    hours = np.sort(rng.uniform(0, 4, (1 if together else workers, each // 10, 10)), axis=2).reshape(-1, each)
    hours = np.tile(hours.ravel(), workers if together else 1)
    item = place if together else rng.permuted(np.tile(np.arange(each), (workers, 1)), axis=1).ravel()
    item = rng.integers(items, size=worker.size) if items else item
    practised = np.log1p(10.0 * place)
    skill = 2 + rng.normal(0, 0.4, workers)[worker] + rng.normal(0, 0.15, (workers, each // 10))[worker, place // 10]
    logit = skill + 0.05 * practised - logits * hours - 1.5 * rng.standard_normal(items or each)[item]
    right = (rng.random(worker.size) < special.expit(logit)).astype(float)
    return Truths(right, worker, item, practised, hours, np.zeros(worker.size))


def fitted(data: Truths, spread: float = 1.5) -> Blunting:
    """The fit of labels, which there is."""
    found = fit_blunting(data, Difficulty(spread))
    assert found is not None
    return found


def test_the_link_is_the_models() -> None:
    """How often labels are right is expit averaged over difficulties, on a grid of a thousand to the fourth place; near
    what forecasts have; and its slopes are its derivatives."""
    logit, step = np.linspace(-6, 9, 40), 1e-5
    place = np.linspace(-6, 6, 1001)
    weight = np.exp(-(place**2) / 2) / np.exp(-(place**2) / 2).sum()
    for difficulty in (Difficulty(0.0), Difficulty(1.3), Difficulty(0.7, 0.15, 3.0, 1.2)):
        chance, slope, bend = link(difficulty, logit)
        easy = special.expit(logit[:, None] - difficulty.spread * place) @ weight
        hard = special.expit(logit[:, None] - difficulty.harder - difficulty.hard_spread * place) @ weight
        np.testing.assert_allclose(chance, (1 - difficulty.hard) * easy + difficulty.hard * hard, atol=5e-5)
        np.testing.assert_allclose(chance, difficulty.chance(logit), atol=0.02)
        less, more = link(difficulty, logit - step), link(difficulty, logit + step)
        np.testing.assert_allclose(slope, (more[0] - less[0]) / (2 * step), atol=1e-9)
        np.testing.assert_allclose(bend, (more[1] - less[1]) / (2 * step), atol=1e-9)


def test_the_fit_is_the_top_of_the_penalised_likelihood() -> None:
    """Of items that are alike it is Firth's: log likelihood plus half the log determinant of the information, climbed
    with a column for each worker; classes' effects are given, and somebody who is always right has a say too."""
    rng = np.random.default_rng(5)
    data = labels(rng, 0.4, together=False, workers=6, each=30)
    right = np.where(data.worker == 2, 1.0, data.right)
    offset = np.where(data.item % 3 == 0, 0.8, -0.4)
    data = replace(data, right=right, offset=offset)
    x = np.column_stack([-data.hours, data.practised, data.worker[:, None] == np.arange(6)]).astype(float)

    def lost(beta: np.ndarray) -> float:
        chance = special.expit(offset + x @ beta)
        likely = np.log(np.where(right == 1, chance, 1 - chance)).sum()
        return float(-likely - np.linalg.slogdet(x.T @ ((chance * (1 - chance))[:, None] * x))[1] / 2)

    top = optimize.minimize(lost, np.zeros(8), method="BFGS", options={"gtol": 1e-7})
    assert fitted(data, 0.0).logits == pytest.approx(top.x[0], abs=1e-4)


def test_what_tells_nothing_tells_nothing() -> None:
    """Labels all right, or with fewer than thirty wrong; of four workers; of no other hour than the first; none at all;
    and labels that are right up to an hour and wrong from then on, which no slope fits."""
    data = labels(np.random.default_rng(2), 0.3, together=False)
    fitted(data)
    alike = Difficulty(1.5)

    def of(mask: np.ndarray) -> Truths:
        kept = (one[mask] for one in (data.right, data.worker, data.item, data.practised, data.hours, data.offset))
        return Truths(*kept)

    few = (data.right == 1) | (np.cumsum(data.right == 0) < 30)
    for mask in (data.right == 1, few, data.worker < 4, data.worker == 0, data.worker < 0):
        assert fit_blunting(of(mask), alike) is None
    assert fit_blunting(replace(data, hours=np.zeros(data.right.size)), alike) is None
    assert fit_blunting(replace(data, right=(data.hours < 2.5).astype(float)), alike) is None


def test_little_and_too_much_are_not_told() -> None:
    """An effect that changes no plan is not told however sure it is, nor one that is no tiring. What four hours take is
    told as a share of labels too: of 800 people, whom chance lets hardly differ, to two points by their law."""
    data = labels(np.random.default_rng(3), 0.6, together=False, workers=800, each=80, items=6_400)
    found = fitted(data)
    assert found.told
    fresh, tired = (link(Difficulty(1.5), 2 + 0.05 * data.practised - 0.6 * hour)[0].mean() for hour in (0, 4))
    assert found.points == pytest.approx(fresh - tired, abs=0.02)
    assert found.points < found.points_high < 1
    assert not replace(found, logits=0.015, low=0.01, high=0.02).told
    assert not replace(found, logits=1.2, low=1.1, high=1.3).told
    assert not replace(found, low=-0.01).told


@pytest.mark.verify
@pytest.mark.parametrize("together", [False, True])
def test_few_sets_without_an_effect_tell_of_one_and_intervals_hold(together: bool) -> None:
    """Of 120 sets of labels each: the 99% interval of the share of intervals that hold the truth holds 95% or is above
    it, for 0 and for 0.25 logits an hour; what is not there is told in 2.5% (more than 8 times once in 300); the
    mean is off by less than four standard errors. Also where items come at the same hour to all, so that a hard one
    makes all err then."""
    rng = np.random.default_rng(17)
    for logits in (0.0, 0.25):
        found = [fitted(labels(rng, logits, together=together)) for _ in range(120)]
        share = coverage(sum(one.low <= logits <= one.high for one in found), len(found))
        assert share.high >= 0.95, share
        told = sum(one.told for one in found)
        assert told <= 8 if logits == 0 else told >= 25
        value = np.array([one.logits for one in found])
        assert abs(value.mean() - logits) < 4 * value.std() / len(value) ** 0.5


def test_a_line_whose_people_err_more_comes_back(tmp_path: Path) -> None:
    """The engine's own log tells it: logits an hour and the skill of the beginning of a session within 1.7 times their
    intervals (99.9%), which err together, and a profile that a scenario can be put on, which has the same law."""
    path = tmp_path / "team.csv.gz"
    write_export(with_gold(run(Plan.of(LINE), seed=3, replication=0), every=1), path)
    fit = calibrate([path], pool="team")
    for name, value in {"pools.team.fatigue.logits": 0.3, "pools.team.skill.mean": 2.5}.items():
        found = fit.parameter(name)
        low, high = (found.value + 1.7 * (end - found.value) for end in (found.low, found.high))
        assert low <= value <= high, found
    rests = fit.parameter("pools.team.fatigue.logits").n
    assert rests == fit.counts["pages_timed"] < fit.counts["gold_judgements"], "pages left open tell no hour"
    assert fit.parameter("pools.team.fatigue.slower") is None
    assert any(one.startswith("People err more the longer they have been at work: ") for one in fit.notes)
    pairs = {one.first: one.correlation for one in fit.together if one.second == "pools.team.fatigue.logits"}
    assert 0.1 < pairs["pools.team.skill.mean"] < 1
    write(fit, tmp_path / "team.profile.yaml")
    plan = "labelcast: 1\nstart: 2027-01-04T09:00\ncurrency: EUR\nwork: {items: {backlog: 100 items}}\n"
    (tmp_path / "plan.yaml").write_text(plan, encoding="utf-8")
    pool = load(tmp_path / "plan.yaml", tmp_path / "team.profile.yaml").pools[0]
    assert pool.fatigue.logits == pytest.approx(fit.parameter("pools.team.fatigue.logits").value, rel=1e-3)
    assert pool.fatigue.slower == 0


def test_a_crowd_or_several_stages_get_a_note_and_no_fatigue(tmp_path: Path) -> None:
    """Where hours are not those of shifts, what is seen is said, and skill stays that of all hours; where nothing is
    known of skill, nothing is said; without the effect the most that there could be is."""
    path = tmp_path / "team.csv.gz"
    mean, other = "pools.team.skill.mean", "work.items.difficulty.spread"
    skill = Skill(
        (Parameter(mean, 2.0, 1.8, 2.2, 9, "by hand", "logit"), Parameter(other, 0.8, 0.6, 1.0, 9, "by hand", "logit")),
        together=(Together(mean, other, 0.4),),
    )
    skill = replace(skill, parameters=(*skill.parameters, replace(skill.parameters[0], path="pools.team.skill.spread")))
    for logits, said in ((0.3, "People err more "), (0.0, "That people err more ")):
        pools = (replace(LINE.pools[0], fatigue=Fatigue(logits=logits)),)
        write_export(with_gold(run(Plan.of(replace(LINE, pools=pools)), seed=4, replication=0), every=1), path)
        export = read([path], None, None, None, None)
        cleaned = clean(export.judgements, export.refusals)
        aside = by_hour(skill, cleaned, "team", "items", alone=False)
        assert aside.parameters == skill.parameters
        assert aside.notes[-1].startswith(said)
        mine = by_hour(skill, cleaned, "team", "items", alone=True)
        assert [one.path for one in mine.parameters[3:]] == (["pools.team.fatigue.logits"] if logits else [])
        assert by_hour(Skill(), cleaned, "team", "items", alone=True).notes == ()
        if logits:
            assert "no fatigue is in the profile" in aside.notes[-1]
            fresh, lost = mine.parameters[0], mine.parameters[3]
            hours = (fresh.value - 2.0) / lost.value
            assert 2 < hours < 4, "the mean hour at work of labels in days of six hours"
            assert fresh.high - fresh.value == pytest.approx(np.hypot(0.2, hours * (lost.high - lost.value)))
            assert mine.together[0].correlation == pytest.approx(0.4 * 0.4 / (fresh.high - fresh.low))
