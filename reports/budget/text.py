"""A budget for a terminal: what it comes to, month by month, how sure that is, and why."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ...sim.line import MICRO, Pool
from ...sim.statistics import Difference, Summary, summarise
from .. import numbers
from ..columns import columns
from ..days import moment, weekday
from .activities import by_activity
from .amounts import Fan
from .bridge import Bridge
from .coins import Coins
from .notes import notes
from .whole import Budget, Month, delivered_by
from .worth import MORE

HEAD = ("mean", "P50", "P80", "P95")

Rows = list[tuple[str, ...]]


def budget_text(found: Budget) -> str:
    """Sentences, then tables: months, quarters, cash, activities, commitments, bridges, what a label costs."""
    told = [*verdict(found), ""]
    for title, rows in tables(found):
        told += [f"{title}, {found.line.currency}:", *columns(rows), ""]
    if found.marginal is not None:
        told += [next_items(found), ""]
    told += ["To know:", "- Amounts are rounded each by itself; --csv and --xlsx have the cents.", *_noted(found)]
    return _plain("\n".join(told))


def _noted(found: Budget) -> Iterator[str]:
    return (f"- {one}" for one in notes(found))


def coins_of(found: Budget) -> Coins:
    """How amounts of this budget are rounded."""
    return Coins.of(found.line.currency, found.estimate.p95)


def verdict(found: Budget) -> Iterator[str]:
    """What it comes to, how likely it costs more than a budget, and how sure that is. See `answers_in`."""
    coins = coins_of(found)
    span = f"{found.line.name}, {found.months[0]} to {found.months[-1]}"
    if found.cut:
        planned = found.plan[-1].so_far.mean
        yield f"{span}: {coins.money(found.spent)} spent up to {found.cut}."
        (more,) = coins.between(planned, [found.estimate.mean - planned], found.estimate.mean)
        yield f"Estimate at completion: {_spread(found.estimate, coins)} (plan {coins.text(planned)}, {more})."
    else:
        yield f"{span}: {_spread(found.estimate, coins)}."
    if found.risk is not None:
        risk = found.risk
        yield (
            f"Budget {coins.money(risk.budget)} ({risk.told_by}): it costs more with chance "
            f"{numbers.chance(risk.chance, risk.low, risk.high)}."
        )
        yield (f"To be 80% sure the budget {_lacks(risk.contingency, coins)}; at P95 it {_lacks(risk.at_risk, coins)}.")
    yield f"Contingency that buys 80%: {coins.money(found.estimate.p80 - found.estimate.p50)} over P50."
    if found.cut:
        yield f"Estimate to complete: {_spread(found.to_complete, coins)}."
    yield from _known(found, coins)
    yield from _behind(found)
    if found.cut:
        yield f"After {found.cut} all is as planned: what the actuals say of speed, volume or quality changes nothing."
    yield from _ends(found)


def answers_in(found: Budget) -> int:
    """How many sentences of the verdict are the answer: what it comes to, and what a budget risks, or the contingency
    where there is none."""
    return (2 if found.cut else 1) + 1


def _known(found: Budget, coins: Coins) -> Iterator[str]:
    """How well the numbers above are known, which more replications make better."""
    known = found.known
    if known is None:
        return
    count = len(found.runs.kpis)
    low, high = (coins.text(one) for one in known.p80)
    told = f"With {count} replications the mean is known to ± {coins.money(known.half)}, P80 to {low} to {high} (95%)"
    limit = None if found.risk is None else found.risk.budget
    if limit is not None and known.p80[0] <= limit < known.p80[1]:
        told = f"{told}: whether the budget holds at 80% they cannot tell; more --replications may"
    elif limit is not None:
        told = f"{told}: the budget {'holds' if limit >= known.p80[1] else 'does not hold'} at 80%"
    yield f"{told}."


def _behind(found: Budget) -> Iterator[str]:
    """What the estimate does not have: items that were to be delivered by now and are not."""
    if found.asked.delivered is None:
        return
    behind = round(delivered_by(found.runs, found.cut)) - found.asked.delivered
    if behind > 0:
        told = (
            f"{numbers.plain(behind)} items fewer were delivered up to {found.cut} than planned: what they still cost"
        )
        yield f"{told} is in no number here{_each_more(found, behind)}."


def _each_more(found: Budget, items: int) -> str:
    """What so many items cost at what the next ones do; "" where that is not known."""
    more = found.marginal
    if more is None or more.unfinished or not more.delivered.low > 0 or not math.isfinite(more.cost.mean):
        return ""
    each = (part * items / more.delivered.mean for part in (more.cost.mean, more.cost.low, more.cost.high))
    mean, low, high = (round(MICRO * one) for one in each)
    coins = coins_of(found)
    about = f"{coins.money(mean)} ({coins.text(low)} to {coins.text(high)})"
    return f"; at the cost of the next {numbers.plain(MORE)} it is about {about}"


def _ends(found: Budget) -> Iterator[str]:
    """When the work ends, and with it pay by the hour."""
    days = summarise(found.runs.kpis["finish_days"].to_numpy())
    if not math.isfinite(days.p80):
        return
    middle, late = (f"{weekday(found.line, day)} {moment(found.line, day).year}" for day in (days.p50, days.p80))
    paid = "; hours are paid up to then" if any(_hourly(pool) for pool in found.line.pools) else ""
    planned = "As planned, the" if found.cut else "The"
    yield f"{planned} last item is delivered on {middle} (P50), {late} (P80){paid}."


def _hourly(pool: Pool) -> bool:
    return pool.sessions is None and pool.contract is not None and bool(pool.contract.hourly)


def _spread(one: Fan, coins: Coins) -> str:
    p50, p80, p95 = coins.risks(one)
    return f"{coins.money(one.mean)} on average, P50 {p50}, P80 {p80}, P95 {p95}"


def _lacks(over: int, coins: Coins) -> str:
    return f"lacks {coins.money(over)}" if over > 0 else f"has {coins.money(-over)} to spare"


def tables(found: Budget) -> Iterator[tuple[str, Rows]]:
    """Every table with its title, its rows under their header, amounts in the line's currency."""
    coins = coins_of(found)
    yield "By month", month_rows(found)
    years = found.years if len(found.years) > 1 or found.asked.fiscal_from > 1 else ()
    yield "By fiscal quarter and year", _spans([*found.quarters, *years], coins)
    if found.cash_later is not None:
        later = found.cash_later
        late = (
            [("paid later", coins.text(later.mean), *coins.risks(later), *[""] * 4)] if later.p95 or later.mean else []
        )
        yield "Cash, by month of payment", [*_months(found.cash, coins), *late]
    yield "By activity, means", _activities(found, coins)
    if found.commitments:
        yield "Commitments", _commitments(found, coins)
    for title, one in found.bridges:
        yield f"Bridge {title}", _bridge(one, coins)
    yield "What labels cost, of whole runs", _worth(found, coins)


def month_rows(found: Budget) -> Rows:
    """A row a month under a header: of it alone, and so far; beside actuals what was planned."""
    coins = coins_of(found)
    rows = _months(found.outlook, coins)
    if not found.cut:
        return rows
    planned = [one.sum.mean for one in found.plan]
    idle = idle_months(found.outlook)
    kept = [*planned[: len(planned) - idle], *([sum(planned[len(planned) - idle :])] if idle else []), sum(planned)]
    texts = ["plan", *(coins.text(one) for one in kept)]
    return [(row[0], text, *row[1:]) for row, text in zip(rows, texts, strict=True)]


def _months(months: Sequence[Month], coins: Coins) -> Rows:
    rows: Rows = [("", *HEAD, "so far: mean", "P50", "P80", "P95")]
    idle = idle_months(months)
    for one in months[: len(months) - idle]:
        so_far = (coins.text(one.so_far.mean), *coins.risks(one.so_far))
        rows.append((_name(one), coins.text(one.sum.mean), *coins.risks(one.sum), *so_far))
    if idle:
        name = months[-1].name if idle == 1 else f"{months[-idle].name} to {months[-1].name}"
        rows.append((name, *[coins.text(0)] * 4, *[""] * 4))
    last = months[-1].so_far
    rows.append(("total", coins.text(last.mean), *coins.risks(last), *[""] * 4))
    return rows


def idle_months(months: Sequence[Month]) -> int:
    """How many months at the end cost nothing in any replication told of."""
    count = 0
    while count < len(months) - 1 and not months[-1 - count].actual and not any(vars(months[-1 - count].sum).values()):
        count += 1
    return count


def _name(one: Month) -> str:
    return f"{one.name} actual" if one.actual else one.name


def _spans(spans: Sequence[Month], coins: Coins) -> Rows:
    return [("", *HEAD), *((_name(one), coins.text(one.sum.mean), *coins.risks(one.sum)) for one in spans)]


def _activities(found: Budget, coins: Coins) -> Rows:
    parts = by_activity(found)
    whole = sum(one.outlook for one in parts)
    head = ("", "plan", "actual", "to come", "outlook", "share") if found.cut else ("", "mean", "share")
    rows: Rows = [head]
    for one in parts:
        share = numbers.number(one.outlook / whole, numbers.SHARE) if whole > 0 else ""
        amounts = (one.plan, one.actual, one.to_come, one.outlook) if found.cut else (one.outlook,)
        rows.append((one.name, *map(coins.text, amounts), share))
    sums = [sum(getattr(one, name) for one in parts) for name in ("plan", "actual", "to_come", "outlook")]
    rows.append(("total", *map(coins.text, sums if found.cut else sums[-1:]), ""))
    return rows


def _commitments(found: Budget, coins: Coins) -> Rows:
    rows: Rows = [("", "period", "committed", "used: actual", "forecast", "shortfall: mean", "chance", "in force")]
    for one in found.commitments:
        amounts = (one.committed, one.actual, one.forecast, one.shortfall)
        shares = (numbers.number(value, numbers.SHARE) for value in (one.chance, one.owed))
        rows.append((one.account, one.period, *map(coins.text, amounts), *shares))
    return rows


def _bridge(one: Bridge, coins: Coins) -> Rows:
    shown = [(name, part) for name, part in one.parts if part]
    told = coins.between(one.begin, [part for _, part in shown], one.end) if shown else []
    names = [_part(name, one) for name, _ in shown]
    parts = list(zip(names, told, strict=True))
    return [("", "amount"), ("begins with", coins.text(one.begin)), *parts, ("ends with", coins.text(one.end))]


def _part(name: str, one: Bridge) -> str:
    """Where nobody knows the volume, it is in what there is of each item."""
    return f"{name}, volume in it" if one.items is None and name in ("speed", "labels per item") else name


def _worth(found: Budget, coins: Coins) -> Rows:
    worth = found.worth
    rows: Rows = [("", *HEAD), *((kpi.replace("_", " "), *texts) for kpi, texts in label_costs(found))]
    parts = {**worth.quality, "errors delivered": worth.harm_paid, "cost of poor quality": worth.poor}
    rows += [(name, coins.text(fan.mean), *coins.risks(fan)) for name, fan in parts.items() if fan is not None]
    rows.append(("harm of errors delivered, in its unit", *_numbers(worth.harm, "")))
    rows.append(("share that adds value", *_numbers(worth.value, numbers.SHARE)))
    rows.append(("share that is idle", *_numbers(worth.idle, numbers.SHARE)))
    return rows


def label_costs(found: Budget) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By KPI the texts of what a label costs: mean, P50, P80, P95."""
    for kpi, one in found.worth.by_label.items():
        yield kpi, _numbers(one, f"{found.line.currency}/label")


def next_items(found: Budget) -> str:
    """What the next 1,000 items cost more, of a budget that simulated them."""
    assert found.marginal is not None
    cost, items = _difference(found.marginal.cost, found.line.currency), _difference(found.marginal.delivered, "items")
    return f"The next 1,000 items: {cost} more, for {items} delivered."


def _difference(one: Difference, unit: str) -> str:
    return numbers.mean_half_width(one.mean, one.low, one.high, unit)


def _numbers(one: Summary, unit: str) -> tuple[str, ...]:
    if math.isnan(one.mean):
        return (numbers.NOT_COMPUTED, "", "", "")
    span = (one.p95 - one.p5) / 10
    half = span if math.isfinite(span) and span > 0 else None
    values = (one.mean, one.p50, one.p80, one.p95)
    return tuple(numbers.number(value, unit, half).removesuffix(f" {unit}") for value in values)


def _plain(text: str) -> str:
    """Text for any terminal: plain hyphens, and no control character that a name might smuggle in."""
    told = text.replace(numbers.MINUS, "-").replace(numbers.PLUS_MINUS, "+/-")
    return "".join(c if c == "\n" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in told)
