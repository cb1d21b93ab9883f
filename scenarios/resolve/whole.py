"""From a checked scenario to the line: SI units, every default written out, and who said what."""

from __future__ import annotations

from collections.abc import Iterator

from ...sim import line as sim
from ..aims import Aim
from ..layers import Layers
from ..origins import origins
from ..routing import Routes
from ..spec import ALWAYS, Scenario
from . import people, stages, work
from .distributions import DIGITS
from .moments import until
from .people import Mix
from .work import FromFile


def resolve(scenario: Scenario, ways: Routes, layers: Layers, name: str, from_file: FromFile) -> sim.Line:
    """The line of a scenario that breaks no rule. name: where the scenario has none.

    Pools that no stage names and calendars that nothing uses are no part of it.
    """
    used = used_pools(scenario)
    calendars = used_calendars(scenario, used)
    segments = tuple(work.segment(one, part, scenario, from_file) for one, part in scenario.work.items())
    mix = mixed(segments, scenario)
    fitted, assumed = origins(scenario, ways.kinds, layers, calendars)
    return sim.Line(
        name=scenario.name or name,
        start=scenario.start.local,
        timezone=scenario.timezone,
        currency=scenario.currency,
        horizon_s=scenario.horizon,
        segments=segments,
        calendars=resolved_calendars(scenario, calendars),
        pools=tuple(people.pool(one, part, mix) for one, part in scenario.pools.items() if one in used),
        stages=tuple(stages.stage(one, part, ways, mix) for one, part in scenario.stages.items()),
        first=ways.first,
        goals=tuple(_goals(scenario)),
        tick_s=scenario.tick,
        sampling=work.sampling(scenario),
        windows=tuple(
            sim.Window(one, until(scenario, window.on), window.items, window.segment)
            for one, window in scenario.goals.windows.items()
        ),
        wip=scenario.wip,
        assumed=assumed,
        fitted=fitted,
    )


def used_pools(scenario: Scenario) -> set[str]:
    """Pools that a stage gives items to."""
    return {pool for stage in scenario.stages.values() for pool, share in (stage.pools or {}).items() if share > 0}


def used_calendars(scenario: Scenario, pools: set[str]) -> set[str]:
    """Calendars of these pools and of what arrives."""
    used = {part.arrivals.calendar for part in scenario.work.values() if part.arrivals is not None}
    return used | {people.calendar_of(part) for name, part in scenario.pools.items() if name in pools}


def resolved_calendars(scenario: Scenario, used: set[str]) -> tuple[sim.Calendar, ...]:
    """Those that are used, in order; `always` last."""
    written = [people.calendar(one, week, scenario) for one, week in scenario.calendars.items() if one in used]
    return (*written, people.always()) if ALWAYS in used else tuple(written)


def mixed(segments: tuple[sim.Segment, ...], scenario: Scenario) -> Mix:
    """The work by which accuracies are meant."""
    return [(work.expected_items(segment, scenario.horizon), segment) for segment in segments]


def _goals(scenario: Scenario) -> Iterator[sim.Goal]:
    goals = scenario.goals
    if goals.deadline is not None:
        assert goals.deadline.when is not None
        days = round(until(scenario, goals.deadline.when) / 86_400, DIGITS)
        yield sim.Goal("finish_days", "<=", days, goals.deadline.chance)
    if goals.accuracy is not None:
        yield _at_least("accuracy", goals.accuracy)
    if goals.budget is not None:
        assert goals.budget.value is not None
        yield sim.Goal("cost", "<=", goals.budget.value, goals.budget.chance)
    if goals.on_time is not None:
        yield _at_least("on_time", goals.on_time)


def _at_least(kpi: str, aim: Aim) -> sim.Goal:
    assert aim.value is not None
    return sim.Goal(kpi, ">=", aim.value, aim.chance)
