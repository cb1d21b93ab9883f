"""The workbook: what is in it is what the ledger says, numbers are numbers, text is text, and LibreOffice agrees."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from labelcast.reports.assumptions import assumptions
from labelcast.reports.budget.sheets import write_budget
from labelcast.reports.budget.told import LEDGER, ledger_rows
from labelcast.reports.budget.whole import Asked, Budget, budget_of
from labelcast.reports.workbook import Formula, workbook
from labelcast.sim.ledger import decimal_amount
from labelcast.sim.line import digest
from labelcast.sim.replicate import Runs

OFFICE = shutil.which("soffice")

needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (Debian: libreoffice-calc) is not installed")

MONEY = ("amount", "billed", "p50", "p80", "p95")


@pytest.fixture(scope="module")
def found(runs: Runs) -> Budget:
    """A budget with all that a workbook shows; the scenario is named like a formula."""
    named = dataclasses.replace(runs, line=dataclasses.replace(runs.line, name='=HYPERLINK("http://x","+1")'))
    asked = Asked(budget=8_000_000_000, budget_of="--budget", paid_after={"": 30}, fiscal_from=4)
    return budget_of(named, asked, against=runs)


@pytest.fixture(scope="module")
def book(found: Budget, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of that budget."""
    path = tmp_path_factory.mktemp("book") / "budget.xlsx"
    write_budget(path, found)
    return path


def expected(found: Budget) -> list[list[Any]]:
    """The ledger's rows as a sheet holds them."""
    return [
        [float(decimal_amount(value)) if name in MONEY and value is not None else value for name, value in row.items()]
        for row in ledger_rows(found)
    ]


def check_ledger(table: pd.DataFrame, found: Budget) -> None:
    """Every row and every column, amounts to the micro-unit, empty cells empty."""
    assert tuple(table.columns) == LEDGER
    rows = expected(found)
    assert len(table) == len(rows) > 10
    for name in MONEY:
        assert table[name].dtype == "float64"
    for number, row in enumerate(rows):
        for name, value in zip(LEDGER, row, strict=True):
            cell = table[name].iloc[number]
            if name == "unit_price" and value is not None:
                assert cell == pytest.approx(value / 1e6)
            elif name == "quantity":
                assert cell == pytest.approx(value)
            elif value in (None, ""):
                assert pd.isna(cell)
            else:
                assert cell == value


def headline(path: Path, **more: Any) -> dict[str, Any]:
    """First two columns of the summary down to its first gap."""
    table = pd.read_excel(path, "summary", header=None, **more)
    rows = table.iloc[3:, :2].to_numpy().tolist()
    stop = next(n for n, row in enumerate(rows) if pd.isna(row[0]))
    return dict(rows[:stop])


def months(path: Path) -> pd.DataFrame:
    """The table of months in the summary, with its total."""
    table = pd.read_excel(path, "summary", header=None)
    head = next(n for n in range(len(table)) if table.iloc[n, 0] == "month")
    end = next(n for n in range(head, len(table)) if table.iloc[n, 0] == "total")
    rows = table.iloc[head + 1 : end + 1, :11]
    rows.columns = table.iloc[head, :11].tolist()
    return rows


def test_the_ledger_reads_back(book: Path, found: Budget) -> None:
    """The sheet holds the tidy ledger, every cell."""
    check_ledger(pd.read_excel(book, "ledger"), found)


def test_the_summary_is_the_budget(book: Path, found: Budget) -> None:
    """Headline, months and their total are the budget's own numbers."""
    told = headline(book)
    assert told["estimate at completion, P80"] == found.estimate.p80 / 1e6
    assert told["budget at risk: P95 less budget"] == (found.estimate.p95 - 8_000_000_000) / 1e6
    assert found.risk is not None
    assert told["chance that it costs more than the budget"] == found.risk.chance
    rows = months(book)
    assert rows["month"].tolist() == [*found.months, "total"]
    assert rows["P95"].tolist() == [one.sum.p95 / 1e6 for one in found.outlook] + [found.estimate.p95 / 1e6]
    assert rows["so far: P50"].tolist()[:-1] == [one.so_far.p50 / 1e6 for one in found.outlook]
    assert rows["mean"].tolist()[-1] == found.estimate.mean / 1e6


def test_means_are_formulas_over_the_ledger(book: Path, found: Budget) -> None:
    """Each mean of a month can be followed to its rows; no other cell of the workbook is a formula."""
    sheets = openpyxl.load_workbook(book)
    formulas = [cell.value for sheet in sheets for row in sheet for cell in row if cell.data_type == "f"]
    assert sum("SUMIFS(ledger!" in one for one in formulas) >= 2 * len(found.months)
    assert all(one.startswith(("=SUMIFS(ledger!", "=SUM(")) for one in formulas)
    assert len(sheets["summary"]._charts) == 3


def test_formulas_come_to_the_values_that_they_bring_along(book: Path) -> None:
    """Followed by hand, as LibreOffice does where it is installed: sums of the rows of a month and an activity, or of
    cells above."""
    formulas, values = openpyxl.load_workbook(book), openpyxl.load_workbook(book, data_only=True)
    sheet, shown = formulas["summary"], values["summary"]
    followed = 0
    for cell in (cell for row in sheet for cell in row if cell.data_type == "f"):
        text, total = cell.value.replace("$", ""), 0.0
        if text.startswith("=SUM("):
            first, last = text[5:-1].split(":")
            total = sum(one.value for (one,) in shown[first:last])
        else:
            amounts, *pairs = text[len("=SUMIFS(") : -1].split(",")
            columns = [
                [one.value for (one,) in formulas["ledger"][name.split("!")[1]]] for name in (amounts, *pairs[::2])
            ]
            wanted = [shown[name].value for name in pairs[1::2]]
            total = sum(row[0] for row in zip(*columns, strict=True) if list(row[1:]) == wanted)
        assert total == pytest.approx(shown[cell.coordinate].value, abs=1e-6), cell.coordinate
        followed += 1
    assert followed > 100


def test_text_that_looks_like_a_formula_is_text(book: Path, found: Budget) -> None:
    """A scenario named =HYPERLINK(..) stays what it is, in every sheet."""
    sheets = openpyxl.load_workbook(book)
    cells = [cell for sheet in sheets for row in sheet for cell in row if "HYPERLINK" in str(cell.value)]
    assert {cell.parent.title for cell in cells} == {"summary", "ledger", "assumptions"}
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)
    assert sheets["ledger"]["A2"].value == found.line.name


def test_every_assumption_is_there_with_its_source(book: Path, found: Budget) -> None:
    """Each value of the line, number and unit apart where it is one; the digests of both scenarios, and the seed."""
    table = pd.read_excel(book, "assumptions").set_index("input")
    for one in assumptions(found.line):
        assert one.path in table.index
    assert table.loc["digest", "in words"] == digest(found.line)
    assert found.against is not None
    assert table.loc["digest of it", "in words"] == digest(found.against.line)
    assert table.loc["pools.team.pay.hourly", ["number", "unit"]].tolist() == [20, "EUR per on-shift hour"]
    assert table.loc["work.street.backlog", ["number", "unit", "source"]].tolist() == [300, "items", "stated"]
    assert table.loc["seed", "number"] == found.runs.seed
    assert table["source"].notna().all()


def test_equal_budgets_give_equal_bytes(book: Path, found: Budget, tmp_path: Path) -> None:
    """There is no clock in a workbook, and no half-written one beside it."""
    write_budget(tmp_path / "again.xlsx", found)
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["again.xlsx"]


RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
"""Without this LibreOffice believes the values that a workbook brings along."""


def calculated(book: Path, folder: Path) -> Path:
    """The workbook as LibreOffice opens it, calculates every formula anew, and saves it."""
    assert OFFICE is not None
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(RECALCULATE, encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", folder / "out", book]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "out" / book.name


@needs_office
def test_the_oracle_calculates(tmp_path: Path) -> None:
    """A formula that says a wrong value is found out."""
    with workbook(tmp_path / "wrong.xlsx", "wrong", 2, datetime(2027, 1, 4)) as made:
        sheet = made.sheet("sums", [10])
        for row, cell in enumerate((2, 3, Formula("=SUM(A1:A2)", 99.0))):
            made.put(sheet, row, 0, cell)
    assert pd.read_excel(tmp_path / "wrong.xlsx", header=None)[0].tolist() == [2, 3, 99]
    assert pd.read_excel(calculated(tmp_path / "wrong.xlsx", tmp_path), header=None)[0].tolist() == [2, 3, 5]


@needs_office
def test_libreoffice_opens_it_and_calculates_the_same(book: Path, found: Budget, tmp_path: Path) -> None:
    """Opened, calculated anew and saved by LibreOffice, the ledger is the same and the formulas come to what we say."""
    converted = calculated(book, tmp_path)
    check_ledger(pd.read_excel(converted, "ledger"), found)
    mine, theirs = months(book), months(converted)
    for name in ("mean", "so far: mean", "P95"):
        assert theirs[name].astype(float).tolist() == pytest.approx(mine[name].astype(float).tolist(), nan_ok=True)
    assert headline(converted) == pytest.approx(headline(book), rel=1e-12)
    sheets = openpyxl.load_workbook(converted, data_only=True)
    values = [cell.value for sheet in sheets for row in sheet for cell in row if isinstance(cell.value, str)]
    assert not [value for value in values if value.startswith(("#", "Err:"))]
    assert sheets["ledger"]["A2"].value == found.line.name
