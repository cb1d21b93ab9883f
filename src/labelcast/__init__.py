"""labelcast forecasts a data-annotation production line: how long, what cost, how good, how sure.

    import labelcast as lc

    plan = lc.load("my-plan.yaml")                       # or the name of a scenario that comes with labelcast
    lc.run(plan)                                         # cost, finish, quality: error and risk
    lc.compare(plan, "vendor.yaml", deadline="2027-03-01")
    lc.cover(plan)                                       # who is on shift when, and where is nobody
    lc.select(plan, over="stages.annotate.batch.size=1, 5, 20 items")   # the best, with the chance that it is
    lc.search(plan)                                      # the cheapest plan that keeps its goals, certified
    lc.bottleneck(plan)                                  # what one more person would give, and where
    lc.sensitivity(plan, profile="team.profile.yaml")    # what the answer hangs on
    lc.uncertainty(plan, profile="team.profile.yaml")    # chance, the log, or the plan?
    lc.budget(plan, budget="60000 EUR")                  # month by month
    lc.invest(plan, rate="10%")                          # do tools and trainings pay?
    lc.breakeven(plan, "vendor.yaml", over="work.items.backlog=1_000 items..9_000 items")
    lc.why("before.yaml", "after.yaml")                  # volume, mix, speed, rework, staff or price?
    lc.modelvalue("trainings.csv", worth="5000 EUR", price="0.10 EUR")
    lc.pilot(plan, "vendor.yaml", over="pools.vendor.skill.accuracy=70%..92%", harm="15 EUR")
    lc.forecast(plan, "live-export.json")                # from today's log to the end
    lc.calibrate("export.csv.gz").write("team.profile.yaml")

Each is the command of that name, with its options and defaults, and gives the same numbers on the same seed. What comes
back shows its sentences in a console and its table in a notebook, and has `.frame` (pandas), `.plot()` (matplotlib),
`.text` (what the command prints) and mostly `.data` (what `--json` prints). docs/tour.ipynb is a tour.

What a user did wrong is raised as `labelcast.Refused`, with every problem and how to mend it.
Names are imported when first used: `import labelcast` alone loads nothing heavy.
"""

from __future__ import annotations

from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .answers.bottleneck import bottleneck
    from .answers.breakeven import breakeven
    from .answers.budget import budget
    from .answers.calibrate import calibrate
    from .answers.compare import compare
    from .answers.cover import cover
    from .answers.forecast import forecast
    from .answers.invest import invest
    from .answers.modelvalue import modelvalue
    from .answers.pilot import pilot
    from .answers.run import run
    from .answers.scenario import load
    from .answers.search import search
    from .answers.select import select
    from .answers.sensitivity import sensitivity
    from .answers.uncertainty import uncertainty
    from .answers.why import why
    from .reports.page import write_report
    from .sim.agreement import agreement_of
    from .sim.errors import Refused
    from .sim.replicate import replicate, summaries
    from .sim.store import read_log, write_log

__all__ = [
    "Refused",
    "agreement_of",
    "bottleneck",
    "breakeven",
    "budget",
    "calibrate",
    "compare",
    "cover",
    "forecast",
    "invest",
    "load",
    "modelvalue",
    "pilot",
    "read_log",
    "replicate",
    "run",
    "search",
    "select",
    "sensitivity",
    "summaries",
    "uncertainty",
    "why",
    "write_log",
    "write_report",
]

_ROOMS = {
    "Refused": "sim.errors",
    "agreement_of": "sim.agreement",
    "bottleneck": "answers.bottleneck",
    "breakeven": "answers.breakeven",
    "budget": "answers.budget",
    "calibrate": "answers.calibrate",
    "compare": "answers.compare",
    "cover": "answers.cover",
    "forecast": "answers.forecast",
    "invest": "answers.invest",
    "load": "answers.scenario",
    "modelvalue": "answers.modelvalue",
    "pilot": "answers.pilot",
    "read_log": "sim.store",
    "replicate": "sim.replicate",
    "run": "answers.run",
    "search": "answers.search",
    "select": "answers.select",
    "sensitivity": "answers.sensitivity",
    "summaries": "sim.replicate",
    "uncertainty": "answers.uncertainty",
    "why": "answers.why",
    "write_log": "sim.store",
    "write_report": "reports.page",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return metadata.version("labelcast")
    if name not in _ROOMS:
        raise AttributeError(f"labelcast has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
