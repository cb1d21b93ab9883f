"""A scenario that has something of everything, and every key of the models with its example."""

from __future__ import annotations

from collections.abc import Iterator

from labelcast.scenarios.parts import Part
from labelcast.scenarios.shape import Listed, Named, Shape, shape_under
from labelcast.scenarios.spec import Scenario
from labelcast.scenarios.spec.stages import OWN_KEYS

COMPLETE = """labelcast: 1
start: 2027-01-04T09:00
timezone: Europe/Paris
currency: EUR
work:
  street:
    backlog: 40_000 items
    arrivals: {rate: 100 items/week}
    due: 15 days
    classes: {car: 70%, truck: 20%, bus: 10%}
granularities: {polygon: {time: 2}}
exchange: {USD: 0.92}
calendars:
  office: {days: Mon-Fri, hours: "09:00-17:00"}
sites: {berlin: {delays: {manila: 1 h}}, manila: {}}
pools:
  team:
    headcount: 90
    calendar: office
    mentoring: {time: 2 h/week}
    overtime: 1 h
    overtime_cap: 3 h/week
    utilisation_cap: 85%
    pay: {hourly: 20 EUR, per_label: 0.1 EUR, monthly: 1 EUR, management: 1 EUR}
    cleared: yes
    discipline: fair
  vendor: {headcount: 90, calendar: always, cleared: yes}
  crowd: {sessions: 90/hour, tasks_per_session: 9, cleared: yes}
  experts: {headcount: 90, calendar: office, cleared: yes}
contracts:
  acme:
    hourly: 20 EUR
    per_label: 0.1 EUR
    minimum: 1 EUR
    index: 3%
    audit: {share: 5%, price: 1 EUR}
    accuracy: {steps: {0%: 0%}}
    on_time: {steps: {0%: 0%}}
    monthly: 1 EUR
    management: 1 EUR
    termination: 60 days
    lots: 1%
stages:
  dedup: {time: 1 s}
  prelabel: {time: 1 s}
  annotate:
    pools: {team: 80%, crowd: 20%}
    time: 30 s
    gold: {share: 1%, ban_below: 50%, retrain: {time: 1 h, gain: 0.2, half_life: 6 weeks}}
    batch: {size: 10 items}
    gather: {size: 10 items}
    escalation: {after: 5 days, to: adjudicate}
    rotation: {every: 1 week, people: 80}
  review: {pools: [experts], time: 10 s}
  inspect:
    pools: [experts]
    time: 10 s
    lot:
      sample: 20 items
      accept: 1 items
      switching: {tightened: {sample: 32 items, accept: 0 items}, reduced: {sample: 8 items, accept: 0 items}}
  adjudicate: {pools: [experts], time: 90 s}
charts: {drift: {watch: gold, in_control: 5%, out_of_control: 15%}}
goals: {windows: {june: {on: 2027-05-01, items: 100 items}}}
search: {vary: {pools.team.headcount: 85..95}}
"""

NAMES = {
    "work": "street",
    "calendars": "office",
    "sites": "berlin",
    "pools": "team",
    "granularities": "polygon",
    "windows": "june",
    "contracts": "acme",
    "exchange": "USD",
    "charts": "drift",
}


def keys(part: type[Part] = Scenario, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the models, with <name> and <number> for what the planner gives."""
    for key in part.model_fields:
        under: Shape = shape_under(part, key)
        here = (*before, key)
        yield here
        if isinstance(under, Named | Listed):
            here, under = (*here, "<name>" if isinstance(under, Named) else "<number>"), under.of
        if isinstance(under, type):
            yield from keys(under, here)


KEYS = list(keys())


def steps_of(key: tuple[str, ...]) -> tuple[str, ...]:
    """The key with names of the complete scenario."""
    name = NAMES.get(key[0] if len(key) < 2 or key[1] != "windows" else "windows", "")
    if key[0] == "pools" and len(key) > 2 and key[2] in ("sessions", "tasks_per_session"):
        name = "crowd"
    if key[0] == "stages":
        name = "annotate" if len(key) < 3 else OWN_KEYS.get(key[2], ("annotate",))[0]
        name = "review" if key[2:] == ("kind",) else name
    return tuple(name if step == "<name>" else step for step in key)


def example(part: type[Part], key: str) -> str:
    """The example of a key, as the page shows it."""
    examples = part.model_fields[key].examples
    assert examples, f"{part.__name__}.{key} has no example"
    return str(examples[0])
