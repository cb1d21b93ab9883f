"""`labelcast search`: what it finds, says, writes and refuses, and with which exit code it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from seeking import ENDLESS, FITTED, PROFILE, SEARCHED
from typed import labelcast

import labelcast as lc
from labelcast.answers.search import SearchAnswer, seconds
from labelcast.reports.search.short import too_few
from labelcast.reports.search.words import sentences
from labelcast.scenarios.draws import Draw
from labelcast.scenarios.load import load
from labelcast.scenarios.search.after import Recommended
from labelcast.scenarios.search.beside import STREAM
from labelcast.scenarios.search.fits import EACH
from labelcast.scenarios.search.given_up import TURNS
from labelcast.scenarios.search.history import CHOOSING, History
from labelcast.scenarios.search.judged import judged, promises
from labelcast.scenarios.search.question import Constraint
from labelcast.scenarios.search.read import keys_of
from labelcast.scenarios.search.same import as_today
from labelcast.scenarios.search.search import stream_seed
from labelcast.scenarios.search.volumes import winner
from labelcast.scenarios.search.way import REPLICATIONS
from labelcast.searching import interrupted
from labelcast.sim.certificate import SHARES, kept, looks, missed
from labelcast.sim.crew import Crew
from labelcast.sim.levers import volume
from labelcast.sim.line import Goal
from labelcast.sim.paired import family

Captured = pytest.CaptureFixture[str]

BUDGET = 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plans among which one can be certified; none; and one of which what was fitted is not known."""
    place = tmp_path_factory.mktemp("search")
    (place / "street.yaml").write_text(SEARCHED.replace("BOUND", "92%"), encoding="utf-8")
    (place / "hard.yaml").write_text(SEARCHED.replace("BOUND", "99.9%"), encoding="utf-8")
    (place / "fitted.yaml").write_text(FITTED, encoding="utf-8")
    (place / "fit.profile.yaml").write_text(PROFILE, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def street(folder: Path) -> SearchAnswer:
    """Reviews bring the accuracy that today's plan has not."""
    return lc.search(folder / "street.yaml", budget=BUDGET, workers=1, study=folder / "street.db")


@pytest.fixture(scope="module")
def fitted(folder: Path) -> SearchAnswer:
    """Today's plan keeps its goal, if the fit is right."""
    return lc.search(folder / "fitted.yaml", profile=folder / "fit.profile.yaml", budget=BUDGET, workers=1)


def recommended(answer: SearchAnswer) -> Recommended:
    """What is told of the certified plan."""
    assert isinstance(answer.after, Recommended)
    return answer.after


def test_the_plan_is_certified_and_its_goal_needs_what_was_changed(street: SearchAnswer) -> None:
    """Accuracy is 90% without reviews; with them it is what reviewers make of it, so the plan must have some."""
    assert street.certified
    assert street.plan is not None
    assert street.plan["stages.review.fraction"] != "0%"
    (goal,) = recommended(street).goals
    assert goal.standing == "kept"
    assert goal.low >= 0.92
    assert street.sentences[0].startswith(
        "With 95% confidence this plan keeps what is asked for: accuracy at least 92.0%"
    )


def test_what_is_said_of_the_plan_is_of_its_certificate_alone(street: SearchAnswer) -> None:
    """Whatever the replications that it was chosen by, its numbers are the same; bounds are those up to which the
    certificate's own test is passed, at the level that the look may spend."""
    found = street.found
    assert found.plan is not None
    wild = [
        replace(step, values=step.values * 7.0) if step.move.stream == CHOOSING else step
        for step in found.history.steps
    ]
    other = replace(found, history=History.of(wild))
    goals, means = promises(found, found.plan)
    assert (goals, means) == promises(other, found.plan)
    step = found.certificate
    assert step is not None
    each = zip(looks(step.move.looks[-1]), SHARES, strict=True)
    alphas = [share * 0.05 / found.rules.tries for look, share in each if look == len(step.values)]
    accuracy, cost = (step.values[:, found.question.kpis.index(kpi)] for kpi in ("accuracy", "cost"))
    alpha = next(one for one in alphas if kept(Goal("accuracy", ">=", 0.92), accuracy, one))
    assert kept(Goal("accuracy", ">=", goals[0].low - 1e-9), accuracy, alpha)
    assert not kept(Goal("accuracy", ">=", goals[0].low + 1e-9), accuracy, alpha)
    assert kept(Goal("cost", ">=", means[0].low - 1e-6), cost, alphas[0] / 2)
    assert not kept(Goal("cost", ">=", means[0].low + 1e-6), cost, alphas[0] / 2)


def test_goals_are_judged_as_certificates_judge_them() -> None:
    """Kept and missed are those of the certificate; bounds of chances are those of the binomial, and of means those up
    to which its tests would call a goal kept, and missed, however skew the values."""
    rng = np.random.default_rng(5)
    for probability in (None, 0.8):
        for shift in (-1.0, -0.3, 0.0, 0.3, 1.0):
            for relation in (">=", "<="):
                goal = Goal("cost", relation, 10.0, probability)  # type: ignore[arg-type]
                values = 9.0 + shift + rng.exponential(1.0, 40)
                one = judged(Constraint(goal, ""), values)
                expected = (
                    "kept" if kept(goal, values, 0.025) else "missed" if missed(goal, values, 0.025) else "unsure"
                )
                assert one.standing == expected
                if probability is None:
                    for edge, side in ((one.low, ">="), (one.high, "<=")):
                        inside = 1e-9 if side == "<=" else -1e-9
                        assert kept(Goal("cost", side, edge + inside), values, 0.025)  # type: ignore[arg-type]
                        assert not kept(Goal("cost", side, edge - inside), values, 0.025)  # type: ignore[arg-type]
                else:
                    met = int((values >= 10.0).sum() if relation == ">=" else (values <= 10.0).sum())
                    span = stats.binomtest(met, 40).proportion_ci(0.95, "exact")
                    assert (one.low, one.high) == pytest.approx(tuple(span), abs=1e-9)
                assert (one.short > 0.0) == (one.found < one.wanted if one.upwards else one.found > one.wanted)


def test_steps_lead_from_today_to_the_plan(street: SearchAnswer) -> None:
    """Each variable that differs changes once; the first step is the one that brings the goal, as nothing else does;
    values are those of the lines themselves, on luck that is neither the search's nor a certificate's."""
    found, after = street.found, recommended(street)
    question = found.question
    differ = {at for at, one in enumerate(question.variables) if one.today != after.plan[at]}
    assert sorted(at for one in after.way.changes for at in one.variables) == sorted(differ)
    assert question.variables[after.way.changes[0].variables[0]].path == "stages.review.fraction"
    seed = stream_seed(found.rules.seed, STREAM)
    assert seed not in {stream_seed(found.rules.seed, stream) for stream in range(found.rules.tries + 1)}
    with Crew(1) as crew:
        own = crew.values(found.view.theory.line_of(after.plan), seed, range(REPLICATIONS), after.kpis)
        today = crew.values(question.line, seed, range(REPLICATIONS), after.kpis)
    assert np.array_equal(after.way.end, own, equal_nan=True)
    assert np.array_equal(after.way.today, today, equal_nan=True)
    told = street.data["way"]["steps"]
    total = sum(step["objective"]["mean"] for step in told)
    assert total == pytest.approx(street.data["against_today"]["mean"], rel=1e-9)
    assert "brings accuracy at least 92.0%" in street.text


def test_what_is_given_up_comes_first(street: SearchAnswer) -> None:
    """Rows are those of the family of differences on the same luck, worse ones on top."""
    after = recommended(street)
    pairs = {
        one.kpi: tuple(values[:, after.kpis.index(one.kpi)] for values in (after.way.end, after.way.today))
        for one in after.traded
    }
    claims = family(pairs)
    for one in after.traded:
        assert one.claim == claims[one.kpi]
        better = {"cost": -1, "accuracy": 1}.get(one.kpi)
        if better is not None and one.claim.differs:
            assert one.turn == ("better" if better * one.claim.difference.mean > 0 else "worse")
    order = [TURNS.index(one.turn) for one in after.traded]
    assert order == sorted(order)


def test_volumes_are_those_of_lines_with_more_work(street: SearchAnswer) -> None:
    """The plan found with 20% more items, on the same luck; the one to take is the plan found, unless another that
    keeps the goals is surely cheaper."""
    found, after = street.found, recommended(street)
    seed = stream_seed(found.rules.seed, STREAM)
    one = after.volumes[-1][0]
    assert (one.factor, one.plan) == (1.2, after.plan)
    with Crew(1) as crew:
        line = volume(found.view.theory.line_of(after.plan), 1.2)
        assert sum(segment.backlog for segment in line.segments) == 240
        values = crew.values(line, seed, range(REPLICATIONS), after.kpis)
    assert one.cost.mean == pytest.approx(values[:, after.kpis.index("cost")].mean(), rel=1e-12)
    for row in after.volumes:
        best = winner(row, 1.0)
        assert best is None or best.standing == "kept"
        cheaper = [each for each in row if each.standing == "kept" and each.apart.high < 0.0]
        if row[0].standing == "kept":
            assert (best is row[0]) == (not cheaper)


def test_draws_keep_a_goal_as_often_as_their_law_says(fitted: SearchAnswer) -> None:
    """Times are lognormal with 1.96 deviations to a factor of three, and the goal allows a factor of 1.5: 76.5% of
    draws keep it. Draws lie evenly, one in each 25th part, so 19 of them do, give or take the one in the part of the
    bound and one that chance turns; and they are those whose own lines do."""
    share = stats.norm.cdf(1.959964 * np.log(1.5) / np.log(3.0))
    one = recommended(fitted).fits
    assert one is not None
    assert one.parameters == 1
    assert abs(one.kept - share * one.draws) <= 2.0
    assert one.missed == (one.draws - one.kept,)
    found = fitted.found
    assert found.plan is not None
    with Crew(1) as crew:
        keys = keys_of(found.question, found.plan)
        question = found.question
        lines = [
            load(question.path, question.profile, draw=Draw(1, number, 0, one.draws), keys=keys)
            for number in range(one.draws)
        ]
        seed = stream_seed(1, STREAM)
        means = [crew.values(line, seed, range(EACH), ("finish_days",)).mean() for line in lines]
    assert sum(mean <= 0.104 for mean in means) == one.kept
    assert f"it keeps what is asked for in {one.kept} " in fitted.text


def test_todays_plan_needs_no_change(fitted: SearchAnswer) -> None:
    """Nothing is said of steps, or of what is given up."""
    assert recommended(fitted).way.changes == ()
    assert "It is today's plan: nothing is to be changed." in fitted.sentences
    assert "Given up" not in fitted.text
    assert fitted.data["way"]["steps"] == []


def test_what_changes_nothing_is_told_as_today(street: SearchAnswer) -> None:
    """Of plans that are one line, that which is nearest to today's; of any other, itself."""
    found = street.found
    for plan in found.view.tried:
        other = as_today(found, plan)
        assert found.view.theory.identity(other) == found.view.theory.identity(plan)
        for at, one in enumerate(found.question.variables):
            back = (*other[:at], one.today or 0, *other[at + 1 :])
            assert back == other or found.view.theory.identity(back) != found.view.theory.identity(other)


def test_the_page_and_the_console_say_the_same(street: SearchAnswer, folder: Path) -> None:
    """One source: every sentence of the answer is on the page; names are escaped, nothing is loaded."""
    page = street.report(folder / "page.html").read_text(encoding="utf-8")
    for told in sentences(street.found, recommended(street)):
        assert told.replace("'", "&#39;") in page.replace("<bdi>", "").replace("</bdi>", ""), told
    assert page.count("<figure>") == 3
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org", "")
    assert street._repr_html_().count("<table>") >= 5
    assert repr(street).startswith("<Search of street: ")
    frame = street.frame
    assert len(frame) == len(street.found.view.tried)
    assert (frame["certified"] == True).sum() == 1  # noqa: E712  None is neither
    (axes,) = street.plot().axes
    marks = sum(len(line.get_xdata()) for line in axes.lines if line.get_label().split()[0] in MARKED)
    assert marks == len(frame)


MARKED = ("unlikely", "likely", "refused", "certified")


def test_without_a_plan_it_says_what_is_missed(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Exit code 4; the JSON is printed all the same, with how far the nearest is, and no plan; the first sentence is on
    the other stream."""
    words = ["search", folder / "hard.yaml", "--budget", BUDGET, "--workers", 1, "--json"]
    assert labelcast(monkeypatch, *words, "--report", folder / "hard.html") == 4
    told = capsys.readouterr()
    data = json.loads(told.out)
    assert (data["certified"], data["plan"]) == (False, None)
    (goal,) = data["nearest"]["goals"]
    assert goal["standing"] == "missed"
    assert goal["high"] < 0.999
    assert data["nearest"]["plan"]["stages.review.fraction"] == "100%", "all is reviewed, and it is not enough"
    assert "No certified plan: of " in told.err
    assert any(
        "ask for less of accuracy" in one and "stages.review.fraction (100%)" in one for one in data["sentences"]
    )
    assert "no recommendation" in (folder / "hard.html").read_text(encoding="utf-8")


def test_work_without_an_end_is_told(folder: Path) -> None:
    """A plan of which no run comes to a finish keeps no promise, whatever it would have kept."""
    path = folder / "endless.yaml"
    path.write_text(ENDLESS.replace("BOUND", "50%"), encoding="utf-8")
    found = lc.search(path, budget=100, workers=1)
    assert not found.certified
    assert found.data["nearest"]["endless"] > 0
    assert any("comes to no finish, as work is not done by the horizon" in one for one in found.sentences)
    assert any("a longer `horizon`" in one for one in found.sentences)


def test_a_budget_that_can_show_no_chance_is_told(folder: Path) -> None:
    """By the binomial: a certificate of 40 runs cannot show 99.9%, nor one of 640; it can show 90% from 60 runs on."""
    chance = SEARCHED.replace("accuracy >= BOUND", "p_deadline >= 90%") + "goals: {deadline: 2027-01-05}\n"
    path = folder / "chance.yaml"
    path.write_text(chance, encoding="utf-8")
    found = lc.search(path, budget=100, workers=1).found
    wanted = 1
    while stats.beta.ppf(SHARES[-1] * found.rules.alpha, wanted, 1) < 0.9:
        wanted += 1
    assert found.rules.last < wanted
    assert f"--budget {100 * -(-4 * wanted // 100)}, or a lower chance" in too_few(found)
    assert too_few(replace(found, rules=replace(found.rules, budget=4 * wanted))) == ""
    (one,) = found.question.constraints
    rare = replace(one, goal=replace(one.goal, probability=0.999))
    rarely = replace(found, question=replace(found.question, constraints=(rare,)))
    assert "too few to show a chance of 99.9% even with a larger one" in too_few(rarely)


def test_a_call_gives_what_the_command_gives(
    street: SearchAnswer, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """To the last digit; a study that is complete is gone on with to the same end, without a replication more of the
    search."""
    words = ["search", folder / "street.yaml", "--budget", BUDGET, "--workers", 1, "--study", folder / "street.db"]
    assert labelcast(monkeypatch, *words, "--resume", "--json") == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(street.data))
    assert labelcast(monkeypatch, *words) == 2
    assert "street.db holds a search already. Say --resume, or name another file." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--resume"], "--resume: goes on with a study, but none is named. Say --study FILE as well."),
        (["--resume", "--study", "none.db"], "--resume: there is no file none.db."),
        (["--study", "a.txt"], '--study: the name must end in .db (SQLite) or .journal, but got "a.txt".'),
        (["--time", "1 s"], '--time: must be at least 5 s, but got "1 s"'),
        (["--time", "5"], '--time: a time needs a unit, but got "5". Write it like "5 min".'),
        (["--budget", 99], "--budget: must be a whole number from 100 to 10,000,000, but got 99."),
        (["--confidence", "40%"], "--confidence: must be above 50% and below 100%"),
        (["--workers", 2, "--dask", "tcp://nowhere:1"], "--workers: sets processes here, but --dask has the work done"),
        (["--report", "a.txt"], "a.txt: a page is written here, which ends in .html"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    words: list[object], told: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Before any work is done, with how to mend it."""
    monkeypatch.chdir(folder)
    assert labelcast(monkeypatch, "search", "street.yaml", *words) == 2
    assert told in capsys.readouterr().err


def test_a_scenario_without_a_block_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """It says how one is written."""
    assert labelcast(monkeypatch, "search", "in-house") == 2
    assert "has no `search:`, so nothing may vary. Write it like `search: {minimise: cost" in capsys.readouterr().err


def test_without_dask_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """A package that is missing is no traceback."""
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    assert labelcast(monkeypatch, "search", folder / "street.yaml", "--dask", "tcp://127.0.0.1:1") == 2
    assert 'pip install "labelcast[cluster]"' in capsys.readouterr().err


def test_a_search_that_is_broken_off_says_how_to_go_on(tmp_path: Path) -> None:
    """With a study from there, without one from the start."""
    study = tmp_path / "a.db"
    assert "With --study FILE a search goes on" in interrupted(None)
    assert "start again" in interrupted(study)
    study.write_bytes(b"")
    assert f"What was tried is kept in {study}; run the same command with --resume" in interrupted(study)


def test_minutes_may_be_written_short() -> None:
    """5m is five minutes, as no length could be meant."""
    assert [seconds(text) for text in ("5m", "5 min", "90 s", "0.5 h")] == [300.0, 300.0, 90.0, 1800.0]
