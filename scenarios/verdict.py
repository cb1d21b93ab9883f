"""The sentence of two scenarios that a manager can read aloud: it claims no more than the numbers do."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from ..sim.registry import unit_of
from ..sim.statistics import Difference

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Found:
    """What was found of one KPI: the difference from the baseline, whether it stands after Holm's correction, in how
    many runs of either the work was not finished, and within how much of the baseline it surely lies where that is
    too little to matter, 0 where it is not."""

    difference: Difference
    differs: bool
    never: tuple[int, int] = (0, 0)
    within: float = 0.0


@dataclass(frozen=True)
class _Told:
    """How a KPI is told: `before` 3.2 unit `more` or `less` `after`, its noun where no difference was seen, how many of
    its unit one is, and below what no digit is told: a cent."""

    noun: str
    before: str
    unit: str
    more: str
    less: str
    scale: int = 1
    least: Decimal = Decimal(0)


def verdict(
    name: str,
    baseline: str,
    found: Mapping[str, Found],
    currency: str,
    level: float,
    replications: int,
    chances: Sequence[str] = (),
) -> str:
    """One sentence on cost, finish, accuracy and what else was asked of a scenario against the baseline.

    found: by KPI; those that are absent are not told, nor is throughput beside a finish, which says the same.
    chances: clauses on goals.  Intervals are rounded outward, and a difference that does not stand is told as the
    largest one that its interval admits.
    """
    if replications < 2:
        return f"{name} and {baseline} were run once each: one replication gives no interval, so nothing is claimed."
    told = _all_told(found, baseline, currency)
    known = {kpi: found[kpi] for kpi in told if kpi in found}
    computed = {kpi: each for kpi, each in known.items() if not math.isnan(each.difference.mean)}
    if "finish_days" in computed:
        known.pop("throughput_per_week", None)
        computed.pop("throughput_per_week", None)
    alike = [kpi for kpi, each in computed.items() if not each.differs and _none(each.difference)]
    near = [kpi for kpi, each in computed.items() if each.within and kpi not in alike]
    surely = [kpi for kpi, each in computed.items() if each.differs and kpi not in near]
    unseen = [kpi for kpi in computed if kpi not in surely and kpi not in alike and kpi not in near]
    first = f"{100 * level:g}% interval "
    said = [_difference(told[kpi], known[kpi].difference, first if kpi == surely[0] else "") for kpi in surely]
    clauses = [f"{name} {_listed(said)}" if said else ""]
    if unseen:
        bounds = [f"in {told[kpi].noun} larger than {_bound(told[kpi], known[kpi].difference)}" for kpi in unseen]
        clauses.append(f"no difference {_listed(bounds, 'or')} could be seen{'' if said else f' ({first.strip()}s)'}")
    if alike:
        clauses.append(f"{_listed([told[kpi].noun for kpi in alike])} came out the same in every run")
    if near:
        bounds = [f"{told[kpi].noun} to within {_amount(told[kpi], known[kpi].within)}" for kpi in near]
        clauses.append(f"{_listed(bounds)} {'is' if len(near) == 1 else 'are'} the same")
    clauses += chances
    clauses += _never(name, baseline, known, replications)
    withheld = [kpi for kpi in known if kpi not in computed and known[kpi].never == (0, 0)]
    if withheld:
        clauses.append(f"{_listed([told[kpi].noun for kpi in withheld])} could not be computed in every run")
    text = "; ".join(clause for clause in clauses if clause)
    return f"{text}." if said else f"{name} against {baseline}: {text}."


def _all_told(found: Mapping[str, Found], baseline: str, currency: str) -> dict[str, _Told]:
    """How each KPI is told: those that have words of their own first, the others by their names and units."""
    own = {
        "cost": _Told("cost", "costs", currency, f"more than {baseline}", f"less than {baseline}", least=CENT),
        "finish_days": _Told("finish", "finishes", "days", "later", "earlier"),
        "accuracy": _Told("accuracy", "is", "points", "more accurate", "less accurate", 100),
        "throughput_per_week": _Told("throughput", "delivers", "items a week", "more", "fewer"),
    }
    return own | {kpi: _by_name(kpi, currency) for kpi in found if kpi not in own}


def _by_name(kpi: str, currency: str) -> _Told:
    head, *rest = kpi.split(".")
    noun = " ".join([head.removesuffix("_h").replace("_", " "), *(part.replace("_", " ") for part in rest)])
    unit = unit_of(kpi, currency)
    if unit == "share":
        return _Told(noun, "has", "points", f"more {noun}", f"less {noun}", 100)
    return _Told(noun, "has", unit, f"more {noun}", f"less {noun}")


def _difference(told: _Told, difference: Difference, level: str) -> str:
    mean, low, high = (told.scale * x for x in (difference.mean, difference.low, difference.high))
    step = _step((high - low) / 2 or abs(mean))
    step = max(step, told.least) if abs(mean) >= 1 else step
    size = f"{_figure(abs(mean), step)} {told.unit}".rstrip()
    amount = f"{told.before} {size} {told.more if mean > 0 else told.less}"
    if low == high:
        return f"{amount} (in every run)"
    if low < 0 < high:  # the correction stands at 5%, while the interval may be of a higher level
        below, above = (_figure(x, step, ROUND_CEILING) for x in (-low, high))
        return f"{amount} ({level}{below} {told.less} to {above} {told.more})"
    near, far = sorted((abs(low), abs(high)))
    return f"{amount} ({level}{_figure(near, step, ROUND_FLOOR)} to {_figure(far, step, ROUND_CEILING)})"


def _bound(told: _Told, difference: Difference) -> str:
    return _amount(told, max(abs(difference.low), abs(difference.high)))


def _amount(told: _Told, size: float) -> str:
    largest = told.scale * size
    return f"{_figure(largest, _step(largest), ROUND_CEILING)} {told.unit}".rstrip()


def _never(name: str, baseline: str, known: Mapping[str, Found], replications: int) -> list[str]:
    """What to say where runs did not finish: then their cost is not that of the whole work either."""
    here, there = known["finish_days"].never if "finish_days" in known else (0, 0)
    if not here and not there:
        return []
    told = f"{here} of {replications} runs of {name} and {there} of {replications} of {baseline}"
    if "cost" in known and math.isnan(known["cost"].difference.mean):
        then = "so neither finish nor cost is compared"
    else:
        then = "so finish is not compared, and cost is of what was done by then"
    return [f"{told} had not delivered everything by the horizon, {then}"]


def _none(difference: Difference) -> bool:
    return difference.low == difference.high == 0.0


def _step(size: float) -> Decimal:
    """The unit of rounding that leaves two significant digits of `size`, whole numbers apart, which stay whole."""
    return Decimal(1).scaleb(min(0, math.floor(math.log10(size)) - 1)) if size > 0 else Decimal(1)


def _figure(value: float, step: Decimal, rounding: str = ROUND_HALF_EVEN) -> str:
    digits = f"{value:.12g}"  # the last ones are of the arithmetic: 3.5100000000000002 must not be rounded up to 3.52
    return f"{Decimal(digits).quantize(step, rounding):,f}"


def _listed(parts: Sequence[str], last: str = "and") -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
