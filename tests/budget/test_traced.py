"""From a figure to its assumption, and from the assumption to the file or to the data: nothing is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from labelcast.reports.assumptions import assumptions
from labelcast.reports.budget.sheets import write_budget
from labelcast.reports.budget.told import budget_json, ledger_rows
from labelcast.reports.budget.traced import basis, interval, priced_by, traced
from labelcast.reports.budget.whole import Asked, Budget, budget_of
from labelcast.scenarios.load import load
from labelcast.scenarios.provenance import provenance
from labelcast.scenarios.shelf import Known
from labelcast.sim.line import Contract, Line, Minimum, Steps, Tier
from labelcast.sim.replicate import Runs

PROFILE = """labelcast_profile: 1
provenance:
  digest: "d1"
  sources:
    - {name: "export.csv.gz", rows: 7150, sha256: "4928dd61bfb314212242d3c931aff15d6f768c12008cccb5b8213d55ceb9c2bd"}
  first: "2026-09-07T07:00:00+00:00"
  last: "2026-09-15T09:34:33+00:00"
  rows_used: 7150
fitted:
  - {path: stages.annotate.time.lognormal.median, value: 87.152, low: 74.372, high: 102.13, n: 7150, unit: s, method: m}
  - {path: stages.annotate.time.lognormal.sigma, value: 0.54856, low: 0.53969, high: 0.55768, n: 7150, method: REML}
  - {path: pools.team.shrinkage, value: 0.0016341, low: 0.00025242, high: 0.0105, n: 52, unit: share, method: ratio}
  - {path: pools.team.headcount, value: 5, low: 4, high: 5, n: 9, unit: workers, method: slots}
scenario:
  pools: {team: {headcount: 5, shrinkage: 0.1634%}}
  stages:
    annotate:
      time: {lognormal: {median: 87.15 s, sigma: 0.5486}}
      shift_end: finish
"""

OWN = """labelcast: 1
extends: base.yaml
profile: fit.profile.yaml
pools:
  team:
    headcount: 6
"""

BASE = """labelcast: 1
start: 2027-01-04T09:00
currency: EUR
work: {items: {backlog: 300 items}}
pools: {team: {calendar: always, skill: {accuracy: 94%}, absence: 5%, pay: {hourly: 20 EUR}}}
stages: {annotate: {pools: [team]}}
changes: [{on: 2027-01-18, path: pools.team.pay.hourly, value: 22 EUR}]
"""


@pytest.fixture
def found(runs: Runs, tmp_path: Path) -> Budget:
    """A budget whose line is of a scenario that extends another and has a profile; its money is another plan's."""
    for name, text in (("own.yaml", OWN), ("base.yaml", BASE), ("fit.profile.yaml", PROFILE)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    path = tmp_path / "own.yaml"
    drawn = (("stages.annotate.time.lognormal.median", "pools.team.shrinkage"), ())
    money = budget_of(runs, Asked(months=3))
    return replace(money, line=load(path), asked=Asked(months=3, drawn=drawn, provenance=provenance(path)))


def test_an_assumption_goes_back_to_the_file_and_its_line(found: Budget) -> None:
    """As the file says it, whichever of the chain, short forms as they are written; of a change its entry; of a default
    nothing; of what only the profile says where it does."""
    told = {one.row.path: basis(one) for one in traced(found)}
    assert told["pools.team.headcount"] == "6 (own.yaml:6)"
    assert told["work.items.backlog"] == "300 items (base.yaml:4)"
    assert told["pools.team.skill.mean"] == "accuracy: 94% (base.yaml:5)"
    assert told["pools.team.absence.share"] == "5% (base.yaml:5)"
    assert told["pools.team.absence.paid"] == ""
    assert told["horizon"] == ""
    assert told["stages.annotate.shift_end"] == "finish (fit.profile.yaml:19)"
    assert told["changes.pools.team.pay.hourly"].endswith("path: pools.team.pay.hourly, value: 22 EUR}] (base.yaml:7)")


def test_a_fitted_value_goes_back_to_its_data(found: Budget) -> None:
    """With its interval and on how much it rests, in the words of the fit."""
    told = {one.row.path: basis(one) for one in traced(found)}
    assert told["stages.annotate.time"] == (
        "lognormal.median: 87.2 s, 95%: 74.4 to 102, n = 7,150; lognormal.sigma: 0.549, 95%: 0.54 to 0.558, n = 7,150"
    )
    assert told["pools.team.shrinkage"] == "0.163%, 95%: 0.0252% to 1.05%, n = 52"
    assert interval(Known(3.0, None, None, None, "labels")) == "3 labels"


def test_every_stated_and_fitted_row_has_a_basis_and_no_default_has(found: Budget) -> None:
    """So that nothing that somebody said is left without a place."""
    for one in traced(found):
        assert bool(basis(one)) == (one.row.origin != "default"), one.row.path
    assert len(traced(found)) == len(assumptions(found.line)) > 20


def test_the_workbook_lists_the_profile(found: Budget, tmp_path: Path) -> None:
    """Its file and those that it was fitted to by SHA-256, and each parameter in numbers, with what became of it."""
    write_budget(tmp_path / "budget.xlsx", found)
    table = pd.read_excel(tmp_path / "budget.xlsx", "assumptions")
    mine = table[table["section"] == "profile"].set_index("input")
    assert mine.loc["fitted to", ["number", "in words"]].tolist() == [7_150, "export.csv.gz"]
    assert mine.loc["fitted to", "as written, or fitted"].startswith("SHA-256 4928dd61bfb314212242d3c9")
    median = mine.loc["stages.annotate.time.lognormal.median"]
    assert median[["number", "unit", "95% from", "to", "n"]].tolist() == [87.152, "s", 74.372, 102.13, 7_150]
    assert median["as written, or fitted"] == "export.csv.gz (SHA-256 4928dd61bfb3)"
    use = mine["source"]
    assert use["stages.annotate.time.lognormal.median"] == "drawn from its interval"
    assert use["stages.annotate.time.lognormal.sigma"] == "taken as fitted"
    assert use["pools.team.headcount"] == "not used"
    row = table.set_index("input").loc["stages.annotate.shift_end"]
    assert row[["source", "as written, or fitted"]].tolist() == ["fitted", "finish (fit.profile.yaml:19)"]


def test_json_has_the_same(found: Budget) -> None:
    """Assumptions with what is written where, and the profile with its parameters; null without one."""
    told = json.loads(json.dumps(budget_json(found), allow_nan=False))
    rows = {one["path"]: one for one in told["assumptions"]}
    assert rows["pools.team.headcount"]["written"] == [
        {"path": "pools.team.headcount", "text": "6", "where": "own.yaml:6"}
    ]
    assert rows["pools.team.shrinkage"]["fitted"] == ["pools.team.shrinkage"]
    assert told["profile"]["sources"][0]["name"] == "export.csv.gz"
    assert len(told["profile"]["sha256"]) == 64
    by_path = {one["path"]: one for one in told["profile"]["parameters"]}
    assert by_path["pools.team.shrinkage"]["low"] == 0.00025242
    bare = replace(found, asked=replace(found.asked, provenance=None))
    assert budget_json(bare)["profile"] is None


def test_every_row_of_the_ledger_has_a_price_that_is_an_assumption(runs: Runs) -> None:
    """Each key that a row names has its row among the assumptions."""
    result = budget_of(runs, Asked(months=12))
    known = {one.path for one in assumptions(result.line)}
    rows = ledger_rows(result)
    assert {row["activity"] for row in rows} >= {"annotate", "review", "idle", "shortfall"}
    for row in rows:
        for key in row["priced_by"].split(", "):
            assert key in known or key == "changes", (key, row)
    assert len({row["priced_by"] for row in rows}) > 4


def one(contract: Contract, line: Line) -> Line:
    """The line with this contract of its first pool."""
    return replace(line, pools=(replace(line.pools[0], contract=contract), *line.pools[1:]))


@pytest.mark.parametrize(
    ("activity", "unit", "keys"),
    [
        ("annotate", "labels", "per_label"),
        ("rework", "labels", "per_label, HOME.rework_paid"),
        ("idle", "h", "hourly"),
        ("annotate", "months", "salary"),
        ("fee", "months", "monthly"),
        ("fee", "once", "set_up"),
        ("tooling", "seats", "seat"),
        ("tax", "months", "tax"),
        ("review", "audits", "audit"),
        ("shortfall", "periods", "minimum"),
        ("credit", "periods", "minimum"),
        ("bonus", "periods", "accuracy"),
        ("malus", "periods", "accuracy"),
        ("late_credit", "periods", "on_time"),
        ("lot_credit", "labels", "lots"),
        ("lot_credit", "lots", "lots"),
        ("hiring", "people", "hiring"),
        ("leaving", "people", "leaving"),
        ("notice", "months", "salary, HOME.notice"),
        ("notice", "h", "hourly, HOME.notice"),
        ("something", "new", ""),
    ],
)
def test_which_key_prices_a_row(runs: Runs, activity: str, unit: str, keys: str) -> None:
    """Of each kind of row, of a pool's own pay and of a contract with a name; the whole where nothing else is known."""
    pay = Contract(per_label=(Tier(None, 1),), minimum=Minimum(1, carry=2), accuracy=Steps(((0.0, 0.0),)))
    pool = runs.line.pools[0].name
    for home, contract in ((f"pools.{pool}.pay", pay), ("contracts.acme", replace(pay, account="acme"))):
        told = f"{home}.{keys.replace('HOME', home)}" if keys else home
        assert priced_by(one(contract, runs.line), pool, activity, unit) == told
    assert priced_by(runs.line, "", "tooling", "once") == "changes"
    assert priced_by(runs.line, "someone", "annotate", "h") == ""
