"""`labelcast report --for` as a function: the page of a saved run or answer for one of its readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..reports.pages import Sheet, finance_page, lead_page, manager_page
from ..scenarios.guessed import guesses
from ..scenarios.parameters import CHANGES, movable
from ..scenarios.saved import Saved, SavedAnswer
from ..scenarios.sensitivity import Sensitivity
from ..sim.errors import ScenarioRefused
from ..sim.log import Log
from ..sim.replicate import Runs
from ..sim.replication import Job, one
from .asking import opened
from .bottleneck import BottleneckAnswer, bottleneck
from .breakeven import breakeven
from .budget import BudgetAnswer, budget_of_runs
from .compare import CompareAnswer
from .saved import answered_again, plans_of, profile_of
from .sensitivity import sensitivity

WORK = 150_000_000
"""Items that are simulated at most, of all plans, for what would change a manager's answer."""

FEWEST, MOST = 10, 30
"""Replications of a line and of each change to it, on a lead's page; between them as many as were saved."""


RANGES = (
    "What `changes` says by a range stands at its median in these runs ({}): the risk below knows nothing of it. "
    "`labelcast budget` draws from such ranges."
)


@dataclass(frozen=True)
class _Wanted:
    """What is asked of the plans of a run or answer. over: ranges in which values of theirs may lie, as typed."""

    saved: Saved | SavedAnswer
    plans: tuple[Path, ...]
    profile: Path | None
    over: tuple[str, ...]
    plan: str | None
    processes: int | None

    @property
    def seed(self) -> int:
        """Of the run or answer."""
        if isinstance(self.saved, Saved):
            return self.saved.manifest.asked.seed
        return int(self.saved.manifest.question.arguments.get("seed", 1))


def page_of(
    saved: Saved | SavedAnswer,
    reader: str,
    *,
    over: Sequence[str] = (),
    plan: str | None = None,
    processes: int | None = None,
) -> Sheet:
    """The page of a saved run or answer for a reader, with what it needs besides simulated on the run's own seed.

    reader: manager, finance or lead. A run and a comparison have a page for each, a budget for finance, a bottleneck
    for a lead.
    over: ranges of keys, "pools.vendor.headcount=4..12": the manager's page tells what they change.
    plan: of a comparison, the one whose line the lead's page is of; the baseline if not said.

    Raises ScenarioRefused where the answer has no such page or an option means nothing.
    """
    asked = saved.manifest.question.name if isinstance(saved, SavedAnswer) else "run"
    if asked not in PAGES[reader]:
        rule = f"is an answer of `labelcast {asked}`, and the page for {reader} is of {_listed(PAGES[reader])}"
        raise ScenarioRefused(f"{saved.name}: {rule}. Name one of these, or read {saved.folder}/answer.txt.")
    if over and reader != "manager":
        raise ScenarioRefused(f"--over: is for the manager's page, but the page is for {reader}. Leave it out.")
    if plan is not None and (reader, asked) != ("lead", "compare"):
        raise ScenarioRefused("--plan: says of which plan of a comparison the lead's page is. Leave it out.")
    if isinstance(saved, Saved):
        wanted = _Wanted(saved, (saved.scenario,), saved.profile, tuple(over), plan, processes)
    else:
        plans = (*plans_of(saved, "scenarios"), *plans_of(saved, "scenario"))
        wanted = _Wanted(saved, plans, profile_of(saved), tuple(over), plan, processes)
    return MAKERS[reader](wanted)


def _listed(names: Sequence[str]) -> str:
    return f"a {', a '.join(names[:-1])} or a {names[-1]}"


def _manager(wanted: _Wanted) -> Sheet:
    saved = wanted.saved
    if isinstance(saved, Saved):
        turning, guessed = _turning(wanted, [saved.runs], [wanted.plans[0]])
        return manager_page([saved.runs], turning=turning, guessed=guessed)
    found = answered_again(saved, wanted.processes)
    assert isinstance(found, CompareAnswer)
    names = [each.line.name for each in found.all_runs]
    paths = _by_name(wanted)
    cheapest = min(found.all_runs[1:], key=lambda each: float(each.kpis["cost"].mean())).line.name
    pair = paths[names[0]], paths[cheapest]
    even = None
    if wanted.over:
        asked = breakeven(
            *pair, over=wanted.over[0], seed=wanted.seed, processes=wanted.processes, profile=wanted.profile
        )
        even = asked.found
    turning, guessed = _turning(wanted, found.all_runs, [paths[name] for name in names])
    return manager_page(found.all_runs, found.comparison, turning, even, guessed)


def _by_name(wanted: _Wanted) -> Mapping[str, Path]:
    """The plans' files by the names of their lines."""
    return {opened(path, wanted.profile).line.name: path for path in wanted.plans}


def _turning(wanted: _Wanted, runs: Sequence[Runs], plans: Sequence[Path]) -> tuple[Sensitivity | None, Sequence[str]]:
    """What the answer hangs on, None where nothing can be moved; and keys that were moved by a guess, since nobody said
    how sure they are. runs: of the plans as they are, whose replications are made again with each change, the first of
    them where all would take too long."""
    said = {text.partition("=")[0].strip() for text in wanted.over}
    guessed = [one for one in guesses([(each, wanted.profile) for each in plans]) if one.partition("=")[0] not in said]
    over = [*wanted.over, *guessed]
    fitted = {one for plan in plans for one in movable(plan, wanted.profile, ()).fitted}
    if not over and not fitted:
        return None, ()
    items = sum(float(each.kpis["items_delivered"].mean()) for each in runs)
    count = len(runs[0].kpis)
    most = int(WORK / max(1.0, items * (1 + 2 * (len(fitted) + len(over)))))
    found = sensitivity(
        plans[0],
        against=plans[1:],
        over=over,
        replications=max(min(count, most), min(count, FEWEST), 2),
        seed=wanted.seed,
        processes=wanted.processes,
        profile=wanted.profile,
    ).found
    return found, [one.partition("=")[0] for one in guessed]


def _finance(wanted: _Wanted) -> Sheet:
    if isinstance(wanted.saved, SavedAnswer) and wanted.saved.manifest.question.name == "budget":
        found = answered_again(wanted.saved, wanted.processes)
        assert isinstance(found, BudgetAnswer)
        return finance_page([found.budget])
    ranged = {
        one.name for plan in wanted.plans for one in movable(plan, wanted.profile, ()).fitted if one.source == CHANGES
    }
    cautions = [RANGES.format(", ".join(sorted(ranged)))] if ranged else []
    if isinstance(wanted.saved, Saved):
        return finance_page([budget_of_runs(wanted.saved.runs)], cautions=cautions)
    compared = answered_again(wanted.saved, wanted.processes)
    assert isinstance(compared, CompareAnswer)
    return finance_page([budget_of_runs(each) for each in compared.all_runs], compared.comparison, cautions)


def _lead(wanted: _Wanted) -> Sheet:
    saved = wanted.saved
    if isinstance(saved, SavedAnswer) and saved.manifest.question.name == "bottleneck":
        found = answered_again(saved, wanted.processes)
        assert isinstance(found, BottleneckAnswer)
        return lead_page(found.effects.base, found.effects, _log(found.effects.base))
    path = wanted.plans[0]
    if wanted.plan is not None:
        named = _by_name(wanted)
        if wanted.plan not in named:
            raise ScenarioRefused(f"--plan: none of the plans is {wanted.plan!r} (there are: {', '.join(named)}).")
        path = named[wanted.plan]
    count = min(max(len(saved.runs.kpis), FEWEST), MOST) if isinstance(saved, Saved) else MOST
    effects = bottleneck(
        path, replications=count, seed=wanted.seed, processes=wanted.processes, profile=wanted.profile
    ).effects
    return lead_page(effects.base, effects, _log(effects.base))


def _log(runs: Runs) -> Log:
    """The log of the first replication."""
    found = one(Job(runs.line, runs.seed, runs.engine, keep_log=True), 0)
    assert found.log is not None
    return found.log


MAKERS: Mapping[str, Callable[[_Wanted], Sheet]] = {"manager": _manager, "finance": _finance, "lead": _lead}

PAGES: Mapping[str, tuple[str, ...]] = {
    "manager": ("run", "compare"),
    "finance": ("run", "compare", "budget"),
    "lead": ("run", "compare", "bottleneck"),
}
"""Of what there is a page for a reader."""
