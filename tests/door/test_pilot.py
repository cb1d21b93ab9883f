"""`labelcast pilot`: what it tells of plans for which arithmetic knows what a pilot is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typed import labelcast

import labelcast as lc

PLAN = """labelcast: 1
name: NAME
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 400 items}}
pools: {POOL: {headcount: 40, calendar: always, skill: {accuracy: SHARE, spread: 0}, speed: {spread: 0}, pay: PAY}}
stages: {annotate: {pools: [POOL], time: 30 s}}
"""
OVER = ["--over", "pools.vendor.skill.accuracy=79%..99%"]
WHO = ["--over", "pools.vendor.headcount=2..9"]
BOTH = ["pilot", "here.yaml", "vendor.yaml", "--processes", 1, "-n", 60]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Plans that pay by the label, and what may be otherwise in them."""
    plans = {
        "here": ("team", "94%", "{per_label: 0.20 EUR}"),
        "vendor": ("vendor", "90%", "{per_label: 0.10 EUR}"),
        "hourly": ("vendor", "90%", "{hourly: 12 EUR}"),
        "cheap": ("vendor", "90%", "{per_label: 0.01 EUR, set_up: 0.5 EUR}"),
    }
    others = {
        "crowd": "pools: {open: {sessions: 400/hour, tasks_per_session: 5}}\nstages: {annotate: {pools: [open]}}",
        "short": "horizon: 2 min",
        "due": "goals: {deadline: 2027-01-05}",
        "two": "pools: {any: {headcount: 1, calendar: always}}\nstages: {annotate: {pools: {vendor: 9%, any: 91%}}}",
    }
    for name, (pool, share, pay) in plans.items():
        text = PLAN.replace("NAME", name).replace("POOL", pool).replace("SHARE", share).replace("PAY", pay)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    free = (tmp_path / "vendor.yaml").read_text(encoding="utf-8").replace(", pay: {per_label: 0.10 EUR}", "")
    (tmp_path / "free.yaml").write_text(free.replace("name: vendor", "name: free"), encoding="utf-8")
    for name, more in others.items():
        text = f"labelcast: 1\nname: {name}\nextends: vendor.yaml\n{more}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    assert labelcast(monkeypatch, *words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_vendor_whose_accuracy_may_be_anything_between_two(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """400 labels, 0.10 EUR cheaper each, 1 EUR an error: the vendor is worth 40 - 400 (0.94 - p) EUR more, p even from
    0.79 to 0.99, so that it is the better from p = 0.84 on. The mean is 20 EUR, the chance 75%, and perfect knowledge
    is worth 400 x 0.05^2 / (2 x 0.2) = 2.5 EUR: all in their intervals. 200 labels at 0.001 EUR cost 0.2 EUR."""
    words = [
        *BOTH,
        *OVER,
        "--harm",
        "1 EUR",
        "--price",
        "0.001 EUR",
        "--labels",
        1000,
        "--labels",
        200,
        "--labels",
        200,
    ]
    told = _told(monkeypatch, capsys, *words)
    truths = {"second_worth_more": 20, "second_better": 0.75, "perfect_knowledge": 2.5}
    for name, truth in truths.items():
        assert told[name]["low"] <= truth <= told[name]["high"], name
    assert told["second_worth_more"]["high"] - told["second_worth_more"]["low"] < 5
    assert told["now"] == "vendor"
    assert [one["labels"] for one in told["sizes"]] == [200, 1000]
    few, many = told["sizes"]
    assert few["cost"] == pytest.approx(0.2)
    assert 0 < few["worth"]["value"] < many["worth"]["value"] <= told["perfect_knowledge"]["value"]
    assert few["net"]["value"] == pytest.approx(few["worth"]["value"] - 0.2)
    assert few["second_from_right"] == pytest.approx(168, abs=6)
    assert told["unknown"] == ["pools.vendor.skill.accuracy"]


def test_python_tells_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To the last digit, with a frame, a table for notebooks and a picture."""
    told = _told(monkeypatch, capsys, *BOTH, *OVER, "--harm", "1 EUR", "--labels", 200)
    over = "pools.vendor.skill.accuracy=79%..99%"
    found = lc.pilot("here.yaml", "vendor.yaml", over=over, harm="1 EUR", labels=200, draws=60, processes=1)
    assert found.data == told
    (row,) = found.frame.to_dict("records")
    assert (row["labels"], row["worth"]) == (200, told["sizes"][0]["worth"]["value"])
    assert "vendor" in repr(found)
    assert "<table" in found._repr_html_()
    assert found.plot().axes


def test_text_and_picture(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """At 2 EUR an error the vendor is no better on average, so that looking is worth much: it is bought, and the text
    says from how many right labels on the vendor is taken; the picture has all three lines."""
    words = [
        *BOTH,
        *OVER,
        "--harm",
        "2 EUR",
        "--price",
        "0.001 EUR",
        "--labels",
        50,
        "--labels",
        400,
        "--plot",
        "p.svg",
    ]
    assert labelcast(monkeypatch, *words) == 0
    text = capsys.readouterr().out
    assert "no difference could be seen between" in text
    assert "A pilot of 400 labels by 40 people is worth" in text
    assert "and costs 0.40 EUR: buy it. It turns the choice with probability" in text
    assert "of 400 or more are right, else here." in text
    assert "less 2.00 EUR for each unit of harm of delivered errors." in text
    assert "in 95% of the draws: right 79." in text
    picture = Path("p.svg").read_text(encoding="utf-8")
    assert all(word in picture for word in ("perfect knowledge", "worth", "costs", "labels of the pilot"))


def test_a_plan_that_wins_anyway_needs_no_pilot(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """76 EUR cheaper and at most 0.1 EUR x 80 errors more: exactly nothing to learn; a price from the pay."""
    told = _told(monkeypatch, capsys, "pilot", "here.yaml", "cheap.yaml", *BOTH[3:], *OVER, "--harm", "0.1 EUR")
    assert told["perfect_knowledge"] == {"value": 0, "low": 0, "high": 0}
    assert all(one["worth"]["high"] == 0 for one in told["sizes"])
    assert told["verdict"][0].endswith("more than here, and is the better in every draw.")
    assert "is worth nothing and costs 0.50 EUR: no size" in told["verdict"][1]
    assert told["sizes"][0]["cost"] == pytest.approx(50 * 0.01)
    assert "no size of those asked is worth what it costs. Decide now: cheap." in told["verdict"][1]


def test_a_delay_costs_its_days(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a deadline each day counts: 36 hours of 100 EUR a day are 150 EUR, beside 100 labels at 0.10 EUR; the
    hours do not change what there is to learn. With a deadline far off they cost nothing; unpriced they are told."""
    words = [*BOTH, *OVER, "--harm", "2 EUR", "--labels", 100]
    plain = _told(monkeypatch, capsys, *words, "--day", "100 EUR")
    late = _told(monkeypatch, capsys, *words, "--day", "100 EUR", "--delay", "36 h")
    assert late["sizes"][0]["cost"] == pytest.approx(10 + 150)
    assert late["sizes"][0]["worth"] == pytest.approx(plain["sizes"][0]["worth"])
    in_time = _told(monkeypatch, capsys, *words, "--day", "100 EUR", "--delay", "36 h", "--deadline", "2027-03-01")
    assert in_time["sizes"][0]["cost"] == pytest.approx(10)
    assert any("costs nothing, as the work ends in time" in note for note in in_time["notes"])
    untold = _told(monkeypatch, capsys, *words, "--delay", "36 h")
    assert any("by 1.5 days, which costs nothing, as nobody says" in note for note in untold["notes"])


def test_pace_is_told_by_times(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """12 EUR an hour and 30 s a label times an even factor from 1 to 3, against 0.20 EUR: 0.1 EUR x factor, so that the
    vendor is dearer from a factor of 2 on. Perfect knowledge is worth 400 x 0.1 x 0.25 = 10 EUR; times are constant, so
    that a label tells nearly all; no number of right labels decides. Errors do not count, and the text says nothing of
    them, since nothing is unknown there."""
    over = ["--over", "pools.vendor.speed.factor=1.0..3.0"]
    told = _told(
        monkeypatch, capsys, "pilot", "here.yaml", "hourly.yaml", *BOTH[3:], *over, "--price", "1 EUR", "--labels", 1
    )
    perfect, (one,) = told["perfect_knowledge"], told["sizes"]
    assert perfect["value"] == pytest.approx(10, rel=0.01)
    assert one["worth"]["value"] > 0.95 * perfect["value"]
    assert one["second_from_right"] is None
    assert "A pilot of 1 label by 1 person is worth" in told["verdict"][1]
    assert not any("--harm" in note for note in told["notes"])


def test_a_profile_tells_what_is_not_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Skill with its fitted interval, and no range on the command line."""
    profile = """labelcast_profile: 1
provenance: {digest: "d1"}
fitted: [{path: pools.vendor.skill.mean, value: 2.2, low: 1, high: 4, n: 9, unit: logit, method: m}]
scenario: {pools: {vendor: {skill: {mean: 2.2, spread: 0}}}}
"""
    (folder / "fit.profile.yaml").write_text(profile, encoding="utf-8")
    text = (folder / "vendor.yaml").read_text(encoding="utf-8").replace("skill: {accuracy: 90%, spread: 0}, ", "")
    (folder / "vendor.yaml").write_text(f"{text}profile: fit.profile.yaml\n", encoding="utf-8")
    told = _told(monkeypatch, capsys, *BOTH, "--harm", "1.5 EUR", "--labels", 500, "--price", "0 EUR")
    assert told["unknown"] == ["pools.vendor.skill.mean"]
    assert told["sizes"][0]["worth"]["value"] > 0.8 * told["perfect_knowledge"]["value"] > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["here.yaml", "vendor.yaml"], "nothing of either is said not to be known, so a pilot has nothing to tell"),
        (["vendor.yaml", "vendor.yaml", *OVER], '2 scenarios are named "vendor". Give each a `name:` of its own.'),
        (["here.yaml", "none.yaml", *OVER], "none.yaml"),
        (["here.yaml", "vendor.yaml", "--over", "pools.vendors.skill.accuracy=80%..90%"], 'no pool is named "vendors"'),
        (["here.yaml", "vendor.yaml", "--over", "pools.vendor.skill.accuracy=80%..120%"], "120%"),
        (["here.yaml", "vendor.yaml", "--over", "pools.vendor.skill.accuracy"], "--over: must be a key and its range"),
        (["here.yaml", "vendor.yaml", *OVER, *OVER], "is said twice. Say each key once."),
        (["here.yaml", "vendor.yaml", *OVER, "--labels", 0], "--labels"),
        (["here.yaml", "vendor.yaml", *OVER, "--pool", "team"], 'no pool "team" labels in vendor, the second'),
        (["here.yaml", "two.yaml", *OVER], "in two, the second plan, label vendor, any. Name one with --pool."),
        (["here.yaml", "hourly.yaml", *OVER], '`pay` of vendor is not one price per label. Say --price "0.10 EUR".'),
        (["here.yaml", "crowd.yaml", *OVER], "--people: open is a crowd, so that nothing tells who label the pilot."),
        (["here.yaml", "vendor.yaml", *OVER, "--price", "1 USD"], "--price: must be in EUR"),
        (["here.yaml", "vendor.yaml", *OVER, "--delay", "4"], "--delay: a time needs a unit"),
        (["here.yaml", "vendor.yaml", *OVER, "--delay", "-4 d"], "must be from 0 to 3,650 days, but got -4 days"),
        (["here.yaml", "due.yaml", *OVER, "--day", "5 EUR"], "of the two plans only due has a deadline. Give both one"),
        (["here.yaml", "vendor.yaml", *OVER, "--plot", "p.png"], "p.png: a picture is written here"),
        (["here.yaml", "vendor.yaml", *OVER, "-n", 3], "-n"),
        (["here.yaml", "vendor.yaml", *WHO], "changes neither how often people of vendor are right"),
        (["here.yaml", "free.yaml", *OVER, "--price", "0 EUR"], "free: has no cost to weigh: no pool has a `pay`"),
        (["here.yaml", "short.yaml", *OVER], "runs not everything was delivered by the horizon, so nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[object], told: str
) -> None:
    """With its reason and how to mend it, without a traceback."""
    assert labelcast(monkeypatch, "pilot", "-n", 50, "--processes", 1, *words) == 2
    error = capsys.readouterr().err
    assert told in " ".join(error.split())
    assert "Traceback" not in error
