"""What many searches of a problem come to: tables, figures and curves."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from answering.section import Figure

from .answers import CAREFULLY, OURS, Judge, Run

CLOSE, NEAR = 0.02, 0.05
"""Gaps of which the share of the plans that keep the constraints is told."""


@dataclass(frozen=True)
class Row:
    """A method on a problem. returned: of `seeds`, how many gave a plan; feasible, exact: of them.  gaps: of the
    feasible ones, in order."""

    method: str
    seeds: int
    returned: int
    feasible: int
    exact: int
    gaps: tuple[float, ...]
    used: float
    seconds: float

    @property
    def gap(self) -> float:
        """The median; NaN without a feasible plan."""
        return statistics.median(self.gaps) if self.gaps else float("nan")

    def within(self, gap: float) -> float:
        """Share of all seeds in which a feasible plan came so near to the best."""
        return sum(one <= gap for one in self.gaps) / self.seeds

    @property
    def feasible_of_returned(self) -> float:
        """Share; NaN where nothing was returned."""
        return self.feasible / self.returned if self.returned else float("nan")

    @property
    def unanswered(self) -> float:
        """Share of the seeds without a plan: of ours, uncertified."""
        return 1.0 - self.returned / self.seeds


def row(method: str, budget: int, runs: Sequence[Run], judge: Judge) -> Row:
    """A method's answers within a budget."""
    answers = [one.answers[method, budget] for one in runs if (method, budget) in one.answers]
    judged = [judge.of(one.plan) for one in answers if one.plan is not None]
    gaps = tuple(sorted(one.gap for one in judged if one.feasible))
    return Row(
        method,
        len(answers),
        len(judged),
        len(gaps),
        sum(one.exact for one in judged),
        gaps,
        _mean([float(one.used) for one in answers]),
        _mean([one.seconds for one in runs]),
    )


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else float("nan")


def table(rows: Sequence[Row]) -> list[str]:
    """Lines of Markdown."""
    lines = [
        "| Method | Seeds | Returned | Feasible of them | Median gap | Gap <= 5% | <= 2% | The best | Runs | Seconds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in rows:
        shares = f"{one.within(NEAR):.0%} | {one.within(CLOSE):.0%} | {one.exact / one.seeds:.0%}"
        lines.append(
            f"| {one.method} | {one.seeds} | {one.returned} | {one.feasible_of_returned:.0%} | {one.gap:.2%} "
            f"| {shares} | {one.used:,.0f} | {one.seconds:.1f} |"
        )
    return lines


def curve(rows: dict[tuple[str, int], Row], budgets: Sequence[int]) -> list[str]:
    """Lines of Markdown: a method's median gap, and the share of its seeds with a feasible plan, after each budget."""
    lines = [
        "| Method | " + " | ".join(f"{budget:,}" for budget in budgets) + " |",
        "|---|" + "---:|" * len(budgets),
    ]
    for method in dict.fromkeys(method for method, _ in rows):
        cells = [rows.get((method, budget)) for budget in budgets]
        told = [
            "-" if one is None else f"{one.gap:.1%}, {one.feasible / one.seeds:.0%}" if one.gaps else "none"
            for one in cells
        ]
        lines.append(f"| {method} | {' | '.join(told)} |")
    return lines


def figures(problem: str, row: Row) -> list[Figure]:
    """What is promised of ours on a problem."""
    if problem == "exponential":
        return [_share("exponential_exact", "exponential line: the exact optimum", row.exact / row.seeds, 0.95)]
    named = problem
    return [
        _share(f"{named}_feasible", f"{named}: feasible of the plans returned", row.feasible_of_returned, 0.95),
        _most(f"{named}_uncertified", f"{named}: no certified plan", row.unanswered, 0.15),
        _share(f"{named}_gap_5", f"{named}: a plan at most 5% dearer than the best", row.within(NEAR), 0.90),
        _share(f"{named}_gap_2", f"{named}: a plan at most 2% dearer than the best", row.within(CLOSE), 0.60),
    ]


def overall(rows: dict[str, dict[tuple[str, int], Row]], budget: int) -> list[Figure]:
    """Figures over problems, by problem, method and budget."""
    ours = [by[OURS, budget] for by in rows.values()]
    hard = [by[OURS, budget] for name, by in rows.items() if name != "exponential"]
    rival = [by["TPE", budget] for name, by in rows.items() if name != "exponential"]
    feasible = sum(one.feasible for one in ours) / max(1, sum(one.returned for one in ours))
    uncertified = 1.0 - sum(one.returned for one in hard) / sum(one.seeds for one in hard)
    return [
        _share("feasible_of_returned", "feasible of the plans returned", feasible, 0.95),
        _most("uncertified", "no certified plan", uncertified, 0.15),
        _told("gap_median", "median gap of the feasible plans returned", _median(hard)),
        _told("tpe_gap_median", "TPE: median gap of the feasible answers", _median(rival)),
    ]


def _median(rows: Sequence[Row]) -> float:
    gaps = [gap for one in rows for gap in one.gaps]
    return statistics.median(gaps) if gaps else float("nan")


def _told(name: str, what: str, found: float) -> Figure:
    return Figure(name, what, "-", found, f"{found:.2%}", True)


def _share(name: str, what: str, found: float, least: float) -> Figure:
    return Figure(name, what, f"at least {least:.0%}", found, f"{found:.1%}", found >= least)


def _most(name: str, what: str, found: float, most: float) -> Figure:
    return Figure(name, what, f"at most {most:.0%}", found, f"{found:.1%}", found <= most)


def methods(rival: str) -> tuple[str, ...]:
    """The names under which a method answers."""
    return (rival,) if rival == OURS else (rival, rival + CAREFULLY)
