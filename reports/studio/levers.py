"""What of a scenario a person may move, found from it: work, people, shifts, reviews, labels, batches, shares, prices.

A lever is a key of the scenario and a range of numbers. Its name is the key's path, so that a link can name it; a share
of work adds the pool's name (`stages.annotate.pools/vendor`), a factor on a table of prices an `x`
(`pools.vendor.pay.per_label*x`), and hours at the end of each day an `h` (`calendars.office.hours+h`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ...scenarios import units
from ...scenarios.hours import DAYS, day_hours, day_numbers
from ...scenarios.nodes import Mapping as Tree
from ...scenarios.nodes import Node, Scalar
from ...scenarios.paths import multiplied, spot, value_at
from ...scenarios.problems import Mark
from ...sim.line import Line, Pool
from ..keys import PRICES

HERE = Mark("the studio", 0, 0)
"""Where a value stands that a lever gave."""

GROUPS = ("Work", "People", "Shifts", "Review", "Labels", "Batches", "Shares", "Prices")

_NUMBER = re.compile(rf"\s*({units.NUMBER})\s*([A-Za-z%/ ]*)", re.ASCII)

LONGER_H = 4.0
"""Hours more a day, at most."""

DAY_S, HALF_S = 86_400, 1_800

MOST = 60
"""Levers of a scenario; a line of more has those of its first pools and stages."""


@dataclass(frozen=True)
class Lever:
    """A number that can be moved.

    name: of the lever, in links.  path: of its key.  group: one of GROUPS.  label: what it moves, with the planner's
    own names.  low, high, step: its range, in `unit`.  now: as the scenario has it.  part: of shares, whose; among: all
    of them, in percent.
    """

    name: str
    path: str
    group: str
    label: str
    low: float
    high: float
    step: float
    now: float
    unit: str = ""
    part: str = ""
    among: tuple[tuple[str, float], ...] = ()

    def shown(self, value: float) -> str:
        """The value as a file would write it, and as it is shown: 25%, 0.42 EUR, 12."""
        number = f"{Decimal(repr(round(value, 6))).normalize():f}"
        return f"{number}{self.unit}" if self.unit[:1] in ("", "%", "/") else f"{number} {self.unit}"

    def nearest(self, value: float) -> float:
        """The value of the range that is nearest to a number. ValueError where it is none."""
        if not math.isfinite(value):
            raise ValueError(f"{self.name} must be a number")
        steps = round((min(max(value, self.low), self.high) - self.low) / self.step)
        found = round(min(self.low + steps * self.step, self.high), 6)
        return self.now if math.isclose(value, self.now, rel_tol=1e-9) else found


def levers(root: Tree, line: Line) -> tuple[Lever, ...]:
    """What can be moved of a scenario. root: its merged tree.  line: as it stands."""
    found = [
        *_work(root, line),
        *_people(root, line),
        *_shifts(root, line),
        *_reviews(line),
        *_labels(line),
        *_batches(root, line),
        *_shares(root, line),
        *_prices(root, line),
    ]
    return tuple(found[:MOST])


def keys(root: Tree, known: Sequence[Lever], moved: Mapping[str, float]) -> list[tuple[str, Node]]:
    """The keys of a scenario with their values where levers were moved, as `load` takes them. moved: by name."""
    found: list[tuple[str, Node]] = []
    shared: dict[str, dict[str, float]] = {}
    for lever in known:
        if lever.name not in moved:
            continue
        value = moved[lever.name]
        if lever.part:
            shared.setdefault(lever.path, {})[lever.part] = value
        elif lever.name.endswith("+h"):
            found.append((lever.path, Scalar(HERE, _longer(_text(root, lever.path), value))))
        elif lever.path.startswith("calendars.") and lever.path.endswith(".days"):
            found.append((lever.path, Scalar(HERE, DAYS[0] if value == 1 else f"{DAYS[0]}-{DAYS[round(value) - 1]}")))
        elif lever.name.endswith("*x"):
            found.append((lever.path, multiplied(root, spot(root, lever.path), Decimal(repr(value)), HERE)))
        else:
            found.append((lever.path, Scalar(HERE, lever.shown(value))))
    for path, said in shared.items():
        now = dict(next(one.among for one in known if one.path == path))
        found.append((path, _table(together(now, said))))
    return found


def together(now: Mapping[str, float], said: Mapping[str, float]) -> dict[str, float]:
    """Shares in percent that sum to 100 with those that are said; the others keep their proportions. Where those that
    are said come to more, they are cut down in proportion."""
    fixed = {name: said[name] for name in now if name in said}
    fixed = {name: value if value > 1e-6 else 0.0 for name, value in fixed.items()}
    total = sum(fixed.values())
    if total > 100 or len(fixed) == len(now):
        scale = 100 / total if total else 0.0
        found = {name: fixed.get(name, 0.0) * scale for name in now} if total else {**now}
    else:
        rest = {name: value for name, value in now.items() if name not in fixed}
        whole = sum(rest.values())
        each = {name: value / whole if whole else 1 / len(rest) for name, value in rest.items()}
        found = {**fixed, **{name: (100 - total) * share for name, share in each.items()}}
    return {name: found[name] for name in now}


def _table(shares: Mapping[str, float]) -> Tree:
    """Shares as a file would write them, of exactly 100% together."""
    texts = {name: Decimal(repr(round(value, 4))) for name, value in shares.items()}
    last = max(texts, key=lambda name: texts[name])
    texts[last] += 100 - sum(texts.values(), Decimal(0))
    entries: dict[str, Node] = {name: Scalar(HERE, f"{one.normalize():f}%") for name, one in texts.items() if one > 0}
    return Tree(HERE, entries, dict.fromkeys(entries, HERE))


def _people(root: Tree, line: Line) -> Iterator[Lever]:
    """Headcounts that stay the same, and visits of crowds."""
    for pool in line.pools:
        for key, unit, what in (("headcount", "", "people"), ("sessions.rate", "/hour", "visits")):
            path = f"pools.{pool.name}.{key}"
            now, given = _number(root, path)
            if now is None or (key == "headcount" and not now.is_integer()) or (unit and given != unit):
                continue
            high = max(4.0, _up(3 * now))
            yield Lever(path, path, "People", f"{pool.name}: {what}", 1.0, high, 1.0, now, unit)


def _work(root: Tree, line: Line) -> Iterator[Lever]:
    """What is there at the start, and what comes, where it is one number."""
    for segment in line.segments:
        for key, what in (("backlog", "items at the start"), ("arrivals.rate", "arrivals")):
            path = f"work.{segment.name}.{key}"
            now, unit = _number(root, path)
            if now is not None and now > 0 and unit.startswith("item" if key == "backlog" else ""):
                high = max(_up(3 * now), 2.0)
                step = 10.0 ** (math.floor(math.log10(now)) - 1)
                step = max(step, 1.0) if key == "backlog" else step
                yield Lever(path, path, "Work", f"{segment.name}: {what}", step, high, step, now, unit)


def _shifts(root: Tree, line: Line) -> Iterator[Lever]:
    """Hours more at the end of each day, and days from Monday on, of calendars that say them in one text."""
    for name in dict.fromkeys(pool.calendar for pool in line.pools if pool.sessions is None):
        path = f"calendars.{name}"
        spans = _spans(_text(root, f"{path}.hours"))
        if not spans:
            continue
        room = min(LONGER_H, math.floor((DAY_S - spans[-1][1]) / HALF_S) / 2)
        if room > 0:
            label = f"{name}: hours more a day"
            yield Lever(f"{path}.hours+h", f"{path}.hours", "Shifts", label, 0.0, room, 0.5, 0.0)
        days = day_numbers(_text(root, f"{path}.days") or "Mon-Fri")
        if days == tuple(range(len(days))):
            label = f"{name}: days a week, from Monday"
            yield Lever(f"{path}.days", f"{path}.days", "Shifts", label, 1.0, 7.0, 1.0, float(len(days)))


def _text(root: Tree, path: str) -> str:
    """What is written at a path, "" where it is no text."""
    try:
        node = value_at(root, spot(root, path))
    except ValueError:
        return ""
    return node.text if isinstance(node, Scalar) and not node.empty else ""


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return day_hours(text) if text else ()


def _longer(text: str, hours: float) -> str:
    """Hours of the day with so many more at their end."""
    *others, last = text.split(",")
    start = last.split("-")[0]
    minutes = (_spans(text)[-1][1] + round(3600 * hours)) // 60
    return ",".join([*others, f"{start}-{minutes // 60:02}:{minutes % 60:02}"])


def _reviews(line: Line) -> Iterator[Lever]:
    for stage in line.stages:
        if stage.kind == "review":
            path = f"stages.{stage.name}.fraction.rest"
            other = bool(stage.segment_fractions or stage.class_fractions or stage.tenure_fractions)
            label = f"{stage.name}: {'other items' if other else 'items'} reviewed"
            yield Lever(path, path, "Review", label, 0.0, 100.0, 1.0, round(100 * stage.fraction, 6), "%")


def _labels(line: Line) -> Iterator[Lever]:
    for stage in line.stages:
        if stage.kind != "annotate" or stage.consensus.rule == "posterior":
            continue
        lead = stage.consensus.rule == "lead"
        now = stage.consensus.lead if lead else stage.labels_per_item
        people = sum(_heads(pool) for pool in line.pools if pool.name in dict(stage.pools))
        most = min(stage.consensus.most if lead else 9, people)
        if most > 1:
            path = f"stages.{stage.name}.labels_per_item.{stage.consensus.rule}"
            label = f"{stage.name}: {'labels of lead' if lead else 'labels an item'}"
            yield Lever(path, path, "Labels", label, 1.0, float(max(most, now)), 1.0, float(now))


def _batches(root: Tree, line: Line) -> Iterator[Lever]:
    """How many tasks are taken together, where a stage says so."""
    for stage in line.stages:
        path = f"stages.{stage.name}.batch.size"
        now, unit = _number(root, path)
        if now is not None and unit in ("item", "items"):
            high = max(10.0, _up(3 * now))
            yield Lever(path, path, "Batches", f"{stage.name}: batch", 1.0, high, 1.0, now, "items")


def _heads(pool: Pool) -> int:
    """People of a pool, many for a crowd."""
    return 9 if pool.sessions is not None else pool.headcount


def _shares(root: Tree, line: Line) -> Iterator[Lever]:
    """Who gets how much of the work; a pool that the scenario pays and gives no work to may get some."""
    used = {name for stage in line.stages for name, share in stage.pools if share > 0}
    spare = [name for name in _names(root, "pools") if name not in used]
    for stage in line.stages:
        shares = {name: round(100 * share, 6) for name, share in stage.pools}
        more = spare if stage.kind == "annotate" else []
        if not shares or len(shares) + len(more) < 2:
            continue
        path = f"stages.{stage.name}.pools"
        parts = [*shares, *more]
        among = tuple((name, shares.get(name, 0.0)) for name in parts)
        for name in parts[1:] if len(parts) == 2 else parts:
            now = shares.get(name, 0.0)
            label = f"{stage.name}: share of {name}"
            yield Lever(f"{path}/{name}", path, "Shares", label, 0.0, 100.0, 1.0, now, "%", name, among)


def _prices(root: Tree, line: Line) -> Iterator[Lever]:
    for pool in _names(root, "pools"):
        for price, what in PRICES.items():
            path = f"pools.{pool}.pay.{price}"
            node = value_at(root, spot(root, path))
            if node is None:
                continue
            now, unit = _number(root, path)
            if now is not None and unit in units.CURRENCIES:
                if now > 0:
                    step = 10.0 ** (math.floor(math.log10(now)) - 1)
                    yield Lever(path, path, "Prices", f"{pool}: {what}", 0.0, _round(3 * now, step), step, now, unit)
            elif price == "per_label":
                yield Lever(f"{path}*x", path, "Prices", f"{pool}: {what}, times", 0.1, 3.0, 0.05, 1.0)


def _names(root: Tree, section: str) -> list[str]:
    under = root.entries.get(section)
    return list(under.entries) if isinstance(under, Tree) else []


def _number(root: Tree, path: str) -> tuple[float | None, str]:
    """The number that is written at a path and its unit; None where there is none, or a table."""
    try:
        node = value_at(root, spot(root, path))
    except ValueError:
        return None, ""
    if not isinstance(node, Scalar) or node.empty:
        return None, ""
    match = _NUMBER.fullmatch(node.text)
    return (float(match[1].replace("_", "")), match[2].replace(" ", "")) if match else (None, "")


def _up(value: float) -> float:
    """The next number with one or two digits that is no less."""
    size = 10.0 ** max(math.floor(math.log10(max(value, 1.0))) - 1, 0)
    return math.ceil(value / size) * size


def _round(value: float, step: float) -> float:
    return round(round(value / step) * step, 6)
