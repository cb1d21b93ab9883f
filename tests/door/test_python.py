"""From Python: what each call gives is what the command of its name gives, and how a console and a notebook show it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from layouts import LAYOUTS
from matplotlib.figure import Figure
from typed import labelcast

import labelcast as lc
from labelcast import (
    breaking_even,
    budgeting,
    calibrating,
    cli,
    comparing,
    covering,
    explaining,
    investing,
    living,
    narrowing,
    piloting,
    searching,
    selecting,
    sensing,
    uncertain,
    valuing,
)
from labelcast.answers import REPLICATIONS
from labelcast.answers.answer import Answer
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.replicate import summaries

PLAN = """labelcast: 1
name: NAME
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 300 items}}
calendars: {office: {hours: "09:00-17:00"}}
pools:
  team: {headcount: PEOPLE, calendar: office, speed: {spread: 0.2}, skill: {accuracy: 90%}, pay: {hourly: 20 EUR}}
  checkers: {headcount: 2, calendar: office, pay: {hourly: 30 EUR}}
stages:
  annotate: {pools: [team], time: {lognormal: {median: 60 s, p95: 180 s}}}
  review: {pools: [checkers], fraction: 50%, time: 20 s}
goals: {budget: 400 EUR}
"""

PROFILE = """labelcast_profile: 1
provenance: {digest: "d1", first: "2026-01-05T00:00:00+00:00", last: "2026-01-19T00:00:00+00:00"}
fitted: [{path: stages.annotate.time.gamma.mean, value: 60, low: 20, high: 180, n: 9, unit: s, method: m}]
scenario: {stages: {annotate: {time: {gamma: {mean: 60 s, shape: 9}}}}}
"""
FITTED = """labelcast: 1
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 300 items}}
pools: {team: {headcount: 3, calendar: always, pay: {hourly: 20 EUR}}}
stages: {annotate: {pools: [team]}}
"""

TOOL = "changes: [{on: 2027-01-04T09:30, why: tool, path: stages.annotate.time, factor: 0.7, cost: 20 EUR}]"

TRAININGS = "labels,accuracy,noise\n1000,0.80,0\n2000,0.84,0\n4000,0.87,0\n8000,0.893,0\n16000,0.91,0\n"

HERE = {"processes": 1}

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans that differ in people, and trainings of a model."""
    place = tmp_path_factory.mktemp("python")
    for name, people in (("base", 3), ("more", 4)):
        text = PLAN.replace("NAME", name).replace("PEOPLE", str(people))
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    text = PLAN.replace("NAME", "tool").replace("PEOPLE", "3")
    (place / "tool.yaml").write_text(text + TOOL, encoding="utf-8")
    (place / "trainings.csv").write_text(TRAININGS, encoding="utf-8")
    (place / "fit.profile.yaml").write_text(PROFILE, encoding="utf-8")
    (place / "fitted.yaml").write_text(FITTED, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def asked(folder: Path) -> dict[str, tuple[list[object], Callable[[], Any]]]:
    """By command: how it is typed, and the call that should give the same."""
    base, more, points = folder / "base.yaml", folder / "more.yaml", folder / "trainings.csv"
    fitted, profile = folder / "fitted.yaml", folder / "fit.profile.yaml"
    few, one = ["-n", 4, "--seed", 3], ["--processes", 1]
    luck: dict[str, Any] = {"replications": 4, "seed": 3}
    over, work = "pools.team.headcount=2..5", "work.items.backlog=100 items..300 items"
    tool = folder / "tool.yaml"
    return {
        "run": (["run", base, *few, *one], lambda: lc.run(base, **luck, **HERE)),
        "compare": (
            ["compare", base, more, *few, *one, "--same", "accuracy=1 points", "--budget", "300 EUR"],
            lambda: lc.compare(base, more, **luck, **HERE, same="accuracy=1 points", budget="300 EUR"),
        ),
        "bottleneck": (
            ["bottleneck", base, *few, *one, "--map", "checkers"],
            lambda: lc.bottleneck(lc.load(base), **luck, **HERE, map="checkers"),
        ),
        "sensitivity": (
            ["sensitivity", base, *few, *one, "--over", over, "--against", more],
            lambda: lc.sensitivity(str(base), **luck, **HERE, over=over, against=more),
        ),
        "uncertainty": (
            ["uncertainty", fitted, "--profile", profile, "--draws", 5, "--inner", 2, *one],
            lambda: lc.uncertainty(fitted, profile=profile, draws=5, inner=2, **HERE),
        ),
        "budget": (
            ["budget", base, *few, *one, "--months", 3, "--paid-after", 30],
            lambda: lc.budget(base, **luck, **HERE, months=3, paid_after="30"),
        ),
        "cover": (["cover", base], lambda: lc.cover(base)),
        "invest": (
            ["invest", tool, *few, *one, "--months", 2, "--rate", "10%"],
            lambda: lc.invest(tool, **luck, **HERE, months=2, rate="10%"),
        ),
        "breakeven": (
            ["breakeven", base, more, *few, *one, "--over", work, "--points", 3],
            lambda: lc.breakeven(lc.load(base), more, **luck, **HERE, over=work, points=3),
        ),
        "why": (["why", base, more, *few, *one], lambda: lc.why(base, lc.load(more), **luck, **HERE)),
        "modelvalue": (
            ["modelvalue", points, "--worth", "5000 EUR", "--price", "0.1 EUR"],
            lambda: lc.modelvalue(points, worth="5000 EUR", price="0.1 EUR"),
        ),
    }


@pytest.fixture(scope="module")
def answers(asked: dict[str, tuple[list[object], Callable[[], Any]]]) -> dict[str, Any]:
    """What each call gives."""
    return {name: call() for name, (_, call) in asked.items()}


def test_a_call_gives_what_the_command_gives(
    asked: dict[str, Any], answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """The same numbers, to the last digit, and the same text."""
    for name, (typed, _) in asked.items():
        assert labelcast(monkeypatch, *typed, "--json") == 0, name
        assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(answers[name].data)), name
    typed, _ = asked["why"]
    assert labelcast(monkeypatch, *typed) == 0
    assert capsys.readouterr().out.strip() == answers["why"].text.strip()


COMMANDS: dict[str, tuple[Callable[..., Any], dict[str, str]]] = {
    "run": (cli.run, {}),
    "compare": (comparing.compare, {}),
    "cover": (covering.cover, {}),
    "search": (searching.search, {}),
    "select": (selecting.select, {}),
    "bottleneck": (narrowing.bottleneck, {"map": "map_of"}),
    "sensitivity": (sensing.sensitivity, {}),
    "uncertainty": (uncertain.uncertainty, {}),
    "budget": (budgeting.budget, {}),
    "invest": (investing.invest, {}),
    "breakeven": (breaking_even.breakeven, {}),
    "why": (explaining.why, {}),
    "modelvalue": (valuing.modelvalue, {}),
    "calibrate": (calibrating.calibrate, {"map": "map_file"}),
    "forecast": (living.forecast, {"map": "map_file"}),
    "pilot": (piloting.pilot, {}),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_options_and_defaults_are_those_of_the_command(name: str) -> None:
    """Every option of a call is one of the command, with the same default, and is told of in its help; what a command
    has besides writes files or ends it with an exit code."""
    command, other_names = COMMANDS[name]
    call = getattr(lc, name)
    typed, options = inspect.signature(command).parameters, inspect.signature(call).parameters
    named = {other_names.get(one, one) for one in options}
    for one, option in options.items():
        assert f"{one}" in (call.__doc__ or ""), one
        if option.kind is inspect.Parameter.KEYWORD_ONLY:
            default = typed[other_names.get(one, one)].default
            assert default == (str(option.default) if isinstance(default, str) else option.default), one
    files = {"as_json", "log", "tables", "report", "save", "expect", "html", "csv", "xlsx", "plot", "out", "events"}
    assert set(typed) - named <= files
    assert "Raises" in (call.__doc__ or "")


def test_the_replications_of_a_comparison_are_told() -> None:
    """The number that stands for none is the one that the help of both tells."""
    assert f"of each; {REPLICATIONS} if neither" in (lc.compare.__doc__ or "")


def test_frames_hold_the_numbers(answers: dict[str, Any]) -> None:
    """Each row with its unit, unrounded; what adds up, adds up."""
    run, both, levers = answers["run"], answers["compare"], answers["bottleneck"]
    assert run.frame.loc["cost", "mean"] == summaries(run.runs)["cost"].mean == run.kpis["cost"].mean()
    assert run.frame.loc["cost", "unit"] == "EUR"
    by_run = run.ledger.groupby("replication")["amount"].sum()
    assert np.allclose(by_run, run.kpis["cost"], rtol=0, atol=0.01)
    cost = both.frame.set_index("kpi").loc["cost"]
    means = both.kpis["cost"].groupby("scenario").mean()
    assert np.isclose(cost["mean"], means["more"] - means["base"])
    assert [*both.runs] == ["base", "more"]
    assert set(levers.frame["kpi"]) == {"throughput_per_week", "finish_days", "cost", "accuracy"}
    assert {"team", "checkers"} <= set(levers.frame["target"])
    assert np.allclose(levers.map.groupby(["more_people", "volume"])["chance"].sum(), 1)
    assert ((levers.held_up >= 0) & (levers.held_up <= 1)).all(axis=None)
    months, ledger = answers["budget"].frame, answers["budget"].ledger
    assert np.isclose(months["mean"].sum(), months["so_far_mean"].iloc[-1])
    assert np.isclose(ledger["amount"].sum(), months["mean"].sum())
    parts = answers["why"].frame.groupby("kpi").agg({"mean": "sum", "begin": "first", "end": "first"})
    assert np.allclose(parts["mean"], parts["end"] - parts["begin"])
    tornado = answers["sensitivity"].frame
    assert tornado["parameter"].tolist() == ["pools.team.headcount"]
    assert (tornado["from_value"].iloc[0], tornado["to_value"].iloc[0], tornado["kpi_unit"].iloc[0]) == (2, 5, "EUR")
    spread = answers["uncertainty"]
    cost = spread.frame.set_index("kpi").loc["cost"]
    assert cost["share"] > 0.5
    assert np.isclose(cost["share"], cost["data"] ** 2 / (cost["data"] ** 2 + cost["chance"] ** 2))
    assert spread.variables["variable"].iloc[0] == "stages.annotate.time.gamma.mean"
    tool = answers["invest"]
    assert tool.frame.index.tolist() == ["tool"]
    assert tool.flows["tool"].sum() < tool.frame.loc["tool", "saved"]
    even = answers["breakeven"].frame
    assert np.allclose(even["more"] - even["base"], even["difference"])
    worth = answers["modelvalue"].frame
    assert worth["labels"].tolist() == [8_000, 16_000, 32_000, 64_000]
    assert worth["accuracy"].is_monotonic_increasing


def test_all_answers_show_themselves(answers: dict[str, Any], folder: Path) -> None:
    """A console gets a few short lines, a notebook sentences and a table, a picture can be had and saved."""
    for name, answer in answers.items():
        assert isinstance(answer, Answer)
        assert isinstance(answer.frame, pd.DataFrame)
        shown = repr(answer)
        assert shown.startswith("<")
        assert len(shown.splitlines()) <= 12, name
        page = answer._repr_html_()
        assert page.count("<tr>") >= 2, name
        assert answer.sentences[0].split(":")[0][:20] in page
        picture = answer.plot()
        assert isinstance(picture, Figure)
        picture.savefig(folder / f"{name}.png")
        assert (folder / f"{name}.png").stat().st_size > 2_000
        assert picture._repr_svg_().startswith("<svg")
    assert "P80" in answers["run"].plot("cost")._repr_svg_()
    assert "items delivered" in answers["compare"].burn_up()._repr_svg_()
    with pytest.raises(ScenarioRefused, match="alpha: base has no such KPI, or no run computed it"):
        answers["run"].plot("cost", "alpha")


def test_pictures_draw_the_numbers(answers: dict[str, Any]) -> None:
    """Every run is in a bar of the histogram; steps lead from the first scenario to the second; bars are months' means;
    chance and data fill the bar."""
    (axes,) = answers["run"].plot("cost").axes
    assert sum(bar.get_height() for bar in axes.patches) == len(answers["run"].kpis)
    why = answers["why"]
    for axes, one in zip(why.plot().axes, why.found, strict=True):
        scale = 100 if one.kpi == "accuracy" else 1
        dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
        assert np.allclose(dots, [scale * one.begin, scale * one.end])
    (axes,) = answers["budget"].plot().axes
    assert np.allclose([bar.get_height() for bar in axes.patches], answers["budget"].frame["so_far_mean"])
    (axes,) = answers["uncertainty"].plot().axes
    widths = np.array([bar.get_width() for bar in axes.patches]).reshape(-1, 2)
    assert np.allclose(widths.sum(axis=1), 100)
    assert np.allclose(widths[::-1, 0], 100 * answers["uncertainty"].frame.query("chance + data > 0")["share"])


def test_a_picture_keeps_its_style(answers: dict[str, Any]) -> None:
    """Whatever a notebook has set when it is drawn."""
    plain = answers["bottleneck"].plot()._repr_svg_()
    with matplotlib.rc_context({"font.size": 31, "xtick.labelcolor": "red", "svg.fonttype": "path"}):
        assert answers["bottleneck"].plot()._repr_svg_() == plain
    picture = answers["bottleneck"].plot()
    with matplotlib.rc_context({"font.size": 31, "xtick.labelcolor": "red", "svg.fonttype": "path"}):
        assert picture._repr_svg_() == plain


def test_names_are_escaped(folder: Path) -> None:
    """A plan's name may hold anything; in a notebook it is text, and a console gets no control characters."""
    path = folder / "evil.yaml"
    text = PLAN.replace("NAME", '"<script>alert(1)</script>&"').replace("PEOPLE", "3")
    path.write_text(text.replace("{budget: 400 EUR}", "{}"), encoding="utf-8")
    found = lc.run(path, replications=2, **HERE)
    for page in (found._repr_html_(), lc.load(path)._repr_html_(), found.burn_up()._repr_svg_()):
        assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in found._repr_html_()


def test_a_mistake_is_told_as_the_command_tells_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """The same problems, all at once; a notebook shows them without a traceback."""
    base, more = folder / "base.yaml", folder / "more.yaml"
    wrong = {"deadline": "15 June", "budget": "3 USD"}
    with pytest.raises(ScenarioRefused) as raised:
        lc.compare(base, more, deadline=wrong["deadline"], budget=wrong["budget"])
    assert labelcast(monkeypatch, "compare", base, more, *(w for k, v in wrong.items() for w in (f"--{k}", v))) == 2
    assert capsys.readouterr().err.splitlines() == [*raised.value.problems]
    assert raised.value._render_traceback_() == [*raised.value.problems]
    with pytest.raises(DataRefused, match="labels"):
        lc.modelvalue(base)
    with pytest.raises(ScenarioRefused, match="no pool of staff is named"):
        lc.bottleneck(base, map="teem")
    with pytest.raises(ScenarioRefused, match="Name two scenarios"):
        lc.compare(base)
    with pytest.raises(ScenarioRefused, match="all of their spread is chance"):
        lc.uncertainty(base)


@pytest.mark.parametrize(
    ("call", "options", "told"),
    [
        ("run", {"replications": 0}, "--replications: must be a whole number from 1 to 100,000, or auto"),
        ("run", {"seed": -1}, "--seed: must be a whole number at least 0, but got -1"),
        ("run", {"processes": 0}, "--processes: must be a whole number at least 1, but got 0"),
        ("run", {"engine": "quick"}, "--engine: no engine is named 'quick'"),
        ("bottleneck", {"replications": 1}, "--replications: must be a whole number from 2 to 100,000, but got 1"),
        ("sensitivity", {"replications": 2.5}, "but got 2.5"),
        ("uncertainty", {"draws": 1, "inner": 1}, "--draws: .*\n--inner: "),
        ("budget", {"months": 121, "fiscal_from": 13}, "--months: .*\n--fiscal-year-from: "),
    ],
)
def test_numbers_out_of_bounds(folder: Path, call: str, options: dict[str, Any], told: str) -> None:
    """What the command line refuses, a call refuses, and never with an assertion of ours."""
    with pytest.raises(ScenarioRefused, match=told):
        getattr(lc, call)(folder / "base.yaml", **options)


def test_a_file_that_changed_is_not_taken_for_what_was_loaded(folder: Path) -> None:
    """A budget reads the file anew for each draw, so that its rows would be of two plans."""
    path = folder / "changing.yaml"
    text = PLAN.replace("NAME", "changing")
    path.write_text(text.replace("PEOPLE", "3"), encoding="utf-8")
    plan = lc.load(path)
    assert "EUR on average" in lc.budget(plan, replications=2, months=1, marginal=False, **HERE).sentences[0]
    path.write_text(text.replace("PEOPLE", "4"), encoding="utf-8")
    with pytest.raises(ScenarioRefused, match=r"changing\.yaml: has changed since it was loaded\. Load it again\."):
        lc.budget(plan, replications=2, marginal=False, **HERE)


def test_files_are_written_as_by_the_command(
    answers: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Report, workbook and ledger; the path comes back, and a name that does not fit is refused."""
    assert answers["run"].report(folder / "run.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert answers["budget"].workbook(folder / "b.xlsx").stat().st_size > 5_000
    ledger = answers["budget"].csv(folder / "ledger.csv")
    typed = ["budget", folder / "base.yaml", "-n", 4, "--seed", 3, "--months", 3, "--processes", 1]
    assert labelcast(monkeypatch, *typed, "--csv", folder / "typed.csv") == 0
    assert ledger.read_bytes() == (folder / "typed.csv").read_bytes()
    with pytest.raises(ScenarioRefused, match=r"Name it .*run\.html"):
        answers["run"].report(folder / "run.pdf")


def test_a_profile_is_the_one_that_the_command_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Byte for byte; the frame has every number of it, fitted or assumed, and the plan runs on it."""
    table = tmp_path / "labels.csv"
    table.write_text(LAYOUTS["plain"](300))
    fit = lc.calibrate(table, pool="team", timezone="Europe/Paris")
    path = fit.write(tmp_path / "call.yaml")
    typed = ["calibrate", table, "--pool", "team", "--timezone", "Europe/Paris", "--out", tmp_path / "typed.yaml"]
    assert labelcast(monkeypatch, *typed) == 0
    assert capsys.readouterr().out.strip() == fit.text.strip()
    assert path.read_bytes() == (tmp_path / "typed.yaml").read_bytes()
    assert len(fit.frame) == len(fit.fit.parameters) + len(fit.fit.assumptions)
    assert fit.frame["assumed"].sum() == len(fit.fit.assumptions)
    assert "rows used" in repr(fit)
    assert "<table>" in fit._repr_html_()
    assert "time a unit" in fit.plot()._repr_svg_()
    (tmp_path / "none.csv").write_text("a,b\n1,2\n")
    with pytest.raises(DataRefused, match=r"none\.csv"):
        lc.calibrate(tmp_path / "none.csv")


def test_the_names_are_listed() -> None:
    """`dir` lists what there is; an answer's help says what is in its frame."""
    assert set(dir(lc)) == {*lc.__all__, "__version__"}
    assert {"load", "run", "compare", "calibrate", *COMMANDS} <= set(dir(lc))
