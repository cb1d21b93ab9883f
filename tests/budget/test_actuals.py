"""Actuals: what was written comes back, what is wrong is refused with its row, spent months replace the plan."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from labelcast.reports.budget.actuals import Actuals, read_actuals
from labelcast.reports.budget.notes import notes
from labelcast.reports.budget.text import month_rows
from labelcast.reports.budget.told import ledger_csv
from labelcast.reports.budget.whole import Asked, Budget, budget_of, delivered_by, months_of
from labelcast.scenarios.load import load
from labelcast.sim.errors import DataRefused
from labelcast.sim.replicate import Runs, replicate

HEAD = "month,activity,segment,pool,currency,amount\n"


def read(folder: Path, text: str, runs: Runs, months: int = 12) -> Actuals:
    path = folder / "ledger.csv"
    path.write_bytes(text.encode())
    return read_actuals(path, runs.line, months_of(runs.line, months))


def with_actuals(folder: Path, text: str, runs: Runs, **asked: int) -> Budget:
    return budget_of(runs, Asked(actuals=read(folder, text, runs), **asked))


def test_a_ledger_comes_back_as_actuals(tmp_path: Path, runs: Runs) -> None:
    """All that --csv writes read again: every amount to the micro-unit, so that nothing is left to complete, nobody
    doubts the end, and the bridge has no part."""
    plan = budget_of(runs, Asked())
    found = with_actuals(tmp_path, ledger_csv(plan), runs)
    assert found.asked.actuals is not None
    rows = found.asked.actuals.rows
    assert rows["amount"].tolist() == plan.ledger["amount"].tolist()
    assert rows["quantity"].tolist() == plan.ledger["quantity"].tolist()
    assert found.spent == found.estimate.mean == found.estimate.p50 == found.estimate.p95 == plan.estimate.mean
    assert found.to_complete.p95 == 0
    assert [part for _, part in found.bridges[0][1].parts] == [0] * 8


@pytest.mark.parametrize("case", ["contract-of-all-parts", "contract-shared", "contract-changes"])
def test_ledgers_of_every_part_of_a_contract_come_back(case: str, tmp_path: Path) -> None:
    """Currencies, indices, taxes, minimums, seats: the whole comes back, however short, and nothing is bridged."""
    line = load(Path(__file__).parents[1] / "cases" / "valid" / f"{case}.yaml")
    runs = replicate(line, 2, 1, 1)
    for months in (1, 12):
        plan = budget_of(runs, Asked(months=months))
        found = budget_of(runs, Asked(months=months, actuals=read(tmp_path, ledger_csv(plan), runs, months)))
        assert found.spent == plan.estimate.mean > 0
        assert all(part == 0 for _, part in found.bridges[0][1].parts)


def test_the_plan_stands_beside_the_actuals(tmp_path: Path, runs: Runs) -> None:
    """Month by month, as it is told without actuals, and in all; without them there is no such column."""
    plan = budget_of(runs, Asked())
    found = with_actuals(tmp_path, f"{HEAD}2027-01,annotate,street,vendor,EUR,123.45\n", runs)
    before, after = month_rows(plan), month_rows(found)
    assert before[0][1] == "mean"
    assert after[0][:3] == ("", "plan", "mean")
    told = {row[0].partition(" ")[0]: row[1] for row in after[1:]}
    assert told == {row[0].partition(" ")[0]: row[1] for row in before[1:]}
    assert told["2027-01"] != "123.45"
    assert {row[0].partition(" ")[0]: row[2] for row in after[1:]}["2027-01"].startswith("123")


def test_the_file_is_told(tmp_path: Path, runs: Runs) -> None:
    """Its rows, its name, and what tells it from another, of its bytes as `sha256sum` reads them."""
    text = f"{HEAD}2027-01,annotate,street,vendor,EUR,123.45\n2027-01,review,street,vendor,EUR,10\n"
    found = with_actuals(tmp_path, text, runs)
    whole = hashlib.sha256((tmp_path / "ledger.csv").read_bytes()).hexdigest()
    told = [one for one in notes(found) if one.startswith("Actuals are the 2 rows of ledger.csv, whose SHA-256 begins")]
    assert told == [f"Actuals are the 2 rows of ledger.csv, whose SHA-256 begins with {whole[:12]}."]
    other = with_actuals(tmp_path, text.replace("10", "11"), runs)
    assert not set(told) & set(notes(other))
    single = with_actuals(tmp_path, text[: text.rindex("2027")], runs)
    assert [one for one in notes(single) if one.startswith("Actuals are the one row of ledger.csv, whose SHA-256")]


def test_what_was_written_with_actuals_comes_back_too(tmp_path: Path, runs: Runs) -> None:
    """Actual rows first, then the forecast of later months; read again, the sums are those of the outlook."""
    first = with_actuals(tmp_path, f"{HEAD}2027-01,annotate,street,vendor,EUR,123.456789\n", runs)
    again = read(tmp_path, ledger_csv(first), runs)
    sums = again.rows.groupby("month")["amount"].sum()
    assert sums["2027-01"] == 123_456_789
    assert [int(sums.get(one.name, 0)) for one in first.outlook] == [one.sum.mean for one in first.outlook]
    assert any("forecast" in note for note in again.notes)


def test_spent_months_replace_the_plan(tmp_path: Path, runs: Runs) -> None:
    """The estimate at completion is what was spent and the plan of later months, replication by replication; a month
    without rows up to the last one was free."""
    text = f"{HEAD}2027-02,annotate,street,vendor,EUR,1000\n2027-02,rework,,team,EUR,-0.5\n"
    plan, found = budget_of(runs, Asked()), with_actuals(tmp_path, text, runs)
    assert [one.actual for one in found.outlook[:3]] == [True, True, False]
    assert [one.sum.p95 for one in found.outlook[:2]] == [0, 999_500_000]
    assert found.outlook[2].sum == plan.outlook[2].sum
    assert found.spent == 999_500_000
    for name in ("mean", "p50", "p80", "p95"):
        assert getattr(found.estimate, name) == found.spent + getattr(found.to_complete, name)
    bridge = found.bridges[0][1]
    assert (bridge.begin, bridge.end) == (plan.estimate.mean, found.estimate.mean)
    assert bridge.begin + sum(part for _, part in bridge.parts) == bridge.end


def test_delivered_items_tell_volume_from_speed(tmp_path: Path, runs: Runs) -> None:
    """Twice the plan's work for twice its items is volume, and no speed."""
    plan = budget_of(runs, Asked())
    lines = ledger_csv(plan).splitlines()
    head = lines[0].split(",")
    cut = [line.split(",") for line in lines[1:] if line.split(",")[head.index("month")] == "2027-01"]
    for row in cut:
        if row[head.index("activity")] in ("annotate", "review", "rework"):
            row[head.index("quantity")] = repr(2 * float(row[head.index("quantity")]))
            row[head.index("amount")] = f"{2 * float(row[head.index('amount')]):.2f}"
    text = "\n".join([lines[0], *map(",".join, cut)])
    items = 2 * delivered_by(runs, "2027-01")
    found = dict(with_actuals(tmp_path, text, runs, delivered=round(items)).bridges[0][1].parts)
    assert found["volume"] > 50_000_000
    assert abs(found["speed"]) + abs(found["labels per item"]) < 0.02 * found["volume"]  # items are whole


def test_other_currencies_have_the_rate_of_their_months_end(tmp_path: Path, runs: Runs) -> None:
    """January ends at 0.90, February at 0.95; each row is rounded half up to cents."""
    found = read(tmp_path, f"{HEAD}2027-01,annotate,,x,USD,10.05\n2027-02,annotate,,x,USD,10.05\n", runs)
    assert found.rows["amount"].tolist() == [9_050_000, 9_550_000]  # 9.045 and 9.5475
    assert found.rows["billed"].tolist() == [10_050_000, 10_050_000]
    assert found.rows["currency"].tolist() == ["USD", "USD"]
    assert any("USD converted to EUR" in note for note in found.notes)
    assert any('no pool of the scenario is named "x"' in note for note in found.notes)


def test_other_separators_marks_and_guards(tmp_path: Path, runs: Runs) -> None:
    """Semicolons, a byte order mark, capitals, blank lines, columns nobody asked for, text behind an apostrophe."""
    text = "\ufeffMonth;Activity;Segment;Pool;Currency;Amount;Who\r\n\r\n2027-01;annotate;;'=cmd;EUR;+5.10;me\r\n"
    found = read(tmp_path, text, runs)
    assert found.rows[["pool", "amount"]].to_numpy().tolist() == [["=cmd", 5_100_000]]


def test_equal_rows_count_and_are_told(tmp_path: Path, runs: Runs) -> None:
    """Two equal rows may be two invoices, or one exported twice: they count, and a note asks."""
    row = "2027-01,annotate,street,vendor,EUR,5\n"
    found = read(tmp_path, HEAD + row + row, runs)
    assert found.rows["amount"].sum() == 10_000_000
    assert any("1 rows are equal" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("item,label\n", 'row 1: a column "month" is needed, but there are: item, label'),
        ("month,activity,segment,pool,currency,amout\n", 'Did you mean "amout"?'),
        (HEAD, "there is no row below the header"),
        (HEAD + "2027-01,annotate,street,vendor,EUR\n", "row 2: must have 6 fields as the header, but has 5"),
        (HEAD + "Jan 2027,annotate,,vendor,EUR,1\n", 'row 2: month: must be a month, but got "Jan 2027"'),
        (HEAD + "2027-13,annotate,,vendor,EUR,1\n", 'row 2: month: must be a month, but got "2027-13"'),
        (HEAD + "2026-12,annotate,,vendor,EUR,1\n", "row 2: month: the scenario begins in 2027-01, but got 2026-12"),
        (HEAD + "2028-01,annotate,,vendor,EUR,1\n", "row 2: month: the budget ends with 2027-12, but got 2028-01"),
        (
            HEAD + "2027-01,anotate,,vendor,EUR,1\n",
            'row 2: activity: must be an activity of the ledger, but got "anotate"',
        ),
        (HEAD + '2027-01,annotate,,vendor,EUR,"1,200.50"\n', 'but got "1,200.50". Write it like 1200.50'),
        (HEAD + "2027-01,annotate,,vendor,EUR,1.200\n", "row 2: amount: might be thousands or decimals"),
        (HEAD + "2027-01,annotate,,vendor,EUR,nan\n", "row 2: amount: must be a number"),
        (HEAD + "2027-01,annotate,,vendor,EUR,1.1234567\n", "at most six decimals"),
        (HEAD + "2027-01,annotate,,vendor,euro,1\n", 'row 2: currency: must be a code of ISO 4217, but got "euro"'),
        (HEAD + "2027-01,annotate,,vendor,GBP,1\n", "row 2: currency: the scenario tells no rate of GBP to EUR"),
        (HEAD.replace("amount", "amount,amount") + "2027-01,annotate,,v,EUR,1,2\n", '"amount" stands 2 times'),
        (HEAD + '2027-01,annotate,,"vendor,EUR,1\n', "is no sound CSV"),
        ("month,activity,segment,pool,currency,amount,quantity\n2027-01,annotate,,v,EUR,1,many\n", "row 2: quantity:"),
    ],
)
def test_bad_actuals_are_refused(tmp_path: Path, runs: Runs, text: str, told: str) -> None:
    """Each fault names the file, the row, the rule, what was found and how to mend it."""
    with pytest.raises(DataRefused) as refused:
        read(tmp_path, text, runs)
    assert all(problem.startswith("ledger.csv") for problem in refused.value.problems)
    assert told in str(refused.value)


def test_all_faults_are_told_at_once(tmp_path: Path, runs: Runs) -> None:
    """Three rows, four faults, one refusal; and of thousands the first hundred."""
    text = HEAD + "x,annotate,,v,EUR,1\n2027-01,annotate,,v,EUR,1\n2027-01,y,,v,ZZZ,z\n"
    with pytest.raises(DataRefused) as refused:
        read(tmp_path, text, runs)
    assert len(refused.value.problems) == 4
    with pytest.raises(DataRefused) as refused:
        read(tmp_path, HEAD + "x,annotate,,v,EUR,1\n" * 300, runs)
    assert refused.value.problems[-1] == "... and 200 more problems."


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff  \n"])
def test_an_empty_file_is_told_once(tmp_path: Path, runs: Runs, text: str) -> None:
    """Not once for each column that it lacks."""
    with pytest.raises(DataRefused) as refused:
        read(tmp_path, text, runs)
    (told,) = refused.value.problems
    assert told.startswith("ledger.csv: is empty, but row 1 must name the columns month, activity, segment, pool,")


def test_a_workbook_is_no_ledger(tmp_path: Path, runs: Runs) -> None:
    """Bytes that are no text are refused, not guessed at."""
    path = tmp_path / "ledger.csv"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(DataRefused, match="must be text in UTF-8"):
        read_actuals(path, runs.line, months_of(runs.line, 12))
