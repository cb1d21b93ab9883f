"""The same numbers on a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable

from labelcast.reports.tables import comparison_text, run_text
from labelcast.scenarios.compare import Comparison, compare
from labelcast.sim.line import Line
from labelcast.sim.replicate import Runs


def test_a_comparison_opens_with_its_verdicts_and_lines_up(three: tuple[list[Runs], Comparison]) -> None:
    """Verdicts first; under the header every row is as wide as the rule at most, scenarios in their order."""
    runs, comparison = three
    lines = comparison_text(runs, comparison).splitlines()
    assert lines[: len(comparison.verdicts)] == [verdict.replace("−", "-") for verdict in comparison.verdicts]
    rule = next(i for i, line in enumerate(lines) if re.fullmatch("-+", line))
    assert lines[rule - 1].split() == ["in-house", "vendor", "mixed"]
    body = lines[rule + 1 : lines.index("", rule)]
    assert all(len(line) <= len(lines[rule]) for line in body)
    assert any(line.startswith("cost ") and line.count("±") == 3 and line.count("EUR") == 3 for line in body)
    assert any(line.startswith("chance: deadline") and line.count("%") == 9 for line in body)


def test_sure_differences_carry_a_star(three: tuple[list[Runs], Comparison]) -> None:
    """A star stands exactly where the comparison says that a shown KPI differs."""
    runs, comparison = three
    lines = comparison_text(runs, comparison).splitlines()
    cost = next(i for i, line in enumerate(lines) if line.startswith("cost "))
    table = comparison.differences
    sure = table[(table["kpi"] == "cost") & table["differs"]]
    assert lines[cost + 2].startswith("  against in-house")
    assert lines[cost + 2].count("*") == len(sure) > 0


def test_one_run_shows_error_and_risk(one: Runs) -> None:
    """The sentence, then mean ± error and P5, P50, P80, P95."""
    text = run_text(one)
    assert text.startswith("in-house delivers 600 items in ")
    assert re.search(r"mean ± error \(95%\) +P5 +P50 +P80 +P95", text)
    assert "nan" not in text


def test_unfinished_work_is_said(make_line: Callable[..., Line], make_runs: Callable[..., Runs]) -> None:
    """No mean finish, and the share that is left."""
    text = run_text(make_runs(make_line(), unfinished=4))
    assert re.search(r"^finish +withheld", text, re.MULTILINE)
    assert "items unfinished at the horizon" in text
    assert "4 of 12 replications" in text


def test_a_name_cannot_steer_the_terminal(make_line: Callable[..., Line], make_runs: Callable[..., Runs]) -> None:
    """Escape sequences in names are replaced."""
    runs = [make_runs(make_line("in\x1b[31mhouse")), make_runs(make_line("ven\x07dor"))]
    for text in (comparison_text(runs, compare(runs)), run_text(runs[0])):
        assert "\x1b" not in text
        assert "\x07" not in text
