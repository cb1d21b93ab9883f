"""From checked scenarios to the line: SI units, every default written out, and who said what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...sim import line as sim
from ..aims import Aim
from ..layers import Layers
from ..origins import origins
from ..spec import ALWAYS, Scenario
from ..stretch import Stretch
from . import people, stages, work
from .distributions import DIGITS
from .epochs import Parts, epochs, one_offs, relabels, running, trainings
from .moments import since, until
from .money import exchange
from .people import Mix
from .work import FromFile


def resolve(holding: Sequence[Stretch], layers: Layers, name: str, from_file: FromFile) -> sim.Line:
    """The line of a scenario that breaks no rule: as it is at the start, and from each date on.

    name: where the scenario has none.  Pools that no stage ever names and calendars that nothing ever uses are no part
    of the line.
    """
    scenario, ways = holding[0].scenario, holding[0].ways
    used = {pool for one in holding for pool in used_pools(one.scenario)}
    calendars = {calendar for one in holding for calendar in used_calendars(one.scenario, used)}
    mix = mixed(scenario, from_file)
    parts = [_parts(one, scenario, used, calendars, mix, from_file) for one in holding]
    who = origins(scenario, ways.kinds, layers, calendars, used)
    usual = next((one for one, kind in ways.kinds.items() if kind == "annotate"), ways.first)
    return sim.Line(
        name=scenario.name or name,
        start=scenario.start.local,
        timezone=scenario.timezone,
        currency=scenario.currency,
        horizon_s=scenario.horizon,
        segments=parts[0].segments,
        calendars=parts[0].calendars,
        pools=parts[0].pools,
        stages=parts[0].stages,
        first=ways.first,
        goals=tuple(_goals(scenario)),
        tick_s=scenario.tick,
        charts=tuple(
            sim.Chart(
                one,
                chart.watch,
                chart.in_control,
                chart.out_of_control,
                None if chart.limit is not None else float(chart.false_alarm_every),
                chart.limit,
                None if chart.since is None else since(scenario, chart.since),
            )
            for one, chart in scenario.charts.items()
        ),
        sampling=work.sampling(scenario),
        windows=tuple(
            sim.Window(one, until(scenario, window.on), window.items, window.segment)
            for one, window in scenario.goals.windows.items()
        ),
        wip=scenario.wip,
        epochs=tuple(epochs(scenario, parts)),
        trainings=trainings(scenario),
        relabels=relabels(scenario, usual),
        one_offs=one_offs(scenario),
        running=running(scenario),
        exchange=exchange(scenario),
        assumed=who.assumed,
        fitted=who.fitted,
        stated=who.stated,
        backtest=layers.backtest,
    )


def _parts(one: Stretch, start: Scenario, used: set[str], calendars: set[str], mix: Mix, from_file: FromFile) -> Parts:
    """The parts of the line. start: the scenario by whose work and people accuracies are meant, so that work that
    grows harder makes labels worse, and does not raise skill."""
    scenario, ways = one.scenario, one.ways
    return Parts(
        one.at_s,
        segments=tuple(
            work.segment(name, part, scenario, from_file, tuple(start.work[name].classes))
            for name, part in scenario.work.items()
        ),
        calendars=_calendars(scenario, calendars),
        pools=tuple(
            people.pool(
                name, part, people.mean(start.pools[name].model_copy(update={"skill": part.skill}), mix), scenario
            )
            for name, part in scenario.pools.items()
            if name in used
        ),
        stages=tuple(
            stages.stage(name, part, ways, stages.model_skill(part.model, start.stages[name].model, mix), scenario)
            for name, part in scenario.stages.items()
        ),
    )


def used_pools(scenario: Scenario) -> set[str]:
    """Pools that a stage gives items to."""
    return {pool for stage in scenario.stages.values() for pool, share in (stage.pools or {}).items() if share > 0}


def used_calendars(scenario: Scenario, pools: set[str]) -> set[str]:
    """Calendars of these pools and of what arrives."""
    used = {part.arrivals.calendar for part in scenario.work.values() if part.arrivals is not None}
    used |= {part.questions.calendar for part in scenario.stages.values() if part.questions is not None}
    return used | {people.calendar_of(part) for name, part in scenario.pools.items() if name in pools}


def _calendars(scenario: Scenario, used: set[str]) -> tuple[sim.Calendar, ...]:
    """Those that are used, in order; `always` last."""
    written = [people.calendar(one, week, scenario) for one, week in scenario.calendars.items() if one in used]
    return (*written, people.always()) if ALWAYS in used else tuple(written)


def mixed(scenario: Scenario, from_file: FromFile) -> Mix:
    """The work by which accuracies are meant."""
    segments = [work.segment(name, part, scenario, from_file) for name, part in scenario.work.items()]
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
