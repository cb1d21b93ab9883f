"""Pages for managers, finance and leads: what stands on them is what was found, and nothing on them is alive."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from labelcast.reports.budget.actuals import COLUMNS, read_actuals
from labelcast.reports.budget.text import coins_of
from labelcast.reports.budget.whole import Asked, Budget, budget_of, months_of
from labelcast.reports.cells import Table
from labelcast.reports.pages import Sheet, finance_page, manager_page, page_html, write_figures
from labelcast.reports.pages.finance import by_month
from labelcast.reports.replay.view import replay_script
from labelcast.scenarios.bottleneck import Effects
from labelcast.scenarios.compare import Comparison, compare
from labelcast.sim.line import MICRO
from labelcast.sim.replicate import Runs

HEAD = ",".join(COLUMNS)


def value(text: str) -> float:
    """A printed amount."""
    return 0.0 if text == "–" else float(text.replace(",", "").replace("−", "-"))


def column(table: Table, name: str) -> dict[str, str]:
    """Texts of a column by row."""
    place = table.columns.index(name)
    return {row.title: row.cells[place].text for row in table.groups[0].rows}


KINDS = ["manager", "alone", "finance", "both", "lead"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_whole_and_inert(pages: dict[str, str], kind: str) -> None:
    """Nothing is loaded, nothing runs but the replay of a day, a name that is a script is text, and it is far below
    3 MB."""
    page = pages[kind]
    assert "default-src 'none'" in page
    scripts = [f"<script>{replay_script()}</script>", '<script type="application/json">'] if kind == "lead" else []
    assert page.count("<script") == sum(page.count(one) for one in scripts) == len(scripts)
    assert not re.search(r'(?:src|href)\s*=\s*["\'](?!#)', page)
    assert not re.search(r"\son\w+\s*=", re.sub(r">[^<]*<", "><", page))
    assert "&lt;script&gt;" in page
    assert len(page.encode()) < 1_500_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_can_be_read_aloud(pages: dict[str, str], kind: str) -> None:
    """Each picture says what it shows; each header says of what it is one; each heading follows the one above it."""
    page = re.sub(r'<div class="floor" aria-hidden="true">.*?</div>', "", pages[kind], flags=re.DOTALL)
    pictures = re.findall(r"<svg\b[^>]*>", page)
    assert pictures
    assert all('role="img"' in one and re.search(r'aria-label="[^"]{20,}"', one) for one in pictures)
    assert all("scope=" in one for one in re.findall(r"<th\b[^>]*>", page))
    levels = [int(one) for one in re.findall(r"<h(\d)", page)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {one or other for one, other in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', page)} == set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_comes_first(pages: dict[str, str], sheets: dict[str, Sheet], kind: str) -> None:
    """The verdict, then its picture where there is one, then tables, then what it rests on, then how it was made."""
    page, sheet = unescape(pages[kind]), sheets[kind]
    places = [page.index(sheet.verdicts[0])]
    if sheet.proof is not None:
        places.append(page.index("<figure>"))
    places += [page.index("<table"), page.index("What this rests on"), page.index("digest of the line")]
    assert places == sorted(places)


def test_equal_findings_have_equal_pages(runs: list[Runs], comparison: Comparison, pages: dict[str, str]) -> None:
    """The bytes hang on what was found alone."""
    assert page_html(manager_page(runs, comparison)) == pages["manager"]


def test_the_manager_reads_who_is_cheapest(sheets: dict[str, Sheet], comparison: Comparison, runs: list[Runs]) -> None:
    """The first sentence names the plan that the comparison finds surely cheapest, with its mean; its cell is bold, and
    that of the other is not."""
    table = comparison.best
    among = table[(table["kpi"] == "cost") & table["among"]]["scenario"].tolist()
    assert among == ["cheap"]
    assert sheets["manager"].verdicts[0].startswith("Cheapest: cheap (")
    shown = sheets["manager"].sections[0].tables[0].table
    place = shown.columns.index("cost, EUR")
    bold = {row.title: row.cells[place].differs for row in shown.groups[0].rows}
    assert bold == {"cheap": True, runs[1].line.name: False}


@pytest.mark.parametrize("spent", [False, True])
def test_months_and_activities_add_up(budget: Budget, tmp_path: Path, spent: bool) -> None:
    """Each row sums to its last cell, each column to its last row, and the whole is the mean of the estimate, with what
    was spent in place of what was planned for it."""
    if spent:
        (tmp_path / "spent.csv").write_text(f"{HEAD}\n2027-01,annotate,street,team,,,123.00,123.00,EUR\n")
        months = months_of(budget.line, 6)
        actuals = read_actuals(tmp_path / "spent.csv", budget.line, months)
        budget = budget_of(budget.runs, Asked(months=6, actuals=actuals))
        assert value(column(by_month(budget), "2027-01")["in all"]) == 123
    table = by_month(budget)
    rows = {row.title: [value(cell.text) for cell in row.cells] for row in table.groups[0].rows}
    whole_row = rows.pop("in all")
    assert len(table.columns) > 2
    assert len(rows) > 1
    half = 0.5 * 10.0 ** -coins_of(budget).places + 1e-9
    for *parts, total in [*rows.values(), whole_row]:
        assert sum(parts) == pytest.approx(total, abs=half * (1 + len(parts)))
    for place, total in enumerate(whole_row):
        assert sum(row[place] for row in rows.values()) == pytest.approx(total, abs=half * (1 + len(rows)))
    assert whole_row[-1] == pytest.approx(budget.estimate.mean / MICRO, abs=half)


def test_finance_reads_what_labels_cost_and_which_plan_costs_less(
    budget: Budget, runs: list[Runs], comparison: Comparison
) -> None:
    """What stands above is what the table further down has; of a comparison its own verdict comes first."""
    alone = finance_page([budget])
    (table,) = (one.table for part in alone.sections for one in part.tables if one.label.startswith("What labels cost"))
    cost = {row.title: row.cells[0].text for row in table.groups[0].rows}["cost per correct label"]
    assert cost[:1].isdigit()
    assert f"a correct one {cost}" in alone.more[-1]
    both = finance_page([budget_of(each, Asked()) for each in runs], comparison)
    assert list(both.verdicts) == list(comparison.verdicts)
    assert both.more[0].startswith("cheap, ")


def test_finance_reads_first_what_it_comes_to_and_what_the_budget_risks(budget: Budget) -> None:
    """The estimate, then the chance to cost more than the budget, or what to hold back where there is none."""
    plain = finance_page([budget])
    assert [one.partition(",")[0] for one in plain.verdicts[:1]] == [budget.line.name]
    assert plain.verdicts[1].startswith("Contingency that buys 80%: ")
    limited = finance_page([budget_of(budget.runs, Asked(months=6, budget=round(budget.estimate.p50)))])
    assert limited.verdicts[0] == plain.verdicts[0]
    assert limited.verdicts[1].startswith("Budget ")
    assert [one[:19] for one in limited.more[:2]] == ["To be 80% sure the ", "Contingency that bu"]
    assert len(plain.verdicts) == len(limited.verdicts) == 2


def test_finance_reads_of_three_plans_which_is_cheapest(runs: list[Runs]) -> None:
    """Above the picture; each against the first stands with what drives the differences."""
    three = [*runs, replace(runs[0], line=replace(runs[0].line, name="third"))]
    comparison = compare(three)
    page = finance_page([budget_of(each, Asked()) for each in three], comparison)
    assert page.verdicts[0].startswith("Cheapest: cheap (")
    failing = [f"{one.line.name} exceeds 9,000 EUR in 100% (60% to 100%) of runs" for one in three]
    assert page.more == [f"What may fail: {'; '.join(failing)}."]
    (part,) = (one for one in page.sections if one.title == "What drives the differences")
    assert list(part.sentences) == list(comparison.verdicts)


def test_finance_reads_what_drives_the_differences(runs: list[Runs], comparison: Comparison) -> None:
    """By activity the means of each plan and what the other has more: rows add up to the whole, which is what the
    budgets come to, within the rounding of each."""
    budgets = [budget_of(each, Asked()) for each in runs]
    (part,) = (one for one in finance_page(budgets, comparison).sections if one.title == "What drives the differences")
    (shown,) = part.tables
    *parts, whole = ([value(cell.text) for cell in row.cells] for row in shown.table.groups[0].rows)
    assert shown.table.columns == ("cheap", runs[1].line.name, f"{runs[1].line.name} less cheap")
    assert whole[:2] == [value(coins_of(one).text(one.estimate.mean)) for one in budgets]
    half = 0.5 * 10.0 ** -coins_of(budgets[0]).places + 1e-9
    for column_of, total in zip(zip(*parts, strict=True), whole, strict=True):
        assert sum(column_of) == pytest.approx(total, abs=half * (1 + len(parts)))
    for first, second, more in [*parts, whole]:
        assert second - first == pytest.approx(more, abs=3 * half)


def test_the_lead_reads_what_one_more_gives(sheets: dict[str, Sheet], found: Effects) -> None:
    """Each lever has its row, the one that adds most first; above stands how likely the plan's goal is."""
    assert sheets["lead"].more[0].startswith("Goal: budget at most 9,000 EUR, with a chance of at least 80%: chance ")
    shown = sheets["lead"].sections[0].tables[0].table
    assert shown.groups[0].rows[0].title == "as it is"
    assert len(shown.groups[0].rows) == 1 + len(found.levers)
    assert "throughput, items/week" in shown.columns


def test_pictures_are_written_whole(sheets: dict[str, Sheet], tmp_path: Path) -> None:
    """Each picture of a page as SVG and PNG, by its name, and no other file; a plan's name leads nowhere else."""
    write_figures(tmp_path / "figures", sheets["both"])
    assert {path.parent for path in tmp_path.rglob("*.svg")} == {tmp_path / "figures"}
    assert len([*tmp_path.rglob("*.svg")]) == len(sheets["both"].pictures)
    shutil.rmtree(tmp_path / "figures")
    written = write_figures(tmp_path / "figures", sheets["lead"])
    names = {one.name for one in sheets["lead"].pictures}
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {
        f"{n}.{kind}" for n in names for kind in ("svg", "png")
    }
    for path in written:
        assert path.read_bytes()[:5] in (b"<?xml", b"\x89PNG\r")
