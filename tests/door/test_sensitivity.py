"""`labelcast sensitivity`: what it tells of plans of which it is known what they hang on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typed import labelcast

from labelcast.reports import sensitivity as report
from labelcast.scenarios import screening

PROFILE = """labelcast_profile: 1
provenance: {digest: "d1"}
fitted:
  - {path: pools.crew.skill.mean, value: 1.5, low: 0, high: 4, n: 9, unit: logit, method: m}
  - {path: stages.annotate.time.gamma.shape, value: 9, low: 8.9, high: 9.1, n: 9, method: m}
  - {path: stages.annotate.time.gamma.mean, value: 60, low: 30, high: 120, n: 9, unit: s, method: m}
scenario:
  pools: {crew: {skill: {mean: 1.5, spread: 0.1}}}
  stages: {annotate: {time: {gamma: {mean: 60 s, shape: 9}}}}
"""
PLAN = """labelcast: 1
name: NAME
profile: fit.profile.yaml
start: 2027-01-04T09:00
currency: EUR
work: {street: {backlog: 200 items}}
pools: {crew: {headcount: 3, calendar: always, pay: PAY}}
stages: {annotate: {pools: [crew]}}
"""
TIME, SKILL = "stages.annotate.time.gamma.mean", "pools.crew.skill.mean"
OVER = "work.street.backlog=200 items..2_000 items"
PAYS = {
    "hourly": "{hourly: 20 EUR}",
    "each": "{per_label: 0.42 EUR}",
    "less": "{per_label: 0.35 EUR, set_up: 70 EUR}",
    "free": "",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a profile, plans on it that are paid in several ways, and one that knows everything."""
    (tmp_path / "fit.profile.yaml").write_text(PROFILE, encoding="utf-8")
    for name, pay in PAYS.items():
        text = PLAN.replace("NAME", name).replace(", pay: PAY" if not pay else "PAY", pay)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    text = PLAN.replace("NAME", "known").replace("profile: fit.profile.yaml\n", "").replace("PAY", PAYS["each"])
    (tmp_path / "known.yaml").write_text(text.replace("[crew]", "[crew], time: 20 s"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    assert labelcast(monkeypatch, "sensitivity", *words, "--processes", 1, "--json") == 0
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_what_dominates_leads_and_what_does_nothing_is_zero(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Hourly cost hangs on the time, to which it is proportional: half at the low end and twice at the high one, within
    what a slot of waiting adds. Skill costs nothing, exactly, on the same luck."""
    told = _json(monkeypatch, capsys, "hourly.yaml", "-n", 4)
    time, shape, skill = told["parameters"]
    assert [time["name"], skill["name"]] == [TIME, SKILL]
    assert (time["low"], time["value"], time["high"]) == pytest.approx((30, 60, 120))
    assert time["at_low"]["mean"] == pytest.approx(-told["base"]["mean"] / 2, rel=0.02)
    assert time["at_high"]["mean"] == pytest.approx(told["base"]["mean"], rel=0.02)
    assert time["at_high"]["differs"]
    assert time["swing"] == time["at_high"]["mean"] - time["at_low"]["mean"] > 20 * shape["swing"] > 0
    assert skill["swing"] == 0
    assert [skill["at_low"][key] for key in ("mean", "low", "high")] == [0, 0, 0]


def test_the_other_kpi_hangs_on_the_other_parameter(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Accuracy hangs on skill, and on times only by who happens to label what."""
    told = _json(monkeypatch, capsys, "hourly.yaml", "-n", 4, "--kpi", "accuracy")
    skill, *others = told["parameters"]
    assert skill["name"] == SKILL
    assert skill["swing"] > 0.3
    assert all(one["swing"] < 0.02 for one in others)


def test_linear_tariffs_turn_at_the_closed_form(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """70 / (0.42 - 0.35) = 1,000 items, told in words; the finish is the same in every run.
    Prices per label do not hang on what is fitted."""
    words = ["each.yaml", "--against", "less.yaml", "--over", OVER, "-n", 2]
    told = _json(monkeypatch, capsys, *words)
    cost, finish = told["verdicts"]
    (turn,) = cost["turns"]
    assert turn["name"] == "work.street.backlog"
    assert turn["at"] == pytest.approx([1_000], rel=1e-9)
    assert turn["sure"]
    assert finish["turns"] == []
    assert labelcast(monkeypatch, "sensitivity", *words, "--processes", 1, "--plot", "plot.svg") == 0
    text = capsys.readouterr().out
    assert "less costs 56.00 EUR more than each (56.00 to 56.00 EUR)." in text
    assert (
        "work.street.backlog, planned 200 items (200 items to 2,000 items): below about 1,000 items each costs" in text
    )
    assert "less against each: finish is the same in every run." in text
    assert (folder / "plot.svg").read_text(encoding="utf-8").startswith("<?xml")


@pytest.mark.parametrize(("runs", "sure"), [(2, False), (12, True)])
def test_another_plan_keeps_the_goals_where_the_work_grows(
    runs: int, sure: bool, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of 800 EUR 200 items leave both something; 2,000 cost the first plan 840 EUR and the other 770. Nothing else that
    was moved brings that about. Sure only where the runs are enough."""
    for plan in (folder / "each.yaml", folder / "less.yaml"):
        plan.write_text(plan.read_text() + "goals: {budget: 800 EUR, deadline: 2027-03-01}\n")
    words = ["each.yaml", "--against", "less.yaml", "--over", OVER, "-n", runs]
    told = _json(monkeypatch, capsys, *words)
    assert told["first"] == "each"
    (one,) = told["overtaken"]
    assert (one["name"], one["at"], one["sure"]) == ("work.street.backlog", 2_000, sure)
    assert (one["by"], one["first"]) == ({"scenario": "less", "share": 1.0}, {"scenario": "each", "share": 0.0})
    assert told["sentences"][:2] == [
        "No plan keeps all its goals more often than each; one does with",
        "- work.street.backlog at 2,000 items: less in 100% of runs, each in 0%"
        f"{'' if sure else '; too few runs to be sure'}.",
    ]


def test_nobody_is_overtaken_without_goals_or_reason(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where no plan has two goals nothing is said of all of them; where the first keeps them throughout, that is."""
    words = ["each.yaml", "--against", "less.yaml", "--over", OVER, "-n", 2]
    told = _json(monkeypatch, capsys, *words)
    assert (told["first"], told["overtaken"]) == (None, [])
    assert not any("all its goals" in each for each in told["sentences"])
    for plan in (folder / "each.yaml", folder / "less.yaml"):
        plan.write_text(plan.read_text() + "goals: {budget: 900 EUR, deadline: 2027-03-01}\n")
    told = _json(monkeypatch, capsys, *words)
    assert (told["first"], told["overtaken"]) == ("each", [])
    assert told["sentences"][0] == (
        "No plan keeps all its goals more often than each, nor at either end of anything that was moved."
    )


def test_what_was_planned_is_read_as_a_number(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file's 1_500 items are 1,500 items in words and in JSON."""
    for plan in (folder / "each.yaml", folder / "less.yaml"):
        plan.write_text(plan.read_text().replace("200 items", "1_500 items"))
    words = ["each.yaml", "--against", "less.yaml", "--over", OVER, "-n", 2]
    told = _json(monkeypatch, capsys, *words)
    (bar,) = [one for one in told["parameters"] if one["name"] == "work.street.backlog"]
    assert bar["planned"] == "1,500 items"
    assert labelcast(monkeypatch, "sensitivity", *words, "--processes", 1) == 0
    assert "work.street.backlog, planned 1,500 items (200 items to 2,000 items)" in capsys.readouterr().out


def test_a_difference_has_bars_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against several the bars are of the cheapest of them: at 200 items `less` costs 56 more, at 2,000 it costs 70
    less, so an end moves the difference by 0.07 an item; every pair and every goal has its verdict."""
    (folder / "other.yaml").write_text((folder / "each.yaml").read_text().replace("0.42", "2").replace("each", "other"))
    plan = folder / "less.yaml"
    plan.write_text(plan.read_text() + "goals: {budget: 200 EUR}\n")
    against = ["--against", "other.yaml", "--against", "less.yaml"]
    told = _json(monkeypatch, capsys, "each.yaml", *against, "--over", OVER, "-n", 2)
    assert told["against"] == ["other", "less"]
    assert (told["apart"]["of"], told["apart"]["less"]) == ("less", "each")
    (bar,) = [one for one in told["apart"]["parameters"] if one["name"] == "work.street.backlog"]
    assert bar["at_low"]["mean"] == pytest.approx(0)
    assert bar["at_high"]["mean"] == pytest.approx(-0.07 * 1_800)
    assert bar["swing"] == pytest.approx(126)
    kinds = [(one["scenarios"], one["kpi"], one["goal"] is not None) for one in told["verdicts"]]
    assert kinds == [
        (["each", "other"], "cost", False),
        (["each", "other"], "finish_days", False),
        (["each", "less"], "cost", False),
        (["each", "less"], "finish_days", False),
        (["less"], "cost", True),
    ]
    (turn,) = told["verdicts"][-1]["turns"]
    assert turn["at"] == pytest.approx([(200 - 70) / 0.35])
    assert labelcast(monkeypatch, "sensitivity", "each.yaml", *against, "--over", OVER, "-n", 2) == 0
    text = capsys.readouterr().out
    assert "What the difference hangs on, cost of less less that of each, each alone:" in text
    assert "below about 371 items the goal is met, above it not met." in text


def test_a_fitted_parameter_turns_a_verdict(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """20 EUR an hour against 0.42 EUR each: the hour is dearer from 0.42 / 20 x 3600 = 75.6 s a label on; a little
    less, as those who wait for the last one are paid."""
    told = _json(monkeypatch, capsys, "hourly.yaml", "--against", "each.yaml", "-n", 6)
    (turn,) = told["verdicts"][0]["turns"]
    assert turn["name"] == TIME
    assert turn["sure"]
    assert turn["at"] == pytest.approx([75.6], rel=0.04)
    assert "below about 7" in told["sentences"][1]
    assert "hourly costs less, above it each does" in told["sentences"][1]


def test_goals_turn(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """200 labels of 60 s at 20 EUR an hour cost about 67 EUR: a budget of 90 EUR turns with the time alone, with its
    probability; accuracy with skill alone, by the mean."""
    plan = folder / "hourly.yaml"
    goals = 'goals: {budget: "P(cost <= 90 EUR) >= 60%", accuracy: ">= 97%"}\n'
    plan.write_text(plan.read_text(encoding="utf-8") + goals, encoding="utf-8")
    told = {one["kpi"]: one for one in _json(monkeypatch, capsys, "hourly.yaml", "-n", 20)["verdicts"]}
    assert told["cost"]["margin"]["mean"] == pytest.approx(0.4)
    (budget,) = told["cost"]["turns"]
    assert budget["name"] == TIME
    assert budget["sure"]
    # Of 20 runs at 60 s all keep it, at 120 s none: a line from 40 points above to 60 below crosses after two fifths.
    assert budget["at"] == pytest.approx([84])
    assert [one["name"] for one in told["accuracy"]["turns"]] == [SKILL]
    assert labelcast(monkeypatch, "sensitivity", "hourly.yaml", "-n", 20, "--processes", 1) == 0
    text = capsys.readouterr().out
    assert "hourly exceeds 90 EUR with probability 0% (0% to " in text
    assert f"- {TIME}, planned 60 s (30 s to 120 s): below about 84 s the goal is met, above it not met." in text


def test_a_goal_that_runs_cannot_judge_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A budget that is the mean itself is neither kept nor missed for sure; one far above it is kept."""
    mean = _json(monkeypatch, capsys, "hourly.yaml", "-n", 6)["base"]["mean"]
    plan = (folder / "hourly.yaml").read_text(encoding="utf-8")
    at_once = " EUR with the intervals of all goals at once): 6 runs cannot tell whether the goal is met."
    for budget, told in ((mean, at_once), (3 * mean, "): the goal is met.")):
        (folder / "hourly.yaml").write_text(f"{plan}goals: {{budget: {budget:.2f} EUR}}\n", encoding="utf-8")
        assert labelcast(monkeypatch, "sensitivity", "hourly.yaml", "-n", 6, "--processes", 1) == 0
        assert told in capsys.readouterr().out


def test_what_only_the_other_hangs_on_turns_the_verdict_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A scenario that knows everything has no tornado, but the time of the other's profile turns which is cheaper."""
    told = _json(monkeypatch, capsys, "known.yaml", "--against", "hourly.yaml", "-n", 6)
    assert told["parameters"] == []
    (turn,) = told["verdicts"][0]["turns"]
    assert turn["name"] == TIME
    assert turn["at"] == pytest.approx([75.6], rel=0.04)
    assert told["notes"] == ["Nothing that was moved is of known; all is of hourly."]


def test_all_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Screening and indices name the time, what does nothing has exactly nothing and is left out of the indices."""
    monkeypatch.setattr(screening, "POINTS", 16)
    told = _json(monkeypatch, capsys, "hourly.yaml", "-n", 2, "--morris", "--sobol")
    assert next(iter(told["morris"])) == TIME
    assert told["morris"][SKILL] == {"mu_star": 0, "sigma": 0}
    assert next(iter(told["sobol"])) == TIME
    assert SKILL not in told["sobol"]
    assert told["sobol"][TIME]["total"]["share"] > 0.8
    assert any("of the 2 largest of 3" in note for note in told["notes"])


def test_a_long_table_is_cut_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The largest are shown, the others are counted by whether they do anything; JSON has all."""
    monkeypatch.setattr(report, "SHOWN", 1)
    assert labelcast(monkeypatch, "sensitivity", "hourly.yaml", "-n", 2, "--processes", 1) == 0
    text = capsys.readouterr().out
    assert "Of 3, 1 move it less, 1 do nothing at all to it; --json has all." in text
    assert SKILL not in text
    assert len(_json(monkeypatch, capsys, "hourly.yaml", "-n", 2)["parameters"]) == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["known.yaml"], "there is nothing to move. Put a fitted profile under it"),
        (["free.yaml"], "--kpi cost: cost has no mean"),
        (["hourly.yaml", "--kpi", "costs"], 'no KPI is named "costs"'),
        (["hourly.yaml", "--against", "hourly.yaml"], 'named "hourly"'),
        (["hourly.yaml", "--against", "none.yaml"], "none.yaml"),
        (["known.yaml", "--over", "work.streets.backlog=1 items..2 items"], 'no segment is named "streets"'),
        (["known.yaml", "--over", "work.street.backlog=1 days..2 days"], "must be a number of items"),
        (["known.yaml", "--over", "work.street.backlog"], "--over: must be a key and its range"),
        (["known.yaml", "--over", OVER, "--over", OVER], "is said twice"),
        (["known.yaml", "--over", "pools.crew.pay.per_label=x1.2..x0.8"], "low < high must hold"),
        (["known.yaml", "--over", "pools.crew.pay.per_label=x0.8..1.2"], "must be a number"),
        (["known.yaml", "--over", "pools.crew.calendar=x1..x2"], "pools.crew.calendar"),
    ],
)
def test_what_cannot_be_told_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    """With its reason and without a traceback, and no picture is written."""
    assert labelcast(monkeypatch, "sensitivity", *words, "-n", 2, "--processes", 1, "--plot", "plot.svg") == 2
    assert told in capsys.readouterr().err
    assert not (folder / "plot.svg").exists()


def test_without_the_extra_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before any work is done; the tornado needs it not."""
    monkeypatch.setattr(screening, "find_spec", lambda _: None)
    assert labelcast(monkeypatch, "sensitivity", "hourly.yaml", "--sobol", "--plot", "plot.svg") == 2
    assert "--sobol: needs SALib, but it is not installed. Install it: pip install" in capsys.readouterr().err
    assert not (folder / "plot.svg").exists()
    assert labelcast(monkeypatch, "sensitivity", "hourly.yaml", "-n", 2, "--processes", 1) == 0


def test_a_price_or_a_table_of_prices_may_be_multiplied(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From half to half as much again of what stands there: 200 labels at 0.42 EUR swing by 84 EUR; likewise in tiers,
    of which each goes with the factor. It turns what it must, and is told as it is written."""
    over = ["--over", "pools.crew.pay.per_label=x0.5..x1.5", "-n", 2]
    (one,) = _json(monkeypatch, capsys, "known.yaml", *over)["parameters"]
    assert (one["low"], one["high"], one["unit"]) == (0.5, 1.5, "x")
    assert one["swing"] == pytest.approx(84)
    tiers = (folder / "known.yaml").read_text().replace("0.42 EUR", "{tiers: {100: 0.50 EUR, rest: 0.34 EUR}}")
    (folder / "tiers.yaml").write_text(tiers.replace("name: known", "name: tiers"))
    (one,) = _json(monkeypatch, capsys, "tiers.yaml", *over)["parameters"]
    assert one["swing"] == pytest.approx(84)
    told = _json(monkeypatch, capsys, "tiers.yaml", "--against", "known.yaml", *over)
    assert told["apart"]["parameters"][0]["swing"] == pytest.approx(0)
    assert labelcast(monkeypatch, "sensitivity", "tiers.yaml", *over, "--processes", 1) == 0
    assert "x0.5  x1.5" in capsys.readouterr().out


def test_a_known_plan_moves_by_its_keys(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a profile: 0.42 EUR for each of 1,800 items more, whatever the value as it is."""
    told = _json(monkeypatch, capsys, "known.yaml", "--over", OVER, "-n", 2)
    (one,) = told["parameters"]
    assert one["value"] is None
    assert one["swing"] == pytest.approx(0.42 * 1_800)
    assert told["sentences"][0].startswith("There is none to change")
