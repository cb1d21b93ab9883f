"""A truth drawn, a profile fitted from a short log of it, and what a budget from that profile promises of what follows.

All is as a user has it: the pilot's log is exported and calibrated, and the plan names the profile and says itself what
planners know: people, hours, pay, checks, and the work ahead. The truth's next work is simulated with people of its
own, as the forecast's are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from golden import with_gold

from labelcast.calibration.calibrate import calibrate
from labelcast.calibration.export import write_export
from labelcast.calibration.profile import write
from labelcast.reports.budget.whole import Asked, budget_of
from labelcast.scenarios.load import load
from labelcast.scenarios.unsure import Unsure
from labelcast.sim.engines import ENGINES, engine
from labelcast.sim.line import MICRO
from labelcast.sim.plan import Plan
from labelcast.sim.replicate import replicate
from labelcast.sim.replication import Lines

SEED = 20_261_130

REPLICATIONS = 39
"""Of a budget: its P80 is then the 32nd, and the next one lies below it with chance 32 in 40."""

MONTHS = 15
"""Of a budget; the horizon lies within them."""

GOLD = 4
"""Every so-manieth item of a pilot is a test question."""


@dataclass(frozen=True)
class Project:
    """What a budget promised, in units of the currency. cost: of the truth.  p80: with what was fitted drawn.
    as_fitted: with what was fitted taken as known.  kind: of contract."""

    kind: str
    cost: float
    p80: float
    as_fitted: float


@dataclass(frozen=True)
class Truth:
    """How people work, in scenario words, and the plan.

    hidden: keys of the pool team, of the work and of the stage annotate that only a log tells.  labels: of an item in
    the pilot and after.  reviewed: per cent, 0 for no review.
    """

    kind: str
    headcount: int
    pay: str
    labels: tuple[int, int]
    reviewed: int
    pilot: int
    ahead: int
    team: str
    work: str
    time: str


def drawn(rng: np.random.Generator) -> Truth:
    """A truth: half of them are a staff paid by the hour, half a vendor paid by the label whose work is reviewed and
    done again at the customer's cost."""
    vendor = bool(rng.integers(2))
    many = 1 if vendor else int(rng.integers(1, 4))
    skill, bus = f"{{mean: {rng.uniform(1, 2.5):.4f}, spread: {rng.uniform(0.2, 0.8):.4f}}}", int(rng.integers(20, 50))
    difficulty = f"{{spread: {rng.uniform(0.4, 1.3):.4f}}}"
    return Truth(
        kind="per label, rework paid" if vendor else "by the hour",
        headcount=int(rng.integers(12, 24)),
        pay="{per_label: 0.40 EUR, rework_paid: true}" if vendor else "{hourly: 20 EUR}",
        labels=(max(many, 2), many),
        reviewed=int(rng.integers(30, 100)) if vendor else 0,
        pilot=int(rng.integers(250, 700)),
        ahead=int(rng.integers(1500, 5000)),
        team=f"shrinkage: {rng.uniform(3, 20):.2f}%, speed: {{spread: {rng.uniform(0.2, 0.6):.4f}}}, skill: {skill}",
        work=f"classes: {{car: {100 - bus}%, bus: {bus}%}}, difficulty: {difficulty}",
        time=_time(rng),
    )


def _time(rng: np.random.Generator) -> str:
    middle = float(rng.uniform(60, 160))
    return [
        f"{{lognormal: {{median: {middle:.2f} s, sigma: {rng.uniform(0.3, 0.8):.4f}}}}}",
        f"{{gamma: {{mean: {middle:.2f} s, shape: {rng.uniform(1.5, 6):.4f}}}}}",
        f"{{weibull: {{scale: {middle:.2f} s, shape: {rng.uniform(1.2, 3):.4f}}}}}",
    ][int(rng.integers(3))]


def scenario(truth: Truth, *, profile: str = "", pilot: bool = False) -> str:
    """The pilot, the next work as it truly is, or, with a profile, as it is planned."""
    known = not profile
    reviewed = truth.reviewed and not pilot
    lines = [
        "labelcast: 1",
        *([f"profile: {profile}"] if profile else []),
        "start: 2027-01-04T09:00",
        "timezone: UTC",
        "currency: EUR",
        "horizon: 60 weeks",
        "calendars: {office: {days: Mon-Fri, hours: '09:00-17:00'}}",
        "work:",
        f"  items: {{backlog: {truth.pilot if pilot else truth.ahead} items{f', {truth.work}' if known else ''}}}",
        "pools:",
        f"  team: {{headcount: {truth.headcount}, calendar: office, pay: {truth.pay}"
        f"{f', {truth.team}' if known else ''}}}",
        *(["  checkers: {headcount: 6, calendar: office, pay: {hourly: 25 EUR}}"] if reviewed else []),
        "stages:",
        f"  annotate: {{pools: [team], labels_per_item: {truth.labels[0 if pilot else 1]}"
        f"{f', time: {truth.time}' if known else ''}}}",
    ]
    if reviewed:
        again = "on_reject: {to: annotate, rounds: 2, then: deliver}"
        lines.append(f"  review: {{pools: [checkers], time: 15 s, fraction: {truth.reviewed}%, {again}}}")
    return "\n".join(lines) + "\n"


def project(number: int) -> Project:
    """The project of this number; hangs on nothing else."""
    rng = np.random.default_rng([SEED, number])
    truth = drawn(rng)
    first, second, third = (int(one) for one in rng.integers(2**31, size=3))
    with TemporaryDirectory() as name:
        folder = Path(name)
        pilot, after, plan = (folder / one for one in ("pilot.yaml", "after.yaml", "plan.yaml"))
        pilot.write_text(scenario(truth, pilot=True), encoding="utf-8")
        after.write_text(scenario(truth), encoding="utf-8")
        plan.write_text(scenario(truth, profile="team.profile.yaml"), encoding="utf-8")
        log = engine(ENGINES[0])(Plan.of(load(pilot)), first, 0)
        write_export(with_gold(log, GOLD), folder / "log.csv")
        write(calibrate([folder / "log.csv"], pool="team", people="staff"), folder / "team.profile.yaml")
        cost = float(replicate(load(after), 1, second, 1).kpis["cost"].iloc[0])
        return Project(
            truth.kind, cost, *(_p80(plan, third, lines) for lines in (Unsure(plan, None, third).lines, None))
        )


def _p80(plan: Path, seed: int, lines: Lines | None) -> float:
    """As `labelcast budget` tells it."""
    runs = replicate(load(plan), REPLICATIONS, seed, 1, lines=lines)
    return budget_of(runs, Asked(MONTHS)).estimate.p80 / MICRO
