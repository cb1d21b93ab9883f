"""What happens on dates: ramps and `changes`, as the tree that holds from each date on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, groupby

from . import effects
from .check import Loc, check, place
from .contracts import Prices
from .nodes import Listing, Mapping, Node, Scalar
from .paths import changeable, multiplied, put, same_place, spot
from .problems import Problems
from .references import check_references
from .resolve.moments import since
from .routing import Broken, routes
from .spec import Scenario
from .stretch import Stretch


@dataclass(frozen=True)
class Step:
    """A key that changes at a moment. value: what it becomes, None where a factor multiplies it."""

    at_s: float
    day: str
    loc: Loc
    path: str
    value: Node | None = None
    factor: Decimal | None = None


def stretches(scenario: Scenario, root: Mapping, problems: Problems) -> list[Stretch]:
    """The scenario at its start, and as it is from each date on; problems of a change are added."""
    steps = [*_ramps(scenario, root), *_changes(scenario, root)]
    begun, written = scenario, root
    if any(step.at_s <= 0 for step in steps):
        root = _started(root, steps)
        started = check(root, True, problems)
        assert started is not None  # a ramp's number is one that the scenario has
        begun = started
    found = [Stretch(0.0, begun, routes(begun))]
    later = sorted((step for step in steps if step.at_s > 0), key=lambda step: (step.at_s, step.value is None))
    for at_s, together in groupby(later, key=lambda step: step.at_s):
        if at_s >= scenario.horizon:
            break
        here = Problems(problems.files)
        group, before, known = list(together), root, len(problems.found)
        for step in group:
            root = _taken(step, root, problems)
        if len(problems.found) == known:
            _once(group, written, problems)
        if len(problems.found) > known:
            continue
        words = f"from {group[0].day} on, "
        stretch = _stretch(at_s, root, found[0], here)
        for mark, path, message in here.found:
            problems.add(mark, path, f"{words}{message}")
        if stretch is None:
            root = before  # so that what comes later is told as well
        else:
            found.append(stretch)
    return found


def _ramps(scenario: Scenario, root: Mapping) -> Iterator[Step]:
    """The steps of headcounts; those before the start and at it in one step at the start."""
    for name, pool in scenario.pools.items():
        ramp = pool.headcount.ramp if pool.headcount is not None else None
        if ramp is None:
            continue
        path, loc = f"pools.{name}.headcount", ("pools", name, "headcount")
        mark, _ = place(root, loc)
        first = 0
        for moment, people in sorted(ramp.items(), key=lambda entry: entry[0].local):
            at_s = since(scenario, moment)
            if at_s > 0:
                yield Step(at_s, _day(moment.local.isoformat(), moment.day), loc, path, Scalar(mark, str(people)))
            else:
                first = people
        yield Step(0.0, "", loc, path, Scalar(mark, str(first)))


def _changes(scenario: Scenario, root: Mapping) -> Iterator[Step]:
    listing = root.entries.get("changes")
    nodes = listing.items if isinstance(listing, Listing) else []
    for number, (change, node) in enumerate(zip(scenario.changes, nodes, strict=True)):
        if change.path is None:
            continue
        assert isinstance(node, Mapping)
        factor = None if change.factor is None else Decimal(str(change.factor))
        day, value = _day(change.on.local.isoformat(), change.on.day), node.entries.get("value")
        if isinstance(value, Scalar):
            value = Scalar(value.mark, effects.value(value.text, None), value.empty)
        yield Step(since(scenario, change.on), day, ("changes", number, "path"), change.path, value, factor)


def _day(moment: str, bare: bool) -> str:
    return moment[:10] if bare else moment[:16]


def _started(root: Mapping, steps: list[Step]) -> Mapping:
    """The tree with each ramp as the number that it is at the start."""
    for step in steps:
        if step.at_s <= 0 and step.value is not None:
            root = put(root, spot(root, step.path), step.value)
    return root


def _taken(step: Step, root: Mapping, problems: Problems) -> Mapping:
    """The tree after a step, or as it was if the step is refused."""
    mark, shown = place(root, step.loc)
    try:
        at = changeable(root, step.path)
        value = step.value
        if value is None:
            assert step.factor is not None
            value = multiplied(root, at, step.factor, place(root, (*step.loc[:-1], "factor"))[0])
        return put(root, at, value)
    except ValueError as error:
        problems.add(mark, shown, str(error))
        return root


def _once(group: list[Step], root: Mapping, problems: Problems) -> None:
    """Adds a problem for each value that takes the place of another one of the same moment. Factors come after all
    values, and may be several: their order means nothing."""
    values = [(step, spot(root, step.path)) for step in group if step.value is not None]
    for (first, one), (second, other) in combinations(values, 2):
        if same_place(one, other):
            mark, shown = place(root, second.loc)
            before, _ = place(root, first.loc)
            rule = f"{second.path} has one value at a time, but {before.file}:{before.line} gives another one"
            problems.add(mark, shown, f"{rule} from {second.day} on. Take one of them out.")


def _stretch(at_s: float, root: Mapping, begun: Stretch, problems: Problems) -> Stretch | None:
    """The scenario of a changed tree, None if it breaks a rule."""
    scenario = check(root, True, problems)
    check_references(root, problems)
    if scenario is None or problems.found:
        return None
    stretch = Stretch(at_s, scenario, routes(scenario))
    for loc, message in (*stretch.ways.broken, *_other(stretch, begun)):
        mark, shown = place(root, loc)
        problems.add(mark, shown, message)
    return None if problems.found else stretch


def _other(stretch: Stretch, begun: Stretch) -> Iterator[Broken]:
    """What must be as it was at the start, and is not."""
    came, come = begun.ways.first, stretch.ways.first
    if come != came:
        yield ("stages",), f"items must enter where they did, at {came}, but come to {come}. Name it as `first`."
    for name, segment in stretch.scenario.work.items():
        before = list(begun.scenario.work[name].classes)
        if set(segment.classes) != set(before):
            message = f"the classes stay the same ({', '.join(before)}), with 0% for one that is gone, but do not."
            yield ("work", name, "classes"), message
        if segment.arrivals is None and begun.scenario.work[name].arrivals is not None:
            yield ("work", name, "arrivals"), "arrivals must not vanish. Change their rate, or say `until`."
    for name, contract in stretch.scenario.contracts.items():
        yield from _kept(("contracts", name), begun.scenario.contracts[name], contract)
    for name, pool in stretch.scenario.pools.items():
        pay = begun.scenario.pools[name].pay
        was, now = (None if one is None else one.contract for one in (pay, pool.pay))
        if was != now:
            message = (
                "a pool has the same contract all the time. Change keys of the contract, or give work to a new pool."
            )
            yield ("pools", name, "pay"), message
        elif pay is not None and pool.pay is not None:
            yield from _kept(("pools", name, "pay"), pay, pool.pay)
        if pool.utilisation_cap != begun.scenario.pools[name].utilisation_cap:
            message = "a cap of utilisation holds for the whole run, but changes. Write it as at the start."
            yield ("pools", name, "utilisation_cap"), message
        if pool.headcount is not None and pool.headcount.ramp is not None:
            yield ("pools", name, "headcount"), "a change sets one number, but got a ramp. Write it at the pool itself."


KEPT: dict[str, Callable[[Prices], object]] = {
    "currency": lambda one: {amount.currency for amount in one.amounts},
    "tax": lambda one: one.tax,
    "set_up": lambda one: one.set_up,
    "accuracy": lambda one: one.accuracy,
    "on_time": lambda one: one.on_time,
    "termination": lambda one: one.termination,
    "lots": lambda one: one.lots,
    "minimum.per": lambda one: None if one.minimum is None else one.minimum.per,
    "per_label.unit": lambda one: None if one.per_label is None else one.per_label.unit,
    "per_label.scheme": lambda one: None if one.per_label is None else one.per_label.scheme,
    "per_label.count": lambda one: None if one.per_label is None else one.per_label.count,
}
"""What of a contract holds for the whole run; of a part, as long as it is there."""


def _kept(loc: tuple[str, ...], before: Prices, now: Prices) -> Iterator[Broken]:
    for name, value in KEPT.items():
        was, then = value(before), value(now)
        if was != then and not ("." in name and None in (was, then)):
            yield loc, f"{name} of a contract holds for the whole run, but changes. Write it as at the start."


def untrained(held: list[Stretch], used: set[str]) -> Iterator[Broken]:
    """Training of those who cannot be trained. used: pools that a stage ever names."""
    for number, change in enumerate(held[0].scenario.changes):
        if change.train is None:
            continue
        pool, loc = change.train.pool, ("changes", number, "train", "pool")
        if held[0].scenario.pools[pool].sessions is not None:
            yield loc, f"{pool} is a crowd, whose people are not trained. Name staff."
        elif pool not in used:
            yield loc, f"no stage ever names {pool}, so it is no part of the line. Take this out."
