"""`labelcast budget`: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from ledgers import PLAN, plan
from typed import labelcast

OTHER = """
labelcast: 1
name: other
extends: plan.yaml
stages: {review: {fraction: 60%}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a plan and another that extends it, to work in."""
    plan(tmp_path)
    (tmp_path / "other.yaml").write_text(OTHER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def budget(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    """Runs the command with few replications in this process; its exit code."""
    return labelcast(monkeypatch, "budget", *words, "--replications", 4, "--processes", 1)


def test_all_that_it_writes_tells_one_budget(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Text, JSON, CSV and workbook come to the same; the goal is the budget; again, the bytes are the same."""
    words = ["plan.yaml", "--csv", "a.csv", "--xlsx", "a.xlsx", "--paid-after", "30", "--paid-after", "team=0"]
    assert budget(monkeypatch, *words) == 0
    text = capsys.readouterr().out
    assert "Budget 8,000 EUR (the scenario's goal)" in text
    assert "Cash, by month of payment" in text
    assert "The next 1,000 items:" in text
    again = [word.replace("a.", "b.") for word in words]
    assert budget(monkeypatch, *again, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    mean = told["estimate_at_completion"]["mean"]
    assert f"{mean:,.0f} EUR on average" in text
    table = pd.read_csv("a.csv")
    assert round(table["amount"].sum(), 2) == mean
    assert round(pd.read_excel("a.xlsx", "ledger")["amount"].sum(), 2) == mean
    assert len(told["months"]) == 12
    for name in ("csv", "xlsx"):
        assert Path(f"a.{name}").read_bytes() == Path(f"b.{name}").read_bytes()


def test_actuals_and_another_scenario(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With actuals it tells what is spent and what is to come; against another scenario a second bridge."""
    rows = "2027-01,annotate,street,vendor,EUR,100.50\n"
    (folder / "spent.csv").write_text(f"month,activity,segment,pool,currency,amount\n{rows}", encoding="utf-8")
    words = ["plan.yaml", "--actuals", "spent.csv", "--delivered", "90", "--against", "other.yaml", "--no-marginal"]
    assert budget(monkeypatch, *words, "--budget", "60000 EUR", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["spent"], told["last_actual"]) == (100.5, "2027-01")
    assert told["budget"]["amount"] == 60_000
    assert told["next_thousand"] is None
    assert [one["bridge"].split()[-1] for one in told["bridges"]] == ["2027-01", "other"]
    for one in told["bridges"]:
        assert round(one["begin"] + sum(one["parts"].values()), 6) == one["end"]
    assert told["bridges"][0]["items"][1] == 90


def test_no_more_is_delivered_than_the_plan_has(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a plan whose items are all known, 360, as many may be delivered; of one to which items come, any number."""
    (folder / "spent.csv").write_text(
        "month,activity,segment,pool,currency,amount\n2027-01,annotate,,vendor,EUR,1.50\n"
    )
    arrivals = ", arrivals: {rate: 100 items/week, until: 2027-03-20}"
    assert arrivals in PLAN
    (folder / "known.yaml").write_text(PLAN.replace(arrivals, ""), encoding="utf-8")
    words = ["--actuals", "spent.csv", "--no-marginal", "--delivered"]
    assert budget(monkeypatch, "known.yaml", *words, "361") == 2
    assert "--delivered: the plan has 360 items in all, but got 361." in capsys.readouterr().err
    assert budget(monkeypatch, "known.yaml", *words, "360") == 0
    assert budget(monkeypatch, "plan.yaml", *words, "5000") == 0


def test_a_budget_goes_on_where_its_ledger_stopped(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ledger that --csv wrote, cut after February, given as --actuals: the mean at completion stays as planned."""
    assert budget(monkeypatch, "plan.yaml", "--csv", "all.csv", "--no-marginal", "--json") == 0
    planned = json.loads(capsys.readouterr().out)
    head, *rows = Path("all.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if row.split(",")[2] <= "2027-02"]
    Path("spent.csv").write_text("".join([head, *kept]), encoding="utf-8")
    assert budget(monkeypatch, "plan.yaml", "--actuals", "spent.csv", "--no-marginal", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["last_actual"] == "2027-02"
    assert told["estimate_at_completion"]["mean"] == planned["estimate_at_completion"]["mean"]
    assert 0 < told["spent"] == planned["months"][1]["so_far"]["mean"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--budget", "60000 USD"], 2, '--budget: must be in EUR, the scenario\'s currency, but got "60000 USD"'),
        (["--budget", "much"], 2, "--budget: must be a number"),
        (["--budget", "-5"], 2, "--budget: must be at least 0"),
        (["--harm", "2 GBP"], 2, "--harm: must be in EUR"),
        (["--paid-after", "soon"], 2, '--paid-after: must be a whole number of days, at most 3,650, but got "soon"'),
        (["--paid-after", "vendr=30"], 2, 'no pool is named "vendr" (there are: vendor, team). Did you mean "vendor"?'),
        (["--paid-after", "30", "--paid-after", "40"], 2, "all others stands twice"),
        (["--delivered", "10"], 2, "--delivered: tells how many items the months of --actuals delivered"),
        (["--actuals", "no.csv"], 2, "no.csv: No such file"),
        (["--actuals", "bad.csv"], 3, "bad.csv, row 2: amount: must be a number"),
        (["--against", "plan.yaml"], 2, '--against: both scenarios are named "plan"'),
        (["--against", "dollars.yaml"], 2, "--against: both scenarios must have one currency, but got EUR and USD"),
        (["--against", "free.yaml"], 2, "free: nobody is paid, so there is no budget"),
        (["--xlsx", "."], 2, "a folder is there"),
        (["--months", "0"], 2, "--months"),
    ],
)
def test_refusals_say_where_and_how_to_mend(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    told: str,
) -> None:
    """What cannot be answered is refused before anything is simulated, with its option or row; nothing is written."""
    bad = "month,activity,segment,pool,currency,amount\n2027-01,annotate,,vendor,EUR,1.000.000\n"
    (folder / "bad.csv").write_text(bad, encoding="utf-8")
    dollars = PLAN.replace("EUR", "USD").replace("exchange: {USD: {dates: {2027-01-01: 0.9, 2027-02-01: 0.95}}}\n", "")
    (folder / "dollars.yaml").write_text(dollars.replace("name: plan", "name: dollars"), encoding="utf-8")
    free = PLAN.replace(", pay: acme", "").replace(", pay: {hourly: 20 EUR}", "").replace("name: plan", "name: free")
    begin, end = free.index("exchange:"), free.index("work:")
    goalless = (free[:begin] + free[end:]).split("goals:")[0]
    (folder / "free.yaml").write_text(goalless, encoding="utf-8")
    assert budget(monkeypatch, "plan.yaml", *words, "--csv", "out.csv") == code
    assert told in capsys.readouterr().err
    assert not (folder / "out.csv").exists()


def test_what_the_profile_does_not_know_is_risk(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a profile of wide intervals replications differ more, and the text tells how many parameters were drawn;
    --as-fitted takes them as known."""
    (folder / "fit.profile.yaml").write_text(FITTED, encoding="utf-8")
    (folder / "sure.yaml").write_text(SURE, encoding="utf-8")
    told = {}
    for words in ([], ["--as-fitted"]):
        assert budget(monkeypatch, "sure.yaml", "--months", 2, "--no-marginal", "--json", *words) == 0
        told[bool(words)] = json.loads(capsys.readouterr().out)
    drawn, known = (told[one]["estimate_at_completion"] for one in (False, True))
    assert drawn["p95"] - drawn["p50"] > 3 * (known["p95"] - known["p50"])
    assert any("1 fitted parameters are drawn" in one for one in told[False]["notes"])
    assert any(one.startswith("What was fitted is taken as known") for one in told[True]["notes"])


FITTED = """labelcast_profile: 1
provenance: {digest: "d1"}
fitted: [{path: stages.annotate.time.gamma.mean, value: 60, low: 20, high: 180, n: 9, unit: s, method: m}]
scenario: {stages: {annotate: {time: {gamma: {mean: 60 s, shape: 9}}}}}
"""
SURE = """labelcast: 1
profile: fit.profile.yaml
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 300 items}}
pools: {team: {headcount: 3, calendar: always, pay: {hourly: 20 EUR}}}
stages: {annotate: {pools: [team]}}
"""
