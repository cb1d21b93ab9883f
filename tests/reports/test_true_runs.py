"""Reports of lines that the engine ran."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from labelcast.reports.page import report
from labelcast.reports.reading import read
from labelcast.reports.tables import comparison_text, run_text
from labelcast.scenarios.compare import Comparison, compare
from labelcast.sim.line import Line
from labelcast.sim.replicate import Runs, replicate


@pytest.fixture(scope="module")
def ran(make_line: Callable[..., Line]) -> tuple[list[Runs], Comparison]:
    """Two lines of 90 items, three replications each."""
    lines = [make_line(backlog=90), make_line("vendor", backlog=90, labeller="vendor-b")]
    runs = [replicate(line, replications=3, processes=1) for line in lines]
    return runs, compare(runs)


def test_a_true_comparison_has_its_page_and_its_text(ran: tuple[list[Runs], Comparison]) -> None:
    """What the engine gives, the page shows: verdicts, both names, nothing uncomputed but what must be."""
    page = report(*ran)
    text = comparison_text(*ran)
    for verdict in ran[1].verdicts:
        assert verdict in page
        assert verdict in text
    assert not re.search(r"\b(nan|inf)\b", text)
    assert run_text(ran[0][0]).startswith("in-house delivers 90 items in ")


def test_what_is_drawn_is_what_was_paid(ran: tuple[list[Runs], Comparison]) -> None:
    """Activities of the ledger add up to the cost KPI, and the burn-up ends at all items."""
    for reading in read(ran[0]):
        assert sum(cost.mean for cost in reading.costs.values()) == pytest.approx(reading.kpis["cost"].mean, rel=1e-9)
        assert reading.delivered(reading.last_day).p5[-1] == reading.total_items == 90


def test_the_chance_of_the_deadline_has_its_interval(ran: tuple[list[Runs], Comparison]) -> None:
    """3 of 3 is not certain: Wilson's interval begins well below."""
    assert "100% (43% to 100%)" in report([ran[0][0]], None)
