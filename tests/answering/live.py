"""Projects cut at a date of their own, and what a forecast from the cut says of their ends.

A truth is drawn: people and how they work, the work, a review or several labels an item. It is simulated, and its log
is exported as a platform shows it at a moment. The forecast reads the export. `stated`: the plan says how people work.
`fitted`: how quick they are, and how long tasks take, is calibrated from that same export, and each run draws what the
fit does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

import numpy as np
from cut import write_shown

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.profile import write
from labelcast.calibration.readers.recognise import read
from labelcast.calibration.today.standing import today
from labelcast.calibration.today.words import words_of
from labelcast.scenarios.load import load
from labelcast.scenarios.unsure import unsure
from labelcast.sim.engines import ENGINES, engine
from labelcast.sim.forecast import deliveries
from labelcast.sim.plan import Plan
from labelcast.sim.processes import in_order
from labelcast.sim.statistics import coverage
from labelcast.sim.tables import NULL

from .section import Figure, Section

SEED = 20_261_201

REPLICATIONS = 39
"""The 4th and the 36th of so many hold the next one with chance 32 in 40."""

ITEMS = 1_200, 4_000

Mode = Literal["stated", "fitted"]


@dataclass(frozen=True)
class Truth:
    """How people work, in scenario words, and the plan. hidden: keys of the team that only a log tells; skill: of the
    team, which a log without labels does not.  reviewed: per
    cent, 0 for no review.  later: items that come after some days.  cut: share of the project's time."""

    headcount: int
    checkers: int
    labels: int
    reviewed: int
    items: int
    later: int
    hidden: str
    skill: str
    time: str
    check: str
    cut: float


@dataclass(frozen=True)
class Cut:
    """What a forecast from a cut said. finish: days of the truth.  low, high: ends of the band.  done: share of the
    items that were delivered at the cut.  kind: of project."""

    kind: str
    finish: float
    low: float
    high: float
    done: float

    @property
    def held(self) -> bool:
        return self.low <= self.finish <= self.high


def drawn(rng: np.random.Generator) -> Truth:
    """A truth: half of them with a review, half with one to three labels an item."""
    review = bool(rng.integers(2))
    people = int(rng.integers(5, 16))
    return Truth(
        headcount=people,
        checkers=int(rng.integers(2, 5)),
        labels=1 if review else int(rng.integers(1, 4)),
        reviewed=int(rng.choice([100, 100, int(rng.integers(30, 90))])) if review else 0,
        items=int(rng.integers(*ITEMS)),
        later=int(rng.choice([0, rng.integers(200, 1500)])),
        hidden=f", shrinkage: {rng.uniform(3, 20):.2f}%, speed: {{spread: {rng.uniform(0.15, 0.5):.4f}}}",
        skill=f"skill: {{mean: {rng.uniform(1, 2.5):.4f}, spread: {rng.uniform(0.2, 0.8):.4f}}}",
        time=f"{{lognormal: {{median: {rng.uniform(60, 200):.2f} s, sigma: {rng.uniform(0.3, 0.8):.4f}}}}}",
        check=f"{{lognormal: {{median: {rng.uniform(15, 50):.2f} s, sigma: 0.5}}}}",
        cut=float(rng.uniform(0.15, 0.9)),
    )


def scenario(truth: Truth, profile: str = "") -> str:
    """The project as it is, or, with a profile, as it is planned."""
    known = not profile
    releases = f", releases: [{{on: 2027-01-07, items: {truth.later} items}}]" if truth.later else ""
    lines = [
        "labelcast: 1",
        *([f"profile: {profile}"] if profile else []),
        "start: 2027-01-04T09:00",
        "timezone: UTC",
        "currency: EUR",
        "horizon: 60 weeks",
        "calendars: {office: {days: Mon-Fri, hours: '09:00-17:00'}}",
        "work:",
        f"  items: {{backlog: {truth.items} items{releases}, classes: {{car: 60%, bus: 40%}}}}",
        "pools:",
        f"  team: {{headcount: {truth.headcount}, calendar: office, {truth.skill}{truth.hidden if known else ''}}}",
    ]
    if truth.reviewed:
        lines.append(f"  checkers: {{headcount: {truth.checkers}, calendar: office}}")
    lines += [
        "stages:",
        f"  annotate: {{pools: [team], labels_per_item: {truth.labels}{f', time: {truth.time}' if known else ''}}}",
    ]
    if truth.reviewed:
        again = "on_reject: {to: annotate, rounds: 2, then: deliver}"
        lines.append(f"  review: {{pools: [checkers], time: {truth.check}, fraction: {truth.reviewed}%, {again}}}")
    return "\n".join(lines) + "\n"


def cut(number: int, mode: Mode) -> Cut:
    """The project of this number; hangs on nothing else."""
    rng = np.random.default_rng([SEED, number])
    truth = drawn(rng)
    first, second = (int(one) for one in rng.integers(2**31, size=2))
    with TemporaryDirectory() as name:
        folder = Path(name)
        whole, plan, export = folder / "whole.yaml", folder / "plan.yaml", folder / "live.csv"
        whole.write_text(scenario(truth), encoding="utf-8")
        line = load(whole)
        log = engine(ENGINES[0])(Plan.of(line), first, 0)
        finish = log.provenance.ended_at
        now = round(truth.cut * finish)
        write_shown(log, export, now)
        lines = None
        if mode == "fitted":
            fitted = calibrate([export], step="annotate", pool="team", stage="annotate", people="staff")
            write(fitted, folder / "team.profile.yaml")
            plan.write_text(scenario(truth, "team.profile.yaml"), encoding="utf-8")
            line = load(plan)
            drawn_lines = unsure(plan, None, second)
            lines = None if drawn_lines is None else drawn_lines.lines
        read_in = read([export])
        found = today(line, read_in, words_of(line, read_in.judgements), _moment(line.origin.timestamp(), now))
        standing = found.standing
        ends = sorted(
            float(one.max()) if (one != NULL).all() else np.inf
            for one in deliveries(line, standing, REPLICATIONS, second, lines=lines)
        )
    day, delivered = 86_400_000.0, sum(standing.delivered.values())
    kind = "reviewed" if truth.reviewed == 100 else "reviewed in part" if truth.reviewed else f"{truth.labels} label(s)"
    return Cut(kind, finish / day, ends[3] / day, ends[35] / day, delivered / (truth.items + truth.later))


def _moment(origin: float, now: int) -> int:
    return round(origin * 1000) + now


def _stated(_: None, number: int) -> Cut:
    return cut(number, "stated")


def _fitted(_: None, number: int) -> Cut:
    return cut(number, "fitted")


def _row(what: str, cuts: Sequence[Cut]) -> str:
    share = coverage(sum(one.held for one in cuts), len(cuts))
    below, above = (sum(by(one) for one in cuts) for by in (lambda c: c.finish < c.low, lambda c: c.finish > c.high))
    return f"| {what} | {len(cuts)} | {share.mean:.1%} | {share.low:.1%} to {share.high:.1%} | {below} | {above} |"


def proved(projects: int, fitted: int, processes: int | None) -> Section:
    """The section of the page. fitted: how many of the projects are forecast from a fit, too."""
    found = {
        "stated": list(in_order(_stated, None, projects, processes)),
        "fitted": list(in_order(_fitted, None, fitted, processes)),
    }
    assert found.keys() == {*get_args(Mode)}
    lines = [
        f"{projects} projects of 5 to 15 people and {ITEMS[0]:,} items or more, half of them with a review of all or",
        "a share, half with one to three labels an item; some get more items on the fourth day. Each is cut at a",
        "moment of its own between 15% and 90% of its time, at night too, and forecast from what a platform shows",
        f"then: tasks that ended, and in hand. {REPLICATIONS} runs; the band is of the 4th to the 36th, which hold",
        "the next one in 80%. stated: the scenario says how people work. fitted: how quick they are and how long tasks",
        f"take is calibrated from the same export, and drawn; the first {fitted} of the projects.",
        "",
        "| Projects | n | end within its 80% band | 99% interval | before | after |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    figures = []
    for mode, cuts in found.items():
        lines.append(_row(f"**{mode}**", cuts))
        lines += [
            _row(f"{mode}: {kind}", [one for one in cuts if one.kind == kind])
            for kind in sorted({one.kind for one in cuts})
        ]
        share = coverage(sum(one.held for one in cuts), len(cuts))
        name = "live_coverage80" if mode == "stated" else "fitted_live_coverage80"
        what = f"{len(cuts)} projects under way, {mode}: the end lies within its 80% band"
        text = f"{share.mean:.1%} ({share.low:.1%} to {share.high:.1%})"
        figures.append(Figure(name, what, "99% interval holds 80%", share.mean, text, share.low <= 0.8 <= share.high))
    return Section("Projects under way", lines, figures)
